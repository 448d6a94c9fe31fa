// Two box trees side by side.
#pragma once

#include <algorithm>
#include <cstdint>

#include "geo/plan.h"

namespace wideberth::geo {

/// The squared distance of two boxes in space; 0 if they meet.
inline double gap2(const Box& a, const Box& b) {
  const auto apart = [](double low_a, double high_a, double low_b, double high_b) {
    return std::max({0.0, low_b - high_a, low_a - high_b});
  };
  return norm2({apart(a.low.x, a.high.x, b.low.x, b.high.x), apart(a.low.y, a.high.y, b.low.y, b.high.y),
                apart(a.low.z, a.high.z, b.low.z, b.high.z)});
}

/// Calls `each(piece of a, piece of b)` for the pieces of all pairs of leaves that `wanted(box of a, box of b)` lets through on
/// the way down; nearer halves first. `wanted` may grow stricter as it goes.
template <class Wanted, class Each>
void walk(const Plan& a, const Plan& b, const Wanted& wanted, const Each& each, std::uint32_t i = 0, std::uint32_t j = 0) {
  const BoxNode &m = a.tree()[i], &n = b.tree()[j];
  if (!wanted(m.box, n.box)) return;
  if (m.right == 0 && n.right == 0) {
    for (const Piece& p : a.pieces().subspan(m.first, m.count))
      for (const Piece& q : b.pieces().subspan(n.first, n.count)) each(p, q);
    return;
  }
  const bool split_a = n.right == 0 || (m.right != 0 && m.count >= n.count);
  std::uint32_t first = split_a ? i + 1 : j + 1, second = split_a ? m.right : n.right;
  const Plan& split = split_a ? a : b;
  const Box& other = split_a ? n.box : m.box;
  if (gap2(split.tree()[second].box, other) < gap2(split.tree()[first].box, other)) std::swap(first, second);
  for (const std::uint32_t child : {first, second}) walk(a, b, wanted, each, split_a ? child : i, split_a ? j : child);
}

}  // namespace wideberth::geo
