#include "ledger/text.h"

namespace wideberth::ledger {

bool has_unicode_space(std::string_view text) {
  constexpr std::string_view spaces[] = {
      " ",           "\xC2\x85", "\xC2\xA0", "\xE1\x9A\x80", "\xE2\x80\xA8", "\xE2\x80\xA9", "\xE2\x80\xAF", "\xE2\x81\x9F",
      "\xE3\x80\x80"};
  for (const std::string_view space : spaces)
    if (text.find(space) != std::string_view::npos) return true;
  for (int last = 0x80; last <= 0x8A; ++last) {  // U+2000 to U+200A
    const char space[] = {'\xE2', '\x80', static_cast<char>(last)};
    if (text.find(std::string_view(space, 3)) != std::string_view::npos) return true;
  }
  return false;
}

}  // namespace wideberth::ledger
