// The whole state as text, for comparing two of them to the byte.
#pragma once

#include "core/state.h"

namespace wideberth::core {

/// Indented JSON; every field of the state in a fixed order; the same state gives the same bytes on every machine.
std::string dump(const State& state);

}  // namespace wideberth::core
