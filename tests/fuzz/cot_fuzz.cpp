// links: feeds
// Any bytes as an event: what is read is written and read again as the same, as XML and as protobuf; a stream gives the same
// events however it is cut.
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "base/check.h"
#include "feeds/cot.h"
#include "feeds/tak.h"

namespace {

std::vector<std::string> events_of(std::string_view text, std::size_t step) {
  wideberth::feeds::CotSplitter splitter;
  std::vector<std::string> events;
  for (std::size_t at = 0; at < text.size(); at += step) {
    splitter.add(text.substr(at, step));
    while (const auto xml = splitter.next()) events.emplace_back(*xml);
  }
  return events;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace wideberth;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  static feeds::CotReader reader;
  static feeds::TakReader tak;
  static feeds::TakWriter writer;
  if (const auto event = reader.read(text)) {
    WB_CHECK(geo::in_range(event->place));
    const auto again = reader.read(feeds::to_xml(*event));
    WB_CHECK(again && *again == *event);
    feeds::Readings readings;
    feeds::take_cot(*event, {.every_side = true}, readings);
    for (const auto& reading : readings.fixes) WB_CHECK(model::check_position(reading.position));
    const auto payload = writer.write(*event);
    WB_CHECK(payload);
    const auto packed = tak.read(*payload);
    if (packed && event->time.ms() >= 0 && event->start.ms() >= 0 && event->stale.ms() >= 0) {
      WB_CHECK(packed->event && packed->event->uid == event->uid && packed->event->place == event->place &&
               packed->event->ce == event->ce);
      WB_CHECK(packed->event->time == event->time);
    }
  }
  const auto whole = events_of(text, size + 1);
  WB_CHECK(events_of(text, 1) == whole && events_of(text, 17) == whole);
  return 0;
}
