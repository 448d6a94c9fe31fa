#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <mutex>
#include <system_error>
#include <type_traits>

#include "base/check.h"
#include "store/beside.h"
#include "store/lock.h"
#include "store/sqlite.h"
#include "store/sqlite_connection.h"
#include "store/sqlite_rows.h"
#include "store/sqlite_schema.h"

namespace wideberth::store {
namespace {

using base::refuse;

// A connection and whose turn it is.
struct Lane {
  std::mutex turn;
  Connection connection;
  explicit Lane(Connection opened) : connection{std::move(opened)} {}
};

class SqliteStore final : public Store {
 public:
  SqliteStore(std::filesystem::path file, Connection reader, std::optional<Connection> writer, std::optional<Mark> mark)
      : file_{std::move(file)}, mark_{std::move(mark)}, reader_{std::move(reader)} {
    if (writer) writer_.emplace(std::move(*writer));
  }

  Result<void> append(std::span<const StoredEntry> entries, const Head& expected, const Head& next) override {
    WB_CHECK(!entries.empty());
    WB_CHECK(next.size == expected.size + entries.size());
    for (std::size_t i = 0; i < entries.size(); ++i) WB_CHECK(entries[i].index.value == expected.size + i);
    return write([&](Connection& connection) -> Result<void> {
      WB_TRY_VOID(move_head(connection, expected, next));
      for (const StoredEntry& entry : entries) WB_TRY_VOID(insert_entry(connection, entry));
      return {};
    });
  }

  Result<void> put_checkpoint(const Head& head) override {
    return write([&](Connection& connection) { return move_head(connection, head, head); });
  }

  Result<Head> head() override {
    return look([](Connection& connection) -> Result<Head> {
      WB_TRY(row, read_head(connection));
      return std::move(row.head);
    });
  }

  Result<std::vector<StoredEntry>> read(EntryIndex from, std::size_t count) override {
    return look([&](Connection& connection) -> Result<std::vector<StoredEntry>> {
      // The head in the same transaction: an entry below it must be there, one above it is not asked for.
      const auto transaction = Transaction::begin_read(connection);
      if (!transaction) return tl::make_unexpected(transaction.error());
      WB_TRY(row, read_head(connection));
      const std::uint64_t size = row.head.size;
      if (from.value >= size) return std::vector<StoredEntry>{};
      return read_entries(connection, from.value, from.value + std::min<std::uint64_t>(count, size - from.value));
    });
  }

  Result<void> erase(std::span<const PartPlace> parts) override {
    if (writer_) WB_TRY_VOID(drop_cache());
    return write([&](Connection& connection) -> Result<void> {
      for (const PartPlace& part : parts) WB_TRY_VOID(erase_part(connection, part));
      return {};
    });
  }

  Result<bool> purge() override {
    return with_writer<bool>([](Connection& connection) { return connection.write_back(); });
  }

  Result<Hash> put_blob(std::string_view bytes) override {
    if (bytes.size() > kMostBlobBytes) return refuse(Rule::blob_too_large, std::to_string(bytes.size()) + " bytes");
    const Hash hash = ledger::sha256(bytes);
    WB_TRY_VOID(write([&](Connection& connection) { return insert_blob(connection, hash, bytes); }));
    return hash;
  }

  Result<std::string> get_blob(const Hash& hash) override {
    return look([&](Connection& connection) { return read_blob(connection, hash); });
  }

  Result<void> put_alive(Instant at) override {
    return write([&](Connection& connection) { return write_alive(connection, at); });
  }

  Result<std::optional<Instant>> last_alive() override {
    return look([](Connection& connection) { return read_alive(connection); });
  }

  Result<void> put_setting(std::string_view key, std::string_view value) override {
    WB_CHECK(!key.empty() && key.size() <= 255 && value.size() <= kMostSettingBytes);
    return write([&](Connection& connection) { return write_setting(connection, key, value); });
  }

  Result<std::optional<std::string>> setting(std::string_view key) override {
    return look([&](Connection& connection) { return read_setting(connection, key); });
  }

  Result<void> put_cache(std::string_view bytes) override {
    if (!writer_) return refuse(Rule::store_read_only, {});
    const std::scoped_lock turn{cache_turn_};
    if (erased_) return {};
    return write_beside(cache_of(file_), bytes);
  }

  Result<std::optional<std::string>> cache() override { return read_beside(cache_of(file_)); }

  Result<void> check() override {
    // A connection of its own: the reader's turn is not taken.
    WB_TRY(connection, Connection::open(file_, Connection::Access::read));
    WB_TRY_VOID(set_up(connection, Connection::Access::read));
    return check_structure(connection);
  }

 private:
  static std::filesystem::path cache_of(const std::filesystem::path& file) { return file.string() + "-state"; }

  Result<void> drop_cache() {
    const std::scoped_lock turn{cache_turn_};
    erased_ = true;
    return remove_beside(cache_of(file_));
  }

  // One durable transaction around the work, counted, and marked once it is flushed.
  template <class Work>
  Result<void> write(Work work) {
    return with_writer<void>([&](Connection& connection) -> Result<void> {
      WB_TRY(transaction, Transaction::begin_write(connection));
      WB_TRY_VOID(work(connection));
      WB_TRY(row, count_write(connection));
      WB_TRY_VOID(transaction.commit());
      mark_->set({row.writes, row.head.size, row.head.root});
      return {};
    });
  }

  template <class T, class Work>
  Result<T> with_writer(Work work) {
    if (!writer_) return refuse(Rule::store_read_only, {});
    const std::scoped_lock turn{writer_->turn};
    // After a failed flush nobody knows what the kernel still holds of it: nothing more is written (see the contract).
    if (failed_) return refuse(Rule::store_unavailable, "an earlier write of this process failed");
    Result<T> done = work(writer_->connection);
    if (!done && done.error().rule == Rule::store_unavailable) failed_ = true;
    return done;
  }

  template <class Work>
  std::invoke_result_t<Work, Connection&> look(Work work) {
    const std::scoped_lock turn{reader_.turn};
    return work(reader_.connection);
  }

  // Closed from the bottom up: the reader, so that the writer is the last and writes its log back; the lock at the very end.
  const std::filesystem::path file_;
  std::mutex cache_turn_;
  bool erased_ = false;  // under cache_turn_
  std::optional<Mark> mark_;
  bool failed_ = false;  // under writer_->turn
  std::optional<Lane> writer_;
  Lane reader_;
};

std::filesystem::path mark_of(const std::filesystem::path& file) { return file.string() + "-mark"; }

// Whatever else went wrong, the file's name belongs to it.
tl::unexpected<Refusal> about(Refusal refusal, const std::filesystem::path& file) {
  refusal.where = refusal.where.empty() ? file.string() : file.string() + ": " + refusal.where;
  return tl::make_unexpected(std::move(refusal));
}

// Only its owner reads a new store. Its name in the folder must survive a loss of power as its content does.
Result<void> make_file(const std::filesystem::path& file) {
  const int made = open(file.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (made < 0) {
    return refuse(errno == EEXIST ? Rule::store_exists : Rule::store_unavailable, std::generic_category().message(errno));
  }
  close(made);
  const std::filesystem::path folder = file.has_parent_path() ? file.parent_path() : std::filesystem::path{"."};
  const int opened = open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const bool flushed = opened >= 0 && fsync(opened) == 0;
  const int error = errno;
  if (opened >= 0) close(opened);
  if (!flushed) return refuse(Rule::store_unavailable, std::generic_category().message(error), {}, folder.string());
  return {};
}

Result<void> check_reached(Connection& connection, const std::optional<Reached>& reached) {
  WB_TRY(row, read_head(connection));
  const Reached now{row.writes, row.head.size, row.head.root};
  if (!reached || reached->writes < now.writes || *reached == now) return {};
  const auto text = [](const Reached& at) {
    return std::to_string(at.size) + " entries after " + std::to_string(at.writes) + " writes";
  };
  return refuse(Rule::store_untrue, "the store has " + text(now) + "; when it was last written to it had " + text(*reached), {},
                "head");
}

Result<std::unique_ptr<Store>> open_checked(const std::filesystem::path& file, Mode mode, SqliteOptions options) {
  std::error_code error;
  const bool there = std::filesystem::exists(file, error);
  if (mode != Mode::create && !there) return refuse(Rule::store_not_found, {});
  std::optional<Mark> mark;
  if (mode != Mode::read) {
    WB_TRY(taken, Mark::take(mark_of(file), options.exclusive));
    mark.emplace(std::move(taken));
  }
  // Before the head is read: a writer at work moves the mark behind the head, never ahead of it.
  const std::optional<Reached> reached = Mark::look(mark_of(file));
  if (mode == Mode::create && reached) {
    return refuse(Rule::store_exists,
                  "the store is gone; its mark says that it had " + std::to_string(reached->size) + " entries");
  }
  std::optional<Connection> writer;
  if (mode == Mode::create) WB_TRY_VOID(make_file(file));
  if (mode != Mode::read) {
    const auto access = mode == Mode::create ? Connection::Access::create : Connection::Access::write;
    WB_TRY(opened, Connection::open(file, access));
    WB_TRY_VOID(set_up(opened, access));
    if (mode == Mode::create) WB_TRY_VOID(make_tables(opened));
    writer.emplace(std::move(opened));
  }
  WB_TRY(reader, Connection::open(file, Connection::Access::read));
  WB_TRY_VOID(set_up(reader, Connection::Access::read));
  WB_TRY_VOID(check_file(reader));
  if (!options.check_later) WB_TRY_VOID(check_structure(reader));
  WB_TRY_VOID(check_reached(reader, reached));
  return std::make_unique<SqliteStore>(file, std::move(reader), std::move(writer), std::move(mark));
}

}  // namespace

Result<std::unique_ptr<Store>> open_sqlite(const std::filesystem::path& file, Mode mode, SqliteOptions options) {
  Result<std::unique_ptr<Store>> opened = open_checked(file, mode, options);
  if (!opened) return about(std::move(opened).error(), file);
  return opened;
}

}  // namespace wideberth::store
