// links: model ledger
// Any bytes as a batch of positions, as one fix, and as the proof of one: what is read writes back the same.
#include <cstddef>
#include <cstdint>

#include "base/check.h"
#include "model/position_batch.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace wideberth;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  if (const auto read = model::parse_positions(bytes)) {
    for (const model::Position& each : *read) {
      WB_CHECK(model::check_position(each));
      WB_CHECK(*model::parse_fix(model::fix_bytes(each)) == each);
    }
    WB_CHECK(*model::encode_positions(*read) == bytes);
    WB_CHECK(model::summarise_positions(bytes)->fixes == read->size());
    const std::string salt(32, 's');
    const ledger::PartLine line{"full", std::string(model::kPositionsMediaType), size, *model::positions_commitment(salt, bytes)};
    const auto last = static_cast<std::uint32_t>(read->size() - 1);
    WB_CHECK(*model::check_fix(line, *model::prove_fix(salt, bytes, last)) == read->back());
  }
  if (const auto fix = model::parse_fix(bytes)) WB_CHECK(model::fix_bytes(*fix) == bytes);
  if (const auto proof = ledger::parse_item_proof(bytes)) WB_CHECK(ledger::to_text(*proof) == bytes);
  return 0;
}
