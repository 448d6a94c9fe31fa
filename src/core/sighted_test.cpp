// Sightings that feed composition and presence: what was seen and what its owner has stated, side by side. All data is invented.
#include "core/sighted.h"

#include <gtest/gtest.h>

#include "core/pacts_testing.h"

namespace wideberth::core {
namespace {

using namespace testing;  // NOLINT: the vocabulary of these tests
using model::SightingWord;

constexpr geo::Place kInNorth{422000000, 374000000};
constexpr geo::Place kInEssa{420000000, 371000000};
constexpr geo::Place kBetween{420000000, 373200000};  // in neither area

struct Seen {
  Treaty treaty;
  std::string presence;  ///< the clause
  EntryIndex filed{};

  explicit Seen(View red_to_blue = View::full, std::optional<std::int64_t> tolerance = 1) : treaty(terms_of(red_to_blue)) {
    if (tolerance) treaty.rule(model::CompositionToleranceRule{*tolerance, 0});
    presence =
        treaty.rule(model::PresenceRule{"red", "essa", {{"vehicle", {"Truck", "BTR"}, 6}, {"helicopter", {}, 1}}, hours(24)});
    treaty.make();
    Drive drive;
    drive.party = "red";
    model::Notification movement = notification_of(drive, treaty.id);
    movement.composition.vehicles = {{"truck", 3, {}, {}}, {"BTR", 2, {}, {}}};
    movement.composition.escorts = {{"pickup", 1, true, "red"}};
    filed = World::expect(world().file(world().filing(movement, treaty.id)));
  }
  static Terms terms_of(View red_to_blue) {
    Terms terms;
    terms.red_to_blue = red_to_blue;
    return terms;
  }
  World& world() { return treaty.world; }
  EntryIndex report(std::int64_t count, const std::string& type, geo::Place place = kInNorth) {
    const model::SightingReported said{count, type, place, Metres::from_metres(200), world().now, "Post 4", ""};
    Note note = treaty.about(EntryKind::sighting_reported, "blue", said);
    note.to = {"red"};
    return World::expect(world().file(note));
  }
  std::vector<const Entry*> answer(EntryIndex sighting, SightingWord word, std::optional<EntryIndex> movement = {}) {
    Note note{EntryKind::sighting_answered, "red/ops", model::to_json(model::SightingAnswered{word, "Col. D.", ""}), {"blue"}};
    note.refs = {sighting};
    if (movement) note.refs.push_back(*movement);
    const Outcome outcome = world().file(note);
    World::expect(outcome);
    return world().of_kind(EntryKind::sighting_differs, outcome.findings);
  }
  std::vector<const Entry*> ours(std::int64_t count, const std::string& type, geo::Place place = kInNorth, bool named = true) {
    return answer(report(count, type, place), SightingWord::ours, named ? std::optional(filed) : std::nullopt);
  }
  Outcome state(std::vector<model::PresenceClass> classes, std::optional<Instant> effect = {}, const std::string& party = "red") {
    return world().file(
        treaty.about(EntryKind::presence_stated, party, model::PresenceStated{presence, std::move(classes), effect, "Relief."}));
  }
};

model::SightingDiffers read(const Entry* entry) { return model::parse_sighting_differs(*entry->part("full")).value(); }

TEST(Sighted, MoreThanNotifiedBeyondTheToleranceIsTold) {
  Seen seen;
  EXPECT_TRUE(seen.ours(4, "Truck").empty()) << "three notified, one tolerated";
  const auto told = seen.ours(5, "TRUCK");
  ASSERT_EQ(told.size(), 1U);
  const auto found = read(told.front());
  EXPECT_EQ(found.against, model::StatedIn::composition);
  EXPECT_EQ(found.seen, 5);
  EXPECT_EQ(found.stated, 3);
  EXPECT_EQ(found.tolerance, 1);
  EXPECT_TRUE(found.count_differs && !found.type_differs);
  EXPECT_EQ(found.revision, seen.filed);
  EXPECT_EQ(found.stated_types, (std::vector<std::string>{"truck", "BTR", "pickup"}));
  EXPECT_EQ(told.front()->text.to, (std::vector<std::string>{"red", "blue"}));
  EXPECT_EQ(seen.world().state.presence.differing.size(), 1U);
  EXPECT_TRUE(seen.ours(1, "truck").empty()) << "an observer may have seen a part";
}

TEST(Sighted, AnotherTypeIsToldAndIsComparedWithAll) {
  Seen seen;
  const auto few = seen.ours(2, "tank");
  ASSERT_EQ(few.size(), 1U);
  EXPECT_TRUE(read(few.front()).type_differs);
  EXPECT_FALSE(read(few.front()).count_differs);
  EXPECT_EQ(read(few.front()).stated, 6);
  EXPECT_TRUE(read(seen.ours(8, "tank").front()).count_differs);
}

TEST(Sighted, WhoMayNotReadTheWholeIsToldNothing) {
  Seen seen(View::corridor);
  const auto told = seen.ours(50, "truck");
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(told.front()->text.to, (std::vector<std::string>{"red"}));
  EXPECT_FALSE(may_read(seen.world().state, told.front()->index, "blue"));
  EXPECT_TRUE(may_read(seen.world().state, told.front()->index, "mission"));
}

TEST(Sighted, NotOursNotSayingAndNoRuleLeaveARecordOnly) {
  Seen seen;
  EXPECT_TRUE(seen.answer(seen.report(50, "truck"), SightingWord::not_ours).empty());
  EXPECT_TRUE(seen.answer(seen.report(50, "truck"), SightingWord::not_saying).empty());
  EXPECT_TRUE(seen.ours(50, "truck", kInNorth, false).empty()) << "no list of presence there";
  EXPECT_TRUE(seen.ours(50, "truck", kBetween, false).empty());
  Seen without(View::full, std::nullopt);
  EXPECT_TRUE(without.ours(50, "truck").empty()) << "no clause on composition";
}

TEST(Sighted, WithoutAMovementThePresenceOfTheAreaIsHeldAgainst) {
  Seen seen;
  EXPECT_TRUE(seen.ours(7, "btr", kInEssa, false).empty()) << "six, and one tolerated";
  const auto told = seen.ours(8, "btr", kInEssa, false);
  ASSERT_EQ(told.size(), 1U);
  const auto found = read(told.front());
  EXPECT_EQ(found.against, model::StatedIn::presence);
  EXPECT_EQ(found.area, "essa");
  EXPECT_EQ(found.clause, seen.presence);
  EXPECT_EQ(found.stated, 6);
  EXPECT_FALSE(found.stated_entry);
  EXPECT_EQ(told.front()->text.to, (std::vector<std::string>{"red", "blue"}));
  EXPECT_EQ(read(seen.ours(3, "helicopter", kInEssa, false).front()).stated, 1);
  EXPECT_TRUE(read(seen.ours(1, "boat", kInEssa, false).front()).type_differs) << "a class of which nothing was stated";
}

TEST(Sighted, PresenceChangesWithItsNoticeAndTheListOfThatTimeCounts) {
  Seen seen;
  World& world = seen.world();
  const Instant stated_at = world.now;
  const EntryIndex more = World::expect(seen.state({{"vehicle", {"truck"}, 20}}));
  EXPECT_FALSE(seen.ours(19, "truck", kInEssa, false).empty()) << "not in effect yet";
  world.pass(stated_at + hours(24));
  EXPECT_TRUE(seen.ours(19, "truck", kInEssa, false).empty());
  const EntryIndex none = World::expect(seen.state({}, world.now + hours(48)));
  world.pass(world.now + hours(48));
  const auto told = seen.ours(2, "truck", kInEssa, false);
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(read(told.front()).stated_entry, none);
  EXPECT_EQ(read(told.front()).stated, 0);
  EXPECT_EQ(world.state.presence.at(seen.treaty.id, seen.presence, stated_at + hours(25))->entry, more);
  EXPECT_EQ(world.state.presence.at(seen.treaty.id, seen.presence, stated_at), nullptr);
  EXPECT_TRUE(may_read(world.state, none, "mission"));
  EXPECT_FALSE(may_read(world.state, none, "green"));
}

TEST(Sighted, AListUnderAConfidentialTextIsShownToWhomTheTextIsShown) {
  Treaty treaty;
  treaty.rule(model::ConfidentialRule{{}});
  const std::string clause = treaty.rule(model::PresenceRule{"red", "essa", {}, hours(0)});
  treaty.make();
  const EntryIndex stated = World::expect(treaty.world.file(
      treaty.about(EntryKind::presence_stated, "red", model::PresenceStated{clause, {{"vehicle", {}, 2}}, {}, "Relief."})));
  EXPECT_TRUE(may_read_part(treaty.world.state, stated, "full", "blue"));
  EXPECT_FALSE(may_read_part(treaty.world.state, stated, "full", "mission"));
}

TEST(Sighted, EveryRefusalOfAListHasItsRule) {
  Seen seen;
  const Instant now = seen.world().now;
  EXPECT_EQ(refused_by(seen.state({}, now + hours(24) - kTick)), "presence_list");
  EXPECT_EQ(refused_by(seen.state({}, now + hours(24))), "accepted");
  EXPECT_EQ(refused_by(seen.state({}, now + model::kMostWithdrawalNotice + kTick)), "presence_list");
  EXPECT_EQ(refused_by(seen.state({}, {}, "blue")), "presence_list");
  EXPECT_EQ(refused_by(seen.state({}, {}, "mission")), "agreement_not_party");
  EXPECT_EQ(refused_by(seen.state({{"tank", {}, 1}})), "platform_class_unknown");
  seen.presence = "1";
  EXPECT_EQ(refused_by(seen.state({})), "presence_list");
}

TEST(Sighted, ReplayReadsItBackToTheByte) {
  Seen seen;
  World::expect(seen.state({{"vehicle", {"truck"}, 20}}));
  ASSERT_FALSE(seen.ours(9, "truck").empty());
  ASSERT_FALSE(seen.ours(9, "truck", kInEssa, false).empty());
  State again;
  for (const Entry& each : seen.world().log) ASSERT_TRUE(apply(again, each));
  EXPECT_EQ(dump(again), dump(seen.world().state));
  EXPECT_NE(dump(again).find("sightings_differing"), std::string::npos);
}

}  // namespace
}  // namespace wideberth::core
