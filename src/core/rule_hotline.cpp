// The rulings on what is said between the parties. The line stays open: an agreement that once came into force carries
// messages for ever, also when it was superseded; nothing that warns somebody is refused for being out of order.
#include <algorithm>

#include "base/bytes.h"
#include "base/id.h"
#include "core/rulings.h"
#include "core/sighted.h"

namespace wideberth::core {
namespace {

using base::refuse;

/// The agreement that the note names first, that was in force and names the signer.
Result<const AgreementState*> line_of(const Question& q) {
  const EntryIndex ref = q.note.text.refs.front();
  const AgreementState* agreement = q.state.agreement(base::id_of(base::IdKind::agreement, ref));
  if (agreement == nullptr || !agreement->in_force)
    return refuse(Rule::agreement_not_in_force, "entry " + std::to_string(ref.value),
                  "first the proposal of an agreement that all its parties have signed");
  if (agreement->agreement->find_party(q.party()) == nullptr)
    return refuse(Rule::agreement_not_party, q.party() + " is not named by " + agreement->id);
  return agreement;
}

/// Those told are named by the agreement; there is at least one.
Result<void> check_told(const Question& q, const AgreementState& agreement) {
  if (q.note.text.to.empty()) return refuse(Rule::recipient_missing, "nobody in `to`", "who is told", "to");
  for (const std::string& to : q.note.text.to)
    if (agreement.agreement->find_party(to) == nullptr)
      return refuse(Rule::recipient_not_disclosed, "\"" + to + "\" in `to`", "those whom " + agreement.id + " names", "to");
  return {};
}

/// What it is about: what the signer may read, of its own, of the server's, or of those told. So nobody learns by asking what
/// another was told of a third, and nobody is told of a third's entries.
Result<void> check_about(const Question& q) {
  const auto& refs = q.note.text.refs;
  const auto& to = q.note.text.to;
  for (auto ref = refs.begin() + 1; ref < refs.end(); ++ref) {
    const EntryFacts& facts = q.state.facts[ref->value];
    const bool theirs = facts.signer_party == q.party() || facts.signer_party == q.state.opening->origin ||
                        std::find(to.begin(), to.end(), facts.signer_party) != to.end();
    if (!theirs || !may_read(q.state, *ref, q.party()))
      return refuse(Rule::hotline_about, "entry " + std::to_string(ref->value),
                    "entries that " + q.party() + " may read, of its own, of those told, or of the server");
  }
  return {};
}

Result<const AgreementState*> said_on_line(const Question& q) {
  WB_TRY(agreement, line_of(q));
  WB_TRY_VOID(check_told(q, *agreement));
  WB_TRY_VOID(check_about(q));
  return agreement;
}

auto unknown(const Question& q, EntryIndex ref, std::string_view what) {
  return refuse(Rule::hotline_unknown, "entry " + std::to_string(ref.value),
                "the entry of a " + std::string(what) + " to " + q.party());
}

/// Who answers says it to who asked, and to nobody but others who were asked too.
template <class Said>
Result<void> check_answer_told(const Question& q, const Said& said) {
  bool asker = false;
  for (const std::string& to : q.note.text.to) {
    asker = asker || to == said.party;
    if (to != said.party && !said.heard.contains(to))
      return refuse(Rule::recipient_not_disclosed, "\"" + to + "\" in `to`", said.party + ", and those to whom it was said",
                    "to");
  }
  if (!asker) return refuse(Rule::recipient_missing, "\"" + said.party + "\" is not in `to`", said.party, "to");
  return {};
}

Result<void> only_first(const Question& q, const std::optional<EntryIndex>& before) {
  if (!before) return {};
  return refuse(Rule::answered_already, q.party() + " did so in entry " + std::to_string(before->value),
                "the first stands; what is to be added is a message of its own");
}

Result<const MessageState*> message_to_signer(const Question& q) {
  const EntryIndex ref = q.note.text.refs.front();
  const auto at = q.state.hotline.messages.find(ref);
  if (at == q.state.hotline.messages.end() || !at->second.heard.contains(q.party())) return unknown(q, ref, "message");
  WB_TRY_VOID(check_answer_told(q, at->second));
  return &at->second;
}

/// What is said as a phrase is the phrase, in one of its languages.
template <class Said>
Result<void> check_phrase(const Said& said) {
  if (!said.phrase_of) return {};
  for (const model::PhraseWords& each : said.phrase_of->words)
    if (each.text == said.text) return {};
  return refuse(Rule::json_choice, "\"" + base::excerpt(said.text) + "\"", "the words that \"phrase_of\" has in one language",
                "/text");
}

Result<void> check_occurred(const Question& q) {
  const auto& occurred = q.note.text.occurred;
  if (occurred && *occurred <= q.received) return {};
  return refuse(Rule::hotline_occurred, occurred ? "occurred at " + to_short_text(*occurred) : "no time at which it took place",
                "a time no later than " + to_short_text(q.received), "occurred");
}

}  // namespace

Ruling rule_message_sent(const Question& q) {
  WB_TRY(agreement, said_on_line(q));
  if (q.note.text.occurred) WB_TRY_VOID(check_occurred(q));
  WB_TRY(full, full_part(q.note));
  WB_TRY(said, model::parse_message_sent(full));
  WB_TRY_VOID(check_phrase(said));
  if (said.answer_within) {
    const auto shortest = shortest_answer(*agreement->agreement, said.meant);
    if (said.meant == model::MessageClass::info)
      return refuse(Rule::hotline_answer_within, "an answer to an info", "a query, a warning, a hold or a protest",
                    "/answer_within_s");
    if (shortest && *said.answer_within < *shortest)
      return refuse(Rule::hotline_answer_within, "an answer within " + to_text(*said.answer_within),
                    "no less than the agreement gives: " + to_text(*shortest), "/answer_within_s");
  }
  if (said.step) {
    const auto ladder = agreement->agreement->escalation_ladder();
    const std::size_t steps = ladder ? ladder->body.steps.size() : 0;
    if (static_cast<std::size_t>(*said.step) > steps)
      return refuse(Rule::hotline_step, "step " + std::to_string(*said.step),
                    steps == 0 ? "no step: " + agreement->id + " has no ladder" : "1 to " + std::to_string(steps), "/step");
  }
  return std::vector<Draft>{};
}

Ruling rule_message_seen(const Question& q) {
  WB_TRY(message, message_to_signer(q));
  WB_TRY(full, full_part(q.note));
  WB_TRY(said, model::parse_message_seen(full));
  static_cast<void>(said);
  WB_TRY_VOID(only_first(q, message->heard.at(q.party()).seen));
  return std::vector<Draft>{};
}

Ruling rule_message_answered(const Question& q) {
  WB_TRY(message, message_to_signer(q));
  WB_TRY(full, full_part(q.note));
  WB_TRY(said, model::parse_message_answered(full));
  WB_TRY_VOID(check_phrase(said));
  WB_TRY_VOID(only_first(q, message->heard.at(q.party()).answered));
  return std::vector<Draft>{};
}

Ruling rule_checked_in(const Question& q) {
  WB_TRY(agreement, line_of(q));
  const model::Party* member = agreement->agreement->find_party(q.party());
  if (!agreement->agreement->check_in() || member->role != model::Role::party || !agreement->holds())
    return refuse(Rule::hotline_check_in, q.party() + " under " + agreement->id,
                  "an agreement that holds, has a rule check_in and binds the signer");
  WB_TRY_VOID(check_told(q, *agreement));
  WB_TRY(full, full_part(q.note));
  WB_TRY(said, model::parse_checked_in(full));
  static_cast<void>(said);
  return std::vector<Draft>{};
}

Ruling rule_call_logged(const Question& q) {
  WB_TRY(agreement, said_on_line(q));
  static_cast<void>(agreement);
  if (q.note.text.to.size() != 1)
    return refuse(Rule::recipient_not_disclosed, std::to_string(q.note.text.to.size()) + " parties in `to`",
                  "the one who was at the other end", "to");
  WB_TRY_VOID(check_occurred(q));
  WB_TRY(full, full_part(q.note));
  WB_TRY(said, model::parse_call_logged(full));
  static_cast<void>(said);
  return std::vector<Draft>{};
}

Ruling rule_call_judged(const Question& q) {
  const EntryIndex ref = q.note.text.refs.front();
  const auto at = q.state.hotline.calls.find(ref);
  if (at == q.state.hotline.calls.end() || at->second.other != q.party()) return unknown(q, ref, "call");
  const CallState& call = at->second;
  if (q.note.text.to != std::vector<std::string>{call.party})
    return refuse(Rule::recipient_missing, std::to_string(q.note.text.to.size()) + " parties in `to`", call.party + " alone",
                  "to");
  WB_TRY(full, full_part(q.note));
  if (q.note.kind == model::EntryKind::call_confirmed) {
    WB_TRY(said, model::parse_call_confirmed(full));
    static_cast<void>(said);
  } else {
    WB_TRY(said, model::parse_call_disputed(full));
    static_cast<void>(said);
  }
  WB_TRY_VOID(only_first(q, call.confirmed ? call.confirmed : call.disputed));
  return std::vector<Draft>{};
}

Ruling rule_phrases_reviewed(const Question& q) {
  if (!q.note.text.refs.empty()) WB_TRY_VOID(line_of(q));
  WB_TRY(full, full_part(q.note));
  WB_TRY(said, model::parse_phrases_reviewed(full));
  static_cast<void>(said);
  return std::vector<Draft>{};
}

/// Under an agreement that is not in force yet, too: by telephone a party without a key says that it agrees to it.
Ruling rule_statement_relayed(const Question& q) {
  const EntryIndex ref = q.note.text.refs.front();
  const AgreementState* agreement = q.state.agreement(base::id_of(base::IdKind::agreement, ref));
  if (agreement == nullptr)
    return refuse(Rule::agreement_unknown, "entry " + std::to_string(ref.value), "first the proposal of an agreement");
  if (agreement->agreement->find_party(q.party()) == nullptr)
    return refuse(Rule::agreement_not_party, q.party() + " is not named by " + agreement->id);
  for (const std::string& to : q.note.text.to)
    if (agreement->agreement->find_party(to) == nullptr)
      return refuse(Rule::recipient_not_disclosed, "\"" + to + "\" in `to`", "those whom " + agreement->id + " names", "to");
  WB_TRY_VOID(check_about(q));
  WB_TRY_VOID(check_occurred(q));
  WB_TRY(full, full_part(q.note));
  WB_TRY(said, model::parse_statement_relayed(full));
  if (agreement->agreement->find_party(said.of) == nullptr || !q.state.is_party(said.of) || q.state.has_key(said.of))
    return refuse(Rule::statement_party, "\"" + said.of + "\"", "a party of " + agreement->id + " that has no key", "/of");
  return std::vector<Draft>{};
}

Ruling rule_sighting_reported(const Question& q) {
  if (!q.note.text.refs.empty()) {
    WB_TRY(agreement, line_of(q));
    WB_TRY_VOID(check_told(q, *agreement));
  }
  WB_TRY(full, full_part(q.note));
  WB_TRY(said, model::parse_sighting_reported(full));
  if (said.seen > q.received)
    return refuse(Rule::hotline_occurred, "seen at " + to_short_text(said.seen),
                  "a time no later than " + to_short_text(q.received), "/seen");
  return std::vector<Draft>{};
}

Ruling rule_sighting_answered(const Question& q) {
  const EntryIndex ref = q.note.text.refs.front();
  const auto at = q.state.hotline.sightings.find(ref);
  if (at == q.state.hotline.sightings.end() || !at->second.heard.contains(q.party())) return unknown(q, ref, "sighting");
  WB_TRY_VOID(check_answer_told(q, at->second));
  WB_TRY(full, full_part(q.note));
  WB_TRY(said, model::parse_sighting_answered(full));
  if (q.note.text.refs.size() == 2) {
    const NotificationState* own = q.state.notification_at(q.note.text.refs.back());
    if (said.answer != model::SightingWord::ours || own == nullptr || own->party != q.party())
      return refuse(Rule::hotline_about, "entry " + std::to_string(q.note.text.refs.back().value),
                    "with \"ours\", a revision of " + q.party() + "'s own; otherwise none");
  }
  WB_TRY_VOID(only_first(q, at->second.heard.at(q.party()).answered));
  if (said.answer != model::SightingWord::ours) return std::vector<Draft>{};
  const auto revision = q.note.text.refs.size() == 2 ? std::optional(q.note.text.refs.back()) : std::nullopt;
  return find_sighting_differs(q.state, at->second, q.party(), revision, q.index());
}

}  // namespace wideberth::core
