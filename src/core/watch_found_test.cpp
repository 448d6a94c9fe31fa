// What the watch finds beside alerts: units as they are described, movements that are kept or not, encounters; who is told what
// of it. Every track in here is invented.
#include <gtest/gtest.h>

#include "core/testing.h"
#include "core/watch.h"
#include "core/watch_house.h"

namespace wideberth::core {
namespace {

using namespace testing;  // NOLINT: the vocabulary of these tests

model::UnitText unit_text(const std::string& name, const std::string& platform_class = "vehicle") {
  model::UnitText unit;
  unit.unit = name;
  unit.platform_class = platform_class;
  return unit;
}

class FieldDay {
 public:
  FieldDay(model::PositionUse blue_to_red, model::PositionUse red_to_blue, const Terms& terms = {}, bool confidential = false) {
    model::Agreement agreement = agreement_of(terms);
    if (confidential) agreement.rules.push_back({"8.1", "An invented sentence.", model::ConfidentialRule{{}}});
    agreement.rules.push_back({"9.1", "An invented sentence.", model::PositionsRule{"blue", "red", blue_to_red}});
    agreement.rules.push_back({"9.2", "An invented sentence.", model::PositionsRule{"red", "blue", red_to_blue}});
    proposed =
        World::expect(world.file({EntryKind::agreement_proposed, "blue/ops", model::to_json(agreement), {"red", "mission"}}));
    id = base::id_of(base::IdKind::agreement, proposed);
    World::expect(world.file(world.signature(id, "red")));
  }

  Outcome describe(const std::string& party, std::vector<model::UnitText> units, std::vector<std::string> to = {}) {
    Note note{EntryKind::unit_described, party + "/ops", model::to_json(model::UnitDescribed{std::move(units)}), std::move(to)};
    note.refs = {proposed};
    return world.file(note);
  }
  /// One fix each, now.
  std::vector<EntryIndex> report(const std::string& party, const std::string& unit, geo::Place place, int speed_mps = -1,
                                 int course_deg = 0, std::optional<Instant> time = {}) {
    model::Position p;
    p.unit = unit;
    p.time = time.value_or(world.now);
    p.place = place;
    p.accuracy = Metres::from_metres(1);
    if (speed_mps >= 0) {
      p.speed_mmps = speed_mps * 1'000;
      p.course_cdeg = course_deg * 100;
    }
    Note note{EntryKind::positions_reported, party + "/ops", ""};
    note.positions = {p};
    note.refs = {proposed};
    const Outcome outcome = world.file(note);
    EXPECT_FALSE(outcome.refusal);
    return outcome.findings;
  }
  /// b-1 north and r-1 south on one meridian, 15 m/s each, 2.2 km apart at the start.
  void approach(int seconds) {
    for (int i = 0; i < seconds; ++i, ++gone_) {
      world.pass(world.now + Millis::from_seconds(1));
      report("blue", "b-1", {421'000'000, 374'000'000 + 1'350 * gone_}, 15, 0);
      report("red", "r-1", {421'000'000, 374'200'000 - 1'350 * gone_}, 15, 180);
    }
  }
  /// What a party was told of conformance, in order.
  std::vector<model::ConformanceChanged> told(const std::string& party) const {
    std::vector<model::ConformanceChanged> all;
    for (const Entry& entry : world.log)
      if (entry.kind == EntryKind::conformance_changed && entry.text.to == std::vector<std::string>{party})
        all.push_back(model::parse_conformance_changed(*entry.part("full")).value());
    return all;
  }
  const EncounterState* encounter_of(const std::string& party) const {
    for (const auto& [entry, encounter] : world.state.encounters.all)
      if (encounter.party == party) return &encounter;
    return nullptr;
  }

  World world;
  EntryIndex proposed{};
  std::string id;

 private:
  int gone_ = 0;
};

std::string code_of(const Outcome& outcome) {
  return outcome.refusal ? std::string(base::code_of(outcome.refusal->rule)) : "accepted";
}

TEST(Units, ARulingForEachSlip) {
  FieldDay day(model::PositionUse::warnings, model::PositionUse::warnings);
  EXPECT_EQ(code_of(day.describe("blue", {unit_text("b-1"), unit_text("b-2", "boat")})), "accepted");
  EXPECT_EQ(code_of(day.describe("blue", {unit_text("b-1", "submarine")})), "platform_class_unknown");
  EXPECT_EQ(code_of(day.describe("mission", {unit_text("m-1")})), "agreement_not_party");
  EXPECT_EQ(code_of(day.describe("blue", {unit_text("b-1")}, {"green"})), "recipient_not_disclosed");
  model::UnitText with = unit_text("b-1");
  with.formation = "convoy";
  for (const char* whom : {"blue", "green", "mission"}) {
    with.formation_with = whom;
    EXPECT_EQ(code_of(day.describe("blue", {with})), "unit_formation") << whom;
  }
  model::UnitText drives = unit_text("b-1");
  drives.movement = base::id_of(base::IdKind::movement, EntryIndex{3});
  EXPECT_EQ(code_of(day.describe("blue", {drives})), "unit_movement");
  Drive red;
  red.party = "red";
  drives.movement = base::id_of(base::IdKind::movement, World::expect(day.world.file(day.world.filing(red, day.id))));
  EXPECT_EQ(code_of(day.describe("blue", {drives})), "unit_movement") << "another party's";
  Note nowhere{EntryKind::unit_described, "blue/ops", model::to_json(model::UnitDescribed{{unit_text("b-1")}})};
  nowhere.refs = {EntryIndex{1}};
  EXPECT_EQ(code_of(day.world.file(nowhere)), "agreement_not_in_force");
}

TEST(Units, APartyThatHasLeftDescribesNoneAndReportsNoneAnyMore) {
  FieldDay day(model::PositionUse::warnings, model::PositionUse::warnings);
  Note leaving{EntryKind::agreement_withdrawn, "red/ops", model::to_json(model::AgreementWithdrawn{"Invented.", {}})};
  leaving.refs = {day.proposed};
  World::expect(day.world.file(leaving));
  day.world.pass(day.world.now);
  EXPECT_EQ(code_of(day.describe("red", {unit_text("r-1")})), "agreement_withdrawn");
  EXPECT_EQ(code_of(day.describe("blue", {unit_text("b-1")})), "accepted");
}

TEST(Units, NoMoreThanTheStatedNumber) {
  FieldDay day(model::PositionUse::warnings, model::PositionUse::warnings);
  for (std::size_t first = 0; first < UnitBook::kMost; first += model::kMostUnitsAtOnce) {
    std::vector<model::UnitText> units;
    for (std::size_t i = 0; i < model::kMostUnitsAtOnce; ++i) units.push_back(unit_text("u" + std::to_string(first + i)));
    ASSERT_EQ(code_of(day.describe("blue", std::move(units))), "accepted");
  }
  EXPECT_EQ(code_of(day.describe("blue", {unit_text("one more")})), "unit_count");
  EXPECT_EQ(code_of(day.describe("blue", {unit_text("u7", "boat")})), "accepted") << "one that is known";
  EXPECT_EQ(code_of(day.describe("red", {unit_text("r-1")})), "accepted") << "another party has its own";
}

TEST(Units, TheLatestHoldsAndOnlyThoseWhoAreNamedReadIt) {
  FieldDay day(model::PositionUse::tracks, model::PositionUse::tracks);
  const State& state = day.world.state;
  const EntryIndex first = World::expect(day.describe("blue", {unit_text("b-1"), unit_text("b-2")}));
  const EntryIndex second = World::expect(day.describe("blue", {unit_text("b-1", "boat")}, {"red"}));
  EXPECT_EQ(state.units.find("blue", "b-1")->said->platform_class, "boat");
  EXPECT_EQ(state.units.find("blue", "b-1")->entry, second);
  EXPECT_EQ(state.units.find("blue", "b-2")->entry, first);
  for (const char* party : {"red", "mission", "green"}) EXPECT_FALSE(may_read_part(state, first, "full", party)) << party;
  EXPECT_TRUE(may_read_part(state, first, "full", "blue"));
  EXPECT_TRUE(may_read_part(state, second, "full", "red"));
  EXPECT_FALSE(may_read_part(state, second, "full", "mission"));
  State again;
  for (const Entry& entry : day.world.log) ASSERT_TRUE(apply(again, entry));
  EXPECT_EQ(dump(again), dump(state));
}

TEST(Encounters, WithoutTheTextAnObserverIsToldThatThereWasOneAndNoLimit) {
  for (const bool confidential : {true, false}) {
    FieldDay day(model::PositionUse::warnings, model::PositionUse::warnings, {}, confidential);
    day.approach(75);
    int found = 0;
    for (const Entry& entry : day.world.log) {
      if (entry.kind != EntryKind::encounter_opened && entry.kind != EntryKind::encounter_closed) continue;
      ++found;
      EXPECT_TRUE(may_read(day.world.state, entry.index, "mission"));
      EXPECT_EQ(may_read_part(day.world.state, entry.index, "full", "mission"), !confidential);
      EXPECT_TRUE(may_read_part(day.world.state, entry.index, "full", entry.text.to.front()));
    }
    EXPECT_GE(found, 2);
  }
}

TEST(Units, WhatIsSaidOfBothKeepsAPairQuiet) {
  const auto met = [](const std::vector<model::UnitText>& blue, const std::vector<model::UnitText>& red) {
    FieldDay day(model::PositionUse::warnings, model::PositionUse::warnings);
    if (!blue.empty()) World::expect(day.describe("blue", blue));
    if (!red.empty()) World::expect(day.describe("red", red));
    day.approach(75);
    return std::pair(day.world.state.alerts.size(), day.world.state.encounters.all.size());
  };
  const auto quiet = std::pair<std::size_t, std::size_t>(0, 0);
  model::UnitText blue = unit_text("b-1"), red = unit_text("r-1");
  EXPECT_NE(met({blue}, {red}), quiet);
  blue.state = model::UnitRest::moored;
  EXPECT_NE(met({blue}, {}), quiet) << "one side's word is not enough";
  red.state = model::UnitRest::parked;
  EXPECT_EQ(met({blue}, {red}), quiet);
  blue = unit_text("b-1"), red = unit_text("r-1");
  blue.formation = red.formation = "joint patrol";
  EXPECT_NE(met({blue}, {red}), quiet) << "a name that happens to be the same";
  blue.formation_with = "red";
  EXPECT_NE(met({blue}, {red}), quiet);
  red.formation_with = "blue";
  EXPECT_EQ(met({blue}, {red}), quiet);
  const auto boat = met({unit_text("b-1", "boat")}, {});
  EXPECT_EQ(boat.first, 0U) << "boats and vehicles owe each other nothing here";
  EXPECT_EQ(boat.second, 2U) << "an encounter all the same, for each side";
}

TEST(Units, WhatIsSaidWhileAnAlertIsOpenEndsIt) {
  FieldDay day(model::PositionUse::warnings, model::PositionUse::warnings);
  day.approach(60);
  ASSERT_FALSE(day.world.state.open_alerts.empty());
  model::UnitText blue = unit_text("b-1"), red = unit_text("r-1");
  blue.formation = red.formation = "joint patrol";
  blue.formation_with = "red", red.formation_with = "blue";
  World::expect(day.describe("blue", {blue}));
  EXPECT_FALSE(day.world.state.open_alerts.empty());
  World::expect(day.describe("red", {red}));
  EXPECT_TRUE(day.world.state.open_alerts.empty());
  for (const auto& [entry, alert] : day.world.state.alerts) EXPECT_EQ(alert.ended, model::AlertEnd::company);
}

/// Blue's movement, b-1 at its start a quarter of an hour after the latest, and on; red crosses later on.
class Late : public FieldDay {
 public:
  Late(model::PositionUse blue_to_red, const Terms& terms) : FieldDay(blue_to_red, model::PositionUse::warnings, terms) {
    movement = base::id_of(base::IdKind::movement, World::expect(world.file(world.filing(Drive{}, id))));
    Drive crossing;
    crossing.party = "red";
    crossing.from = {421'500'000, 373'800'000}, crossing.to = {421'500'000, 374'200'000};
    crossing.start = at("2020-08-26T06:35:00Z");
    crossing.takes = minutes(10), crossing.slack = Millis::from_seconds(30);
    other = base::id_of(base::IdKind::movement, World::expect(world.file(world.filing(crossing, id))));
    world.pass(at("2020-08-26T06:25:00Z"));
  }
  /// On its line, `gone` of the way; for so long, a fix each five seconds.
  void stand(double gone, int seconds, const std::string& unit = "b-1", std::int32_t off_e7 = 0) {
    for (int i = 0; i < seconds; i += 5) {
      world.pass(world.now + Millis::from_seconds(5));
      report("blue", unit, {421'000'000 + static_cast<std::int32_t>(gone * 2'000'000) + i, 374'000'000 + off_e7});
    }
  }
  std::string movement, other;
};

TEST(Conforming, ALateUnitIsToldToItsPartyInFullAndToTheOtherInAWord) {
  Late day(model::PositionUse::warnings, {});
  day.stand(0.001, 40);
  const auto blue = day.told("blue"), red = day.told("red");
  ASSERT_EQ(blue.size(), 2U);
  EXPECT_EQ(blue[0].unit, "b-1");
  EXPECT_EQ(blue[0].movement, day.movement) << "found by where it is";
  const auto late = std::get<model::KeepingChanged>(blue[0].what);
  EXPECT_EQ(late.now, model::Keeping::late);
  EXPECT_GT(*late.deviation, minutes(14));
  EXPECT_LT(*late.deviation, minutes(16));
  const auto ahead = std::get<model::Foreseen>(blue[1].what);
  EXPECT_TRUE(ahead.conflicts);
  EXPECT_EQ(ahead.with, day.other);
  EXPECT_EQ(ahead.other_party, "red");
  ASSERT_EQ(red.size(), 1U);
  EXPECT_EQ(red[0].unit, "");
  EXPECT_EQ(red[0].movement, day.movement);
  EXPECT_EQ(red[0].clause, "9.1");
  EXPECT_EQ(std::get<model::KeepingChanged>(red[0].what),
            (model::KeepingChanged{model::Keeping::unwatched, model::Keeping::late, {}, {}, {}, {}}));
  // It catches up: both hear of it, a minute after the last at the earliest.
  day.world.now = day.world.now + minutes(2);
  day.stand(0.45, 40);
  EXPECT_EQ(std::get<model::KeepingChanged>(day.told("red").back().what).now, model::Keeping::conforming);
  EXPECT_EQ(day.world.state.encounters.keeping("blue", "blue", "b-1", ""), model::Keeping::conforming);
  State again;
  for (const Entry& entry : day.world.log) ASSERT_TRUE(apply(again, entry));
  EXPECT_EQ(dump(again), dump(day.world.state));
}

TEST(Conforming, WhoSeesNoCorridorIsToldNothingAndForeseesNothing) {
  Terms hidden;
  hidden.blue_to_red = View::outline;
  Late day(model::PositionUse::tracks, hidden);
  day.stand(0.001, 40);
  EXPECT_TRUE(day.told("red").empty()) << "a word would be finer than its cells and slots";
  EXPECT_EQ(day.told("blue").size(), 2U);
  Terms theirs;
  theirs.red_to_blue = View::outline;
  Late other(model::PositionUse::tracks, theirs);
  other.stand(0.001, 40);
  ASSERT_EQ(other.told("blue").size(), 1U) << "blue does not see red's corridor, so it foresees no conflict with it";
  ASSERT_EQ(other.told("red").size(), 1U);
  EXPECT_TRUE(std::get<model::KeepingChanged>(other.told("red")[0].what).deviation) << "red may read blue's tracks";
}

TEST(Conforming, AHelicopterAboveAColumnIsNotInIt) {
  Terms terms;
  Late day(model::PositionUse::warnings, terms);
  World::expect(day.describe("blue", {unit_text("h-1", "helicopter")}));
  day.stand(0.001, 40, "h-1");
  for (const auto& each : day.told("blue"))
    EXPECT_NE(each.movement, day.movement) << "late would be the column, not who flies above";
  EXPECT_TRUE(day.told("red").empty());
  day.stand(0.001, 40, "b-1");
  bool found = false;
  for (const auto& each : day.told("blue")) found = found || (each.unit == "b-1" && each.movement == day.movement);
  EXPECT_TRUE(found) << "the vehicle in the same place is";
}

TEST(Conforming, WhatChangesToAndFroIsToldOnceAMinuteAtMost) {
  Late day(model::PositionUse::warnings, {});
  for (int i = 0; i < 10; ++i) day.stand(0.2, 20, "b-1", i % 2 == 0 ? 0 : 20'000);
  std::map<std::string, std::size_t> entries;
  for (const Entry& entry : day.world.log)
    if (entry.kind == EntryKind::conformance_changed) ++entries[entry.text.to.front()];
  EXPECT_GE(day.told("blue").size(), 2U);
  std::size_t states = 0;
  for (const auto& each : day.told("blue")) states += std::holds_alternative<model::KeepingChanged>(each.what) ? 1U : 0U;
  EXPECT_LE(states, 4U) << "200 seconds";
}

TEST(Conforming, AUnitWithoutAMovementInAnAreaIsUnnotified) {
  FieldDay day(model::PositionUse::warnings, model::PositionUse::warnings);
  for (int i = 0; i < 5; ++i) {
    day.world.pass(day.world.now + Millis::from_seconds(5));
    day.report("blue", "b-1", {421'000'000 + i, 374'000'000});
    day.report("blue", "b-far", {431'000'000 + i, 374'000'000});
  }
  const auto told = day.told("blue");
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(told[0].unit, "b-1");
  EXPECT_EQ(std::get<model::KeepingChanged>(told[0].what).now, model::Keeping::unnotified);
  EXPECT_TRUE(day.told("red").empty());
}

TEST(Conforming, AClockThatIsOffIsToldAndNothingIsCorrected) {
  const auto told_at = [](Millis off, Millis jitter) {
    FieldDay day(model::PositionUse::warnings, model::PositionUse::warnings);
    for (int i = 0; i < 80; ++i) {
      day.world.pass(day.world.now + Millis::from_seconds(1));
      const Instant now = day.world.now;
      day.report("blue", "b-1", {431'000'000, 374'000'000 + i}, -1, 0, now - off - (i % 3 == 0 ? Millis{} : jitter));
    }
    std::vector<std::string> doubts;
    for (const auto& each : day.told("blue")) doubts.push_back(std::get<model::KeepingChanged>(each.what).doubt);
    return doubts;
  };
  using Doubts = std::vector<std::string>;
  EXPECT_EQ(told_at({}, Millis::from_seconds(8)), Doubts{}) << "some come late: the quickest counts";
  EXPECT_EQ(told_at(Millis::from_seconds(9), {}), Doubts{});
  EXPECT_EQ(told_at(Millis::from_seconds(20), {}), Doubts{"clock, 20 s behind at most, or it comes so late"});
  EXPECT_EQ(told_at(Millis::from_seconds(-3), {}), Doubts{"clock, 3 s ahead at least"});
  EXPECT_EQ(told_at(hours(2), {}).size(), 1U) << "old, as live has it: nothing is said of a clock";
  EXPECT_EQ(told_at(hours(2), {}).front(), "old");
}

TEST(Conforming, ATrackStandsForAsManyVehiclesAsItsPartySays) {
  FieldDay day(model::PositionUse::warnings, model::PositionUse::warnings);
  model::Notification n = notification_of(Drive{}, day.id);
  n.composition.vehicles = {{"truck", 4}};
  const std::string movement = base::id_of(base::IdKind::movement, World::expect(day.world.file(day.world.filing(n, day.id))));
  model::UnitText column = unit_text("column");
  column.vehicles = 6;
  column.movement = movement;
  World::expect(day.describe("blue", {column}));
  day.world.pass(at("2020-08-26T06:00:00Z"));
  for (int i = 0; i < 20; ++i) {
    day.world.pass(day.world.now + Millis::from_seconds(5));
    day.report("blue", "column", {421'001'000 + i, 374'000'000});
  }
  const auto told = day.told("blue");
  ASSERT_EQ(told.size(), 2U);
  EXPECT_EQ(std::get<model::CompositionChanged>(told[1].what), (model::CompositionChanged{true, 4, 6}));
}

TEST(Met, BothSidesAreToldOfAnEncounterAndOfItsCandidatesAsFarAsTheyMay) {
  FieldDay day(model::PositionUse::tracks, model::PositionUse::warnings);
  for (int i = 0; i < 200; ++i) {  // red behind blue, 60 m, 10 m/s north
    day.world.pass(day.world.now + Millis::from_seconds(1));
    day.report("blue", "b-1", {421'000'000, 374'000'000 + 900 * i}, 10, 0);
    day.report("red", "r-1", {421'000'000, 374'000'000 + 900 * i - 5'400}, 10, 0);
  }
  ASSERT_EQ(day.world.state.encounters.open.size(), 2U);
  day.world.pass(day.world.now + minutes(6));
  EXPECT_TRUE(day.world.state.encounters.open.empty());
  const EncounterState &red = *day.encounter_of("red"), &blue = *day.encounter_of("blue");
  EXPECT_EQ(red.opened->other_unit, "b-1");
  EXPECT_EQ(blue.opened->other_unit, "") << "blue is warned, and sees no track";
  ASSERT_EQ(red.closed->candidates.size(), 1U);
  const model::ConductCandidate &full = red.closed->candidates.front(), &coarse = blue.closed->candidates.front();
  EXPECT_EQ(full.conduct, "tailing");
  EXPECT_EQ(full.by, (std::vector<model::EncounterUnit>{{"red", "r-1"}}));
  EXPECT_EQ(coarse.by, (std::vector<model::EncounterUnit>{{"red", ""}}));
  EXPECT_EQ(coarse.upon, (model::EncounterUnit{"blue", "b-1"}));
  EXPECT_FALSE(full.values.empty());
  EXPECT_TRUE(coarse.values.empty());
  EXPECT_EQ(coarse.test, full.test) << "the agreement's numbers are no secret";
  ASSERT_EQ(full.rests_on.size(), 2U);
  ASSERT_EQ(coarse.rests_on.size(), 1U) << "its own fixes";
  EXPECT_EQ(blue.closed->listed.front().closest, Metres::from_metres(100)) << "60 m, rounded up";
  EXPECT_FALSE(blue.closed->listed.front().other_place);
  EXPECT_LT(red.closed->listed.front().closest, Metres::from_metres(61));
  for (const model::FixesOf& rests : full.rests_on) {
    EXPECT_EQ(rests.which.size(), rests.fixes);
    EXPECT_GT(rests.fixes, 120U);
    for (const model::FixRef& fix : rests.which) {
      const auto fixes = model::parse_positions(*day.world.log[fix.batch.value].part("full")).value();
      EXPECT_EQ(fixes.front().unit, rests.unit.unit);
      EXPECT_EQ(fixes.front().time, fix.at);
    }
  }
  EXPECT_FALSE(may_read(day.world.state, red.entry, "blue"));
  EXPECT_FALSE(may_read(day.world.state, *red.over, "blue"));
  EXPECT_TRUE(may_read(day.world.state, *red.over, "mission"));
  State again;
  for (const Entry& entry : day.world.log) ASSERT_TRUE(apply(again, entry));
  EXPECT_EQ(dump(again), dump(day.world.state));
}

TEST(Met, QuietThatWasAskedForOutlivesARestart) {
  FieldDay day(model::PositionUse::warnings, model::PositionUse::warnings);
  World& world = day.world;
  while (world.state.open_alerts.empty()) day.approach(1);
  const EntryIndex blue = *world.state.open_alerts.begin();
  ASSERT_EQ(world.state.alerts.at(blue).party, "blue");
  Note note{EntryKind::alert_snoozed, "blue/ops",
            model::to_json(model::AlertSnoozed{"Sgt. B", "They wave.", world.now + hours(1)})};
  note.refs = {blue};
  World::expect(world.file(note));
  const auto raised = [&](const std::string& party) {
    return std::count_if(world.state.alerts.begin(), world.state.alerts.end(), [&](const auto& each) {
      return each.second.party == party && each.second.raised.grade == model::AlertGrade::caution;
    });
  };
  for (const bool gone_through : {true, false}) {
    *world.watch = Watch();
    for (EntryIndex each = Watch::recalled_from(world.state); gone_through && each < world.state.next(); ++each.value)
      world.watch->recall(world.state, world.log[each.value]);
    for (Draft& draft : world.watch->recalled(world.state, world.now)) world.append(std::move(draft));
    day.approach(5);
    EXPECT_EQ(raised("blue"), 1) << "it asked for quiet";
    EXPECT_EQ(raised("red"), gone_through ? 1 : 2) << "what is not found again is raised again";
  }
}

TEST(Met, WhatIsKeptInMemoryIsBounded) {
  EncounterBook book;
  const auto closed = std::make_shared<const model::EncounterClosed>();
  for (std::uint64_t i = 0; i < EncounterBook::kMostClosed + 10; ++i) {
    book.add({EntryIndex{2 * i}, "blue", {}, {}, {}});
    if (i > 0) book.close(EntryIndex{2 * i}, EntryIndex{2 * i + 1}, closed);
  }
  EXPECT_EQ(book.all.size(), EncounterBook::kMostClosed + 1);
  EXPECT_TRUE(book.all.contains(EntryIndex{0})) << "it is open";
  EXPECT_FALSE(book.all.contains(EntryIndex{2}));
  EXPECT_EQ(book.open.size(), 1U);
}

}  // namespace
}  // namespace wideberth::core
