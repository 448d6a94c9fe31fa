#include "live/cells.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <type_traits>

#include "live/lanes.h"

namespace wideberth::live {

namespace {

constexpr std::int32_t kNoParty = -1;

/// m/s: at rest and on foot, on the ground and at sea, in the air.
std::uint8_t layer_for(float fastest) { return fastest <= 1 ? 0 : fastest <= 40 ? 1 : 2; }

/// Units looked at by one that asks: with more than kCrowd cells become half as wide, with fewer than kFewAround wide again.
/// Looked at after so many have asked.
constexpr std::uint64_t kCrowd = 160, kFewAround = 50, kAskedBefore = 4096;

/// Beyond it the milliseconds since base_ would not fit.
constexpr Millis kRebase = Millis::from_seconds(20 * 86'400);

}  // namespace

struct Cells::Look {
  face::Spot at, pace;
  Instant now;
  double fastest = 0, age = 0;
  std::uint32_t unit = 0;
  std::int32_t party = 0;
};

Cells::Cells() : eight_{has_eight_lanes()} {}

// The face in the top bits, so that no key is 0; 24 bits for each of row and column.
std::uint64_t Cells::key_of(std::size_t face, std::int64_t column, std::int64_t row) {
  constexpr std::int64_t kMiddle = 1 << 23;
  return (std::uint64_t{face} + 1) << 48 | static_cast<std::uint64_t>(row + kMiddle) << 24 |
         static_cast<std::uint64_t>(column + kMiddle);
}

std::int64_t Cells::index_of(double coordinate) const { return static_cast<std::int64_t>(std::floor(coordinate / cell_)); }

// Cells of one row lie side by side in the table: a search reads three runs rather than nine places.
std::size_t Cells::Layer::slot_of(std::uint64_t key) const {
  const std::size_t mask = table.size() - 1;
  std::size_t slot =
      static_cast<std::size_t>((key >> 24) * 0x9e37'79b9'7f4a'7c15ULL >> 20) + static_cast<std::size_t>(key & 0xff'ffff);
  for (slot &= mask; table[slot].key != 0 && table[slot].key != key; slot = (slot + 1) & mask) {
  }
  return slot;
}

const Cells::Cell* Cells::Layer::look(std::uint64_t key) const {
  const Cell& cell = table[slot_of(key)];
  return cell.key == 0 ? nullptr : &cell;
}

Cells::Cell& Cells::Layer::make(std::uint64_t key) {
  if (2 * (used + 1) > table.size()) grow();
  Cell& cell = table[slot_of(key)];
  if (cell.key == 0) {
    cell.key = key;
    ++used;
  }
  return cell;
}

void Cells::Layer::grow() {
  std::vector<Cell> old;
  old.swap(table);
  const auto full = static_cast<std::size_t>(std::count_if(old.begin(), old.end(), [](const Cell& c) { return c.count != 0; }));
  std::size_t size = 64;
  while (size < 8 * full) size *= 2;
  table.resize(size);
  used = 0;
  for (Cell& cell : old)
    if (cell.count != 0) {
      Cell& to = table[slot_of(cell.key)];
      to = std::move(cell);
      ++used;
    }
}

void Cells::file_all(const Units& units, const Tracks& tracks, Instant now, Instant stale_before, const Wanted& wanted) {
  // What is kept as float from the middle of a cell is exact to less than this; so is a time since the refresh.
  wanted_ = {wanted.reach_m + 1, wanted.encounter_m + 0.5, wanted.ahead_m + 0.5, wanted.ahead_s};
  cell_ = std::max(wanted_.reach_m * 1.05 / fine_, 50.0);
  asked_ = looked_in_all_ = 0;
  base_ = now;
  layers_.fill({});
  for (Layer& layer : layers_) layer.table.resize(64);
  due_.clear();
  where_.assign(units.size(), {});
  for (std::uint32_t i = 0; i < tracks.size(); ++i)
    if (const Motion& motion = tracks.motion({i}); motion.fastest_mps >= 0 && motion.last >= stale_before)
      file(units, tracks, {i}, now);
}

void Cells::unfile(UnitIndex unit) {
  Where& where = where_[unit.value];
  if (where.key == 0) return;
  Layer& layer = layers_[where.layer];
  Cell& cell = layer.table[layer.slot_of(where.key)];
  const std::uint32_t last = --cell.count;
  Block &to = cell.blocks[where.place / 8], &from = cell.blocks[last / 8];
  const std::uint32_t t = where.place % 8, f = last % 8;
  where_[from.unit[f]].place = where.place;
  to.u[t] = from.u[f], to.v[t] = from.v[f], to.du[t] = from.du[f], to.dv[t] = from.dv[f];
  to.fastest[t] = from.fastest[f], to.filed_ms[t] = from.filed_ms[f], to.unit[t] = from.unit[f], to.party[t] = from.party[f];
  from.party[f] = kNoParty;
  if (f == 0) cell.blocks.pop_back();
  --layer.entries;
  where.key = 0;
}

void Cells::file(const Units& units, const Tracks& tracks, UnitIndex unit, Instant at) {
  const Motion& motion = tracks.motion(unit);
  const Vec3 place = motion.at + motion.velocity * seconds_of(at - motion.last);
  const std::size_t side = face::of(place);
  const face::Spot spot = face::on(side, place), pace = face::on(side, motion.velocity);
  const std::int64_t column = index_of(spot.u), row = index_of(spot.v);
  const std::uint64_t key = key_of(side, column, row);
  const std::uint8_t level = layer_for(motion.fastest_mps);
  Where& where = where_[unit.value];
  if (where.key != key || where.layer != level) unfile(unit);
  Layer& layer = layers_[level];
  layer.fastest = std::max(layer.fastest, static_cast<double>(motion.fastest_mps));
  Cell& cell = layer.make(key);
  if (where.key == 0) {
    where = {key, cell.count, level};
    if (cell.count % 8 == 0) std::fill_n(cell.blocks.emplace_back().party, 8, kNoParty);
    ++cell.count;
    ++layer.entries;
  }
  const auto filed_ms = static_cast<std::int32_t>((at - base_).ms());
  const double middle_u = (static_cast<double>(column) + 0.5) * cell_, middle_v = (static_cast<double>(row) + 0.5) * cell_;
  Block& block = cell.blocks[where.place / 8];
  const std::uint32_t lane = where.place % 8;
  block.u[lane] = static_cast<float>(spot.u - middle_u), block.v[lane] = static_cast<float>(spot.v - middle_v);
  block.du[lane] = static_cast<float>(pace.u), block.dv[lane] = static_cast<float>(pace.v);
  block.fastest[lane] = motion.fastest_mps;
  block.filed_ms[lane] = filed_ms;
  block.unit[lane] = unit.value;
  block.party[lane] = units.party_of(unit);
  if (geo::norm2(motion.velocity) > 0) due_.push_back({unit, filed_ms});
}

std::int32_t Cells::filed_ms(const Where& where) const {
  const Layer& layer = layers_[where.layer];
  return layer.table[layer.slot_of(where.key)].blocks[where.place / 8].filed_ms[where.place % 8];
}

// What has not been heard of for a while goes on to where it should be by now, or, when it is stale, out.
void Cells::refresh(const Units& units, const Tracks& tracks, Instant now, Instant stale_before) {
  const auto before = (now - base_ - kRefresh).ms();
  while (!due_.empty() && due_.front().filed_ms < before) {
    const Due due = due_.front();
    due_.pop_front();
    const Where& where = where_[due.unit.value];
    if (where.key == 0) continue;
    if (filed_ms(where) != due.filed_ms) continue;  // filed anew since
    if (tracks.motion(due.unit).last < stale_before)
      unfile(due.unit);
    else
      file(units, tracks, due.unit, now);
  }
}

void Cells::find(const Units& units, const Tracks& tracks, std::span<const Moved> moved, Instant now, Instant stale_before,
                 std::vector<PairKey>& found) {
  looked_at_ = 0;
  if (now - base_ > kRebase) file_all(units, tracks, now, stale_before, wanted_);
  if (where_.size() < units.size()) where_.resize(units.size());
  refresh(units, tracks, now, stale_before);
  for (const Moved& one : moved) file(units, tracks, one.unit, now);
  for (const Moved& one : moved) look_around(units, tracks, one, now, found);
  asked_ += moved.size();
  looked_in_all_ += looked_at_;
  if (asked_ >= kAskedBefore) choose_width(units, tracks, now, stale_before);
}

void Cells::choose_width(const Units& units, const Tracks& tracks, Instant now, Instant stale_before) {
  const double fine = looked_in_all_ > asked_ * (fine_ > 1 ? kFewAround : kCrowd) ? 2 : 1;
  asked_ = looked_in_all_ = 0;
  if (fine == fine_) return;
  fine_ = fine;
  const Wanted wanted{wanted_.reach_m - 1, wanted_.encounter_m - 0.5, wanted_.ahead_m - 0.5, wanted_.ahead_s};
  file_all(units, tracks, now, stale_before, wanted);
}

void Cells::look_around(const Units& units, const Tracks& tracks, const Moved& moved, Instant now, std::vector<PairKey>& found) {
  const Motion& motion = tracks.motion(moved.unit);
  const Vec3 at = motion.at + motion.velocity * seconds_of(now - motion.last);
  const double age = seconds_of(now - moved.from), fastest = static_cast<double>(motion.fastest_mps);
  const std::size_t home = face::of(at);
  for (const Layer& layer : layers_) {
    if (layer.entries == 0) continue;
    const double width = wanted_.reach_m + fastest * (age + 1) + layer.fastest * std::max(age + 1, seconds_of(kRefresh));
    for (std::size_t side = 0; side < face::kFaces; ++side) {
      if (side != home && !face::reaches(side, at, width)) continue;
      const Look look{face::on(side, at), face::on(side, motion.velocity), now, fastest, age,
                      moved.unit.value,   units.party_of(moved.unit)};
      around_.clear();
      const std::int64_t left = index_of(look.at.u - width), right = index_of(look.at.u + width);
      const std::int64_t low = index_of(look.at.v - width), high = index_of(look.at.v + width);
      if (static_cast<double>(right - left + 1) * static_cast<double>(high - low + 1) > static_cast<double>(layer.table.size())) {
        // Wider than everything there is: go through it.
        for (const Cell& cell : layer.table)
          if (cell.key >> 48 == side + 1)
            add_around(look, cell, static_cast<std::int64_t>(cell.key & 0xff'ffff) - (1 << 23),
                       static_cast<std::int64_t>(cell.key >> 24 & 0xff'ffff) - (1 << 23));
        for (const Around& around : around_) look_into(look, around, found);
        continue;
      }
      for (std::int64_t row = low; row <= high; ++row) {
        // Of this row what lies within a circle; a hair more.
        const double below = look.at.v - static_cast<double>(row + 1) * cell_,
                     above = static_cast<double>(row) * cell_ - look.at.v;
        const double aside = std::max({below, above, 0.0});
        const double half = std::sqrt(std::max(width * width - aside * aside, 0.0)) + 0.1;
        for (std::int64_t column = index_of(look.at.u - half); column <= index_of(look.at.u + half); ++column)
          if (const Cell* cell = layer.look(key_of(side, column, row))) add_around(look, *cell, column, row);
      }
      for (const Around& around : around_) look_into(look, around, found);
    }
  }
}

// All cells before the first is looked into: their units come from memory meanwhile.
void Cells::add_around(const Look& look, const Cell& cell, std::int64_t column, std::int64_t row) {
  if (cell.count == 0) return;
  for (std::size_t line = 0; line < sizeof(Block); line += 64)
    __builtin_prefetch(reinterpret_cast<const std::byte*>(cell.blocks.data()) + line);
  around_.push_back({&cell, static_cast<float>((static_cast<double>(column) + 0.5) * cell_ - look.at.u),
                     static_cast<float>((static_cast<double>(row) + 0.5) * cell_ - look.at.v)});
}

// Without a division, and with every rounding on the side of too many; consider() decides.
template <class Floats>
[[gnu::always_inline]] inline void Cells::filter(const Look& look, const Around& around, std::vector<PairKey>& found) const {
  constexpr std::size_t kLanes = sizeof(Floats) / sizeof(float);
  using Ints = std::conditional_t<kLanes == 8, EightMask, FourMask>;
  const auto load = [](auto& into, const auto* from)
                        __attribute__((always_inline)) { __builtin_memcpy(&into, from, sizeof into); };
  const auto now_ms = static_cast<std::int32_t>((look.now - base_).ms());
  const float age = static_cast<float>(look.age), speed = static_cast<float>(look.fastest), from_u = around.u, from_v = around.v,
              own_du = static_cast<float>(look.pace.u), own_dv = static_cast<float>(look.pace.v);
  const float near = static_cast<float>(std::max(wanted_.encounter_m, wanted_.ahead_m)),
              ahead2 = static_cast<float>(wanted_.ahead_m * wanted_.ahead_m * 1.0001);
  for (const Block& block : around.cell->blocks)
    for (std::size_t i = 0; i < 8; i += kLanes) {
      Floats u, v, du, dv, fastest;
      Ints filed, party;
      load(u, block.u + i), load(v, block.v + i), load(du, block.du + i), load(dv, block.dv + i);
      load(fastest, block.fastest + i), load(filed, block.filed_ms + i), load(party, block.party + i);
      const Floats since = __builtin_convertvector(now_ms - filed, Floats) * 0.001F;
      u += from_u + du * since, v += from_v + dv * since, du -= own_du, dv -= own_dv;
      const Floats far2 = u * u + v * v, pace2 = du * du + dv * dv, away = u * du + v * dv;
      const Floats slack = near + (fastest + speed) * (age + 1);
      const auto passing = ((far2 - far2 * kSquareError - ahead2) * pace2 <= away * away) & (away <= age * pace2);
      const auto other = (party != look.party) & (party != kNoParty);
      for (unsigned lanes = lanes_of(((far2 <= slack * slack * 1.0001F) | passing) & other); lanes != 0; lanes &= lanes - 1)
        consider(look, around, block, i + static_cast<unsigned>(std::countr_zero(lanes)), found);
    }
}

void Cells::filter_four(const Look& look, const Around& around, std::vector<PairKey>& found) const {
  filter<Four>(look, around, found);
}
#ifdef __x86_64__
[[gnu::target("avx2")]]
#endif
void Cells::filter_eight(const Look& look, const Around& around, std::vector<PairKey>& found) const {
  filter<Eight>(look, around, found);
}

void Cells::look_into(const Look& look, const Around& around, std::vector<PairKey>& found) {
  looked_at_ += around.cell->count;
  if (eight_)
    filter_eight(look, around, found);
  else
    filter_four(look, around, found);
}

void Cells::consider(const Look& look, const Around& around, const Block& block, std::size_t lane,
                     std::vector<PairKey>& found) const {
  const double since = static_cast<double>((look.now - base_).ms() - block.filed_ms[lane]) * 0.001;
  const double eu = static_cast<double>(block.du[lane]), ev = static_cast<double>(block.dv[lane]);
  const double u = static_cast<double>(around.u) + static_cast<double>(block.u[lane]) + eu * since,
               v = static_cast<double>(around.v) + static_cast<double>(block.v[lane]) + ev * since;
  const double pu = eu - look.pace.u, pv = ev - look.pace.v;
  const double far2 = u * u + v * v, pace2 = pu * pu + pv * pv, away = u * pu + v * pv;
  double when = -away / std::max(pace2, 1e-12);
  when = std::min(std::max(when, -look.age), wanted_.ahead_s);
  const double least2 = far2 + when * (away + away + when * pace2);
  const double slack = wanted_.encounter_m + (static_cast<double>(block.fastest[lane]) + look.fastest) * (look.age + 1);
  if (far2 <= slack * slack || least2 <= wanted_.ahead_m * wanted_.ahead_m) found.push_back(pair_of(look.unit, block.unit[lane]));
}

}  // namespace wideberth::live
