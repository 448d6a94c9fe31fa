#include "geo/trig.h"

#include <cmath>

namespace wideberth::geo {

namespace {

// Taylor sums for |x| <= pi/4: the first term left out is below 1e-19 of the result.
SinCos small_sincos(double x) {
  const double q = x * x;
  double s = 0, c = 0;
  for (int n = 18; n >= 2; n -= 2) s = (s + 1) * (-q / static_cast<double>(n * (n + 1)));
  for (int n = 19; n >= 1; n -= 2) c = (c + 1) * (-q / static_cast<double>(n * (n + 1)));
  return {x + x * s, 1 + c};
}

SinCos turned(SinCos of, long quarters) {
  switch (quarters & 3) {
    case 1: return {of.cos, -of.sin};
    case 2: return {-of.sin, -of.cos};
    case 3: return {-of.cos, of.sin};
    default: return of;
  }
}

// For 0 <= t <= 1. Two halvings of the angle bring the argument below tan(pi/16); then the alternating series.
double small_angle(double t) {
  for (int i = 0; i < 2; ++i) t = t / (1 + std::sqrt(1 + t * t));
  const double q = t * t, q2 = q * q, q4 = q2 * q2;
  // By pairs, and pairs of pairs, none of which waits for another.
  const auto two = [&](int n) { return 1.0 / n - q * (1.0 / (n + 2)); };
  const double low = two(3) + q2 * two(7), middle = two(11) + q2 * two(15), high = two(19) + q2 * two(23);
  const double sum = -q * (low + q4 * (middle + q4 * high));
  return 4 * (t + t * sum);
}

}  // namespace

SinCos sincos_e7(double degrees_e7) noexcept {
  const double quarters = std::floor(degrees_e7 / 9e8 + 0.5);
  const double rest = degrees_e7 - quarters * 9e8;  // exact: both are multiples of one unit in the last place of the first
  return turned(small_sincos(rest * (kPi / 1.8e9)), static_cast<long>(quarters));
}

SinCos sincos(double radians) noexcept {
  // pi/2 in two parts; the first has 33 bits, so its small multiples are exact.
  constexpr double kHigh = 1.57079632673412561417e+00, kLow = 6.07710050650619224932e-11;
  const double quarters = std::floor(radians / (kPi / 2) + 0.5);
  return turned(small_sincos((radians - quarters * kHigh) - quarters * kLow), static_cast<long>(quarters));
}

double angle_of(double y, double x) noexcept {
  const double ay = std::fabs(y), ax = std::fabs(x);
  if (ax == 0 && ay == 0) return 0;
  double angle = ay <= ax ? small_angle(ay / ax) : kPi / 2 - small_angle(ax / ay);
  if (x < 0) angle = kPi - angle;
  return y < 0 ? -angle : angle;
}

}  // namespace wideberth::geo
