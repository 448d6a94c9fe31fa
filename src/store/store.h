// store: the log on disk, and what is kept beside it.
//
// Purpose.  Entries with their parts, the head of the log, its latest signed checkpoint, blobs named by their hash, settings,
//   and when the server was last known to run. Nothing here decides, signs or reads a clock.
//
// Promise.  (1) What append, put_checkpoint, put_blob, put_alive, put_setting and erase report as done survives a loss of
//   power. (2) A batch is there whole or not at all. (3) Of two writers that saw the same head, one wins. (4) What is handed
//   out is what was handed in: every byte read back is re-hashed first, and a changed bit is a refusal that says where.
//   Nothing is ever repaired in silence. (5) Erased parts leave no copy in the file or its write-ahead log once purged.
//
// Map, in reading order.
//   store.h                   the contract, in both directions
//   reread.h/.cpp             the whole log read back, re-hashed and compared with its head: what a server does at its start
//   sqlite.h                  the driver for one machine
//   sqlite_schema.h/.cpp      its tables, how a file is opened and what is checked then
//   sqlite_connection.h/.cpp  statements and errors of SQLite as values
//   sqlite_rows.h/.cpp        rows to entries and back
//   sqlite_store.cpp          the driver itself
//   copy.h/.cpp               all of it in another file, as of one moment, beside its writer
//   beside.h/.cpp             files beside a store that can be made again
//   lock.h/.cpp               one writer at a time, and how far the log was last known to reach
//   faulty.h/.cpp             the twin that fails on cue, for tests
//
// May use.  src/base, src/ledger (its hashes), SQLite.
// Tested by.  store_test.cpp (the contract), tamper_test.cpp (every column, every byte), crash_test.cpp (kill -9, full disk),
//   copy_test.cpp (a copy beside its writer), power_test.cpp (what a disk that forgets unsynced writes leaves), faulty_test.cpp.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/instant.h"
#include "base/quantity.h"
#include "base/refusal.h"
#include "ledger/hash.h"

namespace wideberth::store {

using base::EntryIndex;
using base::Instant;
using base::Refusal;
using base::Result;
using base::Rule;
using ledger::Hash;

/// One part of an entry, kept beside the log; the leaf holds its commitment.
struct StoredPart {
  std::string name;
  Hash commitment;    ///< SHA256(salt || bytes)
  std::string salt;   ///< 32 bytes; empty once erased
  std::string bytes;  ///< empty once erased
  bool erased = false;
  friend bool operator==(const StoredPart&, const StoredPart&) = default;
};

struct StoredEntry {
  EntryIndex index;
  std::string leaf;  ///< the whole leaf, as it was hashed
  std::vector<StoredPart> parts;
  friend bool operator==(const StoredEntry&, const StoredEntry&) = default;
};

/// How far the log reaches.
struct Head {
  std::uint64_t size = 0;
  Hash root = ledger::empty_root();
  std::string checkpoint;  ///< the signed note of exactly this size and root; empty until it is signed
  friend bool operator==(const Head&, const Head&) = default;
};

/// A part by its place: the entry's index and the part's position in it, from 0.
struct PartPlace {
  EntryIndex index;
  std::size_t position = 0;
  friend bool operator==(const PartPlace&, const PartPlace&) = default;
};

inline constexpr std::size_t kMostBlobBytes = std::size_t{256} << 20;
inline constexpr std::size_t kMostSettingBytes = std::size_t{1} << 20;

/// One log on disk.
///
/// Any thread may call; writes queue behind one another, and a read never waits for a write. Every reader sees a moment
/// between two writes.
///
/// Refusals, of every call:
///  * Kind::unavailable (store_unavailable): the disk is full, lost or read-only, or a flush failed. A write so refused may or
///    may not be on disk: the caller MUST end the process, and MUST NOT try again; the next start reads what is there.
///    The driver refuses every later write of the same handle.
///  * Rule::store_untrue: what is stored is not what was written; `where` names the entry, part, head or blob. Nothing may
///    be signed over it.
class Store {
 public:
  virtual ~Store() = default;

  /// Appends a batch in one durable transaction, and sets the head to `next` (its checkpoint with it, mostly still empty).
  /// REQUIRES: at least one entry; indices that go on from expected.size without a gap; next.size that follows from them.
  /// Refused with Rule::head_moved where the stored size or root is not `expected`'s (the checkpoint is not compared), and
  /// with Rule::store_untrue where a part does not fit its commitment; nothing is then written.
  /// Implementers MUST NOT return success before the flush.
  virtual Result<void> append(std::span<const StoredEntry> entries, const Head& expected, const Head& next) = 0;

  /// Keeps the signed checkpoint of the present head, in place of an earlier one of the same size.
  /// Refused with Rule::head_moved where head.size or head.root is not the stored one.
  virtual Result<void> put_checkpoint(const Head& head) = 0;

  /// The present head. Its root is compared with the entries by reread(), not here.
  virtual Result<Head> head() = 0;

  /// The entries [from, from + count), fewer where the log ends earlier. Every leaf is re-hashed against the stored leaf
  /// hash, every part against its commitment.
  virtual Result<std::vector<StoredEntry>> read(EntryIndex from, std::size_t count) = 0;

  /// Takes the salt and the bytes of these parts away; name and commitment stay. A part already erased is left as it is.
  /// Refused with Rule::part_not_stored, and nothing is erased, where one of them does not exist.
  /// What was erased may stand in free pages and in the write-ahead log until purge() has said true.
  virtual Result<void> erase(std::span<const PartPlace> parts) = 0;
  /// Overwrites every such copy. False where another reader still held an older view: call again later.
  virtual Result<bool> purge() = 0;

  /// Keeps the bytes under their SHA-256; twice the same is once. Refused with Rule::blob_too_large above kMostBlobBytes.
  virtual Result<Hash> put_blob(std::string_view bytes) = 0;
  /// Re-hashed. Refused with Rule::blob_not_stored.
  virtual Result<std::string> get_blob(const Hash& hash) = 0;

  /// When the server was last known to run: what lies between it and the next start was an outage. Not part of the log.
  virtual Result<void> put_alive(Instant at) = 0;
  /// None before the first put_alive.
  virtual Result<std::optional<Instant>> last_alive() = 0;

  /// Settings of the deployment, by key. REQUIRES: a key of 1 to 255 bytes, a value of at most kMostSettingBytes.
  virtual Result<void> put_setting(std::string_view key, std::string_view value) = 0;
  /// None where it was never set.
  virtual Result<std::optional<std::string>> setting(std::string_view key) = 0;

  /// Keeps, in place of an earlier one, a piece of bytes that can be made again from the log. It is no write of the log: it is
  /// not flushed, may be lost at any time, is in no backup, and a failure does no harm. erase() takes it away before it erases
  /// anything, and from then on this handle keeps none: what it would be made of may hold what was erased.
  virtual Result<void> put_cache(std::string_view bytes) = 0;
  /// None where there is none. Nobody vouches for the bytes: who reads them checks them.
  virtual Result<std::optional<std::string>> cache() = 0;
  /// Whether the structure of what is stored holds, as far as the driver can tell without reading entries; where opening has not
  /// looked already. Takes as long as reading all of it, and holds up nobody. Refused with Rule::store_untrue.
  virtual Result<void> check() = 0;
};

}  // namespace wideberth::store
