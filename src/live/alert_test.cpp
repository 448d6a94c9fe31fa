#include "live/alert.h"

#include <functional>
#include <map>

#include "live/proximity.h"
#include "live/testing.h"

namespace wideberth::live {
namespace {

using testing::after;
using testing::Chance;
using testing::fix_at;

/// Two or more units that drive as told, a fix each second.
struct Drive {
  explicit Drive(std::vector<Unit> who, Settings settings = settings_of(PairLimits{})) : proximity{std::move(settings)} {
    for (Unit& unit : who) EXPECT_TRUE(units.add(std::move(unit)));
  }
  using Where =
      std::function<std::pair<double, double>(std::size_t unit, double second)>;  ///< metres east and north of the field
  void run(double from, double to, const Where& where) {
    for (double s = from; s < to; ++s) {
      std::vector<UnitIndex> moved;
      for (std::uint32_t i = 0; i < units.size(); ++i) {
        const auto [east, north] = where(i, s);
        if (is_used(tracks.take(units, fix_at(UnitIndex{i}, s, east, north), after(s)))) moved.push_back({i});
      }
      proximity.step(units, tracks, moved);
      events.insert(events.end(), proximity.events().begin(), proximity.events().end());
    }
  }
  void wait_until(double second) {
    proximity.advance(tracks, after(second));
    events.insert(events.end(), proximity.events().begin(), proximity.events().end());
  }
  std::string said() const {
    std::string text;
    for (const AlertEvent& e : events) {
      text += (text.empty() ? "" : ", ") + std::string(name_of(e.grade)) + " " + std::string(name_of(e.change));
      if (e.change == AlertChange::closed) text += " " + std::string(name_of(e.ended));
    }
    return text;
  }

  Units units;
  Tracks tracks;
  Proximity proximity;
  std::vector<AlertEvent> events;
};

const Unit kBlue{.party = "blue", .name = "B-1"}, kRed{.party = "red", .name = "R-1"};

/// Head on along one line, 10 m/s each, passing with so many metres between them at second 60.
Drive::Where head_on(double berth) {
  return
      [berth](std::size_t unit, double s) { return unit == 0 ? std::pair{(s - 60) * 10, 0.0} : std::pair{(60 - s) * 10, berth}; };
}

TEST(Alert, TwoThatMeetAreToldTwiceAndThenNoMore) {
  Drive drive{{kBlue, kRed}};
  drive.run(0, 120, head_on(5));
  EXPECT_EQ(drive.said(), "caution raised, warning raised, warning closed eased, caution closed eased");
  ASSERT_EQ(drive.events.size(), 4U);
  EXPECT_LT(drive.events[0].at, after(6));   // as soon as it is sure
  EXPECT_LE(drive.events[1].at, after(33));  // half a minute ahead, and confirmed
  EXPECT_NEAR(drive.events[0].ahead.distance_m, 5, 0.5);
  EXPECT_NEAR(drive.events[1].ahead.seconds, 30, 3.5);
  EXPECT_GT(drive.events[2].at, after(60));
  EXPECT_TRUE(drive.proximity.book().open().empty());
}

TEST(Alert, TwoThatPassWideAreNotTold) {
  Drive drive{{kBlue, kRed}};
  drive.run(0, 120, head_on(101));
  EXPECT_EQ(drive.said(), "");
}

TEST(Alert, ACautionIsNoWarning) {
  Drive drive{{kBlue, kRed}};
  drive.run(0, 120, head_on(60));
  EXPECT_EQ(drive.said(), "caution raised, caution closed eased");
}

TEST(Alert, OneParty) {
  Drive drive{{kBlue, {.party = "blue", .name = "B-2"}}};
  drive.run(0, 120, head_on(5));
  EXPECT_EQ(drive.said(), "");
}

TEST(Alert, NothingIsRaisedWhereNothingIsOwed) {
  model::Agreement agreement;
  agreement.platform_classes = {"vehicle", "drone"};
  agreement.rules = {{"3.1", "", model::SeparationRule{"vehicle", "vehicle", Metres::from_metres(1000)}}};
  Drive drive{{kBlue, {.party = "red", .name = "R-1", .platform_class = "drone"}}, settings_of(agreement)};
  drive.run(0, 120, head_on(5));
  EXPECT_EQ(drive.said(), "");
}

TEST(Alert, ParkedMooredAndDrivingTogetherAreQuiet) {
  const auto parked = [](std::size_t unit, double s) {
    return std::pair{static_cast<double>(unit) * 10.0 + static_cast<int>(s) % 3, 0.0};
  };
  const auto together = [](std::size_t unit, double s) { return std::pair{s * 12 + static_cast<double>(unit) * 25, 0.0}; };
  const auto swaying = [](std::size_t unit, double s) {
    return std::pair{static_cast<double>(unit) * 12.0, (static_cast<int>(s) + (unit != 0 ? 7 : 0)) % 14 * 1.0};
  };
  Drive park{{kBlue, kRed}};
  park.run(0, 35, [&](std::size_t unit, double) { return parked(unit, 0); });
  park.run(35, 300, parked);  // the receivers wander
  EXPECT_EQ(park.said(), "");
  Drive convoy{{kBlue, kRed}};
  convoy.run(0, 300, together);
  EXPECT_EQ(convoy.said(), "");
  Unit blue = kBlue, red = kRed;
  blue.moored = red.moored = true;
  Drive moored{{blue, red}};
  moored.run(0, 300, swaying);
  EXPECT_EQ(moored.said(), "");
  Unit with_blue = kBlue, with_red = kRed;
  with_blue.formation = with_red.formation = "joint patrol 7";
  Drive formation{{with_blue, with_red}};
  formation.run(0, 120, head_on(5));
  EXPECT_EQ(formation.said(), "");
}

TEST(Alert, EndsInCompanyWhereTheyStayTogether) {
  Drive drive{{kBlue, kRed}};
  drive.run(0, 160, [](std::size_t unit, double s) { return std::pair{unit == 0 ? std::min(s * 10, 580.0) : 600, 0.0}; });
  EXPECT_EQ(drive.said(), "caution raised, warning raised, warning closed company, caution closed company");
}

TEST(Alert, OneThatFallsSilentIsLostAndLeavesNoOrphan) {
  Drive drive{{kBlue, kRed}};
  drive.run(0, 20, head_on(5));
  EXPECT_EQ(drive.said(), "caution raised");
  drive.wait_until(79);
  EXPECT_EQ(drive.said(), "caution raised");
  drive.wait_until(79.001);
  EXPECT_EQ(drive.said(), "caution raised, caution closed lost");
  EXPECT_TRUE(drive.proximity.book().open().empty());
  EXPECT_TRUE(drive.proximity.book().partners({0}).empty());
}

TEST(Alert, DoubtfulPositionsRaiseNothing) {
  Drive drive{{kBlue, kRed}};
  for (double s = 0; s < 60; ++s) {
    drive.tracks.take(drive.units, fix_at(UnitIndex{0}, s, (s - 60) * 10, 0, {.accuracy_m = 60}), after(s));
    drive.tracks.take(drive.units, fix_at(UnitIndex{1}, s, (60 - s) * 10, 5, {.accuracy_m = 60}), after(s));
    const UnitIndex both[] = {{0}, {1}};
    drive.proximity.step(drive.units, drive.tracks, both);
    EXPECT_TRUE(drive.proximity.events().empty());
  }
}

TEST(Alert, IsAcknowledgedOnceByEach) {
  Drive drive{{kBlue, kRed}};
  drive.run(0, 20, head_on(5));
  AlertBook& book = drive.proximity.book();
  const auto seen = book.acknowledge({1}, "blue", after(20));
  ASSERT_TRUE(seen);
  EXPECT_EQ(seen->change, AlertChange::acknowledged);
  EXPECT_EQ(seen->by, "blue");
  EXPECT_EQ(book.acknowledge({1}, "blue", after(21)).error().rule, Rule::live_alert);
  EXPECT_TRUE(book.acknowledge({1}, "red", after(21)));
  EXPECT_EQ(book.open().at({1}).acknowledged.size(), 2U);
  EXPECT_EQ(book.acknowledge({2}, "red", after(21)).error().rule, Rule::live_alert);
  drive.run(20, 120, head_on(5));
  EXPECT_EQ(drive.said(), "caution raised, warning raised, warning closed eased, caution closed eased");
}

TEST(Alert, IsKeptQuietForAReasonAndATime) {
  Drive drive{{kBlue, kRed}};
  AlertBook& book = drive.proximity.book();
  EXPECT_EQ(book.snooze({0}, {1}, Grade::caution, after(0), after(60), "blue", "").error().rule, Rule::live_alert);
  EXPECT_EQ(book.snooze({0}, {1}, Grade::caution, after(0), after(86'401), "blue", "they meet").error().rule, Rule::live_alert);
  drive.run(0, 20, head_on(5));
  const auto quiet = book.snooze({0}, {1}, Grade::caution, after(20), after(500), "blue", "they meet by arrangement");
  ASSERT_TRUE(quiet);
  ASSERT_EQ(quiet->size(), 1U);
  EXPECT_EQ(quiet->front().ended, Ended::snoozed);
  EXPECT_EQ(quiet->front().reason, "they meet by arrangement");
  drive.run(20, 120, head_on(5));
  EXPECT_EQ(drive.said(), "caution raised, warning raised, warning closed eased");  // a warning gets through
  ASSERT_TRUE(book.snooze({0}, {1}, Grade::warning, after(120), after(500), "blue", "they meet by arrangement"));
  drive.run(200, 320, [](std::size_t unit, double s) { return head_on(5)(unit, s - 200); });
  EXPECT_EQ(drive.events.size(), 3U);
}

TEST(AlertLaws, EveryAlertThatIsRaisedIsClosedOnce) {
  Chance chance{7};
  for (int round = 0; round < testing::cases(10); ++round) {
    std::vector<Unit> who;
    for (int i = 0; i < 12; ++i) who.push_back({.party = i % 2 == 0 ? "blue" : "red", .name = std::to_string(i)});
    Drive drive{who};
    std::vector<std::pair<double, double>> at(12), pace(12);
    for (auto& p : at) p = {chance.between(-300, 300), chance.between(-300, 300)};
    for (double s = 0; s < 200; s += 1) {
      for (std::size_t i = 0; i < 12; ++i) {
        if (chance.below(15) == 0) pace[i] = {chance.between(-15, 15), chance.between(-15, 15)};
        at[i] = {at[i].first * 0.99 + pace[i].first, at[i].second * 0.99 + pace[i].second};
      }
      drive.run(s, s + 1, [&](std::size_t unit, double) { return at[unit]; });
    }
    drive.wait_until(1000);
    std::map<AlertId, int> open;
    std::map<std::pair<PairKey, Grade>, int> of_pair;
    std::uint64_t next = 1;
    for (const AlertEvent& e : drive.events) {
      int& now = of_pair[{pair_of(e.a.value, e.b.value), e.grade}];
      if (e.change == AlertChange::raised) {
        EXPECT_EQ(e.id.value, next++);
        EXPECT_EQ(++open[e.id], 1);
        EXPECT_EQ(++now, 1);
      } else {
        EXPECT_EQ(--open[e.id], 0);
        EXPECT_EQ(--now, 0);
      }
    }
    for (const auto& [id, count] : open) EXPECT_EQ(count, 0);
    EXPECT_GT(next, 20U);
    EXPECT_TRUE(drive.proximity.book().open().empty());
  }
}

}  // namespace
}  // namespace wideberth::live
