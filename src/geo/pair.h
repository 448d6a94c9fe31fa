// The kernel: two chords with windows. The squared distance of a(u) and b(v) is a convex quadratic; where both are occupied at
// one time is a convex polygon of at most six sides in the unit square of (u, v). Everything asked of the two is a closed form:
// the least of the quadratic over the polygon, and the extent of a linear function over the part of it within reach.
//
// Of the polygon's sides only one can matter for the least. Let h = a.from(u) - b.to(v) and g = b.from(v) - a.to(u): both must be
// <= 0, and h + g <= 0 everywhere, so at most one of them is broken at the least of the whole square. On the way from the least
// of the polygon to that of the square the distance does not grow, and the broken one, say h, passes 0, where g <= 0: so the
// least of the polygon is that of the line h = 0 within the square. No tolerance enters, and nothing is allocated.
#pragma once

#include <optional>

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

/// The difference a(u) - b(v) = gap + u * along_a - v * along_b, and the products that its square is made of.
struct Chords {
  Vec3 gap, along_a, along_b;
  double aa = 0, ab = 0, bb = 0;

  Chords(const Piece& a, const Piece& b)
      : gap{a.from - b.from},
        along_a{a.along},
        along_b{b.along},
        aa{norm2(along_a)},
        ab{dot(along_a, along_b)},
        bb{norm2(along_b)} {}
  Vec3 apart(double u, double v) const { return gap + along_a * u - along_b * v; }
  double distance2(double u, double v) const { return norm2(apart(u, v)); }
};

struct Nearest {
  double distance2 = 0;
  double u = 0, v = 0;
};
/// The least distance of two chords, whenever they are there.
Nearest nearest(const Chords& chords);
/// The least while both are there; none if they never are at one time. `ever` is nearest(chords), for who has it already.
std::optional<Nearest> nearest(const Chords& chords, const Occupied& a, const Occupied& b);
std::optional<Nearest> nearest(const Chords& chords, const Nearest& ever, const Occupied& a, const Occupied& b);

/// Whether the two come within sqrt(reach2) of each other while both may be there: the decision, without the rest.
bool too_near(const Piece& a, const Piece& b, double reach2);

/// The parts of two chords that are within reach of each other, whenever they are there: of the points (u, v) of the square whose
/// distance is within reach, the extent of u and of v, the least of one linear function and the most of another.
struct Reached {
  bool any = false;
  double u_low = 1, u_high = 0, v_low = 1, v_high = 0;
  double least = 0, most = 0;
};
/// `ever` is nearest(chords).
Reached reached(const Chords& chords, const Nearest& ever, double reach2, const Linear& least_of, const Linear& most_of);

/// The first and the last instant at which both can be there and within reach: the least of the later of both beginnings, and the
/// most of the earlier of both ends. REQUIRES that there is one; `near` is what reached() says.
double first_together(const Chords& chords, const Reached& near, double reach2, const Occupied& a, const Occupied& b);
double last_together(const Chords& chords, const Reached& near, double reach2, const Occupied& a, const Occupied& b);

}  // namespace wideberth::geo
