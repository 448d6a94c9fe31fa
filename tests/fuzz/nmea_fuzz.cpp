// links: feeds
// Any text as sentences, with a clock, with a rough day and with neither: what is read can be stood on.
#include <cstddef>
#include <cstdint>

#include "base/check.h"
#include "feeds/nmea.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace wideberth;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto now = base::Instant::from_ms(1'598'338'692'000);
  for (int way = 0; way < 3; ++way) {
    feeds::NmeaReader reader({.own_unit = "own", .about = way == 1 ? std::optional(now) : std::nullopt});
    if (way == 2) reader.heard_at(now);
    feeds::Readings readings;
    reader.text(text, readings);
    reader.finish(readings);
    for (const auto& reading : readings.fixes) WB_CHECK(model::check_position(reading.position));
    for (const auto& refusal : readings.refused) WB_CHECK(refusal.where.starts_with("line "));
    for (const auto& particulars : readings.particulars) WB_CHECK(!particulars.unit.empty());
  }
  return 0;
}
