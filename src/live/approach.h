// Two units on their way: how near they came, and how near they will come. Closed forms over straight pieces; nothing is
// sampled.
#pragma once

#include "live/track.h"

namespace wideberth::live {

/// The least distance within a span of time, and when; chords in ECEF, metres (0.13 mm short of the ground at 5 km).
struct Closest {
  double distance_m = 0;
  Instant at{};  ///< the millisecond in which it is reached, rounded down
  Vec3 a{}, b{};
};

/// Over [from, to], each as Track::at has it; before either was heard of nothing counts. None where nothing is left of the
/// span. A crossing between two fixes is found: both ways are straight there, and the least distance of two straight even
/// motions is that of r + v t at t = -r.v / v.v.
///  Law: no instant of the span has them nearer. Law: closest(b, a) is closest(a, b) with a and b exchanged, to the bit.
std::optional<Closest> closest(const Track& a, const Track& b, Instant from, Instant to);

/// The last three fixes of a unit, as Tracks keeps them beside its track. Answers as the track does, by the same sums, from its
/// oldest() on.
class Recent {
 public:
  /// REQUIRES: the unit was heard of. Both are kept by reference.
  Recent(const Motion& motion, const Before& before);
  /// The track knows nothing before this, or this is the third fix from the end.
  Instant oldest() const { return times_[kept_ - 1]; }
  /// Whether a span from here on needs no older fix.
  bool covers(Instant from) const { return before_->fixes <= kept_ || from >= oldest(); }
  /// The first fix after `when`; `otherwise` where there is none before it.
  Instant next(Instant when, Instant otherwise) const;
  /// REQUIRES: when >= oldest().
  State at(Instant when) const;

 private:
  const Motion* motion_;
  const Before* before_;
  std::array<Instant, 3> times_{};  ///< of the last fix, of the one before …
  std::size_t kept_ = 1;
};
/// As above. REQUIRES: both cover `from`.
std::optional<Closest> closest(const Recent& a, const Recent& b, Instant from, Instant to);

/// From now on, if both go straight on: the least distance, and in how many seconds (0: they part, or keep their distance).
struct Ahead {
  double distance_m = 0, seconds = 0;
  double now_m = 0;         ///< between them now
  double relative_mps = 0;  ///< how fast they move to each other
};
Ahead ahead(const State& a, const State& b, double horizon_s);

/// One pair of units of different parties, as one step of live saw it: they were within encounter distance.
struct Approach {
  UnitIndex a, b;   ///< a < b
  Interval over;    ///< what was swept: from the fix before the last of whichever moved, to the later of the last fixes
  Closest closest;  ///< within `over`
  Ahead ahead;      ///< from over.to on
};

}  // namespace wideberth::live
