#include "core/watch.h"

#include <algorithm>

#include "core/rulings.h"
#include "core/watch_house.h"
#include "model/position_batch.h"

namespace wideberth::core {
namespace {

bool compared_with_anybody(const model::Agreement& agreement, const std::string& party) {
  return std::any_of(agreement.parties.begin(), agreement.parties.end(), [&](const model::Party& other) {
    return other.role == model::Role::party && compared(agreement, party, other.party);
  });
}

bool of_notification(model::EntryKind kind) {
  return kind == model::EntryKind::notification_filed || kind == model::EntryKind::notification_amended ||
         kind == model::EntryKind::notification_withdrawn || kind == model::EntryKind::notification_completed;
}

/// Which alert it continues may lie before what is gone through; all else is as it was told.
bool same_alert(model::AlertRaised told, model::AlertRaised found) {
  told.continues.reset();
  found.continues.reset();
  return told == found;
}

bool same_json(const Draft& draft, const std::string& json) { return !draft.parts.empty() && draft.parts.front().json == json; }

}  // namespace

bool compared(const model::Agreement& agreement, const std::string& a, const std::string& b) {
  return a != b && agreement.positions(a, b).use != model::PositionUse::nothing &&
         agreement.positions(b, a).use != model::PositionUse::nothing;
}

std::optional<EntryIndex> Telling::say(Draft draft) {
  if (recall_) return recalled(draft);
  const EntryIndex index{state_.next().value + drafts_.size()};
  drafts_.push_back(std::move(draft));
  return index;
}

std::optional<EntryIndex> Telling::recalled_alert(const std::string& party, const model::AlertRaised& alert) const {
  if (!recall_) return {};
  for (auto each = state_.alerts.rbegin(); each != state_.alerts.rend(); ++each) {
    if (each->second.party == party && same_alert(each->second.raised, alert)) return each->first;
    if (alert.at - each->second.raised.at > Watch::kRecalled) break;  // told so much earlier: not before that one
  }
  return {};
}

std::optional<EntryIndex> Telling::recalled(const Draft& draft) const {
  if (draft.kind == model::EntryKind::alert_raised && !draft.parts.empty()) {
    const auto found = model::parse_alert_raised(draft.parts.front().json);
    for (const EntryIndex open : state_.open_alerts) {
      const AlertState& alert = state_.alerts.at(open);
      if (found && alert.party == draft.to.front() && same_alert(alert.raised, *found)) return open;
    }
  }
  if (draft.kind == model::EntryKind::encounter_opened)
    for (const EntryIndex open : state_.encounters.open) {
      const EncounterState& encounter = state_.encounters.all.at(open);
      if (encounter.opened && encounter.party == draft.to.front() && same_json(draft, model::to_json(*encounter.opened)))
        return open;
    }
  return {};
}

struct Watch::Houses {
  std::map<std::string, House> by_agreement;

  House* of(const State& state, const AgreementState& agreement) {
    if (const auto known = by_agreement.find(agreement.id); known != by_agreement.end()) return &known->second;
    auto made = House::make(state, agreement);
    if (!made) return nullptr;
    return &by_agreement.emplace(agreement.id, std::move(*made)).first->second;
  }
  void hear(const State& state, const Entry& entry, Telling& telling);
  void reported(const State& state, const Entry& entry, Telling& telling);
};

Watch::Watch() : houses_{std::make_unique<Houses>()} {}
Watch::Watch(Watch&&) noexcept = default;
Watch& Watch::operator=(Watch&&) noexcept = default;
Watch::~Watch() = default;

void Watch::House::tell(const AgreementState& terms, Instant received, Telling& telling) {
  const std::vector<live::Event> events = live.drain();
  for (const live::Event& each : events) {
    if (const auto* alert = std::get_if<live::AlertEvent>(&each)) {
      if (alert->change == live::AlertChange::raised) raise(terms, *alert, received, telling);
      if (alert->change == live::AlertChange::closed) close(*alert, telling);
    } else if (const auto* encounter = std::get_if<live::EncounterEvent>(&each)) {
      if (encounter->kind == live::EncounterEvent::Kind::opened) opened(terms, *encounter, telling);
      if (encounter->kind == live::EncounterEvent::Kind::closed) closed(terms, *encounter, telling);
    } else if (const auto* state = std::get_if<live::ConformanceEvent>(&each)) {
      changed(terms, *state);
    } else if (const auto* count = std::get_if<live::CompositionEvent>(&each)) {
      counted(*count, telling);
    }
  }
  // While a log is gone through, what is found waits until it can be held against what the sides were told.
  if (telling.recalls()) return;
  flush(terms, received, telling);
  // That it is late comes before what follows from it.
  for (const live::Event& each : events)
    if (const auto* ahead = std::get_if<live::RemainingEvent>(&each)) foresee(*ahead, telling.state(), telling);
}

/// By which batch the unit's last used fix came: what a candidate rests on is named so.
void Watch::House::ran(const live::Fix& fix, EntryIndex batch) {
  constexpr std::size_t kMostRuns = 2'048;
  const live::Track& track = live.tracks().of(fix.unit);
  if (track.empty() || track.last().time != fix.time || track.last().place != fix.place) return;
  if (!live.encounters().follows(fix.unit)) return;
  std::vector<Run>& of = runs[fix.unit.value];
  if (!of.empty() && of.back().to >= fix.time) return;
  if (!of.empty() && of.back().batch == batch) {
    of.back().to = fix.time;
    return;
  }
  if (of.size() >= kMostRuns) {
    const Instant old = fix.time - kLongestEncounter - Millis::from_seconds(600);
    const auto keep = std::find_if(of.begin(), of.end(), [&](const Run& run) { return run.to >= old; });
    of.erase(of.begin(), std::max(keep, of.begin() + static_cast<std::ptrdiff_t>(of.size() / 8)));
  }
  of.push_back({batch, fix.time, fix.time});
}

void Watch::House::take(const AgreementState& terms, const Entry& batch, const std::string& party, Telling& telling) {
  const State& state = telling.state();
  const std::string* full = batch.part("full");
  auto reader = model::PositionReader::open(full == nullptr ? std::string_view() : *full);
  if (!reader) return;
  keep_up(state);
  last_batch[party] = batch.index;
  look_ahead(terms, state);
  struct Taken {
    live::Fix fix;
    std::uint32_t index;
  };
  std::vector<Taken> taken;
  taken.reserve(reader->fixes());
  model::Position position;
  std::optional<live::UnitIndex> unit;
  std::string named;
  for (auto more = reader->next(position); more && *more; more = reader->next(position)) {
    if (named != position.unit) unit = number_of(state, terms, party, position.unit);
    named = position.unit;
    if (!unit) continue;
    if (const auto fix = live::make_fix(*unit, position)) taken.push_back({*fix, static_cast<std::uint32_t>(reader->read() - 1)});
  }
  // In the order of time; a step ends where a unit comes again, so that an alert rests on the fix that it names.
  std::sort(taken.begin(), taken.end(), [](const Taken& a, const Taken& b) {
    return a.fix.time != b.fix.time ? a.fix.time < b.fix.time : a.index < b.index;
  });
  std::vector<live::Fix> step;
  std::vector<std::uint8_t> in_step(live.units().size());
  const auto finish = [&] {
    live.take(step, batch.received);
    for (const live::Fix& each : step) {
      ran(each, batch.index);
      in_step[each.unit.value] = 0;
    }
    tell(terms, batch.received, telling);
    step.clear();
  };
  for (const Taken& each : taken) {
    if (in_step[each.fix.unit.value] != 0) finish();
    in_step[each.fix.unit.value] = 1;
    heard[each.fix.unit.value] = {batch.index, each.index};
    follow(state, each.fix.unit, each.fix);
    time_fix(each.fix, batch.received);
    step.push_back(each.fix);
  }
  finish();
}

/// What a movement that runs late is asked against: the plans of others whose corridor its own party sees.
void Watch::House::look_ahead(const AgreementState& terms, const State& state) {
  const auto owed = [&terms, &state](const live::Movement& movement, EntryIndex key) -> std::optional<Metres> {
    const NotificationState* other = state.notification_at(key);
    const std::string& own = movement.notified.party;
    if (other == nullptr || other->party == own || other->latest().notification == nullptr) return {};
    const AgreementState* theirs = state.agreement(other->agreement);
    if (theirs == nullptr || theirs->agreement->find_party(own) == nullptr) return {};
    if (terms.agreement->find_party(other->party) == nullptr) return {};
    if (!is_exact(theirs->agreement->disclosure(other->party, own).view)) return {};
    const auto found =
        terms.agreement->separation(movement.notified.platform_class, other->latest().notification->platform_class);
    if (!found) return {};
    return found->distance;
  };
  live.look_ahead_in(
      {&state.index, owed, [](EntryIndex) { return std::string(); }, terms.agreement->widest_separation().value_or(Metres{})});
}

void Watch::Houses::hear(const State& state, const Entry& entry, Telling& telling) {
  if (of_notification(entry.kind)) {
    const EntryIndex about = entry.kind == model::EntryKind::notification_filed ? entry.index : entry.text.refs.front();
    const NotificationState* movement = state.notification_at(about);
    if (movement == nullptr) return;
    const auto house = by_agreement.find(movement->agreement);
    if (house == by_agreement.end()) return;
    if (entry.kind == model::EntryKind::notification_filed) house->second.notified[movement->party].push_back(movement->id);
    house->second.standing.erase(movement->party);
    return;
  }
  if (entry.kind == model::EntryKind::alert_snoozed) {
    const auto alert = state.alerts.find(entry.text.refs.front());
    const std::string* full = entry.part("full");
    const auto snoozed = full == nullptr ? base::refuse(Rule::part_missing) : model::parse_alert_snoozed(*full);
    if (alert == state.alerts.end() || !snoozed) return;
    const auto house = by_agreement.find(alert->second.raised.agreement);
    if (house != by_agreement.end()) house->second.snoozed(alert->second, *snoozed, entry.received, telling);
    return;
  }
  if (entry.kind != model::EntryKind::unit_described) return;
  const std::string* full = entry.part("full");
  const auto described = full == nullptr ? base::refuse(Rule::part_missing) : model::parse_unit_described(*full);
  if (!described) return;
  const std::string& party = state.facts[entry.index.value].signer_party;
  for (auto& [id, house] : by_agreement) {
    const AgreementState& terms = *state.agreement(id);
    for (const model::UnitText& each : described->units)
      if (house.live.units().find(party, each.unit)) {
        house.describe(state, terms, party, each.unit);
        house.live.watcher().assign(*house.live.units().find(party, each.unit), live::kNoMovement);
      }
    house.hush(entry.received);
    house.tell(terms, entry.received, telling);
  }
}

void Watch::Houses::reported(const State& state, const Entry& entry, Telling& telling) {
  if (entry.text.refs.empty()) return;
  const AgreementState* agreement = state.agreement(base::id_of(base::IdKind::agreement, entry.text.refs.front()));
  const std::string& party = state.facts[entry.index.value].signer_party;
  if (agreement == nullptr || !agreement->holds() || !compared_with_anybody(*agreement->agreement, party)) return;
  if (House* house = of(state, *agreement)) house->take(*agreement, entry, party, telling);
}

std::vector<Draft> Watch::take(const State& state, const Entry& entry) {
  Telling telling(state);
  if (entry.kind == model::EntryKind::positions_reported)
    houses_->reported(state, entry, telling);
  else
    houses_->hear(state, entry, telling);
  return telling.take();
}

std::vector<Draft> Watch::pass(const State& state, Instant now) {
  Telling telling(state);
  for (auto& [id, house] : houses_->by_agreement) {
    house.live.advance(now);
    house.tell(*state.agreement(id), now, telling);
  }
  return telling.take();
}

Watch::Counts Watch::counts() const {
  Counts all;
  for (const auto& [id, house] : houses_->by_agreement) {
    all.units += house.live.units().size();
    all.followed += house.live.encounters().followed();
    all.left_out += house.live.encounters().left_out();
  }
  return all;
}

EntryIndex Watch::recalled_from(const State& state) {
  std::map<EntryIndex, std::uint32_t> fixes;
  for (const auto& [party, tracks] : state.tracks)
    for (auto batch = tracks.batches.rbegin(); batch != tracks.batches.rend(); ++batch) {
      if (state.last_received - state.facts[batch->entry.value].received > kRecalled) break;
      fixes.emplace(batch->entry, batch->fixes);
    }
  EntryIndex from = state.next();
  std::size_t left = kMostRecalled;
  for (auto batch = fixes.rbegin(); batch != fixes.rend() && batch->second <= left; ++batch) {
    left -= batch->second;
    from = batch->first;
  }
  return from;
}

void Watch::recall(const State& state, const Entry& entry) {
  if (entry.kind != model::EntryKind::positions_reported) return;
  Telling telling(state, true);
  houses_->reported(state, entry, telling);
}

std::vector<Draft> Watch::recalled(const State& state, Instant now) {
  Telling telling(state);
  std::set<EntryIndex> known;
  for (auto& [id, house] : houses_->by_agreement) {
    for (const auto& [event, sides] : house.told)
      for (const auto& entry : sides.entries)
        if (entry) known.insert(*entry);
    for (const auto& [number, sides] : house.encounters)
      for (const auto& entry : sides.entries)
        if (entry) known.insert(*entry);
  }
  for (const EntryIndex open : state.open_alerts)
    if (!known.contains(open)) telling.say(closed_for(state.alerts.at(open).party, open, model::AlertEnd::restarted, now));
  for (const EntryIndex open : state.encounters.open) {
    if (known.contains(open)) continue;
    const EncounterState& encounter = state.encounters.all.at(open);
    const Instant from = encounter.opened ? encounter.opened->at : now;
    model::EncounterClosed closed;
    closed.ended = model::EncounterOver::restarted;
    closed.when = {std::min(from, now), now};
    telling.say(finding(model::EntryKind::encounter_closed, {encounter.party}, {open}, model::to_json(closed)));
  }
  for (auto& [id, house] : houses_->by_agreement) house.say_unsaid(now, telling);
  return telling.take();
}

}  // namespace wideberth::core
