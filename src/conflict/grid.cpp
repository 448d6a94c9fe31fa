#include "conflict/grid.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <optional>

#include "base/check.h"
#include "conflict/compare.h"

namespace wideberth::conflict {

namespace {

constexpr std::int32_t kCellUnits = 1 << kCellBits;
constexpr auto kLeast16 = std::numeric_limits<std::int16_t>::min(), kMost16 = std::numeric_limits<std::int16_t>::max();

std::size_t mixed(std::uint64_t key) {
  key *= 0x9E3779B97F4A7C15U;
  return static_cast<std::size_t>(key ^ (key >> 29));
}

std::int16_t held(std::int32_t value) { return static_cast<std::int16_t>(std::clamp<std::int32_t>(value, kLeast16, kMost16)); }

geo::Box around(std::span<const geo::Box> boxes) {
  geo::Box all = boxes[0];
  for (const geo::Box& box : boxes.subspan(1)) all = geo::join(all, box);
  return all;
}

}  // namespace

// Cells count from -2^20 to 2^20 on each axis.
std::uint64_t Grid::key_of(std::int32_t x, std::int32_t y, std::int32_t z) {
  const auto part = [](std::int32_t v) { return std::uint64_t{static_cast<std::uint32_t>(v + (1 << 20))}; };
  return part(x) << 42 | part(y) << 21 | part(z);
}

void Grid::grow() {
  hash_.assign(hash_.empty() ? 64 : hash_.size() * 2, 0);
  for (std::uint32_t i = 0; i < cells_.size(); ++i) {
    std::size_t at = mixed(cells_[i].key) & (hash_.size() - 1);
    while (hash_[at] != 0) at = (at + 1) & (hash_.size() - 1);
    hash_[at] = i + 1;
  }
}

std::uint32_t Grid::cell_at(std::uint64_t key) {
  if (cells_.size() * 2 >= hash_.size()) grow();
  std::size_t at = mixed(key) & (hash_.size() - 1);
  for (; hash_[at] != 0; at = (at + 1) & (hash_.size() - 1))
    if (cells_[hash_[at] - 1].key == key) return hash_[at] - 1;
  cells_.push_back({.key = key});
  hash_[at] = static_cast<std::uint32_t>(cells_.size());
  return hash_[at] - 1;
}

const Grid::Cell* Grid::find_cell(const Door& door) const {
  for (std::size_t at = door.at; hash_[at] != 0; at = (at + 1) & (hash_.size() - 1))
    if (cells_[hash_[at] - 1].key == door.key) return &cells_[hash_[at] - 1];
  return nullptr;
}

void Grid::add(std::span<const geo::Box> boxes, std::uint32_t slot, std::uint16_t piece) {
  const geo::Box all = around(boxes);
  const std::array low{scale_.space(all.low.x), scale_.space(all.low.y), scale_.space(all.low.z)};
  const std::array high{scale_.space(all.high.x), scale_.space(all.high.y), scale_.space(all.high.z)};
  GridEntry entry;
  std::array<std::int32_t, 3> cell{};
  for (std::size_t i = 0; i < 3; ++i) {
    cell[i] = low[i] >> kCellBits;
    const std::int32_t corner = cell[i] * kCellUnits;
    WB_CHECK(high[i] - low[i] < kCellUnits);
    entry.low[i] = static_cast<std::int16_t>(low[i] - corner);
    entry.high[i] = static_cast<std::int16_t>(high[i] - corner);
    widest_[i] = std::max(widest_[i], high[i] - low[i]);
    low_[i] = entries_.empty() ? cell[i] : std::min(low_[i], cell[i]);
    high_[i] = entries_.empty() ? cell[i] : std::max(high_[i], cell[i]);
  }
  entry.begin = scale_.time(all.e);
  const std::int32_t lasts = scale_.time(all.l) - entry.begin;
  WB_CHECK(lasts <= std::numeric_limits<std::uint16_t>::max());
  entry.lasts = static_cast<std::uint16_t>(lasts);
  entry.slot = slot;
  entry.piece = piece;

  GroupBoxes group;
  for (std::size_t i = 0; i < GroupBoxes::kAxes; ++i) {
    group.low[i].fill(kMost16);
    group.high[i].fill(kLeast16);
  }
  const Questions fixed{scale_, boxes};
  for (std::size_t k = 0; k < boxes.size(); ++k)
    for (std::size_t i = 0; i < GroupBoxes::kAxes; ++i) {
      const std::int32_t corner = (i < 3 ? low[i] * kFine : entry.begin) + kMiddle;
      group.low[i][k] = inner(fixed.low[i][k] - corner);
      group.high[i][k] = inner(fixed.high[i][k] - corner);
    }

  if (entries_.empty()) {
    entries_.reserve(expected_);
    groups_.reserve(expected_);
    cell_of_.reserve(expected_);
  }
  const std::uint64_t key = key_of(cell[0], cell[1], cell[2]);
  // The next group of a plan mostly begins where the last one did.
  const bool same = !cell_of_.empty() && cells_[cell_of_.back()].key == key;
  const std::uint32_t at = same ? cell_of_.back() : cell_at(key);
  ++cells_[at].count;
  cell_of_.push_back(at);
  entries_.push_back(entry);
  groups_.push_back(group);
}

void Grid::pack() {
  std::uint32_t first = 0;
  for (Cell& cell : cells_) {
    cell.first = first;
    first += cell.count;
    cell.count = 0;
  }
  // By cell, and within each by begin, and then by what was added first.
  std::vector<std::uint64_t> order(entries_.size());
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    Cell& cell = cells_[cell_of_[i]];
    order[cell.first + cell.count++] = std::uint64_t{static_cast<std::uint32_t>(entries_[i].begin)} << 32 | i;
  }
  std::vector<std::uint32_t>{}.swap(cell_of_);  // gives the memory back, which assigning nothing would not
  std::vector<GridEntry> entries;
  std::vector<GroupBoxes> groups;
  entries.reserve(entries_.size());
  groups.reserve(entries_.size());
  for (const Cell& cell : cells_) {
    const std::span part{order.data() + cell.first, cell.count};
    std::sort(part.begin(), part.end());
    for (const std::uint64_t each : part) {
      entries.push_back(entries_[each & 0xFFFFFFFF]);
      groups.push_back(groups_[each & 0xFFFFFFFF]);
    }
  }
  entries_ = std::move(entries);
  groups_ = std::move(groups);
  cells_.shrink_to_fit();
  for (Cell& cell : cells_) make_table(cell);
  starts_.shrink_to_fit();
}

// The table of a cell has one place for every two entries or so, however they are spread over time.
void Grid::make_table(Cell& cell) {
  const std::span<const GridEntry> all{entries_.data() + cell.first, cell.count};
  cell.begin = all.front().begin;
  cell.last = all.back().begin;
  for (const GridEntry& entry : all) cell.longest = std::max(cell.longest, entry.lasts);
  while (((cell.last - cell.begin) >> cell.shift) > static_cast<std::int32_t>(cell.count / 2)) ++cell.shift;
  cell.table = static_cast<std::uint32_t>(starts_.size());
  const std::int32_t stretches = ((cell.last - cell.begin) >> cell.shift) + 1;
  std::uint32_t at = 0;
  for (std::int32_t i = 0; i < stretches; ++i) {
    while (((all[at].begin - cell.begin) >> cell.shift) < i) ++at;
    starts_.push_back(at);
  }
}

std::size_t Grid::bytes() const {
  return entries_.capacity() * sizeof(GridEntry) + groups_.capacity() * sizeof(GroupBoxes) + cells_.capacity() * sizeof(Cell) +
         (cell_of_.capacity() + hash_.capacity() + starts_.capacity()) * sizeof(std::uint32_t);
}

// A search is mostly waiting for memory: so all that it will read next is asked for, in every grid, before any of it is read.
struct Grid::Work {
  std::vector<Search> searches;
  std::vector<Door> doors;
  std::vector<Look> looks;
  std::vector<Near> near;
};

void Grid::plan(const Cell& cell, std::uint32_t search, Work& work) const {
  const Asked& asked = work.searches[search].asked;
  const std::int32_t from = asked.begin - cell.longest;
  if (from > cell.last || asked.end < cell.begin) return;
  const std::uint32_t at = cell.table + static_cast<std::uint32_t>(std::max(from - cell.begin, 0) >> cell.shift);
  __builtin_prefetch(&starts_[at]);
  work.looks.push_back({search, at, &cell});
}

void Grid::open(const geo::Box& all, Search search, Work& work) const {
  if (entries_.empty() || all.l < scale_.origin_ms()) return;
  search.asked = {{scale_.space(all.low.x), scale_.space(all.low.y), scale_.space(all.low.z)},
                  {scale_.space(all.high.x), scale_.space(all.high.y), scale_.space(all.high.z)},
                  scale_.time(all.e),
                  scale_.time(all.l)};
  std::array<std::int32_t, 3> from{}, to{};
  double count = 1;
  for (std::size_t i = 0; i < 3; ++i) {
    from[i] = std::max(low_[i], (search.asked.low[i] - widest_[i]) >> kCellBits);
    to[i] = std::min(high_[i], search.asked.high[i] >> kCellBits);
    if (from[i] > to[i]) return;
    count *= to[i] - from[i] + 1;
  }
  const auto number = static_cast<std::uint32_t>(work.searches.size());
  work.searches.push_back(search);
  if (count > static_cast<double>(cells_.size())) {
    for (const Cell& cell : cells_) plan(cell, number, work);
    return;
  }
  for (std::int32_t x = from[0]; x <= to[0]; ++x)
    for (std::int32_t y = from[1]; y <= to[1]; ++y)
      for (std::int32_t z = from[2]; z <= to[2]; ++z) {
        const std::uint64_t key = key_of(x, y, z);
        const std::size_t at = mixed(key) & (hash_.size() - 1);
        __builtin_prefetch(&hash_[at]);
        work.doors.push_back({number, static_cast<std::uint32_t>(at), key});
      }
}

std::array<std::int32_t, 3> Grid::corner_of(const Cell& cell) {
  std::array<std::int32_t, 3> corner{};
  for (std::size_t i = 0; i < 3; ++i) {
    const auto axis = static_cast<unsigned>(42 - 21 * i);
    corner[i] = (static_cast<std::int32_t>(cell.key >> axis & ((1U << 21) - 1)) - (1 << 20)) * kCellUnits;
  }
  return corner;
}

// The first entry to be read, of which and of those that follow the lines are asked for.
std::uint32_t Grid::first_of(const Look& look, const Asked& asked) const {
  const Cell& cell = *look.cell;
  const std::uint32_t first = cell.first + starts_[look.at];
  const std::int32_t last = (std::min(asked.end, cell.last) - cell.begin) >> cell.shift;
  const std::uint32_t until = cell.table + static_cast<std::uint32_t>(last);
  constexpr std::uint32_t kMostAhead = 24;  // nine lines; further on the machine has seen where this leads
  const std::uint32_t end = std::clamp(cell.first + starts_[until] + 2, first + 1, first + kMostAhead);
  const char* const to = reinterpret_cast<const char*>(entries_.data() + std::min<std::size_t>(end, entries_.size()));
  for (const char* line = reinterpret_cast<const char*>(entries_.data() + first); line < to; line += 64) __builtin_prefetch(line);
  return first;
}

void Grid::look(const Look& look, const Asked& asked, const Ahead& ahead, Work& work) const {
  const Cell& cell = *look.cell;
  const std::array corner = corner_of(cell);
  std::array<std::int16_t, 3> low{}, high{};
  for (std::size_t i = 0; i < 3; ++i) {
    low[i] = held(asked.low[i] - corner[i]);
    high[i] = held(asked.high[i] - corner[i]);
  }
  const GridEntry *entry = entries_.data() + look.at, *end = entries_.data() + cell.first + cell.count;
  for (; entry != end && entry->begin <= asked.end; ++entry) {
    // All at once rather than one after the other: which of them tells cannot be foreseen.
    const std::array<bool, 7> each{entry->begin + entry->lasts<asked.begin, entry->low[0]> high[0],
                                   entry->low[1] > high[1],
                                   entry->low[2] > high[2],
                                   entry->high[0] < low[0],
                                   entry->high[1] < low[1],
                                   entry->high[2] < low[2]};
    int apart = 0;
    for (const bool tells : each) apart |= static_cast<int>(tells);
    if (apart != 0) continue;
    const auto at = static_cast<std::uint32_t>(entry - entries_.data());
    __builtin_prefetch(&groups_[at]);
    __builtin_prefetch(reinterpret_cast<const char*>(&groups_[at]) + 64);
    __builtin_prefetch(reinterpret_cast<const char*>(&groups_[at] + 1) - 1);
    __builtin_prefetch(ahead.slots + ahead.size * entry->slot);
    work.near.push_back({look.search, at, corner});
  }
}

void Grid::find(std::span<const Grid> grids, std::span<const geo::Box> boxes, const Ahead& ahead, std::vector<GroupPair>& found) {
  thread_local Work work;
  work.searches.clear();
  work.doors.clear();
  work.looks.clear();
  work.near.clear();
  for (std::size_t from = 0; from < boxes.size(); from += kGroup) {
    const auto asking = boxes.subspan(from, std::min(kGroup, boxes.size() - from));
    const geo::Box all = around(asking);
    for (const Grid& grid : grids) grid.open(all, {&grid, asking, from, {}}, work);
  }
  const auto grid_of = [](const auto& each) -> const Grid& { return *work.searches[each.search].grid; };
  for (const Door& door : work.doors)
    if (const std::uint32_t cell = grid_of(door).hash_[door.at]; cell != 0) __builtin_prefetch(&grid_of(door).cells_[cell - 1]);
  for (const Door& door : work.doors)
    if (const Cell* cell = grid_of(door).find_cell(door)) grid_of(door).plan(*cell, door.search, work);
  for (Look& each : work.looks) each.at = grid_of(each).first_of(each, work.searches[each.search].asked);
  for (const Look& each : work.looks) grid_of(each).look(each, work.searches[each.search].asked, ahead, work);

  static const Comparing compare = comparing();
  // Doors and cells of one search do not lie side by side with all others', but what is near of it mostly does.
  std::optional<Questions> questions;
  std::uint32_t asked = 0;
  for (const Near& each : work.near) {
    const Search& search = work.searches[each.search];
    if (!questions || asked != each.search) questions.emplace(search.grid->scale_, search.boxes), asked = each.search;
    const GridEntry& entry = search.grid->entries_[each.entry];
    GroupPair pair{.slot = entry.slot, .asked = static_cast<std::uint16_t>(search.from), .piece = entry.piece};
    compare(*questions, each.corner, entry, search.grid->groups_[each.entry], pair);
    if (pair.now != 0) found.push_back(pair);
  }
}

}  // namespace wideberth::conflict
