// Readers and a writer at once: built with the thread sanitizer in `make check-tsan`.
#include "conflict/live.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <thread>

#include "conflict/testing.h"

namespace wideberth::conflict {
namespace {

using testing::District;

constexpr std::uint64_t kThings = 40;

// Every thing stands under exactly one of its keys at any moment: thing t in revision r under t + kThings * r. Every revision
// runs the same road at the same time, so whoever asks there must meet each thing once.
std::shared_ptr<const geo::Plan> on_the_road() {
  geo::Route route;
  route.waypoints = {{{371'000'000, 421'000'000}, {geo::Instant::from_ms(0), geo::Instant::from_ms(60'000)}},
                     {{371'300'000, 421'000'000}, {geo::Instant::from_ms(300'000), geo::Instant::from_ms(360'000)}}};
  return std::make_shared<const geo::Plan>(*geo::compile(route));
}

TEST(Live, ReadersNeverSeeHalfAnAmendmentAndNeverWaitForOne) {
  const auto road = on_the_road();
  Index first;
  for (std::uint64_t i = 0; i < kThings; ++i) first.insert({i}, "red", road);
  Live live{std::move(first)};
  std::atomic<bool> over{false};
  std::atomic<int> looks{0};
  const auto reader = [&] {
    const auto owed = [](EntryIndex) { return std::optional{Metres::from_metres(100)}; };
    while (!over.load() || looks.load() < 20) {
      const auto index = live.read();
      const auto near = index->near(*road, "blue", owed, Metres::from_metres(100));
      std::vector<std::uint64_t> things;
      for (const Near& each : near) things.push_back(each.key.value % kThings);
      std::sort(things.begin(), things.end());
      ASSERT_EQ(things.size(), kThings);
      ASSERT_EQ(std::unique(things.begin(), things.end()), things.end());
      ++looks;
    }
  };
  std::thread one{reader}, other{reader};
  std::uint64_t revision = 0;
  District elsewhere{{-600'000'000, 100'000'000}, 3};
  std::vector<std::shared_ptr<const geo::Plan>> far;
  for (int i = 0; i < 50; ++i) far.push_back(elsewhere.any());
  for (int i = 0; i < 2'000; ++i) {
    const std::uint64_t thing = static_cast<std::uint64_t>(i) % kThings;
    if (thing == 0) ++revision;
    live.amend([&](Index& index) {
      index.erase({thing + kThings * (revision - 1)});
      index.insert({1'000'000 + static_cast<std::uint64_t>(i)}, "red", far[static_cast<std::size_t>(i) % far.size()]);
      index.insert({thing + kThings * revision}, "red", road);
    });
  }
  over = true;
  one.join();
  other.join();
  EXPECT_GE(looks.load(), 20);
  EXPECT_EQ(live.read()->size(), kThings + 2'000);
}

// A writer that takes a tenth of a second keeps no reader: most reads return within 100 us even on a busy machine, which they
// could not if they waited for it.
TEST(Live, AReadDoesNotWaitForTheWriter) {
  Live live;
  std::atomic<bool> writing{false}, written{false};
  std::thread writer{[&] {
    live.amend([&](Index& index) {
      writing = true;
      const auto until = std::chrono::steady_clock::now() + std::chrono::milliseconds{100};
      while (std::chrono::steady_clock::now() < until) std::this_thread::sleep_for(std::chrono::milliseconds{1});
      index.insert({1}, "red", on_the_road());
    });
    written = true;
  }};
  while (!writing) std::this_thread::yield();
  std::vector<std::chrono::nanoseconds> waits;
  for (int i = 0; i < 1'000 && !written; ++i) {
    const auto begin = std::chrono::steady_clock::now();
    const auto index = live.read();
    waits.push_back(std::chrono::steady_clock::now() - begin);
    if (!written) {
      EXPECT_LE(index->size(), 1U);
    }
  }
  writer.join();
  ASSERT_FALSE(waits.empty());
  std::sort(waits.begin(), waits.end());
  EXPECT_LT(waits[waits.size() / 2], std::chrono::microseconds{100});
  EXPECT_EQ(live.read()->size(), 1U);
}

}  // namespace
}  // namespace wideberth::conflict
