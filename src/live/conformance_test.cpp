#include "live/conformance.h"

#include <algorithm>

#include "live/remaining.h"
#include "live/testing.h"

namespace wideberth::live {
namespace {

using testing::after;
using testing::Chance;
using testing::fix_at;
using testing::kField;
using testing::kStart;
using testing::offset;

struct Stop {
  double east, north, second;
};

/// Windows of ± half a `width` seconds.
model::Notification route_of(const std::vector<Stop>& stops, double width, double half_width_m = 50) {
  geo::Route route;
  for (const Stop& stop : stops)
    route.waypoints.push_back(
        {offset(kField, stop.east, stop.north), {after(stop.second - width / 2), after(stop.second + width / 2)}});
  route.half_width = Metres::from_mm(static_cast<std::int64_t>(half_width_m * 1000));
  model::Notification notified;
  notified.party = "blue";
  notified.where = route;
  notified.composition.vehicles = {{"M-ATV", 2}};
  return notified;
}

std::shared_ptr<const Movement> movement_of(const model::Notification& notified, const char* id = "MV-1", bool all = false) {
  const auto made = make_movement(id, notified, all);
  EXPECT_TRUE(made.has_value());
  return *made;
}

/// One unit or more on a movement, a fix every so many seconds.
struct Patrol {
  Units units;
  Tracks tracks;
  Watcher watcher;
  std::uint32_t movement = kNoMovement;

  explicit Patrol(const std::shared_ptr<const Movement>& what) {
    join("B-1");
    if (!what) return;
    movement = watcher.add(what);
    watcher.assign({0}, movement);
  }
  UnitIndex join(const char* name) { return *units.add({.party = "blue", .name = name}); }
  void at(double second, double east, double north, UnitIndex unit = {0}) {
    tracks.take(units, fix_at(unit, second, east, north), after(second));
    watcher.judge(unit, tracks.of(unit), after(second));
  }
  /// "late at 70, conforming at 130": the second of the fix that settled it.
  std::string said() const {
    std::string text;
    for (const ConformanceEvent& event : watcher.events())
      text +=
          (text.empty() ? "" : ", ") + std::string(name_of(event.now)) + " at " + std::to_string((event.at - kStart).ms() / 1000);
    return text;
  }
};

/// 10 m/s to the east for ten minutes.
const std::vector<Stop> kEast{{0, 0, 0}, {3000, 0, 300}, {6000, 0, 600}};

TEST(Conformance, AUnitThatKeepsToItsMovementIsSaidToOnce) {
  Patrol patrol{movement_of(route_of(kEast, 60))};
  for (double s = 0; s <= 600; s += 5) patrol.at(s, s * 10, static_cast<int>(s) % 40 - 20.0);
  EXPECT_EQ(patrol.said(), "conforming at 0");
  EXPECT_NEAR(patrol.watcher.progress({0})->along_m, 6000, 1);
}

TEST(Conformance, OffCorridorTakesAWhileAndSoDoesTheWayBack) {
  Patrol patrol{movement_of(route_of(kEast, 60))};
  const auto north = [](double s) { return s >= 100 && s < 200 ? 75.0 : s >= 300 && s < 308 ? 200.0 : s >= 400 ? 55.0 : 0.0; };
  for (double s = 0; s <= 600; s += 5) patrol.at(s, s * 10, north(s));  // 75 m: off; 8 s: too short; 55 m: within the margin
  EXPECT_EQ(patrol.said(), "conforming at 0, off corridor at 110, conforming at 210");
  EXPECT_NEAR(patrol.watcher.events()[1].off_m, 75, 1);
  EXPECT_EQ(patrol.watcher.events()[1].since, after(100));
}

TEST(Conformance, LateAndEarlyAreMeasuredFromTheWindow) {
  Patrol patrol{movement_of(route_of(kEast, 60))};
  const auto east = [](double s) { return s < 100 ? s * 10 : s < 250 ? 1005 : std::min(1005 + (s - 250) * 20, 6000.0); };
  for (double s = 0; s <= 600; s += 5) patrol.at(s, east(s), 0);
  // At 1005 m the window ends at 130.5; late is beyond 60 s more, and ends within 30. Then it overtakes its schedule.
  EXPECT_EQ(patrol.said(), "conforming at 0, late at 205, conforming at 350, early at 500, conforming at 550");
  EXPECT_NEAR(patrol.watcher.events()[1].deviation_s, 75, 1);
  Patrol hasty{movement_of(route_of(kEast, 60))};
  for (double s = 0; s <= 300; s += 5) hasty.at(s, std::min(s * 20, 6000.0), 0);
  EXPECT_EQ(hasty.said().substr(0, 20), "conforming at 0, ear");
}

TEST(Conformance, AUnitMayWaitAtTheStartAndStayAtTheEnd) {
  Patrol patrol{movement_of(route_of(kEast, 60))};
  for (double s = -1000; s < 0; s += 10) patrol.at(s, 3, 0);
  for (double s = 0; s <= 600; s += 5) patrol.at(s, s * 10, 0);
  for (double s = 610; s < 2000; s += 10) patrol.at(s, 6000, 10);
  EXPECT_EQ(patrol.said(), "conforming at -1000");
}

TEST(Conformance, AWayOutAndBackIsNotTakenForItsReturn) {
  // Out 6 km in ten minutes, back on the same road at once: at 3 km it is due at 300 s and at 900 s.
  Patrol patrol{movement_of(route_of({{0, 0, 0}, {6000, 0, 600}, {0, 0, 1200}}, 60))};
  for (double s = 0; s <= 100; s += 5) patrol.at(s, s * 10, 0);
  for (double s = 105; s < 700; s += 5) patrol.at(s, 1005, 0);  // stands at 1 km, where it comes by again at 1100 s
  for (double s = 700; s < 900; s += 5) patrol.at(s, 1005 + (s - 700) * 10, 0);
  EXPECT_EQ(patrol.said(), "conforming at 0, late at 205");
  EXPECT_EQ(patrol.watcher.progress({0})->piece < 2, true);
}

TEST(Conformance, WithoutAMovementTheAreaDecides) {
  geo::Area area;
  area.rings = {
      {offset(kField, -1000, -1000), offset(kField, 1000, -1000), offset(kField, 1000, 1000), offset(kField, -1000, 1000)}};
  area.window = {after(-86'400), after(86'400)};
  auto compiled = geo::compile(area);
  ASSERT_TRUE(compiled);
  Patrol patrol{nullptr};
  patrol.watcher.watch_area(std::make_shared<const geo::Plan>(std::move(*compiled)));
  for (double s = 0; s <= 300; s += 5) patrol.at(s, s * 10 - 1502, 0);
  EXPECT_EQ(patrol.said(), "unnotified at 65, unwatched at 265");
}

TEST(Conformance, AMovementThatIsWithdrawnOrLongOverStandsNoMore) {
  Patrol patrol{movement_of(route_of(kEast, 60))};
  for (double s = 0; s <= 60; s += 5) patrol.at(s, s * 10, 0);
  patrol.watcher.remove(patrol.movement);
  for (double s = 65; s <= 100; s += 5) patrol.at(s, s * 10, 0);
  EXPECT_EQ(patrol.said(), "conforming at 0, unwatched at 75");
  patrol.watcher.add(movement_of(route_of(kEast, 60)));
  for (double s = 105; s <= 600; s += 5) patrol.at(s, s * 10, 0);
  EXPECT_EQ(patrol.said(), "conforming at 0, unwatched at 75, conforming at 105");
  for (double s = 3000; s <= 3100; s += 5) patrol.at(s, 7000, 0);
  EXPECT_EQ(patrol.watcher.state({0}), Conformance::unwatched);
}

TEST(Conformance, ADoubtfulPositionIsSaidAtOnceAndNothingElse) {
  Patrol patrol{movement_of(route_of(kEast, 60))};
  for (double s = 0; s <= 50; s += 5) patrol.at(s, s * 10, 0);
  patrol.at(55, 20'000, 9000);
  patrol.at(60, 600, 0);
  for (double s = 65; s <= 80; s += 5) patrol.at(s, s * 10, 0);
  EXPECT_EQ(patrol.said(), "conforming at 0, position doubtful at 55, conforming at 70");
  EXPECT_EQ(patrol.watcher.events()[1].doubt, Taken::jump);
}

TEST(Conformance, DuplicatesAndWhatCameOutOfOrderChangeNothing) {
  Patrol patrol{movement_of(route_of(kEast, 60))};
  for (double s = 0; s <= 100; s += 5) {
    patrol.at(s, s * 10, 0);
    patrol.at(s, s * 10, 0);
    patrol.at(s - 3, 0, 4000);
  }
  EXPECT_EQ(patrol.said(), "conforming at 0");
}

TEST(Conformance, CountsTheVehicles) {
  Patrol patrol{movement_of(route_of(kEast, 60))};  // two declared
  const UnitIndex second = patrol.join("B-2"), third = patrol.join("B-3");
  for (const UnitIndex unit : {second, third}) patrol.watcher.assign(unit, patrol.movement);
  const auto drive = [&](double from, double to, std::size_t many) {
    for (double s = from; s < to; s += 5) {
      for (std::uint32_t i = 0; i < many; ++i) patrol.at(s, s * 10 - i * 20, 0, {i});
      patrol.watcher.count(patrol.tracks, after(s));
    }
  };
  drive(0, 100, 1);  // not every vehicle has a tracker
  drive(100, 200, 2);
  EXPECT_TRUE(patrol.watcher.compositions().empty());
  drive(200, 300, 3);
  ASSERT_EQ(patrol.watcher.compositions().size(), 1U);
  EXPECT_TRUE(patrol.watcher.compositions()[0].mismatch);
  EXPECT_EQ(patrol.watcher.compositions()[0].declared, 2);
  EXPECT_EQ(patrol.watcher.compositions()[0].counted, 3);
  EXPECT_EQ(patrol.watcher.compositions()[0].since, after(200));
  drive(300, 600, 2);
  ASSERT_EQ(patrol.watcher.compositions().size(), 2U);
  EXPECT_FALSE(patrol.watcher.compositions()[1].mismatch);
  patrol.watcher.counted(patrol.movement, 5, after(600));
  EXPECT_EQ(patrol.watcher.compositions().size(), 3U);
  EXPECT_EQ(patrol.watcher.compositions()[2].counted, 5);
}

TEST(Conformance, FewerTracksMeanFewerVehiclesOnlyWhereEachHasOne) {
  Patrol patrol{movement_of(route_of(kEast, 60), "MV-1", true)};
  for (double s = 0; s <= 100; s += 5) {
    patrol.at(s, s * 10, 0);
    patrol.watcher.count(patrol.tracks, after(s));
  }
  ASSERT_EQ(patrol.watcher.compositions().size(), 1U);
  EXPECT_EQ(patrol.watcher.compositions()[0].counted, 1);
}

TEST(Conformance, AnActivityKeepsToItsAreaAndWindow) {
  model::Notification notified;
  notified.subject = model::Subject::activity;
  geo::Area area;
  area.centre = kField;
  area.radius = Metres::from_metres(300);
  area.window = {after(0), after(600)};
  notified.where = area;
  Patrol patrol{movement_of(notified)};
  for (double s = 0; s <= 100; s += 5) patrol.at(s, 200, 0);
  for (double s = 105; s <= 150; s += 5) patrol.at(s, 400, 0);
  EXPECT_EQ(patrol.said(), "conforming at 0, off corridor at 115");
}

TEST(ConformanceLaws, TheTreeFindsWhatGoingOverEveryPieceFinds) {
  Chance chance{3};
  for (int round = 0; round < testing::cases(60); ++round) {
    std::vector<Stop> stops{{0, 0, 0}};
    for (int i = 0; i < 40; ++i)
      stops.push_back({stops.back().east + chance.between(-3000, 3000), stops.back().north + chance.between(-3000, 3000),
                       stops.back().second + 300});
    const auto movement = movement_of(route_of(stops, 120, chance.between(20, 300)));
    for (int i = 0; i < 50; ++i) {
      const Vec3 at = geo::to_ecef(offset(kField, chance.between(-15'000, 15'000), chance.between(-15'000, 15'000)));
      const Progress found = locate(*movement, at, after(chance.between(0, 12'000)), {}, 0);
      double least = 1e18;
      for (const geo::Piece& piece : movement->plan.pieces()) {
        const double length2 = geo::norm2(piece.along);
        const double u = length2 > 0 ? std::clamp(geo::dot(at - piece.from, piece.along) / length2, 0.0, 1.0) : 0;
        least = std::min(least, geo::norm(at - (piece.from + piece.along * u)));
      }
      const double width = movement->plan.half_width().metres();
      if (least > width)
        EXPECT_NEAR(found.off_m, least, 1e-6);
      else
        EXPECT_LE(found.off_m, width);
    }
  }
}

TEST(RemainingLaws, OnScheduleWhatRemainsIsTheRestOfTheRoute) {
  const auto movement = movement_of(route_of(kEast, 60));
  Chance chance{4};
  for (int i = 0; i < testing::cases(200); ++i) {
    const double s = chance.between(1, 590);
    const Place at = offset(kField, s * 10, 0);
    const Progress progress = locate(*movement, geo::to_ecef(at), after(s), {}, 0);
    const auto rest = remaining(*movement, progress, at, after(s));
    ASSERT_TRUE(rest);
    const auto& whole = std::get<geo::Route>(movement->notified.where).waypoints;
    ASSERT_EQ(rest->waypoints.size(), s < 300 ? 3U : 2U);
    for (std::size_t k = 1; k < rest->waypoints.size(); ++k) {
      const geo::Waypoint &left = rest->waypoints[k], &as_filed = whole[whole.size() - rest->waypoints.size() + k];
      EXPECT_EQ(left.place, as_filed.place);
      EXPECT_NEAR(static_cast<double>((left.window.to - as_filed.window.to).ms()), 0, 1100);
    }
    EXPECT_TRUE(geo::compile(*rest));
  }
}

TEST(Remaining, AnEndThatIsReachedLeavesNothing) {
  const auto movement = movement_of(route_of(kEast, 60));
  const Place end = offset(kField, 6000, 0);
  EXPECT_FALSE(remaining(*movement, locate(*movement, geo::to_ecef(end), after(600), {}, 0), end, after(600)));
}

TEST(Foresight, TellsOfAConflictThatBeingLateMakes) {
  // Red crosses blue's way at 5 km, north to south, at 23:20 past: 15 minutes after blue should have gone by.
  auto crossing = route_of({{5000, 5000, 900}, {5000, -5000, 1900}}, 60);
  crossing.party = "red";
  const auto red = movement_of(crossing, "MV-7Q4M-K2");
  conflict::Index index;
  index.insert({7}, "red", std::shared_ptr<const geo::Plan>(red, &red->plan));
  Patrol patrol{movement_of(route_of(kEast, 60))};
  const Foresight::Others others{&index,
                                 [](const Movement&, base::EntryIndex) { return std::optional{Metres::from_metres(1000)}; },
                                 [](base::EntryIndex) { return std::string("red's MV-7Q4M-K2"); }, Metres::from_metres(1000)};
  Foresight foresight;
  const auto drive = [&](double from, double to, double behind) {
    for (double s = from; s < to; s += 10) {
      patrol.at(s, std::max(0.0, (s - behind) * 10), 0);
      foresight.look({0}, patrol.watcher, patrol.tracks.of({0}), others);
    }
  };
  drive(0, 200, 0);
  EXPECT_TRUE(foresight.events().empty());
  for (double s = 200; s < 1010; s += 10) {  // a puncture at 2 km
    patrol.at(s, 2000, 0);
    foresight.look({0}, patrol.watcher, patrol.tracks.of({0}), others);
  }
  ASSERT_FALSE(foresight.events().empty());
  const RemainingEvent& told = foresight.events().front();
  EXPECT_TRUE(told.conflicts);
  EXPECT_EQ(told.other.value, 7U);
  EXPECT_LE(told.meeting.least_possible_m, 1001);
  const std::string text = sentence(told);
  EXPECT_TRUE(text.find(" min late: now conflicts with red's MV-7Q4M-K2 at 38S") != std::string::npos) << text;
  EXPECT_TRUE(text.find(" in ") != std::string::npos) << text;
  for (double s = 1010; s < 1700; s += 10) {  // it gives up and stays; the conflict is over once red has gone by
    patrol.at(s, 2000, 0);
    foresight.look({0}, patrol.watcher, patrol.tracks.of({0}), others);
  }
  EXPECT_FALSE(foresight.events().back().conflicts);
  EXPECT_NE(sentence(foresight.events().back()).find("no longer conflicts"), std::string::npos);
}

}  // namespace
}  // namespace wideberth::live
