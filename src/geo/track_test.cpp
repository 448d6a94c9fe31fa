#include "geo/track.h"

#include <gtest/gtest.h>

#include <array>
#include <cstring>
#include <random>

#include "geo/answers.h"

namespace wideberth::geo {
namespace {

class Roads {
 public:
  explicit Roads(unsigned seed) : engine_{seed} {}
  int draw(int low, int high) { return low + static_cast<int>(engine_() % static_cast<unsigned>(high - low + 1)); }
  Route route() {
    Route route;
    route.half_width = Metres::from_metres(draw(0, 50));
    if (draw(0, 3) == 0) route.column_length = Metres::from_metres(draw(1, 900));
    if (draw(0, 3) == 0) route.line = Line::lon_lat_linear;
    std::int64_t ms = 1'598'356'800'000 + draw(0, 900'000);
    const std::int64_t slack = draw(0, 600'000);
    for (int stop = draw(2, 9); stop > 0; --stop) {
      const std::int64_t wider = draw(0, 9) == 0 ? 1'000 : 0;
      const bool halt = !route.waypoints.empty() && draw(0, 7) == 0;
      const Place place =
          halt ? route.waypoints.back().place : Place{draw(-300'000, 300'000), 508'500'000 + draw(-200'000, 200'000)};
      route.waypoints.push_back({place, {Instant::from_ms(ms - slack), Instant::from_ms(ms + slack + wider)}});
      ms += draw(60'000, 400'000);
    }
    return route;
  }

 private:
  std::mt19937 engine_;
};

TEST(TrackLaws, WhatGoesInComesOutToTheBit) {
  Roads roads{1};
  int with = 0, without = 0;
  for (int i = 0; i < 2'000; ++i) {
    const Plan plan = *compile(roads.route());
    if (plan.track() == nullptr) {
      ++without;
      continue;
    }
    ++with;
    std::array<Piece, Track::kMost> out;
    const Facing facing = facing_of(*plan.track(), out.data()), known = facing_of(plan);
    ASSERT_EQ(facing.count, plan.pieces().size()) << i;
    for (std::size_t k = 0; k < facing.count; ++k)
      ASSERT_EQ(std::memcmp(static_cast<const void*>(&out[k]), static_cast<const void*>(&plan.pieces()[k]), sizeof(Piece)), 0)
          << i;
    ASSERT_EQ(facing.begins, known.begins) << i;
    ASSERT_EQ(facing.sag_m, known.sag_m) << i;
    ASSERT_EQ(facing.sideways_m, known.sideways_m) << i;
    ASSERT_EQ(facing.half_width, known.half_width) << i;
    ASSERT_EQ(facing.slack, known.slack) << i;
    ASSERT_EQ(facing.altitude, known.altitude) << i;
    ASSERT_EQ(facing.shape, known.shape) << i;
  }
  EXPECT_GT(with, 400);
  EXPECT_GT(without, 400);
}

TEST(Track, AColumnWindowsThatDifferAndAreasHaveNone) {
  Route route;
  const auto at = [](std::int64_t s, std::int64_t half) {
    return Interval{Instant::from_ms(1'598'356'800'000 + 1000 * (s - half)),
                    Instant::from_ms(1'598'356'800'000 + 1000 * (s + half))};
  };
  route.waypoints = {{{0, 508'500'000}, at(0, 60)}, {{300'000, 508'500'000}, at(300, 60)}, {{500'000, 508'600'000}, at(600, 60)}};
  ASSERT_NE(compile(route)->track(), nullptr);
  EXPECT_EQ(compile(route)->track()->count, 2U);
  EXPECT_EQ(compile(route)->track()->apart_ms, 60'000);
  Route column = route;
  column.column_length = Metres::from_metres(100);
  EXPECT_EQ(compile(column)->track(), nullptr);
  Route wider = route;
  wider.waypoints[1].window = at(300, 90);
  EXPECT_EQ(compile(wider)->track(), nullptr);
  Area circle;
  circle.centre = Place{0, 508'500'000};
  circle.radius = Metres::from_metres(100);
  circle.window = at(0, 60);
  EXPECT_EQ(compile(circle)->track(), nullptr);
}

}  // namespace
}  // namespace wideberth::geo
