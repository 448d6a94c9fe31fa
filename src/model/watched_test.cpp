// What is said of units, and what is found of movements and encounters: read back as written, and refused where it is none.
#include <gtest/gtest.h>

#include "model/conformance.h"
#include "model/encounters.h"
#include "model/testing.h"
#include "model/units.h"

namespace wideberth::model {
namespace {

UnitText some_unit() {
  UnitText unit;
  unit.unit = "patrol 1";
  unit.platform_class = "vehicle";
  unit.length = Metres::from_mm(7'200);
  unit.width = Metres::from_mm(2'600);
  unit.state = UnitRest::parked;
  unit.formation = "convoy 4";
  unit.formation_with = "red";
  unit.vehicles = 5;
  unit.movement = "MV-GD4Z-4F";
  return unit;
}

EncounterClosed some_encounter() {
  const Interval when{Instant::from_ms(1'598'338'692'000), Instant::from_ms(1'598'338'752'250)};
  EncounterClosed closed;
  closed.when = when;
  closed.joined = EntryIndex{7};
  closed.ended = EncounterOver::joined;
  closed.contacts = 1;
  EncounterContact contact{"b-1", "r-1", when};
  contact.closest = Metres::from_mm(2'400);
  contact.closest_at = when.from;
  contact.place = geo::Place{421'000'000, 374'000'000};
  contact.other_place = geo::Place{421'000'200, 374'000'000};
  contact.relative_mmps = 400;
  contact.most_relative_mmps = 14'200;
  closed.listed = {contact};
  closed.candidates_found = 1;
  ConductCandidate candidate;
  candidate.conduct = "cut-in";
  candidate.by = {{"red", "r-1"}};
  candidate.upon = {"blue", "b-1"};
  candidate.when = when;
  candidate.clause = "8.2";
  candidate.also_upon = {{"blue", "b-2"}};
  candidate.values = {{"least_ttc_s", 900}, {"angle_deg", 41'250}};
  candidate.test = {{"ttc_below_s", 1'500}};
  candidate.rests_on = {{{"blue", "b-1"}, 2, {{EntryIndex{4}, when.from}, {EntryIndex{5}, when.to}}}};
  closed.candidates = {candidate};
  closed.not_reported = {{"contact",
                          "accuracy",
                          {{"red", "r-1"}},
                          {"blue", "b-1"},
                          when,
                          NamedNumber{"found", 5'000},
                          NamedNumber{"needed", 2'000}}};
  return closed;
}

TEST(UnitDescribed, ReadsBackWhatItWrote) {
  UnitText plain;
  plain.unit = "b-2";
  plain.platform_class = "ship";
  const UnitDescribed described{{some_unit(), plain}};
  EXPECT_EQ(*parse_unit_described(to_json(described)), described);
  EXPECT_EQ(parse_unit_described(R"({"units":[{"unit":"b-2","platform_class":"ship"}]})")->units.front(), plain)
      << "what may be missing may be missing";
}

TEST(UnitDescribed, WhatIsNoneIsRefused) {
  const std::string good = to_json(UnitDescribed{{some_unit()}});
  const std::pair<std::string, const char*> rows[] = {
      {R"({"units":[]})", "json_length at /units"},
      {testing::with(good, "patrol 1", " patrol"), "position_unit at /units/0/unit"},
      {testing::with(good, "\"vehicle\"", "\"Vehicle\""), "name_malformed at /units/0/platform_class"},
      {testing::with(good, "parked", "at rest"), "json_choice at /units/0/state"},
      {testing::with(good, "7.2,", "0,"), "json_range at /units/0/length_m"},
      {testing::with(good, "\"vehicles\":5", "\"vehicles\":0"), "json_range at /units/0/vehicles"},
      {testing::with(good, "\"formation\":\"convoy 4\",", ""), "json_member_unknown at /units/0/formation_with"},
      {testing::with(good, "MV-GD4Z-4F", "MV-7"), "id_malformed at /units/0/movement"},
      {testing::with(good, "\"state\"", "\"status\""), "json_member_unknown at /units/0/status"},
      {to_json(UnitDescribed{{some_unit(), some_unit()}}), "name_twice at /units/1"},
  };
  for (const auto& [text, expected] : rows) EXPECT_EQ(testing::outcome(parse_unit_described(text)), expected) << text;
}

TEST(ConformanceChanged, ReadsBackAndSaysItInASentence) {
  ConformanceChanged changed{"AG-1E0S-AN", "blue", "b-1", "MV-GD4Z-4F", "9.1", Instant::from_ms(1'598'338'692'000), {}};
  changed.what = KeepingChanged{Keeping::conforming,
                                Keeping::late,
                                Instant::from_ms(1'598'338'600'000),
                                Metres::from_mm(3'100),
                                Millis::from_seconds(540),
                                {}};
  EXPECT_EQ(*parse_conformance_changed(to_json(changed)), changed);
  EXPECT_EQ(to_sentence(changed), "b-1 is late, by 9 min (MV-GD4Z-4F).");
  changed.what = KeepingChanged{Keeping::late, Keeping::doubtful, {}, {}, {}, "jump"};
  EXPECT_EQ(*parse_conformance_changed(to_json(changed)), changed);
  EXPECT_EQ(to_sentence(changed), "The position of b-1 is doubtful: jump (MV-GD4Z-4F).");
  changed.what = CompositionChanged{true, 4, 6};
  EXPECT_EQ(*parse_conformance_changed(to_json(changed)), changed);
  EXPECT_EQ(to_sentence(changed), "6 vehicles report in MV-GD4Z-4F; 4 were declared.");
  changed.what = Foreseen{true,
                          "red",
                          "MV-GD4Z-4F",
                          Millis::from_seconds(541),
                          geo::Place{421'000'000, 374'000'000},
                          {changed.at + Millis::from_seconds(2'040), changed.at + Millis::from_seconds(2'100)}};
  EXPECT_EQ(*parse_conformance_changed(to_json(changed)), changed);
  const std::string sentence = to_sentence(changed);
  EXPECT_TRUE(sentence.starts_with("b-1, 9 min late: now conflicts with red's MV-GD4Z-4F at 38S")) << sentence;
  EXPECT_TRUE(sentence.ends_with(" in 34 min.")) << sentence;
  changed.unit.clear();
  changed.what = KeepingChanged{Keeping::unwatched, Keeping::off_corridor, {}, {}, {}, {}};
  EXPECT_EQ(*parse_conformance_changed(to_json(changed)), changed);
  EXPECT_EQ(to_sentence(changed), "blue's MV-GD4Z-4F is off corridor.");
}

TEST(ConformanceChanged, WhatIsNoneIsRefused) {
  ConformanceChanged changed{"AG-1E0S-AN", "blue", "b-1", {}, {}, Instant::from_ms(1'598'338'692'000), KeepingChanged{}};
  const std::string good = to_json(changed);
  const std::pair<std::string, const char*> rows[] = {
      {testing::with(good, "\"now\":\"unwatched\"", "\"now\":\"guiltless\""), "json_choice at /state/now"},
      {testing::with(good, "\"state\"", "\"status\""), "json_member_unknown at /status"},
      {testing::with(good, "\"at\"", "\"composition\":{},\"at\""), "json_member_missing at "},
      {testing::with(good, "b-1", ""), "position_unit at /unit"},
  };
  for (const auto& [text, expected] : rows) EXPECT_EQ(testing::outcome(parse_conformance_changed(text)), expected) << text;
}

TEST(EncounterDocuments, ReadBackWhatTheyWrote) {
  EncounterOpened opened{
      "AG-1E0S-AN", "9.1", "b-1", 3, "red", "r-1", Instant::from_ms(1'598'338'692'250), Metres::from_metres(500)};
  EXPECT_EQ(*parse_encounter_opened(to_json(opened)), opened);
  opened.other_unit.clear();
  EXPECT_EQ(*parse_encounter_opened(to_json(opened)), opened);
  EXPECT_EQ(*parse_encounter_closed(to_json(some_encounter())), some_encounter());
  EXPECT_EQ(to_sentence(some_encounter().candidates.front()),
            "cut-in by r-1 upon b-1, b-2, 2020-08-25T06:58:12Z to 2020-08-25T06:59:12.250Z: least_ttc_s 0.9, angle_deg 41.25.");
}

TEST(EncounterDocuments, WhatIsNoneIsRefused) {
  const std::string good = to_json(some_encounter());
  const std::pair<std::string, const char*> rows[] = {
      {testing::with(good, "\"joined\",\"from\"", "\"fault\",\"from\""), "json_choice at /ended"},
      {testing::with(good, "\"status\":\"candidate\"", "\"status\":\"proven\""), "json_choice at /candidates/0/status"},
      {testing::with(good, "[4,", "[-4,"), "json_range at /candidates/0/rests_on/0/which/0/0"},
      {testing::with(good, "\"closest_m\":2.4", "\"closest_m\":-1"), "json_range at /listed/0/closest_m"},
      {testing::with(good, "\"needed\"", "\"need\""), "json_member_unknown at /not_reported/0/need"},
      {testing::with(good, "[42.1,", "[442.1,"), "place_out_of_range at /listed/0/place"},
  };
  for (const auto& [text, expected] : rows) EXPECT_EQ(testing::outcome(parse_encounter_closed(text)), expected) << text;
}

}  // namespace
}  // namespace wideberth::model
