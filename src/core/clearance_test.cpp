// What clears all conflicts of a movement at once, against shifting it and asking again.
#include "core/clearance.h"

#include <gtest/gtest.h>

#include "core/conflicts.h"
#include "core/testing.h"

namespace wideberth::core {
namespace {

using namespace testing;  // NOLINT: the vocabulary of these tests

/// One road; without windows, so that whatever shares no time does not conflict.
Drive on_the_road(const std::string& party, const char* start, bool back = false) {
  Drive drive;
  drive.party = party;
  drive.start = at(start);
  drive.slack = Millis{};
  if (back) std::swap(drive.from, drive.to);
  return drive;
}

/// The findings of a movement that went to a reader, with the other side's plans.
std::vector<ToldConflict> told_to(const State& state, const std::string& reader, const std::string& movement) {
  std::vector<ToldConflict> told;
  for (const ConflictState& each : state.conflicts) {
    if (std::find(each.told.begin(), each.told.end(), reader) == each.told.end()) continue;
    const bool is_a = each.found.a == movement;
    if (!is_a && each.found.b != movement) continue;
    const Revision* other = state.revision_at(is_a ? each.found.b_revision : each.found.a_revision);
    const bool exact = std::holds_alternative<model::ExactConflict>(each.found.what);
    told.push_back({&each.found, exact && other != nullptr ? other->plan : nullptr});
  }
  return told;
}

struct Asked {
  World world;
  std::string agreement, id;
  EntryIndex blue;

  explicit Asked(const Drive& drive, const Terms& terms = {}) : agreement(world.agree(terms)) {
    blue = World::expect(world.file(world.filing(drive, agreement)));
    id = world.state.notification_at(blue)->id;
  }
  model::ClearAll all(const std::string& reader = "blue") const {
    return clear_all(id, *world.state.revision_at(blue)->plan, told_to(world.state, reader, id));
  }
};

/// How many of the exact others a drive meets.
std::size_t met_by(const Drive& drive, const Asked& asked) {
  const auto plan = model::compile(notification_of(drive, asked.agreement)).value();
  std::size_t met = 0;
  for (const ToldConflict& each : told_to(asked.world.state, "blue", asked.id))
    met += geo::meet(plan, *each.other, each.found->separation) ? 1U : 0U;
  return met;
}

TEST(Clearance, TheShiftClearsAllAtOnceAndIsTheLeast) {
  const Drive blue = on_the_road("blue", "2020-08-26T06:00:00Z");
  Asked asked(blue);
  for (const char* start : {"2020-08-26T05:50:00Z", "2020-08-26T06:20:00Z", "2020-08-26T06:55:00Z"})
    World::expect(asked.world.file(asked.world.filing(on_the_road("red", start, true), asked.agreement)));
  const model::ClearAll all = asked.all();
  EXPECT_EQ(all.movement, asked.id);
  EXPECT_EQ(all.conflicts, 3u);
  EXPECT_EQ(all.left_out, 0u);
  EXPECT_FALSE(all.coarse);
  ASSERT_TRUE(all.later && all.earlier);
  EXPECT_EQ(met_by(blue, asked), 3u);
  const auto shifted = [&](Millis by) {
    Drive drive = blue;
    drive.start = drive.start + by;
    return met_by(drive, asked);
  };
  EXPECT_EQ(shifted(*all.later), 0u);
  EXPECT_GT(shifted(*all.later - Millis::from_seconds(1)), 0u);
  EXPECT_EQ(shifted(-*all.earlier), 0u);
  EXPECT_GT(shifted(-*all.earlier + Millis::from_seconds(1)), 0u);
  for (const ToldConflict& each : told_to(asked.world.state, "blue", asked.id)) {
    const auto& meeting = std::get<model::ExactConflict>(each.found->what).meeting;
    ASSERT_EQ(each.found->b, asked.id) << "red filed later";
    EXPECT_GE(*all.later, *meeting.b_clear_later);
    EXPECT_GE(*all.earlier, *meeting.b_clear_earlier);
  }
}

TEST(Clearance, SlackOnBothSidesIsHeeded) {
  Drive blue = on_the_road("blue", "2020-08-26T06:00:00Z");
  blue.slack = minutes(7);
  Asked asked(blue);
  Drive red = on_the_road("red", "2020-08-26T06:00:00Z", true);
  red.slack = minutes(4);
  World::expect(asked.world.file(asked.world.filing(red, asked.agreement)));
  const auto told = told_to(asked.world.state, "blue", asked.id);
  ASSERT_EQ(told.size(), 1u);
  const auto& meeting = std::get<model::ExactConflict>(told[0].found->what).meeting;
  const model::ClearAll all = asked.all();
  EXPECT_EQ(all.later, meeting.b_clear_later) << "of one conflict it is that one's advice";
  EXPECT_EQ(all.earlier, meeting.b_clear_earlier);
}

TEST(Clearance, FromACellItIsAsCoarseAsTheCell) {
  Terms terms;
  terms.red_to_blue = View::conflict_only;
  // Two worlds in which red drives another road at another minute through the same cells and slots.
  const auto told = [&](std::int32_t north_e7, Millis later) {
    Asked asked(on_the_road("blue", "2020-08-26T06:00:00Z"), terms);
    Drive red = on_the_road("red", "2020-08-26T06:05:00Z");
    red.from.lat_e7 += north_e7;
    red.to.lat_e7 += north_e7;
    red.takes = minutes(40);
    red.start = red.start + later;
    World::expect(asked.world.file(asked.world.filing(red, asked.agreement)));
    const auto of = told_to(asked.world.state, "blue", asked.id);
    EXPECT_EQ(of.size(), 1u);
    EXPECT_TRUE(of[0].other == nullptr);
    const model::ClearAll all = asked.all();
    EXPECT_TRUE(all.coarse);
    EXPECT_EQ(all.left_out, 0u);
    // Shifted so, blue comes no more near the told cell during the told slot.
    const auto& cell = std::get<model::CoarseConflict>(of[0].found->what);
    const auto box = cell_plan(cell.cell_south_west, cell.cell_e7, cell.slot).value();
    const auto meets = [&](Millis by) {
      Drive drive = on_the_road("blue", "2020-08-26T06:00:00Z");
      drive.start = drive.start + by;
      const auto plan = model::compile(notification_of(drive, asked.agreement)).value();
      return geo::meet(plan, box, of[0].found->separation).has_value();
    };
    EXPECT_TRUE(meets(Millis{}));
    EXPECT_FALSE(meets(*all.later));
    EXPECT_FALSE(meets(-*all.earlier));
    return std::pair(*all.later, *all.earlier);
  };
  EXPECT_EQ(told(30'000, Millis{}), told(70'000, minutes(9)));
}

TEST(Clearance, WhatCannotBeComputedWithIsCountedAndLeftOut) {
  Asked asked(on_the_road("blue", "2020-08-26T06:00:00Z"));
  World::expect(asked.world.file(asked.world.filing(on_the_road("red", "2020-08-26T06:00:00Z", true), asked.agreement)));
  const geo::Plan& plan = *asked.world.state.revision_at(asked.blue)->plan;
  auto told = told_to(asked.world.state, "blue", asked.id);
  ASSERT_EQ(told.size(), 1u);
  const model::ClearAll whole = clear_all(asked.id, plan, told);
  told.push_back({told[0].found, nullptr});  // the other side's revision is erased
  model::ConflictFound far = *told[0].found;
  far.a = asked.id;
  far.b.clear();
  far.what =
      model::CoarseConflict{{100'000'000, 100'000'000}, 1'000'000, {at("2020-08-26T06:00:00Z"), at("2020-08-26T07:00:00Z")}};
  told.push_back({&far});  // a cell that it does not come near itself
  model::ClearAll all = clear_all(asked.id, plan, told);
  EXPECT_EQ(all.conflicts, 3u);
  EXPECT_EQ(all.left_out, 2u);
  EXPECT_FALSE(all.coarse);
  EXPECT_EQ(all.later, whole.later);
  told.erase(told.begin());
  all = clear_all(asked.id, plan, told);
  EXPECT_EQ(all.left_out, 2u);
  EXPECT_FALSE(all.later || all.earlier);
}

}  // namespace
}  // namespace wideberth::core
