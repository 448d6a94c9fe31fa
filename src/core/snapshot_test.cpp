// A state as bytes and back. That this holds for every state that any test of this folder reaches is seen to in ~World, that
// decisions are the same in FoldLaws; here is what is not a state.
#include "core/snapshot.h"

#include <gtest/gtest.h>

#include <random>

#include "core/testing.h"

namespace wideberth::core {
namespace {

using namespace testing;  // NOLINT: the vocabulary of these tests

/// A little of much.
World lived() {
  World world;
  Terms terms;
  terms.red_to_blue = View::outline;
  const std::string id = world.agree(terms);
  const EntryIndex first = World::expect(world.file(world.filing(Drive{}, id)));
  World::expect(world.file(world.acknowledgement("red", first)));
  Drive other;
  other.party = "red";
  std::swap(other.from, other.to);
  World::expect(world.file(world.filing(other, id)));
  Drive later;
  later.reason = "an invented reason";
  later.start = later.start + hours(1);
  World::expect(world.file(world.amendment(first, later, id)));
  world.file(world.withdrawal("red", first));  // refused
  return world;
}

TEST(Snapshot, AnEmptyStateIsOneToo) {
  const auto carried = load(save(State{}));
  ASSERT_TRUE(carried);
  EXPECT_EQ(dump(*carried), dump(State{}));
}

TEST(Snapshot, WhatFollowsTheCarriedStateIsWhatWouldHaveFollowed) {
  World on = lived();
  World carried = on;
  carried.watch = std::make_shared<Watch>();
  carried.state = load(save(on.state)).value();
  for (World* each : {&on, &carried}) {
    Drive third;
    third.from.lat_e7 += 10'000;
    World::expect(each->file(each->filing(third, each->state.agreements.begin()->first)));
    each->pass(each->now + hours(72));
  }
  EXPECT_GT(on.log.size(), 20U);
  ASSERT_EQ(on.log.size(), carried.log.size());
  for (std::size_t i = 0; i < on.log.size(); ++i) {
    EXPECT_EQ(on.log[i].text.kind, carried.log[i].text.kind) << i;
    EXPECT_EQ(on.log[i].text.to, carried.log[i].text.to) << i;
    ASSERT_EQ(on.log[i].parts.size(), carried.log[i].parts.size()) << i;
    for (std::size_t n = 0; n < on.log[i].parts.size(); ++n) EXPECT_EQ(on.log[i].parts[n].bytes, carried.log[i].parts[n].bytes);
  }
}

TEST(Snapshot, NothingShorterAndNothingLongerIsOne) {
  const std::string saved = save(lived().state);
  ASSERT_TRUE(load(saved));
  for (std::size_t size = 0; size < saved.size(); size += size < 200 ? 1U : 97U)
    EXPECT_FALSE(load(std::string_view(saved).substr(0, size))) << size;
  EXPECT_FALSE(load(saved + '\0'));
}

/// Who reads a snapshot has seen to it that it is ours; still, no bytes may lead astray.
TEST(Snapshot, OtherBytesGiveNothingOrSomeState) {
  const std::string saved = save(lived().state);
  std::mt19937_64 chance{20200825};
  std::size_t none = 0;
  for (int round = 0; round < 400; ++round) {
    std::string bytes = saved;
    for (std::uint64_t n = chance() % 4 + 1; n > 0; --n) bytes[chance() % bytes.size()] = static_cast<char>(chance());
    none += load(bytes) ? 0U : 1U;
  }
  EXPECT_GT(none, 0U);
}

}  // namespace
}  // namespace wideberth::core
