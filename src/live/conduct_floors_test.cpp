// Every conduct of conduct.def has its row in here: an encounter in which it is found, one that just misses, one with fixes too
// rare and one with fixes too rough. A conduct without a row fails. All tracks are invented.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <set>

#include "live/golden_testing.h"

namespace wideberth::live {
namespace {

using testing::Scene;
using Change = std::function<void(Scene&)>;

struct FloorRow {
  Conduct conduct;
  Scene scene;
  Change nearly, rare, rough;
};

std::vector<FloorRow> floor_rows() {
  const auto every = [](std::size_t drive, double seconds) -> Change {
    return [=](Scene& s) { s.drives[drive].every_s = seconds; };
  };
  const auto accuracy = [](std::size_t drive, float metres) -> Change {
    return [=](Scene& s) { s.drives[drive].said.accuracy_m = metres; };
  };
  return {
      {Conduct::blocking, testing::blocking_scene(), [](Scene& s) { s.drives[1].way = {{0, 0, 120}, {20, 0, 11}, {140, 0, 11}}; },
       every(1, 11), accuracy(1, 21)},
      {Conduct::tailing, testing::tailing_scene(), [](Scene& s) { s.drives[1].way = {{0, -210, 0}, {130, 1090, 0}}; },
       every(1, 6), accuracy(1, 21)},
      {Conduct::overtake_close, testing::overtaking_scene(), [](Scene& s) { s.drives[1].way = {{0, -65, 5.6}, {20, 265, 5.6}}; },
       every(1, 1.5), accuracy(1, 2.1F)},
      {Conduct::cut_in, testing::cut_in_scene(), [](Scene& s) { s.drives[1].way = {{0, 82, 80}, {12, 82, -40}}; }, every(0, 1.5),
       accuracy(0, 5.1F)},
      // The floors of leaving the road alone: the cut-in before it rests on good fixes.
      {Conduct::forced_off_road, testing::forced_off_road_scene(),
       [](Scene& s) { s.drives[0].way = {{0, 0, 0}, {6, 72, 0}, {8, 86, -6}, {12, 108, -14.5}, {16, 120, -14.5}}; },
       [](Scene& s) { s.drives[0].silent_from = 9.5, s.drives[0].silent_to = 10.5; },
       [](Scene& s) { s.drives[0].rough_from = 9.5, s.drives[0].rough_m = 5.1F; }},
      {Conduct::boxing_in, testing::boxing_in_scene(), [](Scene& s) { s.drives.pop_back(); }, every(3, 2.5), accuracy(0, 10.5F)},
      {Conduct::pursuit, testing::pursuit_scene(), [](Scene& s) { s.drives[0].to = s.drives[1].to = 150; }, every(1, 3),
       accuracy(1, 21)},
      {Conduct::contact, testing::contact_scene(),
       [](Scene& s) { s.drives[1].way = {{0, -80, 4.6}, {20, 155, 4.6}, {30, 185, 4.6}, {40, 195, 4.6}}; }, every(1, 1.5),
       accuracy(1, 5.1F)},
      {Conduct::low_overflight, testing::low_overflight_scene(), [](Scene& s) { s.drives[1].said.altitude_m = 551; },
       every(0, 2.5), accuracy(1, 31)},
  };
}

bool tells(const testing::Played& played, Conduct conduct) {
  return std::any_of(played.findings.candidates.begin(), played.findings.candidates.end(),
                     [&](const Candidate& each) { return each.conduct == conduct; });
}
/// What the refusal for that reason says was found, in thousandths; none where there is no such refusal.
std::optional<std::pair<std::int64_t, std::int64_t>> refusal(const testing::Played& played, Conduct conduct, Why why) {
  for (const Unreported& each : played.findings.unreported)
    if (each.conduct == conduct && each.why == why) return std::pair(each.found, each.needed);
  return {};
}
/// As an agreement would have it: the number of the conduct that is called so, a thousand times as lax.
Tests laxer(Conduct conduct, std::string_view number) {
  Tests tests;
  for (std::size_t i = 0; i < kLimitCount; ++i)
    if (limit_rows()[i].conduct == conduct && limit_rows()[i].name == number) tests.thousandths[i] *= 1'000;
  return tests;
}

TEST(ConductTable, EveryConductHasItsRow) {
  std::set<Conduct> rows, known;
  for (const FloorRow& row : floor_rows()) rows.insert(row.conduct);
  for (const LimitRow& row : limit_rows()) known.insert(row.conduct);
  EXPECT_EQ(rows, known);
  EXPECT_EQ(known.size(), kConductCount);
  for (const Conduct each : known)
    for (const char* floor : {"least_fix_s", "most_accuracy_m"})
      EXPECT_TRUE(std::any_of(limit_rows().begin(), limit_rows().end(),
                              [&](const LimitRow& row) { return row.conduct == each && row.name == floor; }))
          << name_of(each) << " states no " << floor;
}

TEST(ConductTable, EachIsFoundAndJustMissed) {
  for (const FloorRow& row : floor_rows()) {
    EXPECT_TRUE(tells(play(row.scene), row.conduct)) << name_of(row.conduct);
    Scene scene = row.scene;
    row.nearly(scene);
    EXPECT_FALSE(tells(play(scene), row.conduct)) << name_of(row.conduct);
  }
}

TEST(ConductTable, EachIsRefusedBelowItsFloorsAndSaysByHowMuch) {
  for (const FloorRow& row : floor_rows())
    for (const auto& [change, why, number] :
         {std::tuple(row.rare, Why::fix_rate, "least_fix_s"), std::tuple(row.rough, Why::accuracy, "most_accuracy_m")}) {
      Scene scene = row.scene;
      change(scene);
      const testing::Played played = play(scene);
      EXPECT_FALSE(tells(played, row.conduct)) << name_of(row.conduct) << ": " << name_of(why);
      const auto said = refusal(played, row.conduct, why);
      ASSERT_TRUE(said) << name_of(row.conduct) << ": " << name_of(why);
      EXPECT_GT(said->first, said->second) << name_of(row.conduct) << ": " << name_of(why);
      // It is this floor that speaks against it: where the agreement asks for less, the same tracks show it.
      const testing::Played lax = play(scene, laxer(row.conduct, number));
      EXPECT_FALSE(refusal(lax, row.conduct, why)) << name_of(row.conduct) << ": " << name_of(why);
      EXPECT_TRUE(why == Why::fix_rate || tells(lax, row.conduct)) << name_of(row.conduct) << ": " << name_of(why);
    }
}

TEST(ConductTable, WhereTheCutInIsNotReportedNeitherIsLeavingTheRoad) {
  Scene scene = testing::forced_off_road_scene();
  scene.drives[1].said.accuracy_m = 6;
  const testing::Played played = play(scene);
  EXPECT_TRUE(played.findings.candidates.empty());
  EXPECT_TRUE(refusal(played, Conduct::cut_in, Why::accuracy));
  EXPECT_TRUE(refusal(played, Conduct::forced_off_road, Why::accuracy));
}

}  // namespace
}  // namespace wideberth::live
