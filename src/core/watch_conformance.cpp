// Whether units keep to what was notified: to their own party in full; to another side where the agreement gives it warnings or
// tracks, and it sees the movement's corridor, that the movement is late, early or off.
#include <algorithm>
#include <cmath>

#include "core/rulings.h"
#include "core/watch_house.h"

namespace wideberth::core {
namespace {

model::Keeping keeping_of(live::Conformance state) {
  switch (state) {
    case live::Conformance::unwatched: return model::Keeping::unwatched;
    case live::Conformance::conforming: return model::Keeping::conforming;
    case live::Conformance::off_corridor: return model::Keeping::off_corridor;
    case live::Conformance::early: return model::Keeping::early;
    case live::Conformance::late: return model::Keeping::late;
    case live::Conformance::unnotified: return model::Keeping::unnotified;
    case live::Conformance::doubtful: break;
  }
  return model::Keeping::doubtful;
}

bool is_astray(live::Conformance state) {
  return state == live::Conformance::late || state == live::Conformance::early || state == live::Conformance::off_corridor;
}

Millis whole_seconds(double seconds) {
  return Millis::from_seconds(static_cast<std::int64_t>(std::floor(std::clamp(seconds, -3e7, 3e7) + 0.5)));
}

model::KeepingChanged keeping_changed(const live::ConformanceEvent& event, model::Keeping was) {
  model::KeepingChanged changed{was, keeping_of(event.now), event.since, {}, {}, {}};
  if (event.now == live::Conformance::doubtful) {
    changed.doubt = std::string(live::name_of(event.doubt));
  } else if (event.movement != live::kNoMovement) {
    changed.off = metres_up(std::clamp(event.off_m, 0.0, 5e7));
    changed.deviation = whole_seconds(event.deviation_s);
  }
  return changed;
}

}  // namespace

void Watch::House::changed(const AgreementState& terms, const live::ConformanceEvent& event) {
  changes[event.unit].latest = event;
  pending.insert(event.unit);
  for (auto& [movement, units] : astray)
    if (movement != event.movement && units.erase(event.unit) > 0)
      for (const model::Party& reader : terms.agreement->parties) pending_movements.emplace(reader.party, movement);
  if (event.movement == live::kNoMovement || event.now == live::Conformance::doubtful) return;
  if (is_astray(event.now))
    astray[event.movement].insert(event.unit);
  else
    astray[event.movement].erase(event.unit);
  const std::string& own = live.units()[event.unit].party;
  for (const model::Party& reader : terms.agreement->parties) {
    if (reader.party == own || reader.role != model::Role::party) continue;
    changes_of_movement[{reader.party, event.movement}].latest = event;
    pending_movements.emplace(reader.party, event.movement);
  }
}

/// A clock that is off makes a position doubtful, and is told; no time is corrected by it.
void Watch::House::time_fix(const live::Fix& fix, Instant received) {
  Envelope& of = envelopes[fix.unit.value];
  const Millis late = received - fix.time;
  if (late > kKeptBack) return;
  if (of.fixes == 0) of.since = received;
  of.least = of.fixes == 0 ? late : std::min(of.least, late);
  ++of.fixes;
  if (received - of.since < kEnvelope || of.fixes < kFixesInEnvelope) return;
  const auto whole = [](Millis span) { return std::to_string((span.ms() < 0 ? -span.ms() : span.ms()) / 1'000) + " s "; };
  std::string doubt;
  if (of.least < Millis{} - kAhead) doubt = "clock, " + whole(of.least) + "ahead at least";
  if (of.least > kBehind) doubt = "clock, " + whole(of.least) + "behind at most, or it comes so late";
  of.fixes = 0;
  if (doubt.empty() == of.doubt.empty()) return;
  of.doubt = std::move(doubt);
  const auto [change, fresh] = changes.try_emplace(fix.unit);
  if (fresh) {
    const live::Conformance now = live.watcher().state(fix.unit);
    change->second.latest = {fix.unit, now, now, fix.time, fix.time, live.watcher().movement_of(fix.unit)};
  }
  change->second.latest.at = fix.time;
  pending.insert(fix.unit);
}

/// False: not yet.
bool Watch::House::say_change(Change& change, live::UnitIndex unit, Instant received, Telling& telling) {
  const live::Unit& own = live.units()[unit];
  if (!change.asked) change.told = telling.state().encounters.keeping(own.party, own.party, own.name, "");
  change.asked = true;
  const std::string& clock = envelopes[unit.value].doubt;
  const model::Keeping now = clock.empty() ? keeping_of(change.latest.now) : model::Keeping::doubtful;
  if (now == change.told) return true;
  if (change.told_at && received - *change.told_at < kAgain) return false;
  model::ConformanceChanged said{agreement, own.party, own.name, {}, {}, change.latest.at, {}};
  if (change.latest.movement != live::kNoMovement) said.movement = live.watcher().movement(change.latest.movement).id;
  model::KeepingChanged state = keeping_changed(change.latest, change.told);
  if (!clock.empty()) state = {change.told, now, change.latest.at, {}, {}, clock};
  said.what = std::move(state);
  telling.say(finding(model::EntryKind::conformance_changed, {own.party}, {heard[unit.value].batch}, model::to_json(said)));
  change.told = now;
  change.told_at = received;
  ++said_in_second;
  return true;
}

bool Watch::House::say_change(const AgreementState& terms, const std::string& reader, std::uint32_t movement, Change& change,
                              Instant received, Telling& telling) {
  const std::string& id = live.watcher().movement(movement).id;
  const NotificationState* notified_as = telling.state().notification(id);
  if (notified_as == nullptr) return true;
  const auto used = terms.agreement->positions(notified_as->party, reader);
  const auto handled = notified_as->latest().handling.find(reader);
  if (used.use == model::PositionUse::nothing || handled == notified_as->latest().handling.end() ||
      !is_exact(handled->second.view))
    return true;
  if (!change.asked) change.told = telling.state().encounters.keeping(reader, notified_as->party, "", id);
  change.asked = true;
  const bool strays = astray.contains(movement) && !astray.at(movement).empty();
  const model::Keeping now = strays && is_astray(change.latest.now) ? keeping_of(change.latest.now)
                             : strays                               ? change.told
                                                                    : model::Keeping::conforming;
  const bool nothing_new = now == change.told || (now == model::Keeping::conforming && change.told == model::Keeping::unwatched);
  if (nothing_new) return true;
  if (change.told_at && received - *change.told_at < kAgain) return false;
  model::ConformanceChanged said{agreement, notified_as->party, {}, id, used.clause, change.latest.at, {}};
  model::KeepingChanged words{change.told, now, {}, {}, {}, {}};
  if (used.use == model::PositionUse::tracks) words = keeping_changed(change.latest, change.told), words.now = now;
  said.what = std::move(words);
  telling.say(finding(model::EntryKind::conformance_changed, {reader}, {notified_as->latest().entry}, model::to_json(said)));
  change.told = now;
  change.told_at = received;
  ++said_in_second;
  return true;
}

/// Tells what has changed, as much of it as one second takes.
void Watch::House::flush(const AgreementState& terms, Instant received, Telling& telling) {
  const std::int64_t now = received.ms() / 1000;
  if (now != second) said_in_second = 0;
  second = now;
  for (auto at = pending.begin(); at != pending.end() && said_in_second < kMostChanges;)
    at = say_change(changes[*at], *at, received, telling) ? pending.erase(at) : std::next(at);
  for (auto at = pending_movements.begin(); at != pending_movements.end() && said_in_second < kMostChanges;)
    at = say_change(terms, at->first, at->second, changes_of_movement[*at], received, telling) ? pending_movements.erase(at)
                                                                                               : std::next(at);
}

void Watch::House::counted(const live::CompositionEvent& event, Telling& telling) {
  const live::Movement& movement = live.watcher().movement(event.movement);
  const std::string& party = movement.notified.party;
  const auto batch = last_batch.find(party);
  if (batch == last_batch.end()) return;
  model::ConformanceChanged said{agreement, party, {}, movement.id, {}, event.at, {}};
  said.what = model::CompositionChanged{event.mismatch, event.declared, event.counted};
  telling.say(finding(model::EntryKind::conformance_changed, {party}, {batch->second}, model::to_json(said)));
}

void Watch::House::foresee(const live::RemainingEvent& event, const State& state, Telling& telling) {
  const NotificationState* other = state.notification_at(event.other);
  if (other == nullptr) return;
  const live::Unit& own = live.units()[event.unit];
  model::ConformanceChanged said{agreement, own.party, own.name, live.watcher().movement(event.movement).id, {}, event.at, {}};
  said.what = model::Foreseen{event.conflicts,     other->party,        other->id, whole_seconds(event.deviation_s),
                              event.meeting.place, event.meeting.window};
  telling.say(finding(model::EntryKind::conformance_changed, {own.party}, {heard[event.unit.value].batch}, model::to_json(said)));
}

}  // namespace wideberth::core
