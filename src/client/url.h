// A server's address.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/refusal.h"

namespace wideberth::client {

struct Url {
  bool tls = false;
  std::string host{};  ///< a name, or an IP address without brackets
  std::uint16_t port = 0;
  friend bool operator==(const Url&, const Url&) = default;
};

/// "http://127.0.0.1:8080", "https://hq.example", "https://[::1]:8443/". Ports default to 80 and 443. Refuses with
/// url_malformed anything with a path, a query, a user or another scheme.
base::Result<Url> parse_url(std::string_view text);
/// With its port, always. Law: parse_url(to_text(u)) == u.
std::string to_text(const Url& url);
/// As in a Host field: the port only where it is not the scheme's own.
std::string authority_of(const Url& url);

}  // namespace wideberth::client
