#include "ledger/tree.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <bit>

#include "base/bytes.h"
#include "ledger/testing.h"

namespace wideberth::ledger {
namespace {

/// RFC 6962 section 2.1 as it is written, for comparison: recursive, over the leaves alone.
Hash plain_root(std::span<const Hash> leaves) {
  if (leaves.empty()) return empty_root();
  if (leaves.size() == 1) return leaves[0];
  const std::size_t split = std::bit_floor(leaves.size() - 1);
  return node_hash(plain_root(leaves.first(split)), plain_root(leaves.subspan(split)));
}

std::vector<Hash> plain_path(std::size_t index, std::span<const Hash> leaves) {
  if (leaves.size() == 1) return {};
  const std::size_t split = std::bit_floor(leaves.size() - 1);
  const auto left = leaves.first(split), right = leaves.subspan(split);
  std::vector<Hash> path = index < split ? plain_path(index, left) : plain_path(index - split, right);
  path.push_back(plain_root(index < split ? right : left));
  return path;
}

std::vector<Hash> plain_subproof(std::size_t old_size, std::span<const Hash> leaves, bool whole) {
  if (old_size == leaves.size()) return whole ? std::vector<Hash>{} : std::vector<Hash>{plain_root(leaves)};
  const std::size_t split = std::bit_floor(leaves.size() - 1);
  const auto left = leaves.first(split), right = leaves.subspan(split);
  std::vector<Hash> proof =
      old_size <= split ? plain_subproof(old_size, left, whole) : plain_subproof(old_size - split, right, false);
  proof.push_back(plain_root(old_size <= split ? right : left));
  return proof;
}

/// One bit turned, somewhere in the hash.
Hash bent(Hash hash, unsigned bit) {
  hash.bytes[bit / 8 % 32] ^= static_cast<unsigned char>(1U << bit % 8);
  return hash;
}

TEST(Hashing, IsThatOfRfc6962) {
  EXPECT_EQ(base::to_hex(empty_root().view()), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(base::to_hex(sha256("abc").view()), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(sha256({"a", "", "bc"}), sha256("abc"));
  EXPECT_EQ(leaf_hash("x"), sha256(std::string("\0x", 2)));
  const Hash a = sha256("a"), b = sha256("b");
  EXPECT_EQ(node_hash(a, b), sha256({"\x01", a.view(), b.view()}));
  EXPECT_EQ(hash_from_base64(to_base64(a)), a);
  EXPECT_EQ(hash_from_bytes(a.view()), a);
  for (const std::string& text : std::vector<std::string>{std::string(), to_base64(a) + "=", base::to_base64("short"),
                                                          std::string(44, 'A'), to_base64(a).substr(0, 43)})
    EXPECT_EQ(hash_from_base64(text).error().rule, Rule::hash_malformed) << text;
  EXPECT_EQ(hash_from_bytes(std::string(31, 'a')).error().rule, Rule::hash_malformed);
}

TEST(Tree, AgreesWithTheDefinitionAtEverySmallSize) {
  const Tree tree = testing::vector_tree(40);
  std::vector<Hash> leaves;
  for (std::uint64_t i = 0; i < 40; ++i) leaves.push_back(tree.leaf(i));
  for (std::size_t size = 0; size <= leaves.size(); ++size) {
    const std::span<const Hash> part = std::span(leaves).first(size);
    EXPECT_EQ(tree.root(size), plain_root(part));
    for (std::size_t i = 0; i < size; ++i) EXPECT_EQ(tree.inclusion(i, size), plain_path(i, part)) << i << " of " << size;
    for (std::size_t from = 1; from <= size; ++from)
      EXPECT_EQ(tree.consistency(from, size), plain_subproof(from, part, true)) << from << " to " << size;
  }
}

TEST(Tree, RefusesProofsOfAnotherShape) {
  const Tree tree = testing::vector_tree(20);
  const auto rule = [](const Result<void>& result) { return result.error().rule; };
  for (std::uint64_t size = 1; size <= 20; ++size) {
    for (std::uint64_t i = 0; i < size; ++i) {
      auto proof = tree.inclusion(i, size);
      const Hash leaf = tree.leaf(i), root = tree.root(size);
      proof.push_back(leaf);
      EXPECT_EQ(rule(verify_inclusion(i, size, leaf, proof, root)), Rule::proof_untrue);
      proof.pop_back();
      EXPECT_EQ(rule(verify_inclusion(size, size, leaf, proof, root)), Rule::proof_untrue);
      for (std::uint64_t other = 0; other < size; ++other) {
        if (other == i) continue;
        EXPECT_EQ(rule(verify_inclusion(other, size, leaf, proof, root)), Rule::proof_untrue);
      }
      if (proof.empty()) continue;
      proof.pop_back();
      EXPECT_EQ(rule(verify_inclusion(i, size, leaf, proof, root)), Rule::proof_untrue);
    }
  }
  const Hash old_root = tree.root(6), new_root = tree.root(20);
  auto proof = tree.consistency(6, 20);
  EXPECT_EQ(rule(verify_consistency(20, new_root, 6, old_root, proof)), Rule::proof_untrue);
  EXPECT_EQ(rule(verify_consistency(0, old_root, 20, new_root, {})), Rule::proof_untrue);
  EXPECT_EQ(rule(verify_consistency(0, empty_root(), 20, new_root, proof)), Rule::proof_untrue);
  EXPECT_EQ(rule(verify_consistency(6, old_root, 6, new_root, {})), Rule::proof_untrue);
  EXPECT_EQ(rule(verify_consistency(6, old_root, 6, old_root, proof)), Rule::proof_untrue);
  EXPECT_EQ(rule(verify_consistency(0, empty_root(), 0, new_root, {})), Rule::proof_untrue);
  EXPECT_EQ(rule(verify_consistency(6, old_root, 20, new_root, {})), Rule::proof_untrue);
  EXPECT_TRUE(verify_consistency(0, empty_root(), 20, new_root, {}));
  EXPECT_TRUE(verify_consistency(0, empty_root(), 0, empty_root(), {}));
  proof.push_back(old_root);
  EXPECT_EQ(rule(verify_consistency(6, old_root, 20, new_root, proof)), Rule::proof_untrue);
  EXPECT_EQ(rule(verify_inclusion(0, ~std::uint64_t{0}, old_root, proof, new_root)), Rule::proof_untrue);
  EXPECT_EQ(rule(verify_consistency(1, old_root, ~std::uint64_t{0}, new_root, proof)), Rule::proof_untrue);
}

RC_GTEST_PROP(TreeLaws, EveryInclusionProofHoldsAndNoBentOne, ()) {
  static const Tree tree = testing::vector_tree(3000);
  const auto size = *rc::gen::inRange<std::uint64_t>(1, tree.size() + 1);
  const auto index = *rc::gen::inRange<std::uint64_t>(0, size);
  auto proof = tree.inclusion(index, size);
  const Hash leaf = tree.leaf(index), root = tree.root(size);
  RC_ASSERT(verify_inclusion(index, size, leaf, proof, root).has_value());
  const auto bit = *rc::gen::inRange(0U, 256U);
  RC_ASSERT(!verify_inclusion(index, size, bent(leaf, bit), proof, root));
  RC_ASSERT(!verify_inclusion(index, size, leaf, proof, bent(root, bit)));
  if (proof.empty()) return;
  Hash& one = proof[*rc::gen::inRange<std::size_t>(0, proof.size())];
  one = bent(one, bit);
  RC_ASSERT(!verify_inclusion(index, size, leaf, proof, root));
}

RC_GTEST_PROP(TreeLaws, EveryConsistencyProofHoldsAndNoBentOne, ()) {
  static const Tree tree = testing::vector_tree(3000);
  const auto to = *rc::gen::inRange<std::uint64_t>(1, tree.size() + 1);
  const auto from = *rc::gen::inRange<std::uint64_t>(1, to + 1);
  auto proof = tree.consistency(from, to);
  const Hash old_root = tree.root(from), new_root = tree.root(to);
  RC_ASSERT(verify_consistency(from, old_root, to, new_root, proof).has_value());
  const auto bit = *rc::gen::inRange(0U, 256U);
  RC_ASSERT(!verify_consistency(from, bent(old_root, bit), to, new_root, proof));
  RC_ASSERT(!verify_consistency(from, old_root, to, bent(new_root, bit), proof));
  if (proof.empty()) return;
  Hash& one = proof[*rc::gen::inRange<std::size_t>(0, proof.size())];
  one = bent(one, bit);
  RC_ASSERT(!verify_consistency(from, old_root, to, new_root, proof));
}

RC_GTEST_PROP(TreeLaws, AppendingChangesNothingBefore, (const std::vector<std::string>& entries)) {
  Tree tree;
  std::vector<Hash> roots{tree.root()};
  for (const std::string& entry : entries) {
    tree.append(leaf_hash(entry));
    roots.push_back(tree.root());
  }
  RC_ASSERT(tree.size() == entries.size());
  for (std::size_t size = 0; size < roots.size(); ++size) RC_ASSERT(tree.root(size) == roots[size]);
}

}  // namespace
}  // namespace wideberth::ledger
