// What changes by what the parties say to each other.
#include <algorithm>

#include "base/id.h"
#include "core/applications.h"

namespace wideberth::core {
namespace {

auto nothing_said_before(const Entry& entry) {
  return base::refuse(Rule::log_entry_strange,
                      "entry " + std::to_string(entry.index.value) + " (" + entry.text.kind + ") is about nothing said before");
}

const AgreementState* agreement_named(const State& state, const Entry& entry) {
  if (entry.text.refs.empty()) return nullptr;
  return state.agreement(base::id_of(base::IdKind::agreement, entry.text.refs.front()));
}

std::vector<EntryIndex> about_of(const Entry& entry) { return {entry.text.refs.begin() + 1, entry.text.refs.end()}; }

bool is_bound(const AgreementState& agreement, std::string_view party) {
  const model::Party* member = agreement.agreement->find_party(party);
  return member != nullptr && member->role == model::Role::party;
}

/// An answer is owed by each of those told whom the agreement binds.
void owe_answers(State& state, const AgreementState& agreement, const AnswerOwed& owed, model::DeadlineKind kind,
                 const std::string& id, EntryIndex entry, std::map<std::string, Heard>& heard) {
  for (auto& [party, each] : heard) {
    if (!is_bound(agreement, party)) continue;
    each.due = owed.due;
    model::Deadline deadline;
    deadline.kind = kind;
    deadline.party = party;
    deadline.notification = id;
    deadline.revision = entry;
    deadline.due = owed.due;
    deadline.clause = owed.clause;
    deadline.agreement = agreement.id;
    state.deadlines.emplace(DueKey{owed.due, entry, kind, party}, std::move(deadline));
  }
}

void answer_in(State& state, const Entry& entry, const std::string& party, model::DeadlineKind kind, EntryIndex about,
               Heard& heard) {
  heard.answered = entry.index;
  if (!heard.due) return;
  heard.late = entry.received >= *heard.due;
  state.deadlines.erase(DueKey{*heard.due, about, kind, party});
}

Result<void> apply_message(State& state, const Entry& entry, const std::string& party) {
  const AgreementState* agreement = agreement_named(state, entry);
  if (agreement == nullptr) return nothing_said_before(entry);
  MessageState message;
  message.entry = entry.index;
  message.id = base::id_of(base::IdKind::hotline, entry.index);
  message.party = party;
  message.agreement = agreement->id;
  message.received = entry.received;
  message.occurred = entry.text.occurred;
  message.about = about_of(entry);
  message.matter = entry.index;
  for (const EntryIndex each : message.about)
    if (const auto before = state.hotline.messages.find(each); before != state.hotline.messages.end()) {
      message.matter = before->second.matter;
      break;
    }
  for (const std::string& to : entry.text.to) message.heard[to];
  if (const std::string* full = entry.part("full")) {
    WB_TRY(said, model::parse_message_sent(*full));
    if (const auto owed = answer_owed(*agreement->agreement, said, entry.received))
      owe_answers(state, *agreement, *owed, model::DeadlineKind::message_answer, message.id, entry.index, message.heard);
    if (said.step) {
      std::set<std::int64_t>& steps = state.hotline.steps[{message.matter, party}];
      for (std::int64_t step = 1; step < *said.step; ++step)
        if (!steps.contains(step)) message.steps_missing.push_back(step);
      steps.insert(*said.step);
    }
    message.said = std::move(said);
  }
  state.hotline.messages.emplace(entry.index, std::move(message));
  return {};
}

Result<void> apply_message_heard(State& state, const Entry& entry, const std::string& party) {
  const auto message = state.hotline.messages.find(entry.text.refs.front());
  if (message == state.hotline.messages.end()) return nothing_said_before(entry);
  Heard& heard = message->second.heard[party];
  if (entry.kind == model::EntryKind::message_seen)
    heard.seen = entry.index;
  else
    answer_in(state, entry, party, model::DeadlineKind::message_answer, message->first, heard);
  return {};
}

void owe_check_in(State& state, const AgreementState& agreement, const std::string& party, Instant time) {
  const auto rule = agreement.agreement->check_in();
  state.hotline.check_ins[{agreement.id, party}].next = time;
  model::Deadline deadline;
  deadline.kind = model::DeadlineKind::check_in;
  deadline.party = party;
  deadline.notification = agreement.id;
  deadline.revision = agreement.proposed;
  deadline.due = time + *rule->body.within;
  deadline.clause = rule->clause;
  deadline.agreement = agreement.id;
  const DueKey key{deadline.due, deadline.revision, deadline.kind, party};
  state.deadlines.emplace(key, std::move(deadline));
}

Result<void> apply_check_in(State& state, const Entry& entry, const std::string& party) {
  const AgreementState* agreement = agreement_named(state, entry);
  if (agreement == nullptr) return nothing_said_before(entry);
  CheckInState& line = state.hotline.check_ins[{agreement->id, party}];
  // Of one that was done on paper and filed later counts the time at which it was done, so that it stands in for no later one.
  const Instant there = is_on_paper(entry) ? std::min(*entry.text.occurred, entry.received) : entry.received;
  if (!line.last || there >= line.last_at) {
    line.last = entry.index;
    line.last_at = there;
  }
  const auto rule = agreement->agreement->check_in();
  if (!line.next || !rule || !rule->body.within || there < *line.next - *rule->body.within) return {};
  const Instant kept = *line.next;
  state.deadlines.erase(DueKey{kept + *rule->body.within, agreement->proposed, model::DeadlineKind::check_in, party});
  owe_check_in(state, *agreement, party, next_check_in(rule->body, kept));
  return {};
}

Result<void> apply_call(State& state, const Entry& entry, const std::string& party) {
  const AgreementState* agreement = agreement_named(state, entry);
  if (agreement == nullptr || entry.text.to.empty()) return nothing_said_before(entry);
  CallState call;
  call.entry = entry.index;
  call.id = base::id_of(base::IdKind::hotline, entry.index);
  call.party = party;
  call.other = entry.text.to.front();
  call.agreement = agreement->id;
  call.received = entry.received;
  call.occurred = entry.text.occurred.value_or(entry.received);
  const auto rule = agreement->agreement->answer_within();
  call.silent_from = entry.received + (rule ? rule->body.within : kSilentAfter);
  call.about = about_of(entry);
  if (const std::string* full = entry.part("full")) {
    WB_TRY(said, model::parse_call_logged(*full));
    call.said = std::move(said);
  }
  state.hotline.calls.emplace(entry.index, std::move(call));
  return {};
}

Result<void> apply_call_judged(State& state, const Entry& entry) {
  const auto call = state.hotline.calls.find(entry.text.refs.front());
  if (call == state.hotline.calls.end()) return nothing_said_before(entry);
  (entry.kind == model::EntryKind::call_confirmed ? call->second.confirmed : call->second.disputed) = entry.index;
  return {};
}

Result<void> apply_review(State& state, const Entry& entry, const std::string& party) {
  const std::string* full = entry.part("full");
  if (full == nullptr) return {};
  WB_TRY(said, model::parse_phrases_reviewed(*full));
  ReviewState review;
  review.entry = entry.index;
  review.party = party;
  review.said = std::move(said);
  state.hotline.reviews.push_back(std::move(review));
  return {};
}

/// It meets no deadline and answers nothing. Of an agreement that waits for it, it says whether the party agrees: that is kept
/// apart from the signatures.
Result<void> apply_statement(State& state, const Entry& entry, const std::string& party) {
  const auto at = state.agreements.find(base::id_of(base::IdKind::agreement, entry.text.refs.front()));
  if (at == state.agreements.end()) return nothing_said_before(entry);
  RelayedState relayed;
  relayed.entry = entry.index;
  relayed.id = base::id_of(base::IdKind::hotline, entry.index);
  relayed.party = party;
  relayed.agreement = at->second.id;
  relayed.received = entry.received;
  relayed.occurred = entry.text.occurred.value_or(entry.received);
  relayed.about = about_of(entry);
  if (const std::string* full = entry.part("full")) {
    WB_TRY(said, model::parse_statement_relayed(*full));
    if (!at->second.in_force && said.word == model::RelayedWord::agreed) {
      at->second.relayed[said.of] = entry.index;
      come_into_force(state, at->second, entry.index, entry.received);
    } else if (!at->second.in_force && said.word == model::RelayedWord::not_agreed) {
      at->second.relayed.erase(said.of);
    }
    relayed.said = std::move(said);
  }
  state.hotline.statements.emplace(entry.index, std::move(relayed));
  return {};
}

Result<void> apply_sighting(State& state, const Entry& entry, const std::string& party) {
  SightingState sighting;
  sighting.entry = entry.index;
  sighting.id = base::id_of(base::IdKind::sighting, entry.index);
  sighting.party = party;
  sighting.received = entry.received;
  for (const std::string& to : entry.text.to) sighting.heard[to];
  if (const AgreementState* agreement = agreement_named(state, entry)) {
    sighting.agreement = agreement->id;
    if (const auto owed = answer_owed_to_sighting(*agreement->agreement, entry.received))
      owe_answers(state, *agreement, *owed, model::DeadlineKind::sighting, sighting.id, entry.index, sighting.heard);
  }
  if (const std::string* full = entry.part("full")) {
    WB_TRY(said, model::parse_sighting_reported(*full));
    sighting.said = std::move(said);
  }
  state.hotline.sightings.emplace(entry.index, std::move(sighting));
  return {};
}

Result<void> apply_sighting_answered(State& state, const Entry& entry, const std::string& party) {
  const auto sighting = state.hotline.sightings.find(entry.text.refs.front());
  if (sighting == state.hotline.sightings.end()) return nothing_said_before(entry);
  Heard& heard = sighting->second.heard[party];
  if (const std::string* full = entry.part("full")) {
    WB_TRY(said, model::parse_sighting_answered(*full));
    heard.word = said.answer;
  }
  if (entry.text.refs.size() > 1) heard.movement = entry.text.refs.back();
  answer_in(state, entry, party, model::DeadlineKind::sighting, sighting->first, heard);
  return {};
}

}  // namespace

Result<void> apply_hotline(State& state, const Entry& entry, const std::string& party) {
  switch (entry.kind) {
    case model::EntryKind::message_sent: return apply_message(state, entry, party);
    case model::EntryKind::message_seen:
    case model::EntryKind::message_answered: return apply_message_heard(state, entry, party);
    case model::EntryKind::hotline_checked_in: return apply_check_in(state, entry, party);
    case model::EntryKind::call_logged: return apply_call(state, entry, party);
    case model::EntryKind::call_confirmed:
    case model::EntryKind::call_disputed: return apply_call_judged(state, entry);
    case model::EntryKind::phrases_reviewed: return apply_review(state, entry, party);
    case model::EntryKind::statement_relayed: return apply_statement(state, entry, party);
    case model::EntryKind::sighting_reported: return apply_sighting(state, entry, party);
    default: return apply_sighting_answered(state, entry, party);
  }
}

void begin_check_ins(State& state, const AgreementState& agreement, Instant at) {
  const auto rule = agreement.agreement->check_in();
  if (!rule || !rule->body.within) return;
  for (const model::Party& member : agreement.agreement->parties)
    if (member.role == model::Role::party) owe_check_in(state, agreement, member.party, next_check_in(rule->body, at));
}

void end_check_ins(State& state, const AgreementState& agreement) {
  for (auto line = state.hotline.check_ins.begin(); line != state.hotline.check_ins.end(); ++line) {
    if (line->first.first != agreement.id || !line->second.next) continue;
    const auto rule = agreement.agreement->check_in();
    state.deadlines.erase(
        DueKey{*line->second.next + *rule->body.within, agreement.proposed, model::DeadlineKind::check_in, line->first.second});
    line->second.next.reset();
  }
}

void miss_check_in(State& state, EntryIndex proposed, const std::string& party) {
  const AgreementState* agreement = state.agreement(base::id_of(base::IdKind::agreement, proposed));
  if (agreement == nullptr) return;
  const auto line = state.hotline.check_ins.find({agreement->id, party});
  const auto rule = agreement->agreement->check_in();
  if (line == state.hotline.check_ins.end() || !line->second.next || !rule || !rule->body.within) return;
  owe_check_in(state, *agreement, party, next_check_in(rule->body, *line->second.next));
}

}  // namespace wideberth::core
