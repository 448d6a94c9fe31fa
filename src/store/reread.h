// The whole log read back: what a server does before it signs anything again.
#pragma once

#include <functional>

#include "ledger/tree.h"
#include "store/store.h"

namespace wideberth::store {

struct Reread {
  Head head;
  ledger::Tree tree;  ///< of all leaves; tree.root() == head.root
};

/// Reads every entry in order, re-hashes it, rebuilds the tree, and compares: the tree's root with the head's, and the size
/// and root that the kept checkpoint speaks of with the head's (its signature is the caller's to verify).
/// `each`, where given, sees every entry in order, already re-hashed, so that one pass also rebuilds the state; a refusal of
/// its own ends the pass and is handed on. What it saw counts only once reread() has returned a value.
/// Refused with Rule::store_untrue, naming the entry, the head or the checkpoint.
Result<Reread> reread(Store& store, const std::function<Result<void>(const StoredEntry&)>& each = {});

}  // namespace wideberth::store
