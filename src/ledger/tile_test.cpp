#include "ledger/tile.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <map>
#include <set>

#include "ledger/testing.h"

namespace wideberth::ledger {
namespace {

TEST(TilePath, RefusesEveryOtherForm) {
  for (const char* path :
       {"tile/0/000", "tile/7/x001/x234/067.p/255", "tile/entries/999.p/1", "tile/63/x999/x999/x999/x999/x999/999"})
    EXPECT_TRUE(parse_tile_path(path)) << path;
  for (const char* path : {"",
                           "tile",
                           "tile/",
                           "tile/0",
                           "tile/0/",
                           "/tile/0/000",
                           "tile/0/000/",
                           "tile/00/000",
                           "tile/64/000",
                           "tile/-1/000",
                           "tile//000",
                           "tile/0/00",
                           "tile/0/0000",
                           "tile/0/x000/001",
                           "tile/0/x000",
                           "tile/0/x001",
                           "tile/0/001/002",
                           "tile/0/x001/x002",
                           "tile/0/X001/002",
                           "tile/0/0 1",
                           "tile/0/000.p/0",
                           "tile/0/000.p/256",
                           "tile/0/000.p/01",
                           "tile/0/000.p/",
                           "tile/0/000.p",
                           "tile/0/000.p/1/",
                           "tile/0/000.p/1 ",
                           "tile/entries",
                           "tile/Entries/000",
                           "tile/data/000",
                           "tile/0/x001/x999/x999/x999/x999/x999/999",
                           "tile/0/%30%30%30",
                           "tile/0/../000"})
    EXPECT_EQ(parse_tile_path(path).error().rule, Rule::tile_path_malformed) << path;
}

TEST(Tiles, OfTheExampleInTheSpecification) {
  // c2sp.org/tlog-tiles: size 70,000 has 273 full tiles at level 0 and one of 112; one full and one of 17; one of 1.
  std::map<unsigned, std::vector<unsigned>> partial;
  std::map<unsigned, int> full;
  for (const TileId& tile : tiles_of(70'000)) {
    if (tile.kind == TileKind::entries) continue;
    if (tile.width == kTileWidth) {
      ++full[tile.level];
    } else {
      partial[tile.level].push_back(tile.width);
    }
  }
  EXPECT_EQ(full, (std::map<unsigned, int>{{0, 273}, {1, 1}}));
  EXPECT_EQ(partial, (std::map<unsigned, std::vector<unsigned>>{{0, {112}}, {1, {17}}, {2, {1}}}));
  EXPECT_TRUE(tiles_of(0).empty());
  EXPECT_EQ(tiles_of(256),
            (std::vector<TileId>{{TileKind::hashes, 0, 0, 256}, {TileKind::hashes, 1, 0, 1}, {TileKind::entries, 0, 0, 256}}));
}

TEST(Tiles, ThatTheTreeHasNotAreNotThere) {
  const Tree tree = testing::vector_tree(300);
  EXPECT_TRUE(tile_bytes(tree, {TileKind::hashes, 0, 1, 44}));
  EXPECT_TRUE(tile_bytes(tree, {TileKind::hashes, 0, 1, 7}));
  for (const TileId& tile :
       {TileId{TileKind::hashes, 0, 1, 45}, TileId{TileKind::hashes, 0, 2, 1}, TileId{TileKind::hashes, 1, 0, 2},
        TileId{TileKind::hashes, 2, 0, 1}, TileId{TileKind::hashes, 63, 0, 1}, TileId{TileKind::entries, 0, 0, 256},
        TileId{TileKind::hashes, 0, ~std::uint64_t{0} / 2, 256}, TileId{TileKind::hashes, 0, 0, 0}})
    EXPECT_EQ(tile_bytes(tree, tile).error().rule, Rule::tile_not_there) << to_path(tile);
}

TEST(Tile, IsReadAtItsWidthAlone) {
  const Tree tree = testing::vector_tree(300);
  const std::string bytes = *tile_bytes(tree, {TileKind::hashes, 0, 1, 44});
  const auto hashes = parse_tile(bytes, 44);
  ASSERT_TRUE(hashes);
  for (std::size_t i = 0; i < 44; ++i) EXPECT_EQ((*hashes)[i], tree.leaf(256 + i));
  for (const unsigned width : {0U, 43U, 45U, 257U})
    EXPECT_EQ(parse_tile(bytes, width).error().rule, Rule::tile_malformed) << width;
  EXPECT_EQ(parse_tile(bytes + "x", 44).error().rule, Rule::tile_malformed);
}

TEST(Bundle, IsReadAtItsWidthAlone) {
  const std::string large(kMostEntryBytes, 'x');
  const std::vector<std::string_view> entries{"a", "", large};
  const std::string bytes = write_bundle(entries);
  EXPECT_EQ(bytes.substr(0, 7), std::string("\0\1a\0\0\xFF\xFF", 7));
  EXPECT_EQ(parse_bundle(bytes, 3), entries);
  for (const unsigned width : {0U, 1U, 2U, 4U, 257U})
    EXPECT_EQ(parse_bundle(bytes, width).error().rule, Rule::tile_malformed) << width;
  for (const std::string& other :
       {bytes + "x", bytes + std::string(2, '\0'), bytes.substr(0, bytes.size() - 1), std::string(), std::string("\0", 1)})
    EXPECT_EQ(parse_bundle(other, 3).error().rule, Rule::tile_malformed);
}

RC_GTEST_PROP(TileLaws, PathsAreABijection, ()) {
  const auto digits = *rc::gen::inRange(1, 19);
  std::uint64_t most = 1;
  for (int i = 0; i < digits; ++i) most *= 10;
  TileId tile{TileKind::hashes, *rc::gen::inRange(0U, 64U), *rc::gen::inRange<std::uint64_t>(0, most),
              *rc::gen::inRange(1U, 257U)};
  if (*rc::gen::arbitrary<bool>()) tile.kind = TileKind::entries, tile.level = 0;
  RC_ASSERT((parse_tile_path(to_path(tile)) == tile));
}

RC_GTEST_PROP(TileLaws, WhatIsWrittenBatchByBatchIsWhatTheTreeNeeds, ()) {
  const auto to = *rc::gen::inRange<std::uint64_t>(0, 200'000), from = *rc::gen::inRange<std::uint64_t>(0, to + 1);
  std::set<std::string> written, needed;
  for (const TileId& tile : tiles_of(from)) written.insert(to_path(tile));
  for (const TileId& tile : new_tiles(from, to)) {
    RC_ASSERT((tile.width == tile_width(tile.level, tile.index, to) && tile.width != 0));
    written.insert(to_path(tile));
  }
  for (const TileId& tile : tiles_of(to)) needed.insert(to_path(tile));
  RC_ASSERT((std::includes(written.begin(), written.end(), needed.begin(), needed.end())));
}

RC_GTEST_PROP(TileLaws, TilesAloneGiveTheRoot, ()) {
  static const Tree tree = testing::vector_tree(1500);
  // A reader with nothing but the tiles of level 0 comes to the same root.
  const auto size = *rc::gen::inRange<std::uint64_t>(1, tree.size() + 1);
  Tree again;
  for (std::uint64_t index = 0; tile_width(0, index, size) != 0; ++index) {
    const unsigned width = tile_width(0, index, size);
    const std::vector<Hash> leaves = parse_tile(*tile_bytes(tree, {TileKind::hashes, 0, index, width}), width).value();
    for (const Hash& leaf : leaves) again.append(leaf);
  }
  RC_ASSERT((again.size() == size && again.root() == tree.root(size)));
}

}  // namespace
}  // namespace wideberth::ledger
