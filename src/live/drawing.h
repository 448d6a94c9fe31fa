// An encounter as a drawing: the tracks as they were, where the units came closest, and what each candidate rests on.
#pragma once

#include <string>

#include "live/playback.h"

namespace wideberth::live {

/// An SVG of its own (no script, no link, no font from elsewhere), north up, with a scale. It shows the ways of all units from a
/// little before the first candidate to a little after the last (of the whole encounter where there is none), each fix as a dot,
/// those that a candidate rests on filled; the measured values stand below. The same encounter gives the same bytes.
std::string drawing_of(const Units& units, const Reviewed& reviewed, const Surroundings& around, std::string_view title);

}  // namespace wideberth::live
