#include "model/agreement.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "json/value.h"
#include "json/writer.h"
#include "model/rules_text.h"
#include "model/testing.h"

namespace wideberth::model {
namespace {

using testing::outcome;
using testing::with;

const std::string& agreement_text() {
  static const std::string text = testing::data_file("agreement-dayrik-invented.json");
  return text;
}

TEST(Agreement, TheInventedOneIsReadAndWrittenBack) {
  const auto agreement = parse_agreement(agreement_text());
  ASSERT_TRUE(agreement) << base::to_text(agreement.error());
  EXPECT_EQ(agreement->parties.size(), 3U);
  EXPECT_EQ(agreement->areas.at(0).regime, Regime::request);
  EXPECT_EQ(agreement->areas.at(1).regime, Regime::notify);
  const auto again = parse_agreement(to_json(*agreement));
  ASSERT_TRUE(again) << base::to_text(again.error());
  EXPECT_EQ(*again, *agreement);
  EXPECT_EQ(to_json(*again), to_json(*agreement));
}

TEST(Agreement, ItHoldsEveryKindOfRule) {
  const auto agreement = parse_agreement(agreement_text());
  ASSERT_TRUE(agreement);
  std::vector<bool> seen(std::variant_size_v<RuleBody>);
  for (const auto& rule : agreement->rules) seen[rule.body.index()] = true;
  // The positions and presence rules came after the record that this text is part of (tests/determinism); tests beside it read
  // them.
  for (std::size_t i = 0; i < seen.size(); ++i)
    EXPECT_TRUE(seen[i] || kRuleKindNames[i] == "positions" || kRuleKindNames[i] == "presence") << kRuleKindNames[i];
}

TEST(Agreement, PositionsAreForNobodyUnlessARuleSaysMore) {
  const auto with_rules = [](const std::string& rules) { return with(agreement_text(), "\"rules\": [", "\"rules\": [" + rules); };
  const auto rule = [](const char* clause, const char* from, const char* to, const char* use) {
    return std::string(R"({"clause":")") + clause + R"(","text":"Invented.","kind":"positions","from":")" + from + R"(","to":")" +
           to + R"(","use":")" + use + "\"},";
  };
  const auto silent = parse_agreement(agreement_text());
  EXPECT_EQ(silent->positions("blue", "red").use, PositionUse::nothing);
  EXPECT_EQ(silent->positions("blue", "observer").use, PositionUse::nothing);
  EXPECT_EQ(silent->positions("blue", "blue").use, PositionUse::tracks);

  const auto agreement = parse_agreement(with_rules(rule("9.1", "*", "*", "warnings") + rule("9.2", "*", "observer", "nothing") +
                                                    rule("9.3", "blue", "*", "tracks") + rule("9.4", "red", "blue", "nothing")));
  ASSERT_TRUE(agreement) << base::to_text(agreement.error());
  EXPECT_EQ(*parse_agreement(to_json(*agreement)), *agreement);
  EXPECT_EQ(agreement->positions("blue", "red").use, PositionUse::tracks);
  EXPECT_EQ(agreement->positions("blue", "red").clause, "9.3");
  EXPECT_EQ(agreement->positions("blue", "observer").clause, "9.3");
  EXPECT_EQ(agreement->positions("red", "observer").use, PositionUse::nothing);
  EXPECT_EQ(agreement->positions("red", "blue").clause, "9.4");

  EXPECT_EQ(testing::outcome(parse_agreement(with_rules(rule("9.1", "*", "green", "warnings")))),
            "agreement_names_unknown at /rules/0");
  EXPECT_EQ(testing::outcome(parse_agreement(with_rules(rule("9.1", "*", "red", "all")))), "json_choice at /rules/0/use");
}

TEST(Agreement, TheWordsOfRulesStandByTheirBodies) {
  EXPECT_EQ(kind_name_of(NoticeRule{}), "notice");
  EXPECT_EQ(kind_name_of(UnitInformedRule{}), "unit_informed_before");
  EXPECT_EQ(kind_name_of(SeparationRule{}), "separation");
  EXPECT_EQ(kind_name_of(DisclosureRule{}), "disclosure");
  EXPECT_EQ(kind_name_of(ProhibitedConductRule{}), "prohibited_conduct");
  EXPECT_EQ(kind_name_of(ConfidentialRule{}), "confidential");
}

TEST(Agreement, QuestionsAreAnsweredByTheMostSpecificRule) {
  const auto agreement = parse_agreement(agreement_text());
  ASSERT_TRUE(agreement);
  const auto owed = [&](std::string_view a, std::string_view b) {
    const auto found = agreement->separation(a, b);
    return found ? std::to_string(found->distance.mm() / 1000) + " m by " + found->clause : "nothing";
  };
  EXPECT_EQ(owed("vehicle", "vehicle"), "1000 m by 3.1");
  EXPECT_EQ(owed("helicopter", "vehicle"), "500 m by 3.2");
  EXPECT_EQ(owed("vehicle", "helicopter"), "500 m by 3.2");
  EXPECT_EQ(owed("drone", "drone"), "2000 m by 3.3");
  EXPECT_EQ(agreement->widest_separation(), Metres::from_metres(2000));

  EXPECT_EQ(agreement->disclosure("blue", "red").view, View::corridor);
  EXPECT_EQ(agreement->disclosure("blue", "red").clause, "4.1");
  EXPECT_EQ(agreement->disclosure("blue", "blue").view, View::full);
  EXPECT_EQ(agreement->disclosure("blue", "observer").view, View::full);
  EXPECT_EQ(agreement->disclosure("blue", "stranger").view, View::conflict_only);
  EXPECT_EQ(agreement->disclosure("blue", "stranger").clause, "");
  EXPECT_EQ(agreement->disclosure("blue", "stranger").cell_e7, 1'000'000);
  EXPECT_EQ(agreement->disclosure("blue", "stranger").slot, Millis::from_seconds(3600));

  EXPECT_EQ(agreement->notice()->body.lead, Millis::from_seconds(86'400));
  EXPECT_EQ(agreement->notice()->clause, "2.1");
  EXPECT_EQ(agreement->answer_within()->body.amendment_within, Millis::from_seconds(1800));
  EXPECT_EQ(agreement->unit_informed()->body.before, Millis::from_seconds(3600));

  EXPECT_EQ(agreement->find_place("derik"), agreement->find_place("Dayrik"));
  ASSERT_NE(agreement->find_place("Dayrik"), nullptr);
  EXPECT_EQ(agreement->find_place("Damascus"), nullptr);
  EXPECT_NE(agreement->find_area("essa"), nullptr);
  EXPECT_EQ(agreement->find_party("green"), nullptr);
}

TEST(Agreement, EachDegreeOfSpecificityWinsOverTheNext) {
  Agreement agreement;
  const auto separation = [](const char* clause, const char* a, const char* b, std::int64_t m) {
    return Rule{clause, "", SeparationRule{a, b, Metres::from_metres(m)}};
  };
  agreement.rules = {separation("any", "*", "*", 9000), separation("half", "*", "ship", 10),
                     separation("pair", "ship", "boat", 5), separation("half2", "boat", "*", 20)};
  EXPECT_EQ(agreement.separation("boat", "ship")->clause, "pair");
  EXPECT_EQ(agreement.separation("ship", "car")->clause, "half");
  EXPECT_EQ(agreement.separation("boat", "boat")->clause, "half2");
  EXPECT_EQ(agreement.separation("car", "car")->clause, "any");
  agreement.rules = {separation("near", "ship", "*", 10), separation("far", "*", "boat", 20),
                     separation("far2", "boat", "*", 20)};
  EXPECT_EQ(agreement.separation("ship", "boat")->clause, "far") << "of equals the greater distance, then the earlier rule";
  EXPECT_EQ(agreement.separation("car", "car"), std::nullopt);

  const auto disclosure = [](const char* clause, const char* from, const char* to) {
    return Rule{clause, "", DisclosureRule{from, to, View::outline, kDefaultCell_e7, kDefaultSlot}};
  };
  agreement.rules = {disclosure("any", "*", "*"), disclosure("to", "*", "red"), disclosure("from", "blue", "*"),
                     disclosure("both", "blue", "red")};
  EXPECT_EQ(agreement.disclosure("blue", "red").clause, "both");
  EXPECT_EQ(agreement.disclosure("blue", "green").clause, "from");
  EXPECT_EQ(agreement.disclosure("green", "red").clause, "to");
  EXPECT_EQ(agreement.disclosure("red", "green").clause, "any");
  agreement.rules.pop_back();
  EXPECT_EQ(agreement.disclosure("blue", "red").clause, "from") << "whose plan it is comes before who reads it";
}

TEST(Agreement, EveryRefusalInTheOrderOfTheChecks) {
  struct Row {
    const char* what;
    std::string text;
    const char* wanted;
  };
  const std::string& good = agreement_text();
  const Row rows[] = {
      {"no JSON", "{", "json_malformed at line 1, column 2"},
      {"a member unknown", with(good, "\"version\": 1,", "\"version\": 1, \"notes\": 2,"), "json_member_unknown at /notes"},
      {"no name", with(good, "\"name\": \"Deconfliction protocol, north-east (invented)\",", ""), "json_member_missing at /name"},
      {"a name of spaces", with(good, "Deconfliction protocol, north-east (invented)", "  "), "json_length at /name"},
      {"version 0", with(good, "\"version\": 1,", "\"version\": 0,"), "json_range at /version"},
      {"supersedes no id", with(good, "\"version\": 1,", "\"version\": 1, \"supersedes\": \"x\","),
       "id_malformed at /supersedes"},
      {"a party in capitals", with(good, "{\"party\": \"blue\"", "{\"party\": \"Blue\""), "name_malformed at /parties/0/party"},
      {"a role unknown", with(good, "\"role\": \"observer\"", "\"role\": \"judge\""), "json_choice at /parties/2/role"},
      {"a party twice", with(good, "{\"party\": \"red\"", "{\"party\": \"blue\""), "name_twice at /parties/1"},
      {"one party", with(good, "\"party\": \"red\", \"role\": \"party\"", "\"party\": \"red\", \"role\": \"observer\""),
       "agreement_parties at /parties"},
      {"a regime unknown", with(good, "\"regime\": \"notify\"", "\"regime\": \"allow\""), "json_choice at /areas/1/regime"},
      {"a ring left open", with(good, "[41.8, 37.357], [41.8, 36.997]", "[41.8, 37.357]"), "ring_malformed at /areas/0/rings/0"},
      {"a ring too short", with(good, "[42.48, 37.357], [41.8, 37.357], [41.8, 36.997]", "[41.8, 36.997]"),
       "ring_malformed at /areas/0/rings/0"},
      {"a place out of range", with(good, "[42.48, 36.997]", "[42.48, 96.997]"), "place_out_of_range at /areas/0/rings/0/1"},
      {"a place with height", with(good, "[42.48, 36.997]", "[42.48, 36.997, 400]"),
       "feature_altitude_in_place at /areas/0/rings/0/1"},
      {"an area twice", with(good, "\"area\": \"north\"", "\"area\": \"essa\""), "name_twice at /areas/1"},
      {"a negative margin", with(good, "\"area_margin_m\": 50000", "\"area_margin_m\": -1"), "json_range at /area_margin_m"},
      {"a place known twice", with(good, "\"also\": [\"Tirbespi\"]", "\"also\": [\"Derik\"]"), "name_twice at /places/4"},
      {"a radius of 0", with(good, "\"radius_m\": 5000", "\"radius_m\": 0"), "json_range at /places/0/radius_m"},
      {"a class twice", with(good, "\"helicopter\", \"drone\"]", "\"vehicle\"]"), "name_twice at /platform_classes/1"},
      {"a rule of no kind known", with(good, "\"kind\": \"retention\"", "\"kind\": \"keeping\""),
       "json_choice at /rules/17/kind"},
      {"a member of another kind", with(good, "\"keep_s\": 63072000", "\"every_s\": 63072000"),
       "json_member_unknown at /rules/17/every_s"},
      {"a clause twice", with(good, "\"clause\": \"8.2\"", "\"clause\": \"8.1\""), "name_twice at /rules/18"},
      {"a class unnamed", with(good, "\"class_a\": \"helicopter\"", "\"class_a\": \"ship\""),
       "agreement_names_unknown at /rules/4"},
      {"a party unnamed", with(good, "\"from\": \"blue\"", "\"from\": \"green\""), "agreement_names_unknown at /rules/6"},
      {"an area unnamed", with(good, "\"area\": \"essa\", \"platform_class\"", "\"area\": \"west\", \"platform_class\""),
       "agreement_names_unknown at /rules/9"},
      {"a cell that does not divide", with(good, "\"cell_deg\": 0.1", "\"cell_deg\": 0.7"), "disclosure_grain at /rules/6"},
      {"a slot that does not divide", with(good, "\"slot_s\": 3600", "\"slot_s\": 3601"), "disclosure_grain at /rules/6"},
      {"a span backwards", with(good, "[\"2020-08-20T00:00:00Z\"", "[\"2020-09-20T00:00:00Z\""),
       "span_backwards at /rules/10/window"},
      {"no test of conduct",
       with(good, "{\"closer_than_m\": 100, \"lower_than_m\": 60, \"fix_rate_hz\": 1, \"accuracy_m\": 10}", "{}"),
       "json_length at /rules/12/test"},
      {"a check-in at 25", with(good, "\"09:00Z\"", "\"25:00Z\""), "time_malformed at /rules/13/times/0"},
      {"check-ins out of order", with(good, "\"09:00Z\"", "\"18:00Z\""), "span_backwards at /rules/13/times/1"},
  };
  for (const auto& row : rows) EXPECT_EQ(outcome(parse_agreement(row.text)), row.wanted) << row.what;
  EXPECT_EQ(outcome(parse_agreement(R"({"name": "x", "version": 1, "parties": [{"party": "a", "role": "party", "name": "A"},
      {"party": "b", "role": "party", "name": "B"}], "areas": [], "platform_classes": ["vehicle"], "rules": []})")),
            "agreement_rules_missing at /areas");
}

TEST(Agreement, SignaturesAndReadings) {
  const AgreementSigned document{base::id_of(base::IdKind::agreement, EntryIndex{7}), ledger::sha256("x")};
  EXPECT_EQ(parse_agreement_signed(to_json(document)).value(), document);
  EXPECT_EQ(outcome(parse_agreement_signed(with(to_json(document), "\"document\":\"", "\"document\":\"A"))),
            "hash_malformed at /document");
  const AgreementReading reading{"3.1", "Passing on one road is no approach.\nSelf-defence stands.", true};
  EXPECT_EQ(parse_agreement_reading(to_json(reading)).value(), reading);
  EXPECT_EQ(outcome(parse_agreement_reading(R"({"clause": "3.1", "reading": "x"})")), "json_member_missing at /reservation");
}

RC_GTEST_PROP(AgreementLaws, SeparationIsSymmetric, ()) {
  const auto any_class = [] { return rc::gen::element<std::string>("*", "car", "ship", "plane"); };
  Agreement agreement;
  const auto count = *rc::gen::inRange(0, 6);
  for (int i = 0; i < count; ++i)
    agreement.rules.push_back(
        Rule{std::to_string(i), "t", SeparationRule{*any_class(), *any_class(), Metres::from_metres(*rc::gen::inRange(0, 5))}});
  const auto a = *rc::gen::element<std::string>("car", "ship", "plane", "kite");
  const auto b = *rc::gen::element<std::string>("car", "ship", "plane", "kite");
  const auto one = agreement.separation(a, b);
  const auto other = agreement.separation(b, a);
  RC_ASSERT(one.has_value() == other.has_value());
  if (one) RC_ASSERT(one->distance == other->distance && one->clause == other->clause);
}

/// Takes one value out of a document, or puts another in its place: it is refused or read, never more.
RC_GTEST_PROP(AgreementLaws, AChangedByteIsReadTheSameWayOrRefused, ()) {
  std::string text = agreement_text();
  const auto at = *rc::gen::inRange<std::size_t>(0, text.size());
  text[at] = *rc::gen::arbitrary<char>();
  const auto found = parse_agreement(text);
  if (!found) {
    RC_ASSERT(!base::code_of(found.error().rule).empty());
    return;
  }
  RC_ASSERT(parse_agreement(to_json(*found)).value() == *found);
}

}  // namespace
}  // namespace wideberth::model
