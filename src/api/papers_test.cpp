// Acts on paper and presence over the routes: what each reader is told. Invented.
#include <gtest/gtest.h>

#include <map>

#include "api/testing.h"

namespace wideberth::api {
namespace {

using namespace testing;

class PapersTest : public ::testing::Test, protected Harness {
 protected:
  void SetUp() override {
    for (const char* party : {"blue", "red", "green", "mission"}) tokens_[party] = login(std::string(party) + "/ops");
    Terms terms;
    terms.with_green = true;
    agreement_ = agree(terms);
    engine_->view([&](const core::State& state) { proposed_ = state.agreement(agreement_)->proposed; });
  }
  Body as(const std::string& party, const std::string& path, http::Fields query = {}) {
    return read(path, tokens_.at(party), std::move(query));
  }
  /// A question of blue's, and red's answer to it: five hours later, and an hour after it on paper.
  EntryIndex answered_on_paper() {
    const model::MessageSent said{model::MessageClass::query, "Are these yours?", "Maj. A.", "", "", {}, {}};
    const EntryIndex asked = file({model::EntryKind::message_sent, "blue/ops", model::to_json(said), {"red"}, {proposed_}});
    const auto at = clock_.now();
    clock_.move(Millis::from_seconds(5 * 3600));
    Note answer{model::EntryKind::message_answered,
                "red/ops",
                model::to_json(model::MessageAnswered{"No.", "Cpt. B.", "", ""}),
                {"blue"},
                {asked}};
    answer.occurred = at + Millis::from_seconds(3600);
    answer.parts.emplace_back("paper", model::to_json(model::OnPaper{model::PaperMeans::radio, "Cpt. B.", "", "Book 3"}));
    return file(answer);
  }

  std::map<std::string, std::string> tokens_;
  std::string agreement_;
  EntryIndex proposed_{};
};

TEST_F(PapersTest, AMissIsShownWithTheActThatWasInTimeOnPaper) {
  const EntryIndex act = answered_on_paper();
  for (const char* party : {"blue", "red", "mission"}) {
    const Body met = as(party, "/v1/deadlines")["ended"][0]["met_on_paper"];
    EXPECT_EQ(met["entry"].number(), act.value) << party;
    EXPECT_EQ(met["standing"].text(), "stated");
    EXPECT_NE(met["occurred"].text(), met["received"].text());
    const Body paper = as(party, "/v1/papers", {{"open", "true"}})["papers"][0];
    EXPECT_EQ(paper["said"]["how"].text(), "radio");
    EXPECT_EQ(paper["met"][0]["kind"].text(), "message_answer");
  }
  EXPECT_EQ(as("green", "/v1/papers")["papers"].size(), 0U);
  EXPECT_EQ(as("green", "/v1/deadlines")["ended"].size(), 0U);
  file({model::EntryKind::paper_disputed,
        "blue/ops",
        model::to_json(model::PaperDisputed{"Maj. A.", "No call came."}),
        {"red"},
        {act}});
  EXPECT_EQ(as("red", "/v1/papers", {{"open", "true"}})["papers"].size(), 0U);
  EXPECT_EQ(as("red", "/v1/deadlines")["ended"][0]["met_on_paper"]["standing"].text(), "disputed");
  EXPECT_EQ(as("red", "/v1/papers", {{"as-of", std::to_string(act.value)}})["papers"][0]["standing"].text(), "stated");
  EXPECT_EQ(refused(get("/v1/papers", tokens_.at("blue"), {{"open", "yes"}})), "400 json_choice");
}

TEST_F(PapersTest, WithoutAClauseThereIsNoPresence) {
  EXPECT_EQ(as("blue", "/v1/presence")["presence"].size(), 0U);
  const model::PresenceStated said{"5.4", {}, {}, "Relief."};
  const Note note{model::EntryKind::presence_stated, "red/ops", model::to_json(said), {}, {proposed_}};
  EXPECT_EQ(refused(post("/v1/entries", line(note))), "422 presence_list");
}

}  // namespace
}  // namespace wideberth::api
