// Blocking and boxing in: the tests of those who stand.
#include <algorithm>
#include <cmath>

#include "live/conduct_tests.h"

namespace wideberth::live {
namespace {

/// Where `by` stands as `upon` comes: metres ahead along its way, and to the side of it.
struct OnWay {
  double ahead = 0, side = 0;
};

OnWay on_way(const Pairing& pair, std::size_t k, const Way* way) {
  if (way != nullptr) {
    const Foot theirs = foot_on(way->line, pair.b[k].at), own = foot_on(way->line, pair.u[k].at);
    return {theirs.along - own.along, theirs.off};
  }
  if (norm2(pair.u[k].heading) == 0) return {-1, HUGE_VAL};
  const Seen seen = seen_from(pair.u[k].at, pair.u[k].heading, pair.b[k].at);
  return {seen.ahead, std::abs(seen.left)};
}

enum Side : unsigned { kAhead = 1, kLeft = 2, kBehind = 4, kRight = 8 };
unsigned side_of(const Vec3& at, const Vec3& heading, const Vec3& point) {
  const Seen seen = seen_from(at, heading, point);
  if (std::abs(seen.ahead) >= std::abs(seen.left)) return seen.ahead >= 0 ? kAhead : kBehind;
  return seen.left >= 0 ? kLeft : kRight;
}
unsigned count_of(unsigned sides) { return (sides & 1U) + (sides >> 1U & 1U) + (sides >> 2U & 1U) + (sides >> 3U & 1U); }

}  // namespace

void Finder::blocking(const Pairing& pair) {
  const auto found = around_.ways.find(pair.upon.unit());
  const Way* way = found == around_.ways.end() || found->second.line.size() < 2 ? nullptr : &found->second;
  const double half_width = way != nullptr ? way->half_width_m : tests_[Limit::blocking_half_width_m];
  const double slow = tests_[Limit::blocking_speed_below_mps];
  const auto holds = [&](std::size_t k) {
    if (pair.b[k].speed >= slow || pair.u[k].speed >= slow) return false;
    if (pair.distance(k) > tests_[Limit::blocking_stopped_within_m]) return false;
    const OnWay where = on_way(pair, k, way);
    return where.ahead > 0 && where.ahead <= tests_[Limit::blocking_closer_than_m] && where.side <= half_width;
  };
  for (const Run& run : runs_of(pair.size(), holds)) {
    if (pair.seconds(run) < tests_[Limit::blocking_for_s]) continue;
    std::size_t drop = run.first;  // when the other fell below the speed
    while (drop > 0 && pair.u[drop - 1].speed < slow) --drop;
    if (drop == 0) continue;  // it stood all along
    if (pair.seconds({drop, run.first}) > tests_[Limit::blocking_together_s]) continue;
    double least = HUGE_VAL, most_side = 0, fastest = 0, came = 0;
    for (std::size_t k = run.first; k <= run.last; ++k) {
      least = std::min(least, pair.distance(k));
      most_side = std::max(most_side, on_way(pair, k, way).side);
      fastest = std::max({fastest, pair.b[k].speed, pair.u[k].speed});
    }
    for (std::size_t k = drop; k-- > 0 && pair.times[drop] - pair.times[k] <= Millis::from_seconds(30);)
      came = std::max(came, pair.u[k].speed);
    report({Conduct::blocking,
            {pair.by.unit()},
            pair.upon.unit(),
            pair.span(run),
            {{"ahead_m", in_thousandths(on_way(pair, run.first, way).ahead)},
             {"beside_way_m", in_thousandths(most_side)},
             {"least_distance_m", in_thousandths(least)},
             {"greatest_speed_mps", in_thousandths(fastest)},
             {"came_at_mps", in_thousandths(came)},
             {"duration_s", in_thousandths(pair.seconds(run))},
             {"way_notified", way != nullptr ? 1000 : 0}},
            {}},
           {&pair.by, &pair.upon}, Limit::blocking_least_fix_s, Limit::blocking_most_accuracy_m);
  }
}

void Finder::boxing_in(const Look& upon) {
  std::vector<const Look*> others;
  for (const Look& look : looks_)
    if (units_.party_of(look.unit()) != units_.party_of(upon.unit())) others.push_back(&look);
  if (static_cast<double>(others.size()) < tests_[Limit::boxing_in_units_at_least]) return;
  const auto& own = upon.samples();
  struct Around {
    std::vector<const Look*> near{};
    unsigned sides = 0;
    double furthest = 0;
  };
  const auto around_at = [&](std::size_t k) {
    Around out;
    const Vec3& at = own[k].at;
    for (const Look* other : others) {
      const auto moment = other->at(own[k].time);
      if (!moment || norm(moment->at - at) > tests_[Limit::boxing_in_closer_than_m]) continue;
      if (std::abs(moment->altitude - static_cast<double>(own[k].altitude_m)) >= tests_[Limit::low_overflight_height_above_m])
        continue;
      out.near.push_back(other);
      out.furthest = std::max(out.furthest, norm(moment->at - at));
      const Vec3 heading =
          norm2(upon.heading(k)) > 0 ? upon.heading(k) : (moment->at - at) * (1 / std::max(0.01, norm(moment->at - at)));
      const Vec3 half = moment->heading * (other->length() / 2);
      for (const Vec3& point : {moment->at, moment->at + half, moment->at - half}) out.sides |= side_of(at, heading, point);
    }
    return out;
  };
  const auto holds = [&](std::size_t k) {
    if (upon.speed(k) >= tests_[Limit::boxing_in_speed_below_mps]) return false;
    const Around out = around_at(k);
    return static_cast<double>(out.near.size()) >= tests_[Limit::boxing_in_units_at_least] &&
           count_of(out.sides) >= tests_[Limit::boxing_in_quadrants_at_least];
  };
  for (const Run& run : runs_of(own.size(), holds)) {
    const Interval when{own[run.first].time, own[run.last].time};
    const double lasted = static_cast<double>((when.to - when.from).ms()) / 1000;
    if (lasted < tests_[Limit::boxing_in_for_s]) continue;
    Candidate candidate{Conduct::boxing_in, {}, upon.unit(), when, {}, {}};
    std::vector<const Look*> looks{&upon};
    unsigned least_sides = 4;
    double furthest = 0, fastest = 0;
    for (std::size_t k = run.first; k <= run.last; ++k) {
      const Around out = around_at(k);
      least_sides = std::min(least_sides, count_of(out.sides));
      furthest = std::max(furthest, out.furthest);
      fastest = std::max(fastest, upon.speed(k));
      for (const Look* each : out.near)
        if (std::find(looks.begin(), looks.end(), each) == looks.end()) looks.push_back(each);
    }
    for (std::size_t i = 1; i < looks.size(); ++i) candidate.by.push_back(looks[i]->unit());
    std::sort(candidate.by.begin(), candidate.by.end());
    candidate.values = {{"units", in_thousandths(static_cast<double>(candidate.by.size()))},
                        {"quadrants", in_thousandths(least_sides)},
                        {"furthest_of_them_m", in_thousandths(furthest)},
                        {"greatest_speed_mps", in_thousandths(fastest)},
                        {"duration_s", in_thousandths(lasted)}};
    report(std::move(candidate), looks, Limit::boxing_in_least_fix_s, Limit::boxing_in_most_accuracy_m);
  }
}

}  // namespace wideberth::live
