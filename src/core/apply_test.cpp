// What apply refuses: entries that these rules cannot have written. The state is then unchanged.
#include "core/apply.h"

#include <gtest/gtest.h>

#include "core/testing.h"

namespace wideberth::core {
namespace {

using testing::World;

/// A well-formed entry of the server's own at the next place, changed by hand.
Entry next_entry(World& world, const std::function<void(Entry&)>& change) {
  World copy = world;
  copy.append(Draft{model::EntryKind::clock_stepped,
                    {},
                    {},
                    {{"full", model::to_json(model::ClockStepped{world.now, world.now - Millis::from_seconds(60)})}}});
  Entry entry = copy.log.back();
  change(entry);
  return entry;
}

TEST(Apply, RefusesWhatTheseRulesCannotHaveWritten) {
  World world;
  const struct {
    const char* name;
    std::function<void(Entry&)> change;
    Rule rule;
  } rows[] = {
      {"at another index", [](Entry& e) { ++e.index.value; }, Rule::log_entry_strange},
      {"a second opening", [](Entry& e) { e.kind = model::EntryKind::log_opened; }, Rule::log_entry_strange},
      {"received before the one before it", [](Entry& e) { e.received = e.received - Millis::from_seconds(86'400); },
       Rule::log_entry_strange},
      {"signed by nobody known", [](Entry& e) { e.text.signer = "green/ghost"; }, Rule::log_entry_strange},
      {"under rules of the future",
       [](Entry& e) {
         e.kind = model::EntryKind::rules_changed;
         e.text.kind = "rules.changed";
         e.parts.front().bytes = model::to_json(model::RulesChanged{kRulesVersion + 1});
       },
       Rule::rules_version_unknown},
  };
  for (const auto& row : rows) {
    const std::string before = dump(world.state);
    const auto applied = apply(world.state, next_entry(world, row.change));
    ASSERT_FALSE(applied) << row.name;
    EXPECT_EQ(applied.error().rule, row.rule) << row.name;
    EXPECT_EQ(dump(world.state), before) << row.name;
  }
  EXPECT_TRUE(apply(world.state, next_entry(world, [](Entry&) {}))) << "unchanged it is an entry like any other";
}

TEST(Apply, RefusesALogOfRulesThatItDoesNotKnow) {
  World world;
  Entry opening = world.log.front();
  auto read = model::parse_opening(opening.parts.front().bytes);
  ASSERT_TRUE(read);
  read->rules = kRulesVersion + 1;
  opening.parts.front().bytes = model::to_json(*read);
  State empty;
  const auto applied = apply(empty, opening);
  ASSERT_FALSE(applied);
  EXPECT_EQ(applied.error().rule, Rule::rules_version_unknown);
}

}  // namespace
}  // namespace wideberth::core
