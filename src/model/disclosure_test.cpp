#include "model/disclosure.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "geo/vec.h"
#include "model/testing.h"

namespace wideberth::model {
namespace {

using testing::outcome;
using testing::with;

constexpr Millis kHour = Millis::from_seconds(3600);
constexpr std::int32_t kTenth_e7 = 1'000'000;

geo::Place at_degrees(double lon, double lat) { return geo::make_place(lon, lat).value(); }

Notification movement(std::vector<geo::Waypoint> waypoints, Metres half_width) {
  Notification n;
  n.party = "blue";
  geo::Route route;
  route.waypoints = std::move(waypoints);
  route.half_width = half_width;
  n.where = std::move(route);
  return n;
}

Notification activity(std::vector<geo::Place> ring, Interval window) {
  Notification n;
  n.party = "blue";
  n.subject = Subject::activity;
  geo::Area area;
  ring.push_back(ring.front());
  area.rings = {std::move(ring)};
  area.window = window;
  n.where = std::move(area);
  return n;
}

Interval hours(std::int64_t from, std::int64_t to) {
  return {Instant::from_ms(from * 3'600'000), Instant::from_ms(to * 3'600'000)};
}

std::string listed(const Result<std::vector<CellSlot>>& cells) {
  if (!cells) return outcome(cells);
  std::string text;
  for (const auto& each : *cells)
    text += std::to_string(each.south_west.lon_e7 / 1'000'000) + "," + std::to_string(each.south_west.lat_e7 / 1'000'000) + "@" +
            std::to_string(each.from.ms() / 3'600'000) + " ";
  return text;
}

TEST(Outline, OneLegWorkedOutByHand) {
  // From 42.05 E to 42.25 E along 37.05 N: 17.8 km in two hours; 42.1 E is passed after a quarter of the way, 42.2 E after
  // three quarters. Windows of no width: [10:00], [12:00]. So cell 42.0 in hour 10; 42.1 in hours 10 and 11; 42.2 in hours
  // 11 and 12 (the end of the leg is at 12:00 sharp, and slots are half open: it is also in hour 12).
  const auto n =
      movement({{at_degrees(42.05, 37.05), hours(10, 10)}, {at_degrees(42.25, 37.05), hours(12, 12)}}, Metres::from_metres(50));
  EXPECT_EQ(listed(cells_of(n, kTenth_e7, kHour)), "420,370@10 421,370@10 421,370@11 422,370@11 422,370@12 ");
}

TEST(Outline, ACorridorReachesIntoTheNextCell) {
  // 37.0995 N is 55 m from 37.1 N: with a half-width of 50 m it stays (the slack is 1 m and more), with 100 m it does not.
  const auto near = [](std::int64_t half_width) {
    return movement({{at_degrees(42.02, 37.0995), hours(1, 1)}, {at_degrees(42.03, 37.0995), hours(1, 2)}},
                    Metres::from_metres(half_width));
  };
  EXPECT_EQ(listed(cells_of(near(50), kTenth_e7, Millis::from_seconds(86'400))), "420,370@0 ");
  EXPECT_EQ(listed(cells_of(near(100), kTenth_e7, Millis::from_seconds(86'400))), "420,370@0 420,371@0 ");
}

TEST(Outline, AcrossTheAntimeridian) {
  const auto n =
      movement({{at_degrees(179.95, 0.05), hours(0, 0)}, {at_degrees(-179.95, 0.05), hours(0, 1)}}, Metres::from_metres(10));
  EXPECT_EQ(listed(cells_of(n, kTenth_e7, Millis::from_seconds(86'400))), "-1800,0@0 1799,0@0 ");
}

TEST(Outline, APolygonIsFilled) {
  const auto n = activity(
      {at_degrees(42.05, 37.05), at_degrees(42.45, 37.05), at_degrees(42.45, 37.25), at_degrees(42.05, 37.25)}, hours(0, 0));
  EXPECT_EQ(
      listed(cells_of(n, kTenth_e7, Millis::from_seconds(86'400))),
      "420,370@0 421,370@0 422,370@0 423,370@0 424,370@0 420,371@0 421,371@0 422,371@0 423,371@0 424,371@0 420,372@0 421,372@0 "
      "422,372@0 423,372@0 424,372@0 ");
}

TEST(Outline, APolygonRoundThePoleHoldsThePole) {
  const auto n = activity({at_degrees(0, 85.5), at_degrees(90, 85.5), at_degrees(180, 85.5), at_degrees(-90, 85.5)}, hours(0, 0));
  const auto cells = cells_of(n, 10'000'000, Millis::from_seconds(86'400));
  ASSERT_TRUE(cells) << base::to_text(cells.error());
  for (std::int32_t lat = 86; lat < 90; ++lat)
    for (std::int32_t lon = -180; lon < 180; ++lon) {
      const CellSlot wanted{{lon * 10'000'000, lat * 10'000'000}, Instant::from_ms(0)};
      EXPECT_NE(std::find(cells->begin(), cells->end(), wanted), cells->end()) << lon << " " << lat;
    }
}

TEST(Outline, TooManyCellsAreRefusedRatherThanLeftOut) {
  const auto n = activity({at_degrees(0, 0), at_degrees(30, 0), at_degrees(30, 30), at_degrees(0, 30)}, hours(0, 1));
  EXPECT_EQ(outcome(cells_of(n, kTenth_e7, kHour)), "outline_too_large at ");
  EXPECT_EQ(outcome(outline_of(n, kTenth_e7, kHour)), "outline_too_large at ");
  EXPECT_EQ(outcome(cells_of(n, 10'000'000, Millis::from_seconds(86'400))), "accepted");
  const auto years = activity({at_degrees(0, 0), at_degrees(1, 0), at_degrees(1, 1)}, hours(0, 20'001));
  EXPECT_EQ(outcome(cells_of(years, 100'000'000, kHour)), "outline_too_large at ");
}

TEST(Outline, GrainsAndCells) {
  EXPECT_TRUE(is_grain(kTenth_e7, kHour));
  EXPECT_FALSE(is_grain(7'000'000, kHour));
  EXPECT_FALSE(is_grain(kTenth_e7, Millis::from_seconds(7 * 3600)));
  EXPECT_FALSE(is_grain(0, kHour));
  EXPECT_EQ(cell_of({-1, -1}, kTenth_e7), (geo::Place{-kTenth_e7, -kTenth_e7}));
  EXPECT_EQ(cell_of({1'800'000'000, 900'000'000}, kTenth_e7), (geo::Place{-1'800'000'000, 899'000'000}));
  EXPECT_EQ(slot_of(Instant::from_ms(-1), kHour), Instant::from_ms(-3'600'000));
}

TEST(Follows, ExactlyWhatTheFinerPartGives) {
  const auto n =
      movement({{at_degrees(42.05, 37.05), hours(10, 11)}, {at_degrees(42.25, 37.05), hours(12, 13)}}, Metres::from_metres(50));
  const std::string full = to_json(n);
  const std::string corridor = corridor_of(n);
  const std::string outline = outline_of(n, kTenth_e7, kHour).value();
  EXPECT_EQ(outcome(follows(full, View::corridor, corridor)), "accepted");
  EXPECT_EQ(outcome(follows(full, View::corridor, corridor + "\n  ")), "accepted") << "padding";
  EXPECT_EQ(outcome(follows(full, View::outline, outline)), "accepted");
  EXPECT_EQ(outcome(follows(full, View::corridor,
                            with(with(corridor, "\"party\":\"blue\",", ""), "\"emergency\":false",
                                 "\"emergency\":false,\"party\":\"blue\""))),
            "accepted")
      << "members in another order";
  EXPECT_EQ(outcome(follows(full, View::corridor, with(corridor, "\"half_width_m\":50", "\"half_width_m\":50.0"))), "accepted");
  for (const auto& [from, to] : {std::pair{"\"half_width_m\":50", "\"half_width_m\":51"},
                                 {"42.25", "42.26"},
                                 {"\"emergency\":false", "\"emergency\":true"},
                                 {"\"emergency\":false", "\"emergency\":false,\"purpose\":\"x\""},
                                 {",\"emergency\":false", ""}})
    EXPECT_EQ(outcome(follows(full, View::corridor, with(corridor, from, to))), "part_does_not_follow at ") << to;
  EXPECT_EQ(outcome(follows(full, View::outline, with(outline, "[42,37,", "[42,36,"))), "part_does_not_follow at ");
  EXPECT_EQ(outcome(follows(full, View::outline, outline, kTenth_e7 * 5, kHour)), "part_does_not_follow at ");
  EXPECT_EQ(outcome(follows(full, View::outline, corridor)), "part_does_not_follow at ");
  EXPECT_EQ(outcome(follows(full, View::full, full)), "part_does_not_follow at ");
  EXPECT_EQ(outcome(follows(full, View::corridor, "{")), "json_malformed at line 1, column 2");
  EXPECT_EQ(outcome(follows("{}", View::corridor, corridor)), "json_member_missing at /type");
}

/// Whether the cells hold the place at the time.
bool held(const std::set<std::tuple<std::int64_t, std::int32_t, std::int32_t>>& cells, const geo::Vec3& at, double ms,
          std::int32_t cell, Millis slot) {
  const geo::Place south_west = cell_of(geo::to_place(at), cell);
  const Instant from = slot_of(Instant::from_ms(static_cast<std::int64_t>(std::floor(ms))), slot);
  return cells.contains({from.ms(), south_west.lon_e7, south_west.lat_e7});
}

std::set<std::tuple<std::int64_t, std::int32_t, std::int32_t>> as_set(const std::vector<CellSlot>& cells) {
  std::set<std::tuple<std::int64_t, std::int32_t, std::int32_t>> found;
  for (const auto& each : cells) found.insert({each.from.ms(), each.south_west.lon_e7, each.south_west.lat_e7});
  return found;
}

double fraction() { return *rc::gen::inRange(0, 1'000'001) / 1e6; }

/// A point up to `reach` metres from `at`, level with the ground there.
geo::Vec3 beside(const geo::Vec3& at, double reach) {
  const geo::Vec3 helper = std::abs(at.z) > std::abs(at.x) ? geo::Vec3{1, 0, 0} : geo::Vec3{0, 0, 1};
  geo::Vec3 east = geo::cross(helper, at);
  east = east * (1 / geo::norm(east));
  geo::Vec3 north = geo::cross(at, east);
  north = north * (1 / geo::norm(north));
  const double turn = fraction() * 6.283185;
  return at + east * (std::cos(turn) * reach) + north * (std::sin(turn) * reach);
}

geo::Place any_start() {
  const auto lon = *rc::gen::element(0, 421'400'000, 1'799'990'000, -1'799'900'000);
  const auto lat = *rc::gen::element(0, 371'770'000, 895'000'000, 899'990'000, -899'000'000, -500'000'000);
  return {lon + *rc::gen::inRange(-9'000, 9'000), lat + *rc::gen::inRange(-9'000, 9'000)};
}

RC_GTEST_PROP(OutlineLaws, EveryPointOfAMovementIsHeld, ()) {
  const auto start = any_start();
  std::vector<geo::Waypoint> waypoints;
  geo::Place place = start;
  Interval window = hours(438'000, 438'000 + *rc::gen::inRange(0, 3));
  for (int i = 0; i < 3; ++i) {
    waypoints.push_back({place, window});
    place.lat_e7 = std::clamp(place.lat_e7 + *rc::gen::inRange(-2'000'000, 2'000'000), -899'999'000, 899'999'000);
    const std::int64_t lon = std::int64_t{place.lon_e7} + *rc::gen::inRange(-4'000'000, 4'000'000);
    place.lon_e7 = static_cast<std::int32_t>(std::clamp<std::int64_t>(lon, -1'800'000'000, 1'800'000'000));
    window.from = window.from + Millis::from_seconds(*rc::gen::inRange(600, 9000));
    window.to = std::max(window.to, window.from) + Millis::from_seconds(600);
  }
  auto n = movement(waypoints, Metres::from_metres(*rc::gen::inRange(0, 3000)));
  std::get<geo::Route>(n.where).column_length = Metres::from_metres(*rc::gen::element(0, 800));
  const auto cell = *rc::gen::element(1'000'000, 10'000'000, 5'000'000);
  const auto slot = *rc::gen::element(kHour, Millis::from_seconds(900));
  const auto plan = compile(n);
  const auto cells = cells_of(n, cell, slot);
  if (!plan || !cells) RC_DISCARD("no plan, or too many cells near a pole");
  const auto found = as_set(*cells);
  for (int i = 0; i < 40; ++i) {
    const auto& piece = plan->pieces()[*rc::gen::inRange<std::size_t>(0, plan->pieces().size())];
    const double u = fraction();
    const double early = piece.e0 + (piece.e1 - piece.e0) * u;
    const double late = piece.l0 + (piece.l1 - piece.l0) * u;
    const auto at = beside(piece.from + piece.along * u, plan->half_width().metres() * fraction());
    RC_ASSERT(held(found, at, early + (late - early) * fraction(), cell, slot));
  }
}

RC_GTEST_PROP(OutlineLaws, EveryPointInsideATriangleIsHeld, ()) {
  const auto centre = geo::to_ecef(any_start());
  std::vector<geo::Place> ring;
  for (int i = 0; i < 3; ++i) ring.push_back(geo::to_place(beside(centre, 20'000.0 + 60'000.0 * fraction())));
  const auto n = activity(ring, hours(438'000, 438'003));
  const auto plan = compile(n);
  const auto cells = cells_of(n, 5'000'000, kHour);
  if (!plan || !cells) RC_DISCARD("a triangle without an inside");
  const auto found = as_set(*cells);
  for (int i = 0; i < 30; ++i) {
    const double u = 0.01 + 0.97 * fraction();
    const double v = (0.99 - u) * fraction() + 0.005;
    const auto at = geo::to_ecef(ring[0]) * u + geo::to_ecef(ring[1]) * v + geo::to_ecef(ring[2]) * (1 - u - v);
    RC_ASSERT(held(found, at, static_cast<double>(hours(438'000, 0).from.ms()) + 10'800'000.0 * fraction(), 5'000'000, kHour));
  }
}

RC_GTEST_PROP(OutlineLaws, SortedWithoutRepeatsOnTheGrid, ()) {
  const auto start = any_start();
  const auto n = movement({{start, hours(100, 101)},
                           {{start.lon_e7, start.lat_e7 > 0 ? start.lat_e7 - 900'000 : start.lat_e7 + 900'000}, hours(103, 104)}},
                          Metres::from_metres(200));
  const auto cells = cells_of(n, 5'000'000, kHour);
  if (!cells) RC_DISCARD("too many");
  const auto key = [](const CellSlot& each) { return std::tuple(each.from, each.south_west.lat_e7, each.south_west.lon_e7); };
  for (std::size_t i = 0; i < cells->size(); ++i) {
    RC_ASSERT((*cells)[i].south_west.lon_e7 % 5'000'000 == 0 && (*cells)[i].south_west.lat_e7 % 5'000'000 == 0);
    RC_ASSERT((*cells)[i].from.ms() % kHour.ms() == 0);
    RC_ASSERT(geo::in_range((*cells)[i].south_west));
    if (i > 0) RC_ASSERT(key((*cells)[i - 1]) < key((*cells)[i]));
  }
}

}  // namespace
}  // namespace wideberth::model
