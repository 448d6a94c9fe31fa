// Acts about an agreement in force and what the server finds of them: round trips, and what is refused where.
#include <gtest/gtest.h>

#include "model/findings.h"
#include "model/pact.h"
#include "model/pact_findings.h"
#include "model/testing.h"

namespace wideberth::model {
namespace {

using testing::outcome;

const Instant kAt = Instant::from_ms(1'598'300'000'000);

TEST(Pact, ActsAreWrittenAndReadBack) {
  const AgreementWithdrawn now{"No more.", {}}, later{"No more.\nAt all.", kAt};
  EXPECT_EQ(parse_agreement_withdrawn(to_json(now)).value(), now);
  EXPECT_EQ(parse_agreement_withdrawn(to_json(later)).value(), later);
  const CautionSaid said{"5.3", "Maj. A."};
  EXPECT_EQ(parse_caution_said(to_json(said)).value(), said);
  const ConsultationHeld held{kAt, {"Col. B.", "Col. V."}, "Minutes 12"};
  EXPECT_EQ(parse_consultation_held(to_json(held)).value(), held);
  const IncidentReported report{kAt, "They touched.", "Maj. A.", ""};
  EXPECT_EQ(parse_incident_reported(to_json(report)).value(), report);
}

TEST(Pact, ActsAreStrict) {
  EXPECT_EQ(outcome(parse_agreement_withdrawn(R"({"reason":" "})")), "json_length at /reason");
  EXPECT_EQ(outcome(parse_agreement_withdrawn(R"({"reason":"x","effect":"soon"})")), "time_malformed at /effect");
  EXPECT_EQ(outcome(parse_agreement_withdrawn(R"({"reason":"x","because":1})")), "json_member_unknown at /because");
  EXPECT_EQ(outcome(parse_caution_said(R"({"clause":"5.3"})")), "json_member_missing at /person");
  EXPECT_EQ(outcome(parse_consultation_held(R"({"held":"2020-08-24T09:00:00Z","participants":[]})")),
            "json_length at /participants");
  std::string many = R"({"held":"2020-08-24T09:00:00Z","participants":["x")";
  for (std::size_t i = 1; i < kMostParticipants; ++i) many += R"(,"x")";
  EXPECT_EQ(outcome(parse_consultation_held(many + "]}")), "accepted");
  EXPECT_EQ(outcome(parse_consultation_held(many + R"(,"x"]})")), "json_length at /participants");
  EXPECT_EQ(outcome(parse_incident_reported(R"({"occurred":"2020-08-24T09:00:00Z","person":"A"})")),
            "json_member_missing at /summary");
}

RuleTouched touched(TouchedRule rule) {
  RuleTouched found;
  found.rule = rule;
  found.movement = "MV-GD4Z-4F";
  found.revision = EntryIndex{812};
  found.agreement = "AG-1E0S-AN";
  found.version = 3;
  found.clause = "5.2";
  if (rule != TouchedRule::composition_tolerance) found.area = "essa";
  return found;
}

TEST(Pact, FindingsAreWrittenAndReadBack) {
  RuleTouched exclusion = touched(TouchedRule::exclusion);
  exclusion.platform_class = "*";
  exclusion.notice_short = true;
  exclusion.what = ExactTouch{{kAt, kAt + Millis::from_seconds(60)}, {421400000, 371770000}};
  Under text, reading;
  text.of = "text";
  text.touched = true;
  reading.of = "blue";
  reading.reading = EntryIndex{15};
  reading.touched = false;
  exclusion.under = {text, reading};
  EXPECT_EQ(parse_rule_touched(to_json(exclusion)).value(), exclusion);
  RuleTouched caution = touched(TouchedRule::special_caution_area);
  caution.measures = "Walking pace.";
  caution.what = CoarseConflict{{421000000, 371000000}, 1'000'000, {kAt, kAt + Millis::from_seconds(3600)}};
  EXPECT_EQ(parse_rule_touched(to_json(caution)).value(), caution);
  RuleTouched composition = touched(TouchedRule::composition_tolerance);
  composition.notified = {4, std::nullopt};
  composition.counted = {6, 12};
  EXPECT_EQ(parse_rule_touched(to_json(composition)).value(), composition);

  ReadingDiffers differs;
  differs.about = DiffersAbout::regime;
  differs.movement = "MV-GD4Z-4F";
  differs.agreement = "AG-1E0S-AN";
  differs.clause = "2.2";
  differs.area = "essa";
  text = Under{};
  text.of = "text";
  text.regime = Regime::request;
  differs.under = {text};
  EXPECT_EQ(parse_reading_differs(to_json(differs)).value(), differs);
  differs.about = DiffersAbout::separation;
  differs.area.clear();
  differs.other = "MV-7VPX-1A";
  differs.other_revision = EntryIndex{7};
  differs.under[0].regime.reset();
  differs.under[0].separation = Metres::from_metres(500);
  differs.under[0].governs = "AG-1E0S-AN";
  EXPECT_EQ(parse_reading_differs(to_json(differs)).value(), differs);

  const SenderWarned warned{"AG-1E0S-AN", "red", kAt, {"MV-GD4Z-4F"}};
  EXPECT_EQ(parse_sender_warned(to_json(warned)).value(), warned);
  const AgreementLeft left{"AG-1E0S-AN", "red", kAt};
  EXPECT_EQ(parse_agreement_left(to_json(left)).value(), left);
}

TEST(Pact, AReadingSaysWhatItComesToInOneOfFourWays) {
  for (const char* means : {R"({"separation_m":500})", R"({"area":"essa","regime":"notify"})", R"({"governs":"AG-1E0S-AN"})",
                            R"({"rings":[[[41.8,37],[42.4,37],[42.4,37.3],[41.8,37]]]})"}) {
    const auto read =
        parse_agreement_reading(R"({"clause":"3.1","reading":"x","reservation":false,"means":)" + std::string(means) + "}");
    ASSERT_TRUE(read) << means;
    EXPECT_EQ(parse_agreement_reading(to_json(*read)).value(), *read) << means;
  }
  const auto refused = [](const std::string& means) {
    return outcome(parse_agreement_reading(R"({"clause":"3.1","reading":"x","reservation":false,"means":)" + means + "}"));
  };
  EXPECT_EQ(refused(R"({"separation_m":500,"area":"essa"})"), "json_member_unknown at /means/area");
  EXPECT_EQ(refused(R"({"separation_m":-1})"), "json_range at /means/separation_m");
  EXPECT_EQ(refused(R"({})"), "json_member_missing at /means/area");
  EXPECT_EQ(refused(R"({"area":"essa","regime":"permit"})"), "json_choice at /means/regime");
}

TEST(Pact, ADeadlineUnderAnAgreementAloneNamesNoNotification) {
  Deadline deadline;
  deadline.kind = DeadlineKind::consultation;
  deadline.party = "red";
  deadline.revision = EntryIndex{7};
  deadline.due = kAt;
  deadline.clause = "7.4";
  deadline.agreement = "AG-1E0S-AN";
  const std::string json = to_json(DeadlineMissed{deadline});
  EXPECT_EQ(json.find("notification"), std::string::npos);
  EXPECT_EQ(parse_deadline_missed(json).value().deadline, deadline);
  EXPECT_EQ(outcome(parse_deadline_missed(testing::with(json, "consultation", "acknowledge"))),
            "json_member_missing at /notification");
}

}  // namespace
}  // namespace wideberth::model
