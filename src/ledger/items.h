// A part of many items, committed to so that one item can be shown and proved alone: the root of a Merkle tree (RFC 6962) whose
// leaves are salted one by one.
//
//     salt of item i   = SHA256("wideberth/item-salt" || salt[32] || u32 i)                    i big-endian, from 0
//     leaf of item i   = SHA256(0x00 || salt of item i || u32 i || u32 count || item)          both big-endian
//     commitment       = the root over the leaves
//
// The salt of the part gives the salt of every item, and no item's salt leads back to it: who is shown one item can try no
// guess at another. Index and count stand in the leaf, so an item cannot be shown as another one's.
//
// One item with its proof, for a reader with no network (docs/positions.md):
//     wideberth/item-proof/v1
//     item <index> <count>
//     salt <base64>            the item's own
//     bytes <base64>
//     <base64 hash>            the leaf's sibling first, the root's child last; none where there is one item
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/entry.h"
#include "ledger/hash.h"

namespace wideberth::ledger {

inline constexpr std::uint32_t kMostItems = std::uint32_t{1} << 20;
inline constexpr std::size_t kMostItemBytes = 65'535;

/// REQUIRES: 32 bytes of salt.
Hash item_salt(std::string_view salt32, std::uint32_t index);
Hash item_leaf(const Hash& own_salt, std::uint32_t index, std::uint32_t count, std::string_view item);

/// The commitment of a part, item by item in order; holds a hash a level and no more.
class ItemRoot {
 public:
  /// REQUIRES: 32 bytes of salt, which outlive this; 1 <= count <= kMostItems.
  ItemRoot(std::string_view salt32, std::uint32_t count);
  /// The next item. REQUIRES: fewer than `count` so far.
  void add(std::string_view item);
  /// REQUIRES: all items were added.
  Hash root() const;

 private:
  std::string_view salt_;
  std::uint32_t count_, added_ = 0;
  std::vector<Hash> peaks_{};  ///< of the full subtrees so far, largest first
};

struct ItemProof {
  std::uint32_t index = 0, count = 1;
  Hash salt;  ///< the item's own
  std::string item;
  std::vector<Hash> path;
  friend bool operator==(const ItemProof&, const ItemProof&) = default;
};

/// REQUIRES: 32 bytes of salt, index < items.size() <= kMostItems.
///  Law: check_item(root over the items, prove_item(salt, items, i)) holds, and fails with any byte of the proof changed.
ItemProof prove_item(std::string_view salt32, const std::vector<std::string>& items, std::uint32_t index);

/// Law: to_text(*parse_item_proof(x)) == x for every x that is accepted. Rule::item_proof_malformed otherwise.
Result<ItemProof> parse_item_proof(std::string_view text);
std::string to_text(const ItemProof& proof);

/// Whether the item is one of those that the commitment was made of, at its index of its count. Refused with proof_untrue.
Result<void> check_item(const Hash& commitment, const ItemProof& proof);

}  // namespace wideberth::ledger
