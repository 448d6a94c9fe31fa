// The faulty twin does what its script says, and what it leaves behind is what a restart finds.
#include "store/faulty.h"

#include <gtest/gtest.h>

#include "store/reread.h"
#include "store/sqlite.h"
#include "store/testing.h"

namespace wideberth::store {
namespace {

using testing::Folder;
using testing::Growth;

struct Outcome {
  std::optional<Rule> refused;
  std::uint64_t on_disk = 0;
};

// One batch of four onto a log of three, with this fault.
Outcome append_with(Fault fault) {
  const Folder folder;
  Growth growth{21};
  const auto under = testing::grown(folder / "log", {3}, growth);
  FaultyStore twin{*under, {fault}};
  const auto batch = growth.batch(4);
  const auto done = twin.append(batch, growth.before(), growth.after());
  const auto after = reread(*under);
  EXPECT_TRUE(after.has_value());
  EXPECT_EQ(twin.met(), 1U);
  return {done ? std::nullopt : std::optional{done.error().rule}, after ? after->tree.size() : 0};
}

TEST(Faulty, EachFaultLeavesWhatItSays) {
  struct Row {
    const char* name;
    Fault fault;
    std::optional<Rule> refused;
    std::uint64_t on_disk;
  };
  for (const Row& row : {Row{"none", Fault::none, std::nullopt, 7}, Row{"refuse", Fault::refuse, Rule::store_unavailable, 3},
                         Row{"lost reply", Fault::lost_reply, Rule::store_unavailable, 7},
                         Row{"torn", Fault::torn, Rule::store_unavailable, 5}, Row{"moved", Fault::moved, Rule::head_moved, 3}}) {
    const Outcome outcome = append_with(row.fault);
    EXPECT_EQ(outcome.refused, row.refused) << row.name;
    EXPECT_EQ(outcome.on_disk, row.on_disk) << row.name;
  }
}

TEST(Faulty, NoWriteIsTakenAfterOneThatFailedAndReadsGoOn) {
  const Folder folder;
  Growth growth{22};
  const auto under = testing::grown(folder / "log", {3}, growth);
  FaultyStore twin{*under, {Fault::none, Fault::refuse}};
  ASSERT_TRUE(twin.put_setting("a", "b").has_value());
  EXPECT_EQ(twin.put_alive(Instant::from_ms(1)).error().rule, Rule::store_unavailable);
  const auto batch = growth.batch(1);
  EXPECT_EQ(twin.append(batch, growth.before(), growth.after()).error().rule, Rule::store_unavailable);
  EXPECT_EQ(twin.put_checkpoint(growth.before()).error().rule, Rule::store_unavailable);
  EXPECT_EQ(twin.put_blob("x").error().rule, Rule::store_unavailable);
  EXPECT_EQ(twin.erase({}).error().rule, Rule::store_unavailable);
  EXPECT_EQ(twin.purge().error().rule, Rule::store_unavailable);
  EXPECT_EQ(twin.head()->size, 3U);
  EXPECT_EQ(twin.setting("a").value(), std::optional<std::string>{"b"});
  EXPECT_EQ(twin.last_alive().value(), std::nullopt);
}

TEST(Faulty, ReadsFailOnCueAndAfterTheScriptNothingDoes) {
  const Folder folder;
  Growth growth{23};
  const auto under = testing::grown(folder / "log", {3}, growth);
  const auto blob = under->put_blob("bytes");
  FaultyStore twin{*under, {Fault::untrue, Fault::refuse, Fault::untrue, Fault::none, Fault::moved}};
  EXPECT_EQ(reread(twin).error().rule, Rule::store_untrue);
  EXPECT_EQ(twin.read(EntryIndex{0}, 1).error().rule, Rule::store_unavailable);
  EXPECT_EQ(twin.get_blob(*blob).error().rule, Rule::store_untrue);
  EXPECT_EQ(twin.put_checkpoint(*twin.head()).error().rule, Rule::head_moved);
}

TEST(Faulty, AfterItsScriptTheTwinIsTheStore) {
  const Folder folder;
  Growth growth{24};
  const auto under = testing::grown(folder / "log", {3}, growth);
  FaultyStore twin{*under, {}};
  const auto batch = growth.batch(5);
  ASSERT_TRUE(twin.append(batch, growth.before(), growth.after()).has_value());
  ASSERT_TRUE(twin.put_checkpoint(growth.after()).has_value());
  const std::vector<PartPlace> none;
  ASSERT_TRUE(twin.erase(none).has_value());
  EXPECT_EQ(twin.purge(), true);
  EXPECT_EQ(reread(twin)->tree.root(), growth.after().root);
  EXPECT_EQ(twin.met(), 0U);
}

}  // namespace
}  // namespace wideberth::store
