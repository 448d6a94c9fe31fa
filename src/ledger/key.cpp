#include "ledger/key.h"

#include <sodium.h>

#include <algorithm>
#include <cstring>
#include <utility>

#include "base/bytes.h"
#include "base/check.h"
#include "ledger/text.h"

namespace wideberth::ledger {
namespace {

using base::refuse;

constexpr std::string_view kSecretPrefix = "PRIVATE+KEY+";

void start_sodium() {
  static const int started = sodium_init();
  WB_CHECK(started >= 0);
}

std::string_view as_text(const unsigned char* bytes, std::size_t size) { return {reinterpret_cast<const char*>(bytes), size}; }
const unsigned char* as_bytes(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }

KeyId id_of_key(std::string_view name, KeyType type, const KeyBytes& key) {
  const char kind = static_cast<char>(type);
  const Hash hash = sha256({name, "\n", std::string_view(&kind, 1), as_text(key.data(), key.size())});
  KeyId id;
  std::copy_n(hash.bytes.begin(), id.size(), id.begin());
  return id;
}

tl::unexpected<base::Refusal> bad_vkey(std::string found) {
  return refuse(Rule::key_malformed, std::move(found), "<name>+<8 hexadecimal digits>+<base64 of type 1 or 4 and 32 bytes>");
}

/// Never shows what was found: it may be secret.
tl::unexpected<base::Refusal> bad_skey(std::string found) {
  return refuse(Rule::key_malformed, std::move(found),
                "PRIVATE+KEY+<name>+<8 hexadecimal digits>+<base64 of type 1 and 32 bytes>");
}

}  // namespace

Result<void> check_key_name(std::string_view name) {
  const auto bad = [&](std::string found) { return refuse(Rule::key_name_malformed, std::move(found)); };
  if (name.empty()) return bad("found an empty name");
  if (name.size() > kMostNameBytes) return bad("found " + std::to_string(name.size()) + " bytes");
  if (auto readable = base::check_readable(name); !readable) return bad(readable.error().found);
  if (name.find('+') != std::string_view::npos || has_unicode_space(name)) return bad("found \"" + base::excerpt(name) + "\"");
  return {};
}

Result<void> check_public_key(std::string_view bytes32) {
  start_sodium();
  if (bytes32.size() != crypto_core_ed25519_BYTES)
    return refuse(Rule::key_malformed, "found " + std::to_string(bytes32.size()) + " bytes", "32 bytes");
  if (crypto_core_ed25519_is_valid_point(as_bytes(bytes32)) != 1) return refuse(Rule::key_weak, "found " + base::to_hex(bytes32));
  return {};
}

Result<VerifierKey> make_verifier_key(std::string name, KeyType type, std::string_view bytes32) {
  WB_TRY_VOID(check_key_name(name));
  WB_TRY_VOID(check_public_key(bytes32));
  VerifierKey made{std::move(name), {}, type, {}};
  std::memcpy(made.key.data(), bytes32.data(), made.key.size());
  made.id = id_of_key(made.name, type, made.key);
  return made;
}

Result<VerifierKey> parse_vkey(std::string_view vkey) {
  std::string_view rest = vkey;
  const auto name = take_until(rest, '+');
  const auto id = name ? take_until(rest, '+') : std::nullopt;
  if (!id) return bad_vkey("found \"" + base::excerpt(vkey) + "\"");
  const auto bytes = base::from_base64(rest);
  if (!bytes || bytes->size() != 33) return bad_vkey("found the key \"" + base::excerpt(rest) + "\"");
  const auto type = static_cast<unsigned char>((*bytes)[0]);
  if (type != static_cast<unsigned char>(KeyType::ed25519) && type != static_cast<unsigned char>(KeyType::cosignature_ed25519))
    return bad_vkey("found type " + std::to_string(type));
  WB_TRY(made, make_verifier_key(std::string(*name), static_cast<KeyType>(type), std::string_view(*bytes).substr(1)));
  if (base::to_hex(as_text(made.id.data(), made.id.size())) != *id)
    return bad_vkey("found the id " + base::excerpt(*id) + ", which is not that of the name and key");
  return std::move(made);
}

std::string to_text(const VerifierKey& key) {
  const std::string bytes = static_cast<char>(key.type) + std::string(as_text(key.key.data(), key.key.size()));
  return key.name + "+" + base::to_hex(as_text(key.id.data(), key.id.size())) + "+" + base::to_base64(bytes);
}

bool verify_ed25519(const VerifierKey& key, std::string_view message, std::string_view signature64) {
  start_sodium();
  if (signature64.size() != crypto_sign_BYTES) return false;
  return crypto_sign_verify_detached(as_bytes(signature64), as_bytes(message), message.size(), key.key.data()) == 0;
}

void wipe(std::string& secret) {
  sodium_memzero(secret.data(), secret.size());
  secret.clear();
}

SigningKey::SigningKey(std::string name, const KeyBytes& seed) {
  start_sodium();
  WB_CHECK(crypto_sign_seed_keypair(verifier_.key.data(), secret_.data(), seed.data()) == 0);
  verifier_.name = std::move(name);
  verifier_.id = id_of_key(verifier_.name, verifier_.type, verifier_.key);
}

SigningKey::SigningKey(SigningKey&& from) noexcept : verifier_{std::move(from.verifier_)}, secret_{from.secret_} {
  sodium_memzero(from.secret_.data(), from.secret_.size());
}

SigningKey& SigningKey::operator=(SigningKey&& from) noexcept {
  if (this != &from) {
    verifier_ = std::move(from.verifier_);
    secret_ = from.secret_;
    sodium_memzero(from.secret_.data(), from.secret_.size());
  }
  return *this;
}

SigningKey::~SigningKey() { sodium_memzero(secret_.data(), secret_.size()); }

SigningKey SigningKey::generate(std::string name, base::Entropy& entropy) {
  WB_CHECK(check_key_name(name).has_value());
  KeyBytes seed;
  entropy.fill(seed);
  SigningKey made{std::move(name), seed};
  sodium_memzero(seed.data(), seed.size());
  return made;
}

Result<SigningKey> SigningKey::from_seed(std::string name, std::string_view seed32) {
  WB_TRY_VOID(check_key_name(name));
  KeyBytes seed;
  if (seed32.size() != seed.size()) return bad_skey("found a seed of " + std::to_string(seed32.size()) + " bytes");
  std::memcpy(seed.data(), seed32.data(), seed.size());
  SigningKey made{std::move(name), seed};
  sodium_memzero(seed.data(), seed.size());
  return made;
}

Result<SigningKey> SigningKey::parse(std::string_view skey_line) {
  if (!skey_line.starts_with(kSecretPrefix)) return bad_skey("found another beginning");
  std::string_view rest = skey_line.substr(kSecretPrefix.size());
  const auto name = take_until(rest, '+');
  const auto id = name ? take_until(rest, '+') : std::nullopt;
  if (!id) return bad_skey("found too few parts");
  auto bytes = base::from_base64(rest);
  if (!bytes) return bad_skey("found a secret that is not canonical base64");
  if (bytes->size() != 33 || (*bytes)[0] != static_cast<char>(KeyType::ed25519)) {
    wipe(*bytes);
    return bad_skey("found a secret of another length or type");
  }
  auto made = from_seed(std::string(*name), std::string_view(*bytes).substr(1));
  wipe(*bytes);
  if (!made) return made;
  const KeyId& own = made->verifier().id;
  if (base::to_hex(as_text(own.data(), own.size())) != *id) return bad_skey("found an id that is not that of the name and key");
  return made;
}

VerifierKey SigningKey::cosigner() const {
  VerifierKey key = verifier_;
  key.type = KeyType::cosignature_ed25519;
  key.id = id_of_key(key.name, key.type, key.key);
  return key;
}

std::string SigningKey::sign(std::string_view message) const {
  std::array<unsigned char, crypto_sign_BYTES> signature;
  WB_CHECK(crypto_sign_detached(signature.data(), nullptr, as_bytes(message), message.size(), secret_.data()) == 0);
  return std::string(as_text(signature.data(), signature.size()));
}

std::string SigningKey::skey_text() const {
  std::string bytes(1, static_cast<char>(KeyType::ed25519));
  bytes += as_text(secret_.data(), 32);
  std::string secret = base::to_base64(bytes);
  wipe(bytes);
  std::string text;
  text.reserve(kSecretPrefix.size() + verifier_.name.size() + 10 + secret.size());  // no copies left behind by growing
  text += kSecretPrefix;
  text += verifier_.name + "+" + base::to_hex(as_text(verifier_.id.data(), verifier_.id.size())) + "+";
  text += secret;
  wipe(secret);
  return text;
}

}  // namespace wideberth::ledger
