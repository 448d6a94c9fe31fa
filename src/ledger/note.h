// The signed note (c2sp.org/signed-note): a text and who signed it.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/key.h"

namespace wideberth::ledger {

/// Most signature lines of a note; the format asks for at least 16.
inline constexpr std::size_t kMostSignatures = 100;

/// "— " name " " base64(id || payload) "\n".
struct SignatureLine {
  std::string name;
  KeyId id{};
  std::string payload;  ///< 64 bytes for Ed25519, 72 for a cosignature; at least 1
  friend bool operator==(const SignatureLine&, const SignatureLine&) = default;
};

struct Note {
  std::string text;  ///< ends in \n; what the signatures cover
  std::vector<SignatureLine> signatures;
  friend bool operator==(const Note&, const Note&) = default;
};

/// Text and signatures part at the last empty line. UTF-8, no control character below 0x20 but \n, canonical base64.
/// Law: to_text(*parse_note(x)) == x for every x that is accepted.
/// Refused with Rule::note_malformed or note_too_large. Nothing is verified yet.
Result<Note> parse_note(std::string_view bytes, std::size_t most_bytes = std::size_t{1} << 20);
std::string to_text(const Note& note);

/// One signature line with its newline, as a witness answers it. Refused with Rule::note_malformed.
Result<SignatureLine> parse_signature_line(std::string_view line);
std::string to_text(const SignatureLine& line);

/// Whether a note can carry this text: ends in \n, UTF-8, no other control character. Rule::note_malformed otherwise.
Result<void> check_note_text(std::string_view text);

/// The whole note with one signature line. REQUIRES: check_note_text(text).
std::string sign_note(std::string_view text, const SigningKey& key);
/// One more line for such a note, with its newline. REQUIRES: check_note_text(text).
std::string signature_line(std::string_view text, const SigningKey& key);

/// The indices of the lines that hold under the known keys, in order. Lines whose (name, id) is not known are ignored; a
/// known one that fails refuses the whole note (Rule::note_signature_untrue), as does a note without any known line
/// (Rule::note_unsigned). A line of type 0x04 is verified as a cosignature (checkpoint.h).
Result<std::vector<std::size_t>> verify_note(const Note& note, std::span<const VerifierKey> known);

}  // namespace wideberth::ledger
