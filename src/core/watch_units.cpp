// Units as their parties describe them, and the movements that they drive in.
#include <algorithm>
#include <cmath>

#include "core/watch_house.h"

namespace wideberth::core {
namespace {

/// A movement is looked for again after this; and counts as standing so long before and after its windows.
constexpr Millis kSeekAgain = Millis::from_seconds(30), kAround = Millis::from_seconds(1'800);
constexpr double kBesideM = 10;  ///< as live has it before a unit is off its corridor

/// One name for both sides of a formation of two parties: each has to name the other.
std::string formation_of(const std::string& party, const model::UnitText& said) {
  if (said.formation.empty()) return {};
  if (said.formation_with.empty()) return party + "||" + said.formation;
  return std::min(party, said.formation_with) + "|" + std::max(party, said.formation_with) + "|" + said.formation;
}

}  // namespace

std::optional<Watch::House> Watch::House::make(const State& state, const AgreementState& agreement) {
  live::EncounterLimits limits;
  limits.longest = kLongestEncounter;
  limits.most_units = kMostFollowed;
  auto live = live::Live::make(*agreement.agreement, limits);
  if (!live) return {};
  House house(std::move(*live));
  house.agreement = agreement.id;
  house.tests = live::tests_of(*agreement.agreement);
  for (const auto& [id, each] : state.notifications)
    if (each.agreement == agreement.id) house.notified[each.party].push_back(id);
  house.recall_quiet(state, agreement);
  return house;
}

std::optional<live::UnitIndex> Watch::House::number_of(const State& state, const AgreementState& terms, const std::string& party,
                                                       const std::string& unit) {
  if (const auto known = live.units().find(party, unit)) return known;
  describe(state, terms, party, unit);
  return live.units().find(party, unit);
}

/// As its party describes it; what no agreement of ours knows as a class counts as the first one.
void Watch::House::describe(const State& state, const AgreementState& terms, const std::string& party, const std::string& unit) {
  live::Unit made;
  made.party = party;
  made.name = unit;
  made.platform_class = terms.agreement->platform_classes.front();
  std::uint32_t vehicles = 1;
  if (const UnitState* known = state.units.find(party, unit)) {
    const model::UnitText& said = *known->said;
    if (terms.agreement->has_class(said.platform_class)) made.platform_class = said.platform_class;
    made.length = said.length.value_or(Metres{});
    made.width = said.width.value_or(Metres{});
    made.moored = said.state != model::UnitRest::under_way;
    made.formation = formation_of(party, said);
    vehicles = said.vehicles;
  }
  auto number = live.units().add(made);
  if (!number) {  // more names of formations than live holds: then it stands alone
    made.formation.clear();
    number = live.units().add(std::move(made));
    if (!number) return;
  }
  live.watcher().stands_for(*number, vehicles);
  if (heard.size() <= number->value) {
    heard.resize(number->value + std::size_t{1});
    runs.resize(heard.size());
    sought.resize(heard.size());
    envelopes.resize(heard.size());
  }
  sought[number->value].reset();
}

std::optional<std::uint32_t> Watch::House::watched(const NotificationState& movement) {
  const Revision& latest = movement.latest();
  const auto known = live.watcher().find(movement.id);
  if (known && revisions.contains(*known) && revisions.at(*known) == latest.entry) return known;
  if (movement.standing != core::Standing::standing || latest.notification == nullptr) return {};
  auto made = live::make_movement(movement.id, *latest.notification);
  if (!made) return {};
  const std::uint32_t number = live.watcher().add(std::move(*made));
  revisions[number] = latest.entry;
  return number;
}

/// Movements that were amended are followed as amended; those that stand no more are left.
void Watch::House::keep_up(const State& state) {
  for (auto at = revisions.begin(); at != revisions.end();) {
    const std::uint32_t number = at->first;
    const NotificationState* now = state.notification(live.watcher().movement(number).id);
    const bool stands = now != nullptr && now->standing == core::Standing::standing && now->latest().notification != nullptr;
    ++at;
    if (stands && now->latest().entry == revisions.at(number)) continue;
    if (stands && watched(*now)) continue;
    live.watcher().remove(number);
    revisions.erase(number);
  }
}

const std::vector<std::string>& Watch::House::standing_of(const State& state, const std::string& party, Instant now) {
  Standing& known = standing[party];
  const std::vector<std::string>& all = notified[party];
  const bool fresh = known.heard == all.size() && now - known.looked < Millis::from_seconds(60) && known.looked <= now;
  if (fresh) return known.ids;
  known = {now, all.size(), {}};
  for (const std::string& id : all) {
    const NotificationState* movement = state.notification(id);
    if (movement == nullptr || movement->standing != core::Standing::standing) continue;
    const Interval& window = movement->latest().window;
    if (now < window.from - kAround || now > window.to + kAround) continue;
    known.ids.push_back(id);
    if (known.ids.size() == kMostStanding) break;
  }
  return known.ids;
}

/// The movement that the unit is said to drive in; else the one that names it; else the one in whose corridor it is, and of
/// several that whose time fits best.
std::optional<std::uint32_t> Watch::House::movement_for(const State& state, live::UnitIndex unit, const live::Fix& fix) {
  const live::Unit own = live.units()[unit];
  if (const UnitState* said = state.units.find(own.party, own.name); said != nullptr && !said->said->movement.empty()) {
    const NotificationState* movement = state.notification(said->said->movement);
    if (movement == nullptr || movement->agreement != agreement) return {};
    return watched(*movement);
  }
  std::optional<std::uint32_t> best;
  std::pair<double, double> least{};
  const std::vector<std::string> ids = standing_of(state, own.party, fix.time);
  for (const std::string& id : ids) {
    const NotificationState& movement = *state.notification(id);
    if (movement.latest().notification == nullptr) continue;
    const std::string& named = movement.latest().notification->unit;
    if (named == own.name) return watched(movement);
    if (!named.empty() && live.units().find(own.party, named)) continue;                 // another one's
    if (movement.latest().notification->platform_class != own.platform_class) continue;  // above a column is not in it
    const auto number = watched(movement);
    if (!number) continue;
    const live::Movement& what = live.watcher().movement(*number);
    const live::Progress progress = live::locate(what, fix.at, fix.time, {}, 0);
    if (!progress.within(what, kBesideM)) continue;
    const std::pair<double, double> cost{std::fabs(progress.deviation_s), progress.off_m};
    if (!best || cost < least) {
      best = number;
      least = cost;
    }
  }
  return best;
}

void Watch::House::follow(const State& state, live::UnitIndex unit, const live::Fix& fix) {
  const std::uint32_t now = live.watcher().movement_of(unit);
  if (now != live::kNoMovement && revisions.contains(now)) return;
  std::optional<Instant>& last = sought[unit.value];
  if (now == live::kNoMovement && last && fix.time >= *last && fix.time - *last < kSeekAgain) return;
  last = fix.time;
  const auto all = notified.find(live.units()[unit].party);
  const auto found = all == notified.end() || all->second.empty() ? std::nullopt : movement_for(state, unit, fix);
  live.watcher().assign(unit, found.value_or(live::kNoMovement));
}

}  // namespace wideberth::core
