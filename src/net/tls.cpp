#include "net/tls.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include <array>

#include "base/bytes.h"

namespace wideberth::net {

bool harden(SSL_CTX* context) {
  // A call that OpenSSL makes of a macro with an old-style cast has a function of the same meaning behind it.
  SSL_CTX_set_options(context, SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION | SSL_OP_CIPHER_SERVER_PREFERENCE);
  return SSL_CTX_ctrl(context, SSL_CTRL_SET_MIN_PROTO_VERSION, TLS1_2_VERSION, nullptr) == 1 &&
         SSL_CTX_set_cipher_list(context, "ECDHE+AESGCM:ECDHE+CHACHA20:!aNULL") == 1;
}

std::string tls_complaint() {
  std::array<char, 256> text{};
  const unsigned long code = ERR_get_error();
  ERR_clear_error();
  if (code == 0) return "no reason given";
  const char* reason = ERR_reason_error_string(code);
  if (reason) return reason;
  ERR_error_string_n(code, text.data(), text.size());
  return text.data();
}

Result<void> load_identity(SSL_CTX* context, const TlsFiles& files) {
  using base::Rule;
  ERR_clear_error();
  if (SSL_CTX_use_certificate_chain_file(context, files.certificate.c_str()) != 1)
    return base::refuse(Rule::address_unusable, "the certificate cannot be used: " + tls_complaint(),
                        "a PEM file, the server's own certificate first", files.certificate);
  if (SSL_CTX_use_PrivateKey_file(context, files.key.c_str(), SSL_FILETYPE_PEM) != 1)
    return base::refuse(Rule::address_unusable, "the key cannot be used: " + tls_complaint(),
                        "a PEM file with the key of the certificate, not encrypted", files.key);
  if (SSL_CTX_check_private_key(context) != 1)
    return base::refuse(Rule::address_unusable, "the key is not that of the certificate",
                        "the key that the certificate was made with", files.key);
  return {};
}

std::string fingerprint_of(const X509* certificate) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  if (X509_digest(certificate, EVP_sha256(), digest.data(), &size) != 1) return {};
  return base::to_hex(std::string(digest.begin(), digest.begin() + size));
}

}  // namespace wideberth::net
