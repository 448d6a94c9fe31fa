// Movements on the way: alternates, suspension, questions, outcomes of both sides, consent and emergencies.
#include <gtest/gtest.h>

#include "base/id.h"
#include "core/apply.h"
#include "core/disclosure.h"
#include "core/dump.h"
#include "core/testing.h"

namespace wideberth::core {
namespace {

using namespace testing;

/// Red drives where blue's alternate runs and blue's route does not.
constexpr std::int32_t kSouth = 373'600'000;

model::Notification with_alternate(const std::string& agreement) {
  model::Notification n = notification_of(Drive{}, agreement);
  geo::Route south = std::get<geo::Route>(n.where);
  for (auto& waypoint : south.waypoints) waypoint.place.lat_e7 = kSouth;
  n.alternates.push_back({"by the south", std::move(south)});
  n.holding_points.push_back({"the mill", {422'000'000, 374'000'000}});
  return n;
}

Drive along(std::int32_t lat_e7) {
  Drive drive;
  drive.party = "red";
  drive.from = {423'000'000, lat_e7};
  drive.to = {421'000'000, lat_e7};
  return drive;
}

std::vector<model::ConflictFound> conflicts_in(const World& world, const Outcome& outcome) {
  std::vector<model::ConflictFound> found;
  for (const EntryIndex index : outcome.findings)
    if (const Entry& entry = world.log[index.value]; entry.kind == EntryKind::conflict_found)
      found.push_back(model::parse_conflict_found(*entry.part("full")).value());
  return found;
}

/// "accepted", or the rule that refused it and where.
std::string said_of(const Outcome& outcome) {
  if (!outcome.refusal) return "accepted";
  const std::string where = outcome.refusal->where.empty() ? "" : " at " + outcome.refusal->where;
  return std::string(base::code_of(outcome.refusal->rule)) + where;
}

TEST(Alternates, AreComparedAsSuchWhicheverIsFiledFirst) {
  for (const bool alternate_first : {true, false}) {
    World world;
    const std::string id = world.agree();
    const auto blue = [&] { return world.file(world.filing(with_alternate(id), id)); };
    const auto red = [&] { return world.file(world.filing(along(kSouth), id)); };
    if (alternate_first) {
      world.expect(blue());
    } else {
      world.expect(red());
    }
    const Outcome second = alternate_first ? red() : blue();
    ASSERT_FALSE(second.refusal) << base::to_text(*second.refusal);
    const auto found = conflicts_in(world, second);
    ASSERT_EQ(found.size(), 1U) << alternate_first;
    EXPECT_EQ(found[0].a_route, alternate_first ? "" : "by the south");
    EXPECT_EQ(found[0].b_route, alternate_first ? "by the south" : "");
    EXPECT_TRUE(std::holds_alternative<model::ExactConflict>(found[0].what));
    EXPECT_EQ(found[0].separation, Metres::from_metres(1000));
  }
}

TEST(Alternates, AreForgottenWithTheirRevisionAndBecomeTheRouteByAmendment) {
  World world;
  const std::string id = world.agree();
  const EntryIndex filed = world.expect(world.file(world.filing(with_alternate(id), id)));
  Drive south = along(kSouth);
  south.party = "blue";
  std::swap(south.from, south.to);
  south.reason = "The bridge is shut.";
  world.expect(world.file(world.amendment(filed, south, id)));
  EXPECT_EQ(world.state.alternates.size(), 0U);
  const auto found = conflicts_in(world, world.file(world.filing(along(kSouth), id)));
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].a_route + found[0].b_route, "");
}

TEST(Alternates, SayNothingToWhoSeesAnOutlineAlone) {
  World world;
  Terms terms;
  terms.blue_to_red = View::outline;
  const std::string id = world.agree(terms);
  // Another slot, so that the outlines of the routes themselves have nothing to do with each other.
  model::Notification n = with_alternate(id);
  for (auto& waypoint : n.alternates[0].route.waypoints) {
    waypoint.window.from = waypoint.window.from + hours(12);
    waypoint.window.to = waypoint.window.to + hours(12);
  }
  world.expect(world.file(world.filing(n, id)));
  Drive red = along(kSouth);
  red.start = red.start + hours(12);
  EXPECT_TRUE(conflicts_in(world, world.file(world.filing(red, id))).empty());
}

TEST(Alternates, AreHeldAgainstTheAreaAndTheHoldingPointsToo) {
  World world;
  const std::string id = world.agree();
  model::Notification n = with_alternate(id);
  n.alternates[0].route.waypoints[1].place = {42'000'000, 37'000'000};
  EXPECT_EQ(said_of(world.file(world.filing(n, id))), "place_outside_area at /properties/alternates/0/coordinates/1");
  n = with_alternate(id);
  n.holding_points[0].place = {42'000'000, 37'000'000};
  EXPECT_EQ(said_of(world.file(world.filing(n, id))), "place_outside_area at /properties/holding_points/0/place");
}

TEST(Said, AnOrganisationConsentsAndAnEmergencyHasAReason) {
  World world;
  const std::string id = world.agree();
  model::Notification n = notification_of(Drive{}, id);
  n.organisation = "Aid body (invented)";
  EXPECT_EQ(said_of(world.file(world.filing(n, id))), "consent_missing at /properties/consent");
  n.consent = false;
  EXPECT_EQ(said_of(world.file(world.filing(n, id))), "consent_missing at /properties/consent");
  n.consent = true;
  EXPECT_EQ(said_of(world.file(world.filing(n, id))), "accepted");
  n = notification_of(Drive{}, id);
  n.emergency = true;
  EXPECT_EQ(said_of(world.file(world.filing(n, id))), "reason_missing at /properties/reason");
}

TEST(Said, AnEmergencyOwesTheShorterLead) {
  World world;
  const std::string id = world.agree();
  const auto missed = [&](bool emergency, Millis ahead) {
    Drive drive;
    drive.start = world.now + ahead + drive.slack;
    drive.emergency = emergency;
    const Outcome filed = world.file(world.filing(drive, id));
    for (const EntryIndex each : filed.findings)
      if (world.log[each.value].kind == EntryKind::deadline_missed) return true;
    return false;
  };
  EXPECT_TRUE(missed(false, hours(23)));
  EXPECT_FALSE(missed(true, hours(23)));
  EXPECT_FALSE(missed(true, hours(2)));
  EXPECT_TRUE(missed(true, hours(2) - minutes(1)));
}

class OnTheWay : public ::testing::Test {
 protected:
  World world;
  std::string id = world.agree();
  EntryIndex filed = world.expect(world.file(world.filing(Drive{}, id)));

  const NotificationState& movement() const { return *world.state.notification_at(filed); }
  std::string file(EntryKind kind, const std::string& party, EntryIndex of, const auto& said) {
    return said_of(world.file(world.act(kind, party, of, said)));
  }
};

TEST_F(OnTheWay, SuspendedAndResumedInTurn) {
  const model::Suspended wait{"Fire ahead.", "the mill"};
  EXPECT_EQ(file(EntryKind::notification_resumed, "blue", filed, model::Resumed{}), "notification_hold");
  EXPECT_EQ(file(EntryKind::notification_suspended, "red", filed, wait), "notification_unknown");
  EXPECT_EQ(file(EntryKind::notification_suspended, "blue", filed, wait), "accepted");
  ASSERT_TRUE(movement().held);
  EXPECT_EQ(movement().held->said, wait);
  EXPECT_EQ(file(EntryKind::notification_suspended, "blue", filed, wait), "notification_hold");
  // It is amended while it waits, and still waits.
  Drive other;
  other.from.lat_e7 = other.to.lat_e7 = kSouth;
  other.reason = "By the south.";
  const EntryIndex amended = world.expect(world.file(world.amendment(filed, other, id)));
  EXPECT_TRUE(world.state.notification_at(amended)->held);
  EXPECT_EQ(file(EntryKind::notification_resumed, "blue", filed, model::Resumed{}), "revision_superseded");
  EXPECT_EQ(file(EntryKind::notification_resumed, "blue", amended, model::Resumed{"On."}), "accepted");
  EXPECT_FALSE(world.state.notification_at(amended)->held);
  world.expect(world.file(world.withdrawal("blue", amended)));
  EXPECT_EQ(file(EntryKind::notification_suspended, "blue", amended, wait), "notification_ended");
}

TEST_F(OnTheWay, AQuestionIsAnsweredInTimeOrItsDeadlineIsMissedForBothToSee) {
  const model::Queried asked{"Capt. R. (invented)", "How many lorries?"};
  EXPECT_EQ(file(EntryKind::notification_queried, "blue", filed, asked), "notification_unknown");
  EXPECT_EQ(file(EntryKind::notification_queried, "red", filed, asked), "accepted");
  const EntryIndex question{world.log.size() - 1};
  EXPECT_EQ(file(EntryKind::notification_queried, "red", filed, asked), "query_open");
  ASSERT_TRUE(world.state.queries.contains(question));
  EXPECT_EQ(world.state.queries.at(question).due, world.now + hours(4));

  Note answer{EntryKind::notification_query_answered, "blue/ops", model::to_json(model::QueryAnswered{"Lt. B.", "Six."})};
  answer.refs = {question};
  EXPECT_EQ(said_of(world.file(answer)), "recipient_missing at to");
  answer.to = {"mission"};
  EXPECT_EQ(said_of(world.file(answer)), "recipient_not_disclosed at to");
  answer.to = {"red"};
  Note by_red = answer;
  by_red.signer = "red/ops";
  by_red.to = {"blue"};
  EXPECT_EQ(said_of(world.file(by_red)), "query_unknown");
  Note about_no_question = answer;
  about_no_question.refs = {filed};
  EXPECT_EQ(said_of(world.file(about_no_question)), "query_unknown");
  EXPECT_EQ(said_of(world.file(answer)), "accepted");
  EXPECT_EQ(said_of(world.file(answer)), "answered_already");
  EXPECT_EQ(world.state.queries.at(question).answer.answer, "Six.");

  // The next question stays without an answer.
  EXPECT_EQ(file(EntryKind::notification_queried, "red", filed, asked), "accepted");
  bool missed = false;
  for (const EntryIndex each : world.pass(world.now + hours(4))) {
    const Entry& entry = world.log[each.value];
    if (entry.kind != EntryKind::deadline_missed) continue;
    const auto deadline = model::parse_deadline_missed(*entry.part("full")).value().deadline;
    if (deadline.kind != model::DeadlineKind::query) continue;
    missed = true;
    EXPECT_EQ(deadline.party, "blue");
    EXPECT_TRUE(may_read(world.state, each, "red"));
    EXPECT_TRUE(may_read(world.state, each, "blue"));
    EXPECT_FALSE(may_read(world.state, each, "green"));
  }
  EXPECT_TRUE(missed);
}

TEST_F(OnTheWay, AnAmendmentAnswersForTheQuestionsDeadlineButNotTheQuestion) {
  EXPECT_EQ(file(EntryKind::notification_queried, "red", filed, model::Queried{"R.", "Why?"}), "accepted");
  const EntryIndex question{world.log.size() - 1};
  Drive later;
  later.reason = "Rain.";
  world.expect(world.file(world.amendment(filed, later, id)));
  for (const auto& [key, deadline] : world.state.deadlines) EXPECT_NE(deadline.kind, model::DeadlineKind::query);
  Note answer{EntryKind::notification_query_answered, "blue/ops", model::to_json(model::QueryAnswered{"B.", "Rain."}), {"red"}};
  answer.refs = {question};
  EXPECT_EQ(said_of(world.file(answer)), "accepted");
}

TEST_F(OnTheWay, EachSideStatesItsOutcomeAndBothStand) {
  world.pass(Drive{}.start + hours(2));
  EXPECT_EQ(file(EntryKind::notification_outcome, "green", filed, model::Outcome{model::OutcomeWord::delayed, ""}),
            "notification_unknown");
  EXPECT_EQ(file(EntryKind::notification_outcome, "red", filed, model::Outcome{model::OutcomeWord::facilitated, ""}), "accepted");
  EXPECT_EQ(movement().outcome, std::nullopt);
  EXPECT_EQ(file(EntryKind::notification_outcome, "blue", filed, model::Outcome{model::OutcomeWord::impeded, ""}), "accepted");
  EXPECT_EQ(movement().outcome, model::OutcomeWord::impeded);
  EXPECT_EQ(movement().outcomes.at("red").word, model::OutcomeWord::facilitated);
  EXPECT_EQ(movement().outcomes.at("blue").word, model::OutcomeWord::impeded);
  // Its latest word stands.
  EXPECT_EQ(file(EntryKind::notification_outcome, "red", filed, model::Outcome{model::OutcomeWord::delayed, ""}), "accepted");
  EXPECT_EQ(movement().outcomes.at("red").word, model::OutcomeWord::delayed);
}

TEST_F(OnTheWay, TheLogFoldsToTheSameStateAndTakesErasedParts) {
  EXPECT_EQ(file(EntryKind::notification_suspended, "blue", filed, model::Suspended{"Fire.", ""}), "accepted");
  EXPECT_EQ(file(EntryKind::notification_queried, "red", filed, model::Queried{"R.", "Why?"}), "accepted");
  State again, erased;
  for (Entry entry : world.log) {
    ASSERT_TRUE(apply(again, entry));
    if (entry.kind == EntryKind::notification_suspended || entry.kind == EntryKind::notification_queried) entry.parts.clear();
    ASSERT_TRUE(apply(erased, entry));
  }
  EXPECT_EQ(dump(again), dump(world.state));
  EXPECT_TRUE(erased.notification_at(filed)->held);
  EXPECT_EQ(erased.queries.size(), 1U);
  EXPECT_EQ(erased.deadlines.size(), world.state.deadlines.size());
}

}  // namespace
}  // namespace wideberth::core
