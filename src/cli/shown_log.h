// What is at hand of a log, read from a folder and proved under the policy that was pinned for it.
#pragma once

#include <filesystem>
#include <string>

#include "client/pair.h"

namespace wideberth::cli {

/// How a pair of logs is read: what is trusted of each, and how strictly receipts are taken.
struct PairTrust {
  ledger::Policy own, other;
  ledger::Unproved unproved = ledger::Unproved::refuse;
};

/// The folder of a log (its log.db, every entry of it, and the head that they lead to, signed when it was kept or now, by the key
/// that lies beside it), or a folder of receipts
/// (<index>.tlog-proof with <index>.leaf, each verified; where <index>.parts.json of an entry.crossed is there, what it holds of
/// the other log too), or a folder with a folder "receipts" in it. `trust.own` is the policy of this log: one log.
/// Refused with file_unreadable where there is nothing of the kind, as verify_receipt and the store refuse, `where` naming the
/// file or the entry, and with checkpoint_other_log.
base::Result<client::ShownLog> read_shown_log(const std::filesystem::path& folder, const PairTrust& trust);

/// The name of the one log of a policy. Refused with policy_malformed where it has none or several.
base::Result<std::string> origin_of(const ledger::Policy& policy, const std::string& file);

}  // namespace wideberth::cli
