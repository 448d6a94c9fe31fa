#include "core/watch.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <optional>
#include <tuple>

#include "core/rulings.h"
#include "live/house.h"
#include "model/position_batch.h"

namespace wideberth::core {
namespace {

/// A double in metres as whole millimetres, upwards: nothing looks nearer than it is told. The double is live's, which uses
/// + − × ÷ and square root alone.
Metres metres_up(double metres) { return Metres::from_mm(static_cast<std::int64_t>(std::ceil(metres * 1000))); }
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
    case live::Ended::snoozed: return model::AlertEnd::snoozed;
    case live::Ended::open:
    case live::Ended::eased: break;
  }
  return model::AlertEnd::eased;
}

/// The positions of each are used for the other.
bool compared(const model::Agreement& agreement, const std::string& a, const std::string& b) {
  return a != b && agreement.positions(a, b).use != model::PositionUse::nothing &&
         agreement.positions(b, a).use != model::PositionUse::nothing;
}

bool compared_with_anybody(const model::Agreement& agreement, const std::string& party) {
  return std::any_of(agreement.parties.begin(), agreement.parties.end(), [&](const model::Party& other) {
    return other.role == model::Role::party && compared(agreement, party, other.party);
  });
}

Draft closed_for(const std::string& party, EntryIndex alert, model::AlertEnd ended, Instant at) {
  return finding(model::EntryKind::alert_closed, {party}, {alert}, model::to_json(model::AlertClosed{ended, at}));
}

}  // namespace

/// What is watched under one agreement.
struct Watch::House {
  explicit House(live::Live made) : live{std::move(made)} {}

  /// Which fix of which batch a unit was heard of last.
  struct Heard {
    EntryIndex batch{};
    std::uint32_t fix = 0;
  };
  /// The entries by which the sides of a pair, a then b, were told; none where a side was not, or asked for quiet.
  struct Told {
    live::UnitIndex a, b;
    live::Grade grade{};
    std::array<std::optional<EntryIndex>, 2> entries;
  };
  struct Quiet {
    Instant until{};
    live::Grade up_to{};
  };

  live::Live live;
  std::vector<Heard> heard{};  ///< by unit
  std::map<std::uint64_t, Told> told{};
  std::map<std::tuple<std::string, std::uint32_t, std::uint32_t>, Quiet> quiet{};  ///< by side and pair

  std::optional<live::UnitIndex> number_of(const AgreementState& agreement, const std::string& party, const std::string& unit) {
    if (const auto known = live.units().find(party, unit)) return known;
    live::Unit added;
    added.party = party;
    added.name = unit;
    added.platform_class = agreement.agreement->platform_classes.front();
    const auto number = live.units().add(std::move(added));
    if (!number) return std::nullopt;
    if (heard.size() <= number->value) heard.resize(number->value + 1);
    return *number;
  }

  void take(const State& state, const AgreementState& agreement, const Entry& batch, const std::string& party,
            std::vector<Draft>& drafts);
  void tell(const State& state, const AgreementState& agreement, Instant received, std::vector<Draft>& drafts);
  void raise(const State& state, const AgreementState& agreement, const live::AlertEvent& event, Instant received,
             std::vector<Draft>& drafts);
  void close(const live::AlertEvent& event, std::vector<Draft>& drafts);
  bool is_quiet(const std::string& party, const live::AlertEvent& event, Instant received);
};

struct Watch::Houses {
  std::map<std::string, House> by_agreement;
};

Watch::Watch() : houses_{std::make_unique<Houses>()} {}
Watch::Watch(Watch&&) noexcept = default;
Watch& Watch::operator=(Watch&&) noexcept = default;
Watch::~Watch() = default;

bool Watch::House::is_quiet(const std::string& party, const live::AlertEvent& event, Instant received) {
  const auto at = quiet.find({party, event.a.value, event.b.value});
  if (at == quiet.end()) return false;
  if (at->second.until <= received) {
    quiet.erase(at);
    return false;
  }
  return event.grade <= at->second.up_to;
}

void Watch::House::raise(const State& state, const AgreementState& agreement, const live::AlertEvent& event, Instant received,
                         std::vector<Draft>& drafts) {
  const std::array<live::UnitIndex, 2> pair{event.a, event.b};
  const model::Agreement& terms = *agreement.agreement;
  if (!compared(terms, live.units()[event.a].party, live.units()[event.b].party)) return;
  Told sides{event.a, event.b, event.grade, {}};
  for (std::size_t side = 0; side < 2; ++side) {
    const live::Unit &own = live.units()[pair[side]], &other = live.units()[pair[1 - side]];
    if (is_quiet(own.party, event, received)) continue;
    const auto used = terms.positions(other.party, own.party);
    model::AlertRaised alert;
    alert.grade = grade_of(event.grade);
    alert.agreement = agreement.id;
    alert.clause = used.clause;
    alert.unit = own.name;
    alert.fix = heard[pair[side].value].fix;
    alert.other_party = other.party;
    alert.other_unit = other.name;
    alert.at = event.at;
    alert.now = metres_up(event.ahead.now_m);
    alert.least = metres_up(std::min(event.closest.distance_m, event.ahead.distance_m));
    alert.in = event.closest.distance_m <= event.ahead.distance_m ? Millis{} : seconds_up(event.ahead.seconds);
    if (used.use != model::PositionUse::tracks) alert = model::coarsened(std::move(alert));
    sides.entries[side] = EntryIndex{state.next().value + drafts.size()};
    drafts.push_back(
        finding(model::EntryKind::alert_raised, {own.party}, {heard[pair[side].value].batch}, model::to_json(alert)));
  }
  told.emplace(event.id.value, sides);
}

void Watch::House::close(const live::AlertEvent& event, std::vector<Draft>& drafts) {
  const auto at = told.find(event.id.value);
  if (at == told.end()) return;
  const std::array<live::UnitIndex, 2> pair{at->second.a, at->second.b};
  for (std::size_t side = 0; side < 2; ++side)
    if (const auto& entry = at->second.entries[side])
      drafts.push_back(closed_for(live.units()[pair[side]].party, *entry, end_of(event.ended), event.at));
  told.erase(at);
}

void Watch::House::tell(const State& state, const AgreementState& agreement, Instant received, std::vector<Draft>& drafts) {
  for (const live::Event& each : live.drain()) {
    const auto* event = std::get_if<live::AlertEvent>(&each);
    if (event == nullptr) continue;
    if (event->change == live::AlertChange::raised) raise(state, agreement, *event, received, drafts);
    if (event->change == live::AlertChange::closed) close(*event, drafts);
  }
}

void Watch::House::take(const State& state, const AgreementState& agreement, const Entry& batch, const std::string& party,
                        std::vector<Draft>& drafts) {
  const std::string* full = batch.part("full");
  auto reader = model::PositionReader::open(full == nullptr ? std::string_view() : *full);
  if (!reader) return;
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
    if (named != position.unit) unit = number_of(agreement, party, position.unit);
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
    tell(state, agreement, batch.received, drafts);
    for (const live::Fix& each : step) in_step[each.unit.value] = 0;
    step.clear();
  };
  for (const Taken& each : taken) {
    if (in_step[each.fix.unit.value] != 0) finish();
    in_step[each.fix.unit.value] = 1;
    heard[each.fix.unit.value] = {batch.index, each.index};
    step.push_back(each.fix);
  }
  finish();
}

std::vector<Draft> Watch::take(const State& state, const Entry& entry) {
  std::vector<Draft> drafts;
  if (entry.kind == model::EntryKind::alert_snoozed) {
    const auto alert = state.alerts.find(entry.text.refs.front());
    const std::string* full = entry.part("full");
    const auto snoozed = full == nullptr ? base::refuse(Rule::part_missing) : model::parse_alert_snoozed(*full);
    if (alert == state.alerts.end() || !snoozed) return drafts;
    const auto house = houses_->by_agreement.find(alert->second.raised.agreement);
    if (house == houses_->by_agreement.end()) return drafts;
    for (auto& [id, sides] : house->second.told)
      for (std::size_t side = 0; side < 2; ++side)
        if (sides.entries[side] == alert->first) {
          house->second.quiet[{alert->second.party, sides.a.value, sides.b.value}] = {snoozed->until, sides.grade};
          sides.entries[side].reset();
        }
    drafts.push_back(closed_for(alert->second.party, alert->first, model::AlertEnd::snoozed, entry.received));
    return drafts;
  }
  if (entry.kind != model::EntryKind::positions_reported || entry.text.refs.empty()) return drafts;
  const AgreementState* agreement = state.agreement(base::id_of(base::IdKind::agreement, entry.text.refs.front()));
  const std::string& party = state.facts[entry.index.value].signer_party;
  if (agreement == nullptr || !agreement->holds() || !compared_with_anybody(*agreement->agreement, party)) return drafts;
  auto house = houses_->by_agreement.find(agreement->id);
  if (house == houses_->by_agreement.end()) {
    live::Live::Options options{.settings = live::settings_of(*agreement->agreement)};
    options.encounters = false;
    house = houses_->by_agreement.emplace(agreement->id, House(live::Live(std::move(options)))).first;
  }
  house->second.take(state, *agreement, entry, party, drafts);
  return drafts;
}

std::vector<Draft> Watch::pass(const State& state, Instant now) {
  std::vector<Draft> drafts;
  for (auto& [id, house] : houses_->by_agreement) {
    house.live.advance(now);
    house.tell(state, *state.agreement(id), now, drafts);
  }
  return drafts;
}

std::vector<Draft> close_alerts(const State& state, Instant now) {
  std::vector<Draft> drafts;
  for (const EntryIndex open : state.open_alerts)
    drafts.push_back(closed_for(state.alerts.at(open).party, open, model::AlertEnd::restarted, now));
  return drafts;
}

}  // namespace wideberth::core
