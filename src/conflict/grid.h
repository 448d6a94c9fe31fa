// One size class of an index: groups of boxes in space and time, each filed once, packed and immutable.
//
// A group is up to eight boxes of one plan. It is filed under the box around them: in the cube of ECEF space that holds its low
// corner, and within the cube by the moment it begins. Whoever searches looks back by the largest extent that the class holds, so
// nothing is filed twice and nothing is missed. ECEF has no pole and no antimeridian. All numbers are rounded by
// floor((x - origin) / unit), which never turns the order of two around: boxes that meet still meet after it.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <span>
#include <vector>

#include "geo/plan.h"

namespace wideberth::conflict {

inline constexpr std::size_t kGroup = 8;

/// The box around a filed group: 24 bytes.
struct GridEntry {
  std::array<std::int16_t, 3> low{};   ///< from the cell's low corner, in the class's unit
  std::array<std::int16_t, 3> high{};  ///< likewise; may reach into the next cell
  std::int32_t begin = 0;              ///< in the class's unit of time, since the origin
  std::uint16_t lasts = 0;
  std::uint16_t piece = 0;  ///< the first of the group; 0 where the whole plan is one box
  std::uint32_t slot = 0;   ///< of the pack
};
static_assert(sizeof(GridEntry) == 24);

/// The boxes of a group, side by side, so that one look compares them all: space in eighths of the class's unit from the low
/// corner of the entry, time in its unit from the entry's begin, both less 2^15 to fit. What is not there is empty.
struct GroupBoxes {
  using Each = std::array<std::int16_t, kGroup>;
  enum Axis : std::size_t { x, y, z, window, schedule, kAxes };
  std::array<Each, kAxes> low{}, high{};
};
static_assert(sizeof(GroupBoxes) == 160);

/// How a class rounds: floor(x * units per x), which never turns the order of two around. Space: a cell is 8192 units wide, so
/// that a group as wide as a cell fits 16 bits in eighths. Time is held within [0, 2^31 - 1].
class Scale {
 public:
  Scale(double unit_m, double unit_ms, double origin_ms)
      : per_m_{1 / unit_m}, fine_per_m_{8 / unit_m}, per_ms_{1 / unit_ms}, origin_ms_{origin_ms} {}
  double origin_ms() const { return origin_ms_; }
  std::int32_t space(double metres) const { return floor_of(metres * per_m_); }
  std::int32_t fine(double metres) const { return floor_of(metres * fine_per_m_); }  ///< in eighths
  std::int32_t time(double ms) const { return floor_of(std::clamp((ms - origin_ms_) * per_ms_, 0.0, 2147483647.0)); }

 private:
  // REQUIRES that it fits. The library's floor is a call.
  static std::int32_t floor_of(double x) {
    const auto cut = static_cast<std::int32_t>(x);
    return cut - (static_cast<double>(cut) > x ? 1 : 0);
  }
  double per_m_, fine_per_m_, per_ms_, origin_ms_;
};
inline constexpr int kCellBits = 13;

/// A group of what is searched with and a filed one, of which some boxes may be near. Bit 8 i + j: the i-th box of the one, the
/// j-th of the other.
struct GroupPair {
  std::uint32_t slot = 0;
  std::uint16_t asked = 0, piece = 0;  ///< the first of each group
  std::uint64_t now = 0;               ///< near in space while their windows overlap
  std::uint64_t ever = 0;              ///< near in space, whenever they are there
  std::uint64_t on_schedule = 0;       ///< there at one time on schedule, wherever that is

  /// A bit for each filed box that is in some pair of `ever` or `on_schedule`.
  std::uint32_t filed() const {
    std::uint64_t columns = ever | on_schedule;
    for (const unsigned fold : {32U, 16U, 8U}) columns |= columns >> fold;
    return static_cast<std::uint32_t>(columns & 0xFF);
  }

  /// Calls each(box of what is searched with, box of what is filed) for the bits of one of the three.
  template <class Each>
  void for_each(std::uint64_t bits, const Each& each) const {
    for (; bits != 0; bits &= bits - 1) {
      const auto at = static_cast<std::uint32_t>(std::countr_zero(bits));
      each(asked + at / 8, piece + at % 8);
    }
  }
};

class Grid {
 public:
  /// `expected`: about how many groups may come; memory that is not needed after all is not touched.
  Grid(const Scale& scale, std::size_t expected) : scale_{scale}, expected_{expected} {}

  /// Before pack(): files one to eight boxes of a plan, of which the first has the number `piece`. REQUIRES that together they
  /// are no wider than half a cell and last less than 2^16 units.
  void add(std::span<const geo::Box> boxes, std::uint32_t slot, std::uint16_t piece);
  /// Sorts all that was added. Nothing may be added afterwards.
  void pack();

  std::size_t bytes() const;

  /// What is going to be read of an entry's slot: asked of the memory as early as its number is known.
  struct Ahead {
    const char* slots = nullptr;
    std::size_t size = 0;
  };
  /// Appends every group filed in one of `grids` of which a box meets one of `boxes`, and perhaps a few that miss by less than a
  /// unit. All grids at once: what is read first is asked of the memory for every one of them before any of it is read, and so
  /// on.
  static void find(std::span<const Grid> grids, std::span<const geo::Box> boxes, const Ahead& ahead,
                   std::vector<GroupPair>& found);

 private:
  struct Cell {
    std::uint64_t key = 0;
    std::uint32_t first = 0, count = 0;  ///< of entries_, ordered by begin
    std::uint32_t table = 0;             ///< of starts_: where each stretch of 2^shift units of time begins, from `first`
    std::int32_t begin = 0, last = 0;    ///< of the first and the last entry
    std::uint16_t longest = 0;
    std::uint16_t shift = 0;
  };
  struct Asked {
    std::array<std::int32_t, 3> low, high;
    std::int32_t begin, end;
  };
  // Up to eight boxes asked of one grid.
  struct Search {
    const Grid* grid;
    std::span<const geo::Box> boxes;
    std::size_t from;  // the number of the first box
    Asked asked;
  };
  // A cell that may be there: its place in hash_, and then what stands there.
  struct Door {
    std::uint32_t search;
    std::uint32_t at;
    std::uint64_t key;
  };
  // One cell to be looked at: the place in starts_, and then the first entry.
  struct Look {
    std::uint32_t search;
    std::uint32_t at;
    const Cell* cell;
  };
  struct Near {
    std::uint32_t search;
    std::uint32_t entry;
    std::array<std::int32_t, 3> corner;  ///< of its cell
  };
  struct Work;
  static std::uint64_t key_of(std::int32_t x, std::int32_t y, std::int32_t z);
  static std::array<std::int32_t, 3> corner_of(const Cell& cell);
  std::uint32_t cell_at(std::uint64_t key);
  const Cell* find_cell(const Door& door) const;
  void grow();
  void make_table(Cell& cell);
  void open(const geo::Box& all, Search search, Work& work) const;
  void plan(const Cell& cell, std::uint32_t search, Work& work) const;
  std::uint32_t first_of(const Look& look, const Asked& asked) const;
  void look(const Look& look, const Asked& asked, const Ahead& ahead, Work& work) const;

  Scale scale_;
  std::size_t expected_;
  std::vector<GridEntry> entries_;
  std::vector<GroupBoxes> groups_;      ///< one for each entry
  std::vector<std::uint32_t> cell_of_;  ///< of each entry, while adding
  std::vector<Cell> cells_;
  std::vector<std::uint32_t> hash_;  ///< open addressing over cells_, 1 + index, 0 for none; a power of two
  std::vector<std::uint32_t> starts_;
  std::array<std::int32_t, 3> widest_{};
  std::array<std::int32_t, 3> low_{}, high_{};  ///< the cells in use, inclusive
};

}  // namespace wideberth::conflict
