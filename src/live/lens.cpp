#include "live/lens.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

namespace wideberth::live {
namespace {

constexpr double kTolerance = 1e-6;

struct Disc {
  Spot centre;
  double radius;
};

bool holds(const Disc& disc, Spot p) { return length(p - disc.centre) <= disc.radius + kTolerance; }

/// Up to two points.
struct Corners {
  std::array<Spot, 2> at;
  std::size_t count = 0;
};

/// Where two circles cross. Touching within rounding counts as crossing in one point twice.
Corners crossing(const Disc& a, const Disc& b) {
  const Spot between = b.centre - a.centre;
  const double d = length(between);
  if (d == 0 || d > a.radius + b.radius + kTolerance || d < std::abs(a.radius - b.radius)) return {};
  const double along = std::clamp((d + (a.radius - b.radius) * (a.radius + b.radius) / d) / 2, -a.radius, a.radius);
  const double up = std::sqrt(std::max(0.0, (a.radius - along) * (a.radius + along)));
  const Spot unit = between * (1 / d);
  const Spot foot = a.centre + unit * along, side{-unit.y * up, unit.x * up};
  return {{foot + side, foot - side}, 2};
}

std::array<Disc, 2> discs_of(const Lens& lens) { return {{{lens.c1, lens.r1}, {lens.c2, lens.r2}}}; }

std::optional<Spot> common(const std::array<Disc, 4>& discs) {
  const auto in_all = [&](Spot p) { return std::all_of(discs.begin(), discs.end(), [&](const Disc& d) { return holds(d, p); }); };
  for (const Disc& disc : discs)
    if (in_all(disc.centre)) return disc.centre;
  for (std::size_t i = 0; i < discs.size(); ++i)
    for (std::size_t j = i + 1; j < discs.size(); ++j) {
      const Corners found = crossing(discs[i], discs[j]);
      for (std::size_t k = 0; k < found.count; ++k)
        if (in_all(found.at[k])) return found.at[k];
    }
  return std::nullopt;
}

/// The point of the circle that is nearest to `to`.
Spot toward(const Disc& disc, Spot to) {
  const Spot between = to - disc.centre;
  const double d = length(between);
  return d == 0 ? disc.centre + Spot{disc.radius, 0} : disc.centre + between * (disc.radius / d);
}

class Search {
 public:
  Search(const std::array<Disc, 2>& a, const std::array<Disc, 2>& b) : a_(a), b_(b) {}

  Nearest run() {
    const Corners of_a = crossing(a_[0], a_[1]), of_b = crossing(b_[0], b_[1]);
    for (const Disc& p : a_)
      for (const Disc& q : b_) take(toward(p, q.centre), toward(q, p.centre));
    for (std::size_t i = 0; i < of_a.count; ++i)
      for (const Disc& q : b_) take(of_a.at[i], toward(q, of_a.at[i]));
    for (std::size_t j = 0; j < of_b.count; ++j)
      for (const Disc& p : a_) take(toward(p, of_b.at[j]), of_b.at[j]);
    for (std::size_t i = 0; i < of_a.count; ++i)
      for (std::size_t j = 0; j < of_b.count; ++j) take(of_a.at[i], of_b.at[j]);
    return best_;
  }

 private:
  void take(Spot x, Spot y) {
    if (!holds(a_[0], x) || !holds(a_[1], x) || !holds(b_[0], y) || !holds(b_[1], y)) return;
    const double d = length(x - y);
    if (d < best_.distance) best_ = {d, x, y};
  }

  const std::array<Disc, 2>&a_, &b_;
  Nearest best_{HUGE_VAL, {}, {}};
};

}  // namespace

double length(Spot of) noexcept { return std::sqrt(of.x * of.x + of.y * of.y); }

Nearest nearest(const Lens& a, const Lens& b) noexcept {
  const std::array<Disc, 2> da = discs_of(a), db = discs_of(b);
  if (const auto met = common({{da[0], da[1], db[0], db[1]}})) return {0, *met, *met};
  return Search(da, db).run();
}

}  // namespace wideberth::live
