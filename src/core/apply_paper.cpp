// What an act on paper changes beside what the act itself changes: which deadlines it was in time for, though the log was told
// too late.
#include <algorithm>

#include "core/applications.h"

namespace wideberth::core {
namespace {

using model::DeadlineKind;
using model::EntryKind;

/// The entry that a deadline must name to be the one that this act is about.
bool is_about(const State& state, const PaperState& act, const model::Deadline& d) {
  const bool refers = !act.refs.empty();
  switch (act.kind) {
    case EntryKind::notification_acknowledged:
      return refers && d.kind == DeadlineKind::acknowledge && d.revision == act.refs.front();
    case EntryKind::notification_objected:
    case EntryKind::notification_answered:
      return refers && (d.kind == DeadlineKind::acknowledge || d.kind == DeadlineKind::answer) && d.revision == act.refs.front();
    case EntryKind::notification_unit_informed:
      return refers && d.kind == DeadlineKind::unit_informed && d.revision == act.refs.front();
    case EntryKind::notification_query_answered: {
      const auto query = refers ? state.queries.find(act.refs.front()) : state.queries.end();
      return query != state.queries.end() && d.kind == DeadlineKind::query && d.revision == query->second.revision &&
             query->second.due == d.due;
    }
    case EntryKind::message_answered: return refers && d.kind == DeadlineKind::message_answer && d.revision == act.refs.front();
    case EntryKind::sighting_answered: return refers && d.kind == DeadlineKind::sighting && d.revision == act.refs.front();
    case EntryKind::hotline_checked_in: return refers && d.kind == DeadlineKind::check_in && d.revision == act.refs.front();
    case EntryKind::notification_filed: return d.kind == DeadlineKind::notice && d.revision == act.entry;
    case EntryKind::incident_reported:
      return d.kind == DeadlineKind::incident_report && d.revision == (act.refs.size() > 1 ? act.refs[1] : act.entry);
    default: return false;
  }
}

/// A check-in counts from some time before its hour; whatever else is owed can be done as early as one likes.
bool is_in_time(const State& state, const PaperState& act, const model::Deadline& d) {
  // A notice and a report come in time up to the very moment; what passes at its due time must be there before.
  const bool to_the_moment = act.kind == EntryKind::notification_filed || (d.revision == act.entry);
  if (to_the_moment ? act.occurred > d.due : act.occurred >= d.due) return false;
  if (d.kind != DeadlineKind::check_in) return true;
  const AgreementState* agreement = state.agreement(d.agreement);
  const auto rule = agreement == nullptr ? std::nullopt : agreement->agreement->check_in();
  return rule && rule->body.within && act.occurred >= d.due - *rule->body.within - *rule->body.within;
}

void meet(State& state, PaperState& act, const model::Deadline& d) {
  if (d.party != act.party || !is_about(state, act, d) || !is_in_time(state, act, d)) return;
  if (state.papers.met.emplace(key_of(d), act.entry).second) act.met.push_back(key_of(d));
}

}  // namespace

std::string_view standing_of(const PaperState& paper) {
  if (!paper.disputed.empty()) return "disputed";
  return paper.confirmed.empty() ? "stated" : "confirmed";
}

bool is_on_paper(const Entry& entry) {
  return model::may_be_on_paper(entry.kind) && entry.text.occurred &&
         std::any_of(entry.text.parts.begin(), entry.text.parts.end(),
                     [](const ledger::PartLine& each) { return each.name == model::kPaperPart; });
}

Result<void> apply_paper(State& state, const Entry& entry, const std::string& party) {
  if (!is_on_paper(entry)) return {};
  PaperState act;
  act.entry = entry.index;
  act.party = party;
  act.kind = entry.kind;
  act.refs = entry.text.refs;
  act.to = entry.text.to;
  act.occurred = *entry.text.occurred;
  act.received = entry.received;
  if (const std::string* paper = entry.part(model::kPaperPart)) {
    WB_TRY(said, model::parse_on_paper(*paper));
    act.said = std::move(said);
  }
  PaperState& kept = state.papers.of.emplace(entry.index, std::move(act)).first->second;
  for (const EndedDeadline& ended : state.ended_deadlines)
    if (!ended.withdrawn) meet(state, kept, ended.deadline);
  return {};
}

void meet_on_paper(State& state, const model::Deadline& deadline) {
  const auto act = state.papers.of.find(deadline.revision);
  if (act != state.papers.of.end()) meet(state, act->second, deadline);
}

Result<void> apply_paper_judged(State& state, const Entry& entry, const std::string& party) {
  const auto act = state.papers.of.find(entry.text.refs.front());
  if (act == state.papers.of.end())
    return base::refuse(Rule::log_entry_strange,
                        "entry " + std::to_string(entry.index.value) + " (" + entry.text.kind + ") is about no act on paper");
  (entry.kind == EntryKind::paper_confirmed ? act->second.confirmed : act->second.disputed).emplace(party, entry.index);
  return {};
}

}  // namespace wideberth::core
