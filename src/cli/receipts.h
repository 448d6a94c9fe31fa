// A folder of receipts: what of an entry is kept, to be proved when there is no server any more.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "base/refusal.h"
#include "client/desk.h"

namespace wideberth::cli {

/// Leaves <index>.tlog-proof, <index>.leaf and, of the parts that this reader has, <index>.parts.json in a folder. A later proof
/// of the same leaf takes the place of an earlier one, and parts that are kept already stay; another leaf under the same index
/// is refused with file_exists.
base::Result<void> keep_receipt(const std::string& folder, const client::Proved& entry);
/// Of many, with one wait for the disk: all that are named are kept, or none is called kept.
base::Result<void> keep_receipts(const std::string& folder, std::span<const client::Proved* const> entries);

/// The parts in a file that keep_receipt made, or in an answer of GET /v1/entries/{index} that was kept, each checked against
/// the commitments of `text`. Refused as read_file and client::read_parts refuse; `where` begins with the file.
base::Result<std::vector<client::KeptPart>> read_kept_parts(const std::string& file, const ledger::EntryText& text);

}  // namespace wideberth::cli
