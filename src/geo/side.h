// A plan as the kernel needs it once it is known which pieces may be near: a few numbers, so that who keeps many plans can have
// them on one line of memory and need not touch the rest.
#pragma once

#include <span>

#include "geo/occupancy.h"

namespace wideberth::geo {

/// REQUIRES for meet() below: at most eight pieces, and no polygon.
struct Side {
  std::span<const Piece> pieces;
  Plan::Shape shape = Plan::Shape::route;
  double begins_ms = 0;  ///< bounds().s
  double sag_m = 0, sideways_m = 0;
  Metres half_width{};
  AltitudeBand altitude{};
  Millis slack{};
};

inline Side side_of(const Plan& plan) {
  return {plan.pieces(),     plan.shape(),      plan.bounds().s, plan.sag_m(),
          plan.sideways_m(), plan.half_width(), plan.altitude(), plan.slack()};
}

/// As bound_m of two plans.
double bound_m(const Side& a, const Side& b);

/// The same answer, to the bit, as that of two plans.
std::optional<Meeting> meet(const Side& a, const Side& b, Metres separation, const PiecePairs& pairs);

}  // namespace wideberth::geo
