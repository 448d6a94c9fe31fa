// Alerts: raised once, closed once, acknowledged by either side, kept quiet for a stated reason.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
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
  Closest closest;  ///< or, of a pair that came nowhere near what its limits ask, a bound below its distance alone
  Ahead ahead;
  Instant at;             ///< the later of the last fixes
  Instant older;          ///< the earlier of the last fixes
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

  /// A step begins: in each, a pair is judged once, and a second judgement of it does nothing.
  void begin_step() { ++step_; }
  /// Pairs in any order. What is raised has no number before settle(). REQUIRES: `at` never goes back for one pair.
  void judge(PairKey pair, const Measured& measured, const PairLimits& limits, std::vector<AlertEvent>& events);
  /// The step ends: its events in the order of pairs, a warning before a caution; what was raised is numbered in that order.
  void settle(std::vector<AlertEvent>& events);
  /// Pairs with a state that were not judged in this step, of these units; or of all units of which `moved` says true.
  void add_left(std::span<const UnitIndex> units, std::vector<PairKey>& pairs) const;
  template <class Moved>
  void add_left_of_all(const Moved& moved, std::vector<PairKey>& pairs) const {
    for (const State& state : states_)
      if (state.used && state.step != step_ && (moved(lower_of(state.pair)) || moved(upper_of(state.pair))))
        pairs.push_back(state.pair);
  }
  /// Closes what is open between a unit that was last heard of before `stale_before` and any other.
  void lose(const Tracks& tracks, Instant now, Instant stale_before, std::vector<AlertEvent>& events);

  /// Another unit that this one has a state with, and where that is kept.
  struct Partner {
    std::uint32_t other = 0, slot = 0;
  };
  std::span<const Partner> partners(UnitIndex unit) const;
  /// Asks memory for the state of a pair, some pairs ahead: first `now` = 0, a little later 1.
  void ask_for(PairKey pair, int now) const;
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
    PairKey pair = 0;
    Open caution{}, warning{};
    Instant pending_since{}, company_since{}, quiet_until{}, last{};
    Instant behind_since{};  ///< pending, while `last` stands still: from which fix on of the one that is behind
    std::uint32_t step = 0;  ///< in which it was judged last
    bool used = false, pending = false, behind = false, company = false, warned = false;
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
  static void raise(PairKey pair, Open& open, Grade grade, const Measured& measured, std::vector<AlertEvent>& events);
  void hold(State& state, const Measured& measured, bool near) const;
  void close(Open& open, Instant at, Ended ended, const Measured* measured, std::vector<AlertEvent>& events, std::string by = {},
             std::string reason = {});
  bool snoozed(PairKey pair, Grade grade, Instant at);
  static constexpr std::uint32_t kNoSlot = 0xffff'ffff;
  static constexpr AlertId kToBeNumbered{0xffff'ffff'ffff'ffff};
  std::uint32_t slot_of(PairKey pair) const;
  std::size_t home_of(PairKey pair) const {
    return static_cast<std::size_t>(pair * 0x9e37'79b9'7f4a'7c15ULL >> 32) & (table_.size() - 1);
  }
  void enter(std::uint32_t slot);
  void leave(std::uint32_t slot);
  std::uint32_t begin(PairKey pair);
  void forget(PairKey pair, std::uint32_t slot);
  void forget_idle(Instant before);

  AlertLimits limits_;
  std::uint64_t last_id_ = 0;
  std::uint32_t step_ = 0;
  std::vector<State> states_{};        ///< by slot; never gone through where the order would show
  std::vector<std::uint32_t> free_{};  ///< slots that are not used
  /// Slots by pair, each at the first free place from home_of() on, kNoSlot elsewhere; at least four places for each.
  std::vector<std::uint32_t> table_ = std::vector<std::uint32_t>(64, kNoSlot);
  std::vector<std::vector<Partner>> partners_{};
  std::map<AlertId, OpenAlert> open_{};
  std::map<PairKey, Snooze> snoozes_{};
  Instant swept_{};
};

}  // namespace wideberth::live
