// Rules of agreements biting and not biting: exclusions, composition, special caution, consultations, reports. Invented data.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "core/pacts_testing.h"

namespace wideberth::core {
namespace {

using namespace testing;  // NOLINT: the vocabulary of these tests

TEST(Pacts, AnExclusionIsTouchedByItsClassInItsAreaAndByNothingElse) {
  Treaty t;
  const auto clause = t.rule(model::ExclusionRule{"north", "helicopter", false});
  t.make();
  EXPECT_TRUE(t.touched(t.file({})).empty()) << "a vehicle";
  Drive flight = in_essa();
  flight.platform_class = "helicopter";
  EXPECT_TRUE(t.touched(t.file(flight)).empty()) << "another area";
  flight = Drive{};
  flight.platform_class = "helicopter";
  const Outcome outcome = t.file(flight);
  const auto found = t.touched(outcome);
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].rule, model::TouchedRule::exclusion);
  EXPECT_EQ(found[0].clause, clause);
  EXPECT_EQ(found[0].agreement, t.id);
  EXPECT_EQ(found[0].version, 1u);
  EXPECT_EQ(found[0].area, "north");
  EXPECT_EQ(found[0].revision, outcome.index);
  const auto& what = std::get<model::ExactTouch>(found[0].what);
  EXPECT_TRUE(what.window.meets({flight.start, flight.start + flight.takes}));
  EXPECT_EQ(t.told(outcome), (std::vector<std::string>{"blue", "red", "mission"}));
  EXPECT_EQ(t.world.state.pacts.touched.size(), 1u);
}

TEST(Pacts, AnExceptionWithNoticeIsHonouredToTheMillisecond) {
  Treaty t;
  t.rule(model::ExclusionRule{"north", "*", true});
  t.make();
  Drive drive;
  drive.start = t.world.now + hours(24) + drive.slack;
  EXPECT_TRUE(t.touched(t.file(drive)).empty()) << "exactly the lead";
  drive.start = drive.start - kTick;
  const auto found = t.touched(t.file(drive));
  ASSERT_EQ(found.size(), 1u);
  EXPECT_TRUE(found[0].notice_short);
  drive.emergency = true;
  drive.start = t.world.now + hours(2) + drive.slack;
  drive.reason = "A birth (invented).";
  EXPECT_TRUE(t.touched(t.file(drive)).empty()) << "the emergency lead";
}

TEST(Pacts, WhoGetsAnOutlineIsToldByItsCellsAndOnlyWhatAnOutlineTells) {
  Terms terms;
  terms.blue_to_red = View::outline;
  Treaty t(terms);
  t.rule(model::ExclusionRule{"north", "*", false});
  t.rule(model::ExclusionRule{"north", "vehicle", false});
  t.make();
  const Outcome outcome = t.file({});
  const auto found = t.touched(outcome);
  ASSERT_EQ(found.size(), 3u) << "both clauses to blue, and the one that names no class to red";
  EXPECT_TRUE(std::holds_alternative<model::ExactTouch>(found[0].what));
  const auto* coarse = std::get_if<model::CoarseConflict>(&found[1].what);
  ASSERT_NE(coarse, nullptr);
  EXPECT_EQ(coarse->cell_e7, 1'000'000);
  EXPECT_EQ(t.told(outcome), (std::vector<std::string>{"blue", "mission", "red", "blue", "mission"}));
}

TEST(Pacts, SideThatGetsConflictsAloneIsToldNothingOfExclusions) {
  Terms terms;
  terms.blue_to_red = View::conflict_only;
  Treaty t(terms);
  t.rule(model::ExclusionRule{"north", "*", false});
  t.make();
  EXPECT_EQ(t.told(t.file({})), (std::vector<std::string>{"blue", "mission"}));
}

RC_GTEST_PROP(PactLaws, ACoarseFindingIsAFunctionOfTheOutlineAlone, ()) {
  Terms terms;
  terms.blue_to_red = View::outline;
  const auto red_is_told = [&](std::int32_t south, std::int64_t minute) {
    Treaty t(terms);
    t.rule(model::ExclusionRule{"north", "*", false});
    t.make();
    Drive drive;
    drive.from = {421100000, south};
    drive.to = {421900000, south + 1000};
    drive.start = at("2020-08-26T06:20:00Z") + minutes(minute);
    drive.takes = minutes(10);
    drive.slack = minutes(1);
    const Note note = t.world.filing(drive, t.id);
    const auto outline = std::find_if(note.parts.begin(), note.parts.end(), [](const auto& p) { return p.first == "outline"; });
    std::string told;
    for (const Entry* each : t.world.of_kind(EntryKind::rule_touched, t.world.file(note).findings))
      if (each->text.to.front() == "red") {
        auto found = model::parse_rule_touched(*each->part("full")).value();
        told += model::to_json(found) + "\n";
      }
    return std::pair{outline->second, told};
  };
  const auto south = *rc::gen::inRange<std::int32_t>(373'420'000, 373'580'000);
  const auto a = red_is_told(south, *rc::gen::inRange<std::int64_t>(0, 20));
  const auto b = red_is_told(*rc::gen::inRange<std::int32_t>(373'420'000, 373'580'000), *rc::gen::inRange<std::int64_t>(0, 20));
  RC_CLASSIFY(a.first == b.first);
  if (a.first == b.first) RC_ASSERT(a.second == b.second);
}

TEST(Pacts, CompositionIsComparedWithTheToleranceAndWhatIsUnknownIsNot) {
  model::Agreement terms = agreement_of({});
  EXPECT_FALSE(composition_finding(terms, {4, 12}, {9, 99})) << "no such rule";
  terms.rules.push_back({"30", "An invented sentence.", model::CompositionToleranceRule{1, 2}});
  EXPECT_FALSE(composition_finding(terms, {4, 12}, {5, 10}));
  EXPECT_FALSE(composition_finding(terms, {4, std::nullopt}, {3, 90}));
  EXPECT_FALSE(composition_finding(terms, {std::nullopt, std::nullopt}, {3, 90}));
  ASSERT_TRUE(composition_finding(terms, {4, 12}, {6, 12}));
  EXPECT_EQ(composition_finding(terms, {4, 12}, {6, 12})->clause, "30");
  EXPECT_TRUE(composition_finding(terms, {4, 12}, {2, 12}));
  EXPECT_TRUE(composition_finding(terms, {4, 12}, {4, 15}));
}

TEST(Pacts, AnAmendmentBeyondTheToleranceIsAFindingForThoseWhoSeeTheComposition) {
  Treaty t;
  t.rule(model::CompositionToleranceRule{1, 100});
  t.make();
  model::Notification n = notification_of({}, t.id);
  n.composition.vehicles = {{"M-ATV", 4}};
  const EntryIndex filed = World::expect(t.world.file(t.world.filing(n, t.id)));
  n.reason = "Two more (invented).";
  n.composition.escorts = {{"Tiger", 1}};
  Note note = t.world.filing(n, t.id);
  note.kind = EntryKind::notification_amended;
  note.refs = {filed};
  const Outcome within = t.world.file(note);
  EXPECT_TRUE(t.touched(within).empty()) << "one escort is within the tolerance";
  n.composition.vehicles = {{"M-ATV", 6}};
  note = t.world.filing(n, t.id);
  note.kind = EntryKind::notification_amended;
  note.refs = {within.index};
  const Outcome beyond = t.world.file(note);
  const auto found = t.touched(beyond);
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].notified.vehicles, 5);
  EXPECT_EQ(found[0].counted.vehicles, 7);
  EXPECT_EQ(t.told(beyond), (std::vector<std::string>{"blue", "mission"})) << "red sees the corridor, which has no composition";
}

TEST(Pacts, SpecialCautionHoldsOnceAllHaveOptedInForItsWindowAndUntilOneLeaves) {
  Treaty t;
  const Interval window{at("2020-08-26T00:00:00Z"), at("2020-08-27T00:00:00Z")};
  const auto clause = t.rule(model::SpecialCautionAreaRule{"north", window, "Walking pace."});
  t.make();
  const model::CautionSaid said{clause, "Maj. A."};
  EXPECT_TRUE(t.touched(t.file({})).empty()) << "nobody has opted in";
  EXPECT_TRUE(t.touched(t.world.file(t.about(EntryKind::caution_joined, "blue", said))).empty());
  EXPECT_TRUE(t.touched(t.file({})).empty()) << "one has proposed it";
  EXPECT_EQ(refused_by(t.world.file(t.about(EntryKind::caution_joined, "blue", said))), "caution_state");
  const auto standing = t.touched(t.world.file(t.about(EntryKind::caution_joined, "red", said)));
  ASSERT_EQ(standing.size(), 2u) << "both that stand already";
  EXPECT_EQ(standing[0].measures, "Walking pace.");
  EXPECT_TRUE(caution_in_force(t.world.state, *t.world.state.agreement(t.id), clause));
  EXPECT_EQ(t.touched(t.file({})).size(), 1u);
  EXPECT_TRUE(t.touched(t.file(in_essa())).empty()) << "elsewhere";
  Drive later;
  later.start = at("2020-08-27T06:00:00Z");
  EXPECT_TRUE(t.touched(t.file(later)).empty()) << "after its window";
  World::expect(t.world.file(t.about(EntryKind::caution_left, "red", said)));
  EXPECT_TRUE(t.touched(t.file({})).empty());
  EXPECT_EQ(refused_by(t.world.file(t.about(EntryKind::caution_left, "red", said))), "caution_state");
  EXPECT_EQ(refused_by(t.world.file(t.about(EntryKind::caution_joined, "red", model::CautionSaid{"1", "A"}))),
            "agreement_clause");
  t.world.pass(window.to + kTick);
  EXPECT_EQ(refused_by(t.world.file(t.about(EntryKind::caution_joined, "red", said))), "caution_state") << "it has ended";
}

TEST(Pacts, WhatIsHiddenIsNotCountedWhenAnAreaComesIntoForce) {
  Terms terms;
  terms.blue_to_red = View::conflict_only;
  Treaty t(terms);
  const auto clause =
      t.rule(model::SpecialCautionAreaRule{"north", {at("2020-08-26T00:00:00Z"), at("2020-08-27T00:00:00Z")}, "Walking pace."});
  t.make();
  World::expect(t.file({}));
  World::expect(t.world.file(t.about(EntryKind::caution_joined, "blue", model::CautionSaid{clause, "A"})));
  const Outcome joined = t.world.file(t.about(EntryKind::caution_joined, "red", model::CautionSaid{clause, "B"}));
  EXPECT_TRUE(joined.findings.empty()) << "an entry more would tell red that something is there";
}

TEST(Pacts, AConsultationIsOwedFromTheSignatureAndEachSideSaysItsOwn) {
  Treaty t;
  const auto clause = t.rule(model::ConsultationEveryRule{hours(48)});
  t.make();
  const Instant from = t.world.now;
  World::expect(
      t.world.file(t.about(EntryKind::consultation_held, "blue", model::ConsultationHeld{from, {"Col. B."}, "Minutes 1"})));
  const auto missed = t.world.of_kind(EntryKind::deadline_missed, t.world.pass(from + hours(48)));
  ASSERT_EQ(missed.size(), 2u) << "blue's next and red's first fall due in the same moment";
  const auto said = model::parse_deadline_missed(*missed[0]->part("full")).value().deadline;
  EXPECT_EQ(said.kind, model::DeadlineKind::consultation);
  EXPECT_EQ(said.clause, clause);
  EXPECT_TRUE(said.notification.empty());
  EXPECT_TRUE(may_read(t.world.state, missed[0]->index, "blue") && may_read(t.world.state, missed[0]->index, "red"));
  EXPECT_TRUE(t.world.of_kind(EntryKind::deadline_missed, t.world.pass(from + hours(200))).empty()) << "told once";
  const Instant held = t.world.now - hours(1);
  World::expect(t.world.file(t.about(EntryKind::consultation_held, "red", model::ConsultationHeld{held, {"Col. V."}, ""})));
  EXPECT_EQ(next_due(t.world.state), held + hours(48));
  EXPECT_EQ(refused_by(t.world.file(
                t.about(EntryKind::consultation_held, "red", model::ConsultationHeld{t.world.now + kTick, {"Col. V."}, ""}))),
            "agreement_act_time");
}

TEST(Pacts, AConsultationToldLateMovesNoDateBack) {
  Treaty t;
  t.rule(model::ConsultationEveryRule{hours(48)});
  const Instant before = t.world.now - hours(1);
  t.make();
  const auto held = [&](Instant when) {
    return t.world.file(t.about(EntryKind::consultation_held, "blue", model::ConsultationHeld{when, {"Col. V."}, ""}));
  };
  const auto due = [&] {
    for (const auto& [key, each] : t.world.state.pacts.dates)
      if (each.party == "blue") return each.due;
    return Instant{};
  };
  const Instant first = t.world.now;
  t.world.pass(first + hours(24));
  World::expect(held(first + hours(24)));
  World::expect(held(first + hours(2)));
  EXPECT_EQ(due(), first + hours(72)) << "from the latest that was held";
  EXPECT_EQ(refused_by(held(before)), "agreement_act_time");
  t.world.pass(first + hours(100));
  EXPECT_EQ(due(), Instant{}) << "missed, once";
  World::expect(held(first + hours(3)));
  EXPECT_EQ(due(), t.world.now + hours(48)) << "nothing is owed in the past";
}

TEST(Pacts, AnOutageAtAConsultationsDateCountsAgainstNobody) {
  Treaty t;
  t.rule(model::ConsultationEveryRule{hours(48)});
  t.make();
  const Instant due = t.world.now + hours(48);
  t.world.now = due + hours(1);
  t.world.append(*decide_restart(t.world.state, due - hours(1), due + hours(1)));
  const auto passed = t.world.pass(due + hours(2));
  EXPECT_EQ(t.world.of_kind(EntryKind::deadline_channel_down, passed).size(), 2u);
  EXPECT_TRUE(t.world.of_kind(EntryKind::deadline_missed, passed).empty());
}

TEST(Pacts, AReportOpensTheOtherSidesDeadlineAndALateOneIsSaid) {
  Treaty t;
  t.rule(model::IncidentReportWithinRule{hours(2)});
  t.make();
  t.world.now = at("2020-08-25T07:00:00Z");
  const model::IncidentReported seen{at("2020-08-25T06:00:00Z"), "Two vehicles touched.", "Maj. A.", ""};
  const Outcome first = t.world.file(t.about(EntryKind::incident_reported, "blue", seen));
  EXPECT_TRUE(first.findings.empty()) << "in time";
  EXPECT_EQ(next_due(t.world.state), t.world.now + hours(2));
  Note answer = t.about(EntryKind::incident_reported, "red", seen);
  answer.refs.push_back(first.index);
  World met = t.world;
  World::expect(met.file(answer));
  EXPECT_EQ(next_due(met.state), std::nullopt);
  EXPECT_EQ(refused_by(met.file(answer)), "answered_already");
  Note own = t.about(EntryKind::incident_reported, "blue", seen);
  own.refs.push_back(first.index);
  EXPECT_EQ(refused_by(t.world.file(own)), "note_references") << "one's own report";
  EXPECT_EQ(t.world.of_kind(EntryKind::deadline_missed, t.world.pass(at("2020-08-25T09:00:00Z"))).size(), 1u);
  const Outcome late = t.world.file(t.about(EntryKind::incident_reported, "red", seen));
  ASSERT_EQ(t.world.of_kind(EntryKind::deadline_missed, late.findings).size(), 1u) << "three hours after";
  EXPECT_EQ(refused_by(t.world.file(
                t.about(EntryKind::incident_reported, "red", model::IncidentReported{t.world.now + kTick, "x", "y", ""}))),
            "agreement_act_time");
}

}  // namespace
}  // namespace wideberth::core
