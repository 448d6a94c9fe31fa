#include "client/url.h"

#include <algorithm>

#include "base/bytes.h"

namespace wideberth::client {

namespace {

std::uint16_t own_port(bool tls) { return tls ? 443 : 80; }
std::string bracketed(const std::string& host) { return host.find(':') == std::string::npos ? host : "[" + host + "]"; }

}  // namespace

base::Result<Url> parse_url(std::string_view text) {
  const auto bad = [&](const char* what) {
    return base::refuse(base::Rule::url_malformed, "found \"" + base::excerpt(text) + "\": " + what,
                        "such as https://hq.example:8443");
  };
  Url url;
  std::string_view rest = text;
  if (rest.starts_with("https://"))
    url.tls = true;
  else if (!rest.starts_with("http://"))
    return bad("it does not begin with http:// or https://");
  rest.remove_prefix(url.tls ? 8 : 7);
  if (rest.ends_with('/')) rest.remove_suffix(1);
  if (rest.find_first_of("/?#@") != std::string_view::npos) return bad("a server's address has no path, query or user");
  std::string_view port;
  bool has_port = false;
  if (rest.starts_with('[')) {
    const std::size_t end = rest.find(']');
    if (end == std::string_view::npos) return bad("a bracket is open");
    url.host = rest.substr(1, end - 1);
    if (url.host.find(':') == std::string::npos) return bad("brackets are for IPv6 addresses");
    rest.remove_prefix(end + 1);
    if (!rest.empty() && rest[0] != ':') return bad("something follows the bracket");
    has_port = !rest.empty();
    port = has_port ? rest.substr(1) : rest;
  } else {
    const std::size_t colon = rest.find(':');
    has_port = colon != std::string_view::npos;
    url.host = rest.substr(0, colon);
    if (has_port) port = rest.substr(colon + 1);
  }
  const bool plain = std::all_of(url.host.begin(), url.host.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '.' || c == ':' ||
           c == '_';
  });
  if (url.host.empty() || !plain || url.host.size() > 253) return bad("the host is no name and no IP address");
  url.port = own_port(url.tls);
  if (has_port) {
    const auto number = base::parse_decimal(port, 65535);
    if (!number || *number == 0) return bad("a port is a number from 1 to 65535");
    url.port = static_cast<std::uint16_t>(*number);
  }
  return url;
}

std::string to_text(const Url& url) {
  return std::string(url.tls ? "https://" : "http://") + bracketed(url.host) + ":" + std::to_string(url.port);
}

std::string authority_of(const Url& url) {
  return url.port == own_port(url.tls) ? bracketed(url.host) : bracketed(url.host) + ":" + std::to_string(url.port);
}

}  // namespace wideberth::client
