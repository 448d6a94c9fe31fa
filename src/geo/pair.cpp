#include "geo/pair.h"

#include <algorithm>
#include <cmath>

namespace wideberth::geo {

namespace {

// A corner with the two differences that must not be positive: h = a.from - b.to and g = b.from - a.to.
struct TimedCorner {
  double u, v, h, g;
};

TimedCorner between(const TimedCorner& a, const TimedCorner& b, double t) {
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

double along_side(const Vec3& start, const Vec3& step) {
  const double length2 = norm2(step);
  if (!(length2 > 0)) return 0;
  return std::clamp(-dot(start, step) / length2, 0.0, 1.0);
}

void widen(Extent& extent, double value) {
  extent.low = extent.any ? std::min(extent.low, value) : value;
  extent.high = extent.any ? std::max(extent.high, value) : value;
  extent.any = true;
}

// The part of a side that is within reach: where |start + t * step|^2 <= reach2, 0 <= t <= 1.
struct Stretch {
  bool any;
  double from, to;
};
Stretch within_reach(const Vec3& start, const Vec3& step, double reach2) {
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

}  // namespace

Region Region::square() {
  Region region;
  region.corners = {Corner{0, 0}, Corner{1, 0}, Corner{1, 1}, Corner{0, 1}};
  region.count = 4;
  return region;
}

void Region::cut(const Linear& keep) {
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

bool Region::holds(double u, double v) const {
  if (!(u >= 0 && u <= 1 && v >= 0 && v <= 1)) return false;
  for (int i = 0; i < cut_count; ++i)
    if (cuts[static_cast<std::size_t>(i)].at(u, v) > 0) return false;
  return true;
}

Region sharing_time(const Occupied& a, const Occupied& b) {
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

Chords::Chords(const Piece& a, const Piece& b) : gap{a.from - b.from}, along_a{a.along}, along_b{b.along} {
  across = cross(along_a, along_b);
  across2 = norm2(across);
  aa = norm2(along_a);
  ab = dot(along_a, along_b);
  bb = norm2(along_b);
  if (across2 > 0) {
    u = -dot(cross(gap, along_b), across) / across2;
    v = -dot(cross(gap, along_a), across) / across2;
  }
}

Nearest nearest(const Chords& chords, const Region& region) {
  Nearest best{-1, 0, 0};
  if (chords.across2 > 0 && region.holds(chords.u, chords.v)) {
    best = {chords.distance2(chords.u, chords.v), chords.u, chords.v};
    // The angle between them is above 1e-4: the inner solution is as good as any number here.
    if (chords.across2 > 1e-8 * (chords.aa * chords.bb)) return best;
  }
  Corner p = region.corners[static_cast<std::size_t>(region.count - 1)];
  Vec3 start = chords.gap + chords.along_a * p.u - chords.along_b * p.v;
  for (int i = 0; i < region.count; ++i) {
    const Corner q = region.corners[static_cast<std::size_t>(i)];
    const Vec3 end = chords.gap + chords.along_a * q.u - chords.along_b * q.v;
    const Vec3 step = end - start;
    const double t = along_side(start, step);
    const double distance2 = norm2(start + step * t);
    if (best.distance2 < 0 || distance2 < best.distance2) best = {distance2, p.u + (q.u - p.u) * t, p.v + (q.v - p.v) * t};
    p = q;
    start = end;
  }
  return best;
}

bool too_near(const Piece& a, const Piece& b, double reach2) {
  const Region region = sharing_time(possible(a), possible(b));
  if (region.empty()) return false;
  return nearest(Chords{a, b}, region).distance2 <= reach2;
}

Extent extent(const Chords& chords, const Region& region, double reach2, const Linear& of) {
  Extent result;
  if (region.empty()) return result;
  Corner p = region.corners[static_cast<std::size_t>(region.count - 1)];
  for (int i = 0; i < region.count; ++i) {
    const Corner q = region.corners[static_cast<std::size_t>(i)];
    const Vec3 step = chords.along_a * (q.u - p.u) - chords.along_b * (q.v - p.v);
    const Stretch part = within_reach(chords.gap + chords.along_a * p.u - chords.along_b * p.v, step, reach2);
    if (part.any) {
      for (const double t : {part.from, part.to}) {
        // The ends of a side are its corners, to the bit.
        const Corner at = t >= 1 ? q : Corner{p.u + (q.u - p.u) * t, p.v + (q.v - p.v) * t};
        widen(result, of.at(at.u, at.v));
      }
    }
    p = q;
  }
  if (!(chords.across2 > 0)) return result;
  // The quadratic's level curve is an ellipse about (u, v); its extremes lie along the inverse of its matrix times the slope.
  const double inner = reach2 - chords.distance2(chords.u, chords.v);
  if (inner < 0) return result;
  if (region.holds(chords.u, chords.v)) widen(result, of.at(chords.u, chords.v));
  const double su = (chords.bb * of.du + chords.ab * of.dv) / chords.across2;
  const double sv = (chords.ab * of.du + chords.aa * of.dv) / chords.across2;
  const double slope = of.du * su + of.dv * sv;
  if (!(slope > 0)) return result;
  const double scale = std::sqrt(inner / slope);
  for (const double sign : {scale, -scale}) {
    const double u = chords.u + su * sign, v = chords.v + sv * sign;
    // A millionth more in the square of the distance: below the millimetre that bound_m allows for rounding.
    if (region.holds(u, v) && chords.distance2(u, v) <= reach2 * (1 + 1e-12) + 1e-9) widen(result, of.at(u, v));
  }
  return result;
}

}  // namespace wideberth::geo
