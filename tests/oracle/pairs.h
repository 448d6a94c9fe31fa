// Random pairs of plans, all of them invented, from a seed: the same pairs on every machine.
#pragma once

#include <cstdint>
#include <string>
#include <variant>

#include "geo/plan.h"

namespace wideberth::oracle {

using Notified = std::variant<geo::Route, geo::Area>;

struct Pair {
  Notified a, b;
  geo::Metres separation;
  std::string kind;  ///< what the pair was made to try, such as "parallel near a pole"
};

/// The n-th pair: routes near each other, parallel, reversed, touching, standing; columns with halts; circles; polygons with
/// holes; bands; near poles and across the antimeridian as often as elsewhere.
Pair pair_of(std::uint64_t n);

/// As the oracle reads it, one line.
std::string line_for_oracle(const Notified& plan);

/// The same, so much later.
Notified shifted(Notified plan, geo::Millis by);

}  // namespace wideberth::oracle
