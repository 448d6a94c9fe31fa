// What goes wrong at a desk, row by row as docs/awry.md states it: refused or taken, and what the record shows. Invented.
#include <gtest/gtest.h>

#include "core/testing.h"

namespace wideberth::core {
namespace {

using namespace testing;  // NOLINT(google-build-using-namespace): as every test of this folder

std::string code_of(const Outcome& outcome) {
  return outcome.refusal ? std::string(base::code_of(outcome.refusal->rule)) : "taken";
}

/// Blue asks red for an area where an answer is owed.
struct Request {
  World world;
  std::string id;
  EntryIndex request{};

  explicit Request(const Terms& terms = {}) {
    id = world.agree(terms);
    Drive drive;
    drive.from = {419000000, 371000000};
    drive.to = {420000000, 372000000};
    request = World::expect(world.file(world.filing(drive, id)));
    WB_CHECK(world.state.notification_at(request)->regime == model::Regime::request);
  }
  Note answer(model::AnswerWord word = model::AnswerWord::agreed) const {
    return world.answer("red", request, word, word == model::AnswerWord::agreed ? "" : "A patrol of ours is there.");
  }
  const Handling& reds() const { return world.state.notification_at(request)->latest().handling.at("red"); }
  std::size_t missed(model::DeadlineKind kind) const {
    std::size_t count = 0;
    for (const EndedDeadline& each : world.state.ended_deadlines)
      count += each.deadline.kind == kind && !each.channel_down && !each.withdrawn ? 1 : 0;
    return count;
  }
};

TEST(Awry, AnAnswerToTheWrongRevisionIsRefusedAndNamesTheLatest) {
  Request a;
  Drive later;
  later.from = {419000000, 371000000};
  later.to = {420000000, 372000000};
  later.start = later.start + hours(2);
  later.reason = "The bridge is shut.";
  const EntryIndex second = World::expect(a.world.file(a.world.amendment(a.request, later, a.id)));
  const Outcome outcome = a.world.file(a.answer());
  EXPECT_EQ(code_of(outcome), "revision_superseded");
  EXPECT_NE(base::to_text(*outcome.refusal).find(std::to_string(second.value)), std::string::npos);
  EXPECT_FALSE(a.reds().answer) << "an answer to what is no more is no answer to what is";
  EXPECT_EQ(code_of(a.world.file(a.world.answer("red", second, model::AnswerWord::agreed))), "taken");
}

TEST(Awry, ALateAnswerIsTakenAndTheMissStays) {
  Request a;
  a.world.pass(a.world.now + hours(5));
  EXPECT_EQ(a.missed(model::DeadlineKind::answer), 1U);
  EXPECT_EQ(code_of(a.world.file(a.answer())), "taken");
  EXPECT_EQ(a.reds().answer, model::AnswerWord::agreed);
  EXPECT_EQ(a.missed(model::DeadlineKind::answer), 1U) << "nothing that comes later takes the miss away";
}

TEST(Awry, AnAnswerByAKeyOutOfScopeIsRefusedAndOnRecord) {
  Request a;
  a.world.add_key("red/tracks", {"positions.*"});
  Note note = a.answer();
  note.signer = "red/tracks";
  const Outcome outcome = a.world.file(note);
  EXPECT_EQ(code_of(outcome), "key_scope");
  ASSERT_EQ(a.world.of_kind(EntryKind::note_refused, outcome.findings).size(), 1U);
  EXPECT_EQ(a.world.log.back().text.to, std::vector<std::string>{"red"}) << "the other side learns nothing of it";
  EXPECT_FALSE(a.reds().answer);
  EXPECT_EQ(code_of(a.world.file(a.answer())), "taken") << "by a key that may, it stands";
}

TEST(Awry, OfTwoOfficersWhoAnswerAtOnceTheFirstInTheLogStands) {
  Request a;
  a.world.add_key("red/night");
  Note other = a.answer(model::AnswerWord::not_agreed);
  other.signer = "red/night";
  const Submission day = a.world.sign(a.answer()), night = a.world.sign(other);
  EXPECT_EQ(code_of(a.world.take(day)), "taken");
  EXPECT_EQ(code_of(a.world.take(night)), "answered_already");
  EXPECT_EQ(a.reds().answer, model::AnswerWord::agreed);
  // Two with one and the same key: the second text has a number that was used, leaves no trace, and is numbered anew by the desk.
  Request b;
  const Submission one = b.world.sign(b.answer()), two = b.world.sign(b.answer(model::AnswerWord::not_agreed));
  EXPECT_EQ(code_of(b.world.take(one)), "taken");
  const std::size_t size = b.world.log.size();
  EXPECT_EQ(code_of(b.world.take(two)), "chain_number_used");
  EXPECT_EQ(b.world.log.size(), size);
}

TEST(Awry, APartyThatWithdrawsOwesItsAnswerUntilItsEffectAndNoneAfterIt) {
  for (const bool answers : {true, false}) {
    Request a;
    Note leaving{EntryKind::agreement_withdrawn, "red/ops",
                 model::to_json(model::AgreementWithdrawn{"Invented.", a.world.now + hours(1)})};
    leaving.refs = {a.world.state.agreement(a.id)->proposed};
    const Outcome left = a.world.file(leaving);
    ASSERT_EQ(code_of(left), "taken");
    ASSERT_EQ(a.world.of_kind(EntryKind::sender_warned, left.findings).size(), 1U);
    if (answers) {
      EXPECT_EQ(code_of(a.world.file(a.answer())), "taken") << "until then it is bound, and may answer";
    }
    a.world.pass(a.world.now + hours(1));
    if (!answers) {
      EXPECT_EQ(code_of(a.world.file(a.answer())), "taken") << "what it knew it may still answer, though nothing is owed";
    }
    a.world.pass(a.world.now + hours(9));
    EXPECT_EQ(a.missed(model::DeadlineKind::answer), 0U) << "what ended with the withdrawal counts against nobody";
    EXPECT_EQ(a.world.state.notification_at(a.request)->standing, Standing::standing) << "the plan itself is not withdrawn";
  }
}

TEST(Awry, ASendersOwnWithdrawalOfTheRequestEndsWhatWasOwed) {
  Request a;
  World::expect(a.world.file(a.world.withdrawal("blue", a.request)));
  EXPECT_EQ(code_of(a.world.file(a.answer())), "taken")
      << "it crossed the withdrawal on its way: nothing is lost, nothing comes of it";
  EXPECT_EQ(a.world.state.notification_at(a.request)->standing, Standing::withdrawn);
  a.world.pass(a.world.now + hours(9));
  EXPECT_EQ(a.missed(model::DeadlineKind::answer), 0U);
}

TEST(Awry, AServersClockThatStepsBackMakesNobodyLate) {
  Request a;
  const auto stepped = a.world.pass(a.world.now - hours(10));
  EXPECT_EQ(a.world.of_kind(EntryKind::clock_stepped, stepped).size(), 1U);
  EXPECT_EQ(code_of(a.world.file(a.answer())), "taken");
  EXPECT_GE(a.world.log.back().received, a.world.log[a.request.value].received) << "time in the log never goes back";
  EXPECT_EQ(a.missed(model::DeadlineKind::answer), 0U);
}

TEST(Awry, AServersClockThatStepsForwardMissesWhatFellDueAndSaysByWhichTime) {
  Request a;
  const Instant asked = a.world.log[a.request.value].received;
  const auto entries = a.world.pass(a.world.now + hours(10));
  const auto missed = a.world.of_kind(EntryKind::deadline_missed, entries);
  ASSERT_FALSE(missed.empty());
  const auto said = model::parse_deadline_missed(*missed.front()->part("full")).value();
  EXPECT_EQ(said.deadline.due, asked + hours(4));
  EXPECT_EQ(missed.front()->received, a.world.now) << "both times stand side by side, for whoever doubts the clock";
}

TEST(Awry, ASignersOwnClockMovesNoDeadline) {
  Request a;
  const Instant truth = a.world.now;
  for (const Millis off : {hours(-5'000), hours(5'000)}) {
    World copy = a.world;
    copy.now = truth + off;
    const Submission odd = copy.sign(a.answer());
    World other = a.world;
    other.now = truth + hours(1);
    EXPECT_EQ(code_of(other.take(odd)), "taken");
    EXPECT_EQ(other.log.back().received, truth + hours(1));
    World late = a.world;
    late.pass(truth + hours(5));
    EXPECT_EQ(code_of(late.take(odd)), "taken");
    EXPECT_EQ(late.state.ended_deadlines.empty(), false) << "an early clock of the signer's takes no miss away";
  }
}

TEST(Awry, AnAnswerSentAgainIsTheSameEntry) {
  Request a;
  const Submission sent = a.world.sign(a.answer());
  const Outcome first = a.world.take(sent), again = a.world.take(sent);
  EXPECT_EQ(code_of(first), "taken");
  EXPECT_EQ(again.index, first.index);
  EXPECT_EQ(code_of(again), "taken");
}

TEST(Awry, AnAnswerByWhoWasNeverToldIsAnsweredLikeOneToNothing) {
  Request a;
  Note note = a.answer();
  note.signer = "green/ops";
  note.to = {"blue"};
  const std::string told = base::to_text(*a.world.file(note).refusal);
  note.refs = {EntryIndex{1}};
  const std::string nothing = base::to_text(*a.world.file(note).refusal);
  EXPECT_EQ(told.substr(0, told.find("entry")), nothing.substr(0, nothing.find("entry")));
}

}  // namespace
}  // namespace wideberth::core
