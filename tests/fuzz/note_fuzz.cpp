// links: ledger
// Any text as a signed note, a signature line, a key and a key file: what is read writes back the same, nothing that the two
// known keys did not sign is verified, and no other text is read as the same key.
#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/check.h"
#include "ledger/keyfile.h"
#include "ledger/note.h"

namespace {

using namespace wideberth;

const ledger::SigningKey& key() {
  static const ledger::SigningKey made = ledger::SigningKey::from_seed("wideberth.example/log1", std::string(32, 1)).value();
  return made;
}

void check_keys(std::string_view text) {
  if (const auto read = ledger::parse_vkey(text)) WB_CHECK(ledger::to_text(*read) == text);
  if (const auto read = ledger::SigningKey::parse(text)) WB_CHECK(read->skey_text() == text);
  const auto opened = ledger::read_key_file(text);
  if (opened) WB_CHECK(ledger::write_key_file(*opened) == text && ledger::public_half(text) == opened->verifier());
  if (const auto half = ledger::public_half(text)) WB_CHECK(opened || ledger::wants_passphrase(text));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  check_keys(text);
  if (const auto line = ledger::parse_signature_line(text)) WB_CHECK(ledger::to_text(*line) == text);
  const auto note = ledger::parse_note(text);
  if (!note) return 0;
  WB_CHECK(ledger::to_text(*note) == text);
  WB_CHECK(ledger::check_note_text(note->text).has_value());
  const std::vector<ledger::VerifierKey> known{key().verifier(), key().cosigner()};
  if (const auto verified = ledger::verify_note(*note, known)) {
    WB_CHECK(!verified->empty() && verified->back() < note->signatures.size());
    for (const std::size_t i : *verified) WB_CHECK(note->signatures[i].name == key().name());
  }
  return 0;
}
