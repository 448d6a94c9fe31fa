// The contract, call by call, on the real driver.
#include "store/store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <set>
#include <thread>

#include "store/reread.h"
#include "store/sqlite.h"
#include "store/testing.h"

namespace wideberth::store {
namespace {

using testing::content_of;
using testing::everything;
using testing::Folder;
using testing::grown;
using testing::Growth;
using testing::set_content;

template <class T>
Rule rule_of_refusal(const Result<T>& result) {
  return result ? Rule{} : result.error().rule;
}

Rule refused_open(const std::filesystem::path& file, Mode mode, SqliteOptions options = {}) {
  const auto opened = open_sqlite(file, mode, options);
  EXPECT_FALSE(opened.has_value());
  return rule_of_refusal(opened);
}

std::unique_ptr<Store> reopened(const std::filesystem::path& file, Mode mode = Mode::write) {
  auto opened = open_sqlite(file, mode);
  EXPECT_TRUE(opened.has_value()) << base::to_text(opened.error());
  return opened ? std::move(*opened) : nullptr;
}

TEST(Store, WhatIsAppendedIsThereAfterReopening) {
  const Folder folder{Folder::Place::disk};
  Growth growth{1};
  std::vector<StoredEntry> written;
  grown(folder / "log", {1, 7, 40, 1}, growth, &written).reset();
  const auto store = reopened(folder / "log");
  EXPECT_EQ(everything(*store), written);
  const auto head = store->head();
  ASSERT_TRUE(head.has_value());
  EXPECT_EQ(head->size, 49U);
  EXPECT_EQ(head->root, growth.after().root);
  const auto again = reread(*store);
  ASSERT_TRUE(again.has_value());
  EXPECT_EQ(again->tree.root(), growth.after().root);
  EXPECT_EQ(again->head, *head);
}

TEST(Store, ANewStoreIsAnEmptyLogOnlyItsOwnerReads) {
  const Folder folder;
  const auto store = open_sqlite(folder / "log", Mode::create);
  ASSERT_TRUE(store.has_value());
  EXPECT_EQ((*store)->head(), Head{});
  EXPECT_EQ((*store)->read(EntryIndex{0}, 10), std::vector<StoredEntry>{});
  for (const char* name : {"log", "log-wal", "log-mark"}) {
    struct stat found{};
    ASSERT_EQ(stat((folder / name).c_str(), &found), 0) << name;
    EXPECT_EQ(found.st_mode & 077U, 0U) << name;
  }
}

TEST(Store, AReadEndsWhereTheLogEnds) {
  const Folder folder;
  Growth growth{2};
  std::vector<StoredEntry> written;
  const auto store = grown(folder / "log", {10}, growth, &written);
  EXPECT_EQ(store->read(EntryIndex{8}, 5), (std::vector<StoredEntry>{written[8], written[9]}));
  EXPECT_EQ(store->read(EntryIndex{10}, 5), std::vector<StoredEntry>{});
  EXPECT_EQ(store->read(EntryIndex{~std::uint64_t{0}}, 5), std::vector<StoredEntry>{});
  EXPECT_EQ(store->read(EntryIndex{3}, 0), std::vector<StoredEntry>{});
  EXPECT_EQ(store->read(EntryIndex{3}, ~std::size_t{0})->size(), 7U);
}

TEST(Store, OpeningRefusesWhatIsNotThereOrNotOurs) {
  const Folder folder;
  EXPECT_EQ(refused_open(folder / "none", Mode::write), Rule::store_not_found);
  EXPECT_EQ(refused_open(folder / "none", Mode::read), Rule::store_not_found);
  EXPECT_EQ(refused_open(folder / "no/such/folder", Mode::create), Rule::store_unavailable);

  set_content(folder / "letter", std::string(5000, 'a'));
  EXPECT_EQ(refused_open(folder / "letter", Mode::write), Rule::store_untrue);
  EXPECT_EQ(refused_open(folder / "letter", Mode::create), Rule::store_exists);
  set_content(folder / "empty", "");
  EXPECT_EQ(refused_open(folder / "empty", Mode::write), Rule::store_unknown);

  sqlite3* other = nullptr;
  ASSERT_EQ(sqlite3_open((folder / "other").c_str(), &other), SQLITE_OK);
  ASSERT_EQ(sqlite3_exec(other, "CREATE TABLE head (size)", nullptr, nullptr, nullptr), SQLITE_OK);
  sqlite3_close(other);
  EXPECT_EQ(refused_open(folder / "other", Mode::write), Rule::store_unknown);

  Growth growth{3};
  grown(folder / "log", {3}, growth).reset();
  EXPECT_EQ(refused_open(folder / "log", Mode::create), Rule::store_exists);
  std::filesystem::remove(folder / "log");
  EXPECT_EQ(refused_open(folder / "log", Mode::create), Rule::store_exists) << "the mark of a lost log still stands";
}

TEST(Store, ALaterVersionIsRefusedNotConverted) {
  const Folder folder;
  Growth growth{4};
  grown(folder / "log", {3}, growth).reset();
  sqlite3* raw = nullptr;
  ASSERT_EQ(sqlite3_open((folder / "log").c_str(), &raw), SQLITE_OK);
  ASSERT_EQ(sqlite3_exec(raw, "PRAGMA user_version = 2", nullptr, nullptr, nullptr), SQLITE_OK);
  sqlite3_close(raw);
  EXPECT_EQ(refused_open(folder / "log", Mode::write), Rule::store_unknown);
}

TEST(Store, OneWriterAtATime) {
  const Folder folder;
  Growth growth{5};
  auto store = grown(folder / "log", {3}, growth);
  EXPECT_EQ(refused_open(folder / "log", Mode::write), Rule::store_in_use);
  EXPECT_EQ(refused_open(folder / "log", Mode::write, {.exclusive = false}), Rule::store_in_use);
  const pid_t child = fork();
  if (child == 0) {
    const auto opened = open_sqlite(folder / "log", Mode::write);
    _exit(!opened && opened.error().rule == Rule::store_in_use ? 0 : 1);
  }
  int status = -1;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
  EXPECT_NE(reopened(folder / "log", Mode::read), nullptr);
  store.reset();
  EXPECT_NE(reopened(folder / "log"), nullptr);
}

TEST(Store, AReaderSeesTheWriterGoOnAndCannotWrite) {
  const Folder folder;
  Growth growth{6};
  const auto writer = grown(folder / "log", {3}, growth);
  const auto reader = reopened(folder / "log", Mode::read);
  const auto batch = growth.batch(2);
  EXPECT_EQ(rule_of_refusal(reader->append(batch, growth.before(), growth.after())), Rule::store_read_only);
  EXPECT_EQ(rule_of_refusal(reader->put_blob("a")), Rule::store_read_only);
  EXPECT_EQ(rule_of_refusal(reader->put_alive(Instant::from_ms(1))), Rule::store_read_only);
  ASSERT_TRUE(writer->append(batch, growth.before(), growth.after()).has_value());
  EXPECT_EQ(reader->head()->size, 5U);
  EXPECT_EQ(reader->read(EntryIndex{3}, 9), batch);
}

TEST(Store, TheHeadMovesByCompareAndSwap) {
  const Folder folder;
  Growth growth{7};
  const auto store = grown(folder / "log", {4}, growth);
  const Head present = *store->head();
  const auto batch = growth.batch(1);
  Head other_root = growth.before();
  other_root.root.bytes[0] ^= 1U;
  EXPECT_EQ(rule_of_refusal(store->append(batch, other_root, growth.after())), Rule::head_moved) << "same size, another root";
  Growth later{7};
  static_cast<void>(later.batch(5));
  const auto too_far = later.batch(1);
  EXPECT_EQ(rule_of_refusal(store->append(too_far, later.before(), later.after())), Rule::head_moved) << "a later size";
  EXPECT_EQ(store->head(), present);
  EXPECT_EQ(store->read(EntryIndex{4}, 9), std::vector<StoredEntry>{});
  ASSERT_TRUE(store->append(batch, growth.before(), growth.after()).has_value());
  EXPECT_EQ(rule_of_refusal(store->append(batch, growth.before(), growth.after())), Rule::head_moved) << "the same batch twice";
  EXPECT_EQ(store->head()->size, 5U);
}

TEST(Store, OfTwoHandlesOneWinsEachTime) {
  const Folder folder;
  open_sqlite(folder / "log", Mode::create).value().reset();
  std::atomic<int> won{0};
  std::atomic<int> lost{0};
  const auto writer = [&](std::uint64_t seed) {
    const auto store = open_sqlite(folder / "log", Mode::write, {.exclusive = false});
    ASSERT_TRUE(store.has_value());
    Growth growth{seed};
    for (int wins = 0; wins < 40;) {
      auto now = reread(**store);
      ASSERT_TRUE(now.has_value()) << base::to_text(now.error());
      growth.resume(std::move(now->tree));
      const auto batch = growth.batch(2);
      const auto done = (*store)->append(batch, growth.before(), growth.after());
      ASSERT_TRUE(done || done.error().rule == Rule::head_moved) << base::to_text(done.error());
      wins += done ? 1 : 0;
      (done ? won : lost) += 1;
    }
  };
  std::thread one{writer, 8};
  std::thread two{writer, 9};
  one.join();
  two.join();
  const auto store = reopened(folder / "log");
  EXPECT_EQ(won, 80);
  EXPECT_EQ(reread(*store)->tree.size(), 160U);
  RecordProperty("head_moved", lost);
}

TEST(Store, AReaderBesideTheWriterSeesWholeBatchesOnly) {
  const Folder folder;
  Growth growth{10};
  const auto writer = grown(folder / "log", {5}, growth);
  std::atomic<bool> done{false};
  std::set<std::uint64_t> seen;
  std::thread looking{[&] {
    const auto reader = open_sqlite(folder / "log", Mode::read);
    ASSERT_TRUE(reader.has_value());
    do {
      const auto again = reread(**reader);
      ASSERT_TRUE(again.has_value() || again.error().where == "head") << base::to_text(again.error());
      if (again) seen.insert(again->tree.size());
    } while (!done);
  }};
  for (int i = 0; i < 60; ++i) {
    const auto batch = growth.batch(5);
    ASSERT_TRUE(writer->append(batch, growth.before(), growth.after()).has_value());
  }
  done = true;
  looking.join();
  EXPECT_FALSE(seen.empty());
  for (const std::uint64_t size : seen) EXPECT_EQ(size % 5, 0U);
}

TEST(Store, APartThatDoesNotFitItsCommitmentIsNotWritten) {
  const Folder folder;
  Growth growth{11};
  const auto store = grown(folder / "log", {2}, growth);
  auto batch = growth.batch(3);
  batch[1].parts.assign(1, StoredPart{"full", {}, std::string(32, 's'), "bytes", false});
  const auto refused = store->append(batch, growth.before(), growth.after());
  EXPECT_EQ(rule_of_refusal(refused), Rule::store_untrue);
  EXPECT_EQ(refused.error().where, "part 0 of entry 3");
  EXPECT_EQ(store->head()->size, 2U);
  EXPECT_EQ(everything(*store)->size(), 2U);
}

TEST(Store, ACheckpointBelongsToItsHead) {
  const Folder folder;
  Growth growth{12};
  const auto store = grown(folder / "log", {2}, growth);
  Head head = *store->head();
  EXPECT_THAT(head.checkpoint, ::testing::StartsWith("invented.example/log\n2\n"));
  head.checkpoint += "one more signature line";
  ASSERT_TRUE(store->put_checkpoint(head).has_value());
  EXPECT_EQ(store->head(), head);
  const auto batch = growth.batch(1);
  ASSERT_TRUE(store->append(batch, growth.before(), growth.after()).has_value());
  EXPECT_EQ(store->head()->checkpoint, "") << "the new head is not signed yet";
  EXPECT_EQ(rule_of_refusal(store->put_checkpoint(head)), Rule::head_moved);
}

TEST(Store, BlobsSettingsAndTheLastSignOfLife) {
  const Folder folder;
  auto store = open_sqlite(folder / "log", Mode::create).value();
  const std::string bytes(300'000, '\x5a');
  const auto hash = store->put_blob(bytes);
  EXPECT_EQ(hash, ledger::sha256(bytes));
  EXPECT_EQ(store->put_blob(bytes), hash);
  EXPECT_EQ(store->get_blob(*hash), bytes);
  EXPECT_EQ(store->get_blob(*store->put_blob("")), "");
  EXPECT_EQ(rule_of_refusal(store->get_blob(ledger::sha256("never put"))), Rule::blob_not_stored);
  const std::string too_large(kMostBlobBytes + 1, '\0');
  EXPECT_EQ(rule_of_refusal(store->put_blob(too_large)), Rule::blob_too_large);

  EXPECT_EQ(store->setting("origin").value(), std::optional<std::string>{});
  ASSERT_TRUE(store->put_setting("origin", std::string_view{"a\0b", 3}).has_value());
  ASSERT_TRUE(store->put_setting("origin", "dayrik.example/log").has_value());
  EXPECT_EQ(store->last_alive().value(), std::optional<Instant>{});
  ASSERT_TRUE(store->put_alive(Instant::from_ms(5)).has_value());
  ASSERT_TRUE(store->put_alive(Instant::from_ms(-7)).has_value());
  store.reset();
  store = reopened(folder / "log");
  EXPECT_EQ(store->setting("origin").value(), std::optional<std::string>{"dayrik.example/log"});
  EXPECT_EQ(store->last_alive().value(), std::optional{Instant::from_ms(-7)});
}

bool on_disk(const Folder& folder, std::string_view bytes) {
  return content_of(folder / "log").find(bytes) != std::string::npos ||
         content_of(folder / "log-wal").find(bytes) != std::string::npos;
}

TEST(Store, WhatIsErasedLeavesNoCopy) {
  const Folder folder;
  Growth growth{13};
  const auto store = grown(folder / "log", {2}, growth);
  auto batch = growth.batch(2);
  StoredPart secret{
      "full", {}, std::string(32, 'k'), std::string(9'000, 'q') + "the bridge at dawn" + std::string(9'000, 'q'), false};
  secret.commitment = ledger::sha256(secret.salt + secret.bytes);
  batch[1].parts.assign(1, secret);
  ASSERT_TRUE(store->append(batch, growth.before(), growth.after()).has_value());
  ASSERT_TRUE(on_disk(folder, "the bridge at dawn"));

  const std::vector<PartPlace> unknown = {{EntryIndex{3}, 0}, {EntryIndex{3}, 1}};
  EXPECT_EQ(rule_of_refusal(store->erase(unknown)), Rule::part_not_stored);
  EXPECT_EQ(store->read(EntryIndex{3}, 1)->at(0).parts, batch[1].parts) << "all of them or none";

  const std::vector<PartPlace> place = {{EntryIndex{3}, 0}};
  ASSERT_TRUE(store->erase(place).has_value());
  ASSERT_TRUE(store->erase(place).has_value()) << "twice is once";
  const auto after = store->read(EntryIndex{3}, 1);
  ASSERT_TRUE(after.has_value());
  EXPECT_EQ(after->at(0).leaf, batch[1].leaf);
  EXPECT_EQ(after->at(0).parts, (std::vector{StoredPart{"full", secret.commitment, "", "", true}}));
  EXPECT_EQ(store->purge(), true);
  EXPECT_FALSE(on_disk(folder, "the bridge at dawn"));
  EXPECT_FALSE(on_disk(folder, std::string(32, 'k')));
  EXPECT_FALSE(on_disk(folder, std::string(64, 'q')));
  EXPECT_TRUE(reread(*store).has_value());
}

TEST(Store, APurgeSaysWhenAReaderStillHoldsTheOldView) {
  const Folder folder;
  Growth growth{14};
  const auto store = grown(folder / "log", {6}, growth);
  sqlite3* reader = nullptr;
  ASSERT_EQ(sqlite3_open_v2((folder / "log").c_str(), &reader, SQLITE_OPEN_READONLY, nullptr), SQLITE_OK);
  ASSERT_EQ(sqlite3_exec(reader, "BEGIN; SELECT * FROM head", nullptr, nullptr, nullptr), SQLITE_OK);
  const auto batch = growth.batch(1);
  ASSERT_TRUE(store->append(batch, growth.before(), growth.after()).has_value());
  EXPECT_EQ(store->purge(), false);
  ASSERT_EQ(sqlite3_exec(reader, "COMMIT", nullptr, nullptr, nullptr), SQLITE_OK);
  EXPECT_EQ(store->purge(), true);
  sqlite3_close(reader);
}

RC_GTEST_PROP(StoreLaws, WhatGoesInComesOut, ()) {
  const Folder folder;
  const auto sizes = *rc::gen::container<std::vector<std::size_t>>(rc::gen::inRange<std::size_t>(1, 12));
  RC_PRE(!sizes.empty() && sizes.size() < 12);
  Growth growth{*rc::gen::arbitrary<std::uint64_t>()};
  std::vector<StoredEntry> written;
  const auto store = grown(folder / "log", sizes, growth, &written);
  const auto from = *rc::gen::inRange<std::size_t>(0, written.size() + 3);
  const auto count = *rc::gen::inRange<std::size_t>(0, written.size() + 3);
  std::vector<StoredEntry> expected;
  for (std::size_t i = from; i < written.size() && i - from < count; ++i) expected.push_back(written[i]);
  RC_ASSERT(*store->read(EntryIndex{from}, count) == expected);
  RC_ASSERT(reread(*store)->tree.root() == growth.after().root);
}

}  // namespace
}  // namespace wideberth::store
