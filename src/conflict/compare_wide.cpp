// Built with AVX-512 (src/CMakeLists.txt) and called where the machine has it.
#include "conflict/compare.h"

#ifdef WIDEBERTH_WIDE_LANES
#include <immintrin.h>

namespace wideberth::conflict {
namespace {

// Less a corner, held within what fits.
__m128i seen_from(const Questions::Each& each, std::int32_t corner) {
  __m256i numbers = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(each.data()));
  numbers = _mm256_sub_epi32(numbers, _mm256_set1_epi32(corner));
  numbers = _mm256_min_epi32(_mm256_max_epi32(numbers, _mm256_set1_epi32(kLowest)), _mm256_set1_epi32(kHighest));
  return _mm256_cvtepi32_epi16(numbers);
}

__m512i four_times(const GroupBoxes::Each& filed) {
  return _mm512_broadcast_i32x4(_mm_loadu_si128(reinterpret_cast<const __m128i*>(filed.data())));
}

// Four of what is asked, each beside all eight that are filed.
template <int kFirst>
__m512i each_eight_times(__m128i asked) {
  const __m128i first = _mm_set1_epi16(kFirst), one = _mm_set1_epi16(1);
  __m512i which = _mm512_castsi128_si512(first);
  which = _mm512_inserti32x4(which, _mm_add_epi16(first, one), 1);
  which = _mm512_inserti32x4(which, _mm_add_epi16(first, _mm_add_epi16(one, one)), 2);
  which = _mm512_inserti32x4(which, _mm_add_epi16(first, _mm_set1_epi16(3)), 3);
  return _mm512_permutexvar_epi16(which, _mm512_castsi128_si512(asked));
}

// The pairs of one axis that meet.
std::uint64_t meet(__m128i low, __m128i high, const GroupBoxes::Each& filed_low, const GroupBoxes::Each& filed_high) {
  const __m512i from = four_times(filed_low), to = four_times(filed_high);
  const std::uint64_t first =
      _mm512_cmple_epi16_mask(from, each_eight_times<0>(high)) & _mm512_cmpge_epi16_mask(to, each_eight_times<0>(low));
  const std::uint64_t second =
      _mm512_cmple_epi16_mask(from, each_eight_times<4>(high)) & _mm512_cmpge_epi16_mask(to, each_eight_times<4>(low));
  return first | second << 32;
}

}  // namespace

void compare_wide(const Questions& questions, const std::array<std::int32_t, 3>& cell, const GridEntry& entry,
                  const GroupBoxes& group, GroupPair& pair) {
  const auto on = [&](std::size_t axis, std::int32_t corner) {
    return meet(seen_from(questions.low[axis], corner + kMiddle), seen_from(questions.high[axis], corner + kMiddle),
                group.low[axis], group.high[axis]);
  };
  std::uint64_t ever = questions.there;
  for (std::size_t i = 0; i < 3 && ever != 0; ++i) ever &= on(i, (cell[i] + entry.low[i]) * kFine);
  pair.ever = ever;
  pair.now = ever == 0 ? 0 : ever & on(GroupBoxes::window, entry.begin);
  if (pair.now != 0) pair.on_schedule = questions.there & on(GroupBoxes::schedule, entry.begin);
}

}  // namespace wideberth::conflict
#endif
