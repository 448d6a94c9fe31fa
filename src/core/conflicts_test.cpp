// What a notification conflicts with, as each side is told it.
#include "core/conflicts.h"

#include <gtest/gtest.h>

#include "core/testing.h"

namespace wideberth::core {
namespace {

using namespace testing;  // NOLINT: the vocabulary of these tests

/// Blue drives east along a road, red comes the other way at the same time.
Drive oncoming() {
  Drive drive;
  drive.party = "red";
  std::swap(drive.from, drive.to);
  return drive;
}

struct Found {
  std::vector<std::string> to;
  model::ConflictFound said;
  bool exact() const { return std::holds_alternative<model::ExactConflict>(said.what); }
};

std::vector<Found> conflicts_of(const World& world, const Outcome& outcome) {
  std::vector<Found> found;
  for (const Entry* each : world.of_kind(EntryKind::conflict_found, outcome.findings))
    found.push_back({each->text.to, model::parse_conflict_found(*each->part("full")).value()});
  return found;
}

using Readers = std::vector<std::string>;

TEST(Conflicts, OneExactEntryServesBothWhereBothMayKnow) {
  World world;
  const std::string id = world.agree();
  const EntryIndex blue = World::expect(world.file(world.filing(Drive{}, id)));
  const Outcome outcome = world.file(world.filing(oncoming(), id));
  const auto found = conflicts_of(world, outcome);
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].to, (Readers{"red", "blue"}));
  ASSERT_TRUE(found[0].exact());
  EXPECT_EQ(found[0].said.a, world.state.notification_at(outcome.index)->id);
  EXPECT_EQ(found[0].said.b, world.state.notification_at(blue)->id);
  EXPECT_EQ(found[0].said.a_revision, outcome.index);
  EXPECT_EQ(found[0].said.b_revision, blue);
  EXPECT_EQ(found[0].said.clause, "4");
  EXPECT_EQ(found[0].said.separation, Metres::from_metres(1000));
  EXPECT_EQ(found[0].said.other_party, "blue");
  EXPECT_EQ(std::get<model::ExactConflict>(found[0].said.what).meeting.kind, geo::Likeness::certain);
  EXPECT_EQ(world.state.conflicts.size(), 1u);
}

TEST(Conflicts, ExactForOneAndCoarseForTheOther) {
  World world;
  Terms terms;
  terms.blue_to_red = View::outline;
  const std::string id = world.agree(terms);
  World::expect(world.file(world.filing(Drive{}, id)));
  const auto red_files = conflicts_of(world, world.file(world.filing(oncoming(), id)));
  ASSERT_EQ(red_files.size(), 2u);
  EXPECT_EQ(red_files[0].to, Readers{"red"});
  EXPECT_FALSE(red_files[0].exact());
  EXPECT_EQ(red_files[0].said.b, "");
  const auto& cell = std::get<model::CoarseConflict>(red_files[0].said.what);
  EXPECT_EQ(cell.cell_south_west.lon_e7 % 1'000'000, 0);
  EXPECT_EQ(cell.slot.to - cell.slot.from, hours(1));
  EXPECT_EQ(red_files[1].to, Readers{"blue"});
  EXPECT_TRUE(red_files[1].exact());
  // The same when it is blue that files against what red has filed.
  Drive again;
  again.from.lat_e7 += 20'000;
  again.to.lat_e7 += 20'000;
  const auto blue_files = conflicts_of(world, world.file(world.filing(again, id)));
  ASSERT_EQ(blue_files.size(), 2u);
  EXPECT_EQ(blue_files[0].to, Readers{"blue"});
  EXPECT_TRUE(blue_files[0].exact());
  EXPECT_EQ(blue_files[1].to, Readers{"red"});
  EXPECT_FALSE(blue_files[1].exact());
}

TEST(Conflicts, CoarseForBothWhereNeitherMayKnow) {
  World world;
  Terms terms;
  terms.blue_to_red = terms.red_to_blue = View::conflict_only;
  const std::string id = world.agree(terms);
  World::expect(world.file(world.filing(Drive{}, id)));
  const auto found = conflicts_of(world, world.file(world.filing(oncoming(), id)));
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(found[0].to, Readers{"red"});
  EXPECT_EQ(found[1].to, Readers{"blue"});
  EXPECT_FALSE(found[0].exact() || found[1].exact());
}

TEST(Conflicts, WhatFliesIsFoundThroughAnOutlineToo) {
  World world;
  Terms terms;
  terms.blue_to_red = View::conflict_only;
  const std::string id = world.agree(terms);
  Drive flight;
  flight.platform_class = "helicopter";
  flight.altitude = geo::AltitudeBand{Metres::from_metres(200), Metres::from_metres(400)};
  World::expect(world.file(world.filing(flight, id)));
  Drive red = oncoming();
  red.platform_class = "helicopter";
  red.altitude = flight.altitude;
  EXPECT_EQ(conflicts_of(world, world.file(world.filing(red, id))).size(), 2u);
}

TEST(Conflicts, HangOnClassPartyHeightTimeAndDistance) {
  World world;
  const std::string id = world.agree();
  World::expect(world.file(world.filing(Drive{}, id)));
  const auto count = [&](const std::function<void(Drive&)>& change) {
    World copy = world;
    Drive drive = oncoming();
    change(drive);
    return conflicts_of(copy, copy.file(copy.filing(drive, id))).size();
  };
  EXPECT_EQ(count([](Drive&) {}), 1u);
  EXPECT_EQ(count([](Drive& d) { d.platform_class = "helicopter"; }), 1u) << "on the ground it is owed 500 m";
  EXPECT_EQ(count([](Drive& d) { d.platform_class = "boat"; }), 0u) << "no rule speaks of boats";
  EXPECT_EQ(count([](Drive& d) { d.party = "blue"; }), 0u) << "one's own";
  EXPECT_EQ(count([](Drive& d) { d.start = d.start + hours(3); }), 0u);
  EXPECT_EQ(count([](Drive& d) {
              d.platform_class = "helicopter";
              d.altitude = geo::AltitudeBand{Metres::from_metres(100), Metres::from_metres(200)};
            }),
            0u);
  // 0.009 degrees of latitude are 999 m; two corridors of 50 m each side are added to the 1,000 m owed.
  const auto aside = [](std::int32_t lat_e7) {
    return [lat_e7](Drive& d) {
      d.from.lat_e7 += lat_e7;
      d.to.lat_e7 += lat_e7;
    };
  };
  EXPECT_EQ(count(aside(98'000)), 1u);   // 1,088 m
  EXPECT_EQ(count(aside(101'000)), 0u);  // 1,121 m
}

TEST(Conflicts, OnlyTheStandingRevisionCounts) {
  World world;
  const std::string id = world.agree();
  const EntryIndex blue = World::expect(world.file(world.filing(Drive{}, id)));
  const Outcome red = world.file(world.filing(oncoming(), id));
  EXPECT_EQ(conflicts_of(world, red).size(), 1u);
  // Red amends it away; then it amends back into conflict.
  Drive away = oncoming();
  away.start = away.start + hours(5);
  away.reason = "to keep clear";
  const Outcome first = world.file(world.amendment(red.index, away, id));
  EXPECT_TRUE(conflicts_of(world, first).empty());
  Drive meets_the_old;
  meets_the_old.from.lat_e7 += 10'000;
  meets_the_old.to.lat_e7 += 10'000;
  EXPECT_TRUE(conflicts_of(world, world.file(world.filing(meets_the_old, id))).empty()) << "red's first revision is superseded";
  Drive back = oncoming();
  back.reason = "after all";
  World::expect(world.file(world.withdrawal("blue", blue)));
  const auto again = conflicts_of(world, world.file(world.amendment(first.index, back, id)));
  ASSERT_EQ(again.size(), 1u) << "with the second of blue's alone: the first was withdrawn";
  EXPECT_NE(again[0].said.b_revision, blue);
}

TEST(Conflicts, AFurtherAgreementDisclosesNothingFiledUnderAnother) {
  World world;
  Terms hidden;
  hidden.blue_to_red = View::conflict_only;
  const std::string first = world.agree(hidden);
  Terms open;
  open.version = 2;
  const std::string second = world.agree(open);
  World::expect(world.file(world.filing(Drive{}, first)));
  const auto found = conflicts_of(world, world.file(world.filing(oncoming(), second)));
  ASSERT_EQ(found.size(), 2u) << "two agreements, one road";
  EXPECT_EQ(found[0].to, Readers{"red"});
  EXPECT_FALSE(found[0].exact());
  EXPECT_TRUE(found[1].exact());
  // Who is not named by the agreement under which a movement was filed is not told that there is one.
  Terms three;
  three.version = 3;
  three.with_green = true;
  const std::string third = world.agree(three);
  Drive green = oncoming();
  green.party = "green";
  green.from.lat_e7 += 20'000;
  green.to.lat_e7 += 20'000;
  for (const Found& each : conflicts_of(world, world.file(world.filing(green, third))))
    EXPECT_EQ(std::find(each.to.begin(), each.to.end(), "green"), each.to.end());
}

}  // namespace
}  // namespace wideberth::core
