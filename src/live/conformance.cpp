#include "live/conformance.h"

#include <algorithm>
#include <cmath>

#include "geo/polygon.h"

namespace wideberth::live {

std::string_view name_of(Conformance state) noexcept {
  switch (state) {
    case Conformance::unwatched: return "unwatched";
    case Conformance::conforming: return "conforming";
    case Conformance::off_corridor: return "off corridor";
    case Conformance::early: return "early";
    case Conformance::late: return "late";
    case Conformance::unnotified: return "unnotified";
    case Conformance::doubtful: return "position doubtful";
  }
  return "";
}

std::uint32_t Watcher::add(std::shared_ptr<const Movement> movement) {
  if (const auto known = find(movement->id)) {
    Kept& kept = movements_[*known];
    kept.declared = movement->vehicles;
    kept.what = std::move(movement);
    kept.stands = true;
    for (const UnitIndex unit : kept.units) forget(units_[unit.value]);
    return *known;
  }
  const auto number = static_cast<std::uint32_t>(movements_.size());
  by_id_.emplace(movement->id, number);
  movements_.push_back({movement, movement->vehicles});
  return number;
}

void Watcher::remove(std::uint32_t movement) {
  movements_[movement].stands = false;
  for (const UnitIndex unit : movements_[movement].units) forget(units_[unit.value]);
}

void Watcher::forget(Of& of) {
  of.progress.reset();
  of.on_piece = false;
}

std::optional<std::uint32_t> Watcher::find(std::string_view id) const {
  const auto at = by_id_.find(id);
  if (at == by_id_.end()) return {};
  return at->second;
}

void Watcher::assign(UnitIndex unit, std::uint32_t movement) {
  if (unit.value >= units_.size()) units_.resize(unit.value + std::size_t{1});
  Of& of = units_[unit.value];
  if (of.movement == movement) return;
  if (of.movement != kNoMovement) std::erase(movements_[of.movement].units, unit);
  if (movement != kNoMovement) movements_[movement].units.push_back(unit);
  of.movement = movement;
  forget(of);
}

void Watcher::stands_for(UnitIndex unit, std::uint32_t vehicles) {
  if (unit.value >= vehicles_.size()) vehicles_.resize(unit.value + std::size_t{1});
  vehicles_[unit.value] = vehicles;
}

const std::optional<Progress>& Watcher::progress(UnitIndex unit) const {
  static const std::optional<Progress> kNowhere;
  return unit.value < units_.size() ? units_[unit.value].progress : kNowhere;
}

void Watcher::judge(UnitIndex unit, const Track& track, Instant received) {
  if (unit.value >= units_.size()) units_.resize(unit.value + std::size_t{1});
  Of& of = units_[unit.value];
  if (track.doubtful()) return settle(unit, of, Conformance::doubtful, track, received);
  if (track.empty() || track.last().time == of.located) return;  // a duplicate, or one that came out of order
  if (still_keeps(of, track.last())) return;
  const Conformance seen = look(of, track);
  settle(unit, of, seen, track, track.last().time);
}

// The ordinary fix: on the piece where the last one was, within the corridor and the window, of a unit that is said to conform.
// It gives what look() would, by the same sums.
bool Watcher::still_keeps(Of& of, const Sample& last) const {
  if (!of.on_piece || of.now != Conformance::conforming || !of.stands.holds(last.time)) return false;
  const auto progress = keeps_to(of.piece, last.at, last.time, of.width2);
  if (!progress) return false;
  of.progress->fraction = progress->fraction;
  of.progress->off_m = progress->off_m;
  of.progress->deviation_s = 0;
  of.progress->along_m = of.piece_from_m + of.piece_m * progress->fraction;
  of.located = last.time;
  of.located_at = last.at;
  of.next = of.now;
  of.fixes = 0;
  return true;
}

void Watcher::remember(Of& of, const Movement& movement) const {
  of.on_piece = false;
  if (movement.plan.shape() != geo::Plan::Shape::route) return;
  const std::size_t at = of.progress->piece;
  of.on_piece = true;
  of.piece = movement.plan.pieces()[at];
  of.piece_from_m = movement.reach_m[at];
  of.piece_m = movement.reach_m[at + 1] - movement.reach_m[at];
  of.width2 = movement.plan.half_width().metres() * movement.plan.half_width().metres();
  of.stands = {movement.span.from - limits_.around, movement.span.to + limits_.around};
}

Conformance Watcher::look(Of& of, const Track& track) {
  const Sample& last = track.last();
  of.located = last.time;
  if (of.movement != kNoMovement) {
    Kept& kept = movements_[of.movement];
    const Interval span = kept.what->span;
    if (kept.stands && last.time >= span.from - limits_.around && last.time <= span.to + limits_.around)
      return along(of, *kept.what, track);
  }
  forget(of);
  return in_area(last.at) ? Conformance::unnotified : Conformance::unwatched;
}

Conformance Watcher::along(Of& of, const Movement& movement, const Track& track) {
  const Sample& last = track.last();
  const double moved = of.progress ? geo::norm(last.at - of.located_at) : 0;
  of.progress = locate(movement, last.at, last.time, of.progress, moved);
  of.located_at = last.at;
  remember(of, movement);
  const Progress& progress = *of.progress;
  const double accuracy = last.accuracy_m > 0 ? static_cast<double>(last.accuracy_m) : 0;
  const bool is_off = of.now == Conformance::off_corridor;
  if (!progress.within(movement, is_off ? 0 : limits_.back_m + accuracy)) return Conformance::off_corridor;
  const double most = seconds_of(limits_.off_time);
  const auto beyond = [&](Conformance kind) { return of.now == kind ? most / 2 : most; };
  if (progress.deviation_s > beyond(Conformance::late)) return Conformance::late;
  if (-progress.deviation_s > beyond(Conformance::early)) return Conformance::early;
  return Conformance::conforming;
}

bool Watcher::in_area(const Vec3& at) const {
  return std::any_of(areas_.begin(), areas_.end(), [&](const auto& area) {
    const geo::Box& box = area->bounds();
    return at.x >= box.low.x && at.x <= box.high.x && at.y >= box.low.y && at.y <= box.high.y && at.z >= box.low.z &&
           at.z <= box.high.z && geo::is_inside(*area, at);
  });
}

void Watcher::settle(UnitIndex unit, Of& of, Conformance seen, const Track& track, Instant at) {
  if (seen == of.now) {
    of.next = seen;
    of.fixes = 0;
    return;
  }
  if (seen != of.next || of.fixes == 0) {
    of.next = seen;
    of.next_since = at;
    of.fixes = 0;
  }
  if (of.fixes < 2) ++of.fixes;
  // A position that is doubtful says so at once; and that a unit keeps to its movement needs no second look the first time.
  const bool first = of.now == Conformance::unwatched && seen == Conformance::conforming;
  const bool settled = of.fixes >= 2 && at - of.next_since >= limits_.confirm;
  if (seen != Conformance::doubtful && !first && !settled) return;
  ConformanceEvent event{unit, of.now, seen, of.next_since, at, of.movement};
  if (of.progress) {
    event.off_m = of.progress->off_m;
    event.deviation_s = of.progress->deviation_s;
  }
  event.doubt = track.doubt();
  of.now = seen;
  of.fixes = 0;
  events_.push_back(event);
}

void Watcher::counted(std::uint32_t movement, std::int64_t vehicles, Instant at) {
  // One look of an observer is enough: there is nothing to wait for.
  Kept& kept = movements_[movement];
  const bool wrong = is_wrong(kept, vehicles, true);
  if (wrong != kept.wrong) kept.wrong_since = at;
  kept.wrong = wrong;
  tell(movement, vehicles, at);
}

void Watcher::count(const Tracks& tracks, Instant now) {
  constexpr std::int64_t kTurns = 10;
  const std::int64_t turn = ((now.ms() / 1000) % kTurns + kTurns) % kTurns;
  for (auto number = static_cast<std::uint32_t>(turn); number < movements_.size(); number += kTurns) {
    Kept& kept = movements_[number];
    // A first unit's number lies elsewhere for each, and when it was heard of elsewhere again: asked for some turns ahead.
    const std::size_t later = number + 16 * kTurns, soon = number + 8 * kTurns;
    if (later < movements_.size()) __builtin_prefetch(movements_[later].units.data());
    if (soon < movements_.size() && !movements_[soon].units.empty() && movements_[soon].units.front().value < tracks.size())
      __builtin_prefetch(&tracks.motion(movements_[soon].units.front()));
    if (kept.declared == 0 || kept.units.empty()) continue;
    std::int64_t drive = 0;
    for (const UnitIndex unit : kept.units)
      if (unit.value < tracks.size() && tracks.motion(unit).fastest_mps >= 0 && now - tracks.motion(unit).last <= limits_.silent)
        drive += unit.value < vehicles_.size() && vehicles_[unit.value] > 0 ? vehicles_[unit.value] : 1;
    if (drive == 0) continue;  // nobody is heard of: it has not begun, or is over
    const bool wrong = is_wrong(kept, drive, kept.what->every_vehicle_reports);
    if (wrong != kept.wrong) kept.wrong_since = now;
    kept.wrong = wrong;
    if (now - kept.wrong_since >= limits_.count_for) tell(number, drive, now);
  }
}

bool Watcher::is_wrong(const Kept& kept, std::int64_t vehicles, bool fewer_counts) const {
  const std::int64_t declared = kept.declared;
  return declared > 0 &&
         (vehicles > declared + limits_.vehicles_tolerance || (fewer_counts && vehicles < declared - limits_.vehicles_tolerance));
}

void Watcher::tell(std::uint32_t number, std::int64_t vehicles, Instant now) {
  Kept& kept = movements_[number];
  if (kept.wrong == kept.mismatch) return;
  kept.mismatch = kept.wrong;
  compositions_.push_back({number, kept.wrong, kept.what->vehicles, vehicles, kept.wrong_since, now});
}

}  // namespace wideberth::live
