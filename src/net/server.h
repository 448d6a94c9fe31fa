// The server: one port, one I/O thread, many peers.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "base/instant.h"
#include "base/ports.h"
#include "base/refusal.h"
#include "http/parser.h"
#include "http/router.h"

namespace wideberth::net {

using base::Millis;
using base::Result;

/// PEM files: the certificate with those that signed it, leaf first, and its key.
struct TlsFiles {
  std::string certificate{};
  std::string key{};
};

/// What a peer may ask of us. The times are watched by a sweep, so each may take up to one `sweep` longer.
struct ServerLimits {
  std::size_t most_connections = 1024;
  std::size_t most_connections_per_peer = 256;  ///< by address
  std::size_t most_in_flight = 16;              ///< requests unanswered on one connection; reading pauses there
  std::size_t most_buffered = 256 * 1024;       ///< bytes made ready for one peer beyond which nothing more is pulled or read
  http::HeadLimits head{};
  Millis head_time = Millis::from_seconds(10);   ///< from its first byte, or from the connection, to the end of a head
  Millis body_time = Millis::from_seconds(30);   ///< for a body, and one second more for each `least_body_rate` bytes of it
  std::size_t least_body_rate = 1024;            ///< bytes a second
  Millis idle_time = Millis::from_seconds(75);   ///< between requests
  Millis write_time = Millis::from_seconds(30);  ///< without the peer taking a byte
  Millis stop_time = Millis::from_seconds(10);   ///< for answers in flight once the server stops
  Millis linger_time = Millis::from_seconds(2);  ///< for the peer to read a last answer before the connection is cut
  Millis sweep = Millis::from_seconds(1);
};

struct ServerConfig {
  std::string address = "127.0.0.1";  ///< an IP address; "::" and "0.0.0.0" are every interface
  std::uint16_t port = 0;             ///< 0: a free one
  std::optional<TlsFiles> tls{};      ///< none: plain HTTP
  ServerLimits limits{};
};

struct ServerCounts {
  std::uint64_t connections = 0;  ///< now
  std::uint64_t accepted = 0;     ///< since the beginning, and so on
  std::uint64_t turned_away = 0;  ///< for want of room
  std::uint64_t requests = 0;
  std::uint64_t refused = 0;    ///< could not be read, or broke a limit
  std::uint64_t timed_out = 0;  ///< too slow
};

class Server {
 public:
  /// Listens and serves from here on, on a thread of its own. Refuses with address_unusable (the address is taken or not
  /// ours; a certificate or key that cannot be used, `where` naming the file).
  /// REQUIRES: `clock` outlives the server; it is read on the I/O thread only.
  static Result<std::unique_ptr<Server>> listen(const ServerConfig& config, http::Router router, base::Clock& clock);
  /// Stops.
  ~Server();

  std::uint16_t port() const;
  /// "http://127.0.0.1:8080", as a client would ask for it.
  std::string url() const;

  /// Takes no new connection or request, lets answers in flight leave within `stop_time`, ends feeds after a last pull, closes
  /// the router, then returns; a second call returns at once. Never from a handler: it waits for the I/O thread.
  void stop();
  ServerCounts counts() const;

 private:
  struct Core;
  friend struct ServerParts;
  explicit Server(std::shared_ptr<Core> core);
  std::shared_ptr<Core> core_;
};

}  // namespace wideberth::net
