#include "core/decide.h"

#include <algorithm>

#include "base/bytes.h"
#include "base/check.h"
#include "core/rulings.h"
#include "model/acts.h"

namespace wideberth::core {
namespace {

using base::refuse;

/// A chain that does not hold leaves no trace: whoever resends in order is heard.
Result<void> check_chain(const KeyState& key, const ledger::EntryText& text) {
  const std::string next = std::to_string(key.next_number);
  const std::string expected = key.last_text ? next + " " + ledger::to_base64(*key.last_text) : next + " -";
  if (text.number < key.next_number)
    return refuse(Rule::chain_number_used,
                  "number " + std::to_string(text.number) + " of " + text.signer + " was used by another text", expected);
  if (text.number > key.next_number)
    return refuse(Rule::chain_gap, "number " + std::to_string(text.number) + " of " + text.signer, expected);
  if (text.previous != key.last_text)
    return refuse(Rule::chain_previous,
                  "the note names " + (text.previous ? ledger::to_base64(*text.previous) : std::string("-")), expected);
  return {};
}

Result<void> check_form(const Question& q) {
  const model::KindRow& row = model::row_of(q.note.kind);
  if (row.signs == model::Signs::root && !q.key.root)
    return refuse(Rule::key_not_root, "\"" + q.key.key.name + "\"", q.party() + "/root");
  if (!model::allows(q.key.kinds, q.note.text.kind))
    return refuse(Rule::key_scope, "\"" + q.key.key.name + "\" may not sign " + q.note.text.kind,
                  "a key of " + q.party() + " whose scope holds it");
  std::vector<std::string> named;
  for (const std::string& to : q.note.text.to) {
    if (!q.state.is_party(to))
      return refuse(Rule::recipient_unknown, "\"" + base::excerpt(to) + "\"", "parties of this log", "to");
    if (to == q.party() || std::find(named.begin(), named.end(), to) != named.end())
      return refuse(Rule::recipient_unknown, "\"" + to + "\" twice, or the signer itself", "each other party at most once", "to");
    named.push_back(to);
  }
  const std::size_t refs = q.note.text.refs.size();
  if (refs < row.least_refs || refs > row.most_refs)
    return refuse(Rule::note_references, std::to_string(refs) + " ref lines",
                  row.most_refs == 0 ? "none for " + q.note.text.kind : "ref: " + std::string(row.refs));
  const auto& parts = q.note.parts;
  if (row.parts == model::Parts::full && (parts.size() != 1 || parts.front().name != model::kFullPart))
    return refuse(Rule::part_missing, std::to_string(parts.size()) + " parts", "one part, named \"full\"", "/parts");
  for (const EntryIndex ref : q.note.text.refs)
    if (ref >= q.index())
      return refuse(Rule::note_references, "ref " + std::to_string(ref.value),
                    "entries before " + std::to_string(q.index().value));
  return {};
}

Ruling rule(const Question& q) {
  WB_TRY_VOID(check_form(q));
  switch (q.note.kind) {
    case model::EntryKind::key_added: return rule_key_added(q);
    case model::EntryKind::key_revoked: return rule_key_revoked(q);
    case model::EntryKind::key_compromised: return rule_key_compromised(q);
    case model::EntryKind::agreement_proposed: return rule_agreement_proposed(q);
    case model::EntryKind::agreement_signed: return rule_agreement_signed(q);
    case model::EntryKind::agreement_reading: return rule_agreement_reading(q);
    case model::EntryKind::notification_filed: return rule_filed(q);
    case model::EntryKind::notification_amended: return rule_amended(q);
    case model::EntryKind::notification_received: return rule_received(q);
    case model::EntryKind::notification_acknowledged: return rule_acknowledged(q);
    case model::EntryKind::notification_objected: return rule_objected(q);
    case model::EntryKind::notification_answered: return rule_answered(q);
    case model::EntryKind::notification_unit_informed: return rule_unit_informed(q);
    case model::EntryKind::notification_withdrawn: return rule_withdrawn(q);
    case model::EntryKind::notification_completed: return rule_completed(q);
    case model::EntryKind::notification_outcome: return rule_outcome(q);
    case model::EntryKind::notification_suspended: return rule_suspended(q);
    case model::EntryKind::notification_resumed: return rule_resumed(q);
    case model::EntryKind::notification_queried: return rule_queried(q);
    case model::EntryKind::notification_query_answered: return rule_query_answered(q);
    case model::EntryKind::positions_reported: return rule_positions_reported(q);
    case model::EntryKind::alert_acknowledged: return rule_alert_acknowledged(q);
    case model::EntryKind::alert_snoozed: return rule_alert_snoozed(q);
    case model::EntryKind::entry_crossed: return rule_entry_crossed(q);
    case model::EntryKind::unit_described: return rule_unit_described(q);
    case model::EntryKind::agreement_withdrawn: return rule_agreement_withdrawn(q);
    case model::EntryKind::caution_joined: return rule_caution_joined(q);
    case model::EntryKind::caution_left: return rule_caution_left(q);
    case model::EntryKind::consultation_held: return rule_consultation_held(q);
    case model::EntryKind::incident_reported: return rule_incident_reported(q);
    case model::EntryKind::message_sent: return rule_message_sent(q);
    case model::EntryKind::message_seen: return rule_message_seen(q);
    case model::EntryKind::message_answered: return rule_message_answered(q);
    case model::EntryKind::hotline_checked_in: return rule_checked_in(q);
    case model::EntryKind::call_logged: return rule_call_logged(q);
    case model::EntryKind::call_confirmed:
    case model::EntryKind::call_disputed: return rule_call_judged(q);
    case model::EntryKind::phrases_reviewed: return rule_phrases_reviewed(q);
    case model::EntryKind::statement_relayed: return rule_statement_relayed(q);
    case model::EntryKind::sighting_reported: return rule_sighting_reported(q);
    case model::EntryKind::sighting_answered: return rule_sighting_answered(q);
    case model::EntryKind::watch_handed_over: return rule_handed_over(q);
    default: break;
  }
  base::check_failed("admit lets no kind of the server's own through", __FILE__, __LINE__);
}

Draft refused(const Admitted& note, const Refusal& refusal) {
  const model::NoteRefused record{note.text_hash, note.text.signer, note.text.number, std::string(base::code_of(refusal.rule)),
                                  refusal.found};
  return finding(model::EntryKind::note_refused, {note.signer_party}, {}, model::to_json(record));
}

/// The signer's view of the log, carried into the log: a split view shows. Recorded and alarmed, not refused.
std::optional<Draft> check_seen(const State& state, const Admitted& note) {
  if (!note.text.seen) return std::nullopt;
  const auto& seen = *note.text.seen;
  const bool known = seen.size <= state.tree.size();
  const ledger::Hash ours = known ? state.tree.root(seen.size) : state.tree.root();
  if (known && ours == seen.root) return std::nullopt;
  std::vector<std::string> to{note.signer_party};
  for (const std::string& other : note.text.to) to.push_back(other);
  return finding(model::EntryKind::seen_disputed, std::move(to), {state.next()},
                 model::to_json(model::SeenDisputed{seen.size, seen.root, ours}));
}

}  // namespace

Result<std::string_view> full_part(const Admitted& note) {
  const std::string* full = note.part("full");
  if (full == nullptr) return refuse(Rule::part_missing, "no part \"full\"", "a part named \"full\"", "/parts");
  return std::string_view(*full);
}

Result<EntryIndex> only_reference(const Admitted& note) {
  if (note.text.refs.size() != 1)
    return refuse(Rule::note_references, std::to_string(note.text.refs.size()) + " ref lines",
                  "exactly one: the entry that this one is about");
  return note.text.refs.front();
}

Draft finding(model::EntryKind kind, std::vector<std::string> to, std::vector<EntryIndex> refs, std::string json) {
  Draft draft;
  draft.kind = kind;
  draft.to = std::move(to);
  draft.refs = std::move(refs);
  Draft::Part part;
  part.name = "full";
  part.json = std::move(json);
  draft.parts.push_back(std::move(part));
  return draft;
}

Decision decide(const State& state, const Admitted& note, Instant received) {
  WB_CHECK(received >= state.last_received);
  Decision decision;
  const KeyState* key = state.key(note.text.signer);
  if (key == nullptr || !key->valid()) {
    decision.refusal = Refusal{Rule::key_not_valid,
                               "\"" + note.text.signer + "\" at entry " + std::to_string(state.next().value),
                               "a key of the same party that is not revoked",
                               {}};
    return decision;
  }
  if (auto chain = check_chain(*key, note.text); !chain) {
    decision.refusal = std::move(chain.error());
    return decision;
  }
  const Question question{state, note, received, *key};
  Ruling ruling = rule(question);
  if (!ruling) {
    decision.findings.push_back(refused(note, ruling.error()));
    decision.refusal = std::move(ruling.error());
    return decision;
  }
  decision.findings = std::move(*ruling);
  if (auto disputed = check_seen(state, note)) decision.findings.push_back(std::move(*disputed));
  return decision;
}

}  // namespace wideberth::core
