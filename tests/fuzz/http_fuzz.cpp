// Any bytes, cut in any way: the request parser reads the same requests and refuses for the same reason as when it is fed the
// whole; it never holds more than its limits. The same bytes are then read as a response, a target, an event stream and a
// problem.
#include <cstddef>
#include <cstdint>

#include "base/check.h"
#include "http/http.h"

namespace {

using namespace wideberth;

/// Pieces of 1 to 16 bytes, as `seed` has it; one piece where it is 0.
std::string meaning(std::string_view bytes, std::uint32_t seed) {
  const http::HeadLimits limits{600, 8, 200};
  http::RequestParser parser(
      limits, [](std::string_view, std::string_view path) { return path.size() > 3 ? std::size_t{64} : std::size_t{16}; });
  std::string out;
  while (!bytes.empty()) {
    const std::size_t n = seed == 0 ? bytes.size() : std::min<std::size_t>(bytes.size(), 1 + (seed >> 28));
    seed = seed == 0 ? 0 : seed * 1664525U + 1013904223U;
    parser.add(bytes.substr(0, n));
    bytes.remove_prefix(n);
    while (parser.next() == http::RequestParser::Step::request) {
      const http::Request request = parser.take();
      WB_CHECK(request.body.size() <= 64 && request.headers.size() <= limits.most_fields);
      const auto again = http::parse_target(http::encode_path(request.path) + http::encode_query(request.query));
      WB_CHECK(again && again->path == request.path && again->query == request.query);
      out += request.method + " " + request.path + (request.keep_alive ? "+" : "-");
      for (const auto& [name, value] : request.query) out += "?" + name + "=" + value;
      for (const auto& [name, value] : request.headers) out += "|" + name + ":" + value;
      out += "|" + request.body + "\n";
    }
    if (parser.next() == http::RequestParser::Step::refused) return out + base::to_text(parser.refusal());
    WB_CHECK(parser.waiting() <= limits.most_head_bytes);
  }
  return out + (parser.idle() ? "idle" : parser.in_body() ? "body" : "head");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 4) return 0;
  const std::uint32_t seed =
      data[0] | static_cast<std::uint32_t>(data[1]) << 8 | static_cast<std::uint32_t>(data[2]) << 16 | 1U << 24;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 3, size - 3);
  WB_CHECK(meaning(bytes, seed * 2654435761U | 1U) == meaning(bytes, 0));

  http::ResponseParser response;
  response.expect((seed & 1U) != 0);
  response.add(bytes);
  response.add_end();
  (void)response.advance();
  (void)http::read_problem(bytes);
  http::EventReader events(256), cut(256);
  const auto whole = events.add(bytes);
  std::vector<http::Event> pieces;
  bool refused = false;
  for (const char c : bytes) {
    auto more = cut.add(std::string_view(&c, 1));
    if (!more) {
      refused = true;
      break;
    }
    pieces.insert(pieces.end(), more->begin(), more->end());
  }
  WB_CHECK(whole.has_value() == !refused);
  if (whole) WB_CHECK(*whole == pieces);
  return 0;
}
