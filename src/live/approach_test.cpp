#include "live/approach.h"

#include <algorithm>

#include "live/settings.h"
#include "live/testing.h"

namespace wideberth::live {
namespace {

using testing::after;
using testing::Chance;
using testing::fix_at;

Track wander(Chance& chance, std::uint32_t unit, double speed) {
  Track track;
  double east = chance.between(-300, 300), north = chance.between(-300, 300), at = chance.between(0, 10);
  const auto fixes = 1 + chance.below(Track::kKept);
  for (std::size_t i = 0; i < fixes; ++i) {
    const Fix fix = fix_at(UnitIndex{unit}, at, east, north);
    EXPECT_TRUE(is_used(track.take(fix, fix.time, {}, 100)));
    const double span = chance.between(0.2, 20);
    at += span;
    east += chance.between(-speed, speed) * span;
    north += chance.between(-speed, speed) * span;
  }
  return track;
}

TEST(ApproachLaws, NoSampledInstantIsNearerThanTheNearest) {
  Chance chance{1};
  for (int i = 0; i < testing::cases(400); ++i) {
    const Track a = wander(chance, 0, 30), b = wander(chance, 1, 30);
    const Instant from = after(chance.between(-5, 40)),
                  to = from + Millis::from_ms(static_cast<std::int64_t>(chance.between(0, 60'000)));
    const auto found = closest(a, b, from, to);
    double least = 1e18;
    bool known = false;
    for (Instant t = from; t <= to; t = t + Millis::from_ms(25)) {
      const auto sa = a.at(t), sb = b.at(t);
      if (!sa || !sb) continue;
      known = true;
      const double distance = geo::norm(sa->at - sb->at);
      least = std::min(least, distance);
      ASSERT_TRUE(found);
      ASSERT_GE(distance, found->distance_m - 1e-6);
    }
    if (!known) continue;
    EXPECT_LE(least - found->distance_m, 0.025 * 200);  // what two of them cover between two samples
    EXPECT_LE(from, found->at);
    EXPECT_LE(found->at, to);
    EXPECT_NEAR(geo::norm(found->a - found->b), found->distance_m, 1e-6);
    const auto other = closest(b, a, from, to);
    EXPECT_EQ(other->distance_m, found->distance_m);
    EXPECT_EQ(other->at, found->at);
  }
}

TEST(ApproachLaws, WhatIsAheadIsTheLeastOfTheHorizon) {
  Chance chance{2};
  for (int i = 0; i < testing::cases(400); ++i) {
    const Track a = wander(chance, 0, 20), b = wander(chance, 1, 20);
    const State sa{a.last().at, a.last().velocity}, sb{b.last().at, b.last().velocity};
    const Ahead found = ahead(sa, sb, 120);
    double least = 1e18;
    for (double t = 0; t <= 120; t += 0.05)
      least = std::min(least, geo::norm((sa.at + sa.velocity * t) - (sb.at + sb.velocity * t)));
    EXPECT_GE(least, found.distance_m - 1e-6);
    EXPECT_LE(least - found.distance_m, 0.05 * 60);
    EXPECT_GE(found.seconds, 0);
    EXPECT_LE(found.seconds, 120);
  }
}

TEST(Approach, FindsACrossingBetweenTwoFixes) {
  Track a, b;
  // They cross at the origin at second 5; every fix has them 140 m apart.
  for (const double s : {0.0, 10.0}) {
    for (auto [track, fix] :
         {std::pair{&a, fix_at(UnitIndex{0}, s, s * 20 - 100, 0)}, {&b, fix_at(UnitIndex{1}, s, 0, s * 20 - 100)}})
      ASSERT_EQ(track->take(fix, fix.time, {}, 100), Taken::used);
  }
  const auto found = closest(a, b, after(0), after(10));
  ASSERT_TRUE(found);
  EXPECT_LT(found->distance_m, 0.05);
  EXPECT_NEAR(static_cast<double>((found->at - after(5)).ms()), 0, 5);
}

TEST(Approach, TwoThatKeepTheirDistanceHaveNoClosestMoment) {
  Track a, b;
  for (const double s : {0.0, 10.0}) {
    a.take(fix_at(UnitIndex{0}, s, s * 10, 0), after(s), {}, 100);
    b.take(fix_at(UnitIndex{1}, s, s * 10 + 50, 0), after(s), {}, 100);
  }
  const Ahead found = ahead(*a.at(after(10)), *b.at(after(10)), 120);
  EXPECT_NEAR(found.distance_m, 50, 0.2);
  EXPECT_LT(found.relative_mps, 0.01);
  EXPECT_FALSE(closest(a, b, after(-5), after(-1)));
}

model::Agreement agreement() {
  model::Agreement made;
  made.platform_classes = {"vehicle", "helicopter", "drone"};
  made.rules = {{"3.1", "", model::SeparationRule{"vehicle", "vehicle", Metres::from_metres(7000)}},
                {"3.2", "", model::SeparationRule{"helicopter", "*", Metres::from_metres(300)}},
                {"6.1", "", model::ProhibitedConductRule{"close-approach", {{"caution_m", 250'000}, {"warning_s", 45'000}}}}};
  return made;
}

TEST(Settings, FollowTheAgreement) {
  const Settings settings = settings_of(agreement());
  const PairLimits vehicles = settings.pair("vehicle", "vehicle");
  EXPECT_TRUE(vehicles.owed);
  EXPECT_EQ(vehicles.reach_m, 7000);
  EXPECT_EQ(vehicles.caution_m, 250);
  EXPECT_EQ(vehicles.warning_s, 45);
  EXPECT_EQ(vehicles.warning_m, PairLimits{}.warning_m);
  EXPECT_EQ(settings.pair("drone", "helicopter"), settings.pair("helicopter", "drone"));
  EXPECT_TRUE(settings.pair("drone", "helicopter").owed);
  EXPECT_EQ(settings.pair("drone", "helicopter").reach_m, PairLimits{}.reach_m);
  EXPECT_FALSE(settings.pair("drone", "drone").owed);
  EXPECT_FALSE(settings.pair("boat", "vehicle").owed);
  EXPECT_EQ(threshold(agreement(), "close_approach", "caution_m"), 250);
  EXPECT_EQ(threshold(agreement(), "close_approach", "caution_s"), std::nullopt);
  EXPECT_EQ(threshold(agreement(), "tailing", "caution_m"), std::nullopt);
}

TEST(Settings, ReachIsNeverLessThanWhatItMustFind) {
  EXPECT_EQ(settings_of(PairLimits{.reach_m = 10, .encounter_m = 20, .caution_m = 100}).pair("a", "b").reach_m, 125);
  EXPECT_TRUE(settings_of(PairLimits{}).pair("a", "b").owed);
}

}  // namespace
}  // namespace wideberth::live
