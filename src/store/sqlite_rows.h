// Rows to values and back. Nothing leaves a row that was not re-hashed first.
#pragma once

#include "store/sqlite_connection.h"

namespace wideberth::store {

/// The row of the head, with the count of the store's transactions.
struct HeadRow {
  Head head;
  std::uint64_t writes = 0;
  friend bool operator==(const HeadRow&, const HeadRow&) = default;
};

/// Of an empty log.
Result<void> insert_head(Connection& connection);
/// Rule::head_moved unless the stored size and root are `expected`'s.
Result<void> move_head(Connection& connection, const Head& expected, const Head& next);
/// One more transaction; hands back the row as it now is.
Result<HeadRow> count_write(Connection& connection);
Result<HeadRow> read_head(Connection& connection);

Result<void> insert_entry(Connection& connection, const StoredEntry& entry);
/// Exactly the entries [from, to), each with exactly its parts.
Result<std::vector<StoredEntry>> read_entries(Connection& connection, std::uint64_t from, std::uint64_t to);
Result<void> erase_part(Connection& connection, const PartPlace& place);

Result<void> insert_blob(Connection& connection, const Hash& hash, std::string_view bytes);
Result<std::string> read_blob(Connection& connection, const Hash& hash);

Result<void> write_alive(Connection& connection, Instant at);
Result<std::optional<Instant>> read_alive(Connection& connection);
Result<void> write_setting(Connection& connection, std::string_view key, std::string_view value);
Result<std::optional<std::string>> read_setting(Connection& connection, std::string_view key);

/// Whether the part's salt and bytes are those of its commitment, or are gone where it is erased.
Result<void> check_stored_part(const StoredPart& part, const std::string& where);
std::string name_of(EntryIndex index);       ///< "entry 12"
std::string name_of(const PartPlace& part);  ///< "part 0 of entry 12"

}  // namespace wideberth::store
