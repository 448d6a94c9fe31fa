// The last fixes of one unit: what is believed of where it is and how it moves.
#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <optional>
#include <string_view>
#include <vector>

#include "live/fix.h"
#include "live/huge.h"

namespace wideberth::live {

/// What became of a fix.
enum class Taken : std::uint8_t {
  used,           ///< it is the unit's last fix now
  reacquired,     ///< used; the track begins anew with it, after a silence or because it jumped and stayed there
  old,            ///< used for what was, not for what will be: older than `stale` when it came
  duplicate,      ///< the same time and place as a fix that is kept; nothing happens
  contradicting,  ///< the time of the last fix, another place: the first stays
  reordered,      ///< older than the last fix: the live picture never goes back (the track beside the log keeps it)
  future,         ///< later than it came by more than `ahead`: that clock is wrong
  poor,           ///< its accuracy is worse than `poorest`
  jump,           ///< further than the unit can have come
};
/// "used", "reacquired", "old", "duplicate", "contradicting", "reordered", "future", "poor accuracy", "jump".
std::string_view name_of(Taken taken) noexcept;
constexpr bool is_used(Taken taken) { return taken <= Taken::old; }
/// Whether it makes the unit's position doubtful.
constexpr bool is_doubt(Taken taken) {
  return taken == Taken::old || (taken >= Taken::contradicting && taken != Taken::reordered);
}

/// Numbers of plausibility. Proposals of this project: an operator sets others.
struct TrackLimits {
  Millis ahead = Millis::from_seconds(5);   ///< a fix may be this much later than the instant at which it came
  Millis stale = Millis::from_seconds(60);  ///< beyond this age nothing is predicted from a fix, and the unit is lost
  Millis gap = Millis::from_seconds(240);   ///< after a longer silence nothing is said about the way between
  Millis window = Millis::from_seconds(6);  ///< over which a velocity is derived where the source gives none
  float poorest_m = 200;                    ///< a worse accuracy makes the position doubtful
  float fastest_mps = 100;                  ///< of a unit that says nothing of itself
  float jump_m = 50;                        ///< on top of what speed, time and accuracy allow
  std::uint8_t believe_jump_after = 3;      ///< fixes in a row that agree with each other and not with the track
  float rest_m = 15;                        ///< at rest: no further than this (and its accuracy) from one place …
  Millis rest = Millis::from_seconds(30);   ///< … for this long
};

/// A fix that was used, and the velocity at it.
struct Sample {
  Instant time{};
  Vec3 at{};
  Vec3 velocity{};  ///< m/s in ECEF: from speed and course where the source gives both, else from the fixes of `window`
  Place place{};
  float accuracy_m = kNone, speed_mps = kNone, course_deg = kNone, altitude_m = kNone;
};

/// Where a unit is at an instant.
struct State {
  Vec3 at{};
  Vec3 velocity{};
};

/// What the search for near units needs of one, in one line of memory.
struct alignas(64) Motion {
  Vec3 at{}, velocity{};      ///< of the last fix that was used
  Instant last{};             ///< its time
  std::uint32_t step_ms = 0;  ///< since the fix before; 0 where there is none
  float fastest_mps = -1;     ///< within so many times (t + 1) seconds it was, t seconds ago, of where it is; < 0: never heard of
};

/// Of a unit, what the judgement of a pair needs beside: whether anything may be said of it at all.
struct Marks {
  float accuracy_m = 0;  ///< of the last fix that was used; 0: not said
  bool doubtful = false, at_rest = false;
};

/// The two fixes before the last, so that a pair is swept without touching the whole tracks; and how many there are in all.
struct alignas(64) Before {
  Vec3 at1{}, at2{};
  std::uint32_t step1_ms = 0, step2_ms = 0;  ///< from it to the one after it
  std::uint32_t fixes = 0;                   ///< that the track keeps
};

/// The ring of the last fixes of one unit. Between two fixes the unit is taken to move straight and evenly; after the last
/// one, straight on with its velocity.
class Track {
 public:
  static constexpr std::size_t kKept = 8;

  /// `received`: when the fix came; of a recorded track, its own time.
  ///  Law: the kept fixes rise in time, and none is further from the one before than the unit can have come.
  Taken take(const Fix& fix, Instant received, const TrackLimits& limits, float fastest_mps);

  std::size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  /// 0: the last, 1: the one before … REQUIRES: back < size().
  const Sample& back(std::size_t back) const { return ring_[(head_ + kKept - back) % kKept]; }
  const Sample& last() const { return ring_[head_]; }

  /// From the first kept fix on; nothing before it. The velocity is that of the motion at that instant.
  std::optional<State> at(Instant when) const;
  /// How far it moved from the fix before the last; 0 with one fix.
  double last_step_m() const;
  Motion motion() const;
  Before before() const;
  Marks marks(const TrackLimits& limits) const;
  /// Asks memory for what a fix will touch, some fixes ahead: first `now` = 0, a little later 1.
  void ask_for(int now) const;

  /// Whether the last thing heard makes its position doubtful, and what that was. One fix of a good track ends it.
  bool doubtful() const { return is_doubt(doubt_); }
  Taken doubt() const { return doubt_; }
  /// Not far from one place for a while.
  bool at_rest(const TrackLimits& limits) const { return !empty() && last().time - rest_since_ >= limits.rest; }
  Instant rest_since() const { return rest_since_; }
  /// Fixes that were not used.
  std::uint32_t passed_over() const { return passed_over_; }

 private:
  Taken judge(const Fix& fix, Instant received, const TrackLimits& limits, float fastest_mps);
  Taken doubt_jump(const Fix& fix, const TrackLimits& limits, float fastest_mps);
  void keep(const Fix& fix, const TrackLimits& limits);
  Vec3 derive(const Fix& fix, const TrackLimits& limits) const;

  std::uint8_t head_ = 0, size_ = 0, jumps_ = 0;
  Taken doubt_ = Taken::used;
  std::uint32_t passed_over_ = 0;
  Instant rest_since_{};
  Vec3 rest_at_{};
  Instant jumped_time_{};
  Vec3 jumped_to_{};
  float jumped_accuracy_m_ = 0;
  struct Step {
    float metres = 0, seconds = 0;  ///< from the fix before; the metres rounded up
  };
  std::array<Step, kKept> steps_{};
  std::array<Sample, kKept> ring_{};
};

/// The velocity in ECEF of a unit that moves over the ground at `at`. REQUIRES: both are numbers.
Vec3 velocity_of(const Vec3& at, float speed_mps, float course_deg) noexcept;
/// The other way round; the course is 0 at a pole and where there is no speed.
struct Ground {
  double speed_mps = 0, course_deg = 0;
};
Ground over_ground(const Vec3& at, const Vec3& velocity) noexcept;

/// Of every unit, by its number.
class Tracks {
 public:
  explicit Tracks(TrackLimits limits = {}) : limits_{limits} {}
  /// REQUIRES: the fix's unit is one of `units`.
  Taken take(const Units& units, const Fix& fix, Instant received);
  /// An empty track for a unit that was never heard of.
  const Track& of(UnitIndex unit) const { return unit.value < tracks_.size() ? tracks_[unit.value] : kNever; }
  void ask_for(UnitIndex unit, int now) const {
    if (unit.value >= tracks_.size()) return;
    tracks_[unit.value].ask_for(now);
    __builtin_prefetch(&motions_[unit.value], 1);
    __builtin_prefetch(&befores_[unit.value], 1);
  }
  /// REQUIRES: unit.value < size().
  const Motion& motion(UnitIndex unit) const { return motions_[unit.value]; }
  const Before& before(UnitIndex unit) const { return befores_[unit.value]; }
  const Marks& marks(UnitIndex unit) const { return marks_[unit.value]; }
  const TrackLimits& limits() const { return limits_; }
  std::size_t size() const { return tracks_.size(); }
  /// The greatest time of any fix that was used.
  Instant latest() const { return latest_; }

 private:
  static const Track kNever;
  TrackLimits limits_;
  Table<Track> tracks_{};
  Table<Motion> motions_{};
  Table<Before> befores_{};
  std::vector<Marks> marks_{};
  Instant latest_ = Instant::from_ms(std::numeric_limits<std::int64_t>::min());
};

}  // namespace wideberth::live
