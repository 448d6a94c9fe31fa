// links: ledger
// Any text as a tile path; any bytes, after one of width, as a tile and an entry bundle: what is read writes back the same.
#include <cstddef>
#include <cstdint>

#include "base/check.h"
#include "ledger/tile.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace wideberth;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto tile = ledger::parse_tile_path(text)) {
    WB_CHECK(ledger::to_path(*tile) == text);
    WB_CHECK(tile->width >= 1 && tile->width <= ledger::kTileWidth);
    const ledger::Tree empty;
    WB_CHECK(!ledger::tile_bytes(empty, *tile));
  }
  if (text.empty()) return 0;
  const unsigned width = data[0] + 1U;
  const std::string_view bytes = text.substr(1);
  if (const auto entries = ledger::parse_bundle(bytes, width)) {
    WB_CHECK(entries->size() == width);
    WB_CHECK(ledger::write_bundle(*entries) == bytes);
  }
  if (const auto hashes = ledger::parse_tile(bytes, width)) {
    std::string again;
    for (const ledger::Hash& hash : *hashes) again += hash.view();
    WB_CHECK(again == bytes);
  }
  return 0;
}
