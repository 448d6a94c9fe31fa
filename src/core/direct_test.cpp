// A direct log: what another side may file there, what is found of it, what a hundred filings learn, and what is held of the
// other side's log. Blue keeps the log of these tests; red files across. All data is invented.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "core/testing.h"
#include "ledger/checkpoint.h"
#include "ledger/proof.h"

namespace wideberth::core {
namespace {

using namespace testing;  // NOLINT: the vocabulary of these tests

const std::string kRedLog = "red.example/log";

model::DirectLog kept_by_blue() { return {"blue", {key_named(kRedLog).verifier()}}; }

Drive red_drive() {
  Drive drive;
  drive.party = "red";
  std::swap(drive.from, drive.to);
  return drive;
}

/// What red sends to blue's log: one part, to blue.
Note across(const World& world, const Drive& drive, const std::string& id) {
  const AgreementState& agreement = *world.state.agreement(id);
  const auto shown = agreement.agreement->disclosure("red", "blue");
  // The part is the same in both logs, so the id that stands in it is that of the agreement in red's.
  const auto n = notification_of(drive, base::id_of(base::IdKind::agreement, EntryIndex{4711}));
  Note note{EntryKind::notification_filed, "red/ops", ""};
  note.to = {"blue"};
  note.refs = {agreement.proposed};
  if (shown.view == View::full) note.json = model::to_json(n);
  if (shown.view == View::corridor) note.parts.emplace_back("corridor", model::corridor_of(n));
  if (shown.view == View::outline) note.parts.emplace_back("outline", model::outline_of(n, shown.cell_e7, shown.slot).value());
  return note;
}

Note across_again(const World& world, EntryIndex of, const Drive& drive, const std::string& id) {
  Note note = across(world, drive, id);
  note.kind = EntryKind::notification_amended;
  note.refs = {of};
  return note;
}

std::vector<model::ConflictFound> told(const World& world, const Outcome& outcome, const std::string& party) {
  std::vector<model::ConflictFound> found;
  for (const Entry* each : world.of_kind(EntryKind::conflict_found, outcome.findings))
    if (each->text.to.front() == party || each->text.to.back() == party)
      found.push_back(model::parse_conflict_found(*each->part("full")).value());
  return found;
}

TEST(Direct, ACorridorAloneMeetsTheKeepersWholePlan) {
  World world(kept_by_blue());
  const std::string id = world.agree();
  const EntryIndex own = World::expect(world.file(world.filing(Drive{}, id)));
  const Outcome outcome = world.file(across(world, red_drive(), id));
  const EntryIndex filed = World::expect(outcome);
  const auto found = told(world, outcome, "blue");
  ASSERT_EQ(found.size(), 1u);
  EXPECT_TRUE(std::holds_alternative<model::ExactConflict>(found[0].what));
  EXPECT_EQ(found[0].b_revision, own);
  const NotificationState& of = *world.state.notification_at(filed);
  EXPECT_EQ(of.agreement, id) << "that of this log, whatever the part says";
  EXPECT_EQ(of.latest().notification->agreement, id);
  EXPECT_TRUE(may_read_part(world.state, filed, "corridor", "blue"));
  // The keeper's own filing meets it as well, and its answers are those to any other.
  Drive second;
  second.from.lat_e7 += 20'000;
  second.to.lat_e7 += 20'000;
  EXPECT_EQ(told(world, world.file(world.filing(second, id)), "blue").size(), 1u);
  World::expect(world.file(world.receipt("blue", filed)));
  World::expect(world.file(world.acknowledgement("blue", filed)));
  World::expect(world.file(world.withdrawal("red", filed)));
  EXPECT_EQ(world.state.notification_at(filed)->standing, Standing::withdrawn);
}

TEST(Direct, AnOutlineAloneMeetsThePlanByCells) {
  for (const View blue_to_red : {View::corridor, View::outline}) {
    SCOPED_TRACE(model::name_of(blue_to_red));
    World world(kept_by_blue());
    Terms terms;
    terms.red_to_blue = View::outline;
    terms.blue_to_red = blue_to_red;
    const std::string id = world.agree(terms);
    World::expect(world.file(world.filing(Drive{}, id)));
    const Outcome outcome = world.file(across(world, red_drive(), id));
    const EntryIndex filed = World::expect(outcome);
    EXPECT_EQ(told(world, outcome, "blue").size(), 1u);
    EXPECT_EQ(told(world, outcome, "red").size(), 1u);
    const Revision& revision = *world.state.revision_at(filed);
    EXPECT_TRUE(revision.outline != nullptr && revision.notification == nullptr && revision.plan == nullptr);
    EXPECT_EQ(world.state.outlines_alone.size(), 1u);
    const Outcome again = world.file(world.filing(Drive{}, id));
    ASSERT_EQ(told(world, again, "blue").size(), 1u);
    EXPECT_TRUE(std::holds_alternative<model::CoarseConflict>(told(world, again, "blue")[0].what));
    EXPECT_EQ(told(world, again, "red").size(), 1u);
    Drive far = red_drive();
    far.start = far.start + hours(9);
    const Outcome amended = world.file(across_again(world, filed, far, id));
    EXPECT_TRUE(told(world, amended, "blue").empty());
    EXPECT_TRUE(told(world, world.file(world.filing(Drive{}, id)), "blue").empty()) << "the first revision stands no more";
    world.pass(world.now + hours(1000));
    EXPECT_TRUE(world.state.outlines_alone.empty());
    EXPECT_EQ(world.state.notification_at(filed)->standing, Standing::expired);
  }
}

TEST(Direct, NothingFinerThanTheAgreementGivesEntersTheOtherSidesLog) {
  World world(kept_by_blue());
  const std::string id = world.agree();
  const Note good = across(world, red_drive(), id);
  const auto refused = [&](const std::string& name, Rule rule, const std::function<void(Note&)>& change) {
    SCOPED_TRACE(name);
    World copy = world;
    Note note = good;
    change(note);
    const Outcome outcome = copy.file(note);
    ASSERT_TRUE(outcome.refusal);
    EXPECT_EQ(base::code_of(outcome.refusal->rule), base::code_of(rule)) << base::to_text(*outcome.refusal);
    for (const EntryIndex each : outcome.findings) EXPECT_EQ(copy.log[each.value].kind, EntryKind::note_refused);
  };
  const auto plan = notification_of(red_drive(), id);
  refused("the whole beside it", Rule::direct_view, [&](Note& n) { n.json = model::to_json(plan); });
  refused("the whole alone", Rule::direct_view, [&](Note& n) {
    n.json = model::to_json(plan);
    n.parts.clear();
  });
  refused("the whole under another name", Rule::part_does_not_follow, [&](Note& n) { n.parts[0].second = model::to_json(plan); });
  refused("to the observer too", Rule::direct_view, [](Note& n) { n.to.emplace_back("mission"); });
  refused("to nobody", Rule::direct_view, [](Note& n) { n.to.clear(); });
  refused("under no agreement", Rule::note_references, [](Note& n) { n.refs.clear(); });
  refused("under a key", Rule::agreement_not_in_force, [](Note& n) { n.refs = {EntryIndex{1}}; });
  refused("for another", Rule::notification_party, [&](Note& n) {
    Drive blue = red_drive();
    blue.party = "blue";
    n.parts[0].second = model::corridor_of(notification_of(blue, id));
  });
  refused("an outline", Rule::direct_view,
          [&](Note& n) { n.parts = {{"outline", model::outline_of(plan, 1'000'000, hours(1)).value()}}; });
  EXPECT_FALSE(world.file(good).refusal);
  // The keeper files as in any log: the whole, and the part that red gets.
  Note short_of_whole = world.filing(Drive{}, id);
  short_of_whole.json.clear();
  EXPECT_TRUE(world.file(short_of_whole).refusal);

  Terms hidden;
  hidden.version = 2;
  hidden.red_to_blue = View::conflict_only;
  const Outcome proposed =
      world.file({EntryKind::agreement_proposed, "blue/ops", model::to_json(agreement_of(hidden)), {"red", "mission"}});
  ASSERT_TRUE(proposed.refusal);
  EXPECT_EQ(proposed.refusal->rule, Rule::direct_view) << "with conflicts alone, no one could find any";

  World cells(kept_by_blue());
  Terms coarse_terms;
  coarse_terms.red_to_blue = View::outline;
  const std::string second = cells.agree(coarse_terms);
  Note finer = across(cells, red_drive(), second);
  finer.parts[0].second = model::outline_of(plan, 500'000, hours(1)).value();
  const Outcome grain = cells.file(finer);
  ASSERT_TRUE(grain.refusal);
  EXPECT_EQ(grain.refusal->rule, Rule::disclosure_grain);
}

TEST(Direct, CellsTellLatenessToASlotAndNoSooner) {
  const struct {
    const char *start, *filed;
    std::size_t late;
  } rows[] = {
      {"2020-08-26T06:40:00Z", "2020-08-25T06:30:00Z", 0},  // in time, though its slot begins within the lead
      {"2020-08-26T06:40:00Z", "2020-08-25T07:00:00Z", 0},  // late, and who is shown cells cannot know it
      {"2020-08-26T06:40:00Z", "2020-08-25T07:00:01Z", 1},  // late wherever in its slot it starts
  };
  for (const auto& row : rows) {
    World world(kept_by_blue());
    Terms terms;
    terms.red_to_blue = View::outline;
    const std::string id = world.agree(terms);
    world.now = at(row.filed);
    Drive drive = red_drive();
    drive.start = at(row.start);
    const Outcome outcome = world.file(across(world, drive, id));
    World::expect(outcome);
    EXPECT_EQ(world.of_kind(EntryKind::deadline_missed, outcome.findings).size(), row.late) << row.filed;
  }
}

TEST(Direct, APostQuotesTheSameCodeInBothLogs) {
  World world(kept_by_blue());
  const std::string id = world.agree();
  const EntryIndex own = World::expect(world.file(world.filing(Drive{}, id)));
  const EntryIndex filed = World::expect(world.file(across(world, red_drive(), id)));
  const Revision& theirs = *world.state.revision_at(filed);
  EXPECT_EQ(slip_code(theirs), slip_code(theirs.parts.at(0)));
  // Red's post read, in red's own log, the code of the corridor that blue showed.
  const std::string shown = slip_code(world.state.revision_at(own)->parts.at(0));
  World::expect(world.file(
      world.act(EntryKind::notification_unit_informed, "red", own, model::UnitInformed{"post 3", "Sgt B (invented)", shown})));
  EXPECT_TRUE(world.state.revision_at(own)->handling.at("red").slip_quoted);
}

/// All that a party may read of a log: what it says, how long it is, and which indices it has.
std::string all_readable(const World& world, const std::string& party) {
  std::string all = std::to_string(world.log.size()) + "\n";
  for (const Entry& entry : world.log) {
    if (!may_read(world.state, entry.index, party)) continue;
    all += std::to_string(entry.index.value) + " " + entry.text.kind + " " + to_text(entry.received);
    for (const std::string& to : entry.text.to) all += " " + to;
    for (const PartBody& part : entry.parts)
      if (may_read_part(world.state, entry.index, part.name, party)) all += "\n" + part.bytes;
  }
  return all;
}

TEST(Direct, AHundredAdaptiveFilingsLearnNoMoreThanOne) {
  // Two movements of the keeper in one cell and slot, which differ in all that an outline does not say.
  Drive first, second;
  first.from = {421200000, 374200000};
  first.to = {421700000, 374700000};
  first.start = at("2020-08-26T06:10:00Z");
  first.takes = minutes(40);
  first.slack = second.slack = minutes(2);
  second.from = {421900000, 374900000};
  second.to = {421150000, 374120000};
  second.start = at("2020-08-26T06:05:00Z");
  second.takes = minutes(20);
  for (const View red_to_blue : {View::full, View::corridor, View::outline}) {
    SCOPED_TRACE(model::name_of(red_to_blue));
    std::vector<std::string> learnt;
    int near = 0, far = 0;
    for (const Drive& hidden : {first, second}) {
      World world(kept_by_blue());
      Terms terms;
      terms.blue_to_red = View::outline;
      terms.red_to_blue = red_to_blue;
      const std::string id = world.agree(terms);
      World::expect(world.file(world.filing(hidden, id)));
      Drive probe = red_drive();
      probe.slack = minutes(1);
      probe.takes = minutes(4);
      std::int32_t reach = 1'500'000;
      bool met = false;
      EntryIndex last{};
      for (int step = 0; step < 100; ++step) {
        if (step % 20 == 0) {
          reach = 1'500'000;
          probe.from = {421500000, 374500000};
          probe.start = at("2020-08-26T06:28:00Z");
        } else {
          const std::int32_t move = met ? reach : -reach / 2;
          reach = reach * 3 / 4;
          if (step / 20 % 3 == 0) probe.from.lon_e7 += move;
          if (step / 20 % 3 == 1) probe.from.lat_e7 += move / 2;
          if (step / 20 % 3 == 2) probe.start = probe.start + Millis::from_ms(move * 4);
        }
        probe.to = {probe.from.lon_e7 + 2000, probe.from.lat_e7 + 1000};
        probe.reason = "an invented reason";
        const Outcome outcome = world.file(step % 3 == 0 ? across(world, probe, id) : across_again(world, last, probe, id));
        last = World::expect(outcome);
        met = !told(world, outcome, "red").empty();
        ++(met ? near : far);
        EXPECT_EQ(met, !told(world, outcome, "blue").empty()) << "when one side is told, so is the other";
      }
      learnt.push_back(all_readable(world, "red"));
    }
    EXPECT_GT(near, 10);
    EXPECT_GT(far, 10);
    EXPECT_TRUE(learnt[0] == learnt[1]) << "red can tell which of the hidden movements it met";
  }
}

// What is held of the other log.

/// Red's log as blue sees it: leaves, heads signed by its key, receipts.
struct OtherLog {
  ledger::Tree tree;
  std::vector<std::string> leaves;
  const ledger::SigningKey* signer = &key_named(kRedLog);

  void add(const std::string& json) {
    ledger::EntryText text;
    text.origin = kRedLog;
    text.kind = "notification.acknowledged";
    text.signer = "blue/ops";
    text.at = at("2020-08-24T00:00:00Z");
    text.parts = {{"full", "application/json", json.size(), ledger::sha256(json)}};
    leaves.push_back(ledger::make_leaf(text.at, ledger::sign_note(ledger::checked_text(text).value(), key_named("blue/ops"))));
    tree.append(ledger::leaf_hash(leaves.back()));
  }
  model::Crossed crossed(std::uint64_t index, std::uint64_t size) const {
    const ledger::Receipt receipt{{},
                                  EntryIndex{index},
                                  tree.inclusion(index, size),
                                  ledger::sign_checkpoint({kRedLog, size, tree.root(size), {}}, *signer)};
    return {kRedLog, EntryIndex{index}, leaves[index], ledger::to_text(receipt), {}};
  }
};

Note holding(const model::Crossed& crossed, const std::string& by = "blue/ops") {
  return {EntryKind::entry_crossed, by, model::to_json(crossed)};
}

std::vector<model::Dispute> disputes(const World& world, const Outcome& outcome) {
  std::vector<model::Dispute> found;
  for (const Entry* each : world.of_kind(EntryKind::crossed_disputed, outcome.findings))
    found.push_back(model::parse_crossed_disputed(*each->part("full")).value().dispute);
  return found;
}

TEST(Crossed, HoldsWhatTheOtherLogsKeyVouchesForAndNothingElse) {
  World world(kept_by_blue());
  OtherLog red;
  for (const char* each : {"a", "b", "c", "d", "e"}) red.add(each);
  World::expect(world.file(holding(red.crossed(1, 3))));
  EXPECT_EQ(world.state.crossings.logs.at(kRedLog).entries.size(), 1u);
  EXPECT_EQ(world.state.crossings.logs.at(kRedLog).heads.at(3).root, red.tree.root(3));
  const auto refused = [&](const std::string& name, Rule rule, model::Crossed crossed, const std::string& by = "blue/ops") {
    SCOPED_TRACE(name);
    World copy = world;
    const Outcome outcome = copy.file(holding(crossed, by));
    ASSERT_TRUE(outcome.refusal);
    EXPECT_EQ(base::code_of(outcome.refusal->rule), base::code_of(rule)) << base::to_text(*outcome.refusal);
    EXPECT_EQ(copy.state.crossings.logs.at(kRedLog).entries.size(), 1u);
  };
  refused("again", Rule::crossed_already, red.crossed(1, 3));
  refused("by another than the keeper", Rule::direct_only, red.crossed(2, 3), "red/ops");
  model::Crossed other = red.crossed(2, 3);
  other.leaf = red.leaves[3];
  refused("another leaf", Rule::crossed_untrue, other);
  other = red.crossed(2, 3);
  other.index = EntryIndex{1};
  refused("another index", Rule::crossed_untrue, other);
  other = red.crossed(2, 3);
  other.origin = "green.example/log";
  refused("a log that nobody named", Rule::crossed_untrue, other);
  other = red.crossed(2, 3);
  other.receipt = "c2sp.org/tlog-proof@v1\nindex 2\n";
  refused("no receipt", Rule::crossed_untrue, other);
  OtherLog forged = red;
  const auto false_key = ledger::SigningKey::from_seed(kRedLog, ledger::sha256("another invented key").view()).value();
  forged.signer = &false_key;
  other = red.crossed(2, 3);
  other.receipt = forged.crossed(2, 3).receipt;
  refused("a head by another key", Rule::crossed_untrue, other);
  other = red.crossed(4, 5);
  other.continues = model::Continuation{2, red.tree.consistency(2, 5)};
  refused("from a head that is not held", Rule::crossed_untrue, other);
  // Where a neutral keeps the log there is nothing to cross.
  World mediated;
  EXPECT_EQ(mediated.file(holding(red.crossed(1, 3))).refusal->rule, Rule::direct_only);
  // It is nobody's but the keeper's.
  EXPECT_FALSE(may_read(world.state, EntryIndex{world.log.size() - 1}, "red"));
}

TEST(Crossed, WhatCannotBothBeTrueIsRecorded) {
  World world(kept_by_blue());
  OtherLog red, fork;
  for (const char* each : {"a", "b", "c", "d", "e"}) red.add(each);
  for (const char* each : {"a", "b", "C", "d", "e"}) fork.add(each);
  World::expect(world.file(holding(red.crossed(0, 3))));
  using Shown = std::vector<model::Dispute>;
  model::Crossed goes_on = red.crossed(1, 4);
  goes_on.continues = model::Continuation{3, red.tree.consistency(3, 4)};
  EXPECT_EQ(disputes(world, world.file(holding(goes_on))), Shown{});
  World copy = world;
  EXPECT_EQ(disputes(copy, copy.file(holding(fork.crossed(1, 3)))), Shown{model::Dispute::other_root});
  copy = world;
  World::expect(copy.file(holding(red.crossed(2, 5))));
  EXPECT_EQ(disputes(copy, copy.file(holding(fork.crossed(2, 4)))),
            (Shown{model::Dispute::other_root, model::Dispute::other_entry}));
  EXPECT_EQ(copy.state.crossings.disputes.size(), 2u);
  EXPECT_EQ(copy.state.crossings.logs.at(kRedLog).heads.at(4).root, red.tree.root(4)) << "what was held first stays";
  copy = world;
  model::Crossed does_not = fork.crossed(3, 5);
  does_not.continues = model::Continuation{3, fork.tree.consistency(3, 5)};
  EXPECT_EQ(disputes(copy, copy.file(holding(does_not))), Shown{model::Dispute::no_continuation});
}

// Laws, over drives drawn at random.

Drive drawn(const std::string& party) {
  Drive drive;
  drive.party = party;
  const auto place = [] { return geo::Place{*rc::gen::inRange(421000000, 423000000), *rc::gen::inRange(374000000, 375000000)}; };
  drive.from = place();
  drive.to = place();
  drive.start = drive.start + minutes(*rc::gen::inRange(0, 300));
  drive.takes = minutes(*rc::gen::inRange(20, 90));
  return drive;
}

std::multiset<std::string> meetings(const World& world) {
  std::multiset<std::string> found;
  for (const ConflictState& each : world.state.conflicts)
    if (const auto* exact = std::get_if<model::ExactConflict>(&each.found.what))
      found.insert(model::conflict_to_json("a", "b", exact->meeting));
  return found;
}

RC_GTEST_PROP(DirectLaws, ACorridorFindsWhatTheWholePlanWouldFind, ()) {
  World direct(kept_by_blue()), mediated;
  const std::string id = direct.agree(), same = mediated.agree();
  for (int i = *rc::gen::inRange(2, 8); i > 0; --i) {
    const Drive drive = drawn(i % 2 == 0 ? "blue" : "red");
    World::expect(direct.file(drive.party == "red" ? across(direct, drive, id) : direct.filing(drive, id)));
    World::expect(mediated.file(mediated.filing(drive, same)));
  }
  RC_ASSERT(meetings(direct) == meetings(mediated));
}

RC_GTEST_PROP(DirectLaws, NoMeetingIsMissedThroughAnOutlineAndReplayGivesTheSameState, ()) {
  Terms terms;
  terms.red_to_blue = View::outline;
  terms.blue_to_red = *rc::gen::element(View::corridor, View::outline);
  World direct(kept_by_blue()), open;
  const std::string id = direct.agree(terms), seen = open.agree();
  const bool red_last = *rc::gen::arbitrary<bool>();
  const Drive blue = drawn("blue"), red = drawn("red");
  Outcome last;
  for (const bool reds : {!red_last, red_last}) {
    last = reds ? direct.file(across(direct, red, id)) : direct.file(direct.filing(blue, id));
    World::expect(last);
    World::expect(reds ? open.file(open.filing(red, seen)) : open.file(open.filing(blue, seen)));
  }
  if (!open.state.conflicts.empty()) RC_ASSERT(!told(direct, last, "blue").empty());
  RC_ASSERT(told(direct, last, "blue").size() == told(direct, last, "red").size());
  State again;
  for (const Entry& entry : direct.log) RC_ASSERT(apply(again, entry).has_value());
  RC_ASSERT(dump(again) == dump(direct.state));
}

}  // namespace
}  // namespace wideberth::core
