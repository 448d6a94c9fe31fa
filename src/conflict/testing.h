// For tests alone: invented movements and areas of very different sizes around one district, and an index beside a plain map
// that is asked one by one.
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <map>
#include <random>

#include "conflict/conflict.h"
#include "geo/plan.h"

namespace wideberth::conflict::testing {

class Dice {
 public:
  explicit Dice(std::uint64_t seed) : bits_{seed} {}
  std::int64_t even(std::int64_t low, std::int64_t high) {
    return low + static_cast<std::int64_t>(bits_() % static_cast<std::uint64_t>(high - low + 1));
  }
  bool one_in(std::int64_t n) { return even(1, n) == 1; }

 private:
  std::mt19937_64 bits_;
};

/// Draws plans near a place: patrols of some kilometres, convoys of some hundred, halts, sites, polygons with holes that stand
/// for a month, flights in altitude bands, wide and narrow.
class District {
 public:
  District(geo::Place middle, std::uint64_t seed) : dice{seed}, middle_{middle} {}

  std::shared_ptr<const geo::Plan> any() {
    for (;;) {
      const std::int64_t what = dice.even(1, 20);
      auto plan = what <= 14 ? patrol() : what <= 16 ? convoy() : area(what == 17);
      if (plan) return std::make_shared<const geo::Plan>(*std::move(plan));
    }
  }

  Dice dice;

 private:
  static constexpr std::int64_t kDay_s = 86'400;

  geo::Place near_by(std::int64_t span_e7) {
    std::int64_t lon = middle_.lon_e7 + dice.even(-span_e7, span_e7);
    if (lon > 1'800'000'000) lon -= 3'600'000'000;
    const std::int64_t lat = std::clamp<std::int64_t>(middle_.lat_e7 + dice.even(-span_e7, span_e7), -900'000'000, 900'000'000);
    return {static_cast<std::int32_t>(lon), static_cast<std::int32_t>(lat)};
  }
  static geo::Instant at(std::int64_t s) { return geo::Instant::from_ms(s * 1000); }
  void band(std::optional<geo::AltitudeBand>& altitude) {
    if (!dice.one_in(8)) return;
    const auto low = dice.even(0, 300);
    altitude = {Metres::from_metres(low), Metres::from_metres(low + dice.even(0, 300))};
  }

  base::Result<geo::Plan> patrol() {
    geo::Route route;
    std::int64_t time = dice.even(0, kDay_s / 2);
    const std::int64_t window = dice.one_in(5) ? 0 : dice.even(0, 1'800);
    geo::Place place = near_by(1'000'000);
    for (auto legs = dice.even(1, 8); legs >= 0; --legs) {
      route.waypoints.push_back({place, {at(time), at(time + window)}});
      time += dice.even(60, 900);
      if (!dice.one_in(6)) place = stepped(place);
    }
    route.half_width = Metres::from_metres(dice.one_in(3) ? dice.even(0, 2'000) : 0);
    route.column_length = Metres::from_metres(dice.one_in(4) ? dice.even(0, 3'000) : 0);
    band(route.altitude);
    return geo::compile(route);
  }
  geo::Place stepped(geo::Place from) {
    const std::int64_t lon = from.lon_e7 + dice.even(-200'000, 200'000), lat = from.lat_e7 + dice.even(-200'000, 200'000);
    return {static_cast<std::int32_t>(std::clamp<std::int64_t>(lon, -1'800'000'000, 1'800'000'000)),
            static_cast<std::int32_t>(std::clamp<std::int64_t>(lat, -900'000'000, 900'000'000))};
  }

  base::Result<geo::Plan> convoy() {
    geo::Route route;
    const std::int64_t time = dice.even(-kDay_s / 2, 2 * kDay_s), hours = dice.even(10, 30);
    route.waypoints = {{near_by(30'000'000), {at(time), at(time + 3'600)}},
                       {near_by(1'000'000), {at(time + hours * 1'800), at(time + hours * 1'800 + 3'600)}},
                       {near_by(30'000'000), {at(time + hours * 3'600), at(time + hours * 3'600 + 7'200)}}};
    route.half_width = Metres::from_metres(dice.even(0, 500));
    route.column_length = Metres::from_metres(dice.even(0, 8'000));
    return geo::compile(route);
  }

  base::Result<geo::Plan> area(bool circle) {
    geo::Area area;
    const std::int64_t time = dice.even(-20 * kDay_s, 2 * kDay_s);
    area.window = {at(time), at(time + (dice.one_in(2) ? 30 * kDay_s : dice.even(0, kDay_s)))};
    if (dice.one_in(20)) area.window = {geo::Instant::from_ms(-62'167'219'200'000), geo::Instant::from_ms(253'402'300'799'000)};
    band(area.altitude);
    const geo::Place centre = near_by(1'000'000);
    if (circle) {
      area.centre = centre;
      area.radius = Metres::from_metres(dice.one_in(6) ? dice.even(5'000, 400'000) : dice.even(0, 3'000));
      return geo::compile(area);
    }
    const auto half = static_cast<std::int32_t>(dice.one_in(6) ? dice.even(1'000'000, 10'000'000) : dice.even(1'000, 400'000));
    area.rings = {ring(centre, half)};
    if (dice.one_in(2)) area.rings.push_back(ring(centre, half / 2));
    area.margin = Metres::from_metres(dice.one_in(3) ? dice.even(0, 500) : 0);
    return geo::compile(area);
  }
  static std::vector<geo::Place> ring(geo::Place c, std::int32_t half) {
    const auto corner = [&](std::int32_t east, std::int32_t north) {
      std::int64_t lon = std::int64_t{c.lon_e7} + east * half;
      if (lon > 1'800'000'000) lon -= 3'600'000'000;
      return geo::Place{static_cast<std::int32_t>(lon), std::clamp(c.lat_e7 + north * half, -900'000'000, 900'000'000)};
    };
    return {corner(-1, -1), corner(1, -1), corner(1, 1), corner(-1, 1), corner(-1, -1)};
  }

  geo::Place middle_;
};

/// The same entries twice: in an index, and in a map of which every entry is asked.
class Both {
 public:
  Index index;
  std::map<EntryIndex, Filed> all;

  void insert(EntryIndex key, const std::string& party, const std::shared_ptr<const geo::Plan>& plan) {
    index.insert(key, party, plan);
    all.insert_or_assign(key, Filed{key, party, plan});
  }
  void erase(EntryIndex key) {
    index.erase(key);
    all.erase(key);
  }

  /// Compares every answer; returns the number of leg pairs that were asked about one by one, and adds to `met`.
  std::size_t compare(const geo::Plan& plan, const std::string& party, const Index::Separation& owed, Metres widest,
                      std::size_t& met) const {
    EXPECT_EQ(index.size(), all.size());
    std::vector<std::pair<EntryIndex, geo::Meeting>> expected;
    std::size_t pairs = 0;
    std::vector<std::pair<const geo::Plan*, geo::Meeting>> meetings;
    for (const auto& [key, filed] : all) {
      const auto separation = owed(key);
      if (filed.party == party || !separation) continue;
      pairs += plan.pieces().size() * filed.plan->pieces().size();
      auto meeting = geo::meet(plan, *filed.plan, *separation);
      const auto least = geo::least_possible(plan, *filed.plan, *separation);
      EXPECT_EQ(meeting.has_value(), least.has_value());
      if (!meeting) continue;
      EXPECT_NEAR(meeting->least_possible_m, *least, 1e-6);
      meetings.emplace_back(filed.plan.get(), *meeting);
      expected.emplace_back(key, *std::move(meeting));
    }
    met += expected.size();
    for (const auto& radius : {std::optional{widest}, std::optional<Metres>{}}) {
      const auto hits = index.search(plan, party, owed, radius);
      const auto near = index.near(plan, party, owed, radius);
      EXPECT_EQ(hits.size(), expected.size());
      EXPECT_EQ(near.size(), expected.size());
      for (std::size_t i = 0; i < std::min({hits.size(), near.size(), expected.size()}); ++i) {
        EXPECT_EQ(hits[i].key, expected[i].first);
        EXPECT_EQ(near[i].key, expected[i].first);
        EXPECT_EQ(hits[i].meeting.window, expected[i].second.window);
        EXPECT_EQ(hits[i].meeting.delay_set, expected[i].second.delay_set);
        EXPECT_EQ(hits[i].meeting.kind, expected[i].second.kind);
        EXPECT_EQ(hits[i].meeting.least_possible_m, expected[i].second.least_possible_m);
        EXPECT_NEAR(near[i].least_m, expected[i].second.least_possible_m, 1e-6);
      }
    }
    return pairs;
  }
};

}  // namespace wideberth::conflict::testing
