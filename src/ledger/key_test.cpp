#include "ledger/key.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <sodium.h>

#include <algorithm>

#include "base/bytes.h"
#include "ledger/keyfile.h"
#include "ledger/testing.h"

namespace wideberth::ledger {
namespace {

using testing::key_of;

std::string unhex(std::string_view text) { return *base::from_hex(text); }

/// The eight points of small order, and the other writings of them that a lax reader would take (Cremers and Jackson,
/// "Prime, Order Please", 2019, table 7; RFC 8032 section 5.1.3 excludes the non-canonical ones).
const char* const kLowOrderPoints[] = {"0000000000000000000000000000000000000000000000000000000000000000",
                                       "0100000000000000000000000000000000000000000000000000000000000000",
                                       "0000000000000000000000000000000000000000000000000000000000000080",
                                       "0100000000000000000000000000000000000000000000000000000000000080",
                                       "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
                                       "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
                                       "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
                                       "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
                                       "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                                       "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
                                       "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                                       "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
                                       "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                                       "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"};

const char* const kOrder = "edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010";  // L, little-endian

/// Adds the little-endian number to S, the second half of a signature; false where it runs over.
bool add_to_s(std::string& signature, const std::string& number) {
  unsigned carry = 0;
  for (std::size_t i = 0; i < 32; ++i) {
    carry += static_cast<unsigned char>(signature[32 + i]) + static_cast<unsigned>(static_cast<unsigned char>(number[i]));
    signature[32 + i] = static_cast<char>(static_cast<unsigned char>(carry & 0xFF));
    carry >>= 8;
  }
  return carry == 0;
}

const unsigned char* raw(const std::string& text) { return reinterpret_cast<const unsigned char*>(text.data()); }
unsigned char* raw(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }

TEST(PublicKey, OfLowOrderIsRefused) {
  for (const char* point : kLowOrderPoints) EXPECT_EQ(check_public_key(unhex(point)).error().rule, Rule::key_weak) << point;
}

TEST(PublicKey, NotCanonicalOrOffTheCurveIsRefused) {
  // y = p + 3 to p + 18 fit in 255 bits: second writings of small y, some of them points of large order.
  for (unsigned low = 0xF0; low <= 0xFF; ++low)
    for (const char* sign : {"7f", "ff"}) {
      const char byte = static_cast<char>(static_cast<unsigned char>(low));
      const std::string point = byte + unhex(std::string(60, 'f') + sign);
      ASSERT_EQ(point.size(), 32u);
      EXPECT_EQ(check_public_key(point).error().rule, Rule::key_weak) << low << sign;
    }
  const std::string off_curve = unhex("0200000000000000000000000000000000000000000000000000000000000000");  // y = 2 has no x
  EXPECT_EQ(check_public_key(off_curve).error().rule, Rule::key_weak);
  EXPECT_EQ(check_public_key("short").error().rule, Rule::key_malformed);
  EXPECT_EQ(check_public_key(std::string(33, 'a')).error().rule, Rule::key_malformed);
}

TEST(PublicKey, OfMixedOrderIsRefused) {
  const KeyBytes& good = key_of("blue/ops-1", 1).verifier().key;
  for (const char* small : {kLowOrderPoints[0], kLowOrderPoints[4], kLowOrderPoints[6], kLowOrderPoints[8]}) {
    std::string sum(32, '\0');
    ASSERT_EQ(crypto_core_ed25519_add(raw(sum), good.data(), raw(unhex(small))), 0) << small;
    EXPECT_EQ(check_public_key(sum).error().rule, Rule::key_weak) << small;
  }
}

TEST(PublicKey, OfRfc8032IsAccepted) {
  for (const char* point : {"d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
                            "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
                            "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025"})
    EXPECT_TRUE(check_public_key(unhex(point))) << point;
}

TEST(Signature, IsThatOfRfc8032) {
  const auto key =
      SigningKey::from_seed("rfc8032/test3", unhex("c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7"));
  ASSERT_TRUE(key);
  EXPECT_EQ(base::to_hex(key->sign(unhex("af82"))),
            "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027"
            "beceea1ec40a");
}

TEST(Signature, WithSPlusLIsRefused) {
  const SigningKey key = key_of("blue/ops-1", 1);
  std::string signature = key.sign("m");
  ASSERT_TRUE(verify_ed25519(key.verifier(), "m", signature));
  for (int times = 1; add_to_s(signature, unhex(kOrder)); ++times)
    EXPECT_FALSE(verify_ed25519(key.verifier(), "m", signature)) << times;
}

TEST(Signature, WithSmallOrderRIsRefused) {
  // R of order 1 and S = k·a verify under the bare equation: who knows the key could make a signature with a trivial R.
  const SigningKey key = key_of("blue/ops-1", 1);
  std::string expanded(64, '\0');
  ASSERT_EQ(crypto_hash_sha512(raw(expanded), raw(std::string(32, 1)), 32), 0);
  std::string scalar = expanded.substr(0, 32);
  scalar[0] = static_cast<char>(scalar[0] & 0xF8);
  scalar[31] = static_cast<char>((scalar[31] & 0x7F) | 0x40);
  const std::string r = unhex(kLowOrderPoints[1]), a(reinterpret_cast<const char*>(key.verifier().key.data()), 32);
  const std::string message = r + a + "m";
  std::string wide(64, '\0'), k(32, '\0'), reduced(32, '\0'), s(32, '\0');
  ASSERT_EQ(crypto_hash_sha512(raw(wide), raw(message), message.size()), 0);
  crypto_core_ed25519_scalar_reduce(raw(k), raw(wide));
  crypto_core_ed25519_scalar_reduce(raw(reduced), raw(scalar + std::string(32, '\0')));
  crypto_core_ed25519_scalar_mul(raw(s), raw(k), raw(reduced));
  // The equation S·B == R + k·A does hold, so it is the rule on R that refuses.
  std::string left(32, '\0'), right(32, '\0');
  ASSERT_EQ(crypto_scalarmult_ed25519_base_noclamp(raw(left), raw(s)), 0);
  ASSERT_EQ(crypto_scalarmult_ed25519_noclamp(raw(right), raw(k), raw(a)), 0);
  ASSERT_EQ(left, right);
  EXPECT_FALSE(verify_ed25519(key.verifier(), "m", r + s));
  for (const char* point : kLowOrderPoints)
    EXPECT_FALSE(verify_ed25519(key.verifier(), "m", unhex(point) + key.sign("m").substr(32))) << point;
}

TEST(Signature, ThatHoldsOnlyWithTheCofactorIsRefused) {
  // R with a point T of order 8 added: 8·(S·B) == 8·(R + T) + 8·(k·A), yet S·B != R + T + k·A.
  const SigningKey key = key_of("blue/ops-1", 1);
  std::string expanded(64, '\0'), nonce(32, '\0'), r(32, '\0'), mixed(32, '\0'), wide(64, '\0'), k(32, '\0'), scalar(32, '\0'),
      s(32, '\0');
  ASSERT_EQ(crypto_hash_sha512(raw(expanded), raw(std::string(32, 1)), 32), 0);
  std::string clamped = expanded.substr(0, 32);
  clamped[0] = static_cast<char>(clamped[0] & 0xF8);
  clamped[31] = static_cast<char>((clamped[31] & 0x7F) | 0x40);
  crypto_core_ed25519_scalar_reduce(raw(scalar), raw(clamped + std::string(32, '\0')));
  nonce[0] = 42;
  ASSERT_EQ(crypto_scalarmult_ed25519_base_noclamp(raw(r), raw(nonce)), 0);
  const std::string a(reinterpret_cast<const char*>(key.verifier().key.data()), 32);
  const auto sign_with = [&](const std::string& point) {
    const std::string message = point + a + "m";
    crypto_hash_sha512(raw(wide), raw(message), message.size());
    crypto_core_ed25519_scalar_reduce(raw(k), raw(wide));
    crypto_core_ed25519_scalar_mul(raw(s), raw(k), raw(scalar));
    crypto_core_ed25519_scalar_add(raw(s), raw(s), raw(nonce));
    return point + s;
  };
  EXPECT_TRUE(verify_ed25519(key.verifier(), "m", sign_with(r)));  // the construction itself is sound
  ASSERT_EQ(crypto_core_ed25519_add(raw(mixed), raw(r), raw(unhex(kLowOrderPoints[4]))), 0);
  EXPECT_FALSE(verify_ed25519(key.verifier(), "m", sign_with(mixed)));
}

TEST(Signature, OfAnotherLengthIsRefused) {
  const SigningKey key = key_of("blue/ops-1", 1);
  const std::string signature = key.sign("m");
  for (const std::string& other : std::vector<std::string>{std::string(), signature.substr(0, 63), signature + "x"})
    EXPECT_FALSE(verify_ed25519(key.verifier(), "m", other));
}

TEST(KeyName, IsReadableWithoutSpacesAndPlus) {
  for (const char* name : {"blue/ops-1", "dayrik.example/log", "ديريك", "a"}) EXPECT_TRUE(check_key_name(name)) << name;
  EXPECT_TRUE(check_key_name(std::string(255, 'a')));
  for (const std::string& name :
       std::vector<std::string>{std::string(), std::string("a b"), std::string("a+b"), std::string("a\nb"),
                                std::string("a\xC2\xA0"
                                            "b"),
                                std::string("a\xE2\x80\x83"
                                            "b"),
                                std::string("a\xE3\x80\x80"), std::string("a\xE2\x80\xAE"), std::string("\xFF"),
                                std::string("a\x7F"), std::string(256, 'a')})
    EXPECT_EQ(check_key_name(name).error().rule, Rule::key_name_malformed) << base::to_hex(name);
}

TEST(VerifierKey, WithAnyCharacterChangedIsRefused) {
  const std::string good = to_text(key_of("blue/ops-1", 1).verifier());
  ASSERT_TRUE(parse_vkey(good));
  for (std::size_t i = 0; i < good.size(); ++i)
    for (const char c : {'A', 'b', '7', '+', '=', ' ', '\n', '\0'}) {
      std::string text = good;
      if (text[i] == c) continue;
      text[i] = c;
      EXPECT_FALSE(parse_vkey(text)) << text;
    }
  for (const char* text : {"", "+", "++", "a+b", "a+00000000+"})
    EXPECT_EQ(parse_vkey(text).error().rule, Rule::key_malformed) << text;
}

TEST(VerifierKey, OfAnotherTypeIsRefused) {
  const VerifierKey key = key_of("blue/ops-1", 1).verifier();
  for (const char type : {'\x00', '\x02', '\x03', '\x05', '\x06', '\xFF'}) {
    const std::string bytes = type + std::string(reinterpret_cast<const char*>(key.key.data()), 32);
    const Hash hash = sha256({key.name, "\n", bytes});
    EXPECT_EQ(parse_vkey(key.name + "+" + base::to_hex(hash.view().substr(0, 4)) + "+" + base::to_base64(bytes)).error().rule,
              Rule::key_malformed);
  }
}

TEST(SigningKey, WritesAndReadsItself) {
  testing::CountingEntropy entropy;
  const SigningKey key = SigningKey::generate("blue/ops-1", entropy);
  const auto read = SigningKey::parse(key.skey_text());
  ASSERT_TRUE(read);
  EXPECT_EQ(read->verifier(), key.verifier());
  EXPECT_EQ(read->sign("m"), key.sign("m"));
  EXPECT_NE(key.cosigner().id, key.verifier().id);
  EXPECT_EQ(*parse_vkey(to_text(key.cosigner())), key.cosigner());
  EXPECT_EQ(*make_verifier_key("blue/ops-1", KeyType::ed25519, {reinterpret_cast<const char*>(key.verifier().key.data()), 32}),
            key.verifier());
  EXPECT_EQ(SigningKey::from_seed("blue/ops-1", "short").error().rule, Rule::key_malformed);
  EXPECT_EQ(SigningKey::from_seed("blue ops", std::string(32, 'a')).error().rule, Rule::key_name_malformed);
}

TEST(SigningKey, RefusalNeverQuotesTheSecret) {
  const std::string good = key_of("blue/ops-1", 1).skey_text();
  const std::string secret = good.substr(good.rfind('+') + 1, 12);
  for (const std::string& text : {good + "=", good + "\n", good.substr(1), good.substr(0, good.size() - 1),
                                  "PRIVATE+KEY+x+00000000+" + good.substr(good.rfind('+') + 1)}) {
    const auto read = SigningKey::parse(text);
    ASSERT_FALSE(read) << text;
    EXPECT_EQ(base::to_text(read.error()).find(secret), std::string::npos);
  }
}

TEST(SigningKey, LeavesNothingBehindWhenItGoes) {
  const std::string seed(32, 0x5A);
  alignas(SigningKey) std::array<unsigned char, sizeof(SigningKey)> place{};
  auto* const key = new (place.data()) SigningKey(*SigningKey::from_seed("blue/ops-1", seed));
  const auto holds_seed = [&] {
    return std::search(place.begin(), place.end(), raw(seed), raw(seed) + seed.size()) != place.end();
  };
  EXPECT_TRUE(holds_seed());
  key->~SigningKey();
  EXPECT_FALSE(holds_seed());
}

TEST(KeyFile, InClearIsItsOneLine) {
  const SigningKey key = key_of("blue/ops-1", 1);
  const std::string file = write_key_file(key);
  EXPECT_EQ(file, key.skey_text() + "\n");
  EXPECT_FALSE(wants_passphrase(file));
  EXPECT_EQ(read_key_file(file)->verifier(), key.verifier());
  EXPECT_EQ(public_half(file), key.verifier());
  EXPECT_EQ(read_key_file(file, "word").error().rule, Rule::key_file_locked);
  for (const std::string& other :
       std::vector<std::string>{std::string(), std::string("\n"), file + "\n", file.substr(0, file.size() - 1), " " + file})
    EXPECT_FALSE(read_key_file(other)) << other;
}

TEST(KeyFile, OpensWithItsPassphraseAndNoOther) {
  const SigningKey key = key_of("blue/ops-1", 1);
  testing::CountingEntropy entropy;
  const std::string file = write_key_file(key, "a passphrase of several words", entropy, {1, 8});
  EXPECT_TRUE(file.starts_with("wideberth/key-file/v1\nvkey blue/ops-1+")) << file;
  EXPECT_NE(file.find("\nargon2id 1 8 AQIDBAUGBwgJCgsMDQ4PEA==\nbox ERITFBUWFxgZGhscHR4fICEiIyQlJico"), std::string::npos)
      << file;
  EXPECT_TRUE(wants_passphrase(file));
  EXPECT_EQ(public_half(file), key.verifier());
  const auto opened = read_key_file(file, "a passphrase of several words");
  ASSERT_TRUE(opened) << base::to_text(opened.error());
  EXPECT_EQ(opened->skey_text(), key.skey_text());
  EXPECT_EQ(read_key_file(file).error().rule, Rule::key_file_locked);
  for (const char* other : {"", "a passphrase of several word", "A passphrase of several words"})
    EXPECT_EQ(read_key_file(file, other).error().rule, Rule::key_file_locked) << other;
}

TEST(KeyFile, WithAnyByteChangedDoesNotOpen) {
  const SigningKey key = key_of("blue/ops-1", 1);
  testing::CountingEntropy entropy;
  const std::string file = write_key_file(key, "word", entropy, {1, 8});
  for (std::size_t i = 0; i < file.size(); ++i)
    for (const int change : {0x01, 0x04, 0x20}) {
      std::string other = file;
      other[i] = static_cast<char>(other[i] ^ change);
      EXPECT_FALSE(read_key_file(other, "word")) << i;
    }
  for (const char* cost : {"0 8", "17 8", "1 7", "1 1048577", "01 8", "1", "1 8 "}) {
    std::string other = file;
    other.replace(other.find("argon2id 1 8") + 9, 3, cost);
    EXPECT_EQ(read_key_file(other, "word").error().rule, Rule::key_file_malformed) << cost;
  }
}

RC_GTEST_PROP(KeyLaws, ASignatureHoldsForItsMessageAlone, (const std::string& message, std::uint8_t seed)) {
  const SigningKey key = key_of("blue/ops-1", static_cast<char>(seed));
  const std::string signature = key.sign(message);
  RC_ASSERT(signature == key.sign(message));
  RC_ASSERT(verify_ed25519(key.verifier(), message, signature));
  RC_ASSERT(!verify_ed25519(key.verifier(), message + "x", signature));
  RC_ASSERT(!verify_ed25519(key_of("blue/ops-1", static_cast<char>(seed ^ 1)).verifier(), message, signature));
  std::string other = signature;
  const auto bit = *rc::gen::inRange<std::size_t>(0, 512);
  other[bit / 8] = static_cast<char>(other[bit / 8] ^ (1 << bit % 8));
  RC_ASSERT(!verify_ed25519(key.verifier(), message, other));
}

}  // namespace
}  // namespace wideberth::ledger
