// Alerts: raised once, closed once, acknowledged by either side, kept quiet for a stated reason.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "live/approach.h"
#include "live/near.h"
#include "live/settings.h"

namespace wideberth::live {

enum class Grade : std::uint8_t { none, caution, warning };
std::string_view name_of(Grade grade) noexcept;

/// 1, 2, 3 … in the order in which they were raised.
struct AlertId {
  std::uint64_t value = 0;  ///< 0: none
  friend constexpr auto operator<=>(AlertId, AlertId) = default;
};

enum class AlertChange : std::uint8_t { raised, closed, acknowledged };
std::string_view name_of(AlertChange change) noexcept;

/// Why an alert ended.
enum class Ended : std::uint8_t {
  open,     ///< it has not
  eased,    ///< they are no longer near, nor about to be
  company,  ///< they keep their distance: parked, at anchor, or driving together
  lost,     ///< one of them has not been heard of for too long: nothing can be said
  snoozed,  ///< a party asked for quiet, and said why
};
std::string_view name_of(Ended ended) noexcept;

struct AlertEvent {
  AlertChange change = AlertChange::raised;
  AlertId id{};
  Grade grade = Grade::none;
  UnitIndex a{}, b{};
  Instant at{};       ///< the later of their last fixes; of what people do, when they did it
  Closest closest{};  ///< in the span that was swept last
  Ahead ahead{};
  Ended ended = Ended::open;
  std::string by{}, reason{};  ///< of what people do
};

/// An alert that stands, and who has said that they saw it.
struct OpenAlert {
  struct Seen {
    std::string by;
    Instant at;
  };
  AlertEvent raised{};
  std::vector<Seen> acknowledged{};
};

/// What was measured of a pair in one step.
struct Measured {
  Closest closest;
  Ahead ahead;
  Instant at;             ///< the later of the last fixes
  bool doubtful = false;  ///< nothing is raised on it; what is open stays
  bool at_rest = false;   ///< both are
};

/// The state of every pair that has an alert, is about to have one, or has had one lately.
///
/// Laws.  (1) A pair has at most one open alert of each grade. (2) Every alert that is raised is closed once, or is open.
///  (3) What is open was raised. (4) During one approach no grade is raised twice, but for a warning that had eased.
class AlertBook {
 public:
  explicit AlertBook(AlertLimits limits = {}) : limits_{limits} {}

  /// REQUIRES: `at` never goes back for one pair.
  void judge(PairKey pair, const Measured& measured, const PairLimits& limits, std::vector<AlertEvent>& events);
  /// Closes what is open between a unit that was last heard of before `stale_before` and any other.
  void lose(const Tracks& tracks, Instant now, Instant stale_before, std::vector<AlertEvent>& events);

  /// The other units that this one has a state with.
  std::span<const std::uint32_t> partners(UnitIndex unit) const;
  /// Asks memory for them, some units ahead.
  void ask_for(UnitIndex unit) const {
    if (unit.value < partners_.size()) __builtin_prefetch(&partners_[unit.value]);
  }
  /// Alerts that are open, by id.
  const std::map<AlertId, OpenAlert>& open() const { return open_; }

  /// Somebody has seen it; it stays open. Refuses (rule): live_alert, where no such alert is open, or where they have said so.
  Result<AlertEvent> acknowledge(AlertId id, std::string by, Instant at);
  /// Until then, nothing up to this grade is raised for the pair, and what is open is closed. Refuses (rule): live_alert
  /// where there is no reason, or more than kLongestSnooze is asked for.
  Result<std::vector<AlertEvent>> snooze(UnitIndex a, UnitIndex b, Grade up_to, Instant now, Instant until, std::string by,
                                         std::string reason);
  static constexpr Millis kLongestSnooze = Millis::from_seconds(86'400);

 private:
  struct Open {
    AlertId id{};
    Instant cleared{};  ///< since when its condition does not hold
    bool clearing = false;
  };
  struct State {
    Open caution{}, warning{};
    Instant pending_since{}, company_since{}, quiet_until{}, last{};
    bool pending = false, company = false, warned = false;
    bool idle() const { return caution.id.value == 0 && warning.id.value == 0 && !pending; }
  };
  struct Snooze {
    Instant until;
    Grade up_to;
    std::string reason;
  };
  void judge_grade(PairKey pair, State& state, Grade grade, const Measured& measured, const PairLimits& limits,
                   std::vector<AlertEvent>& events);
  bool may_raise(PairKey pair, State& state, Grade grade, const Measured& measured, const PairLimits& limits);
  void raise(PairKey pair, Open& open, Grade grade, const Measured& measured, std::vector<AlertEvent>& events);
  void close(Open& open, Instant at, Ended ended, const Measured* measured, std::vector<AlertEvent>& events, std::string by = {},
             std::string reason = {});
  bool snoozed(PairKey pair, Grade grade, Instant at);
  void forget(PairKey pair);
  void forget_idle(Instant before);

  AlertLimits limits_;
  std::uint64_t last_id_ = 0;
  std::unordered_map<PairKey, State> states_{};  ///< never gone through where the order would show
  std::vector<std::vector<std::uint32_t>> partners_{};
  std::map<AlertId, OpenAlert> open_{};
  std::map<PairKey, Snooze> snoozes_{};
  Instant swept_{};
};

}  // namespace wideberth::live
