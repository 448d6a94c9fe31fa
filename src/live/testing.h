// What the tests of live share: places by metres east and north of one point, fixes in short.
#pragma once

#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <random>

#include "geo/ellipsoid.h"
#include "live/fix.h"

namespace wideberth::live::testing {

/// 25 August 2020, 07:00 UTC.
inline constexpr Instant kStart = Instant::from_ms(1'598'338'800'000);
inline Instant after(double seconds) {
  return kStart + Millis::from_ms(static_cast<std::int64_t>(std::floor(seconds * 1000 + 0.5)));
}

/// A place so many metres from `origin` along the ground, to rounding; within 100 km of it.
inline Place offset(Place origin, double east_m, double north_m) {
  const Vec3 at = geo::to_ecef(origin);
  const double out = std::sqrt(at.x * at.x + at.y * at.y);
  const Vec3 east = out > 1e-3 ? Vec3{-at.y / out, at.x / out, 0} : Vec3{0, 1, 0};
  const Vec3 north = geo::cross(geo::normal_at(at), east);
  return geo::to_place(at + east * east_m + north * north_m);
}

/// Chance from one seed, the same everywhere: the distributions of the library are not.
class Chance {
 public:
  explicit Chance(std::uint64_t seed) : engine_{seed} {}
  double between(double low, double high) { return low + (high - low) * (static_cast<double>(engine_() >> 11) * 0x1p-53); }
  std::size_t below(std::size_t count) { return static_cast<std::size_t>(engine_() % count); }

 private:
  std::mt19937_64 engine_;
};
/// How many cases a law tries: more where WIDEBERTH_LONG is set.
inline int cases(int usual) { return std::getenv("WIDEBERTH_LONG") == nullptr ? usual : usual * 20; }

/// Near Dayrik.
inline constexpr Place kField{421'400'000, 371'770'000};

inline Fix fix_at(UnitIndex unit, double seconds, Place place, Said said = {}) {
  const auto made = make_fix(unit, after(seconds), place, said);
  EXPECT_TRUE(made.has_value());
  return *made;
}
inline Fix fix_at(UnitIndex unit, double seconds, double east_m, double north_m, Said said = {}) {
  return fix_at(unit, seconds, offset(kField, east_m, north_m), said);
}

}  // namespace wideberth::live::testing
