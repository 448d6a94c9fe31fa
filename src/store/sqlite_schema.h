// The tables of a store file, how it is opened, and what is checked then.
//
//   entry    idx, leaf, leaf_hash = SHA256(0x00 || leaf), parts = how many
//   part     idx, position, name, commitment = SHA256(salt || bytes), salt, bytes, erased, sum
//   head     one row: size, root, checkpoint, writes = how many transactions there were, sum
//   blob     hash = SHA256(bytes), bytes
//   alive    one row or none: at in milliseconds since 1970, sum
//   setting  key, value, sum
//
// A `sum` is SHA256 over a row's other fields where no hash of the ledger covers them, each led by its length
// (sqlite_rows.h). It finds what decays; what is forged is found by the tree, the signatures and the witnesses.
#pragma once

#include "store/sqlite.h"
#include "store/sqlite_connection.h"

namespace wideberth::store {

/// "WBlg": what the file header carries (PRAGMA application_id).
inline constexpr std::uint32_t kApplicationId = 0x57426c67;
/// PRAGMA user_version. Another version is refused, never converted in passing.
inline constexpr std::uint32_t kSchemaVersion = 1;

/// The settings of a connection on which durability and erasure rest, set and read back.
Result<void> set_up(Connection& connection, Connection::Access access);

/// Writes the tables and the head of an empty log in one transaction. A file in which something stands already is refused
/// with Rule::store_exists.
Result<void> make_tables(Connection& connection);

/// Whether the file is a store of ours, of this version (Rule::store_unknown), with exactly the tables above
/// (Rule::store_untrue).
Result<void> check_file(Connection& connection);
/// Whether it is sound in its structure (Rule::store_untrue): goes through the whole file.
Result<void> check_structure(Connection& connection);

}  // namespace wideberth::store
