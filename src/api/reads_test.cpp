// What holds, as each party may see it, now and as of every entry; and the description of the routes.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "api/openapi.h"
#include "api/testing.h"

namespace wideberth::api {
namespace {

using namespace testing;

class ReadsTest : public ::testing::Test, protected Harness {
 protected:
  void SetUp() override {
    for (const char* party : {"blue", "red", "green", "mission"}) tokens_[party] = login(std::string(party) + "/ops");
  }
  Body as(const std::string& party, const std::string& path, http::Fields query = {}) {
    return read(path, tokens_.at(party), std::move(query));
  }
  std::string refused_as(const std::string& party, const std::string& path, http::Fields query = {}) {
    return refused(get(path, tokens_.at(party), std::move(query)));
  }
  Drive red_crossing() {
    Drive drive;
    drive.party = "red";
    drive.from = {422000000, 373800000};
    drive.to = {422000000, 374200000};
    return drive;
  }
  std::map<std::string, std::string> tokens_;
};

TEST_F(ReadsTest, KeysAreEverybodysAndChainsTheirOwners) {
  const Body keys = as("blue", "/v1/keys")["keys"];
  EXPECT_EQ(keys.size(), 9u) << "the log's, four roots, four desks";
  for (std::size_t i = 0; i < keys.size(); ++i) {
    const bool own = keys[i]["party"].text() == "blue";
    EXPECT_EQ(keys[i].has("next_number"), own);
    EXPECT_EQ(keys[i].has("last_text"), own);
    if (keys[i]["name"].text() != "blue/root") continue;
    EXPECT_TRUE(keys[i]["root"].boolean());
    EXPECT_EQ(keys[i]["next_number"].number(), 2u);
    EXPECT_EQ(keys[i]["vkey"].text(), ledger::to_text(key_named("blue/root").verifier()));
  }
}

TEST_F(ReadsTest, AgreementsGoToThoseTheyName) {
  const std::string id = agree();
  for (const char* party : {"blue", "red", "mission"}) {
    const Body one = as(party, "/v1/agreements/" + id);
    EXPECT_EQ(one["id"].text(), id);
    EXPECT_EQ(one["signatures"].size(), 2u);
    EXPECT_EQ(one["in_force"].number(), 6u);
    EXPECT_TRUE(one["superseded_by"].null());
    EXPECT_EQ(one["agreement"]["name"].text(), "Invented protocol");
    EXPECT_EQ(as(party, "/v1/agreements")["agreements"].size(), 1u);
  }
  EXPECT_EQ(as("green", "/v1/agreements")["agreements"].size(), 0u);
  EXPECT_EQ(refused_as("green", "/v1/agreements/" + id), "404 id_unknown");
  EXPECT_EQ(refused_as("blue", "/v1/agreements/" + base::id_of(base::IdKind::agreement, EntryIndex{3})), "404 id_unknown");
  EXPECT_EQ(refused_as("blue", "/v1/agreements/AG"), "400 id_malformed");
}

TEST_F(ReadsTest, AMovementIsShownAsItsReaderMaySeeIt) {
  Terms terms;
  terms.with_green = true;  // under conflict only
  terms.blue_to_red = model::View::outline;
  const std::string agreement = agree(terms);
  const EntryIndex filed = drive(Drive{}, agreement);
  const std::string id = base::id_of(base::IdKind::movement, filed);
  const std::string path = "/v1/movements/" + id;
  const Body blue = as("blue", path), red = as("red", path), mission = as("mission", path);
  for (const Body& each : {blue, mission}) {
    EXPECT_EQ(each["revisions"][0]["view"].text(), "full");
    EXPECT_EQ(each["revisions"][0]["feature"]["properties"]["unit"].text(), "1st invented patrol");
    EXPECT_EQ(each["revisions"][0]["window"][0].text(), "2020-08-26T05:50:00.000Z");
    EXPECT_TRUE(each["revisions"][0]["handling"].has("red"));
  }
  EXPECT_EQ(red["revisions"][0]["view"].text(), "outline");
  EXPECT_TRUE(red["revisions"][0]["feature"]["geometry"].null());
  EXPECT_FALSE(red["revisions"][0]["feature"]["properties"].has("unit"));
  EXPECT_EQ(red["revisions"][0]["window"].json(), R"(["2020-08-26T05:00:00.000Z","2020-08-26T08:00:00.000Z"])") << "to the slot";
  EXPECT_EQ(red["revisions"][0]["slip_code"].text(), blue["revisions"][0]["slip_code"].text());
  EXPECT_EQ(refused_as("green", path), "404 id_unknown");
  EXPECT_EQ(as("green", "/v1/movements")["movements"].size(), 0u);
  for (const auto& [query, count] : std::vector<std::pair<http::Fields, std::size_t>>{{{}, 1},
                                                                                      {{{"standing", "standing"}}, 1},
                                                                                      {{{"standing", "expired"}}, 0},
                                                                                      {{{"party", "blue"}}, 1},
                                                                                      {{{"party", "red"}}, 0},
                                                                                      {{{"subject", "movement"}}, 1},
                                                                                      {{{"subject", "site"}}, 0}})
    EXPECT_EQ(as("red", "/v1/movements", query)["movements"].size(), count);
  EXPECT_EQ(refused_as("red", "/v1/movements", {{"standing", "lost"}}), "400 http_query_malformed");
  EXPECT_EQ(refused_as("red", "/v1/movements", {{"subject", "lost"}}), "400 http_query_malformed");
  EXPECT_EQ(refused_as("red", "/v1/movements", {{"where", "lost"}}), "400 http_query_malformed");
}

TEST_F(ReadsTest, HandlingIsTheRecipientsOwn) {
  Terms terms;
  terms.with_green = true;
  const std::string agreement = agree(terms);
  const EntryIndex filed = drive(Drive{}, agreement);
  file(world().receipt("red", filed));
  file(world().acknowledgement("red", filed));
  const Body red = as("red", "/v1/movements")["movements"][0]["revisions"][0]["handling"]["red"];
  EXPECT_EQ(red["delivered"].number(), filed.value + 1);
  EXPECT_FALSE(red["received"].null());
  EXPECT_FALSE(red["acknowledged"].null());
  EXPECT_TRUE(red["answered"].null());
  EXPECT_EQ(red["view"].text(), "corridor");
  EXPECT_EQ(as("red", "/v1/movements")["movements"][0]["revisions"][0]["feature"]["type"].text(), "Feature");
}

TEST_F(ReadsTest, ExpiryIsToldToOutlineReadersWhenTheSlotIsOver) {
  Terms terms;
  terms.blue_to_red = model::View::outline;
  const std::string path = "/v1/movements/" + base::id_of(base::IdKind::movement, drive(Drive{}, agree(terms)));
  int moves = 0;
  const auto standing_at = [&](const char* time) {
    clock_.set(core::testing::at(time));
    file({model::EntryKind::key_added, "green/root",
          model::to_json(model::KeyAdded{key_named("green/k" + std::to_string(++moves)).verifier(), {}, ""})});
    for (const char* party : {"blue", "red"}) {
      steady_.move(Millis::from_seconds(60));
      tokens_[party] = login(std::string(party) + "/ops");
    }
    return as("blue", path)["standing"].text() + " " + as("red", path)["standing"].text();
  };
  EXPECT_EQ(standing_at("2020-08-26T07:10:00Z"), "standing standing");
  EXPECT_EQ(standing_at("2020-08-26T07:10:01Z").substr(0, 7), "expired");
  EXPECT_EQ(as("red", path)["standing"].text(), "standing");
  EXPECT_TRUE(as("red", path)["ended"].null());
  EXPECT_EQ(standing_at("2020-08-26T08:00:00Z"), "expired expired");
}

TEST_F(ReadsTest, ConflictsAndDeadlinesGoToThoseTheyConcern) {
  Terms terms;
  terms.with_green = true;
  const std::string agreement = agree(terms);
  const EntryIndex blue = drive(Drive{}, agreement);
  drive(red_crossing(), agreement);
  const Body conflicts = as("blue", "/v1/conflicts")["conflicts"];
  ASSERT_GE(conflicts.size(), 1u);
  EXPECT_TRUE(conflicts[0]["current"].boolean());
  EXPECT_EQ(conflicts[0]["found"]["agreement"].text(), agreement);
  EXPECT_GE(as("red", "/v1/conflicts")["conflicts"].size(), 1u);
  EXPECT_EQ(as("green", "/v1/conflicts")["conflicts"].size(), 0u);
  const auto owed_by = [&](const std::string& reader) {
    std::set<std::string> owed;
    const Body open = as(reader, "/v1/deadlines")["open"];
    for (std::size_t i = 0; i < open.size(); ++i) owed.insert(open[i]["party"].text() + " " + open[i]["kind"].text());
    return owed;
  };
  EXPECT_TRUE(owed_by("red").contains("red acknowledge"));
  EXPECT_TRUE(owed_by("blue").contains("red acknowledge")) << "is owed it";
  EXPECT_EQ(owed_by("mission"), owed_by("blue"));
  EXPECT_TRUE(owed_by("green").empty());
  file(world().withdrawal("blue", blue));
  EXPECT_FALSE(as("blue", "/v1/conflicts")["conflicts"][0]["current"].boolean());
  clock_.move(Millis::from_seconds(5 * 3600));
  file({model::EntryKind::key_added, "green/root", model::to_json(model::KeyAdded{key_named("green/late").verifier(), {}, ""})});
  const Body ended = as("blue", "/v1/deadlines")["ended"];
  ASSERT_EQ(ended.size(), 1u) << "blue did not acknowledge red's";
  EXPECT_EQ(ended[0]["deadline"]["party"].text(), "blue");
  EXPECT_FALSE(ended[0]["channel_down"].boolean());
  EXPECT_EQ(as("green", "/v1/deadlines")["ended"].size(), 0u);
}

TEST_F(ReadsTest, WhatClearsAllIsToldToItsOwnSideAndToNeutralReaders) {
  Terms terms;
  terms.with_green = true;
  const std::string agreement = agree(terms);
  const std::string blue = base::id_of(base::IdKind::movement, drive(Drive{}, agreement));
  EXPECT_EQ(as("blue", "/v1/conflicts")["clear_all"].size(), 0u);
  const std::string red = base::id_of(base::IdKind::movement, drive(red_crossing(), agreement));
  Drive second = red_crossing();
  second.start = second.start + Millis::from_seconds(300);
  drive(second, agreement);
  const auto movements = [&](const std::string& reader, const http::Fields& query = {}) {
    std::set<std::string> ids;
    const Body all = as(reader, "/v1/conflicts", query)["clear_all"];
    for (std::size_t i = 0; i < all.size(); ++i) ids.insert(all[i]["movement"].text());
    return ids;
  };
  EXPECT_EQ(movements("blue"), std::set<std::string>{blue});
  EXPECT_EQ(movements("red").size(), 2u);
  EXPECT_FALSE(movements("red").contains(blue)) << "red does not know all that blue's conflicts with";
  EXPECT_EQ(movements("mission").size(), 3u);
  EXPECT_TRUE(movements("green").empty());
  const Body all = as("blue", "/v1/conflicts")["clear_all"][0];
  EXPECT_EQ(all["conflicts"].number(), 2u);
  EXPECT_FALSE(all["coarse"].boolean());
  EXPECT_GT(all["clear_shift_s"]["later"].number(), 0u);
  EXPECT_GT(all["clear_shift_s"]["earlier"].number(), 0u);
  // One movement's alone.
  const Body of_red = as("blue", "/v1/conflicts", {{"movement", red}});
  EXPECT_EQ(of_red["conflicts"].size(), 1u);
  EXPECT_EQ(of_red["clear_all"].size(), 0u) << "nor does blue know all that red's conflicts with";
  EXPECT_EQ(as("blue", "/v1/conflicts", {{"movement", blue}})["conflicts"].size(), 2u);
  EXPECT_EQ(movements("red", {{"movement", red}}), std::set<std::string>{red});
  EXPECT_EQ(as("green", "/v1/conflicts", {{"movement", blue}})["conflicts"].size(), 0u);
  EXPECT_EQ(refused_as("blue", "/v1/conflicts", {{"movement", "MV-0"}}), "400 id_malformed");
  // As of an entry before the second, and once nothing stands any more.
  const std::string before = std::to_string(base::index_of(red).value().index.value + 4);
  EXPECT_EQ(as("blue", "/v1/conflicts", {{"as-of", before}})["clear_all"][0]["conflicts"].number(), 1u);
  file(world().withdrawal("blue", base::index_of(blue).value().index));
  EXPECT_TRUE(movements("red").empty());
}

TEST_F(ReadsTest, WhatClearsAllIsAsCoarseAsWhatIsDisclosed) {
  Terms terms;
  terms.blue_to_red = terms.red_to_blue = model::View::conflict_only;
  const std::string agreement = agree(terms);
  drive(Drive{}, agreement);
  drive(red_crossing(), agreement);
  for (const char* reader : {"blue", "red"}) {
    const Body answer = as(reader, "/v1/conflicts");
    ASSERT_EQ(answer["clear_all"].size(), 1u) << reader;
    const Body all = answer["clear_all"][0];
    EXPECT_EQ(all["movement"].text(), answer["conflicts"][0]["found"]["a"].text()) << "its own, the other has no name";
    EXPECT_TRUE(all["coarse"].boolean());
    EXPECT_NE(all["advice"].text().find("as far as the disclosed cells and slots tell"), std::string::npos);
  }
}

TEST_F(ReadsTest, EveryReadSaysAsOfWhichEntryAndAnswersForEachBefore) {
  const std::string agreement = agree();
  const EntryIndex filed = drive(Drive{}, agreement);
  file(world().receipt("red", filed));
  file(world().withdrawal("blue", filed));
  const std::uint64_t end = size();
  for (std::uint64_t at = 0; at < end; ++at) {
    const http::Fields query{{"as-of", std::to_string(at)}};
    for (const char* path : {"/v1/keys", "/v1/agreements", "/v1/movements", "/v1/conflicts", "/v1/deadlines"})
      EXPECT_EQ(as("blue", path, query)["as_of"].number(), at) << path;
    const Body movements = as("red", "/v1/movements", query)["movements"];
    EXPECT_EQ(movements.size(), at >= filed.value ? 1u : 0u) << at;
    if (movements.size() == 0) continue;
    EXPECT_EQ(movements[0]["standing"].text(), at + 1 == end ? "withdrawn" : "standing") << at;
    EXPECT_EQ(movements[0]["revisions"][0]["handling"].has("red"), at > filed.value) << at;
    if (at <= filed.value) continue;
    EXPECT_EQ(movements[0]["revisions"][0]["handling"]["red"]["received"].null(), at < end - 2) << at;
  }
  EXPECT_EQ(as("blue", "/v1/keys")["as_of"].number(), end - 1);
  EXPECT_EQ(refused_as("blue", "/v1/keys", {{"as-of", std::to_string(end)}}), "404 entry_unknown");
  EXPECT_EQ(refused_as("blue", "/v1/keys", {{"as-of", "soon"}}), "400 number_malformed");
  revoke("blue/ops");
  EXPECT_EQ(refused_as("blue", "/v1/keys", {{"as-of", "3"}}), "401 session_needed") << "today's rights";
}

TEST_F(ReadsTest, TooManyReadsOfOnePartyAreAnswered429) {
  limits_.most_reads_of_party = 0;
  serve();
  tokens_["blue"] = login("blue/ops");
  EXPECT_EQ(refused_as("blue", "/v1/keys"), "429 rate_reads");
}

TEST_F(ReadsTest, HealthNamesTheLogAndItsTime) {
  const Body health(get("/healthz").body);
  EXPECT_EQ(health["status"].text(), "serving");
  EXPECT_EQ(health["origin"].text(), core::testing::kOrigin);
  EXPECT_EQ(health["now"].text(), "2020-08-24T00:00:00.000Z");
  EXPECT_EQ(health["time"].text(), "quickened");
  EXPECT_EQ(refused(get("/nothing")), "404 http_path_unknown");
  EXPECT_EQ(refused(post("/healthz", "")), "405 http_method_unknown");
}

/// Why a value is not as a schema says; empty where it is. Knows the words that our schemas use, and no others.
std::string unlike(const Body& schemas, const Body& schema, const Body& value, const std::string& at) {
  using Kind = json::Value::Kind;
  const auto& words = schema.value().object();
  for (const auto& [word, ignored] : words) {
    if (word == "$ref") {
      const std::string name = schema["$ref"].text();
      if (auto why = unlike(schemas, schemas[name.substr(name.rfind('/') + 1)], value, at); !why.empty()) return why;
    } else if (word == "allOf") {
      for (std::size_t i = 0; i < schema["allOf"].size(); ++i)
        if (auto why = unlike(schemas, schema["allOf"][i], value, at); !why.empty()) return why;
    } else if (word == "type") {
      const Kind kind = value.value().kind();
      const std::string is = kind == Kind::null      ? "null"
                             : kind == Kind::boolean ? "boolean"
                             : kind == Kind::integer ? "integer"
                             : kind == Kind::string  ? "string"
                             : kind == Kind::array   ? "array"
                             : kind == Kind::object  ? "object"
                                                     : "number";
      if (schema["type"].json().find("\"" + is + "\"") == std::string::npos) return at + " is of type " + is;
    } else if (word == "enum") {
      bool among = false;
      for (std::size_t i = 0; i < schema["enum"].size(); ++i) among |= schema["enum"][i].json() == value.json();
      if (!among) return at + " is " + value.json();
    } else if (word == "required") {
      for (std::size_t i = 0; value.value().kind() == Kind::object && i < schema["required"].size(); ++i)
        if (!value.has(schema["required"][i].text())) return at + " lacks " + schema["required"][i].text();
    } else if (word == "items") {
      for (std::size_t i = 0; i < value.size(); ++i)
        if (auto why = unlike(schemas, schema["items"], value[i], at + "/" + std::to_string(i)); !why.empty()) return why;
    } else if (word == "minItems") {
      if (value.size() < schema["minItems"].number()) return at + " is too short";
    } else if (word == "maxItems") {
      if (value.size() > schema["maxItems"].number()) return at + " is too long";
    }
  }
  if (value.value().kind() != Kind::object || !schema.has("properties")) return {};
  for (const auto& [name, ignored] : value.value().object()) {
    if (schema["properties"].has(name)) {
      if (auto why = unlike(schemas, schema["properties"][name], value[name], at + "/" + name); !why.empty()) return why;
    } else if (schema.has("additionalProperties") && schema["additionalProperties"].json() == "false") {
      return at + " has " + name + " too";
    }
  }
  return {};
}

TEST_F(ReadsTest, TheDescriptionNamesEveryRouteAndNoOther) {
  const Body document(get("/openapi.json").body);
  EXPECT_EQ(document["openapi"].text(), "3.1.0");
  std::set<std::string> described, served, operations;
  const Body paths = document["paths"];
  for (const auto& [path, methods] : paths.value().object())
    for (const auto& [method, operation] : methods.object())
      described.insert(method + " " + path + " " + Body(json::to_json(operation))["operationId"].text() +
                       (Body(json::to_json(operation))["security"].size() > 0 ? " session" : ""));
  for (const http::Route& route : router_->routes()) {
    std::string path = route.path;
    if (const auto rest = path.find("...}"); rest != std::string::npos) path.erase(rest, 3);
    served.insert((route.method == "GET" ? "get " : "post ") + path + " " + route.operation + (route.session ? " session" : ""));
    operations.insert(route.operation);
    const Body of = document["paths"][path][route.method == "GET" ? "get" : "post"];
    std::size_t queries = 0;
    for (std::size_t i = 0; i < of["parameters"].size(); ++i) queries += of["parameters"][i]["in"].text() == "query" ? 1u : 0u;
    EXPECT_EQ(queries, route.query.size()) << route.operation;
  }
  EXPECT_EQ(described, served);
  for (const OperationText& each : operation_texts())
    EXPECT_TRUE(operations.contains(std::string(each.operation))) << each.operation;
}

TEST_F(ReadsTest, AnswersAreAsTheirSchemasSay) {
  const std::string agreement = agree();
  const EntryIndex filed = drive(Drive{}, agreement);
  drive(red_crossing(), agreement);
  file(world().acknowledgement("red", filed));
  Note batch{model::EntryKind::positions_reported, "blue/ops", ""};
  batch.positions.resize(1);
  batch.positions[0].unit = "b-1";
  batch.positions[0].place = {421000001, 370000001};
  batch.positions[0].altitude = batch.positions[0].accuracy = base::Metres::from_mm(1'500);
  batch.positions[0].course_cdeg = batch.positions[0].speed_mmps = 250;
  file(batch);
  const auto say = [&](model::EntryKind kind, const std::string& json) {
    Note said{kind, "blue/ops", json, {"red"}, {EntryIndex{5}}};
    said.occurred = clock_.now();
    file(said);
  };
  say(model::EntryKind::message_sent, R"({"class": "query", "text": "Yours?", "person": "A"})");
  say(model::EntryKind::call_logged, R"({"person": "A", "spoke_with": "B", "said": "Noon."})");
  say(model::EntryKind::sighting_reported, R"({"count": 1, "type": "truck", "place": [42.1, 37.4], "within_m": 50,)"
                                           R"("seen": "2020-08-23T00:00:00Z", "observer": "A"})");
  file({model::EntryKind::phrases_reviewed,
        "mission/ops",
        model::to_json(model::PhrasesReviewed{ledger::sha256("x"), "ru", "N.", ""}),
        {"blue", "red"}});
  clock_.move(Millis::from_seconds(5 * 3600));
  file({model::EntryKind::agreement_reading,
        "blue/ops",
        model::to_json(model::AgreementReading{"1", "as written", true}),
        {"red", "mission"},
        {EntryIndex{5}}});
  const Body document(get("/openapi.json").body);
  const Body schemas = document["components"]["schemas"];
  const std::map<std::string, std::string> places = {{"{id}", ""}, {"{index}", std::to_string(filed.value)}};
  std::size_t checked = 0;
  for (const http::Route& route : router_->routes()) {
    const auto text = std::find_if(operation_texts().begin(), operation_texts().end(),
                                   [&](const OperationText& each) { return each.operation == route.operation; });
    if (route.method != "GET" || text->schema.empty()) continue;
    std::string path = route.path;
    if (const auto at = path.find("{index}"); at != std::string::npos) path.replace(at, 7, std::to_string(filed.value));
    if (const auto at = path.find("{id}"); at != std::string::npos)
      path.replace(at, 4, path.starts_with("/v1/agreements") ? agreement : base::id_of(base::IdKind::movement, filed));
    for (const char* party : {"blue", "red", "mission"}) {
      const http::Fields query = route.operation == "read_track" ? http::Fields{{"unit", "b-1"}} : http::Fields{};
      const http::Response response = get(path, tokens_[party], query);
      ASSERT_EQ(response.status, 200) << path << response.body;
      EXPECT_EQ(unlike(schemas, schemas[text->schema], Body(response.body), path), "");
      ++checked;
    }
  }
  EXPECT_GE(checked, 30u);
  const Body problem(get("/v1/keys").body);
  EXPECT_EQ(unlike(schemas, schemas["Problem"], problem, "problem"), "");
  EXPECT_NE(unlike(schemas, schemas["Keys"], problem, "problem"), "") << "the check itself can fail";
}

}  // namespace
}  // namespace wideberth::api
