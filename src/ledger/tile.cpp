#include "ledger/tile.h"

#include <algorithm>

#include "base/bytes.h"
#include "base/check.h"
#include "ledger/text.h"

namespace wideberth::ledger {
namespace {

/// More groups than 6 cannot be a tile of kMostLeaves leaves: 2^63 / 256 has 17 digits.
constexpr std::size_t kMostGroups = 6;
constexpr std::size_t kHashBytes = 32;

tl::unexpected<base::Refusal> bad_path(std::string_view path) {
  return base::refuse(Rule::tile_path_malformed, "found \"" + base::excerpt(path) + "\"", "such as tile/0/x001/x234/067.p/12");
}
tl::unexpected<base::Refusal> bad_tile(std::string found, std::string accepted) {
  return base::refuse(Rule::tile_malformed, std::move(found), std::move(accepted));
}

/// How many full nodes a tile level has: floor(size / 256^level).
std::uint64_t nodes_at(unsigned level, std::uint64_t size) { return level > 7 ? 0 : size >> (8 * level); }

/// The number, its groups taken off the front of `rest`; one canonical way to write each.
std::optional<std::uint64_t> take_number(std::string_view& rest) {
  std::uint64_t number = 0;
  for (std::size_t groups = 1; groups <= kMostGroups; ++groups) {
    const bool more = rest.starts_with('x');
    if (more) rest.remove_prefix(1);
    if (rest.size() < 3 || !std::all_of(rest.begin(), rest.begin() + 3, [](char c) { return c >= '0' && c <= '9'; }))
      return std::nullopt;
    for (const char c : rest.substr(0, 3)) number = number * 10 + static_cast<std::uint64_t>(c - '0');
    if (more && number == 0) return std::nullopt;  // a leading group of zeros is another writing of a shorter number
    rest.remove_prefix(3);
    if (!more) return number;
    if (!rest.starts_with('/')) return std::nullopt;
    rest.remove_prefix(1);
  }
  return std::nullopt;
}

void add_tiles(std::vector<TileId>& tiles, TileKind kind, unsigned level, std::uint64_t from, std::uint64_t to) {
  const std::uint64_t before = nodes_at(level, from), after = nodes_at(level, to);
  if (before == after) return;
  for (std::uint64_t index = before / kTileWidth; index <= (after - 1) / kTileWidth; ++index)
    tiles.push_back({kind, level, index, tile_width(level, index, to)});
}

}  // namespace

std::string tile_number_path(std::uint64_t index) {
  std::string path;
  for (bool last = true; last || index != 0; last = false, index /= 1000) {
    const std::string digits = std::to_string(1000 + index % 1000).substr(1);
    path = last ? digits : "x" + digits + "/" + path;
  }
  return path;
}

std::string to_path(const TileId& tile) {
  std::string path = "tile/" + (tile.kind == TileKind::entries ? "entries" : std::to_string(tile.level)) + "/";
  path += tile_number_path(tile.index);
  if (tile.width != kTileWidth) path += ".p/" + std::to_string(tile.width);
  return path;
}

Result<TileId> parse_tile_path(std::string_view path) {
  if (!path.starts_with("tile/")) return bad_path(path);
  std::string_view rest = path.substr(5);
  TileId tile;
  const auto level = take_until(rest, '/');
  if (!level) return bad_path(path);
  if (*level == "entries") {
    tile.kind = TileKind::entries;
  } else {
    const auto number = base::parse_decimal(*level, kMostTileLevel);
    if (!number) return bad_path(path);
    tile.level = static_cast<unsigned>(*number);
  }
  const auto number = take_number(rest);
  if (!number) return bad_path(path);
  tile.index = *number;
  if (rest.empty()) return tile;
  if (!rest.starts_with(".p/")) return bad_path(path);
  const auto width = base::parse_decimal(rest.substr(3), kTileWidth - 1);
  if (!width || *width == 0) return bad_path(path);
  tile.width = static_cast<unsigned>(*width);
  return tile;
}

std::vector<TileId> tiles_of(std::uint64_t size) { return new_tiles(0, size); }

std::vector<TileId> new_tiles(std::uint64_t from, std::uint64_t to) {
  WB_CHECK(from <= to && to <= kMostLeaves);
  std::vector<TileId> tiles;
  for (unsigned level = 0; nodes_at(level, to) != 0; ++level) add_tiles(tiles, TileKind::hashes, level, from, to);
  add_tiles(tiles, TileKind::entries, 0, from, to);
  return tiles;
}

unsigned tile_width(unsigned level, std::uint64_t index, std::uint64_t size) {
  const std::uint64_t nodes = nodes_at(level, size), whole = nodes / kTileWidth;
  if (index < whole) return kTileWidth;
  return index == whole ? static_cast<unsigned>(nodes % kTileWidth) : 0;
}

Result<std::string> tile_bytes(const Tree& tree, const TileId& tile) {
  if (tile.kind != TileKind::hashes || tile.width == 0 || tile.width > tile_width(tile.level, tile.index, tree.size()))
    return base::refuse(Rule::tile_not_there, "found " + to_path(tile), "tiles of " + std::to_string(tree.size()) + " leaves");
  const auto hashes = tree.full_nodes(8 * tile.level).subspan(tile.index * kTileWidth, tile.width);
  std::string bytes;
  bytes.reserve(hashes.size() * kHashBytes);
  for (const Hash& hash : hashes) bytes += hash.view();
  return bytes;
}

Result<std::vector<Hash>> parse_tile(std::string_view bytes, unsigned width) {
  if (width == 0 || width > kTileWidth || bytes.size() != width * kHashBytes)
    return bad_tile("found " + std::to_string(bytes.size()) + " bytes", std::to_string(width) + " hashes of 32 bytes");
  std::vector<Hash> hashes(width);
  for (std::size_t i = 0; i < width; ++i)
    std::transform(bytes.begin() + static_cast<std::ptrdiff_t>(i * kHashBytes),
                   bytes.begin() + static_cast<std::ptrdiff_t>((i + 1) * kHashBytes), hashes[i].bytes.begin(),
                   [](char c) { return static_cast<unsigned char>(c); });
  return hashes;
}

std::string write_bundle(std::span<const std::string_view> entries) {
  WB_CHECK(entries.size() <= kTileWidth);
  std::string bytes;
  for (const std::string_view entry : entries) {
    WB_CHECK(entry.size() <= kMostEntryBytes);
    bytes += static_cast<char>(static_cast<unsigned char>(entry.size() >> 8));
    bytes += static_cast<char>(static_cast<unsigned char>(entry.size() & 0xFF));
    bytes += entry;
  }
  return bytes;
}

Result<std::vector<std::string_view>> parse_bundle(std::string_view bytes, unsigned width) {
  const std::string accepted = std::to_string(width) + " entries, each after its length";
  if (width == 0 || width > kTileWidth) return bad_tile("found a width of " + std::to_string(width), "1 to 256");
  std::vector<std::string_view> entries;
  while (!bytes.empty()) {
    if (entries.size() == width) return bad_tile("found more entries", accepted);
    if (bytes.size() < 2) return bad_tile("found half a length", accepted);
    const std::size_t size =
        static_cast<std::size_t>(static_cast<unsigned char>(bytes[0])) << 8 | static_cast<unsigned char>(bytes[1]);
    if (bytes.size() - 2 < size) return bad_tile("found an entry that ends early", accepted);
    entries.push_back(bytes.substr(2, size));
    bytes.remove_prefix(2 + size);
  }
  if (entries.size() != width) return bad_tile("found " + std::to_string(entries.size()) + " entries", accepted);
  return entries;
}

}  // namespace wideberth::ledger
