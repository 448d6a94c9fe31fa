// What suspensions, questions and outcomes change.
#include "core/applications.h"

namespace wideberth::core {
namespace {

using base::refuse;

auto about_nothing(const Entry& entry) {
  return refuse(Rule::log_entry_strange,
                "entry " + std::to_string(entry.index.value) + " (" + entry.text.kind + ") is about nothing that was notified");
}

/// When the answer to a question falls due: the submitter owes it as soon as the other side owes its own. Two questions about
/// one revision are never due in the same millisecond, so that each has a deadline of its own.
std::optional<Instant> answer_due(const State& state, const NotificationState& of, const Revision& revision, Instant asked) {
  const AgreementState* agreement = state.agreement(of.agreement);
  if (agreement == nullptr) return std::nullopt;
  const auto rule = agreement->agreement->answer_within();
  if (!rule) return std::nullopt;
  const bool amendment = revision.entry != of.revisions.front().entry;
  Instant due = asked + (amendment ? rule->body.amendment_within : rule->body.within);
  while (state.deadlines.contains(DueKey{due, revision.entry, model::DeadlineKind::query, of.party}))
    due = due + Millis::from_ms(1);
  return due;
}

Result<void> apply_queried(State& state, const Entry& entry, const std::string& party, NotificationState& of) {
  QueryState query;
  query.entry = entry.index;
  query.by = party;
  query.of = of.id;
  query.revision = entry.text.refs.front();
  if (const std::string* full = entry.part("full")) {
    WB_TRY(asked, model::parse_queried(*full));
    query.asked = std::move(asked);
  }
  for (Revision& revision : of.revisions) {
    if (revision.entry != query.revision) continue;
    query.due = answer_due(state, of, revision, entry.received);
    if (!query.due || of.standing != Standing::standing) break;
    model::Deadline deadline;
    deadline.kind = model::DeadlineKind::query;
    deadline.party = of.party;
    deadline.notification = of.id;
    deadline.revision = revision.entry;
    deadline.due = *query.due;
    deadline.clause = state.agreement(of.agreement)->agreement->answer_within()->clause;
    deadline.agreement = of.agreement;
    const DueKey key{deadline.due, deadline.revision, deadline.kind, deadline.party};
    state.deadlines.emplace(key, std::move(deadline));
    revision.handling[party].owed.push_back(key);
  }
  of.queries.push_back(entry.index);
  state.queries.emplace(entry.index, std::move(query));
  return {};
}

Result<void> apply_query_answered(State& state, const Entry& entry) {
  const auto at = state.queries.find(entry.text.refs.front());
  if (at == state.queries.end()) return about_nothing(entry);
  QueryState& query = at->second;
  if (const std::string* full = entry.part("full")) {
    WB_TRY(answer, model::parse_query_answered(*full));
    query.answer = std::move(answer);
  }
  query.answered = entry.index;
  const NotificationState* of = state.notification(query.of);
  if (query.due && of != nullptr)
    state.deadlines.erase(DueKey{*query.due, query.revision, model::DeadlineKind::query, of->party});
  return {};
}

}  // namespace

Result<void> apply_on_the_way(State& state, const Entry& entry, const std::string& party) {
  if (entry.text.refs.empty()) return about_nothing(entry);
  if (entry.kind == model::EntryKind::notification_query_answered) return apply_query_answered(state, entry);
  const auto id = state.revision_of.find(entry.text.refs.front());
  if (id == state.revision_of.end()) return about_nothing(entry);
  NotificationState& of = state.notifications.at(id->second);
  const std::string* full = entry.part("full");
  switch (entry.kind) {
    case model::EntryKind::notification_queried: return apply_queried(state, entry, party, of);
    case model::EntryKind::notification_suspended: {
      HoldState held;
      held.entry = entry.index;
      held.since = entry.received;
      if (full != nullptr) {
        WB_TRY(said, model::parse_suspended(*full));
        held.said = std::move(said);
      }
      of.held = std::move(held);
      return {};
    }
    case model::EntryKind::notification_resumed: of.held.reset(); return {};
    default: break;
  }
  if (full == nullptr) return {};
  WB_TRY(outcome, model::parse_outcome(*full));
  of.outcomes[party] = OutcomeState{entry.index, outcome.outcome};
  if (party == of.party) of.outcome = outcome.outcome;
  return {};
}

}  // namespace wideberth::core
