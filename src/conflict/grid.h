// One size class of an index: boxes in space and time, each filed once, packed and immutable.
//
// A box is filed in the cube of ECEF space that holds its low corner, and within the cube by the moment it begins. Whoever
// searches looks back by the largest extent that the class holds, so nothing is filed twice and nothing is missed. ECEF has no
// pole and no antimeridian. All numbers are rounded by floor((x - origin) / unit), which never turns the order of two around:
// boxes that meet still meet after it.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "geo/plan.h"

namespace wideberth::conflict {

/// One filed box: 24 bytes.
struct GridEntry {
  std::array<std::int16_t, 3> low{};   ///< from the cell's low corner, in the class's unit
  std::array<std::int16_t, 3> high{};  ///< likewise; may reach into the next cell
  std::uint32_t begin = 0;             ///< in the class's unit of time, since the origin
  std::uint16_t lasts = 0;
  std::uint16_t piece = 0;  ///< of the plan; 0 where the whole plan is one box
  std::uint32_t slot = 0;   ///< of the pack
};
static_assert(sizeof(GridEntry) == 24);

/// How a class rounds. Space: a cell is 8192 units wide, so that a box of one cell's width fits 16 bits.
struct Scale {
  double unit_m = 1;
  double unit_ms = 1;
  double origin_ms = 0;
  std::int32_t space(double metres) const;
  /// Held within [0, 2^32 - 1].
  std::uint32_t time(double ms) const;
};
inline constexpr int kCellBits = 13;

class Grid {
 public:
  explicit Grid(const Scale& scale) : scale_{scale} {}

  /// Before pack(): files a box. REQUIRES that it is no wider than a cell and lasts less than 2^16 units.
  void add(const geo::Box& box, std::uint32_t slot, std::uint16_t piece);
  /// Sorts all that was added. Nothing may be added afterwards.
  void pack();

  bool empty() const { return entries_.empty(); }
  std::size_t bytes() const;

  /// Appends `slot << 32 | box << 16 | piece` for every filed box that meets one of `boxes` (whose e and l are the times; the
  /// first has the number `from`), and perhaps for a few that miss it by less than two units.
  void find(std::span<const geo::Box> boxes, std::size_t from, std::vector<std::uint64_t>& found) const;

 private:
  struct Cell {
    std::uint64_t key = 0;
    std::uint32_t first = 0, count = 0;  ///< of entries_, ordered by begin
    std::uint32_t table = 0;             ///< of starts_: where each stretch of 2^shift units of time begins, from `first`
    std::uint32_t begin = 0, last = 0;   ///< of the first and the last entry
    std::uint16_t longest = 0;
    std::uint16_t shift = 0;
  };
  struct Asked {
    std::array<std::int32_t, 3> low, high;
    std::uint32_t begin, end;
    std::uint64_t tag;
  };
  // One cell to be looked at for one box: the place in starts_, and then the first entry.
  struct Look {
    const Cell* cell;
    std::uint32_t asked, at;
  };
  static std::uint64_t key_of(std::int32_t x, std::int32_t y, std::int32_t z);
  std::uint32_t cell_at(std::uint64_t key);
  const Cell* find_cell(std::uint64_t key) const;
  void grow();
  void make_table(Cell& cell);
  void plan(const Asked& asked, std::uint32_t number, std::vector<Look>& looks) const;
  void plan(const Cell& cell, const Asked& asked, std::uint32_t number, std::vector<Look>& looks) const;
  void look(const Look& look, const Asked& asked, std::vector<std::uint64_t>& found) const;

  Scale scale_;
  std::vector<GridEntry> entries_;
  std::vector<std::uint32_t> cell_of_;  ///< of each entry, while adding
  std::vector<Cell> cells_;
  std::vector<std::uint32_t> hash_;  ///< open addressing over cells_, 1 + index, 0 for none; a power of two
  std::vector<std::uint32_t> starts_;
  std::array<std::int32_t, 3> widest_{};
  std::array<std::int32_t, 3> low_{}, high_{};  ///< the cells in use, inclusive
};

}  // namespace wideberth::conflict
