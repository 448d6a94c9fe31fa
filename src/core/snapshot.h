// A state as bytes, and back: so that a restart need not fold the whole log again. A cache and no format: only the very program
// that wrote it may read it, and who reads it must know that it did (engine/restart.h).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/state.h"

namespace wideberth::core {

/// Every member of the state, and of all that it holds, in the order in which they are declared: none is named here, so none can
/// be forgotten. What follows from the rest (compiled plans, the indexes over them, the inner nodes of the tree) is left out.
std::string save(const State& state);

/// The state that save() was given: what follows from the rest is computed anew. None where the bytes end too soon, go on for
/// longer or say what no state holds; other bytes than save() wrote may give a state that never was, but no slip of memory.
///  Law: for every state s that apply() made: dump(*load(save(s))) == dump(s), save(*load(save(s))) == save(s), and whatever
///  decide() and apply() make of the two is the same.
std::optional<State> load(std::string_view bytes);

}  // namespace wideberth::core
