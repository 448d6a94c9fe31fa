#include "geo/judge.h"

#include <algorithm>
#include <cstdint>
#include <limits>

#include "base/check.h"
#include "geo/judge_lanes.h"
#include "geo/pair.h"

namespace wideberth::geo {

namespace {

constexpr double kNever = std::numeric_limits<double>::infinity();

void put(const std::optional<Nearest>& at, std::size_t k, NearestOf& found) {
  found.distance2[k] = at ? at->distance2 : kNever;
  found.u[k] = at ? at->u : 0, found.v[k] = at ? at->v : 0;
}

double along(double first, double last, double t) { return first + (last - first) * t; }

// One after the other: what the lanes must say too.
void alone(const PiecePair& pair, const Nearest& ever, std::size_t k, PairAnswers& found) {
  const Piece &p = *pair.a, &q = *pair.b;
  const Chords chords{p, q};
  const Linear least_of{q.s0 - p.h0, -(p.h1 - p.h0), q.s1 - q.s0}, most_of{q.h0 - p.s0, -(p.s1 - p.s0), q.h1 - q.h0};
  const Reached near = reached(chords, ever, pair.reach2, least_of, most_of);
  found.delay_least[k] = near.any ? near.least : kNever;
  found.delay_most[k] = near.any ? std::max(near.least, near.most) : -kNever;
  put(nearest(chords, ever, on_schedule(p), on_schedule(q)), k, found.planned);
  put(nearest(chords, ever, possible(p), possible(q)), k, found.possible);
  if (!(found.possible.distance2[k] <= pair.reach2)) return;

  const double soonest = std::max(along(p.e0, p.e1, near.u_low), along(q.e0, q.e1, near.v_low));
  const double latest = std::min(along(p.l0, p.l1, near.u_high), along(q.l0, q.l1, near.v_high));
  found.not_before[k] = soonest, found.not_after[k] = latest;
  // Where both are there together throughout, and the one begins after the other has, wherever both are, that one tells when;
  // likewise of the ends.
  const bool together = p.e1 <= q.l0 && q.e1 <= p.l0;
  const bool begins = together && (p.e0 >= q.e1 || q.e0 >= p.e1), ends = together && (p.l1 <= q.l0 || q.l1 <= p.l0);
  found.first[k] = begins ? soonest : first_together(chords, near, pair.reach2, possible(p), possible(q));
  found.last[k] = ends ? latest : last_together(chords, near, pair.reach2, possible(p), possible(q));
}

void ever_alone(const PiecePair* pairs, std::size_t count, NearestOf& found) {
  for (std::size_t k = 0; k < count; ++k) put(nearest(Chords{*pairs[k].a, *pairs[k].b}), k, found);
}
void possible_alone(const PiecePair* pairs, std::size_t count, NearestOf& found) {
  for (std::size_t k = 0; k < count; ++k)
    put(nearest(Chords{*pairs[k].a, *pairs[k].b}, possible(*pairs[k].a), possible(*pairs[k].b)), k, found);
}
void planned_alone(const PiecePair* pairs, std::size_t count, NearestOf& found) {
  for (std::size_t k = 0; k < count; ++k)
    put(nearest(Chords{*pairs[k].a, *pairs[k].b}, on_schedule(*pairs[k].a), on_schedule(*pairs[k].b)), k, found);
}
void judge_alone(const PiecePair* pairs, std::size_t count, const NearestOf& ever, PairAnswers& found) {
  for (std::size_t k = 0; k < count; ++k) alone(pairs[k], {ever.distance2[k], ever.u[k], ever.v[k]}, k, found);
}

// Whole numbers again: to_place's own are, to the bit.
void places_alone(double* x, double* y, const double* z, std::size_t count) {
  for (std::size_t k = 0; k < count; ++k) {
    const Place place = to_place({x[k], y[k], z[k]});
    x[k] = static_cast<double>(place.lat_e7), y[k] = static_cast<double>(place.lon_e7);
  }
}

constexpr Judges kAlone{ever_alone, possible_alone, planned_alone, judge_alone, places_alone};

// Like to_place: what floor makes of x + 0.5. REQUIRES less than 2^31 in size.
std::int32_t whole_of(double x) {
  const double raised = x + 0.5;
  const auto cut = static_cast<std::int64_t>(raised);
  return static_cast<std::int32_t>(cut - (static_cast<double>(cut) > raised ? 1 : 0));
}

const Judges& at(Width width) {
  switch (width) {
#ifdef WIDEBERTH_WIDE_LANES
    case Width::eight: return kEightLanes;
    case Width::four: return kFourLanes;
#else
    case Width::eight:
    case Width::four:
#endif
    case Width::two: return kTwoLanes;
    case Width::one: break;
  }
  return kAlone;
}

Width found_widest() {
#ifdef WIDEBERTH_WIDE_LANES
  if (__builtin_cpu_supports("avx512f") != 0 && __builtin_cpu_supports("avx512dq") != 0 &&
      __builtin_cpu_supports("avx512vl") != 0)
    return Width::eight;
  if (__builtin_cpu_supports("avx2") != 0) return Width::four;
#endif
  return Width::two;
}

// Few pairs leave wide lanes empty, which cost as much as full ones.
Width width_for(std::size_t count) {
  const Width most = widest();
  return std::min(most, count <= 2 ? Width::two : count <= 16 ? Width::four : Width::eight);
}

}  // namespace

Width widest() noexcept {
  static const Width width = found_widest();
  return width;
}

void nearest_ever(Width width, std::span<const PiecePair> pairs, NearestOf& found) {
  WB_CHECK(pairs.size() <= kMostPairs);
  at(width).nearest_ever(pairs.data(), pairs.size(), found);
}
void nearest_possible(Width width, std::span<const PiecePair> pairs, NearestOf& found) {
  WB_CHECK(pairs.size() <= kMostPairs);
  at(width).nearest_possible(pairs.data(), pairs.size(), found);
}
void nearest_planned(Width width, std::span<const PiecePair> pairs, NearestOf& found) {
  WB_CHECK(pairs.size() <= kMostPairs);
  at(width).nearest_planned(pairs.data(), pairs.size(), found);
}
void to_places(Width width, std::span<const Ecef> points, std::span<Place> places) {
  WB_CHECK(points.size() <= kMostPairs && places.size() == points.size());
  constexpr std::size_t kSpare = 8;  // so that whole lanes may be read and written
  double x[kMostPairs + kSpare], y[kMostPairs + kSpare], z[kMostPairs + kSpare];
  const std::size_t filled = (points.size() + kSpare - 1) / kSpare * kSpare;
  for (std::size_t k = 0; k < filled; ++k) {
    const Ecef& point = points[std::min(k, points.size() - 1)];
    x[k] = point.x, y[k] = point.y, z[k] = point.z;
  }
  at(width).places(x, y, z, points.size());
  for (std::size_t k = 0; k < points.size(); ++k) {
    const std::int32_t lat = whole_of(x[k]);
    // At a pole every longitude is the same place.
    places[k] = {lat >= 900'000'000 || lat <= -900'000'000 ? 0 : whole_of(y[k]), lat};
  }
}
void judge(Width width, std::span<const PiecePair> pairs, const NearestOf& ever, PairAnswers& found) {
  WB_CHECK(pairs.size() <= kMostPairs);
  at(width).judge(pairs.data(), pairs.size(), ever, found);
}

void nearest_ever(std::span<const PiecePair> pairs, NearestOf& found) { nearest_ever(width_for(pairs.size()), pairs, found); }
void nearest_possible(std::span<const PiecePair> pairs, NearestOf& found) {
  nearest_possible(width_for(pairs.size()), pairs, found);
}
void nearest_planned(std::span<const PiecePair> pairs, NearestOf& found) {
  nearest_planned(width_for(pairs.size()), pairs, found);
}
void to_places(std::span<const Ecef> points, std::span<Place> places) { to_places(width_for(points.size()), points, places); }
void judge(std::span<const PiecePair> pairs, const NearestOf& ever, PairAnswers& found) {
  judge(width_for(pairs.size()), pairs, ever, found);
}

}  // namespace wideberth::geo
