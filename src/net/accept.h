// Connections in and datagrams in, for feeds: blocking, with an end to every wait.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "net/dial.h"
#include "net/server.h"

namespace wideberth::net {

struct ListenAt {
  std::string address = "127.0.0.1";  ///< an IP address; 0.0.0.0 or :: for every one
  std::uint16_t port = 0;             ///< 0: any; see port()
  std::optional<TlsFiles> tls{};
  std::string
      authorities{};  ///< PEM: with TLS, clients must show a certificate that one of these has signed; empty: none is asked for
};

/// Not for two threads at once; the wires it gives may go to other threads. Refusals: address_unusable.
class Listener {
 public:
  static Result<Listener> open(const ListenAt& at);
  Listener(Listener&&) noexcept;
  Listener& operator=(Listener&&) noexcept;
  ~Listener();

  std::uint16_t port() const;
  /// The next connection; none where none came in time, or one came and did not finish the TLS handshake within five seconds.
  Result<std::optional<Wire>> accept(Millis within);

 private:
  struct State;
  explicit Listener(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

/// A UDP socket; joins the group where the address is one (239.2.3.1).
class Datagrams {
 public:
  static Result<Datagrams> open(const std::string& address, std::uint16_t port);
  Datagrams(Datagrams&& other) noexcept;
  Datagrams& operator=(Datagrams&& other) noexcept;
  ~Datagrams();

  std::uint16_t port() const;
  /// One datagram of at most 64 KiB; none where none came in time.
  Result<std::optional<std::string>> receive(Millis within);

 private:
  explicit Datagrams(int fd) : fd_{fd} {}
  int fd_ = -1;
};

}  // namespace wideberth::net
