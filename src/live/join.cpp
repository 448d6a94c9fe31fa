#include "live/join.h"

#include <algorithm>
#include <bit>
#include <cmath>

#include "live/lanes.h"

namespace wideberth::live {

namespace {

/// Pairs looked at for each unit: with more than kCrowded cells become finer, with fewer than kSparse coarse again.
constexpr std::size_t kCrowded = 70, kSparse = 40;
/// Of a coordinate kept as float, and of a difference of two: metres for each metre of the face's extent.
constexpr double kCoordinateError = 4e-7;

}  // namespace

struct Join::Asked {
  float u, v, du, dv, fastest, age, near, ahead2, ahead_s;
  std::uint32_t unit;
};

Join::Asked Join::asked_of(std::size_t unit) const {
  return {u_[unit],
          v_[unit],
          du_[unit],
          dv_[unit],
          fastest_[unit],
          age_[unit],
          static_cast<float>(std::max(wanted_.encounter_m, wanted_.ahead_m)),
          static_cast<float>(wanted_.ahead_m * wanted_.ahead_m * 1.0001),
          static_cast<float>(wanted_.ahead_s),
          unit_[unit]};
}

// All that was gathered against one: first, without a branch, in which blocks any can pass; then those blocks.
template <class Floats>
[[gnu::always_inline]] inline void Join::filter(const Asked& asked, std::vector<PairKey>& found) {
  constexpr std::uint32_t kLanes = sizeof(Floats) / sizeof(float);
  const auto load = [](Floats& into, const float* from)
                        __attribute__((always_inline)) { __builtin_memcpy(&into, from, sizeof into); };
  const Floats none{};
  const Gathered& g = gathered_;
  const float *us = g.u.data(), *vs = g.v.data(), *dus = g.du.data(), *dvs = g.dv.data(), *ages = g.age.data(),
              *speeds = g.fastest.data();
  std::uint32_t* const blocks = blocks_.data();
  const Floats u = none + asked.u, v = none + asked.v, own_du = none + asked.du, own_dv = none + asked.dv,
               own_age = none + asked.age, own_speed = none + asked.fastest, near = none + asked.near,
               ahead2 = none + asked.ahead2;
  // The greatest age and speed of all stand for each one's own.
  const float most_age = std::max(g.most_age, asked.age),
              widest = asked.near + (g.most_speed + asked.fastest) * (most_age + 1) * 1.00001F;
  const Floats oldest = none + most_age, widest2 = none + widest * widest * 1.00001F;
  const std::uint32_t end = g.count;
  std::uint32_t kept = 0;
  for (std::uint32_t i = 0; i < end; i += kLanes) {
    Floats du, dv, pu, pv;
    load(du, us + i), load(dv, vs + i), load(pu, dus + i), load(pv, dvs + i);
    du -= u, dv -= v, pu -= own_du, pv -= own_dv;
    const Floats far2 = du * du + dv * dv, pace2 = pu * pu + pv * pv, away = du * pu + dv * pv;
    // Going straight on for ever most would pass each other further off, or have passed: no division for them.
    const auto passing = ((far2 - far2 * kSquareError - ahead2) * pace2 <= away * away) & (away <= oldest * pace2);
    blocks[kept] = i;
    kept += lanes_of((far2 <= widest2) | passing) != 0 ? 1U : 0U;
  }
  for (std::uint32_t k = 0; k < kept; ++k) {
    const std::uint32_t i = blocks[k];
    Floats du, dv, pu, pv, age, speed;
    load(du, us + i), load(dv, vs + i), load(pu, dus + i), load(pv, dvs + i), load(age, ages + i), load(speed, speeds + i);
    du -= u, dv -= v, pu -= own_du, pv -= own_dv;
    age = age > own_age ? age : own_age;
    const Floats far2 = du * du + dv * dv, pace2 = pu * pu + pv * pv, away = du * pu + dv * pv;
    const Floats slack = near + (speed + own_speed) * (age + 1.0F) * 1.00001F;
    Floats when = -away / (pace2 > 1e-9F ? pace2 : none + 1e-9F);
    when = when < -age ? -age : when;
    when = when > asked.ahead_s ? none + asked.ahead_s : when;
    const Floats least2 = far2 + when * (away + away + when * pace2) - far2 * kSquareError;
    const auto wanted = ((far2 <= slack * slack * 1.00001F) | (least2 <= ahead2)) & (age >= 0.0F);
    for (unsigned lanes = lanes_of(wanted); lanes != 0; lanes &= lanes - 1)
      found.push_back(pair_of(asked.unit, g.unit[i + static_cast<unsigned>(std::countr_zero(lanes))]));
  }
}

void Join::ask_four(const Asked& asked, std::vector<PairKey>& found) { filter<Four>(asked, found); }
#ifdef __x86_64__
[[gnu::target("avx2")]]
#endif
void Join::ask_eight(const Asked& asked, std::vector<PairKey>& found) {
  filter<Eight>(asked, found);
}

void Join::ask(const Asked& asked, std::vector<PairKey>& found) {
  looked_at_ += gathered_.real;
  if (eight_)
    ask_eight(asked, found);
  else
    ask_four(asked, found);
}

Join::Join() : eight_{has_eight_lanes()} {}

void Join::find(const Units& units, const Tracks& tracks, std::span<const Moved> moved, Instant now, Instant stale_before,
                const Wanted& wanted, std::vector<PairKey>& found) {
  looked_at_ = 0;
  const std::size_t parties = units.parties().size();
  see(units, tracks, moved, now, stale_before);
  measure(wanted);
  lay_out(parties);
  sort();
  for (const Grid& grid : grids_)
    if (grid.used)
      for (std::uint32_t party = 0; party + 1 < parties; ++party) ask_cells(grid, party, parties, found);
  fine_ = looked_at_ > (fine_ > 1 ? kSparse : kCrowded) * seen_.size() ? 2 : 1;
  const bool one_face = std::count_if(grids_.begin(), grids_.end(), [](const Grid& grid) { return grid.used; }) == 1;
  if (one_face && all_age_ <= kSlow) return;
  for (std::uint32_t i = 0; i < seen_.size(); ++i) {
    const auto side = static_cast<std::uint32_t>(side_[i] >> 16), party = static_cast<std::uint32_t>(side_[i] & 0xffff);
    const Seen seen{u_[i], v_[i], du_[i], dv_[i], fastest_[i], age_[i], unit_[i], party, side, 0};
    if (party + 1 < parties && !one_face) ask_around(seen, parties, tracks, now, false, found);
    if (is_slow(seen)) ask_around(seen, parties, tracks, now, true, found);
  }
}

void Join::see(const Units& units, const Tracks& tracks, std::span<const Moved> moved, Instant now, Instant stale_before) {
  ages_.assign(tracks.size(), -1);
  for (const Moved& one : moved) ages_[one.unit.value] = static_cast<float>(seconds_of(now - one.from)) * 1.000001F;
  seen_.clear();
  grids_.fill({});
  for (std::uint32_t i = 0; i < tracks.size(); ++i) {
    const Motion& motion = tracks.motion({i});
    if (motion.fastest_mps < 0 || motion.last < stale_before) continue;
    const Vec3 at = motion.at + motion.velocity * seconds_of(now - motion.last);
    const std::size_t side = face::of(at);
    const face::Spot spot = face::on(side, at), pace = face::on(side, motion.velocity);
    Grid& grid = grids_[side];
    if (!grid.used) grid.u = spot.u, grid.v = spot.v, grid.used = true;
    const float u = static_cast<float>(spot.u - grid.u), v = static_cast<float>(spot.v - grid.v);
    grid.low_u = std::min(grid.low_u, u);
    grid.high_u = std::max(grid.high_u, u);
    grid.low_v = std::min(grid.low_v, v);
    grid.high_v = std::max(grid.high_v, v);
    seen_.push_back({u, v, static_cast<float>(pace.u), static_cast<float>(pace.v), motion.fastest_mps, ages_[i], i,
                     units.party_of({i}), static_cast<std::uint32_t>(side), 0});
  }
}

void Join::measure(const Wanted& wanted) {
  top_speed_ = top_age_ = all_speed_ = all_age_ = 0;
  for (const Seen& seen : seen_) {
    all_speed_ = std::max(all_speed_, seen.fastest);
    all_age_ = std::max(all_age_, seen.age);
    if (is_slow(seen)) continue;
    top_speed_ = std::max(top_speed_, seen.fastest);
    top_age_ = std::max(top_age_, seen.age);
  }
  double extent = 0;
  for (const Grid& grid : grids_)
    extent = std::max({extent, static_cast<double>(grid.high_u) - static_cast<double>(grid.low_u),
                       static_cast<double>(grid.high_v) - static_cast<double>(grid.low_v)});
  const double margin = extent * kCoordinateError + 0.1;
  wanted_ = {wanted.reach_m + 2 * margin, wanted.encounter_m + margin, wanted.ahead_m + margin, wanted.ahead_s};
  width_ = wanted_.reach_m + 2.00001 * static_cast<double>(top_speed_) * (static_cast<double>(top_age_) + 1);
  all_width_ = wanted_.reach_m + 2.00001 * static_cast<double>(all_speed_) * (static_cast<double>(all_age_) + 1);
}

// Cells as wide as a search is, or wider where the units lie so far apart that a table of such cells would be mostly empty.
void Join::lay_out(std::size_t parties) {
  const std::size_t most = (4 * seen_.size() + 65'536) / std::max<std::size_t>(parties, 1) + 64;
  for (cell_ = width_ / fine_;; cell_ *= 2) {
    std::size_t cells = 0;
    per_cell_ = 1 / cell_;
    for (Grid& grid : grids_) {
      if (!grid.used) continue;
      const auto along = [&](float low, float high) {
        return std::floor((static_cast<double>(high) - static_cast<double>(low)) / cell_) + 1;
      };
      const double columns = along(grid.low_u, grid.high_u), rows = along(grid.low_v, grid.high_v);
      if (columns * rows > static_cast<double>(most)) {
        cells = most + 1;
        break;
      }
      grid.columns = static_cast<std::uint32_t>(columns);
      grid.rows = static_cast<std::uint32_t>(rows);
      grid.starts = cells * parties;
      cells += std::size_t{grid.columns} * grid.rows;
    }
    if (cells > most) continue;
    starts_.assign(cells * parties + 2, 0);
    return;
  }
}

// Rises with the distance, whatever the rounding: what lies between two distances lies between their cells.
std::uint32_t Join::cell_at(double from_edge, std::uint32_t count) const {
  return static_cast<std::uint32_t>(std::clamp(from_edge * per_cell_, 0.0, static_cast<double>(count - 1)));
}

std::uint32_t Join::cell_of(const Grid& grid, float u, float v) const {
  return cell_at(static_cast<double>(v) - static_cast<double>(grid.low_v), grid.rows) * grid.columns +
         cell_at(static_cast<double>(u) - static_cast<double>(grid.low_u), grid.columns);
}

void Join::sort() {
  for (Seen& seen : seen_) {
    const Grid& grid = grids_[seen.face];
    const std::size_t cells = std::size_t{grid.columns} * grid.rows;
    seen.cell = static_cast<std::uint32_t>(grid.starts + seen.party * cells) + cell_of(grid, seen.u, seen.v);
    ++starts_[seen.cell + 2];
  }
  for (std::size_t i = 2; i < starts_.size(); ++i) starts_[i] += starts_[i - 1];
  const std::size_t room = seen_.size() + kMostLanes;
  for (auto* column : {&u_, &v_, &du_, &dv_, &fastest_, &age_}) column->resize(room);
  unit_.resize(room);
  side_.resize(room);
  for (const Seen& seen : seen_) {
    const std::uint32_t to = starts_[seen.cell + 1]++;
    u_[to] = seen.u, v_[to] = seen.v, du_[to] = seen.du, dv_[to] = seen.dv;
    fastest_[to] = seen.fastest, age_[to] = seen.age, unit_[to] = seen.unit;
    side_[to] = seen.face << 16 | seen.party;
  }
}

void Join::Gathered::clear() { count = real = 0; }

void Join::gather(std::uint32_t first, std::uint32_t end) {
  const std::size_t at = gathered_.count, more = end - first;
  gathered_.count += static_cast<std::uint32_t>(more);
  if (gathered_.unit.size() < gathered_.count + kMostLanes) gathered_.resize(2 * (gathered_.count + kMostLanes));
  const auto copy = [&](const auto& from, auto& to) {
    std::copy_n(from.begin() + first, more, to.begin() + static_cast<std::ptrdiff_t>(at));
  };
  copy(u_, gathered_.u), copy(v_, gathered_.v), copy(du_, gathered_.du), copy(dv_, gathered_.dv);
  copy(fastest_, gathered_.fastest), copy(age_, gathered_.age), copy(unit_, gathered_.unit);
}

/// Fills the last block with what is near nobody.
void Join::pad() {
  constexpr float kNowhere = 1e15F;
  Gathered& g = gathered_;
  g.real = g.count;
  g.most_age = g.most_speed = 0;
  for (std::uint32_t i = 0; i < g.count; ++i) {
    g.most_age = std::max(g.most_age, g.age[i]);
    g.most_speed = std::max(g.most_speed, g.fastest[i]);
  }
  if (g.unit.size() < g.count + kMostLanes) g.resize(g.count + kMostLanes);
  for (; g.count % kMostLanes != 0; ++g.count)
    g.u[g.count] = g.v[g.count] = kNowhere, g.du[g.count] = g.dv[g.count] = g.fastest[g.count] = g.age[g.count] = 0,
    g.unit[g.count] = 0;
  blocks_.resize(g.count + 1);
}

void Join::Gathered::resize(std::size_t size) {
  for (auto* column : {&u, &v, &du, &dv, &fastest, &age}) column->resize(size);
  unit.resize(size);
}

// Each pair once: the units of the earlier party ask, those of one cell together, whatever lies around the cell.
void Join::ask_cells(const Grid& grid, std::uint32_t party, std::size_t parties, std::vector<PairKey>& found) {
  const std::size_t cells = std::size_t{grid.columns} * grid.rows, own = grid.starts + party * cells;
  const double pace = 2 * static_cast<double>(top_speed_) * std::max(wanted_.ahead_s, static_cast<double>(top_age_) + 1);
  const double width = std::min(width_, (std::max(wanted_.encounter_m, wanted_.ahead_m) + pace) * 1.00001) + 0.1;
  std::vector<std::uint32_t> aside;  // by how many rows further: how many columns to either side
  for (double off = 0; off < width; off += aside.size() > 1 ? cell_ : 0) {
    aside.push_back(static_cast<std::uint32_t>(std::min(std::sqrt(width * width - off * off) * per_cell_ + 1, 4e9)));
  }
  for (std::uint32_t row = 0; row < grid.rows; ++row)
    for (std::uint32_t column = 0; column < grid.columns; ++column) {
      const std::size_t cell = own + std::size_t{row} * grid.columns + column;
      if (starts_[cell] == starts_[cell + 1]) continue;
      gathered_.clear();
      for (std::uint32_t other = party + 1; other < parties; ++other) {
        const auto rows = static_cast<std::uint32_t>(aside.size() - 1);
        for (std::uint32_t r = row - std::min(row, rows); r <= row + std::min(grid.rows - 1 - row, rows); ++r) {
          const std::uint32_t reach = aside[r < row ? row - r : r - row];
          const std::size_t at = grid.starts + other * cells + std::size_t{r} * grid.columns;
          const std::uint32_t first = starts_[at + column - std::min(column, reach)],
                              end = starts_[at + column + std::min(grid.columns - 1 - column, reach) + 1];
          if (first != end) gather(first, end);
        }
      }
      if (gathered_.count == 0) continue;
      pad();
      for (std::uint32_t i = starts_[cell]; i < starts_[cell + 1]; ++i) ask(asked_of(i), found);
    }
}

// What a cell's neighbourhood does not hold: units of other faces; of a slow one, those of every party, and wider.
void Join::ask_around(const Seen& seen, std::size_t parties, const Tracks& tracks, Instant now, bool all_parties,
                      std::vector<PairKey>& found) {
  const double width = all_parties ? all_width_ : width_;
  for (std::size_t side = 0; side < face::kFaces; ++side) {
    const Grid& grid = grids_[side];
    if (!grid.used || (side == seen.face && !all_parties)) continue;
    Seen there = seen;
    if (side != seen.face) {
      const Motion& motion = tracks.motion({seen.unit});
      const Vec3 at = motion.at + motion.velocity * seconds_of(now - motion.last);
      if (!face::reaches(side, at, width)) continue;
      const face::Spot spot = face::on(side, at), pace = face::on(side, motion.velocity);
      there.u = static_cast<float>(spot.u - grid.u), there.v = static_cast<float>(spot.v - grid.v);
      there.du = static_cast<float>(pace.u), there.dv = static_cast<float>(pace.v);
    }
    gathered_.clear();
    for (std::uint32_t party = all_parties ? 0 : seen.party + 1; party < parties; ++party)
      if (party != seen.party) gather_around(there, grid, party, width);
    if (gathered_.count == 0) continue;
    pad();
    Asked asked = asked_of(0);
    asked.u = there.u, asked.v = there.v, asked.du = there.du, asked.dv = there.dv;
    asked.fastest = there.fastest, asked.age = there.age, asked.unit = there.unit;
    ask(asked, found);
  }
}

void Join::gather_around(const Seen& seen, const Grid& grid, std::uint32_t party, double width) {
  const double u = static_cast<double>(seen.u) - static_cast<double>(grid.low_u),
               v = static_cast<double>(seen.v) - static_cast<double>(grid.low_v);
  const double far_u = static_cast<double>(grid.high_u) - static_cast<double>(grid.low_u),
               far_v = static_cast<double>(grid.high_v) - static_cast<double>(grid.low_v);
  if (u + width < 0 || u - width > far_u || v + width < 0 || v - width > far_v) return;
  const std::uint32_t left = cell_at(u - width, grid.columns), right = cell_at(u + width, grid.columns);
  const std::uint32_t low = cell_at(v - width, grid.rows), high = cell_at(v + width, grid.rows);
  const std::size_t base = grid.starts + party * (std::size_t{grid.columns} * grid.rows);
  for (std::uint32_t row = low; row <= high; ++row) {
    const std::size_t at = base + std::size_t{row} * grid.columns;
    if (starts_[at + left] != starts_[at + right + 1]) gather(starts_[at + left], starts_[at + right + 1]);
  }
}

}  // namespace wideberth::live
