// The head of a log (c2sp.org/tlog-checkpoint), the cosignatures of witnesses (c2sp.org/tlog-cosignature) and the request
// that asks for one (c2sp.org/tlog-witness).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/hash.h"
#include "ledger/note.h"
#include "ledger/tree.h"

namespace wideberth::ledger {

struct Checkpoint {
  std::string origin;  ///< the log's name, a key name
  std::uint64_t size = 0;
  Hash root;
  std::vector<std::string> extensions;  ///< lines, opaque, not empty; our own logs write none
  friend bool operator==(const Checkpoint&, const Checkpoint&) = default;
};

/// The text of the note: origin, size and root, a line each, then extension lines (at most 16).
/// Law: to_text(*parse_checkpoint(x)) == x for every x that is accepted.
/// Refused with Rule::checkpoint_malformed. A size of 0 goes with empty_root() only.
Result<Checkpoint> parse_checkpoint(std::string_view text);
std::string to_text(const Checkpoint& checkpoint);

/// The signed note. REQUIRES: the key is the log's, so its name is the origin, and the fields are such as can be read back.
std::string sign_checkpoint(const Checkpoint& checkpoint, const SigningKey& log);

/// A note read, verified by the one log key, its origin that key's name. The cosignatures in it are not looked at.
/// Refused as parse_note, verify_note and parse_checkpoint refuse, and with Rule::checkpoint_other_log.
Result<Checkpoint> open_checkpoint(std::string_view note, const VerifierKey& log);

/// What a cosigner signs: "cosignature/v1\ntime <seconds>\n" and the text of the checkpoint.
std::string cosignature_message(std::string_view checkpoint_text, std::uint64_t posix_seconds);

/// The witness's signature line over the text of a checkpoint (its note without signatures), at this time rounded down to
/// seconds. The witness checks consistency first: this only signs. REQUIRES: at >= 1970.
std::string cosign(std::string_view checkpoint_text, const SigningKey& witness, Instant at);

/// When the witness cosigned. The line must be the key's own and hold; times after the year 9999 are refused.
/// Refused with Rule::note_signature_untrue.
Result<Instant> verify_cosignature(std::string_view checkpoint_text, const SignatureLine& line, const VerifierKey& witness);

/// The body of POST <witness>/add-checkpoint.
struct AddCheckpoint {
  std::uint64_t old_size = 0;
  std::vector<Hash> proof;  ///< consistency from old_size to the checkpoint's size; at most 63
  std::string checkpoint;   ///< the signed note, verbatim
  friend bool operator==(const AddCheckpoint&, const AddCheckpoint&) = default;
};

/// Law: to_text(*parse_add_checkpoint(x)) == x for every x that is accepted.
/// Refused with Rule::witness_request_malformed, also where old_size exceeds the checkpoint's size, and as parse_note and
/// parse_checkpoint refuse: all of these are the witness's answer 400. Signature and proof are not looked at.
Result<AddCheckpoint> parse_add_checkpoint(std::string_view body);
std::string to_text(const AddCheckpoint& request);

}  // namespace wideberth::ledger
