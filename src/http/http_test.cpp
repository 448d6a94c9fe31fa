#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <set>

#include "base/bytes.h"
#include "http/http.h"

namespace wideberth::http {
namespace {

using base::Instant;
using base::Millis;
using base::Refusal;
using base::Rule;
using testing::HasSubstr;

RequestParser parser_with(std::size_t most_body = 100) {
  return RequestParser(HeadLimits{1000, 8, 200}, [most_body](std::string_view, std::string_view path) {
    return path == "/big" ? 10 * most_body : most_body;
  });
}

/// All that a connection's bytes mean, as one text; `cut` gives the length of the next piece.
std::string meaning(std::string_view bytes, const std::function<std::size_t()>& cut) {
  auto parser = parser_with();
  std::string out;
  while (!bytes.empty()) {
    const std::size_t n = std::min(bytes.size(), std::max<std::size_t>(1, cut()));
    parser.add(bytes.substr(0, n));
    bytes.remove_prefix(n);
    while (parser.next() == RequestParser::Step::request) {
      const Request request = parser.take();
      out += request.method + " " + request.path + encode_query(request.query) + (request.keep_alive ? " stays" : " closes");
      for (const auto& [name, value] : request.headers) out += "|" + name + "=" + value;
      out += "|" + request.body + "\n";
    }
    if (parser.next() == RequestParser::Step::refused) return out + base::to_text(parser.refusal());
  }
  return out + (parser.idle() ? "idle" : parser.in_body() ? "in a body" : "in a head");
}

std::string meaning(std::string_view bytes) {
  return meaning(bytes, [&] { return bytes.size(); });
}

TEST(HttpParser, ReadsPipelinedRequests) {
  EXPECT_EQ(
      meaning(
          "GET /a%20b?x=1&y=%C3%A9+z HTTP/1.1\r\nHost: h\r\n\r\n"
          "\r\nPOST /p HTTP/1.1\r\nhost:h\r\nContent-Length: 5\r\n\r\nhello"
          "POST /p HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: Chunked\r\n\r\n3;x=y\r\nabc\r\n2\r\nde\r\n0\r\nTrailer: t\r\n\r\n"
          "GET / HTTP/1.0\r\n\r\nGET /p HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"),
      "GET /a b?x=1&y=%C3%A9%20z stays|Host=h|\n"
      "POST /p stays|host=h|Content-Length=5|hello\n"
      "POST /p stays|Host=h|Transfer-Encoding=Chunked|abcde\n"
      "GET / closes|\n"
      "GET /p closes|Host=h|Connection=close|\n"
      "idle");
}

TEST(HttpParser, WaitsForWhatIsNotThere) {
  EXPECT_EQ(meaning("GET / HTTP/1.1\r\nHost: h\r\n"), "in a head");
  EXPECT_EQ(meaning("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nab"), "in a body");
  auto parser = parser_with();
  parser.add("POST / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n");
  EXPECT_EQ(parser.next(), RequestParser::Step::more);
  EXPECT_TRUE(parser.take_expectation());
  EXPECT_FALSE(parser.take_expectation());
}

struct BadRequest {
  std::string bytes;
  Rule rule;
};

TEST(HttpParser, RefusesEachAmbiguityAndEachExcess) {
  const auto with = [](const std::string& fields) { return "POST /p HTTP/1.1\r\nHost: h\r\n" + fields + "\r\n"; };
  const auto get = [](const std::string& target) { return "GET " + target + " HTTP/1.1\r\nHost: h\r\n\r\n"; };
  const BadRequest rows[] = {
      {"\x16\x03\x01", Rule::http_malformed},
      {"\x01", Rule::http_malformed},
      {"GET / HTTP/1.1\nHost: h\n\n", Rule::http_malformed},
      {"\r\n\r\nGET / HTTP/1.1\r\nHost: h\r\n\r\n", Rule::http_malformed},
      {"GET / HTTP/2.0\r\nHost: h\r\n\r\n", Rule::http_version},
      {"GET / HTTP/1.1\r\n\r\n", Rule::http_malformed},
      {with("Host: other\r\n"), Rule::http_malformed},
      {with("Content-Length: 1\r\nContent-Length: 1\r\n") + "a", Rule::http_malformed},
      {with("Content-Length: 1, 1\r\n") + "a", Rule::http_malformed},
      {with("Content-Length: +1\r\n") + "a", Rule::http_malformed},
      {with("Content-Length: 99999999999999999999\r\n"), Rule::http_malformed},
      {with("Content-Length: 3\r\nTransfer-Encoding: chunked\r\n"), Rule::http_malformed},
      {with("Transfer-Encoding: chunked\r\nContent-Length: 3\r\n"), Rule::http_malformed},
      {with("Transfer-Encoding: gzip, chunked\r\n"), Rule::http_malformed},
      {"POST /p HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", Rule::http_malformed},
      {with("X: a\r\n b\r\n"), Rule::http_malformed},
      {with("X : a\r\n"), Rule::http_malformed},
      {with("Expect: miracles\r\n"), Rule::http_malformed},
      {with("Content-Length: 101\r\n"), Rule::http_body_too_large},
      {with("Transfer-Encoding: chunked\r\n") + "65\r\n", Rule::http_body_too_large},
      {with("Transfer-Encoding: chunked\r\n") + "ffffffffffffffff\r\n", Rule::http_malformed},
      {with("Transfer-Encoding: chunked\r\n") + "2\r\nabc", Rule::http_malformed},
      {with("Transfer-Encoding: chunked\r\n") + "\r\n", Rule::http_malformed},
      {with("Transfer-Encoding: chunked\r\n") + "1;" + std::string(5000, 'x'), Rule::http_malformed},
      {with(std::string("X: ") + std::string(1000, 'x')), Rule::http_head_too_large},
      {with("A:1\r\nB:1\r\nC:1\r\nD:1\r\nE:1\r\nF:1\r\nG:1\r\nI:1\r\n"), Rule::http_head_too_large},
      {get("/" + std::string(200, 'x')), Rule::http_head_too_large},
      {get("http://h/p"), Rule::http_path_malformed},
      {get("*"), Rule::http_path_malformed},
      {get("/a/../b"), Rule::http_path_malformed},
      {get("/a/%2e%2E/b"), Rule::http_path_malformed},
      {get("/a//b"), Rule::http_path_malformed},
      {get("/a/"), Rule::http_path_malformed},
      {get("/a%2Fb"), Rule::http_path_malformed},
      {get("/a%5cb"), Rule::http_path_malformed},
      {get("/a%00"), Rule::http_path_malformed},
      {get("/a%E2%80%AE"), Rule::http_path_malformed},
      {get("/a%C0%AF"), Rule::http_path_malformed},
      {get("/a%4"), Rule::http_path_malformed},
      {get("/a?x"), Rule::http_query_malformed},
      {get("/a?=1"), Rule::http_query_malformed},
      {get("/a?x=1&x=2"), Rule::http_query_malformed},
      {get("/a?x=1&"), Rule::http_query_malformed},
      {get("/a?x=%zz"), Rule::http_query_malformed},
      {get("/a?x=%01"), Rule::http_query_malformed},
  };
  for (const auto& row : rows)
    EXPECT_THAT(meaning(row.bytes), HasSubstr("[" + std::string(base::code_of(row.rule)) + "]")) << base::excerpt(row.bytes, 200);
}

TEST(HttpParser, TakesWhatStandsAtTheLimits) {
  EXPECT_THAT(meaning("POST /p HTTP/1.1\r\nHost: h\r\nContent-Length: 100\r\n\r\n" + std::string(100, 'b')), HasSubstr("idle"));
  EXPECT_THAT(meaning("POST /big HTTP/1.1\r\nHost: h\r\nContent-Length: 1000\r\n\r\n" + std::string(1000, 'b')),
              HasSubstr("idle"));
  EXPECT_THAT(meaning("POST /p HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n64\r\n" + std::string(100, 'b') +
                      "\r\n0\r\n\r\n"),
              HasSubstr("idle"));
  std::string head = "GET / HTTP/1.1\r\nHost: h\r\nX: ";
  head += std::string(1000 - head.size() - 4, 'x') + "\r\n\r\n";
  EXPECT_THAT(meaning(head), HasSubstr("idle"));
  EXPECT_THAT(meaning("GET /?x= HTTP/1.1\r\nHost: h\r\n\r\n"), HasSubstr("GET /?x= "));
}

/// Requests put together from good and bad parts.
std::string any_stream() {
  std::string bytes;
  for (int n = *rc::gen::inRange(1, 4); n > 0; --n) {
    bytes += *rc::gen::element<std::string>("", "", "\r\n");
    bytes += *rc::gen::element<std::string>("GET", "POST", "G@T", "HEAD") + " ";
    bytes += *rc::gen::element<std::string>("/", "/a/b?c=d", "/%41", "/a//", "/x?y");
    bytes += " HTTP/1.1\r\nHost: h\r\n";
    const int length = *rc::gen::inRange(0, 120);
    switch (*rc::gen::inRange(0, 4)) {
      case 0: bytes += "\r\n"; break;
      case 1:
        bytes += "Content-Length: " + std::to_string(length) + "\r\n\r\n" + std::string(static_cast<std::size_t>(length), 'b');
        break;
      case 2:
        bytes += "Transfer-Encoding: chunked\r\n\r\n" + chunk(std::string(static_cast<std::size_t>(length), 'c')) +
                 chunk("tail") + std::string(kLastChunk);
        break;
      default: bytes += "X: " + *rc::gen::element<std::string>("y", "y\r\n z", "\x01") + "\r\n\r\n"; break;
    }
  }
  if (*rc::gen::inRange(0, 3) == 0) bytes[*rc::gen::inRange<std::size_t>(0, bytes.size())] = *rc::gen::arbitrary<char>();
  return bytes;
}

RC_GTEST_PROP(HttpLaws, CutAnywhereABytesMeansTheSame, ()) {
  const std::string bytes = any_stream();
  RC_ASSERT(meaning(bytes, [] { return *rc::gen::inRange<std::size_t>(1, 40); }) == meaning(bytes));
}

RC_GTEST_PROP(HttpLaws, TargetsReadBack, ()) {
  const auto letter =
      rc::gen::element<std::string>("a", "Z", "0", "%", "+", " ", "&", "=", "?", "#", "~", ":", "\"", "é", "د", "{", ".x");
  const auto words = *rc::gen::container<std::set<std::string>>(rc::gen::map(
      rc::gen::nonEmpty(rc::gen::container<std::vector<std::string>>(letter)), [](const std::vector<std::string>& letters) {
        std::string word;
        for (const auto& each : letters) word += each;
        return word;
      }));
  RC_PRE(words.size() <= kMostQueryValues);
  std::string path;
  Fields query;
  for (const auto& word : words) {
    path += "/" + word;
    query.emplace_back(word, word);
  }
  if (path.empty()) path = "/";
  const auto read = parse_target(encode_path(path) + encode_query(query));
  RC_ASSERT(read.has_value());
  RC_ASSERT(read->path == path);
  RC_ASSERT(read->query == query);
}

RC_GTEST_PROP(HttpLaws, RefusalsReadBack, ()) {
  const auto text = rc::gen::map(rc::gen::arbitrary<std::string>(), [](const std::string& bytes) { return base::to_hex(bytes); });
  const Refusal refusal{static_cast<Rule>(*rc::gen::inRange<int>(0, static_cast<int>(base::kRuleCount))), *text, *text,
                        *rc::gen::element<std::string>("", "/a/0", "line 2, column 7")};
  const auto read = read_problem(problem(refusal).body);
  RC_ASSERT(read.has_value());
  RC_ASSERT((*read == refusal));
}

RC_GTEST_PROP(HttpLaws, EventsReadBackCutAnywhere, ()) {
  const auto line = rc::gen::map(rc::gen::arbitrary<std::string>(), [](const std::string& bytes) { return base::to_hex(bytes); });
  std::vector<Event> events;
  std::string bytes;
  std::string last;
  for (int n = *rc::gen::inRange(1, 5); n > 0; --n) {
    Event event{*line, *line, *line + *rc::gen::element<std::string>("", "\n", "\n\nmore", " : ")};
    bytes += to_text(event) + (n % 2 ? std::string(kHeartbeat) : std::string());
    if (event.id.empty()) event.id = last;
    last = event.id;
    events.push_back(event);
  }
  EventReader reader;
  std::vector<Event> read;
  for (std::string_view rest = bytes; !rest.empty();) {
    const std::size_t n = std::min(rest.size(), *rc::gen::inRange<std::size_t>(1, 20));
    const auto more = reader.add(rest.substr(0, n));
    RC_ASSERT(more.has_value());
    read.insert(read.end(), more->begin(), more->end());
    rest.remove_prefix(n);
  }
  RC_ASSERT((read == events));
  RC_ASSERT(reader.last_id() == last);
}

TEST(HttpEvent, ReadsWhatOthersSend) {
  EventReader reader(100);
  const auto events =
      reader.add("\xEF\xBB\xBF: hi\r\nretry: 2500\rid:7\ndata:a\ndata\ndata:  b\r\n\r\nid: 8\n\nevent: x\ndata: y\n\ndata: cut");
  ASSERT_TRUE(events);
  EXPECT_EQ(*events, (std::vector<Event>{{"7", "", "a\n\n b"}, {"8", "x", "y"}}));
  EXPECT_EQ(reader.retry(), Millis::from_ms(2500));
  EXPECT_EQ(reader.last_id(), "8");
  const auto flood = reader.add(std::string(101, 'x'));
  ASSERT_FALSE(flood);
  EXPECT_EQ(flood.error().rule, Rule::server_unintelligible);
  EXPECT_EQ(to_text(Event{"1\n2", "a\rb", "c\r\nd"}), "id: 12\nevent: ab\ndata: c\ndata: d\n\n");
}

TEST(HttpProblem, HasTheStatusOfItsKind) {
  EXPECT_EQ(status_of(Rule::json_kind), 400);
  EXPECT_EQ(status_of(Rule::http_path_unknown), 404);
  EXPECT_EQ(status_of(Rule::http_method_unknown), 405);
  EXPECT_EQ(status_of(Rule::http_body_too_large), 413);
  EXPECT_EQ(status_of(Rule::server_stopping), 503);
  EXPECT_EQ(status_of(Rule::server_failed), 500);
  const Response response = problem(Refusal{Rule::json_range, "found 7", "1 to 6", "/people"});
  EXPECT_EQ(response.content_type, "application/problem+json");
  EXPECT_EQ(
      response.body,
      R"({"type":"urn:wideberth:rule:json_range","title":"A number lies within its range.","status":400,"detail":"found 7","accepted":"1 to 6","pointer":"/people"})");
}

TEST(HttpProblem, SaysSoWhereItCannotReadOne) {
  for (const char* text : {"", "<html>", "[]", R"({"type":"about:blank"})",
                           R"({"type":"urn:wideberth:rule:from_the_future","detail":"it rains"})"}) {
    const auto read = read_problem(text);
    ASSERT_FALSE(read) << text;
    EXPECT_EQ(read.error().rule, Rule::server_unintelligible);
  }
  EXPECT_THAT(read_problem(R"({"type":"urn:wideberth:rule:from_the_future","detail":"it rains"})").error().found,
              HasSubstr("it rains"));
}

TEST(HttpRespond, WritesWhatTheStandardAsks) {
  Response response = json_response("{}", 201);
  response.headers.emplace_back("Location", "/v1/entries/7\r\nX-Evil: 1");
  const Instant at = Instant::from_ms(1598338692417);
  EXPECT_EQ(
      to_bytes(response, Manner{true, true, false, at}),
      "HTTP/1.1 201 Created\r\nDate: Tue, 25 Aug 2020 06:58:12 GMT\r\nContent-Type: application/json\r\nContent-Length: 2\r\n"
      "X-Content-Type-Options: nosniff\r\nCache-Control: no-store\r\nLocation: /v1/entries/7X-Evil: 1\r\n\r\n{}");
  EXPECT_THAT(to_bytes(response, Manner{false, true, true, at}), testing::EndsWith("Connection: close\r\n\r\n"));
  response.status = 204;
  response.body.clear();
  EXPECT_THAT(to_bytes(response, Manner{true, true, false, at}), testing::Not(HasSubstr("Content-Length")));
  EXPECT_EQ(to_http_date(Instant::from_ms(784111777000)), "Sun, 06 Nov 1994 08:49:37 GMT");
  EXPECT_EQ(to_http_date(Instant::from_ms(-1)), "Wed, 31 Dec 1969 23:59:59 GMT");
  EXPECT_EQ(to_http_date(Instant::from_ms(0)), "Thu, 01 Jan 1970 00:00:00 GMT");
  EXPECT_EQ(chunk(std::string(26, 'x')), "1a\r\n" + std::string(26, 'x') + "\r\n");
  EXPECT_EQ(chunk(""), "");
}

TEST(HttpResponse, IsReadPieceByPiece) {
  ResponseParser parser;
  parser.expect(false);
  std::string body;
  for (const char c : std::string("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nX: "
                                  "y\r\n\r\n3\r\nabc\r\n1\r\nd\r\n0\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n")) {
    parser.add(std::string_view(&c, 1));
    if (parser.whole()) continue;
    ASSERT_TRUE(parser.advance());
    body += parser.take_body();
  }
  EXPECT_TRUE(parser.whole() && parser.keep_alive());
  EXPECT_EQ(body, "abcd");
  EXPECT_EQ(find_field(parser.headers(), "x"), "y");
  parser.expect(false);
  ASSERT_TRUE(parser.advance());
  EXPECT_TRUE(parser.whole());
  EXPECT_EQ(parser.status(), 204);
  parser.expect(false);
  parser.add("HTTP/1.0 200 OK\r\n\r\nuntil the end");
  ASSERT_TRUE(parser.advance());
  EXPECT_FALSE(parser.whole());
  parser.add_end();
  ASSERT_TRUE(parser.advance());
  EXPECT_TRUE(parser.whole() && !parser.keep_alive());
  EXPECT_EQ(parser.take_body(), "until the end");
}

TEST(HttpResponse, RefusesWhatIsNone) {
  for (const char* bytes :
       {"SSH-2.0-OpenSSH\r\n\r\n", "HTTP/1.1 200 OK\nX: y\n\n", "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabc", "", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"}) {
    ResponseParser parser;
    parser.expect(false);
    parser.add(bytes);
    parser.add_end();
    const auto read = parser.advance();
    ASSERT_FALSE(read) << bytes;
    EXPECT_THAT(read.error().rule, testing::AnyOf(Rule::server_unintelligible, Rule::server_unreachable)) << bytes;
  }
}

}  // namespace
}  // namespace wideberth::http
