// A log read back into a state.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>

#include "core/apply.h"
#include "store/store.h"

namespace wideberth::engine {

/// Called now and then with how many entries of how many are done.
using Progress = std::function<void(std::uint64_t done, std::uint64_t of)>;

/// The parts of a stored entry as core has them, and the other way round.
base::Result<core::Entry> entry_from(store::StoredEntry stored);
store::StoredEntry stored_from(const core::Entry& entry);

struct Folded {
  core::State state;
  store::Head head;
};

enum class Signatures : bool { trust, verify };

/// The state that the whole log gives, compared with its head. With Signatures::verify each entry's signature is verified
/// too, by the key that was valid at its index, and its parts against what its leaf commits to. Refused with store_untrue,
/// log_entry_strange, note_signature_untrue …, naming the entry.
base::Result<Folded> fold(store::Store& store, Signatures signatures = Signatures::trust, const Progress& progress = {});

/// The state as of an entry: entries [0, last] applied. Refused with entry_unknown beyond the log.
base::Result<core::State> fold_to(store::Store& store, base::EntryIndex last);

}  // namespace wideberth::engine
