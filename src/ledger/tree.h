// The Merkle tree of RFC 6962, whole in memory, and the two kinds of proof.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "ledger/hash.h"

namespace wideberth::ledger {

/// No log has more leaves; so sizes and indices fit the signed 64-bit integers of other implementations.
inline constexpr std::uint64_t kMostLeaves = (std::uint64_t{1} << 63) - 1;
/// No proof is longer: the tree is never deeper.
inline constexpr std::size_t kMostProofHashes = 63;

/// An append-only tree. Keeps every full node, about 64 bytes a leaf; nothing once written ever changes.
///
/// Laws, for every tree t, i < m <= n <= t.size().
///  (1) verify_inclusion(i, n, t.leaf(i), t.inclusion(i, n), t.root(n)) holds, and fails with any bit changed.
///  (2) verify_consistency(m, t.root(m), n, t.root(n), t.consistency(m, n)) holds, and fails with any bit changed.
///  (3) Appending changes no root(n), inclusion(i, n) or consistency(m, n).
/// Asking for what the tree does not hold (index >= size, size > size()) is a slip of the caller and stops the process:
/// compare with size() first.
class Tree {
 public:
  /// O(1) amortised.
  void append(const Hash& leaf);

  std::uint64_t size() const { return rows_.empty() ? 0 : rows_[0].size(); }
  Hash leaf(std::uint64_t index) const { return node(0, index); }
  Hash root() const { return root(size()); }
  /// The root that the tree had at this size; empty_root() at 0.
  Hash root(std::uint64_t size) const;

  /// The audit path of RFC 6962 section 2.1.1: the leaf's sibling first, the root's child last.
  std::vector<Hash> inclusion(std::uint64_t index, std::uint64_t size) const;
  /// RFC 6962 section 2.1.2. Empty where old_size is 0 or new_size.
  std::vector<Hash> consistency(std::uint64_t old_size, std::uint64_t new_size) const;

  /// The full nodes at this level, leaves at 0: node j covers the leaves [j << level, (j + 1) << level). Empty above the top.
  /// Valid until the next append.
  std::span<const Hash> full_nodes(unsigned level) const;

 private:
  const Hash& node(unsigned level, std::uint64_t index) const;
  Hash subtree(unsigned level, std::uint64_t index, std::uint64_t size) const;

  std::vector<std::vector<Hash>> rows_;
};

/// Whether the leaf stands at `index` in the tree of this size and root (RFC 9162 section 2.1.3.2).
/// Refused with Rule::proof_untrue.
Result<void> verify_inclusion(std::uint64_t index, std::uint64_t size, const Hash& leaf, std::span<const Hash> proof,
                              const Hash& root);

/// Whether the tree of new_size and new_root begins with the tree of old_size and old_root (RFC 9162 section 2.1.4.2).
/// From size 0 and between equal sizes the proof is empty; a tree of size 0 has the root empty_root(), no other.
/// Refused with Rule::proof_untrue.
Result<void> verify_consistency(std::uint64_t old_size, const Hash& old_root, std::uint64_t new_size, const Hash& new_root,
                                std::span<const Hash> proof);

}  // namespace wideberth::ledger
