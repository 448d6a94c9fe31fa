// Bytes as text and back. Byte strings are std::string throughout: notes are text, and hashes have their own type.
#pragma once

#include <string>
#include <string_view>

#include "base/refusal.h"

namespace wideberth::base {

std::string to_hex(std::string_view bytes);
/// Lower case only.
Result<std::string> from_hex(std::string_view text);

std::string to_base64(std::string_view bytes);
/// RFC 4648 section 4, canonical only: padded, no white space, unused bits zero; so from_base64(x) == b means to_base64(b) == x.
Result<std::string> from_base64(std::string_view text);

/// Plain decimal, no sign, no leading zero, at most `most`.
Result<std::uint64_t> parse_decimal(std::string_view text, std::uint64_t most);

/// Whether the bytes are valid UTF-8 (no overlong forms, no surrogates).
bool is_utf8(std::string_view bytes) noexcept;

/// Refuses text that could deceive a reader: invalid UTF-8, control characters (\n allowed where `lines`), bidirectional
/// embeddings, overrides and isolates (U+202A–202E, U+2066–2069), zero-width characters, the byte-order mark, noncharacters.
/// Right-to-left letters themselves are welcome.
Result<void> check_readable(std::string_view text, bool lines = false);

/// At most `most` bytes of a found value for a message, cut at a character and made printable.
std::string excerpt(std::string_view found, std::size_t most = 60);

}  // namespace wideberth::base
