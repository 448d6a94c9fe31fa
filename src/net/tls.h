// Inside net: TLS contexts from files, the server's and the client's.
#pragma once

#include <openssl/ssl.h>

#include <memory>
#include <string>

#include "base/refusal.h"
#include "net/server.h"

namespace wideberth::net {

/// Gives OpenSSL's objects back.
struct FreeTls {
  void operator()(SSL* tls) const { SSL_free(tls); }
  void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
  void operator()(X509* certificate) const { X509_free(certificate); }
};

/// TLS 1.2 or later, forward secrecy and authenticated ciphers only, no renegotiation, no compression.
bool harden(SSL_CTX* context);

/// Refuses with address_unusable, naming the file that cannot be used.
Result<void> load_identity(SSL_CTX* context, const TlsFiles& files);

/// What OpenSSL last complained of on this thread, in words, and forgets it.
std::string tls_complaint();

/// SHA-256 of a certificate's DER form, in hexadecimal, as a pin is written.
std::string fingerprint_of(const X509* certificate);

}  // namespace wideberth::net
