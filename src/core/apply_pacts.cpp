// What a withdrawal, special caution, a consultation, a report and the findings about them change.
#include <algorithm>

#include "core/applications.h"
#include "core/pact_rules.h"

namespace wideberth::core {
namespace {

using base::refuse;

auto strange_pact(const Entry& entry, std::string_view why) {
  return refuse(Rule::log_entry_strange,
                "entry " + std::to_string(entry.index.value) + " (" + entry.text.kind + ") " + std::string(why));
}

void open_owed(State& state, const model::Deadline& deadline) {
  state.deadlines.emplace(DueKey{deadline.due, deadline.revision, deadline.kind, deadline.party}, deadline);
}

/// Drops the dates of consultations under an agreement, of one party or (empty) of all.
void drop_dates(State& state, const std::string& agreement, const std::string& party) {
  std::erase_if(state.pacts.dates, [&](const auto& each) {
    return each.second.agreement == agreement && (party.empty() || each.second.party == party);
  });
}

void owe_consultation(State& state, const AgreementState& agreement, const std::string& party, EntryIndex since, Instant from) {
  const auto rule = agreement.agreement->consultation();
  if (!rule || !agreement.holds()) return;
  model::Deadline deadline;
  deadline.kind = model::DeadlineKind::consultation;
  deadline.party = party;
  deadline.revision = since;
  deadline.due = from + rule->body.every;
  deadline.clause = rule->clause;
  deadline.agreement = agreement.id;
  state.pacts.dates.emplace(DueKey{deadline.due, since, deadline.kind, party}, deadline);
}

/// The next one is owed from the latest that was held. One that is told late moves no date back, and after a miss none is owed
/// that would be past already.
void move_consultation(State& state, const AgreementState& agreement, const std::string& party, const Entry& entry,
                       Instant held) {
  const auto rule = agreement.agreement->consultation();
  if (!rule) return;
  for (const auto& [key, each] : state.pacts.dates)
    if (each.agreement == agreement.id && each.party == party && each.due >= held + rule->body.every) return;
  drop_dates(state, agreement.id, party);
  owe_consultation(state, agreement, party, entry.index, held + rule->body.every > entry.received ? held : entry.received);
}

Result<void> apply_withdrawn(State& state, const Entry& entry, const AgreementState& agreement, const std::string& party) {
  Withdrawal withdrawal{entry.index, entry.received, std::nullopt};
  if (const std::string* full = entry.part("full")) {
    WB_TRY(act, model::parse_agreement_withdrawn(*full));
    withdrawal.effect = act.effect.value_or(entry.received);
  }
  state.pacts.effects.emplace(withdrawal.effect, entry.index);
  state.pacts.withdrawal_of[entry.index] = {agreement.id, party};
  state.pacts.of[agreement.id].withdrawals[party] = withdrawal;
  return {};
}

Result<void> apply_caution(State& state, const Entry& entry, const AgreementState& agreement, const std::string& party) {
  const std::string* full = entry.part("full");
  if (full == nullptr) return {};
  WB_TRY(act, model::parse_caution_said(*full));
  auto& joined = state.pacts.of[agreement.id].joined[act.clause];
  if (entry.kind == model::EntryKind::caution_joined)
    joined[party] = entry.index;
  else
    joined.erase(party);
  return {};
}

Result<void> apply_consultation(State& state, const Entry& entry, const AgreementState& agreement, const std::string& party) {
  ConsultationState stated{entry.index, party, std::nullopt};
  if (const std::string* full = entry.part("full")) {
    WB_TRY(act, model::parse_consultation_held(*full));
    stated.said = std::move(act);
  }
  move_consultation(state, agreement, party, entry, stated.said ? stated.said->held : entry.received);
  state.pacts.of[agreement.id].consultations.push_back(std::move(stated));
  return {};
}

Result<void> apply_report(State& state, const Entry& entry, const AgreementState& agreement, const std::string& party) {
  IncidentReportState stated{entry.index, party, std::nullopt, std::nullopt};
  if (entry.text.refs.size() > 1) stated.answers = entry.text.refs[1];
  if (const std::string* full = entry.part("full")) {
    WB_TRY(act, model::parse_incident_reported(*full));
    stated.said = std::move(act);
  }
  if (stated.answers) {
    std::erase_if(state.deadlines, [&](const auto& each) {
      const model::Deadline& d = each.second;
      return d.kind == model::DeadlineKind::incident_report && d.revision == *stated.answers && d.party == party;
    });
  } else if (const auto rule = agreement.agreement->incident_report()) {
    for (const std::string& other : bound_parties(state, agreement)) {
      if (other == party) continue;
      model::Deadline deadline;
      deadline.kind = model::DeadlineKind::incident_report;
      deadline.party = other;
      deadline.revision = entry.index;
      deadline.due = entry.received + rule->body.within;
      deadline.clause = rule->clause;
      deadline.agreement = agreement.id;
      open_owed(state, deadline);
    }
  }
  state.pacts.of[agreement.id].reports.push_back(std::move(stated));
  return {};
}

/// What it owed under the agreement and what was owed to it ends here, and counts against nobody.
void end_owed(State& state, EntryIndex entry, const std::string& agreement, const std::string& party) {
  for (auto* owed : {&state.deadlines, &state.pacts.dates})
    for (auto at = owed->begin(); at != owed->end();) {
      const model::Deadline& d = at->second;
      const NotificationState* of = state.notification_at(d.revision);
      if (d.agreement != agreement || (d.party != party && (of == nullptr || of->party != party))) {
        ++at;
        continue;
      }
      EndedDeadline ended;
      ended.entry = entry;
      ended.withdrawn = true;
      ended.deadline = d;
      state.ended_deadlines.push_back(std::move(ended));
      at = owed->erase(at);
    }
}

Result<void> apply_left(State& state, const Entry& entry) {
  const auto about = state.pacts.withdrawal_of.find(entry.text.refs.front());
  if (about == state.pacts.withdrawal_of.end()) return strange_pact(entry, "is about no withdrawal");
  const auto& [agreement, party] = about->second;
  Pact& pact = state.pacts.of[agreement];
  Withdrawal& withdrawal = pact.withdrawals[party];
  state.pacts.effects.erase({withdrawal.effect, withdrawal.entry});
  withdrawal.left = entry.index;
  for (auto& [clause, joined] : pact.joined) joined.erase(party);
  end_owed(state, entry.index, agreement, party);
  if (const auto line = state.hotline.check_ins.find({agreement, party}); line != state.hotline.check_ins.end())
    line->second.next.reset();
  return {};
}

}  // namespace

void owe_consultations(State& state, const AgreementState& agreement, EntryIndex since, Instant from) {
  for (const std::string& party : bound_parties(state, agreement)) owe_consultation(state, agreement, party, since, from);
}

void drop_consultations(State& state, const std::string& agreement) { drop_dates(state, agreement, {}); }

Result<void> apply_pact(State& state, const Entry& entry, const std::string& party) {
  const auto at = state.agreements.find(base::id_of(base::IdKind::agreement, entry.text.refs.front()));
  if (at == state.agreements.end()) return strange_pact(entry, "is about no agreement");
  const AgreementState& agreement = at->second;
  switch (entry.kind) {
    case model::EntryKind::agreement_withdrawn: return apply_withdrawn(state, entry, agreement, party);
    case model::EntryKind::consultation_held: return apply_consultation(state, entry, agreement, party);
    case model::EntryKind::incident_reported: return apply_report(state, entry, agreement, party);
    default: return apply_caution(state, entry, agreement, party);
  }
}

Result<void> apply_pact_finding(State& state, const Entry& entry) {
  if (entry.kind == model::EntryKind::agreement_left) return apply_left(state, entry);
  const std::string* full = entry.part("full");
  if (full == nullptr || entry.kind == model::EntryKind::sender_warned) return {};
  if (entry.kind == model::EntryKind::rule_touched) {
    WB_TRY(found, model::parse_rule_touched(*full));
    state.pacts.touched.push_back({entry.index, entry.text.to, std::move(found)});
  } else {
    WB_TRY(found, model::parse_reading_differs(*full));
    state.pacts.differs.push_back({entry.index, entry.text.to, std::move(found)});
  }
  return {};
}

}  // namespace wideberth::core
