// Files that stand beside a store and are no part of it: what can be made again.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "store/store.h"

namespace wideberth::store {

inline constexpr std::size_t kMostBesideBytes = std::size_t{4} << 30;

/// Puts the bytes in the place of the file's: a reader finds the old or the new, never half of each, unless the power fails; then
/// perhaps neither. Only its owner reads it. Refused with Rule::store_unavailable.
Result<void> write_beside(const std::filesystem::path& file, std::string_view bytes);
/// None where there is no such file, or it is larger than kMostBesideBytes.
std::optional<std::string> read_beside(const std::filesystem::path& file);
/// Overwrites and removes it; nothing happens where it is not there. Refused with Rule::store_unavailable where it is still
/// there.
Result<void> remove_beside(const std::filesystem::path& file);

/// SHA-256 of the file of the program that this process runs: another build is another program. None where the system does not
/// show it.
std::optional<Hash> this_program();

}  // namespace wideberth::store
