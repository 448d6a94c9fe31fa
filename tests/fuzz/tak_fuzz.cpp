// links: feeds
// Any bytes as a payload, as a datagram, and as a connection in either role: what is read can be written, a connection gives the
// same events however its bytes are cut, and what it replies can be read by the other end.
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "base/check.h"
#include "feeds/tak.h"
#include "feeds/tak_stream.h"

namespace {

using namespace wideberth;

struct Heard {
  std::vector<feeds::CotEvent> events{};
  std::size_t refused = 0;
  bool is_over = false;
  friend bool operator==(const Heard&, const Heard&) = default;
};

Heard hear(feeds::TakRole role, std::string_view bytes, std::size_t step) {
  const auto now = base::Instant::from_ms(1'598'338'692'000);
  feeds::TakStream stream(role, "fuzz", now);
  feeds::TakStream other(role == feeds::TakRole::server ? feeds::TakRole::client : feeds::TakRole::server, "other", now);
  (void)stream.open(now);
  Heard heard;
  for (std::size_t at = 0; at < bytes.size() && !heard.is_over; at += step) {
    auto told = stream.receive(bytes.substr(at, step), now);
    for (auto& event : told.events) heard.events.push_back(std::move(event));
    heard.refused += told.refused.size();
    heard.is_over |= told.is_over;
    (void)other.receive(told.reply, now);
  }
  (void)stream.tick(now + base::Millis::from_seconds(20));
  (void)stream.end();
  return heard;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  static feeds::TakReader reader;
  static feeds::TakWriter writer;
  static feeds::DatagramReader datagrams;
  if (const auto message = reader.read(bytes); message && message->event) {
    WB_CHECK(geo::in_range(message->event->place));
    const auto payload = writer.write(*message->event);
    WB_CHECK(payload);
    if (const auto again = reader.read(*payload)) WB_CHECK(again->event && again->event->uid == message->event->uid);
  }
  (void)datagrams.read(bytes);
  (void)feeds::read_frame_head(bytes);
  for (const auto role : {feeds::TakRole::server, feeds::TakRole::client}) {
    const Heard whole = hear(role, bytes, size + 1);
    WB_CHECK(hear(role, bytes, 1) == whole);
    WB_CHECK(hear(role, bytes, 13) == whole);
  }
  return 0;
}
