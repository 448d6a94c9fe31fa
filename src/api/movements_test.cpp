// Movements on the way as readers see them, outcomes counted, lists in pages.
#include <gtest/gtest.h>

#include "api/testing.h"

namespace wideberth::api {
namespace {

using namespace testing;

class MovementsTest : public ::testing::Test, protected Harness {
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
  /// The texts of a member of all items of all pages.
  std::vector<std::string> all_pages(const std::string& party, const std::string& path, const std::string& list,
                                     http::Fields query = {}) {
    std::vector<std::string> found;
    std::string after;
    for (int pages = 0; pages < 1000; ++pages) {
      http::Fields asked = query;
      if (!after.empty()) asked.emplace_back("after", after);
      const Body page = as(party, path, asked);
      for (std::size_t i = 0; i < page[list].size(); ++i) found.push_back(page[list][i].json());
      if (page["next"].null()) return found;
      after = page["next"].text();
    }
    ADD_FAILURE() << "the pages never end";
    return found;
  }
  std::map<std::string, std::string> tokens_;
};

TEST_F(MovementsTest, HoldsQuestionsAndOutcomesAreToldToThoseTheyConcern) {
  const EntryIndex filed = drive(Drive{}, agree());
  const std::string path = "/v1/movements/" + base::id_of(base::IdKind::movement, filed);
  EXPECT_TRUE(as("red", path)["held"].null());
  file(world().act(model::EntryKind::notification_suspended, "blue", filed, model::Suspended{"Fire ahead.", "the mill"}));
  file(world().act(model::EntryKind::notification_queried, "red", filed, model::Queried{"R.", "How many?"}));
  const Body red = as("red", path);
  EXPECT_EQ(red["held"]["reason"].text(), "Fire ahead.");
  EXPECT_EQ(red["queries"][0]["question"].text(), "How many?");
  EXPECT_TRUE(red["queries"][0]["answered"].null());
  EXPECT_FALSE(red["queries"][0]["due"].null());
  bool open = false;
  for (const char* party : {"red", "blue", "mission"}) {
    const Body deadlines = as(party, "/v1/deadlines")["open"];
    open = false;
    for (std::size_t i = 0; i < deadlines.size(); ++i) open = open || deadlines[i]["kind"].text() == "query";
    EXPECT_TRUE(open) << party;
  }
  clock_.set(core::testing::at("2020-08-26T08:00:00Z"));
  file(world().act(model::EntryKind::notification_outcome, "red", filed, model::Outcome{model::OutcomeWord::facilitated, ""}));
  EXPECT_TRUE(as("blue", path)["outcome"].null()) << "its own side has not said";
  EXPECT_EQ(as("blue", path)["outcomes"]["red"]["outcome"].text(), "facilitated");
  file(world().act(model::EntryKind::notification_outcome, "blue", filed, model::Outcome{model::OutcomeWord::impeded, ""}));
  const Body counts = as("mission", "/v1/outcomes")["parties"][0];
  EXPECT_EQ(counts["party"].text(), "blue");
  EXPECT_EQ(counts["notified"].number(), 1u);
  EXPECT_EQ(counts["without"].number(), 0u);
  EXPECT_EQ(counts["differ"].number(), 1u);
  EXPECT_EQ(counts["stated"][0]["by"].text(), "blue");
  EXPECT_EQ(counts["stated"][0]["impeded"].number(), 1u);
  EXPECT_EQ(counts["stated"][1]["facilitated"].number(), 1u);
  EXPECT_EQ(as("green", "/v1/outcomes")["parties"].size(), 0u);
  const auto within = [&](const char* since, const char* until) {
    return as("blue", "/v1/outcomes", {{"since", since}, {"until", until}})["parties"].size();
  };
  EXPECT_EQ(within("2020-08-26T05:50:00Z", "2020-08-27T00:00:00Z"), 1u);
  EXPECT_EQ(within("2020-08-26T05:50:00.001Z", "2020-08-27T00:00:00Z"), 0u);
  EXPECT_EQ(within("2020-08-01T00:00:00Z", "2020-08-26T05:50:00Z"), 0u);
  EXPECT_EQ(refused_as("blue", "/v1/outcomes", {{"since", "soon"}}), "400 time_malformed");
  EXPECT_EQ(refused_as("blue", "/v1/outcomes", {{"since", "2020-08-27T00:00:00Z"}, {"until", "2020-08-26T00:00:00Z"}}),
            "422 span_backwards");
}

TEST_F(MovementsTest, ListsComeInPagesOfWhichNoneRepeatsOrMisses) {
  const std::string agreement = agree();
  for (int i = 0; i < 7; ++i) {
    Drive each;
    each.party = i % 2 == 0 ? "blue" : "red";
    each.start = each.start + Millis::from_seconds(60 * i);
    if (i % 2 == 1) std::swap(each.from, each.to);
    drive(each, agreement);
  }
  clock_.move(Millis::from_seconds(5 * 3600));  // what was to be acknowledged was not
  file(world().act(model::EntryKind::notification_queried, "red", EntryIndex{7}, model::Queried{"R.", "Why?"}));
  for (const auto& [path, list] : std::vector<std::pair<std::string, std::string>>{{"/v1/movements", "movements"},
                                                                                   {"/v1/conflicts", "conflicts"},
                                                                                   {"/v1/agreements", "agreements"},
                                                                                   {"/v1/deadlines", "open"},
                                                                                   {"/v1/deadlines", "ended"}}) {
    const auto whole = all_pages("mission", path, list);
    EXPECT_FALSE(whole.empty()) << list;
    for (const char* count : {"1", "2", "3", "1000"})
      EXPECT_EQ(all_pages("mission", path, list, {{"count", count}}), whole) << list << " by " << count;
    EXPECT_EQ(refused_as("mission", path, {{"count", "0"}}), "400 number_malformed") << path;
    EXPECT_EQ(refused_as("mission", path, {{"count", "1001"}}), "400 number_malformed") << path;
  }
  EXPECT_EQ(all_pages("mission", "/v1/movements", "movements").size(), 7u);
  EXPECT_GT(all_pages("mission", "/v1/conflicts", "conflicts").size(), 3u);
  EXPECT_EQ(as("mission", "/v1/movements", {{"brief", "true"}, {"count", "10000"}})["movements"].size(), 7u);
  EXPECT_EQ(refused_as("mission", "/v1/movements", {{"brief", "true"}, {"count", "10001"}}), "400 number_malformed");
  EXPECT_EQ(refused_as("mission", "/v1/movements", {{"brief", "perhaps"}}), "400 http_query_malformed");
  const Body brief = as("mission", "/v1/movements", {{"brief", "true"}})["movements"][0];
  EXPECT_FALSE(brief["revisions"][0].has("feature"));
  for (const char* after : {"soon", "open 1 2 3", "open 1 2 99 blue", "open x 2 3 blue", "ended soon"})
    EXPECT_EQ(refused_as("mission", "/v1/deadlines", {{"after", after}}).substr(0, 3), "400") << after;
  EXPECT_EQ(refused_as("mission", "/v1/conflicts", {{"after", "soon"}}), "400 number_malformed");
  // What clears all stands on the first page and is of all.
  EXPECT_EQ(as("mission", "/v1/conflicts", {{"count", "1"}})["clear_all"].json(),
            as("mission", "/v1/conflicts")["clear_all"].json());
}

TEST_F(MovementsTest, ASiteThatEndsSoonIsRememberedAndTheDarkToo) {
  const std::string agreement = agree();
  model::Notification site = core::testing::notification_of(Drive{}, agreement);
  geo::Area area;
  area.centre = geo::Place{422000000, 374000000};
  area.radius = base::Metres::from_metres(50);
  area.window = {core::testing::at("2020-08-26T00:00:00Z"), core::testing::at("2020-09-20T00:00:00Z")};
  site.where = area;
  site.subject = model::Subject::site;
  site.organisation = "Aid body (invented)";
  site.consent = true;
  site.marking = model::Marking{true, false, false};
  const EntryIndex filed = file(world().filing(site, agreement));
  const std::string path = "/v1/movements/" + base::id_of(base::IdKind::site, filed);
  EXPECT_EQ(as("blue", path)["reminders"].json(), R"(["night_marking"])");
  EXPECT_EQ(as("red", path)["reminders"].json(), "[]") << "a corridor says nothing of marking";
  clock_.set(core::testing::at("2020-09-05T23:59:59Z"));
  file(world().act(model::EntryKind::notification_suspended, "blue", filed, model::Suspended{"x", ""}));
  EXPECT_EQ(as("red", path)["reminders"].json(), "[]");
  clock_.set(core::testing::at("2020-09-06T00:00:00Z"));
  file(world().act(model::EntryKind::notification_resumed, "blue", filed, model::Resumed{}));
  EXPECT_EQ(as("red", path)["reminders"].json(), R"(["ends_soon"])");
}

}  // namespace
}  // namespace wideberth::api
