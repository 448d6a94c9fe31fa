// Inside this folder only: N doubles side by side, and pieces that are brought there. Included by one file for each width, which
// is compiled for the processors that have it: so nothing here is an inline function that another file could share, and what the
// kernel calls is inlined into it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <utility>

#ifdef __SSE2__
#include <immintrin.h>
#endif

#include "geo/judge.h"

#define WIDEBERTH_LANES [[gnu::always_inline]] static inline

namespace wideberth::geo {

// One by one: g++ 12 forgets a size that a template has yet to learn.
template <std::size_t N>
struct VectorsOf;
template <>
struct VectorsOf<2> {
  using Reals = double __attribute__((vector_size(16)));
  using Holds = std::int64_t __attribute__((vector_size(16)));
  using Loose = double __attribute__((vector_size(16), aligned(alignof(double)), may_alias));
};
template <>
struct VectorsOf<4> {
  using Reals = double __attribute__((vector_size(32)));
  using Holds = std::int64_t __attribute__((vector_size(32)));
  using Loose = double __attribute__((vector_size(32), aligned(alignof(double)), may_alias));
};
template <>
struct VectorsOf<8> {
  using Reals = double __attribute__((vector_size(64)));
  using Holds = std::int64_t __attribute__((vector_size(64)));
  using Loose = double __attribute__((vector_size(64), aligned(alignof(double)), may_alias));
};

template <std::size_t N>
struct Lanes {
  using Reals = typename VectorsOf<N>::Reals;
  using Holds = typename VectorsOf<N>::Holds;
  using Loose = typename VectorsOf<N>::Loose;  // one that lies anywhere
  static constexpr double kNone = std::numeric_limits<double>::infinity();
  struct Vec {
    Reals x, y, z;
  };

  WIDEBERTH_LANES Reals all(double x) { return Reals{} + x; }
  WIDEBERTH_LANES Reals pick(Holds which, Reals yes, Reals no) { return which ? yes : no; }
  // As the library's: the first where the two are equal.
  WIDEBERTH_LANES Reals max(Reals x, Reals y) { return pick(x < y, y, x); }
  WIDEBERTH_LANES Reals min(Reals x, Reals y) { return pick(y < x, y, x); }
  WIDEBERTH_LANES Reals within01(Reals t) { return min(max(t, Reals{}), all(1)); }
  WIDEBERTH_LANES Reals root(Reals x) {
#ifdef __AVX512F__
    if constexpr (N == 8) return _mm512_sqrt_pd(x);
#endif
#ifdef __AVX__
    if constexpr (N == 4) return _mm256_sqrt_pd(x);
#endif
#ifdef __SSE2__
    if constexpr (N == 2) return _mm_sqrt_pd(x);
#endif
    for (std::size_t i = 0; i < N; ++i) x[i] = __builtin_sqrt(x[i]);
    return x;
  }
  WIDEBERTH_LANES bool any(Holds which) {
#ifdef __AVX512DQ__
    if constexpr (N == 8) return _mm512_movepi64_mask(reinterpret_cast<__m512i>(which)) != 0;
#endif
#ifdef __AVX__
    if constexpr (N == 4) return _mm256_movemask_pd(reinterpret_cast<__m256d>(which)) != 0;
#endif
#ifdef __SSE2__
    if constexpr (N == 2) return _mm_movemask_pd(reinterpret_cast<__m128d>(which)) != 0;
#endif
    bool one = false;
    for (std::size_t i = 0; i < N; ++i) one |= which[i] != 0;
    return one;
  }
  // clang forgets the alignment of an alias in a template; g++ copies memory by way of two halves.
#ifdef __clang__
  WIDEBERTH_LANES Reals load(const double* from) {
    Reals x;
    __builtin_memcpy(&x, from, sizeof x);
    return x;
  }
  WIDEBERTH_LANES void store(Reals x, double* to) { __builtin_memcpy(to, &x, sizeof x); }
#else
  WIDEBERTH_LANES Reals load(const double* from) { return *reinterpret_cast<const Loose*>(from); }
  WIDEBERTH_LANES void store(Reals x, double* to) { *reinterpret_cast<Loose*>(to) = x; }
#endif

  WIDEBERTH_LANES Vec plus(const Vec& a, const Vec& b) { return {a.x + b.x, a.y + b.y, a.z + b.z}; }
  WIDEBERTH_LANES Vec minus(const Vec& a, const Vec& b) { return {a.x - b.x, a.y - b.y, a.z - b.z}; }
  WIDEBERTH_LANES Vec times(const Vec& a, Reals k) { return {a.x * k, a.y * k, a.z * k}; }
  WIDEBERTH_LANES Reals dot(const Vec& a, const Vec& b) { return (a.x * b.x + a.y * b.y) + a.z * b.z; }
  WIDEBERTH_LANES Reals norm2(const Vec& a) { return dot(a, a); }
  WIDEBERTH_LANES Vec cross(const Vec& a, const Vec& b) {
    return {a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x};
  }

  // Rows for columns.
  WIDEBERTH_LANES void transpose(Reals (&r)[N]) {
    if constexpr (N == 2) {
      const Reals a = r[0], b = r[1];
      r[0] = __builtin_shufflevector(a, b, 0, 2), r[1] = __builtin_shufflevector(a, b, 1, 3);
    } else if constexpr (N == 4) {
      Reals t[4];
      for (std::size_t i = 0; i < 4; i += 2) {
        t[i] = __builtin_shufflevector(r[i], r[i + 1], 0, 4, 2, 6);
        t[i + 1] = __builtin_shufflevector(r[i], r[i + 1], 1, 5, 3, 7);
      }
      for (std::size_t i = 0; i < 2; ++i) {
        r[i] = __builtin_shufflevector(t[i], t[i + 2], 0, 1, 4, 5);
        r[i + 2] = __builtin_shufflevector(t[i], t[i + 2], 2, 3, 6, 7);
      }
    } else {
      Reals t[8], s[8];
      for (std::size_t i = 0; i < 8; i += 2) {
        t[i] = __builtin_shufflevector(r[i], r[i + 1], 0, 8, 2, 10, 4, 12, 6, 14);
        t[i + 1] = __builtin_shufflevector(r[i], r[i + 1], 1, 9, 3, 11, 5, 13, 7, 15);
      }
      for (std::size_t half = 0; half < 8; half += 4)
        for (std::size_t i = half; i < half + 2; ++i) {
          s[i] = __builtin_shufflevector(t[i], t[i + 2], 0, 1, 8, 9, 4, 5, 12, 13);
          s[i + 2] = __builtin_shufflevector(t[i], t[i + 2], 2, 3, 10, 11, 6, 7, 14, 15);
        }
      for (std::size_t i = 0; i < 4; ++i) {
        r[i] = __builtin_shufflevector(s[i], s[i + 4], 0, 1, 2, 3, 8, 9, 10, 11);
        r[i + 4] = __builtin_shufflevector(s[i], s[i + 4], 4, 5, 6, 7, 12, 13, 14, 15);
      }
    }
  }

  // N pieces side by side. A piece is fourteen numbers in the order of its fields.
  struct Pieces {
    static constexpr std::size_t kFields = 14;
    static_assert(sizeof(Piece) == kFields * sizeof(double) && offsetof(Piece, e0) == 6 * sizeof(double));
    Reals field[kFields];

    Vec from() const { return {field[0], field[1], field[2]}; }
    Vec along() const { return {field[3], field[4], field[5]}; }
  };
  enum Field : std::size_t { e0 = 6, e1, l0, l1, s0, s1, h0, h1 };

  // Written out for each lane rather than in loops, which a compiler likes to keep in memory.
  template <std::size_t First, std::size_t... I>
  WIDEBERTH_LANES void gather(std::index_sequence<I...> lanes, const Piece* const (&at)[N], Pieces& pieces) {
    Reals rows[N] = {load(reinterpret_cast<const double*>(at[I]) + First)...};
    transpose(rows);
    ((pieces.field[First + I] = rows[I]), ...);
    // The last ones overlap those before, so that nothing is read that is not of the piece.
    if constexpr (First + 2 * N <= Pieces::kFields)
      gather<First + N>(lanes, at, pieces);
    else if constexpr (First + N < Pieces::kFields)
      gather<Pieces::kFields - N>(lanes, at, pieces);
  }

  struct Couples {
    Pieces p, q;
    Reals reach2;
  };
  template <std::size_t... I>
  WIDEBERTH_LANES void couples(std::index_sequence<I...> lanes, const PiecePair* pairs, const std::size_t (&at)[N], Couples& of) {
    const Piece* const a[N] = {pairs[at[I]].a...};
    const Piece* const b[N] = {pairs[at[I]].b...};
    gather<0>(lanes, a, of.p);
    gather<0>(lanes, b, of.q);
    of.reach2 = Reals{pairs[at[I]].reach2...};
  }
  WIDEBERTH_LANES void couples(const PiecePair* pairs, const std::size_t (&at)[N], Couples& of) {
    couples(std::make_index_sequence<N>{}, pairs, at, of);
  }
  // What is not there at the end is the last once more.
  WIDEBERTH_LANES void run(std::size_t first, std::size_t count, std::size_t (&at)[N]) {
    for (std::size_t i = 0; i < N; ++i) at[i] = first + i < count ? first + i : count - 1;
  }
  template <std::size_t... I>
  WIDEBERTH_LANES Reals some(std::index_sequence<I...>, const PairAnswers::Each& each, const std::size_t (&at)[N]) {
    return Reals{each[at[I]]...};
  }
  WIDEBERTH_LANES Reals some(const PairAnswers::Each& each, const std::size_t (&at)[N]) {
    return some(std::make_index_sequence<N>{}, each, at);
  }
};

}  // namespace wideberth::geo
