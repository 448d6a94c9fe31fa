// Files: read with a limit, written once or replaced whole.
#pragma once

#include <cstddef>
#include <deque>
#include <filesystem>
#include <string>
#include <string_view>

#include "base/refusal.h"

namespace wideberth::cli {

/// The bytes of a file. Refused with file_unreadable or file_too_large; `where` is the file.
base::Result<std::string> read_file(const std::filesystem::path& file, std::size_t most_bytes);

/// Makes a file that is not there yet, readable by its owner alone, and flushes it and its folder to the disk.
/// Refused with file_exists or file_unwritable.
base::Result<void> write_new_file(const std::filesystem::path& file, std::string_view bytes);

/// Puts the bytes in place of the file at one stroke: a reader sees the old ones or the new ones, never a part. Mode 0600.
/// Refused with file_unwritable.
base::Result<void> replace_file(const std::filesystem::path& file, std::string_view bytes);

/// Many files put in place together, each as replace_file puts one, with one wait for the disk. What was not finished is gone.
class FilesTogether {
 public:
  FilesTogether() = default;
  FilesTogether(const FilesTogether&) = delete;
  FilesTogether& operator=(const FilesTogether&) = delete;
  ~FilesTogether();

  /// Mode 0600. Refused with file_unwritable.
  base::Result<void> put(const std::filesystem::path& file, std::string_view bytes);
  /// The bytes of all are on the disk before any bears its name; the names are on the disk before this returns, in the order in
  /// which they were put. All files lie on one file system. Refused with file_unwritable: those before the one named stand.
  base::Result<void> finish();

 private:
  struct Waiting {
    std::filesystem::path beside, file;
  };
  std::deque<Waiting> waiting_;
};

/// Makes the folder (mode 0700) where it is not there, and those above it. Refused with file_unwritable.
base::Result<void> make_folder(const std::filesystem::path& folder);

}  // namespace wideberth::cli
