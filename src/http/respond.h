// A response as bytes.
#pragma once

#include <string>
#include <string_view>

#include "base/instant.h"
#include "http/message.h"

namespace wideberth::http {

/// What the bytes depend on beside the response.
struct Manner {
  bool keep_alive = true;  ///< the connection stays open afterwards
  bool http11 = true;      ///< false: the peer knows no chunks, a feed ends with the connection
  bool head_only = false;  ///< the answer to HEAD: all fields, no body
  base::Instant date{};    ///< for the Date field
};

/// The whole response; of one with a feed, the head and the first chunk (the body it begins with). Adds Date, Content-Length
/// or Transfer-Encoding, Connection, X-Content-Type-Options: nosniff and, unless the response says otherwise,
/// Cache-Control: no-store.
std::string to_bytes(const Response& response, const Manner& manner);

/// One piece of a feed as a chunk (RFC 9112 section 7.1); nothing for nothing.
std::string chunk(std::string_view piece);
/// The chunk that ends a feed.
inline constexpr std::string_view kLastChunk = "0\r\n\r\n";
/// The answer to Expect: 100-continue.
inline constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";

/// "Tue, 25 Aug 2020 06:58:12 GMT" (RFC 9110 section 5.6.7).
std::string to_http_date(base::Instant at);
/// "Not Found"; "Status" for one that is not in use here.
std::string_view reason_of(int status) noexcept;

/// A JSON document.
Response json_response(std::string body, int status = 200);

}  // namespace wideberth::http
