#include "live/encounter.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "live/golden_testing.h"

namespace wideberth::live {
namespace {

using testing::after;
using testing::fix_at;
using testing::kField;
using testing::offset;
using testing::play;
using testing::Played;
using testing::Scene;

TEST(Encounters, ACrossingBetweenTwoFixesIsFound) {
  // Forty seconds between fixes, each drives 1200 m: they cross in the middle, and no fix of either is within 500 m of the other.
  const Played played =
      play({"", {{"red", "R", {{0, -600, 0}, {40, 600, 0}}, 40}, {"blue", "B", {{0, 0, -600}, {40, 0, 600}}, 40}}});
  ASSERT_EQ(played.encounters.size(), 1U);
  const Contact& contact = played.encounters[0].closest();
  EXPECT_LT(contact.closest_m, 0.01);
  EXPECT_EQ(contact.closest_at, after(20));
  EXPECT_NEAR(contact.relative_mps, 42.43, 0.01);
  EXPECT_NEAR(static_cast<double>(contact.within.ms()), 2 * 500 / 42.426 * 1000, 2);
  EXPECT_EQ(contact.fixes_a + contact.fixes_b, 0U);
  EXPECT_LT(geo::distance_m(contact.place_a, offset(kField, 0, 0)), 0.1);
  EXPECT_EQ(played.encounters[0].when.from, contact.when.from);
}

TEST(Encounters, AMomentMoreAndItIsNone) {
  // Past each other at 501 m.
  EXPECT_TRUE(play({"", {{"red", "R", {{0, -600, 0}, {40, 600, 0}}, 5}, {"blue", "B", {{0, 600, 501}, {40, -600, 501}}, 5}}})
                  .encounters.empty());
  EXPECT_EQ(play({"", {{"red", "R", {{0, -600, 0}, {40, 600, 0}}, 5}, {"blue", "B", {{0, 600, 499}, {40, -600, 499}}, 5}}})
                .encounters.size(),
            1U);
}

TEST(Encounters, NoMoreAreFollowedThanTheStatedNumberUntilOneFallsSilent) {
  EncounterLimits limits;
  limits.most_units = 2;
  Units units;
  Tracks tracks;
  Encounters encounters(limits);
  const auto add = [&](const char* party, const char* name) { return *units.add({.party = party, .name = name}); };
  const UnitIndex red = add("red", "R"), far = add("red", "far"), blue = add("blue", "B");
  const auto drive = [&](UnitIndex unit, double t, double east) {
    const Fix fix = fix_at(unit, t, east, 0, {});
    const Taken taken = tracks.take(units, fix, fix.time);
    encounters.take(units, unit, tracks.of(unit), taken, fix.time);
  };
  for (int t = 0; t < 20; ++t) {
    drive(red, t, 0);
    drive(far, t, 30'000);
    drive(blue, t, 10);
  }
  EXPECT_EQ(encounters.followed(), 2U);
  EXPECT_FALSE(encounters.follows(blue));
  EXPECT_EQ(encounters.open(), 0U) << "B came when there were two";
  EXPECT_EQ(encounters.left_out(), 1U);
  for (int t = 20; t < 300; ++t) {  // the one far away is not heard of any more
    drive(red, t, 0);
    drive(blue, t, 10);
  }
  EXPECT_FALSE(encounters.follows(far));
  EXPECT_TRUE(encounters.follows(blue));
  EXPECT_EQ(encounters.left_out(), 0U);
  EXPECT_EQ(encounters.open(), 1U);
}

TEST(Encounters, TwoColumnsThatMeetAreOne) {
  Scene scene{"", {}};
  for (int k = 0; k < 3; ++k) {
    scene.drives.push_back({"red", "R-" + std::to_string(k), {{0, -2000.0 - 40 * k, 0}, {200, 2000.0 - 40 * k, 0}}, 5});
    scene.drives.push_back({"blue", "B-" + std::to_string(k), {{0, 2000.0 + 40 * k, 20}, {200, -2000.0 + 40 * k, 20}}, 5});
  }
  const Played played = play(scene);
  ASSERT_EQ(played.encounters.size(), 1U);
  EXPECT_EQ(played.encounters[0].contacts.size(), 9U);
  EXPECT_EQ(played.encounters[0].tracks.size(), 6U);
  EXPECT_EQ(played.units.parties()[played.encounters[0].party_a], "blue");
  EXPECT_EQ(played.encounters[0].ended, EncounterEnd::apart);
  EXPECT_NEAR(played.encounters[0].closest().closest_m, 20, 0.01);
  EXPECT_EQ(played.events.size(), 2U);
}

TEST(Encounters, TwoThatGrowTogetherAreJoined) {
  // R-1 meets B-1 and R-2 meets B-2 far apart; then both come to one place.
  const Played played = play({"",
                              {{"red", "R-1", {{0, 0, 0}, {100, 0, 0}, {300, 3000, 0}, {400, 3000, 0}}, 5},
                               {"blue", "B-1", {{0, 100, 0}, {100, 100, 0}, {300, 3100, 0}, {400, 3100, 0}}, 5},
                               {"red", "R-2", {{0, 6000, 0}, {100, 6000, 0}, {300, 3200, 0}, {400, 3200, 0}}, 5},
                               {"blue", "B-2", {{0, 6100, 0}, {100, 6100, 0}, {300, 3300, 0}, {400, 3300, 0}}, 5}}});
  ASSERT_EQ(played.encounters.size(), 1U);
  EXPECT_EQ(played.encounters[0].contacts.size(), 4U);
  std::size_t opened = 0, closed = 0, joined = 0;
  for (const EncounterEvent& event : played.events) {
    (event.kind == EncounterEvent::Kind::opened ? opened : closed) += 1;
    if (event.kind == EncounterEvent::Kind::closed && event.encounter.ended == EncounterEnd::joined) ++joined;
  }
  EXPECT_EQ(opened, 2U);
  EXPECT_EQ(closed, 2U);
  EXPECT_EQ(joined, 1U);
}

TEST(Encounters, ComingBackAfterAMinuteIsAnother) {
  const auto there_and_back = [](double away_s) {
    return play({"",
                 {{"red", "R", {{0, 0, 0}, {400, 0, 0}}, 5},
                  {"blue", "B", {{0, 100, 0}, {20, 1000, 0}, {20 + away_s, 1000, 0}, {40 + away_s, 100, 0}, {400, 100, 0}}, 5}}})
        .encounters.size();
  };
  EXPECT_EQ(there_and_back(30), 1U);
  EXPECT_EQ(there_and_back(120), 2U);
}

TEST(Encounters, SilenceEndsOne) {
  const Played played = play({"", {{"red", "R", {{0, 0, 0}, {1000, 0, 0}}, 5}, {"blue", "B", {{0, 100, 0}, {100, 100, 0}}, 5}}});
  ASSERT_EQ(played.encounters.size(), 1U);
  EXPECT_EQ(played.encounters[0].ended, EncounterEnd::silence);
  EXPECT_EQ(played.encounters[0].when.to, after(100));
}

TEST(Encounters, WhoLiesMooredOrMovesTogetherHasNone) {
  const auto count = [](bool moored, const std::string& formation_a, const std::string& formation_b) {
    Units units;
    const UnitIndex a = *units.add({.party = "red", .name = "R", .moored = moored, .formation = formation_a});
    const UnitIndex b = *units.add({.party = "blue", .name = "B", .moored = moored, .formation = formation_b});
    Tracks tracks;
    Encounters encounters;
    for (int k = 0; k < 5; ++k)
      for (const UnitIndex unit : {a, b}) {
        const Fix fix = fix_at(unit, k, unit == a ? 0 : 50, 0);
        const Taken taken = tracks.take(units, fix, fix.time);
        encounters.take(units, unit, tracks.of(unit), taken, fix.time);
      }
    encounters.close(units);
    return encounters.drain().size();
  };
  EXPECT_EQ(count(false, "", ""), 2U);
  EXPECT_EQ(count(true, "", ""), 0U);
  EXPECT_EQ(count(false, "joint patrol", "joint patrol"), 0U);
  EXPECT_EQ(count(false, "one", "two"), 2U);
}

TEST(Encounters, KnowNoPoleAndNoAntimeridian) {
  for (const Place centre : {Place{0, 900'000'000}, Place{1'800'000'000, 100'000'000}, Place{-1'800'000'000, -899'999'000}}) {
    Units units;
    const UnitIndex a = *units.add({.party = "red", .name = "R"}), b = *units.add({.party = "blue", .name = "B"});
    Tracks tracks;
    Encounters encounters;
    for (int k = 0; k <= 10; ++k)
      for (const UnitIndex unit : {a, b}) {
        const double along = (k - 5) * 100.0;
        const Fix fix = fix_at(unit, k * 10, offset(centre, unit == a ? along : 0, unit == a ? 0 : along + 30));
        encounters.take(units, unit, tracks.of(unit), tracks.take(units, fix, fix.time), fix.time);
      }
    encounters.close(units);
    const auto events = encounters.drain();
    ASSERT_EQ(events.size(), 2U);
    EXPECT_NEAR(events[1].encounter.closest().closest_m, 30 / std::sqrt(2), 0.1);
  }
}

/// Random drives of two parties, each with its own rate; every pair that ever was within the distance at a common instant of its
/// tracks is in an encounter, with no greater closest distance than sampling finds, and no smaller one than sampling allows.
RC_GTEST_PROP(EncountersLaws, NoApproachIsMissed, ()) {
  Scene scene{"", {}};
  const int count = *rc::gen::inRange(2, 9);
  for (int u = 0; u < count; ++u) {
    testing::Drive drive{u % 2 == 0 ? "red" : "blue", "U-" + std::to_string(u), {}, *rc::gen::element(1.0, 3.0, 7.0, 20.0, 90.0)};
    double t = *rc::gen::inRange(0, 200), east = *rc::gen::inRange(-4000, 4000), north = *rc::gen::inRange(-4000, 4000);
    for (int leg = 0; leg < 4; ++leg) {
      drive.way.push_back({t, east, north});
      t += *rc::gen::inRange(10, 300);
      const double speed = *rc::gen::inRange(0, 20), span = t - drive.way.back().t;
      const int side = *rc::gen::inRange(0, 4);
      east += (side == 0 ? 1 : side == 1 ? -1 : 0) * speed * span;
      north += (side == 2 ? 1 : side == 3 ? -1 : 0) * speed * span;
    }
    scene.drives.push_back(drive);
  }
  const Played played = play(scene);
  for (const Encounter& each : played.encounters) RC_ASSERT(!each.contacts.empty());
  for (std::uint32_t i = 0; i < played.units.size(); ++i)
    for (std::uint32_t j = 0; j < played.units.size(); ++j) {
      if (played.units[UnitIndex{i}].party != "blue" || played.units[UnitIndex{j}].party != "red") continue;
      const auto place = [&](std::uint32_t unit, double t) -> std::optional<Vec3> {  // on the chord between the unit's own fixes
        const testing::Drive& drive = scene.drives[unit];
        const double first = drive.way.front().t, every = drive.every_s;
        const double last = first + std::floor((drive.way.back().t - first) / every + 1e-9) * every;
        if (t < first || t > last) return std::nullopt;
        const double before = first + std::floor((t - first) / every) * every, next = std::min(before + every, last);
        const auto at = [&](double when) {
          const testing::Turn turn = testing::on_way_at(drive.way, when);
          return geo::to_ecef(offset(kField, turn.east, turn.north));
        };
        return next > before ? at(before) + (at(next) - at(before)) * ((t - before) / (next - before)) : at(before);
      };
      double least = HUGE_VAL;
      for (double t = 0; t < 1400; t += 0.5)
        if (const auto a = place(i, t), b = place(j, t); a && b) least = std::min(least, norm(*a - *b));
      double found = HUGE_VAL;
      for (const Encounter& each : played.encounters)
        for (const Contact& contact : each.contacts)
          if (contact.a == UnitIndex{i} && contact.b == UnitIndex{j}) found = std::min(found, contact.closest_m);
      if (least <= 499.9) RC_ASSERT(found <= least + 0.05);
      if (found < HUGE_VAL) RC_ASSERT(found >= least - 10.1);  // 0.25 s at 40 m/s
    }
}

RC_GTEST_PROP(EncountersLaws, EveryOneThatIsOpenedIsClosedOnce, ()) {
  Scene scene{"", {}};
  for (int u = 0; u < 6; ++u) {
    const double way = *rc::gen::inRange(-2000, 2000);
    scene.drives.push_back({u % 2 == 0 ? "red" : "blue",
                            "U-" + std::to_string(u),
                            {{0, way, 0}, {300, -way, *rc::gen::inRange(0, 900) * 1.0}},
                            *rc::gen::element(1.0, 10.0, 50.0)});
  }
  std::map<std::uint64_t, int> open;
  const Played played = play(scene);
  for (const EncounterEvent& event : played.events) {
    int& state = open[event.encounter.number];
    RC_ASSERT(state == (event.kind == EncounterEvent::Kind::opened ? 0 : 1));
    ++state;
  }
  for (const auto& [number, state] : open) RC_ASSERT(state == 2);
  RC_ASSERT(play(scene).events.size() == played.events.size());
}

}  // namespace
}  // namespace wideberth::live
