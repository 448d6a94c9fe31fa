// Alerts: raised and closed for each side; and kept quiet where it asked for that.
#include <algorithm>
#include <cmath>

#include "core/rulings.h"
#include "core/watch_house.h"

namespace wideberth::core {
namespace {

Millis seconds_up(double seconds) {
  return Millis::from_ms(static_cast<std::int64_t>(std::ceil(std::clamp(seconds, 0.0, 86'400.0) * 1000)));
}

model::AlertGrade grade_of(live::Grade grade) {
  return grade == live::Grade::warning ? model::AlertGrade::warning : model::AlertGrade::caution;
}

model::AlertEnd end_of(live::Ended ended) {
  switch (ended) {
    case live::Ended::company: return model::AlertEnd::company;
    case live::Ended::lost: return model::AlertEnd::lost;
    case live::Ended::snoozed: return model::AlertEnd::company;  // said to lie still or to drive together: nobody asked for quiet
    case live::Ended::open:
    case live::Ended::eased: break;
  }
  return model::AlertEnd::eased;
}

}  // namespace

Metres metres_up(double metres) { return Metres::from_mm(static_cast<std::int64_t>(std::ceil(metres * 1000))); }

Draft closed_for(const std::string& party, EntryIndex alert, model::AlertEnd ended, Instant at) {
  return finding(model::EntryKind::alert_closed, {party}, {alert}, model::to_json(model::AlertClosed{ended, at}));
}

bool Watch::House::is_quiet(const std::string& party, const live::AlertEvent& event, Instant received) {
  const auto at = quiet.find({party, event.a.value, event.b.value});
  if (at == quiet.end()) return false;
  if (at->second.until <= received) {
    quiet.erase(at);
    return false;
  }
  return event.grade <= at->second.up_to;
}

void Watch::House::raise(const AgreementState& terms, const live::AlertEvent& event, Instant received, Telling& telling) {
  const std::array<live::UnitIndex, 2> pair{event.a, event.b};
  if (!compared(*terms.agreement, live.units()[event.a].party, live.units()[event.b].party)) return;
  Told sides{event.a, event.b, event.grade, {}, {}};
  std::array<std::optional<EntryIndex>, 2> now_told{};
  for (std::size_t side = 0; side < 2; ++side) {
    const live::Unit &own = live.units()[pair[side]], &other = live.units()[pair[1 - side]];
    if (is_quiet(own.party, event, received)) continue;
    const auto used = terms.agreement->positions(other.party, own.party);
    model::AlertRaised alert;
    alert.grade = grade_of(event.grade);
    alert.agreement = terms.id;
    alert.clause = used.clause;
    alert.unit = own.name;
    alert.fix = heard[pair[side].value].fix;
    alert.other_party = other.party;
    alert.other_unit = other.name;
    alert.at = event.at;
    alert.now = metres_up(event.ahead.now_m);
    alert.least = metres_up(std::min(event.closest.distance_m, event.ahead.distance_m));
    alert.in = event.closest.distance_m <= event.ahead.distance_m ? Millis{} : seconds_up(event.ahead.seconds);
    const bool tracks = used.use == model::PositionUse::tracks;
    if (!tracks) alert = model::coarsened(std::move(alert));
    alert.continues = continued(event, side, tracks);
    Draft draft = finding(model::EntryKind::alert_raised, {own.party}, {heard[pair[side].value].batch}, model::to_json(alert));
    if (telling.recalls()) sides.unsaid[side] = draft;
    sides.entries[side] = telling.say(std::move(draft));
    now_told[side] = telling.recalls() ? telling.recalled_alert(own.party, alert) : sides.entries[side];
  }
  Last& last = last_told[{event.a, event.b}];
  for (std::size_t side = 0; side < 2; ++side)
    if (now_told[side]) last.entries[side] = now_told[side];
  last.ended.reset();
  told.emplace(event.id.value, std::move(sides));
}

/// The alert of the pair before this one, so that whoever reads the log alone can tell one approach from the next. A side that
/// may not know which unit it is about is told only that an approach which it knows of goes on.
std::optional<EntryIndex> Watch::House::continued(const live::AlertEvent& event, std::size_t side, bool tracks) const {
  const auto last = last_told.find({event.a, event.b});
  if (last == last_told.end()) return {};
  if (last->second.ended && (!tracks || event.at - *last->second.ended > kContinued)) return {};
  return last->second.entries[side];
}

void Watch::House::close(const live::AlertEvent& event, Telling& telling) {
  const auto at = told.find(event.id.value);
  if (at == told.end()) return;
  const std::array<live::UnitIndex, 2> pair{at->second.a, at->second.b};
  const bool other_open = std::any_of(told.begin(), told.end(), [&](const auto& each) {
    return each.first != at->first && each.second.a == at->second.a && each.second.b == at->second.b;
  });
  if (!other_open) last_told[{at->second.a, at->second.b}].ended = event.at;
  constexpr std::size_t kMany = 4'096;
  if (last_told.size() > kMany && last_told.size() > 2 * told.size())
    std::erase_if(last_told, [&](const auto& each) { return each.second.ended && event.at - *each.second.ended > kContinued; });
  for (std::size_t side = 0; side < 2; ++side)
    if (const auto& entry = at->second.entries[side])
      telling.say(closed_for(live.units()[pair[side]].party, *entry, end_of(event.ended), event.at));
  told.erase(at);
}

void Watch::House::snoozed(const AlertState& alert, const model::AlertSnoozed& said, Instant received, Telling& telling) {
  for (auto& [id, sides] : told)
    for (std::size_t side = 0; side < 2; ++side)
      if (sides.entries[side] == alert.entry) {
        quiet[{alert.party, sides.a.value, sides.b.value}] = {said.until, sides.grade};
        sides.entries[side].reset();
        sides.unsaid[side].reset();
      }
  telling.say(closed_for(alert.party, alert.entry, model::AlertEnd::snoozed, received));
}

/// A pair that is said to lie still, or to move together, is quiet from now on; and so is what is open.
void Watch::House::hush(Instant now) {
  std::vector<std::tuple<live::UnitIndex, live::UnitIndex, live::Grade>> over;
  for (const auto& [id, open] : live.open_alerts()) {
    const live::UnitIndex a = open.raised.a, b = open.raised.b;
    const bool together = live.units().formation_of(a) != 0 && live.units().formation_of(a) == live.units().formation_of(b);
    if (together || (live.units()[a].moored && live.units()[b].moored)) over.emplace_back(a, b, live::Grade::warning);
  }
  // The quiet ends at once: as long as what was said holds, nothing is raised in any case.
  for (const auto& [a, b, grade] : over)
    static_cast<void>(live.snooze(a, b, grade, std::max(now, live.now()) + Millis::from_ms(1), "said", "said of the units"));
}

/// Quiet that was asked for outlives the server. Which pair it is about follows from the alert, or from what the other side was
/// told of the same moment in the entry beside it.
void Watch::House::recall_quiet(const State& state, const AgreementState& terms) {
  for (const auto& [entry, alert] : state.alerts) {
    if (!alert.quiet_until || *alert.quiet_until <= state.last_received || alert.raised.agreement != agreement) continue;
    std::string other = alert.raised.other_unit;
    for (const std::int64_t beside : {-1, 1}) {
      const auto at = state.alerts.find(EntryIndex{entry.value + static_cast<std::uint64_t>(beside)});
      if (!other.empty() || at == state.alerts.end()) continue;
      const model::AlertRaised& theirs = at->second.raised;
      const bool same = theirs.at == alert.raised.at && theirs.grade == alert.raised.grade && theirs.other_party == alert.party &&
                        at->second.party == alert.raised.other_party;
      if (same) other = theirs.unit;
    }
    if (other.empty()) continue;
    const auto a = number_of(state, terms, alert.party, alert.raised.unit);
    const auto b = number_of(state, terms, alert.raised.other_party, other);
    if (!a || !b) continue;
    const live::Grade up_to = alert.raised.grade == model::AlertGrade::warning ? live::Grade::warning : live::Grade::caution;
    Quiet& asked = quiet[{alert.party, std::min(*a, *b).value, std::max(*a, *b).value}];
    asked.until = std::max(asked.until, *alert.quiet_until);
    asked.up_to = std::max(asked.up_to, up_to);
  }
}

void Watch::House::say_unsaid(Instant now, Telling& telling) {
  for (auto& [id, sides] : told)
    for (std::size_t side = 0; side < 2; ++side) {
      const auto asked = quiet.find({live.units()[side == 0 ? sides.a : sides.b].party, sides.a.value, sides.b.value});
      if (asked != quiet.end() && asked->second.until > now && sides.grade <= asked->second.up_to) sides.unsaid[side].reset();
    }
  const auto say = [&](auto& sides) {
    for (std::size_t side = 0; side < 2; ++side) {
      if (!sides.entries[side] && sides.unsaid[side]) sides.entries[side] = telling.say(std::move(*sides.unsaid[side]));
      sides.unsaid[side].reset();
    }
  };
  for (auto& [id, sides] : told) say(sides);
  for (auto& [number, sides] : encounters) say(sides);
}

}  // namespace wideberth::core
