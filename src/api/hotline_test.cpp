// The hotline over the routes: what each reader is told of messages, calls, statements, sightings and check-ins. Invented.
#include <gtest/gtest.h>

#include <map>

#include "api/testing.h"

namespace wideberth::api {
namespace {

using namespace testing;

class HotlineTest : public ::testing::Test, protected Harness {
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
  Note note(model::EntryKind kind, const std::string& signer, const std::string& json, std::vector<std::string> to,
            std::vector<EntryIndex> refs) {
    Note made{kind, signer, json, std::move(to), std::move(refs)};
    return made;
  }
  EntryIndex ask(std::vector<std::string> to, model::MessageClass meant = model::MessageClass::query) {
    const model::MessageSent said{meant, "Are these yours?", "Maj. A.", "", "", {}, {}};
    return file(note(model::EntryKind::message_sent, "blue/ops", model::to_json(said), std::move(to), {proposed_}));
  }
  void answer(EntryIndex asked, const std::string& party, std::vector<std::string> to) {
    const model::MessageAnswered said{"No.", "Cpt. B.", "", ""};
    file(note(model::EntryKind::message_answered, party + "/ops", model::to_json(said), std::move(to), {asked}));
  }

  std::map<std::string, std::string> tokens_;
  std::string agreement_;
  EntryIndex proposed_{};
};

TEST_F(HotlineTest, EachReaderIsToldWhatConcernsIt) {
  const EntryIndex asked = ask({"red", "green"});
  const EntryIndex other = ask({"red"});
  answer(asked, "red", {"blue"});
  const auto ids = [&](const std::string& party, http::Fields query = {}) {
    std::vector<std::uint64_t> entries;
    const Body page = as(party, "/v1/messages", std::move(query));
    for (std::size_t i = 0; i < page["messages"].size(); ++i) entries.push_back(page["messages"][i]["entry"].number());
    return entries;
  };
  EXPECT_EQ(ids("blue"), (std::vector{asked.value, other.value}));
  EXPECT_EQ(ids("mission"), (std::vector{asked.value, other.value}));
  EXPECT_EQ(ids("green"), std::vector{asked.value});
  EXPECT_EQ(ids("red", {{"from", std::to_string(other.value)}}), std::vector{other.value});
  // green, asked too, is not told that red answered, nor what red owes; blue and the observer are.
  const Body greens = as("green", "/v1/messages")["messages"][0]["heard"];
  EXPECT_TRUE(greens["red"]["answered"].null());
  EXPECT_TRUE(greens["red"]["due"].null());
  EXPECT_FALSE(greens["green"]["due"].null());
  for (const char* party : {"blue", "mission", "red"})
    EXPECT_FALSE(as(party, "/v1/messages")["messages"][0]["heard"]["red"]["answered"].null()) << party;
  answer(asked, "green", {"blue"});
  EXPECT_EQ(ids("blue", {{"open", "true"}}), std::vector{other.value});
  EXPECT_EQ(refused(get("/v1/messages", tokens_.at("blue"), {{"open", "yes"}})), "400 json_choice");
  // Deadlines: green reads its own alone.
  EXPECT_EQ(as("green", "/v1/deadlines")["open"].size(), 0U);
  EXPECT_EQ(as("blue", "/v1/deadlines")["open"].size(), 1U);
}

TEST_F(HotlineTest, ACallIsSilentAfterItsTimeAndNobodyElseHearsOfIt) {
  Note call = note(model::EntryKind::call_logged, "blue/ops",
                   model::to_json(model::CallLogged{"Maj. A.", "Col. D.", "", "We halt.", "Understood."}), {"red"}, {proposed_});
  call.occurred = clock_.now() - Millis::from_seconds(60);
  file(call);
  EXPECT_EQ(as("red", "/v1/calls")["calls"][0]["standing"].text(), "open");
  EXPECT_EQ(as("green", "/v1/calls")["calls"].size(), 0U);
  clock_.move(Millis::from_seconds(5 * 3600));
  EXPECT_EQ(as("red", "/v1/calls")["calls"][0]["standing"].text(), "silent");
  EXPECT_EQ(as("red", "/v1/calls", {{"open", "true"}})["calls"].size(), 1U);
}

TEST_F(HotlineTest, ASightingIsAskedOfThoseInTo) {
  const model::SightingReported seen{2,        "truck", {421000000, 374000000}, base::Metres::from_metres(100), clock_.now(),
                                     "Post 4", ""};
  const EntryIndex reported =
      file(note(model::EntryKind::sighting_reported, "blue/ops", model::to_json(seen), {"red"}, {proposed_}));
  EXPECT_EQ(as("green", "/v1/sightings")["sightings"].size(), 0U);
  EXPECT_TRUE(as("red", "/v1/sightings")["sightings"][0]["heard"]["red"]["answer"].null());
  const model::SightingAnswered said{model::SightingWord::not_saying, "Col. D.", ""};
  file(note(model::EntryKind::sighting_answered, "red/ops", model::to_json(said), {"blue"}, {reported}));
  EXPECT_EQ(as("blue", "/v1/sightings")["sightings"][0]["heard"]["red"]["answer"].text(), "not saying");
  EXPECT_EQ(as("blue", "/v1/sightings", {{"open", "true"}})["sightings"].size(), 0U);
  EXPECT_EQ(
      as("blue", "/v1/sightings", {{"as-of", std::to_string(reported.value)}})["sightings"][0]["heard"]["red"]["answered"].null(),
      true);
}

TEST_F(HotlineTest, PagesLeaveNothingOut) {
  std::vector<std::uint64_t> sent;
  std::string body;
  for (int i = 0; i < 1'003; ++i) {
    const model::MessageSent said{model::MessageClass::info, "Noon " + std::to_string(i), "Maj. A.", "", "", {}, {}};
    sent.push_back(file(note(model::EntryKind::message_sent, "blue/ops", model::to_json(said), {"red"}, {proposed_})).value);
    if (i % 100 == 99) clock_.move(Millis::from_seconds(1)), steady_.move(Millis::from_seconds(100));
  }
  const Body first = as("red", "/v1/messages");
  EXPECT_EQ(first["messages"].size(), 1'000U);
  ASSERT_FALSE(first["next"].null());
  const Body second = as("red", "/v1/messages", {{"from", std::to_string(first["next"].number())}});
  EXPECT_EQ(second["messages"].size(), 3U);
  EXPECT_TRUE(second["next"].null());
  EXPECT_EQ(second["messages"][2]["entry"].number(), sent.back());
}

TEST_F(HotlineTest, APhraseIsSaidInItsOwnWordsAndKeepsItsLanguagesAndWhoHasReadThem) {
  const ledger::Hash document = ledger::sha256("an invented file");
  model::MessageSent said{model::MessageClass::hold, "Halt.", "Maj. A.", "", "hold-1", {}, {}};
  said.phrase_of = model::PhraseOf{document, {{"en", "Halt.", "halt"}, {"ru", "Стойте.", "STOY-tye"}}};
  const auto sent = [&] { return note(model::EntryKind::message_sent, "blue/ops", model::to_json(said), {"red"}, {proposed_}); };
  file(sent());
  said.text = "Стойте.";
  const EntryIndex second = file(sent());
  said.text = "Surrender.";
  EXPECT_EQ(refused(post("/v1/entries", line(sent()) + "\n")), "400 json_choice");
  model::MessageAnswered holding{"We hold.", "Cpt. B.", "", "holding"};
  holding.phrase_of = model::PhraseOf{document, {{"en", "We are holding.", "wee"}}};
  const Note answer = note(model::EntryKind::message_answered, "red/ops", model::to_json(holding), {"blue"}, {second});
  EXPECT_EQ(refused(post("/v1/entries", line(answer) + "\n")), "400 json_choice");
  EXPECT_EQ(as("red", "/v1/messages")["messages"][0]["reviewed"].size(), 0u) << "nobody has read it";
  const model::PhrasesReviewed review{document, "ru", "N. I.", ""}, other{ledger::sha256("another"), "en", "N. I.", ""};
  for (const auto& each : {review, other})
    file(note(model::EntryKind::phrases_reviewed, "mission/ops", model::to_json(each), {"blue", "red"}, {proposed_}));
  const Body message = as("red", "/v1/messages")["messages"][0];
  EXPECT_EQ(message["said"]["phrase_of"]["words"][1]["text"].text(), "Стойте.");
  ASSERT_EQ(message["reviewed"].size(), 1u) << "another file's review is not this one's";
  EXPECT_EQ(message["reviewed"][0]["language"].text(), "ru");
  EXPECT_EQ(message["reviewed"][0]["party"].text(), "mission");
}

}  // namespace
}  // namespace wideberth::api
