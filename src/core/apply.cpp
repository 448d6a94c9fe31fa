#include "core/apply.h"

#include <algorithm>

#include "base/bytes.h"
#include "base/check.h"
#include "base/id.h"
#include "core/applications.h"
#include "core/coordinates.h"
#include "ledger/note.h"

namespace wideberth::core {
namespace {

using base::refuse;

Result<void> apply_opening(State& state, const Entry& entry) {
  const std::string* full = entry.part("full");
  if (full == nullptr) return refuse(Rule::log_entry_strange, "entry 0 has no part", "the opening of the log");
  WB_TRY(opening, model::parse_opening(*full));
  if (opening.origin != entry.text.origin)
    return refuse(Rule::log_entry_strange, "the opening names " + opening.origin, entry.text.origin);
  if (opening.rules > kRulesVersion)
    return refuse(Rule::rules_version_unknown, "version " + std::to_string(opening.rules),
                  "up to " + std::to_string(kRulesVersion) + "; read this log with a newer program");
  KeyState server;
  server.key = opening.server;
  server.party = opening.origin;
  state.keys.emplace(opening.origin, server);
  for (const model::OpeningParty& each : opening.parties) {
    KeyState root;
    if (!each.root) continue;
    root.key = *each.root;
    root.party = each.party.party;
    root.root = true;
    state.keys.emplace(each.root->name, root);
  }
  state.opening = std::move(opening);
  return {};
}

Result<void> apply_key(State& state, const Entry& entry) {
  const std::string* full = entry.part("full");
  if (full == nullptr) return {};
  if (entry.kind == model::EntryKind::key_added) {
    WB_TRY(added, model::parse_key_added(*full));
    KeyState key;
    key.party = state.keys.at(entry.text.signer).party;
    key.key = added.key;
    key.kinds = added.kinds;
    key.added = entry.index;
    state.keys.emplace(key.key.name, key);
  } else if (entry.kind == model::EntryKind::key_revoked) {
    WB_TRY(revoked, model::parse_key_revoked(*full));
    if (const auto at = state.keys.find(revoked.key); at != state.keys.end()) at->second.revoked = entry.index;
  } else {
    WB_TRY(compromised, model::parse_key_compromised(*full));
    if (const auto at = state.keys.find(compromised.key); at != state.keys.end())
      at->second.compromised_since = compromised.since;
  }
  return {};
}

Result<void> apply_agreement(State& state, const Entry& entry, const std::string& party) {
  const std::string* full = entry.part("full");
  if (entry.kind == model::EntryKind::agreement_proposed) {
    if (full == nullptr)
      return refuse(Rule::log_entry_strange, "entry " + std::to_string(entry.index.value) + " of an agreement was erased",
                    "agreements are never erased");
    WB_TRY(parsed, model::parse_agreement(*full));
    AgreementState agreement;
    agreement.id = base::id_of(base::IdKind::agreement, entry.index);
    agreement.proposed = entry.index;
    agreement.proposer = party;
    agreement.document = ledger::sha256(*full);
    agreement.agreement = std::make_shared<const model::Agreement>(std::move(parsed));
    WB_TRY_VOID(compile_areas(agreement));
    if (const model::Party* own = agreement.agreement->find_party(party); own != nullptr && own->role == model::Role::party)
      agreement.signatures.emplace(party, entry.index);
    state.agreements.emplace(agreement.id, std::move(agreement));
    return {};
  }
  const auto at = state.agreements.find(base::id_of(base::IdKind::agreement, entry.text.refs.at(0)));
  if (at == state.agreements.end())
    return refuse(Rule::log_entry_strange, "entry " + std::to_string(entry.index.value) + " signs no agreement");
  if (entry.kind == model::EntryKind::agreement_signed) {
    at->second.signatures.emplace(party, entry.index);
    come_into_force(state, at->second, entry.index, entry.received);
    return {};
  }
  if (full == nullptr) return {};
  WB_TRY(reading, model::parse_agreement_reading(*full));
  ReadingState stated;
  stated.entry = entry.index;
  stated.party = party;
  stated.reading = std::move(reading);
  at->second.readings.push_back(std::move(stated));
  return {};
}

/// What is said and found beside notifications: units, agreements as they are lived, and the hotline.
Result<void> apply_beside(State& state, const Entry& entry, const std::string& party) {
  switch (entry.kind) {
    case model::EntryKind::unit_described: return apply_units(state, entry, party);
    case model::EntryKind::conformance_changed:
    case model::EntryKind::encounter_opened:
    case model::EntryKind::encounter_closed: return apply_watched(state, entry);
    case model::EntryKind::agreement_withdrawn:
    case model::EntryKind::caution_joined:
    case model::EntryKind::caution_left:
    case model::EntryKind::consultation_held:
    case model::EntryKind::incident_reported: return apply_pact(state, entry, party);
    case model::EntryKind::rule_touched:
    case model::EntryKind::reading_differs:
    case model::EntryKind::sender_warned:
    case model::EntryKind::agreement_left: return apply_pact_finding(state, entry);
    case model::EntryKind::message_sent:
    case model::EntryKind::message_seen:
    case model::EntryKind::message_answered:
    case model::EntryKind::hotline_checked_in:
    case model::EntryKind::call_logged:
    case model::EntryKind::call_confirmed:
    case model::EntryKind::call_disputed:
    case model::EntryKind::phrases_reviewed:
    case model::EntryKind::statement_relayed:
    case model::EntryKind::sighting_reported:
    case model::EntryKind::sighting_answered: return apply_hotline(state, entry, party);
    case model::EntryKind::watch_handed_over: return apply_handover(state, entry, party);
    case model::EntryKind::paper_confirmed:
    case model::EntryKind::paper_disputed: return apply_paper_judged(state, entry, party);
    case model::EntryKind::presence_stated:
    case model::EntryKind::sighting_differs: return apply_presence(state, entry, party);
    default: base::check_failed("every kind of entry has an application", __FILE__, __LINE__);
  }
}

Result<void> apply_content(State& state, const Entry& entry, const std::string& party) {
  switch (entry.kind) {
    case model::EntryKind::log_opened: return apply_opening(state, entry);
    case model::EntryKind::key_added:
    case model::EntryKind::key_revoked:
    case model::EntryKind::key_compromised: return apply_key(state, entry);
    case model::EntryKind::agreement_proposed:
    case model::EntryKind::agreement_signed:
    case model::EntryKind::agreement_reading: return apply_agreement(state, entry, party);
    case model::EntryKind::notification_filed:
    case model::EntryKind::notification_amended: return apply_notified(state, entry, party);
    case model::EntryKind::notification_delivered: return apply_delivered(state, entry);
    case model::EntryKind::notification_received:
    case model::EntryKind::notification_acknowledged:
    case model::EntryKind::notification_objected:
    case model::EntryKind::notification_answered:
    case model::EntryKind::notification_unit_informed: return apply_answer(state, entry, party);
    case model::EntryKind::notification_withdrawn:
    case model::EntryKind::notification_completed:
    case model::EntryKind::notification_expired: return apply_end(state, entry);
    case model::EntryKind::notification_outcome:
    case model::EntryKind::notification_suspended:
    case model::EntryKind::notification_resumed:
    case model::EntryKind::notification_queried:
    case model::EntryKind::notification_query_answered: return apply_on_the_way(state, entry, party);
    case model::EntryKind::conflict_found: return apply_conflict(state, entry);
    case model::EntryKind::deadline_missed:
    case model::EntryKind::deadline_channel_down: return apply_deadline(state, entry);
    case model::EntryKind::positions_reported: return apply_positions(state, entry, party);
    case model::EntryKind::alert_raised:
    case model::EntryKind::alert_closed:
    case model::EntryKind::alert_acknowledged:
    case model::EntryKind::alert_snoozed: return apply_alert(state, entry);
    case model::EntryKind::channel_down:
    case model::EntryKind::note_refused:
    case model::EntryKind::rules_changed: return apply_record(state, entry);
    case model::EntryKind::entry_crossed:
    case model::EntryKind::crossed_disputed: return apply_crossed(state, entry);
    case model::EntryKind::clock_stepped: state.clock_behind = true; return {};
    case model::EntryKind::seen_disputed: return {};
    default: return apply_beside(state, entry, party);
  }
}

/// The agreement under which an entry falls: its own, or that of the entry that it refers to first.
std::optional<EntryIndex> agreement_of(const State& state, const Entry& entry) {
  if (entry.kind == model::EntryKind::agreement_proposed) return entry.index;
  switch (entry.kind) {
    case model::EntryKind::agreement_signed:
    case model::EntryKind::agreement_reading:
    case model::EntryKind::agreement_withdrawn:
    case model::EntryKind::caution_joined:
    case model::EntryKind::caution_left:
    case model::EntryKind::consultation_held:
    case model::EntryKind::incident_reported:
    case model::EntryKind::presence_stated: return entry.text.refs.front();
    default: break;
  }
  if (const NotificationState* of = state.notification_at(entry.index))
    if (const AgreementState* agreement = state.agreement(of->agreement)) return agreement->proposed;
  if (!entry.text.refs.empty() && entry.text.refs.front().value < state.facts.size())
    return state.facts[entry.text.refs.front().value].agreement;
  return std::nullopt;
}

}  // namespace

void come_into_force(State& state, AgreementState& agreement, EntryIndex entry, Instant at) {
  for (const model::Party& member : agreement.agreement->parties)
    if (member.role == model::Role::party && !agreement.signatures.contains(member.party) &&
        !agreement.relayed.contains(member.party))
      return;
  agreement.in_force = entry;
  begin_check_ins(state, agreement, at);
  owe_consultations(state, agreement, entry, at);
  if (!agreement.agreement->supersedes) return;
  const auto before = state.agreements.find(*agreement.agreement->supersedes);
  if (before == state.agreements.end()) return;
  before->second.superseded_by = agreement.id;
  end_check_ins(state, before->second);
  drop_consultations(state, before->first);
}

Result<void> apply(State& state, const Entry& entry) {
  const bool opens = entry.kind == model::EntryKind::log_opened;
  if (entry.index != state.next() || opens != (entry.index.value == 0))
    return refuse(Rule::log_entry_strange, "a " + entry.text.kind + " as entry " + std::to_string(entry.index.value),
                  "entry " + std::to_string(state.next().value));
  if (entry.received < state.last_received)
    return refuse(Rule::log_entry_strange,
                  "entry " + std::to_string(entry.index.value) + " was received before the one before it");
  const KeyState* signer = state.key(entry.text.signer);
  if (!opens && signer == nullptr)
    return refuse(Rule::log_entry_strange, "entry " + std::to_string(entry.index.value) + " is signed by an unknown key");
  const std::string party = opens ? entry.text.origin : signer->party;
  const model::KindRow& row = model::row_of(entry.kind);
  const bool by_server = opens ? entry.text.signer == entry.text.origin : party == state.opening->origin;
  if (by_server != (row.signs == model::Signs::server))
    return refuse(Rule::log_entry_strange,
                  "entry " + std::to_string(entry.index.value) + " (" + entry.text.kind + ") is signed by " + entry.text.signer);
  if (entry.text.refs.size() < row.least_refs)
    return refuse(Rule::log_entry_strange,
                  "entry " + std::to_string(entry.index.value) + " (" + entry.text.kind + ") is about no entry");

  WB_TRY_VOID(apply_content(state, entry, party));
  WB_TRY_VOID(apply_paper(state, entry, party));
  if (entry.received > state.last_received) state.clock_behind = false;

  KeyState& chain = state.keys.at(entry.text.signer);
  chain.next_number = entry.text.number + 1;
  chain.last_text = entry.text_hash;
  state.texts.emplace(entry.text_hash, TextFate{entry.index, false, Rule{}, {}});
  EntryFacts facts;
  facts.kind = entry.kind;
  facts.received = entry.received;
  facts.signer_party = party;
  facts.to = entry.text.to;
  facts.agreement = agreement_of(state, entry);
  state.facts.push_back(std::move(facts));
  state.tree.append(ledger::leaf_hash(entry.leaf));
  state.last_received = entry.received;
  return {};
}

}  // namespace wideberth::core
