// Acts on paper, filed later: each is shown with both times, moves no deadline back, and can be disputed. All data is invented.
#include <gtest/gtest.h>

#include "core/testing.h"

namespace wideberth::core {
namespace {

using namespace testing;  // NOLINT: the vocabulary of these tests

Note on_paper(Note note, Instant occurred, model::PaperMeans how = model::PaperMeans::telephone) {
  note.occurred = occurred;
  note.parts.emplace_back("paper", model::to_json(model::OnPaper{how, "Maj. A.", "Desk", "Form 12"}));
  return note;
}

std::string rule_named(const Outcome& outcome) {
  return outcome.refusal ? std::string(base::code_of(outcome.refusal->rule)) : "accepted";
}

/// A drive of blue's, delivered to red, which owes an acknowledgement (4 h) and to tell its unit.
struct Outage {
  World world;
  std::string id;
  EntryIndex filed{};
  Instant told{};

  Outage() : id(world.agree()) {
    told = world.now;
    filed = World::expect(world.file(world.filing(Drive{}, id)));
  }
  bool met(model::DeadlineKind kind) const {
    for (const auto& [key, act] : world.state.papers.met)
      if (std::get<model::DeadlineKind>(key) == kind) return true;
    return false;
  }
  std::size_t missed() const { return world.state.ended_deadlines.size(); }
  Note judged(EntryKind kind, EntryIndex act, const std::string& party = "blue", const std::string& to = "red") const {
    Note note{kind,
              party + "/ops",
              kind == EntryKind::paper_confirmed ? model::to_json(model::PaperConfirmed{"Cpt. B.", ""})
                                                 : model::to_json(model::PaperDisputed{"Cpt. B.", "Nobody rang."}),
              {to}};
    note.refs = {act};
    return note;
  }
};

TEST(Paper, AnAcknowledgementOnPaperIsShownBesideTheMissWhichStays) {
  Outage outage;
  World& world = outage.world;
  const auto passed = world.pass(outage.told + hours(9));
  ASSERT_EQ(world.of_kind(EntryKind::deadline_missed, passed).size(), 1U);
  const EntryIndex act = World::expect(world.file(on_paper(world.acknowledgement("red", outage.filed), outage.told + hours(2))));
  EXPECT_EQ(outage.missed(), 1U) << "the miss stays";
  ASSERT_TRUE(outage.met(model::DeadlineKind::acknowledge));
  const PaperState& paper = world.state.papers.of.at(act);
  EXPECT_EQ(paper.occurred, outage.told + hours(2));
  EXPECT_EQ(paper.received, outage.told + hours(9));
  EXPECT_EQ(paper.met.size(), 1U);
  EXPECT_EQ(standing_of(paper), "stated");
  EXPECT_EQ(world.state.revision_at(outage.filed)->handling.at("red").acknowledged, act);
  // The counterpart disputes it; the first of the two stands, and nobody else is asked.
  EXPECT_EQ(rule_named(world.file(outage.judged(EntryKind::paper_disputed, act, "green", "red"))), "paper_unknown");
  EXPECT_EQ(rule_named(world.file(outage.judged(EntryKind::paper_disputed, outage.filed))), "paper_unknown");
  EXPECT_EQ(rule_named(world.file(outage.judged(EntryKind::paper_disputed, act, "blue", "mission"))), "recipient_missing");
  const EntryIndex disputed = World::expect(world.file(outage.judged(EntryKind::paper_disputed, act)));
  EXPECT_EQ(rule_named(world.file(outage.judged(EntryKind::paper_confirmed, act))), "answered_already");
  EXPECT_EQ(standing_of(world.state.papers.of.at(act)), "disputed");
  EXPECT_EQ(world.state.papers.of.at(act).disputed.at("blue"), disputed);
  EXPECT_TRUE(outage.met(model::DeadlineKind::acknowledge)) << "both stand";
}

TEST(Paper, WhatWasLateOnPaperTooMeetsNothing) {
  // Exactly at the due time is too late, a millisecond before is not.
  for (const auto& [occurred, met] : {std::pair{hours(4), false}, {hours(4) - kTick, true}}) {
    Outage outage;
    World& world = outage.world;
    world.pass(outage.told + hours(9));
    World::expect(world.file(on_paper(world.acknowledgement("red", outage.filed), outage.told + occurred)));
    EXPECT_EQ(outage.met(model::DeadlineKind::acknowledge), met);
  }
}

TEST(Paper, ATimeAloneMovesNothing) {
  Outage outage;
  World& world = outage.world;
  world.pass(outage.told + hours(9));
  Note bare = world.acknowledgement("red", outage.filed);
  bare.occurred = outage.told + hours(2);
  World::expect(world.file(bare));
  EXPECT_TRUE(world.state.papers.of.empty());
  EXPECT_FALSE(outage.met(model::DeadlineKind::acknowledge));
}

TEST(Paper, ItIsRefusedWithoutATimeWithATimeAheadAndWhereNobodyActsOnPaper) {
  Outage outage;
  World& world = outage.world;
  Note none = on_paper(world.acknowledgement("red", outage.filed), world.now);
  none.occurred.reset();
  EXPECT_EQ(rule_named(world.file(none)), "paper_act");
  EXPECT_EQ(rule_named(world.file(on_paper(world.acknowledgement("red", outage.filed), world.now + kTick))), "paper_act");
  EXPECT_EQ(rule_named(world.file(on_paper(world.receipt("red", outage.filed), world.now))), "paper_act");
  Note strange = on_paper(world.acknowledgement("red", outage.filed), world.now);
  strange.parts.front().second = R"({"how":"form"})";
  EXPECT_EQ(rule_named(world.file(strange)), "json_member_missing");
  Note twice = on_paper(on_paper(world.acknowledgement("red", outage.filed), world.now), world.now);
  EXPECT_EQ(rule_named(world.file(twice)), "entry_malformed") << "no note has two parts of one name";
}

TEST(Paper, AnUnitThatWasToldByTelephoneAndAFilingToldByTelephone) {
  Outage outage;
  World& world = outage.world;
  // The unit was told at four in the morning; the desk files it after the movement began.
  world.pass(at("2020-08-26T07:00:00Z"));
  const Note told = world.act(EntryKind::notification_unit_informed, "red", outage.filed,
                              model::UnitInformed{"Checkpoint 4", "Sgt. B.", slip_code(*world.state.revision_at(outage.filed))});
  World::expect(world.file(on_paper(told, at("2020-08-26T04:00:00Z"), model::PaperMeans::radio)));
  EXPECT_TRUE(outage.met(model::DeadlineKind::unit_informed));
  EXPECT_TRUE(world.state.revision_at(outage.filed)->handling.at("red").slip_quoted);
  // A notification that was told by telephone 30 h ahead and filed 3 h ahead: its notice is short, and was met on paper.
  Drive drive;
  drive.start = at("2020-08-28T06:00:00Z");
  world.pass(at("2020-08-28T03:00:00Z"));
  const Outcome filed = world.file(on_paper(world.filing(drive, outage.id), at("2020-08-27T00:00:00Z")));
  World::expect(filed);
  EXPECT_EQ(world.of_kind(EntryKind::deadline_missed, filed.findings).size(), 1U);
  EXPECT_TRUE(outage.met(model::DeadlineKind::notice));
  EXPECT_EQ(world.state.revision_at(filed.index)->parts.size(), 1U) << "the corridor; how it was told is no part of what was";
  // And one whose windows are past altogether can be filed only with its time.
  Drive past = drive;
  past.start = at("2020-08-27T06:00:00Z");
  EXPECT_EQ(rule_named(world.file(world.filing(past, outage.id))), "window_past");
  EXPECT_EQ(rule_named(world.file(on_paper(world.filing(past, outage.id), at("2020-08-26T00:00:00Z")))), "accepted");
}

TEST(Paper, AmendmentsWithdrawalsOutcomesAndAnswersToQuestions) {
  Outage outage;
  World& world = outage.world;
  Drive later;
  later.start = later.start + hours(1);
  later.reason = "Rain.";
  const EntryIndex amended = World::expect(world.file(on_paper(world.amendment(outage.filed, later, outage.id), outage.told)));
  EXPECT_EQ(world.state.papers.of.at(amended).kind, EntryKind::notification_amended);
  const EntryIndex asked = World::expect(
      world.file(world.act(EntryKind::notification_queried, "red", amended, model::Queried{"How many?", "Cpt. B."})));
  const Instant asked_at = world.now;
  world.pass(asked_at + hours(5));
  Note answer{
      EntryKind::notification_query_answered, "blue/ops", model::to_json(model::QueryAnswered{"Six.", "Maj. A."}), {"red"}};
  answer.refs = {asked};
  World::expect(world.file(on_paper(answer, asked_at + minutes(10))));
  EXPECT_TRUE(outage.met(model::DeadlineKind::query));
  const EntryIndex outcome = World::expect(world.file(on_paper(
      world.act(EntryKind::notification_outcome, "blue", amended, model::Outcome{model::OutcomeWord::cancelled, "Invented."}),
      world.now - minutes(5), model::PaperMeans::courier)));
  EXPECT_EQ(world.state.papers.of.at(outcome).said->how, model::PaperMeans::courier);
  const EntryIndex gone = World::expect(world.file(on_paper(world.withdrawal("blue", amended), world.now - minutes(1))));
  EXPECT_TRUE(world.state.papers.of.contains(gone));
}

TEST(Paper, ACheckInOnPaperStandsForItsOwnHourAndForNoLaterOne) {
  World world;
  model::Agreement terms = agreement_of({});
  terms.rules.push_back({"21", "An invented sentence.", model::CheckInRule{{hours(9), hours(17)}, minutes(30)}});
  const EntryIndex proposed =
      World::expect(world.file({EntryKind::agreement_proposed, "blue/ops", model::to_json(terms), {"red", "mission"}}));
  const std::string id = base::id_of(base::IdKind::agreement, proposed);
  World::expect(world.file(world.signature(id, "red")));
  Note note{EntryKind::hotline_checked_in, "red/ops", model::to_json(model::CheckedIn{"Sgt. C.", "", ""}), {"blue"}};
  note.refs = {proposed};
  const Instant day = at("2020-08-24T00:00:00Z");
  world.pass(day + hours(16) + minutes(45));  // 09:00 was missed by both, and 17:00 can be kept already
  ASSERT_EQ(world.state.ended_deadlines.size(), 2U);
  World::expect(world.file(on_paper(note, day + hours(8) + minutes(29))));
  EXPECT_TRUE(world.state.papers.met.empty()) << "too early for nine";
  World::expect(world.file(on_paper(note, day + hours(9) + minutes(10))));
  EXPECT_EQ(world.state.papers.met.size(), 1U);
  EXPECT_EQ(world.state.hotline.check_ins.at({id, "red"}).next, day + hours(17)) << "17:00 is still owed";
  EXPECT_EQ(world.of_kind(EntryKind::deadline_missed, world.pass(day + hours(18))).size(), 2U);
}

TEST(Paper, SightingsAndMessagesOnPaper) {
  Outage outage;
  World& world = outage.world;
  const model::SightingReported seen{3, "truck", {421000000, 374000000}, Metres::from_metres(200), world.now, "Post 4", ""};
  Note report{EntryKind::sighting_reported, "blue/ops", model::to_json(seen), {"red"}};
  report.refs = {world.state.agreement(outage.id)->proposed};
  const EntryIndex sighting = World::expect(world.file(on_paper(report, world.now, model::PaperMeans::radio)));
  const Instant asked_at = world.now;
  world.pass(asked_at + hours(6));
  Note answer{EntryKind::sighting_answered,
              "red/ops",
              model::to_json(model::SightingAnswered{model::SightingWord::not_saying, "Col. D.", ""}),
              {"blue"}};
  answer.refs = {sighting};
  World::expect(world.file(on_paper(answer, asked_at + hours(1))));
  EXPECT_TRUE(outage.met(model::DeadlineKind::sighting));
  EXPECT_TRUE(world.state.hotline.sightings.at(sighting).heard.at("red").late) << "late in the log, in time on paper";
}

TEST(Paper, ReplayAndErasureGiveTheSameDeadlines) {
  Outage outage;
  World& world = outage.world;
  world.pass(outage.told + hours(9));
  const EntryIndex act = World::expect(world.file(on_paper(world.acknowledgement("red", outage.filed), outage.told + hours(2))));
  World::expect(world.file(outage.judged(EntryKind::paper_confirmed, act)));
  State again, erased;
  for (const Entry& each : world.log) {
    ASSERT_TRUE(apply(again, each));
    Entry less = each;
    if (each.index == act)
      for (PartBody& part : less.parts)
        if (part.name == "paper") {
          part.bytes.clear();
          part.erased = true;
        }
    ASSERT_TRUE(apply(erased, less));
  }
  EXPECT_EQ(dump(again), dump(world.state));
  EXPECT_EQ(erased.papers.met, world.state.papers.met);
  EXPECT_FALSE(erased.papers.of.at(act).said);
  EXPECT_EQ(standing_of(erased.papers.of.at(act)), "confirmed");
}

TEST(Paper, WhoGetsTheActGetsHowItWasDone) {
  Terms terms;
  terms.blue_to_red = View::outline;
  World world;
  const std::string id = world.agree(terms);
  const EntryIndex filed = World::expect(world.file(on_paper(world.filing(Drive{}, id), world.now)));
  EXPECT_TRUE(may_read_part(world.state, filed, "paper", "red"));
  EXPECT_TRUE(may_read_part(world.state, filed, "outline", "red"));
  EXPECT_FALSE(may_read_part(world.state, filed, "full", "red"));
  EXPECT_FALSE(may_read_part(world.state, filed, "paper", "green"));
}

}  // namespace
}  // namespace wideberth::core
