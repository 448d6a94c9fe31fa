#include "model/conflict.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>

#include "base/id.h"
#include "geo/text.h"
#include "json/reader.h"
#include "model/notification.h"
#include "model/testing.h"

namespace wideberth::model {
namespace {

using testing::outcome;
using testing::with;

const std::string kOurs = base::id_of(base::IdKind::movement, EntryIndex{812});
const std::string kTheirs = base::id_of(base::IdKind::movement, EntryIndex{815});
const std::string kUnder = base::id_of(base::IdKind::agreement, EntryIndex{5});

geo::Meeting a_meeting() {
  geo::Meeting meeting;
  meeting.kind = geo::Likeness::on_schedule;
  meeting.least_m = 12.3456789;
  meeting.least_possible_m = 0.0004;
  meeting.window = {Instant::from_ms(1'598'338'000'001), Instant::from_ms(1'598'338'600'000)};
  meeting.place = {421'400'000, 371'770'000};
  meeting.delay_set = {{Millis::from_ms(-720'001), Millis::from_ms(540'000)},
                       {Millis::from_ms(600'000), Millis::from_ms(600'500)}};
  meeting.likelihood = 0.123456789;
  meeting.clear_later = Millis::from_seconds(720);
  meeting.clear_earlier = Millis::from_seconds(3 * 3600 + 5 * 60 + 9);
  return meeting;
}

TEST(Conflict, OneElementOfTheAnswerOfCheck) {
  EXPECT_EQ(conflict_to_json("a", "b", a_meeting()),
            R"({"a":"a","b":"b","kind":"on schedule","least_m":12.345,"least_possible_m":0,)"
            R"("window":["2020-08-25T06:46:40.001Z","2020-08-25T06:56:40Z"],"place":[42.14,37.177],"mgrs":")" +
                geo::to_mgrs({421'400'000, 371'770'000}, 5) +
                R"(","delay_set_s":[[-720.001,540],[600,600.5]],"likelihood":0.123457,)"
                R"("clear_shift_s":{"later":720,"earlier":11109,"b_later":null,"b_earlier":null},)"
                R"("advice":"clear if a leaves 12 min later, or 3 h 5 min 9 s earlier; nothing is said of other movements"})");
}

TEST(Conflict, AdviceSaysOnlyWhatTheNumbersSay) {
  geo::Meeting meeting = a_meeting();
  meeting.clear_later = std::nullopt;
  EXPECT_EQ(advice_of("a", "b", meeting), "clear if a leaves 3 h 5 min 9 s earlier; nothing is said of other movements");
  meeting.clear_earlier = std::nullopt;
  meeting.b_clear_later = Millis::from_seconds(90'000);
  EXPECT_EQ(advice_of("a", "b", meeting), "clear if b leaves 1 d 1 h later; nothing is said of other movements");
  EXPECT_EQ(advice_of("a", "ST-7Z1H-7T", meeting),
            "clear if ST-7Z1H-7T begins 1 d 1 h later; nothing is said of other movements");
  meeting.b_clear_later = std::nullopt;
  EXPECT_EQ(advice_of("a", "b", meeting), "no shift of either alone clears this pair; nothing is said of other movements");
}

TEST(Conflict, NeverSharingATimeOnScheduleIsNull) {
  geo::Meeting meeting = a_meeting();
  meeting.least_m = std::nullopt;
  EXPECT_NE(conflict_to_json("a", "b", meeting).find("\"least_m\":null"), std::string::npos);
}

ConflictFound a_finding() {
  return {kOurs,
          kTheirs,
          EntryIndex{812},
          EntryIndex{815},
          kUnder,
          "3.1",
          Metres::from_metres(1000),
          "red",
          ExactConflict{a_meeting()}};
}

TEST(Conflict, FindingsAreReadAndWrittenBack) {
  const std::string exact = to_json(a_finding());
  const auto found = parse_conflict_found(exact);
  ASSERT_TRUE(found) << base::to_text(found.error());
  EXPECT_EQ(to_json(*found), exact);
  EXPECT_EQ(found->b_revision, EntryIndex{815});
  const auto& meeting = std::get<ExactConflict>(found->what).meeting;
  EXPECT_EQ(meeting.delay_set, a_meeting().delay_set);
  EXPECT_EQ(meeting.clear_later, a_meeting().clear_later);
  EXPECT_EQ(meeting.window, a_meeting().window);
  EXPECT_EQ(meeting.least_m, 12.345);

  ConflictFound coarse = a_finding();
  coarse.b = "";
  coarse.what = CoarseConflict{{421'000'000, 371'000'000}, 1'000'000, {Instant::from_ms(0), Instant::from_ms(3'600'000)}};
  const std::string text = to_json(coarse);
  EXPECT_EQ(text.find("least"), std::string::npos);
  EXPECT_EQ(text.find("b_revision"), std::string::npos);
  const auto again = parse_conflict_found(text);
  ASSERT_TRUE(again) << base::to_text(again.error());
  EXPECT_EQ(to_json(*again), text);
  EXPECT_EQ(std::get<CoarseConflict>(again->what), std::get<CoarseConflict>(coarse.what));
}

TEST(Conflict, Refusals) {
  const std::string good = to_json(a_finding());
  EXPECT_EQ(outcome(parse_conflict_found(with(good, "on schedule", "sure"))), "json_choice at /kind");
  EXPECT_EQ(outcome(parse_conflict_found(with(good, "\"a\":\"MV", "\"a\":\"mv"))), "id_malformed at /a");
  EXPECT_EQ(outcome(parse_conflict_found(with(good, "\"kind\"", "\"cell\":[42,37],\"kind\""))), "json_member_unknown at /kind");
  EXPECT_EQ(outcome(parse_conflict_found(with(good, "[600,600.5]", "[500,600.5]"))), "span_backwards at /delay_set_s/1");
  EXPECT_EQ(outcome(parse_conflict_found(with(good, "\"likelihood\":0.123457", "\"likelihood\":1.1"))),
            "json_range at /likelihood");
}

ClearAll read_clear_all(const std::string& text) {
  const auto tree = json::parse(text).value();
  return parse_clear_all(json::Reader(tree)).value();
}
std::string written(const ClearAll& all) {
  json::Writer writer;
  write_clear_all(writer, all);
  return writer.take();
}

TEST(Conflict, WhatClearsAllSaysHowManyAndHowSurely) {
  ClearAll all{.movement = kOurs, .conflicts = 3, .later = Millis::from_seconds(1'740), .earlier = Millis::from_seconds(600)};
  EXPECT_EQ(written(all), R"({"movement":")" + kOurs +
                              R"(","conflicts":3,"left_out":0,"coarse":false,"clear_shift_s":{"later":1740,"earlier":600},)"
                              R"("advice":"all 3 conflicts clear if )" +
                              kOurs + R"( leaves 29 min later, or 10 min earlier; nothing is said of other movements"})");
  EXPECT_EQ(read_clear_all(written(all)), all);
  all.conflicts = 2;
  all.left_out = 1;
  all.coarse = true;
  EXPECT_EQ(advice_of(all), "its one conflict clears if " + kOurs +
                                " leaves 29 min later, or 10 min earlier, as far as the disclosed cells and slots tell; 1 more "
                                "cannot be computed with; nothing is said of other movements");
  EXPECT_EQ(read_clear_all(written(all)), all);
  const ClearAll none{.movement = kOurs, .conflicts = 1, .left_out = 1};
  EXPECT_EQ(advice_of(none),
            "no shift of " + kOurs + " can be computed from what is disclosed; nothing is said of other movements");
  EXPECT_EQ(read_clear_all(written(none)), none);
  const auto strange = json::parse(with(written(all), "\"left_out\":1", "\"left_out\":3")).value();
  EXPECT_EQ(outcome(parse_clear_all(json::Reader(strange))), "json_range at /left_out");
}

RC_GTEST_PROP(ConflictLaws, WhatIsWrittenIsNeverFartherAndByLessThanAMillimetre, ()) {
  geo::Meeting meeting = a_meeting();
  meeting.least_possible_m = static_cast<double>(*rc::gen::inRange<std::int64_t>(0, std::int64_t{1} << 53)) / 1e9;
  if (*rc::gen::arbitrary<bool>()) meeting.least_possible_m = *rc::gen::inRange(0, 100'000'000) / 1000.0;
  ConflictFound finding = a_finding();
  finding.what = ExactConflict{meeting};
  const auto text = to_json(finding);
  const auto found = parse_conflict_found(text).value();
  const double written = std::get<ExactConflict>(found.what).meeting.least_possible_m;
  RC_ASSERT(written <= meeting.least_possible_m);
  RC_ASSERT(meeting.least_possible_m - written < 0.0010001);
  RC_ASSERT(to_json(found) == text);
}

}  // namespace
}  // namespace wideberth::model
