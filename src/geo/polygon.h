// Inside or outside, and which parts of a line are inside: by signs of triple products, so there is no pole and no antimeridian.
#pragma once

#include <vector>

#include "geo/plan.h"

namespace wideberth::geo {

/// Whether a point (seen from the earth's centre) is inside a polygon: an odd number of its edges cross the great circle from
/// the point to plan.outside(). A corner on that circle counts to its left, for both of its edges alike. Edges are the chords
/// seen from the centre. Points within a millimetre of an edge may come out either way; whoever asks has looked at the edges.
bool is_inside(const Plan& polygon, const Vec3& point);

/// The parts of a plan's pieces that lie inside a polygon and further than `reach_m` from its edges, as pieces of their own
/// with their own times; `within[k]` lies where `parts[k]` does and carries the polygon's times.
struct InsideParts {
  std::vector<Piece> parts;
  std::vector<Piece> within;
};
InsideParts inside_parts(const Plan& of, const Plan& polygon, double reach_m);

}  // namespace wideberth::geo
