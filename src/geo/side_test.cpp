#include "geo/side.h"

#include <gtest/gtest.h>

#include <random>
#include <tuple>

#include "geo/walk.h"

namespace wideberth::geo {
namespace {

// Invented: two to nine waypoints in a square of some 20 km, some with a column, so that many pairs come near and many do not.
Plan wandering(std::mt19937_64& bits) {
  const auto even = [&](std::int64_t low, std::int64_t high) {
    return low + static_cast<std::int64_t>(bits() % static_cast<std::uint64_t>(high - low + 1));
  };
  Route route;
  const auto count = even(2, 9), slack = even(0, 900);
  std::int64_t time = even(0, 3600);
  for (std::int64_t i = 0; i < count; ++i) {
    const Place place{static_cast<std::int32_t>(200'000'000 + even(-900'000, 900'000)),
                      static_cast<std::int32_t>(480'000'000 + even(-600'000, 600'000))};
    const auto at = Instant::from_ms(1'780'272'000'000 + time * 1000);
    route.waypoints.push_back({place, {at - Millis::from_seconds(slack), at + Millis::from_seconds(slack)}});
    time += even(60, 900);
  }
  if (even(0, 2) == 0) route.column_length = Metres::from_metres(even(1, 800));
  route.half_width = Metres::from_metres(even(0, 50));
  return *compile(route);
}

auto every_part(const Meeting& m) {
  return std::tuple{m.kind,      m.least_m,    m.least_possible_m, m.window.from,   m.window.to,     m.place,
                    m.delay_set, m.likelihood, m.clear_later,      m.clear_earlier, m.b_clear_later, m.b_clear_earlier};
}

TEST(SideLaws, WhatIsKnownOfPairsChangesNoBitOfTheAnswer) {
  std::mt19937_64 bits{11};
  int met = 0, apart = 0;
  for (int round = 0; round < 4000; ++round) {
    const Plan a = wandering(bits), b = wandering(bits);
    if (a.pieces().size() > kLeafPieces || b.pieces().size() > kLeafPieces) continue;
    const auto separation = Metres::from_metres(static_cast<std::int64_t>(bits() % 1500));
    const double reach = separation.metres() + a.half_width().metres() + b.half_width().metres() + bound_m(a, b);
    // All that must be named and, at random, more than that.
    PiecePairs pairs{bits() & bits() & bits(), bits() & bits() & bits()};
    std::uint64_t there = 0;
    for (std::size_t i = 0; i < a.pieces().size(); ++i)
      for (std::size_t j = 0; j < b.pieces().size(); ++j) {
        const Piece &p = a.pieces()[i], &q = b.pieces()[j];
        const std::uint64_t bit = std::uint64_t{1} << (8 * i + j);
        there |= bit;
        if (gap2(box_of(p), box_of(q)) <= (reach + 1) * (reach + 1)) pairs.near |= bit;
        if (p.s0 <= q.h1 && q.s0 <= p.h1) pairs.on_schedule |= bit;
      }
    pairs = {pairs.near & there, pairs.on_schedule & there};
    const auto plain = meet(a, b, separation), known = meet(side_of(a), side_of(b), separation, pairs);
    ASSERT_EQ(plain.has_value(), known.has_value());
    if (plain) {
      ASSERT_EQ(every_part(*plain), every_part(*known));
    }
    ++(plain ? met : apart);
  }
  EXPECT_GT(met, 200);
  EXPECT_GT(apart, 200);
}

}  // namespace
}  // namespace wideberth::geo
