// A fix: where one unit was at one instant, as live uses it; and the units, by a dense number.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "geo/vec.h"
#include "model/position.h"

namespace wideberth::live {

using base::Instant;
using base::Interval;
using base::Metres;
using base::Millis;
using base::refuse;
using base::Result;
using base::Rule;
using geo::Place;
using geo::Vec3;

constexpr double seconds_of(Millis span) { return static_cast<double>(span.ms()) / 1000; }

/// A unit by its number within one Units: 0, 1, 2 … in the order in which they were added.
struct UnitIndex {
  std::uint32_t value = 0;
  friend constexpr auto operator<=>(UnitIndex, UnitIndex) = default;
};

/// What a fix does not say.
inline constexpr float kNone = std::numeric_limits<float>::quiet_NaN();

/// One fix. Made by make_fix, which keeps `at` and `place` the same point.
struct Fix {
  UnitIndex unit;
  Instant time;              ///< as the source's clock has it
  Place place{};             ///< WGS84, degrees x 10^7
  Vec3 at{};                 ///< the same in space, on the ellipsoid: height plays no part in it
  float accuracy_m = kNone;  ///< radius that holds the true place 95 times in 100
  float speed_mps = kNone;   ///< over the ground
  float course_deg = kNone;  ///< over the ground, from true north, [0, 360)
  float altitude_m = kNone;  ///< above the ellipsoid
};

/// What a source may say beside place and time; kNone where it does not.
struct Said {
  float accuracy_m = kNone, speed_mps = kNone, course_deg = kNone, altitude_m = kNone;
};

/// Refuses (rule): place_out_of_range, time_out_of_range (years 0000 to 9999). What is said beside and makes no sense (not a
/// number, infinite, a negative accuracy or speed, a course outside [0, 360], an altitude beyond 100 km) counts as not said; a
/// course of 360 is 0.
Result<Fix> make_fix(UnitIndex unit, Instant time, Place place, Said said = {});
/// What a party says, for the unit that has this number here.
Result<Fix> make_fix(UnitIndex unit, const model::Position& position);

/// What live needs to know of a unit. A party's own words; nothing here is checked against the world.
struct Unit {
  std::string party;                       ///< short name, as in the agreement
  std::string name;                        ///< unique within its party
  std::string platform_class = "vehicle";  ///< as in the agreement
  Metres length{}, width{};                ///< 0: not known
  bool moored = false;                     ///< declared to lie still: made fast, parked, at anchor
  std::string formation{};                 ///< units that move together by arrangement bear the same name; "": none
  float fastest_mps = 0;                   ///< faster than this it cannot be; 0: what the settings say
};

/// Every unit that live has heard of. Only grows; numbers never change.
class Units {
 public:
  static constexpr std::size_t kMost = 4'000'000;
  static constexpr std::size_t kMostNames = 4096;  ///< of parties, of classes, and of formations

  /// The number of (party, name): a new one, or the one it has, whose other members are then replaced. Refuses (rule):
  /// live_units, where there is no room for another.
  Result<UnitIndex> add(Unit unit);
  std::optional<UnitIndex> find(std::string_view party, std::string_view name) const;
  std::size_t size() const { return units_.size(); }

  // REQUIRES: the index came from this Units.
  const Unit& operator[](UnitIndex unit) const { return units_[unit.value]; }
  /// Dense numbers, in the order in which the names were first seen.
  std::uint16_t party_of(UnitIndex unit) const { return numbers_[unit.value].party; }
  std::uint16_t class_of(UnitIndex unit) const { return numbers_[unit.value].platform; }
  /// 0: none.
  std::uint16_t formation_of(UnitIndex unit) const { return numbers_[unit.value].formation; }

  /// Asks memory for these numbers, some units ahead.
  void ask_for(UnitIndex unit) const { __builtin_prefetch(&numbers_[unit.value]); }
  bool moored(UnitIndex unit) const { return numbers_[unit.value].moored; }
  float fastest_of(UnitIndex unit) const { return numbers_[unit.value].fastest_mps; }

  const std::vector<std::string>& parties() const { return parties_; }
  const std::vector<std::string>& classes() const { return classes_; }

 private:
  struct Numbers {
    std::uint16_t party = 0, platform = 0, formation = 0;
    bool moored = false;
    float fastest_mps = 0;
  };
  static std::optional<std::uint16_t> number_of(std::vector<std::string>& names, std::string_view name);

  std::vector<Unit> units_{};
  std::vector<Numbers> numbers_{};
  std::vector<std::string> parties_{}, classes_{}, formations_{""};
  std::map<std::pair<std::string, std::string>, UnitIndex, std::less<>> by_name_{};
};

}  // namespace wideberth::live
