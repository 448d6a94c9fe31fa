// Who may read which entry, and which of its parts.
#pragma once

#include "core/state.h"

namespace wideberth::core {

/// Whether the bytes of the entry go to this party: its signer, those in its `to`, the neutral readers (observer, mediator)
/// that its agreement names; what founds the log (its opening, keys, outages) goes to every party; an agreement with its
/// signatures and readings to all whom it names.
bool may_read(const State& state, EntryIndex entry, std::string_view party);

/// Whether this party gets the part of this name of an entry that it may read. The part of a batch of positions goes to the party
/// that reported it and to nobody else; see may_read_track.
bool may_read_part(const State& state, EntryIndex entry, std::string_view part, std::string_view party);

/// Whether this party may be shown the text of the agreement: its parties, and others as its rules on confidentiality name them;
/// where it has none, all whom it names. Who may not is shown none of its numbers either: see may_read_part.
bool may_see_text(const AgreementState& agreement, std::string_view party);

/// Whether this party may read, unit by unit, the fixes of a batch of positions: its own always; another's where the batch was
/// reported under an agreement that holds and whose positions rule gives it the tracks.
bool may_read_track(const State& state, EntryIndex batch, std::string_view party);

}  // namespace wideberth::core
