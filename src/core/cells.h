// Inside core only: an outline as its reader holds it, and how a side is told of a cell.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/conflicts.h"
#include "core/rulings.h"

namespace wideberth::core {

struct Outline {
  std::vector<model::CellSlot> cells;
  Grain grain;

  Outline(const model::Notification& hidden, const Grain& as);
  explicit Outline(const model::Outline& said);
  bool during(const model::CellSlot& cell, const Interval& span) const;
  std::optional<geo::Plan> plan_of(const model::CellSlot& cell) const;
  model::CoarseConflict say(const model::CellSlot& cell) const;
  /// The first cell and slot that a plan comes too near to: a function of the outline and of the reader's own plan alone.
  std::optional<model::CoarseConflict> first_near(const geo::Plan& plan, Metres separation) const;
  /// The first cell and slot that the reader's own outline comes too near to: a function of the two outlines alone. Beyond a
  /// bounded number of pairs, what `beyond` says.
  std::optional<model::CoarseConflict> first_near(const Outline& own, Metres separation,
                                                  const std::optional<model::CoarseConflict>& beyond) const;
};

Grain grain_of(const model::Agreement::Disclosed& as);
/// The most that a class owes to any other: who may not know the other's class is not told by a distance. None where it owes
/// nothing to anybody.
std::optional<model::Agreement::Owed> widest_owed(const model::Agreement& agreement, std::string_view platform_class);
Draft coarse(model::ConflictFound found, const std::string& own_id, EntryIndex own_revision, const std::string& reader,
             const std::string& other_party, const model::CoarseConflict& cell);

/// The candidate against those who stand here with an outline alone (a direct log): told by cells, to both sides.
std::vector<Draft> meet_outlines(const State& state, const Candidate& candidate);

/// An outline that another side files in a direct log, about to stand.
struct OutlineCandidate {
  std::string id;
  EntryIndex revision{};
  const AgreementState* agreement = nullptr;
  const model::Outline* outline = nullptr;
};
/// What follows of an outline against the keeper's own. Whether and how many entries follow is a function of the outline and
/// of what the keeper discloses to its side, so that no number of them learns anything finer.
std::vector<Draft> find_conflicts(const State& state, const OutlineCandidate& candidate);

}  // namespace wideberth::core
