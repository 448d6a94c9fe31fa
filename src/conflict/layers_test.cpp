// The index against asking every entry, through long random lives: filing, amending, withdrawing, expiring.
#include "conflict/testing.h"

namespace wideberth::conflict {
namespace {

using testing::Both;
using testing::Dice;
using testing::District;

/// Every notification has a key of its own revision, as in the log: an amendment erases one key and files the next.
struct Life {
  Both both;
  District district;
  std::uint64_t next = 0;

  Life(geo::Place middle, std::uint64_t seed) : district{middle, seed} {}
  Dice& dice() { return district.dice; }
  std::string party() { return "party-" + std::to_string(dice().even(1, 3)); }
  EntryIndex any_key() {
    const auto at = both.all.lower_bound(EntryIndex{static_cast<std::uint64_t>(dice().even(0, static_cast<std::int64_t>(next)))});
    return at == both.all.end() ? EntryIndex{next + 7} : at->first;
  }

  void step() {
    const std::int64_t what = dice().even(1, 100);
    if (what <= 70) {
      both.insert({next}, party(), district.any());
      next += static_cast<std::uint64_t>(dice().even(1, 3));
    } else if (what <= 85) {  // amended: another revision takes its place
      both.erase(any_key());
      both.insert({next++}, party(), district.any());
    } else if (what <= 90) {  // the same key again
      const EntryIndex key = any_key();
      if (both.all.contains(key)) both.insert(key, both.all.at(key).party, district.any());
    } else if (what <= 99) {
      both.erase(any_key());
    } else {  // all that ends early expires, one after the other
      const auto until = geo::Instant::from_ms(dice().even(0, 40'000) * 1000);
      std::vector<EntryIndex> over;
      for (const auto& [key, filed] : both.all)
        if (filed.plan->span().to < until) over.push_back(key);
      for (const EntryIndex key : over) both.erase(key);
    }
  }
};

// A spread of separations by key: some are owed nothing, some much.
std::optional<Metres> owed_by(EntryIndex key) {
  if (key.value % 11 == 0) return {};
  return Metres::from_metres(static_cast<std::int64_t>(key.value % 7) * 300);
}
constexpr Metres kWidest = Metres::from_metres(1'800);

std::size_t live(geo::Place middle, std::uint64_t seed, int steps, std::size_t& met) {
  Life life{middle, seed};
  std::size_t pairs = 0;
  for (int i = 0; i < steps; ++i) {
    life.step();
    if (i % 10 == 9) pairs += life.both.compare(*life.district.any(), life.party(), owed_by, kWidest, met);
    if (::testing::Test::HasFailure()) {
      ADD_FAILURE() << "seed " << seed << ", step " << i;
      break;
    }
  }
  return pairs;
}

TEST(LayersLaws, EveryAnswerIsThatOfAskingEveryEntry) {
  const bool long_run = std::getenv("WIDEBERTH_LONG") != nullptr;
  const std::size_t wanted = long_run ? 200'000'000 : 5'000'000;
  // A district of the plain, one across the antimeridian, one around the pole.
  const std::array middles{geo::Place{371'000'000, 421'000'000}, geo::Place{1'799'900'000, -167'000'000},
                           geo::Place{100'000'000, 899'500'000}};
  std::size_t pairs = 0, met = 0;
  std::uint64_t seed = 20'260'801;
  for (; (pairs < wanted || seed < 20'260'801 + 9) && !HasFailure(); ++seed)
    pairs += live(middles[seed % 3], seed, long_run ? 1'500 : 400, met);
  std::printf("%zu leg pairs, %zu meetings, %d lives\n", pairs, met, static_cast<int>(seed - 20'260'801));
  EXPECT_GT(met, 100 * (seed - 20'260'801));
}

TEST(LayersLaws, TheOrderOfFilingNeverShows) {
  District district{{371'000'000, 421'000'000}, 5};
  std::vector<Filed> filed;
  for (std::uint64_t i = 0; i < 300; ++i) filed.push_back({{i}, "red", district.any()});
  Index one, other, at_once;
  for (std::size_t i = 0; i < filed.size(); ++i) one.insert(filed[i].key, filed[i].party, filed[i].plan);
  for (std::size_t i = filed.size(); i-- > 0;) other.insert(filed[i].key, filed[i].party, filed[i].plan);
  at_once.insert({3}, "blue", filed[9].plan);  // replaced below
  at_once.insert_all({filed.begin(), filed.begin() + 200});
  std::vector<Filed> rest{filed.rbegin(), filed.rbegin() + 110};  // some of them again, in any order, and some twice
  rest.insert(rest.begin(), Filed{filed[299].key, "blue", filed[0].plan});
  at_once.insert_all(std::move(rest));
  EXPECT_EQ(one.size(), 300U);
  EXPECT_EQ(at_once.size(), 300U);
  std::size_t met = 0;
  for (int i = 0; i < 50; ++i) {
    const auto asked = district.any();
    const auto keys = [&](const Index& index) {
      std::vector<EntryIndex> found;
      for (const Near& near : index.near(*asked, "blue", owed_by, kWidest)) found.push_back(near.key);
      return found;
    };
    const auto found = keys(one);
    met += found.size();
    EXPECT_EQ(found, keys(other));
    EXPECT_EQ(found, keys(at_once));
  }
  EXPECT_GT(met, 100U);
}

TEST(Layers, AMovementOfEightLegsCostsNoMoreThanItsShareOfMemory) {
  Dice dice{9};
  Index at_once, by_one;
  std::vector<Filed> filed;
  for (std::uint64_t i = 0; i < 20'000; ++i) {
    geo::Route route;
    auto lon = dice.even(360'000'000, 400'000'000), lat = dice.even(400'000'000, 440'000'000), time = dice.even(0, 2'592'000);
    for (int leg = 0; leg <= 8; ++leg, lon += 200'000, lat += 100'000, time += 180)
      route.waypoints.push_back({{static_cast<std::int32_t>(lon), static_cast<std::int32_t>(lat)},
                                 {geo::Instant::from_ms(time * 1000), geo::Instant::from_ms((time + 1'800) * 1000)}});
    auto plan = std::make_shared<const geo::Plan>(*geo::compile(route));
    ASSERT_EQ(plan->pieces().size(), 8U);
    filed.push_back({{i}, "red", std::move(plan)});
  }
  for (const Filed& each : filed) by_one.insert(each.key, each.party, each.plan);
  at_once.insert_all(filed);
  by_one.settle();
  EXPECT_LE(at_once.bytes(), 320 * filed.size());
  EXPECT_LE(by_one.bytes(), 320 * filed.size());
}

TEST(LayersLaws, ACopyKeepsWhatItHeld) {
  Life life{{371'000'000, 421'000'000}, 11};
  for (int i = 0; i < 200; ++i) life.step();
  const Both before = life.both;
  for (int i = 0; i < 200; ++i) life.step();
  std::size_t met = 0;
  for (int i = 0; i < 20; ++i) before.compare(*life.district.any(), "nobody", owed_by, kWidest, met);
  for (int i = 0; i < 20; ++i) life.both.compare(*life.district.any(), "nobody", owed_by, kWidest, met);
  EXPECT_GT(met, 20U);
}

TEST(LayersLaws, TheShiftsClearEverythingThatWasMetAndAreTheLeast) {
  District district{{371'000'000, 421'000'000}, 12};
  Index index;
  std::map<EntryIndex, std::shared_ptr<const geo::Plan>> all;
  for (std::uint64_t i = 0; i < 150; ++i) {
    all[{i}] = district.any();
    index.insert({i}, "red", all[{i}]);
  }
  int asked = 0;
  for (int i = 0; i < 60; ++i) {
    const auto plan = district.any();
    const auto hits = index.search(*plan, "blue", owed_by, kWidest);
    const auto clear = index.clear_all(*plan, "blue", owed_by, kWidest);
    ASSERT_EQ(clear.has_value(), !hits.empty());
    if (!clear) continue;
    ++asked;
    // By its meaning, second by second, where that is not too far.
    const auto clears = [&](std::int64_t shift_ms) {
      for (const Hit& hit : hits) {
        const std::int64_t slack = (plan->slack() + all[hit.key]->slack()).ms();
        for (const geo::DelaySpan& span : hit.meeting.delay_set)
          if (shift_ms - slack <= span.high.ms() && shift_ms + slack >= span.low.ms()) return false;
      }
      return true;
    };
    for (const std::int64_t sign : {1, -1}) {
      const std::int64_t shift = (sign > 0 ? clear->later : clear->earlier).ms();
      ASSERT_EQ(shift % 1000, 0);
      ASSERT_TRUE(clears(sign * shift));
      for (std::int64_t s = 1000; s < std::min<std::int64_t>(shift, 200'000'000); s += 1000) ASSERT_FALSE(clears(sign * s)) << s;
    }
    for (const Hit& hit : hits) {
      ASSERT_GE(clear->later, *hit.meeting.clear_later);
      ASSERT_GE(clear->earlier, *hit.meeting.clear_earlier);
    }
  }
  EXPECT_GT(asked, 20);
}

}  // namespace
}  // namespace wideberth::conflict
