#include "conflict/grid.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>

#include "base/check.h"

namespace wideberth::conflict {

namespace {

constexpr std::int32_t kCellUnits = 1 << kCellBits;
constexpr std::int32_t kFine = 8;          // parts of a unit
constexpr std::int32_t kMiddle = 1 << 15;  // what is taken off to fit 16 bits
constexpr auto kLeast16 = std::numeric_limits<std::int16_t>::min(), kMost16 = std::numeric_limits<std::int16_t>::max();

std::size_t mixed(std::uint64_t key) {
  key *= 0x9E3779B97F4A7C15U;
  return static_cast<std::size_t>(key ^ (key >> 29));
}

std::int16_t held(std::int32_t value) { return static_cast<std::int16_t>(std::clamp<std::int32_t>(value, kLeast16, kMost16)); }
std::int16_t inner(std::int32_t value) {
  return static_cast<std::int16_t>(std::clamp<std::int32_t>(value, kLeast16 + 1, kMost16 - 1));
}

geo::Box around(std::span<const geo::Box> boxes) {
  geo::Box all = boxes[0];
  for (const geo::Box& box : boxes.subspan(1)) all = geo::join(all, box);
  return all;
}

// Eight small numbers at once: a compiler's vectors, which every machine has in some form.
using Eight = std::int16_t __attribute__((vector_size(16)));
using Four = std::int32_t __attribute__((vector_size(16)));

template <class Vector, class Number>
Vector vector_of(const Number* from) {
  Vector numbers;
  std::memcpy(&numbers, from, sizeof numbers);
  return numbers;
}

// A bit for each that holds.
std::uint32_t mask_of(const Eight& holds) {
  const Eight bits = holds & Eight{1, 2, 4, 8, 16, 32, 64, 128};
  std::array<std::uint64_t, 2> halves;
  std::memcpy(halves.data(), &bits, sizeof halves);
  std::uint64_t mask = halves[0] | halves[1];
  mask |= mask >> 32;
  mask |= mask >> 16;
  return static_cast<std::uint32_t>(mask & 0xFF);
}

// The boxes of a search in the numbers of a class: space in eighths, time in units.
struct Questions {
  using Each = std::array<std::int32_t, kGroup>;
  std::array<Each, GroupBoxes::kAxes> low{}, high{};

  Questions(const Scale& scale, std::span<const geo::Box> boxes) {
    for (std::size_t i = 0; i < GroupBoxes::kAxes; ++i) {
      low[i].fill(std::numeric_limits<std::int32_t>::max() / 2);  // nowhere
      high[i].fill(std::numeric_limits<std::int32_t>::min() / 2);
    }
    for (std::size_t k = 0; k < boxes.size(); ++k) {
      const geo::Box& box = boxes[k];
      low[0][k] = scale.fine(box.low.x), high[0][k] = scale.fine(box.high.x);
      low[1][k] = scale.fine(box.low.y), high[1][k] = scale.fine(box.high.y);
      low[2][k] = scale.fine(box.low.z), high[2][k] = scale.fine(box.high.z);
      low[3][k] = scale.time(box.e), high[3][k] = scale.time(box.l);
      low[4][k] = scale.time(box.s), high[4][k] = scale.time(box.h);
    }
  }
};

// Less a corner, held within what fits. The two ends are left to what is not there: an empty box begins above everything and ends
// below it.
Eight seen_from(const Questions::Each& each, std::int32_t corner) {
  const auto held_four = [&](const std::int32_t* from) {
    Four numbers = vector_of<Four>(from) - corner;
    constexpr std::int32_t kLow = kLeast16 + 1, kHigh = kMost16 - 1;
    const Four above = numbers > kHigh;
    numbers = (above & kHigh) | (~above & numbers);
    const Four below = numbers < kLow;
    return (below & kLow) | (~below & numbers);
  };
  const Four first = held_four(each.data()), second = held_four(each.data() + 4);
  std::array<std::int16_t, kGroup> numbers;
  for (std::size_t i = 0; i < 4; ++i) {
    numbers[i] = static_cast<std::int16_t>(first[i]);
    numbers[i + 4] = static_cast<std::int16_t>(second[i]);
  }
  return vector_of<Eight>(numbers.data());
}

// Which boxes of a search may be near which of a group. Only those that may be near the box around it are looked at one by one.
void compare(const Questions& questions, const std::array<std::int32_t, 3>& cell, const GridEntry& entry, const GroupBoxes& group,
             GroupPair& pair) {
  std::array<Eight, GroupBoxes::kAxes> low, high;
  Eight near = Eight{} == 0;
  for (std::size_t i = 0; i < GroupBoxes::kAxes; ++i) {
    const std::int32_t corner = (i < 3 ? (cell[i] + entry.low[i]) * kFine : entry.begin) + kMiddle;
    low[i] = seen_from(questions.low[i], corner);
    high[i] = seen_from(questions.high[i], corner);
    if (i >= 3) continue;
    const std::int32_t size = (entry.high[i] - entry.low[i] + 1) * kFine;
    near &= (low[i] <= inner(size - kMiddle)) & (high[i] >= static_cast<std::int16_t>(kLeast16 + 1));
  }
  const auto meets = [&](std::size_t axis, std::size_t k) {
    return (vector_of<Eight>(group.low[axis].data()) <= high[axis][k]) &
           (vector_of<Eight>(group.high[axis].data()) >= low[axis][k]);
  };
  for (std::uint32_t asking = mask_of(near); asking != 0; asking &= asking - 1) {
    const auto k = static_cast<std::size_t>(std::countr_zero(asking));
    const Eight ever = meets(GroupBoxes::x, k) & meets(GroupBoxes::y, k) & meets(GroupBoxes::z, k);
    pair.ever |= std::uint64_t{mask_of(ever)} << (8 * k);
    pair.now |= std::uint64_t{mask_of(ever & meets(GroupBoxes::window, k))} << (8 * k);
  }
  if (pair.now == 0) return;
  for (std::size_t k = 0; k < kGroup; ++k) pair.on_schedule |= std::uint64_t{mask_of(meets(GroupBoxes::schedule, k))} << (8 * k);
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

const Grid::Cell* Grid::find_cell(std::uint64_t key) const {
  for (std::size_t at = mixed(key) & (hash_.size() - 1); hash_[at] != 0; at = (at + 1) & (hash_.size() - 1))
    if (cells_[hash_[at] - 1].key == key) return &cells_[hash_[at] - 1];
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

// A search is mostly waiting for memory: so all that it will read is asked for before any of it is read.
void Grid::plan(const Cell& cell, const Asked& asked, const std::vector<std::uint32_t>& starts, std::vector<Look>& looks) {
  const std::int32_t from = asked.begin - cell.longest;
  if (from > cell.last || asked.end < cell.begin) return;
  const std::uint32_t at = cell.table + static_cast<std::uint32_t>(std::max(from - cell.begin, 0) >> cell.shift);
  __builtin_prefetch(&starts[at]);
  looks.push_back({&cell, at});
}

void Grid::plan(const Asked& asked, std::vector<Look>& looks) const {
  std::array<std::int32_t, 3> from{}, to{};
  double count = 1;
  for (std::size_t i = 0; i < 3; ++i) {
    from[i] = std::max(low_[i], (asked.low[i] - widest_[i]) >> kCellBits);
    to[i] = std::min(high_[i], asked.high[i] >> kCellBits);
    if (from[i] > to[i]) return;
    count *= to[i] - from[i] + 1;
  }
  if (count > static_cast<double>(cells_.size())) {
    for (const Cell& cell : cells_) plan(cell, asked, starts_, looks);
    return;
  }
  for (std::int32_t x = from[0]; x <= to[0]; ++x)
    for (std::int32_t y = from[1]; y <= to[1]; ++y)
      for (std::int32_t z = from[2]; z <= to[2]; ++z)
        if (const Cell* cell = find_cell(key_of(x, y, z))) plan(*cell, asked, starts_, looks);
}

std::array<std::int32_t, 3> Grid::corner_of(const Cell& cell) {
  std::array<std::int32_t, 3> corner{};
  for (std::size_t i = 0; i < 3; ++i) {
    const auto axis = static_cast<unsigned>(42 - 21 * i);
    corner[i] = (static_cast<std::int32_t>(cell.key >> axis & ((1U << 21) - 1)) - (1 << 20)) * kCellUnits;
  }
  return corner;
}

void Grid::look(const Look& look, const Asked& asked, const Ahead& ahead, std::vector<Near>& near) const {
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
    near.push_back({at, corner});
  }
}

void Grid::find(std::span<const geo::Box> boxes, std::size_t from, const Ahead& ahead, std::vector<GroupPair>& found) const {
  if (entries_.empty()) return;
  const geo::Box all = around(boxes);
  if (all.l < scale_.origin_ms()) return;
  const Asked asked{{scale_.space(all.low.x), scale_.space(all.low.y), scale_.space(all.low.z)},
                    {scale_.space(all.high.x), scale_.space(all.high.y), scale_.space(all.high.z)},
                    scale_.time(all.e),
                    scale_.time(all.l)};
  thread_local std::vector<Look> looks;
  thread_local std::vector<Near> near;
  looks.clear();
  near.clear();
  plan(asked, looks);
  for (Look& look : looks) {
    look.at = look.cell->first + starts_[look.at];
    __builtin_prefetch(&entries_[look.at]);
  }
  for (const Look& each : looks) look(each, asked, ahead, near);

  const Questions questions{scale_, boxes};
  for (const Near& each : near) {
    const GridEntry& entry = entries_[each.entry];
    GroupPair pair{.slot = entry.slot, .asked = static_cast<std::uint16_t>(from), .piece = entry.piece};
    compare(questions, each.corner, entry, groups_[each.entry], pair);
    if (pair.now != 0) found.push_back(pair);
  }
}

}  // namespace wideberth::conflict
