// Positions: which batches are refused, what the state keeps of them, and who may read them.
#include <gtest/gtest.h>

#include "core/testing.h"

namespace wideberth::core {
namespace {

using namespace testing;  // NOLINT: the vocabulary of these tests

model::Position invented_fix(const std::string& unit, std::string_view time) {
  model::Position p;
  p.unit = unit;
  p.time = at(time);
  p.place = {421'000'000, 374'000'000};
  return p;
}

Note batch_of(std::vector<model::Position> positions, std::vector<EntryIndex> refs = {}) {
  Note note{EntryKind::positions_reported, "blue/ops", ""};
  note.positions = std::move(positions);
  note.refs = std::move(refs);
  return note;
}

std::vector<model::Position> two_units() {
  return {invented_fix("b-1", "2020-08-24T06:00:00Z"), invented_fix("b-2", "2020-08-24T06:00:01Z"),
          invented_fix("b-1", "2020-08-24T06:00:02Z")};
}

/// The agreement with a rule on positions.
std::string agree_on_positions(World& world, model::PositionUse blue_to_red) {
  Terms terms;
  model::Agreement agreement = agreement_of(terms);
  agreement.rules.push_back({"9", "An invented sentence.", model::PositionsRule{"blue", "red", blue_to_red}});
  const EntryIndex proposed =
      World::expect(world.file({EntryKind::agreement_proposed, "blue/ops", model::to_json(agreement), {"red", "mission"}}));
  const std::string id = base::id_of(base::IdKind::agreement, proposed);
  World::expect(world.file(world.signature(id, "red")));
  return id;
}

TEST(Positions, EveryRefusalInTheOrderOfTheChecks) {
  World world;
  const std::string agreement = world.agree();
  const EntryIndex proposed = world.state.agreement(agreement)->proposed;
  const std::string in_the_air = world.propose();
  struct BatchRow {
    const char* name;
    Note note;
    const char* rule;
  };
  Note json{EntryKind::positions_reported, "blue/ops", "{}"};
  Note to_red = batch_of(two_units());
  to_red.to = {"red"};
  Note of_mission = batch_of(two_units(), {proposed});
  of_mission.signer = "mission/ops";
  Note as_filing = batch_of(two_units());
  as_filing.kind = EntryKind::notification_withdrawn;
  as_filing.refs = {proposed};
  const BatchRow rows[] = {
      {"JSON is no batch", json, "part_missing"},
      {"recipients", to_red, "recipient_not_disclosed"},
      {"no agreement", batch_of(two_units(), {EntryIndex{1}}), "agreement_not_in_force"},
      {"not signed by all", batch_of(two_units(), {world.state.agreement(in_the_air)->proposed}), "agreement_not_in_force"},
      {"an observer's", of_mission, "agreement_not_party"},
      {"two refs", batch_of(two_units(), {proposed, EntryIndex{1}}), "note_references"},
      {"a batch where JSON belongs", as_filing, "notification_unknown"},
      {"under the agreement", batch_of(two_units(), {proposed}), ""},
      {"for itself", batch_of(two_units()), ""},
  };
  for (const BatchRow& row : rows) {
    const Outcome outcome = world.file(row.note);
    EXPECT_EQ(outcome.refusal ? base::code_of(outcome.refusal->rule) : "", row.rule) << row.name;
  }
}

TEST(Positions, BytesThatAreNoBatchLeaveNoTrace) {
  World world;
  Submission submission = world.sign(batch_of(two_units()));
  submission.parts[0].bytes[4] = 9;
  const std::size_t before = world.log.size();
  const Outcome outcome = world.take(std::move(submission));
  ASSERT_TRUE(outcome.refusal);
  EXPECT_EQ(outcome.refusal->rule, Rule::position_batch);
  EXPECT_EQ(outcome.refusal->where, "/parts/0");
  EXPECT_EQ(world.log.size(), before);

  Submission another_salt = world.sign(batch_of(two_units()));
  another_salt.parts[0].salt[0] ^= 1;
  EXPECT_EQ(world.take(std::move(another_salt)).refusal->rule, Rule::part_untrue);
}

TEST(Positions, AKeyForPositionsOnlySignsNothingElse) {
  World world;
  world.add_key("blue/tracker", {"positions.reported"});
  Note batch = batch_of(two_units());
  batch.signer = "blue/tracker";
  EXPECT_FALSE(world.file(batch).refusal);
  const std::string agreement = world.agree();
  Note filing = world.filing(Drive{}, agreement);
  filing.signer = "blue/tracker";
  EXPECT_EQ(world.file(filing).refusal->rule, Rule::key_scope);
}

TEST(Positions, TheStateKeepsSpansAndCounts) {
  World world;
  const EntryIndex first = World::expect(world.file(batch_of(two_units())));
  // Late, doubled and future fixes are what the party said, and stand.
  const EntryIndex second =
      World::expect(world.file(batch_of({invented_fix("b-1", "2020-08-24T05:00:00Z"), invented_fix("b-1", "2020-08-24T05:00:00Z"),
                                         invented_fix("a-0", "2031-01-01T00:00:00Z")})));
  const PartyTracks& tracks = world.state.tracks.at("blue");
  ASSERT_EQ(tracks.batches.size(), 2U);
  EXPECT_EQ(tracks.batches[0].entry, first);
  EXPECT_EQ(tracks.batches[0].from, at("2020-08-24T06:00:00Z"));
  EXPECT_EQ(tracks.batches[0].to, at("2020-08-24T06:00:02Z"));
  EXPECT_EQ(tracks.batches[1].fixes, 3U);
  ASSERT_EQ(tracks.units.size(), 3U);
  const UnitTrack& unit = tracks.units.at("b-1");
  EXPECT_EQ(unit.fixes, 4U);
  EXPECT_EQ(unit.from, at("2020-08-24T05:00:00Z"));
  EXPECT_EQ(unit.to, at("2020-08-24T06:00:02Z"));
  EXPECT_EQ(unit.last, second);
  EXPECT_EQ(tracks.units.at("b-2").last, first);
  EXPECT_EQ(tracks.units.at("a-0").to, at("2031-01-01T00:00:00Z"));
}

TEST(Positions, ReplayGivesTheSameStateWithAndWithoutWhatWasReadBefore) {
  World world;
  World::expect(world.file(batch_of(two_units())));
  World::expect(world.file(batch_of({invented_fix("c", "2020-08-24T06:00:00Z")})));
  State again;
  for (Entry entry : world.log) {
    if (const std::string* full = entry.part("full"); full != nullptr && entry.kind == EntryKind::positions_reported)
      entry.positions = std::make_shared<const model::PositionSummary>(model::summarise_positions(*full).value());
    ASSERT_TRUE(apply(again, entry));
  }
  EXPECT_EQ(dump(again), dump(world.state));
  EXPECT_NE(dump(again).find("\"tracks\""), std::string::npos);
}

TEST(Positions, AnErasedBatchLeavesNoTrack) {
  World world;
  const EntryIndex index = World::expect(world.file(batch_of(two_units())));
  State again;
  for (Entry entry : world.log) {
    if (entry.index == index) {
      entry.parts[0].erased = true;
      entry.parts[0].salt.clear();
      entry.parts[0].bytes.clear();
    }
    ASSERT_TRUE(apply(again, entry));
  }
  EXPECT_TRUE(again.tracks.empty());
  EXPECT_EQ(again.next(), world.state.next());
}

TEST(Positions, OthersReadWhatTheAgreementSaysAndNeverTheBatch) {
  for (const auto use : {model::PositionUse::nothing, model::PositionUse::warnings, model::PositionUse::tracks}) {
    SCOPED_TRACE(model::name_of(use));
    World world;
    const std::string agreement = agree_on_positions(world, use);
    const EntryIndex under = World::expect(world.file(batch_of(two_units(), {world.state.agreement(agreement)->proposed})));
    const EntryIndex own = World::expect(world.file(batch_of(two_units())));
    for (const EntryIndex entry : {under, own})
      for (const char* party : {"blue", "red", "green", "mission", "nobody"}) {
        const bool is_blue = std::string(party) == "blue";
        EXPECT_EQ(may_read_part(world.state, entry, "full", party), is_blue) << party;
        const bool shared = entry == under && std::string(party) == "red" && use == model::PositionUse::tracks;
        EXPECT_EQ(may_read_track(world.state, entry, party), is_blue || shared) << party;
        // Who observes under the agreement sees that there was a batch; nobody else does.
        EXPECT_EQ(may_read(world.state, entry, party), is_blue || (entry == under && std::string(party) == "mission")) << party;
      }
    EXPECT_FALSE(may_read_track(world.state, EntryIndex{1}, "blue"));
    EXPECT_FALSE(may_read_track(world.state, world.state.next(), "blue"));
  }
}

}  // namespace
}  // namespace wideberth::core
