// Places that are probably not what was meant: swapped, of the wrong sign, far outside the area, far from the named place.
#pragma once

#include "core/state.h"

namespace wideberth::core {

/// Longer than any agreement: from 1970 to 2200. Areas stand at all times.
inline constexpr Interval kAllTimes{Instant::from_ms(0), Instant::from_ms(7'258'118'400'000)};

/// Refuses a notification with a vertex farther than the agreement's margin from every area of it (place_outside_area), or
/// far from the gazetteer's place of the name that it bears (place_far_from_name); says what was probably meant where
/// exchanging latitude and longitude or a sign would bring the vertex into an area.
Result<void> check_coordinates(const AgreementState& agreement, const model::Notification& notification);

/// The regime that governs a plan: `request` where it touches an area under it, else `notify`.
model::Regime regime_of(const AgreementState& agreement, const geo::Plan& plan);
/// The same of an outline: of any of its cells.
model::Regime regime_of(const AgreementState& agreement, const model::Outline& outline);

}  // namespace wideberth::core
