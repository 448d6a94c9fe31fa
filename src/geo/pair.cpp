#include "geo/pair.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace wideberth::geo {

namespace {

double within01(double t) { return std::min(std::max(t, 0.0), 1.0); }

// Where, between two corners of the square, a difference that is <= 0 at the first and >= 0 at the second is 0.
double zero_between(double below, double above) { return above > below ? -below / (above - below) : 0; }

// Where a's instant equals b's, both rising evenly from 0 to 1, and a0 <= b1, b0 <= a1: a line through the square, from its left
// or lower side to its upper or right side.
struct SameTime {
  Corner from, to;
  SameTime(double a0, double a1, double b0, double b1)
      : from{a0 <= b0 ? zero_between(a0 - b0, a1 - b0) : 0, a0 <= b0 ? 0 : zero_between(b0 - a0, b1 - a0)},
        to{a1 >= b1 && a1 > a0 ? zero_between(a0 - b1, a1 - b1) : 1, a1 >= b1 ? 1 : zero_between(b0 - a1, b1 - a1)} {}
  Corner at(double t) const { return {from.u + (to.u - from.u) * t, from.v + (to.v - from.v) * t}; }
  Vec3 step(const Chords& chords) const { return chords.along_a * (to.u - from.u) - chords.along_b * (to.v - from.v); }
};

Nearest along_time(const Chords& chords, const SameTime& line) {
  const Vec3 start = chords.apart(line.from.u, line.from.v), step = line.step(chords);
  const double length2 = norm2(step);
  const double t = length2 > 0 ? within01(-dot(start, step) / length2) : 0;
  const Corner at = line.at(t);
  return {norm2(start + step * t), at.u, at.v};
}

}  // namespace

Nearest nearest(const Chords& chords) {
  // For a given u the best v follows, and the other way round: first u as if v had no ends, then v, then u again if v met an end.
  // Nearly parallel chords make the first u vague, but then it hardly matters: the distance it costs is below 0.1 mm.
  const double ag = dot(chords.along_a, chords.gap), bg = dot(chords.along_b, chords.gap);
  const double across2 = chords.aa * chords.bb - chords.ab * chords.ab;
  const double u = across2 > 0 ? within01((chords.ab * bg - chords.bb * ag) / across2) : 0;
  const double v = chords.bb > 0 ? (chords.ab * u + bg) / chords.bb : 0;
  // Both ways, and then the one that holds: which it will be cannot be foreseen.
  const double held_v = within01(v);
  const double held_u = chords.aa > 0 ? within01((chords.ab * held_v - ag) / chords.aa) : 0;
  const bool inside = (v >= 0) & (v <= 1) & (across2 > 0);
  const double best_u = inside ? u : held_u, best_v = inside ? v : held_v;
  return {chords.distance2(best_u, best_v), best_u, best_v};
}

std::optional<Nearest> nearest(const Chords& chords, const Occupied& a, const Occupied& b) {
  if (a.from0 > b.to1 || b.from0 > a.to1) return {};
  return nearest(chords, nearest(chords), a, b);
}

std::optional<Nearest> nearest(const Chords& chords, const Nearest& ever, const Occupied& a, const Occupied& b) {
  if (a.from0 > b.to1 || b.from0 > a.to1) return {};
  const double late_b = (a.from0 - b.to0) + ever.u * (a.from1 - a.from0) - ever.v * (b.to1 - b.to0);
  if (late_b > 0) return along_time(chords, {a.from0, a.from1, b.to0, b.to1});
  const double late_a = (b.from0 - a.to0) + ever.v * (b.from1 - b.from0) - ever.u * (a.to1 - a.to0);
  if (late_a > 0) return along_time(chords, {a.to0, a.to1, b.from0, b.from1});
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
  double u, v, inner, per_across2;
};
Ellipse ellipse_of(const Chords& chords, double reach2) {
  const Vec3 across = cross(chords.along_a, chords.along_b);
  const double across2 = norm2(across);
  if (!(across2 > 0)) return {};
  const double per = 1 / across2;
  const double u = -dot(cross(chords.gap, chords.along_b), across) * per;
  const double v = -dot(cross(chords.gap, chords.along_a), across) * per;
  const double inner = reach2 - chords.distance2(u, v);
  return {inner >= 0, u, v, inner, per};
}

// From the middle of the ellipse to where a function with this slope is greatest; the least lies opposite. Its extremes lie along
// the inverse of the ellipse's matrix times the slope. Nowhere where the function does not change.
struct Arm {
  double u, v;
};
Arm arm_of(const Ellipse& ellipse, const Chords& chords, double du, double dv) {
  const double su = chords.bb * du + chords.ab * dv, sv = chords.ab * du + chords.aa * dv;
  const double slope = du * su + dv * sv;
  const double scale = slope > 0 ? std::sqrt(ellipse.inner * ellipse.per_across2 / slope) : 0;
  return {su * scale, sv * scale};
}

// What rounding may add to the distance of a point of the ellipse is below the millimetre that bound_m allows for it.
bool on_reach(const Chords& chords, double reach2, double u, double v) {
  return chords.distance2(u, v) <= reach2 * (1 + 1e-12) + 1e-9;
}

constexpr double kNone = std::numeric_limits<double>::infinity();

// The parts of the square's four sides that are within reach, side by side so that a compiler may take them together: v = 0 and
// v = 1 with u running, u = 0 and u = 1 with v running.
struct Sides {
  std::array<double, 4> from, to;  // from > to where there is none

  Sides(const Chords& chords, double reach2) {
    const Vec3 at_b = chords.gap - chords.along_b, at_a = chords.gap + chords.along_a;
    const Vec3 &a = chords.along_a, &b = chords.along_b, &gap = chords.gap;
    const std::array x{gap.x, at_b.x, gap.x, at_a.x}, y{gap.y, at_b.y, gap.y, at_a.y}, z{gap.z, at_b.z, gap.z, at_a.z};
    const std::array dx{a.x, a.x, -b.x, -b.x}, dy{a.y, a.y, -b.y, -b.y}, dz{a.z, a.z, -b.z, -b.z};
    // A chord without length is all there at once.
    const double per_aa = chords.aa > 0 ? 1 / chords.aa : 0, per_bb = chords.bb > 0 ? 1 / chords.bb : 0;
    const std::array per{per_aa, per_aa, per_bb, per_bb};
    for (std::size_t i = 0; i < 4; ++i) {
      const double middle = -((x[i] * dx[i] + y[i] * dy[i]) + z[i] * dz[i]) * per[i];
      // The point nearest to the origin first: its distance is computed as a vector, which keeps its digits.
      const double nx = x[i] + dx[i] * middle, ny = y[i] + dy[i] * middle, nz = z[i] + dz[i] * middle;
      const double inner = reach2 - ((nx * nx + ny * ny) + nz * nz);
      const double half = per[i] > 0 ? std::sqrt(std::max(inner, 0.0) * per[i]) : 1;
      from[i] = inner >= 0 ? std::max(middle - half, 0.0) : 2;
      to[i] = std::min(middle + half, 1.0);
    }
  }
};

}  // namespace

Reached reached(const Chords& chords, const Nearest& ever, double reach2, const Linear& least_of, const Linear& most_of) {
  Reached all;
  const bool touching = ever.distance2 <= reach2;
  all.any = touching;
  all.u_low = touching ? ever.u : kNone, all.u_high = touching ? ever.u : -kNone;
  all.v_low = touching ? ever.v : kNone, all.v_high = touching ? ever.v : -kNone;
  all.least = touching ? least_of.at(ever.u, ever.v) : kNone, all.most = touching ? most_of.at(ever.u, ever.v) : -kNone;

  const Sides sides{chords, reach2};
  for (std::size_t i = 0; i < 4; ++i) {
    const bool there = sides.from[i] <= sides.to[i], along_u = i < 2;
    const double across = i % 2 == 0 ? 0 : 1;
    const double u0 = along_u ? sides.from[i] : across, u1 = along_u ? sides.to[i] : across;
    const double v0 = along_u ? across : sides.from[i], v1 = along_u ? across : sides.to[i];
    all.any |= there;
    all.u_low = std::min(all.u_low, there ? u0 : kNone), all.u_high = std::max(all.u_high, there ? u1 : -kNone);
    all.v_low = std::min(all.v_low, there ? v0 : kNone), all.v_high = std::max(all.v_high, there ? v1 : -kNone);
    const double least = std::min(least_of.at(u0, v0), least_of.at(u1, v1));
    const double most = std::max(most_of.at(u0, v0), most_of.at(u1, v1));
    all.least = std::min(all.least, there ? least : kNone);
    all.most = std::max(all.most, there ? most : -kNone);
  }

  const Ellipse ellipse = ellipse_of(chords, reach2);
  if (!ellipse.any) return all;
  // Of each function its own ends of the ellipse, where those lie within the square.
  const auto there = [&](double u, double v) {
    return (u >= 0) & (u <= 1) & (v >= 0) & (v <= 1) & on_reach(chords, reach2, u, v);
  };
  const double u = ellipse.u, v = ellipse.v;
  const Arm by_u = arm_of(ellipse, chords, 1, 0), by_v = arm_of(ellipse, chords, 0, 1);
  const Arm down = arm_of(ellipse, chords, least_of.du, least_of.dv);
  const bool same_slope = least_of.du == most_of.du && least_of.dv == most_of.dv;
  const Arm up = same_slope ? down : arm_of(ellipse, chords, most_of.du, most_of.dv);
  all.u_low = std::min(all.u_low, there(u - by_u.u, v - by_u.v) ? u - by_u.u : kNone);
  all.u_high = std::max(all.u_high, there(u + by_u.u, v + by_u.v) ? u + by_u.u : -kNone);
  all.v_low = std::min(all.v_low, there(u - by_v.u, v - by_v.v) ? v - by_v.v : kNone);
  all.v_high = std::max(all.v_high, there(u + by_v.u, v + by_v.v) ? v + by_v.v : -kNone);
  all.least = std::min(all.least, there(u - down.u, v - down.v) ? least_of.at(u - down.u, v - down.v) : kNone);
  all.most = std::max(all.most, there(u + up.u, v + up.v) ? most_of.at(u + up.u, v + up.v) : -kNone);
  all.any |= std::isfinite(all.u_low);
  return all;
}

namespace {

double between(double first, double last, double t) { return first + (last - first) * t; }

// A part of a line.
struct Stretch {
  double from, to;
};
// The part of a line that is within reach; where rounding leaves nothing of a mere touch, the point of it that is nearest.
Stretch surely_within(const Vec3& start, const Vec3& step, double reach2) {
  const double a = norm2(step);
  if (!(a > 0)) return {0, 1};
  const double middle = -dot(start, step) / a;
  const double half = std::sqrt(std::max(reach2 - norm2(start + step * middle), 0.0) / a);
  return {within01(middle - half), within01(middle + half)};
}

// The windows of both as they stand for the first instant; turned round in time, they give the last.
struct Together {
  const Chords& chords;
  double reach2;
  const Occupied &a, &b;

  double begins_a(double u) const { return between(a.from0, a.from1, u); }
  double begins_b(double v) const { return between(b.from0, b.from1, v); }
  double ends_a(double u) const { return between(a.to0, a.to1, u); }
  double ends_b(double v) const { return between(b.to0, b.to1, v); }

  Stretch beside_a(double u) const { return surely_within(chords.apart(u, 0), chords.along_b * -1.0, reach2); }
  Stretch beside_b(double v) const { return surely_within(chords.apart(0, v), chords.along_a, reach2); }
  Stretch along(const SameTime& line) const {
    return surely_within(chords.apart(line.from.u, line.from.v), line.step(chords), reach2);
  }

  // The least of the later of both beginnings is, of all that is within reach, where the one or the other is least, or where they
  // are equal. If they cannot be there at one time then, it is where the one's end equals the other's beginning: on the way
  // from there to where they can be, nothing grows less, and that line is passed.
  double first(const Reached& near) const {
    Corner at{near.u_low, beside_a(near.u_low).from};
    if (begins_b(at.v) > begins_a(at.u)) {
      at = {beside_b(near.v_low).from, near.v_low};
      if (begins_a(at.u) > begins_b(at.v)) at = on({a.from0, a.from1, b.from0, b.from1}, false);
    }
    if (begins_a(at.u) > ends_b(at.v)) at = on({a.from0, a.from1, b.to0, b.to1}, false);
    if (begins_b(at.v) > ends_a(at.u)) at = on({a.to0, a.to1, b.from0, b.from1}, false);
    return std::max(begins_a(at.u), begins_b(at.v));
  }
  double last(const Reached& near) const {
    Corner at{near.u_high, beside_a(near.u_high).to};
    if (ends_b(at.v) < ends_a(at.u)) {
      at = {beside_b(near.v_high).to, near.v_high};
      if (ends_a(at.u) < ends_b(at.v)) at = on({a.to0, a.to1, b.to0, b.to1}, true);
    }
    if (begins_a(at.u) > ends_b(at.v)) at = on({a.from0, a.from1, b.to0, b.to1}, true);
    if (begins_b(at.v) > ends_a(at.u)) at = on({a.to0, a.to1, b.from0, b.from1}, true);
    return std::min(ends_a(at.u), ends_b(at.v));
  }
  Corner on(const SameTime& line, bool last) const {
    const Stretch part = along(line);
    return line.at(last ? part.to : part.from);
  }
};

}  // namespace

double first_together(const Chords& chords, const Reached& near, double reach2, const Occupied& a, const Occupied& b) {
  return Together{chords, reach2, a, b}.first(near);
}
double last_together(const Chords& chords, const Reached& near, double reach2, const Occupied& a, const Occupied& b) {
  return Together{chords, reach2, a, b}.last(near);
}

}  // namespace wideberth::geo
