// The kernels themselves, without any index.
#pragma once

#include <cstddef>
#include <span>

#include "workload.h"

namespace wideberth::bench {

/// Nanoseconds, medians of rounds. The leg pairs are of movements that share a time, mixed: `near_share` of them are too near.
struct KernelFigures {
  double too_near_ns = 0;     ///< a pair of legs: yes or no
  double leg_answer_ns = 0;   ///< a pair of legs: both least distances, window, and the delays at which they conflict
  double leg_of_8_ns = 0;     ///< the same in lanes, of pairs that are asked 8 at once
  double leg_of_64_ns = 0;    ///< 64 at once
  double leg_meeting_ns = 0;  ///< geo::meet on two plans of one leg each: all of that, place, window, likelihood and advice
  double meet_hit_us = 0;     ///< geo::meet on two movements of 8 legs that conflict, in microseconds
  double meet_all_us = 0;     ///< geo::meet_all on one of them and all that it conflicts with, for each of those, in microseconds
  double at_once = 0;         ///< how many those are, on average
  double meet_miss_ns = 0;    ///< geo::meet on two movements that share a time and are not near
  double compile_us = 0;      ///< geo::compile of a route of 8 legs, in microseconds
  double near_share = 0;
  std::size_t pairs = 0;
};

KernelFigures measure_kernels(std::uint64_t seed);

/// Microseconds that one insert takes, one after the other, into an index that holds `before` movements already; larger layers
/// are merged meanwhile on other cores.
struct InsertFigures {
  std::size_t before = 0, inserted = 0;
  double p50_us = 0, p99_us = 0, p999_us = 0, most_us = 0;
};
InsertFigures measure_inserts(std::size_t before, std::uint64_t seed);

}  // namespace wideberth::bench
