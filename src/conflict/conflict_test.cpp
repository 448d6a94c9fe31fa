#include "conflict/conflict.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <set>

namespace wideberth::conflict {
namespace {

using geo::Instant;
using geo::Millis;
using geo::Place;

std::int64_t even(std::int64_t low, std::int64_t high) {
  return *rc::gen::resize(100, rc::gen::inRange<std::int64_t>(low, high + 1));
}

std::shared_ptr<const geo::Plan> any_plan() {
  geo::Route route;
  std::int64_t time = even(0, 3000);
  for (auto n = even(2, 4); n > 0; --n) {
    const Place place{421'000'000 + static_cast<std::int32_t>(even(-200'000, 200'000)),
                      371'000'000 + static_cast<std::int32_t>(even(-200'000, 200'000))};
    route.waypoints.push_back({place, {Instant::from_ms(time * 1000), Instant::from_ms((time + 120) * 1000)}});
    time += even(60, 600);
  }
  return std::make_shared<const geo::Plan>(*geo::compile(route));
}

std::shared_ptr<const geo::Plan> one_plan() {
  geo::Route route;
  route.waypoints = {{{421'000'000, 371'000'000}, {Instant::from_ms(0), Instant::from_ms(60'000)}},
                     {{421'100'000, 371'000'000}, {Instant::from_ms(90'000), Instant::from_ms(150'000)}}};
  return std::make_shared<const geo::Plan>(*geo::compile(route));
}

RC_GTEST_PROP(IndexLaws, TheAnswerIsThatOfAskingEveryEntry, ()) {
  Index index;
  std::map<EntryIndex, std::pair<std::string, std::shared_ptr<const geo::Plan>>> all;
  for (auto n = even(0, 25); n > 0; --n) {
    const EntryIndex key{static_cast<std::uint64_t>(even(0, 30))};
    if (even(0, 4) == 0) {
      index.erase(key);
      all.erase(key);
      continue;
    }
    const std::string party = even(0, 1) == 0 ? "red" : "blue";
    const auto plan = any_plan();
    index.insert(key, party, plan);
    all.insert_or_assign(key, std::pair{party, plan});
  }
  RC_ASSERT(index.size() == all.size());
  const auto mine = any_plan();
  const auto owed = [](EntryIndex key) -> std::optional<Metres> {
    if (key.value % 5 == 0) return {};
    return Metres::from_metres(static_cast<std::int64_t>(key.value) * 20);
  };
  const auto hits = index.search(*mine, "red", owed);
  std::vector<EntryIndex> expected, found;
  for (const auto& [key, entry] : all)
    if (entry.first != "red" && owed(key) && geo::meet(*mine, *entry.second, *owed(key))) expected.push_back(key);
  for (const Hit& hit : hits) found.push_back(hit.key);
  RC_ASSERT(found == expected);
}

TEST(Index, ACopyIsItsOwn) {
  Index one;
  one.insert({1}, "red", one_plan());
  Index two = one;
  two.erase({1});
  two.erase({1});
  EXPECT_EQ(one.size(), 1U);
  EXPECT_EQ(two.size(), 0U);
}

TEST(Index, OneIsNotInOnesOwnWay) {
  Index index;
  const auto plan = one_plan();
  index.insert({1}, "red", plan);
  index.insert({2}, "blue", plan);
  int asked = 0;
  const auto owed = [&](EntryIndex) -> std::optional<Metres> {
    ++asked;
    return Metres::from_metres(10);
  };
  const auto hits = index.search(*plan, "red", owed);
  ASSERT_EQ(hits.size(), 1U);
  EXPECT_EQ(hits[0].key, EntryIndex{2});
  EXPECT_EQ(asked, 1);
}

}  // namespace
}  // namespace wideberth::conflict
