#include "model/position.h"

#include <array>

#include "base/bytes.h"

namespace wideberth::model {
namespace {

using base::refuse;

constexpr std::array<std::string_view, 5> kSourceNames = {"unknown", "gnss", "ais", "cot", "observed"};

template <class T>
Result<void> within(T value, T least, T most, std::int64_t found, std::string_view what, std::string_view accepted) {
  if (least <= value && value <= most) return {};
  return refuse(base::Rule::position_range, std::string(what) + " of " + std::to_string(found), std::string(accepted),
                "/" + std::string(what));
}

}  // namespace

std::string_view name_of(PositionSource source) noexcept { return kSourceNames[static_cast<std::size_t>(source)]; }

std::optional<PositionSource> position_source_named(std::string_view name) noexcept {
  for (std::size_t i = 0; i < kSourceNames.size(); ++i)
    if (kSourceNames[i] == name) return static_cast<PositionSource>(i);
  return std::nullopt;
}

Result<void> check_unit_name(std::string_view unit) {
  const bool sized = !unit.empty() && unit.size() <= kMostUnitName;
  if (sized && unit.front() != ' ' && unit.back() != ' ' && base::check_readable(unit)) return {};
  return refuse(base::Rule::position_unit, "\"" + base::excerpt(unit) + "\" (" + std::to_string(unit.size()) + " bytes)",
                "1 to " + std::to_string(kMostUnitName) + " bytes of readable text without spaces at its ends", "/unit");
}

Result<void> check_position(const Position& position) {
  WB_TRY_VOID(check_unit_name(position.unit));
  if (position.time < kEarliestPosition || position.time > kLatestPosition)
    return refuse(base::Rule::position_time, std::to_string(position.time.ms()) + " ms since 1970",
                  to_short_text(kEarliestPosition) + " to " + to_short_text(kLatestPosition), "/time");
  if (!geo::in_range(position.place))
    return refuse(base::Rule::place_out_of_range,
                  std::to_string(position.place.lon_e7) + ", " + std::to_string(position.place.lat_e7) + " x 10^-7 degrees", {},
                  "/place");
  if (const auto& a = position.accuracy)
    WB_TRY_VOID(within(*a, Metres{}, kMostAccuracy, a->mm(), "accuracy", "0 to 1000000000 mm"));
  if (const auto& s = position.speed_mmps) WB_TRY_VOID(within(*s, 0, kMostSpeed_mmps, *s, "speed", "0 to 20000000 mm/s"));
  if (const auto& c = position.course_cdeg)
    WB_TRY_VOID(within(*c, 0, kMostCourse_cdeg, *c, "course", "0 to 35999 hundredths of a degree"));
  if (const auto& h = position.altitude)
    WB_TRY_VOID(within(*h, kLeastAltitude, kMostAltitude, h->mm(), "altitude", "-12000000 to 100000000 mm"));
  return {};
}

}  // namespace wideberth::model
