// How near the outlines of two units came: the exact gap between two rectangles that move and turn.
#pragma once

#include "live/fix.h"

namespace wideberth::live {

/// A point or a direction in a plane, in metres.
struct GroundVec {
  double x = 0, y = 0;
};

/// Half of a unit's length and of its width, in metres; both positive.
struct HalfSize {
  double length = 0, width = 0;
};

/// One unit over the time between two moments: its middle goes straight and evenly from `from` to `to`, and its heading turns
/// evenly, the shorter way round (to the left where it turns right about), from `heading` to `heading_to`, both of length 1.
struct Swing {
  HalfSize half;
  GroundVec from, to;
  GroundVec heading, heading_to;
};

/// The least gap in metres between the two rectangles at any moment in between; 0 where they touch or overlap.
///
/// Laws.  (1) least_gap(a, b) == least_gap(b, a). (2) It is never greater than the gap at any moment in between: nothing is
///  sampled, so nothing is missed. (3) It is smaller than the true least by at most kGapWithinM; where neither turns, it is that
///  least itself, but for rounding. (4) Larger rectangles are never further apart, but for that.
/// How: with headings that stand, the least is the distance of one segment (the way of the one as the other sees it) from one
/// polygon of eight corners (the sum of the rectangles). A rectangle that turns by no more than δ either way moves none of its
/// points further than its half diagonal times the chord of δ; time is halved until that is small where it matters.
double least_gap(const Swing& a, const Swing& b);
inline constexpr double kGapWithinM = 0.01;

/// The corners, in order. For drawings.
struct Corners {
  GroundVec at[4];
};
Corners corners_of(GroundVec middle, GroundVec heading, HalfSize half);

}  // namespace wideberth::live
