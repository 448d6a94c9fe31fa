#include "live/alibi.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string>

#include "geo/ellipsoid.h"
#include "live/lens.h"

namespace wideberth::live {
namespace {

using base::Instant;
using base::Interval;
using base::Metres;
using base::Result;
using base::Rule;
using geo::Vec3;

// What law (4) allows: added to every radius and to the distance, so that rounding can hide no meeting.
constexpr double kGrowM = 0.0005, kGrowShare = 5e-7, kDecidedM = 0.001;

/// One gap of a track: two fixes and what lies between them.
struct Gap {
  Instant from, to;
  Vec3 start, end;
  double near_start = 0, near_end = 0;  ///< the accuracies, metres
  double speed = 0;                     ///< m/s

  double seconds() const { return static_cast<double>((to - from).ms()) / 1000; }
  double after(Instant t) const { return static_cast<double>((t - from).ms()) / 1000; }
  bool broken() const { return norm(end - start) > near_start + near_end + speed * seconds() + kGrowM; }
};

Gap gap_of(const Traveller& who, std::size_t i) {
  const Sighting &first = who.fixes[i], &second = who.fixes[i + 1];
  return {first.time,
          second.time,
          to_ecef(first.place),
          to_ecef(second.place),
          first.accuracy.metres(),
          second.accuracy.metres(),
          static_cast<double>(who.most_speed_mmps) / 1000};
}

/// The plane that touches the earth amid some points.
class Plane {
 public:
  explicit Plane(const std::array<Vec3, 4>& points) {
    Vec3 sum{};
    for (const Vec3& each : points) sum = sum + each;
    foot_ = to_ecef(to_place(sum * (1 / std::max(norm(sum), 1.0) * geo::kMeanRadiusM)));
    up_ = geo::normal_at(foot_);
    const Vec3 away = std::abs(up_.z) < 0.7 ? Vec3{0, 0, 1} : Vec3{1, 0, 0};
    east_ = cross(away, up_);
    east_ = east_ * (1 / norm(east_));
    north_ = cross(up_, east_);
    for (const Vec3& each : points) reach_ = std::max(reach_, norm(each - foot_));
  }

  double reach() const { return reach_; }
  Spot flat(const Vec3& p) const { return {dot(p - foot_, east_), dot(p - foot_, north_)}; }
  /// The place straight below: where the normal of the plane meets the ellipsoid.
  geo::Place place(Spot at) const {
    const Vec3 p = foot_ + east_ * at.x + north_ * at.y;
    const double squash = geo::kEquatorM / geo::kPolarM;
    const Vec3 q{p.x, p.y, p.z * squash}, w{up_.x, up_.y, up_.z * squash};
    const double a = norm2(w), b = dot(q, w), c = norm2(q) - geo::kEquatorM * geo::kEquatorM;
    const double root = std::sqrt(std::max(0.0, b * b - a * c));
    return to_place(p + up_ * ((root - b) / a));
  }

 private:
  Vec3 foot_{}, up_{}, east_{}, north_{};
  double reach_ = 0;
};

/// f(t) of two gaps; t in seconds from the start of what they have in common.
class Slices {
 public:
  Slices(const Gap& a, const Gap& b, Instant from, const Plane& plane) : a_(side(a, from, plane)), b_(side(b, from, plane)) {}
  Nearest at(double t) const { return nearest(lens(a_, t), lens(b_, t)); }
  double least(double t) const { return at(t).distance; }

 private:
  struct Side {
    Spot start, end;
    double r1, r2, speed;  ///< the radii at t = 0
  };
  static Side side(const Gap& gap, Instant from, const Plane& plane) {
    const double grow = kGrowM + kGrowShare * (gap.speed * gap.seconds());
    return {plane.flat(gap.start), plane.flat(gap.end), gap.near_start + gap.speed * gap.after(from) + grow,
            gap.near_end + gap.speed * (gap.seconds() - gap.after(from)) + grow, gap.speed};
  }
  static Lens lens(const Side& side, double t) {
    return {side.start, side.end, side.r1 + side.speed * t, side.r2 - side.speed * t};
  }
  Side a_, b_;
};

/// A line through (x1, y1) and (x2, y2) at x.
double line_at(double x1, double y1, double x2, double y2, double x) { return y1 + (y2 - y1) * ((x - x1) / (x2 - x1)); }

/// Below f on [a, b], from its values at a < c < d < b: a convex function lies above each of its secants extended.
double floor_of(double a, double fa, double c, double fc, double d, double fd, double b, double fb) {
  const double left = std::min(line_at(c, fc, d, fd, a), fc);
  const double right = std::min(line_at(c, fc, d, fd, b), fd);
  // Between c and d f lies above both outer secants: at least as high as the lower end of either.
  const double up_from_c = std::min(fc, line_at(a, fa, c, fc, d)), down_to_d = std::min(fd, line_at(d, fd, b, fb, c));
  return std::min({left, right, std::max(up_from_c, down_to_d)});
}

/// A time in [0, end] at which f is at most `limit`; none where there is none. Golden section, until a value or a floor decides,
/// or the bracket is narrower than a nanosecond (then: yes, for no meeting may be missed).
std::optional<double> find_low(const Slices& f, double end, double limit) {
  constexpr double kGolden = 0.6180339887498949;
  double a = 0, b = end, fa = f.least(a), fb = f.least(b);
  if (fa <= limit) return a;
  if (fb <= limit) return b;
  double c = b - kGolden * (b - a), d = a + kGolden * (b - a);
  double fc = f.least(c), fd = f.least(d);
  while (b - a > 1e-9 * std::max(1.0, end * 1e-6)) {
    if (fc <= limit) return c;
    if (fd <= limit) return d;
    if (floor_of(a, fa, c, fc, d, fd, b, fb) > limit) return std::nullopt;
    if (fc < fd) {
      b = d, fb = fd, d = c, fd = fc;
      c = b - kGolden * (b - a), fc = f.least(c);
    } else {
      a = c, fa = fc, c = d, fc = fd;
      d = a + kGolden * (b - a), fd = f.least(d);
    }
  }
  return fc < fd ? c : d;
}

/// The end of { f <= limit } on the side of `out`, from a time within; rounded toward `out` by less than a microsecond.
double edge(const Slices& f, double in, double out, double limit) {
  if (f.least(out) <= limit) return out;
  while (std::abs(out - in) > 1e-7) {
    const double middle = (in + out) / 2;
    (f.least(middle) <= limit ? in : out) = middle;
  }
  return out;
}

/// The straight distances of the fixes alone: |p - q| <= r(t) + D + s(t) is linear in t. Empty: they cannot have met.
bool fixes_allow(const Gap& a, const Gap& b, Instant from, double seconds, double within) {
  double low = 0, high = seconds;
  const auto need = [&](double at_zero, double rate) {  // at_zero + rate * t >= 0
    if (rate > 0) low = std::max(low, -at_zero / rate);
    if (rate < 0) high = std::min(high, at_zero / -rate);
    if (rate == 0 && at_zero < 0) high = -1;
  };
  const double slack = within + 2 * kDecidedM + 1e-6 * (a.speed * a.seconds() + b.speed * b.seconds());
  const double a1 = a.near_start + a.speed * a.after(from), a2 = a.near_end + a.speed * (a.seconds() - a.after(from));
  const double b1 = b.near_start + b.speed * b.after(from), b2 = b.near_end + b.speed * (b.seconds() - b.after(from));
  need(a1 + b1 + slack - norm(a.start - b.start), a.speed + b.speed);
  need(a1 + b2 + slack - norm(a.start - b.end), a.speed - b.speed);
  need(a2 + b1 + slack - norm(a.end - b.start), b.speed - a.speed);
  need(a2 + b2 + slack - norm(a.end - b.end), -a.speed - b.speed);
  return low <= high + 1e-6;
}

class Query {
 public:
  Query(const Traveller& a, const Traveller& b, Metres within) : a_(a), b_(b), within_(within.metres()) {}

  Result<Alibi> run() {
    const Interval covered{std::max(a_.fixes.front().time, b_.fixes.front().time),
                           std::min(a_.fixes.back().time, b_.fixes.back().time)};
    if (covered.from > covered.to) return std::move(out_);
    out_.covered = covered;
    for (std::size_t i = 0, j = 0; i + 1 < a_.fixes.size() && j + 1 < b_.fixes.size();) {
      WB_TRY_VOID(meet(i, j));
      const Instant end_a = a_.fixes[i + 1].time, end_b = b_.fixes[j + 1].time;
      if (end_a <= end_b) ++i;
      if (end_b < end_a || (end_a == end_b && i + 1 >= a_.fixes.size())) ++j;
    }
    if (!out_.windows.empty()) {
      out_.answer = CouldMeet::yes;
    } else {
      out_.answer = out_.broken.empty() ? CouldMeet::no : CouldMeet::unsaid;
    }
    return std::move(out_);
  }

 private:
  void note_broken(char track, std::size_t i, const Gap& gap) {
    for (const BrokenGap& each : out_.broken)
      if (each.track == track && each.gap == i) return;
    const double far = norm(gap.end - gap.start) - gap.near_start - gap.near_end;
    const double need = gap.seconds() > 0 ? std::ceil(far / gap.seconds() * 1000) : -1;
    out_.broken.push_back({track, i, need < 9e15 ? static_cast<std::int64_t>(need) : -1});
  }

  Result<void> meet(std::size_t i, std::size_t j) {
    const Gap a = gap_of(a_, i), b = gap_of(b_, j);
    const Interval both{std::max(a.from, b.from), std::min(a.to, b.to)};
    if (both.from > both.to) return {};
    const bool instant = both.from == both.to;
    // An instant at which gaps only touch belongs to their neighbours too; it counts where there is nothing else.
    if (instant && a.from != a.to && b.from != b.to && out_.covered->from != out_.covered->to) return {};
    if (a.broken()) note_broken('a', i, a);
    if (b.broken()) note_broken('b', j, b);
    if (a.broken() || b.broken()) return {};
    const double seconds = static_cast<double>((both.to - both.from).ms()) / 1000;
    if (!fixes_allow(a, b, both.from, seconds, within_)) return {};
    const Plane plane({a.start, a.end, b.start, b.end});
    if (plane.reach() > static_cast<double>(kWidestGapMetres))
      return base::refuse(
          Rule::alibi_too_wide, "fixes that lie " + std::to_string(std::llround(plane.reach() / 1000)) + " km from their middle",
          "at most " + std::to_string(kWidestGapMetres / 1000) + " km", "a/" + std::to_string(i) + ", b/" + std::to_string(j));
    decide(i, j, Slices(a, b, both.from, plane), both.from, seconds, plane);
    return {};
  }

  void decide(std::size_t i, std::size_t j, const Slices& f, Instant from, double seconds, const Plane& plane) {
    const double limit = within_ + kDecidedM;
    const auto low = find_low(f, seconds, limit);
    const double share = plane.reach() / geo::kLeastRadiusM;
    if (!low) return;
    out_.stretch = std::max(out_.stretch, 1 / std::sqrt(1 - share * share));
    const double first = edge(f, *low, 0, limit), last = edge(f, *low, seconds, limit);
    const auto ms = [&](double t) { return base::Millis::from_ms(static_cast<std::int64_t>(t)); };
    MeetingWindow window{{from + ms(std::floor(first * 1000)), from + ms(std::ceil(last * 1000))}, {}, {}, {}, {}, i, j};
    window.when.to = std::min(window.when.to, from + ms(std::round(seconds * 1000)));
    window.at = window.when.from + base::Millis::from_ms((window.when.to - window.when.from).ms() / 2);
    const double middle =
        std::clamp(static_cast<double>((window.at - from).ms()) / 1000, std::min(first, *low), std::max(last, *low));
    const Nearest pair = f.at(f.least(middle) <= limit ? middle : *low);
    window.place_a = plane.place(pair.a);
    window.place_b = plane.place(pair.b);
    window.apart = Metres::from_mm(static_cast<std::int64_t>(std::ceil(pair.distance * 1000)));
    out_.windows.push_back(window);
  }

  const Traveller &a_, &b_;
  double within_;
  Alibi out_;
};

Result<void> check_traveller(const Traveller& who, const char* name) {
  const auto refuse = [&](std::string found, std::string accepted, std::string where) {
    return base::refuse(Rule::alibi_track, std::move(found), std::move(accepted), std::move(where));
  };
  if (who.fixes.size() < 2 || who.fixes.size() > kMostSightings)
    return refuse(std::to_string(who.fixes.size()) + " fixes", "2 to " + std::to_string(kMostSightings) + " fixes", name);
  if (who.most_speed_mmps < 0 || who.most_speed_mmps > kMostSpeed_mmps)
    return refuse("a bound of " + std::to_string(who.most_speed_mmps) + " mm/s", "0 to " + std::to_string(kMostSpeed_mmps), name);
  for (std::size_t i = 0; i < who.fixes.size(); ++i) {
    const Sighting& fix = who.fixes[i];
    const auto where = [&] { return std::string(name) + "/" + std::to_string(i); };
    if (!in_range(fix.place))
      return base::refuse(Rule::place_out_of_range, "a place beyond the ends of latitude or longitude", {}, where());
    if (fix.accuracy < Metres{} || fix.accuracy > Metres::from_metres(1'000'000))
      return refuse("an accuracy of " + std::to_string(fix.accuracy.mm()) + " mm", "0 to 1000 km", where());
    if (i > 0 && fix.time < who.fixes[i - 1].time)
      return refuse(to_text(fix.time) + " after " + to_text(who.fixes[i - 1].time), "times that never go back", where());
  }
  return {};
}

}  // namespace

std::string_view name_of(CouldMeet answer) noexcept {
  switch (answer) {
    case CouldMeet::no: return "no";
    case CouldMeet::yes: return "yes";
    case CouldMeet::unsaid: break;
  }
  return "cannot be said";
}

Result<Alibi> could_have_met(const Traveller& a, const Traveller& b, Metres within) {
  WB_TRY_VOID(check_traveller(a, "a"));
  WB_TRY_VOID(check_traveller(b, "b"));
  if (within < Metres{} || within > Metres::from_metres(1'000'000))
    return base::refuse(Rule::alibi_track, std::to_string(within.mm()) + " mm", "0 to 1000 km", "within");
  return Query(a, b, within).run();
}

}  // namespace wideberth::live
