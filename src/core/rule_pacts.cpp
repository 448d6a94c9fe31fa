// Rulings on what parties do about an agreement in force: leave it, opt in to special caution, consult, report an incident.
#include <algorithm>

#include "base/bytes.h"
#include "base/id.h"
#include "core/coordinates.h"
#include "core/pact_rules.h"
#include "core/rulings.h"

namespace wideberth::core {
namespace {

using base::refuse;

/// Every sender that has something standing that went to the party, each told once what.
std::vector<Draft> warn_senders(const Question& q, const AgreementState& agreement, Instant effect) {
  std::map<std::string, std::vector<std::string>> sent;
  for (const auto& [id, each] : q.state.notifications)
    if (each.agreement == agreement.id && each.standing == Standing::standing && each.party != q.party() &&
        each.latest().handling.contains(q.party()))
      sent[each.party].push_back(id);
  std::vector<Draft> drafts;
  for (const auto& [sender, ids] : sent)
    for (std::size_t from = 0; from < ids.size(); from += model::kMostWarned) {
      const std::size_t to = std::min(ids.size(), from + model::kMostWarned);
      const std::vector<std::string> some(ids.begin() + static_cast<std::ptrdiff_t>(from),
                                          ids.begin() + static_cast<std::ptrdiff_t>(to));
      drafts.push_back(finding(model::EntryKind::sender_warned, {sender}, {q.index()},
                               model::to_json(model::SenderWarned{agreement.id, q.party(), effect, some})));
    }
  return drafts;
}

Result<const model::Rule*> caution_rule(const AgreementState& agreement, const std::string& clause) {
  for (const model::Rule& rule : agreement.agreement->rules)
    if (rule.clause == clause && std::holds_alternative<model::SpecialCautionAreaRule>(rule.body)) return &rule;
  return refuse(Rule::agreement_clause, "clause \"" + base::excerpt(clause) + "\"",
                "a clause of " + agreement.id + " on a special caution area", "/clause");
}

bool has_joined(const State& state, const std::string& agreement, const std::string& clause, const std::string& party) {
  const Pact* pact = state.pacts.find(agreement);
  if (pact == nullptr) return false;
  const auto joined = pact->joined.find(clause);
  return joined != pact->joined.end() && joined->second.contains(party);
}

Result<void> check_past(const Question& q, Instant at, const char* where) {
  if (at <= q.received) return {};
  return refuse(Rule::agreement_act_time, to_short_text(at), "a time up to " + to_short_text(q.received), where);
}

/// The report that this one answers: of the same agreement, another's, not answered by this party.
Result<void> check_answers(const Question& q, const AgreementState& agreement, EntryIndex ref) {
  const Pact* pact = q.state.pacts.find(agreement.id);
  const IncidentReportState* first = nullptr;
  if (pact != nullptr)
    for (const IncidentReportState& each : pact->reports) {
      if (each.entry == ref && !each.answers) first = &each;
      if (each.answers == ref && each.party == q.party())
        return refuse(Rule::answered_already, q.party() + " has reported on entry " + std::to_string(ref.value));
    }
  if (first == nullptr || first->party == q.party())
    return refuse(Rule::note_references, "ref " + std::to_string(ref.value),
                  "the first report of an incident by another party to " + agreement.id);
  return {};
}

}  // namespace

Result<const AgreementState*> bound_agreement(const Question& q) {
  if (q.note.text.refs.empty()) return refuse(Rule::note_references, "no ref line", "ref: the entry that proposed the agreement");
  const EntryIndex ref = q.note.text.refs.front();
  const AgreementState* agreement = q.state.agreement(base::id_of(base::IdKind::agreement, ref));
  if (agreement == nullptr || !agreement->holds())
    return refuse(Rule::agreement_not_in_force, "entry " + std::to_string(ref.value),
                  "the proposal of an agreement that all its parties have signed");
  const model::Party* member = agreement->agreement->find_party(q.party());
  if (member == nullptr || member->role != model::Role::party)
    return refuse(Rule::agreement_not_party, q.party() + " is no party to " + agreement->id);
  WB_TRY_VOID(check_not_left(q.state, *agreement, q.party()));
  return agreement;
}

Result<void> check_not_left(const State& state, const AgreementState& agreement, const std::string& party) {
  const Withdrawal* withdrawal = state.pacts.withdrawal(agreement.id, party);
  if (withdrawal == nullptr || !withdrawal->left) return {};
  return refuse(Rule::agreement_withdrawn,
                party + " has withdrawn from " + agreement.id + " by entry " + std::to_string(withdrawal->entry.value) +
                    ", with effect from " + to_short_text(withdrawal->effect),
                "an agreement that " + party + " is a party to");
}

Ruling rule_agreement_withdrawn(const Question& q) {
  WB_TRY(agreement, bound_agreement(q));
  WB_TRY(full, full_part(q.note));
  WB_TRY(act, model::parse_agreement_withdrawn(full));
  if (const Withdrawal* before = q.state.pacts.withdrawal(agreement->id, q.party()))
    return refuse(Rule::answered_already, q.party() + " withdraws by entry " + std::to_string(before->entry.value) + " already");
  if (act.effect && (*act.effect < q.received || *act.effect - q.received > model::kMostWithdrawalNotice))
    return refuse(Rule::agreement_act_time, to_short_text(*act.effect),
                  "none (from now on), or a time from " + to_short_text(q.received) + " on, at most ten years away", "/effect");
  return warn_senders(q, *agreement, act.effect.value_or(q.received));
}

Ruling rule_caution_joined(const Question& q) {
  WB_TRY(agreement, bound_agreement(q));
  WB_TRY(full, full_part(q.note));
  WB_TRY(act, model::parse_caution_said(full));
  WB_TRY(rule, caution_rule(*agreement, act.clause));
  const auto& caution = std::get<model::SpecialCautionAreaRule>(rule->body);
  if (has_joined(q.state, agreement->id, act.clause, q.party()) || caution.window.to < q.received)
    return refuse(Rule::caution_state, q.party() + (caution.window.to < q.received
                                                        ? " opts in to an area that ended at " + to_short_text(caution.window.to)
                                                        : " has opted in to clause " + act.clause));
  const auto bound = bound_parties(q.state, *agreement);
  const bool last = bound.size() > 1 && std::all_of(bound.begin(), bound.end(), [&](const std::string& each) {
                      return each == q.party() || has_joined(q.state, agreement->id, act.clause, each);
                    });
  return last ? find_caution_joined(q.state, *agreement, *rule) : std::vector<Draft>{};
}

Ruling rule_caution_left(const Question& q) {
  WB_TRY(agreement, bound_agreement(q));
  WB_TRY(full, full_part(q.note));
  WB_TRY(act, model::parse_caution_said(full));
  WB_TRY(rule, caution_rule(*agreement, act.clause));
  static_cast<void>(rule);
  if (!has_joined(q.state, agreement->id, act.clause, q.party()))
    return refuse(Rule::caution_state, q.party() + " has not opted in to clause " + act.clause);
  return std::vector<Draft>{};
}

Ruling rule_consultation_held(const Question& q) {
  WB_TRY(agreement, bound_agreement(q));
  WB_TRY(full, full_part(q.note));
  WB_TRY(act, model::parse_consultation_held(full));
  WB_TRY_VOID(check_past(q, act.held, "/held"));
  const Instant since = agreement->in_force ? q.state.facts[agreement->in_force->value].received : q.received;
  if (act.held < since)
    return refuse(Rule::agreement_act_time, "held at " + to_short_text(act.held),
                  "a time from " + to_short_text(since) + " on, when " + agreement->id + " came into force", "/held");
  return std::vector<Draft>{};
}

Ruling rule_incident_reported(const Question& q) {
  WB_TRY(agreement, bound_agreement(q));
  WB_TRY(full, full_part(q.note));
  WB_TRY(act, model::parse_incident_reported(full));
  WB_TRY_VOID(check_past(q, act.occurred, "/occurred"));
  if (q.note.text.refs.size() > 1) {
    WB_TRY_VOID(check_answers(q, *agreement, q.note.text.refs[1]));
    return std::vector<Draft>{};
  }
  const auto within = agreement->agreement->incident_report();
  if (!within || q.received <= act.occurred + within->body.within) return std::vector<Draft>{};
  model::Deadline late;
  late.kind = model::DeadlineKind::incident_report;
  late.party = q.party();
  late.revision = q.index();
  late.due = act.occurred + within->body.within;
  late.clause = within->clause;
  late.agreement = agreement->id;
  std::vector<std::string> to = bound_parties(q.state, *agreement);
  for (const Interval& outage : q.state.outages)
    if (outage.holds(late.due))
      return std::vector<Draft>{finding(model::EntryKind::deadline_channel_down, std::move(to), {q.index()},
                                        model::to_json(model::DeadlineChannelDown{late, outage}))};
  return std::vector<Draft>{
      finding(model::EntryKind::deadline_missed, std::move(to), {q.index()}, model::to_json(model::DeadlineMissed{late}))};
}

Result<void> check_means(const Question& q, const AgreementState& agreement, const model::Rule& rule,
                         const model::ReadingMeans& means) {
  const auto unfit = [&](const std::string& found, const std::string& accepted) {
    return refuse(Rule::reading_means, found, accepted, "/means");
  };
  if (const auto* read = std::get_if<model::SeparationMeans>(&means)) {
    const auto* text = std::get_if<model::SeparationRule>(&rule.body);
    if (text == nullptr) return unfit("a separation, of clause " + rule.clause, "a clause on separation");
    // Each notice is compared under each reading: one that is beyond all measure would fill the log with findings.
    if (const Metres most = Metres::from_mm(kMostReadAs * text->distance.mm()); read->distance > most)
      return unfit(
          std::to_string(read->distance.mm() / 1000) + " m where the text owes " + std::to_string(text->distance.mm() / 1000),
          "at most " + std::to_string(kMostReadAs) + " times what the text owes");
  }
  if (const auto* drawn = std::get_if<model::RingsMean>(&means)) {
    if (!std::holds_alternative<model::ExclusionRule>(rule.body))
      return unfit("an area, of clause " + rule.clause, "a clause on an exclusion");
    geo::Area area;
    area.rings = drawn->rings;
    area.window = kAllTimes;
    WB_TRY(plan, geo::compile(area));
    static_cast<void>(plan);
  }
  if (const auto* regime = std::get_if<model::RegimeMeans>(&means))
    if (agreement.agreement->find_area(regime->area) == nullptr)
      return unfit("the area \"" + regime->area + "\"", "an area of " + agreement.id);
  if (const auto* governs = std::get_if<model::GovernsMeans>(&means)) {
    const AgreementState* other = q.state.agreement(governs->agreement);
    if (other == nullptr || other->agreement->find_party(q.party()) == nullptr || other->id == agreement.id)
      return unfit("\"" + base::excerpt(governs->agreement) + "\"", "the id of another agreement that names " + q.party());
  }
  return {};
}

}  // namespace wideberth::core
