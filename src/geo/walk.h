// Two box trees side by side.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <utility>

#include "geo/plan.h"

namespace wideberth::geo {

/// The squared distance of two boxes in space; 0 if they meet.
inline double gap2(const Box& a, const Box& b) {
  const auto apart = [](double low_a, double high_a, double low_b, double high_b) {
    return std::max(0.0, std::max(low_b - high_a, low_a - high_b));
  };
  return norm2({apart(a.low.x, a.high.x, b.low.x, b.high.x), apart(a.low.y, a.high.y, b.low.y, b.high.y),
                apart(a.low.z, a.high.z, b.low.z, b.high.z)});
}

/// A float that is not above, or not below, a number that is no larger than the earth or an age.
inline float rounded_down(double x) {
  const auto near = static_cast<float>(x);
  return near - std::fabs(near) * 1.2e-7F - 1e-30F;
}
inline float rounded_up(double x) { return -rounded_down(-x); }

/// A set of pieces of one leaf, a bit for each.
using LeafMask = std::uint32_t;
inline constexpr LeafMask kWholeLeaf = (1U << kLeafPieces) - 1;

namespace inside {

// Four at a time: a compiler's vectors, which every machine has in some form. They only filter; nothing is decided by them.
using Floats = float __attribute__((vector_size(16)));
using Flags = std::int32_t __attribute__((vector_size(16)));

inline Floats four(const LeafBoxes::Each& of, std::size_t at) {
  Floats floats;
  std::memcpy(&floats, &of[at], sizeof floats);
  return floats;
}
inline LeafMask mask_of(const Flags& flags) {
  const Flags bits = flags & Flags{1, 2, 4, 8};
  return static_cast<LeafMask>((bits[0] | bits[1]) | (bits[2] | bits[3]));
}

}  // namespace inside

/// Which pieces of a leaf may be within `by_m` of a box, on every axis by itself.
inline LeafMask may_be_near(const LeafBoxes& leaf, const Box& box, double by_m) {
  using namespace inside;
  const float low_x = rounded_down(box.low.x - leaf.origin.x - by_m), high_x = rounded_up(box.high.x - leaf.origin.x + by_m);
  const float low_y = rounded_down(box.low.y - leaf.origin.y - by_m), high_y = rounded_up(box.high.y - leaf.origin.y + by_m);
  const float low_z = rounded_down(box.low.z - leaf.origin.z - by_m), high_z = rounded_up(box.high.z - leaf.origin.z + by_m);
  LeafMask mask = 0;
  for (std::size_t at = 0; at < kLeafPieces; at += 4) {
    const Flags near = (four(leaf.low[0], at) <= high_x) & (four(leaf.high[0], at) >= low_x) & (four(leaf.low[1], at) <= high_y) &
                       (four(leaf.high[1], at) >= low_y) & (four(leaf.low[2], at) <= high_z) & (four(leaf.high[2], at) >= low_z);
    mask |= mask_of(near) << at;
  }
  return mask;
}

/// Which pieces of a leaf may share a moment on schedule with one that lasts from s to h.
inline LeafMask may_share_schedule(const LeafBoxes& leaf, double s, double h) {
  using namespace inside;
  const float from = rounded_down(s - leaf.origin_ms), to = rounded_up(h - leaf.origin_ms);
  LeafMask mask = 0;
  for (std::size_t at = 0; at < kLeafPieces; at += 4)
    mask |= mask_of((four(leaf.begin, at) <= to) & (four(leaf.end, at) >= from)) << at;
  return mask;
}

/// Calls `each(leaf of a, leaf of b)` for all pairs of leaves that `wanted(box of a, box of b)` lets through on the way down;
/// nearer halves first. `wanted` may grow stricter as it goes.
template <class Wanted, class Each>
void walk(const Plan& a, const Plan& b, const Wanted& wanted, const Each& each, std::uint32_t i = 0, std::uint32_t j = 0) {
  const BoxNode &m = a.tree()[i], &n = b.tree()[j];
  if (!wanted(m.box, n.box)) return;
  if (m.right == 0 && n.right == 0) return each(m, n);
  const bool split_a = n.right == 0 || (m.right != 0 && m.count >= n.count);
  std::uint32_t first = split_a ? i + 1 : j + 1, second = split_a ? m.right : n.right;
  const Plan& split = split_a ? a : b;
  const Box& other = split_a ? n.box : m.box;
  if (gap2(split.tree()[second].box, other) < gap2(split.tree()[first].box, other)) std::swap(first, second);
  for (const std::uint32_t child : {first, second}) walk(a, b, wanted, each, split_a ? child : i, split_a ? j : child);
}

}  // namespace wideberth::geo
