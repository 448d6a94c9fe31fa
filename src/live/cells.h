// One unit at a time: a grid that is kept, each unit filed in one cell of it, and a search around a unit that has moved.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <vector>

#include "live/near.h"

namespace wideberth::live {

/// Finds the same pairs as Join, some more and none fewer, for a few units among many. Units are filed where they are, or
/// would be if they went straight on, at most kRefresh ago; in layers by speed, so that one helicopter does not widen every
/// search for a convoy.
class Cells {
 public:
  /// Begins anew: every unit that was heard of since `stale_before`. Cells are as wide as wanted.reach_m, a little more.
  void file_all(const Units& units, const Tracks& tracks, Instant now, Instant stale_before, const Wanted& wanted);
  /// Files the units anew, then adds every pair of each of them, as Join::find. `now` never goes back.
  void find(const Units& units, const Tracks& tracks, std::span<const Moved> moved, Instant now, Instant stale_before,
            std::vector<PairKey>& found);
  /// Pairs that were looked at in the last find.
  std::uint64_t looked_at() const { return looked_at_; }

 private:
  struct Entry {
    float u, v;             ///< metres from the cell's middle, at `filed`
    float du, dv, fastest;  ///< m/s
    std::int32_t filed_ms;  ///< since base_
    std::uint32_t unit;
    std::uint32_t party;
  };
  struct Cell {
    std::uint64_t key = 0;  ///< 0: no cell
    std::vector<Entry> entries{};
  };
  struct Where {  ///< of a unit
    std::uint64_t key = 0;
    std::uint32_t place = 0;  ///< in its cell
    std::uint8_t layer = 0;
  };
  struct Layer {
    std::vector<Cell> table{};
    std::size_t used = 0, entries = 0;
    double fastest = 0;  ///< of any unit that was filed here
    /// The cell's slot; the slot where it would go if it is not there.
    std::size_t slot_of(std::uint64_t key) const;
    const Cell* look(std::uint64_t key) const;
    Cell& make(std::uint64_t key);
    void grow();
  };
  struct Look;  ///< one unit, asking

  static std::uint64_t key_of(std::size_t face, std::int64_t column, std::int64_t row);
  std::int64_t index_of(double coordinate) const;
  void file(const Units& units, const Tracks& tracks, UnitIndex unit, Instant at);
  void unfile(UnitIndex unit);
  void refresh(const Units& units, const Tracks& tracks, Instant now, Instant stale_before);
  void look_around(const Units& units, const Tracks& tracks, const Moved& moved, Instant now, std::vector<PairKey>& found);
  void look_into(const Look& look, const Cell& cell, std::int64_t column, std::int64_t row, std::vector<PairKey>& found);

  static constexpr Millis kRefresh = Millis::from_seconds(2);

  struct Due {
    UnitIndex unit;
    std::int32_t filed_ms;
  };
  Wanted wanted_{};
  double cell_ = 1;
  Instant base_{};
  std::array<Layer, 3> layers_{};
  std::vector<Where> where_{};
  std::deque<Due> due_{};  ///< what may have moved since it was filed, oldest first
  std::uint64_t looked_at_ = 0;
};

}  // namespace wideberth::live
