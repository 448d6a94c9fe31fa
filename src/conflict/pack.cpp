#include "conflict/pack.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <tuple>

#include "base/check.h"
#include "geo/pair.h"

namespace wideberth::conflict {

namespace {

// Units of the classes in space: cells of 4 km, 33 km, 262 km, 2097 km and 67,109 km. A group goes to the first class of which it
// is at most half a cell wide; the last takes all that the earth and the widest corridors can ask for.
constexpr std::array kUnits_m{0.5, 4.0, 32.0, 256.0, 8192.0};
// Classes in time: up to two hours, up to 32 hours, and whatever lasts longer.
constexpr std::array kLasting_ms{7.2e6, 1.152e8};
constexpr std::size_t kTimes = kLasting_ms.size() + 1;
// Rounding in space is far below this.
constexpr double kSpare_m = 0.01;

geo::Box widened(geo::Box box, double by_m) {
  const geo::Vec3 by{by_m, by_m, by_m};
  box.low = box.low - by;
  box.high = box.high + by;
  return box;
}

// The chord of a distance is never longer than the distance, and bound_m(a, b) is at most the sum of all four strays: the
// reach of two plans is at most the separation and what each of them adds here.
double share_m(const geo::Plan& plan) { return plan.half_width().metres() + plan.sag_m() + plan.sideways_m() + kSpare_m; }

std::size_t class_of(const geo::Box& box) {
  const geo::Vec3 size = box.high - box.low;
  const double widest = std::max({size.x, size.y, size.z});
  std::size_t space = 0, time = 0;
  while (space + 1 < kUnits_m.size() && widest > kUnits_m[space] * (1 << (kCellBits - 1))) ++space;
  while (time < kLasting_ms.size() && box.l - box.e > kLasting_ms[time]) ++time;
  return space * kTimes + time;
}

Scale scale_of(std::size_t which, double origin_ms, double span_ms) {
  const std::size_t time = which % kTimes;
  const double lasts = time < kLasting_ms.size() ? kLasting_ms[time] : span_ms;
  return {kUnits_m[which / kTimes], std::max({250.0, lasts / 65'000, span_ms / 2.1e9}), origin_ms};
}

std::size_t groups_in(const geo::Plan& plan) { return (plan.pieces().size() + kGroup - 1) / kGroup; }

std::uint32_t mm_of(Metres metres) { return static_cast<std::uint32_t>(metres.mm()); }

}  // namespace

geo::Box filed_bounds(const geo::Plan& plan) { return widened(plan.bounds(), share_m(plan)); }

Probe::Probe(const geo::Plan& of, Metres widest) : plan{of} {
  const double by = share_m(plan) + widest.metres();
  if (plan.shape() == geo::Plan::Shape::polygon) {
    boxes.push_back(widened(plan.bounds(), by));
    return;
  }
  boxes.reserve(plan.pieces().size());
  for (const geo::Piece& piece : plan.pieces()) boxes.push_back(widened(geo::box_of(piece), by));
}

Pack::Pack(std::vector<Filed> filed) {
  const auto by_key = [](const Filed& a, const Filed& b) { return a.key < b.key; };
  if (!std::is_sorted(filed.begin(), filed.end(), by_key)) std::sort(filed.begin(), filed.end(), by_key);
  double origin = std::numeric_limits<double>::infinity(), last = -origin;
  std::map<std::string, std::uint32_t, std::less<>> parties;
  slots_.reserve(filed.size());
  for (Filed& each : filed) {
    const geo::Plan& plan = *each.plan;
    origin = std::min(origin, plan.bounds().e);
    last = std::max(last, plan.bounds().l);
    const auto party = parties.try_emplace(each.party, static_cast<std::uint32_t>(parties.size())).first->second;
    if (party == parties_.size()) parties_.push_back(std::move(each.party));
    Slot slot{.key = each.key,
              .plan = {},
              .pieces = plan.shape() == geo::Plan::Shape::polygon ? nullptr : plan.pieces().data(),
              .track = plan.track(),
              .party = party,
              .half_width_mm = mm_of(plan.half_width()),
              .low_mm = mm_of(plan.altitude().low),
              .high_mm = mm_of(plan.altitude().high)};
    slot.plan = std::move(each.plan);
    slots_.push_back(std::move(slot));
  }
  std::size_t groups = 0;
  for (const Slot& slot : slots_) groups += slot.pieces == nullptr ? 1 : groups_in(*slot.plan);
  for (std::size_t i = 0; i < kUnits_m.size() * kTimes; ++i) grids_.emplace_back(scale_of(i, origin, last - origin), groups);
  for (std::uint32_t i = 0; i < slots_.size(); ++i) file(i);
  for (Grid& grid : grids_) grid.pack();
}

void Pack::file(std::uint32_t at) {
  const Slot& slot = slots_[at];
  const double by = share_m(*slot.plan);
  if (slot.pieces == nullptr) {
    const geo::Box box = filed_bounds(*slot.plan);
    return grids_[class_of(box)].add({&box, 1}, at, 0);
  }
  const auto pieces = slot.plan->pieces();
  WB_CHECK(pieces.size() <= std::numeric_limits<std::uint16_t>::max() + std::size_t{1});
  // As few groups as there can be, of as many pieces each.
  const std::size_t groups = groups_in(*slot.plan);
  for (std::size_t g = 0, i = 0; g < groups; ++g) {
    const std::size_t first = i, end = (g + 1) * pieces.size() / groups;
    std::array<geo::Box, kGroup> boxes;
    geo::Box all = geo::box_of(pieces[first]);
    for (; i < end; ++i) {
      boxes[i - first] = widened(geo::box_of(pieces[i]), by);
      all = geo::join(all, boxes[i - first]);
    }
    grids_[class_of(all)].add({boxes.data(), end - first}, at, static_cast<std::uint16_t>(first));
  }
}

std::uint32_t Pack::number_of(std::string_view party) const {
  return static_cast<std::uint32_t>(std::find(parties_.begin(), parties_.end(), party) - parties_.begin());
}

std::optional<std::size_t> Pack::slot_of(EntryIndex key) const {
  const auto at = std::lower_bound(slots_.begin(), slots_.end(), key, [](const Slot& s, EntryIndex k) { return s.key < k; });
  if (at == slots_.end() || at->key != key) return std::nullopt;
  return static_cast<std::size_t>(at - slots_.begin());
}

std::size_t Pack::bytes() const {
  std::size_t bytes = sizeof *this + slots_.capacity() * sizeof(Slot) + grids_.capacity() * sizeof(Grid);
  for (const std::string& party : parties_) bytes += sizeof(std::string) + party.capacity();
  for (const Grid& grid : grids_) bytes += grid.bytes();
  return bytes;
}

namespace {

// g++ takes a function that only prefetches for one that does nothing, and drops the calls: these stand where they are used.
[[gnu::always_inline]] inline void ask_for(const void* what, std::size_t bytes) {
  for (std::size_t line = 0; line < bytes; line += 64) __builtin_prefetch(static_cast<const char*>(what) + line);
}

// What is read next of a pair.
[[gnu::always_inline]] inline void ask_for_pair(const Slot& slot, const GroupPair& pair) {
  if (slot.pieces == nullptr) return;
  std::uint32_t filed = pair.filed();
  if (slot.track != nullptr) {
    __builtin_prefetch(slot.track);
    // A corner is half a line, and a piece two corners.
    for (; filed != 0; filed &= filed - 1) {
      const auto* const corner = &slot.track->corners[static_cast<std::size_t>(std::countr_zero(filed))];
      __builtin_prefetch(corner);
      __builtin_prefetch(corner + 1);
    }
    return;
  }
  ask_for(slot.plan.get(), 192);
  for (; filed != 0; filed &= filed - 1) ask_for(slot.pieces + pair.piece + std::countr_zero(filed), sizeof(geo::Piece));
}

}  // namespace

void Pack::find(const Probe& probe, std::vector<GroupPair>& pairs) const {
  const Grid::Ahead ahead{reinterpret_cast<const char*>(slots_.data()), sizeof(Slot)};
  Grid::find(grids_, probe.boxes, ahead, pairs);
  std::sort(pairs.begin(), pairs.end(), [](const GroupPair& a, const GroupPair& b) {
    return std::tie(a.slot, a.asked, a.piece) < std::tie(b.slot, b.asked, b.piece);
  });
  for (const GroupPair& pair : pairs) ask_for_pair(slots_[pair.slot], pair);
}

namespace {

double reach_of(const geo::Plan& plan, const Slot& slot, Metres owed, double bound) {
  const double ground = (owed + plan.half_width() + Metres::from_mm(slot.half_width_mm)).metres();
  return geo::longest_chord_m(ground) + bound;
}

bool bands_meet(const geo::Plan& plan, const Slot& slot) {
  return plan.altitude().low.mm() <= slot.high_mm && slot.low_mm <= plan.altitude().high.mm();
}

// A millimetre is far more than rounding, or the order of two, can make of a distance: within it the plans are asked as everybody
// asks them.
constexpr double kDoubt_m = 0.001;

}  // namespace

std::optional<double> least_of(const geo::Plan& plan, const Slot& slot, Metres owed, std::span<const GroupPair> pairs) {
  if (!bands_meet(plan, slot)) return std::nullopt;
  if (slot.pieces == nullptr || plan.shape() == geo::Plan::Shape::polygon) return geo::least_possible(plan, *slot.plan, owed);
  const double bound = geo::bound_m(plan, *slot.plan), reach = reach_of(plan, slot, owed, bound);
  double least2 = std::numeric_limits<double>::infinity();
  for (const GroupPair& pair : pairs)
    pair.for_each(pair.now, [&](std::uint32_t i, std::uint32_t j) {
      if (least2 <= bound * bound) return;
      const geo::Piece &p = plan.pieces()[i], &q = slot.pieces[j];
      const auto at = geo::nearest(geo::Chords{p, q}, geo::possible(p), geo::possible(q));
      if (at && at->distance2 < least2) least2 = at->distance2;
    });
  const double over = reach + kDoubt_m, under = std::max(0.0, reach - kDoubt_m);
  if (least2 > over * over) return std::nullopt;
  if (!(least2 < under * under)) return geo::least_possible(plan, *slot.plan, owed);
  return least2 <= bound * bound ? 0 : geo::along_ground_m(std::sqrt(least2));
}

std::optional<geo::Meeting> meeting_of(const geo::Plan& plan, const Slot& slot, Metres owed, std::span<const GroupPair> pairs) {
  if (!bands_meet(plan, slot)) return std::nullopt;
  if (slot.pieces == nullptr || plan.shape() == geo::Plan::Shape::polygon) return geo::meet(plan, *slot.plan, owed);
  // Most of those that are not near are known by the first look; a whole answer begins with more.
  const double over = reach_of(plan, slot, owed, geo::bound_m(plan, *slot.plan)) + kDoubt_m;
  bool near = false;
  for (const GroupPair& pair : pairs)
    pair.for_each(pair.now, [&](std::uint32_t i, std::uint32_t j) {
      near = near || geo::too_near(plan.pieces()[i], slot.pieces[j], over * over);
    });
  if (!near) return std::nullopt;
  // Of plans of one group each, the pairs are all there are.
  if (pairs.size() == 1 && plan.pieces().size() <= kGroup && slot.plan->pieces().size() <= kGroup)
    return geo::meet(plan, *slot.plan, owed, {pairs[0].ever, pairs[0].on_schedule});
  return geo::meet(plan, *slot.plan, owed);
}

}  // namespace wideberth::conflict
