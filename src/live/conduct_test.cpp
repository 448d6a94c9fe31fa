#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

#include "live/golden_testing.h"

namespace wideberth::live {
namespace {

using testing::play;
using testing::Played;
using testing::Scene;

/// Every candidate as "blocking by B-1 upon R-1".
std::vector<std::string> told(const Played& played) {
  std::vector<std::string> out;
  for (const Candidate& each : played.findings.candidates) {
    std::string line = std::string(name_of(each.conduct)) + " by";
    for (const UnitIndex unit : each.by) line += " " + played.units[unit].name;
    out.push_back(line + " upon " + played.units[each.upon].name);
  }
  return out;
}

/// Every refusal as "blocking: fix rate".
std::vector<std::string> untold(const Played& played) {
  std::vector<std::string> out;
  for (const Unreported& each : played.findings.unreported)
    out.push_back(std::string(name_of(each.conduct)) + ": " + std::string(name_of(each.why)));
  return out;
}

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;

double value(const Candidate& candidate, std::string_view name) {
  for (const ConductValue& each : candidate.values)
    if (each.name == name) return static_cast<double>(each.thousandths) / 1000;
  ADD_FAILURE() << "no value " << name;
  return NAN;
}

TEST(ConductGolden, BlockingWithItsMeasuredValues) {
  const Played played = play(testing::blocking_scene());
  ASSERT_THAT(told(played), ElementsAre("blocking by B-1 upon R-1"));
  const Candidate& found = played.findings.candidates[0];
  EXPECT_EQ(found.when.from, testing::after(55));
  EXPECT_EQ(found.when.to, testing::after(140));
  EXPECT_NEAR(value(found, "ahead_m"), 30, 0.1);
  EXPECT_NEAR(value(found, "beside_way_m"), 2, 0.1);
  EXPECT_NEAR(value(found, "came_at_mps"), 12, 0.1);
  EXPECT_NEAR(value(found, "duration_s"), 85, 0.001);
  ASSERT_EQ(found.rests_on.size(), 2U);
  EXPECT_EQ(found.rests_on[0].fixes.size(), 18U);
  // What needs a fix a second is not reported, and said.
  EXPECT_THAT(untold(played), ElementsAre("overtake-close: fix rate", "cut-in: fix rate", "contact: fix rate"));
}

TEST(ConductGolden, EachKindIsFoundInItsScene) {
  EXPECT_THAT(told(play(testing::tailing_scene())), ElementsAre("tailing by B-1 upon R-1"));
  EXPECT_THAT(told(play(testing::overtaking_scene())), ElementsAre("overtake-close by B-1 upon R-1"));
  EXPECT_THAT(told(play(testing::cut_in_scene())), ElementsAre("cut-in by B-1 upon R-1"));
  EXPECT_THAT(told(play(testing::forced_off_road_scene())),
              ElementsAre("cut-in by B-1 upon R-1", "forced-off-road by B-1 upon R-1"));
  EXPECT_THAT(told(play(testing::boxing_in_scene())), ElementsAre("boxing-in by R-1 R-2 R-3 upon B-1"));
  EXPECT_THAT(told(play(testing::pursuit_scene())), ElementsAre("tailing by B-1 upon R-1", "pursuit by B-1 upon R-1"));
  EXPECT_THAT(told(play(testing::contact_scene())), ElementsAre("contact by B-1 upon R-1"));
  EXPECT_THAT(told(play(testing::low_overflight_scene())), ElementsAre("low-overflight by H-1 upon B-1"));
}

TEST(ConductGolden, TheMeasuredValuesAreThoseOfTheTracks) {
  const auto first = [](const Played& played) { return played.findings.candidates.at(0); };
  const Candidate pass = first(play(testing::overtaking_scene()));
  EXPECT_NEAR(value(pass, "gap_m"), 2.0, 0.02);
  EXPECT_NEAR(value(pass, "faster_by_mps"), 6.5, 0.02);
  const Candidate over = first(play(testing::low_overflight_scene()));
  EXPECT_NEAR(value(over, "least_height_m"), 30, 0.01);
  EXPECT_GT(value(over, "duration_s"), 20);
  const Candidate chase = play(testing::pursuit_scene()).findings.candidates.at(1);
  EXPECT_EQ(value(chase, "turns_matched"), 4);
  EXPECT_NEAR(value(chase, "length_m"), 2580, 30);
  const Candidate tail = first(play(testing::tailing_scene()));
  EXPECT_NEAR(value(tail, "least_distance_m"), 80, 0.1);
}

TEST(ConductGolden, EveryMeetingIsAnEncounterWithOrWithoutConduct) {
  Scene wave = testing::overtaking_scene();  // they pass each other, ten metres apart, slowly: nothing but an encounter
  wave.drives[1].way = {{0, 200, 10}, {20, 0, 10}};
  const Played played = play(wave);
  EXPECT_THAT(told(played), IsEmpty());
  ASSERT_EQ(played.encounters.size(), 1U);
  EXPECT_NEAR(played.encounters[0].closest().closest_m, 10, 0.01);
}

/// A near miss: the scene with one thing changed, and nothing of that kind is told.
void misses(std::string_view kind, Scene scene, const std::function<void(Scene&)>& change, const std::string& why) {
  change(scene);
  for (const std::string& each : told(play(scene))) EXPECT_FALSE(each.starts_with(kind)) << each << ": " << why;
}
/// The scene with one thing changed is not reported, for that reason.
void refuses(Scene scene, const std::function<void(Scene&)>& change, const std::string& what) {
  const std::string kind = what.substr(0, what.find(':'));
  misses(kind, scene, change, what);
  change(scene);
  EXPECT_THAT(untold(play(scene)), Contains(what));
}

TEST(ConductNearMiss, Blocking) {
  const Scene scene = testing::blocking_scene();
  const auto miss = [&](const std::string& why, const std::function<void(Scene&)>& change) {
    misses("blocking", scene, change, why);
  };
  miss("11 m beside the way", [](Scene& s) { s.drives[1].way = {{0, 0, 120}, {20, 0, 11}, {140, 0, 11}}; });
  miss("it creeps at 1.2 m/s", [](Scene& s) { s.drives[1].way = {{0, 0, 120}, {20, 0, 2}, {140, 144, 2}}; });
  miss("the other creeps on", [](Scene& s) { s.drives[0].way = {{0, -800, 0}, {45, -260, 0}, {140, -120, 0}}; });
  miss("the other stops 110 m away",
       [](Scene& s) { s.drives[0].way = {{0, -690, 0}, {45, -150, 0}, {50, -110, 0}, {140, -110, 0}}; });
  miss("55 s only", [](Scene& s) { s.drives[0].to = s.drives[1].to = 110; });
  miss("the other stood there all along", [](Scene& s) { s.drives[0].way = {{0, -30, 0}, {140, -30, 0}}; });
  miss("it came ten seconds after the other had stopped", [](Scene& s) {
    s.drives[1].way = {{0, 0, 400}, {65, 0, 2}, {160, 0, 2}};
    s.drives[0].way.back().t = 160;
  });
  miss("it stands behind the other", [](Scene& s) { s.drives[1].way = {{0, -60, 120}, {20, -60, 2}, {140, -60, 2}}; });
  Tests wider;
  wider.thousandths[static_cast<std::size_t>(Limit::blocking_stopped_within_m)] = 400'000;
  Scene far = scene;
  far.drives[0].way = {{0, -850, 0}, {45, -340, 0}, {50, -310, 0}, {140, -310, 0}};
  EXPECT_THAT(told(play(far, wider)), IsEmpty()) << "310 m ahead";
  far.drives[0].way = {{0, -830, 0}, {45, -320, 0}, {50, -290, 0}, {140, -290, 0}};
  EXPECT_THAT(told(play(far, wider)), ElementsAre("blocking by B-1 upon R-1")) << "290 m ahead";
  refuses(scene, [](Scene& s) { s.drives[0].every_s = s.drives[1].every_s = 12; }, "blocking: fix rate");
  refuses(scene, [](Scene& s) { s.drives[1].said.accuracy_m = 21; }, "blocking: accuracy");
}

TEST(ConductNearMiss, BlockingOnANotifiedWay) {
  Scene scene = testing::blocking_scene();
  scene.drives[1].way = {{0, 0, 120}, {20, 0, 40}, {140, 0, 40}};  // forty metres beside
  scene.notified = {{0, -1000, 0}, {0, 1000, 0}};
  EXPECT_THAT(told(play(scene)), ElementsAre("blocking by B-1 upon R-1"));
  scene.half_width_m = 39;
  EXPECT_THAT(told(play(scene)), IsEmpty());
}

TEST(ConductNearMiss, Tailing) {
  const Scene scene = testing::tailing_scene();
  const auto miss = [&](const std::string& why, const std::function<void(Scene&)>& change) {
    misses("tailing", scene, change, why);
  };
  miss("115 s only", [](Scene& s) { s.drives[0].to = s.drives[1].to = 119; });
  miss("210 m behind", [](Scene& s) { s.drives[1].way = {{0, -210, 0}, {130, 1090, 0}}; });
  miss("abreast", [](Scene& s) { s.drives[1].way = {{0, 0, 50}, {130, 1300, 50}}; });
  miss("another heading", [](Scene& s) { s.drives[1].said = {.accuracy_m = 5, .speed_mps = 10, .course_deg = 65}; });
  miss("the other hardly moves", [](Scene& s) {
    s.drives[0].way = {{0, 0, 0}, {130, 234, 0}};
    s.drives[1].way = {{0, -80, 0}, {130, 154, 0}};
  });
  Scene front = scene;
  front.drives[1].way = {{0, 80, 0}, {130, 1380, 0}};
  EXPECT_THAT(told(play(front)), ElementsAre("tailing by R-1 upon B-1")) << "who drives in front tails nobody";
  Scene heading = scene;
  heading.drives[1].said = {.accuracy_m = 5, .speed_mps = 10, .course_deg = 75};
  EXPECT_THAT(told(play(heading)), ElementsAre("tailing by B-1 upon R-1")) << "fifteen degrees are within twenty";
  refuses(scene, [](Scene& s) { s.drives[1].every_s = 6; }, "tailing: fix rate");
  refuses(scene, [](Scene& s) { s.drives[0].said.accuracy_m = 30; }, "tailing: accuracy");
}

TEST(ConductNearMiss, CloseOvertaking) {
  const Scene scene = testing::overtaking_scene();
  const auto miss = [&](const std::string& why, const std::function<void(Scene&)>& change) {
    misses("overtake", scene, change, why);
  };
  miss("3.1 m between the sides", [](Scene& s) { s.drives[1].way = {{0, -65, 5.6}, {20, 265, 5.6}}; });
  miss("faster by 4.9 m/s", [](Scene& s) { s.drives[1].way = {{0, -49, 4.5}, {20, 249, 4.5}}; });
  miss("another heading", [](Scene& s) { s.drives[1].said = {.accuracy_m = 1, .speed_mps = 16.5F, .course_deg = 65}; });
  miss("the other stands", [](Scene& s) { s.drives[0].way = {{0, 100, 0}, {20, 130, 0}}; });
  miss("it stays behind", [](Scene& s) { s.drives[1].to = 9; });
  refuses(scene, [](Scene& s) { s.drives[1].every_s = 2; }, "overtake-close: fix rate");
  refuses(scene, [](Scene& s) { s.drives[1].said.accuracy_m = 3; }, "overtake-close: accuracy");
  refuses(scene, [](Scene& s) { s.drives[1].said.accuracy_m = kNone; }, "overtake-close: accuracy");
}

TEST(ConductNearMiss, CuttingIn) {
  const Scene scene = testing::cut_in_scene();
  const auto miss = [&](const std::string& why, const std::function<void(Scene&)>& change) {
    misses("cut-in", scene, change, why);
  };
  miss("twenty degrees", [](Scene& s) { s.drives[1].way = {{0, -1.5, 8}, {5, 74.5, 8}, {8, 102, -2}, {16, 150, -2}}; });
  miss("it crosses at a right angle", [](Scene& s) { s.drives[1].way = {{0, 82, 80}, {12, 82, -40}}; });
  miss("two seconds ahead",
       [](Scene& s) { s.drives[1].way = {{0, 18, 8}, {5, 94, 8}, {7, 108, -2}, {8, 115, -2}, {16, 163, -2}}; });
  miss("it goes across and away",
       [](Scene& s) { s.drives[1].way = {{0, -1.5, 8}, {5, 74.5, 8}, {7, 88.5, -2}, {16, 151.5, -47}}; });
  miss("it was in front already",
       [](Scene& s) { s.drives[1].way = {{0, 7, 3}, {5, 77, 3}, {7, 88.5, -2}, {8, 95.5, -2}, {16, 143.5, -2}}; });
  miss("the other hardly moves", [](Scene& s) { s.drives[0].way = {{0, 64, 0}, {6, 72, 0}, {16, 85, 0}}; });
  refuses(scene, [](Scene& s) { s.drives[0].every_s = 2; }, "cut-in: fix rate");
  refuses(scene, [](Scene& s) { s.drives[0].said.accuracy_m = 6; }, "cut-in: accuracy");
}

TEST(ConductNearMiss, ForcedOffTheRoad) {
  const Scene scene = testing::forced_off_road_scene();
  const auto miss = [&](const std::string& why, const std::function<void(Scene&)>& change) {
    misses("forced", scene, change, why);
  };
  miss("14 m off", [](Scene& s) { s.drives[0].way = {{0, 0, 0}, {6, 72, 0}, {8, 86, -6}, {12, 108, -14}, {16, 120, -14}}; });
  miss("off the road, but eleven seconds later", [](Scene& s) {
    s.drives[0].way = {{0, 0, 0}, {6, 72, 0}, {8, 86, 0}, {16, 126, 0}, {24, 166, -25}, {30, 190, -25}};
    s.drives[1].way.push_back({30, 230, -2});
  });
  miss("without a cut-in", [](Scene& s) { s.drives[1].way = {{0, -1.5, 8}, {16, 250, 8}}; });
  miss("it was off the road before", [](Scene& s) { s.road = {{0, -100, 18}, {0, 300, 18}}; });
  refuses(scene, [](Scene& s) { s.road.clear(); }, "forced-off-road: no road");
}

TEST(ConductNearMiss, BoxingIn) {
  const Scene scene = testing::boxing_in_scene();
  const auto miss = [&](const std::string& why, const std::function<void(Scene&)>& change) {
    misses("boxing", scene, change, why);
  };
  miss("one unit near, two 35 m away", [](Scene& s) {
    s.drives[1].way = {{0, -60, 0}, {18, 35, 0}, {60, 35, 0}};
    s.drives[2].way = {{0, -130, 0}, {22, -35, 0}, {60, -35, 0}};
  });
  miss("on two sides only", [](Scene& s) { s.drives.pop_back(); });
  miss("the one in the middle moves", [](Scene& s) {
    for (auto& drive : s.drives) drive.way.back().east += 60;  // all creep on at 1.5 m/s
  });
  miss("fifteen seconds", [](Scene& s) {
    for (auto& drive : s.drives) drive.to = 39;
  });
  refuses(scene, [](Scene& s) { s.drives[3].every_s = 3; }, "boxing-in: fix rate");
  refuses(scene, [](Scene& s) { s.drives[0].said.accuracy_m = 12; }, "boxing-in: accuracy");
}

TEST(ConductNearMiss, Pursuit) {
  const Scene scene = testing::pursuit_scene();
  const auto miss = [&](const std::string& why, const std::function<void(Scene&)>& change) {
    misses("pursuit", scene, change, why);
  };
  miss("two turns", [](Scene& s) {
    for (auto& drive : s.drives) {
      drive.way.resize(3);
      const testing::Turn last = drive.way.back();
      drive.way.push_back({last.t + 100, last.east + 1200, last.north});
    }
  });
  miss("1.7 km", [](Scene& s) { s.drives[0].to = s.drives[1].to = 150; });
  miss("29 km/h", [](Scene& s) {
    for (auto& drive : s.drives)
      for (auto& turn : drive.way) turn.t *= 1.5;
  });
  miss("it takes another turn", [](Scene& s) {
    s.drives[1].way.resize(4);
    s.drives[1].way.push_back({220, 2000, 480});
  });
  refuses(scene, [](Scene& s) { s.drives[1].every_s = 3; }, "pursuit: fix rate");
  refuses(scene, [](Scene& s) { s.drives[1].said.accuracy_m = 25; }, "pursuit: accuracy");
}

TEST(ConductNearMiss, Contact) {
  const Scene scene = testing::contact_scene();
  const auto miss = [&](const std::string& why, const std::function<void(Scene&)>& change) {
    misses("contact", scene, change, why);
  };
  miss("near, but no step", [](Scene& s) {
    s.drives[0].way = {{0, 0, 0}, {40, 320, 0}};
    s.drives[1].way = {{0, -10, 4}, {40, 330, 4}};
  });
  miss("a step, but nine metres away",
       [](Scene& s) { s.drives[1].way = {{0, -80, 9}, {20, 155, 9}, {30, 185, 9}, {40, 195, 9}}; });
  refuses(scene, [](Scene& s) { s.drives[1].every_s = 2; }, "contact: fix rate");
  refuses(scene, [](Scene& s) { s.drives[1].said.accuracy_m = 6; }, "contact: accuracy");
}

TEST(ConductNearMiss, ContactByAStepOfTheHeadingAlone) {
  Scene scene = testing::contact_scene();
  scene.drives[0].way = {{0, 0, 0}, {20, 160, 0}, {40, 317, 30}};  // eleven degrees
  scene.drives[1].way = {{0, 2, 4}, {20, 162, 4}, {40, 322, 4}};
  EXPECT_THAT(told(play(scene)), IsEmpty());
  scene.drives[0].way = {{0, 0, 0}, {20, 160, 0}, {40, 308, 60}};  // 22 degrees
  EXPECT_THAT(told(play(scene)), ElementsAre("contact by B-1 upon R-1"));
}

TEST(ConductNearMiss, LowOverflight) {
  const Scene scene = testing::low_overflight_scene();
  const auto miss = [&](const std::string& why, const std::function<void(Scene&)>& change) { misses("low", scene, change, why); };
  miss("101 m up", [](Scene& s) { s.drives[1].said.altitude_m = 551; });
  miss("nine metres higher: a hill", [](Scene& s) { s.drives[1].said.altitude_m = 459; });
  miss("nine seconds", [](Scene& s) { s.drives[1].from = 20, s.drives[1].to = 29; });
  miss("a hundred metres beside", [](Scene& s) { s.drives[1].way = {{0, 0, 100}, {60, 60, 100}}; });
  refuses(scene, [](Scene& s) { s.drives[0].every_s = 3; }, "low-overflight: fix rate");
  refuses(scene, [](Scene& s) { s.drives[0].said.altitude_m = kNone; }, "low-overflight: no altitude");
  refuses(scene, [](Scene& s) { s.drives[1].said.accuracy_m = 40; }, "low-overflight: accuracy");
}

TEST(ConductNearMiss, WhoFliesOverhead) {
  Scene scene = testing::contact_scene();
  scene.drives[0].said.altitude_m = 400;
  scene.drives[1].said.altitude_m = 409;
  EXPECT_THAT(told(play(scene)), Contains("contact by B-1 upon R-1")) << "nine metres: altitudes err";
  scene.drives[1].said.altitude_m = 411;
  EXPECT_THAT(told(play(scene)), Not(Contains("contact by B-1 upon R-1")));
  Scene box = testing::boxing_in_scene();
  for (auto& drive : box.drives) drive.said.altitude_m = 400;
  EXPECT_THAT(told(play(box)), ElementsAre("boxing-in by R-1 R-2 R-3 upon B-1"));
  box.drives[3].said.altitude_m = 430;
  EXPECT_THAT(told(play(box)), Not(Contains("boxing-in by R-1 R-2 R-3 upon B-1")));
}

TEST(ConductFloors, ADoubtfulFixWithinTheIntervalIsARefusal) {
  Played played = play(testing::blocking_scene());
  Encounter encounter = played.encounters.at(0);
  encounter.tracks.at(0).doubts.push_back(testing::after(70));
  const Findings found = find_conduct(played.units, encounter, {}, {});
  EXPECT_TRUE(found.candidates.empty());
  ASSERT_FALSE(found.unreported.empty());
  EXPECT_EQ(found.unreported[0].why, Why::doubtful);
}

TEST(ConductTests, TheNumbersOfAnAgreementOverrideTheDefaults) {
  model::Agreement agreement;
  agreement.rules.push_back(
      {"6.1", "Neither side blocks.", model::ProhibitedConductRule{"blocking", {{"for_s", 90'000}, {"made_up", 1}}}});
  agreement.rules.push_back({"6.2", "Nor points.", model::ProhibitedConductRule{"weapon-pointing", {}}});
  const Tests tests = tests_of(agreement);
  EXPECT_EQ(tests[Limit::blocking_for_s], 90);
  EXPECT_EQ(tests.clause[0], "6.1");
  EXPECT_THAT(tests.remarks, ElementsAre(::testing::HasSubstr("made_up"), ::testing::HasSubstr("weapon-pointing")));
  EXPECT_THAT(told(play(testing::blocking_scene(), tests)), IsEmpty()) << "85 s";
  EXPECT_EQ(conduct_named("low_overflight"), Conduct::low_overflight);
  EXPECT_EQ(conduct_named("contact-candidate"), Conduct::contact);
  EXPECT_EQ(conduct_named("smiling"), std::nullopt);
}

}  // namespace
}  // namespace wideberth::live
