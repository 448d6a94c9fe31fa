#include "store/copy.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "store/sqlite_connection.h"
#include "store/sqlite_schema.h"

namespace wideberth::store {
namespace {

namespace fs = std::filesystem;

tl::unexpected<Refusal> lost(const fs::path& file) {
  return base::refuse(Rule::store_unavailable, std::generic_category().message(errno), {}, file.string());
}

Result<void> flush_file(const fs::path& file, int flags) {
  const int opened = ::open(file.c_str(), flags | O_CLOEXEC);
  if (opened < 0) return lost(file);
  const bool flushed = ::fsync(opened) == 0;
  const int error = errno;
  ::close(opened);
  errno = error;
  if (!flushed) return lost(file);
  return {};
}

Result<void> check_blobs(Connection& copy) {
  WB_TRY(rows, copy.query("SELECT hash, bytes FROM blob ORDER BY hash"));
  for (;;) {
    WB_TRY(there, rows.step());
    if (!there) return {};
    WB_TRY(hash, rows.hash(0));
    WB_TRY(bytes, rows.blob(1));
    if (ledger::sha256(bytes) != hash)
      return base::refuse(Rule::store_untrue, "the bytes do not give the hash", {}, "blob " + ledger::to_base64(hash));
  }
}

Result<void> copy_all(const fs::path& from, const fs::path& to) {
  WB_TRY(source, Connection::open(from, Connection::Access::read));
  WB_TRY_VOID(set_up(source, Connection::Access::read));
  WB_TRY_VOID(check_file(source));
  WB_TRY_VOID(check_structure(source));
  WB_TRY(copy, Connection::open(to, Connection::Access::write));
  WB_TRY_VOID(source.copy_into(copy));
  // One file without a write-ahead log: it can be carried off by itself and read where nothing may be written.
  WB_TRY_VOID(copy.set("journal_mode", "DELETE", "delete"));
  WB_TRY_VOID(check_file(copy));
  WB_TRY_VOID(check_structure(copy));
  return check_blobs(copy);
}

}  // namespace

Result<void> copy_sqlite(const fs::path& from, const fs::path& to) {
  std::error_code failed;
  if (!fs::exists(from, failed)) return base::refuse(Rule::store_not_found, {}, {}, from.string());
  const int made = ::open(to.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (made < 0 && errno == EEXIST) return base::refuse(Rule::store_exists, "there is something at this place", {}, to.string());
  if (made < 0) return lost(to);
  ::close(made);
  Result<void> done = copy_all(from, to);
  if (done) done = flush_file(to, O_RDONLY);
  const fs::path folder = to.has_parent_path() ? to.parent_path() : fs::path(".");
  if (done) done = flush_file(folder, O_RDONLY | O_DIRECTORY);
  if (done) return {};
  for (const char* tail : {"", "-journal", "-wal", "-shm"}) fs::remove(to.string() + tail, failed);
  if (done.error().where.empty()) done.error().where = to.string();
  return done;
}

}  // namespace wideberth::store
