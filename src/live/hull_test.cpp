#include "live/hull.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "live/testing.h"

namespace wideberth::live {
namespace {

constexpr HalfSize kCar{3, 1.25};
constexpr GroundVec kAlong{1, 0}, kAcross{0, 1};

Swing still(HalfSize half, GroundVec at, GroundVec heading) { return {half, at, at, heading, heading}; }

TEST(Hull, TheGapOfRectanglesThatStand) {
  EXPECT_DOUBLE_EQ(least_gap(still(kCar, {0, 0}, kAlong), still(kCar, {10, 0}, kAlong)), 4) << "one behind the other";
  EXPECT_DOUBLE_EQ(least_gap(still(kCar, {0, 0}, kAlong), still(kCar, {0, 4.5}, kAlong)), 2) << "abreast";
  EXPECT_DOUBLE_EQ(least_gap(still(kCar, {0, 0}, kAlong), still(kCar, {0, 4.5}, kAcross)), 0.25) << "a corner of a T";
  EXPECT_NEAR(least_gap(still(kCar, {0, 0}, kAlong), still(kCar, {9, 6.5}, kAlong)), 5, 1e-12) << "corner to corner: 3, 4, 5";
  EXPECT_EQ(least_gap(still(kCar, {0, 0}, kAlong), still(kCar, {5.9, 2.4}, kAlong)), 0) << "they overlap";
  EXPECT_EQ(least_gap(still({100, 15}, {0, 0}, kAlong), still({2, 1}, {50, 3}, kAcross)), 0) << "one within the other";
  const double half = std::sqrt(0.5);
  EXPECT_NEAR(least_gap(still(kCar, {0, 0}, kAlong), still(kCar, {10, 0}, {half, half})), 7 - 4.25 * half, 1e-12) << "slanting";
}

TEST(Hull, ACrossingBetweenTwoMomentsIsFound) {
  // At both moments they are 40 m apart; in between one drives through the other's place, and it is a metre long.
  const Swing passing{{0.5, 0.5}, {-40, 0}, {40, 0}, kAlong, kAlong};
  EXPECT_EQ(least_gap(passing, still({0.5, 0.5}, {0, 0.9}, kAlong)), 0);
  EXPECT_DOUBLE_EQ(least_gap(passing, still({0.5, 0.5}, {0, 1.5}, kAlong)), 0.5);
}

TEST(Hull, ATurnSweepsWithTheWholeLength) {
  // A ship of 200 m turns from east to north on the spot: each corner of her bow passes what lies out there.
  const Swing ship{{100, 15}, {0, 0}, {0, 0}, kAlong, kAcross};
  const Swing buoy = still({0.5, 0.5}, {75, 75}, kAlong);
  const double least = least_gap(ship, buoy);
  const double corners = 75 * std::sqrt(2.0) - std::sqrt(100.0 * 100 + 15 * 15) - 0.5 * std::sqrt(2.0);
  EXPECT_LE(least, corners + 1e-9);
  EXPECT_GE(least, corners - kGapWithinM - 0.001);
  EXPECT_GT(least_gap(still(ship.half, {0, 0}, kAlong), buoy), 50) << "before the turn";
  EXPECT_GT(least_gap(still(ship.half, {0, 0}, kAcross), buoy), 50) << "after it";
}

// What follows knows nothing of polygons: corners against sides, at many moments.
double from_side(GroundVec point, GroundVec from, GroundVec to) {
  const double x = to.x - from.x, y = to.y - from.y;
  const double share = std::clamp(((point.x - from.x) * x + (point.y - from.y) * y) / (x * x + y * y), 0.0, 1.0);
  return std::hypot(from.x + x * share - point.x, from.y + y * share - point.y);
}
bool inside(GroundVec point, GroundVec middle, GroundVec heading, HalfSize half) {
  const double x = point.x - middle.x, y = point.y - middle.y;
  return std::abs(x * heading.x + y * heading.y) <= half.length && std::abs(y * heading.x - x * heading.y) <= half.width;
}
struct Placed {
  GroundVec middle, heading;
  HalfSize half;
};
Placed at_share(const Swing& swing, double share) {
  const double from = std::atan2(swing.heading.y, swing.heading.x);
  const double turn = std::atan2(swing.heading.x * swing.heading_to.y - swing.heading.y * swing.heading_to.x,
                                 swing.heading.x * swing.heading_to.x + swing.heading.y * swing.heading_to.y);
  const double angle = from + turn * share;
  return {{swing.from.x + (swing.to.x - swing.from.x) * share, swing.from.y + (swing.to.y - swing.from.y) * share},
          {std::cos(angle), std::sin(angle)},
          swing.half};
}
/// Of two that do not overlap but for a corner of one in the other: crosses without a corner inside are left to chance.
double gap_now(const Placed& a, const Placed& b) {
  const Corners of_a = corners_of(a.middle, a.heading, a.half), of_b = corners_of(b.middle, b.heading, b.half);
  double least = HUGE_VAL;
  for (int i = 0; i < 4; ++i) {
    if (inside(of_a.at[i], b.middle, b.heading, b.half) || inside(of_b.at[i], a.middle, a.heading, a.half)) return 0;
    for (int j = 0; j < 4; ++j) {
      least = std::min(least, from_side(of_a.at[i], of_b.at[j], of_b.at[(j + 1) % 4]));
      least = std::min(least, from_side(of_b.at[i], of_a.at[j], of_a.at[(j + 1) % 4]));
    }
  }
  return least;
}

TEST(HullLaws, NeverAboveAnyMomentAndNeverFarBelowTheLeast) {
  testing::Chance chance(7);
  for (int i = 0; i < testing::cases(150); ++i) {
    const auto any = [&](double size) {
      const auto heading = [&] {
        const double angle = chance.between(-3.14159, 3.14159);
        return GroundVec{std::cos(angle), std::sin(angle)};
      };
      Swing swing{{chance.between(0.5, size), chance.between(0.3, size / 3)},
                  {chance.between(-60, 60), chance.between(-60, 60)},
                  {chance.between(-60, 60), chance.between(-60, 60)},
                  heading(),
                  heading()};
      if (i % 3 == 0) swing.heading_to = swing.heading;
      return swing;
    };
    const Swing a = any(i % 2 == 0 ? 6 : 40), b = any(8);
    const double found = least_gap(a, b);
    double sampled = HUGE_VAL;
    constexpr int kMoments = 2'000;
    for (int k = 0; k <= kMoments; ++k) {
      const double share = static_cast<double>(k) / kMoments;
      sampled = std::min(sampled, gap_now(at_share(a, share), at_share(b, share)));
    }
    // Between two of these moments no point moves further than this against another.
    const auto reach = [](const Swing& s) {
      return std::hypot(s.to.x - s.from.x, s.to.y - s.from.y) + std::hypot(s.half.length, s.half.width) * 3.15;
    };
    const double step = (reach(a) + reach(b)) / kMoments;
    EXPECT_LE(found, sampled + 1e-9);
    EXPECT_GE(found, sampled - kGapWithinM - step);
    EXPECT_NEAR(found, least_gap(b, a), kGapWithinM);
    Swing larger = a;
    larger.half.length += 1;
    EXPECT_LE(least_gap(larger, b), found + kGapWithinM);
  }
}

}  // namespace
}  // namespace wideberth::live
