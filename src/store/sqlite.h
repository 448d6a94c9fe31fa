// The driver for one machine: SQLite 3.40, one file, a write-ahead log that is flushed with every transaction.
#pragma once

#include <filesystem>
#include <memory>

#include "store/store.h"

namespace wideberth::store {

enum class Mode : unsigned char {
  create,  ///< a new file; refused with Rule::store_exists where there is one
  write,   ///< an existing file; refused with Rule::store_not_found
  read,    ///< an existing file, beside its writer; every write is refused with Rule::store_read_only
};

struct SqliteOptions {
  /// A second writer, in this process or another, is refused with Rule::store_in_use. Where false, several writers share the
  /// file and the compare-and-swap on the head alone decides between them.
  bool exclusive = true;
  /// Opening does not go through the whole file; who opens it calls check(). For one that must be open soon.
  bool check_later = false;
};

/// Opens the store and checks it before anything is handed out: that it is a store of ours, of a version known here, that
/// its tables are the ones written below, that the file's structure holds, that the head is whole and does not fall short of
/// what was last known, and that SQLite took the settings on which durability rests (read back, not assumed).
/// The entries themselves are re-hashed when they are read: reread() reads them all.
/// Beside FILE stand FILE-wal and FILE-shm (SQLite's), FILE-mark (the lock, and how far the log reached) and perhaps FILE-state
/// (Store::put_cache; may be deleted at any time).
/// Refused with Rule::store_not_found, store_exists, store_in_use, store_unknown, store_untrue or store_unavailable.
Result<std::unique_ptr<Store>> open_sqlite(const std::filesystem::path& file, Mode mode, SqliteOptions options = {});

}  // namespace wideberth::store
