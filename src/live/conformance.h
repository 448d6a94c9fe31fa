// Does a unit keep to what was notified?
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "live/huge.h"
#include "live/movement.h"
#include "live/track.h"

namespace wideberth::live {

enum class Conformance : std::uint8_t {
  unwatched,     ///< no movement of its own, and in no area where it would need one
  conforming,    ///< in its corridor, within its window
  off_corridor,  ///< further from its line than the half-width, whatever the time
  early,         ///< in its corridor before the earliest
  late,          ///< in its corridor after the latest
  unnotified,    ///< in an area of the agreement without a movement that stands
  doubtful,      ///< its position is doubtful: nothing else is said until it is not
};
/// "unwatched", "conforming", "off corridor", "early", "late", "unnotified", "position doubtful".
std::string_view name_of(Conformance state) noexcept;

/// Proposals of this project: an operator sets others.
struct ConformanceLimits {
  Millis off_time = Millis::from_seconds(60);   ///< early and late begin beyond this, and end within half of it
  Millis confirm = Millis::from_seconds(10);    ///< another state must have held this long, and for two fixes
  double back_m = 10;                           ///< off corridor begins this far outside it (and its accuracy), ends inside
  Millis around = Millis::from_seconds(1800);   ///< a movement stands from so long before its first window to after its last
  Millis silent = Millis::from_seconds(120);    ///< a unit not heard of for longer is not counted among those that drive
  Millis count_for = Millis::from_seconds(60);  ///< a count of vehicles must have been wrong this long
  std::int64_t vehicles_tolerance = 0;          ///< as the agreement's composition_tolerance has it
};

struct ConformanceEvent {
  UnitIndex unit{};
  Conformance was = Conformance::unwatched, now = Conformance::unwatched;
  Instant since{}, at{};      ///< the first fix that showed it, and the one that settled it
  std::uint32_t movement{};   ///< where there is one, kNoMovement otherwise
  double off_m = 0;           ///< from the line or the area
  double deviation_s = 0;     ///< > 0 late, < 0 early
  Taken doubt = Taken::used;  ///< why it is doubtful
};

/// More or fewer vehicles than were declared.
struct CompositionEvent {
  std::uint32_t movement{};
  bool mismatch = false;  ///< false: it agrees again
  std::int64_t declared = 0, counted = 0;
  Instant since{}, at{};
};

inline constexpr std::uint32_t kNoMovement = 0xffff'ffff;

/// One state for each unit, changed only when another has held for a while.
class Watcher {
 public:
  explicit Watcher(ConformanceLimits limits = {}) : limits_{limits} {}

  /// A movement that stands; its number. The same id again takes the place of the one before (an amendment): units keep to it.
  std::uint32_t add(std::shared_ptr<const Movement> movement);
  /// It stands no more (withdrawn, completed).
  void remove(std::uint32_t movement);
  std::optional<std::uint32_t> find(std::string_view id) const;
  const Movement& movement(std::uint32_t number) const { return *movements_[number].what; }
  std::size_t movements() const { return movements_.size(); }
  /// The unit drives in it; kNoMovement: in none.
  void assign(UnitIndex unit, std::uint32_t movement);
  std::uint32_t movement_of(UnitIndex unit) const {
    return unit.value < units_.size() ? units_[unit.value].movement : kNoMovement;
  }
  /// How many vehicles the track of a unit stands for; one, unless it was said.
  void stands_for(UnitIndex unit, std::uint32_t vehicles);
  /// Where a unit needs a movement: the agreement's areas, compiled.
  void watch_area(std::shared_ptr<const geo::Plan> area) { areas_.push_back(std::move(area)); }

  /// After the track took a fix, whatever became of it.
  void judge(UnitIndex unit, const Track& track, Instant received);
  /// Somebody counted the vehicles of a movement.
  void counted(std::uint32_t movement, std::int64_t vehicles, Instant at);
  /// Goes over the vehicles of a tenth of the movements: another tenth in each of ten seconds.
  void count(const Tracks& tracks, Instant now);

  /// Asks memory for what judge() will touch, some fixes ahead.
  void ask_for(UnitIndex unit) const {
    if (unit.value >= units_.size()) return;
    const auto* first = reinterpret_cast<const std::byte*>(&units_[unit.value]);
    for (std::size_t line = 0; line < sizeof(Of); line += 64) __builtin_prefetch(first + line, 1);
  }

  Conformance state(UnitIndex unit) const { return unit.value < units_.size() ? units_[unit.value].now : Conformance::unwatched; }
  const std::optional<Progress>& progress(UnitIndex unit) const;

  /// Since the last clear().
  const std::vector<ConformanceEvent>& events() const { return events_; }
  const std::vector<CompositionEvent>& compositions() const { return compositions_; }
  void clear() {
    events_.clear();
    compositions_.clear();
  }

 private:
  struct Kept {
    std::shared_ptr<const Movement> what;
    std::int64_t declared = 0;  ///< what->vehicles
    bool stands = true, mismatch = false, wrong = false;
    Instant wrong_since{};
    std::vector<UnitIndex> units{};
  };
  struct Of {
    std::uint32_t movement = kNoMovement;
    Conformance now = Conformance::unwatched, next = Conformance::unwatched;
    std::uint8_t fixes = 0;  ///< in a row that say `next`
    Instant next_since{}, located{};
    std::optional<Progress> progress{};
    Vec3 located_at{};
    // What the ordinary fix needs, so that it touches nothing else: the piece it was on, and when its movement stands.
    bool on_piece = false;
    geo::Piece piece{};
    double piece_from_m = 0, piece_m = 0, width2 = 0;
    Interval stands{};
  };
  static void forget(Of& of);
  bool still_keeps(Of& of, const Sample& last) const;
  void remember(Of& of, const Movement& movement) const;
  Conformance look(Of& of, const Track& track);
  Conformance along(Of& of, const Movement& movement, const Track& track);
  bool in_area(const Vec3& at) const;
  void settle(UnitIndex unit, Of& of, Conformance seen, const Track& track, Instant at);
  bool is_wrong(const Kept& kept, std::int64_t vehicles, bool fewer_counts) const;
  void tell(std::uint32_t number, std::int64_t vehicles, Instant now);

  ConformanceLimits limits_;
  std::vector<Kept> movements_{};
  std::map<std::string, std::uint32_t, std::less<>> by_id_{};
  Table<Of> units_{};
  std::vector<std::uint32_t> vehicles_{};  ///< by unit, as far as it was said; 0: it was not
  std::vector<std::shared_ptr<const geo::Plan>> areas_{};
  std::vector<ConformanceEvent> events_{};
  std::vector<CompositionEvent> compositions_{};
};

}  // namespace wideberth::live
