// Inside this folder only: what is found of two plans, pair by pair of their pieces, and how an answer is put together of it.
#pragma once

#include <compare>
#include <limits>
#include <optional>

#include "geo/answers.h"
#include "geo/delay.h"
#include "geo/judge.h"
#include "geo/pair.h"

namespace wideberth::geo {

/// What two plans owe each other, as the kernel asks it.
struct Terms {
  double reach2 = 0;
  double nothing2 = 0;  ///< the square of a distance that the chords cannot tell from none
  double beyond_m = 0;  ///< what two pieces are apart that are surely not within reach
  double beyond2 = 0;
};
Terms terms_of(const Facing& a, const Facing& b, Metres separation);
bool bands_meet(const AltitudeBand& a, const AltitudeBand& b);
/// Whatever its shape and however many pieces: for who looks at neither.
Facing traits_of(const Plan& plan);

/// The least distance so far, and where.
struct Close {
  double distance2 = std::numeric_limits<double>::infinity();
  double u = 0, v = 0;
  const Piece *p = nullptr, *q = nullptr;

  /// What the chords cannot tell from nothing is nothing: then no other pair need be looked at for less.
  void take(double other2, double nothing2, const PiecePair& pair, double at_u, double at_v) {
    if (!(other2 < distance2)) return;
    distance2 = other2 <= nothing2 ? 0 : other2;
    u = at_u, v = at_v, p = pair.a, q = pair.b;
  }
  /// As in Terms, for this distance.
  double beyond_m() const;
  Vec3 midway() const { return ((p->from + p->along * u) + (q->from + q->along * v)) * 0.5; }
};

/// All that is asked of two plans.
struct Found {
  Close least;    ///< within the windows
  Close planned;  ///< on schedule
  double first = std::numeric_limits<double>::infinity();
  double last = -std::numeric_limits<double>::infinity();
  DelaySet delays;

  /// What the kernel says of the k-th pair. REQUIRES that pairs are taken in the order of a walk: of equals the first stands.
  void take(const PiecePair& pair, double nothing2, const PairAnswers& said, std::size_t k);
  /// Where the answer says that it is.
  Vec3 midway(double reach2) const { return planned.distance2 <= reach2 ? planned.midway() : least.midway(); }
  /// The answer, where there is a meeting; `place` is to_place(midway). REQUIRES least.distance2 <= reach2, and that planned is
  /// looked for everywhere.
  Meeting meeting(double reach2, Millis slack_a, Millis slack_b, Place place) &&;
};

/// Pairs that were found to be near at some time or other, with where they are nearest.
struct Kept {
  std::size_t count = 0;
  PiecePair pairs[kMostPairs];
  NearestOf ever;

  void add(const PiecePair& pair, const Nearest& at) {
    pairs[count] = pair;
    ever.distance2[count] = at.distance2, ever.u[count] = at.u, ever.v[count] = at.v;
    ++count;
  }
  std::span<const PiecePair> all() const { return {pairs, count}; }
};
/// Takes all that the kernel says of these pairs, in order. REQUIRES at most kMostPairs, all with the reach of the terms.
void look(std::span<const PiecePair> pairs, const Terms& terms, Found& found);

/// Which of two plans comes first, by what they are and not by where they stand in a call: so that the order of arguments
/// cannot show in a last digit. Plans that are equal in all that counts need no order.
std::partial_ordering order(const Facing& a, const Facing& b);
/// The same conflict with the two exchanged.
void turn(Meeting& meeting);
/// Rows for columns.
std::uint64_t transposed(std::uint64_t rows);
/// 0 .. 1000 km.
Metres held(Metres separation);
/// The distance of two lines along the ground, of the square of a chord.
double reported(double distance2);

}  // namespace wideberth::geo
