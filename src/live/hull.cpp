#include "live/hull.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <queue>
#include <vector>

namespace wideberth::live {
namespace {

/// So many stretches of time are looked at, at most; what is left then counts as near as it can be.
constexpr int kMostStretches = 4'096;

GroundVec operator+(GroundVec a, GroundVec b) { return {a.x + b.x, a.y + b.y}; }
GroundVec operator-(GroundVec a, GroundVec b) { return {a.x - b.x, a.y - b.y}; }
GroundVec operator*(GroundVec a, double by) { return {a.x * by, a.y * by}; }
double dot(GroundVec a, GroundVec b) { return a.x * b.x + a.y * b.y; }
double cross(GroundVec a, GroundVec b) { return a.x * b.y - a.y * b.x; }
double length_of(GroundVec a) { return std::sqrt(dot(a, a)); }
GroundVec left_of(GroundVec a) { return {-a.y, a.x}; }

/// The heading halfway between two, by square roots alone.
GroundVec between(GroundVec a, GroundVec b) {
  if (a.x == b.x && a.y == b.y) return a;
  const GroundVec sum = a + b;
  const double length = length_of(sum);
  return length < 1e-9 ? left_of(a) : sum * (1 / length);
}

struct Line {
  GroundVec from, to;
};

double from_point(GroundVec point, const Line& line) {
  const GroundVec way = line.to - line.from;
  const double square = dot(way, way);
  const double share = square > 0 ? std::clamp(dot(point - line.from, way) / square, 0.0, 1.0) : 0;
  return length_of(line.from + way * share - point);
}

bool cross_each_other(const Line& a, const Line& b) {
  const GroundVec u = a.to - a.from, v = b.to - b.from;
  const double a_from = cross(v, a.from - b.from), a_to = cross(v, a.to - b.from);
  const double b_from = cross(u, b.from - a.from), b_to = cross(u, b.to - a.from);
  return ((a_from < 0) != (a_to < 0)) && ((b_from < 0) != (b_to < 0));
}

double from_line(const Line& a, const Line& b) {
  if (cross_each_other(a, b)) return 0;
  return std::min({from_point(a.from, b), from_point(a.to, b), from_point(b.from, a), from_point(b.to, a)});
}

/// Where the middle of the one lies, as the other sees it, when both touch: the border of the sum of the two rectangles.
struct Touching {
  std::array<GroundVec, 8> corners;

  Touching(HalfSize a, GroundVec heading_a, HalfSize b, GroundVec heading_b) : corners{} {
    std::array<GroundVec, 4> sides{heading_a * a.length, left_of(heading_a) * a.width, heading_b * b.length,
                                   left_of(heading_b) * b.width};
    GroundVec at{};
    for (GroundVec& side : sides) {
      if (side.y < 0 || (side.y == 0 && side.x < 0)) side = side * -1;
      at = at - side;
    }
    // By direction, each in the upper half: an order of at most four, so the plainest sort.
    for (std::size_t i = 1; i < sides.size(); ++i)
      for (std::size_t j = i; j > 0 && cross(sides[j - 1], sides[j]) < 0; --j) std::swap(sides[j - 1], sides[j]);
    for (std::size_t i = 0; i < sides.size(); ++i) {
      corners[i] = at;
      corners[i + 4] = at * -1;
      at = at + sides[i] * 2;
    }
  }
  bool holds(GroundVec point) const {
    for (std::size_t i = 0; i < corners.size(); ++i)
      if (cross(corners[(i + 1) % corners.size()] - corners[i], point - corners[i]) < 0) return false;
    return true;
  }
  double from(const Line& line) const {
    if (holds(line.from) || holds(line.to)) return 0;
    double least = HUGE_VAL;
    for (std::size_t i = 0; i < corners.size(); ++i)
      least = std::min(least, from_line(line, {corners[i], corners[(i + 1) % corners.size()]}));
    return least;
  }
};

/// Both units over a stretch of the time.
struct Stretch {
  Line way;  ///< of b's middle as a's middle sees it
  std::array<GroundVec, 2> heading, heading_to;
  double least = 0;                                                           ///< no gap in it is smaller
  bool operator<(const Stretch& other) const { return least > other.least; }  // the nearest is looked at first
};

class GapSearch {
 public:
  GapSearch(const Swing& a, const Swing& b) : half_{a.half, b.half} {
    add({{b.from - a.from, b.to - a.to}, {a.heading, b.heading}, {a.heading_to, b.heading_to}, 0});
  }
  double run() {
    for (int looked = 0; looked < kMostStretches; ++looked) {
      const Stretch nearest = open_.top();
      if (nearest.least >= best_ - kGapWithinM) return nearest.least;
      open_.pop();
      const GroundVec half_way = (nearest.way.from + nearest.way.to) * 0.5;
      std::array<GroundVec, 2> middle;
      for (std::size_t i = 0; i < 2; ++i) middle[i] = between(nearest.heading[i], nearest.heading_to[i]);
      add({{nearest.way.from, half_way}, nearest.heading, middle, 0});
      add({{half_way, nearest.way.to}, middle, nearest.heading_to, 0});
    }
    return open_.top().least;
  }

 private:
  void add(Stretch stretch) {
    std::array<GroundVec, 2> middle;
    double slack = 0;
    for (std::size_t i = 0; i < 2; ++i) {
      middle[i] = between(stretch.heading[i], stretch.heading_to[i]);
      slack += length_of(stretch.heading_to[i] - middle[i]) * length_of({half_[i].length, half_[i].width});
    }
    const Touching touching(half_[0], middle[0], half_[1], middle[1]);
    const GroundVec half_way = (stretch.way.from + stretch.way.to) * 0.5;
    best_ = std::min(best_, slack == 0 ? touching.from(stretch.way) : touching.from({half_way, half_way}));
    stretch.least = std::max(0.0, touching.from(stretch.way) - slack);
    open_.push(stretch);
  }

  std::array<HalfSize, 2> half_;
  std::priority_queue<Stretch> open_{};
  double best_ = HUGE_VAL;  ///< a gap that there is
};

}  // namespace

double least_gap(const Swing& a, const Swing& b) { return GapSearch(a, b).run(); }

Corners corners_of(GroundVec middle, GroundVec heading, HalfSize half) {
  const GroundVec ahead = heading * half.length, left = left_of(heading) * half.width;
  return {{middle + ahead + left, middle - ahead + left, middle - ahead - left, middle + ahead - left}};
}

}  // namespace wideberth::live
