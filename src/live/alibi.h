// Could they have met? The alibi query on space-time prisms, for tracks with long gaps.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "base/instant.h"
#include "base/quantity.h"
#include "base/refusal.h"
#include "geo/place.h"

namespace wideberth::live {

/// One fix of a sparse track.
struct Sighting {
  base::Instant time;
  geo::Place place;
  base::Metres accuracy{};  ///< the true place lies within it; 0 = exactly there
};

/// A unit as the query knows it.
struct Traveller {
  std::span<const Sighting> fixes;   ///< times never go back
  std::int64_t most_speed_mmps = 0;  ///< no faster than this at any time, in mm/s
};

enum class CouldMeet : unsigned char {
  no,     ///< they cannot have been within the distance of each other at any time that both tracks cover
  yes,    ///< paths exist that keep to the fixes of two gaps and the bounds and come within it
  unsaid  ///< nothing can be said: no common time, or a track breaks its own bound where it would matter
};
std::string_view name_of(CouldMeet answer) noexcept;  ///< "no", "yes", "cannot be said"

/// While each was between two of its fixes, these were the moments at which they could have been within the distance.
struct MeetingWindow {
  base::Interval when;          ///< the earliest and the latest such instant, outward to the millisecond
  base::Instant at;             ///< the middle of it
  geo::Place place_a, place_b;  ///< where they could have been at `at`
  base::Metres apart;        ///< at `at`: as near as they could then have come, rounded up; at most the distance asked for + 3 mm
  std::size_t gap_a, gap_b;  ///< between fix `gap` and the one after it
};

/// Two fixes of a track further apart than its bound lets it go.
struct BrokenGap {
  char track;       ///< 'a' or 'b'
  std::size_t gap;  ///< between fix `gap` and the one after it
  std::int64_t
      least_speed_mmps;  ///< the bound that these two fixes would need, rounded up; -1 where no speed would do (no time between)
};

struct Alibi {
  CouldMeet answer = CouldMeet::unsaid;
  std::vector<MeetingWindow> windows;  ///< in order of time; one for each pair of gaps in which they could have met
  std::vector<BrokenGap>
      broken;  ///< no prism stands on these; they are passed over, and `no` becomes `unsaid` if both covered that time
  std::optional<base::Interval> covered;  ///< the time that both tracks cover
  double stretch = 1;                     ///< see law (4); 1.00003 where all that matters lies within 50 km
};

inline constexpr std::size_t kMostSightings = 100'000;       ///< of one track
inline constexpr std::int64_t kMostSpeed_mmps = 12'000'000;  ///< 12 km/s
inline constexpr std::int64_t kWidestGapMetres = 500'000;    ///< how far the four fixes of two gaps may lie from their middle

/// Between two fixes at p1, t1 and p2, t2 a unit with speed bound v is, at time t, within v (t - t1) of p1 and within v (t2 - t)
/// of p2 (each widened by the fix's accuracy): two cones, their common part a prism, its slice at t a lens. All x in the one
/// prism, y in the other, and t with |x - y| <= D form a convex set, so f(t) = the least distance of the two lenses is convex,
/// and { t : f(t) <= D } is one interval. f is a closed form (lens.h); its least value is enclosed between values of f and
/// secants of f extended, which bound a convex function from below, until the question is decided: nothing is sampled. The lenses
/// lie in the plane that touches the earth amid the four fixes; projection onto a plane makes no distance longer.
///
///  (1) could_have_met(a, b, D) is could_have_met(b, a, D) with the sides exchanged.
///  (2) Greater bounds, greater accuracies and a greater D never turn yes into no, and never shorten a window.
///  (3) No missed yes: if there are paths on the ellipsoid that keep to every fix and bound and come within D (along the ground
///      or straight) at time t in `covered`, then the answer is yes, and a window holds t; unless a gap of either track that t
///      lies in is among `broken`, and then the answer is not no.
///  (4) A yes is a yes of the same question (for the four fixes at the ends of the two gaps) with every speed bound greater by a
///      factor of stretch (1 + 10^-6), every accuracy by that factor and 1 mm, and D by that factor and 3 mm; stretch =
///      1 / sqrt(1 - (r / 6335439 m)^2), where the fixes that it rests on lie within r of their middle.
/// Says nothing about the time before the first and after the last fix of either.
/// Refuses alibi_track (fewer than two fixes or too many, times that go back, a bound, accuracy or distance out of range; `where`
/// is "a/17" or "within"), place_out_of_range, alibi_too_wide (fixes that matter are further apart than the plane serves).
base::Result<Alibi> could_have_met(const Traveller& a, const Traveller& b, base::Metres within);

}  // namespace wideberth::live
