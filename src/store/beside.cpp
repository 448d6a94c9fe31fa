#include "store/beside.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

namespace wideberth::store {
namespace {

namespace fs = std::filesystem;

tl::unexpected<Refusal> unreachable(const fs::path& file) {
  return base::refuse(Rule::store_unavailable, std::generic_category().message(errno), {}, file.string());
}

/// Closed when it goes.
class File {
 public:
  File(const fs::path& path, int flags) : descriptor_{::open(path.c_str(), flags | O_CLOEXEC | O_NOFOLLOW, 0600)} {}
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  ~File() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  bool is_open() const { return descriptor_ >= 0; }
  int descriptor() const { return descriptor_; }
  std::optional<std::size_t> size() const {
    struct ::stat about{};
    if (::fstat(descriptor_, &about) != 0 || about.st_size < 0) return std::nullopt;
    return static_cast<std::size_t>(about.st_size);
  }
  bool write(std::string_view bytes) const {
    while (!bytes.empty()) {
      const ::ssize_t done = ::write(descriptor_, bytes.data(), bytes.size());
      if (done <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(done));
    }
    return true;
  }

 private:
  int descriptor_;
};

std::optional<std::string> read_all(const fs::path& path, int flags) {
  const int descriptor = ::open(path.c_str(), flags | O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return std::nullopt;
  struct ::stat about{};
  std::string bytes;
  const bool fits =
      ::fstat(descriptor, &about) == 0 && about.st_size >= 0 && static_cast<std::size_t>(about.st_size) <= kMostBesideBytes;
  if (fits) bytes.resize(static_cast<std::size_t>(about.st_size));
  std::size_t done = 0;
  while (done < bytes.size()) {
    const ::ssize_t more = ::read(descriptor, bytes.data() + done, bytes.size() - done);
    if (more <= 0) break;
    done += static_cast<std::size_t>(more);
  }
  ::close(descriptor);
  if (!fits || done != bytes.size()) return std::nullopt;
  return bytes;
}

}  // namespace

Result<void> write_beside(const fs::path& file, std::string_view bytes) {
  const fs::path fresh = file.string() + ".new";
  ::unlink(fresh.c_str());
  {
    const File to(fresh, O_WRONLY | O_CREAT | O_EXCL);
    if (!to.is_open() || !to.write(bytes)) {
      const auto why = unreachable(fresh);
      ::unlink(fresh.c_str());
      return why;
    }
  }
  if (::rename(fresh.c_str(), file.c_str()) != 0) return unreachable(file);
  return {};
}

std::optional<std::string> read_beside(const fs::path& file) { return read_all(file, O_NOFOLLOW); }

Result<void> remove_beside(const fs::path& file) {
  {
    const File old(file, O_WRONLY);
    if (!old.is_open()) {
      if (errno == ENOENT) return {};
      return unreachable(file);
    }
    const std::string nothing(std::size_t{1} << 16, '\0');
    for (std::size_t left = old.size().value_or(0); left > 0;) {
      const std::size_t now = std::min(left, nothing.size());
      if (!old.write(std::string_view(nothing).substr(0, now))) return unreachable(file);
      left -= now;
    }
    if (::fsync(old.descriptor()) != 0) return unreachable(file);
  }
  if (::unlink(file.c_str()) != 0) return unreachable(file);
  return {};
}

std::optional<Hash> this_program() {
  static const std::optional<Hash> hash = []() -> std::optional<Hash> {
    const auto bytes = read_all("/proc/self/exe", 0);
    if (!bytes || bytes->empty()) return std::nullopt;
    return ledger::sha256(*bytes);
  }();
  return hash;
}

}  // namespace wideberth::store
