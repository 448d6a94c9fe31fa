// Keys that come and go: each document is signed by the party's root key, and valid by index, never by a clock.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "ledger/key.h"
#include "model/names.h"

namespace wideberth::model {

inline constexpr std::size_t kMostScopePatterns = 64;

/// {"key": vkey, "kinds": ["notification.*"], "note": "…"}
struct KeyAdded {
  ledger::VerifierKey key;         ///< named "<party>/<desk>", the desk a short name other than root
  std::vector<std::string> kinds;  ///< names of kinds that parties sign, or "notification.*"; none = every such kind
  std::string note;                ///< whose desk this is; may be empty
  friend bool operator==(const KeyAdded&, const KeyAdded&) = default;
};
/// {"key": name, "reason": "…"}
struct KeyRevoked {
  std::string key;
  std::string reason;
  friend bool operator==(const KeyRevoked&, const KeyRevoked&) = default;
};
/// {"key": name, "since": index, "reason": "…"}: what it signed from there on is not held to be its owner's word.
struct KeyCompromised {
  std::string key;
  EntryIndex since;
  std::string reason;
  friend bool operator==(const KeyCompromised&, const KeyCompromised&) = default;
};

Result<KeyAdded> parse_key_added(std::string_view json);
Result<KeyRevoked> parse_key_revoked(std::string_view json);
Result<KeyCompromised> parse_key_compromised(std::string_view json);
std::string to_json(const KeyAdded& document);
std::string to_json(const KeyRevoked& document);
std::string to_json(const KeyCompromised& document);

/// Whether a key with this scope may sign entries of the kind named; an empty scope holds every kind.
bool allows(const std::vector<std::string>& scope, std::string_view kind) noexcept;

/// "blue" of "blue/ops-1"; empty where there is no "/", or where either side is no short name.
std::string_view party_of_key(std::string_view key_name) noexcept;

}  // namespace wideberth::model
