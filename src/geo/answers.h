// One plan against many: geo::meet for all of them at once, so that every stage has pairs of pieces enough to fill the lanes.
#pragma once

#include <span>
#include <vector>

#include "geo/occupancy.h"
#include "geo/track.h"

namespace wideberth::geo {

/// As much of a plan as an answer needs. Not of a polygon, whose inside belongs to it.
struct Facing {
  const Piece* pieces = nullptr;  ///< the plan's, wherever they lie
  std::uint32_t count = 0;        ///< of pieces, 1 to 8
  Plan::Shape shape = Plan::Shape::route;
  double begins = 0;  ///< bounds().s
  double sag_m = 0, sideways_m = 0;
  Metres half_width{};
  Millis slack{};
  AltitudeBand altitude{};
};
/// REQUIRES that it is no polygon, has no more than eight pieces, and outlives what is made of it.
Facing facing_of(const Plan& plan);

/// The same of a track, of which the pieces in `which` (Track::unpack) are taken out to `pieces`: room for Track::kMost. REQUIRES
/// of whoever leaves out some: that it asks about none of those (Other::now, pairs), and none of a plan that begins at one moment
/// with the other, where all pieces tell the order.
Facing facing_of(const Track& track, Piece* pieces, std::uint32_t which = Track::kAll);

/// One of those that are asked about.
struct Other {
  Facing plan;
  Metres separation{};
  std::uint64_t now = ~std::uint64_t{0};  ///< as PiecePairs: at least those near in space while the windows of both overlap
  PiecePairs pairs{};
};

struct Answered {
  std::size_t other = 0;  ///< its place among those asked about
  Meeting meeting;        ///< geo::meet(a, other, separation), to the bit
};
/// Appends the meeting with every one that there is one with, in order.
void meet_all(const Facing& a, std::span<const Other> others, std::vector<Answered>& found);

struct NearAnswered {
  std::size_t other = 0;
  double least_possible_m = 0;  ///< geo::least_possible(a, other, separation)
};
/// The same plans, and how near they can come, without the rest. Looks at `now` alone.
void near_all(const Facing& a, std::span<const Other> others, std::vector<NearAnswered>& found);

}  // namespace wideberth::geo
