#include "ledger/hash.h"

#include <openssl/evp.h>

#include <algorithm>
#include <cstring>
#include <memory>

#include "base/bytes.h"
#include "base/check.h"

namespace wideberth::ledger {
namespace {

/// Fetched once for the process: an unfetched digest costs three times as much per Merkle node.
const EVP_MD* sha256_method() {
  static EVP_MD* const method = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  WB_CHECK(method != nullptr);
  return method;
}

struct FreeContext {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};

/// One context a thread, used again and again.
EVP_MD_CTX* fresh_context() {
  thread_local const std::unique_ptr<EVP_MD_CTX, FreeContext> context{EVP_MD_CTX_new()};
  WB_CHECK(context != nullptr);
  WB_CHECK(EVP_DigestInit_ex2(context.get(), sha256_method(), nullptr) == 1);
  return context.get();
}

Hash finish(EVP_MD_CTX* context) {
  Hash hash;
  unsigned int length = 0;
  WB_CHECK(EVP_DigestFinal_ex(context, hash.bytes.data(), &length) == 1 && length == hash.bytes.size());
  return hash;
}

}  // namespace

std::string_view Hash::view() const { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }

Hash sha256(std::string_view bytes) { return sha256({bytes}); }

Hash sha256(std::initializer_list<std::string_view> pieces) {
  EVP_MD_CTX* const context = fresh_context();
  for (const std::string_view piece : pieces) WB_CHECK(EVP_DigestUpdate(context, piece.data(), piece.size()) == 1);
  return finish(context);
}

Hash leaf_hash(std::string_view entry) { return sha256({std::string_view("\0", 1), entry}); }

Hash node_hash(const Hash& left, const Hash& right) {
  std::array<unsigned char, 65> message{0x01};
  std::memcpy(message.data() + 1, left.bytes.data(), left.bytes.size());
  std::memcpy(message.data() + 33, right.bytes.data(), right.bytes.size());
  return sha256(std::string_view(reinterpret_cast<const char*>(message.data()), message.size()));
}

Hash empty_root() { return sha256(std::string_view{}); }

std::string to_base64(const Hash& hash) { return base::to_base64(hash.view()); }

Result<Hash> hash_from_base64(std::string_view text) {
  const auto bytes = text.size() == 44 ? base::from_base64(text) : base::refuse(Rule::base64_malformed);
  if (!bytes || bytes->size() != 32)
    return base::refuse(Rule::hash_malformed, "found \"" + base::excerpt(text) + "\"", "44 characters of canonical base64");
  return hash_from_bytes(*bytes);
}

Result<Hash> hash_from_bytes(std::string_view bytes) {
  Hash hash;
  if (bytes.size() != hash.bytes.size())
    return base::refuse(Rule::hash_malformed, "found " + std::to_string(bytes.size()) + " bytes", "32 bytes");
  std::memcpy(hash.bytes.data(), bytes.data(), bytes.size());
  return hash;
}

}  // namespace wideberth::ledger
