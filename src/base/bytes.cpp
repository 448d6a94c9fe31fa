#include "base/bytes.h"

#include <array>
#include <cstdint>
#include <limits>

namespace wideberth::base {
namespace {

constexpr std::string_view kBase64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view kHex = "0123456789abcdef";

constexpr std::array<std::int16_t, 256> inverse_of(std::string_view alphabet) {
  std::array<std::int16_t, 256> table{};
  for (auto& entry : table) entry = -1;
  for (std::size_t i = 0; i < alphabet.size(); ++i) table[static_cast<unsigned char>(alphabet[i])] = static_cast<std::int16_t>(i);
  return table;
}
constexpr auto kFromBase64 = inverse_of(kBase64);
constexpr auto kFromHex = inverse_of(kHex);

/// The code point at `at`, moving it on; a negative number where the bytes are not UTF-8.
std::int32_t next_code_point(std::string_view bytes, std::size_t& at) noexcept {
  const auto lead = static_cast<unsigned char>(bytes[at]);
  if (lead < 0x80) return ++at, lead;
  const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || at + length > bytes.size()) return -1;
  std::int32_t code = lead & (0x7F >> length);
  for (std::size_t i = 1; i < length; ++i) {
    const auto next = static_cast<unsigned char>(bytes[at + i]);
    if ((next & 0xC0) != 0x80) return -1;
    code = code << 6 | (next & 0x3F);
  }
  if ((length == 3 && code < 0x800) || (length == 4 && (code < 0x10000 || code > 0x10FFFF))) return -1;
  if (code >= 0xD800 && code <= 0xDFFF) return -1;
  at += length;
  return code;
}

bool deceives(std::int32_t code) noexcept {
  return (code >= 0x7F && code <= 0x9F) || (code >= 0x200B && code <= 0x200F) || (code >= 0x2028 && code <= 0x202E) ||
         (code >= 0x2060 && code <= 0x206F) || code == 0x061C || code == 0xFEFF || (code >= 0xFDD0 && code <= 0xFDEF) ||
         (code & 0xFFFE) == 0xFFFE || (code >= 0xFFF9 && code <= 0xFFFB) || (code >= 0xE0000 && code <= 0xE007F);
}

}  // namespace

std::string to_hex(std::string_view bytes) {
  std::string text;
  text.reserve(bytes.size() * 2);
  for (const char c : bytes) {
    text += kHex[static_cast<unsigned char>(c) >> 4];
    text += kHex[static_cast<unsigned char>(c) & 15];
  }
  return text;
}

Result<std::string> from_hex(std::string_view text) {
  if (text.size() % 2 != 0) return refuse(Rule::hex_malformed, "found an odd number of digits");
  std::string bytes;
  bytes.reserve(text.size() / 2);
  for (std::size_t i = 0; i < text.size(); i += 2) {
    const int high = kFromHex[static_cast<unsigned char>(text[i])], low = kFromHex[static_cast<unsigned char>(text[i + 1])];
    if (high < 0 || low < 0) return refuse(Rule::hex_malformed, "found \"" + excerpt(text) + "\"");
    bytes += static_cast<char>(high << 4 | low);
  }
  return bytes;
}

std::string to_base64(std::string_view bytes) {
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const std::size_t n = bytes.size() - i < 3 ? bytes.size() - i : 3;
    std::uint32_t group = 0;
    for (std::size_t k = 0; k < 3; ++k) group = group << 8 | (k < n ? static_cast<unsigned char>(bytes[i + k]) : 0U);
    for (std::size_t k = 0; k < 4; ++k) text += k <= n ? kBase64[group >> (18 - 6 * k) & 63] : '=';
  }
  return text;
}

Result<std::string> from_base64(std::string_view text) {
  const auto bad = [&] { return refuse(Rule::base64_malformed, "found \"" + excerpt(text) + "\""); };
  if (text.size() % 4 != 0) return bad();
  std::string bytes;
  bytes.reserve(text.size() / 4 * 3);
  for (std::size_t i = 0; i < text.size(); i += 4) {
    const bool last = i + 4 == text.size();
    const std::size_t pad = !last || text[i + 3] != '=' ? 0 : text[i + 2] != '=' ? 1 : 2;
    std::uint32_t group = 0;
    for (std::size_t k = 0; k < 4; ++k) {
      const int six = k < 4 - pad ? kFromBase64[static_cast<unsigned char>(text[i + k])] : 0;
      if (six < 0) return bad();
      group = group << 6 | static_cast<std::uint32_t>(six);
    }
    if ((pad == 1 && (group & 0xFF) != 0) || (pad == 2 && (group & 0xFFFF) != 0)) return bad();
    for (std::size_t k = 0; k < 3 - pad; ++k) bytes += static_cast<char>(group >> (16 - 8 * k) & 0xFF);
  }
  return bytes;
}

Result<std::uint64_t> parse_decimal(std::string_view text, std::uint64_t most) {
  const auto bad = [&] {
    return refuse(Rule::number_malformed, "found \"" + excerpt(text) + "\"", "a whole number from 0 to " + std::to_string(most));
  };
  if (text.empty() || text.size() > 20 || (text[0] == '0' && text.size() > 1)) return bad();
  std::uint64_t value = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return bad();
    const auto digit = static_cast<std::uint64_t>(c - '0');
    if (value > (std::numeric_limits<std::uint64_t>::max() - digit) / 10) return bad();
    value = value * 10 + digit;
  }
  if (value > most) return bad();
  return value;
}

bool is_utf8(std::string_view bytes) noexcept {
  for (std::size_t at = 0; at < bytes.size();)
    if (next_code_point(bytes, at) < 0) return false;
  return true;
}

Result<void> check_readable(std::string_view text, bool lines) {
  bool plain = true;  // nearly every text is, and that is seen without looking for code points
  for (const char c : text) plain &= (c >= 0x20 && c < 0x7F) || (c == '\n' && lines);
  if (plain) return {};
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t from = at;
    const std::int32_t code = next_code_point(text, at);
    if (code < 0) return refuse(Rule::text_malformed, "byte " + std::to_string(from) + " is not UTF-8");
    const bool newline = lines && code == '\n';
    if ((code < 0x20 && !newline) || deceives(code))
      return refuse(Rule::text_malformed,
                    "byte " + std::to_string(from) + " begins the hidden character 0x" + to_hex(text.substr(from, at - from)));
  }
  return {};
}

std::string excerpt(std::string_view found, std::size_t most) {
  std::string text;
  for (std::size_t at = 0; at < found.size();) {
    const std::size_t from = at;
    const std::int32_t code = next_code_point(found, at);
    if (code < 0) ++at;
    const bool plain = code >= 0x20 && !deceives(code);
    const std::string shown = plain ? std::string(found.substr(from, at - from)) : "\\x" + to_hex(found.substr(from, at - from));
    if (text.size() + shown.size() > most) return text + "…";
    text += shown;
  }
  return text;
}

}  // namespace wideberth::base
