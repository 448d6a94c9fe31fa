// A short plan on as few lines of memory as can be: what a search reads of those it may meet.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "geo/route.h"

namespace wideberth::geo {

struct Piece;
class Plan;

/// One to eight pieces that follow one another, each where and when the last one ended, with windows of one width and no column:
/// six lines of memory in place of seventeen. Not every plan is such; whoever has one takes the pieces out, to the bit.
struct alignas(64) Track {
  static constexpr std::uint32_t kMost = 8;
  struct Corner {
    double x = 0, y = 0, z = 0;  ///< ECEF, metres
    double ms = 0;               ///< on schedule
  };

  // One line that is always read, and then those of the corners that are.
  double sag_m = 0, sideways_m = 0;
  Millis slack{};
  double begins_ms = 0;  ///< of the first corner
  double apart_ms = 0;   ///< windows begin and end so long before and after the schedule
  std::uint32_t half_width_mm = 0, low_mm = 0, high_mm = 0;
  std::uint32_t count = 0;  ///< of pieces
  alignas(64) std::array<Corner, kMost + 1> corners{};

  static constexpr std::uint32_t kAll = (1U << kMost) - 1;
  /// Writes those of the `count` pieces of which the bit is set in `which`, each to its place; the others' places stay as they
  /// are.
  void unpack(Piece* pieces, std::uint32_t which = kAll) const;
};
static_assert(sizeof(Track) == 384 && offsetof(Track, corners) == 64);

/// None where the plan is none such. REQUIRES a plan that is finished.
std::optional<Track> track_of(const Plan& plan);

}  // namespace wideberth::geo
