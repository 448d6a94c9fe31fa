// What a notification conflicts with, as each side may know it.
#pragma once

#include "core/decide.h"

namespace wideberth::core {

/// A notification about to stand: not yet in the state.
struct Candidate {
  std::string id;
  EntryIndex revision{};
  const AgreementState* agreement = nullptr;
  const model::Notification* notification = nullptr;
  const geo::Plan* plan = nullptr;
};

/// The `conflict.found` entries that follow from the candidate, ordered by the other side's id and then by reader.
///
/// A side that may see the other's corridor is told where, when, how close and how surely. A side that may not is told the
/// first disclosed cell and slot of the other's outline that its own plan comes too near to, computed from that outline
/// alone, so that no number of filings learns anything finer. One entry serves both where both may know the same.
std::vector<Draft> find_conflicts(const State& state, const Candidate& candidate);

}  // namespace wideberth::core
