#include "conflict/pack.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

#include "base/check.h"
#include "geo/pair.h"

namespace wideberth::conflict {

namespace {

// Units of the classes in space: cells of 16 km, 131 km, 1049 km and 16,777 km. A box goes to the first class of which it is
// at most half a cell wide; the last takes all that the earth and the widest corridors can ask for.
constexpr std::array kUnits_m{2.0, 16.0, 128.0, 2048.0};
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
  return {kUnits_m[which / kTimes], std::max({250.0, lasts / 65'000, span_ms / 4.2e9}), origin_ms};
}

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
              .sag_m = plan.sag_m(),
              .sideways_m = plan.sideways_m(),
              .party = party,
              .half_width_mm = mm_of(plan.half_width()),
              .low_mm = mm_of(plan.altitude().low),
              .high_mm = mm_of(plan.altitude().high)};
    slot.plan = std::move(each.plan);
    slots_.push_back(std::move(slot));
  }
  for (std::size_t i = 0; i < kUnits_m.size() * kTimes; ++i) grids_.emplace_back(scale_of(i, origin, last - origin));
  for (std::uint32_t i = 0; i < slots_.size(); ++i) file(i);
  for (Grid& grid : grids_) grid.pack();
}

void Pack::file(std::uint32_t at) {
  const Slot& slot = slots_[at];
  const double by = share_m(*slot.plan);
  const auto add = [&](const geo::Box& box, std::size_t piece) {
    grids_[class_of(box)].add(box, at, static_cast<std::uint16_t>(piece));
  };
  if (slot.pieces == nullptr) return add(filed_bounds(*slot.plan), 0);
  const auto pieces = slot.plan->pieces();
  WB_CHECK(pieces.size() <= std::numeric_limits<std::uint16_t>::max() + std::size_t{1});
  for (std::size_t i = 0; i < pieces.size(); ++i) add(widened(geo::box_of(pieces[i]), by), i);
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

void Pack::find(const Probe& probe, std::vector<std::uint64_t>& pairs) const {
  constexpr std::size_t kAtOnce = 16;
  const std::span boxes{probe.boxes};
  for (const Grid& grid : grids_)
    for (std::size_t i = 0; !grid.empty() && i < boxes.size(); i += kAtOnce)
      grid.find(boxes.subspan(i, std::min(kAtOnce, boxes.size() - i)), i, pairs);
  // What is read next is asked for now: the slots, then the pieces, each as far ahead as there are pairs.
  for (const std::uint64_t pair : pairs) __builtin_prefetch(&slots_[pair >> 32]);
  std::sort(pairs.begin(), pairs.end());
  for (const std::uint64_t pair : pairs) {
    const geo::Piece* pieces = slots_[pair >> 32].pieces;
    if (pieces == nullptr) continue;
    const char* piece = reinterpret_cast<const char*>(pieces + (pair & 0xFFFF));
    __builtin_prefetch(piece);
    __builtin_prefetch(piece + 64);
    __builtin_prefetch(piece + sizeof(geo::Piece) - 1);
  }
}

std::optional<double> least_of(const geo::Plan& plan, const Slot& slot, Metres owed, std::span<const std::uint64_t> pairs) {
  if (plan.altitude().low.mm() > slot.high_mm || slot.low_mm > plan.altitude().high.mm()) return std::nullopt;
  if (slot.pieces == nullptr || plan.shape() == geo::Plan::Shape::polygon) return geo::least_possible(plan, *slot.plan, owed);
  const double sideways = plan.sideways_m() + slot.sideways_m, sag = std::max(plan.sag_m(), slot.sag_m);
  const double bound = std::sqrt(sideways * sideways + sag * sag);
  const double ground = (owed + plan.half_width() + Metres::from_mm(slot.half_width_mm)).metres();
  const double reach = geo::longest_chord_m(ground) + bound;
  double least2 = std::numeric_limits<double>::infinity();
  for (const std::uint64_t pair : pairs) {
    const geo::Piece &p = plan.pieces()[pair >> 16 & 0xFFFF], &q = slot.pieces[pair & 0xFFFF];
    const auto at = geo::nearest(geo::Chords{p, q}, geo::possible(p), geo::possible(q));
    if (at && at->distance2 < least2) least2 = at->distance2;
    if (least2 <= bound * bound) break;
  }
  // A millimetre is far more than rounding, or the order of two, can make of the distance: within it the plans are asked as
  // everybody asks them.
  constexpr double kDoubt_m = 0.001;
  const double over = reach + kDoubt_m, under = std::max(0.0, reach - kDoubt_m);
  if (least2 > over * over) return std::nullopt;
  if (!(least2 < under * under)) return geo::least_possible(plan, *slot.plan, owed);
  return least2 <= bound * bound ? 0 : geo::along_ground_m(std::sqrt(least2));
}

}  // namespace wideberth::conflict
