// Tailing and pursuit: the tests of those who follow.
#include <algorithm>
#include <cmath>

#include "geo/trig.h"
#include "live/conduct_tests.h"

namespace wideberth::live {
namespace {

struct Turn {
  Instant time;
  Vec3 at;
  bool left = false;
};

/// A turn is counted once, where the heading first differs by so much from that of at most ten seconds before.
std::vector<Turn> turns_of(const Look& look, Interval when, double least_deg) {
  std::vector<Turn> out;
  const auto& all = look.samples();
  double turning = 0;  // the sign of a turn that is not over yet
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (!when.holds(all[i].time)) continue;
    double most = 0;
    for (std::size_t j = i; j-- > 0 && all[i].time - all[j].time <= Millis::from_seconds(10);) {
      const double turned = turn_deg(all[i].at, look.heading(j), look.heading(i));
      if (std::abs(turned) > std::abs(most)) most = turned;
    }
    if (std::abs(most) < least_deg / 2 || most * turning < 0) turning = 0;
    if (turning == 0 && std::abs(most) >= least_deg) {
      out.push_back({all[i].time, all[i].at, most > 0});
      turning = most;
    }
  }
  return out;
}

/// How many turns of the one ahead the follower made too: the same way, later, near the same place.
std::size_t matched(const std::vector<Turn>& ahead, std::vector<Turn> behind, double within_m) {
  std::size_t count = 0;
  for (const Turn& turn : ahead) {
    const auto same = std::find_if(behind.begin(), behind.end(), [&](const Turn& other) {
      return other.left == turn.left && other.time >= turn.time && other.time - turn.time <= Millis::from_seconds(60) &&
             norm(other.at - turn.at) <= within_m;
    });
    if (same == behind.end()) continue;
    behind.erase(same);
    ++count;
  }
  return count;
}

}  // namespace

bool Finder::follows(const Pairing& pair, std::size_t k) const {
  const Moment &own = pair.b[k], &other = pair.u[k];
  if (other.speed < tests_[Limit::tailing_moving_mps] || norm2(own.heading) == 0 || norm2(other.heading) == 0) return false;
  const double distance = pair.distance(k);
  const bool near =
      distance <= tests_[Limit::tailing_closer_than_m] ||
      (own.speed > tests_[Limit::tailing_headway_above_mps] && distance <= tests_[Limit::tailing_headway_s] * own.speed);
  if (!near) return false;
  const double most_turn = tests_[Limit::tailing_heading_within_deg];
  const Seen seen = seen_from(other.at, other.heading, own.at);
  const double astern = geo::angle_of(std::abs(seen.left), -seen.ahead) * (180 / geo::kPi);
  if (std::abs(turn_deg(other.at, own.heading, other.heading)) <= most_turn && astern <= tests_[Limit::tailing_astern_deg])
    return true;
  // Round a bend: on the path that the other drove in the last minute, with the heading that it had there.
  const auto& path = pair.upon.samples();
  const Instant now = pair.times[k];
  for (std::size_t i = pair.upon.before(now).value_or(0); i > 0 && now - path[i].time <= Millis::from_seconds(60); --i) {
    const Foot foot = foot_on({path[i - 1].at, path[i].at}, own.at);
    if (foot.off > tests_[Limit::tailing_path_m]) continue;
    if (norm(foot.at - other.at) < (pair.by.length() + pair.upon.length()) / 2) continue;  // beside, not behind
    if (std::abs(turn_deg(own.at, own.heading, pair.upon.heading(i))) <= most_turn) return true;
  }
  return false;
}

void Finder::tailing(const Pairing& pair) {
  for (const Run& run : runs_of(pair.size(), [&](std::size_t k) { return follows(pair, k); })) {
    if (pair.seconds(run) < tests_[Limit::tailing_for_s]) continue;
    double least = HUGE_VAL, most = 0, slowest = HUGE_VAL, fastest = 0, headway = HUGE_VAL;
    for (std::size_t k = run.first; k <= run.last; ++k) {
      least = std::min(least, pair.distance(k));
      most = std::max(most, pair.distance(k));
      slowest = std::min(slowest, pair.b[k].speed);
      fastest = std::max(fastest, pair.b[k].speed);
      if (pair.b[k].speed > 0) headway = std::min(headway, pair.distance(k) / pair.b[k].speed);
    }
    report({Conduct::tailing,
            {pair.by.unit()},
            pair.upon.unit(),
            pair.span(run),
            {{"least_distance_m", in_thousandths(least)},
             {"greatest_distance_m", in_thousandths(most)},
             {"least_headway_s", in_thousandths(headway)},
             {"least_speed_mps", in_thousandths(slowest)},
             {"greatest_speed_mps", in_thousandths(fastest)},
             {"duration_s", in_thousandths(pair.seconds(run))}},
            {}},
           {&pair.by, &pair.upon}, Limit::tailing_least_fix_s, Limit::tailing_most_accuracy_m);
  }
}

void Finder::pursuit(const Pairing& pair) {
  const double fast = tests_[Limit::pursuit_speed_above_mps];
  const auto holds = [&](std::size_t k) { return pair.b[k].speed > fast && pair.u[k].speed > fast && follows(pair, k); };
  for (const Run& run : runs_of(pair.size(), holds)) {
    double length = 0, least_speed = HUGE_VAL, least = HUGE_VAL;
    for (std::size_t k = run.first; k <= run.last; ++k) {
      if (k > run.first) length += norm(pair.b[k].at - pair.b[k - 1].at);
      least_speed = std::min({least_speed, pair.b[k].speed, pair.u[k].speed});
      least = std::min(least, pair.distance(k));
    }
    if (length < tests_[Limit::pursuit_length_m]) continue;
    const double turn = tests_[Limit::pursuit_turn_deg];
    const std::size_t turns = matched(turns_of(pair.upon, pair.span(run), turn), turns_of(pair.by, pair.span(run), turn),
                                      tests_[Limit::pursuit_turn_within_m]);
    if (static_cast<double>(turns) < tests_[Limit::pursuit_turns_at_least]) continue;
    report({Conduct::pursuit,
            {pair.by.unit()},
            pair.upon.unit(),
            pair.span(run),
            {{"length_m", in_thousandths(length)},
             {"turns_matched", in_thousandths(static_cast<double>(turns))},
             {"least_speed_mps", in_thousandths(least_speed)},
             {"least_distance_m", in_thousandths(least)},
             {"duration_s", in_thousandths(pair.seconds(run))}},
            {}},
           {&pair.by, &pair.upon}, Limit::pursuit_least_fix_s, Limit::pursuit_most_accuracy_m);
  }
  pursuit_too_slow_to_tell(pair);
}

/// Fast, near and far enough, but with fixes so rare that bends are cut: whether it was a pursuit cannot be told.
void Finder::pursuit_too_slow_to_tell(const Pairing& pair) {
  const double fast = tests_[Limit::pursuit_speed_above_mps];
  const auto holds = [&](std::size_t k) {
    return pair.b[k].speed > fast && pair.u[k].speed > fast && pair.distance(k) <= tests_[Limit::tailing_closer_than_m];
  };
  for (const Run& run : runs_of(pair.size(), holds)) {
    double length = 0;
    for (std::size_t k = run.first + 1; k <= run.last; ++k) length += norm(pair.b[k].at - pair.b[k - 1].at);
    if (length < tests_[Limit::pursuit_length_m]) continue;
    const auto floor = floor_against({&pair.by, &pair.upon}, pair.span(run), tests_[Limit::pursuit_least_fix_s],
                                     tests_[Limit::pursuit_most_accuracy_m]);
    if (floor && floor->why == Why::fix_rate)
      leave_out({Conduct::pursuit,
                 {pair.by.unit()},
                 pair.upon.unit(),
                 pair.span(run),
                 floor->why,
                 floor->of,
                 in_thousandths(floor->found),
                 in_thousandths(floor->needed)});
  }
}

}  // namespace wideberth::live
