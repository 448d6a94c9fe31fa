#include "feeds/tak_out.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "feeds/gate.h"
#include "feeds/tak.h"

namespace wideberth::feeds {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

const Instant kNow = *Instant::parse("2020-08-25T06:00:00Z");

Notified notified(const char* geometry, const char* more) {
  const std::string json =
      std::string(R"({"type":"Feature","geometry":)") + geometry + R"(,"properties":{"party":"red",)" + more + "}}";
  auto notification = model::parse_feature(json);
  EXPECT_TRUE(notification) << base::to_text(notification.error());
  return {"MV-7Q4M-K2", EntryIndex{12}, "red", "corridor", *notification};
}

// Both readers read it as it was written, and nothing is lost on the way.
void expect_sound(const CotEvent& event) {
  const auto read = CotReader().read(to_xml(event));
  ASSERT_TRUE(read) << base::to_text(read.error());
  EXPECT_EQ(read->detail, event.detail);
  EXPECT_EQ(read->place, event.place);
  EXPECT_GT(event.stale, event.time);
  const auto payload = TakWriter().write(event);
  ASSERT_TRUE(payload);
  EXPECT_TRUE(TakReader().read(*payload)) << to_xml(event);
}

TEST(TakOut, DrawsAMovementAsARoute) {
  const CotEvent event = corridor_event(
      notified(
          R"({"type":"LineString","coordinates":[[42.1,36.9],[42.2,36.8]]})",
          R"("earliest":["2020-08-25T06:10:00Z","2020-08-25T06:40:00Z"],"latest":["2020-08-25T06:20:00Z","2020-08-25T06:50:00Z"],"half_width_m":50,"names":["A <1>","B"])"),
      kNow);
  EXPECT_EQ(event.type, "b-m-r");
  EXPECT_EQ(event.uid, "wideberth-MV-7Q4M-K2");
  EXPECT_EQ(event.place, geo::Place{});
  EXPECT_EQ(base::to_text(event.stale), "2020-08-25T06:50:00.000Z");
  EXPECT_THAT(event.detail, HasSubstr(R"(callsign="A &lt;1&gt;" type="b-m-p-w" point="36.9,42.1")"));
  EXPECT_THAT(event.detail, HasSubstr(R"(party="red" view="corridor" half_width_m="50.0" earliest="2020-08-25T06:10:00.000Z")"));
  EXPECT_THAT(event.detail,
              HasSubstr(R"(<passage point="36.8,42.2" earliest="2020-08-25T06:40:00.000Z" latest="2020-08-25T06:50:00.000Z"/>)"));
  expect_sound(event);
}

TEST(TakOut, DrawsAreas) {
  const char* window =
      R"("subject":"activity","earliest":"2020-08-25T06:10:00Z","latest":"2020-08-25T06:20:00Z","half_width_m":0)";
  const CotEvent circle = corridor_event(
      notified(R"({"type":"Point","coordinates":[42.1,36.9]})", (std::string(R"("radius_m":250,)") + window).c_str()), kNow);
  EXPECT_EQ(circle.type, "u-d-c-c");
  EXPECT_EQ(circle.place, (geo::Place{421'000'000, 369'000'000}));
  EXPECT_THAT(circle.detail, HasSubstr(R"(<ellipse major="250.0" minor="250.0" angle="360"/>)"));
  expect_sound(circle);
  const CotEvent ring = corridor_event(
      notified(R"({"type":"Polygon","coordinates":[[[42.1,36.9],[42.2,36.9],[42.2,37.0],[42.1,36.9]]]})", window), kNow);
  EXPECT_EQ(ring.type, "u-d-f");
  EXPECT_THAT(ring.detail, HasSubstr(R"(<link point="36.9,42.2"/><link point="37.0,42.2"/><link point="36.9,42.1"/>)"));
  expect_sound(ring);
}

TEST(TakOut, ACoarseConflictSaysItsCellAndNoMore) {
  model::ConflictFound found;
  found.a = "MV-7Q4M-K2";
  found.agreement = "AG-1E0S-AN";
  found.clause = "4.1";
  found.other_party = "red";
  found.what = model::CoarseConflict{{420'000'000, 369'000'000}, 1'000'000, {kNow, kNow + Millis::from_seconds(3600)}};
  const CotEvent event = conflict_event(found, EntryIndex{40}, kNow);
  EXPECT_EQ(event.type, "u-d-f");
  EXPECT_THAT(
      event.detail,
      HasSubstr(
          R"(<link point="36.9,42.0"/><link point="36.9,42.1"/><link point="37.0,42.1"/><link point="37.0,42.0"/><link point="36.9,42.0"/>)"));
  EXPECT_THAT(event.detail, HasSubstr("somewhere in this cell (AG-1E0S-AN, 4.1)"));
  expect_sound(event);
  geo::Meeting meeting;
  meeting.place = {421'000'000, 369'500'000};
  meeting.least_possible_m = 211.7;
  meeting.window = {kNow, kNow + Millis::from_seconds(600)};
  found.what = model::ExactConflict{meeting};
  found.separation = Metres::from_metres(500);
  const CotEvent exact = conflict_event(found, EntryIndex{40}, kNow);
  EXPECT_EQ(exact.type, "b-m-p-s-m");
  EXPECT_EQ(exact.place, meeting.place);
  EXPECT_THAT(exact.detail, HasSubstr("red comes within 212 m where 500 m are owed"));
  expect_sound(exact);
}

TEST(TakOut, WarnsOnTheMapAndInWords) {
  model::AlertRaised alert;
  alert.grade = model::AlertGrade::warning;
  alert.unit = "LEAD \"1\"";
  alert.other_party = "red";
  alert.now = Metres::from_metres(300);
  alert.least = Metres::from_metres(100);
  alert.in = Millis::from_seconds(20);
  EXPECT_EQ(to_sentence(alert), "Warning: LEAD \"1\" and red are 300 m apart; going straight on, 100 m in 20 s.");
  const auto events = alert_events(alert, EntryIndex{51}, geo::Place{421'000'000, 369'000'000}, kNow);
  ASSERT_THAT(events, SizeIs(2));
  EXPECT_EQ(events[0].type, "b-m-p-s-m");
  EXPECT_EQ(events[0].uid, "wideberth-alert-51");
  EXPECT_EQ(events[1].type, "b-t-f");
  EXPECT_THAT(events[1].detail, HasSubstr("Warning: LEAD &quot;1&quot; and red are 300 m apart"));
  EXPECT_THAT(events[1].detail, HasSubstr(R"(chatroom="All Chat Rooms")"));
  for (const CotEvent& event : events) expect_sound(event);
  EXPECT_THAT(alert_events(alert, EntryIndex{51}, {}, kNow), SizeIs(1));
  alert.other_unit = "r-7";
  alert.in = Millis{};
  EXPECT_EQ(to_sentence(alert), "Warning: LEAD \"1\" and red (r-7) are 300 m apart.");
  const CotEvent over = alert_over_event({model::AlertEnd::eased, kNow}, EntryIndex{51}, kNow);
  EXPECT_THAT(over.detail, HasSubstr("(eased)"));
  expect_sound(over);
}

TEST(TakOut, AnEncounterSaysWhatItsEntrySaysAndNoMore) {
  model::EncounterOpened opened{"AG-1E0S-AN", "9.1", "LEAD 1", 3, "red", "", kNow, Metres::from_metres(500)};
  const auto events = encounter_events(opened, EntryIndex{60}, geo::Place{421'000'000, 369'000'000}, kNow);
  ASSERT_THAT(events, SizeIs(2));
  EXPECT_EQ(events[0].uid, "wideberth-encounter-60");
  EXPECT_THAT(events[1].detail, HasSubstr("Encounter: LEAD 1 and red within 500 m"));
  for (const CotEvent& event : events) expect_sound(event);
  EXPECT_THAT(encounter_events(opened, EntryIndex{60}, {}, kNow), SizeIs(1));
  opened.other_unit = "r-7";
  EXPECT_THAT(encounter_events(opened, EntryIndex{60}, {}, kNow)[0].detail, HasSubstr("red (r-7)"));

  model::EncounterClosed closed;
  closed.when = {kNow, kNow};
  model::ConductCandidate candidate;
  candidate.conduct = "tailing";
  candidate.by = {{"red", ""}};
  candidate.upon = {"blue", "LEAD 1"};
  candidate.when = closed.when;
  closed.candidates = {candidate};
  closed.candidates_found = 1;
  const CotEvent over = encounter_over_event(closed, EntryIndex{60}, kNow);
  EXPECT_THAT(over.detail, HasSubstr("Candidate: tailing by a unit of red&apos;s upon LEAD 1"));
  expect_sound(over);
}

TEST(TakOut, AUnitThatStraysIsAMessage) {
  model::ConformanceChanged changed{"AG-1E0S-AN", "blue", "LEAD 1", "", "", kNow, {}};
  changed.what = model::KeepingChanged{model::Keeping::unwatched, model::Keeping::unnotified, {}, {}, {}, {}};
  const CotEvent event = conformance_event(changed, EntryIndex{61}, kNow);
  EXPECT_EQ(event.type, "b-t-f");
  EXPECT_THAT(event.detail, HasSubstr("LEAD 1 is unnotified."));
  expect_sound(event);
}

TEST(TakOut, TheOutboxGivesTheLatestOnceAndTakesAway) {
  Outbox outbox;
  CotEvent one = delete_event("one", "x", kNow);
  one.uid = "one";
  one.type = "b-m-r";
  outbox.put(one);
  std::uint64_t device = 0, late = 0;
  EXPECT_THAT(outbox.after(device, kNow), SizeIs(1));
  EXPECT_THAT(outbox.after(device, kNow), IsEmpty());
  one.how = "h-e";
  outbox.put(one);
  ASSERT_THAT(outbox.after(device, kNow), SizeIs(1));
  EXPECT_THAT(outbox.after(late, kNow), SizeIs(1));  // of two, the latest
  outbox.drop("one", kNow);
  outbox.drop("none", kNow);
  const auto gone = outbox.after(device, kNow);
  ASSERT_THAT(gone, SizeIs(1));
  EXPECT_EQ(gone[0].type, "t-x-d-d");
  EXPECT_THAT(gone[0].detail, HasSubstr(R"(<link uid="one" relation="none" type="b-m-r"/><__forcedelete/>)"));
  late = 0;
  EXPECT_THAT(outbox.after(late, kNow + Millis::from_seconds(61)), IsEmpty());  // stale
}

}  // namespace
}  // namespace wideberth::feeds
