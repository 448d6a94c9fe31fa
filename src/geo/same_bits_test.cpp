// Same bits everywhere: every number of some thousand answers, hashed, must be the one written here, whichever compiler, level or
// processor runs this test. The pairs are drawn with whole numbers alone, so that no library has a say in them either.
#include <gtest/gtest.h>

#include <cstring>
#include <functional>

#include "geo/occupancy.h"

namespace wideberth::geo {
namespace {

class Whole {
 public:
  explicit Whole(std::uint64_t seed) : state_{seed} {}
  std::int64_t within(std::int64_t low, std::int64_t high) {
    state_ += 0x9E3779B97F4A7C15ULL;
    std::uint64_t z = (state_ ^ (state_ >> 30)) * 0xBF58476D1CE4E5B9ULL;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
    z ^= z >> 31;
    return low + static_cast<std::int64_t>(z % static_cast<std::uint64_t>(high - low + 1));
  }

 private:
  std::uint64_t state_;
};

Plan drawn_plan(Whole& draw, Place centre) {
  const auto near = [&](std::int64_t span) {
    const std::int64_t lon = centre.lon_e7 + draw.within(-span, span);
    return Place{static_cast<std::int32_t>(lon > 1'800'000'000 ? lon - 3'600'000'000 : lon),
                 static_cast<std::int32_t>(centre.lat_e7 + draw.within(-span, span))};
  };
  std::int64_t ms = 1'598'356'800'000 + draw.within(0, 900'000);
  if (draw.within(0, 4) == 0) {
    Area area;
    area.window = {Instant::from_ms(ms), Instant::from_ms(ms + draw.within(0, 3'000'000))};
    if (draw.within(0, 1) == 0) {
      area.centre = near(300'000);
      area.radius = Metres::from_mm(draw.within(0, 2'000'000));
    } else {
      const Place a = near(100'000);
      area.rings = {{a, {a.lon_e7, a.lat_e7 - 90'001}, {a.lon_e7 - 200'003, a.lat_e7}}};
    }
    return *compile(area);
  }
  Route route;
  route.line = draw.within(0, 2) == 0 ? Line::lon_lat_linear : Line::geodesic;
  route.half_width = Metres::from_mm(draw.within(0, 100'000));
  if (draw.within(0, 2) == 0) route.column_length = Metres::from_mm(draw.within(1, 900'000));
  const std::int64_t slack = draw.within(0, 600'000);
  for (auto count = draw.within(2, 5); count > 0; --count) {
    const Place place = !route.waypoints.empty() && draw.within(0, 4) == 0 ? route.waypoints.back().place : near(1'500'000);
    route.waypoints.push_back({place, {Instant::from_ms(ms - slack), Instant::from_ms(ms + slack)}});
    ms += draw.within(60'000, 1'200'000);
  }
  return *compile(route);
}

class Fnv {
 public:
  void add(std::uint64_t x) {
    for (int i = 0; i < 8; ++i) hash_ = (hash_ ^ (x >> (8 * i) & 0xFF)) * 0x100000001B3ULL;
  }
  void add(double x) {
    std::uint64_t bits = 0;
    std::memcpy(&bits, &x, sizeof bits);
    add(bits);
  }
  void add(std::int64_t x) { add(static_cast<std::uint64_t>(x)); }
  std::uint64_t hash() const { return hash_; }

 private:
  std::uint64_t hash_ = 0xCBF29CE484222325ULL;
};

TEST(SameBits, TheAnswersHashToTheNumberWrittenHere) {
  Whole draw{20200825};
  Fnv fnv;
  int met = 0;
  for (int i = 0; i < 3'000; ++i) {
    const Place centre{static_cast<std::int32_t>(draw.within(-1'790'000'000, 1'800'000'000)),
                       static_cast<std::int32_t>(draw.within(-890'000'000, 890'000'000))};
    const Plan a = drawn_plan(draw, centre), b = drawn_plan(draw, centre);
    for (const Plan* plan : {&a, &b})
      for (const Piece& piece : plan->pieces())
        for (const double x : {piece.from.x, piece.along.y, piece.from.z, piece.e1, piece.h0, piece.l1}) fnv.add(x);
    const auto meeting = meet(a, b, Metres::from_mm(draw.within(0, 5'000'000)));
    if (!meeting) continue;
    ++met;
    fnv.add(static_cast<std::int64_t>(meeting->kind));
    fnv.add(meeting->least_m.value_or(-1));
    fnv.add(meeting->least_possible_m);
    fnv.add(meeting->likelihood);
    fnv.add(meeting->window.from.ms());
    fnv.add(meeting->window.to.ms());
    fnv.add(std::int64_t{meeting->place.lon_e7});
    fnv.add(std::int64_t{meeting->place.lat_e7});
    for (const DelaySpan& span : meeting->delay_set) {
      fnv.add(span.low.ms());
      fnv.add(span.high.ms());
    }
    fnv.add(meeting->clear_later->ms());
    fnv.add(meeting->clear_earlier->ms());
  }
  EXPECT_EQ(met, 1432);
  EXPECT_EQ(fnv.hash(), 15837020599041440469ULL) << "if the geometry was meant to change, this is the new number";
}

}  // namespace
}  // namespace wideberth::geo
