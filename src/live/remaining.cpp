#include "live/remaining.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "geo/text.h"

namespace wideberth::live {

namespace {

double middle_ms(const Interval& window) { return static_cast<double>(window.from.ms() + window.to.ms()) / 2; }
Instant at_ms(double ms) { return Instant::from_ms(static_cast<std::int64_t>(std::floor(ms + 0.5))); }

/// Metres a millisecond of the moving legs that are left.
double pace_of(const geo::Route& route, std::size_t next) {
  double metres = 0, ms = 0;
  for (std::size_t i = std::max<std::size_t>(next, 1); i < route.waypoints.size(); ++i) {
    const double leg = geo::distance_m(route.waypoints[i - 1].place, route.waypoints[i].place);
    if (leg == 0) continue;
    metres += leg;
    ms += middle_ms(route.waypoints[i].window) - middle_ms(route.waypoints[i - 1].window);
  }
  return ms > 0 ? metres / ms : 0;
}

std::string minutes(double seconds) {
  return to_text(Millis::from_seconds(static_cast<std::int64_t>(std::floor(seconds / 60 + 0.5)) * 60));
}

}  // namespace

std::optional<geo::Route> remaining(const Movement& movement, const Progress& progress, Place at, Instant now) {
  const auto* route = std::get_if<geo::Route>(&movement.notified.where);
  if (route == nullptr) return {};
  const geo::Piece& piece = movement.plan.pieces()[progress.piece];
  const double here_ms = piece.s0 + (piece.s1 - piece.s0) * progress.fraction, now_ms = static_cast<double>(now.ms());
  std::size_t next = 0;
  while (next < route->waypoints.size() && middle_ms(route->waypoints[next].window) <= here_ms) ++next;
  if (next == route->waypoints.size()) return {};
  const double pace = pace_of(*route, next);
  const double way = geo::distance_m(at, route->waypoints[next].place);
  // Late by what it is behind schedule; by more where the next waypoint cannot be reached by then.
  double shift = now_ms - here_ms;
  if (pace > 0) shift = std::max(shift, now_ms + way / pace - middle_ms(route->waypoints[next].window));
  shift = std::max(shift, now_ms + 1000 - middle_ms(route->waypoints[next].window));
  geo::Route rest{{}, route->line, route->half_width, route->column_length, route->altitude};
  rest.waypoints.push_back({at, {now, now}});
  for (std::size_t i = next; i < route->waypoints.size(); ++i) {
    const Interval& window = route->waypoints[i].window;
    const double from = static_cast<double>(window.from.ms()) + shift, to = static_cast<double>(window.to.ms()) + shift;
    rest.waypoints.push_back({route->waypoints[i].place, {std::max(now, at_ms(from)), std::max(now, at_ms(to))}});
  }
  return rest;
}

std::string sentence(const RemainingEvent& event) {
  const double off = event.deviation_s;
  const std::string how = off > 0 ? minutes(off) + " late" : off < 0 ? minutes(-off) + " early" : "off its route";
  if (!event.conflicts) return fmt::format("{}: no longer conflicts with {}", how, event.with);
  const double away = seconds_of(event.meeting.window.from - event.at);
  return fmt::format("{}: now conflicts with {} at {} {}", how, event.with, geo::to_mgrs(event.meeting.place, 4),
                     away > 30 ? "in " + minutes(away) : std::string("from now on"));
}

void Foresight::look(UnitIndex unit, const Watcher& watcher, const Track& track, const Others& others) {
  const Conformance state = watcher.state(unit);
  const bool astray = state == Conformance::late || state == Conformance::early || state == Conformance::off_corridor;
  const auto known = units_.find(unit);
  if (others.index == nullptr || (!astray && known == units_.end())) return;
  const auto& progress = watcher.progress(unit);
  if (!progress || track.empty()) return;
  Of& of = units_[unit];
  const Instant now = track.last().time;
  if (!astray) {
    compare(of, {}, now);
    units_.erase(unit);
    return;
  }
  const bool changed =
      std::fabs(progress->deviation_s - of.deviation_s) >= seconds_of(limits_.change) || state == Conformance::off_corridor;
  if (of.any && (now - of.asked < limits_.again || !changed)) return;
  const std::uint32_t number = watcher.movement_of(unit);
  const Movement& movement = watcher.movement(number);
  const auto owed = [&](base::EntryIndex key) { return others.owed(movement, key); };
  if (!of.baseline)
    for (const conflict::Near& near : others.index->near(movement.plan, movement.notified.party, owed, others.widest))
      of.before.push_back(near.key);
  of.baseline = of.any = true;
  of.asked = now;
  of.deviation_s = progress->deviation_s;
  const auto rest = remaining(movement, *progress, track.last().place, now);
  std::vector<RemainingEvent> found;
  if (const auto plan = rest ? geo::compile(*rest) : Result<geo::Plan>{refuse(Rule::route_too_short)})
    for (const conflict::Hit& hit : others.index->search(*plan, movement.notified.party, owed, others.widest))
      if (!std::binary_search(of.before.begin(), of.before.end(), hit.key))
        found.push_back({unit, number, hit.key, others.name(hit.key), true, now, progress->deviation_s, hit.meeting});
  compare(of, std::move(found), now);
}

void Foresight::compare(Of& of, std::vector<RemainingEvent> found, Instant at) {
  std::map<base::EntryIndex, RemainingEvent> standing;
  for (RemainingEvent& event : found) {
    if (!of.standing.contains(event.other)) events_.push_back(event);
    const auto key = event.other;
    standing.emplace(key, std::move(event));
  }
  for (auto& [key, event] : of.standing)
    if (!standing.contains(key)) {
      event.conflicts = false;
      event.at = at;
      events_.push_back(event);
    }
  of.standing = std::move(standing);
}

}  // namespace wideberth::live
