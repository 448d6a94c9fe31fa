// A party that leaves, a text that is confidential, readings side by side, and all of it replayed. All data is invented.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "core/pacts_testing.h"

namespace wideberth::core {
namespace {

using namespace testing;  // NOLINT: the vocabulary of these tests

TEST(Treaties, AWithdrawalWarnsItsSendersAtOnceAndTakesEffectAtItsTime) {
  Treaty t;
  t.make();
  const EntryIndex filed = World::expect(t.file({}));
  const Instant effect = t.world.now + hours(1);
  const Outcome withdrawn = t.withdraw("red", effect);
  const auto warned = t.world.of_kind(EntryKind::sender_warned, withdrawn.findings);
  ASSERT_EQ(warned.size(), 1u);
  EXPECT_EQ(warned[0]->text.to, std::vector<std::string>{"blue"});
  EXPECT_EQ(model::parse_sender_warned(*warned[0]->part("full")).value().notifications,
            std::vector<std::string>{t.world.state.notification_at(filed)->id});
  EXPECT_FALSE(t.world.state.pacts.has_left(t.id, "red")) << "until then it is bound";
  EXPECT_EQ(refused_by(t.withdraw("red")), "answered_already");
  EXPECT_EQ(next_due(t.world.state), effect);
  const auto passed = t.world.pass(effect);
  ASSERT_EQ(t.world.of_kind(EntryKind::agreement_left, passed).size(), 1u);
  EXPECT_TRUE(t.world.state.pacts.has_left(t.id, "red"));
  ASSERT_EQ(t.world.state.ended_deadlines.size(), 2u) << "acknowledge and unit informed, which red owed";
  for (const EndedDeadline& each : t.world.state.ended_deadlines) EXPECT_TRUE(each.withdrawn && !each.channel_down);
  EXPECT_TRUE(t.world.of_kind(EntryKind::deadline_missed, t.world.pass(at("2020-08-26T05:00:00Z"))).empty());
}

TEST(Treaties, AfterAWithdrawalNothingGoesToThatPartyAndTheSenderIsTold) {
  Treaty t;
  t.make();
  World::expect(t.withdraw("red"));
  t.world.pass(t.world.now);
  Note note = t.world.filing(Drive{}, t.id);
  EXPECT_EQ(refused_by(t.world.file(note)), "recipient_withdrawn");
  std::erase(note.to, "red");
  std::erase_if(note.parts, [](const auto& part) { return part.first == "corridor"; });
  const Outcome filed = t.world.file(note);
  ASSERT_EQ(t.world.of_kind(EntryKind::sender_warned, filed.findings).size(), 1u);
  EXPECT_FALSE(may_read(t.world.state, filed.index, "red"));
  EXPECT_TRUE(may_read(t.world.state, filed.index, "mission"));
  Drive red;
  red.party = "red";
  EXPECT_EQ(refused_by(t.file(red)), "agreement_withdrawn");
  EXPECT_EQ(refused_by(t.read("red", "1", {})), "agreement_withdrawn");
  EXPECT_EQ(
      refused_by(t.world.file(t.about(EntryKind::consultation_held, "red", model::ConsultationHeld{t.world.now, {"x"}, ""}))),
      "agreement_withdrawn");
  const Outcome reading = t.read("blue", "1", {});
  EXPECT_FALSE(may_read(t.world.state, reading.index, "red")) << "what is said under it afterwards is not red's";
  EXPECT_TRUE(may_read(t.world.state, t.world.state.agreement(t.id)->proposed, "red")) << "the past is";
}

TEST(Treaties, WhatALeftPartyDisclosedStillCountsForTheSenderAlone) {
  Treaty t;
  t.make();
  Drive red;
  red.party = "red";
  World::expect(t.file(red));
  World::expect(t.withdraw("red"));
  t.world.pass(t.world.now);
  Note note = t.world.filing(Drive{}, t.id);
  std::erase(note.to, "red");
  std::erase_if(note.parts, [](const auto& part) { return part.first == "corridor"; });
  const auto conflicts = t.world.of_kind(EntryKind::conflict_found, t.world.file(note).findings);
  ASSERT_EQ(conflicts.size(), 1u);
  EXPECT_EQ(conflicts[0]->text.to, std::vector<std::string>{"blue"});
}

TEST(Treaties, AnAlternateIsNotToldToALeftPartyEither) {
  Treaty t;
  t.make();
  Drive red;
  red.party = "red";
  World::expect(t.file(red));
  World::expect(t.withdraw("red"));
  t.world.pass(t.world.now);
  model::Notification n = notification_of(in_essa(), t.id);
  model::Alternate other;
  other.name = "north";
  other.route = std::get<geo::Route>(notification_of(Drive{}, t.id).where);
  n.alternates.push_back(other);
  Note note = t.world.filing(n, t.id);
  std::erase(note.to, "red");
  std::erase_if(note.parts, [](const auto& part) { return part.first == "corridor"; });
  const Outcome outcome = t.world.file(note);
  World::expect(outcome);
  for (const Entry* each : t.world.of_kind(EntryKind::conflict_found, outcome.findings))
    EXPECT_EQ(each->text.to, std::vector<std::string>{"blue"});
}

TEST(Treaties, ASuccessorNeedsNoSignatureOfWhoHasLeftAndNothingChangesBeforeTheLast) {
  Terms three;
  three.with_green = true;
  Treaty t(three);
  t.make();
  const std::string first = t.id;
  EXPECT_EQ(refused_by(t.withdraw("green", t.world.now - kTick)), "agreement_act_time");
  World::expect(t.withdraw("green"));
  t.world.pass(t.world.now);
  Treaty next;
  next.world = t.world;
  next.terms.supersedes = first;
  next.terms.version = 2;
  next.terms.areas[1].rings = {rectangle(418000000, 373500000, 424000000, 376000000)};
  next.propose();
  EXPECT_TRUE(next.world.state.agreement(first)->holds()) << "blue alone has signed";
  EXPECT_FALSE(next.world.state.agreement(next.id)->holds());
  World::expect(next.world.file(next.world.signature(next.id, "red")));
  EXPECT_FALSE(next.world.state.agreement(first)->holds());
  EXPECT_TRUE(next.world.state.agreement(next.id)->holds());
}

TEST(Treaties, AConfidentialTextGoesToItsPartiesAndToThoseItNames) {
  Treaty open;
  open.make();
  const EntryIndex shown = open.world.state.agreement(open.id)->proposed;
  EXPECT_TRUE(may_read_part(open.world.state, shown, "full", "mission")) << "no rule on it";
  Treaty closed;
  closed.rule(model::ConfidentialRule{{}});
  closed.rule(model::ExclusionRule{"north", "*", false});
  closed.make();
  const EntryIndex hidden = closed.world.state.agreement(closed.id)->proposed;
  for (const char* party : {"blue", "red"}) EXPECT_TRUE(may_read_part(closed.world.state, hidden, "full", party)) << party;
  EXPECT_TRUE(may_read(closed.world.state, hidden, "mission")) << "that there is one is no secret";
  EXPECT_FALSE(may_read_part(closed.world.state, hidden, "full", "mission"));
  EXPECT_FALSE(may_read_part(closed.world.state, closed.read("red", "1", {}).index, "full", "mission"));
  const Outcome filed = closed.file({});
  EXPECT_EQ(closed.told(filed), (std::vector<std::string>{"blue", "red"}));
  for (const Entry* each : closed.world.of_kind(EntryKind::rule_touched, filed.findings))
    EXPECT_FALSE(may_read_part(closed.world.state, each->index, "full", "mission"));
  Treaty named;
  named.rule(model::ConfidentialRule{{"mission"}});
  named.make();
  EXPECT_TRUE(may_read_part(named.world.state, named.world.state.agreement(named.id)->proposed, "full", "mission"));
}

RC_GTEST_PROP(TreatyLaws, NoPartOfAConfidentialTextIsReadByWhomItDoesNotName, ()) {
  Terms terms;
  terms.with_green = true;
  Treaty t(terms);
  const auto named = *rc::gen::container<std::vector<bool>>(4, rc::gen::arbitrary<bool>());
  const char* parties[] = {"blue", "red", "green", "mission"};
  model::ConfidentialRule rule;
  for (std::size_t i = 0; i < 4; ++i)
    if (named[i]) rule.may_see.emplace_back(parties[i]);
  t.rule(rule);
  t.rule(model::SpecialCautionAreaRule{"north", {at("2020-08-26T00:00:00Z"), at("2020-08-27T00:00:00Z")}, "Secret measures."});
  t.make();
  t.read("red", "1", {});
  for (const char* party : {"blue", "red", "green"})
    t.world.file(t.about(EntryKind::caution_joined, party, model::CautionSaid{std::to_string(t.clause), "A"}));
  t.file({});
  for (const Entry& entry : t.world.log) {
    const std::string* full = entry.part("full");
    if (full == nullptr ||
        (full->find("An invented sentence.") == std::string::npos && full->find("Secret measures.") == std::string::npos &&
         full->find("So we read it.") == std::string::npos))
      continue;
    RC_ASSERT(may_read_part(t.world.state, entry.index, "full", "mission") == named[3]);
  }
}

TEST(Treaties, ASeparationIsToldUnderTheTextAndUnderEachReading) {
  Treaty t;
  t.make();  // clause 4: vehicles keep 1000 m
  Drive blue, red;
  red.party = "red";
  red.from.lat_e7 += 110'000;  // about 1.2 km north
  red.to.lat_e7 += 110'000;
  World::expect(t.file(blue));
  EXPECT_TRUE(t.differing(t.file(red)).empty()) << "nobody reads it otherwise";
  World::expect(t.read("red", "4", model::SeparationMeans{Metres::from_metres(1500)}));
  World::expect(t.read("blue", "4", model::SeparationMeans{Metres::from_metres(500)}));
  const Outcome outcome = t.file(red);
  EXPECT_TRUE(t.world.of_kind(EntryKind::conflict_found, outcome.findings).empty());
  const auto found = t.differing(outcome);
  ASSERT_EQ(found.size(), 1u);
  ASSERT_EQ(found[0].under.size(), 3u);
  EXPECT_EQ(found[0].under[0].of, "text");
  EXPECT_EQ(found[0].under[0].touched, false);
  EXPECT_EQ(found[0].under[1].of, "blue");
  EXPECT_EQ(found[0].under[1].touched, false);
  EXPECT_EQ(found[0].under[2].of, "red");
  EXPECT_EQ(found[0].under[2].touched, true);
  Drive far = red;
  far.from.lat_e7 += 300'000;
  far.to.lat_e7 += 300'000;
  EXPECT_TRUE(t.differing(t.file(far)).empty()) << "kept under every reading";
}

TEST(Treaties, AnExclusionIsToldUnderEachDrawingOfItsArea) {
  Treaty t;
  const auto clause = t.rule(model::ExclusionRule{"essa", "*", false});
  t.make();
  EXPECT_TRUE(t.touched(t.file({})).empty());
  World::expect(t.read("red", clause, model::RingsMean{{rectangle(418000000, 370000000, 425000000, 375000000)}}));
  const auto found = t.touched(t.file({}));
  ASSERT_EQ(found.size(), 1u);
  ASSERT_EQ(found[0].under.size(), 2u);
  EXPECT_EQ(found[0].under[0].touched, false);
  EXPECT_EQ(found[0].under[1].of, "red");
  EXPECT_EQ(found[0].under[1].touched, true);
}

TEST(Treaties, WhichRegimeAndWhichAgreementGovernsIsToldForBothSides) {
  Treaty t;
  t.make();
  const std::string other = t.world.agree();
  World::expect(t.read("blue", "2", model::RegimeMeans{"essa", model::Regime::notify}));
  EXPECT_TRUE(t.differing(t.file({})).empty()) << "it does not go there";
  auto found = t.differing(t.file(in_essa()));
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].about, model::DiffersAbout::regime);
  EXPECT_EQ(found[0].under[0].regime, model::Regime::request);
  EXPECT_EQ(found[0].under[1].regime, model::Regime::notify);
  World::expect(t.read("red", "1", model::GovernsMeans{other}));
  found = t.differing(t.file({}));
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].about, model::DiffersAbout::governing_agreement);
  EXPECT_EQ(found[0].under[0].governs, t.id);
  EXPECT_EQ(found[0].under[1].governs, other);
  World::expect(t.read("red", "1", {}));
  EXPECT_TRUE(t.differing(t.file({})).empty()) << "a later reading takes the place of the one before";
}

TEST(Treaties, AReadingFitsItsClause) {
  Treaty t;
  t.make();
  EXPECT_EQ(refused_by(t.read("red", "1", model::SeparationMeans{Metres::from_metres(5)})), "reading_means");
  EXPECT_EQ(refused_by(t.read("red", "4", model::RingsMean{{rectangle(418000000, 370000000, 425000000, 375000000)}})),
            "reading_means");
  EXPECT_EQ(refused_by(t.read("red", "4", model::RegimeMeans{"nowhere", model::Regime::notify})), "reading_means");
  EXPECT_EQ(refused_by(t.read("red", "4", model::GovernsMeans{t.id})), "reading_means");
  EXPECT_EQ(refused_by(t.read("red", "4", model::SeparationMeans{Metres::from_metres(5)})), "accepted");
  EXPECT_EQ(refused_by(t.read("red", "4", model::SeparationMeans{Metres::from_metres(10'000)})), "accepted") << "ten times";
  EXPECT_EQ(refused_by(t.read("red", "4", model::SeparationMeans{Metres::from_mm(1'000'000 * kMostReadAs + 1)})),
            "reading_means");
}

TEST(Treaties, AllOfItReplaysToTheSameStateAndWithItsPartsErased) {
  Treaty t;
  t.rule(model::ConsultationEveryRule{hours(48)});
  t.rule(model::IncidentReportWithinRule{hours(2)});
  const auto caution =
      t.rule(model::SpecialCautionAreaRule{"north", {at("2020-08-26T00:00:00Z"), at("2020-08-27T00:00:00Z")}, "Slow."});
  t.rule(model::ExclusionRule{"north", "*", false});
  t.make();
  for (const char* party : {"blue", "red"})
    World::expect(t.world.file(t.about(EntryKind::caution_joined, party, model::CautionSaid{caution, "A"})));
  World::expect(t.read("red", "4", model::SeparationMeans{Metres::from_metres(1500)}));
  World::expect(t.file({}));
  Drive red;
  red.party = "red";
  World::expect(t.file(red));
  World::expect(t.world.file(t.about(EntryKind::incident_reported, "blue", model::IncidentReported{t.world.now, "x", "y", "z"})));
  World::expect(t.world.file(t.about(EntryKind::consultation_held, "blue", model::ConsultationHeld{t.world.now, {"x"}, "y"})));
  World::expect(t.withdraw("red", t.world.now + hours(72)));
  t.world.pass(t.world.now + hours(96));
  State again, erased;
  for (const Entry& entry : t.world.log) {
    ASSERT_TRUE(apply(again, entry));
    Entry without = entry;
    const bool kept = entry.kind == EntryKind::log_opened || entry.kind == EntryKind::key_added ||
                      entry.kind == EntryKind::agreement_proposed || entry.kind == EntryKind::agreement_signed;
    if (!kept) without.parts.clear();
    const auto applied = apply(erased, without);
    ASSERT_TRUE(applied) << base::to_text(applied.error());
  }
  EXPECT_EQ(dump(again), dump(t.world.state));
  EXPECT_NE(dump(again).find("\"pacts\""), std::string::npos);
  EXPECT_TRUE(erased.pacts.has_left(t.id, "red"));
}

}  // namespace
}  // namespace wideberth::core
