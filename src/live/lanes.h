// Inside this folder only: four or eight floats at a time.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>

namespace wideberth::live {

// Vectors of four fit every processor of this kind, vectors of eight those with AVX2. The sums are the same.
using Four = float __attribute__((vector_size(16)));
using FourMask = std::int32_t __attribute__((vector_size(16)));
using Eight = float __attribute__((vector_size(32)));
using EightMask = std::int32_t __attribute__((vector_size(32)));
inline constexpr std::size_t kMostLanes = 8;

inline bool has_eight_lanes() {
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

/// Of the square of a least distance in float, for each square metre of the distance now: some ten roundings.
inline constexpr float kSquareError = 4e-6F;

}  // namespace wideberth::live
