// links: model
// Any text as a Feature or a FeatureCollection: what is accepted is written and read back as the same notification, its
// corridor is a Feature that follows from it, and so does its outline where it has one.
#include <cstddef>
#include <cstdint>

#include "base/check.h"
#include "model/disclosure.h"
#include "model/notification.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace wideberth;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto found = model::parse_features(text);
  if (!found) {
    WB_CHECK(!base::to_text(found.error()).empty());
    return 0;
  }
  for (const auto& notification : *found) {
    const std::string full = model::to_json(notification);
    const auto again = model::parse_feature(full);
    WB_CHECK(again && *again == notification);
    WB_CHECK(model::to_json(*again) == full);
    const std::string corridor = model::corridor_of(notification);
    WB_CHECK(model::parse_feature(corridor).has_value());
    WB_CHECK(model::follows(full, model::View::corridor, corridor).has_value());
    (void)model::places_of(notification);
    const auto window = model::window_of(notification);
    WB_CHECK(window.from <= window.to);
    const auto outline = model::outline_of(notification, 10'000'000, model::kDefaultSlot);
    if (outline) WB_CHECK(model::follows(full, model::View::outline, *outline, 10'000'000, model::kDefaultSlot).has_value());
  }
  return 0;
}
