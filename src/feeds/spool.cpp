#include "feeds/spool.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <set>
#include <utility>

#include "base/bytes.h"
#include "feeds/csv.h"
#include "feeds/number.h"
#include "ledger/hash.h"

namespace wideberth::feeds {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostFile = std::size_t{64} << 20;

tl::unexpected<Refusal> unwritable(const std::string& file) {
  return base::refuse(Rule::spool_unwritable, std::strerror(errno), "a disk that takes what is written", file);
}
tl::unexpected<Refusal> unreadable(std::string found, const std::string& file) {
  return base::refuse(Rule::spool_unreadable, std::move(found), "what this program wrote", file);
}

bool write_all(int file, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t count = ::write(file, bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  return true;
}

bool flush_folder(const std::string& folder) {
  const int fd = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return false;
  const bool done = ::fsync(fd) == 0;
  ::close(fd);
  return done;
}

// At one stroke: a reader, also after a loss of power, sees all of it or nothing.
Result<void> write_whole(const std::string& folder, const std::string& file, std::string_view bytes) {
  const std::string part = file + ".part";
  const int fd = ::open(part.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (fd < 0) return unwritable(part);
  const bool written = write_all(fd, bytes) && ::fsync(fd) == 0;
  ::close(fd);
  if (!written || ::rename(part.c_str(), file.c_str()) != 0 || !flush_folder(folder)) return unwritable(file);
  return {};
}

Result<std::string> read_whole_file(const std::string& file) {
  const int fd = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return unreadable(std::strerror(errno), file);
  std::string bytes;
  char chunk[65536];
  ssize_t count = 0;
  while (bytes.size() <= kMostFile && ((count = ::read(fd, chunk, sizeof chunk)) > 0 || (count < 0 && errno == EINTR))) {
    if (count > 0) bytes.append(chunk, static_cast<std::size_t>(count));
  }
  ::close(fd);
  if (count < 0 || bytes.size() > kMostFile) return unreadable(count < 0 ? std::strerror(errno) : "more than 64 MiB", file);
  return bytes;
}

// "<n>-<k><ending>"
struct Name {
  std::uint64_t number = 0, fixes = 0;
  std::string_view ending{};
};
std::optional<Name> parse_name(std::string_view name) {
  const auto dash = name.find('-'), dot = name.find('.');
  if (dash == std::string_view::npos || dot == std::string_view::npos || dash > dot) return {};
  const auto number = read_whole(name.substr(0, dash), 1, 1'000'000'000'000),
             fixes = read_whole(name.substr(dash + 1, dot - dash - 1), 0, 1'000'000'000'000'000);
  if (!number || !fixes) return {};
  return Name{static_cast<std::uint64_t>(*number), static_cast<std::uint64_t>(*fixes), name.substr(dot)};
}

}  // namespace

std::string csv_row(const model::Position& position) {
  std::string row = "\"";
  for (const char c : position.unit) {
    row += c;
    if (c == '"') row += c;
  }
  row += "\",";
  const auto cell = [&row](std::optional<std::int64_t> value, int decimals) {
    if (value) row += write_fixed(*value, decimals);
    row += ',';
  };
  const auto mm = [](const std::optional<Metres>& length) { return length ? std::optional(length->mm()) : std::nullopt; };
  row += base::to_text(position.time) + ',';
  cell(position.place.lat_e7, 7);
  cell(position.place.lon_e7, 7);
  cell(mm(position.accuracy), 3);
  cell(position.speed_mmps, 3);
  cell(position.course_cdeg, 2);
  cell(mm(position.altitude), 3);
  row += model::name_of(position.source);
  row += '\n';
  return row;
}

Result<std::unique_ptr<Spool>> Spool::open(const std::string& folder, const std::string& source) {
  std::error_code failed;
  fs::create_directories(folder, failed);
  if (failed) return base::refuse(Rule::spool_unwritable, failed.message(), "a folder that may be made", folder);
  ::chmod(folder.c_str(), 0700);
  std::unique_ptr<Spool> spool(new Spool());
  spool->folder_ = folder;
  spool->lock_ = ::open((folder + "/lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (spool->lock_ < 0) return unwritable(folder + "/lock");
  if (::flock(spool->lock_, LOCK_EX | LOCK_NB) != 0) {
    return base::refuse(Rule::spool_in_use, "another feed runs with it", "a folder for each feed", folder);
  }
  const std::string source_file = folder + "/source";
  if (!fs::exists(source_file, failed)) WB_TRY_VOID(write_whole(folder, source_file, source + "\n"));
  WB_TRY(of, read_whole_file(source_file));
  if (of != source + "\n") {
    return base::refuse(Rule::spool_other_source, "it is fed from " + base::excerpt(of), "the same source, or another folder",
                        folder);
  }
  WB_TRY_VOID(spool->read_chain());
  WB_TRY(done_with, spool->take_stock());
  WB_TRY_VOID(spool->begin_segment());
  // Only now: the name of the open segment says how many fixes came before it.
  for (const std::string& file : done_with) fs::remove(file, failed);
  return spool;
}

Spool::~Spool() {
  if (open_file_ >= 0) ::close(open_file_);
  if (lock_ >= 0) ::close(lock_);
}

std::string Spool::path(std::uint64_t number, std::uint64_t fixes, const char* ending) const {
  return folder_ + "/" + std::to_string(number) + "-" + std::to_string(fixes) + ending;
}

// Sorts out what an earlier run left: an open segment is closed; gives the files of segments that are empty or signed already.
Result<std::vector<std::string>> Spool::take_stock() {
  std::vector<std::string> done_with;
  std::set<std::uint64_t> signed_ones;
  std::vector<std::pair<Name, std::string>> segments;
  std::error_code failed;
  for (const auto& entry : fs::directory_iterator(folder_, failed)) {
    const std::string file = entry.path().filename().string();
    const auto name = parse_name(file);
    if (!name || file.ends_with(".part")) continue;
    if (name->ending == ".line") {
      lines_.push_back({name->number, name->fixes});
      signed_ones.insert(name->number);
      added_ = std::max(added_, name->fixes);
    } else {
      segments.emplace_back(*name, entry.path().string());
      segments.back().first.ending = file.ends_with(".open.csv") ? "open" : "closed";
    }
    open_.number = std::max(open_.number, name->number);
  }
  if (failed) return unreadable(failed.message(), folder_);
  for (const auto& [name, file] : segments) {
    added_ = std::max(added_, name.fixes);
    if (signed_ones.contains(name.number)) {
      done_with.push_back(file);
      continue;
    }
    WB_TRY(text, read_whole_file(file));
    // A row that was cut off by a loss of power was never said to be taken.
    if (const auto whole = text.rfind('\n') + 1; whole != text.size()) {
      fs::resize_file(file, whole, failed);
      text.resize(whole);
    }
    const auto rows = static_cast<std::uint64_t>(std::count(text.begin(), text.end(), '\n'));
    if (rows <= 1) {
      done_with.push_back(file);
      continue;
    }
    if (name.ending == "open" && ::rename(file.c_str(), path(name.number, name.fixes, ".csv").c_str()) != 0)
      return unwritable(file);
    closed_.push_back({name.number, name.fixes});
    added_ = std::max(added_, name.fixes + rows - 1);
  }
  const auto by_number = [](const Piece& a, const Piece& b) { return a.number < b.number; };
  std::sort(lines_.begin(), lines_.end(), by_number);
  std::sort(closed_.begin(), closed_.end(), by_number);
  if (!lines_.empty()) {
    // The last line was signed after `chain` was written, where a kill came between the two.
    const std::string file = path(lines_.back().number, lines_.back().fixes, ".line");
    WB_TRY(text, read_whole_file(file));
    auto last = client::read_line(text);
    if (!last) return unreadable(base::to_text(last.error()), file);
    if (!chain_ || chain_->number <= last->number) chain_ = client::Chain{last->number + 1, last->text_hash};
  }
  return done_with;
}

Result<void> Spool::begin_segment() {
  open_ = {open_.number + 1, added_};
  open_rows_ = 0;
  const std::string file = path(open_.number, open_.fixes, ".open.csv");
  open_file_ = ::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0600);
  if (open_file_ < 0 || !write_all(open_file_, kSpoolHead) || !flush_folder(folder_)) return unwritable(file);
  return {};
}

Result<void> Spool::add(const std::vector<model::Position>& fixes) {
  std::string rows;
  for (const model::Position& fix : fixes) rows += csv_row(fix);
  const std::lock_guard held(mutex_);
  if (!write_all(open_file_, rows)) return unwritable(path(open_.number, open_.fixes, ".open.csv"));
  open_rows_ += fixes.size();
  added_ += fixes.size();
  return {};
}

std::size_t Spool::waiting() const {
  const std::lock_guard held(mutex_);
  return open_rows_;
}

std::uint64_t Spool::added() const {
  const std::lock_guard held(mutex_);
  return added_;
}

Result<void> Spool::cut() {
  const std::lock_guard held(mutex_);
  if (open_rows_ == 0) return {};
  const std::string file = path(open_.number, open_.fixes, ".open.csv"), closed = path(open_.number, open_.fixes, ".csv");
  if (::fsync(open_file_) != 0 || ::rename(file.c_str(), closed.c_str()) != 0 || !flush_folder(folder_)) return unwritable(file);
  ::close(std::exchange(open_file_, -1));
  closed_.push_back(open_);
  return begin_segment();
}

Result<std::optional<Spool::Segment>> Spool::next_segment() {
  Piece first;
  {
    const std::lock_guard held(mutex_);
    if (closed_.empty()) return std::optional<Segment>{};
    first = closed_.front();
  }
  const std::string file = path(first.number, first.fixes, ".csv");
  WB_TRY(text, read_whole_file(file));
  WB_TRY(readings, read_csv(text, {.party_needed = false}));
  if (!readings.refused.empty()) return unreadable(base::to_text(readings.refused.front()), file);
  Segment segment{first.number, first.fixes, {}};
  for (Reading& reading : readings.fixes) segment.fixes.push_back(std::move(reading.position));
  return std::optional(std::move(segment));
}

Result<void> Spool::keep_line(const Segment& segment, const std::string& line, const client::Chain& after) {
  const std::uint64_t end = segment.before + segment.fixes.size();
  WB_TRY_VOID(write_whole(folder_, path(segment.number, end, ".line"), line));
  std::error_code failed;
  fs::remove(path(segment.number, segment.before, ".csv"), failed);
  {
    const std::lock_guard held(mutex_);
    closed_.pop_front();
    lines_.push_back({segment.number, end});
  }
  return keep_chain(after, seen());
}

Result<std::optional<Spool::Line>> Spool::next_line() {
  Piece first;
  {
    const std::lock_guard held(mutex_);
    if (lines_.empty()) return std::optional<Line>{};
    first = lines_.front();
  }
  WB_TRY(text, read_whole_file(path(first.number, first.fixes, ".line")));
  return std::optional(Line{first.number, std::move(text)});
}

Result<std::vector<Spool::Line>> Spool::lines() {
  std::deque<Piece> all;
  {
    const std::lock_guard held(mutex_);
    all = lines_;
  }
  std::vector<Line> lines;
  for (const Piece& piece : all) {
    WB_TRY(text, read_whole_file(path(piece.number, piece.fixes, ".line")));
    lines.push_back({piece.number, std::move(text)});
  }
  return lines;
}

Result<void> Spool::replace_line(const Line& line) {
  const std::lock_guard held(mutex_);
  for (const Piece& piece : lines_) {
    if (piece.number == line.number) return write_whole(folder_, path(piece.number, piece.fixes, ".line"), line.text);
  }
  return {};
}

Result<void> Spool::drop_line(std::uint64_t number) {
  const std::lock_guard held(mutex_);
  if (lines_.empty() || lines_.front().number != number) return {};
  // How many fixes came in all outlives the last line: the open segment's name says it.
  const std::string file = path(number, lines_.front().fixes, ".line");
  if (::unlink(file.c_str()) != 0) return unwritable(file);
  lines_.pop_front();
  return {};
}

std::size_t Spool::lines_waiting() const {
  const std::lock_guard held(mutex_);
  return lines_.size();
}
std::size_t Spool::segments_waiting() const {
  const std::lock_guard held(mutex_);
  return closed_.size();
}
std::optional<client::Chain> Spool::chain() const {
  const std::lock_guard held(mutex_);
  return chain_;
}
std::optional<ledger::Seen> Spool::seen() const {
  const std::lock_guard held(mutex_);
  return seen_;
}

// "number hash seen-size seen-root", "-" where there is none.
Result<void> Spool::keep_chain(const client::Chain& chain, const std::optional<ledger::Seen>& seen) {
  const std::string text = std::to_string(chain.number) + " " + (chain.previous ? ledger::to_base64(*chain.previous) : "-") +
                           " " + (seen ? std::to_string(seen->size) + " " + ledger::to_base64(seen->root) : "- -") + "\n";
  WB_TRY_VOID(write_whole(folder_, folder_ + "/chain", text));
  const std::lock_guard held(mutex_);
  chain_ = chain;
  seen_ = seen;
  return {};
}

Result<void> Spool::read_chain() {
  const std::string file = folder_ + "/chain";
  std::error_code failed;
  if (!fs::exists(file, failed)) return {};
  WB_TRY(text, read_whole_file(file));
  std::vector<std::string> words;
  for (std::size_t at = 0; at < text.size();) {
    const auto end = text.find_first_of(" \n", at);
    if (end == std::string::npos) break;
    words.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  const auto number = words.size() == 4 ? read_whole(words[0], 1, 1'000'000'000'000) : std::nullopt;
  if (!number) return unreadable("\"" + base::excerpt(text) + "\"", file);
  client::Chain chain{static_cast<std::uint64_t>(*number), {}};
  if (words[1] != "-") {
    WB_TRY(hash, ledger::hash_from_base64(words[1]));
    chain.previous = hash;
  }
  if (words[2] != "-") {
    const auto size = read_whole(words[2], 1, 1'000'000'000'000);
    WB_TRY(root, ledger::hash_from_base64(words[3]));
    if (!size) return unreadable("\"" + base::excerpt(text) + "\"", file);
    seen_ = ledger::Seen{static_cast<std::uint64_t>(*size), root};
  }
  chain_ = chain;
  return {};
}

}  // namespace wideberth::feeds
