// The part of the demonstration in which the columns drive: their fixes go through the real server, signed in batches by a feed
// of each side; warnings come to both sides over the event stream as they arise.
#pragma once

#include <functional>
#include <string>

#include "cli/demo_house.h"
#include "cli/scenario.h"

namespace wideberth::cli {

using Print = std::function<void(const std::string&)>;
/// The step's file of tracks; those of one party alone where the step names its desk. Each party first describes its units
/// (class, length, width), then its feed reports under the agreement, five seconds in a batch, while the house's time passes; and
/// after the last fix until nothing more follows from it. Each warning is a line for the side that is told of it, in its own
/// words; none where `json`. Refused as read_csv and the desks refuse; a row that cannot be read refuses all of it.
base::Result<void> drive(const Scenario& scenario, const Step& step, const std::string& agreement, House& house, bool json,
                         const Print& print);

}  // namespace wideberth::cli
