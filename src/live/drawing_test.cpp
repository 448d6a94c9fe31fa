// The drawings of docs/live.md are the code's own output: this test makes them again and compares them, to the byte.
// WIDEBERTH_WRITE_DRAWINGS=1 writes them instead.
#include "live/drawing.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "json/writer.h"
#include "live/golden_testing.h"

namespace wideberth::live {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

struct Page {
  const char* name;
  testing::Scene scene;
};

std::vector<Page> pages() {
  return {{"blocking", testing::blocking_scene()},
          {"tailing", testing::tailing_scene()},
          {"overtake-close", testing::overtaking_scene()},
          {"cut-in", testing::cut_in_scene()},
          {"forced-off-road", testing::forced_off_road_scene()},
          {"boxing-in", testing::boxing_in_scene()},
          {"pursuit", testing::pursuit_scene()},
          {"contact", testing::contact_scene()},
          {"low-overflight", testing::low_overflight_scene()}};
}

std::string drawn(const testing::Scene& scene) {
  const testing::Played played = testing::play(scene);
  const Reviewed reviewed{played.encounters.at(0), played.findings};
  return drawing_of(played.units, reviewed, played.around, scene.title + " (invented tracks)");
}

TEST(Drawings, AreThoseOfTheDocument) {
  for (const Page& page : pages()) {
    const std::string file = std::string(WIDEBERTH_SOURCE_DIR) + "/docs/live/" + page.name + ".svg";
    const std::string now = drawn(page.scene);
    if (std::getenv("WIDEBERTH_WRITE_DRAWINGS") != nullptr) std::ofstream(file, std::ios::binary) << now;
    std::ifstream kept(file, std::ios::binary);
    std::stringstream bytes;
    bytes << kept.rdbuf();
    EXPECT_TRUE(bytes.str() == now) << file << " differs from what the code draws";
  }
}

TEST(Drawings, HoldNoMarkupOfANameThatATrackBrings) {
  testing::Scene scene = testing::blocking_scene();
  scene.drives[0].name = "<script>\"&";
  const std::string page = drawn(scene);
  EXPECT_THAT(page, Not(HasSubstr("<script>")));
  EXPECT_THAT(page, HasSubstr("&lt;script&gt;&quot;&amp;"));
}

/// docs/live.md names every test, every number of it with its default, and its drawing.
TEST(Drawings, TheDocumentNamesEveryNumber) {
  std::ifstream file(std::string(WIDEBERTH_SOURCE_DIR) + "/docs/live.md", std::ios::binary);
  std::stringstream bytes;
  bytes << file.rdbuf();
  const std::string text = bytes.str();
  for (const LimitRow& row : limit_rows()) {
    json::Writer writer;
    const std::string cell = "| `" + std::string(row.name) + "` | " + writer.fixed(row.thousandths, 3).take() + " |";
    const std::size_t section = text.find("## `" + std::string(name_of(row.conduct)) + "`");
    ASSERT_NE(section, std::string::npos) << name_of(row.conduct);
    const std::size_t end = text.find("\n## ", section + 1);
    EXPECT_NE(text.substr(section, end - section).find(cell), std::string::npos) << name_of(row.conduct) << ": " << cell;
  }
  for (const Page& page : pages()) EXPECT_THAT(text, HasSubstr("live/" + std::string(page.name) + ".svg"));
}

}  // namespace
}  // namespace wideberth::live
