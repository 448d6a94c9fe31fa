// Sine, cosine and arc tangent from + - * / and square root: the same bits on every machine. The C library chooses another
// routine by processor, so nothing that decides may call it. Errors below 3 units in the last place on the stated ranges.
#pragma once

namespace wideberth::geo {

inline constexpr double kPi = 3.14159265358979323846;

struct SinCos {
  double sin = 0, cos = 0;
};

/// Of an angle in degrees x 10^7, |angle| <= 2^52; quarter turns are taken off exactly, so sin 180° is 0 and cos 90° is 0.
SinCos sincos_e7(double degrees_e7) noexcept;

/// Of an angle in radians, |angle| <= 10.
SinCos sincos(double radians) noexcept;

/// The angle of (x, y) in (-pi, pi]; 0 for (0, 0).
double angle_of(double y, double x) noexcept;

}  // namespace wideberth::geo
