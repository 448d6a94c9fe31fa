// The part of the demonstration in which the columns drive: their tracks through Live, warnings to both sides as they arise, and
// what the encounter shows once it is over.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "cli/scenario.h"

namespace wideberth::cli {

/// The features that stand in this ending when the step comes: of each movement the last that was filed.
std::vector<std::string> movements_before(const Scenario& scenario, const Ending& ending, const Step& step);

using Print = std::function<void(const std::string&)>;
/// The step's file of tracks, under the scenario's agreement and those movements. Each alert is a line for each side that is told
/// of it, or where `json` one object; a side reads the name of its own unit, and of the other no more than its party. Refused as
/// read_tracks refuses; a row that cannot be read refuses all of it.
base::Result<void> drive(const Scenario& scenario, const Ending& ending, const Step& step, bool json, const Print& print);

}  // namespace wideberth::cli
