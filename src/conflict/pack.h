// One layer of an index: plans by key, packed once and never changed.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "conflict/filed.h"
#include "conflict/grid.h"
#include "geo/occupancy.h"

namespace wideberth::conflict {

/// A plan as a search needs it: its boxes, each wider by all that its side may add to the separation.
struct Probe {
  const geo::Plan& plan;
  std::vector<geo::Box> boxes;  ///< one for each piece; for a polygon a single one

  Probe(const geo::Plan& of, Metres widest);
};

/// All of a plan, wider by what it may add to a separation.
geo::Box filed_bounds(const geo::Plan& plan);

/// What stands in a pack for a plan: one cache line.
struct alignas(64) Slot {
  EntryIndex key{};
  std::shared_ptr<const geo::Plan> plan;
  const geo::Piece* pieces = nullptr;  ///< none where the whole plan is one box
  const geo::Track* track = nullptr;   ///< the plan's, if it has one
  std::uint32_t party = 0;
  std::uint32_t half_width_mm = 0, low_mm = 0, high_mm = 0;
};
static_assert(sizeof(Slot) == 64);

/// How near an entry comes at the separation owed; none if it is not too near. `pairs`: its own of Pack::find.
std::optional<double> least_of(const geo::Plan& plan, const Slot& slot, Metres owed, std::span<const GroupPair> pairs);
/// geo::meet of the two. `pairs`: its own of Pack::find.
std::optional<geo::Meeting> meeting_of(const geo::Plan& plan, const Slot& slot, Metres owed, std::span<const GroupPair> pairs);

class Pack {
 public:
  /// REQUIRES keys that differ.
  explicit Pack(std::vector<Filed> filed);

  std::size_t size() const { return slots_.size(); }
  const Slot& slot(std::size_t i) const { return slots_[i]; }
  std::string_view party_of(const Slot& slot) const { return parties_[slot.party]; }
  /// What stands in Slot::party for this one; a number that no slot has where it has filed nothing.
  std::uint32_t number_of(std::string_view party) const;
  std::optional<std::size_t> slot_of(EntryIndex key) const;
  std::size_t bytes() const;

  /// All pairs of groups that may be near, ordered by slot.
  void find(const Probe& probe, std::vector<GroupPair>& pairs) const;

 private:
  void file(std::uint32_t slot);

  std::vector<Slot> slots_;  ///< by key
  std::vector<std::string> parties_;
  std::vector<Grid> grids_;  ///< kSpaces x kTimes
};

}  // namespace wideberth::conflict
