// Two invented logs beside each other: what stands in both, in one alone, and what a log says against itself.
#include "client/pair.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <set>

#include "ledger/note.h"
#include "ledger/testing.h"

namespace wideberth::client {
namespace {

using base::Rule;
using model::Dispute;

ledger::PartLine committed(const std::string& name, const std::string& to) {
  return {name, "application/json", 512, ledger::sha256(to)};
}

/// A log with a key of its own, every entry signed by its signer and proved by a head of whatever size.
class PairLog {
 public:
  PairLog(std::string origin, char seed) : key_(ledger::testing::key_of(std::move(origin), seed)) {}

  EntryIndex add(const std::string& kind, const std::string& signer, std::vector<ledger::PartLine> parts) {
    ledger::EntryText text;
    text.origin = key_.verifier().name;
    text.kind = kind;
    text.signer = signer;
    text.at = Instant::from_ms(1'600'000'000'000);
    text.parts = std::move(parts);
    const auto signer_key = ledger::testing::key_of(signer, 's');
    const Instant received = Instant::from_ms(1'600'000'000'000 + static_cast<std::int64_t>(tree_.size()) * 1'000);
    leaves_.push_back(ledger::make_leaf(received, ledger::sign_note(ledger::to_text(text), signer_key)));
    tree_.append(ledger::leaf_hash(leaves_.back()));
    return EntryIndex{tree_.size() - 1};
  }

  std::string receipt(std::uint64_t index, std::uint64_t size) const {
    const ledger::Checkpoint head{key_.verifier().name, size, tree_.root(size), {}};
    return ledger::to_text(
        ledger::Receipt{{}, EntryIndex{index}, tree_.inclusion(index, size), ledger::sign_checkpoint(head, key_)});
  }
  std::string receipt(std::uint64_t index) const { return receipt(index, tree_.size()); }
  const std::string& leaf(std::uint64_t index) const { return leaves_.at(index); }
  const std::string& origin() const { return key_.verifier().name; }
  std::uint64_t size() const { return tree_.size(); }

  ledger::Policy policy() const {
    ledger::Policy policy;
    policy.logs.push_back({key_.verifier(), ""});
    return policy;
  }
  model::Crossed crossed(std::uint64_t index, std::uint64_t size) const {
    return {origin(), EntryIndex{index}, leaf(index), receipt(index, size), {}};
  }
  ShownLog shown() const {
    ShownLog log{origin()};
    for (std::uint64_t i = 0; i < size(); ++i) EXPECT_TRUE(take_receipt(log, policy(), receipt(i), leaf(i)));
    return log;
  }

 private:
  ledger::SigningKey key_;
  ledger::Tree tree_{};
  std::vector<std::string> leaves_{};
};

struct TwoLogs {
  PairLog blue{"blue.example/log", 'b'}, red{"red.example/log", 'r'};

  TwoLogs() {
    blue.add("log.opened", "blue.example/log", {committed("full", "opening of blue")});
    blue.add("notification.filed", "blue/ops", {committed("full", "plan"), committed("corridor", "corridor")});
    blue.add("notification.amended", "blue/ops", {committed("full", "plan 2"), committed("corridor", "corridor 2")});
    red.add("log.opened", "red.example/log", {committed("full", "opening of red")});
    red.add("key.added", "red/root", {committed("full", "a desk")});
    red.add("notification.filed", "blue/cross", {committed("corridor", "corridor")});
    red.add("notification.acknowledged", "red/ops", {committed("full", "read")});
  }
};

TEST(Pair, WhatWasCarriedStandsInBothAndTheRestInOne) {
  const TwoLogs logs;
  const PairReport report = compare(logs.blue.shown(), logs.red.shown());
  EXPECT_TRUE(report.differences.empty());
  EXPECT_TRUE(report.whole[0] && report.whole[1]);
  ASSERT_EQ(report.both.size(), 1U);
  EXPECT_EQ(report.both[0].first, EntryIndex{1});
  EXPECT_EQ(report.both[0].second, EntryIndex{2});
  EXPECT_EQ(report.both[0].parts, std::vector<std::string>{"corridor"});
  EXPECT_EQ(report.alone[0], std::vector<EntryIndex>{EntryIndex{2}});
  EXPECT_EQ(report.alone[1], std::vector<EntryIndex>{EntryIndex{3}});
  EXPECT_EQ(report.others[0], (std::map<std::string, std::size_t>{{"log.opened", 1}}));
  EXPECT_EQ(report.others[1], (std::map<std::string, std::size_t>{{"key.added", 1}, {"log.opened", 1}}));
}

TEST(Pair, OneCommitmentUnderAnotherKindOrAnotherPartyIsAnotherAct) {
  PairLog blue("blue.example/log", 'b'), red("red.example/log", 'r');
  blue.add("notification.completed", "blue/ops", {committed("full", "done")});
  blue.add("notification.outcome", "blue/ops", {committed("full", "so it went")});
  red.add("notification.withdrawn", "blue/cross", {committed("full", "done")});
  red.add("notification.outcome", "red/ops", {committed("full", "so it went")});
  const PairReport report = compare(blue.shown(), red.shown());
  EXPECT_TRUE(report.both.empty());
  EXPECT_EQ(report.alone[0].size(), 2U);
  EXPECT_EQ(report.alone[1].size(), 2U);
}

TEST(Pair, ALogThatIsGoneIsComparedThroughWhatTheOtherHoldsOfIt) {
  const TwoLogs logs;
  ShownLog blue = logs.blue.shown();
  for (const std::uint64_t index : {std::uint64_t{0}, std::uint64_t{2}})
    ASSERT_TRUE(take_crossed(blue, EntryIndex{2}, logs.red.crossed(index, 4), logs.red.policy(), logs.red.origin()));
  const PairReport report = compare(blue, ShownLog{logs.red.origin()});
  EXPECT_TRUE(report.differences.empty());
  EXPECT_EQ(report.both.size(), 1U);
  EXPECT_EQ(report.held[0], 2U);
  EXPECT_EQ(report.only_held[1], (std::vector<EntryIndex>{EntryIndex{0}, EntryIndex{2}}));
  EXPECT_TRUE(report.whole[0]);
  EXPECT_FALSE(report.whole[1]) << "two of four entries";
  EXPECT_EQ(report.logs[1].size(), 4U);
}

TEST(Pair, ALogThatShowsTheOtherSomethingElseContradictsItself) {
  const TwoLogs logs;
  PairLog told("red.example/log", 'r');  // the same key, another history
  told.add("log.opened", "red.example/log", {committed("full", "opening of red")});
  told.add("key.added", "red/root", {committed("full", "another desk")});
  told.add("notification.filed", "blue/cross", {committed("corridor", "corridor")});
  told.add("notification.objected", "red/ops", {committed("full", "no")});
  ShownLog blue = logs.blue.shown();
  ASSERT_TRUE(take_crossed(blue, EntryIndex{2}, told.crossed(3, 4), logs.red.policy(), logs.red.origin()));
  const PairReport report = compare(blue, logs.red.shown());
  ASSERT_EQ(report.differences.size(), 2U);
  EXPECT_EQ(report.differences[0].dispute, Dispute::other_entry);
  EXPECT_EQ(report.differences[0].at, 3U);
  EXPECT_EQ(report.differences[1].dispute, Dispute::other_root);
  EXPECT_EQ(report.differences[1].at, 4U);
  EXPECT_EQ(report.differences[1].origin, "red.example/log");
  EXPECT_FALSE(report.whole[1]);
}

TEST(Pair, AnEarlierHeadIsComparedWithTheEntriesThatLeadToIt) {
  const TwoLogs logs;
  PairLog told("red.example/log", 'r');
  told.add("log.opened", "red.example/log", {committed("full", "opening of red")});
  told.add("key.added", "red/root", {committed("full", "another desk")});
  ShownLog blue = logs.blue.shown();
  ShownLog twice = blue;
  // Of entry 0, which is the same in both histories: the head alone tells.
  ASSERT_TRUE(take_crossed(blue, EntryIndex{2}, told.crossed(0, 2), logs.red.policy(), logs.red.origin()));
  const PairReport report = compare(blue, logs.red.shown());
  ASSERT_EQ(report.differences.size(), 1U);
  EXPECT_EQ(report.differences[0].dispute, Dispute::other_root);
  EXPECT_EQ(report.differences[0].at, 2U);
  // Without red's log two heads of one size, both under its key, tell it as well.
  for (const auto& crossed : {told.crossed(0, 2), logs.red.crossed(0, 2), logs.red.crossed(0, 4)})
    ASSERT_TRUE(take_crossed(twice, EntryIndex{2}, crossed, logs.red.policy(), logs.red.origin()));
  const PairReport alone = compare(twice, ShownLog{logs.red.origin()});
  ASSERT_EQ(alone.differences.size(), 1U);
  EXPECT_EQ(alone.differences[0].at, 2U);
}

TEST(Pair, ALogThatWasCutBackIsNotWhole) {
  const TwoLogs logs;
  ShownLog blue = logs.blue.shown();
  ASSERT_TRUE(take_crossed(blue, EntryIndex{2}, logs.red.crossed(3, 4), logs.red.policy(), logs.red.origin()));
  ShownLog cut{logs.red.origin()};
  for (std::uint64_t i = 0; i < 2; ++i)
    ASSERT_TRUE(take_receipt(cut, logs.red.policy(), logs.red.receipt(i, 2), logs.red.leaf(i)));
  const PairReport report = compare(blue, cut);
  EXPECT_TRUE(report.differences.empty());
  EXPECT_FALSE(report.whole[1]);
  EXPECT_EQ(report.only_held[1], std::vector<EntryIndex>{EntryIndex{3}});
  EXPECT_EQ(report.logs[1].size(), 4U);
}

TEST(Pair, NothingIsTakenThatThePolicyDoesNotVouchFor) {
  const TwoLogs logs;
  ShownLog blue{logs.blue.origin()};
  EXPECT_FALSE(take_receipt(blue, logs.red.policy(), logs.blue.receipt(1), logs.blue.leaf(1)));
  EXPECT_EQ(take_receipt(blue, logs.blue.policy(), logs.blue.receipt(1), logs.blue.leaf(2)).error().rule, Rule::proof_untrue);
  ledger::Policy of_both = logs.blue.policy();
  of_both.logs.push_back(logs.red.policy().logs.front());
  EXPECT_EQ(take_receipt(blue, of_both, logs.red.receipt(1), logs.red.leaf(1)).error().rule, Rule::checkpoint_other_log);
  EXPECT_TRUE(blue.entries.empty());
  model::Crossed changed = logs.red.crossed(2, 4);
  changed.leaf.back() = changed.leaf.back() == '\n' ? ' ' : '\n';
  EXPECT_FALSE(take_crossed(blue, EntryIndex{2}, changed, logs.red.policy(), logs.red.origin()));
  model::Crossed misnamed = logs.red.crossed(2, 4);
  misnamed.index = EntryIndex{1};
  EXPECT_EQ(take_crossed(blue, EntryIndex{2}, misnamed, logs.red.policy(), logs.red.origin()).error().rule, Rule::crossed_untrue);
  // Of a third log: nothing is said of it here.
  EXPECT_TRUE(take_crossed(blue, EntryIndex{2}, logs.blue.crossed(1, 3), logs.red.policy(), logs.red.origin()));
  EXPECT_TRUE(blue.held.empty());
}

TEST(Pair, TwoEntriesAtOneIndexOfOneFolderAreRefused) {
  const TwoLogs logs;
  PairLog told("red.example/log", 'r');
  told.add("key.added", "red/root", {committed("full", "another desk")});
  ShownLog red = logs.red.shown();
  EXPECT_EQ(take_receipt(red, logs.red.policy(), told.receipt(0), told.leaf(0)).error().rule, Rule::proof_untrue);
}

/// Few commitments, kinds and parties, so that acts meet, and meet twice.
ShownLog any_log(const std::string& origin) {
  ShownLog log{origin};
  const auto count = *rc::gen::inRange<std::uint64_t>(0, 12);
  for (std::uint64_t i = 0; i < count; ++i) {
    ShownEntry entry;
    entry.leaf = ledger::sha256(origin + std::to_string(i));
    entry.kind = *rc::gen::element<std::string>("notification.filed", "notification.received", "key.added");
    entry.signer = *rc::gen::element<std::string>("blue/ops", "red/ops", "blue.example/log");
    const auto chosen = *rc::gen::inRange(1, 64);
    for (int part = 0; part < 6; ++part)
      if ((chosen >> part) % 2 == 1) entry.parts.push_back(committed("p" + std::to_string(part), std::to_string(part)));
    log.entries.emplace(EntryIndex{i}, std::move(entry));
  }
  return log;
}

RC_GTEST_PROP(PairLaws, TheOtherWayRoundIsTheSameTheOtherWayRound, ()) {
  const ShownLog blue = any_log("blue.example/log"), red = any_log("red.example/log");
  const PairReport there = compare(blue, red), back = compare(red, blue);
  std::set<std::pair<EntryIndex, EntryIndex>> one, other;
  for (const auto& each : there.both) one.emplace(each.first, each.second);
  for (const auto& each : back.both) other.emplace(each.second, each.first);
  RC_ASSERT(one == other);
  for (std::size_t i = 0; i < 2; ++i) {
    RC_ASSERT((there.alone.at(i) == back.alone.at(1 - i)));
    RC_ASSERT((there.others.at(i) == back.others.at(1 - i)));
  }
}

RC_GTEST_PROP(PairLaws, EveryActStandsInBothOrInOneAlone, ()) {
  const PairReport report = compare(any_log("blue.example/log"), any_log("red.example/log"));
  const auto same = [&](EntryIndex a, EntryIndex b) {
    const ShownEntry &x = report.logs[0].entries.at(a), &y = report.logs[1].entries.at(b);
    bool shared = false;
    for (const auto& part : x.parts)
      for (const auto& each : y.parts) shared = shared || part.commitment == each.commitment;
    return shared && x.kind == y.kind && x.signer == y.signer;
  };
  for (const auto& each : report.both) RC_ASSERT(same(each.first, each.second));
  for (std::size_t i = 0; i < 2; ++i) {
    std::set<EntryIndex> seen(report.alone.at(i).begin(), report.alone.at(i).end());
    for (const EntryIndex index : seen)
      for (const auto& [there, entry] : report.logs.at(1 - i).entries)
        RC_ASSERT(!(i == 0 ? same(index, there) : same(there, index)));
    for (const auto& each : report.both) seen.insert(i == 0 ? each.first : each.second);
    std::size_t others = 0;
    for (const auto& [kind, count] : report.others.at(i)) others += count;
    RC_ASSERT(seen.size() + others == report.logs.at(i).entries.size());
  }
}

}  // namespace
}  // namespace wideberth::client
