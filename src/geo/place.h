// A place on the ellipsoid, and the same place in space.
#pragma once

#include <compare>
#include <cstdint>

#include "base/instant.h"
#include "base/quantity.h"
#include "base/refusal.h"

namespace wideberth::geo {

using base::Instant;
using base::Interval;
using base::Metres;
using base::Millis;
using base::refuse;
using base::Result;
using base::Rule;

/// WGS84, in whole degrees x 10^7 (1.1 cm at most): equal means equal. Latitude in [-90, 90], longitude in [-180, 180]; one
/// place may have several spellings (180 and -180, any longitude at a pole), and every function here treats them alike.
struct Place {
  std::int32_t lon_e7 = 0;
  std::int32_t lat_e7 = 0;
  friend constexpr auto operator<=>(const Place&, const Place&) = default;
};

/// Rounds to the nearest 10^-7 degree. Refuses what is not a number or out of range (rule place_out_of_range; the text asks
/// whether latitude and longitude were swapped where that would fit).
Result<Place> make_place(double lon_deg, double lat_deg);

/// Whether both parts are within range: for places that were read as whole numbers.
bool in_range(Place place) noexcept;

/// Earth-centred, earth-fixed, in metres, on or near the WGS84 ellipsoid.
struct Ecef {
  double x = 0, y = 0, z = 0;
  friend constexpr bool operator==(const Ecef&, const Ecef&) = default;
};

/// On the ellipsoid, height 0; error below 5 nm. REQUIRES in_range(place).
Ecef to_ecef(Place place) noexcept;

/// The nearest place to the foot of the perpendicular on the ellipsoid; for points within 100 km of it. Deterministic.
/// Law: to_place(to_ecef(p)) == p, but for the spellings named at Place (the answer then has longitude 0 at a pole).
Place to_place(const Ecef& point) noexcept;

/// The straight chord through the earth, in metres: never longer than the geodesic, and shorter by at most
/// d^3 / (24 * 6335439^2): 0.13 mm at 5 km, 8.3 mm at 20 km, 1.04 m at 100 km.
double distance_m(Place a, Place b) noexcept;

/// A chord between two places at height 0 as metres along the ground: within 0.1 % + 1 m of the geodesic up to 5000 km,
/// within 1 mm up to 20 km.
double along_ground_m(double chord_m) noexcept;

/// An upper bound of the chord between any two places whose geodesic is at most `ground_m` long (too long by at most
/// 1 mm at 30 km, 3 cm at 100 km).
double longest_chord_m(double ground_m) noexcept;

}  // namespace wideberth::geo
