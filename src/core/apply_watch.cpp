// What is said of units, and what the watch found of movements and encounters: how it changes the state.
#include "core/applications.h"

namespace wideberth::core {

void EncounterBook::add(EncounterState opened) {
  open.insert(opened.entry);
  const EntryIndex entry = opened.entry;
  all.emplace(entry, std::move(opened));
}

void EncounterBook::close(EntryIndex opened, EntryIndex over, std::shared_ptr<const model::EncounterClosed> closed) {
  const auto at = all.find(opened);
  if (at == all.end()) return;
  at->second.over = over;
  at->second.closed = std::move(closed);
  open.erase(opened);
  if (all.size() - open.size() <= kMostClosed) return;
  for (auto eldest = all.begin(); eldest != all.end(); ++eldest)
    if (!open.contains(eldest->first)) {
      all.erase(eldest);
      return;
    }
}

void EncounterBook::tell(const std::string& reader, EntryIndex entry, std::shared_ptr<const model::ConformanceChanged> told) {
  // A unit's state is one, whatever its movement; what is foreseen and counted is told, not kept.
  if (!std::holds_alternative<model::KeepingChanged>(told->what)) return;
  Key key{reader, told->party, told->unit, told->unit.empty() ? told->movement : std::string()};
  ConformanceState& state = conformance[key];
  if (state.told) conformance_by_entry.erase(state.entry);
  state = {entry, std::move(told)};
  conformance_by_entry.emplace(entry, std::move(key));
  if (conformance.size() <= kMostConformance) return;
  conformance.erase(conformance_by_entry.begin()->second);
  conformance_by_entry.erase(conformance_by_entry.begin());
}

model::Keeping EncounterBook::keeping(const std::string& reader, const std::string& party, const std::string& unit,
                                      const std::string& movement) const {
  const auto at = conformance.find({reader, party, unit, movement});
  if (at == conformance.end()) return model::Keeping::unwatched;
  const auto* state = std::get_if<model::KeepingChanged>(&at->second.told->what);
  return state == nullptr ? model::Keeping::unwatched : state->now;
}

Result<void> apply_units(State& state, const Entry& entry, const std::string& party) {
  const std::string* full = entry.part("full");
  if (full == nullptr) return {};
  WB_TRY(described, model::parse_unit_described(*full));
  UnitBook::Units& units = state.units.by_party[party];
  for (model::UnitText& each : described.units) {
    UnitState unit{entry.index, base::id_of(base::IdKind::agreement, entry.text.refs.front()), entry.text.to, {}};
    const std::string name = each.unit;
    unit.said = std::make_shared<const model::UnitText>(std::move(each));
    units.insert_or_assign(name, std::move(unit));
  }
  return {};
}

Result<void> apply_watched(State& state, const Entry& entry) {
  const std::string* full = entry.part("full");
  if (entry.kind == model::EntryKind::encounter_closed) {
    std::shared_ptr<const model::EncounterClosed> closed;
    if (full != nullptr) {
      WB_TRY(parsed, model::parse_encounter_closed(*full));
      closed = std::make_shared<const model::EncounterClosed>(std::move(parsed));
    }
    state.encounters.close(entry.text.refs.front(), entry.index, std::move(closed));
    return {};
  }
  if (entry.text.to.empty())
    return base::refuse(Rule::log_entry_strange, "entry " + std::to_string(entry.index.value) + " tells nobody");
  const std::string& reader = entry.text.to.front();
  if (entry.kind == model::EntryKind::conformance_changed) {
    if (full == nullptr) return {};
    WB_TRY(parsed, model::parse_conformance_changed(*full));
    state.encounters.tell(reader, entry.index, std::make_shared<const model::ConformanceChanged>(std::move(parsed)));
    return {};
  }
  EncounterState opened;
  opened.entry = entry.index;
  opened.party = reader;
  if (full != nullptr) {
    WB_TRY(parsed, model::parse_encounter_opened(*full));
    opened.opened = std::make_shared<const model::EncounterOpened>(std::move(parsed));
  }
  state.encounters.add(std::move(opened));
  return {};
}

}  // namespace wideberth::core
