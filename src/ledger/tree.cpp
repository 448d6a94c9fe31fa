#include "ledger/tree.h"

#include <bit>
#include <string>

#include "base/check.h"

namespace wideberth::ledger {
namespace {

tl::unexpected<base::Refusal> untrue(std::string found, std::string accepted = {}) {
  return base::refuse(Rule::proof_untrue, std::move(found), std::move(accepted));
}

std::string shown(const char* what, const Hash& hash) { return std::string(what) + " " + to_base64(hash); }

/// Where both halves of a consistency proof have got to, climbing from the last leaf of the old tree and of the new.
struct Climb {
  std::uint64_t old_last, new_last;
  Hash old_hash, new_hash;

  /// One hash of the proof. On a right edge (odd, or the old tree's last at this level) it belongs to both trees and stands
  /// on the left; elsewhere it is new and stands on the right.
  void take(const Hash& hash) {
    if (old_last % 2 == 1 || old_last == new_last) {
      old_hash = node_hash(hash, old_hash);
      new_hash = node_hash(hash, new_hash);
      while (old_last % 2 == 0 && old_last != 0) old_last >>= 1, new_last >>= 1;
    } else {
      new_hash = node_hash(new_hash, hash);
    }
    old_last >>= 1, new_last >>= 1;
  }
};

}  // namespace

void Tree::append(const Hash& leaf) {
  WB_CHECK(size() < kMostLeaves);
  Hash rising = leaf;
  for (std::size_t level = 0;; ++level) {
    if (level == rows_.size()) rows_.emplace_back();
    std::vector<Hash>& row = rows_[level];
    row.push_back(rising);
    if (row.size() % 2 == 1) return;
    rising = node_hash(row[row.size() - 2], row[row.size() - 1]);
  }
}

const Hash& Tree::node(unsigned level, std::uint64_t index) const {
  WB_CHECK(level < rows_.size() && index < rows_[level].size());
  return rows_[level][index];
}

std::span<const Hash> Tree::full_nodes(unsigned level) const {
  return level < rows_.size() ? std::span<const Hash>(rows_[level]) : std::span<const Hash>();
}

/// The hash over the leaves of node `index` of this level as far as a tree of this size has them; it has at least one.
Hash Tree::subtree(unsigned level, std::uint64_t index, std::uint64_t size) const {
  const std::uint64_t from = index << level;
  WB_CHECK(from < size);
  std::uint64_t left = size - from;  // leaves to cover
  if (left >> level != 0) return node(level, index);
  // The ragged right edge: one full node for each set bit of the count, the smallest last.
  auto bit = static_cast<unsigned>(std::countr_zero(left));
  Hash hash = node(bit, (size >> bit) - 1);
  for (left &= left - 1; left != 0; left &= left - 1) {
    bit = static_cast<unsigned>(std::countr_zero(left));
    hash = node_hash(node(bit, (size >> bit) - 1), hash);
  }
  return hash;
}

Hash Tree::root(std::uint64_t size) const {
  WB_CHECK(size <= this->size());
  return size == 0 ? empty_root() : subtree(kMostProofHashes, 0, size);
}

std::vector<Hash> Tree::inclusion(std::uint64_t index, std::uint64_t size) const {
  WB_CHECK(index < size && size <= this->size());
  std::vector<Hash> proof;
  unsigned level = 0;
  for (std::uint64_t at = index, last = size - 1; last != 0; at >>= 1, last >>= 1, ++level) {
    if (at % 2 == 1) {
      proof.push_back(node(level, at - 1));
    } else if (at < last) {
      proof.push_back(subtree(level, at + 1, size));
    }
  }
  return proof;
}

std::vector<Hash> Tree::consistency(std::uint64_t old_size, std::uint64_t new_size) const {
  WB_CHECK(old_size <= new_size && new_size <= size());
  std::vector<Hash> proof;
  if (old_size == 0 || old_size == new_size) return proof;
  unsigned level = 0;
  std::uint64_t at = old_size - 1, last = new_size - 1;
  for (; at % 2 == 1; at >>= 1, last >>= 1) ++level;
  // Where the old tree is one full node of the new, its root is known to the verifier and is left out.
  if (at != 0) proof.push_back(node(level, at));
  for (; last != 0; at >>= 1, last >>= 1, ++level) {
    if (at % 2 == 1) {
      proof.push_back(node(level, at - 1));
    } else if (at < last) {
      proof.push_back(subtree(level, at + 1, new_size));
    }
  }
  return proof;
}

Result<void> verify_inclusion(std::uint64_t index, std::uint64_t size, const Hash& leaf, std::span<const Hash> proof,
                              const Hash& root) {
  if (size > kMostLeaves || index >= size)
    return untrue("index " + std::to_string(index) + " is not in a tree of " + std::to_string(size) + " leaves");
  Hash hash = leaf;
  std::uint64_t at = index, last = size - 1;
  for (const Hash& sibling : proof) {
    if (last == 0) return untrue("the proof goes on above the root");
    if (at % 2 == 1 || at == last) {
      hash = node_hash(sibling, hash);
      while (at % 2 == 0 && at != 0) at >>= 1, last >>= 1;
    } else {
      hash = node_hash(hash, sibling);
    }
    at >>= 1, last >>= 1;
  }
  if (last != 0) return untrue("the proof ends below the root");
  if (hash != root) return untrue(shown("the leaf leads to", hash), shown("the root", root));
  return {};
}

Result<void> verify_consistency(std::uint64_t old_size, const Hash& old_root, std::uint64_t new_size, const Hash& new_root,
                                std::span<const Hash> proof) {
  if (new_size > kMostLeaves || old_size > new_size)
    return untrue("size " + std::to_string(old_size) + " before size " + std::to_string(new_size));
  if (old_size == 0 || old_size == new_size) {
    if (!proof.empty()) return untrue("found " + std::to_string(proof.size()) + " hashes", "an empty proof");
    if (old_size == 0 && old_root != empty_root())
      return untrue(shown("an empty tree has", old_root), shown("the root", empty_root()));
    const Hash& must = new_size == 0 ? empty_root() : old_root;
    if (old_size == new_size && new_root != must) return untrue(shown("found", new_root), shown("the root", must));
    return {};
  }
  std::uint64_t at = old_size - 1, last = new_size - 1;
  while (at % 2 == 1) at >>= 1, last >>= 1;
  if (at != 0 && proof.empty()) return untrue("found no hashes");
  const Hash& start = at == 0 ? old_root : proof[0];
  Climb climb{at, last, start, start};
  for (const Hash& hash : at == 0 ? proof : proof.subspan(1)) {
    if (climb.new_last == 0) return untrue("the proof goes on above the root");
    climb.take(hash);
  }
  if (climb.new_last != 0) return untrue("the proof ends below the root");
  if (climb.old_hash != old_root) return untrue(shown("the old tree gets", climb.old_hash), shown("the root", old_root));
  if (climb.new_hash != new_root) return untrue(shown("the new tree gets", climb.new_hash), shown("the root", new_root));
  return {};
}

}  // namespace wideberth::ledger
