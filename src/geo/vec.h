// Three doubles, in metres unless said otherwise. Plain sums and products in one written order: the same bits everywhere.
#pragma once

#include <cmath>

#include "geo/place.h"

namespace wideberth::geo {

using Vec3 = Ecef;

constexpr Vec3 operator+(const Vec3& a, const Vec3& b) { return {a.x + b.x, a.y + b.y, a.z + b.z}; }
constexpr Vec3 operator-(const Vec3& a, const Vec3& b) { return {a.x - b.x, a.y - b.y, a.z - b.z}; }
constexpr Vec3 operator*(const Vec3& a, double k) { return {a.x * k, a.y * k, a.z * k}; }
constexpr double dot(const Vec3& a, const Vec3& b) { return (a.x * b.x + a.y * b.y) + a.z * b.z; }
constexpr Vec3 cross(const Vec3& a, const Vec3& b) {
  return {a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x};
}
constexpr double norm2(const Vec3& a) { return dot(a, a); }
/// IEEE 754 asks that the square root be rounded correctly: it is the same on every machine.
inline double norm(const Vec3& a) { return std::sqrt(norm2(a)); }

}  // namespace wideberth::geo
