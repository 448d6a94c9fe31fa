// links: feeds
// Any text as rows: what is read can be stood on, what is refused says where, and every line is one or the other.
#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "base/check.h"
#include "feeds/csv.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace wideberth;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  for (const bool party : {true, false}) {
    const auto readings = feeds::read_csv(text, {.party_needed = party});
    if (!readings) {
      WB_CHECK(readings.error().rule == base::Rule::csv_header && !readings.error().where.empty());
      continue;
    }
    for (const auto& reading : readings->fixes) {
      WB_CHECK(model::check_position(reading.position));
      WB_CHECK(!party || !reading.party.empty());
    }
    for (const auto& refusal : readings->refused) WB_CHECK(refusal.where.starts_with("row "));
    WB_CHECK(readings->fixes.size() + readings->refused_count <=
             static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n')) + 1);
  }
  return 0;
}
