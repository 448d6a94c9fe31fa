#include "live/track.h"

#include <cmath>
#include <limits>

#include "live/testing.h"

namespace wideberth::live {
namespace {

using testing::after;
using testing::fix_at;
using testing::kField;
using testing::kStart;
using testing::offset;

constexpr UnitIndex kOne{0};

Taken take(Track& track, const Fix& fix) { return track.take(fix, fix.time, {}, 100); }

TEST(Fix, RefusesWhatIsNoPlaceOrTime) {
  EXPECT_EQ(make_fix(kOne, kStart, {1'800'000'001, 0}).error().rule, Rule::place_out_of_range);
  EXPECT_EQ(make_fix(kOne, kStart, {0, -900'000'001}).error().rule, Rule::place_out_of_range);
  EXPECT_EQ(make_fix(kOne, Instant::from_ms(253'402'300'800'000), kField).error().rule, Rule::time_out_of_range);
  EXPECT_EQ(geo::make_place(std::nan(""), 10).error().rule, Rule::place_out_of_range);
}

TEST(Fix, TakesWhatMakesNoSenseAsNotSaid) {
  const float inf = std::numeric_limits<float>::infinity();
  const auto fix =
      make_fix(kOne, kStart, kField, {.accuracy_m = -1, .speed_mps = inf, .course_deg = 360.5F, .altitude_m = kNone});
  ASSERT_TRUE(fix);
  EXPECT_TRUE(std::isnan(fix->accuracy_m) && std::isnan(fix->speed_mps) && std::isnan(fix->course_deg) &&
              std::isnan(fix->altitude_m));
  EXPECT_EQ(make_fix(kOne, kStart, kField, {.course_deg = 360})->course_deg, 0);
}

TEST(Fix, TakesWhatAPartySays) {
  const model::Position said{.unit = "B-1",
                             .time = kStart,
                             .place = kField,
                             .accuracy = Metres::from_mm(2500),
                             .speed_mmps = 12'500,
                             .course_cdeg = 27'050,
                             .altitude = Metres::from_metres(420)};
  const auto fix = make_fix(kOne, said);
  ASSERT_TRUE(fix);
  EXPECT_EQ(fix->accuracy_m, 2.5F);
  EXPECT_EQ(fix->speed_mps, 12.5F);
  EXPECT_EQ(fix->course_deg, 270.5F);
  EXPECT_EQ(fix->altitude_m, 420);
  const auto bare = make_fix(kOne, model::Position{.unit = "B-1", .time = kStart, .place = kField});
  EXPECT_TRUE(bare && std::isnan(bare->accuracy_m) && std::isnan(bare->speed_mps));
}

TEST(Units, KeepTheirNumbers) {
  Units units;
  const auto a = units.add({.party = "blue", .name = "B-1"}), b = units.add({.party = "red", .name = "B-1"});
  ASSERT_TRUE(a && b);
  EXPECT_NE(*a, *b);
  EXPECT_EQ(units.add({.party = "blue", .name = "B-1", .moored = true}), *a);
  EXPECT_TRUE(units[*a].moored);
  EXPECT_EQ(units.find("red", "B-1"), *b);
  EXPECT_EQ(units.find("red", "B-2"), std::nullopt);
  EXPECT_NE(units.party_of(*a), units.party_of(*b));
  EXPECT_EQ(units.class_of(*a), units.class_of(*b));
}

TEST(Units, RefuseMoreNamesThanTheyHold) {
  Units units;
  for (std::size_t i = 0; i + 1 < Units::kMostNames; ++i)  // "" is one
    ASSERT_TRUE(units.add({.party = "blue", .name = std::to_string(i), .formation = std::to_string(i)}));
  const auto refused = units.add({.party = "blue", .name = "one more", .formation = "one more"});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().rule, Rule::live_units);
}

TEST(Track, EveryKindOfFixHasItsOutcome) {
  Track track;
  EXPECT_EQ(track.at(kStart), std::nullopt);
  EXPECT_EQ(take(track, fix_at(kOne, 10, 0, 0)), Taken::used);
  EXPECT_EQ(take(track, fix_at(kOne, 11, 10, 0)), Taken::used);
  EXPECT_EQ(take(track, fix_at(kOne, 11, 10, 0)), Taken::duplicate);
  EXPECT_FALSE(track.doubtful());
  EXPECT_EQ(take(track, fix_at(kOne, 10, 0, 0)), Taken::duplicate);
  EXPECT_EQ(take(track, fix_at(kOne, 10.5, 4, 0)), Taken::reordered);
  EXPECT_FALSE(track.doubtful());
  EXPECT_EQ(take(track, fix_at(kOne, 11, 30, 0)), Taken::contradicting);
  EXPECT_TRUE(track.doubtful());
  EXPECT_EQ(take(track, fix_at(kOne, 12, 20, 0)), Taken::used);
  EXPECT_FALSE(track.doubtful());
  EXPECT_EQ(take(track, fix_at(kOne, 13, 30, 0, {.accuracy_m = 201})), Taken::poor);
  EXPECT_EQ(take(track, fix_at(kOne, 13, 3000, 0)), Taken::jump);
  EXPECT_EQ(track.doubt(), Taken::jump);
  EXPECT_EQ(track.last().time, after(12));
  EXPECT_EQ(track.passed_over(), 6U);
}

TEST(Track, TellsAClockThatRunsAheadAndAFixThatComesLate) {
  Track track;
  EXPECT_EQ(track.take(fix_at(kOne, 5.001, 0, 0), kStart, {}, 100), Taken::future);
  EXPECT_TRUE(track.empty());
  EXPECT_EQ(track.take(fix_at(kOne, 5, 0, 0), kStart, {}, 100), Taken::used);
  EXPECT_EQ(track.take(fix_at(kOne, 6, 0, 0), after(66.001), {}, 100), Taken::old);
  EXPECT_TRUE(track.doubtful());
  EXPECT_EQ(track.last().time, after(6));
}

TEST(Track, BelievesAJumpThatStays) {
  Track track;
  for (int s = 0; s < 5; ++s) ASSERT_EQ(take(track, fix_at(kOne, s, s * 10, 0)), Taken::used);
  EXPECT_EQ(take(track, fix_at(kOne, 5, 9000, 0)), Taken::jump);
  EXPECT_EQ(take(track, fix_at(kOne, 6, -9000, 0)), Taken::jump);  // does not agree with the one before
  EXPECT_EQ(take(track, fix_at(kOne, 7, -9010, 0)), Taken::jump);
  EXPECT_EQ(take(track, fix_at(kOne, 8, -9020, 0)), Taken::reacquired);
  EXPECT_EQ(track.size(), 1U);
  EXPECT_EQ(take(track, fix_at(kOne, 9, -9030, 0)), Taken::used);
}

TEST(Track, AGoodFixEndsACountOfJumps) {
  Track track;
  for (int s = 0; s < 20; ++s) {
    EXPECT_EQ(take(track, fix_at(kOne, 2 * s, 0, 0)), Taken::used);
    EXPECT_EQ(take(track, fix_at(kOne, 2 * s + 1, 9000, 0)), Taken::jump);
  }
}

TEST(Track, BeginsAnewAfterASilence) {
  Track track;
  take(track, fix_at(kOne, 0, 0, 0));
  EXPECT_EQ(take(track, fix_at(kOne, 240, 100, 0)), Taken::used);
  EXPECT_EQ(take(track, fix_at(kOne, 480.001, 200, 0)), Taken::reacquired);
  EXPECT_EQ(track.size(), 1U);
}

TEST(Track, MovesStraightBetweenFixesAndOnAfterTheLast) {
  Track track;
  take(track, fix_at(kOne, 0, 0, 0));
  take(track, fix_at(kOne, 4, 40, 0));
  take(track, fix_at(kOne, 8, 40, 80));
  const auto near = [](const Vec3& at, double east, double north) {
    return geo::norm(at - geo::to_ecef(offset(kField, east, north))) < 0.05;
  };
  EXPECT_FALSE(track.at(after(-0.001)));
  EXPECT_TRUE(near(track.at(after(0))->at, 0, 0));
  EXPECT_TRUE(near(track.at(after(2))->at, 20, 0));
  EXPECT_TRUE(near(track.at(after(6))->at, 40, 40));
  EXPECT_TRUE(near(track.at(after(8))->at, 40, 80));
  EXPECT_TRUE(near(track.at(after(10))->at, 40, 120));
  EXPECT_NEAR(geo::norm(track.at(after(6))->velocity), 20, 0.05);
}

TEST(Track, PrefersTheSpeedAndCourseThatTheSourceGives) {
  Track track;
  take(track, fix_at(kOne, 0, 0, 0));
  take(track, fix_at(kOne, 1, 10, 0, {.speed_mps = 12, .course_deg = 90}));
  const Ground said = over_ground(track.last().at, track.last().velocity);
  EXPECT_NEAR(said.speed_mps, 12, 1e-6);
  EXPECT_NEAR(said.course_deg, 90, 1e-6);
  take(track, fix_at(kOne, 2, 20, 0, {.speed_mps = 12}));  // no course: derived
  EXPECT_NEAR(over_ground(track.last().at, track.last().velocity).speed_mps, 10, 0.05);
  take(track, fix_at(kOne, 3, 30, 0, {.speed_mps = 0}));
  EXPECT_EQ(geo::norm(track.last().velocity), 0);
}

TEST(Track, KnowsNoPoleAndNoAntimeridian) {
  for (const Place place : {Place{1'799'999'000, 0}, Place{-1'799'999'500, 650'000'000}, Place{0, 899'999'990},
                            Place{0, 900'000'000}, Place{123'456'789, -899'999'000}}) {
    Track track;
    for (int s = 0; s <= 20; ++s) {
      const Vec3 at = geo::to_ecef(place) + Vec3{0.7, 0.7, 0} * (10.0 * s);
      const Fix fix = fix_at(kOne, s, geo::to_place(at));
      ASSERT_EQ(take(track, fix), Taken::used) << place.lon_e7 << ' ' << place.lat_e7 << ' ' << s;
    }
    EXPECT_FALSE(track.doubtful());
    EXPECT_LT(geo::norm(track.last().velocity), 11);
  }
}

TEST(Track, IsAtRestWhereItStays) {
  const TrackLimits limits;
  Track track;
  for (int s = 0; s < 30; ++s) {
    take(track, fix_at(kOne, s, s % 2 * 10, 0));  // a receiver that wanders by 10 m
    EXPECT_FALSE(track.at_rest(limits));
  }
  take(track, fix_at(kOne, 30, 0, 0));
  EXPECT_TRUE(track.at_rest(limits));
  take(track, fix_at(kOne, 31, 16, 0));
  EXPECT_FALSE(track.at_rest(limits));
}

TEST(Tracks, HoldOneForEachUnit) {
  Units units;
  const auto a = *units.add({.party = "blue", .name = "B-1"}), b = *units.add({.party = "red", .name = "R-1", .fastest_mps = 1});
  Tracks tracks;
  EXPECT_EQ(tracks.take(units, fix_at(b, 0, 0, 0), kStart), Taken::used);
  EXPECT_TRUE(tracks.of(a).empty());
  EXPECT_EQ(tracks.take(units, fix_at(b, 1, 60, 0), after(1)), Taken::jump);
}

}  // namespace
}  // namespace wideberth::live
