#include "live/cells.h"

#include <algorithm>
#include <cmath>

namespace wideberth::live {

namespace {

/// m/s: at rest and on foot, on the ground and at sea, in the air.
std::uint8_t layer_for(float fastest) { return fastest <= 1 ? 0 : fastest <= 40 ? 1 : 2; }

/// Beyond it the milliseconds since base_ would not fit.
constexpr Millis kRebase = Millis::from_seconds(20 * 86'400);

}  // namespace

struct Cells::Look {
  face::Spot at, pace;
  Instant now;
  double fastest = 0, age = 0;
  std::uint32_t unit = 0, party = 0;
};

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
  const auto full =
      static_cast<std::size_t>(std::count_if(old.begin(), old.end(), [](const Cell& c) { return !c.entries.empty(); }));
  std::size_t size = 64;
  while (size < 8 * full) size *= 2;
  table.resize(size);
  used = 0;
  for (Cell& cell : old)
    if (!cell.entries.empty()) {
      Cell& to = table[slot_of(cell.key)];
      to = std::move(cell);
      ++used;
    }
}

void Cells::file_all(const Units& units, const Tracks& tracks, Instant now, Instant stale_before, const Wanted& wanted) {
  // What is kept as float from the middle of a cell is exact to less than this; so is a time since the refresh.
  wanted_ = {wanted.reach_m + 1, wanted.encounter_m + 0.5, wanted.ahead_m + 0.5, wanted.ahead_s};
  cell_ = std::max(wanted_.reach_m * 1.05, 50.0);
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
  auto& entries = layer.table[layer.slot_of(where.key)].entries;
  where_[entries.back().unit].place = where.place;
  entries[where.place] = entries.back();
  entries.pop_back();
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
  auto& entries = layer.make(key).entries;
  if (where.key == 0) {
    where = {key, static_cast<std::uint32_t>(entries.size()), level};
    entries.push_back({});
    ++layer.entries;
  }
  const auto filed_ms = static_cast<std::int32_t>((at - base_).ms());
  const double middle_u = (static_cast<double>(column) + 0.5) * cell_, middle_v = (static_cast<double>(row) + 0.5) * cell_;
  entries[where.place] = {static_cast<float>(spot.u - middle_u),
                          static_cast<float>(spot.v - middle_v),
                          static_cast<float>(pace.u),
                          static_cast<float>(pace.v),
                          motion.fastest_mps,
                          filed_ms,
                          unit.value,
                          units.party_of(unit)};
  if (geo::norm2(motion.velocity) > 0) due_.push_back({unit, filed_ms});
}

// What has not been heard of for a while goes on to where it should be by now, or, when it is stale, out.
void Cells::refresh(const Units& units, const Tracks& tracks, Instant now, Instant stale_before) {
  const auto before = (now - base_ - kRefresh).ms();
  while (!due_.empty() && due_.front().filed_ms < before) {
    const Due due = due_.front();
    due_.pop_front();
    const Where& where = where_[due.unit.value];
    if (where.key == 0) continue;
    const Layer& layer = layers_[where.layer];
    if (layer.table[layer.slot_of(where.key)].entries[where.place].filed_ms != due.filed_ms) continue;  // filed anew since
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
      const std::int64_t left = index_of(look.at.u - width), right = index_of(look.at.u + width);
      const std::int64_t low = index_of(look.at.v - width), high = index_of(look.at.v + width);
      if (static_cast<double>(right - left + 1) * static_cast<double>(high - low + 1) > static_cast<double>(layer.table.size())) {
        // Wider than everything there is: go through it.
        for (const Cell& cell : layer.table)
          if (cell.key >> 48 == side + 1)
            look_into(look, cell, static_cast<std::int64_t>(cell.key & 0xff'ffff) - (1 << 23),
                      static_cast<std::int64_t>(cell.key >> 24 & 0xff'ffff) - (1 << 23), found);
        continue;
      }
      for (std::int64_t row = low; row <= high; ++row)
        for (std::int64_t column = left; column <= right; ++column)
          if (const Cell* cell = layer.look(key_of(side, column, row))) look_into(look, *cell, column, row, found);
    }
  }
}

void Cells::look_into(const Look& look, const Cell& cell, std::int64_t column, std::int64_t row, std::vector<PairKey>& found) {
  looked_at_ += cell.entries.size();
  const double from_u = (static_cast<double>(column) + 0.5) * cell_ - look.at.u,
               from_v = (static_cast<double>(row) + 0.5) * cell_ - look.at.v;
  const auto now_ms = (look.now - base_).ms();
  const double ahead2 = wanted_.ahead_m * wanted_.ahead_m;
  for (const Entry& entry : cell.entries) {
    const double since = static_cast<double>(now_ms - entry.filed_ms) * 0.001;
    const double eu = static_cast<double>(entry.du), ev = static_cast<double>(entry.dv);
    const double u = from_u + static_cast<double>(entry.u) + eu * since, v = from_v + static_cast<double>(entry.v) + ev * since;
    const double pu = eu - look.pace.u, pv = ev - look.pace.v;
    const double far2 = u * u + v * v, pace2 = pu * pu + pv * pv, away = u * pu + v * pv;
    double when = -away / std::max(pace2, 1e-12);
    when = std::min(std::max(when, -look.age), wanted_.ahead_s);
    const double least2 = far2 + when * (away + away + when * pace2);
    const double slack = wanted_.encounter_m + (static_cast<double>(entry.fastest) + look.fastest) * (look.age + 1);
    const bool near = (far2 <= slack * slack) | (least2 <= ahead2);
    if (near & (entry.party != look.party)) found.push_back(pair_of(look.unit, entry.unit));
  }
}

}  // namespace wideberth::live
