#include "client/client.h"

#include "base/bytes.h"
#include "http/problem.h"
#include "http/target.h"

namespace wideberth::client {

using base::Refusal;
using base::refuse;
using base::Rule;

Result<json::Value> Answer::as_json(json::Limits limits) const {
  auto tree = json::parse(body, limits);
  if (!tree)
    return refuse(Rule::server_unintelligible, "the answer is not JSON: " + base::to_text(tree.error()), "a JSON document");
  return tree;
}

Refusal refusal_of(int status, std::string_view body) {
  auto told = http::read_problem(body);
  if (told) return *std::move(told);
  Refusal refusal = std::move(told).error();
  refusal.found.insert(0, "status " + std::to_string(status) + ", ");
  return refusal;
}

Result<Client> Client::make(ClientConfig config) {
  WB_TRY(url, parse_url(config.server));
  return Client(std::move(config), std::move(url));
}

Result<void> Client::connect() {
  WB_TRY(wire, net::Wire::dial(net::Dial{url_.host, url_.port, url_.tls, config_.trust, config_.connect_time}));
  wire_.emplace(std::move(wire));
  parser_ = http::ResponseParser{};
  return {};
}

/// Whether the kept connection can carry a question: nothing has come on it, not even its end.
bool Client::still_there() {
  if (!wire_) return false;
  const auto looked = wire_->receive(Millis{});
  return looked && looked->timed_out;
}

std::string Client::bytes_of(const Question& question) const {
  std::string out = question.method + " " + http::encode_path(question.path) + http::encode_query(question.query) +
                    " HTTP/1.1\r\nHost: " + authority_of(url_) + "\r\n";
  const auto add = [&](std::string_view name, std::string_view value) {
    out.append(name) += ": ";
    for (const char c : value)
      if (static_cast<unsigned char>(c) >= 0x20 && c != 0x7F) out += c;
    out += "\r\n";
  };
  add("User-Agent", "wideberth");
  if (!token_.empty()) add("Authorization", "Bearer " + token_);
  if (!question.content_type.empty()) add("Content-Type", question.content_type);
  if (!question.body.empty() || question.method == "POST") add("Content-Length", std::to_string(question.body.size()));
  for (const auto& [name, value] : question.headers) add(name, value);
  out += "\r\n";
  return out + question.body;
}

/// In pieces, with an ear open: a server that refuses a large body says so before it has read all of it.
Result<void> Client::send(const std::string& bytes) {
  constexpr std::size_t kPiece = 64 * 1024;
  for (std::size_t at = 0; at < bytes.size(); at += kPiece) {
    if (at > 0) {
      WB_TRY(early, wire_->receive(Millis{}));
      if (!early.bytes.empty() || early.ended) {
        heard_ = heard_ || !early.bytes.empty();
        parser_.add(early.bytes);
        if (early.ended) parser_.add_end();
        return {};
      }
    }
    WB_TRY_VOID(wire_->send(std::string_view(bytes).substr(at, kPiece), config_.answer_time));
  }
  return {};
}

Result<void> Client::read_more() {
  WB_TRY(received, wire_->receive(config_.answer_time));
  if (received.timed_out)
    return refuse(Rule::server_silent,
                  "the server at " + authority_of(url_) + " was silent for " + base::to_text(config_.answer_time), "an answer");
  heard_ = heard_ || !received.bytes.empty();
  parser_.add(received.bytes);
  if (received.ended) parser_.add_end();
  return parser_.advance();
}

Result<void> Client::read_head() {
  WB_TRY_VOID(parser_.advance());
  while (!parser_.head_read()) WB_TRY_VOID(read_more());
  return {};
}

Result<Answer> Client::ask_once(const std::string& bytes, bool to_head) {
  heard_ = false;
  parser_.expect(to_head);
  if (auto sent = send(bytes); !sent) {
    // The server may have said why before it hung up.
    if (sent.error().rule == Rule::server_silent) return tl::make_unexpected(std::move(sent).error());
    if (auto said = read_head(); !said) return tl::make_unexpected(std::move(sent).error());
  }
  WB_TRY_VOID(read_head());
  Answer answer;
  for (;;) {
    answer.body += parser_.take_body();
    if (answer.body.size() > config_.most_answer)
      return refuse(Rule::server_unintelligible, "the answer has more than " + std::to_string(config_.most_answer) + " bytes",
                    "a shorter one");
    if (parser_.whole()) break;
    WB_TRY_VOID(read_more());
  }
  answer.status = parser_.status();
  answer.headers = parser_.headers();
  return answer;
}

Result<Answer> Client::ask(const Question& question) {
  const std::string bytes = bytes_of(question);
  const bool to_head = question.method == "HEAD";
  const bool kept = still_there();
  if (!kept) WB_TRY_VOID(connect());
  auto answer = ask_once(bytes, to_head);
  if (!answer && kept && question.repeatable && !heard_ && answer.error().rule == Rule::server_unreachable) {
    WB_TRY_VOID(connect());  // the server had closed it, and we wrote before we could know
    answer = ask_once(bytes, to_head);
  }
  if (!answer || !parser_.keep_alive()) wire_.reset();
  if (!answer) return answer;
  if (answer->status / 100 != 2) return tl::make_unexpected(refusal_of(answer->status, answer->body));
  return answer;
}

Result<Answer> Client::get(std::string path, http::Fields query) {
  Question question;
  question.path = std::move(path);
  question.query = std::move(query);
  return ask(question);
}

Result<Answer> Client::post(std::string path, std::string body, std::string content_type) {
  Question question;
  question.method = "POST";
  question.path = std::move(path);
  question.body = std::move(body);
  question.content_type = std::move(content_type);
  question.repeatable = false;
  return ask(question);
}

}  // namespace wideberth::client
