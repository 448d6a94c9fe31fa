#include "core/deadlines.h"

#include <algorithm>

#include "core/pact_rules.h"
#include "core/rulings.h"

namespace wideberth::core {
namespace {

/// Shorter absences than this are no outage: a restart for an update, a busy disk.
constexpr Millis kMoment = Millis::from_seconds(2);

std::vector<std::string> everybody(const State& state) {
  std::vector<std::string> to;
  for (const model::OpeningParty& each : state.opening->parties) to.push_back(each.party.party);
  return to;
}

Draft passed(const State& state, const model::Deadline& deadline) {
  std::vector<std::string> to{deadline.party};
  for (std::string& each : owed_to(state, deadline)) to.push_back(std::move(each));
  for (const Interval& outage : state.outages)
    if (outage.holds(deadline.due))
      return finding(model::EntryKind::deadline_channel_down, std::move(to), {deadline.revision},
                     model::to_json(model::DeadlineChannelDown{deadline, outage}));
  return finding(model::EntryKind::deadline_missed, std::move(to), {deadline.revision},
                 model::to_json(model::DeadlineMissed{deadline}));
}

Draft expired(const State& state, EntryIndex revision) {
  const NotificationState& of = *state.notification_at(revision);
  std::vector<std::string> to{of.party};
  // It stands where its last window ends: who gets an outline alone is not told that to the millisecond.
  if (const AgreementState* agreement = state.agreement(of.agreement))
    for (const auto& [recipient, handling] : of.latest().handling)
      if (is_exact(view_of(*agreement, of.party, recipient))) to.push_back(recipient);
  return finding(model::EntryKind::notification_expired, std::move(to), {revision}, model::to_json(model::Expired{of.id}));
}

/// A withdrawal has taken effect: all whom the agreement names are told.
Draft left(const State& state, EntryIndex withdrawal) {
  const auto& [id, party] = state.pacts.withdrawal_of.at(withdrawal);
  const AgreementState& agreement = *state.agreement(id);
  std::vector<std::string> to;
  for (const model::Party& member : agreement.agreement->parties) to.push_back(member.party);
  return finding(model::EntryKind::agreement_left, std::move(to), {withdrawal},
                 model::to_json(model::AgreementLeft{id, party, state.pacts.withdrawal(id, party)->effect}));
}

}  // namespace

std::vector<std::string> owed_to(const State& state, const model::Deadline& deadline) {
  std::vector<std::string> parties;
  const auto add = [&](const std::string& party) {
    if (party != deadline.party) parties.push_back(party);
  };
  if (const NotificationState* of = state.notification_at(deadline.revision)) add(of->party);
  if (const auto at = state.hotline.messages.find(deadline.revision); at != state.hotline.messages.end()) add(at->second.party);
  if (const auto at = state.hotline.sightings.find(deadline.revision); at != state.hotline.sightings.end()) add(at->second.party);
  if (deadline.kind == model::DeadlineKind::query)
    for (auto at = state.queries.upper_bound(deadline.revision); at != state.queries.end(); ++at)
      if (at->second.revision == deadline.revision && at->second.due == deadline.due && !at->second.answered) add(at->second.by);
  const bool to_all = deadline.kind == model::DeadlineKind::check_in || deadline.kind == model::DeadlineKind::incident_report ||
                      deadline.kind == model::DeadlineKind::consultation;
  const AgreementState* agreement = to_all ? state.agreement(deadline.agreement) : nullptr;
  if (agreement != nullptr)
    for (const std::string& each : bound_parties(state, *agreement)) add(each);
  return parties;
}

std::optional<Draft> decide_due(const State& state, Instant now) {
  const std::pair<const DueKey, model::Deadline>* first = nullptr;
  if (!state.deadlines.empty()) first = &*state.deadlines.begin();
  if (!state.pacts.dates.empty() && (first == nullptr || state.pacts.dates.begin()->first < first->first))
    first = &*state.pacts.dates.begin();
  const auto expiry = state.expiries.begin();
  const bool deadline_due = first != nullptr && first->second.due <= now;
  // A movement stands to the end of its last millisecond, so it expires only after it.
  const bool expiry_due = expiry != state.expiries.end() && expiry->first < now;
  // What falls due at the very moment of a withdrawal's effect was still owed.
  const auto effect = state.pacts.effects.begin();
  const bool effect_due = effect != state.pacts.effects.end() && effect->first <= now;
  if (deadline_due && (!expiry_due || first->second.due <= expiry->first) && (!effect_due || first->second.due <= effect->first))
    return passed(state, first->second);
  if (effect_due && (!expiry_due || effect->first <= expiry->first)) return left(state, effect->second);
  if (expiry_due) return expired(state, expiry->second);
  return std::nullopt;
}

std::optional<Instant> next_due(const State& state) {
  std::optional<Instant> next;
  if (!state.deadlines.empty()) next = state.deadlines.begin()->second.due;
  if (!state.expiries.empty()) {
    const Instant end = state.expiries.begin()->first + Millis::from_ms(1);
    next = next ? std::min(*next, end) : end;
  }
  if (!state.pacts.dates.empty()) {
    const Instant date = state.pacts.dates.begin()->second.due;
    next = next ? std::min(*next, date) : date;
  }
  if (!state.pacts.effects.empty()) {
    const Instant effect = state.pacts.effects.begin()->first;
    next = next ? std::min(*next, effect) : effect;
  }
  return next;
}

std::optional<Draft> decide_clock(const State& state, Instant clock) {
  if (!state.opening || state.clock_behind || clock + kMoment >= state.last_received) return std::nullopt;
  return finding(model::EntryKind::clock_stepped, everybody(state), {},
                 model::to_json(model::ClockStepped{state.last_received, clock}));
}

std::optional<Draft> decide_restart(const State& state, Instant last_alive, Instant now) {
  const Instant from = std::max(last_alive, state.last_received);
  if (!state.opening || now - from <= kMoment) return std::nullopt;
  return finding(model::EntryKind::channel_down, everybody(state), {},
                 model::to_json(model::ChannelDown{{from, now}, "the server was not running"}));
}

std::vector<model::Deadline> deadlines_of(const AgreementState& agreement, const NotificationState& of, const Revision& revision,
                                          std::string_view recipient, Instant delivered_at) {
  std::vector<model::Deadline> deadlines;
  const model::Party* member = agreement.agreement->find_party(recipient);
  if (member == nullptr || member->role != model::Role::party) return deadlines;
  model::Deadline deadline;
  deadline.party = std::string(recipient);
  deadline.notification = of.id;
  deadline.revision = revision.entry;
  deadline.agreement = agreement.id;
  if (const auto rule = agreement.agreement->answer_within()) {
    deadline.kind = of.regime == model::Regime::request ? model::DeadlineKind::answer : model::DeadlineKind::acknowledge;
    const bool amendment = revision.entry != of.revisions.front().entry;
    deadline.due = delivered_at + (amendment ? rule->body.amendment_within : rule->body.within);
    deadline.clause = rule->clause;
    deadlines.push_back(deadline);
  }
  if (const auto rule = agreement.agreement->unit_informed()) {
    deadline.kind = model::DeadlineKind::unit_informed;
    // Whoever gets an outline owes it before the first slot: a deadline must not tell the start that the view withholds.
    const auto view = agreement.agreement->disclosure(of.party, recipient);
    const Instant start = is_exact(view.view) ? revision.window.from : model::slot_of(revision.window.from, view.slot);
    deadline.due = start - rule->body.before;
    deadline.clause = rule->clause;
    if (deadline.due > delivered_at) deadlines.push_back(deadline);
  }
  return deadlines;
}

std::optional<model::Deadline> short_notice(const AgreementState& agreement, std::string_view party, std::string_view id,
                                            EntryIndex revision, const model::Notification& notification, Instant received) {
  return short_notice(agreement, party, id, revision, model::window_of(notification).from, notification.emergency, received);
}

std::optional<model::Deadline> short_notice(const AgreementState& agreement, std::string_view party, std::string_view id,
                                            EntryIndex revision, Instant start, bool emergency, Instant received) {
  const auto rule = agreement.agreement->notice();
  if (!rule) return std::nullopt;
  const Instant due = start - (emergency ? rule->body.emergency_lead : rule->body.lead);
  if (received <= due) return std::nullopt;
  model::Deadline deadline;
  deadline.kind = model::DeadlineKind::notice;
  deadline.party = std::string(party);
  deadline.notification = std::string(id);
  deadline.revision = revision;
  deadline.due = due;
  deadline.clause = rule->clause;
  deadline.agreement = agreement.id;
  return deadline;
}

}  // namespace wideberth::core
