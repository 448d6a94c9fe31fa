// links: model
// Any text as an agreement, an opening or a key: what is accepted is written and read back as the same, to the same bytes.
#include <cstddef>
#include <cstdint>

#include "base/check.h"
#include "model/agreement.h"
#include "model/keys.h"
#include "model/opening.h"

namespace {

template <class Parse>
auto trip(Parse parse, std::string_view text) {
  using namespace wideberth;
  auto found = parse(text);
  if (!found) {
    WB_CHECK(!base::to_text(found.error()).empty());
    return found;
  }
  const std::string written = model::to_json(*found);
  const auto again = parse(written);
  WB_CHECK(again && *again == *found);
  WB_CHECK(model::to_json(*again) == written);
  return found;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace wideberth;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  trip(model::parse_opening, text);
  trip(model::parse_key_added, text);
  trip(model::parse_key_revoked, text);
  trip(model::parse_key_compromised, text);
  trip(model::parse_agreement_signed, text);
  trip(model::parse_agreement_reading, text);
  const auto agreement = trip(model::parse_agreement, text);
  if (!agreement) return 0;
  for (const auto& a : agreement->platform_classes)
    for (const auto& b : agreement->platform_classes) {
      const auto one = agreement->separation(a, b);
      const auto other = agreement->separation(b, a);
      WB_CHECK(one.has_value() == other.has_value() && (!one || one->distance == other->distance));
    }
  for (const auto& from : agreement->parties)
    for (const auto& to : agreement->parties) {
      const auto disclosed = agreement->disclosure(from.party, to.party);
      WB_CHECK(model::is_grain(disclosed.cell_e7, disclosed.slot));
    }
  for (const auto& place : agreement->places) WB_CHECK(agreement->find_place(place.name) != nullptr);
  return 0;
}
