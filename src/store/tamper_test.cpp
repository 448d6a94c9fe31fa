// What changes behind the store's back is refused, and the refusal says where: every column of every table, then any byte.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "base/bytes.h"
#include "store/reread.h"
#include "store/sqlite.h"
#include "store/sqlite_rows.h"
#include "store/testing.h"

namespace wideberth::store {
namespace {

using testing::Folder;
using testing::Growth;

// Everything a store can be asked for, read in full.
struct Content {
  std::vector<StoredEntry> entries;
  Head head;
  std::string blob;
  std::optional<Instant> alive;
  std::optional<std::string> setting;
  friend bool operator==(const Content&, const Content&) = default;
};

const std::string& blob_bytes() {
  static const std::string kBytes = std::string(20'000, 'b');
  return kBytes;
}

Result<Content> read_whole(const std::filesystem::path& file) {
  WB_TRY(store, open_sqlite(file, Mode::write));
  Content content;
  WB_TRY(again, reread(*store, [&](const StoredEntry& entry) -> Result<void> {
           content.entries.push_back(entry);
           return {};
         }));
  content.head = again.head;
  WB_TRY(blob, store->get_blob(ledger::sha256(blob_bytes())));
  content.blob = std::move(blob);
  WB_TRY(alive, store->last_alive());
  content.alive = alive;
  WB_TRY(setting, store->setting("origin"));
  content.setting = std::move(setting);
  return content;
}

// A log of 12 entries in three batches. Entry 3 has two parts, whatever chance gives the others.
std::unique_ptr<Store> sound_store(const std::filesystem::path& file) {
  for (std::uint64_t seed = 1;; ++seed) {
    Growth growth{seed};
    const auto trial = growth.batch(12);
    if (trial[3].parts.size() == 2 && !trial[3].parts[1].bytes.empty()) {
      Growth again{seed};
      auto store = testing::grown(file, {4, 7, 1}, again);
      EXPECT_TRUE(store->put_blob(blob_bytes()) && store->put_alive(Instant::from_ms(1'598'338'692'417)) &&
                  store->put_setting("origin", "invented.example/log"));
      return store;
    }
  }
}

struct Row {
  const char* name;
  std::string table;
  std::string column;  // a blob whose first byte changes, or empty where `sql` says what happens
  std::string which;
  const char* where;
  std::string sql{};
};

std::vector<Row> rows() {
  const std::string third = "idx = 3 AND position = 1";
  return {
      {"leaf", "entry", "leaf", "idx = 5", "entry 5"},
      {"leaf hash", "entry", "leaf_hash", "idx = 5", "entry 5"},
      {"leaf of entry 0", "entry", "leaf", "idx = 0", "entry 0"},
      {"leaf of the last entry", "entry", "leaf", "idx = 11", "entry 11"},
      {"number of parts", "", "", "", "entry 3", "UPDATE entry SET parts = 3 WHERE idx = 3"},
      {"number of parts, negative", "", "", "", "entry 3", "UPDATE entry SET parts = -2 WHERE idx = 3"},
      {"index", "", "", "", "entry 7", "UPDATE entry SET idx = 71 WHERE idx = 7"},
      // Named after an entry where the number of parts differs, after the head where it does not.
      {"two leaves changed places", "", "", "", "",
       "UPDATE entry SET idx = -1 WHERE idx = 8; UPDATE entry SET idx = 8 WHERE idx = 9; UPDATE entry SET idx = 9 WHERE idx = "
       "-1"},
      {"entry taken out", "", "", "", "entry 11", "DELETE FROM entry WHERE idx = 11"},
      {"commitment", "part", "commitment", third, "part 1 of entry 3"},
      {"salt", "part", "salt", third, "part 1 of entry 3"},
      {"bytes", "part", "bytes", third, "part 1 of entry 3"},
      {"sum", "part", "sum", third, "part 1 of entry 3"},
      {"name", "", "", "", "part 1 of entry 3", "UPDATE part SET name = 'dorridor' WHERE " + third},
      {"erased", "", "", "", "part 1 of entry 3", "UPDATE part SET erased = 1 WHERE " + third},
      {"erased, bytes gone too", "", "", "", "part 1 of entry 3",
       "UPDATE part SET erased = 1, salt = x'', bytes = x'' WHERE " + third},
      {"bytes gone", "", "", "", "part 1 of entry 3", "UPDATE part SET salt = x'', bytes = x'' WHERE " + third},
      {"position", "", "", "", "entry 3", "UPDATE part SET position = 5 WHERE " + third},
      {"part of another entry", "", "", "", "entry 3", "UPDATE part SET idx = 400 WHERE " + third},
      {"part taken out", "", "", "", "entry 3", "DELETE FROM part WHERE " + third},
      {"size", "", "", "", "head", "UPDATE head SET size = 13"},
      {"size, shorter", "", "", "", "head", "UPDATE head SET size = 11"},
      {"root", "head", "root", "id = 1", "head"},
      {"checkpoint", "head", "checkpoint", "id = 1", "head"},
      {"count of the writes", "", "", "", "head", "UPDATE head SET writes = writes + 1"},
      {"sum of the head", "head", "sum", "id = 1", "head"},
      {"head taken out", "", "", "", "head", "DELETE FROM head"},
      {"a second head", "", "", "", "head",
       "UPDATE head SET id = 2; INSERT INTO head SELECT 1, size, root, checkpoint, writes, sum FROM head"},
      {"blob", "blob", "bytes", "true", "blob"},
      {"time of the last sign of life", "", "", "", "alive", "UPDATE alive SET at = at + 1"},
      {"its sum", "alive", "sum", "true", "alive"},
      {"setting", "setting", "value", "true", "setting origin"},
      {"sum of the setting", "setting", "sum", "true", "setting origin"},
  };
}

std::string meddling(const Row& row) {
  if (!row.sql.empty()) return row.sql;
  return "UPDATE " + row.table + " SET " + row.column + " = " + "flipped(" + row.column + ")" + " WHERE " + row.which;
}

TEST(Tamper, EveryColumnIsCoveredAndTheRefusalSaysWhere) {
  for (const Row& row : rows()) {
    const Folder folder;
    sound_store(folder / "log").reset();
    ASSERT_TRUE(read_whole(folder / "log").has_value());
    testing::meddle(folder / "log", meddling(row));
    const auto read = read_whole(folder / "log");
    ASSERT_FALSE(read.has_value()) << row.name;
    EXPECT_EQ(read.error().rule, Rule::store_untrue) << row.name << ": " << base::to_text(read.error());
    EXPECT_THAT(read.error().where, ::testing::HasSubstr(row.where)) << row.name << ": " << base::to_text(read.error());
  }
}

TEST(Tamper, AKeyThatChangedIsAThingThatIsGone) {
  const Folder folder;
  sound_store(folder / "log").reset();
  testing::meddle(folder / "log", "UPDATE setting SET key = CAST('prigin' AS BLOB)");
  const auto store = open_sqlite(folder / "log", Mode::write).value();
  EXPECT_EQ(store->setting("origin").value(), std::nullopt);
  EXPECT_EQ(store->setting("prigin").error().rule, Rule::store_untrue);
}

TEST(Tamper, AHeadThatAgreesWithItsOwnSumIsStillComparedWithTheLeaves) {
  const Folder folder;
  const auto store = sound_store(folder / "log");
  const Head present = *store->head();
  for (const bool other_root : {true, false}) {
    Head forged = present;
    forged.checkpoint.clear();
    if (other_root) {
      forged.root.bytes[31] ^= 0x80U;
    } else {
      forged.size = 10;
    }
    auto behind = Connection::open(folder / "log", Connection::Access::write);
    ASSERT_TRUE(behind.has_value());
    ASSERT_TRUE(move_head(*behind, present, forged).has_value());
    const auto again = reread(*store);
    ASSERT_FALSE(again.has_value());
    EXPECT_EQ(again.error().rule, Rule::store_untrue);
    EXPECT_EQ(again.error().where, "head");
    ASSERT_TRUE(move_head(*behind, forged, present).has_value());
    EXPECT_TRUE(reread(*store).has_value());
  }
}

TEST(Tamper, ACheckpointOfAnotherSizeOrNoneAtAllIsRefused) {
  const Folder folder;
  const auto store = sound_store(folder / "log");
  Head head = *store->head();
  head.checkpoint.replace(head.checkpoint.find("\n12\n"), 4, "\n13\n");
  ASSERT_TRUE(store->put_checkpoint(head).has_value());
  EXPECT_EQ(reread(*store).error().where, "checkpoint");
  head.checkpoint = "no note";
  ASSERT_TRUE(store->put_checkpoint(head).has_value());
  EXPECT_EQ(reread(*store).error().where, "checkpoint");
  EXPECT_EQ(reread(*store).error().rule, Rule::store_untrue);
}

TEST(Tamper, ARefusalOfTheVisitorEndsThePass) {
  const Folder folder;
  const auto store = sound_store(folder / "log");
  std::size_t seen = 0;
  const auto again = reread(*store, [&](const StoredEntry&) -> Result<void> {
    return ++seen == 5 ? Result<void>{base::refuse(Rule::leaf_malformed)} : Result<void>{};
  });
  EXPECT_EQ(again.error().rule, Rule::leaf_malformed);
  EXPECT_EQ(seen, 5U);
}

// Copies what stands on the disk while the writer still has it open: as a crash leaves it, with the write-ahead log.
void copy_store(const Folder& from, const Folder& to) {
  for (const char* name : {"log", "log-wal", "log-mark"}) testing::set_content(to / name, testing::content_of(from / name));
}

// Either the change is refused, or it fell where nothing is kept and every answer is the same.
void flip_everywhere(const Folder& original, const char* file, std::size_t flips, std::size_t least_refused) {
  const std::string intact = testing::content_of(original / file);
  ASSERT_GT(intact.size(), 10'000U);
  std::mt19937_64 chance{intact.size()};
  const Folder folder;
  copy_store(original, folder);
  const auto expected = read_whole(folder / "log");
  ASSERT_TRUE(expected.has_value());
  std::size_t refused = 0;
  for (std::size_t i = 0; i < flips; ++i) {
    std::filesystem::remove(folder / "log-shm");
    copy_store(original, folder);
    std::string changed = intact;
    const std::size_t at = i < 100 ? i : chance() % changed.size();  // the file's header whole, then anywhere
    changed[at] = static_cast<char>(changed[at] ^ (1 << (chance() % 8)));
    testing::set_content(folder / file, changed);
    const auto read = read_whole(folder / "log");
    refused += read ? 0U : 1U;
    ASSERT_TRUE(!read || *read == *expected) << file << ": a bit of byte " << at << " changed what was read, and nobody said so";
  }
  EXPECT_GE(refused, least_refused) << "of " << flips;
}

TEST(Tamper, AnyBitOfTheFileIsRefusedOrMeansNothing) {
  const Folder folder;
  auto store = sound_store(folder / "log");
  store.reset();  // closing writes the log back into the file
  flip_everywhere(folder, "log", 300, 150);
}

TEST(Tamper, AnyBitOfTheWriteAheadLogIsRefusedOrMeansNothing) {
  const Folder folder;
  const auto store = sound_store(folder / "log");
  flip_everywhere(folder, "log-wal", 300, 150);
}

/// SQLite quotes a damaged schema, and a byte of it need be no text: the refusal is text all the same.
TEST(Tamper, WhatIsSaidOfADamagedSchemaIsText) {
  const Folder folder;
  auto store = sound_store(folder / "log");
  store.reset();
  std::string changed = testing::content_of(folder / "log");
  const std::string_view declared = "erased INTEGER NOT NULL";
  const std::size_t at = changed.find(declared);
  ASSERT_NE(at, std::string::npos);
  changed[at + std::string_view("erased INTEGER NO").size()] = '\xD4';
  testing::set_content(folder / "log", changed);
  const auto read = read_whole(folder / "log");
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().rule, Rule::store_untrue);
  EXPECT_TRUE(base::is_utf8(read.error().found)) << read.error().found;
  EXPECT_THAT(read.error().found, ::testing::HasSubstr("\\xd4"));
}

TEST(Tamper, AFileCutShortIsRefused) {
  const Folder folder;
  auto store = sound_store(folder / "log");
  const Folder crashed;
  copy_store(folder, crashed);
  const std::string tail = testing::content_of(crashed / "log-wal");
  testing::set_content(crashed / "log-wal", std::string_view{tail}.substr(0, tail.size() / 3));
  EXPECT_EQ(read_whole(crashed / "log").error().rule, Rule::store_untrue) << "the mark knows of a longer log";

  store.reset();
  const std::string whole = testing::content_of(folder / "log");
  for (const std::size_t kept : {std::size_t{0}, std::size_t{50}, whole.size() / 2, whole.size() - 1, whole.size() - 8192}) {
    testing::set_content(folder / "log", std::string_view{whole}.substr(0, kept));
    EXPECT_FALSE(read_whole(folder / "log").has_value()) << kept;
  }
}

}  // namespace
}  // namespace wideberth::store
