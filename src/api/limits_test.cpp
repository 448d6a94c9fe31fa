// What a request may ask for and bring, at its limit (docs/limits.md) and one beyond it.
#include <gtest/gtest.h>

#include "api/read.h"
#include "api/submission.h"
#include "api/testing.h"

namespace wideberth::api {
namespace {

using namespace testing;

class LimitsTest : public ::testing::Test, protected Harness {};

TEST_F(LimitsTest, CountsOfLists) {
  const std::string token = login("blue/ops");
  struct Row {
    std::string path;
    std::uint64_t most;
    http::Fields query;
  };
  for (const Row& row : {Row{"/v1/tracks", 1'000, {}}, Row{"/v1/tracks/fixes", 5'000, {{"unit", "patrol-1"}}},
                         Row{"/v1/movements", kMostListed, {}}, Row{"/v1/movements", kMostListedBriefly, {{"brief", "true"}}},
                         Row{"/v1/entries", Limits{}.most_entries, {}}}) {
    const auto asked = [&](std::uint64_t count) {
      http::Fields query = row.query;
      query.emplace_back("count", std::to_string(count));
      return get(row.path, token, query);
    };
    EXPECT_EQ(asked(row.most).status, 200) << row.path << ": " << asked(row.most).body;
    const http::Response beyond = asked(row.most + 1);
    EXPECT_EQ(refused(beyond), "400 number_malformed") << row.path;
    EXPECT_NE(beyond.body.find(std::to_string(row.most)), std::string::npos) << beyond.body;
  }
}

TEST_F(LimitsTest, AnHourOfAnotherPartysTrackAtOnce) {  // kMostOfAnother
  const std::string token = login("blue/ops");
  const auto asked = [&](const std::string& until) {
    return get("/v1/tracks/fixes", token,
               {{"unit", "r-1"}, {"party", "red"}, {"since", "2020-08-25T06:00:00Z"}, {"until", until}});
  };
  EXPECT_EQ(asked("2020-08-25T07:00:00Z").status, 200) << asked("2020-08-25T07:00:00Z").body;
  EXPECT_EQ(refused(asked("2020-08-25T07:00:00.001Z")), "403 track_span");
}

TEST(ApiLimits, OfOneLineOfASubmission) {
  const auto line = [](std::size_t note, std::size_t parts, std::size_t salt, std::size_t bytes) {
    core::Submission said;
    said.note = std::string(note, 'n');
    for (std::size_t i = 0; i < parts; ++i) {
      core::PartBody& part = said.parts.emplace_back();
      part.salt = std::string(salt, 's'), part.bytes = std::string(bytes, 'b');
    }
    const auto read = parse_submission(to_line(said));
    return read ? std::string("read") : std::string(base::code_of(read.error().rule)) + " " + read.error().where;
  };
  const std::size_t note = std::size_t{1} << 20, text = 2 * core::kMostPartBytes;  // kMostPartText
  EXPECT_EQ(line(note, 64, 64, 1), "read");
  EXPECT_EQ(line(note + 1, 1, 1, 1), "json_length /note");
  EXPECT_EQ(line(1, 65, 1, 1), "json_length /parts");
  EXPECT_EQ(line(1, 1, 65, 1), "json_length /parts/0/salt");
  EXPECT_EQ(line(1, 1, 1, text), "read");
  EXPECT_EQ(line(1, 1, 1, text + 1), "json_length /parts/0/bytes");
}

TEST(ApiLimits, OfTheLinesOfABody) {
  const std::size_t most = Limits{}.most_lines;
  std::string body;
  for (std::size_t i = 0; i < most; ++i) body += "{}\n";
  EXPECT_EQ(lines_of(body, most)->size(), most);
  EXPECT_EQ(lines_of(body + "{}\n", most).error().rule, base::Rule::submission_lines);
}

}  // namespace
}  // namespace wideberth::api
