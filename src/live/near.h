// Which pairs of units may be near each other? Too many, never too few: approach.h decides.
//
// Both searches work on the six faces of a cube around the earth: a unit belongs to the face that its place in space points
// to, and is seen there in orthogonal projection, which brings two units nearer and never further. So there is no pole, no
// antimeridian and no distortion to allow for: what is near in space is near on the face.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "live/track.h"

namespace wideberth::live {

/// Two units as one number: the lower index in front, so that numbers sort as pairs do.
using PairKey = std::uint64_t;
constexpr PairKey pair_of(std::uint32_t a, std::uint32_t b) { return a < b ? PairKey{a} << 32 | b : PairKey{b} << 32 | a; }
constexpr UnitIndex lower_of(PairKey key) { return {static_cast<std::uint32_t>(key >> 32)}; }
constexpr UnitIndex upper_of(PairKey key) { return {static_cast<std::uint32_t>(key)}; }

/// What is looked for: the widest of all pairs of classes.
struct Wanted {
  double reach_m = 0;      ///< no pair further apart than this is wanted
  double encounter_m = 0;  ///< pairs that were within this …
  double ahead_m = 0;      ///< … or will be within this …
  double ahead_s = 0;      ///< … so soon
};

/// A unit that has a new fix, as a search sees it.
struct Moved {
  UnitIndex unit;
  Instant from{};  ///< of the fix before, or of the first one: since then its way was not looked at
};

namespace face {

/// A point on a face: the two coordinates that are not the face's axis.
struct Spot {
  double u = 0, v = 0;
};
constexpr std::size_t kFaces = 6;
inline std::size_t of(const Vec3& p) {
  const double x = p.x < 0 ? -p.x : p.x, y = p.y < 0 ? -p.y : p.y, z = p.z < 0 ? -p.z : p.z;
  if (x >= y && x >= z) return p.x < 0 ? 1 : 0;
  if (y >= z) return p.y < 0 ? 3 : 2;
  return p.z < 0 ? 5 : 4;
}
inline Spot on(std::size_t face, const Vec3& p) { return face < 2 ? Spot{p.y, p.z} : face < 4 ? Spot{p.x, p.z} : Spot{p.x, p.y}; }
/// Whether a unit of that face can lie within `width` of p.
inline bool reaches(std::size_t face, const Vec3& p, double width) {
  const double x = p.x < 0 ? -p.x : p.x, y = p.y < 0 ? -p.y : p.y, z = p.z < 0 ? -p.z : p.z;
  const double axis = face < 2 ? p.x : face < 4 ? p.y : p.z;
  const double most = x >= y && x >= z ? x : y >= z ? y : z;
  return (face % 2 == 0 ? axis : -axis) + 2 * width >= most;
}

}  // namespace face

}  // namespace wideberth::live
