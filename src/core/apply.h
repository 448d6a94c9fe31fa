// The state after an entry: the one function at run time, at restart, in rebuild and in the simulator.
#pragma once

#include "core/state.h"

namespace wideberth::core {

/// Total: refuses only what cannot be an entry of this log at this place (a wrong index, an entry before the opening, a part
/// that is not what its kind has), which means that the log was not written by these rules; the state is then unchanged.
Result<void> apply(State& state, const Entry& entry);

}  // namespace wideberth::core
