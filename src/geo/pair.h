// The kernel: two chords with windows. The squared distance of a(u) and b(v) is a convex quadratic; where both are occupied at
// one time is a convex polygon of at most six sides in the unit square of (u, v). Everything asked of the two is a closed form:
// the least of the quadratic over the polygon, and the extent of a linear function over the part of it within reach.
//
// No tolerance: where the chords are nearly parallel, the inner solution is only a further candidate beside the sides.
#pragma once

#include <array>

#include "geo/plan.h"

namespace wideberth::geo {

/// When a piece is occupied: [from(u), to(u)], from <= to, both linear.
struct Occupied {
  double from0 = 0, from1 = 0, to0 = 0, to1 = 0;
};
inline Occupied possible(const Piece& p) { return {p.e0, p.e1, p.l0, p.l1}; }
inline Occupied on_schedule(const Piece& p) { return {p.s0, p.s1, p.h0, p.h1}; }

/// c + u * du + v * dv.
struct Linear {
  double c = 0, du = 0, dv = 0;
  double at(double u, double v) const { return (c + u * du) + v * dv; }
};

struct Corner {
  double u = 0, v = 0;
};

/// A convex part of the unit square: its corners in order (two or one where it has no inside), and the half-planes
/// (linear <= 0) that cut it out.
struct Region {
  std::array<Corner, 8> corners{};
  int count = 0;
  std::array<Linear, 4> cuts{};
  int cut_count = 0;

  static Region square();
  bool empty() const { return count == 0; }
  void cut(const Linear& keep);  ///< to where keep <= 0
  bool holds(double u, double v) const;
};

/// Where a and b can be occupied at one time. Exact at the corners of the square: windows that touch there share that corner.
Region sharing_time(const Occupied& a, const Occupied& b);

/// The difference a(u) - b(v) = gap + u * along_a - v * along_b, and what follows from it.
struct Chords {
  Vec3 gap, along_a, along_b;
  Vec3 across;         ///< along_a x along_b
  double across2 = 0;  ///< its square: 0 if parallel or standing
  double aa = 0, ab = 0, bb = 0;
  double u = 0, v = 0;  ///< where the lines are nearest; only if across2 > 0

  Chords(const Piece& a, const Piece& b);
  double distance2(double at_u, double at_v) const { return norm2(gap + along_a * at_u - along_b * at_v); }
};

struct Nearest {
  double distance2 = 0;
  double u = 0, v = 0;
};
/// The least distance over a region. REQUIRES a region that is not empty.
Nearest nearest(const Chords& chords, const Region& region);

/// Whether the two come within sqrt(reach2) of each other while both may be there: the decision, without the rest.
bool too_near(const Piece& a, const Piece& b, double reach2);

struct Extent {
  bool any = false;
  double low = 0, high = 0;
};
/// The extent of a linear function over the points of a region whose distance is within reach.
Extent extent(const Chords& chords, const Region& region, double reach2, const Linear& of);

}  // namespace wideberth::geo
