// The reader of scenes refuses what is malformed, and says on which line: one row per refusal, each a sound scene with one fault.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "scene.h"

namespace wideberth::scenes {

namespace {

constexpr const char* kSound =
    "scene Two stand near each other\n"                      // 1
    "day 2020-08-25\n"                                       // 2
    "map 1 character = 100 m, P at 37 N 42 E\n"              // 3
    "  P.Q\n"                                                // 4
    "separation 300 m\n"                                     // 5
    "red movement A half-width 0 m\n"                        // 6
    "  P 06:00\n"                                            // 7
    "  P 07:00\n"                                            // 8
    "blue site B circle Q radius 0 m from 06:30 to 08:00\n"  // 9
    "# 200 m.\n# 06:30 - 07:00.\n# 08:00 - 06:00.\n"         // 10 to 12
    "times exact\n"                                          // 13
    "expect A B certain\n"                                   // 14
    "  least 200 m\n"                                        // 15
    "  possible 200 m\n"                                     // 16
    "  window 06:30..07:00\n"                                // 17
    "  delays -1800..7200 s\n"                               // 18
    "  later 7201 s\n"                                       // 19
    "  earlier 1801 s\n";                                    // 20

struct Row {
  const char* what;      // of the refusal
  const char* replaced;  // a part of the sound scene
  const char* by;
  int line;
};

const Row kRows[] = {
    {"begins nothing", "separation 300 m", "separate 300 m", 5},
    {"no line \"separation\"", "separation 300 m\n", "", 19},
    {"no line \"times\"", "times exact\n", "", 19},
    {"second \"day\"", "day 2020-08-25\n", "day 2020-08-25\nday 2020-08-26\n", 3},
    {"is no date", "2020-08-25", "25.8.2020", 2},
    {"means nothing on a map", "P.Q", "P?Q", 4},
    {"a row of", "  P.Q\n", "  P.Q\n  ..\n", 5},
    {"a second P", "P.Q", "PPQ", 4},
    {"no anchor", "m, P at", "m, + at", 3},
    {"\"South\" where \"S\"", "37 N", "37 South", 3},
    {"out of range", "37 N", "97 N", 3},
    {"is no number", "= 100 m", "= 1e2 m", 3},
    {"nobody uses Z", "P.Q", "PZQ", 20},
    {"no anchor P on the map", "  P.Q\n", "  X.Q\n", 3},
    {"no R on the map", "  P 06:00", "  R 06:00", 7},
    {"is no time", "P 06:00", "P 6am", 7},
    {"ends before it begins", "from 06:30", "from 08:30", 9},
    {"two stops or more", "  P 07:00\n", "", 6},
    {"is below", "half-width 0 m", "half-width -1 m", 6},
    {"is too much", "times exact", "times exact about", 13},
    {"more than 5 s", "times exact", "times 9000 m at 1 m/s", 13},
    {"more than 5 s", "times exact", "times 9000 m at 0 m/s", 13},
    {"a second A", "site B", "site A", 9},
    {"nothing is called C", "expect A B", "expect A C", 14},
    {"one with itself", "expect A B", "expect A A", 14},
    {"is no kind", "A B certain", "A B perhaps", 14},
    {"no \"least\"", "  least 200 m\n", "", 14},
    {"no \"later\"", "  later 7201 s\n", "", 14},
    {"a second least", "  possible 200 m", "  least 200 m", 16},
    {"nothing that can be expected", "  possible 200 m", "  hoped 200 m", 16},
    {"is no span", "-1800..7200 s", "-1800 s", 18},
    {"there is nothing to say", "A B certain", "A B none", 15},
    {"belongs to nothing", "times exact\n", "times exact\n  about\n", 14},
    {"no arithmetic", "# 200 m.\n", "", 19},
    {"a tab", "P.Q", "P\t.Q", 4},
    {"a space at the end", "P.Q\n", "P.Q \n", 4},
    {"one of them is not there", "separation 300 m", "separation 300 m\nseparation red bleu 300 m", 21},
    {"a whole number of seconds", "later 7201 s", "later 7201.5 s", 19},
    {"a whole number of seconds", "later 7201 s", "later 0 s", 19},
    {"owes itself", "separation 300 m", "separation red red 300 m", 5},
};

TEST(SceneReader, reads_what_is_sound) {
  const auto scene = read_scene(kSound);
  ASSERT_TRUE(scene) << scene.error().line << ": " << scene.error().what;
  EXPECT_EQ(scene->movers.size(), 2U);
  ASSERT_EQ(scene->expectations.size(), 1U);
  EXPECT_EQ(scene->letters.at('Q').east_m, 200);
  EXPECT_EQ(scene->time_tolerance_s, 0);
}

TEST(SceneReader, refuses_each_fault_with_its_line) {
  for (const Row& row : kRows) {
    SCOPED_TRACE(std::string(row.replaced) + " -> " + row.by);
    std::string text = kSound;
    const std::size_t at = text.find(row.replaced);
    ASSERT_NE(at, std::string::npos);
    text.replace(at, std::string_view(row.replaced).size(), row.by);
    const auto scene = read_scene(text);
    ASSERT_FALSE(scene);
    EXPECT_THAT(scene.error().what, testing::HasSubstr(row.what));
    EXPECT_EQ(scene.error().line, row.line) << scene.error().what;
  }
}

TEST(SceneReader, refuses_a_scene_without_an_expectation) {
  const std::string text = kSound;
  const auto scene = read_scene(text.substr(0, text.find("expect")));
  ASSERT_FALSE(scene);
  EXPECT_THAT(scene.error().what, testing::HasSubstr("no expectation"));
}

// The example in README.md is a scene that stands in this folder, to the byte.
TEST(SceneReader, the_example_of_the_page_is_a_scene) {
  const std::string dir = std::string(WIDEBERTH_SOURCE_DIR) + "/tests/scenes/";
  const auto read = [&](const char* name) {
    std::ifstream in{dir + name, std::ios::binary};
    return std::string{std::istreambuf_iterator<char>{in}, {}};
  };
  EXPECT_NE(read("README.md").find("```\n" + read("16-both-standing.scene") + "```\n"), std::string::npos);
}

}  // namespace

}  // namespace wideberth::scenes
