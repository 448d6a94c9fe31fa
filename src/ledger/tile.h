// What a log serves (c2sp.org/tlog-tiles): paths, hash tiles of 256, entry bundles.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/tree.h"

namespace wideberth::ledger {

inline constexpr unsigned kTileWidth = 256;
/// A path may name levels 0 to 63, as the format says; above 7 no log has a tile.
inline constexpr unsigned kMostTileLevel = 63;

/// The longest entry, since a bundle gives its length as 16 bits; and the longest note, since the leaf has the server's line
/// of 34 bytes before it.
inline constexpr std::size_t kMostEntryBytes = 65'535, kMostNoteBytes = 65'501;

enum class TileKind : unsigned char { hashes, entries };

/// Tile `index` of a level. Width 256 is a full tile; 1 to 255 a partial one. Entry bundles have level 0.
struct TileId {
  TileKind kind = TileKind::hashes;
  unsigned level = 0;
  std::uint64_t index = 0;
  unsigned width = kTileWidth;
  friend bool operator==(const TileId&, const TileId&) = default;
};

/// N in 3-digit groups, all but the last led by x: 0 is 000, 1234067 is x001/x234/067.
std::string tile_number_path(std::uint64_t index);
/// tile/<L>/<N>[.p/<W>] or tile/entries/<N>[.p/<W>], without a leading slash.
std::string to_path(const TileId& tile);
/// Law: to_path(*parse_tile_path(p)) == p for every p that is accepted. Rule::tile_path_malformed otherwise.
Result<TileId> parse_tile_path(std::string_view path);

/// Every tile of a tree of this size, full and partial, hashes before entries, level by level. Their number grows with the
/// size: for logs that are written out, not for a size that a stranger names.
std::vector<TileId> tiles_of(std::uint64_t size);
/// The same for what a tree gains from one size to another: what is to be written after a batch. REQUIRES: from <= to.
std::vector<TileId> new_tiles(std::uint64_t from, std::uint64_t to);

/// The width that tile `index` of this level has in a tree of this size, 0 to 256. Of 0 nothing is served.
unsigned tile_width(unsigned level, std::uint64_t index, std::uint64_t size);

/// The hashes of a hash tile, 32 bytes each. Rule::tile_not_there where the tree is too small for it, or for a bundle.
Result<std::string> tile_bytes(const Tree& tree, const TileId& tile);
/// The hashes of a tile that was read. Rule::tile_malformed unless there are `width` of them.
Result<std::vector<Hash>> parse_tile(std::string_view bytes, unsigned width);

/// Per entry a big-endian 16-bit length and the bytes. REQUIRES: no entry above kMostEntryBytes, at most 256 entries.
std::string write_bundle(std::span<const std::string_view> entries);
/// The entries, as views into `bytes`. Rule::tile_malformed unless there are exactly `width` of them and nothing else.
Result<std::vector<std::string_view>> parse_bundle(std::string_view bytes, unsigned width);

}  // namespace wideberth::ledger
