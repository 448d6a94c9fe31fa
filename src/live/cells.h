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
  /// As many lanes as this processor has.
  Cells();
  /// Four lanes, whatever the processor has: for the comparison of the two.
  static Cells with_four() {
    Cells cells;
    cells.eight_ = false;
    return cells;
  }
  /// Begins anew: every unit that was heard of since `stale_before`. Cells are as wide as wanted.reach_m, a little more; half as
  /// wide where the last searches looked at many.
  void file_all(const Units& units, const Tracks& tracks, Instant now, Instant stale_before, const Wanted& wanted);
  /// Files the units anew, then adds every pair of each of them, as Join::find. `now` never goes back.
  void find(const Units& units, const Tracks& tracks, std::span<const Moved> moved, Instant now, Instant stale_before,
            std::vector<PairKey>& found);
  /// Asks memory for what find() will touch first of a unit.
  void ask_for(UnitIndex unit) const {
    if (unit.value < where_.size()) __builtin_prefetch(&where_[unit.value], 1);
  }
  /// Pairs that were looked at in the last find.
  std::uint64_t looked_at() const { return looked_at_; }

 private:
  /// Eight units of a cell, by columns; lanes beyond the last are of no party.
  struct alignas(32) Block {
    float u[8], v[8];                ///< metres from the cell's middle, at `filed`
    float du[8], dv[8], fastest[8];  ///< m/s
    std::int32_t filed_ms[8];        ///< since base_
    std::uint32_t unit[8];
    std::int32_t party[8];
  };
  struct Cell {
    std::uint64_t key = 0;    ///< 0: no cell
    std::uint32_t count = 0;  ///< of units
    std::vector<Block> blocks{};
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
  /// A cell of the neighbourhood, and its middle as the one who asks sees it.
  struct Around {
    const Cell* cell;
    float u, v;
  };
  void add_around(const Look& look, const Cell& cell, std::int64_t column, std::int64_t row);
  void look_into(const Look& look, const Around& around, std::vector<PairKey>& found);
  template <class Floats>
  void filter(const Look& look, const Around& around, std::vector<PairKey>& found) const;
  void filter_four(const Look& look, const Around& around, std::vector<PairKey>& found) const;
  void filter_eight(const Look& look, const Around& around, std::vector<PairKey>& found) const;
  void consider(const Look& look, const Around& around, const Block& block, std::size_t lane, std::vector<PairKey>& found) const;
  std::int32_t filed_ms(const Where& where) const;
  void choose_width(const Units& units, const Tracks& tracks, Instant now, Instant stale_before);

  static constexpr Millis kRefresh = Millis::from_seconds(2);

  struct Due {
    UnitIndex unit;
    std::int32_t filed_ms;
  };
  bool eight_;  ///< whether this processor takes eight at a time
  Wanted wanted_{};
  double cell_ = 1, fine_ = 1;
  std::uint64_t asked_ = 0, looked_in_all_ = 0;  ///< since the width of cells was chosen last
  std::vector<Around> around_{};
  Instant base_{};
  std::array<Layer, 3> layers_{};
  std::vector<Where> where_{};
  std::deque<Due> due_{};  ///< what may have moved since it was filed, oldest first
  std::uint64_t looked_at_ = 0;
};

}  // namespace wideberth::live
