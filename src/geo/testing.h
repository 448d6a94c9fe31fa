// For tests alone: two chords by regions cut out of the unit square of (u, v), side by side. What the kernel does in closed form,
// done slowly and by another way.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>

#include "geo/pair.h"

namespace wideberth::geo::testing {

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

struct Extent {
  bool any = false;
  double low = 0, high = 0;
};
/// The extent of a linear function over the points of a region whose distance is within reach.
inline Extent extent(const Chords& chords, const Region& region, double reach2, const Linear& of);

// A corner with the two differences that must not be positive: h = a.from - b.to and g = b.from - a.to.
struct TimedCorner {
  double u, v, h, g;
};

inline TimedCorner between(const TimedCorner& a, const TimedCorner& b, double t) {
  return {a.u + (b.u - a.u) * t, a.v + (b.v - a.v) * t, a.h + (b.h - a.h) * t, a.g + (b.g - a.g) * t};
}

// One step of Sutherland and Hodgman's clipping. Since h + g is minus the two windows' widths together, a corner made on
// h = 0 has g <= 0: that is written down rather than computed, so that windows without width lose nothing to rounding.
template <double TimedCorner::* Kept, double TimedCorner::* Other>
int clip(const TimedCorner* in, int count, TimedCorner* out) {
  int made = 0;
  for (int i = 0; i < count; ++i) {
    const TimedCorner &p = in[i], &q = in[i + 1 < count ? i + 1 : 0];
    const double hp = p.*Kept, hq = q.*Kept;
    if (hp <= 0) out[made++] = p;
    if ((hp < 0 && hq > 0) || (hp > 0 && hq < 0)) {
      TimedCorner c = between(p, q, hp / (hp - hq));
      c.*Kept = 0;
      c.*Other = std::min(c.*Other, 0.0);
      out[made++] = c;
    }
  }
  return made;
}

inline void widen(Extent& extent, double value) {
  extent.low = extent.any ? std::min(extent.low, value) : value;
  extent.high = extent.any ? std::max(extent.high, value) : value;
  extent.any = true;
}

// The part of a side that is within reach: where |start + t * step|^2 <= reach2, 0 <= t <= 1.
struct Stretch {
  bool any;
  double from, to;
};
inline Stretch within_reach(const Vec3& start, const Vec3& step, double reach2) {
  const double a = norm2(step), b = dot(start, step), c = norm2(start) - reach2;
  if (!(a > 0)) return {c <= 0, 0, 1};
  // The point nearest to the origin first: its distance is computed as a vector, which keeps its digits.
  const double middle = -b / a;
  const double inner = reach2 - norm2(start + step * middle);
  if (inner < 0) return {c <= 0, 0, 0};
  const double half = std::sqrt(inner / a);
  const double from = std::max(middle - half, 0.0), to = std::min(middle + half, 1.0);
  return {from <= to, from, to};
}

inline Region Region::square() {
  Region region;
  region.corners = {Corner{0, 0}, Corner{1, 0}, Corner{1, 1}, Corner{0, 1}};
  region.count = 4;
  return region;
}

inline void Region::cut(const Linear& keep) {
  std::array<Corner, 8> kept{};
  int made = 0;
  for (int i = 0; i < count; ++i) {
    const Corner p = corners[static_cast<std::size_t>(i)], q = corners[static_cast<std::size_t>(i + 1 < count ? i + 1 : 0)];
    const double hp = keep.at(p.u, p.v), hq = keep.at(q.u, q.v);
    if (hp <= 0) kept[static_cast<std::size_t>(made++)] = p;
    if ((hp < 0 && hq > 0) || (hp > 0 && hq < 0)) {
      const double t = hp / (hp - hq);
      kept[static_cast<std::size_t>(made++)] = {p.u + (q.u - p.u) * t, p.v + (q.v - p.v) * t};
    }
  }
  corners = kept;
  count = made;
  cuts[static_cast<std::size_t>(cut_count++)] = keep;
}

inline bool Region::holds(double u, double v) const {
  if (!(u >= 0 && u <= 1 && v >= 0 && v <= 1)) return false;
  for (int i = 0; i < cut_count; ++i)
    if (cuts[static_cast<std::size_t>(i)].at(u, v) > 0) return false;
  return true;
}

inline Region sharing_time(const Occupied& a, const Occupied& b) {
  const TimedCorner square[4] = {{0, 0, a.from0 - b.to0, b.from0 - a.to0},
                                 {1, 0, a.from1 - b.to0, b.from0 - a.to1},
                                 {1, 1, a.from1 - b.to1, b.from1 - a.to1},
                                 {0, 1, a.from0 - b.to1, b.from1 - a.to0}};
  Region region;
  // h is least where a is early and b late, g where a is late and b early; h is greatest the other way round.
  if (square[3].h > 0 || square[1].g > 0) return region;
  if (square[1].h <= 0 && square[3].g <= 0) return Region::square();
  TimedCorner once[5], twice[6];
  int count = clip<&TimedCorner::h, &TimedCorner::g>(square, 4, once);
  count = clip<&TimedCorner::g, &TimedCorner::h>(once, count, twice);
  for (int i = 0; i < count; ++i) region.corners[static_cast<std::size_t>(i)] = {twice[i].u, twice[i].v};
  region.count = count;
  region.cuts[0] = {square[0].h, a.from1 - a.from0, b.to0 - b.to1};
  region.cuts[1] = {square[0].g, a.to0 - a.to1, b.from1 - b.from0};
  region.cut_count = 2;
  return region;
}

inline Extent extent(const Chords& chords, const Region& region, double reach2, const Linear& of) {
  Extent result;
  if (region.empty()) return result;
  Corner p = region.corners[static_cast<std::size_t>(region.count - 1)];
  for (int i = 0; i < region.count; ++i) {
    const Corner q = region.corners[static_cast<std::size_t>(i)];
    const Vec3 step = chords.along_a * (q.u - p.u) - chords.along_b * (q.v - p.v);
    const Stretch part = within_reach(chords.apart(p.u, p.v), step, reach2);
    if (part.any) {
      for (const double t : {part.from, part.to}) {
        // The ends of a side are its corners, to the bit.
        const Corner at = t >= 1 ? q : Corner{p.u + (q.u - p.u) * t, p.v + (q.v - p.v) * t};
        widen(result, of.at(at.u, at.v));
      }
    }
    p = q;
  }
  // Inside, the level curve of the distance is an ellipse about the point where both lines are nearest.
  const double across2 = chords.aa * chords.bb - chords.ab * chords.ab;
  if (!(across2 > 0)) return result;
  const double ag = dot(chords.along_a, chords.gap), bg = dot(chords.along_b, chords.gap);
  const Corner middle{(chords.ab * bg - chords.bb * ag) / across2, (chords.aa * bg - chords.ab * ag) / across2};
  const double inner = reach2 - chords.distance2(middle.u, middle.v);
  if (inner < 0) return result;
  const double su = (chords.bb * of.du + chords.ab * of.dv) / across2, sv = (chords.ab * of.du + chords.aa * of.dv) / across2;
  const double slope = of.du * su + of.dv * sv, scale = slope > 0 ? std::sqrt(inner / slope) : 0;
  for (const double sign : {scale, -scale}) {
    const double u = middle.u + su * sign, v = middle.v + sv * sign;
    if (region.holds(u, v) && chords.distance2(u, v) <= reach2 + 1e-9) widen(result, of.at(u, v));
  }
  return result;
}

inline Linear minus(const Linear& x, const Linear& y) { return {x.c - y.c, x.du - y.du, x.dv - y.dv}; }
inline Linear along_u(double first, double last) { return {first, last - first, 0}; }
inline Linear along_v(double first, double last) { return {first, 0, last - first}; }

/// The least of max(x, y) over a region within reach: where y <= x it is the least of x, elsewhere that of y. None: infinity.
inline double least_of_later(const Chords& chords, const Region& region, double reach2, const Linear& x, const Linear& y) {
  double least = HUGE_VAL;
  for (const auto& [greater, lesser] : {std::pair{x, y}, std::pair{y, x}}) {
    Region part = region;
    part.cut(minus(lesser, greater));
    const Extent when = extent(chords, part, reach2, greater);
    if (when.any) least = std::min(least, when.low);
  }
  return least;
}

}  // namespace wideberth::geo::testing
