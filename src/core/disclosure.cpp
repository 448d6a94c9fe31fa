#include "core/disclosure.h"

#include <algorithm>

#include "base/id.h"

namespace wideberth::core {
namespace {

bool founds_the_log(model::EntryKind kind) {
  switch (kind) {
    case model::EntryKind::log_opened:
    case model::EntryKind::key_added:
    case model::EntryKind::key_revoked:
    case model::EntryKind::key_compromised:
    case model::EntryKind::channel_down:
    case model::EntryKind::clock_stepped:
    case model::EntryKind::rules_changed: return true;
    default: return false;
  }
}

/// An agreement, its signatures and readings belong to all whom it names.
bool of_agreement(model::EntryKind kind) {
  switch (kind) {
    case model::EntryKind::agreement_proposed:
    case model::EntryKind::agreement_signed:
    case model::EntryKind::agreement_reading:
    case model::EntryKind::agreement_withdrawn:
    case model::EntryKind::agreement_left:
    case model::EntryKind::caution_joined:
    case model::EntryKind::caution_left:
    case model::EntryKind::consultation_held:
    case model::EntryKind::incident_reported:
    case model::EntryKind::presence_stated: return true;
    default: return false;
  }
}

/// Parts that hold words of the agreement itself.
bool quotes_text(model::EntryKind kind) {
  return kind == model::EntryKind::agreement_proposed || kind == model::EntryKind::agreement_reading ||
         kind == model::EntryKind::rule_touched || kind == model::EntryKind::presence_stated;
}

/// Parts from which a number of the agreement's can be read or reckoned: a separation, a term, a regime, a limit of conduct.
bool tells_terms(model::EntryKind kind) {
  switch (kind) {
    case model::EntryKind::conflict_found:
    case model::EntryKind::reading_differs:
    case model::EntryKind::deadline_missed:
    case model::EntryKind::deadline_channel_down:
    case model::EntryKind::encounter_opened:
    case model::EntryKind::encounter_closed: return true;
    default: return false;
  }
}

/// What is done under an agreement after a party has left it is not that party's to read.
bool after_leaving(const State& state, const AgreementState& agreement, EntryIndex entry, std::string_view party) {
  const Withdrawal* withdrawal = state.pacts.withdrawal(agreement.id, party);
  return withdrawal != nullptr && withdrawal->left && *withdrawal->left < entry;
}

bool carries_views(model::EntryKind kind) {
  return kind == model::EntryKind::notification_filed || kind == model::EntryKind::notification_amended;
}

bool neutral(model::Role role) { return role != model::Role::party; }

}  // namespace

bool may_read(const State& state, EntryIndex entry, std::string_view party) {
  if (entry.value >= state.facts.size() || !state.is_party(party)) return false;
  const EntryFacts& facts = state.facts[entry.value];
  if (founds_the_log(facts.kind) || facts.signer_party == party) return true;
  if (std::find(facts.to.begin(), facts.to.end(), party) != facts.to.end()) return true;
  if (!facts.agreement) return false;
  const AgreementState* agreement = state.agreement(base::id_of(base::IdKind::agreement, *facts.agreement));
  const model::Party* member = agreement == nullptr ? nullptr : agreement->agreement->find_party(party);
  if (member == nullptr || after_leaving(state, *agreement, entry, party)) return false;
  return of_agreement(facts.kind) || neutral(member->role);
}

bool may_see_text(const AgreementState& agreement, std::string_view party) {
  const model::Party* member = agreement.agreement->find_party(party);
  if (member == nullptr) return false;
  if (member->role == model::Role::party) return true;
  bool confidential = false;
  for (const model::Rule& rule : agreement.agreement->rules)
    if (const auto* named = std::get_if<model::ConfidentialRule>(&rule.body)) {
      confidential = true;
      if (std::find(named->may_see.begin(), named->may_see.end(), party) != named->may_see.end()) return true;
    }
  return !confidential;
}

bool may_read_part(const State& state, EntryIndex entry, std::string_view part, std::string_view party) {
  if (!may_read(state, entry, party)) return false;
  const EntryFacts& facts = state.facts[entry.value];
  // A batch goes to nobody but the party whose it is: there is no bulk export of another's positions.
  if (facts.kind == model::EntryKind::positions_reported) return facts.signer_party == party;
  // What a party says of its units goes to those whom it names, and to no observer by the agreement alone.
  if (facts.kind == model::EntryKind::unit_described)
    return facts.signer_party == party || std::find(facts.to.begin(), facts.to.end(), party) != facts.to.end();
  if (facts.signer_party == party) return true;
  const AgreementState* agreement =
      facts.agreement ? state.agreement(base::id_of(base::IdKind::agreement, *facts.agreement)) : nullptr;
  if ((quotes_text(facts.kind) || tells_terms(facts.kind)) && agreement != nullptr) return may_see_text(*agreement, party);
  // How and by whom it was done on paper goes to all who get the act, whatever its view.
  if (!carries_views(facts.kind) || part == model::kPaperPart) return true;
  return agreement != nullptr && part_named(view_of(*agreement, facts.signer_party, party)) == part;
}

bool may_read_track(const State& state, EntryIndex batch, std::string_view party) {
  if (batch.value >= state.facts.size()) return false;
  const EntryFacts& facts = state.facts[batch.value];
  if (facts.kind != model::EntryKind::positions_reported || !state.is_party(party)) return false;
  if (facts.signer_party == party) return true;
  const AgreementState* agreement =
      facts.agreement ? state.agreement(base::id_of(base::IdKind::agreement, *facts.agreement)) : nullptr;
  return agreement != nullptr && agreement->holds() && agreement->agreement->find_party(party) != nullptr &&
         !state.pacts.has_left(agreement->id, party) && !state.pacts.has_left(agreement->id, facts.signer_party) &&
         agreement->agreement->positions(facts.signer_party, party).use == model::PositionUse::tracks;
}

}  // namespace wideberth::core
