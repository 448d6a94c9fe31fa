#include "geo/pair.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "geo/testing.h"

namespace wideberth::geo {
namespace {

using testing::Extent;
using testing::extent;
using testing::Region;
using testing::sharing_time;

// Chords of small whole metres and windows of small whole seconds, so that touching, parallel, equal and standing are common.
class Small {
 public:
  explicit Small(unsigned seed) : engine_{seed} {}
  double pick(int low, int high) {
    return static_cast<double>(low + static_cast<int>(engine_() % static_cast<unsigned>(high - low + 1)));
  }
  bool one_in(unsigned n) { return engine_() % n == 0; }
  Piece piece() {
    Piece p;
    p.from = {6378137 + pick(-3, 3), pick(-3, 3), one_in(2) ? 0 : pick(-3, 3)};
    if (!one_in(5)) p.along = {pick(-4, 4), pick(-4, 4), one_in(2) ? 0 : pick(-2, 2)};
    const bool area = one_in(6);
    p.e0 = pick(0, 10);
    p.e1 = area ? p.e0 : p.e0 + pick(0, 8);
    p.l0 = p.e0 + (one_in(3) ? 0 : pick(0, 6));
    p.l1 = area ? p.l0 : std::max(p.l0, p.e1 + (one_in(3) ? 0 : pick(0, 6)));
    if (one_in(3)) p.l0 = p.e0, p.l1 = p.e1;
    p.s0 = p.e0, p.s1 = p.e1, p.h0 = p.e0, p.h1 = p.e1;
    return p;
  }

 private:
  std::mt19937 engine_;
};

// The least over a region by its sides and its inside, which is what the kernel avoids.
std::optional<double> by_sides(const Piece& a, const Piece& b) {
  const Region region = sharing_time(possible(a), possible(b));
  if (region.empty()) return {};
  const Chords chords{a, b};
  double least = HUGE_VAL;
  const double across2 = chords.aa * chords.bb - chords.ab * chords.ab;
  if (across2 > 0) {
    const double ag = dot(a.along, chords.gap), bg = dot(b.along, chords.gap);
    const double u = (chords.ab * bg - chords.bb * ag) / across2, v = (chords.aa * bg - chords.ab * ag) / across2;
    if (region.holds(u, v)) least = chords.distance2(u, v);
  }
  for (int i = 0; i < region.count; ++i) {
    const Corner p = region.corners[static_cast<std::size_t>(i)],
                 q = region.corners[static_cast<std::size_t>((i + 1) % region.count)];
    const Vec3 start = chords.apart(p.u, p.v), step = chords.apart(q.u, q.v) - start;
    const double t = norm2(step) > 0 ? std::clamp(-dot(start, step) / norm2(step), 0.0, 1.0) : 0;
    least = std::min(least, norm2(start + step * t));
  }
  return least;
}

TEST(PairLaws, OneSideIsEnough) {
  Small small{20200825};
  int never = 0, touching = 0;
  for (int i = 0; i < 300'000; ++i) {
    const Piece a = small.piece(), b = small.piece();
    const auto fast = nearest(Chords{a, b}, possible(a), possible(b));
    const auto slow = by_sides(a, b);
    ASSERT_EQ(fast.has_value(), slow.has_value()) << i;
    if (!fast) {
      ++never;
      continue;
    }
    ASSERT_NEAR(fast->distance2, *slow, 1e-7) << i;
    ASSERT_TRUE(fast->u >= 0 && fast->u <= 1 && fast->v >= 0 && fast->v <= 1) << i;
    // The point found is one at which both may be there.
    const auto at = [](double x0, double x1, double t) { return x0 + (x1 - x0) * t; };
    ASSERT_LE(at(a.e0, a.e1, fast->u), at(b.l0, b.l1, fast->v) + 1e-9) << i;
    ASSERT_LE(at(b.e0, b.e1, fast->v), at(a.l0, a.l1, fast->u) + 1e-9) << i;
    ASSERT_EQ(too_near(a, b, fast->distance2), true) << i;
    ASSERT_EQ(too_near(a, b, fast->distance2 - 1e-6), false) << i;
    touching += a.e0 == b.l1 || b.e0 == a.l1;
  }
  EXPECT_GT(never, 10'000);
  EXPECT_GT(touching, 5'000);
}

TEST(PairLaws, NoSampleIsNearerAndNoneLiesBeyondTheExtent) {
  Small small{7};
  for (int i = 0; i < 3'000; ++i) {
    const Piece a = small.piece(), b = small.piece();
    const Chords chords{a, b};
    const Region region = sharing_time(possible(a), possible(b));
    const Linear of{small.pick(-5, 5), small.pick(-5, 5), small.pick(-5, 5)};
    const double reach2 = small.pick(0, 20);
    const Extent found = extent(chords, region, reach2, of);
    const auto least = nearest(chords, possible(a), possible(b));
    double low = HUGE_VAL, high = -HUGE_VAL;
    for (int j = 0; j <= 40; ++j)
      for (int k = 0; k <= 40; ++k) {
        const double u = j / 40.0, v = k / 40.0;
        const auto at = [](double x0, double x1, double t) { return x0 + (x1 - x0) * t; };
        if (at(a.e0, a.e1, u) > at(b.l0, b.l1, v) || at(b.e0, b.e1, v) > at(a.l0, a.l1, u)) continue;
        ASSERT_TRUE(least) << i;
        ASSERT_GE(chords.distance2(u, v), least->distance2 - 1e-7) << i;
        if (chords.distance2(u, v) > reach2 - 1e-7) continue;
        low = std::min(low, of.at(u, v));
        high = std::max(high, of.at(u, v));
      }
    if (low > high) continue;
    ASSERT_TRUE(found.any) << i;
    ASSERT_LE(found.low, low + 1e-9) << i;
    ASSERT_GE(found.high, high - 1e-9) << i;
    // The extent is reached: its ends are values at points within reach, so widening by reach's rounding finds no more.
    ASSERT_LE(found.high - found.low, std::fabs(of.du) + std::fabs(of.dv) + 1e-9) << i;
  }
}

TEST(Pair, TheExtentIsThatOfTheEllipse) {
  // Two crossing roads at right angles, 1000 m each, crossing in the middle; within 100 m of each other u - v spans
  // sqrt(2) * 0.1 to each side of 0.
  Piece a, b;
  a.from = {6378137, -500, 0}, a.along = {0, 1000, 0};
  b.from = {6378137, 0, -500}, b.along = {0, 0, 1000};
  const Extent found = extent(Chords{a, b}, Region::square(), 100 * 100, {0, 1, -1});
  ASSERT_TRUE(found.any);
  EXPECT_NEAR(found.high, 0.1 * std::sqrt(2.0), 1e-12);
  EXPECT_NEAR(found.low, -0.1 * std::sqrt(2.0), 1e-12);
  EXPECT_FALSE(extent(Chords{a, b}, Region::square(), -1, {0, 1, -1}).any);
}

TEST(Pair, ParallelAndStandingChordsHaveTheirExtentOnTheSides) {
  Piece a, b;
  a.from = {6378137, 0, 0}, a.along = {0, 1000, 0};
  b.from = {6378137, 0, 30}, b.along = {0, 1000, 0};
  const Extent found = extent(Chords{a, b}, Region::square(), 50 * 50, {0, 1, -1});
  EXPECT_NEAR(found.high, 0.04, 1e-12);
  EXPECT_NEAR(found.low, -0.04, 1e-12);
  b.along = {};
  const Extent standing = extent(Chords{a, b}, Region::square(), 50 * 50, {0, 1, 0});
  EXPECT_NEAR(standing.high, 0.04, 1e-12);
  EXPECT_EQ(standing.low, 0);
  EXPECT_FALSE(extent(Chords{a, b}, Region::square(), 29.999 * 29.999, {0, 1, 0}).any);
  EXPECT_TRUE(extent(Chords{a, b}, Region::square(), 30 * 30, {0, 1, 0}).any) << "touching counts";
}

TEST(PairLaws, WhatIsReachedIsTheExtentOfTheSquare) {
  Small small{11};
  int some = 0;
  for (int i = 0; i < 20'000; ++i) {
    const Piece a = small.piece(), b = small.piece();
    const Chords chords{a, b};
    const Linear of{small.pick(-5, 5), small.pick(-5, 5), small.pick(-5, 5)};
    const Linear other = i % 2 == 0 ? of : Linear{small.pick(-5, 5), small.pick(-5, 5), small.pick(-5, 5)};
    const double reach2 = small.pick(0, 20);
    const Nearest ever = nearest(chords);
    const Reached found = reached(chords, ever, reach2, of, other);
    // Where chords only just touch, a last digit decides: so between what is surely within reach and what may be.
    const auto check = [&](const Linear& function, double low, double high, bool both) {
      const Extent surely = extent(chords, Region::square(), reach2 - 1e-7, function);
      const Extent maybe = extent(chords, Region::square(), reach2 + 1e-7, function);
      if (surely.any && (low > surely.low + 1e-9 || (both && high < surely.high - 1e-9))) return false;
      return maybe.any && low >= maybe.low - 1e-9 && high <= maybe.high + 1e-9;
    };
    if (!found.any) {
      ASSERT_FALSE(extent(chords, Region::square(), reach2 - 1e-7, of).any) << i;
      continue;
    }
    ++some;
    ASSERT_TRUE(check({0, 1, 0}, found.u_low, found.u_high, true)) << i;
    ASSERT_TRUE(check({0, 0, 1}, found.v_low, found.v_high, true)) << i;
    ASSERT_TRUE(check(of, found.least, found.least, false)) << i;
    const Linear minus_other{-other.c, -other.du, -other.dv};
    ASSERT_TRUE(check(minus_other, -found.most, -found.most, false)) << i;
  }
  EXPECT_GT(some, 5'000);
}

TEST(PairLaws, TheFirstAndTheLastInstantAreThoseOfTheCutRegion) {
  Small small{13};
  int some = 0;
  for (int i = 0; i < 60'000; ++i) {
    const Piece p = small.piece(), q = small.piece();
    const Chords chords{p, q};
    const double reach2 = small.pick(1, 20);
    const Occupied a = possible(p), b = possible(q);
    const auto least = nearest(chords, a, b);
    if (!least || least->distance2 > reach2) continue;
    const Reached near = reached(chords, nearest(chords), reach2, {}, {});
    const auto first = [&](double reach) {
      return testing::least_of_later(chords, sharing_time(a, b), reach, testing::along_u(a.from0, a.from1),
                                     testing::along_v(b.from0, b.from1));
    };
    const auto last = [&](double reach) {
      return -testing::least_of_later(chords, sharing_time(a, b), reach, testing::along_u(-a.to0, -a.to1),
                                      testing::along_v(-b.to0, -b.to1));
    };
    // Where they only just touch, a last digit decides: so between what is surely within reach and what may be.
    const double found = first_together(chords, near, reach2, a, b), ended = last_together(chords, near, reach2, a, b);
    ASSERT_GE(found, first(reach2 + 1e-6) - 1e-6) << i;
    ASSERT_LE(ended, last(reach2 + 1e-6) + 1e-6) << i;
    if (least->distance2 > reach2 - 1e-6) continue;
    ++some;
    ASSERT_LE(found, first(reach2 - 1e-6) + 1e-6) << i;
    ASSERT_GE(ended, last(reach2 - 1e-6) - 1e-6) << i;
  }
  EXPECT_GT(some, 10'000);
}

}  // namespace
}  // namespace wideberth::geo
