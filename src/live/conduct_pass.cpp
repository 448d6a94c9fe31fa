// Close overtaking, cutting in and forcing off the road: the tests of those who pass.
#include <algorithm>
#include <cmath>

#include "live/conduct_tests.h"

namespace wideberth::live {
namespace {

/// Seconds until two units that go on straight and evenly are within `touch` of each other; infinite where never.
double seconds_to_touch(const Moment& a, const Moment& b, double touch) {
  const Vec3 r = b.at - a.at, v = b.heading * b.quick - a.heading * a.quick;
  const double c = norm2(r) - touch * touch, along = dot(r, v), square = norm2(v);
  if (c <= 0) return 0;
  const double under = along * along - square * c;
  if (along >= 0 || under < 0) return HUGE_VAL;
  return c / (std::sqrt(under) - along);
}

double angle(const Moment& a, const Moment& b) { return std::abs(turn_deg(a.at, a.heading, b.heading)); }

}  // namespace

void Finder::overtake_close(const Pairing& pair) {
  for (std::size_t k = 0; k + 1 < pair.size(); ++k) {
    const Moment &u0 = pair.u[k], &u1 = pair.u[k + 1], &b0 = pair.b[k], &b1 = pair.b[k + 1];
    if (norm2(u0.heading) == 0 || norm2(u1.heading) == 0) continue;
    const Seen before = seen_from(u0.at, u0.heading, b0.at), after = seen_from(u1.at, u1.heading, b1.at);
    if (!(before.ahead < 0 && after.ahead >= 0)) continue;
    const double share = -before.ahead / (after.ahead - before.ahead);
    const auto mix = [&](double x, double y) { return x + (y - x) * share; };
    const double gap = std::abs(mix(before.left, after.left)) - (pair.by.width() + pair.upon.width()) / 2;
    const double faster = mix(b0.quick - u0.quick, b1.quick - u1.quick), other = mix(u0.quick, u1.quick);
    const double turned = std::max(angle(u0, b0), angle(u1, b1));
    if (gap >= tests_[Limit::overtake_close_gap_below_m] || faster <= tests_[Limit::overtake_close_faster_by_mps] ||
        turned > tests_[Limit::overtake_close_heading_within_deg] || other < tests_[Limit::overtake_close_moving_mps])
      continue;
    report({Conduct::overtake_close,
            {pair.by.unit()},
            pair.upon.unit(),
            {pair.times[k], pair.times[k + 1]},
            {{"gap_m", in_thousandths(gap)},
             {"faster_by_mps", in_thousandths(faster)},
             {"speed_of_other_mps", in_thousandths(other)},
             {"angle_deg", in_thousandths(turned)}},
            {}},
           {&pair.by, &pair.upon}, Limit::overtake_close_least_fix_s, Limit::overtake_close_most_accuracy_m,
           Millis::from_seconds(1));
  }
}

void Finder::cut_in(const Pairing& pair) {
  const double touch = (pair.by.length() + pair.upon.length()) / 2, lane = tests_[Limit::cut_in_lane_m];
  const Millis room = Millis::from_ms(static_cast<std::int64_t>(tests_[Limit::cut_in_within_s] * 1000));
  const auto seen = [&](std::size_t k) { return seen_from(pair.u[k].at, pair.u[k].heading, pair.b[k].at); };
  const auto knows = [&](std::size_t k) { return norm2(pair.u[k].heading) > 0 && norm2(pair.b[k].heading) > 0; };
  const auto holds = [&](std::size_t k) {
    if (!knows(k) || pair.u[k].quick < tests_[Limit::cut_in_moving_mps] || seen(k).ahead <= 0) return false;
    const double turned = angle(pair.u[k], pair.b[k]);
    return turned >= tests_[Limit::cut_in_angle_from_deg] && turned <= tests_[Limit::cut_in_angle_to_deg] &&
           seconds_to_touch(pair.u[k], pair.b[k], touch) < tests_[Limit::cut_in_ttc_below_s];
  };
  Instant last = Instant::from_ms(INT64_MIN / 2);
  for (const Run& run : runs_of(pair.size(), holds)) {
    if (pair.times[run.first] - last < room) continue;
    bool from_beside = false, merged = false;
    for (std::size_t k = run.first + 1; k-- > 0 && pair.times[run.first] - pair.times[k] <= room;)
      from_beside = from_beside || (knows(k) && std::abs(seen(k).left) > lane);
    // Ahead of the other, on the line on which the other drove when it began.
    const Vec3 start = pair.u[run.first].at, line = pair.u[run.first].heading;
    for (std::size_t k = run.first; k < pair.size() && pair.times[k] - pair.times[run.first] <= room; ++k)
      merged =
          merged ||
          (knows(k) && seen_from(pair.u[k].at, line, pair.b[k].at).ahead > 0 &&
           std::abs(seen_from(start, line, pair.b[k].at).left) <= lane &&
           (std::abs(turn_deg(start, line, pair.b[k].heading)) < tests_[Limit::cut_in_angle_from_deg] || pair.b[k].quick < 1));
    if (!from_beside || !merged) continue;
    last = pair.times[run.first];
    double ttc = HUGE_VAL, least = HUGE_VAL, widest = 0;
    for (std::size_t k = run.first; k <= run.last; ++k) {
      ttc = std::min(ttc, seconds_to_touch(pair.u[k], pair.b[k], touch));
      least = std::min(least, pair.distance(k));
      widest = std::max(widest, angle(pair.u[k], pair.b[k]));
    }
    const bool reported =
        report({Conduct::cut_in,
                {pair.by.unit()},
                pair.upon.unit(),
                pair.span(run),
                {{"least_ttc_s", in_thousandths(ttc)},
                 {"angle_deg", in_thousandths(widest)},
                 {"least_distance_m", in_thousandths(least)},
                 {"speed_of_other_mps", in_thousandths(pair.u[run.first].quick)}},
                {}},
               {&pair.by, &pair.upon}, Limit::cut_in_least_fix_s, Limit::cut_in_most_accuracy_m, Millis::from_seconds(1));
    const Interval wide{pair.times[run.first] - Millis::from_seconds(1), pair.times[run.last] + Millis::from_seconds(1)};
    forced_off_road(pair, run.first,
                    reported ? std::nullopt
                             : floor_against({&pair.by, &pair.upon}, wide, tests_[Limit::cut_in_least_fix_s],
                                             tests_[Limit::cut_in_most_accuracy_m]));
  }
}

/// After a cut-in that held; where a floor spoke against that one, it speaks against this too.
void Finder::forced_off_road(const Pairing& pair, std::size_t at, const std::optional<Floor>& cut_in_floor) {
  std::vector<const std::vector<Vec3>*> lines;
  for (const auto& road : around_.roads)
    if (road.size() >= 2) lines.push_back(&road);
  if (const auto way = around_.ways.find(pair.upon.unit()); way != around_.ways.end() && way->second.line.size() >= 2)
    lines.push_back(&way->second.line);
  const Instant begun = pair.times[at];
  if (lines.empty()) {
    leave_out({Conduct::forced_off_road, {pair.by.unit()}, pair.upon.unit(), {begun, begun}, Why::no_road, {}, 0, 0});
    return;
  }
  const auto off = [&](std::size_t k) {
    double least = HUGE_VAL;
    for (const auto* line : lines) least = std::min(least, foot_on(*line, pair.u[k].at).off);
    return least;
  };
  const double limit = tests_[Limit::forced_off_road_off_road_m];
  if (off(at) > limit) return;
  const Millis room = Millis::from_ms(static_cast<std::int64_t>(tests_[Limit::forced_off_road_within_s] * 1000));
  double most = 0;
  std::size_t first = 0;
  for (std::size_t k = at; k < pair.size() && pair.times[k] - begun <= room; ++k) {
    if (off(k) > limit && first == 0) first = k;
    most = std::max(most, off(k));
  }
  if (first == 0) return;
  if (cut_in_floor) {
    leave_out({Conduct::forced_off_road,
               {pair.by.unit()},
               pair.upon.unit(),
               pair.span({at, first}),
               cut_in_floor->why,
               cut_in_floor->of,
               in_thousandths(cut_in_floor->found),
               in_thousandths(cut_in_floor->needed)});
    return;
  }
  report({Conduct::forced_off_road,
          {pair.by.unit()},
          pair.upon.unit(),
          pair.span({at, first}),
          {{"off_road_m", in_thousandths(most)}, {"after_cut_in_s", in_thousandths(pair.seconds({at, first}))}},
          {}},
         {&pair.by, &pair.upon}, Limit::forced_off_road_least_fix_s, Limit::forced_off_road_most_accuracy_m);
}

}  // namespace wideberth::live
