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
  const std::vector<geo::Plan>* alternates = nullptr;  ///< of its other routes, in order; none where it has none
};

/// Whom a search asks: those that the indices of the state name, or everybody who stands. The answer is the same.
enum class Walk : unsigned char { indexed, all };

/// The `conflict.found` entries that follow from the candidate, ordered by the other side's id and then by reader; after
/// them those of a direct log, where an outline alone is on record of another side.
///
/// A side that may see the other's corridor is told where, when, how close and how surely. A side that may not is told the
/// first disclosed cell and slot of the other's outline that its own plan comes too near to, computed from that outline and
/// the widest separation that its own class owes, so that neither place nor time nor class of the other shows. One entry
/// serves both where both may know the same.
///
/// Laws. (1) Whether and how many entries follow is a function of what the candidate's side may know: no number of filings
/// or amendments against a hidden notification learns anything finer than its outline, by content or by the indices of what
/// comes next. (2) Whenever one side is told because it came near a hidden outline, so is the other.
std::vector<Draft> find_conflicts(const State& state, const Candidate& candidate, Walk walk = Walk::indexed);

/// The conflicts of alternates: each alternate of the candidate with every route that stands, and the candidate's route with
/// every alternate that stands; two alternates are not compared, since each would only be taken instead of another. Told only
/// where both sides see each other's corridor: an outline says nothing of alternates. Ordered by the other's id, then by the
/// alternates' places.
std::vector<Draft> find_alternate_conflicts(const State& state, const Candidate& candidate);

}  // namespace wideberth::core
