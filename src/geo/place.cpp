#include "geo/place.h"

#include <fmt/format.h>

#include <cmath>

#include "geo/ellipsoid.h"
#include "geo/trig.h"
#include "geo/vec.h"

namespace wideberth::geo {

namespace {

constexpr double kLatitudeEnd = 9e8, kLongitudeEnd = 1.8e9;

double rounded(double x) { return std::floor(x + 0.5); }

}  // namespace

Result<Place> make_place(double lon_deg, double lat_deg) {
  const double lon = rounded(lon_deg * 1e7), lat = rounded(lat_deg * 1e7);
  const auto fits = [](double value, double end) { return value >= -end && value <= end; };  // false for what is no number
  if (fits(lon, kLongitudeEnd) && fits(lat, kLatitudeEnd))
    return Place{static_cast<std::int32_t>(lon), static_cast<std::int32_t>(lat)};
  const bool swapped = fits(lat, kLongitudeEnd) && fits(lon, kLatitudeEnd);
  return refuse(Rule::place_out_of_range,
                fmt::format("latitude {}, longitude {}{}", lat_deg, lon_deg, swapped ? ": latitude and longitude swapped?" : ""),
                "latitude -90..90, longitude -180..180, in degrees");
}

bool in_range(Place place) noexcept {
  return place.lat_e7 >= -900'000'000 && place.lat_e7 <= 900'000'000 && place.lon_e7 >= -1'800'000'000 &&
         place.lon_e7 <= 1'800'000'000;
}

Vec3 on_ellipsoid(double lon_e7, double lat_e7) noexcept {
  const SinCos lat = sincos_e7(lat_e7), lon = sincos_e7(lon_e7);
  const double across = kEquatorM / std::sqrt(1 - kEccentricity2 * (lat.sin * lat.sin));
  const double out = across * lat.cos;
  return {out * lon.cos, out * lon.sin, across * (1 - kEccentricity2) * lat.sin};
}

Ecef to_ecef(Place place) noexcept { return on_ellipsoid(static_cast<double>(place.lon_e7), static_cast<double>(place.lat_e7)); }

// Bowring's rule for the reduced latitude, twice: near the surface each round gains some five digits.
Place to_place(const Ecef& point) noexcept {
  const double out = std::sqrt(point.x * point.x + point.y * point.y);
  double s = point.z * kEquatorM, c = out * kPolarM;  // tangent of the reduced latitude, as a fraction
  double up = 0, along = 1;
  for (int round = 0; round < 2; ++round) {
    const double length = std::sqrt(s * s + c * c);
    s = length > 0 ? s / length : 0;
    c = length > 0 ? c / length : 1;
    up = point.z + (kEccentricity2 / (1 - kEccentricity2) * kPolarM) * (s * s * s);
    along = out - (kEccentricity2 * kEquatorM) * (c * c * c);
    s = (1 - kFlattening) * up;
    c = along;
  }
  const double lat = rounded(angle_of(up, along) * (1.8e9 / kPi));
  // At a pole every longitude is the same place.
  const double lon = lat >= kLatitudeEnd || lat <= -kLatitudeEnd ? 0 : rounded(angle_of(point.y, point.x) * (1.8e9 / kPi));
  return {static_cast<std::int32_t>(lon), static_cast<std::int32_t>(lat)};
}

double distance_m(Place a, Place b) noexcept { return norm(to_ecef(a) - to_ecef(b)); }

double along_ground_m(double chord_m) noexcept {
  const double x = chord_m / (2 * kMeanRadiusM), q = x * x;
  // Below 0.01 the terms of the arc sine that are left out are less than half a unit in the last place.
  if (x < 0.01) return chord_m * (1 + q * (1 / 6.0 + q * (3 / 40.0 + q * (15 / 336.0))));
  return x < 1 ? 2 * kMeanRadiusM * angle_of(x, std::sqrt(1 - x * x)) : kPi * kMeanRadiusM;
}

// The chord of an arc of the largest radius: nowhere on the ellipsoid is a line less curved. The sum ends on an added term,
// so it is never below the sine.
double longest_chord_m(double ground_m) noexcept {
  const double x = ground_m / (2 * kGreatestRadiusM);
  const double q = x * x;
  return ground_m * (1 - q / 6 * (1 - q / 20));
}

}  // namespace wideberth::geo
