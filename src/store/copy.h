// A store in another file, as it stood at one moment.
#pragma once

#include <filesystem>

#include "store/store.h"

namespace wideberth::store {

/// Copies the store `from` into a new file `to` (mode 0600, one file, flushed with its folder), while a writer may be at work
/// on `from`: what was committed when the copying began is there, whole. Every blob of the copy is re-hashed; entries and parts
/// are the caller's to re-hash (reread). Where it is refused, nothing is left at `to`.
/// Refused with Rule::store_exists where there is something at `to`, store_not_found, store_unknown, store_untrue,
/// store_unavailable (a full disk), store_in_use (a writer that holds on for seconds).
Result<void> copy_sqlite(const std::filesystem::path& from, const std::filesystem::path& to);

}  // namespace wideberth::store
