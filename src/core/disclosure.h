// Who may read which entry, and which of its parts.
#pragma once

#include "core/state.h"

namespace wideberth::core {

/// Whether the bytes of the entry go to this party: its signer, those in its `to`, the neutral readers (observer, mediator)
/// that its agreement names; what founds the log (its opening, keys, outages) goes to every party; an agreement with its
/// signatures and readings to all whom it names.
bool may_read(const State& state, EntryIndex entry, std::string_view party);

/// Whether this party gets the part of this name of an entry that it may read.
bool may_read_part(const State& state, EntryIndex entry, std::string_view part, std::string_view party);

}  // namespace wideberth::core
