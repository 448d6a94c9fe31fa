// What is said between the parties: each row of the desk's bad days has a stated outcome. All data is invented.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "core/testing.h"

namespace wideberth::core {
namespace {

using namespace testing;  // NOLINT: the vocabulary of these tests
using model::MessageClass;
using model::RelayedWord;
using model::SightingWord;

std::string why(const Outcome& outcome) {
  return outcome.refusal ? std::string(base::code_of(outcome.refusal->rule)) : "accepted";
}

/// A log with an agreement that has a ladder and check-ins at 09:00Z and 17:00Z.
struct Line {
  World world;
  std::string agreement;
  EntryIndex proposed{};

  explicit Line(const std::vector<std::string>& without_key = {}, bool answers = true) : world({}, without_key) {
    model::Agreement text = agreement_of({});
    if (!answers) std::erase_if(text.rules, [](const auto& rule) { return rule.clause == "2"; });
    text.rules.push_back({"20", "An invented sentence.", model::EscalationLadderRule{{"warn", "warn again", "call"}}});
    text.rules.push_back({"21", "An invented sentence.", model::CheckInRule{{hours(9), hours(17)}, minutes(30)}});
    Note note{EntryKind::agreement_proposed, "blue/ops", model::to_json(text), {"red", "mission"}};
    proposed = World::expect(world.file(note));
    agreement = base::id_of(base::IdKind::agreement, proposed);
    if (world.state.has_key("red")) World::expect(world.file(world.signature(agreement, "red")));
  }

  Note message(const model::MessageSent& said, std::vector<EntryIndex> about = {}, const std::string& from = "blue") const {
    Note note{EntryKind::message_sent, from + "/ops", model::to_json(said), {from == "blue" ? "red" : "blue"}};
    note.refs = {proposed};
    note.refs.insert(note.refs.end(), about.begin(), about.end());
    return note;
  }
  EntryIndex say(const model::MessageSent& said, std::vector<EntryIndex> about = {}, const std::string& from = "blue") {
    return World::expect(world.file(message(said, std::move(about), from)));
  }
  Note answer(EntryIndex to, const std::string& signer = "red/ops", const std::string& asker = "blue") const {
    Note note{
        EntryKind::message_answered, signer, model::to_json(model::MessageAnswered{"We hold.", "Cpt. B.", "", ""}), {asker}};
    note.refs = {to};
    return note;
  }
  Note check_in(const std::string& party) const {
    Note note{EntryKind::hotline_checked_in,
              party + "/ops",
              model::to_json(model::CheckedIn{"Sgt. C.", "", ""}),
              {party == "blue" ? "red" : "blue"}};
    note.refs = {proposed};
    return note;
  }
  const MessageState& of(EntryIndex message) const { return world.state.hotline.messages.at(message); }
};

model::MessageSent query() { return {MessageClass::query, "Are these your trucks at the bridge?", "Maj. A.", "", "", {}, {}}; }
model::MessageSent warning(std::int64_t step) { return {MessageClass::warning, "Turn back.", "Maj. A.", "", "", {}, step}; }

TEST(Hotline, AQueryIsAnsweredInTimeAndByOneOfficerOnly) {
  Line line;
  const EntryIndex asked = line.say(query());
  EXPECT_EQ(line.of(asked).heard.at("red").due, line.world.now + hours(4));
  ASSERT_EQ(line.world.state.deadlines.count({line.world.now + hours(4), asked, model::DeadlineKind::message_answer, "red"}), 1U);
  line.world.now = line.world.now + hours(1);
  line.world.add_key("red/second");
  const EntryIndex answered = World::expect(line.world.file(line.answer(asked)));
  // The second officer at the same time: the first answer stands, and the second is told which entry it is.
  const Outcome second = line.world.file(line.answer(asked, "red/second"));
  EXPECT_EQ(why(second), "answered_already");
  EXPECT_NE(second.refusal->found.find(std::to_string(answered.value)), std::string::npos);
  EXPECT_EQ(line.of(asked).heard.at("red").answered, answered);
  EXPECT_FALSE(line.of(asked).heard.at("red").late);
  EXPECT_TRUE(line.world.of_kind(EntryKind::deadline_missed, line.world.pass(line.world.now + hours(8))).empty());
}

TEST(Hotline, ALateAnswerIsTakenAndTheMissStays) {
  Line line;
  const EntryIndex asked = line.say(query());
  const auto missed = line.world.of_kind(EntryKind::deadline_missed, line.world.pass(line.world.now + hours(4)));
  ASSERT_EQ(missed.size(), 1U);
  EXPECT_EQ(missed.front()->text.to, (std::vector<std::string>{"red", "blue"}));
  EXPECT_EQ(model::parse_deadline_missed(*missed.front()->part("full")).value().deadline.notification, line.of(asked).id);
  World::expect(line.world.file(line.answer(asked)));
  EXPECT_TRUE(line.of(asked).heard.at("red").late);
  EXPECT_EQ(line.world.state.ended_deadlines.size(), 1U);
}

TEST(Hotline, AnAnswerToTheWrongMessageOrByTheWrongKeyIsRefused) {
  Line line;
  const EntryIndex asked = line.say(query());
  EXPECT_EQ(why(line.world.file(line.answer(line.proposed))), "hotline_unknown");
  EXPECT_EQ(why(line.world.file(line.answer(asked, "green/ops"))), "hotline_unknown");
  EXPECT_EQ(why(line.world.file(line.answer(asked, "blue/ops", "red"))), "hotline_unknown");
  EXPECT_EQ(why(line.world.file(line.answer(asked, "red/ops", "mission"))), "recipient_not_disclosed");
  line.world.add_key("red/clerk", {"notification.*"});
  EXPECT_EQ(why(line.world.file(line.answer(asked, "red/clerk"))), "key_scope");
  EXPECT_FALSE(line.of(asked).heard.at("red").answered);
  // A revision that was amended since: an answer to what is no more is refused, and names what is.
  World& world = line.world;
  const EntryIndex filed = World::expect(world.file(world.filing(Drive{}, line.agreement)));
  Drive later;
  later.start = later.start + hours(1);
  later.reason = "rain";
  World::expect(world.file(world.amendment(filed, later, line.agreement)));
  EXPECT_EQ(why(world.file(world.answer("red", filed, model::AnswerWord::no_objection))), "revision_superseded");
}

TEST(Hotline, SeenIsNoAnswer) {
  Line line;
  const EntryIndex asked = line.say(query());
  Note seen{EntryKind::message_seen, "red/ops", model::to_json(model::MessageSeen{"Cpt. B.", "Desk"}), {"blue"}};
  seen.refs = {asked};
  World::expect(line.world.file(seen));
  EXPECT_EQ(why(line.world.file(seen)), "answered_already");
  seen.to = {};
  EXPECT_EQ(why(line.world.file(seen)), "recipient_missing");
  EXPECT_EQ(line.world.of_kind(EntryKind::deadline_missed, line.world.pass(line.world.now + hours(4))).size(), 1U);
}

TEST(Hotline, WhatWasAskedStandsWhenAnAgreementEndsAndTheLineStaysOpen) {
  Line line;
  const EntryIndex asked = line.say(query());
  Terms next;
  next.version = 2;
  next.supersedes = line.agreement;
  line.world.agree(next);
  EXPECT_FALSE(line.world.state.agreement(line.agreement)->holds());
  EXPECT_EQ(line.world.of_kind(EntryKind::deadline_missed, line.world.pass(line.world.now + hours(4))).size(), 1U);
  EXPECT_EQ(why(line.world.file(line.answer(asked))), "accepted");
  EXPECT_EQ(why(line.world.file(line.message(query(), {}, "red"))), "accepted");
}

TEST(Hotline, AClockThatStepsBackMakesNobodyLateAndOneThatStepsForwardIsWhatTheLogKnows) {
  Line line;
  line.say(query());
  const Instant asked_at = line.world.now;
  line.world.pass(asked_at + hours(1));
  World::expect(line.world.file(line.message({MessageClass::info, "Noon.", "Maj. A.", "", "", {}, {}})));
  const auto stepped = line.world.pass(asked_at - hours(10));
  EXPECT_EQ(line.world.of_kind(EntryKind::clock_stepped, stepped).size(), 1U);
  EXPECT_TRUE(line.world.of_kind(EntryKind::deadline_missed, stepped).empty());
  const auto forward = line.world.pass(asked_at + hours(400));
  ASSERT_FALSE(line.world.of_kind(EntryKind::deadline_missed, forward).empty());
  // The entry bears its due time beside the time at which it was recorded.
  const auto* entry = line.world.of_kind(EntryKind::deadline_missed, forward).front();
  EXPECT_EQ(model::parse_deadline_missed(*entry->part("full")).value().deadline.due, asked_at + hours(4));
}

TEST(Hotline, NothingWasSaidInTheFuture) {
  Line line;
  Note note = line.message({MessageClass::info, "Noon.", "Maj. A.", "", "", {}, {}});
  note.occurred = line.world.now + kTick;
  EXPECT_EQ(why(line.world.file(note)), "hotline_occurred");
  note.occurred = line.world.now;
  EXPECT_EQ(why(line.world.file(note)), "accepted");
}

TEST(Hotline, AStepThatIsSkippedIsMarkedAndNeverRefused) {
  Line line;
  const EntryIndex first = line.say(warning(1));
  EXPECT_TRUE(line.of(first).steps_missing.empty());
  const EntryIndex third = line.say(warning(3), {first});
  EXPECT_EQ(line.of(third).matter, first);
  EXPECT_EQ(line.of(third).steps_missing, std::vector<std::int64_t>{2});
  const EntryIndex second = line.say(warning(2), {third});
  EXPECT_TRUE(line.of(second).steps_missing.empty());
  // Another matter begins at the foot of the ladder; the other side's steps are its own.
  EXPECT_EQ(line.of(line.say(warning(2))).steps_missing, std::vector<std::int64_t>{1});
  EXPECT_EQ(line.of(line.say(warning(2), {first}, "red")).steps_missing, std::vector<std::int64_t>{1});
  EXPECT_EQ(why(line.world.file(line.message(warning(4)))), "hotline_step");
}

TEST(Hotline, AnAnswerIsAskedForWithinWhatTheAgreementGives) {
  Line line;
  auto soon = query();
  soon.answer_within = minutes(10);
  EXPECT_EQ(why(line.world.file(line.message(soon))), "hotline_answer_within");
  soon.answer_within = hours(6);
  EXPECT_EQ(line.of(line.say(soon)).heard.at("red").due, line.world.now + hours(6));
  auto hold = query();
  hold.meant = MessageClass::hold;
  EXPECT_EQ(line.of(line.say(hold)).heard.at("red").due, line.world.now + minutes(30));
  EXPECT_FALSE(line.of(line.say(warning(1))).heard.at("red").due);
  auto info = query();
  info.meant = MessageClass::info;
  info.answer_within = hours(9);
  EXPECT_EQ(why(line.world.file(line.message(info))), "hotline_answer_within");

  Line bare({}, false);
  EXPECT_FALSE(bare.of(bare.say(query())).heard.at("red").due);
  const EntryIndex asked = bare.say(soon);
  EXPECT_EQ(bare.world.state.deadlines.at({bare.world.now + hours(6), asked, model::DeadlineKind::message_answer, "red"}).clause,
            kAskedByMessage);
}

TEST(Hotline, WhatAMessageIsAboutTellsNobodyOfAThird) {
  Line line;
  World& world = line.world;
  const EntryIndex filed = World::expect(world.file(world.filing(Drive{}, line.agreement)));
  EXPECT_EQ(why(world.file(line.message(query(), {filed}))), "accepted");
  EXPECT_EQ(why(world.file(line.message(query(), {filed}, "red"))), "accepted");
  Note greens{EntryKind::sighting_reported,
              "green/ops",
              model::to_json(
                  model::SightingReported{3, "truck", {421000000, 374000000}, Metres::from_metres(200), world.now, "Post 4", ""}),
              {"blue"}};
  const EntryIndex sighting = World::expect(world.file(greens));
  EXPECT_EQ(why(world.file(line.message(query(), {sighting}))), "hotline_about");
  Note stranger = line.message(query());
  stranger.to = {"green"};
  EXPECT_EQ(why(world.file(stranger)), "recipient_not_disclosed");
  stranger.to = {};
  EXPECT_EQ(why(world.file(stranger)), "recipient_missing");
  stranger.refs = {filed};
  EXPECT_EQ(why(world.file(stranger)), "agreement_not_in_force");
}

TEST(Hotline, OnlyWhomItConcernsReadsIt) {
  Line line;
  const EntryIndex asked = line.say(query());
  const EntryIndex answered = World::expect(line.world.file(line.answer(asked)));
  for (const EntryIndex entry : {asked, answered}) {
    for (const char* reader : {"blue", "red", "mission"}) EXPECT_TRUE(may_read(line.world.state, entry, reader)) << reader;
    EXPECT_FALSE(may_read(line.world.state, entry, "green"));
  }
}

TEST(CheckIn, AMissIsAnEntryAgainstWhoOwedItAndTheNextIsOwed) {
  Line line;  // at 00:00Z
  World& world = line.world;
  EXPECT_EQ(world.state.hotline.check_ins.at({line.agreement, "red"}).next, world.now + hours(9));
  EXPECT_EQ(why(world.file(line.check_in("blue"))), "accepted");  // hours before: on record, but not for 09:00Z
  world.pass(at("2020-08-24T08:45:00Z"));
  EXPECT_EQ(why(world.file(line.check_in("blue"))), "accepted");
  EXPECT_EQ(world.state.hotline.check_ins.at({line.agreement, "blue"}).next, at("2020-08-24T17:00:00Z"));
  const auto passed = world.of_kind(EntryKind::deadline_missed, world.pass(at("2020-08-24T09:30:00Z")));
  ASSERT_EQ(passed.size(), 1U);
  const auto missed = model::parse_deadline_missed(*passed.front()->part("full")).value().deadline;
  EXPECT_EQ(missed.party, "red");
  EXPECT_EQ(missed.kind, model::DeadlineKind::check_in);
  EXPECT_EQ(missed.notification, line.agreement);
  EXPECT_EQ(passed.front()->text.to, (std::vector<std::string>{"red", "blue"}));
  EXPECT_EQ(world.state.hotline.check_ins.at({line.agreement, "red"}).next, at("2020-08-24T17:00:00Z"));
  EXPECT_EQ(why(world.file({EntryKind::hotline_checked_in, "mission/ops", line.check_in("red").json, {"red"}, {line.proposed}})),
            "hotline_check_in");
}

TEST(CheckIn, AnOutageOfTheServerCountsAgainstNobody) {
  Line line;
  World& world = line.world;
  const Instant back = at("2020-08-24T10:00:00Z");
  world.append(*decide_restart(world.state, at("2020-08-24T08:00:00Z"), back));
  const auto passed = world.pass(back);
  EXPECT_EQ(world.of_kind(EntryKind::deadline_channel_down, passed).size(), 2U);
  EXPECT_TRUE(world.of_kind(EntryKind::deadline_missed, passed).empty());
}

TEST(CheckIn, IsOwedNoMoreUnderWhatWasSuperseded) {
  Line line;
  Terms next;
  next.version = 2;
  next.supersedes = line.agreement;
  line.world.agree(next);
  EXPECT_FALSE(line.world.state.hotline.check_ins.at({line.agreement, "red"}).next);
  EXPECT_TRUE(line.world.pass(line.world.now + hours(100)).empty());
  EXPECT_EQ(why(line.world.file(line.check_in("red"))), "hotline_check_in");
}

RC_GTEST_PROP(CheckInLaws, TheNextTimeIsOneOfTheRuleWithNoneBetween, ()) {
  model::CheckInRule rule;
  std::set<std::int64_t> minutes_of_day;
  for (const auto each : *rc::gen::container<std::vector<std::int64_t>>(rc::gen::inRange<std::int64_t>(0, 1440)))
    minutes_of_day.insert(each);
  minutes_of_day.insert(7);
  for (const auto each : minutes_of_day) rule.times.push_back(minutes(each));
  const Instant after = Instant::from_ms(*rc::gen::inRange<std::int64_t>(-400'000'000'000, 4'000'000'000'000));
  const Instant next = next_check_in(rule, after);
  RC_ASSERT(next > after);
  RC_ASSERT(next - after <= hours(24));
  for (std::int64_t minute = (after.ms() + 60'000 * (after.ms() >= 0 ? 1 : 0)) / 60'000; minute * 60'000 <= next.ms(); ++minute) {
    const std::int64_t of_day = ((minute % 1440) + 1440) % 1440;
    if (minute * 60'000 > after.ms()) RC_ASSERT((minute * 60'000 == next.ms()) == minutes_of_day.contains(of_day));
  }
}

struct Call {
  Line line;
  EntryIndex logged{};
  Call() {
    Note note{EntryKind::call_logged,
              "blue/ops",
              model::to_json(model::CallLogged{"Maj. A.", "Col. D.", "", "We halt at the bridge.", "Understood."}),
              {"red"}};
    note.refs = {line.proposed};
    EXPECT_EQ(why(line.world.file(note)), "hotline_occurred");
    note.occurred = line.world.now + minutes(1);
    EXPECT_EQ(why(line.world.file(note)), "hotline_occurred");
    note.occurred = line.world.now - minutes(20);
    logged = World::expect(line.world.file(note));
  }
  Note judged(EntryKind kind, const std::string& signer = "red/ops") const {
    Note note{kind,
              signer,
              kind == EntryKind::call_confirmed ? model::to_json(model::CallConfirmed{"Col. D.", ""})
                                                : model::to_json(model::CallDisputed{"Col. D.", "I did not say so."}),
              {"blue"}};
    note.refs = {logged};
    return note;
  }
  std::string standing(Millis later) const {
    return std::string(standing_of(line.world.state.hotline.calls.at(logged), line.world.now + later));
  }
};

TEST(Calls, SilenceIsSilenceAndNeverAgreement) {
  Call call;
  EXPECT_EQ(call.standing(hours(4) - kTick), "open");
  EXPECT_EQ(call.standing(hours(4)), "silent");
  EXPECT_EQ(call.standing(hours(4000)), "silent");
  EXPECT_EQ(why(call.line.world.file(call.judged(EntryKind::call_confirmed, "mission/ops"))), "hotline_unknown");
  EXPECT_EQ(why(call.line.world.file(call.judged(EntryKind::call_disputed))), "accepted");
  EXPECT_EQ(call.standing(hours(4000)), "disputed");
  EXPECT_EQ(why(call.line.world.file(call.judged(EntryKind::call_confirmed))), "answered_already");
  Call other;
  EXPECT_EQ(why(other.line.world.file(other.judged(EntryKind::call_confirmed))), "accepted");
  EXPECT_EQ(other.standing(hours(4000)), "confirmed");
}

Note relayed(const Line& line, RelayedWord word, std::vector<EntryIndex> about = {}) {
  Note note{EntryKind::statement_relayed,
            "blue/ops",
            model::to_json(model::StatementRelayed{"red", "Col. D.", "Duty officer", "We have it.", "bridge", "Sgt. C.", word}),
            {"mission"}};
  note.refs = {line.proposed};
  note.refs.insert(note.refs.end(), about.begin(), about.end());
  note.occurred = line.world.now - minutes(5);
  return note;
}

TEST(WithoutKey, AnAgreementWaitsForWhatIsRelayedAndSaysThatItIsNoSignature) {
  Line line({"red"});
  World& world = line.world;
  EXPECT_FALSE(world.state.agreement(line.agreement)->in_force);
  EXPECT_EQ(why(world.file(relayed(line, RelayedWord::not_agreed))), "accepted");
  EXPECT_EQ(why(world.file(relayed(line, RelayedWord::none))), "accepted");
  EXPECT_FALSE(world.state.agreement(line.agreement)->in_force);
  World::expect(world.file(relayed(line, RelayedWord::agreed)));
  EXPECT_TRUE(world.state.agreement(line.agreement)->in_force);
  EXPECT_FALSE(world.state.agreement(line.agreement)->signatures.contains("red"));
  EXPECT_TRUE(world.state.agreement(line.agreement)->relayed.contains("red"));
}

TEST(WithoutKey, WhatIsRelayedMeetsNoDeadlineAndIsNoActOfTheParty) {
  Line line({"red"});
  World& world = line.world;
  World::expect(world.file(relayed(line, RelayedWord::agreed)));
  const EntryIndex filed = World::expect(world.file(world.filing(Drive{}, line.agreement)));
  const EntryIndex asked = line.say(query());
  const std::size_t open = world.state.deadlines.size();
  const EntryIndex said = World::expect(world.file(relayed(line, RelayedWord::none, {filed, asked})));
  EXPECT_EQ(world.state.deadlines.size(), open);
  const Handling& handling = world.state.revision_at(filed)->handling.at("red");
  EXPECT_FALSE(handling.received || handling.acknowledged || handling.answered || handling.unit_informed);
  EXPECT_FALSE(line.of(asked).heard.at("red").answered);
  EXPECT_EQ(world.state.facts[said.value].signer_party, "blue");
  EXPECT_EQ(world.state.hotline.statements.at(said).said->of, "red");
  // red's deadlines for the notification and the query are missed all the same.
  EXPECT_EQ(world.of_kind(EntryKind::deadline_missed, world.pass(world.now + hours(4))).size(), 2U);
}

TEST(WithoutKey, APartyWithAKeySpeaksForItself) {
  Line line;
  EXPECT_EQ(why(line.world.file(relayed(line, RelayedWord::none))), "statement_party");
  Line without({"red"});
  Note note = relayed(without, RelayedWord::none);
  note.occurred.reset();
  EXPECT_EQ(why(without.world.file(note)), "hotline_occurred");
}

struct Sighted {
  Line line;
  EntryIndex seen{};
  Sighted() {
    Note note{EntryKind::sighting_reported,
              "blue/ops",
              model::to_json(model::SightingReported{
                  3, "truck", {421000000, 374000000}, Metres::from_metres(200), line.world.now - minutes(9), "Post 4", ""}),
              {"red"}};
    note.refs = {line.proposed};
    seen = World::expect(line.world.file(note));
  }
  Note answer(SightingWord word, const std::string& signer = "red/ops") const {
    Note note{EntryKind::sighting_answered, signer, model::to_json(model::SightingAnswered{word, "Col. D.", ""}), {"blue"}};
    note.refs = {seen};
    return note;
  }
};

TEST(Sightings, NotSayingIsAnAnswerAndSilenceIsAMiss) {
  Sighted silent;
  EXPECT_EQ(
      silent.line.world.of_kind(EntryKind::deadline_missed, silent.line.world.pass(silent.line.world.now + hours(4))).size(), 1U);
  Sighted one;
  EXPECT_EQ(why(one.line.world.file(one.answer(SightingWord::not_saying, "green/ops"))), "hotline_unknown");
  EXPECT_EQ(why(one.line.world.file(one.answer(SightingWord::not_saying))), "accepted");
  EXPECT_EQ(why(one.line.world.file(one.answer(SightingWord::ours))), "answered_already");
  EXPECT_EQ(one.line.world.state.hotline.sightings.at(one.seen).heard.at("red").word, SightingWord::not_saying);
  EXPECT_TRUE(one.line.world.of_kind(EntryKind::deadline_missed, one.line.world.pass(one.line.world.now + hours(4))).empty());
}

TEST(Sightings, OursMayNameARevisionOfOnesOwnAndNothingElse) {
  Sighted one;
  World& world = one.line.world;
  const EntryIndex blues = World::expect(world.file(world.filing(Drive{}, one.line.agreement)));
  Drive drive;
  drive.party = "red";
  const EntryIndex reds = World::expect(world.file(world.filing(drive, one.line.agreement)));
  Note answer = one.answer(SightingWord::ours);
  answer.refs.push_back(blues);
  EXPECT_EQ(why(world.file(answer)), "hotline_about");
  answer = one.answer(SightingWord::not_ours);
  answer.refs.push_back(reds);
  EXPECT_EQ(why(world.file(answer)), "hotline_about");
  answer = one.answer(SightingWord::ours);
  answer.refs.push_back(reds);
  EXPECT_EQ(why(world.file(answer)), "accepted");
  EXPECT_EQ(world.state.hotline.sightings.at(one.seen).heard.at("red").movement, reds);
  Note future{EntryKind::sighting_reported,
              "blue/ops",
              model::to_json(model::SightingReported{
                  1, "truck", {421000000, 374000000}, Metres::from_metres(200), world.now + minutes(9), "Post 4", ""}),
              {}};
  EXPECT_EQ(why(world.file(future)), "hotline_occurred");
}

TEST(Phrases, AReviewNamesTheExactBytesAndItsSpeaker) {
  Line line;
  const auto hash = ledger::sha256("invented phrases");
  Note note{EntryKind::phrases_reviewed, "mission/ops",
            model::to_json(model::PhrasesReviewed{hash, "ru", "N. I. (invented)", ""})};
  World::expect(line.world.file(note));
  ASSERT_EQ(line.world.state.hotline.reviews.size(), 1U);
  EXPECT_EQ(line.world.state.hotline.reviews.front().said.document, hash);
}

/// A story of messages, answers, check-ins and waiting: replay gives the same state, also where parts are erased the fold goes
/// through, and an open deadline of an answer is always one that somebody still owes.
RC_GTEST_PROP(HotlineLaws, ReplayIsTheSameAndNoDeadlineOutlivesItsAnswer, ()) {
  Line line;
  World& world = line.world;
  std::vector<EntryIndex> messages;
  const auto steps = *rc::gen::container<std::vector<std::uint32_t>>(40, rc::gen::arbitrary<std::uint32_t>());
  for (const std::uint32_t drawn : steps) {
    const std::string from = drawn % 2 == 0 ? "blue" : "red", other = drawn % 2 == 0 ? "red" : "blue";
    const EntryIndex about = messages.empty() ? EntryIndex{drawn % 12} : messages[drawn / 7 % messages.size()];
    model::MessageSent said = query();
    said.meant = static_cast<MessageClass>(drawn / 2 % 5);
    if (drawn % 11 == 0) said.answer_within = hours(static_cast<std::int64_t>(drawn % 9));
    if (drawn % 3 == 0) said.step = 1 + drawn % 4;
    switch (drawn / 16 % 5) {
      case 0:
      case 1: {
        const Outcome sent =
            world.file(line.message(said, messages.empty() ? std::vector<EntryIndex>{} : std::vector{about}, from));
        if (!sent.refusal) messages.push_back(sent.index);
        break;
      }
      case 2: world.file(line.answer(about, from + "/ops", other)); break;
      case 3: world.file(line.check_in(from)); break;
      default: world.pass(world.now + minutes(static_cast<std::int64_t>(drawn / 32 % 300)));
    }
    for (const auto& [key, deadline] : world.state.deadlines) {
      RC_ASSERT((key == DueKey{deadline.due, deadline.revision, deadline.kind, deadline.party}));
      RC_ASSERT(deadline.due > world.now || deadline.due > world.state.last_received);
      if (deadline.kind == model::DeadlineKind::message_answer) {
        RC_ASSERT(!line.of(deadline.revision).heard.at(deadline.party).answered);
      }
    }
  }
  State whole, erased;
  for (const Entry& entry : world.log) {
    RC_ASSERT(apply(whole, read_entry(entry.index, entry.leaf, entry.parts).value()).has_value());
    Entry bare = read_entry(entry.index, entry.leaf, entry.parts).value();
    if (bare.kind != EntryKind::log_opened && bare.kind != EntryKind::agreement_proposed && bare.kind != EntryKind::key_added &&
        bare.kind != EntryKind::note_refused)
      for (PartBody& part : bare.parts) part.erased = true;
    RC_ASSERT(apply(erased, bare).has_value());
  }
  RC_ASSERT(dump(whole) == dump(world.state));
}

}  // namespace
}  // namespace wideberth::core
