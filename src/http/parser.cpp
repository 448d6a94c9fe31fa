// The one place that includes Beast: its grammar of a head. Bodies are cut out by body.h, whose limits do not hang on how the
// bytes arrived.
#include "http/parser.h"

#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>
#include <limits>

#include "base/bytes.h"
#include "base/check.h"
#include "http/target.h"

namespace wideberth::http {

using base::excerpt;
using base::Refusal;
using base::refuse;
using base::Rule;

namespace {

namespace beast = boost::beast::http;
using boost::beast::error_code;
using BoostView = boost::beast::string_view;

/// Reads one whole head; what follows it is not Beast's.
template <bool is_request>
class HeadReader : public beast::basic_parser<is_request> {
 public:
  HeadReader() {
    this->header_limit(std::numeric_limits<std::uint32_t>::max());
    this->body_limit(boost::none);
  }
  error_code read(std::string_view head) {
    error_code error;
    const std::size_t used = this->put(boost::asio::const_buffer(head.data(), head.size()), error);
    if (!error && used != head.size()) error = beast::error::bad_line_ending;
    return error;
  }

  std::string method{}, target{};
  int version = 11, status = 0;
  Fields fields{};

 private:
  void on_request_impl(beast::verb, BoostView method_text, BoostView target_text, int http_version, error_code&) override {
    method = std::string(method_text);
    target = std::string(target_text);
    version = http_version;
  }
  void on_response_impl(int code, BoostView, int http_version, error_code&) override {
    status = code;
    version = http_version;
  }
  void on_field_impl(beast::field, BoostView name, BoostView value, error_code&) override {
    fields.emplace_back(std::string(name), std::string(value));
  }
  void on_header_impl(error_code&) override {}
  void on_body_init_impl(const boost::optional<std::uint64_t>&, error_code&) override {}
  std::size_t on_body_impl(BoostView, error_code&) override { return 0; }
  void on_chunk_header_impl(std::uint64_t, BoostView, error_code&) override {}
  std::size_t on_chunk_body_impl(std::uint64_t, BoostView, error_code&) override { return 0; }
  void on_finish_impl(error_code&) override {}
};

std::string lower_case(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
}

std::size_t count_of(const Fields& fields, std::string_view name) {
  std::size_t n = 0;
  for (const auto& field : fields)
    if (lower_case(field.first) == name) ++n;
  return n;
}

/// What the fields say of the body: its length, or chunks; neither where they say nothing.
struct Framing {
  bool chunked = false;
  std::optional<std::uint64_t> length{};
};

Result<Framing> framing_of(const Fields& fields, int version, Rule rule) {
  Framing framing;
  if (count_of(fields, "content-length") > 1 || count_of(fields, "transfer-encoding") > 1)
    return refuse(rule, "found the length of the body stated twice", "one Content-Length, or one Transfer-Encoding");
  if (const auto coding = find_field(fields, "Transfer-Encoding")) {
    if (lower_case(*coding) != "chunked" || version < 11)
      return refuse(rule, "found Transfer-Encoding: " + excerpt(*coding), "chunked, in HTTP/1.1");
    if (find_field(fields, "Content-Length"))
      return refuse(rule, "found both Content-Length and Transfer-Encoding", "one of them");
    framing.chunked = true;
  } else if (const auto length = find_field(fields, "Content-Length")) {
    const auto n = base::parse_decimal(*length, std::uint64_t{1} << 53);
    if (!n) return refuse(rule, "found Content-Length: " + excerpt(*length), "a whole number");
    framing.length = *n;
  }
  return framing;
}

bool keeps_alive(const Fields& fields, int version) {
  bool close = false, keep = false;
  for (const auto& [name, value] : fields) {
    if (lower_case(name) != "connection") continue;
    const std::string options = lower_case(value);
    close = close || options.find("close") != std::string::npos;
    keep = keep || options.find("keep-alive") != std::string::npos;
  }
  return !close && (version >= 11 || keep);
}

Result<void> check_request_head(const HeadReader<true>& head, const HeadLimits& limits) {
  if (head.target.size() > limits.most_target_bytes)
    return refuse(Rule::http_head_too_large, "found a path and query of " + std::to_string(head.target.size()) + " bytes",
                  "at most " + std::to_string(limits.most_target_bytes));
  if (head.fields.size() > limits.most_fields)
    return refuse(Rule::http_head_too_large, "found " + std::to_string(head.fields.size()) + " header fields",
                  "at most " + std::to_string(limits.most_fields));
  const std::size_t hosts = count_of(head.fields, "host");
  if (hosts > 1 || (hosts == 0 && head.version >= 11))
    return refuse(Rule::http_malformed, "found " + std::to_string(hosts) + " Host fields", "one");
  if (const auto expected = find_field(head.fields, "Expect"); expected && lower_case(*expected) != "100-continue")
    return refuse(Rule::http_malformed, "found Expect: " + excerpt(*expected), "100-continue, or no such field");
  return {};
}

Refusal too_large_body(std::size_t most) {
  return Refusal{Rule::http_body_too_large, "found a longer body", "at most " + std::to_string(most) + " bytes", ""};
}

bool folded(std::string_view head) {
  return head.find("\r\n ") != std::string_view::npos || head.find("\r\n\t") != std::string_view::npos;
}

/// What can be told from the first byte, before a line has ended: somebody speaks another protocol.
std::optional<Refusal> foreign(char first) {
  if (first == '\x16')
    return Refusal{Rule::http_malformed, "found the beginning of a TLS handshake", "plain http:// at this port", ""};
  const bool letter = (first >= 'A' && first <= 'Z') || (first >= 'a' && first <= 'z') || first == '\r';
  if (!letter)
    return Refusal{Rule::http_malformed, "found \"" + excerpt(std::string_view(&first, 1)) + "\" where a request begins",
                   "a method", ""};
  return std::nullopt;
}

}  // namespace

RequestParser::RequestParser(HeadLimits limits, MostBody most_body) : limits_(limits), most_body_(std::move(most_body)) {}

RequestParser::Step RequestParser::refuse_with(Refusal refusal) {
  phase_ = Phase::refused;
  refusal_ = std::move(refusal);
  buffer_ = {};
  at_ = 0;
  return Step::refused;
}

/// Gives back what was read, once it is most of the buffer: the cost stays in proportion to the bytes.
void RequestParser::drop_read() {
  if (at_ < buffer_.size() && at_ < 64 * 1024) return;
  buffer_.erase(0, at_);
  at_ = 0;
}

RequestParser::Step RequestParser::begin_body(std::string_view head) {
  HeadReader<true> reader;
  const error_code error = reader.read(head);
  if (error == beast::error::bad_version)
    return refuse_with(Refusal{Rule::http_version, "found another version, or a first line that is none", "HTTP/1.1", ""});
  if (error) return refuse_with(Refusal{Rule::http_malformed, "found a " + error.message(), "", ""});
  if (folded(head))
    return refuse_with(Refusal{Rule::http_malformed, "found a folded header field", "each field on one line", ""});
  if (auto checked = check_request_head(reader, limits_); !checked) return refuse_with(checked.error());
  const auto framing = framing_of(reader.fields, reader.version, Rule::http_malformed);
  if (!framing) return refuse_with(framing.error());
  auto target = parse_target(reader.target);
  if (!target) return refuse_with(std::move(target).error());

  request_ = Request{};
  request_.method = std::move(reader.method);
  request_.path = std::move(target->path);
  request_.query = std::move(target->query);
  request_.headers = std::move(reader.fields);
  request_.http11 = reader.version >= 11;
  request_.keep_alive = keeps_alive(request_.headers, reader.version);
  most_ = most_body_(request_.method, request_.path);
  if (framing->length.value_or(0) > most_) return refuse_with(too_large_body(most_));
  body_ = framing->chunked ? BodyReader::of_chunks() : BodyReader::of_length(framing->length.value_or(0));
  const bool has_body = framing->chunked || framing->length.value_or(0) > 0;
  expects_ = has_body && request_.http11 && request_.header("Expect").has_value();
  phase_ = Phase::body;
  return Step::more;
}

RequestParser::Step RequestParser::next() {
  if (phase_ == Phase::refused) return Step::refused;
  if (phase_ == Phase::whole) return Step::request;
  if (phase_ == Phase::head) {
    std::string_view rest = std::string_view(buffer_).substr(at_);
    // One empty line before a request is passed over (RFC 9112 section 2.2).
    if (!past_empty_line_ && rest == "\r") return Step::more;
    if (!past_empty_line_ && rest.starts_with("\r\n")) {
      at_ += 2;
      rest.remove_prefix(2);
      past_empty_line_ = true;
    }
    if (rest.empty()) return Step::more;
    if (auto other = foreign(rest.front())) return refuse_with(*std::move(other));
    switch (scan_.look(rest, limits_.most_head_bytes)) {
      case HeadScan::Found::nothing_yet: return Step::more;
      case HeadScan::Found::bare_line_feed:
        return refuse_with(
            Refusal{Rule::http_malformed, "found a line that ends without a carriage return", "lines that end in CR LF", ""});
      case HeadScan::Found::too_large:
        return refuse_with(Refusal{Rule::http_head_too_large, "found a longer head",
                                   "at most " + std::to_string(limits_.most_head_bytes) + " bytes", ""});
      case HeadScan::Found::end: break;
    }
    const std::size_t size = scan_.size();
    scan_ = HeadScan{};
    at_ += size;
    if (begin_body(rest.substr(0, size)) == Step::refused) return Step::refused;
  }
  std::string_view rest = std::string_view(buffer_).substr(at_);
  const std::size_t before = rest.size();
  const auto step = body_.read(rest, request_.body, most_);
  at_ += before - rest.size();
  drop_read();
  switch (step) {
    case BodyReader::Step::more: return Step::more;
    case BodyReader::Step::malformed:
      return refuse_with(Refusal{Rule::http_malformed, "found a body that is not in chunks, though its head says so", "", ""});
    case BodyReader::Step::too_large: return refuse_with(too_large_body(most_));
    case BodyReader::Step::whole: break;
  }
  phase_ = Phase::whole;
  expects_ = false;
  return Step::request;
}

Request RequestParser::take() {
  WB_CHECK(phase_ == Phase::whole);
  phase_ = Phase::head;
  past_empty_line_ = false;
  return std::exchange(request_, Request{});
}

bool RequestParser::take_expectation() { return phase_ == Phase::body && std::exchange(expects_, false); }

void ResponseParser::expect(bool to_head) {
  buffer_.erase(0, at_);
  at_ = 0;
  scan_ = HeadScan{};
  phase_ = Phase::head;
  body_bytes_.clear();
  headers_.clear();
  status_ = 0;
  to_head_ = to_head;
}

Result<void> ResponseParser::begin_body(std::string_view head) {
  HeadReader<false> reader;
  if (const error_code error = reader.read(head))
    return refuse(Rule::server_unintelligible, "found a " + error.message() + " in the answer's head", "HTTP/1.1");
  if (reader.fields.size() > limits_.most_fields)
    return refuse(Rule::server_unintelligible, "found " + std::to_string(reader.fields.size()) + " header fields");
  if (reader.status / 100 == 1) return {};  // an interim answer: the real one follows
  WB_TRY(framing, framing_of(reader.fields, reader.version, Rule::server_unintelligible));
  status_ = reader.status;
  headers_ = std::move(reader.fields);
  const bool bodiless = to_head_ || status_ == 204 || status_ == 304;
  if (bodiless)
    body_ = BodyReader::of_length(0);
  else if (framing.chunked)
    body_ = BodyReader::of_chunks();
  else
    body_ = framing.length ? BodyReader::of_length(*framing.length) : BodyReader::until_end();
  keep_alive_ = keeps_alive(headers_, reader.version) && !body_.ends_with_connection();
  phase_ = Phase::body;
  return {};
}

Result<void> ResponseParser::advance() {
  while (phase_ == Phase::head) {
    const std::string_view rest = std::string_view(buffer_).substr(at_);
    switch (scan_.look(rest, limits_.most_head_bytes)) {
      case HeadScan::Found::nothing_yet:
        if (ended_) return refuse(Rule::server_unreachable, "the connection was closed before an answer", "an answer");
        return {};
      case HeadScan::Found::end: break;
      default: return refuse(Rule::server_unintelligible, "found \"" + excerpt(rest) + "\"", "an HTTP/1.1 answer");
    }
    const std::size_t size = scan_.size();
    scan_ = HeadScan{};
    at_ += size;
    WB_TRY_VOID(begin_body(rest.substr(0, size)));
  }
  if (phase_ == Phase::whole) return {};
  std::string_view rest = std::string_view(buffer_).substr(at_);
  const auto step = body_.read(rest, body_bytes_, std::numeric_limits<std::size_t>::max());
  at_ = buffer_.size() - rest.size();
  if (at_ == buffer_.size()) {
    buffer_.clear();
    at_ = 0;
  }
  if (step == BodyReader::Step::whole || (ended_ && body_.ends_with_connection())) {
    phase_ = Phase::whole;
    return {};
  }
  if (step != BodyReader::Step::more)
    return refuse(Rule::server_unintelligible, "found a body whose chunks cannot be read", "chunks");
  if (ended_) return refuse(Rule::server_unreachable, "the connection was closed in the middle of an answer", "a whole answer");
  return {};
}

}  // namespace wideberth::http
