// client: speaking to a server, for the commands, the feeds, the witness and the tests.
//
// Purpose.  Ask and be answered over HTTP, plain or TLS, one question at a time; follow the stream of events through cut
//   connections; and say what went wrong in words that a tired officer understands.
//
// Promise.  (1) Every wait has an end. (2) A problem document comes back as the Refusal it was made from. (3) Nothing is sent
//   twice unless the caller says that it may be. (4) A stream goes on after the last event that was handed out: none is lost,
//   none comes twice, as far as the server keeps to Last-Event-ID.
//
// Map, in reading order.
//   url.h        a server's address
//   connection   Client (below): one kept connection; get, post
//   parts.h      parts of an entry, with what opens their commitments
//   sign.h       an act as a signed line, made without a server
//   pages.h      lists of the state, which come in pages
//   crossing.h   two logs of two sides kept in step
//   pair.h       two logs of two sides compared, offline
//   events.h     EventStream: server-sent events with resumption and back-off
//
// What belongs to routes (sessions, submitting entries) builds on Client::ask and stands in files of its own.
//
// May use.  base, json, http, net.
// Tested by.  client_test.cpp, against net::Server on loopback; pair_test.cpp.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/instant.h"
#include "base/refusal.h"
#include "client/url.h"
#include "http/message.h"
#include "http/parser.h"
#include "json/value.h"
#include "net/dial.h"

namespace wideberth::client {

using base::Millis;
using base::Result;

struct ClientConfig {
  std::string server{};  ///< "https://hq.example:8443"
  net::Trust trust{};
  Millis connect_time = Millis::from_seconds(10);
  Millis answer_time = Millis::from_seconds(30);     ///< without a byte of the answer, or of ours being taken
  std::size_t most_answer = std::size_t{256} << 20;  ///< bytes of a body
};

struct Question {
  std::string method = "GET";
  std::string path = "/";  ///< not encoded
  http::Fields query{};
  http::Fields headers{};
  std::string content_type{};
  std::string body{};
  /// Asking twice does no more than asking once (GET; entries, which are known by their hash). Such a question is repeated
  /// once where a kept connection turns out to be dead.
  bool repeatable = true;
};

struct Answer {
  int status = 0;
  http::Fields headers{};
  std::string body{};
  /// The body as JSON; server_unintelligible where it is none.
  Result<json::Value> as_json(json::Limits limits = {std::size_t{64} << 20, 32}) const;
};

/// One server, one connection at a time, kept while both sides like. Not for two threads at once.
///
/// Refusals: what the server refused, by its own rule; server_unreachable, server_silent, server_untrusted,
/// server_unintelligible. After server_silent or server_unreachable it is not known whether a question was acted on: callers
/// of what is not repeatable must look before they ask again.
class Client {
 public:
  static Result<Client> make(ClientConfig config);

  /// Sent as `Authorization: Bearer …` with every question from here on; empty: none.
  void set_token(std::string token) { token_ = std::move(token); }
  const Url& server() const { return url_; }

  /// An answer of 2xx, or a refusal.
  Result<Answer> ask(const Question& question);
  Result<Answer> get(std::string path, http::Fields query = {});
  Result<Answer> post(std::string path, std::string body, std::string content_type = "application/json");

 private:
  friend class EventStream;
  Client(ClientConfig config, Url url) : config_(std::move(config)), url_(std::move(url)) {}
  Result<void> connect();
  bool still_there();
  std::string bytes_of(const Question& question) const;
  Result<void> send(const std::string& bytes);
  Result<void> read_head();
  Result<void> read_more();
  Result<Answer> ask_once(const std::string& bytes, bool to_head);

  ClientConfig config_;
  Url url_;
  std::string token_{};
  std::optional<net::Wire> wire_{};
  http::ResponseParser parser_{};
  bool heard_ = false;  ///< whether a byte of the present answer has come
};

/// What an answer that is not 2xx says, as a refusal.
base::Refusal refusal_of(int status, std::string_view body);

}  // namespace wideberth::client
