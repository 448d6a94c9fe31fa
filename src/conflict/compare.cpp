#include "conflict/compare.h"

#include <bit>
#include <cstring>

namespace wideberth::conflict {
namespace {

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

// Less a corner, held within what fits. The two ends are left to what is not there: an empty box begins above everything and ends
// below it.
Eight seen_from(const Questions::Each& each, std::int32_t corner) {
  const auto held_four = [&](const std::int32_t* from) {
    Four numbers = vector_of<Four>(from) - corner;
    const Four above = numbers > kHighest;
    numbers = (above & kHighest) | (~above & numbers);
    const Four below = numbers < kLowest;
    return (below & kLowest) | (~below & numbers);
  };
  const Four first = held_four(each.data()), second = held_four(each.data() + 4);
  std::array<std::int16_t, kGroup> numbers;
  for (std::size_t i = 0; i < 4; ++i) {
    numbers[i] = static_cast<std::int16_t>(first[i]);
    numbers[i + 4] = static_cast<std::int16_t>(second[i]);
  }
  return vector_of<Eight>(numbers.data());
}

}  // namespace

Questions::Questions(const Scale& scale, std::span<const geo::Box> boxes) : there{~std::uint64_t{0} >> (64 - 8 * boxes.size())} {
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

// Which boxes of a search may be near which of a group. Only those that may be near the box around it are looked at one by one.
void compare_plain(const Questions& questions, const std::array<std::int32_t, 3>& cell, const GridEntry& entry,
                   const GroupBoxes& group, GroupPair& pair) {
  std::array<Eight, GroupBoxes::kAxes> low, high;
  Eight near = Eight{} == 0;
  for (std::size_t i = 0; i < GroupBoxes::kAxes; ++i) {
    const std::int32_t corner = (i < 3 ? (cell[i] + entry.low[i]) * kFine : entry.begin) + kMiddle;
    low[i] = seen_from(questions.low[i], corner);
    high[i] = seen_from(questions.high[i], corner);
    if (i >= 3) continue;
    const std::int32_t size = (entry.high[i] - entry.low[i] + 1) * kFine;
    near &= (low[i] <= inner(size - kMiddle)) & (high[i] >= static_cast<std::int16_t>(kLowest));
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
  pair.on_schedule &= questions.there;
}

Comparing comparing() {
#ifdef WIDEBERTH_WIDE_LANES
  if (__builtin_cpu_supports("avx512bw") != 0 && __builtin_cpu_supports("avx512vl") != 0) return compare_wide;
#endif
  return compare_plain;
}

}  // namespace wideberth::conflict
