// What is read of acts on paper and of presence. All data is invented.
#include "model/paper.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/id.h"
#include "model/agreement.h"
#include "model/presence.h"
#include "model/testing.h"

namespace wideberth::model {
namespace {

template <class Parsed>
std::string refused_with(const Parsed& parsed) {
  return parsed ? "accepted" : std::string(base::code_of(parsed.error().rule)) + " " + parsed.error().where;
}

TEST(Paper, EveryRefusalHasItsRule) {
  const std::pair<const char*, const char*> rows[] = {
      {R"({"how":"telephone","by":"Maj. A."})", "accepted"},
      {R"({"how":"in person","by":"Maj. A.","post":"Desk","reference":"Form 12"})", "accepted"},
      {R"({"how":"by hand","by":"Maj. A."})", "json_choice /how"},
      {R"({"how":"form"})", "json_member_missing /by"},
      {R"({"how":"form","by":""})", "json_length /by"},
      {R"({"how":"form","by":"A","at":"2020-08-25T06:40:00Z"})", "json_member_unknown /at"},
      {R"([])", "json_kind "},
  };
  for (const auto& [text, want] : rows) EXPECT_EQ(refused_with(parse_on_paper(text)), want) << text;
  EXPECT_EQ(refused_with(parse_paper_disputed(R"({"person":"A"})")), "json_member_missing /reason");
  EXPECT_EQ(refused_with(parse_paper_confirmed(R"({"person":"A","reason":"no"})")), "json_member_unknown /reason");
}

RC_GTEST_PROP(PaperLaws, WhatIsWrittenIsReadBack, ()) {
  OnPaper said;
  said.how = static_cast<PaperMeans>(*rc::gen::inRange(0, 5));
  said.by = "A" + *rc::gen::container<std::string>(rc::gen::inRange('a', 'z'));
  said.by.resize(std::min<std::size_t>(said.by.size(), kMostLabel));
  said.reference = *rc::gen::element<std::string>("", "Form 12", "Book 3, page 4");
  const auto again = parse_on_paper(to_json(said));
  RC_ASSERT(again && *again == said && to_json(*again) == to_json(said));
  RC_ASSERT(paper_means_named(name_of(said.how)) == said.how);
}

TEST(Paper, SignaturesReceiptsCallsAndPositionsAreNotOnPaper) {
  for (const EntryKind kind :
       {EntryKind::key_added, EntryKind::agreement_signed, EntryKind::notification_received, EntryKind::call_logged,
        EntryKind::statement_relayed, EntryKind::positions_reported, EntryKind::paper_confirmed, EntryKind::deadline_missed})
    EXPECT_FALSE(may_be_on_paper(kind)) << name_of(kind);
  for (const EntryKind kind : {EntryKind::notification_filed, EntryKind::notification_amended, EntryKind::notification_withdrawn,
                               EntryKind::notification_acknowledged, EntryKind::notification_outcome,
                               EntryKind::hotline_checked_in, EntryKind::sighting_reported, EntryKind::sighting_answered})
    EXPECT_TRUE(may_be_on_paper(kind)) << name_of(kind);
}

std::string with_presence(const std::string& rule) {
  std::string text = testing::data_file("agreement-dayrik-invented.json");
  const std::string at = "\"rules\": [";
  text.insert(text.find(at) + at.size(), rule + ",");
  return text;
}
std::string presence_text(const std::string& classes, const std::string& area = "essa", const std::string& party = "red") {
  return R"({"clause":"5.4","text":"Red has no more than this in the eastern area.","kind":"presence","party":")" + party +
         R"(","area":")" + area + R"(","classes":[)" + classes + R"(],"notice_s":86400})";
}

TEST(Presence, ARuleIsReadWrittenBackAndNamesWhatTheAgreementHas) {
  const auto agreement =
      parse_agreement(with_presence(presence_text(R"({"platform_class":"vehicle","called":["truck","BTR"],"most":12})")));
  ASSERT_TRUE(agreement) << base::to_text(agreement.error());
  const auto& rule = std::get<PresenceRule>(agreement->rules.front().body);
  EXPECT_EQ(rule.classes, (std::vector<PresenceClass>{{"vehicle", {"truck", "BTR"}, 12}}));
  EXPECT_EQ(rule.notice, Millis::from_seconds(86'400));
  EXPECT_EQ(*parse_agreement(to_json(*agreement)), *agreement);
  EXPECT_TRUE(parse_agreement(with_presence(presence_text("")))) << "a party may have nothing there";
  const std::pair<std::string, const char*> rows[] = {
      {presence_text("", "moon"), "agreement_names_unknown /rules/0"},
      {presence_text("", "essa", "green"), "agreement_names_unknown /rules/0"},
      {presence_text(R"({"platform_class":"boat","most":1})"), "agreement_names_unknown /rules/0"},
      {presence_text(R"({"platform_class":"drone","most":-1})"), "json_range /rules/0/classes/0/most"},
      {presence_text(R"({"platform_class":"drone","called":["Truck","truck"],"most":1})"),
       "name_twice /rules/0/classes/0/called/1"},
      {presence_text(R"({"platform_class":"drone","most":1},{"platform_class":"drone","most":2})"),
       "name_twice /rules/0/classes/1"},
      {presence_text(R"({"platform_class":"drone","least":1,"most":2})"), "json_member_unknown /rules/0/classes/0/least"},
  };
  for (const auto& [text, want] : rows) EXPECT_EQ(refused_with(parse_agreement(with_presence(text))), want) << text;
}

TEST(Presence, ListsAndFindingsAreReadBackToTheByte) {
  PresenceStated stated{"5.4", {{"vehicle", {"truck"}, 3}}, Instant::from_ms(1'598'400'000'000), "Relief."};
  EXPECT_EQ(*parse_presence_stated(to_json(stated)), stated);
  stated.effect.reset();
  stated.classes.clear();
  EXPECT_EQ(*parse_presence_stated(to_json(stated)), stated);
  EXPECT_EQ(refused_with(parse_presence_stated(R"({"clause":"5.4","classes":[],"reason":""})")), "json_length /reason");
  std::string many = R"({"clause":"5.4","reason":"x","classes":[)";
  for (int i = 0; i < 65; ++i)
    many += std::string(i == 0 ? "" : ",") + R"({"platform_class":"c)" + std::to_string(i) + R"(","most":1})";
  EXPECT_EQ(refused_with(parse_presence_stated(many + "]}")), "json_length /classes");

  SightingDiffers found;
  found.sighting = base::id_of(base::IdKind::sighting, EntryIndex{40});
  found.seen_by = "blue";
  found.seen = 9;
  found.seen_type = "truck";
  found.stated_by = "red";
  found.stated = 6;
  found.stated_types = {"vehicle", "truck"};
  found.count_differs = true;
  found.agreement = base::id_of(base::IdKind::agreement, EntryIndex{9});
  found.clause = "5.1";
  found.movement = base::id_of(base::IdKind::movement, EntryIndex{30});
  found.revision = EntryIndex{30};
  EXPECT_EQ(*parse_sighting_differs(to_json(found)), found);
  found.against = StatedIn::presence;
  found.movement.clear();
  found.revision.reset();
  found.area = "essa";
  found.stated_entry = EntryIndex{33};
  EXPECT_EQ(*parse_sighting_differs(to_json(found)), found);
}

}  // namespace
}  // namespace wideberth::model
