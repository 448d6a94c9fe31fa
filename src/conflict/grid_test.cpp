#include "conflict/grid.h"

#include <gtest/gtest.h>

#include <map>
#include <vector>

#include "conflict/testing.h"

namespace wideberth::conflict {
namespace {

constexpr double kUnit_m = 0.5, kUnit_ms = 250;

// On a raster, so that boxes often touch to the bit, at the corner of a group and at its far end.
geo::Box raster_box(testing::Dice& dice) {
  const auto part = [&](double unit, std::int64_t most, std::int64_t size) {
    const auto low = static_cast<double>(dice.even(-most, most)) * unit;
    return std::pair{low, low + static_cast<double>(dice.even(0, size)) * unit};
  };
  const auto [x0, x1] = part(25, 30, 30);
  const auto [y0, y1] = part(25, 30, 30);
  const auto [z0, z1] = part(25, 30, 30);
  const auto [e, l] = part(kUnit_ms, 400, 300);
  return {{x0, y0, z0}, {x1, y1, z1}, e + 1e6, l + 1e6, e + 1e6 + (l - e) / 4, l + 1e6 - (l - e) / 4};
}

bool meet_in_space(const geo::Box& a, const geo::Box& b, double by) {
  return a.low.x <= b.high.x + by && b.low.x <= a.high.x + by && a.low.y <= b.high.y + by && b.low.y <= a.high.y + by &&
         a.low.z <= b.high.z + by && b.low.z <= a.high.z + by;
}
bool meet_in_windows(const geo::Box& a, const geo::Box& b, double by) { return a.e <= b.l + by && b.e <= a.l + by; }
bool meet_on_schedule(const geo::Box& a, const geo::Box& b, double by) { return a.s <= b.h + by && b.s <= a.h + by; }

// Every bit of a pair is that of comparing the two boxes: what meets is there, and what is there misses by no more than rounding.
void expect_pair(const std::vector<geo::Box>& asked, const std::vector<geo::Box>& filed, const GroupPair& pair) {
  constexpr double kFine_m = kUnit_m / 8;
  for (std::size_t i = 0; i < kGroup; ++i)
    for (std::size_t j = 0; j < kGroup; ++j) {
      const auto has = [&](std::uint64_t bits) { return (bits >> (8 * i + j) & 1) != 0; };
      if (i >= asked.size() || j >= filed.size()) {
        EXPECT_FALSE(has(pair.now | pair.ever | pair.on_schedule));
        continue;
      }
      const geo::Box &a = asked[i], &b = filed[j];
      EXPECT_GE(has(pair.ever), meet_in_space(a, b, 0));
      EXPECT_LE(has(pair.ever), meet_in_space(a, b, kFine_m));
      EXPECT_GE(has(pair.now), meet_in_space(a, b, 0) && meet_in_windows(a, b, 0));
      EXPECT_LE(has(pair.now), meet_in_space(a, b, kFine_m) && meet_in_windows(a, b, kUnit_ms));
      EXPECT_GE(has(pair.on_schedule), meet_on_schedule(a, b, 0));
      EXPECT_LE(has(pair.on_schedule), meet_on_schedule(a, b, kUnit_ms));
    }
}

std::vector<geo::Box> raster_boxes(testing::Dice& dice) {
  std::vector<geo::Box> boxes(static_cast<std::size_t>(dice.even(1, kGroup)));
  for (geo::Box& box : boxes) box = raster_box(dice);
  return boxes;
}

TEST(GridLaws, EveryBitIsThatOfComparingTwoBoxes) {
  testing::Dice dice{7};
  const std::vector<geo::Piece> pieces(1);  // only ever asked of the memory ahead
  std::size_t met = 0, touched = 0;
  for (int round = 0; round < 60; ++round) {
    std::vector<std::vector<geo::Box>> filed;
    Grid grid{Scale{kUnit_m, kUnit_ms, 0}, 40};
    for (std::uint32_t i = 0; i < 40; ++i) {
      filed.push_back(raster_boxes(dice));
      grid.add(filed.back(), {.slot = i, .party = i % 4}, 0, pieces.data());
    }
    grid.pack();
    const std::vector<geo::Box> asked = raster_boxes(dice);
    std::vector<GroupPair> found;
    grid.find(asked, 0, {.own = 3, .whole = true, .slots = reinterpret_cast<const char*>(pieces.data()), .size = 0}, found);
    std::map<std::uint32_t, GroupPair> by_slot;
    for (const GroupPair& pair : found) EXPECT_TRUE(by_slot.emplace(pair.slot, pair).second) << "reported twice";
    for (std::uint32_t i = 0; i < 40; ++i) {
      bool any = false;
      for (const geo::Box& a : asked)
        for (const geo::Box& b : filed[i]) {
          any |= meet_in_space(a, b, 0) && meet_in_windows(a, b, 0);
          touched += a.high.x == b.low.x || a.low.x == b.high.x ? 1U : 0U;
        }
      const auto pair = by_slot.find(i);
      if (i % 4 == 3) {
        EXPECT_TRUE(pair == by_slot.end()) << "of the party that asks";
        continue;
      }
      EXPECT_TRUE(pair != by_slot.end() || !any) << "missed";
      if (pair == by_slot.end()) continue;
      ++met;
      expect_pair(asked, filed[i], pair->second);
    }
  }
  EXPECT_GT(met, 500U);
  EXPECT_GT(touched, 100U);
}

}  // namespace
}  // namespace wideberth::conflict
