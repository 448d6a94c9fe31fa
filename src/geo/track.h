// A short plan on as few lines of memory as can be: what a search reads of those it may meet.
#pragma once

#include <array>
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

  double sag_m = 0, sideways_m = 0;
  Metres half_width{};
  Millis slack{};
  AltitudeBand altitude{};
  double apart_ms = 0;      ///< windows begin and end so long before and after the schedule
  std::uint32_t count = 0;  ///< of pieces
  std::array<Corner, kMost + 1> corners{};

  /// Writes `count` pieces.
  void unpack(Piece* pieces) const;
};
static_assert(sizeof(Track) == 384);

/// None where the plan is none such. REQUIRES a plan that is finished.
std::optional<Track> track_of(const Plan& plan);

}  // namespace wideberth::geo
