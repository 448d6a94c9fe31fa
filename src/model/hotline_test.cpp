#include "model/hotline.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "model/opening.h"
#include "model/rules_text.h"
#include "model/sightings.h"
#include "model/testing.h"

namespace wideberth::model {
namespace {

using testing::outcome;

template <class Said>
void trips(const Said& said, Result<Said> (*parse)(std::string_view)) {
  const auto read = parse(to_json(said));
  ASSERT_TRUE(read) << base::to_text(read.error());
  EXPECT_EQ(*read, said);
}

TEST(HotlineTexts, AreReadAndWrittenBack) {
  for (int i = 0; i < 5; ++i)
    trips(MessageSent{static_cast<MessageClass>(i), "Halt.\nNow.", "Maj. A.", "Desk", "hold-1", Millis::from_seconds(600), 2},
          parse_message_sent);
  trips(MessageSent{MessageClass::info, "Noon.", "A", "", "", {}, {}}, parse_message_sent);
  trips(MessageSeen{"A", ""}, parse_message_seen);
  trips(MessageAnswered{"We hold.", "B", "Post", "hold-2"}, parse_message_answered);
  trips(CheckedIn{"A", "Desk", "all quiet"}, parse_checked_in);
  trips(CallLogged{"A", "Col. D.", "HQ", "We halt.", "Understood."}, parse_call_logged);
  trips(CallConfirmed{"D", ""}, parse_call_confirmed);
  trips(CallDisputed{"D", "I did not say so."}, parse_call_disputed);
  trips(PhrasesReviewed{ledger::sha256("x"), "ru", "N.", ""}, parse_phrases_reviewed);
  for (const auto word : {RelayedWord::none, RelayedWord::agreed, RelayedWord::not_agreed})
    trips(StatementRelayed{"red", "Col. D.", "", "We have it.", "bridge", "Sgt. C.", word}, parse_statement_relayed);
  for (const auto word : {SightingWord::ours, SightingWord::not_ours, SightingWord::not_saying})
    trips(SightingAnswered{word, "D", ""}, parse_sighting_answered);
  trips(SightingReported{3,
                         "truck",
                         {421'400'000, 371'770'000},
                         Metres::from_metres(200),
                         Instant::from_ms(1'598'343'492'000),
                         "Post 4",
                         "dust"},
        parse_sighting_reported);
}

TEST(HotlineTexts, EveryRefusalNamesItsPlace) {
  const auto sent = [](const std::string& more) {
    return outcome(parse_message_sent(R"({"class": "query", "text": "x", "person": "A")" + more + "}"));
  };
  EXPECT_EQ(sent(""), "accepted");
  EXPECT_EQ(sent(R"(, "urgent": true)"), "json_member_unknown at /urgent");
  EXPECT_EQ(sent(R"(, "step": 0)"), "json_range at /step");
  EXPECT_EQ(sent(R"(, "step": 33)"), "json_range at /step");
  EXPECT_EQ(sent(R"(, "answer_within_s": 59)"), "json_range at /answer_within_s");
  EXPECT_EQ(sent(R"(, "phrase": "Hold 1")"), "name_malformed at /phrase");
  EXPECT_EQ(outcome(parse_message_sent(R"({"class": "order", "text": "x", "person": "A"})")), "json_choice at /class");
  EXPECT_EQ(outcome(parse_message_sent(R"({"class": "info", "text": " ", "person": "A"})")), "json_length at /text");
  EXPECT_EQ(outcome(parse_message_sent(R"({"class": "info", "text": ")" + std::string(2001, 'x') + R"(", "person": "A"})")),
            "json_length at /text");
  EXPECT_EQ(outcome(parse_message_sent(R"({"class": "info", "text": ")" + std::string(2000, 'x') + R"(", "person": "A"})")),
            "accepted");
  EXPECT_EQ(outcome(parse_message_answered(R"({"text": "x"})")), "json_member_missing at /person");
  EXPECT_EQ(outcome(parse_call_disputed(R"({"person": "A", "reason": ""})")), "json_length at /reason");
  EXPECT_EQ(outcome(parse_statement_relayed(R"({"of": "Red", "speaker": "D", "said": "x", "read_back": "y", "taken_by": "C"})")),
            "name_malformed at /of");
  EXPECT_EQ(outcome(parse_statement_relayed(R"({"of": "red", "speaker": "D", "said": "x", "taken_by": "C"})")),
            "json_member_missing at /read_back");
  EXPECT_EQ(outcome(parse_statement_relayed(
                R"({"of": "red", "speaker": "D", "said": "x", "read_back": "y", "taken_by": "C", "word": "yes"})")),
            "json_choice at /word");
  EXPECT_EQ(outcome(parse_sighting_answered(R"({"answer": "theirs", "person": "D"})")), "json_choice at /answer");
  const std::string seen = R"("seen": "2020-08-25T06:00:00Z", "observer": "A"})";
  EXPECT_EQ(outcome(parse_sighting_reported(R"({"count": 0, "type": "t", "place": [42, 37], "within_m": 50, )" + seen)),
            "json_range at /count");
  EXPECT_EQ(outcome(parse_sighting_reported(R"({"count": 1, "type": "t", "place": [42, 37], "within_m": 0, )" + seen)),
            "json_range at /within_m");
}

TEST(CheckInRule, SaysWhatAMissIsWhereItHasAWindow) {
  const auto rule = [](const std::string& more) {
    const std::string text = R"({"clause": "1", "text": "x", "kind": "check_in", "times": ["09:00Z", "17:00Z"])" + more + "}";
    const auto tree = json::parse(text);
    return read_rule(json::Reader(*tree));
  };
  EXPECT_FALSE(std::get<CheckInRule>(rule("")->body).within);
  EXPECT_EQ(std::get<CheckInRule>(rule(R"(, "within_s": 1800)")->body).within, Millis::from_seconds(1800));
  EXPECT_EQ(outcome(rule(R"(, "within_s": 59)")), "json_range at /within_s");
  EXPECT_EQ(outcome(rule(R"(, "within_s": 43201)")), "json_range at /within_s");
}

TEST(Opening, NamesAPartyWithoutAKeyAndNoReaderWithoutOne) {
  const std::string text =
      R"({"origin":"dayrik.example/log","rules":1,)"
      R"("server":"dayrik.example/log+bed76317+AVmJTMFokICI0nZPpbDDOAVQvMFDY8pLMf9NEfKO6ieT","operator":"Neutral, invented",)"
      R"("parties":[{"party":"blue","role":"party","name":"Blue",)"
      R"("root":"blue/root+3d3a8699+AbgFIpHInqKNZA/QEIL/ya0eUNNqQ4RWUhEHkzSOiQrv"},{"party":"red","role":"party","name":"Red"}],)"
      R"("witnesses":[],"quorum":"none","time":"real","checkpoint_every_s":10})";
  const auto opening = parse_opening(text);
  ASSERT_TRUE(opening) << base::to_text(opening.error());
  EXPECT_FALSE(opening->parties[1].root);
  EXPECT_EQ(to_json(*opening), text);
  EXPECT_EQ(outcome(parse_opening(testing::with(text, R"("red","role":"party")", R"("red","role":"observer")"))),
            "json_member_missing at /parties/1/root");
}

RC_GTEST_PROP(HotlineTextLaws, AnyMessageTrips, ()) {
  MessageSent said;
  said.meant = static_cast<MessageClass>(*rc::gen::inRange(0, 5));
  said.text = *rc::gen::nonEmpty(rc::gen::string<std::string>());
  for (char& c : said.text)
    if (c < ' ' || c > '~') c = 'x';
  said.text += "x";
  said.person = "A";
  if (*rc::gen::arbitrary<bool>()) said.answer_within = Millis::from_ms(*rc::gen::inRange<std::int64_t>(60'000, 2'592'000'001));
  if (*rc::gen::arbitrary<bool>()) said.step = *rc::gen::inRange<std::int64_t>(1, 33);
  RC_ASSERT(parse_message_sent(to_json(said)).value() == said);
}

}  // namespace
}  // namespace wideberth::model
