#include "store/sqlite_schema.h"

#include <array>

#include "store/sqlite_rows.h"

namespace wideberth::store {
namespace {

using base::refuse;

// STRICT: a value of another type than the column's is refused on writing, and found by the check of the file.
constexpr std::array<const char*, 6> kTables = {
    "CREATE TABLE entry (idx INTEGER PRIMARY KEY, leaf BLOB NOT NULL, leaf_hash BLOB NOT NULL, parts INTEGER NOT NULL) STRICT",
    "CREATE TABLE part (idx INTEGER NOT NULL REFERENCES entry (idx), position INTEGER NOT NULL, name TEXT NOT NULL, "
    "commitment BLOB NOT NULL, salt BLOB NOT NULL, bytes BLOB NOT NULL, erased INTEGER NOT NULL, sum BLOB NOT NULL, "
    "PRIMARY KEY (idx, position)) STRICT",
    "CREATE TABLE head (id INTEGER PRIMARY KEY CHECK (id = 1), size INTEGER NOT NULL, root BLOB NOT NULL, "
    "checkpoint BLOB NOT NULL, writes INTEGER NOT NULL, sum BLOB NOT NULL) STRICT",
    "CREATE TABLE blob (hash BLOB PRIMARY KEY NOT NULL, bytes BLOB NOT NULL) STRICT",
    "CREATE TABLE alive (id INTEGER PRIMARY KEY CHECK (id = 1), at INTEGER NOT NULL, sum BLOB NOT NULL) STRICT",
    "CREATE TABLE setting (key BLOB PRIMARY KEY NOT NULL, value BLOB NOT NULL, sum BLOB NOT NULL) STRICT",
};

std::string expected_tables() {
  std::string all;
  for (const char* sql : kTables) all += std::string{sql} + "\n";
  return all;
}

}  // namespace

Result<void> set_up(Connection& connection, Connection::Access access) {
  WB_TRY_VOID(connection.set("foreign_keys", "ON", "1"));
  WB_TRY_VOID(connection.set("cell_size_check", "ON", "1"));
  WB_TRY_VOID(connection.set("mmap_size", "0", "0"));  // a lost disk is then an error code, not a signal
  if (access == Connection::Access::read) return connection.set("query_only", "ON", "1");
  if (access == Connection::Access::create) WB_TRY_VOID(connection.run("PRAGMA page_size = 8192"));
  WB_TRY_VOID(connection.set("journal_mode", "WAL", "wal"));
  WB_TRY_VOID(connection.set("synchronous", "FULL", "2"));  // a flush with every commit
  return connection.set("secure_delete", "ON", "1");        // what is erased is overwritten, overflow pages too
}

Result<void> make_tables(Connection& connection) {
  WB_TRY(transaction, Transaction::begin_write(connection));
  WB_TRY(tables, connection.value_of("SELECT count(*) FROM sqlite_schema"));
  WB_TRY(id, connection.value_of("PRAGMA application_id"));
  if (tables != "0" || id != "0") return refuse(Rule::store_exists, "the file holds something already");
  for (const char* sql : kTables) WB_TRY_VOID(connection.run(sql));
  WB_TRY_VOID(connection.run(("PRAGMA application_id = " + std::to_string(kApplicationId)).c_str()));
  WB_TRY_VOID(connection.run(("PRAGMA user_version = " + std::to_string(kSchemaVersion)).c_str()));
  WB_TRY_VOID(insert_head(connection));
  return transaction.commit();
}

Result<void> check_file(Connection& connection) {
  WB_TRY(id, connection.value_of("PRAGMA application_id"));
  if (id != std::to_string(kApplicationId)) return refuse(Rule::store_unknown, "application id " + id);
  WB_TRY(version, connection.value_of("PRAGMA user_version"));
  if (version != std::to_string(kSchemaVersion)) {
    return refuse(Rule::store_unknown, "version " + version, "version " + std::to_string(kSchemaVersion));
  }
  WB_TRY(tables, connection.value_of("SELECT group_concat(sql, char(10)) || char(10) FROM "
                                     "(SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY rowid)"));
  if (tables != expected_tables()) return refuse(Rule::store_untrue, "the tables are not the ones that were made", {}, "tables");
  return {};
}

Result<void> check_structure(Connection& connection) {
  WB_TRY(sound, connection.value_of("PRAGMA quick_check(1)"));
  if (sound != "ok") return refuse(Rule::store_untrue, sound, {}, "file");
  return {};
}

}  // namespace wideberth::store
