// For the tests of the store: a folder that cleans up after itself, and a log that grows by invented batches.
#pragma once

#include <filesystem>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "ledger/tree.h"
#include "store/sqlite.h"

namespace wideberth::store::testing {

class Folder {
 public:
  /// In memory (where the machine has /dev/shm) for tests whose outcome does not hang on a real disk: hundreds of flushes
  /// then cost nothing.
  enum class Place : unsigned char { memory, disk };
  explicit Folder(Place place = Place::memory);
  ~Folder();
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  std::filesystem::path operator/(const char* name) const { return path_ / name; }
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

/// Batches that fit together, the same for the same seed; everything in them is invented.
class Growth {
 public:
  explicit Growth(std::uint64_t seed) : chance_{seed} {}

  /// The next `count` entries, each with up to three parts, one of a few bytes, one of some pages.
  std::vector<StoredEntry> batch(std::size_t count);
  /// Goes on from a log that was read back.
  void resume(ledger::Tree tree) { tree_ = std::move(tree); }

  /// Before and after the last batch().
  const Head& before() const { return before_; }
  const Head& after() const { return after_; }

 private:
  std::string bytes(std::size_t count);

  std::mt19937_64 chance_;
  ledger::Tree tree_;
  Head before_;
  Head after_;
};

/// All entries, or the refusal.
Result<std::vector<StoredEntry>> everything(Store& store);

/// A store at `file` with a log of these batch sizes, its last head signed (by an invented key); stops the test program where
/// that fails. `kept`, where given, gets the entries.
std::unique_ptr<Store> grown(const std::filesystem::path& file, const std::vector<std::size_t>& batches, Growth& growth,
                             std::vector<StoredEntry>* kept = nullptr);

std::string content_of(const std::filesystem::path& file);
void set_content(const std::filesystem::path& file, std::string_view bytes);

/// Runs statements on the file behind the store's back, with flipped(blob) to turn a bit over; stops the test program where they
/// fail or change nothing.
void meddle(const std::filesystem::path& file, const std::string& sql);

}  // namespace wideberth::store::testing
