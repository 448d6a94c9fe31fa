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
