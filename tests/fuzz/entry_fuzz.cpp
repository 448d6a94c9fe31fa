// links: ledger
// Any text as an entry and as a leaf: what is read writes back the same.
#include <cstddef>
#include <cstdint>

#include "base/check.h"
#include "ledger/entry.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace wideberth;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto entry = ledger::parse_entry_text(text)) {
    WB_CHECK(ledger::to_text(*entry) == text);
    WB_CHECK(ledger::checked_text(*entry) == std::string(text));
    WB_CHECK(!entry->parts.empty() && entry->previous.has_value() == (entry->number != 1));
    for (const auto& part : entry->parts) (void)ledger::check_part(part, text.substr(0, 32), text);
  } else {
    WB_CHECK(!entry.error().found.empty());
  }
  if (const auto leaf = ledger::parse_leaf(text)) WB_CHECK(ledger::make_leaf(leaf->received, leaf->note) == text);
  return 0;
}
