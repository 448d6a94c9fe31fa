// Which boxes of a search may be near which of a filed group: all pairs of eight and eight in one look.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <span>

#include "conflict/grid.h"

namespace wideberth::conflict {

inline constexpr std::int32_t kFine = 8;          ///< parts of a unit
inline constexpr std::int32_t kMiddle = 1 << 15;  ///< what is taken off to fit 16 bits
/// What stands there; the two ends of 16 bits are left to what does not: an empty box begins above everything and ends below it.
inline constexpr std::int32_t kLowest = std::numeric_limits<std::int16_t>::min() + 1,
                              kHighest = std::numeric_limits<std::int16_t>::max() - 1;
inline std::int16_t inner(std::int32_t value) { return static_cast<std::int16_t>(std::clamp(value, kLowest, kHighest)); }

/// The boxes of a search, one to eight, in the numbers of a class: space in eighths, time in units.
struct Questions {
  using Each = std::array<std::int32_t, kGroup>;
  std::array<Each, GroupBoxes::kAxes> low{}, high{};
  std::uint64_t there = 0;  ///< as the bits of a GroupPair: those of the boxes that there are

  Questions(const Scale& scale, std::span<const geo::Box> boxes);
};

/// Sets now, ever and on_schedule of `pair`. `cell`: the low corner of the entry's cell, in units.
using Comparing = void (*)(const Questions& questions, const std::array<std::int32_t, 3>& cell, const GridEntry& entry,
                           const GroupBoxes& group, GroupPair& pair);
/// The quickest that this machine can run; all give the same bits.
Comparing comparing();
/// With what every machine has in some form.
void compare_plain(const Questions& questions, const std::array<std::int32_t, 3>& cell, const GridEntry& entry,
                   const GroupBoxes& group, GroupPair& pair);
/// With AVX-512. REQUIRES avx512bw and avx512vl.
void compare_wide(const Questions& questions, const std::array<std::int32_t, 3>& cell, const GridEntry& entry,
                  const GroupBoxes& group, GroupPair& pair);

}  // namespace wideberth::conflict
