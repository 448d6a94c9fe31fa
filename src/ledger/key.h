// Keys: their names, the text they are handed over in (vkey, skey), and the one rule for Ed25519 signatures.
#pragma once

#include <array>
#include <string>
#include <string_view>

#include "base/ports.h"
#include "ledger/hash.h"

namespace wideberth::ledger {

/// The signature type byte of a signed note (c2sp.org/signed-note). Other types, such as 0x06 for ML-DSA-44, are not read.
enum class KeyType : unsigned char {
  ed25519 = 0x01,              ///< over the text
  cosignature_ed25519 = 0x04,  ///< a witness's, over a time and the text (c2sp.org/tlog-cosignature)
};

/// Longest name of a key, an origin or a party, in bytes.
inline constexpr std::size_t kMostNameBytes = 255;

/// A name: 1 to kMostNameBytes bytes of readable text without Unicode spaces and '+'. Rule::key_name_malformed otherwise.
Result<void> check_key_name(std::string_view name);

using KeyBytes = std::array<unsigned char, 32>;
using KeyId = std::array<unsigned char, 4>;

/// A public key under a name. Made by make_verifier_key, parse_vkey and SigningKey, never by hand: they check the point.
struct VerifierKey {
  std::string name;
  KeyId id{};  ///< first 4 bytes of SHA256(name || 0x0A || type || key)
  KeyType type = KeyType::ed25519;
  KeyBytes key{};
  friend bool operator==(const VerifierKey&, const VerifierKey&) = default;
};

/// name "+" hex8(id) "+" base64(type || key). Refused with Rule::key_malformed, key_name_malformed or key_weak.
Result<VerifierKey> parse_vkey(std::string_view vkey);
/// The vkey.
std::string to_text(const VerifierKey& key);
/// `bytes32` is the public key. Refused with Rule::key_name_malformed, key_malformed or key_weak.
Result<VerifierKey> make_verifier_key(std::string name, KeyType type, std::string_view bytes32);

/// A public key that everybody reads alike: 32 bytes that are the canonical encoding of a point on edwards25519, in the
/// subgroup of prime order. Points of low or mixed order, non-canonical encodings and points off the curve are refused with
/// Rule::key_weak; another length with Rule::key_malformed.
Result<void> check_public_key(std::string_view bytes32);

/// The one rule everywhere (RFC 8032 section 5.1.7, the strict reading): S < L; R and the key in canonical encoding and not
/// of low order; encode(S·B − H(R || A || M)·A) == R byte for byte, so cofactorless; never in batches, which can disagree.
/// libsodium 1.0.18 gives exactly this in crypto_sign_verify_detached: it refuses non-canonical S, low-order R, non-canonical
/// and low-order A, and compares the recomputed R with memcmp semantics, so that a non-canonical R can never match.
/// The type of the key is not looked at: who calls builds the message that the type asks for.
bool verify_ed25519(const VerifierKey& key, std::string_view message, std::string_view signature64);

/// Overwrites the string so that no copy of a secret stays behind in it, and empties it.
void wipe(std::string& secret);

/// An Ed25519 key that signs. Moves, never copies; its memory is wiped when it goes.
class SigningKey {
 public:
  /// REQUIRES: check_key_name(name).
  static SigningKey generate(std::string name, base::Entropy& entropy);
  /// `seed32` is the RFC 8032 private key. Refused with Rule::key_name_malformed or key_malformed.
  static Result<SigningKey> from_seed(std::string name, std::string_view seed32);
  /// "PRIVATE+KEY+" name "+" hex8(id) "+" base64(0x01 || seed), without a newline. Refused with Rule::key_malformed or
  /// key_name_malformed; the refusal never quotes the secret.
  static Result<SigningKey> parse(std::string_view skey_line);

  SigningKey(SigningKey&& from) noexcept;
  SigningKey& operator=(SigningKey&& from) noexcept;
  SigningKey(const SigningKey&) = delete;
  SigningKey& operator=(const SigningKey&) = delete;
  ~SigningKey();

  const std::string& name() const { return verifier_.name; }
  const VerifierKey& verifier() const& { return verifier_; }
  VerifierKey verifier() && { return verifier_; }  ///< of a temporary: no reference into what is about to go
  /// The same key as the cosigner of a witness (type 0x04, another id).
  VerifierKey cosigner() const;
  /// 64 bytes. Deterministic (RFC 8032): the same message gives the same bytes.
  std::string sign(std::string_view message) const;
  /// What parse() reads. Secret: wipe() it after use.
  std::string skey_text() const;

 private:
  SigningKey(std::string name, const KeyBytes& seed);

  VerifierKey verifier_;
  std::array<unsigned char, 64> secret_{};  ///< seed || public key, as libsodium has it
};

}  // namespace wideberth::ledger
