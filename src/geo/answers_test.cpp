#include "geo/answers.h"

#include <gtest/gtest.h>

#include <bit>
#include <cstdint>
#include <random>

namespace wideberth::geo {
namespace {

// Movements of up to eight legs in one small town and one hour, invented: many meet, many nearly do.
class Town {
 public:
  explicit Town(unsigned seed) : engine_{seed} {}
  int draw(int low, int high) { return low + static_cast<int>(engine_() % static_cast<unsigned>(high - low + 1)); }

  // Of no more pieces than one look takes.
  Plan movement() {
    while (true)
      if (Plan plan = any(); plan.pieces().size() <= 8) return plan;
  }

 private:
  Plan any() {
    if (draw(0, 9) == 0) return circle();
    Route route;
    route.half_width = Metres::from_metres(draw(0, 30));
    if (draw(0, 2) == 0) route.column_length = Metres::from_metres(draw(1, 500));
    if (draw(0, 3) == 0)
      route.altitude = AltitudeBand{Metres::from_metres(draw(0, 2) * 100), Metres::from_metres(draw(3, 4) * 100)};
    std::int64_t ms = 1'598'356'800'000 + draw(0, 3'000'000);
    const std::int64_t slack = draw(0, 2) == 0 ? 0 : draw(0, 600'000);
    for (int stop = draw(2, 9); stop > 0; --stop) {
      const bool halt = !route.waypoints.empty() && draw(0, 6) == 0;
      route.waypoints.push_back(
          {halt ? route.waypoints.back().place : place(), {Instant::from_ms(ms - slack), Instant::from_ms(ms + slack)}});
      ms += draw(30'000, 400'000);
    }
    return *compile(route);
  }

  Place place() { return {43'500'000 + draw(-300'000, 300'000), 508'500'000 + draw(-200'000, 200'000)}; }
  Plan circle() {
    Area area;
    area.centre = place();
    area.radius = Metres::from_metres(draw(0, 500));
    const std::int64_t ms = 1'598'356'800'000 + draw(0, 3'000'000);
    area.window = {Instant::from_ms(ms), Instant::from_ms(ms + draw(0, 1'000'000))};
    return *compile(area);
  }
  std::mt19937 engine_;
};

// All pairs of pieces that there are, less some that cannot matter.
PiecePairs pairs_of(const Plan& a, const Plan& b) {
  PiecePairs pairs;
  for (std::size_t i = 0; i < a.pieces().size(); ++i)
    for (std::size_t j = 0; j < b.pieces().size(); ++j) {
      const Piece &p = a.pieces()[i], &q = b.pieces()[j];
      pairs.near |= std::uint64_t{1} << (8 * i + j);
      if (p.s0 <= q.h1 && q.s0 <= p.h1) pairs.on_schedule |= std::uint64_t{1} << (8 * i + j);
    }
  return pairs;
}
std::uint64_t windows_overlap(const Plan& a, const Plan& b) {
  std::uint64_t now = 0;
  for (std::size_t i = 0; i < a.pieces().size(); ++i)
    for (std::size_t j = 0; j < b.pieces().size(); ++j) {
      const Piece &p = a.pieces()[i], &q = b.pieces()[j];
      if (p.e0 <= q.l1 && q.e0 <= p.l1) now |= std::uint64_t{1} << (8 * i + j);
    }
  return now;
}

bool same_bits(double x, double y) { return std::bit_cast<std::uint64_t>(x) == std::bit_cast<std::uint64_t>(y); }

void expect_same(const Meeting& x, const Meeting& y) {
  EXPECT_EQ(x.kind, y.kind);
  EXPECT_EQ(x.least_m.has_value(), y.least_m.has_value());
  EXPECT_TRUE(same_bits(x.least_m.value_or(0), y.least_m.value_or(0)));
  EXPECT_TRUE(same_bits(x.least_possible_m, y.least_possible_m));
  EXPECT_TRUE(same_bits(x.likelihood, y.likelihood));
  EXPECT_EQ(x.window.from, y.window.from);
  EXPECT_EQ(x.window.to, y.window.to);
  EXPECT_EQ(x.place, y.place);
  EXPECT_EQ(x.delay_set, y.delay_set);
  EXPECT_EQ(x.clear_later, y.clear_later);
  EXPECT_EQ(x.clear_earlier, y.clear_earlier);
  EXPECT_EQ(x.b_clear_later, y.b_clear_later);
  EXPECT_EQ(x.b_clear_earlier, y.b_clear_earlier);
}

TEST(AnswersLaws, AllAtOnceIsEachByItself) {
  const int rounds = std::getenv("WIDEBERTH_LONG") != nullptr ? 2'000 : 60;
  int met = 0, on_schedule = 0, asked = 0;
  for (int round = 0; round < rounds && !::testing::Test::HasFailure(); ++round) {
    Town town{static_cast<unsigned>(round)};
    const Plan a = town.movement();
    std::vector<Plan> plans;
    for (int i = town.draw(0, 40); i > 0; --i) plans.push_back(town.movement());
    std::vector<Other> others;
    for (const Plan& b : plans)
      others.push_back({facing_of(b), Metres::from_metres(town.draw(0, 800)), windows_overlap(a, b), pairs_of(a, b)});
    std::vector<Answered> found;
    std::vector<NearAnswered> near;
    meet_all(facing_of(a), others, found);
    near_all(facing_of(a), others, near);
    ASSERT_EQ(found.size(), near.size()) << round;
    std::size_t k = 0;
    for (std::size_t i = 0; i < plans.size(); ++i, ++asked) {
      const auto alone = meet(a, plans[i], others[i].separation);
      const auto least = least_possible(a, plans[i], others[i].separation);
      ASSERT_EQ(alone.has_value(), k < found.size() && found[k].other == i) << round << ' ' << i;
      ASSERT_EQ(least.has_value(), alone.has_value()) << round << ' ' << i;
      if (!alone) continue;
      expect_same(found[k].meeting, *alone);
      EXPECT_EQ(near[k].other, i);
      EXPECT_TRUE(same_bits(near[k].least_possible_m, *least)) << round << ' ' << i;
      const auto known = meet(a, plans[i], others[i].separation, others[i].pairs);
      ASSERT_TRUE(known);
      expect_same(*known, *alone);
      ++k, ++met, on_schedule += alone->kind != Likeness::possible;
    }
  }
  EXPECT_GT(met, asked / 5);
  EXPECT_LT(met, asked * 4 / 5);
  EXPECT_GT(on_schedule, met / 20);
}

}  // namespace
}  // namespace wideberth::geo
