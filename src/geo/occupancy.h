// Two plans: can they come too near, when, for which delays, how likely, and which shift clears them.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "geo/plan.h"

namespace wideberth::geo {

/// How a conflict stands to the schedules. Each includes the one before it.
enum class Likeness : unsigned char {
  possible,     ///< somewhere within their windows they can be too near
  on_schedule,  ///< they are too near if both keep the middle of their windows
  certain,      ///< too near under every rigid delay within their slack
};
/// "possible", "on schedule", "certain".
std::string_view name_of(Likeness kind) noexcept;

/// A closed span of relative delays, in whole milliseconds: a runs this much later than scheduled relative to b (> 0: a later).
struct DelaySpan {
  Millis low{};
  Millis high{};
  friend bool operator==(const DelaySpan&, const DelaySpan&) = default;
};

/// Distances are between lines, along the ground, in metres: half-widths and radii are not subtracted; 0 inside a polygon,
/// and where it is no more than bound_m(a, b), which the chords cannot tell from 0.
struct Meeting {
  Likeness kind = Likeness::possible;
  std::optional<double> least_m{};        ///< on schedule; none when they never share a time on schedule
  double least_possible_m = 0;            ///< over all that their windows allow
  Interval window;                        ///< from the first to the last instant at which they can be too near; outward to the ms
  Place place{};                          ///< midway at the least distance: on schedule if kind != possible, else possible
  std::vector<DelaySpan> delay_set{};     ///< sorted, disjoint; ends rounded outward to the millisecond
  double likelihood = 0;                  ///< share of delay_set if both delays are independent, uniform in ±slack; 0..1
  std::optional<Millis> clear_later{};    ///< least whole seconds > 0 by which a must leave later to clear this pair
  std::optional<Millis> clear_earlier{};  ///< … or earlier (also > 0)
  std::optional<Millis> b_clear_later{};
  std::optional<Millis> b_clear_earlier{};
};

/// The conflict of a and b, who owe each other `separation` (0 .. 1000 km); none if there is none.
///
/// There is one when some point of a's line and some point of b's line can be occupied at one time
/// (E_a(u) <= L_b(v) and E_b(v) <= L_a(u)) and are no further apart than separation + half-widths (+ bound_m(a, b), see
/// plan.h); touching counts; and their altitude bands meet. A polygon's inside belongs to it.
/// Column: a point passed by the head at x stays occupied until x + passing time. Delays: tau > 0 means a later; tau is in
/// delay_set when a, shifted by tau on its schedule, is too near to b on its own.
///
/// Laws.
///  (1) Order: meet(b, a) is meet(a, b) with delay_set mirrored and the advice exchanged; all else equal to the bit.
///  (2) Nothing missed: if any sampled pair of points breaks the separation, there is a meeting.
///  (3) Monotone: a larger separation never removes a meeting, never raises a least distance, never shrinks delay_set.
///  (4) least_possible_m <= least_m; least_possible_m <= separation + half-widths + bound.
///  (5) kind != possible exactly when least_m is within the separation; then delay_set holds 0. Certain: it holds all of
///      [-slack_a - slack_b, slack_a + slack_b].
///  (6) Shifting all of a by tau shifts delay_set by -tau.
///  (7) Advice is true and least: a shifted by clear_later meets b no more under any rigid delay within the slacks; by one
///      second less (if > 0) some such delay still conflicts, to the rounding of delay_set. Likewise the other three. It
///      claims nothing about any third movement.
///  (8) likelihood is 1 when certain, and > 0 when on schedule with some slack on either side, to rounding.
///  (9) Turning both plans about the earth's axis or mirroring them at the equator changes nothing but the place, to the
///      rounding of coordinates: no pole and no antimeridian.
/// (10) Splitting a leg at a point of its own line changes nothing beyond the bound.
std::optional<Meeting> meet(const Plan& a, const Plan& b, Metres separation);

/// Pairs of pieces of two plans of at most eight pieces each: bit 8 i + j for the i-th of a and the j-th of b.
struct PiecePairs {
  std::uint64_t near = 0;         ///< at least those that come within separation + half-widths + bound, whenever they are there
  std::uint64_t on_schedule = 0;  ///< at least those that are there at one time on schedule
};
/// The same answer, to the bit, for who knows already which pieces may be near. REQUIRES that neither is a polygon.
std::optional<Meeting> meet(const Plan& a, const Plan& b, Metres separation, const PiecePairs& pairs);

/// meet(a, b, separation)->least_possible_m without the rest of the answer, to rounding; none exactly where meet gives none.
std::optional<double> least_possible(const Plan& a, const Plan& b, Metres separation);

}  // namespace wideberth::geo
