// Form and signature of a submitted note: checked in parallel, against a snapshot of the keys; settles nothing.
#pragma once

#include <functional>
#include <optional>
#include <string_view>

#include "core/state.h"

namespace wideberth::core {

/// What a party hands in: the signed note verbatim and its parts, in the order in which the note names them.
struct Submission {
  std::string note;
  std::vector<PartBody> parts;
};

/// A note of good form by a known key. Untrusted until decide: the key and the chain are checked again at the index.
struct Admitted {
  std::string note;
  ledger::EntryText text;
  ledger::Hash text_hash;
  model::EntryKind kind{};
  std::vector<PartBody> parts;
  std::string signer_party;
  std::vector<std::string> countersigners{};                  ///< names of the keys whose lines follow the signer's and hold
  std::shared_ptr<const model::PositionSummary> positions{};  ///< of positions.reported

  const std::string* part(std::string_view name) const;
};

/// What a note is checked against: copied out of a state, so that nobody holds on to it while signatures and parts are hashed.
struct Signer {
  std::string origin;  ///< empty where the log is not open
  std::optional<ledger::VerifierKey> key{};
  std::string party{};
};
/// The key of this name, if the state has it; the origin in any case.
Signer signer_of(const State& state, std::string_view key_name);
using FindSigner = std::function<Signer(std::string_view key_name)>;

/// Refuses, in this order: too large, not a note, not an entry, another log's origin, a kind that is not a party's to sign,
/// not exactly one signature, by the signer (and those of two officers, where the kind asks for them), a key never added, a
/// signature that does not hold, parts that are not the ones that the note commits to (note_signatures, entry_origin, entry_kind,
/// key_unknown, part_missing, part_commitment, …).
Result<Admitted> admit(const FindSigner& find, Submission submission);
Result<Admitted> admit(const State& state, Submission submission);

inline constexpr std::size_t kMostParts = 8;
inline constexpr std::size_t kMostPartBytes = std::size_t{2} << 20;

}  // namespace wideberth::core
