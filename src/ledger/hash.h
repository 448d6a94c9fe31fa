// SHA-256 and the hashes of a Merkle tree (RFC 6962 section 2.1).
#pragma once

#include <array>
#include <compare>
#include <initializer_list>
#include <string>
#include <string_view>

#include "base/instant.h"
#include "base/quantity.h"
#include "base/refusal.h"

namespace wideberth::ledger {

using base::EntryIndex;
using base::Instant;
using base::Result;
using base::Rule;

/// A SHA-256 digest.
struct Hash {
  std::array<unsigned char, 32> bytes{};

  /// The 32 bytes; valid as long as the hash is.
  std::string_view view() const;
  friend auto operator<=>(const Hash&, const Hash&) = default;
};

Hash sha256(std::string_view bytes);
/// Of the pieces one after the other, with nothing between them.
Hash sha256(std::initializer_list<std::string_view> pieces);

/// SHA256(0x00 || entry).
Hash leaf_hash(std::string_view entry);
/// SHA256(0x01 || left || right).
Hash node_hash(const Hash& left, const Hash& right);
/// SHA256(""): the root of the tree without leaves.
Hash empty_root();

/// 44 characters.
std::string to_base64(const Hash& hash);
/// Canonical base64 of exactly 32 bytes; Rule::hash_malformed otherwise.
Result<Hash> hash_from_base64(std::string_view text);
/// Exactly 32 bytes; Rule::hash_malformed otherwise.
Result<Hash> hash_from_bytes(std::string_view bytes);

}  // namespace wideberth::ledger
