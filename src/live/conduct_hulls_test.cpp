// Contact by the outlines of two units, and columns. All tracks are invented.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "live/golden_testing.h"

namespace wideberth::live {
namespace {

using testing::play;
using testing::Played;
using testing::Scene;

std::vector<std::string> found_in(const Played& played) {
  std::vector<std::string> out;
  for (const Candidate& each : played.findings.candidates) {
    std::string line = std::string(name_of(each.conduct)) + " by";
    for (const UnitIndex unit : each.by) line += " " + played.units[unit].name;
    line += " upon " + played.units[each.upon].name;
    for (const UnitIndex unit : each.also_upon) line += "+" + played.units[unit].name;
    out.push_back(line);
  }
  return out;
}
bool says(const Played& played, Conduct conduct, Why why) {
  return std::any_of(played.findings.unreported.begin(), played.findings.unreported.end(),
                     [&](const Unreported& each) { return each.conduct == conduct && each.why == why; });
}
double measured(const Candidate& candidate, std::string_view name) {
  for (const ConductValue& each : candidate.values)
    if (each.name == name) return static_cast<double>(each.thousandths) / 1000;
  ADD_FAILURE() << "no value " << name;
  return NAN;
}

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(ConductHulls, TheGoldenContactWithItsMeasuredValues) {
  const Played played = play(testing::contact_scene());
  ASSERT_THAT(found_in(played), ElementsAre("contact by B-1 upon R-1"));
  const Candidate& found = played.findings.candidates[0];
  EXPECT_LT(measured(found, "gap_m"), 2);
  EXPECT_NEAR(measured(found, "gap_below_m"), 2, 0.001) << "a metre of accuracy each";
  EXPECT_GT(measured(found, "speed_step_mps"), 2);
}

/// Two of that size side by side at 8 m/s, `apart` between their middles; red brakes at 20 s.
Scene abreast(double apart, double length_m, double width_m) {
  return testing::sized(
      {"Abreast; red brakes",
       {{"blue", "B-1", {{0, 0, 0}, {40, 320, 0}}}, {"red", "R-1", {{0, 0, apart}, {20, 160, apart}, {40, 240, apart}}}}},
      length_m, width_m);
}
/// One behind the other.
Scene in_line(double apart, double length_m, double width_m) {
  return testing::sized({"In line; blue, behind, brakes",
                         {{"red", "R-1", {{0, 0, 0}, {40, 320, 0}}},
                          {"blue", "B-1", {{0, -apart, 0}, {20, 160 - apart, 0}, {40, 240 - apart, 0}}}}},
                        length_m, width_m);
}

TEST(ConductHulls, WhichWayTheyFaceDecides) {
  EXPECT_THAT(found_in(play(abreast(4.4, 6, 2.5))), ElementsAre("contact by B-1 upon R-1")) << "1.9 m between the sides";
  EXPECT_THAT(found_in(play(abreast(4.6, 6, 2.5))), IsEmpty()) << "2.1 m, though half of both lengths is 6 m";
  EXPECT_THAT(found_in(play(in_line(7.9, 6, 2.5))), ElementsAre("contact by B-1 upon R-1")) << "1.9 m from bow to stern";
  EXPECT_THAT(found_in(play(in_line(8.2, 6, 2.5))), IsEmpty()) << "2.2 m";
  EXPECT_THAT(found_in(play(abreast(16.9, 120, 15))), ElementsAre("contact by B-1 upon R-1")) << "two ships";
  EXPECT_THAT(found_in(play(abreast(17.1, 120, 15))), IsEmpty());
}

TEST(ConductHulls, TheCornerOfAShipThatTurnsIsCounted) {
  // A ship of 100 m turns to port before a boat that lies still ten metres off her side, further back than her bow.
  Scene scene = testing::sized({"A ship turns; her quarter swings towards a boat", {}}, 0, 0);
  scene.drives = {{"blue", "SHIP", {{0, -100, 0}, {20, 0, 0}, {40, 0, 100}}},
                  {"red", "BOAT", {{0, -9, -45}, {40, -9, -45}}, 1, {.accuracy_m = 1, .speed_mps = 0, .course_deg = 90}}};
  scene.drives[0].length_m = 100, scene.drives[0].width_m = 14;
  scene.drives[1].length_m = 8, scene.drives[1].width_m = 3;
  scene.drives[1].way = {{0, -40, -45}, {5, -9, -45}, {40, -9, -45}};
  scene.drives[1].said = {.accuracy_m = 1};
  EXPECT_THAT(found_in(play(scene)), ElementsAre("contact by SHIP upon BOAT"));
  scene.drives[1].way = {{0, -40, -80}, {5, -9, -80}, {40, -9, -80}};
  EXPECT_THAT(found_in(play(scene)), IsEmpty()) << "beyond her stern";
}

TEST(ConductHulls, WithoutASizeOrAHeadingItIsSaidThatNothingCanBeTold) {
  Scene scene = testing::contact_scene();
  scene.drives[1].width_m = 0;
  Played played = play(scene);
  EXPECT_THAT(found_in(played), IsEmpty());
  EXPECT_TRUE(says(played, Conduct::contact, Why::no_size));
  scene = testing::contact_scene();
  scene.drives[0].length_m = 0;
  played = play(scene);
  EXPECT_TRUE(says(played, Conduct::contact, Why::no_size));
  EXPECT_EQ(played.units[*played.findings.unreported.at(0).of].name, "B-1");
  // One that never moved and says no course faces nobody knows where.
  scene = testing::contact_scene();
  scene.drives[0].way = {{0, 160, 0}, {40, 160, 0}};
  played = play(scene);
  EXPECT_THAT(found_in(played), IsEmpty());
  EXPECT_TRUE(says(played, Conduct::contact, Why::no_heading));
  // Far from touching, nothing is said either.
  scene = testing::sized(abreast(30, 6, 2.5), 0, 0);
  EXPECT_FALSE(says(play(scene), Conduct::contact, Why::no_size));
}

TEST(ConductHulls, OneCandidateForAColumnThatIsTailed) {
  Scene scene = testing::tailing_scene();
  scene.drives.push_back({"red", "R-2", {{0, -30, 0}, {60, 570, 0}, {130, 1270, 0}}, 5, {.accuracy_m = 5}});
  scene.drives.push_back({"blue", "B-2", {{0, -120, 0}, {60, 480, 0}, {130, 1180, 0}}, 5, {.accuracy_m = 5}});
  EXPECT_THAT(found_in(play(scene)), ElementsAre("tailing by B-1 upon R-1", "tailing by B-2 upon R-1", "tailing by B-1 upon R-2",
                                                 "tailing by B-2 upon R-2"))
      << "nobody has said that they are columns";
  for (auto& drive : scene.drives) drive.formation = drive.party + "-column";
  const Played played = play(scene);
  ASSERT_THAT(found_in(played), ElementsAre("tailing by B-1 B-2 upon R-2+R-1"));
  const Candidate& found = played.findings.candidates[0];
  EXPECT_NEAR(measured(found, "least_distance_m"), 50, 0.1) << "B-1 behind R-2";
  EXPECT_NEAR(measured(found, "greatest_distance_m"), 120, 0.1) << "B-2 behind R-1";
  EXPECT_EQ(measured(found, "units_by"), 2);
  EXPECT_EQ(measured(found, "units_upon"), 2);
  EXPECT_EQ(found.rests_on.size(), 4U);
  scene.drives[3].formation = "another";
  EXPECT_THAT(found_in(play(scene)), ElementsAre("tailing by B-1 upon R-2+R-1", "tailing by B-2 upon R-2+R-1"))
      << "two columns of blue's";
}

TEST(ConductHulls, OneCandidateForABlockedColumn) {
  Scene scene = testing::blocking_scene();
  scene.drives.push_back({"red", "R-2", {{0, -620, 0}, {45, -80, 0}, {50, -50, 0}, {140, -50, 0}}, 5, {.accuracy_m = 5}});
  EXPECT_THAT(found_in(play(scene)), ElementsAre("blocking by B-1 upon R-1", "blocking by B-1 upon R-2"));
  scene.drives[0].formation = scene.drives[2].formation = "patrol";
  Played played = play(scene);
  ASSERT_THAT(found_in(played), ElementsAre("blocking by B-1 upon R-1+R-2"));
  EXPECT_NEAR(measured(played.findings.candidates[0], "ahead_m"), 30, 0.1) << "of the nearest";
  scene.drives[2].every_s = 12;
  played = play(scene);
  EXPECT_THAT(found_in(played), ElementsAre("blocking by B-1 upon R-1")) << "what rests on too few fixes is not part of it";
  EXPECT_TRUE(says(played, Conduct::blocking, Why::fix_rate));
}

TEST(ConductHulls, TwoTimesAreTwoCandidatesOfAColumn) {
  // It follows R-1 for 130 s; R-1 turns off, and then it follows R-2 for as long: never both at once.
  Scene scene = testing::tailing_scene();
  scene.drives = {{"red", "R-1", {{0, 0, 0}, {130, 1300, 0}, {260, 1300, 800}}, 5, {.accuracy_m = 5}},
                  {"red", "R-2", {{0, 100, 900}, {130, 1310, 60}, {140, 1500, 0}, {290, 3000, 0}}, 5, {.accuracy_m = 5}},
                  {"blue", "B-1", {{0, -80, 0}, {130, 1220, 0}, {146, 1420, 0}, {290, 2860, 0}}, 5, {.accuracy_m = 5}}};
  for (auto& drive : scene.drives) drive.formation = drive.party + "-column";
  const Played played = play(scene);
  EXPECT_THAT(found_in(played), ElementsAre("tailing by B-1 upon R-1", "tailing by B-1 upon R-2"));
}

}  // namespace
}  // namespace wideberth::live
