// SQLite as values: statements that clean up behind themselves, columns of the declared type, errors as refusals.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

#include "store/store.h"

struct sqlite3;
struct sqlite3_stmt;

namespace wideberth::store {

struct CloseConnection {
  void operator()(sqlite3* connection) const noexcept;
};
struct FinalizeStatement {
  void operator()(sqlite3_stmt* statement) const noexcept;
};

/// A prepared statement in use. Reset when it goes out of scope, so that no transaction is held open by a forgotten row.
/// A column of another type than the one asked for was changed on disk: Rule::store_untrue.
class Query {
 public:
  explicit Query(sqlite3_stmt* statement) : statement_{statement} {}
  Query(Query&& other) noexcept : statement_{other.statement_} { other.statement_ = nullptr; }
  Query(const Query&) = delete;
  Query& operator=(const Query&) = delete;
  Query& operator=(Query&&) = delete;
  ~Query();

  /// The bytes must outlive the next step().
  Query& bind(int parameter, std::string_view blob);
  Query& bind_text(int parameter, std::string_view text);
  Query& bind(int parameter, std::uint64_t number);  ///< below 2^63
  Query& bind_signed(int parameter, std::int64_t number);

  /// True where there is a row, false at the end.
  Result<bool> step();
  /// For a statement without rows.
  Result<void> run();
  /// So that the same statement can be bound and run again.
  void reset();

  Result<std::string> blob(int column) const;
  Result<std::string> text(int column) const;
  Result<std::int64_t> signed_number(int column) const;
  Result<std::uint64_t> number(int column) const;
  Result<Hash> hash(int column) const;

 private:
  sqlite3_stmt* statement_;
};

/// One connection; one thread at a time.
class Connection {
 public:
  enum class Access : unsigned char { read, write, create };
  static Result<Connection> open(const std::filesystem::path& file, Access access);

  /// One or more statements without rows.
  Result<void> run(const char* sql);
  /// Prepared once and kept. REQUIRES: the same text is not in use already; `sql` is a literal.
  Result<Query> query(const char* sql);
  /// How many rows the last statement changed.
  int changes() const;
  /// The write-ahead log written back and cut to nothing. False where a reader still needs it.
  Result<bool> write_back();
  /// Copies all of it into `to`, as it stood at one moment; a writer at work goes on meanwhile.
  Result<void> copy_into(Connection& to);
  /// Sets a pragma, reads it back, and refuses with Rule::store_unavailable where SQLite did not take it.
  Result<void> set(const char* pragma, std::string_view value, std::string_view read_back);
  /// The only value of the first row, as text.
  Result<std::string> value_of(const std::string& sql);

 private:
  std::unique_ptr<sqlite3, CloseConnection> connection_;
  std::unordered_map<const char*, std::unique_ptr<sqlite3_stmt, FinalizeStatement>>
      statements_;  // finalised before the connection
};

/// Rolled back unless committed.
class Transaction {
 public:
  /// A writer takes its turn at once, so that what it reads cannot change under it; a reader sees one moment throughout.
  static Result<Transaction> begin_write(Connection& connection);
  static Result<Transaction> begin_read(Connection& connection);
  Transaction(Transaction&& other) noexcept : connection_{other.connection_} { other.connection_ = nullptr; }
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  Transaction& operator=(Transaction&&) = delete;
  ~Transaction();
  /// Returns after the flush.
  Result<void> commit();

 private:
  explicit Transaction(Connection& connection) : connection_{&connection} {}
  Connection* connection_;
};

}  // namespace wideberth::store
