// links: feeds
// Any bytes as GPX: what is read can be stood on, what is refused says where.
#include <cstddef>
#include <cstdint>

#include "base/check.h"
#include "feeds/gpx.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace wideberth;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  for (const char* unit : {"", "u"}) {
    const auto readings = feeds::read_gpx(text, {.unit = unit});
    if (!readings) {
      WB_CHECK(!readings.error().found.empty());
      continue;
    }
    for (const auto& reading : readings->fixes) WB_CHECK(model::check_position(reading.position));
    for (const auto& refusal : readings->refused) WB_CHECK(refusal.where.starts_with("track "));
  }
  return 0;
}
