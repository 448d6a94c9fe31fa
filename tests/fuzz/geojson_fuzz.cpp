// links: feeds
// Any text as GeoJSON: what is read can be stood on.
#include <cstddef>
#include <cstdint>

#include "base/check.h"
#include "feeds/geojson.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace wideberth;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  for (const char* unit : {"", "u"}) {
    const auto readings = feeds::read_geojson(text, {.unit = unit});
    if (!readings) {
      WB_CHECK(!readings.error().found.empty());
      continue;
    }
    for (const auto& reading : readings->fixes) WB_CHECK(model::check_position(reading.position));
  }
  return 0;
}
