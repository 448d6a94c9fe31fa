#include "http/respond.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace wideberth::http {

namespace {

void add_field(std::string& out, std::string_view name, std::string_view value) {
  out += name;
  out += ": ";
  // A value never ends its line: what is text from elsewhere cannot add a field of its own.
  for (const char c : value)
    if (static_cast<unsigned char>(c) >= 0x20 && c != 0x7F) out += c;
  out += "\r\n";
}

}  // namespace

std::string_view reason_of(int status) noexcept {
  switch (status) {
    case 200: return "OK";
    case 201: return "Created";
    case 202: return "Accepted";
    case 204: return "No Content";
    case 206: return "Partial Content";
    case 301: return "Moved Permanently";
    case 303: return "See Other";
    case 304: return "Not Modified";
    case 307: return "Temporary Redirect";
    case 400: return "Bad Request";
    case 401: return "Unauthorized";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 406: return "Not Acceptable";
    case 408: return "Request Timeout";
    case 409: return "Conflict";
    case 410: return "Gone";
    case 412: return "Precondition Failed";
    case 413: return "Content Too Large";
    case 415: return "Unsupported Media Type";
    case 416: return "Range Not Satisfiable";
    case 422: return "Unprocessable Content";
    case 429: return "Too Many Requests";
    case 431: return "Request Header Fields Too Large";
    case 500: return "Internal Server Error";
    case 503: return "Service Unavailable";
    case 505: return "HTTP Version Not Supported";
    default: return "Status";
  }
}

std::string to_http_date(base::Instant at) {
  constexpr std::array<std::string_view, 7> kDays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::array<std::string_view, 12> kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  constexpr std::int64_t kDay = 86'400'000;
  const std::string text = base::to_text(at);  // 2020-08-25T06:58:12.417Z
  const std::int64_t day = at.ms() >= 0 ? at.ms() / kDay : -((-at.ms() + kDay - 1) / kDay);
  const auto weekday = static_cast<std::size_t>(((day + 4) % 7 + 7) % 7);  // 1970-01-01 was a Thursday
  const int tens = text[5] - '0', ones = text[6] - '0';
  const auto month = static_cast<std::size_t>(tens) * 10 + static_cast<std::size_t>(ones);
  std::string out(kDays[weekday]);
  out += ", " + text.substr(8, 2) + " ";
  out += kMonths[month - 1];
  out += " " + text.substr(0, 4) + " " + text.substr(11, 8) + " GMT";
  return out;
}

std::string chunk(std::string_view piece) {
  if (piece.empty()) return {};
  std::array<char, 16> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), piece.size(), 16).ptr;
  std::string out(digits.data(), end);
  out += "\r\n";
  out += piece;
  out += "\r\n";
  return out;
}

std::string to_bytes(const Response& response, const Manner& manner) {
  const bool bodiless = response.status == 204 || response.status == 304;
  const bool chunked = response.feed && manner.http11;
  std::string out;
  out.reserve(response.body.size() + 256);
  out += "HTTP/1.1 " + std::to_string(response.status) + " ";
  out += reason_of(response.status);
  out += "\r\n";
  add_field(out, "Date", to_http_date(manner.date));
  if (!response.content_type.empty() && !bodiless) add_field(out, "Content-Type", response.content_type);
  if (chunked)
    add_field(out, "Transfer-Encoding", "chunked");
  else if (!response.feed && !bodiless)
    add_field(out, "Content-Length", std::to_string(response.body.size()));
  add_field(out, "X-Content-Type-Options", "nosniff");
  if (!find_field(response.headers, "Cache-Control")) add_field(out, "Cache-Control", "no-store");
  for (const auto& [name, value] : response.headers) add_field(out, name, value);
  const bool stays = manner.keep_alive && (!response.feed || manner.http11);
  if (!stays)
    add_field(out, "Connection", "close");
  else if (!manner.http11)
    add_field(out, "Connection", "keep-alive");
  out += "\r\n";
  if (!manner.head_only && !bodiless) out += chunked ? chunk(response.body) : response.body;
  return out;
}

Response json_response(std::string body, int status) {
  Response response;
  response.status = status;
  response.body = std::move(body);
  return response;
}

}  // namespace wideberth::http
