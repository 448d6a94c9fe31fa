#include "live/join.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace wideberth::live {

namespace {

// Vectors of four fit every processor of this kind, vectors of eight those with AVX2. The sums are the same.
using Four = float __attribute__((vector_size(16)));
using FourMask = std::int32_t __attribute__((vector_size(16)));
using Eight = float __attribute__((vector_size(32)));
using EightMask = std::int32_t __attribute__((vector_size(32)));
constexpr std::size_t kMostLanes = 8;

bool has_eight() {
#ifdef __x86_64__
  return __builtin_cpu_supports("avx2") != 0;
#else
  return false;
#endif
}

/// A bit for each lane that is set.
[[gnu::always_inline]] inline unsigned lanes_of(const FourMask& mask) {
#ifdef __SSE2__
  return static_cast<unsigned>(__builtin_ia32_movmskps(std::bit_cast<Four>(mask)));
#else
  unsigned lanes = 0;
  for (unsigned lane = 0; lane < 4; ++lane)
    if (mask[lane] != 0) lanes |= 1U << lane;
  return lanes;
#endif
}
[[gnu::always_inline]] inline unsigned lanes_of(const EightMask& mask) {
  const FourMask low = __builtin_shufflevector(mask, mask, 0, 1, 2, 3), high = __builtin_shufflevector(mask, mask, 4, 5, 6, 7);
  return lanes_of(low) | lanes_of(high) << 4;
}

/// Of a coordinate kept as float, and of a difference of two: metres for each metre of the face's extent.
constexpr double kCoordinateError = 4e-7;
/// Of the square of a least distance, for each square metre of the distance now: some ten roundings.
constexpr float kSquareError = 4e-6F;

}  // namespace

struct Join::Asked {
  float u, v, du, dv, fastest, age, encounter, ahead2, ahead_s;
  std::uint32_t unit;
};

// A run of units against one: no branch but for those that pass.
template <class Floats>
[[gnu::always_inline]] inline void Join::filter(const Asked& asked, std::uint32_t first, std::uint32_t end,
                                                std::vector<PairKey>& found) const {
  constexpr std::uint32_t kLanes = sizeof(Floats) / sizeof(float);
  const Floats none{};
  const auto load = [](Floats& into, const float* from)
                        __attribute__((always_inline)) { __builtin_memcpy(&into, from, sizeof into); };
  for (std::uint32_t i = first; i < end; i += kLanes) {
    Floats du, dv, pu, pv, age, fastest;
    load(du, &u_[i]), load(dv, &v_[i]), load(pu, &du_[i]), load(pv, &dv_[i]), load(age, &age_[i]), load(fastest, &fastest_[i]);
    du -= asked.u, dv -= asked.v, pu -= asked.du, pv -= asked.dv;
    age = age > asked.age ? age : none + asked.age;
    const Floats far2 = du * du + dv * dv, pace2 = pu * pu + pv * pv, away = du * pu + dv * pv;
    Floats when = -away / (pace2 > 1e-9F ? pace2 : none + 1e-9F);
    when = when < -age ? -age : when;
    when = when > asked.ahead_s ? none + asked.ahead_s : when;
    const Floats least2 = far2 + when * (away + away + when * pace2) - far2 * kSquareError;
    const Floats slack = asked.encounter + (fastest + asked.fastest) * (age + 1.0F) * 1.00001F;
    const auto near = ((far2 <= slack * slack * 1.00001F) | (least2 <= asked.ahead2)) & (age >= 0.0F);
    unsigned lanes = lanes_of(near);
    if (end - i < kLanes) lanes &= (1U << (end - i)) - 1;
    for (; lanes != 0; lanes &= lanes - 1)
      found.push_back(pair_of(asked.unit, unit_[i + static_cast<unsigned>(std::countr_zero(lanes))]));
  }
}

void Join::ask_four(const Asked& asked, std::uint32_t first, std::uint32_t end, std::vector<PairKey>& found) const {
  filter<Four>(asked, first, end, found);
}
#ifdef __x86_64__
[[gnu::target("avx2")]]
#endif
void Join::ask_eight(const Asked& asked, std::uint32_t first, std::uint32_t end, std::vector<PairKey>& found) const {
  filter<Eight>(asked, first, end, found);
}

Join::Join() : eight_{has_eight()} {}

void Join::find(const Units& units, const Tracks& tracks, std::span<const Moved> moved, Instant now, Instant stale_before,
                const Wanted& wanted, std::vector<PairKey>& found) {
  looked_at_ = 0;
  const std::size_t parties = units.parties().size();
  see(units, tracks, moved, now, stale_before);
  measure(wanted);
  lay_out(parties);
  sort();
  for (std::uint32_t i = 0; i < seen_.size(); ++i) {
    const auto side = static_cast<std::uint32_t>(side_[i] >> 16), party = static_cast<std::uint32_t>(side_[i] & 0xffff);
    const Seen seen{u_[i], v_[i], du_[i], dv_[i], fastest_[i], age_[i], unit_[i], party, side, 0};
    if (party + 1 < parties) ask_around(seen, parties, tracks, now, false, found);
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
  for (cell_ = width_;; cell_ *= 2) {
    std::size_t cells = 0;
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

std::uint32_t Join::cell_of(const Grid& grid, float u, float v) const {
  const auto along = [&](float at, float low) {
    return static_cast<std::uint32_t>((static_cast<double>(at) - static_cast<double>(low)) / cell_);
  };
  return std::min(along(v, grid.low_v), grid.rows - 1) * grid.columns + std::min(along(u, grid.low_u), grid.columns - 1);
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

// Each pair once: the unit of the earlier party asks. A slow one asks again, of every party and wider.
void Join::ask_around(const Seen& seen, std::size_t parties, const Tracks& tracks, Instant now, bool all_parties,
                      std::vector<PairKey>& found) {
  const double width = all_parties ? all_width_ : width_;
  for (std::size_t side = 0; side < face::kFaces; ++side) {
    const Grid& grid = grids_[side];
    if (!grid.used) continue;
    Seen there = seen;
    if (side != seen.face) {
      const Motion& motion = tracks.motion({seen.unit});
      const Vec3 at = motion.at + motion.velocity * seconds_of(now - motion.last);
      if (!face::reaches(side, at, width)) continue;
      const face::Spot spot = face::on(side, at), pace = face::on(side, motion.velocity);
      there.u = static_cast<float>(spot.u - grid.u), there.v = static_cast<float>(spot.v - grid.v);
      there.du = static_cast<float>(pace.u), there.dv = static_cast<float>(pace.v);
    }
    for (std::uint32_t party = all_parties ? 0 : seen.party + 1; party < parties; ++party)
      if (party != seen.party) ask_face(there, grid, party, width, found);
  }
}

void Join::ask_face(const Seen& seen, const Grid& grid, std::uint32_t party, double width, std::vector<PairKey>& found) {
  const auto cell = [&](float at, float low, double by, std::uint32_t count) {
    const double to = std::floor((static_cast<double>(at) - static_cast<double>(low) + by) / cell_);
    return static_cast<std::uint32_t>(std::clamp(to, 0.0, static_cast<double>(count - 1)));
  };
  const float far = static_cast<float>(width);
  if (seen.u + far < grid.low_u || seen.u - far > grid.high_u || seen.v + far < grid.low_v || seen.v - far > grid.high_v) return;
  const std::uint32_t left = cell(seen.u, grid.low_u, -width, grid.columns),
                      right = cell(seen.u, grid.low_u, width, grid.columns);
  const std::uint32_t low = cell(seen.v, grid.low_v, -width, grid.rows), high = cell(seen.v, grid.low_v, width, grid.rows);
  const std::size_t base = grid.starts + party * (std::size_t{grid.columns} * grid.rows);
  const float ahead2 = static_cast<float>(wanted_.ahead_m * wanted_.ahead_m * 1.0001);
  const Asked asked{seen.u,
                    seen.v,
                    seen.du,
                    seen.dv,
                    seen.fastest,
                    seen.age,
                    static_cast<float>(wanted_.encounter_m),
                    ahead2,
                    static_cast<float>(wanted_.ahead_s),
                    seen.unit};
  for (std::uint32_t row = low; row <= high; ++row) {
    const std::size_t at = base + std::size_t{row} * grid.columns;
    const std::uint32_t first = starts_[at + left], end = starts_[at + right + 1];
    looked_at_ += end - first;
    if (eight_)
      ask_eight(asked, first, end, found);
    else
      ask_four(asked, first, end, found);
  }
}

}  // namespace wideberth::live
