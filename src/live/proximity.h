// Who comes too near to whom: every pair of units of different parties that owe each other separation.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "live/alert.h"
#include "live/cells.h"
#include "live/join.h"

namespace wideberth::live {

/// How the pairs worth asking about are found. The answer does not depend on it.
enum class Path : std::uint8_t {
  choose,    ///< all at once where a quarter of the units or more have moved, else one by one
  together,  ///< Join
  each,      ///< Cells
  every,     ///< no search: every pair with a unit that moved (for tests and as a yardstick)
};

/// Sweeps, predicts and judges. A step is the new fixes of some units, at most one for each.
///
/// Laws.
///  (1) No path misses a pair: for the same steps, all four give the same approaches and the same alerts, to the byte.
///  (2) The order of units within a step does not show: pairs are judged one by one, and told of in the order of their numbers.
class Proximity {
 public:
  /// Without `approaches` pairs are not looked for as wide as encounters are, and approaches() stays empty.
  explicit Proximity(Settings settings, bool approaches = true)
      : settings_{std::move(settings)}, book_{settings_.alert}, with_approaches_{approaches} {}

  /// `moved`: units whose last fix is new, none twice. REQUIRES: it is no older than track.stale + track.ahead before
  /// tracks.latest().
  void step(const Units& units, const Tracks& tracks, std::span<const UnitIndex> moved, Path path = Path::choose);
  /// Asks memory for what a step with this unit will touch.
  void ask_for(UnitIndex unit) const {
    cells_.ask_for(unit);
    if (unit.value < from_.size()) __builtin_prefetch(&from_[unit.value]);
  }
  /// Time goes on: whoever has not been heard of for settings.track.stale is lost.
  void advance(const Tracks& tracks, Instant now);

  /// Of the last step or advance alone. Approaches: pairs within encounter distance, in the order of their numbers.
  const std::vector<AlertEvent>& events() const { return events_; }
  const std::vector<Approach>& approaches() const { return approaches_; }
  /// In the last step: pairs that the search looked at, and pairs that were judged exactly.
  std::uint64_t looked_at() const { return looked_at_; }
  std::uint64_t judged() const { return judged_; }

  AlertBook& book() { return book_; }
  const AlertBook& book() const { return book_; }
  const Settings& settings() const { return settings_; }

 private:
  const PairLimits& limits_of(const Units& units, UnitIndex a, UnitIndex b) const;
  void learn_classes(const Units& units);
  void search(const Units& units, const Tracks& tracks, Path path);

  struct Judged;
  static constexpr std::size_t kAtOnce = 16;  ///< pairs that are measured together: what one waits for, the others work
  bool is_most(const Tracks& tracks) const;
  void settle_approaches();
  void judge_found(const Units& units, const Tracks& tracks);
  void ask_for(const Units& units, const Tracks& tracks, std::size_t first) const;
  void measure(const Units& units, const Tracks& tracks, Judged& judged) const;
  void judge(const Units& units, const Tracks& tracks, Judged& judged);
  void every_pair(const Units& units, const Tracks& tracks);

  Settings settings_;
  AlertBook book_;
  bool with_approaches_;
  Join join_{};
  Cells cells_{};
  bool filed_ = false;  ///< whether cells_ is up to date
  std::size_t classes_ = 0;
  std::vector<PairLimits> limits_{};
  Wanted wanted_{};
  std::vector<Moved> moved_{};
  std::vector<Instant> from_{};   ///< by unit, for those in moved_; kLong otherwise
  std::vector<PairKey> found_{};  ///< in no order of numbers, some twice
  std::vector<AlertEvent> events_{};
  std::vector<Approach> approaches_{};
  std::uint64_t looked_at_ = 0, judged_ = 0;
};

}  // namespace wideberth::live
