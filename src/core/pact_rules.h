// What an agreement's rules on areas and composition, and its parties' readings, say of a notification about to stand.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/conflicts.h"

namespace wideberth::core {

/// A separation is read as at most this many times what the text owes.
inline constexpr std::int64_t kMostReadAs = 10;

/// Of the role party, and not left: whom the agreement binds now.
bool is_bound(const State& state, const AgreementState& agreement, std::string_view party);
/// All of them, in the agreement's order.
std::vector<std::string> bound_parties(const State& state, const AgreementState& agreement);

/// Whether every bound party has opted in to the special caution area of this clause. Its window is the rule's to say.
bool caution_in_force(const State& state, const AgreementState& agreement, std::string_view clause);

/// Vehicles (escorts among them) and people of a composition; none where nothing is said of them.
model::Counts counts_of(const model::Composition& composition) noexcept;

/// What was counted differs from what was notified by more than the agreement's tolerance allows. What either does not know
/// is not compared.
struct CompositionFinding {
  std::string clause;
  model::Counts notified, counted;
};
/// Pure. None within the tolerance, and where the agreement has none.
std::optional<CompositionFinding> composition_finding(const model::Agreement& agreement, const model::Counts& notified,
                                                      const model::Counts& counted);

/// The rule.touched entries of a candidate: exclusions of its platform class and special caution areas in force, in the
/// agreement's order of rules; for each, one entry to its submitter and those recipients who may see its corridor, and one to
/// each recipient of an outline, computed from that outline and the area alone. An outline does not tell a class, so its reader
/// is told of exclusions of every class only. `before`: the revision that the candidate amends, for the composition.
std::vector<Draft> find_touched(const State& state, const Candidate& candidate, Instant received, const Revision* before);

/// What follows for one standing notification when a special caution area comes into force: told only where every bound
/// party may see its corridor, so that no count of entries tells of what is hidden.
std::vector<Draft> find_caution_joined(const State& state, const AgreementState& agreement, const model::Rule& rule);

/// The reading.differs entries of a candidate: separations between it and those whose corridors both sides may see, the
/// regime of areas that it touches, the agreement that governs. Recipients who may not see its corridor are not told.
std::vector<Draft> find_differing(const State& state, const Candidate& candidate);

/// The latest reading of each bound party of this clause that says what it comes to as `Means`, in the order of parties.
struct Meant {
  const ReadingState* reading;
  std::string party;
};
std::vector<Meant> readings_of(const State& state, const AgreementState& agreement, std::string_view clause);

}  // namespace wideberth::core
