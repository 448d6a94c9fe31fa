#include "model/alerts.h"

#include <gtest/gtest.h>

#include "model/testing.h"

namespace wideberth::model {
namespace {

AlertRaised some_alert() {
  AlertRaised alert;
  alert.grade = AlertGrade::warning;
  alert.agreement = "AG-1E0S-AN";
  alert.clause = "9.1";
  alert.unit = "patrol 1";
  alert.fix = 17;
  alert.other_party = "red";
  alert.other_unit = "r-7";
  alert.at = Instant::from_ms(1'598'338'692'417);
  alert.now = Metres::from_mm(212'400);
  alert.least = Metres::from_mm(18'020);
  alert.in = Millis::from_ms(14'500);
  return alert;
}

TEST(Alerts, ReadBackWhatTheyWrote) {
  EXPECT_EQ(*parse_alert_raised(to_json(some_alert())), some_alert());
  AlertRaised again = some_alert();
  again.continues = EntryIndex{41};
  EXPECT_EQ(*parse_alert_raised(to_json(again)), again);
  const AlertClosed closed{AlertEnd::lost, Instant::from_ms(5)};
  EXPECT_EQ(*parse_alert_closed(to_json(closed)), closed);
  const AlertAcknowledged acknowledged{"A", "B"};
  EXPECT_EQ(*parse_alert_acknowledged(to_json(acknowledged)), acknowledged);
  const AlertSnoozed snoozed{"A", "the bridge", Instant::from_ms(1'598'338'692'000)};
  EXPECT_EQ(*parse_alert_snoozed(to_json(snoozed)), snoozed);
}

TEST(Alerts, WhatIsNoneIsRefused) {
  const std::string good = to_json(some_alert());
  const std::pair<std::string, const char*> rows[] = {
      {testing::with(good, "warning", "danger"), "json_choice at /grade"},
      {testing::with(good, "AG-1E0S-AN", "AG"), "id_malformed at /agreement"},
      {testing::with(good, "patrol 1", "patrol "), "position_unit at /unit"},
      {testing::with(good, ":17,", ":10000,"), "json_range at /fix"},
      {testing::with(good, "18.02", "-1"), "json_range at /least_m"},
      {testing::with(good, "\"in_s\"", "\"in\""), "json_member_unknown at /in"},
      {testing::with(good, "}", ",\"continues\":-1}"), "json_range at /continues"},
  };
  for (const auto& [text, expected] : rows) EXPECT_EQ(testing::outcome(parse_alert_raised(text)), expected) << text;
}

TEST(Alerts, ACoarseOneTellsNoUnitAndRoundsUp) {
  const AlertRaised coarse = coarsened(some_alert());
  EXPECT_EQ(coarse.other_unit, "");
  EXPECT_EQ(coarse.now, Metres::from_metres(300));
  EXPECT_EQ(coarse.least, Metres::from_metres(100));
  EXPECT_EQ(coarse.in, Millis::from_seconds(20));
  EXPECT_EQ(coarse.unit, "patrol 1") << "its reader's own";
  EXPECT_EQ(coarsened(coarse), coarse);
  EXPECT_EQ(to_json(coarse).find("other_unit"), std::string::npos);
  EXPECT_EQ(*parse_alert_raised(to_json(coarse)), coarse);
}

}  // namespace
}  // namespace wideberth::model
