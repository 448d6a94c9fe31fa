// A state carried over a restart, so that the log need not be folded from its beginning before anything is answered.
//
// A carried state is a cache and nothing more: a piece of bytes beside the log, made by core::save, under a head signed with the
// log's key that names the log, the size and root of the tree, the version of the rules and the program that made it. It counts
// only where that signature holds, this very program made it, its bytes are whole, its tree has that size and root, and the
// entries that follow it in the store lead from its tree to the root of the store's head. On any doubt it is as if it were not
// there: the whole log is folded.
#pragma once

#include <atomic>
#include <optional>
#include <string>
#include <string_view>

#include "engine/fold.h"
#include "ledger/key.h"

namespace wideberth::engine {

/// The state under its signed head; none where the system does not tell which program this is.
std::optional<std::string> seal(const core::State& state, const ledger::SigningKey& key);
/// None on any doubt.
std::optional<core::State> unseal(std::string_view bytes, const ledger::VerifierKey& key);

struct Restarted {
  Folded folded;
  std::uint64_t carried = 0;  ///< so many entries were not read: reread_carried() has to
};

/// The state that the whole log gives: the one that was carried and the entries after it, or else fold(). Refuses as fold() does.
base::Result<Restarted> restart(store::Store& store, const ledger::VerifierKey& key, const Progress& progress = {});

/// Reads the first so many entries of the log again and compares each with the tree, and the structure of the store with what it
/// must be. Stops early, without a refusal, once `stop` is set. `leaf` says what the tree holds. Refused with store_untrue.
using LeafAt = std::function<ledger::Hash(base::EntryIndex)>;
base::Result<void> reread_carried(store::Store& store, std::uint64_t carried, const LeafAt& leaf, const std::atomic<bool>& stop);

}  // namespace wideberth::engine
