// What a presence list, and a sighting that does not fit it, change.
#include "core/applications.h"

namespace wideberth::core {

Result<void> apply_presence(State& state, const Entry& entry, const std::string& party) {
  const std::string* full = entry.part("full");
  if (full == nullptr) return {};
  if (entry.kind == model::EntryKind::sighting_differs) {
    WB_TRY(found, model::parse_sighting_differs(*full));
    state.presence.differing.push_back({entry.index, entry.text.to, std::move(found)});
    return {};
  }
  WB_TRY(said, model::parse_presence_stated(*full));
  const AgreementState* agreement = state.agreement(base::id_of(base::IdKind::agreement, entry.text.refs.front()));
  if (agreement == nullptr)
    return base::refuse(Rule::log_entry_strange, "entry " + std::to_string(entry.index.value) + " is about no agreement");
  StatedPresence stated{entry.index, party, said.effect.value_or(entry.received), {}};
  for (const model::Rule& rule : agreement->agreement->rules)
    if (const auto* presence = std::get_if<model::PresenceRule>(&rule.body);
        presence != nullptr && rule.clause == said.clause && !said.effect)
      stated.effect = entry.received + presence->notice;
  const std::string clause = said.clause;
  stated.said = std::move(said);
  state.presence.stated[{agreement->id, clause}].push_back(std::move(stated));
  return {};
}

}  // namespace wideberth::core
