// The receipt: a proof that an entry is in the log, for a reader with no network (c2sp.org/tlog-proof).
//
//     c2sp.org/tlog-proof@v1
//     [extra <base64>]
//     index <decimal>
//     <base64 hash>            the leaf's sibling first, the root's child last; at most 63
//                              an empty line
//     <checkpoint with cosignatures, verbatim>
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/checkpoint.h"
#include "ledger/policy.h"

namespace wideberth::ledger {

struct Receipt {
  std::optional<std::string> extra;  ///< opaque, signed by nobody; our own receipts have none
  EntryIndex index;
  std::vector<Hash> proof;
  std::string checkpoint;  ///< the signed note, verbatim
  friend bool operator==(const Receipt&, const Receipt&) = default;
};

/// Law: to_text(*parse_receipt(x)) == x for every x that is accepted. The checkpoint can be read; nothing is verified.
/// Refused with Rule::receipt_malformed, and as parse_note and parse_checkpoint refuse.
Result<Receipt> parse_receipt(std::string_view text);
std::string to_text(const Receipt& receipt);

struct Verified {
  EntryIndex index;
  Checkpoint checkpoint;
  std::vector<std::string> witnesses;   ///< the policy's names of those whose cosignature holds, in the policy's order
  std::vector<Instant> witnessed_at{};  ///< beside each, when it cosigned (its earliest, where it did so twice)
};

/// What to do with bytes that the policy cannot vouch for: signature lines by keys that it does not name, and `extra`.
enum class Unproved : unsigned char {
  refuse,  ///< every byte of the receipt is proved: a receipt with any byte changed is refused (cosignatures beyond the
           ///< quorum may be left out, a whole line each)
  ignore,  ///< as C2SP has it: they are passed over and never trusted
};

/// Whether the policy vouches for `leaf` (the whole entry of the log, entry.h) being in the log at the receipt's index: the
/// checkpoint is signed by a log of the policy under its own origin, every line by a known key holds, the quorum is met, and
/// the inclusion proof leads to the root.
/// Refused with Rule::receipt_malformed, receipt_line_unknown, receipt_quorum_missed, checkpoint_other_log, proof_untrue and
/// as parse_note and verify_note refuse.
Result<Verified> verify_receipt(const Policy& policy, std::string_view receipt_text, std::string_view leaf,
                                Unproved unproved = Unproved::refuse);

}  // namespace wideberth::ledger
