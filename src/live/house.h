// All of live behind one door: fixes in, events out.
#pragma once

#include <array>
#include <span>
#include <variant>
#include <vector>

#include "live/conformance.h"
#include "live/encounter.h"
#include "live/proximity.h"
#include "live/remaining.h"

namespace wideberth::live {

using Event = std::variant<ConformanceEvent, CompositionEvent, RemainingEvent, AlertEvent, EncounterEvent>;

/// Takes fixes as they come and tells what follows from them, in the order in which it follows.
///
/// A step is the fixes of one take(), cut where a unit comes a second time; pairs are judged once for each step. Each whole
/// second of `received` first ends what has grown old.
///
/// Laws.
///  (1) A pure fold: the same calls give the same events, to the byte. Nothing here knows a clock but `received`.
///  (2) Time never goes back: a call with an earlier `received` counts as one at the latest before it.
///  (3) After finish() every alert and every encounter that was opened is closed.
class Live {
 public:
  struct Options {
    Settings settings{};
    ConformanceLimits conformance{};
    EncounterLimits encounter{};
    bool encounters = true;  ///< about 100 bytes for each fix of the last minutes
  };
  explicit Live(Options options);
  /// The numbers of an agreement, its tolerance of vehicles, and its areas as those in which a unit needs a movement.
  /// `encounter`: all but the distance, where the agreement says one. Refuses what geo::compile refuses of an area.
  static Result<Live> make(const model::Agreement& agreement, EncounterLimits encounter = {});

  Units& units() { return units_; }
  const Units& units() const { return units_; }
  /// The movements that stand, and who drives in which.
  Watcher& watcher() { return watcher_; }
  const Watcher& watcher() const { return watcher_; }
  /// The standing plans that a movement which runs late is asked against; kept by the caller.
  void look_ahead_in(Foresight::Others others) { others_ = std::move(others); }

  /// REQUIRES: each fix's unit is one of units().
  void take(std::span<const Fix> fixes, Instant received);
  void take(const Fix& fix, Instant received) { take({&fix, 1}, received); }
  /// Time passes.
  void advance(Instant now);
  /// The tracks end: what is open is closed as lost.
  void finish();

  /// What people do with alerts. Refuses (rule): live_alert.
  Result<void> acknowledge(AlertId id, std::string by, Instant at);
  Result<void> snooze(UnitIndex a, UnitIndex b, Grade up_to, Instant until, std::string by, std::string reason);
  const std::map<AlertId, OpenAlert>& open_alerts() const { return proximity_.book().open(); }

  /// What happened since the last call.
  std::vector<Event> drain() { return std::exchange(events_, {}); }
  /// Fixes by what became of them, in the order of Taken.
  const std::array<std::uint64_t, 9>& outcomes() const { return outcomes_; }
  const Tracks& tracks() const { return tracks_; }
  const Proximity& proximity() const { return proximity_; }
  const Encounters& encounters() const { return encounters_; }
  Instant now() const { return now_; }

 private:
  void take_one(const Fix& fix);
  void step();
  template <class Events>
  void tell(const Events& events) {
    events_.insert(events_.end(), events.begin(), events.end());
  }
  void tell_watched();

  Units units_{};
  Tracks tracks_;
  Watcher watcher_;
  Foresight foresight_{};
  Foresight::Others others_{};
  Proximity proximity_;
  bool with_encounters_;
  Encounters encounters_;
  Instant now_ = Instant::from_ms(std::numeric_limits<std::int64_t>::min() / 2);
  std::int64_t second_ = std::numeric_limits<std::int64_t>::min();
  std::vector<UnitIndex> moved_{};
  std::vector<std::uint8_t> in_step_{};  ///< by unit
  std::array<std::uint64_t, 9> outcomes_{};
  std::vector<Event> events_{};
};

}  // namespace wideberth::live
