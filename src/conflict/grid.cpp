#include "conflict/grid.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/check.h"

namespace wideberth::conflict {

namespace {

constexpr std::int32_t kCellUnits = 1 << kCellBits;

std::size_t mixed(std::uint64_t key) {
  key *= 0x9E3779B97F4A7C15U;
  return static_cast<std::size_t>(key ^ (key >> 29));
}

std::int16_t held(std::int32_t value) {
  return static_cast<std::int16_t>(
      std::clamp<std::int32_t>(value, std::numeric_limits<std::int16_t>::min(), std::numeric_limits<std::int16_t>::max()));
}

}  // namespace

std::int32_t Scale::space(double metres) const { return static_cast<std::int32_t>(std::floor(metres / unit_m)); }

std::uint32_t Scale::time(double ms) const {
  const double units = (ms - origin_ms) / unit_ms;
  return static_cast<std::uint32_t>(std::clamp(std::floor(units), 0.0, 4294967295.0));
}

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

void Grid::add(const geo::Box& box, std::uint32_t slot, std::uint16_t piece) {
  const std::array low{scale_.space(box.low.x), scale_.space(box.low.y), scale_.space(box.low.z)};
  const std::array high{scale_.space(box.high.x), scale_.space(box.high.y), scale_.space(box.high.z)};
  GridEntry entry;
  std::array<std::int32_t, 3> cell{};
  for (std::size_t i = 0; i < 3; ++i) {
    cell[i] = low[i] >> kCellBits;
    const std::int32_t corner = cell[i] * kCellUnits;
    WB_CHECK(high[i] - corner <= std::numeric_limits<std::int16_t>::max());
    entry.low[i] = static_cast<std::int16_t>(low[i] - corner);
    entry.high[i] = static_cast<std::int16_t>(high[i] - corner);
    widest_[i] = std::max(widest_[i], high[i] - low[i]);
    low_[i] = entries_.empty() ? cell[i] : std::min(low_[i], cell[i]);
    high_[i] = entries_.empty() ? cell[i] : std::max(high_[i], cell[i]);
  }
  entry.begin = scale_.time(box.e);
  const std::uint32_t lasts = scale_.time(box.l) - entry.begin;
  WB_CHECK(lasts <= std::numeric_limits<std::uint16_t>::max());
  entry.lasts = static_cast<std::uint16_t>(lasts);
  entry.slot = slot;
  entry.piece = piece;
  const std::uint64_t key = key_of(cell[0], cell[1], cell[2]);
  // The next piece of a plan mostly begins where the last one did.
  const bool same = !cell_of_.empty() && cells_[cell_of_.back()].key == key;
  const std::uint32_t at = same ? cell_of_.back() : cell_at(key);
  ++cells_[at].count;
  cell_of_.push_back(at);
  entries_.push_back(entry);
}

void Grid::pack() {
  std::uint32_t first = 0;
  for (Cell& cell : cells_) {
    cell.first = first;
    first += cell.count;
    cell.count = 0;
  }
  std::vector<GridEntry> sorted(entries_.size());
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    Cell& cell = cells_[cell_of_[i]];
    sorted[cell.first + cell.count++] = entries_[i];
  }
  entries_ = std::move(sorted);
  std::vector<std::uint32_t>{}.swap(cell_of_);  // gives the memory back, which assigning nothing would not
  cells_.shrink_to_fit();
  for (Cell& cell : cells_) make_table(cell);
  starts_.shrink_to_fit();
}

// The table of a cell has one place for every two entries or so, however they are spread over time.
void Grid::make_table(Cell& cell) {
  const std::span all{entries_.data() + cell.first, cell.count};
  std::sort(all.begin(), all.end(), [](const GridEntry& a, const GridEntry& b) { return a.begin < b.begin; });
  cell.begin = all.front().begin;
  cell.last = all.back().begin;
  for (const GridEntry& entry : all) cell.longest = std::max(cell.longest, entry.lasts);
  while (((cell.last - cell.begin) >> cell.shift) > cell.count / 2) ++cell.shift;
  cell.table = static_cast<std::uint32_t>(starts_.size());
  const std::uint32_t stretches = ((cell.last - cell.begin) >> cell.shift) + 1;
  std::uint32_t at = 0;
  for (std::uint32_t i = 0; i < stretches; ++i) {
    while (((all[at].begin - cell.begin) >> cell.shift) < i) ++at;
    starts_.push_back(at);
  }
}

std::size_t Grid::bytes() const {
  return entries_.capacity() * sizeof(GridEntry) + cells_.capacity() * sizeof(Cell) +
         (cell_of_.capacity() + hash_.capacity() + starts_.capacity()) * sizeof(std::uint32_t);
}

// A search is mostly waiting for memory: so all that it will read is asked for before any of it is read.
void Grid::plan(const Cell& cell, const Asked& asked, std::uint32_t number, std::vector<Look>& looks) const {
  const std::uint32_t from = asked.begin > cell.longest ? asked.begin - cell.longest : 0;
  if (from > cell.last || asked.end < cell.begin) return;
  const std::uint32_t at = cell.table + (from > cell.begin ? (from - cell.begin) >> cell.shift : 0);
  __builtin_prefetch(&starts_[at]);
  looks.push_back({&cell, number, at});
}

void Grid::plan(const Asked& asked, std::uint32_t number, std::vector<Look>& looks) const {
  std::array<std::int32_t, 3> from{}, to{};
  double count = 1;
  for (std::size_t i = 0; i < 3; ++i) {
    from[i] = std::max(low_[i], (asked.low[i] - widest_[i]) >> kCellBits);
    to[i] = std::min(high_[i], asked.high[i] >> kCellBits);
    if (from[i] > to[i]) return;
    count *= to[i] - from[i] + 1;
  }
  if (count > static_cast<double>(cells_.size())) {
    for (const Cell& cell : cells_) plan(cell, asked, number, looks);
    return;
  }
  for (std::int32_t x = from[0]; x <= to[0]; ++x)
    for (std::int32_t y = from[1]; y <= to[1]; ++y)
      for (std::int32_t z = from[2]; z <= to[2]; ++z)
        if (const Cell* cell = find_cell(key_of(x, y, z))) plan(*cell, asked, number, looks);
}

void Grid::look(const Look& look, const Asked& asked, std::vector<std::uint64_t>& found) const {
  const Cell& cell = *look.cell;
  std::array<std::int16_t, 3> low{}, high{};
  for (std::size_t i = 0; i < 3; ++i) {
    const auto axis = static_cast<unsigned>(42 - 21 * i);
    const auto corner = (static_cast<std::int32_t>(cell.key >> axis & ((1U << 21) - 1)) - (1 << 20)) * kCellUnits;
    low[i] = held(asked.low[i] - corner);
    high[i] = held(asked.high[i] - corner);
  }
  const GridEntry *entry = entries_.data() + look.at, *end = entries_.data() + cell.first + cell.count;
  for (; entry != end && entry->begin <= asked.end; ++entry) {
    const bool apart = entry->begin + entry->lasts < asked.begin || entry->low[0] > high[0] || entry->low[1] > high[1] ||
                       entry->low[2] > high[2] || entry->high[0] < low[0] || entry->high[1] < low[1] || entry->high[2] < low[2];
    if (!apart) found.push_back(std::uint64_t{entry->slot} << 32 | asked.tag | entry->piece);
  }
}

void Grid::find(std::span<const geo::Box> boxes, std::size_t from, std::vector<std::uint64_t>& found) const {
  if (entries_.empty()) return;
  std::vector<Asked> asked;
  std::vector<Look> looks;
  asked.reserve(boxes.size());
  looks.reserve(8 * boxes.size());
  for (std::size_t i = 0; i < boxes.size(); ++i) {
    const geo::Box& box = boxes[i];
    if (box.l < scale_.origin_ms) continue;
    asked.push_back({{scale_.space(box.low.x), scale_.space(box.low.y), scale_.space(box.low.z)},
                     {scale_.space(box.high.x), scale_.space(box.high.y), scale_.space(box.high.z)},
                     scale_.time(box.e),
                     scale_.time(box.l),
                     std::uint64_t{from + i} << 16});
    plan(asked.back(), static_cast<std::uint32_t>(asked.size() - 1), looks);
  }
  for (Look& look : looks) {
    look.at = look.cell->first + starts_[look.at];
    __builtin_prefetch(&entries_[look.at]);
  }
  for (const Look& each : looks) look(each, asked[each.asked], found);
}

}  // namespace wideberth::conflict
