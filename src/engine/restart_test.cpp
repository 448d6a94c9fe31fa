// A state carried over a restart: when it counts, when it does not, and that it makes no difference but to the time it takes.
#include "engine/restart.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <future>
#include <random>
#include <thread>

#include "base/check.h"
#include "core/dump.h"
#include "engine/engine.h"
#include "ledger/note.h"
#include "store/sqlite.h"

namespace wideberth::engine {
namespace {

using base::EntryIndex;
using base::Instant;
using base::Rule;

/// Gone with all that is in it.
class Folder {
 public:
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "wideberth-restart-XXXXXX").string();
    WB_CHECK(::mkdtemp(name.data()) != nullptr);
    path_ = name;
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  std::filesystem::path operator/(const char* name) const { return path_ / name; }

 private:
  std::filesystem::path path_;
};

std::string content_of(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}
void set_content(const std::filesystem::path& file, std::string_view bytes) {
  std::ofstream out(file, std::ios::binary);
  out << bytes;
  WB_CHECK(out.flush().good());
}
/// Turns a bit of these bytes over, where they first stand in the file.
void flip(const std::filesystem::path& file, std::string_view bytes) {
  std::string content = content_of(file);
  const std::size_t at = content.find(bytes);
  WB_CHECK(at != std::string::npos);
  content[at] = static_cast<char>(content[at] ^ 1);
  set_content(file, content);
}

constexpr const char* kLog = "restart.example/log";

class StillClock final : public base::Clock {
 public:
  Instant now() override { return *Instant::parse("2020-08-25T03:00:00Z"); }
};
class CountingEntropy final : public base::Entropy {
 public:
  void fill(std::span<unsigned char> out) override {
    for (unsigned char& byte : out) byte = static_cast<unsigned char>(++count_ * 37);
  }

 private:
  unsigned count_ = 0;
};

ledger::SigningKey key_of(const std::string& name) {
  return ledger::SigningKey::from_seed(name, ledger::sha256("invented key " + name).view()).value();
}

model::Opening opening_of() {
  model::Opening opening;
  opening.origin = kLog;
  opening.server = key_of(kLog).verifier();
  opening.operator_name = "Test operator (invented)";
  for (const char* name : {"blue", "red"})
    opening.parties.push_back({{name, model::Role::party, name}, key_of(std::string(name) + "/root").verifier()});
  return opening;
}

/// A log that grows by keys of blue's, in a folder; opened again and again.
struct Site {
  explicit Site(std::filesystem::path at) : file(std::move(at)) {
    store = store::open_sqlite(file, store::Mode::create).value();
    WB_CHECK(Engine::open_log(ports(), key_of(kLog), opening_of()).has_value());
  }
  Ports ports() { return {clock, entropy, *store}; }

  void start(std::uint64_t carry_every) {
    Limits limits;
    limits.carry_every = carry_every;
    lost = {};
    auto started = Engine::start(ports(), key_of(kLog), limits, [this](const base::Refusal& why) { lost.set_value(why); });
    WB_CHECK(started.has_value());
    engine = std::move(*started);
    engine->view([this](const core::State& state) {
      const core::KeyState& root = *state.key("blue/root");
      number = root.next_number - 1;
      previous = root.last_text;
    });
  }
  void stop() {
    engine->stop();
    engine.reset();
  }
  /// Blue's root key adds so many keys, one after the other.
  void grow(int count) {
    for (int i = 0; i < count; ++i) {
      std::promise<bool> done;
      WB_CHECK(engine->submit({next()}, [&](const std::vector<Outcome>& all) { done.set_value(all.front().has_value()); })
                   .has_value());
      WB_CHECK(done.get_future().get());
    }
  }
  core::Submission next() {
    ledger::EntryText text;
    text.number = ++number;
    core::PartBody body;
    body.name = "full";
    body.bytes =
        ledger::pad_to_class(model::to_json(model::KeyAdded{key_of("blue/desk-" + std::to_string(number)).verifier(), {}, ""}));
    body.salt = std::string(32, 's');
    text.origin = kLog;
    text.kind = "key.added";
    text.signer = "blue/root";
    text.previous = previous;
    text.at = clock.now();
    text.parts.push_back({"full", "application/json", body.bytes.size(), ledger::commitment_of(body.salt, body.bytes)});
    const std::string plain = ledger::to_text(text);
    previous = ledger::text_hash(plain);
    core::Submission submission;
    submission.note = ledger::sign_note(plain, key_of("blue/root"));
    submission.parts.push_back(std::move(body));
    return submission;
  }
  std::filesystem::path carried() const { return file.string() + "-state"; }
  Restarted again() { return restart(*store, key_of(kLog).verifier()).value(); }
  /// How many entries the carried state spared; and what came out is what the whole log gives, in any case.
  std::uint64_t spared() {
    const Restarted restarted = again();
    const auto folded = fold(*store);
    WB_CHECK(folded.has_value());
    EXPECT_EQ(core::dump(restarted.folded.state), core::dump(folded->state));
    EXPECT_EQ(restarted.folded.head, folded->head);
    return restarted.carried;
  }

  std::filesystem::path file;
  StillClock clock{};
  CountingEntropy entropy{};
  std::unique_ptr<store::Store> store{};
  std::unique_ptr<Engine> engine{};
  std::promise<base::Refusal> lost{};
  std::uint64_t number = 0;
  std::optional<ledger::Hash> previous{};
};

TEST(Restart, TheStateIsCarriedWithTheEntriesThatFollowIt) {
  const Folder folder;
  Site site(folder / "log");
  EXPECT_EQ(site.spared(), 0U) << "nothing was kept";
  site.start(10);
  site.grow(9);
  site.stop();
  EXPECT_EQ(site.spared(), 10U);
  site.start(10);
  site.grow(7);
  site.stop();
  EXPECT_EQ(site.spared(), 10U) << "seven more are not worth it";
  site.start(10);
  site.grow(3);
  site.stop();
  EXPECT_EQ(site.spared(), 20U);
  site.start(0);
  site.grow(30);
  site.stop();
  EXPECT_EQ(site.spared(), 20U) << "zero: never";
}

TEST(Restart, ItIsKeptInAQuietSecondToo) {
  const Folder folder;
  Site site(folder / "log");
  site.start(5);
  site.grow(8);
  for (int i = 0; i < 100 && !std::filesystem::exists(site.carried()); ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  EXPECT_TRUE(std::filesystem::exists(site.carried()));
  site.stop();
  EXPECT_EQ(site.spared(), 9U);
}

TEST(Restart, OnAnyDoubtTheWholeLogIsFolded) {
  const Folder folder;
  Site site(folder / "log");
  site.start(10);
  site.grow(20);
  site.stop();
  const std::string kept = content_of(site.carried());
  ASSERT_EQ(site.spared(), 21U);
  const auto spared_with = [&](std::string_view bytes) {
    set_content(site.carried(), bytes);
    return site.spared();
  };
  for (std::size_t size = 0; size < kept.size(); size += size < 400 ? 7U : 501U)
    EXPECT_EQ(spared_with(std::string_view(kept).substr(0, size)), 0U) << "cut to " << size;
  EXPECT_EQ(spared_with(kept + "x"), 0U) << "longer";
  std::mt19937_64 chance{20200825};
  for (int round = 0; round < 60; ++round) {
    std::string bytes = kept;
    const std::size_t at = round < 40 ? chance() % 400 : chance() % bytes.size();
    bytes[at] = static_cast<char>(bytes[at] ^ (1 << chance() % 8));
    EXPECT_EQ(spared_with(bytes), 0U) << "a bit of byte " << at;
  }
  const core::State state = site.again().folded.state;
  EXPECT_EQ(spared_with(*seal(state, key_of(kLog))), 21U);
  EXPECT_EQ(spared_with(*seal(state, key_of("other.example/log"))), 0U) << "by another key";
  core::State other = state;
  other.tree = {};
  for (std::uint64_t i = 0; i < 21; ++i) other.tree.append(ledger::sha256("another log"));
  EXPECT_EQ(spared_with(*seal(other, key_of(kLog))), 0U) << "of another log";
  other.tree.append(ledger::sha256("further"));
  EXPECT_EQ(spared_with(*seal(other, key_of(kLog))), 0U) << "of more than there is";
  std::filesystem::remove(site.carried());
  EXPECT_EQ(site.spared(), 0U) << "gone";
  std::filesystem::create_directory(site.carried());
  EXPECT_EQ(site.spared(), 0U) << "not a file";
}

/// Who has the log's key can sign any state; a state that is not this program's fold is caught by the entries that follow only
/// where they do not fit. Another program's state is never read.
TEST(Restart, AStateOfAnotherProgramIsNotRead) {
  const Folder folder;
  Site site(folder / "log");
  const core::State state = site.again().folded.state;
  const std::string kept = *seal(state, key_of(kLog));
  // The head's lines: format, origin, size, root, rules, program, sum.
  std::size_t at = 0;
  for (int line = 0; line < 5; ++line) at = kept.find('\n', at) + 1;
  std::string head = kept.substr(0, kept.find('\n', kept.find('\n', at) + 1) + 1);
  const std::string body = kept.substr(head.size() + 64);
  ASSERT_TRUE(unseal(head + key_of(kLog).sign(head) + body, key_of(kLog).verifier()));
  head.replace(at, 44, ledger::to_base64(ledger::sha256("another build")));
  EXPECT_FALSE(unseal(head + key_of(kLog).sign(head) + body, key_of(kLog).verifier()));
}

TEST(Restart, WhatTheCarriedStateStandsForIsReadAgainBehindIt) {
  for (const bool leaf : {true, false}) {
    const Folder folder;
    Site site(folder / "log");
    site.start(10);
    site.grow(40);
    site.stop();
    site.store.reset();
    flip(site.file, leaf ? "signer blue/root 7 " : "blue/desk-7+");
    site.store = store::open_sqlite(site.file, store::Mode::write).value();
    EXPECT_FALSE(fold(*site.store)) << "a whole fold refuses";
    site.start(10);
    auto told = site.lost.get_future();
    ASSERT_EQ(told.wait_for(std::chrono::seconds(20)), std::future_status::ready);
    EXPECT_EQ(told.get().rule, Rule::store_untrue);
    const auto after = site.engine->submit({site.next()}, [](const std::vector<Outcome>&) {});
    EXPECT_FALSE(after) << "nothing more is signed";
    site.stop();
  }
}

TEST(Restart, AnEntryThatAgreesWithItselfAndNotWithTheTreeIsFound) {
  const Folder folder;
  Site site(folder / "log");
  site.start(10);
  site.grow(40);
  site.stop();
  const core::State state = site.again().folded.state;
  const std::atomic<bool> on = false, off = true;
  const auto true_leaf = [&](EntryIndex index) { return state.tree.leaf(index.value); };
  const auto other_leaf = [&](EntryIndex index) { return index.value == 30 ? ledger::sha256("other") : true_leaf(index); };
  EXPECT_TRUE(reread_carried(*site.store, 41, true_leaf, on));
  const auto found = reread_carried(*site.store, 41, other_leaf, on);
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().rule, Rule::store_untrue);
  EXPECT_EQ(found.error().where, "entry 30");
  EXPECT_TRUE(reread_carried(*site.store, 41, other_leaf, off)) << "stopped before it came to it";
  EXPECT_FALSE(reread_carried(*site.store, 42, true_leaf, on)) << "one is missing";
}

/// Killed at any moment, also while the state is being written: the next start has what the log has.
TEST(Restart, KilledAtAnyMomentTheNextStartHasWhatTheLogHas) {
  const Folder folder;
  const std::filesystem::path file = folder / "log";
  {
    const Site made(file);
  }
  std::mt19937_64 chance{20200825};
  std::uint64_t size = 1, spared = 0;
  for (int round = 0; round < 8; ++round) {
    const pid_t child = fork();
    if (child == 0) {
      StillClock clock;
      CountingEntropy entropy;
      const auto opened = store::open_sqlite(file, store::Mode::write);
      WB_CHECK(opened.has_value());
      core::State state = restart(**opened, key_of(kLog).verifier()).value().folded.state;
      const ledger::SigningKey key = key_of(kLog);
      Writer writer(std::move(state), key, entropy);
      for (auto at = std::max(clock.now(), writer.state().last_received);; at = at + base::Millis::from_seconds(3'600)) {
        writer.restart(at, at + base::Millis::from_seconds(3'600));
        const Batch batch = writer.drain();
        std::vector<store::StoredEntry> stored;
        for (const core::Entry& each : batch.entries) stored.push_back(stored_from(each));
        WB_CHECK((*opened)->append(stored, batch.expected, batch.next).has_value());
        WB_CHECK((*opened)->put_cache(*seal(writer.state(), key)).has_value());
      }
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(60 + chance() % 60));
    ASSERT_EQ(::kill(child, SIGKILL), 0);
    ASSERT_EQ(::waitpid(child, nullptr, 0), child);
    const auto opened = store::open_sqlite(file, store::Mode::write).value();
    const auto restarted = restart(*opened, key_of(kLog).verifier()).value();
    const auto folded = fold(*opened).value();
    EXPECT_EQ(core::dump(restarted.folded.state), core::dump(folded.state));
    EXPECT_GE(folded.head.size, size);
    size = folded.head.size;
    spared += restarted.carried;
  }
  EXPECT_GT(size, 8U);
  EXPECT_GT(spared, 0U);
}

TEST(Restart, WhatIsErasedIsTakenOutOfTheCarriedStateToo) {
  const Folder folder;
  Site site(folder / "log");
  site.start(10);
  site.grow(20);
  site.stop();
  ASSERT_TRUE(std::filesystem::exists(site.carried()));
  const store::PartPlace part{EntryIndex{5}, 0};
  ASSERT_TRUE(site.store->erase({&part, 1}));
  EXPECT_FALSE(std::filesystem::exists(site.carried()));
  ASSERT_TRUE(site.store->put_cache("made before it was erased"));
  EXPECT_FALSE(std::filesystem::exists(site.carried()));
  EXPECT_EQ(site.spared(), 0U);
}

}  // namespace
}  // namespace wideberth::engine
