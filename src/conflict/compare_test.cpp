#include "conflict/compare.h"

#include <gtest/gtest.h>

#include <random>

#include "geo/plan.h"

namespace wideberth::conflict {
namespace {

/// Boxes as a group has them: beside one another, of all sizes up to half a cell, some at the very ends of what fits.
class Boxes {
 public:
  explicit Boxes(unsigned seed) : engine_{seed} {}
  int draw(int low, int high) { return low + static_cast<int>(engine_() % static_cast<unsigned>(high - low + 1)); }
  std::int16_t small() {
    constexpr std::int32_t kEnds[] = {kLowest, kLowest + 1, -1, 0, 1, kHighest - 1, kHighest};
    return static_cast<std::int16_t>(draw(0, 3) == 0 ? kEnds[draw(0, 6)] : draw(kLowest, kHighest));
  }
  Questions questions(std::size_t count) {
    std::vector<geo::Box> boxes(count);
    for (geo::Box& box : boxes) {
      box.low = {place(), place(), place()};
      box.high = box.low + geo::Vec3{size(), size(), size()};
      box.e = draw(0, 40'000'000), box.l = box.e + draw(0, 9'000'000);
      box.s = box.e + 1000, box.h = box.l;
    }
    return {Scale{4, 250, 0}, boxes};
  }
  GridEntry entry() {
    GridEntry entry;
    for (std::size_t i = 0; i < 3; ++i) {
      entry.low[i] = static_cast<std::int16_t>(draw(0, 8191));
      entry.high[i] = static_cast<std::int16_t>(entry.low[i] + draw(0, 8191));
    }
    entry.begin = draw(0, 160'000);
    return entry;
  }
  GroupBoxes group(std::size_t count) {
    GroupBoxes group;
    for (std::size_t i = 0; i < GroupBoxes::kAxes; ++i) {
      group.low[i].fill(std::numeric_limits<std::int16_t>::max());
      group.high[i].fill(std::numeric_limits<std::int16_t>::min());
      for (std::size_t k = 0; k < count; ++k) {
        group.low[i][k] = small(), group.high[i][k] = small();
        if (group.high[i][k] < group.low[i][k]) std::swap(group.low[i][k], group.high[i][k]);
      }
    }
    return group;
  }

 private:
  double place() { return draw(-40'000, 40'000); }
  double size() { return draw(0, 16'000); }
  std::mt19937 engine_;
};

// The plain comparison leaves out what misses the box around the group, so a group's boxes must lie in it, as they do in a grid.
GroupBoxes within(GroupBoxes group, const GridEntry& entry) {
  for (std::size_t i = 0; i < 3; ++i) {
    const std::int16_t most = inner((entry.high[i] - entry.low[i] + 1) * kFine - 1 - kMiddle);
    for (std::size_t k = 0; k < kGroup; ++k) {
      if (group.low[i][k] > group.high[i][k]) continue;
      group.low[i][k] = std::min(group.low[i][k], most);
      group.high[i][k] = std::min(group.high[i][k], most);
    }
  }
  return group;
}

TEST(CompareLaws, WideAndPlainGiveTheSameBits) {
  const Comparing compare = comparing();
  if (compare == &compare_plain) GTEST_SKIP() << "this machine has no AVX-512";
  Boxes boxes{1};
  std::size_t now = 0, ever = 0, none = 0;
  for (int i = 0; i < 40'000; ++i) {
    const auto asked = static_cast<std::size_t>(boxes.draw(1, 8)), filed = static_cast<std::size_t>(boxes.draw(1, 8));
    const Questions questions = boxes.questions(asked);
    const GridEntry entry = boxes.entry();
    const GroupBoxes group = within(boxes.group(filed), entry);
    const std::array<std::int32_t, 3> cell{8192 * boxes.draw(-2, 1), 8192 * boxes.draw(-2, 1), 8192 * boxes.draw(-2, 1)};
    GroupPair plain, wide;
    compare_plain(questions, cell, entry, group, plain);
    compare(questions, cell, entry, group, wide);
    ASSERT_EQ(plain.ever, wide.ever) << i;
    ASSERT_EQ(plain.now, wide.now) << i;
    ASSERT_EQ(plain.on_schedule, wide.on_schedule) << i;
    const std::uint64_t there = questions.there;
    ASSERT_EQ((wide.ever | wide.on_schedule) & ~there, 0U) << i;
    now += wide.now != 0, ever += wide.ever != 0, none += wide.ever == 0;
  }
  EXPECT_GT(now, 300U);
  EXPECT_GT(ever, now);
  EXPECT_GT(none, 300U);
}

}  // namespace
}  // namespace wideberth::conflict
