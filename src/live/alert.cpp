#include "live/alert.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

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

std::span<const AlertBook::Partner> AlertBook::partners(UnitIndex unit) const {
  if (unit.value >= partners_.size()) return {};
  return partners_[unit.value];
}

std::uint32_t AlertBook::slot_of(PairKey pair) const {
  for (std::size_t at = home_of(pair);; at = (at + 1) & (table_.size() - 1)) {
    const std::uint32_t slot = table_[at];
    if (slot == kNoSlot || states_[slot].pair == pair) return slot;
  }
}

void AlertBook::enter(std::uint32_t slot) {
  std::size_t at = home_of(states_[slot].pair);
  while (table_[at] != kNoSlot) at = (at + 1) & (table_.size() - 1);
  table_[at] = slot;
}

// What stands behind it in one run with it moves up, so that a search still ends at the first free place.
void AlertBook::leave(std::uint32_t slot) {
  const std::size_t mask = table_.size() - 1;
  std::size_t gap = home_of(states_[slot].pair);
  while (table_[gap] != slot) gap = (gap + 1) & mask;
  for (std::size_t at = (gap + 1) & mask; table_[at] != kNoSlot; at = (at + 1) & mask) {
    const std::size_t home = home_of(states_[table_[at]].pair);
    if (((at - home) & mask) < ((at - gap) & mask)) continue;  // its home lies behind the gap
    table_[gap] = table_[at];
    gap = at;
  }
  table_[gap] = kNoSlot;
}

std::uint32_t AlertBook::begin(PairKey pair) {
  if (free_.empty()) {
    free_.push_back(static_cast<std::uint32_t>(states_.size()));
    states_.emplace_back();
  }
  const std::uint32_t slot = free_.back();
  free_.pop_back();
  const UnitIndex lower = lower_of(pair), upper = upper_of(pair);
  if (upper.value >= partners_.size()) partners_.resize(upper.value + std::size_t{1});
  partners_[lower.value].push_back({upper.value, slot});
  partners_[upper.value].push_back({lower.value, slot});
  states_[slot] = {.pair = pair, .used = true};
  if (4 * (states_.size() - free_.size()) > table_.size()) {
    table_.assign(2 * table_.size(), kNoSlot);
    for (std::uint32_t each = 0; each < states_.size(); ++each)
      if (states_[each].used) enter(each);
  } else {
    enter(slot);
  }
  return slot;
}

void AlertBook::ask_for(PairKey pair, int now) const {
  if (now == 0) return __builtin_prefetch(&table_[home_of(pair)]);
  const std::uint32_t slot = table_[home_of(pair)];
  if (slot == kNoSlot) return;
  __builtin_prefetch(&states_[slot], 1);
  __builtin_prefetch(reinterpret_cast<const std::byte*>(&states_[slot]) + sizeof(State) - 1, 1);
}

void AlertBook::judge(PairKey pair, const Measured& measured, const PairLimits& limits, std::vector<AlertEvent>& events) {
  std::uint32_t slot = slot_of(pair);
  if (slot != kNoSlot && states_[slot].step == step_) return;
  const bool near =
      holds(measured, limits, limits.caution_m, limits.caution_s) || holds(measured, limits, limits.warning_m, limits.warning_s);
  if (slot == kNoSlot) {
    if (!near || measured.doubtful) return;
    slot = begin(pair);
  }
  State& state = states_[slot];
  state.step = step_;
  hold(state, measured, near);
  const bool company = measured.at_rest || measured.ahead.relative_mps < limits_.company_mps;
  if (company && !state.company) state.company_since = measured.at;
  state.company = company;
  judge_grade(pair, state, Grade::warning, measured, limits, events);
  judge_grade(pair, state, Grade::caution, measured, limits, events);
  if (!state.idle()) return;
  state.warned = false;
  if (measured.at >= state.quiet_until) forget(pair, slot);
}

// Where both sides report in batches, the second one is gone through while the last fix of the first stands still: time passes
// for the pair by the fixes of the one that is behind.
void AlertBook::hold(State& state, const Measured& measured, bool near) const {
  const bool late = near && measured.at == state.last && measured.at - measured.older <= limits_.behind;
  if (late && !state.behind) state.behind_since = measured.older;
  state.behind = late;
  if (near && !state.pending) state.pending_since = measured.at;
  state.pending = near;
  state.last = measured.at;
}

void AlertBook::settle(std::vector<AlertEvent>& events) {
  std::sort(events.begin(), events.end(), [](const AlertEvent& x, const AlertEvent& y) {
    return std::tuple(x.a, x.b, y.grade) < std::tuple(y.a, y.b, x.grade);
  });
  for (AlertEvent& event : events) {
    if (event.change != AlertChange::raised) continue;
    event.id = AlertId{++last_id_};
    State& state = states_[slot_of(pair_of(event.a.value, event.b.value))];
    (event.grade == Grade::warning ? state.warning : state.caution).id = event.id;
    open_.emplace_hint(open_.end(), event.id, OpenAlert{event, {}});
  }
}

void AlertBook::add_left(std::span<const UnitIndex> units, std::vector<PairKey>& pairs) const {
  for (const UnitIndex unit : units)
    for (const Partner& partner : partners(unit))
      if (states_[partner.slot].step != step_) pairs.push_back(states_[partner.slot].pair);
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
  const bool held = measured.at - state.pending_since >= limits_.confirm ||
                    (state.behind && measured.older - state.behind_since >= limits_.confirm);
  if (!there && !soon && !held) return false;
  return !snoozed(pair, grade, measured.at);
}

void AlertBook::raise(PairKey pair, Open& open, Grade grade, const Measured& measured, std::vector<AlertEvent>& events) {
  open = {kToBeNumbered, {}, false};
  events.push_back(
      {AlertChange::raised, {}, grade, lower_of(pair), upper_of(pair), measured.at, measured.closest, measured.ahead});
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
  std::vector<std::pair<AlertId, std::uint32_t>> lost;  // by the first alert of a pair: in this order they are told of
  for (std::uint32_t unit = 0; unit < partners_.size(); ++unit) {
    if (tracks.motion({unit}).last >= stale_before) continue;
    for (const Partner& partner : partners_[unit]) {
      const AlertId caution = states_[partner.slot].caution.id, warning = states_[partner.slot].warning.id;
      if (caution.value != 0 || warning.value != 0)
        lost.emplace_back(caution.value == 0 ? warning : warning.value == 0 ? caution : std::min(caution, warning), partner.slot);
    }
  }
  std::sort(lost.begin(), lost.end());
  lost.erase(std::unique(lost.begin(), lost.end()), lost.end());  // of both units nothing was heard
  for (const auto& [id, slot] : lost) {
    State& state = states_[slot];
    for (Open* open : {&state.warning, &state.caution})
      if (open->id.value != 0) close(*open, now, Ended::lost, nullptr, events);
    forget(state.pair, slot);
  }
  if (now - swept_ < kSweepEvery) return;
  swept_ = now;
  forget_idle(std::min(stale_before, now - limits_.again));
}

void AlertBook::forget_idle(Instant before) {
  for (std::uint32_t slot = 0; slot < states_.size(); ++slot) {
    const State& state = states_[slot];
    if (state.used && state.caution.id.value == 0 && state.warning.id.value == 0 && state.last < before) forget(state.pair, slot);
  }
  std::erase_if(snoozes_, [&](const auto& snooze) { return snooze.second.until < before; });
}

void AlertBook::forget(PairKey pair, std::uint32_t slot) {
  leave(slot);
  states_[slot].used = false;
  free_.push_back(slot);
  const auto part = [&](UnitIndex unit) {
    auto& partners = partners_[unit.value];
    partners.erase(std::find_if(partners.begin(), partners.end(), [&](const Partner& one) { return one.slot == slot; }));
  };
  part(lower_of(pair));
  part(upper_of(pair));
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
  const std::uint32_t slot = slot_of(pair);
  if (slot == kNoSlot) return events;
  State& state = states_[slot];
  if (up_to >= Grade::warning && state.warning.id.value != 0)
    close(state.warning, now, Ended::snoozed, nullptr, events, by, reason);
  if (state.caution.id.value != 0) close(state.caution, now, Ended::snoozed, nullptr, events, by, reason);
  if (state.warning.id.value == 0) state.warned = false;
  return events;
}

}  // namespace wideberth::live
