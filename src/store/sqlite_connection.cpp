#include "store/sqlite_connection.h"

#include <sqlite3.h>

#include <limits>

#include "base/bytes.h"
#include "base/check.h"

namespace wideberth::store {
namespace {

using base::refuse;

// Long enough for a reader's turn; a writer that holds on for longer is a stuck one.
constexpr int kPatienceMs = 5000;
constexpr std::size_t kMostSaid = 200;

Rule rule_of(int code) {
  switch (code & 0xff) {
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
    case SQLITE_CONSTRAINT:  // rows stand where the head says there are none
    case SQLITE_TOOBIG:      // a length that we never wrote
    case SQLITE_ERROR:       // the statements are ours and fixed: the tables are no longer the ones they were made for
      return Rule::store_untrue;
    case SQLITE_BUSY:
    case SQLITE_LOCKED: return Rule::store_in_use;
    default: return Rule::store_unavailable;
  }
}

tl::unexpected<Refusal> refusal_of(sqlite3* connection, int code) {
  // SQLite quotes the file where its schema is damaged, and what it quotes need not be text.
  std::string found = base::excerpt(connection != nullptr ? sqlite3_errmsg(connection) : sqlite3_errstr(code), kMostSaid);
  const int system = connection != nullptr ? sqlite3_system_errno(connection) : 0;
  found += " (SQLite " + std::to_string(connection != nullptr ? sqlite3_extended_errcode(connection) : code);
  found += system != 0 ? ", errno " + std::to_string(system) + ")" : ")";
  return refuse(rule_of(code), std::move(found));
}

tl::unexpected<Refusal> changed_type(sqlite3_stmt* statement, int column, const char* wanted) {
  return refuse(Rule::store_untrue, std::string{"the column "} + sqlite3_column_name(statement, column) + " is no " + wanted);
}

std::string_view bytes_of(const void* data, int size) {
  return size <= 0 ? std::string_view{} : std::string_view{static_cast<const char*>(data), static_cast<std::size_t>(size)};
}

}  // namespace

void CloseConnection::operator()(sqlite3* connection) const noexcept { sqlite3_close_v2(connection); }
void FinalizeStatement::operator()(sqlite3_stmt* statement) const noexcept { sqlite3_finalize(statement); }

Query::~Query() {
  if (statement_ == nullptr) return;
  sqlite3_reset(statement_);
  sqlite3_clear_bindings(statement_);
}

Query& Query::bind(int parameter, std::string_view blob) {
  // A null pointer would bind NULL: an empty blob is not nothing.
  WB_CHECK(sqlite3_bind_blob64(statement_, parameter, blob.empty() ? "" : blob.data(), blob.size(), SQLITE_STATIC) == SQLITE_OK);
  return *this;
}

Query& Query::bind_text(int parameter, std::string_view text) {
  WB_CHECK(sqlite3_bind_text64(statement_, parameter, text.empty() ? "" : text.data(), text.size(), SQLITE_STATIC, SQLITE_UTF8) ==
           SQLITE_OK);
  return *this;
}

Query& Query::bind(int parameter, std::uint64_t number) {
  WB_CHECK(number <= static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()));
  return bind_signed(parameter, static_cast<std::int64_t>(number));
}

Query& Query::bind_signed(int parameter, std::int64_t number) {
  WB_CHECK(sqlite3_bind_int64(statement_, parameter, number) == SQLITE_OK);
  return *this;
}

Result<bool> Query::step() {
  const int code = sqlite3_step(statement_);
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  return refusal_of(sqlite3_db_handle(statement_), code);
}

Result<void> Query::run() {
  WB_TRY(has_row, step());
  WB_CHECK(!has_row);
  return {};
}

void Query::reset() { sqlite3_reset(statement_); }

Result<std::string> Query::blob(int column) const {
  if (sqlite3_column_type(statement_, column) != SQLITE_BLOB) return changed_type(statement_, column, "blob");
  const void* data = sqlite3_column_blob(statement_, column);
  return std::string{bytes_of(data, sqlite3_column_bytes(statement_, column))};
}

Result<std::string> Query::text(int column) const {
  if (sqlite3_column_type(statement_, column) != SQLITE_TEXT) return changed_type(statement_, column, "text");
  const unsigned char* data = sqlite3_column_text(statement_, column);
  return std::string{bytes_of(data, sqlite3_column_bytes(statement_, column))};
}

Result<std::int64_t> Query::signed_number(int column) const {
  if (sqlite3_column_type(statement_, column) != SQLITE_INTEGER) return changed_type(statement_, column, "whole number");
  return sqlite3_column_int64(statement_, column);
}

Result<std::uint64_t> Query::number(int column) const {
  WB_TRY(number, signed_number(column));
  if (number < 0) return changed_type(statement_, column, "whole number from 0");
  return static_cast<std::uint64_t>(number);
}

Result<Hash> Query::hash(int column) const {
  WB_TRY(bytes, blob(column));
  const auto hash = ledger::hash_from_bytes(bytes);
  if (!hash) return changed_type(statement_, column, "hash");
  return *hash;
}

Result<Connection> Connection::open(const std::filesystem::path& file, Access access) {
  int flags = SQLITE_OPEN_FULLMUTEX | SQLITE_OPEN_EXRESCODE;
  flags |= access == Access::read ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE;
  if (access == Access::create) flags |= SQLITE_OPEN_CREATE;
  sqlite3* raw = nullptr;
  const int code = sqlite3_open_v2(file.c_str(), &raw, flags, nullptr);
  Connection opened;
  opened.connection_.reset(raw);
  if (code != SQLITE_OK) return refusal_of(raw, code);
  sqlite3_busy_timeout(raw, kPatienceMs);
  // The tables' own text is not trusted to call functions, and no statement may write to them behind SQLite's back.
  int taken = 0;
  sqlite3_db_config(raw, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, &taken);
  sqlite3_db_config(raw, SQLITE_DBCONFIG_DEFENSIVE, 1, &taken);
  return opened;
}

Result<void> Connection::run(const char* sql) {
  const int code = sqlite3_exec(connection_.get(), sql, nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) return refusal_of(connection_.get(), code);
  return {};
}

Result<void> Connection::copy_into(Connection& to) {
  sqlite3_backup* const copying = sqlite3_backup_init(to.connection_.get(), "main", connection_.get(), "main");
  if (copying == nullptr) return refusal_of(to.connection_.get(), sqlite3_errcode(to.connection_.get()));
  // All at one stroke: between strokes a write of the server would have it begin again.
  const int stepped = sqlite3_backup_step(copying, -1);
  const int finished = sqlite3_backup_finish(copying);
  if (stepped == SQLITE_DONE && finished == SQLITE_OK) return {};
  return refusal_of(nullptr, stepped == SQLITE_DONE ? finished : stepped);
}

Result<Query> Connection::query(const char* sql) {
  auto& kept = statements_[sql];
  if (kept == nullptr) {
    sqlite3_stmt* raw = nullptr;
    const int code = sqlite3_prepare_v3(connection_.get(), sql, -1, SQLITE_PREPARE_PERSISTENT, &raw, nullptr);
    if (code != SQLITE_OK) return refusal_of(connection_.get(), code);
    kept.reset(raw);
  }
  WB_CHECK(sqlite3_stmt_busy(kept.get()) == 0);
  return Query{kept.get()};
}

int Connection::changes() const { return sqlite3_changes(connection_.get()); }

Result<bool> Connection::write_back() {
  int frames = 0;
  int written = 0;
  sqlite3_busy_timeout(connection_.get(), 0);  // a slow reader must not hold up the batch behind this one
  const int code = sqlite3_wal_checkpoint_v2(connection_.get(), nullptr, SQLITE_CHECKPOINT_TRUNCATE, &frames, &written);
  sqlite3_busy_timeout(connection_.get(), kPatienceMs);
  if (code == SQLITE_OK) return true;
  if ((code & 0xff) == SQLITE_BUSY) return false;
  return refusal_of(connection_.get(), code);
}

Result<void> Connection::set(const char* pragma, std::string_view value, std::string_view read_back) {
  const std::string name = std::string{"PRAGMA "} + pragma;
  WB_TRY_VOID(run((name + " = " + std::string{value}).c_str()));
  WB_TRY(found, value_of(name));
  if (found == read_back) return {};
  return refuse(Rule::store_unavailable, name + " is " + found, std::string{read_back});
}

Result<std::string> Connection::value_of(const std::string& sql) {
  sqlite3_stmt* raw = nullptr;
  const int code = sqlite3_prepare_v2(connection_.get(), sql.c_str(), -1, &raw, nullptr);
  if (code != SQLITE_OK) return refusal_of(connection_.get(), code);
  const std::unique_ptr<sqlite3_stmt, FinalizeStatement> owned{raw};
  const int step = sqlite3_step(raw);
  if (step == SQLITE_DONE) return std::string{};
  if (step != SQLITE_ROW) return refusal_of(connection_.get(), step);
  const unsigned char* data = sqlite3_column_text(raw, 0);
  return std::string{bytes_of(data, sqlite3_column_bytes(raw, 0))};
}

Result<Transaction> Transaction::begin_write(Connection& connection) {
  WB_TRY_VOID(connection.run("BEGIN IMMEDIATE"));
  return Transaction{connection};
}

Result<Transaction> Transaction::begin_read(Connection& connection) {
  WB_TRY_VOID(connection.run("BEGIN"));
  return Transaction{connection};
}

Transaction::~Transaction() {
  // A roll-back that fails changes nothing: what was not committed is not there at the next start either.
  if (connection_ != nullptr) static_cast<void>(connection_->run("ROLLBACK"));
}

Result<void> Transaction::commit() {
  WB_TRY_VOID(connection_->run("COMMIT"));
  connection_ = nullptr;
  return {};
}

}  // namespace wideberth::store
