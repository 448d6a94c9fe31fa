#include "ledger/items.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/bytes.h"
#include "ledger/testing.h"
#include "ledger/tree.h"

namespace wideberth::ledger {
namespace {

std::vector<std::string> some_items(std::size_t count) {
  std::vector<std::string> items;
  for (std::size_t i = 0; i < count; ++i) items.push_back("item " + std::to_string(i * 7919) + std::string(i % 50, '.'));
  return items;
}

Hash root_of(std::string_view salt, const std::vector<std::string>& items) {
  ItemRoot root(salt, static_cast<std::uint32_t>(items.size()));
  for (const std::string& item : items) root.add(item);
  return root.root();
}

TEST(Items, TheFormulasAreThoseOfTheHeader) {
  const std::string salt(32, 'S');
  const Hash own = sha256("wideberth/item-salt" + salt + std::string("\0\0\1\2", 4));
  EXPECT_EQ(item_salt(salt, 258), own);
  EXPECT_EQ(item_leaf(own, 258, 70'000, "x"),
            sha256(std::string(1, '\0') + std::string(own.view()) + std::string("\0\0\1\2\0\1\x11\x70x", 9)));
}

TEST(Items, TheCommitmentIsTheRootOfTheTree) {
  const std::string salt(32, 's');
  for (std::uint32_t count = 1; count <= 70; ++count) {
    const auto items = some_items(count);
    Tree tree;
    for (std::uint32_t i = 0; i < count; ++i) tree.append(item_leaf(item_salt(salt, i), i, count, items[i]));
    EXPECT_EQ(root_of(salt, items), tree.root()) << count;
  }
}

TEST(Items, EachIsProvedAlone) {
  const std::string salt(32, 'q');
  for (const std::size_t count : {1U, 2U, 3U, 7U, 8U, 33U}) {
    const auto items = some_items(count);
    const Hash root = root_of(salt, items);
    for (std::uint32_t i = 0; i < count; ++i) {
      const ItemProof proof = prove_item(salt, items, i);
      EXPECT_EQ(proof.item, items[i]);
      EXPECT_TRUE(check_item(root, proof)) << i << " of " << count;
      const auto read = parse_item_proof(to_text(proof));
      ASSERT_TRUE(read) << base::to_text(read.error());
      EXPECT_EQ(*read, proof);
    }
  }
}

TEST(Items, AProofWithAnyByteChangedIsRefused) {
  const std::string salt(32, 'q');
  const auto items = some_items(11);
  const Hash root = root_of(salt, items);
  for (const std::uint32_t index : {0U, 4U, 10U}) {
    const std::string good = to_text(prove_item(salt, items, index));
    ASSERT_TRUE(check_item(root, *parse_item_proof(good)));
    for (std::size_t at = 0; at < good.size(); ++at)
      for (int change = 1; change < 256; ++change) {
        std::string other = good;
        other[at] = static_cast<char>(other[at] ^ change);
        const auto read = parse_item_proof(other);
        ASSERT_FALSE(read && check_item(root, *read)) << "byte " << at << " changed by " << change;
        if (!read) {
          ASSERT_EQ(read.error().rule, Rule::item_proof_malformed);
        }
      }
    for (std::size_t cut = 0; cut < good.size(); ++cut) {
      const auto read = parse_item_proof(good.substr(0, cut));
      ASSERT_FALSE(read && check_item(root, *read)) << "cut at " << cut;
    }
  }
}

TEST(Items, AnItemCannotBeShownAsAnotherOnes) {
  // In a tree of three the last leaf has the path that the last of two has: index and count in the leaf tell them apart.
  const std::string salt(32, 'q');
  const auto items = some_items(3);
  ItemProof proof = prove_item(salt, items, 2);
  proof.index = 1;
  proof.count = 2;
  EXPECT_EQ(check_item(root_of(salt, items), proof).error().rule, Rule::proof_untrue);
}

TEST(Items, OneSaltTellsNothingOfTheOthers) {
  const std::string salt(32, 'q');
  EXPECT_NE(item_salt(salt, 0), item_salt(salt, 1));
  EXPECT_NE(item_salt(salt, 0), item_salt(std::string(31, 'q') + "r", 0));
  // The same item twice gives two leaves, so an equal one cannot be recognised.
  EXPECT_NE(item_leaf(item_salt(salt, 0), 0, 2, "x"), item_leaf(item_salt(salt, 1), 1, 2, "x"));
}

RC_GTEST_PROP(ItemsLaws, WhatIsProvedHoldsAndAnotherItemDoesNot, ()) {
  const auto items = *rc::gen::nonEmpty(rc::gen::arbitrary<std::vector<std::string>>());
  const auto index = *rc::gen::inRange<std::uint32_t>(0, static_cast<std::uint32_t>(items.size()));
  const std::string salt(32, *rc::gen::arbitrary<char>());
  const Hash root = root_of(salt, items);
  ItemProof proof = prove_item(salt, items, index);
  RC_ASSERT(check_item(root, proof).has_value());
  RC_ASSERT(*parse_item_proof(to_text(proof)) == proof);
  proof.item.push_back('!');
  RC_ASSERT(!check_item(root, proof));
}

}  // namespace
}  // namespace wideberth::ledger
