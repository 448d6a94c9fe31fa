// What is due: met, missed, at the very millisecond, dropped, in an outage; in order; and a clock that steps back.
#include <gtest/gtest.h>

#include "core/testing.h"

namespace wideberth::core {
namespace {

using namespace testing;  // NOLINT: the vocabulary of these tests

struct Due {
  World world;
  std::string id;
  EntryIndex filed{};

  explicit Due(const Drive& drive = {}, const Terms& terms = {}) {
    id = world.agree(terms);
    filed = World::expect(world.file(world.filing(drive, id)));
  }
  /// What was missed by then, as "kind party".
  std::vector<std::string> missed(Instant until) {
    std::vector<std::string> found;
    for (const Entry* each : world.of_kind(EntryKind::deadline_missed, world.pass(until))) {
      const auto said = model::parse_deadline_missed(*each->part("full")).value().deadline;
      found.push_back(std::string(model::name_of(said.kind)) + " " + said.party);
    }
    return found;
  }
};

using Names = std::vector<std::string>;

TEST(Deadlines, AreMissedAtTheirVeryMillisecondAndNotBefore) {
  Due due;
  const Instant filed_at = due.world.now;
  EXPECT_EQ(next_due(due.world.state), filed_at + hours(4));
  EXPECT_EQ(due.missed(filed_at + hours(4) - kTick), Names{});
  World just = due.world;
  World::expect(just.file(just.acknowledgement("red", due.filed)));
  EXPECT_TRUE(just.pass(filed_at + hours(5)).empty()) << "met in the last millisecond";
  // What is received at the due millisecond itself comes after the entry that says that it was missed.
  due.world.now = filed_at + hours(4);
  const Outcome late = due.world.file(due.world.acknowledgement("red", due.filed));
  EXPECT_FALSE(late.refusal) << "late is still said";
  ASSERT_EQ(due.world.of_kind(EntryKind::deadline_missed, late.findings).size(), 1u);
  EXPECT_LT(late.findings.front(), late.index);
  EXPECT_EQ(due.missed(filed_at + hours(20)), Names{});
  const auto& ended = due.world.state.ended_deadlines.back().deadline;
  EXPECT_EQ(ended.due, filed_at + hours(4));
  EXPECT_EQ(ended.clause, "2");
  EXPECT_EQ(ended.agreement, due.id);
}

TEST(Deadlines, EveryKindIsMissedInItsTurn) {
  Drive asked;
  asked.from = {418500000, 371000000};
  asked.to = {420500000, 372000000};
  asked.start = at("2020-08-24T20:00:00Z");
  Due due(asked);
  // Less than a day's notice is a finding, not a refusal, and the observer owes nothing.
  ASSERT_EQ(due.world.state.ended_deadlines.size(), 1u);
  const auto& notice = due.world.state.ended_deadlines.front().deadline;
  EXPECT_EQ(notice.kind, model::DeadlineKind::notice);
  EXPECT_EQ(notice.party, "blue");
  EXPECT_EQ(notice.due, asked.start - asked.slack - hours(24));
  EXPECT_EQ(due.missed(asked.start), (Names{"answer red", "unit_informed red"}));
  EXPECT_EQ(due.world.state.ended_deadlines.back().deadline.due, asked.start - asked.slack - hours(1));
}

TEST(Deadlines, AnEmergencyHasItsOwnLead) {
  Drive urgent;
  urgent.start = at("2020-08-24T03:00:00Z");
  urgent.emergency = true;
  EXPECT_TRUE(Due(urgent).world.state.ended_deadlines.empty());
  urgent.emergency = false;
  EXPECT_EQ(Due(urgent).world.state.ended_deadlines.size(), 1u);
  urgent.start = at("2020-08-25T00:10:00Z");  // its window opens exactly a day ahead
  EXPECT_TRUE(Due(urgent).world.state.ended_deadlines.empty());
  urgent.start = urgent.start - kTick;
  EXPECT_EQ(Due(urgent).world.state.ended_deadlines.size(), 1u);
}

TEST(Deadlines, WhatWasPastWhenItWasDeliveredIsNotOwed) {
  Drive soon;
  soon.start = at("2020-08-24T00:40:00Z");
  Due due(soon);
  EXPECT_EQ(due.missed(at("2020-08-24T00:59:00Z")), Names{}) << "no unit can be informed an hour before the filing";
}

TEST(Deadlines, AreDroppedByAmendmentAndByWithdrawal) {
  Due amended;
  Drive later;
  later.start = later.start + hours(2);
  later.reason = "later";
  World::expect(amended.world.file(amended.world.amendment(amended.filed, later, amended.id)));
  const Instant amended_at = amended.world.now;
  EXPECT_EQ(amended.missed(amended_at + hours(10)), Names{"acknowledge red"}) << "of the new revision alone";
  EXPECT_EQ(amended.world.state.ended_deadlines.back().deadline.due, amended_at + minutes(30));

  Due withdrawn;
  World::expect(withdrawn.world.file(withdrawn.world.withdrawal("blue", withdrawn.filed)));
  EXPECT_TRUE(withdrawn.world.pass(at("2021-01-01T00:00:00Z")).empty());
  EXPECT_FALSE(next_due(withdrawn.world.state));
}

TEST(Deadlines, InAnOutageCountAgainstNobody) {
  Due due;
  const Instant filed_at = due.world.now;
  // The server was away from 03:00 to 05:00; the deadline of 04:00 fell into it.
  EXPECT_FALSE(decide_restart(due.world.state, filed_at, filed_at + Millis::from_seconds(2))) << "a moment is no outage";
  auto outage = decide_restart(due.world.state, filed_at + hours(3), filed_at + hours(5));
  ASSERT_TRUE(outage);
  EXPECT_EQ(outage->to, (Names{"blue", "red", "green", "mission"}));
  due.world.now = filed_at + hours(5);
  due.world.append(std::move(*outage));
  const auto entries = due.world.pass(due.world.now);
  ASSERT_EQ(entries.size(), 1u);
  const auto said = model::parse_deadline_channel_down(*due.world.log.back().part("full"));
  ASSERT_TRUE(said);
  EXPECT_EQ(said->deadline.due, filed_at + hours(4));
  EXPECT_EQ(said->outage, (Interval{filed_at + hours(3), filed_at + hours(5)}));
  EXPECT_TRUE(due.world.state.ended_deadlines.back().channel_down);
  // What falls due after it counts again.
  EXPECT_EQ(due.missed(at("2020-08-26T05:30:00Z")), Names{"unit_informed red"});
}

TEST(Deadlines, OrderIsByTimeThenByRevisionAndExpiryStandsAmongThem) {
  World world;
  Terms terms;
  terms.within = hours(60);
  const std::string id = world.agree(terms);
  Drive first, second;
  second.start = first.start + hours(1);
  const EntryIndex a = World::expect(world.file(world.filing(first, id)));
  const EntryIndex b = World::expect(world.file(world.filing(second, id)));
  std::vector<std::string> order;
  for (const EntryIndex index : world.pass(at("2020-09-30T00:00:00Z")))
    order.push_back(std::string(model::name_of(world.log[index.value].kind)) + " " +
                    std::to_string(world.log[index.value].text.refs.front().value));
  const std::string ra = std::to_string(a.value), rb = std::to_string(b.value);
  EXPECT_EQ(order,
            (Names{"deadline.missed " + ra, "deadline.missed " + rb, "notification.expired " + ra, "notification.expired " + rb}))
      << "what expires takes its open deadlines with it";
  EXPECT_TRUE(world.state.deadlines.empty());
  EXPECT_EQ(world.state.notification_at(a)->standing, Standing::expired);
  EXPECT_EQ(world.state.index.size(), 0u);
}

TEST(Deadlines, AMovementStandsToTheEndOfItsLastMillisecond) {
  Due due;
  World::expect(due.world.file(due.world.acknowledgement("red", due.filed)));
  due.missed(at("2020-08-26T07:10:00Z"));
  EXPECT_EQ(due.world.state.notification_at(due.filed)->standing, Standing::standing);
  EXPECT_EQ(next_due(due.world.state), at("2020-08-26T07:10:00.001Z"));
  due.missed(at("2020-08-26T07:10:00.001Z"));
  EXPECT_EQ(due.world.state.notification_at(due.filed)->standing, Standing::expired);
}

TEST(Deadlines, AnOutlineReaderIsToldNoTimeFinerThanItsSlot) {
  Drive drive;
  drive.start = at("2020-08-24T08:37:11Z");
  Terms terms;
  terms.blue_to_red = View::outline;
  Due due(drive, terms);
  // Notice was short: that it was due at 08:27:11 the day before is not said to red.
  EXPECT_EQ(due.world.state.ended_deadlines.size(), 1u);
  due.missed(at("2021-01-01T00:00:00Z"));
  for (const Entry& entry : due.world.log) {
    if (!may_read(due.world.state, entry.index, "red")) continue;
    if (entry.kind != EntryKind::deadline_missed) {
      EXPECT_NE(entry.kind, EntryKind::notification_expired);
      continue;
    }
    const auto said = model::parse_deadline_missed(*entry.part("full")).value().deadline;
    if (said.kind == model::DeadlineKind::unit_informed) {
      EXPECT_EQ(said.due, at("2020-08-24T07:00:00Z"));
    }
    EXPECT_NE(said.kind, model::DeadlineKind::notice);
  }
}

TEST(Clock, ThatStepsBackIsRecordedOnceAndTimeNeverGoesBack) {
  Due due;
  World& world = due.world;
  const Instant before = world.state.last_received;
  EXPECT_TRUE(world.pass(before - Millis::from_seconds(2)).empty()) << "a moment is no step";
  const auto entries = world.pass(before - hours(1));
  ASSERT_EQ(world.of_kind(EntryKind::clock_stepped, entries).size(), 1u);
  const auto said = model::parse_clock_stepped(*world.log.back().part("full"));
  EXPECT_EQ(said->from, before);
  EXPECT_EQ(said->to, before - hours(1));
  EXPECT_TRUE(world.pass(before - hours(2)).empty()) << "said already";
  Drive next;
  next.start = next.start + hours(30);
  EXPECT_FALSE(world.file(world.filing(next, due.id)).refusal);
  EXPECT_EQ(world.log.back().received, before);
  world.pass(before + minutes(1));
  next.start = next.start + hours(3);
  EXPECT_FALSE(world.file(world.filing(next, due.id)).refusal);
  EXPECT_EQ(world.of_kind(EntryKind::clock_stepped, world.pass(before - hours(1))).size(), 1u) << "another step is said again";
}

}  // namespace
}  // namespace wideberth::core
