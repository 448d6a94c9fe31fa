// One blocking connection out, plain or TLS. Every wait has an end.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/instant.h"
#include "base/refusal.h"

namespace wideberth::net {

using base::Millis;
using base::Result;

/// Whom to believe at the other end of TLS. With a pin, that certificate and no other, whoever signed it and whatever name it
/// has; otherwise one that is signed by an authority of `authorities` (or of this machine, where empty) for the host's name.
struct Trust {
  std::string authorities{};  ///< a PEM file
  std::string pin{};          ///< SHA-256 of the certificate's DER form: 64 hexadecimal digits of either case, colons passed over
};

struct Dial {
  std::string host{};
  std::uint16_t port = 0;
  bool tls = false;
  Trust trust{};
  Millis within = Millis::from_seconds(10);  ///< for connecting and the handshake; the name's look-up is the system's affair
};

struct Received {
  std::string bytes{};
  bool ended = false;      ///< the other end will send nothing more
  bool timed_out = false;  ///< nothing came in time; the connection is as good as before
};

/// Not for two threads at once. Refusals: server_unreachable, server_silent, server_untrusted.
class Wire {
 public:
  static Result<Wire> dial(const Dial& to);
  Wire(Wire&&) noexcept;
  Wire& operator=(Wire&&) noexcept;
  ~Wire();

  /// All of it, or a refusal: server_silent where the other end takes no byte for `within`.
  Result<void> send(std::string_view bytes, Millis within);
  /// What there is, up to 64 KiB, as soon as there is any.
  Result<Received> receive(Millis within);
  /// Says that we send nothing more; answers can still come (plain connections only).
  void end_output();

 private:
  friend class Listener;
  struct State;
  /// A connection that came in, with the handshake done where `context` (an SSL_CTX) is given.
  static std::optional<Wire> taken(int fd, void* context, Millis within);
  explicit Wire(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace wideberth::net
