// FILE-mark: the lock of the writer, and how far the log was last known to reach.
//
//     wideberth/mark 871 1234 <base64 root> <base64 SHA256 of what stands before it>        writes, size, root
//
// SQLite drops the end of a damaged write-ahead log without a word. The mark, written after each commit, makes that a
// refusal: it never runs ahead of the store, so a store with fewer writes than its mark has lost some. It is not flushed:
// after a loss of power it may lag behind, which proves nothing and harms nothing.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>

#include "store/store.h"

namespace wideberth::store {

/// How far a store has come.
struct Reached {
  std::uint64_t writes = 0;  ///< transactions of any kind since the store was made
  std::uint64_t size = 0;
  Hash root;
  friend bool operator==(const Reached&, const Reached&) = default;
};

class Mark {
 public:
  /// Makes the file where it is missing, and takes the lock, without waiting: alone, or beside others that share it too.
  /// The kernel gives the lock back when the process ends, however it ends. Rule::store_in_use, Rule::store_unavailable.
  static Result<Mark> take(const std::filesystem::path& file, bool alone);
  /// What the mark says, without a lock; none where there is no mark or it cannot be read as one.
  static std::optional<Reached> look(const std::filesystem::path& file);

  Mark(Mark&& other) noexcept : descriptor_{other.descriptor_} { other.descriptor_ = -1; }
  Mark(const Mark&) = delete;
  Mark& operator=(const Mark&) = delete;
  Mark& operator=(Mark&&) = delete;
  ~Mark();

  /// Best effort: a mark that cannot be written lags behind.
  void set(const Reached& reached) noexcept;

 private:
  explicit Mark(int descriptor) : descriptor_{descriptor} {}
  int descriptor_;
};

}  // namespace wideberth::store
