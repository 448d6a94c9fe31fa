#include "live/movement.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "geo/polygon.h"

namespace wideberth::live {

namespace {

/// On top of twice the way that a unit moved, along a route: what bends, wandering fixes and a late start may make of it.
constexpr double kBendsM = 500;

/// Within the corridor, what a metre off the line weighs against a second off the time.
constexpr double kMetresForASecond = 5;

struct Foot {
  double fraction = 0, off2 = 0;
};
Foot foot_of(const geo::Piece& piece, const Vec3& at) {
  const Vec3 from = at - piece.from;
  const double length2 = geo::norm2(piece.along);
  const double fraction = length2 > 0 ? std::clamp(geo::dot(from, piece.along) / length2, 0.0, 1.0) : 0;
  return {fraction, geo::norm2(from - piece.along * fraction)};
}

double off_box2(const geo::Box& box, const Vec3& at) {
  const auto out = [](double low, double high, double x) { return x < low ? low - x : x > high ? x - high : 0; };
  return geo::norm2({out(box.low.x, box.high.x, at.x), out(box.low.y, box.high.y, at.y), out(box.low.z, box.high.z, at.z)});
}

/// Seconds by which `when` misses the window of a point of the route.
double deviation(const geo::Piece& piece, double fraction, double when_ms) {
  const bool halt = geo::norm2(piece.along) == 0;
  const double earliest = halt ? piece.e0 : piece.e0 + (piece.e1 - piece.e0) * fraction;
  const double latest = halt ? piece.l1 : piece.l0 + (piece.l1 - piece.l0) * fraction;
  return when_ms < earliest ? (when_ms - earliest) / 1000 : when_ms > latest ? (when_ms - latest) / 1000 : 0;
}

class Locator {
 public:
  Locator(const Movement& movement, const Vec3& at, Instant when, const std::optional<Progress>& last, double moved_m)
      : movement_{movement},
        at_{at},
        when_{when},
        when_ms_{static_cast<double>(when.ms())},
        width_{movement.plan.half_width().metres()} {
    if (!last) return;
    low_m_ = last->along_m - 2 * moved_m - kBendsM;
    high_m_ = last->along_m + 2 * moved_m + kBendsM;
  }

  /// The piece it was on or the next one, if it is still within it and within its window.
  std::optional<Progress> still_on(const Progress& last) const {
    for (std::size_t piece = last.piece; piece <= last.piece + 1 && piece < movement_.plan.pieces().size(); ++piece)
      if (const auto found = keeps_to(movement_.plan.pieces()[piece], at_, when_, width_ * width_))
        return progress(piece, {found->fraction, found->off_m * found->off_m});
    return {};
  }

  Progress anywhere() {
    const auto tree = movement_.plan.tree();
    std::array<std::uint32_t, 64> stack{0};
    for (std::size_t depth = 1; depth > 0;) {
      const geo::BoxNode& node = tree[stack[--depth]];
      const double bound =
          std::max(width_ * width_, best_ ? best_->off_m * best_->off_m : std::numeric_limits<double>::infinity());
      if (off_box2(node.box, at_) > bound) continue;
      if (node.right == 0) {
        for (std::size_t piece = node.first; piece < std::size_t{node.first} + node.count; ++piece)
          consider(progress(piece, foot_of(movement_.plan.pieces()[piece], at_)));
      } else {
        stack[depth++] = node.right;
        stack[depth++] = static_cast<std::uint32_t>(&node - tree.data()) + 1;
      }
    }
    return *best_;
  }

 private:
  Progress progress(std::size_t piece, const Foot& foot) const {
    const double along = movement_.reach_m[piece] + (movement_.reach_m[piece + 1] - movement_.reach_m[piece]) * foot.fraction;
    double off_time = deviation(movement_.plan.pieces()[piece], foot.fraction, when_ms_);
    const bool waits = along <= width_ && off_time < 0, there = movement_.reach_m.back() - along <= width_ && off_time > 0;
    if (waits || there) off_time = 0;
    return {piece, foot.fraction, std::sqrt(foot.off2), off_time, along};
  }

  // In the corridor before out of it; reachable before not; then the nearer in time and space; then the earlier.
  bool better(const Progress& a, const Progress& b) const {
    const auto rank = [&](const Progress& p) {
      return (p.off_m <= width_ ? 0 : 2) + (p.along_m >= low_m_ && p.along_m <= high_m_ ? 0 : 1);
    };
    if (rank(a) != rank(b)) return rank(a) < rank(b);
    const double x = cost(a), y = cost(b);
    return x != y ? x < y : a.piece < b.piece;
  }
  double cost(const Progress& p) const {
    return p.off_m <= width_ ? std::fabs(p.deviation_s) + p.off_m / kMetresForASecond : p.off_m;
  }
  void consider(const Progress& found) {
    if (!best_ || better(found, *best_)) best_ = found;
  }

  const Movement& movement_;
  Vec3 at_;
  Instant when_;
  double when_ms_, width_;
  double low_m_ = -std::numeric_limits<double>::infinity(), high_m_ = std::numeric_limits<double>::infinity();
  std::optional<Progress> best_{};
};

Progress in_area(const Movement& movement, const Vec3& at, Instant when) {
  Progress progress;
  const geo::Plan& plan = movement.plan;
  double off2 = std::numeric_limits<double>::infinity();
  for (const geo::Piece& piece : plan.pieces()) off2 = std::min(off2, foot_of(piece, at).off2);
  const bool inside = plan.shape() == geo::Plan::Shape::polygon && geo::is_inside(plan, at);
  progress.off_m = inside ? 0 : std::sqrt(off2);
  const Interval& window = movement.span;
  if (when < window.from) progress.deviation_s = seconds_of(when - window.from);
  if (when > window.to) progress.deviation_s = seconds_of(when - window.to);
  return progress;
}

}  // namespace

Result<std::shared_ptr<const Movement>> make_movement(std::string id, model::Notification notified, bool every_vehicle_reports) {
  WB_TRY(plan, model::compile(notified));
  auto movement = std::make_shared<Movement>(Movement{std::move(id), std::move(notified), std::move(plan)});
  movement->span = movement->plan.span();
  movement->every_vehicle_reports = every_vehicle_reports;
  for (const auto* lines : {&movement->notified.composition.vehicles, &movement->notified.composition.escorts})
    for (const model::CompositionLine& line : *lines) movement->vehicles += line.count;
  if (movement->plan.shape() == geo::Plan::Shape::route) {
    movement->reach_m.push_back(0);
    for (const geo::Piece& piece : movement->plan.pieces())
      movement->reach_m.push_back(movement->reach_m.back() + geo::norm(piece.along));
  }
  return std::shared_ptr<const Movement>(std::move(movement));
}

std::optional<Progress> keeps_to(const geo::Piece& piece, const Vec3& at, Instant when, double width2) {
  const Foot foot = foot_of(piece, at);
  if (foot.off2 > width2 || foot.fraction == 1 || deviation(piece, foot.fraction, static_cast<double>(when.ms())) != 0) return {};
  return Progress{0, foot.fraction, std::sqrt(foot.off2)};
}

Progress locate(const Movement& movement, const Vec3& at, Instant when, const std::optional<Progress>& last, double moved_m) {
  if (movement.plan.shape() != geo::Plan::Shape::route) return in_area(movement, at, when);
  Locator search{movement, at, when, last, moved_m};
  if (last)
    if (const auto still = search.still_on(*last)) return *still;
  return search.anywhere();
}

}  // namespace wideberth::live
