// Many pairs of pieces at once: what pair.h says of one pair, side by side in the lanes of the processor, with the same bits.
//
// Width::one says what the answer is: pair.h, asked one after the other. The lanes do the same sums in the same order and never
// anything but + - * / and square root, so no bit may differ; judge_test.cpp holds them to it, for every width this machine has.
#pragma once

#include <cstddef>
#include <span>

#include "geo/plan.h"

namespace wideberth::geo {

/// So many pairs go into one look.
inline constexpr std::size_t kMostPairs = 64;

/// Left as it is until it is set: there are many, on the stack, of which few are used.
struct PiecePair {
  const Piece* a;
  const Piece* b;
  double reach2;  ///< the square of how near they must be to count, in square metres
};

/// Least distances, each with where they lie: squared metres, and the fractions of both pieces. Infinity: never at one time.
struct alignas(64) NearestOf {
  using Each = double[kMostPairs];  // no std::array: its functions are inline, and would be compiled once for each width
  Each distance2, u, v;
};

/// The whole answer for each pair. Instants and delays in milliseconds.
struct alignas(64) PairAnswers {
  using Each = NearestOf::Each;
  NearestOf possible;            ///< while both may be there
  NearestOf planned;             ///< while both are there on schedule
  Each delay_least, delay_most;  ///< of a, at which the two can be within reach; infinity and -infinity where at none
  Each first, last;              ///< the instants between which both may be there and within reach; only where possible is
  Each not_before, not_after;    ///< bounds of the two that cost less: not_before <= first and last <= not_after, to rounding
};

/// How many lanes: those of the processor that this runs on, or fewer for who compares.
enum class Width : unsigned char { one, two, four, eight };
/// The widest that this processor has.
Width widest() noexcept;

/// The least distance of each two, whenever they are there: nearest(Chords). REQUIRES at most kMostPairs pairs.
void nearest_ever(std::span<const PiecePair> pairs, NearestOf& found);
/// The least while both may be there; an infinite distance where they never can be at one time.
void nearest_possible(std::span<const PiecePair> pairs, NearestOf& found);
/// The least while both are there on schedule; an infinite distance where they never are at one time.
void nearest_planned(std::span<const PiecePair> pairs, NearestOf& found);
/// Everything. `ever` is what nearest_ever says of the same pairs.
void judge(std::span<const PiecePair> pairs, const NearestOf& ever, PairAnswers& found);

/// to_place of each, in order. REQUIRES at most kMostPairs points, and as many places.
void to_places(std::span<const Ecef> points, std::span<Place> places);

/// The same at a given width. REQUIRES that the processor has it.
void nearest_ever(Width width, std::span<const PiecePair> pairs, NearestOf& found);
void nearest_possible(Width width, std::span<const PiecePair> pairs, NearestOf& found);
void nearest_planned(Width width, std::span<const PiecePair> pairs, NearestOf& found);
void judge(Width width, std::span<const PiecePair> pairs, const NearestOf& ever, PairAnswers& found);
void to_places(Width width, std::span<const Ecef> points, std::span<Place> places);

}  // namespace wideberth::geo
