// A sighting that its owner answered with "ours", held against what the owner has stated.
#pragma once

#include <string>
#include <vector>

#include "core/decide.h"

namespace wideberth::core {

/// The sighting.differs entries of an answer "ours" that will stand at `answer`.
/// With a revision named: its composition, under the agreement's composition tolerance. Without: each presence list of the
/// answerer in whose area the sighted place lies, as it held when it was seen, under its clause and the same tolerance (0 where
/// there is none).
/// Laws.
///  (1) Fewer than stated differs in nothing: an observer may have seen a part.
///  (2) Who may not read the whole of the movement is told nothing of its composition, not even that it differs.
///  (3) Within the tolerance, and of a type that stands there, nothing follows.
std::vector<Draft> find_sighting_differs(const State& state, const SightingState& sighting, const std::string& answerer,
                                         std::optional<EntryIndex> revision, EntryIndex answer);

}  // namespace wideberth::core
