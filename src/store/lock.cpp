#include "store/lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <iterator>
#include <system_error>

#include "base/bytes.h"

namespace wideberth::store {
namespace {

constexpr std::string_view kMagic = "wideberth/mark ";
constexpr std::size_t kMostMarkBytes = 256;

std::string text_of(const Reached& reached) {
  std::string text{kMagic};
  text += std::to_string(reached.writes) + " " + std::to_string(reached.size) + " " + ledger::to_base64(reached.root) + " ";
  return text + ledger::to_base64(ledger::sha256(text)) + "\n";
}

std::optional<Reached> read_mark(std::string_view text) {
  if (!text.starts_with(kMagic)) return std::nullopt;
  std::string_view rest = text.substr(kMagic.size());
  const auto next_number = [&rest]() -> Result<std::uint64_t> {
    const std::size_t space = std::min(rest.find(' '), rest.size());
    const auto number = base::parse_decimal(rest.substr(0, space), std::uint64_t{1} << 62);
    rest.remove_prefix(std::min(space + 1, rest.size()));
    return number;
  };
  const auto writes = next_number();
  const auto size = next_number();
  const auto root = ledger::hash_from_base64(rest.substr(0, 44));
  if (!writes || !size || !root) return std::nullopt;
  const Reached reached{*writes, *size, *root};
  // A shorter text written over a longer one leaves the longer one's end behind it.
  return text.starts_with(text_of(reached)) ? std::optional{reached} : std::nullopt;
}

}  // namespace

Result<Mark> Mark::take(const std::filesystem::path& file, bool alone) {
  const int descriptor = open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (descriptor < 0) return base::refuse(Rule::store_unavailable, std::generic_category().message(errno), {}, file.string());
  Mark mark{descriptor};
  if (flock(descriptor, (alone ? LOCK_EX : LOCK_SH) | LOCK_NB) != 0) {
    const Rule rule = errno == EWOULDBLOCK ? Rule::store_in_use : Rule::store_unavailable;
    return base::refuse(rule, std::generic_category().message(errno), {}, file.string());
  }
  return mark;
}

std::optional<Reached> Mark::look(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) return std::nullopt;
  std::string text(kMostMarkBytes, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(in.gcount()));
  return read_mark(text);
}

Mark::~Mark() {
  if (descriptor_ >= 0) close(descriptor_);
}

void Mark::set(const Reached& reached) noexcept {
  const std::string text = text_of(reached);
  static_cast<void>(pwrite(descriptor_, text.data(), text.size(), 0) < 0);
}

}  // namespace wideberth::store
