// Tracks read back over the routes: by unit and time, page by page, as of an entry; and what others may read.
#include <gtest/gtest.h>

#include <map>

#include "api/testing.h"
#include "base/bytes.h"
#include "engine/fold.h"
#include "ledger/note.h"

namespace wideberth::api {
namespace {

using namespace testing;

class TracksTest : public ::testing::Test, protected Harness {
 protected:
  void SetUp() override {
    for (const char* party : {"blue", "red", "green", "mission"}) tokens_[party] = login(std::string(party) + "/ops");
  }
  Body as(const std::string& party, const std::string& path, http::Fields query = {}) {
    return read(path, tokens_.at(party), std::move(query));
  }
  std::string refused_as(const std::string& party, http::Fields query) {
    return refused(get("/v1/tracks/fixes", tokens_.at(party), std::move(query)));
  }

  /// Fixes of a unit, `step` apart, each one 10^-7 degree further north than the one before.
  static std::vector<model::Position> run(const std::string& unit, std::string_view from, int count,
                                          Millis step = Millis::from_seconds(1)) {
    std::vector<model::Position> fixes(static_cast<std::size_t>(count));
    Instant time = core::testing::at(from);
    std::int32_t lat = 370'000'000;
    for (model::Position& p : fixes) {
      p.unit = unit;
      p.time = time;
      p.place = {421'000'000, lat++};
      time = time + step;
    }
    return fixes;
  }
  EntryIndex report(std::vector<model::Position> fixes, std::vector<EntryIndex> refs = {}) {
    Note note{model::EntryKind::positions_reported, "blue/ops", ""};
    note.positions = std::move(fixes);
    note.refs = std::move(refs);
    return file(note);
  }
  /// An agreement by which red may read blue's tracks, or be warned, or neither.
  EntryIndex agree_on(model::PositionUse use) {
    model::Agreement agreement = core::testing::agreement_of({});
    agreement.rules.push_back({"9", "An invented sentence.", model::PositionsRule{"blue", "red", use}});
    const EntryIndex proposed =
        file({model::EntryKind::agreement_proposed, "blue/ops", model::to_json(agreement), {"red", "mission"}});
    file(world().signature(base::id_of(base::IdKind::agreement, proposed), "red"));
    return proposed;
  }
  /// "entry.index" of every fix of every page.
  std::vector<std::string> all_pages(const std::string& party, http::Fields query) {
    std::vector<std::string> places;
    for (std::string after;;) {
      http::Fields asked = query;
      if (!after.empty()) asked.emplace_back("after", after);
      const Body page = as(party, "/v1/tracks/fixes", asked);
      for (std::size_t i = 0; i < page["fixes"].size(); ++i)
        places.push_back(std::to_string(page["fixes"][i]["entry"].number()) + "." +
                         std::to_string(page["fixes"][i]["index"].number()));
      if (page["next"].null()) return places;
      after = page["next"].text();
    }
  }
  std::map<std::string, std::string> tokens_;
};

TEST_F(TracksTest, AUnitsFixesComeBackAsTheyWereReported) {
  auto fixes = run("b-1", "2020-08-25T06:00:00Z", 2);
  fixes[0].accuracy = base::Metres::from_mm(4'700);
  fixes[0].speed_mmps = 11'180;
  fixes[0].course_cdeg = 27'150;
  fixes[0].altitude = base::Metres::from_mm(-1);
  fixes[0].source = model::PositionSource::gnss;
  auto others = run("a-9", "2020-08-25T06:00:00Z", 3);
  others.insert(others.end(), fixes.begin(), fixes.end());
  const EntryIndex entry = report(others);
  const Body units = as("blue", "/v1/tracks");
  ASSERT_EQ(units["units"].size(), 2u);
  EXPECT_EQ(units["units"][1].json(),
            R"({"unit":"b-1","from":"2020-08-25T06:00:00.000Z","to":"2020-08-25T06:00:01.000Z","fixes":2,"last":)" +
                std::to_string(entry.value) + "}");
  const Body track = as("blue", "/v1/tracks/fixes", {{"unit", "b-1"}});
  ASSERT_EQ(track["fixes"].size(), 2u);
  EXPECT_EQ(track["fixes"][0].json(),
            R"({"time":"2020-08-25T06:00:00.000Z","place":[42.1,37],"accuracy_m":4.7,"speed_mps":11.18,"course_deg":271.5,)"
            R"("altitude_m":-0.001,"source":"gnss","entry":)" +
                std::to_string(entry.value) + R"(,"index":3,"received":"2020-08-24T00:00:00.000Z"})");
  EXPECT_FALSE(track["fixes"][1].has("accuracy_m"));
  EXPECT_TRUE(track["next"].null());
}

TEST_F(TracksTest, ASpanOfTimeAndPagesLeaveNothingOutAndGiveNothingTwice) {
  std::vector<std::string> expected;
  for (int minute = 0; minute < 6; ++minute) {
    auto batch = run("b-1", "2020-08-25T06:0" + std::to_string(minute) + ":00Z", 7);
    const auto more = run("c", "2020-08-25T06:00:00Z", 3);
    batch.insert(batch.end(), more.begin(), more.end());
    const EntryIndex entry = report(batch);
    for (int i = 0; i < 7; ++i) expected.push_back(std::to_string(entry.value) + "." + std::to_string(i));
  }
  for (const char* count : {"1", "2", "7", "8", "5000"})
    EXPECT_EQ(all_pages("blue", {{"unit", "b-1"}, {"count", count}}), expected) << count;
  EXPECT_EQ(
      all_pages("blue", {{"unit", "b-1"}, {"count", "3"}, {"since", "2020-08-25T06:01:05Z"}, {"until", "2020-08-25T06:02:01Z"}}),
      (std::vector<std::string>{expected[12], expected[13], expected[14], expected[15]}));
  EXPECT_EQ(all_pages("blue", {{"unit", "nobody"}}), std::vector<std::string>{});
}

TEST_F(TracksTest, AsOfAnEntryLaterBatchesAreNotThere) {
  const EntryIndex first = report(run("b-1", "2020-08-25T06:00:00Z", 2));
  const EntryIndex late = report(run("b-1", "2020-08-25T05:00:00Z", 2));
  const std::string as_of = std::to_string(first.value);
  EXPECT_EQ(all_pages("blue", {{"unit", "b-1"}}).size(), 4u);
  EXPECT_EQ(all_pages("blue", {{"unit", "b-1"}, {"as-of", as_of}}), (std::vector<std::string>{as_of + ".0", as_of + ".1"}));
  const Body units = as("blue", "/v1/tracks", {{"as-of", as_of}});
  EXPECT_EQ(units["units"][0]["from"].text(), "2020-08-25T06:00:00.000Z");
  EXPECT_EQ(as("blue", "/v1/tracks")["units"][0]["from"].text(), "2020-08-25T05:00:00.000Z");
  EXPECT_EQ(as("blue", "/v1/tracks")["units"][0]["last"].number(), late.value);
}

TEST_F(TracksTest, UnitsComeInPagesByName) {
  std::vector<model::Position> fixes;
  for (const char* unit : {"a", "b", "c", "d", "e"}) fixes.push_back(run(unit, "2020-08-25T06:00:00Z", 1)[0]);
  report(fixes);
  std::string names;
  for (std::string after;;) {
    const Body page = as("blue", "/v1/tracks", {{"count", "2"}, {"after", after}});
    for (std::size_t i = 0; i < page["units"].size(); ++i) names += page["units"][i]["unit"].text();
    if (page["next"].null()) break;
    after = page["next"].text();
  }
  EXPECT_EQ(names, "abcde");
}

TEST_F(TracksTest, OthersReadWhatTheAgreementGivesAnHourAtATime) {
  const http::Fields hour = {
      {"unit", "b-1"}, {"party", "blue"}, {"since", "2020-08-25T06:00:00Z"}, {"until", "2020-08-25T07:00:00Z"}};
  const EntryIndex warned = agree_on(model::PositionUse::warnings), given = agree_on(model::PositionUse::tracks);
  report(run("b-1", "2020-08-25T06:00:00Z", 2));
  report(run("b-1", "2020-08-25T06:10:00Z", 2), {warned});
  const EntryIndex shared = report(run("b-1", "2020-08-25T06:20:00Z", 2), {given});
  const std::string entry = std::to_string(shared.value);
  EXPECT_EQ(all_pages("red", hour), (std::vector<std::string>{entry + ".0", entry + ".1"}));
  EXPECT_EQ(all_pages("blue", hour).size(), 6u);
  for (const char* party : {"green", "mission"}) EXPECT_EQ(all_pages(party, hour).size(), 0u) << party;
  // Another's units are listed nowhere, and its batch goes to nobody.
  EXPECT_EQ(as("red", "/v1/tracks")["units"].size(), 0u);
  EXPECT_EQ(refused(get("/v1/entries/" + entry, tokens_.at("red"))), "404 entry_unknown");
  EXPECT_EQ(as("mission", "/v1/entries/" + entry)["parts"].size(), 0u);
  EXPECT_EQ(as("blue", "/v1/entries/" + entry)["parts"].size(), 1u);

  http::Fields longer = hour;
  longer[3].second = "2020-08-25T07:00:00.001Z";
  EXPECT_EQ(refused_as("red", longer), "403 track_span");
  EXPECT_EQ(refused_as("red", {{"unit", "b-1"}, {"party", "blue"}}), "403 track_span");
}

TEST_F(TracksTest, ARestartReadsTheSameTracksBack) {
  const EntryIndex entry = report(run("b-1", "2020-08-25T06:00:00Z", 300));
  const std::string before = as("blue", "/v1/tracks/fixes", {{"unit", "b-1"}})["fixes"].json();
  router_->close();
  router_.reset();
  engine_.reset();
  engine_ = std::move(engine::Engine::start({clock_, entropy_, *store_}, server_key(), {}, [](const base::Refusal& why) {
                        must(false, to_text(why));
                      }).value());
  serve();
  tokens_["blue"] = login("blue/ops");
  EXPECT_EQ(as("blue", "/v1/tracks/fixes", {{"unit", "b-1"}})["fixes"].json(), before);
  EXPECT_TRUE(engine::fold(*store_, engine::Signatures::verify));

  // Another batch put in its place, with sums that agree: the store holds, the leaf does not.
  const auto forged_file = dir_ / "forged.db";
  const auto forged = std::move(store::open_sqlite(forged_file, store::Mode::create).value());
  auto entries = store_->read(EntryIndex{0}, 1'000).value();
  for (store::StoredEntry& each : entries)
    if (each.index == entry) {
      each.parts[0].bytes = model::encode_positions(run("b-1", "2020-08-25T07:00:00Z", 300)).value();
      each.parts[0].commitment = ledger::commitment_of(each.parts[0].salt, each.parts[0].bytes);
    }
  store::Head next = store_->head().value();
  next.checkpoint.clear();
  ASSERT_TRUE(forged->append(entries, store::Head{}, next));
  EXPECT_TRUE(engine::fold(*forged));
  const auto verified = engine::fold(*forged, engine::Signatures::verify);
  ASSERT_FALSE(verified);
  EXPECT_EQ(verified.error().rule, Rule::part_untrue);
  EXPECT_EQ(verified.error().where, "part 0 of entry " + std::to_string(entry.value));
}

TEST_F(TracksTest, AlertsGoToTheSideTheyAreForAndToObservers) {
  model::Agreement agreement = core::testing::agreement_of({});
  agreement.rules.push_back({"9", "An invented sentence.", model::PositionsRule{"*", "*", model::PositionUse::warnings}});
  const EntryIndex proposed =
      file({model::EntryKind::agreement_proposed, "blue/ops", model::to_json(agreement), {"red", "mission"}});
  file(world().signature(base::id_of(base::IdKind::agreement, proposed), "red"));
  for (int i = 0; i < 5; ++i) {  // two that meet head on, 15 m/s each, 30 m apart at the last
    clock_.move(Millis::from_seconds(1));
    for (const bool blue : {true, false}) {
      Note note{model::EntryKind::positions_reported, blue ? "blue/ops" : "red/ops", ""};
      note.positions.resize(1);
      note.positions[0].unit = blue ? "b-1" : "r-1";
      note.positions[0].time = clock_.now();
      note.positions[0].place = {421'000'000, 374'000'000 + (blue ? 1'350 * i : 13'500 - 1'350 * i)};
      note.refs = {proposed};
      file(note);
    }
  }
  for (const char* party : {"blue", "red"}) {
    const Body alerts = as(party, "/v1/alerts")["alerts"];
    ASSERT_GE(alerts.size(), 1u) << party;
    for (std::size_t i = 0; i < alerts.size(); ++i) {
      EXPECT_EQ(alerts[i]["told"].text(), party);
      EXPECT_TRUE(alerts[i]["closed"].null());
      EXPECT_FALSE(alerts[i]["raised"].has("other_unit"));
    }
  }
  const std::size_t all = as("blue", "/v1/alerts")["alerts"].size() + as("red", "/v1/alerts")["alerts"].size();
  EXPECT_EQ(as("mission", "/v1/alerts")["alerts"].size(), all);
  EXPECT_EQ(as("green", "/v1/alerts")["alerts"].size(), 0u);
  EXPECT_EQ(as("blue", "/v1/alerts", {{"as-of", std::to_string(proposed.value)}})["alerts"].size(), 0u);
  clock_.move(Millis::from_seconds(300));
  report(run("b-9", "2020-08-24T00:00:00Z", 1));  // anything: time passes
  EXPECT_EQ(as("red", "/v1/alerts", {{"open", "true"}})["alerts"].size(), 0u);
  const Body ended = as("red", "/v1/alerts", {{"open", "false"}})["alerts"];
  EXPECT_EQ(ended[0]["ended"].text(), "lost");
  EXPECT_FALSE(ended[0]["closed"].null());
  EXPECT_EQ(refused(get("/v1/alerts", tokens_.at("red"), {{"open", "yes"}})), "400 json_choice");

  // The same two met, and neither had a movement; each side was told of its own.
  for (const char* party : {"blue", "red"}) {
    const Body met = as(party, "/v1/encounters")["encounters"];
    ASSERT_EQ(met.size(), 1u) << party;
    EXPECT_EQ(met[0]["told"].text(), party);
    EXPECT_FALSE(met[0]["opened"].has("other_unit"));
    const Body kept = as(party, "/v1/conformance")["conformance"];
    for (std::size_t i = 0; i < kept.size(); ++i) EXPECT_EQ(kept[i]["told"]["party"].text(), party);
    EXPECT_EQ(as(party, "/v1/encounters", {{"as-of", std::to_string(proposed.value)}})["encounters"].size(), 0u);
  }
  EXPECT_EQ(as("mission", "/v1/encounters")["encounters"].size(), 2u);
  EXPECT_EQ(as("green", "/v1/encounters")["encounters"].size(), 0u);
  EXPECT_EQ(refused(get("/v1/encounters", tokens_.at("red"), {{"from", "x"}})), "400 number_malformed");

  model::UnitText unit;
  unit.unit = "b-1";
  unit.platform_class = "boat";
  Note said{model::EntryKind::unit_described, "blue/ops", model::to_json(model::UnitDescribed{{unit}})};
  said.refs = {proposed};
  file(said);
  said.to = {"red"};
  said.json = model::to_json(model::UnitDescribed{{[&] { return unit.unit = "b-2", unit; }()}});
  file(said);
  EXPECT_EQ(as("blue", "/v1/units")["units"].size(), 2u);
  ASSERT_EQ(as("red", "/v1/units")["units"].size(), 1u) << "nothing by default";
  EXPECT_EQ(as("red", "/v1/units")["units"][0]["said"]["unit"].text(), "b-2");
  EXPECT_EQ(as("mission", "/v1/units")["units"].size(), 0u);
}

TEST_F(TracksTest, WhatCannotBeAskedIsRefused) {
  EXPECT_EQ(refused_as("blue", {}), "400 track_unit");
  EXPECT_EQ(refused_as("blue", {{"unit", "b-1"}, {"since", "yesterday"}}), "400 time_malformed");
  EXPECT_EQ(refused_as("blue", {{"unit", "b-1"}, {"after", "12"}}), "400 number_malformed");
  EXPECT_EQ(refused_as("blue", {{"unit", "b-1"}, {"after", "x.1"}}), "400 number_malformed");
  EXPECT_EQ(refused_as("blue", {{"unit", "b-1"}, {"count", "5001"}}), "400 number_malformed");
  EXPECT_EQ(refused_as("blue", {{"unit", "b-1"}, {"count", "0"}}), "400 number_malformed");
  EXPECT_EQ(refused(get("/v1/tracks")), "401 session_needed");
}

TEST_F(TracksTest, TheFixThatWasToldIsTheOneThatIsProved) {
  const auto fixes = run("b-1", "2020-08-25T06:00:00Z", 5);
  const EntryIndex entry = report(fixes);
  const Body fix = as("blue", "/v1/tracks/fixes", {{"unit", "b-1"}})["fixes"][3];
  const Body read = as("blue", "/v1/entries/" + std::to_string(entry.value));
  const std::string leaf = read["leaf"].text();
  const auto split = ledger::parse_leaf(leaf);
  const auto note = ledger::parse_note(split->note);
  const auto text = ledger::parse_entry_text(note->text);
  const std::string salt = *base::from_base64(read["parts"][0]["salt"].text());
  const std::string bytes = *base::from_base64(read["parts"][0]["bytes"].text());
  const auto proof = model::prove_fix(salt, bytes, static_cast<std::uint32_t>(fix["index"].number()));
  EXPECT_EQ(*model::check_fix(text->parts[0], *proof), fixes[3]);
}

}  // namespace
}  // namespace wideberth::api
