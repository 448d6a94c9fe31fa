#include "live/alert.h"

#include <fmt/format.h>

#include <algorithm>

namespace wideberth::live {

namespace {

constexpr Millis kSweepEvery = Millis::from_seconds(60);

/// Whether the pair is, or is about to be, nearer than this.
bool holds(const Measured& measured, const PairLimits& limits, double metres, double seconds) {
  if (measured.closest.distance_m > limits.reach_m && measured.ahead.now_m > limits.reach_m) return false;
  return measured.closest.distance_m < metres || (measured.ahead.distance_m < metres && measured.ahead.seconds <= seconds);
}

double metres_for(const PairLimits& limits, Grade grade) { return grade == Grade::warning ? limits.warning_m : limits.caution_m; }
double seconds_for(const PairLimits& limits, Grade grade) {
  return grade == Grade::warning ? limits.warning_s : limits.caution_s;
}

}  // namespace

std::string_view name_of(Grade grade) noexcept {
  switch (grade) {
    case Grade::none: return "none";
    case Grade::caution: return "caution";
    case Grade::warning: return "warning";
  }
  return "";
}

std::string_view name_of(AlertChange change) noexcept {
  switch (change) {
    case AlertChange::raised: return "raised";
    case AlertChange::closed: return "closed";
    case AlertChange::acknowledged: return "acknowledged";
  }
  return "";
}

std::string_view name_of(Ended ended) noexcept {
  switch (ended) {
    case Ended::open: return "open";
    case Ended::eased: return "eased";
    case Ended::company: return "company";
    case Ended::lost: return "lost";
    case Ended::snoozed: return "snoozed";
  }
  return "";
}

std::span<const std::uint32_t> AlertBook::partners(UnitIndex unit) const {
  if (unit.value >= partners_.size()) return {};
  return partners_[unit.value];
}

void AlertBook::judge(PairKey pair, const Measured& measured, const PairLimits& limits, std::vector<AlertEvent>& events) {
  const auto known = states_.find(pair);
  const bool near =
      holds(measured, limits, limits.caution_m, limits.caution_s) || holds(measured, limits, limits.warning_m, limits.warning_s);
  if (known == states_.end() && (!near || measured.doubtful)) return;
  if (known == states_.end()) {
    const auto last = std::max(lower_of(pair), upper_of(pair)).value;
    if (last >= partners_.size()) partners_.resize(last + std::size_t{1});
    partners_[lower_of(pair).value].push_back(upper_of(pair).value);
    partners_[upper_of(pair).value].push_back(lower_of(pair).value);
  }
  State& state = known == states_.end() ? states_[pair] : known->second;
  state.last = measured.at;
  const bool company = measured.at_rest || measured.ahead.relative_mps < limits_.company_mps;
  if (company && !state.company) state.company_since = measured.at;
  state.company = company;
  if (near && !state.pending) state.pending_since = measured.at;
  state.pending = near;
  judge_grade(pair, state, Grade::warning, measured, limits, events);
  judge_grade(pair, state, Grade::caution, measured, limits, events);
  if (!state.idle()) return;
  state.warned = false;
  if (measured.at >= state.quiet_until) forget(pair);
}

void AlertBook::judge_grade(PairKey pair, State& state, Grade grade, const Measured& measured, const PairLimits& limits,
                            std::vector<AlertEvent>& events) {
  Open& open = grade == Grade::warning ? state.warning : state.caution;
  if (open.id.value == 0) {
    if (may_raise(pair, state, grade, measured, limits)) raise(pair, open, grade, measured, events);
    if (grade == Grade::warning && open.id.value != 0) state.warned = true;
    return;
  }
  const bool still =
      holds(measured, limits, metres_for(limits, grade) * limits_.widen, seconds_for(limits, grade) * limits_.widen);
  if (!still && !open.clearing) open.cleared = measured.at;
  open.clearing = !still;
  Ended ended = Ended::open;
  if (open.clearing && measured.at - open.cleared >= limits_.clear)
    ended = Ended::eased;
  else if (state.company && measured.at - state.company_since >= limits_.company)
    ended = Ended::company;
  if (ended == Ended::open) return;
  close(open, measured.at, ended, &measured, events);
  state.quiet_until = measured.at + limits_.again;
}

bool AlertBook::may_raise(PairKey pair, State& state, Grade grade, const Measured& measured, const PairLimits& limits) {
  if (measured.doubtful || state.company) return false;
  if (!holds(measured, limits, metres_for(limits, grade), seconds_for(limits, grade))) return false;
  // A caution after a warning says nothing new; nor does one that comes again at once.
  if (grade == Grade::caution && (state.warned || measured.at < state.quiet_until)) return false;
  const bool there = measured.closest.distance_m < metres_for(limits, grade);
  const bool soon = grade == Grade::warning && measured.ahead.seconds * 2 <= limits.warning_s;
  if (!there && !soon && measured.at - state.pending_since < limits_.confirm) return false;
  return !snoozed(pair, grade, measured.at);
}

void AlertBook::raise(PairKey pair, Open& open, Grade grade, const Measured& measured, std::vector<AlertEvent>& events) {
  open = {AlertId{++last_id_}, {}, false};
  const AlertEvent event{AlertChange::raised, open.id,          grade,         lower_of(pair), upper_of(pair),
                         measured.at,         measured.closest, measured.ahead};
  open_.emplace(open.id, OpenAlert{event, {}});
  events.push_back(event);
}

void AlertBook::close(Open& open, Instant at, Ended ended, const Measured* measured, std::vector<AlertEvent>& events,
                      std::string by, std::string reason) {
  auto node = open_.extract(open.id);
  open = {};
  AlertEvent& event = node.mapped().raised;
  event.change = AlertChange::closed;
  event.at = at;
  event.ended = ended;
  event.by = std::move(by);
  event.reason = std::move(reason);
  if (measured != nullptr) {
    event.closest = measured->closest;
    event.ahead = measured->ahead;
  }
  events.push_back(std::move(event));
}

void AlertBook::lose(const Tracks& tracks, Instant now, Instant stale_before, std::vector<AlertEvent>& events) {
  std::vector<PairKey> lost;
  for (const auto& [id, open] : open_)
    if (tracks.motion(open.raised.a).last < stale_before || tracks.motion(open.raised.b).last < stale_before)
      lost.push_back(pair_of(open.raised.a.value, open.raised.b.value));
  for (const PairKey pair : lost) {
    const auto at = states_.find(pair);
    if (at == states_.end()) continue;  // both grades were open
    for (Open* open : {&at->second.warning, &at->second.caution})
      if (open->id.value != 0) close(*open, now, Ended::lost, nullptr, events);
    forget(pair);
  }
  if (now - swept_ < kSweepEvery) return;
  swept_ = now;
  forget_idle(std::min(stale_before, now - limits_.again));
}

void AlertBook::forget_idle(Instant before) {
  std::vector<PairKey> idle;
  for (const auto& [pair, state] : states_)
    if (state.caution.id.value == 0 && state.warning.id.value == 0 && state.last < before) idle.push_back(pair);
  for (const PairKey pair : idle) forget(pair);
  std::erase_if(snoozes_, [&](const auto& snooze) { return snooze.second.until < before; });
}

void AlertBook::forget(PairKey pair) {
  states_.erase(pair);
  const auto leave = [&](UnitIndex unit, UnitIndex other) {
    auto& partners = partners_[unit.value];
    partners.erase(std::find(partners.begin(), partners.end(), other.value));
  };
  leave(lower_of(pair), upper_of(pair));
  leave(upper_of(pair), lower_of(pair));
}

bool AlertBook::snoozed(PairKey pair, Grade grade, Instant at) {
  const auto found = snoozes_.find(pair);
  return found != snoozes_.end() && at < found->second.until && grade <= found->second.up_to;
}

Result<AlertEvent> AlertBook::acknowledge(AlertId id, std::string by, Instant at) {
  const auto found = open_.find(id);
  if (found == open_.end()) return refuse(Rule::live_alert, fmt::format("alert {}", id.value), "the id of an alert that is open");
  auto& seen = found->second.acknowledged;
  if (std::any_of(seen.begin(), seen.end(), [&](const OpenAlert::Seen& one) { return one.by == by; }))
    return refuse(Rule::live_alert, fmt::format("alert {}, acknowledged by {} already", id.value, by), "once");
  seen.push_back({by, at});
  AlertEvent event = found->second.raised;
  event.change = AlertChange::acknowledged;
  event.at = at;
  event.by = std::move(by);
  return event;
}

Result<std::vector<AlertEvent>> AlertBook::snooze(UnitIndex a, UnitIndex b, Grade up_to, Instant now, Instant until,
                                                  std::string by, std::string reason) {
  if (reason.empty() || until <= now || until - now > kLongestSnooze || a == b)
    return refuse(Rule::live_alert,
                  fmt::format("quiet from {} to {}, reason \"{}\"", to_short_text(now), to_short_text(until), reason),
                  "a reason, two units, and at most 24 hours");
  const PairKey pair = pair_of(a.value, b.value);
  snoozes_.insert_or_assign(pair, Snooze{until, up_to, reason});
  std::vector<AlertEvent> events;
  const auto at = states_.find(pair);
  if (at == states_.end()) return events;
  if (up_to >= Grade::warning && at->second.warning.id.value != 0)
    close(at->second.warning, now, Ended::snoozed, nullptr, events, by, reason);
  if (at->second.caution.id.value != 0) close(at->second.caution, now, Ended::snoozed, nullptr, events, by, reason);
  if (at->second.warning.id.value == 0) at->second.warned = false;
  return events;
}

}  // namespace wideberth::live
