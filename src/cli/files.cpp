#include "cli/files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <set>
#include <system_error>

namespace wideberth::cli {
namespace {

using base::refuse;
using base::Result;
using base::Rule;
namespace fs = std::filesystem;

std::string said(int error) { return std::generic_category().message(error); }

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  int get() const { return fd_; }

 private:
  int fd_;
};

Result<void> unwritable(const fs::path& file, int error) { return refuse(Rule::file_unwritable, said(error), {}, file.string()); }

Result<void> write_all(const Descriptor& to, const fs::path& file, std::string_view bytes) {
  while (!bytes.empty()) {
    const ::ssize_t n = ::write(to.get(), bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return unwritable(file, errno);
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
  return {};
}

Result<void> write_and_flush(const Descriptor& to, const fs::path& file, std::string_view bytes) {
  WB_TRY_VOID(write_all(to, file, bytes));
  if (::fsync(to.get()) != 0) return unwritable(file, errno);
  return {};
}

/// The name of a file is on the disk once its folder is.
Result<void> flush_folder(const fs::path& named) {
  const fs::path folder = named.empty() ? fs::path(".") : named;
  const Descriptor at(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (at.get() < 0 || ::fsync(at.get()) != 0) return unwritable(folder, errno);
  return {};
}

}  // namespace

Result<std::string> read_file(const fs::path& file, std::size_t most_bytes) {
  const Descriptor from(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
  if (from.get() < 0) return refuse(Rule::file_unreadable, said(errno), {}, file.string());
  const auto too_large = [&] {
    return refuse(Rule::file_too_large, "more than " + std::to_string(most_bytes) + " bytes",
                  "at most " + std::to_string(most_bytes), file.string());
  };
  struct ::stat about{};
  if (::fstat(from.get(), &about) == 0 && S_ISREG(about.st_mode) && about.st_size > 0 &&
      static_cast<std::uint64_t>(about.st_size) > most_bytes)
    return too_large();  // before a byte of it is held
  std::string bytes;
  char piece[1 << 16];
  for (;;) {
    const ::ssize_t n = ::read(from.get(), piece, sizeof piece);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return refuse(Rule::file_unreadable, said(errno), {}, file.string());
    if (n == 0) return bytes;
    bytes.append(piece, static_cast<std::size_t>(n));
    if (bytes.size() > most_bytes) return too_large();
  }
}

Result<void> write_new_file(const fs::path& file, std::string_view bytes) {
  const Descriptor to(::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR));
  if (to.get() < 0 && errno == EEXIST) return refuse(Rule::file_exists, "there is a file of this name", {}, file.string());
  if (to.get() < 0) return unwritable(file, errno);
  if (auto written = write_and_flush(to, file, bytes); !written) {
    ::unlink(file.c_str());
    return written;
  }
  return flush_folder(file.parent_path());
}

Result<void> replace_file(const fs::path& file, std::string_view bytes) {
  FilesTogether one;
  WB_TRY_VOID(one.put(file, bytes));
  return one.finish();
}

FilesTogether::~FilesTogether() {
  for (const Waiting& each : waiting_) ::unlink(each.beside.c_str());
}

Result<void> FilesTogether::put(const fs::path& file, std::string_view bytes) {
  fs::path beside = file.string() + ".new-" + std::to_string(::getpid());
  const Descriptor to(::open(beside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, S_IRUSR | S_IWUSR));
  if (to.get() < 0) return unwritable(beside, errno);
  waiting_.push_back({std::move(beside), file});
  return write_all(to, waiting_.back().beside, bytes);
}

Result<void> FilesTogether::finish() {
  if (waiting_.empty()) return {};
  // Few files are flushed one by one; for many one flush of the file system they lie on is the shorter wait.
  constexpr std::size_t kOneByOne = 8;
  const bool together = waiting_.size() > kOneByOne;
  for (const Waiting& each : waiting_) {
    const Descriptor at(::open(each.beside.c_str(), O_RDONLY | O_CLOEXEC));
    if (at.get() < 0 || (together ? ::syncfs(at.get()) : ::fsync(at.get())) != 0) return unwritable(each.beside, errno);
    if (together) break;
  }
  std::set<fs::path> folders;
  while (!waiting_.empty()) {
    const Waiting& each = waiting_.front();
    if (::rename(each.beside.c_str(), each.file.c_str()) != 0) return unwritable(each.file, errno);
    folders.insert(each.file.parent_path());
    waiting_.pop_front();
  }
  for (const fs::path& folder : folders) WB_TRY_VOID(flush_folder(folder));
  return {};
}

Result<void> make_folder(const fs::path& folder) {
  std::error_code failed;
  if (fs::is_directory(folder, failed)) return {};
  if (folder.has_parent_path() && folder.parent_path() != folder) WB_TRY_VOID(make_folder(folder.parent_path()));
  if (::mkdir(folder.c_str(), S_IRWXU) != 0 && errno != EEXIST) return unwritable(folder, errno);
  return {};
}

}  // namespace wideberth::cli
