// Requests and responses read piece by piece.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/refusal.h"
#include "http/body.h"
#include "http/message.h"

namespace wideberth::http {

struct HeadLimits {
  std::size_t most_head_bytes = 16 * 1024;  ///< first line and fields together
  std::size_t most_fields = 64;
  std::size_t most_target_bytes = 4 * 1024;
};

/// Reads requests, one after another, from one connection.
///
/// Laws.
///  (1) However the bytes are cut into add() calls, the requests and the refusal that follow are the same.
///  (2) What it holds beyond what was added since the last request is at most the head limit and the body limit.
///  (3) After a refusal nothing more is read: the connection has to be closed, since where the next request begins is unknown.
/// Stricter than RFC 9112 where leniency has been abused: no bare line feed, no folded field, no Content-Length beside
/// Transfer-Encoding or twice, no transfer coding but chunked, exactly one Host (HTTP/1.1), origin-form targets only.
class RequestParser {
 public:
  /// How large a body may be, asked once the head is read. The method is as sent, the path decoded.
  using MostBody = std::function<std::size_t(std::string_view method, std::string_view path)>;
  enum class Step : std::uint8_t {
    more,     ///< add more bytes
    request,  ///< take() one
    refused,  ///< see refusal()
  };

  RequestParser(HeadLimits limits, MostBody most_body);

  void add(std::string_view bytes) { buffer_.append(bytes); }
  Step next();
  /// REQUIRES: next() said request.
  Request take();
  /// REQUIRES: next() said refused.
  const base::Refusal& refusal() const { return *refusal_; }

  /// Whether nothing of a next request has arrived.
  bool idle() const { return phase_ == Phase::head && at_ == buffer_.size(); }
  /// Whether a head is read and its body is awaited.
  bool in_body() const { return phase_ == Phase::body; }
  /// True once for a request that waits for 100 Continue before it sends its body.
  bool take_expectation();
  /// Bytes added and not yet part of a request.
  std::size_t waiting() const { return buffer_.size() - at_; }

 private:
  enum class Phase : std::uint8_t { head, body, whole, refused };
  Step refuse_with(base::Refusal refusal);
  Step begin_body(std::string_view head);
  void drop_read();

  HeadLimits limits_;
  MostBody most_body_;
  std::string buffer_{};
  std::size_t at_ = 0;  ///< what stands before is read
  HeadScan scan_{};
  Phase phase_ = Phase::head;
  Request request_{};
  BodyReader body_{};
  std::size_t most_ = 0;  ///< the limit of this request's body
  bool expects_ = false, past_empty_line_ = false;
  std::optional<base::Refusal> refusal_{};
};

/// Reads one response at a time, for the client; the body can be drained as it arrives.
class ResponseParser {
 public:
  explicit ResponseParser(HeadLimits limits = {}) : limits_(limits) {}

  /// Makes ready for the response to a request: `to_head` where it was HEAD. Bytes that are left over stay.
  void expect(bool to_head);
  void add(std::string_view bytes) { buffer_.append(bytes); }
  /// The other end has closed; ends a body that had no stated length.
  void add_end() { ended_ = true; }

  /// Reads on. Refuses with server_unintelligible, or server_unreachable where the end came too early. Interim responses (1xx)
  /// are passed over.
  Result<void> advance();

  bool head_read() const { return phase_ != Phase::head; }
  bool whole() const { return phase_ == Phase::whole; }
  int status() const { return status_; }
  const Fields& headers() const { return headers_; }
  /// Whether the connection can carry another request afterwards.
  bool keep_alive() const { return keep_alive_; }
  /// The body bytes that arrived since the last call.
  std::string take_body() { return std::exchange(body_bytes_, {}); }
  std::size_t body_waiting() const { return body_bytes_.size(); }

 private:
  enum class Phase : std::uint8_t { head, body, whole };
  Result<void> begin_body(std::string_view head);

  HeadLimits limits_;
  std::string buffer_{};
  std::size_t at_ = 0;
  HeadScan scan_{};
  Phase phase_ = Phase::head;
  BodyReader body_{};
  std::string body_bytes_{};
  Fields headers_{};
  int status_ = 0;
  bool to_head_ = false, keep_alive_ = false, ended_ = false;
};

}  // namespace wideberth::http
