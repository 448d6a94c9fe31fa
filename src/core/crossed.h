// What a direct log holds of the logs of the other sides.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/quantity.h"
#include "ledger/hash.h"
#include "model/crossed.h"

namespace wideberth::core {

/// One entry of the other log, as it was crossed first.
struct CrossedEntry {
  base::EntryIndex entry{};  ///< of ours, that holds it
  ledger::Hash leaf{};       ///< its leaf hash
};
/// One head of the other log.
struct CrossedHead {
  base::EntryIndex entry{};  ///< of ours, that held it first
  ledger::Hash root{};
};
struct CrossedLog {
  std::map<base::EntryIndex, CrossedEntry> entries;  ///< by the other log's index
  std::map<std::uint64_t, CrossedHead> heads;        ///< by size
};
struct DisputeState {
  base::EntryIndex entry{};
  model::CrossedDisputed said;
};
struct Crossings {
  std::map<std::string, CrossedLog, std::less<>> logs;  ///< by origin
  std::vector<DisputeState> disputes;
};

}  // namespace wideberth::core
