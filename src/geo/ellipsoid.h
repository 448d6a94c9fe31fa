// WGS84 (NGA.STND.0036): the two defining numbers and what follows from them.
#pragma once

#include "geo/vec.h"

namespace wideberth::geo {

inline constexpr double kEquatorM = 6378137.0;
inline constexpr double kFlattening = 1 / 298.257223563;
inline constexpr double kPolarM = kEquatorM * (1 - kFlattening);
inline constexpr double kEccentricity2 = kFlattening * (2 - kFlattening);
/// The smallest and the largest radius of curvature anywhere: along the meridian at the equator, and at the poles.
inline constexpr double kLeastRadiusM = kPolarM * kPolarM / kEquatorM;       // 6335439.3
inline constexpr double kGreatestRadiusM = kEquatorM * kEquatorM / kPolarM;  // 6399593.6
inline constexpr double kMeanRadiusM = 6371008.8;

/// The unit normal of the ellipsoid at a point on or near it.
inline Vec3 normal_at(const Vec3& p) {
  const Vec3 n{p.x, p.y, p.z * (kEquatorM * kEquatorM / (kPolarM * kPolarM))};
  return n * (1 / norm(n));
}

/// A point on the ellipsoid from its geodetic latitude and longitude in degrees x 10^7 (not necessarily whole).
Vec3 on_ellipsoid(double lon_e7, double lat_e7) noexcept;

}  // namespace wideberth::geo
