// An entry of the log with the parts that are kept beside it.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/instant.h"
#include "base/quantity.h"
#include "base/refusal.h"
#include "ledger/entry.h"
#include "ledger/hash.h"
#include "model/kinds.h"
#include "model/position_batch.h"

namespace wideberth::core {

using base::EntryIndex;
using base::Instant;
using base::Interval;
using base::Metres;
using base::Millis;
using base::Refusal;
using base::Result;
using base::Rule;

/// A part's bytes with the salt that its commitment needs. `erased` means that only the commitment in the note is left.
struct PartBody {
  std::string name;
  std::string salt;   ///< 32 bytes
  std::string bytes;  ///< padded to a size class
  bool erased = false;
};

struct Entry {
  EntryIndex index{};
  Instant received{};
  std::string leaf;  ///< the `received` line and the note: what the log's tree commits to
  ledger::EntryText text;
  ledger::Hash text_hash;
  model::EntryKind kind{};
  std::vector<PartBody> parts;
  /// What a part of positions says, where it was read already: so that no batch is read twice. Follows from the part.
  std::shared_ptr<const model::PositionSummary> positions{};

  /// The bytes of the part of this name; none where there is no such part or it was erased.
  const std::string* part(std::string_view name) const;
};

/// Reads a leaf back. Does not check the signature: that was done before it was appended, and verify does it again.
Result<Entry> read_entry(EntryIndex index, std::string leaf, std::vector<PartBody> parts);

}  // namespace wideberth::core
