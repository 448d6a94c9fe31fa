#include "cli/scenario.h"

#include <gtest/gtest.h>

#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "cli/demo_telling.h"

namespace wideberth::cli {
namespace {

using base::Rule;

constexpr std::string_view kScenario =
    R"({"scenario": "s", "title": "t", "origin": "s.example/log", "operator": "o", "opens": "2020-08-20T07:00:00Z",
 "notice": "invented", "parties": [{"party": "blue", "role": "party", "name": "Blue", "desk": "blue/ops-1"},
 {"party": "red", "role": "party", "name": "Red", "desk": "red/ops-1"}], "endings": {"one": {"meaning": "m", "expect": {"log.opened": 1}}}, "steps": [
 {"at": "2020-08-20T08:00:00Z", "who": "red/ops-1", "act": "propose", "file": "a.json", "name": "protocol", "basis": "invented", "say": "x"},
 {"at": "2020-08-20T09:00:00Z", "who": "blue/ops-1", "act": "sign", "of": "protocol", "only": "one", "basis": ["S1", "S2"], "say": "y"}]})";

/// The scenario with one text in place of another.
base::Result<Scenario> read_with(std::string_view old_text, std::string_view new_text) {
  static int count = 0;
  const std::filesystem::path folder = std::filesystem::temp_directory_path() /
                                       ("wideberth-scenario-" + std::to_string(::getpid()) + "-" + std::to_string(count++));
  std::filesystem::create_directories(folder);
  std::string text(kScenario);
  const auto at = text.find(old_text);
  EXPECT_NE(at, std::string::npos) << old_text;
  text.replace(at, old_text.size(), new_text);
  std::ofstream(folder / "scenario.json") << text;
  auto read = read_scenario(folder);
  std::filesystem::remove_all(folder);
  return read;
}

TEST(Scenario, IsReadAsWritten) {
  const auto read = read_with("invented", "invented");
  ASSERT_TRUE(read) << to_text(read.error());
  ASSERT_EQ(read->steps.size(), 2U);
  EXPECT_EQ(read->steps[1].basis, (std::vector<std::string>{"S1", "S2"}));
  EXPECT_EQ(read->steps[1].only, std::vector<std::string>{"one"});
  EXPECT_EQ(read->endings.front().expect.front().second, 1U);
}

TEST(Scenario, RefusesWhatCannotBePlayed) {
  const struct {
    const char *old_text, *new_text;
    Rule rule;
  } rows[] = {
      {R"("act": "sign")", R"("act": "shout")", Rule::scenario_step},
      {R"("at": "2020-08-20T09:00:00Z")", R"("at": "2020-08-20T07:59:59Z")", Rule::scenario_step},
      {R"("who": "blue/ops-1")", R"("who": "green/ops-1")", Rule::scenario_step},
      {R"("only": "one")", R"("only": "two")", Rule::scenario_step},
      {R"("of": "protocol")", R"("of": "treaty")", Rule::scenario_step},
      {R"("of": "protocol")", R"("about": ["treaty"])", Rule::scenario_step},
      {R"("act": "sign")", R"("act": "enter", "kind": "hotline.shouted", "document": {})", Rule::scenario_step},
      {R"("act": "sign")", R"("act": "enter", "kind": "call.logged")", Rule::scenario_step},
      {R"("meaning": "m")", R"("meaning": "m", "without_key": "blue")", Rule::scenario_step},
      {R"("meaning": "m")", R"("meaning": "m", "without_key": "green")", Rule::scenario_step},
      {R"("act": "sign")", R"("log": "blue", "act": "sign")", Rule::scenario_step},
      {R"("say": "y")", R"("says": "y")", Rule::json_member_unknown},
      {R"("basis": ["S1", "S2"], )", "", Rule::json_member_missing},
  };
  for (const auto& row : rows) {
    const auto read = read_with(row.old_text, row.new_text);
    ASSERT_FALSE(read) << row.new_text;
    EXPECT_EQ(read.error().rule, row.rule) << row.new_text;
  }
}

TEST(Scenario, ReadsWhatAStepEnters) {
  const auto read = read_with(
      R"("act": "sign", "of": "protocol")",
      R"("act": "enter", "kind": "call.logged", "document": {"b": 1, "a": [true]}, "about": "protocol", "to": ["red"], "occurred": "2020-08-20T08:30:00Z")");
  ASSERT_TRUE(read) << to_text(read.error());
  const Step& step = read->steps[1];
  EXPECT_EQ(step.document, R"({"b":1,"a":[true]})");
  EXPECT_EQ(step.about, std::vector<std::string>{"protocol"});
  EXPECT_EQ(step.to, std::vector<std::string>{"red"});
  ASSERT_TRUE(step.occurred);
  EXPECT_EQ(base::to_text(*step.occurred), "2020-08-20T08:30:00.000Z");
  EXPECT_TRUE(step.happens_in("one"));
  EXPECT_FALSE(step.happens_in("another"));
}

TEST(Scenario, APartyMayHaveNoKeyInAnEnding) {
  const auto read = read_with(R"("endings": {)", R"("endings": {"two": {"meaning": "m", "without_key": "blue", "expect": {}}, )");
  ASSERT_TRUE(read) << to_text(read.error());
  EXPECT_EQ(read->parties_in(read->endings[0])[0].desk, "") << "blue signs in the ending \"one\" alone";
  EXPECT_EQ(read->parties_in(read->endings[1])[0].desk, "blue/ops-1");
}

TEST(Scenario, ItsTextsAndStepsHaveLimits) {
  const auto with_text = [](std::size_t bytes) {
    return read_with(R"("say": "y")", R"("say": ")" + std::string(bytes, 'y') + "\"");
  };
  EXPECT_TRUE(with_text(1000));
  const auto longer = with_text(1001);
  ASSERT_FALSE(longer);
  EXPECT_EQ(longer.error().rule, Rule::json_length);
  const auto with_steps = [](std::size_t more) {
    std::string steps = R"("say": "y"})";
    for (std::size_t i = 0; i < more; ++i)
      steps += R"(, {"at": "2020-08-20T09:00:00Z", "act": "narrate", "basis": "invented", "say": "z"})";
    return read_with(R"("say": "y"})", steps);
  };
  EXPECT_TRUE(with_steps(998)) << "a thousand with the two that stand there";
  const auto beyond = with_steps(999);
  ASSERT_FALSE(beyond);
  EXPECT_EQ(beyond.error().rule, Rule::json_length);
}

TEST(Scenario, TheShippedOneMarksEveryStep) {
  const auto read = read_scenario(std::filesystem::path(WIDEBERTH_SOURCE_DIR) / "scenarios" / "dayrik");
  ASSERT_TRUE(read) << to_text(read.error());
  EXPECT_EQ(read->endings.size(), 4U);
  for (const Step& step : read->steps) EXPECT_FALSE(step.basis.empty()) << step.say;
}

TEST(Telling, MarksASentenceOnce) {
  const struct {
    const char* say;
    std::vector<std::string> basis;
    const char* told;
  } rows[] = {
      {"Red notifies.", {"invented"}, "Red notifies. (invented)"},
      {"Red drives (invented tracks).", {"invented"}, "Red drives (invented tracks)."},
      {"Red drives (invented)", {"invented"}, "Red drives (invented)"},
      {"On (invented) tracks red drives.", {"invented"}, "On (invented) tracks red drives. (invented)"},
      {"Red drives (by night).", {"invented"}, "Red drives (by night). (invented)"},
      {"Red amends (invented).", {"S5", "invented"}, "Red amends (invented). [S5, invented]"},
      {"Red amends.", {"S5"}, "Red amends. [S5]"},
  };
  for (const auto& row : rows) {
    Step step;
    step.say = row.say;
    step.basis = row.basis;
    EXPECT_EQ(told(step), row.told);
  }
}

}  // namespace
}  // namespace wideberth::cli
