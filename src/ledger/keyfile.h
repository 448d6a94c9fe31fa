// A signing key at rest: the text of a key file. Bytes in, bytes out; who calls reads and writes the file (mode 0600).
//
// In clear, for a machine's key, one line:
//     PRIVATE+KEY+<name>+<hex8 id>+<base64(0x01 || seed)>\n
// Under a passphrase, where a person holds the key, four lines:
//     wideberth/key-file/v1\n
//     vkey <vkey>\n
//     argon2id <passes> <KiB> <base64 salt[16]>\n
//     box <base64(nonce[24] || secretbox)>\n
// The secretbox (XSalsa20-Poly1305) holds the skey line without its newline, under the 32 bytes that Argon2id v1.3 (one lane)
// makes of the passphrase. The vkey is in clear, so that a key can be found without its passphrase; it must agree with the
// secret when opened. At most 16 passes and 1 GiB are accepted: a key file handed over cannot exhaust the machine.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/ports.h"
#include "ledger/key.h"

namespace wideberth::ledger {

/// What one guess at the passphrase costs. The defaults are libsodium's "moderate": 256 MiB and about 0.7 s.
struct PassphraseCost {
  std::uint32_t passes = 3;           ///< 1 to 16
  std::uint32_t kibibytes = 262'144;  ///< 8 to 1,048,576
};

/// In clear.
std::string write_key_file(const SigningKey& key);
/// Under a passphrase; salt and nonce come from `entropy`. Throws std::bad_alloc where the machine has not the memory.
std::string write_key_file(const SigningKey& key, std::string_view passphrase, base::Entropy& entropy, PassphraseCost cost = {});

/// Whether the file wants a passphrase; says nothing about whether the rest of it can be read.
bool wants_passphrase(std::string_view file);
/// The public half, without the passphrase. Refused with Rule::key_file_malformed and those of parse_vkey.
Result<VerifierKey> public_half(std::string_view file);
/// Refused with Rule::key_file_malformed, or Rule::key_file_locked where a passphrase is missing, needless or wrong.
Result<SigningKey> read_key_file(std::string_view file, std::optional<std::string_view> passphrase = std::nullopt);

}  // namespace wideberth::ledger
