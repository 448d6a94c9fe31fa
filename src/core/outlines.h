// Outlines on record: whose cells and slots come near to a movement, without going through all of them.
#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/quantity.h"
#include "geo/plan.h"
#include "model/agreement.h"
#include "model/disclosure.h"

namespace wideberth::core {

using base::EntryIndex;
using base::Instant;
using base::Interval;
using base::Metres;
using base::Millis;

/// How coarsely a reader is told: the size of the cells, and how long a slot lasts.
struct Grain {
  std::int32_t cell_e7 = model::kDefaultCell_e7;
  Millis slot = model::kDefaultSlot;
  friend auto operator<=>(const Grain&, const Grain&) = default;
};

/// The grains in which `from` shows what it files to those who get cells and slots alone.
std::set<Grain> coarse_grains(const model::Agreement& agreement, std::string_view from);

/// A cell during some time, as a plan, at every height: a polygon; for a cell that touches a pole, which has no four corners,
/// the circle around it.
std::optional<geo::Plan> cell_plan(geo::Place south_west, std::int32_t cell_e7, Interval window);

/// A cell during a run of slots that follow one another, both ends included.
struct CellRun {
  geo::Place south_west;
  Instant first, last;  ///< where the first and the last slot begin
};
/// The same cells and slots as runs.
std::vector<CellRun> runs_of(std::vector<model::CellSlot> cells, Millis slot);

/// The outlines of revisions, each by the grains in which it is shown. A value, like all that stands in the state.
///
/// How.  Every cell has a list for each stretch of sixteen slots, so that whoever asks looks at few lists and each is short.
/// What is asked is a notification made wider by the distance: its own cells are all that can be within reach, since cells_of
/// goes outward. Cells at a pole stand apart, as their plan is larger than they are, and always answer.
class OutlineIndex {
 public:
  /// Nothing is filed where the notification has no outline of this grain (too many cells): such a one meets nobody.
  void insert(EntryIndex revision, const model::Notification& notification, const Grain& grain);
  /// With what insert was given; nothing happens if it is not there.
  void erase(EntryIndex revision, const model::Notification& notification, const Grain& grain);

  /// Outlines that are filed: a revision counts once for each grain.
  std::size_t size() const;
  std::vector<Grain> grains() const;

  /// The revisions of which a cell and slot may be within `distance` of `asked`: perhaps too many, never too few; each once, in
  /// order. None where `asked`, grown so, has more cells than an outline may hold: then everybody is to be asked.
  std::optional<std::set<EntryIndex>> near(const model::Notification& asked, Metres distance, const Grain& grain) const;

 private:
  struct Key {
    geo::Place cell;
    std::int64_t stretch = 0;
    friend bool operator==(const Key&, const Key&) = default;
  };
  struct Mixed {
    std::size_t operator()(const Key& key) const noexcept;
  };
  struct Filed {
    Instant first, last;
    EntryIndex revision;
  };
  struct Layer {
    std::unordered_map<Key, std::vector<Filed>, Mixed> cells;
    std::vector<Filed> polar;
    std::size_t size = 0;
  };
  std::map<Grain, Layer> layers_;
};

}  // namespace wideberth::core
