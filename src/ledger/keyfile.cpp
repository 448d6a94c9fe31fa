#include "ledger/keyfile.h"

#include <sodium.h>

#include <array>
#include <new>
#include <utility>

#include "base/bytes.h"
#include "base/check.h"
#include "ledger/text.h"

namespace wideberth::ledger {
namespace {

constexpr std::string_view kKeyFileHeader = "wideberth/key-file/v1";
constexpr std::uint32_t kMostPasses = 16, kLeastKibibytes = 8, kMostKibibytes = 1'048'576;

static_assert(crypto_pwhash_SALTBYTES == 16 && crypto_secretbox_NONCEBYTES == 24 && crypto_secretbox_KEYBYTES == 32,
              "the format in keyfile.h changes with this line");

/// A key file as it stands, its box still shut.
struct LockedKey {
  VerifierKey verifier;
  PassphraseCost cost;
  std::string salt;
  std::string nonce;
  std::string box;
};

tl::unexpected<base::Refusal> bad_file(std::string found, std::string where = {}) {
  return base::refuse(Rule::key_file_malformed, std::move(found), {}, std::move(where));
}

const unsigned char* bytes_of(const std::string& text) { return reinterpret_cast<const unsigned char*>(text.data()); }

/// The key of the box. Wiped when it goes.
class BoxKey {
 public:
  BoxKey(std::string_view passphrase, const std::string& salt, PassphraseCost cost) {
    WB_CHECK(sodium_init() >= 0);
    if (crypto_pwhash(key_.data(), key_.size(), passphrase.data(), passphrase.size(), bytes_of(salt), cost.passes,
                      std::size_t{cost.kibibytes} * 1024, crypto_pwhash_ALG_ARGON2ID13) != 0)
      throw std::bad_alloc();
  }
  BoxKey(const BoxKey&) = delete;
  BoxKey& operator=(const BoxKey&) = delete;
  ~BoxKey() { sodium_memzero(key_.data(), key_.size()); }
  const unsigned char* data() const { return key_.data(); }

 private:
  std::array<unsigned char, crypto_secretbox_KEYBYTES> key_{};
};

std::string drawn(base::Entropy& entropy, std::size_t size) {
  std::string bytes(size, '\0');
  entropy.fill({reinterpret_cast<unsigned char*>(bytes.data()), bytes.size()});
  return bytes;
}

Result<PassphraseCost> parse_cost(std::string_view passes, std::string_view kibibytes) {
  WB_TRY(most_passes, base::parse_decimal(passes, kMostPasses));
  WB_TRY(most_kibibytes, base::parse_decimal(kibibytes, kMostKibibytes));
  if (most_passes == 0 || most_kibibytes < kLeastKibibytes)
    return bad_file("found a cost of " + base::excerpt(passes) + " " + base::excerpt(kibibytes));
  return PassphraseCost{static_cast<std::uint32_t>(most_passes), static_cast<std::uint32_t>(most_kibibytes)};
}

Result<LockedKey> parse_locked(std::string_view file) {
  Lines lines(file);
  if (lines.next() != kKeyFileHeader) return bad_file("found another first line", "line 1");
  const auto vkey = lines.next("vkey");
  if (!vkey) return bad_file("found no vkey", lines.where_next());
  WB_TRY(verifier, parse_vkey(*vkey));
  const auto argon = lines.next("argon2id");
  if (!argon) return bad_file("found no argon2id", lines.where_next());
  std::string_view rest = *argon;
  const auto passes = take_until(rest, ' ');
  const auto kibibytes = passes ? take_until(rest, ' ') : std::nullopt;
  if (!kibibytes) return bad_file("found fewer than three values", lines.where());
  const auto cost = parse_cost(*passes, *kibibytes);
  if (!cost) return bad_file(cost.error().found, lines.where());
  auto salt = base::from_base64(rest);
  if (!salt || salt->size() != crypto_pwhash_SALTBYTES) return bad_file("found no salt of 16 bytes", lines.where());
  const auto boxed = lines.next("box");
  const auto box = boxed ? base::from_base64(*boxed) : base::refuse(Rule::key_file_malformed);
  constexpr std::size_t least = crypto_secretbox_NONCEBYTES + crypto_secretbox_MACBYTES;
  if (!box || box->size() <= least || box->size() > least + 1024)
    return bad_file("found no box", boxed ? lines.where() : lines.where_next());
  if (!lines.rest().empty()) return bad_file("found more after the box", lines.where_next());
  return LockedKey{std::move(verifier), *cost, std::move(*salt), box->substr(0, crypto_secretbox_NONCEBYTES),
                   box->substr(crypto_secretbox_NONCEBYTES)};
}

Result<SigningKey> open_box(const LockedKey& locked, std::string_view passphrase) {
  const BoxKey key(passphrase, locked.salt, locked.cost);
  std::string secret(locked.box.size() - crypto_secretbox_MACBYTES, '\0');
  if (crypto_secretbox_open_easy(reinterpret_cast<unsigned char*>(secret.data()), bytes_of(locked.box), locked.box.size(),
                                 bytes_of(locked.nonce), key.data()) != 0)
    return base::refuse(Rule::key_file_locked, "found another passphrase, or a damaged file");
  auto opened = SigningKey::parse(secret);
  wipe(secret);
  if (opened && opened->verifier() != locked.verifier) return bad_file("found a vkey that is not that of the secret", "line 2");
  return opened;
}

/// The skey line of a file in clear.
Result<std::string_view> clear_line(std::string_view file) {
  if (file.empty() || file.back() != '\n' || file.find('\n') != file.size() - 1 || file.size() > 1024)
    return bad_file("found no single line");
  return file.substr(0, file.size() - 1);
}

}  // namespace

std::string write_key_file(const SigningKey& key) { return key.skey_text() + "\n"; }

std::string write_key_file(const SigningKey& key, std::string_view passphrase, base::Entropy& entropy, PassphraseCost cost) {
  WB_CHECK(cost.passes >= 1 && cost.passes <= kMostPasses && cost.kibibytes >= kLeastKibibytes &&
           cost.kibibytes <= kMostKibibytes);
  const std::string salt = drawn(entropy, crypto_pwhash_SALTBYTES), nonce = drawn(entropy, crypto_secretbox_NONCEBYTES);
  const BoxKey box_key(passphrase, salt, cost);
  std::string secret = key.skey_text();
  std::string box(secret.size() + crypto_secretbox_MACBYTES, '\0');
  WB_CHECK(crypto_secretbox_easy(reinterpret_cast<unsigned char*>(box.data()), bytes_of(secret), secret.size(), bytes_of(nonce),
                                 box_key.data()) == 0);
  wipe(secret);
  return std::string(kKeyFileHeader) + "\nvkey " + to_text(key.verifier()) + "\nargon2id " + std::to_string(cost.passes) + " " +
         std::to_string(cost.kibibytes) + " " + base::to_base64(salt) + "\nbox " + base::to_base64(nonce + box) + "\n";
}

bool wants_passphrase(std::string_view file) { return file.starts_with(kKeyFileHeader); }

Result<VerifierKey> public_half(std::string_view file) {
  if (wants_passphrase(file)) return parse_locked(file).map([](LockedKey&& locked) { return std::move(locked.verifier); });
  WB_TRY(line, clear_line(file));
  return SigningKey::parse(line).map([](const SigningKey& key) { return key.verifier(); });
}

Result<SigningKey> read_key_file(std::string_view file, std::optional<std::string_view> passphrase) {
  if (wants_passphrase(file)) {
    WB_TRY(locked, parse_locked(file));
    if (!passphrase) return base::refuse(Rule::key_file_locked, "found no passphrase");
    return open_box(locked, *passphrase);
  }
  WB_TRY(line, clear_line(file));
  if (passphrase) return base::refuse(Rule::key_file_locked, "found a passphrase for a key in clear", "no passphrase");
  return SigningKey::parse(line);
}

}  // namespace wideberth::ledger
