// Where a unit was at a time, as a party says it. Whole numbers only: nothing in it can be "not a number".
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "geo/place.h"
#include "model/names.h"

namespace wideberth::model {

/// Whence a party has a position. `observed`: somebody saw it; no instrument of the unit's own.
enum class PositionSource : unsigned char { unknown, gnss, ais, cot, observed };
/// "unknown", "gnss", "ais", "cot", "observed".
std::string_view name_of(PositionSource source) noexcept;
std::optional<PositionSource> position_source_named(std::string_view name) noexcept;

/// One fix.
struct Position {
  std::string unit;  ///< as the party calls it: 1 to kMostUnitName bytes of readable text, no space at either end
  Instant time{};    ///< the instrument's own clock
  geo::Place place{};
  std::optional<Metres> accuracy{};           ///< radius that holds the true place 95 times in 100
  std::optional<std::int32_t> speed_mmps{};   ///< over ground, millimetres per second
  std::optional<std::int32_t> course_cdeg{};  ///< over ground, 0 to 35999 hundredths of a degree from true north
  std::optional<Metres> altitude{};           ///< above the ellipsoid
  PositionSource source = PositionSource::unknown;
  friend bool operator==(const Position&, const Position&) = default;
};

inline constexpr std::size_t kMostUnitName = 64;
inline constexpr Instant kEarliestPosition = Instant::from_ms(0);                ///< 1970-01-01T00:00:00Z
inline constexpr Instant kLatestPosition = Instant::from_ms(7'258'118'399'999);  ///< 2199-12-31T23:59:59.999Z
inline constexpr Metres kMostAccuracy = Metres::from_metres(1'000'000);
inline constexpr std::int32_t kMostSpeed_mmps = 20'000'000;  ///< 20 km/s
inline constexpr std::int32_t kMostCourse_cdeg = 35'999;
inline constexpr Metres kLeastAltitude = Metres::from_metres(-12'000);
inline constexpr Metres kMostAltitude = Metres::from_metres(100'000);

/// Whether every field is within its range. Refused with position_unit, position_time, place_out_of_range, position_range.
Result<void> check_position(const Position& position);
/// The unit's name alone. Refused with position_unit.
Result<void> check_unit_name(std::string_view unit);

}  // namespace wideberth::model
