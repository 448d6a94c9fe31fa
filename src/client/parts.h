// The parts of an entry with what opens their commitments: what a desk keeps to prove what was said.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/refusal.h"
#include "json/reader.h"
#include "ledger/entry.h"

namespace wideberth::client {

/// One part: SHA-256 of `salt` and `json` together is the commitment in the line of the entry's text.
struct KeptPart {
  std::string name;
  std::string media_type;
  std::string salt;  ///< 32 bytes
  std::string json;  ///< as it was padded
};

/// {"parts": [{"name", "media_type", "salt", "bytes"}…]}, salt and bytes base64: as GET /v1/entries/{index} gives them.
std::string to_json(const std::vector<KeptPart>& parts);

/// The member "parts" of such a document, checked against what the entry commits to; those that were erased are passed over.
/// Refused with the json_ rules, and with part_untrue where a part is none of the entry's or does not give its commitment.
base::Result<std::vector<KeptPart>> read_parts(const json::Reader& document, const ledger::EntryText& text);

}  // namespace wideberth::client
