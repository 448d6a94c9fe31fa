#include "geo/occupancy.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>

#include "geo/delay.h"

namespace wideberth::geo {
namespace {

constexpr std::int64_t kNoon = 1'598'356'800'000;

Instant at_second(std::int64_t s) { return Instant::from_ms(kNoon + s * 1000); }
Interval window(std::int64_t from, std::int64_t to) { return {at_second(from), at_second(to)}; }

// Evenly over the whole range, from the first case on.
std::int64_t even(std::int64_t low, std::int64_t high) {
  return *rc::gen::resize(100, rc::gen::inRange<std::int64_t>(low, high + 1));
}

constexpr Place kDayrik{421'400'000, 371'770'000};

// Metres east and north of a place near the equator, where a degree is nearly square: for plain arithmetic in tests.
Place near_null(std::int64_t east_m, std::int64_t north_m) {
  return {static_cast<std::int32_t>(east_m * 10'000'000 / 111'320), static_cast<std::int32_t>(north_m * 10'000'000 / 110'574)};
}

Route any_route(Place centre, std::int32_t span_e7) {
  Route route;
  const auto count = even(2, 5);
  std::int64_t time = even(0, 1200);
  const std::int64_t early = even(0, 600), late = even(0, 600);
  for (std::int64_t i = 0; i < count; ++i) {
    const bool halts = i > 0 && even(0, 4) == 0;
    const Place place = halts ? route.waypoints.back().place
                              : Place{centre.lon_e7 + static_cast<std::int32_t>(even(-span_e7, span_e7)),
                                      centre.lat_e7 + static_cast<std::int32_t>(even(-span_e7, span_e7))};
    route.waypoints.push_back({place, window(time - early, time + late)});
    time += even(30, 900);
  }
  route.half_width = Metres::from_metres(even(0, 100));
  if (even(0, 3) == 0) route.column_length = Metres::from_metres(even(1, 800));
  return route;
}

Area any_area(Place centre, std::int32_t span_e7) {
  Area area;
  const std::int64_t from = even(0, 1500);
  area.window = window(from, from + even(0, 2000));
  const Place middle{centre.lon_e7 + static_cast<std::int32_t>(even(-span_e7, span_e7)),
                     centre.lat_e7 + static_cast<std::int32_t>(even(-span_e7, span_e7))};
  const auto size = static_cast<std::int32_t>(even(1000, span_e7));
  if (even(0, 1) == 0) {
    area.centre = middle;
    area.radius = Metres::from_metres(even(0, 300));
  } else {
    area.rings = {{{middle.lon_e7 - size, middle.lat_e7 - size},
                   {middle.lon_e7 + size, middle.lat_e7 - size / 2},
                   {middle.lon_e7 + size / 3, middle.lat_e7 + size}}};
  }
  return area;
}

struct Sides {
  Plan a, b;
  Metres separation;
};

Plan any_plan(Place centre) { return even(0, 3) == 0 ? *compile(any_area(centre, 60'000)) : *compile(any_route(centre, 60'000)); }

Sides any_sides() {
  const Place centre{static_cast<std::int32_t>(even(-1'799'000'000, 1'799'000'000)),
                     static_cast<std::int32_t>(even(-880'000'000, 880'000'000))};
  return {any_plan(centre), any_plan(centre), Metres::from_metres(even(0, 500))};
}

bool holds(const std::vector<DelaySpan>& spans, Millis delay) {
  return std::any_of(spans.begin(), spans.end(), [&](const DelaySpan& s) { return s.low <= delay && delay <= s.high; });
}

RC_GTEST_PROP(MeetLaws, L1OrderNeverShows, ()) {
  const Sides s = any_sides();
  const auto ab = meet(s.a, s.b, s.separation), ba = meet(s.b, s.a, s.separation);
  RC_ASSERT(ab.has_value() == ba.has_value());
  if (!ab) return;
  RC_ASSERT(ab->kind == ba->kind && ab->least_m == ba->least_m && ab->least_possible_m == ba->least_possible_m);
  RC_ASSERT(ab->window == ba->window && ab->place == ba->place && ab->likelihood == ba->likelihood);
  RC_ASSERT(mirrored(ab->delay_set) == ba->delay_set);
  RC_ASSERT(ab->clear_later == ba->b_clear_later && ab->clear_earlier == ba->b_clear_earlier);
  RC_ASSERT(ab->b_clear_later == ba->clear_later && ab->b_clear_earlier == ba->clear_earlier);
}

RC_GTEST_PROP(MeetLaws, L2NoSampleIsMissed, ()) {
  const Sides s = any_sides();
  const auto met = meet(s.a, s.b, s.separation);
  const double reach = (s.separation + s.a.half_width() + s.b.half_width()).metres();
  const auto at = [](double x0, double x1, double t) { return x0 + (x1 - x0) * t; };
  for (const Piece& p : s.a.pieces())
    for (const Piece& q : s.b.pieces())
      for (int i = 0; i <= 12; ++i)
        for (int j = 0; j <= 12; ++j) {
          const double u = i / 12.0, v = j / 12.0;
          const double begin = std::max(at(p.e0, p.e1, u), at(q.e0, q.e1, v)),
                       end = std::min(at(p.l0, p.l1, u), at(q.l0, q.l1, v));
          const double apart = norm((p.from + p.along * u) - (q.from + q.along * v));
          if (apart > reach) continue;
          if (begin <= end) {
            RC_ASSERT(met.has_value());
            RC_ASSERT(met->least_possible_m <= apart + 0.001);
            RC_ASSERT(static_cast<double>(met->window.from.ms()) <= begin + 1e-3 &&
                      static_cast<double>(met->window.to.ms()) >= end - 1e-3);
          }
          if (!met) continue;
          // Any delay between these brings the two together here.
          const double low = at(q.s0, q.s1, v) - at(p.h0, p.h1, u), high = at(q.h0, q.h1, v) - at(p.s0, p.s1, u);
          RC_ASSERT(holds(met->delay_set, Millis::from_ms(static_cast<std::int64_t>(std::ceil(low)))));
          RC_ASSERT(holds(met->delay_set, Millis::from_ms(static_cast<std::int64_t>(std::floor(high)))));
        }
}

RC_GTEST_PROP(MeetLaws, L3ALargerSeparationFindsNoLess, ()) {
  const Sides s = any_sides();
  const auto less = meet(s.a, s.b, s.separation), more = meet(s.a, s.b, s.separation + Metres::from_mm(even(0, 200'000)));
  if (!less) return;
  RC_ASSERT(more.has_value());
  RC_ASSERT(more->least_possible_m <= less->least_possible_m + 1e-6 && more->least_m.has_value() == less->least_m.has_value());
  RC_ASSERT(static_cast<int>(more->kind) >= static_cast<int>(less->kind));
  RC_ASSERT(more->window.from <= less->window.from && more->window.to >= less->window.to);
  for (const DelaySpan& span : less->delay_set)
    RC_ASSERT(std::any_of(more->delay_set.begin(), more->delay_set.end(),
                          [&](const DelaySpan& m) { return m.low <= span.low && m.high >= span.high; }));
}

RC_GTEST_PROP(MeetLaws, L4L5L8TheAnswerIsOfOnePiece, ()) {
  const Sides s = any_sides();
  const auto met = meet(s.a, s.b, s.separation);
  if (!met) return;
  const double reach = (s.separation + s.a.half_width() + s.b.half_width()).metres() + bound_m(s.a, s.b);
  RC_ASSERT(met->least_possible_m <= reach + 1e-6);
  if (met->least_m) RC_ASSERT(met->least_possible_m <= *met->least_m);
  RC_ASSERT((met->kind != Likeness::possible) == (met->least_m && *met->least_m <= reach + 1e-9));
  if (met->kind != Likeness::possible) RC_ASSERT(holds(met->delay_set, Millis{}));
  const Millis slack = s.a.slack() + s.b.slack();
  const bool all = std::any_of(met->delay_set.begin(), met->delay_set.end(),
                               [&](const DelaySpan& d) { return d.low <= -slack && d.high >= slack; });
  RC_ASSERT((met->kind == Likeness::certain) == (all && met->kind != Likeness::possible));
  RC_ASSERT(met->likelihood >= 0 && met->likelihood <= 1);
  if (met->kind == Likeness::certain) RC_ASSERT(met->likelihood > 1 - 1e-12);
  // Possible within the windows means that some delay within the slacks brings them together.
  RC_ASSERT(std::any_of(met->delay_set.begin(), met->delay_set.end(),
                        [&](const DelaySpan& d) { return d.low <= slack && d.high >= -slack; }));
  for (std::size_t i = 0; i < met->delay_set.size(); ++i) {
    RC_ASSERT(met->delay_set[i].low <= met->delay_set[i].high);
    if (i > 0) RC_ASSERT(met->delay_set[i - 1].high < met->delay_set[i].low);
  }
}

RC_GTEST_PROP(MeetLaws, L6L7ShiftingMovesTheDelaySetAndAdviceHolds, ()) {
  const Place centre = kDayrik;
  Route route = any_route(centre, 60'000);
  const Plan a = *compile(route), b = any_plan(centre);
  const Metres separation = Metres::from_metres(even(0, 500));
  const auto met = meet(a, b, separation);
  if (!met) return;
  const auto later = [&](Millis by) {
    Route shifted = route;
    for (Waypoint& point : shifted.waypoints) point.window = {point.window.from + by, point.window.to + by};
    return meet(*compile(shifted), b, separation);
  };
  RC_ASSERT(!later(*met->clear_later));
  RC_ASSERT(!later(-*met->clear_earlier));
  const Millis by = Millis::from_ms(even(-300'000, 300'000));
  const auto shifted = later(by);
  if (!shifted) return;
  RC_ASSERT(shifted->delay_set.size() == met->delay_set.size());
  for (std::size_t i = 0; i < met->delay_set.size(); ++i) {
    // Instants of cut points are rounded anew after a shift: a last digit may fall on the other side of a millisecond.
    RC_ASSERT(std::abs((shifted->delay_set[i].low + by - met->delay_set[i].low).ms()) <= 1);
    RC_ASSERT(std::abs((shifted->delay_set[i].high + by - met->delay_set[i].high).ms()) <= 1);
  }
}

RC_GTEST_PROP(MeetLaws, L7TheAdviceIsTheLeast, ()) {
  const auto spans = [&] {
    DelaySet set;
    for (auto n = even(1, 6); n > 0; --n) {
      const double low = static_cast<double>(even(-40'000, 40'000));
      set.add(low, low + static_cast<double>(even(0, 9'000)));
    }
    return set.spans();
  }();
  const Millis slack = Millis::from_ms(even(0, 5'000));
  const auto clears = [&](std::int64_t s) {
    return std::none_of(spans.begin(), spans.end(), [&](const DelaySpan& d) {
      return d.low <= Millis::from_seconds(s) + slack && d.high >= Millis::from_seconds(s) - slack;
    });
  };
  std::int64_t least = 1;
  while (!clears(least)) ++least;
  RC_ASSERT(first_clear(spans, slack) == Millis::from_seconds(least));
}

RC_GTEST_PROP(MeetLaws, L9TurningTheEarthChangesNothing, ()) {
  const auto turn = static_cast<std::int32_t>(even(-1'700'000'000, 1'700'000'000));
  const bool mirror = even(0, 1) == 1;
  const Place centre{static_cast<std::int32_t>(even(-90'000'000, 90'000'000)),
                     static_cast<std::int32_t>(even(-890'000'000, 890'000'000))};
  Route a = any_route(centre, 60'000), b = any_route(centre, 60'000);
  a.line = b.line = even(0, 1) == 0 ? Line::geodesic : Line::lon_lat_linear;
  const Metres separation = Metres::from_metres(even(0, 500));
  const auto before = meet(*compile(a), *compile(b), separation);
  for (Route* route : {&a, &b})
    for (Waypoint& point : route->waypoints) {
      const std::int64_t lon = std::int64_t{point.place.lon_e7} + turn;
      point.place.lon_e7 = static_cast<std::int32_t>(lon > 1'800'000'000    ? lon - 3'600'000'000
                                                     : lon < -1'800'000'000 ? lon + 3'600'000'000
                                                                            : lon);
      if (mirror) point.place.lat_e7 = -point.place.lat_e7;
    }
  const auto after = meet(*compile(a), *compile(b), separation);
  RC_ASSERT(before.has_value() == after.has_value());
  if (!before) return;
  RC_ASSERT(std::fabs(before->least_possible_m - after->least_possible_m) < 1e-4);
  RC_ASSERT(before->kind == after->kind && before->delay_set.size() == after->delay_set.size());
}

RC_GTEST_PROP(MeetLaws, L10ACutLegIsTheSameLeg, ()) {
  // On the equator the middle of a leg is a whole number of steps.
  Route whole;
  const auto lon = static_cast<std::int32_t>(even(-1'000'000'000, 1'000'000'000)),
             half = static_cast<std::int32_t>(even(1'000, 200'000));
  const std::int64_t slack = even(0, 500);
  whole.waypoints = {{{lon, 0}, window(0, 2 * slack)}, {{lon + 2 * half, 0}, window(600, 600 + 2 * slack)}};
  Route cut = whole;
  cut.waypoints.insert(cut.waypoints.begin() + 1, {{lon + half, 0}, window(300, 300 + 2 * slack)});
  const Plan b = *compile(any_route({lon + half, 0}, 100'000));
  const Metres separation = Metres::from_metres(even(0, 800));
  const auto one = meet(*compile(whole), b, separation), two = meet(*compile(cut), b, separation);
  if (one && two) {
    RC_ASSERT(std::fabs(one->least_possible_m - two->least_possible_m) < 0.5);
    RC_ASSERT(one->least_m.has_value() == two->least_m.has_value());
  } else if (one || two) {
    // Only what lies between the separation and the bound may differ.
    RC_ASSERT((one ? one : two)->least_possible_m > (separation + b.half_width()).metres() - 0.001);
  }
}

Route straight(Place from, Place to, std::int64_t start, std::int64_t end, std::int64_t slack) {
  Route route;
  route.waypoints = {{from, window(start - slack, start + slack)}, {to, window(end - slack, end + slack)}};
  return route;
}

TEST(Meet, CrossingRoadsAreWorkedOutByHand) {
  // Two roads cross at right angles; each movement drives 2000 m in 200 s (10 m/s), at the crossing at 100 s, ± 60 s.
  const Plan a = *compile(straight(near_null(-1000, 0), near_null(1000, 0), 0, 200, 60));
  const Plan b = *compile(straight(near_null(0, -1000), near_null(0, 1000), 0, 200, 60));
  const auto met = meet(a, b, Metres::from_metres(100));
  ASSERT_TRUE(met);
  EXPECT_EQ(met->kind, Likeness::on_schedule);
  EXPECT_NEAR(*met->least_m, 0, 0.02);
  EXPECT_LE(distance_m(met->place, {0, 0}), 1);
  // |tau| v / sqrt 2 <= 100 m: tau is within ± 14.142 s, widened by the millimetres of the bound.
  ASSERT_EQ(met->delay_set.size(), 1U);
  EXPECT_NEAR(static_cast<double>(met->delay_set[0].high.ms()), 14'142, 15);
  EXPECT_NEAR(static_cast<double>(met->delay_set[0].low.ms()), -14'142, 15);
  // The share of a triangle of half-base 120 s: 1 - (1 - 14.142 / 120)^2.
  EXPECT_NEAR(met->likelihood, 1 - (1 - 14.142 / 120) * (1 - 14.142 / 120), 0.001);
  EXPECT_EQ(*met->clear_later, Millis::from_seconds(135));  // 14.142 + 120, rounded up
  EXPECT_EQ(*met->clear_earlier, Millis::from_seconds(135));
  EXPECT_FALSE(meet(a, *compile(straight(near_null(0, -1000), near_null(0, 1000), 400, 600, 60)), Metres::from_metres(100)));
}

TEST(Meet, ADelayIsThatOfA) {
  // b passes the crossing 50 s after a: a meets b when a runs 50 s late.
  const Plan a = *compile(straight(near_null(-1000, 0), near_null(1000, 0), 0, 200, 60));
  const Plan b = *compile(straight(near_null(0, -1000), near_null(0, 1000), 50, 250, 60));
  const auto met = meet(a, b, Metres::from_metres(10));
  ASSERT_TRUE(met);
  EXPECT_EQ(met->kind, Likeness::possible);
  ASSERT_EQ(met->delay_set.size(), 1U);
  EXPECT_NEAR(static_cast<double>((met->delay_set[0].low + met->delay_set[0].high).ms()) / 2, 50'000, 10);
  EXPECT_GT(*met->clear_later, *met->clear_earlier);
}

TEST(Meet, AColumnWidensEachOnItsOwnSide) {
  // a's column of 500 m at 10 m/s passes a point in 50 s: b meets it from when the head comes until the tail is gone.
  Route column = straight(near_null(-1000, 0), near_null(1000, 0), 0, 200, 0);
  column.column_length = Metres::from_metres(500);
  const Plan a = *compile(column), b = *compile(straight(near_null(0, -1000), near_null(0, 1000), 30, 230, 0));
  const auto met = meet(a, b, Metres::from_metres(1));
  ASSERT_TRUE(met);
  EXPECT_EQ(met->kind, Likeness::certain) << "no slack at all";
  EXPECT_NEAR(static_cast<double>(met->delay_set[0].low.ms()), 30'000 - 50'000, 200);
  EXPECT_NEAR(static_cast<double>(met->delay_set[0].high.ms()), 30'000, 200);
}

TEST(Meet, AHaltedColumnStandsOnTheRoadBehindIt) {
  // The head halts at 1000 m from 100 s to 700 s; the tail stands at 500 m. The road at 700 m is occupied all that time, that
  // at 300 m is not.
  Route column;
  column.waypoints = {{near_null(0, 0), window(0, 0)},
                      {near_null(1000, 0), window(100, 100)},
                      {near_null(1000, 0), window(700, 700)},
                      {near_null(2000, 0), window(800, 800)}};
  column.column_length = Metres::from_metres(500);
  const Plan a = *compile(column);
  const auto crosses = [&](std::int64_t east, std::int64_t second) {
    return meet(a, *compile(straight(near_null(east, -100), near_null(east, 100), second - 10, second + 10, 0)), Metres{})
        .has_value();
  };
  EXPECT_TRUE(crosses(700, 400));
  EXPECT_TRUE(crosses(510, 740));
  EXPECT_FALSE(crosses(490, 400));
  EXPECT_FALSE(crosses(700, 60));
  EXPECT_FALSE(crosses(700, 790));
  EXPECT_TRUE(crosses(1500, 795)) << "the tail is still to come";
  EXPECT_TRUE(crosses(1990, 840)) << "the end of a route is no halt: the column drives on";
  EXPECT_FALSE(crosses(1990, 870));
}

TEST(Meet, TouchingCounts) {
  Area a, b;
  a.centre = near_null(0, 0), b.centre = Place{0, 100'000};
  a.window = window(0, 60), b.window = window(60, 120);
  const double apart = distance_m(*a.centre, *b.centre);
  const auto separation = Metres::from_mm(static_cast<std::int64_t>(std::ceil(apart * 1000)));
  EXPECT_TRUE(meet(*compile(a), *compile(b), separation)) << "in space, to the millimetre, and in time, to the instant";
  EXPECT_FALSE(meet(*compile(a), *compile(b), separation - Metres::from_mm(4))) << "the bound of two standing points is 2 mm";
  b.window.from = b.window.from + Millis::from_ms(1);
  EXPECT_FALSE(meet(*compile(a), *compile(b), separation));
}

TEST(Meet, BandsThatDoNotMeetDoNotConflict) {
  Route a = straight(near_null(-1000, 0), near_null(1000, 0), 0, 200, 60),
        b = straight(near_null(0, -1000), near_null(0, 1000), 0, 200, 60);
  b.altitude = AltitudeBand{Metres::from_metres(50), Metres::from_metres(100)};
  EXPECT_FALSE(meet(*compile(a), *compile(b), Metres::from_metres(100))) << "on the ground, and well above it";
  a.altitude = AltitudeBand{Metres{}, Metres::from_metres(50)};
  EXPECT_TRUE(meet(*compile(a), *compile(b), Metres::from_metres(100))) << "touching bands meet";
}

TEST(Meet, InsideAPolygonIsItsOwnButNotInItsHole) {
  Area area;
  area.window = window(0, 1000);
  const auto square = [](std::int64_t half) {
    return std::vector<Place>{near_null(-half, -half), near_null(half, -half), near_null(half, half), near_null(-half, half)};
  };
  area.rings = {square(5000), square(2000)};
  const Plan plan = *compile(area);
  const auto stands = [&](Place place) {
    Route route;
    route.waypoints = {{place, window(100, 100)}, {place, window(200, 200)}};
    return meet(plan, *compile(route), Metres::from_metres(100));
  };
  const auto inside = stands(near_null(3500, 0));
  ASSERT_TRUE(inside);
  EXPECT_EQ(*inside->least_m, 0);
  EXPECT_EQ(inside->kind, Likeness::certain);
  EXPECT_EQ(inside->window, window(100, 200));
  EXPECT_EQ(inside->delay_set, (std::vector<DelaySpan>{{Millis::from_seconds(-900), Millis::from_seconds(200)}}))
      << "-a later: b's shift mirrored";
  EXPECT_FALSE(stands(near_null(0, 0)));
  EXPECT_TRUE(stands(near_null(1950, 0))) << "near the hole's edge";
  EXPECT_FALSE(stands(near_null(5200, 0)));
}

TEST(Meet, APolygonHoldsThePole) {
  Area area;
  area.rings = {{{0, 890'000'000}, {900'000'000, 890'000'000}, {1'800'000'000, 890'000'000}, {-900'000'000, 890'000'000}}};
  area.window = window(0, 1000);
  const Plan cap = *compile(area);
  const auto across = meet(cap, *compile(straight({0, 899'000'000}, {1'800'000'000, 899'000'000}, 0, 900, 0)), Metres{});
  ASSERT_TRUE(across);
  EXPECT_EQ(across->least_possible_m, 0);
  EXPECT_FALSE(meet(cap, *compile(straight({0, 880'000'000}, {100'000'000, 880'000'000}, 0, 900, 0)), Metres::from_metres(1000)));
}

TEST(Compile, EveryRefusalHasItsRule) {
  const Route good = straight(near_null(0, 0), near_null(1000, 0), 0, 100, 10);
  ASSERT_TRUE(compile(good));
  struct Row {
    const char* name;
    Rule rule;
    std::function<void(Route&)> spoil;
  };
  for (const Row& row :
       {Row{"one waypoint", Rule::route_too_short, [](Route& r) { r.waypoints.pop_back(); }},
        Row{"many waypoints", Rule::route_too_long, [](Route& r) { r.waypoints.resize(10'001, r.waypoints[0]); }},
        Row{"negative width", Rule::geo_length_out_of_range, [](Route& r) { r.half_width = Metres::from_mm(-1); }},
        Row{"long column", Rule::geo_length_out_of_range, [](Route& r) { r.column_length = Metres::from_metres(1'000'001); }},
        Row{"no such place", Rule::place_out_of_range, [](Route& r) { r.waypoints[1].place.lat_e7 = 900'000'001; }},
        Row{"a window that ends first", Rule::time_out_of_range,
            [](Route& r) { std::swap(r.waypoints[1].window.from, r.waypoints[1].window.to); }},
        Row{"year 10000", Rule::time_out_of_range,
            [](Route& r) { r.waypoints[1].window.to = Instant::from_ms(253'402'300'800'000); }},
        Row{"earliest goes back", Rule::route_window_backwards, [](Route& r) { r.waypoints[1].window.from = at_second(-11); }},
        Row{"latest goes back", Rule::route_window_backwards, [](Route& r) { r.waypoints[1].window = window(0, 9); }},
        Row{"no duration", Rule::route_leg_without_duration, [](Route& r) { r.waypoints[1].window = r.waypoints[0].window; }},
        Row{"round the earth", Rule::route_leg_too_long, [](Route& r) { r.waypoints[1].place = {1'799'999'999, 0}; }},
        Row{"band upside down", Rule::altitude_band_backwards,
            [](Route& r) { r.altitude = AltitudeBand{Metres::from_metres(2), Metres::from_metres(1)}; }},
        Row{"band below ground", Rule::altitude_band_backwards,
            [](Route& r) { r.altitude = AltitudeBand{Metres::from_metres(-2), Metres::from_metres(1)}; }}}) {
    Route route = good;
    row.spoil(route);
    const auto plan = compile(route);
    ASSERT_FALSE(plan) << row.name;
    EXPECT_EQ(plan.error().rule, row.rule) << row.name << ": " << to_text(plan.error());
    EXPECT_FALSE(plan.error().accepted.empty()) << row.name;
    EXPECT_FALSE(plan.error().where.empty()) << row.name;
  }
}

TEST(Compile, EveryRefusalOfAnAreaHasItsRule) {
  using Ring = std::vector<Place>;
  const Ring square{near_null(0, 0), near_null(1000, 0), near_null(1000, 1000), near_null(0, 1000)};
  const auto of = [](std::vector<Ring> rings) {
    Area area;
    area.rings = std::move(rings);
    area.window = window(0, 10);
    return compile(area);
  };
  const auto rule = [](const Result<Plan>& plan) { return plan ? std::nullopt : std::optional{plan.error().rule}; };
  EXPECT_TRUE(of({square}));
  EXPECT_TRUE(of({{square[0], square[1], square[2], square[3], square[0]}})) << "closed";
  EXPECT_TRUE(of({{square[3], square[2], square[1], square[0]}})) << "the other way round";
  EXPECT_TRUE(of({square, {near_null(100, 100), near_null(200, 100), near_null(200, 200)}}));
  EXPECT_EQ(rule(of({})), Rule::area_shape_unclear);
  EXPECT_EQ(rule(of({{}})), Rule::area_degenerate);
  EXPECT_EQ(rule(of({{square[0], square[1]}})), Rule::area_degenerate);
  EXPECT_EQ(rule(of({{square[0], square[1], square[0], square[1]}})), Rule::area_degenerate);
  EXPECT_EQ(rule(of({{near_null(0, 0), near_null(500, 0), near_null(1000, 0)}})), Rule::area_degenerate);
  EXPECT_EQ(rule(of({{square[0], square[2], square[1], square[3]}})), Rule::area_degenerate)
      << "an hourglass of two equal halves";
  EXPECT_EQ(rule(of({{square[0], near_null(1500, 800), square[1], square[3]}})), Rule::area_self_crossing);
  EXPECT_EQ(rule(of({square, {near_null(900, 100), near_null(1200, 100), near_null(1200, 200)}})), Rule::area_self_crossing);
  EXPECT_EQ(rule(of({square, {near_null(2000, 100), near_null(2200, 100), near_null(2200, 200)}})), Rule::area_degenerate);
  EXPECT_EQ(
      rule(of({{{0, 0}, {600'000'000, 0}, {1'200'000'000, 0}, {1'800'000'000, 0}, {-1'200'000'000, 0}, {-600'000'000, 0}}})),
      Rule::area_too_large);
  EXPECT_EQ(rule(of({{{0, 0}, {1'300'000'000, 0}, {0, 850'000'000}}})), Rule::area_too_large);
  EXPECT_EQ(rule(of({Ring(10'001, square[0])})), Rule::area_too_many_corners);
  EXPECT_EQ(rule(of({{square[0], square[1], {0, 1'000'000'000}}})), Rule::place_out_of_range);
  Area both;
  both.centre = kDayrik;
  both.rings = {square};
  EXPECT_EQ(rule(compile(both)), Rule::area_shape_unclear);
}

TEST(Compile, PassingTakesTheSlowestSpeedWithinOneColumnAhead) {
  // 10 m/s, then 5 m/s, then 1 m/s; a column of 100 m. The first leg's end is 500 m before the slow one begins.
  Route route;
  route.waypoints = {{near_null(0, 0), window(0, 0)},
                     {near_null(1000, 0), window(100, 100)},
                     {near_null(1500, 0), window(200, 200)},
                     {near_null(1600, 0), window(300, 300)}};
  route.column_length = Metres::from_metres(100);
  const Plan plan = *compile(route);
  ASSERT_EQ(plan.pieces().size(), 3U);
  const auto passing = [&](std::size_t i) { return (plan.pieces()[i].l0 - plan.pieces()[i].e0) / 1000; };
  EXPECT_NEAR(passing(0), 100 / 5.0, 0.1) << "the next leg begins where this one ends";
  EXPECT_NEAR(passing(1), 100 / 1.0, 0.5);
  EXPECT_NEAR(passing(2), 100 / 1.0, 0.5);
}

}  // namespace
}  // namespace wideberth::geo
