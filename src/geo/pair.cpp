#include "geo/pair.h"

#include <algorithm>
#include <cmath>
#include <limits>

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

double within01(double t) { return std::clamp(t, 0.0, 1.0); }

// Where, between two corners of the square, a difference that is <= 0 at the first and >= 0 at the second is 0.
double zero_between(double below, double above) { return above > below ? -below / (above - below) : 0; }

// The least along the line where a's instant equals b's; both rise evenly from 0 to 1, and a0 <= b1, b0 <= a1. The line crosses
// the square from its left or lower side to its upper or right side.
Nearest along_time(const Chords& chords, double a0, double a1, double b0, double b1) {
  const double u0 = a0 <= b0 ? zero_between(a0 - b0, a1 - b0) : 0;
  const double v0 = a0 <= b0 ? 0 : zero_between(b0 - a0, b1 - a0);
  const double u1 = a1 >= b1 && a1 > a0 ? zero_between(a0 - b1, a1 - b1) : 1;
  const double v1 = a1 >= b1 ? 1 : zero_between(b0 - a1, b1 - a1);
  const Vec3 start = chords.apart(u0, v0), step = chords.along_a * (u1 - u0) - chords.along_b * (v1 - v0);
  const double length2 = norm2(step);
  const double t = length2 > 0 ? within01(-dot(start, step) / length2) : 0;
  return {norm2(start + step * t), u0 + (u1 - u0) * t, v0 + (v1 - v0) * t};
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
Stretch within_reach(const Vec3& start, const Vec3& step, double a, double reach2) {
  const double b = dot(start, step), c = norm2(start) - reach2;
  if (!(a > 0)) return {c <= 0, 0, 1};
  // The point nearest to the origin first: its distance is computed as a vector, which keeps its digits.
  const double middle = -b / a;
  const double inner = reach2 - norm2(start + step * middle);
  if (inner < 0) return {c <= 0, 0, 0};
  const double half = std::sqrt(inner / a);
  const double from = std::max(middle - half, 0.0), to = std::min(middle + half, 1.0);
  return {from <= to, from, to};
}
Stretch within_reach(const Vec3& start, const Vec3& step, double reach2) {
  return within_reach(start, step, norm2(step), reach2);
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

Nearest nearest(const Chords& chords) {
  // For a given u the best v follows, and the other way round: first u as if v had no ends, then v, then u again if v met an end.
  // Nearly parallel chords make the first u vague, but then it hardly matters: the distance it costs is below 0.1 mm.
  const double ag = dot(chords.along_a, chords.gap), bg = dot(chords.along_b, chords.gap);
  const double across2 = chords.aa * chords.bb - chords.ab * chords.ab;
  double u = across2 > 0 ? within01((chords.ab * bg - chords.bb * ag) / across2) : 0;
  double v = chords.bb > 0 ? (chords.ab * u + bg) / chords.bb : 0;
  if (!(v >= 0 && v <= 1 && across2 > 0)) {
    v = within01(v);
    u = chords.aa > 0 ? within01((chords.ab * v - ag) / chords.aa) : 0;
  }
  return {chords.distance2(u, v), u, v};
}

std::optional<Nearest> nearest(const Chords& chords, const Occupied& a, const Occupied& b) {
  if (a.from0 > b.to1 || b.from0 > a.to1) return {};
  return nearest(chords, nearest(chords), a, b);
}

std::optional<Nearest> nearest(const Chords& chords, const Nearest& ever, const Occupied& a, const Occupied& b) {
  if (a.from0 > b.to1 || b.from0 > a.to1) return {};
  const double late_b = (a.from0 - b.to0) + ever.u * (a.from1 - a.from0) - ever.v * (b.to1 - b.to0);
  if (late_b > 0) return along_time(chords, a.from0, a.from1, b.to0, b.to1);
  const double late_a = (b.from0 - a.to0) + ever.v * (b.from1 - b.from0) - ever.u * (a.to1 - a.to0);
  if (late_a > 0) return along_time(chords, a.to0, a.to1, b.from0, b.from1);
  return ever;
}

bool too_near(const Piece& a, const Piece& b, double reach2) {
  const auto best = nearest(Chords{a, b}, possible(a), possible(b));
  return best && best->distance2 <= reach2;
}

namespace {

// The ellipse within which two lines are within reach: its middle, and the square of what is left of the reach there. None where
// the lines are parallel or beyond reach. By cross products rather than aa * bb - ab * ab, which loses its digits where the
// chords are nearly parallel.
struct Ellipse {
  bool any;
  double u, v, inner, across2;
};
Ellipse ellipse_of(const Chords& chords, double reach2) {
  const Vec3 across = cross(chords.along_a, chords.along_b);
  const double across2 = norm2(across);
  if (!(across2 > 0)) return {};
  const double u = -dot(cross(chords.gap, chords.along_b), across) / across2;
  const double v = -dot(cross(chords.gap, chords.along_a), across) / across2;
  const double inner = reach2 - chords.distance2(u, v);
  return {inner >= 0, u, v, inner, across2};
}

// From the middle of the ellipse to where a function with this slope is greatest; the least lies opposite. Its extremes lie along
// the inverse of the ellipse's matrix times the slope. None where the function does not change.
struct Arm {
  double u, v;
};
std::optional<Arm> arm_of(const Ellipse& ellipse, const Chords& chords, double du, double dv) {
  const double su = (chords.bb * du + chords.ab * dv) / ellipse.across2;
  const double sv = (chords.ab * du + chords.aa * dv) / ellipse.across2;
  const double slope = du * su + dv * sv;
  if (!(slope > 0)) return {};
  const double scale = std::sqrt(ellipse.inner / slope);
  return Arm{su * scale, sv * scale};
}

// What rounding may add to the distance of a point of the ellipse is below the millimetre that bound_m allows for it.
bool on_reach(const Chords& chords, double reach2, double u, double v) {
  return chords.distance2(u, v) <= reach2 * (1 + 1e-12) + 1e-9;
}

}  // namespace

Extent extent(const Chords& chords, const Region& region, double reach2, const Linear& of) {
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
  const Ellipse ellipse = ellipse_of(chords, reach2);
  if (!ellipse.any) return result;
  if (region.holds(ellipse.u, ellipse.v)) widen(result, of.at(ellipse.u, ellipse.v));
  if (const auto arm = arm_of(ellipse, chords, of.du, of.dv))
    for (const double sign : {1.0, -1.0}) {
      const double u = ellipse.u + arm->u * sign, v = ellipse.v + arm->v * sign;
      if (region.holds(u, v) && on_reach(chords, reach2, u, v)) widen(result, of.at(u, v));
    }
  return result;
}

namespace {

class Reaching {
 public:
  Reaching(const Linear& least_of, const Linear& most_of) : least_of_{least_of}, most_of_{most_of} {}
  void take(double u, double v) {
    at_.u_low = std::min(at_.u_low, u);
    at_.u_high = std::max(at_.u_high, u);
    at_.v_low = std::min(at_.v_low, v);
    at_.v_high = std::max(at_.v_high, v);
    at_.least = std::min(at_.least, least_of_.at(u, v));
    at_.most = std::max(at_.most, most_of_.at(u, v));
    at_.any = true;
  }
  const Reached& at() const { return at_; }

 private:
  const Linear &least_of_, &most_of_;
  Reached at_{.least = std::numeric_limits<double>::infinity(), .most = -std::numeric_limits<double>::infinity()};
};

}  // namespace

Reached reached(const Chords& chords, const Nearest& ever, double reach2, const Linear& least_of, const Linear& most_of) {
  Reaching all{least_of, most_of};
  if (ever.distance2 <= reach2) all.take(ever.u, ever.v);
  const Vec3 at_a = chords.gap + chords.along_a, at_b = chords.gap - chords.along_b, back_b = chords.along_b * -1.0;
  const auto along_u = [&](const Vec3& start, double v) {
    if (const Stretch part = within_reach(start, chords.along_a, chords.aa, reach2); part.any) {
      all.take(part.from, v);
      all.take(part.to, v);
    }
  };
  const auto along_v = [&](const Vec3& start, double u) {
    if (const Stretch part = within_reach(start, back_b, chords.bb, reach2); part.any) {
      all.take(u, part.from);
      all.take(u, part.to);
    }
  };
  along_u(chords.gap, 0);
  along_u(at_b, 1);
  along_v(chords.gap, 0);
  along_v(at_a, 1);
  const Ellipse ellipse = ellipse_of(chords, reach2);
  if (!ellipse.any) return all.at();
  const auto in_square = [](double u, double v) { return u >= 0 && u <= 1 && v >= 0 && v <= 1; };
  if (in_square(ellipse.u, ellipse.v)) all.take(ellipse.u, ellipse.v);
  const auto both_ends = [&](double du, double dv) {
    const auto arm = arm_of(ellipse, chords, du, dv);
    if (!arm) return;
    for (const double sign : {1.0, -1.0}) {
      const double u = ellipse.u + arm->u * sign, v = ellipse.v + arm->v * sign;
      if (in_square(u, v) && on_reach(chords, reach2, u, v)) all.take(u, v);
    }
  };
  both_ends(1, 0);
  both_ends(0, 1);
  both_ends(least_of.du, least_of.dv);
  if (most_of.du != least_of.du || most_of.dv != least_of.dv) both_ends(most_of.du, most_of.dv);
  return all.at();
}

}  // namespace wideberth::geo
