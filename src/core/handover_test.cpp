// The watch handed over: what is open, three signatures, and what is refused. Invented.
#include "core/handover.h"

#include <gtest/gtest.h>

#include "core/testing.h"
#include "ledger/note.h"

namespace wideberth::core {
namespace {

using namespace testing;  // NOLINT(google-build-using-namespace): as every test of this folder

struct Desk {
  World world;
  std::string id;
  EntryIndex filed{};

  Desk() {
    id = world.agree();
    for (const char* name : {"red/maj", "red/cpt", "blue/maj"}) world.add_key(name);
    filed = World::expect(world.file(world.filing(Drive{}, id)));
  }

  model::WatchHandedOver handing() const {
    return {{"Maj. A.", "red/maj"}, {"Cpt. B.", "red/cpt"}, open_matters(world.state, "red"), ""};
  }
  Submission signed_by(const model::WatchHandedOver& said, const std::vector<std::string>& officers,
                       const std::string& desk = "red/ops") {
    Submission submission = world.sign({EntryKind::watch_handed_over, desk, model::to_json(said)});
    const std::string text = ledger::parse_note(submission.note).value().text;
    for (const std::string& each : officers) submission.note += ledger::signature_line(text, key_named(each));
    return submission;
  }
  std::string tried(const model::WatchHandedOver& said, const std::vector<std::string>& officers,
                    const std::string& desk = "red/ops") {
    const Outcome outcome = world.take(signed_by(said, officers, desk));
    return outcome.refusal ? std::string(base::code_of(outcome.refusal->rule)) : "accepted";
  }
};

TEST(Handover, ListsWhatIsOpenForThisPartyAlone) {
  Desk desk;
  World& world = desk.world;
  const auto red = open_matters(world.state, "red");
  ASSERT_FALSE(red.deadlines.empty());
  for (const auto& each : red.deadlines) EXPECT_EQ(each.about, desk.filed);
  EXPECT_EQ(red.movements, std::vector<EntryIndex>{desk.filed});
  EXPECT_TRUE(red.queries.empty());
  EXPECT_TRUE(open_matters(world.state, "green").movements.empty());
  EXPECT_TRUE(open_matters(world.state, "green").deadlines.empty());
  const EntryIndex question =
      World::expect(world.file(world.act(EntryKind::notification_queried, "red", desk.filed, model::Queried{"R.", "Why?"})));
  EXPECT_EQ(open_matters(world.state, "red").queries, std::vector<EntryIndex>{question});
  EXPECT_EQ(open_matters(world.state, "blue").queries, std::vector<EntryIndex>{question});
  Note message{EntryKind::message_sent,
               "blue/ops",
               R"({"class": "info", "text": "Noon.", "person": "A"})",
               {"red"},
               {world.state.agreement(desk.id)->proposed}};
  const EntryIndex said = World::expect(world.file(message));
  EXPECT_EQ(open_matters(world.state, "red").messages, std::vector<EntryIndex>{said});
  EXPECT_TRUE(open_matters(world.state, "blue").messages.empty());
  World::expect(world.file({EntryKind::message_seen, "red/ops", R"({"person": "B"})", {"blue"}, {said}}));
  EXPECT_TRUE(open_matters(world.state, "red").messages.empty());
  World::expect(world.file(world.withdrawal("blue", desk.filed)));
  EXPECT_TRUE(open_matters(world.state, "red").movements.empty());
}

TEST(Handover, StandsWithThreeSignaturesAndShowsWhoHasTheWatch) {
  Desk desk;
  ASSERT_EQ(desk.tried(desk.handing(), {"red/maj", "red/cpt"}), "accepted");
  const EntryIndex first = desk.world.state.handovers.latest.at("red/ops");
  const HandoverState& handover = desk.world.state.handovers.all.at(first);
  EXPECT_EQ(handover.incoming->person, "Cpt. B.");
  EXPECT_EQ(handover.open[3], 1U);
  EXPECT_FALSE(handover.follows);
  auto back = desk.handing();
  std::swap(back.outgoing, back.incoming);
  ASSERT_EQ(desk.tried(back, {"red/cpt", "red/maj"}), "accepted");
  const EntryIndex second = desk.world.state.handovers.latest.at("red/ops");
  EXPECT_EQ(desk.world.state.handovers.all.at(second).follows, first);
  EXPECT_FALSE(may_read(desk.world.state, first, "blue"));
  EXPECT_FALSE(may_read(desk.world.state, first, "mission"));
  EXPECT_TRUE(may_read(desk.world.state, first, "red"));
}

TEST(Handover, IsRefusedWhereAKeyIsNotWhatItHasToBe) {
  Desk desk;
  const auto good = desk.handing();
  EXPECT_EQ(desk.tried(good, {}), "note_signatures");
  EXPECT_EQ(desk.tried(good, {"red/maj"}), "note_signatures");
  EXPECT_EQ(desk.tried(good, {"red/maj", "red/cpt", "red/root"}), "note_signatures");
  EXPECT_EQ(desk.tried(good, {"red/maj", "red/nobody"}), "key_unknown");
  EXPECT_EQ(desk.tried(good, {"red/cpt", "red/maj"}), "handover_officers");
  EXPECT_EQ(desk.tried(good, {"red/maj", "blue/maj"}), "handover_officers");
  EXPECT_EQ(desk.tried(good, {"red/maj", "red/root"}), "handover_officers");
  auto same = good;
  same.incoming.key = same.outgoing.key;
  EXPECT_EQ(desk.tried(same, {"red/maj", "red/maj"}), "handover_officers");
  auto own = good;
  own.incoming.key = "red/ops";
  EXPECT_EQ(desk.tried(own, {"red/maj", "red/ops"}), "handover_officers");
  desk.world.add_key("red/clerk", {"notification.*"});
  auto clerk = good;
  clerk.incoming.key = "red/clerk";
  EXPECT_EQ(desk.tried(clerk, {"red/maj", "red/clerk"}), "handover_officers");
  World::expect(desk.world.file({EntryKind::key_revoked, "red/root", model::to_json(model::KeyRevoked{"red/cpt", "lost"})}));
  EXPECT_EQ(desk.tried(good, {"red/maj", "red/cpt"}), "handover_officers");
  EXPECT_TRUE(desk.world.state.handovers.all.empty());
}

TEST(Handover, EverySignatureIsVerified) {
  Desk desk;
  for (const std::size_t line : {0U, 1U, 2U}) {
    Submission submission = desk.signed_by(desk.handing(), {"red/maj", "red/cpt"});
    ledger::Note note = ledger::parse_note(submission.note).value();
    note.signatures[line].payload[7] ^= 1;
    submission.note = ledger::to_text(note);
    const Outcome outcome = desk.world.take(std::move(submission));
    ASSERT_TRUE(outcome.refusal);
    EXPECT_EQ(base::code_of(outcome.refusal->rule), "note_signature_untrue");
  }
  // One signature line more on what asks for one alone.
  Submission plain = desk.world.sign(desk.world.receipt("red", desk.filed));
  plain.note += ledger::signature_line(ledger::parse_note(plain.note).value().text, key_named("red/maj"));
  EXPECT_EQ(base::code_of(desk.world.take(std::move(plain)).refusal->rule), "note_signatures");
}

TEST(Handover, IsRefusedWhereTheListIsNotWhatIsOpen) {
  Desk desk;
  auto less = desk.handing();
  less.open.movements.clear();
  EXPECT_EQ(desk.tried(less, {"red/maj", "red/cpt"}), "handover_list");
  auto more = desk.handing();
  more.open.alarms = {desk.filed};
  EXPECT_EQ(desk.tried(more, {"red/maj", "red/cpt"}), "handover_list");
  auto other = desk.handing();
  other.open.deadlines.front().due = other.open.deadlines.front().due + minutes(1);
  EXPECT_EQ(desk.tried(other, {"red/maj", "red/cpt"}), "handover_list");
  // What was signed before something changed is refused after it.
  const auto before = desk.handing();
  World::expect(desk.world.file(desk.world.acknowledgement("red", desk.filed)));
  EXPECT_EQ(desk.tried(before, {"red/maj", "red/cpt"}), "handover_list");
  EXPECT_NE(model::list_code(before.open), model::list_code(desk.handing().open));
  EXPECT_EQ(desk.tried(desk.handing(), {"red/maj", "red/cpt"}), "accepted");
  Submission told = desk.world.sign({EntryKind::watch_handed_over, "red/ops", model::to_json(desk.handing()), {"blue"}});
  const std::string text = ledger::parse_note(told.note).value().text;
  for (const char* each : {"red/maj", "red/cpt"}) told.note += ledger::signature_line(text, key_named(each));
  EXPECT_EQ(base::code_of(desk.world.take(std::move(told)).refusal->rule), "recipient_not_disclosed");
}

TEST(Handover, TheSameStateFollowsFromTheLog) {
  Desk desk;
  ASSERT_EQ(desk.tried(desk.handing(), {"red/maj", "red/cpt"}), "accepted");
  State again;
  for (const Entry& entry : desk.world.log) ASSERT_TRUE(apply(again, entry));
  EXPECT_EQ(dump(again), dump(desk.world.state));
  EXPECT_NE(dump(again).find("\"handovers\""), std::string::npos);
}

}  // namespace
}  // namespace wideberth::core
