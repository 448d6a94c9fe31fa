// The engine over the real SQLite store and its faulty twin.
#include "engine/engine.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <future>

#include "core/dump.h"
#include "ledger/note.h"
#include "ledger/policy.h"
#include "ledger/proof.h"
#include "store/faulty.h"
#include "store/sqlite.h"

namespace wideberth::engine {
namespace {

using base::EntryIndex;
using base::Instant;
using base::Millis;
using base::Rule;

class SettableClock final : public base::Clock {
 public:
  Instant now() override { return Instant::from_ms(ms_.load()); }
  void set(Instant at) { ms_ = at.ms(); }
  void move(Millis by) { ms_ += by.ms(); }

 private:
  std::atomic<std::int64_t> ms_{Instant::parse("2020-08-25T03:00:00Z")->ms()};
};

class SeededEntropy final : public base::Entropy {
 public:
  explicit SeededEntropy(std::string seed) : seed_(std::move(seed)) {}
  void fill(std::span<unsigned char> out) override {
    for (unsigned char& byte : out) {
      if (at_ == 32) at_ = 0, block_ = ledger::sha256(seed_ + std::to_string(count_++));
      byte = block_.bytes[at_++];
    }
  }

 private:
  std::string seed_;
  std::uint64_t count_ = 0;
  ledger::Hash block_{};
  std::size_t at_ = 32;
};

/// A log with one party, blue, whose root key files keys: enough to move the engine.
class EngineTest : public ::testing::Test {
 protected:
  void SetUp() override {
    static std::atomic<int> count = 0;
    dir_ = std::filesystem::temp_directory_path() /
           ("wideberth-engine-" + std::to_string(::getpid()) + "-" + std::to_string(count++));
    std::filesystem::create_directories(dir_);
    auto made = store::open_sqlite(dir_ / "log.db", store::Mode::create);
    ASSERT_TRUE(made) << to_text(made.error());
    store_ = std::move(*made);
    const auto opened = Engine::open_log(ports(), *key("engine.example/log", 'L'), opening());
    ASSERT_TRUE(opened) << to_text(opened.error());
  }
  void TearDown() override {
    engine_.reset();
    store_.reset();
    std::filesystem::remove_all(dir_);
  }

  static base::Result<ledger::SigningKey> key(const std::string& name, char seed) {
    return ledger::SigningKey::from_seed(name, std::string(32, seed));
  }
  model::Opening opening() const {
    model::Opening opening;
    opening.origin = "engine.example/log";
    opening.server = key(opening.origin, 'L')->verifier();
    opening.operator_name = "Test operator (invented)";
    for (const char* name : {"blue", "red"}) {
      model::OpeningParty party;
      party.party.party = name;
      party.party.name = name;
      party.root = key(std::string(name) + "/root", name[0])->verifier();
      opening.parties.push_back(party);
    }
    return opening;
  }
  Ports ports() { return Ports{clock_, entropy_, faulty_ ? static_cast<store::Store&>(*faulty_) : *store_}; }

  void start() {
    auto started = Engine::start(ports(), std::move(*key("engine.example/log", 'L')), Limits{},
                                 [this](const base::Refusal& why) { lost_.set_value(why); });
    ASSERT_TRUE(started) << to_text(started.error());
    engine_ = std::move(*started);
  }

  /// Blue's root key adds a desk key; the n-th note of its chain.
  core::Submission add_key(const std::string& desk) {
    model::KeyAdded added;
    added.key = key("blue/" + desk, 'k')->verifier();
    core::PartBody body;
    body.bytes = ledger::pad_to_class(model::to_json(added));
    body.salt = std::string(32, 's');
    ledger::EntryText text;
    text.origin = "engine.example/log";
    text.kind = "key.added";
    text.signer = "blue/root";
    text.number = ++number_;
    text.previous = previous_;
    text.at = clock_.now();
    text.parts.push_back({"full", "application/json", body.bytes.size(), ledger::commitment_of(body.salt, body.bytes)});
    const std::string plain = ledger::to_text(text);
    previous_ = ledger::text_hash(plain);
    core::Submission submission;
    submission.note = ledger::sign_note(plain, *key("blue/root", 'b'));
    submission.parts.push_back(std::move(body));
    return submission;
  }

  std::vector<Outcome> submit(std::vector<core::Submission> notes) {
    std::promise<std::vector<Outcome>> answered;
    const auto taken =
        engine_->submit(std::move(notes), [&](std::vector<Outcome> outcomes) { answered.set_value(std::move(outcomes)); });
    if (!taken) return {tl::make_unexpected(taken.error())};
    return answered.get_future().get();
  }
  Outcome submit_one(core::Submission note) { return submit({std::move(note)}).front(); }

  std::filesystem::path dir_;
  SettableClock clock_;
  SeededEntropy entropy_{"engine"};
  std::unique_ptr<store::Store> store_;
  std::unique_ptr<store::Store> faulty_;
  std::unique_ptr<Engine> engine_;
  std::promise<base::Refusal> lost_;
  std::uint64_t number_ = 0;
  std::optional<ledger::Hash> previous_;
};

TEST_F(EngineTest, AnswersWithAReceiptThatHoldsOffline) {
  start();
  const auto outcome = submit_one(add_key("ops-1"));
  ASSERT_TRUE(outcome) << to_text(outcome.error());
  EXPECT_EQ(outcome->index.value, 1U);
  ledger::Policy policy;
  policy.logs.push_back({key("engine.example/log", 'L')->verifier(), ""});
  const auto entry = engine_->entry(outcome->index);
  ASSERT_TRUE(entry);
  EXPECT_TRUE(ledger::verify_receipt(policy, outcome->receipt, entry->leaf));
  EXPECT_FALSE(ledger::verify_receipt(policy, outcome->receipt, entry->leaf + "x"));
}

TEST_F(EngineTest, TheSameTextAgainGetsItsFirstIndex) {
  start();
  const core::Submission note = add_key("ops-1");
  const auto first = submit_one(note);
  ASSERT_TRUE(first);
  const auto again = submit({note, note});
  ASSERT_TRUE(again[0] && again[1]);
  EXPECT_EQ(again[0]->index, first->index);
  EXPECT_EQ(again[1]->received, first->received);
  engine_->view([](const core::State& state) { EXPECT_EQ(state.tree.size(), 2U); });
}

TEST_F(EngineTest, ARefusalIsRecordedOnceAndAnsweredAgain) {
  start();
  ASSERT_TRUE(submit_one(add_key("ops-1")));
  const core::Submission twice = add_key("ops-1");
  for (int i = 0; i < 2; ++i) {
    const auto refused = submit_one(twice);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().rule, Rule::key_name_taken);
  }
  engine_->view([](const core::State& state) {
    EXPECT_EQ(state.tree.size(), 3U);
    EXPECT_EQ(state.facts.back().kind, model::EntryKind::note_refused);
  });
  EXPECT_TRUE(submit_one(add_key("ops-2"))) << "the refused note has used its number up";
}

TEST_F(EngineTest, OneBadLineDoesNotStopTheOthers) {
  start();
  core::Submission garbage;
  garbage.note = "not a note";
  const auto outcomes = submit({add_key("ops-1"), garbage, add_key("ops-2")});
  EXPECT_TRUE(outcomes[0]);
  EXPECT_FALSE(outcomes[1]);
  EXPECT_TRUE(outcomes[2]);
}

TEST_F(EngineTest, StopCommitsWhatWasTakenAndTheStateIsTheFoldOfTheLog) {
  start();
  std::vector<core::Submission> notes;
  for (int i = 0; i < 300; ++i) notes.push_back(add_key("ops-" + std::to_string(i)));
  std::atomic<int> answered = 0;
  for (auto& note : notes)
    ASSERT_TRUE(
        engine_->submit({std::move(note)}, [&](const std::vector<Outcome>& outcomes) { answered += outcomes.front() ? 1 : 0; }));
  engine_->stop();
  EXPECT_EQ(answered, 300);
  std::string live;
  engine_->view([&](const core::State& state) { live = core::dump(state); });
  engine_.reset();
  const auto folded = fold(*store_, Signatures::verify);
  ASSERT_TRUE(folded) << to_text(folded.error());
  EXPECT_EQ(core::dump(folded->state), live);
  EXPECT_EQ(folded->head.size, 301U);
  const auto earlier = fold_to(*store_, EntryIndex{100});
  ASSERT_TRUE(earlier);
  EXPECT_EQ(earlier->tree.size(), 101U);
  const auto beyond = fold_to(*store_, EntryIndex{301});
  ASSERT_FALSE(beyond);
  EXPECT_EQ(beyond.error().rule, Rule::entry_unknown);
}

TEST_F(EngineTest, ARestartRecordsTheOutageAndTheClockThatSteppedBack) {
  start();
  ASSERT_TRUE(submit_one(add_key("ops-1")));
  engine_->stop();
  engine_.reset();
  clock_.move(Millis::from_seconds(600));
  start();
  ASSERT_TRUE(submit_one(add_key("ops-2")));
  engine_->view([](const core::State& state) {
    ASSERT_EQ(state.outages.size(), 1U);
    EXPECT_EQ(state.facts[2].kind, model::EntryKind::channel_down);
  });
  clock_.move(Millis::from_seconds(-3600));
  ASSERT_TRUE(submit_one(add_key("ops-3")));
  ASSERT_TRUE(submit_one(add_key("ops-4")));
  engine_->view([](const core::State& state) {
    EXPECT_EQ(state.facts[4].kind, model::EntryKind::clock_stepped);
    EXPECT_EQ(state.tree.size(), 7U) << "the step is recorded once";
  });
}

TEST_F(EngineTest, ALogOpensOnceAndOnlyUnderItsOwnKey) {
  const auto again = Engine::open_log(ports(), *key("engine.example/log", 'L'), opening());
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().rule, Rule::log_open_already);
  const auto other = Engine::start(ports(), std::move(*key("engine.example/log", 'X')), Limits{}, [](const base::Refusal&) {});
  ASSERT_FALSE(other);
  EXPECT_EQ(other.error().rule, Rule::log_key_mismatch);
}

TEST_F(EngineTest, AFullQueueSaysSoAndAStoppedEngineTakesNothing) {
  auto started = Engine::start(ports(), std::move(*key("engine.example/log", 'L')), Limits{2, 1024, 1},
                               [](const base::Refusal&) {});  // most_waiting is 2
  ASSERT_TRUE(started);
  engine_ = std::move(*started);
  const auto full = engine_->submit(std::vector<core::Submission>(3), [](const std::vector<Outcome>&) {});
  ASSERT_FALSE(full);
  EXPECT_EQ(full.error().rule, Rule::queue_full);
  engine_->stop();
  const auto late = engine_->submit(std::vector<core::Submission>(1), [](const std::vector<Outcome>&) {});
  ASSERT_FALSE(late);
  EXPECT_EQ(late.error().rule, Rule::server_stopping);
}

/// The store under it, until a bit of it changes.
class AlteredStore final : public store::Store {
 public:
  explicit AlteredStore(store::Store& under) : under_(under) {}
  void alter() { altered_ = true; }
  base::Result<std::vector<store::StoredEntry>> read(EntryIndex from, std::size_t count) override {
    if (altered_) return base::refuse(Rule::store_untrue, "a bit has changed", {}, "entry " + std::to_string(from.value));
    return under_.read(from, count);
  }
  base::Result<void> append(std::span<const store::StoredEntry> entries, const store::Head& expected,
                            const store::Head& next) override {
    return under_.append(entries, expected, next);
  }
  base::Result<void> put_checkpoint(const store::Head& head) override { return under_.put_checkpoint(head); }
  base::Result<store::Head> head() override { return under_.head(); }
  base::Result<void> erase(std::span<const store::PartPlace> parts) override { return under_.erase(parts); }
  base::Result<bool> purge() override { return under_.purge(); }
  base::Result<ledger::Hash> put_blob(std::string_view bytes) override { return under_.put_blob(bytes); }
  base::Result<std::string> get_blob(const ledger::Hash& hash) override { return under_.get_blob(hash); }
  base::Result<void> put_alive(Instant at) override { return under_.put_alive(at); }
  base::Result<std::optional<Instant>> last_alive() override { return under_.last_alive(); }
  base::Result<void> put_setting(std::string_view key, std::string_view value) override { return under_.put_setting(key, value); }
  base::Result<std::optional<std::string>> setting(std::string_view key) override { return under_.setting(key); }
  base::Result<void> put_cache(std::string_view bytes) override { return under_.put_cache(bytes); }
  base::Result<std::optional<std::string>> cache() override { return under_.cache(); }
  base::Result<void> check() override { return under_.check(); }

 private:
  store::Store& under_;
  std::atomic<bool> altered_ = false;
};

/// A reader may be the first to meet a bit that changed on disk: nothing is signed after that, and the process must end.
TEST_F(EngineTest, SignsNothingMoreOnceAReaderMetAnAlteredEntry) {
  for (const bool as_of : {false, true}) {
    lost_ = {};
    auto altered = std::make_unique<AlteredStore>(*store_);
    AlteredStore& disk = *altered;
    faulty_ = std::move(altered);
    start();
    ASSERT_TRUE(submit_one(add_key("ops-" + std::to_string(as_of))));
    const std::string signed_last = engine_->checkpoint();
    disk.alter();
    const Rule found = as_of ? engine_->as_of(EntryIndex{1}).error().rule : engine_->entry(EntryIndex{1}).error().rule;
    EXPECT_EQ(found, Rule::store_untrue);
    auto told = lost_.get_future();
    ASSERT_EQ(told.wait_for(std::chrono::seconds(10)), std::future_status::ready);
    EXPECT_EQ(told.get().where, as_of ? "entry 0" : "entry 1");
    const auto after = engine_->submit({core::Submission{}}, [](const std::vector<Outcome>&) {});
    ASSERT_FALSE(after);
    EXPECT_EQ(after.error().rule, Rule::server_stopping);
    EXPECT_EQ(engine_->entry(EntryIndex{1}).error().rule, Rule::store_untrue) << "told once, refused always";
    EXPECT_EQ(engine_->checkpoint(), signed_last);
    engine_.reset();
    faulty_.reset();
  }
}

/// A lost store ends the engine: nobody is told yes, and the next start finds what is on disk.
class LostStore : public EngineTest, public ::testing::WithParamInterface<store::Fault> {};

TEST_P(LostStore, EndsTheEngineAndLosesNothingThatWasReceipted) {
  std::vector<store::Fault> script(1000, store::Fault::none);
  auto counting = std::make_unique<store::FaultyStore>(*store_, script);
  const store::FaultyStore* counted = counting.get();
  faulty_ = std::move(counting);
  start();
  const std::size_t to_start = counted->met();
  engine_->stop();
  engine_.reset();
  lost_ = {};

  script.assign(to_start, store::Fault::none);
  script.push_back(GetParam());
  faulty_ = std::make_unique<store::FaultyStore>(*store_, script);
  start();
  const core::Submission note = add_key("ops-1");
  std::atomic<bool> told_yes = false;
  ASSERT_TRUE(engine_->submit({note}, [&](const std::vector<Outcome>& outcomes) { told_yes = outcomes.front().has_value(); }));
  EXPECT_EQ(kind_of(lost_.get_future().get().rule),
            GetParam() == store::Fault::moved ? base::Kind::conflicting : base::Kind::unavailable);
  engine_->stop();
  engine_.reset();
  EXPECT_FALSE(told_yes);

  faulty_.reset();
  lost_ = {};
  start();
  const auto again = submit_one(note);
  ASSERT_TRUE(again) << to_text(again.error());
  engine_->view([&](const core::State& state) {
    EXPECT_EQ(state.texts.size(), state.tree.size()) << "no text stands twice";
    EXPECT_NE(state.key("blue/ops-1"), nullptr);
  });
}

INSTANTIATE_TEST_SUITE_P(Faults, LostStore,
                         ::testing::Values(store::Fault::refuse, store::Fault::lost_reply, store::Fault::moved));

}  // namespace
}  // namespace wideberth::engine
