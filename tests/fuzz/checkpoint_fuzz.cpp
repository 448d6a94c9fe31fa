// links: ledger
// Any text as a checkpoint, a request to a witness, and (as bytes) a proof between two trees: what is read writes back the
// same, and no made-up proof holds.
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "base/check.h"
#include "ledger/checkpoint.h"

namespace {

using namespace wideberth;

/// Eight bytes from the front, 0 where there are fewer.
std::uint64_t take_number(std::string_view& bytes) {
  std::uint64_t number = 0;
  for (int i = 0; i < 8 && !bytes.empty(); ++i, bytes.remove_prefix(1))
    number = number << 8 | static_cast<unsigned char>(bytes[0]);
  return number;
}

/// Sizes and hashes as the bytes have them, against roots that no hash of theirs leads to.
void check_proofs(std::string_view bytes) {
  const std::uint64_t from = take_number(bytes), to = take_number(bytes);
  std::vector<ledger::Hash> proof;
  for (; bytes.size() >= 32 && proof.size() < 80; bytes.remove_prefix(32))
    proof.push_back(*ledger::hash_from_bytes(bytes.substr(0, 32)));
  const ledger::Hash old_root = ledger::sha256("old root"), new_root = ledger::sha256("new root");
  WB_CHECK(!ledger::verify_consistency(from, old_root, to, new_root, proof));
  WB_CHECK(!ledger::verify_inclusion(from, to, old_root, proof, new_root));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  check_proofs(text);
  if (const auto head = ledger::parse_checkpoint(text)) WB_CHECK(ledger::to_text(*head) == text);
  const auto request = ledger::parse_add_checkpoint(text);
  if (!request) return 0;
  WB_CHECK(ledger::to_text(*request) == text);
  const auto note = ledger::parse_note(request->checkpoint);
  WB_CHECK(note && ledger::parse_checkpoint(note->text));
  static const auto witness =
      ledger::parse_vkey("witness.example/w1+df1c0a35+BIE5dw6ofRdfVqNUZsNMfszLjYqRtO43ol32D1uPybOU").value();
  for (const auto& line : note->signatures) (void)ledger::verify_cosignature(note->text, line, witness);
  return 0;
}
