#include "client/client.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <atomic>
#include <thread>

#include "client/events.h"
#include "http/http.h"
#include "net/net.h"

namespace wideberth::client {
namespace {

using base::Rule;
using http::Reply;
using http::Request;
using testing::HasSubstr;

TEST(ClientUrl, ReadsAServersAddress) {
  EXPECT_EQ(*parse_url("http://127.0.0.1:8080"), (Url{false, "127.0.0.1", 8080}));
  EXPECT_EQ(*parse_url("https://hq.example"), (Url{true, "hq.example", 443}));
  EXPECT_EQ(*parse_url("https://[::1]:8443/"), (Url{true, "::1", 8443}));
  EXPECT_EQ(*parse_url("http://[fe80::1]"), (Url{false, "fe80::1", 80}));
  EXPECT_EQ(authority_of(*parse_url("https://hq.example:443")), "hq.example");
  EXPECT_EQ(authority_of(*parse_url("https://[::1]:8443")), "[::1]:8443");
  for (const char* text : {"", "hq.example", "ftp://hq", "http://", "http://h/p", "http://h?q", "http://u@h",
                           "http://h:", "http://h:0", "http://h:65536", "http://h:1x", "http://[::1", "http://[::1]x",
                           "http://[h]", "http://a b", "http://h\r\n", "https://hq.example:8443//"}) {
    const auto url = parse_url(text);
    ASSERT_FALSE(url) << text;
    EXPECT_EQ(url.error().rule, Rule::url_malformed) << text;
  }
}

RC_GTEST_PROP(ClientUrlLaws, AddressesReadBack, ()) {
  const Url url{*rc::gen::arbitrary<bool>(), *rc::gen::element<std::string>("h", "127.0.0.1", "::1", "a-b.example"),
                *rc::gen::inRange<std::uint16_t>(1, 65535)};
  const auto read = parse_url(to_text(url));
  RC_ASSERT(read.has_value());
  RC_ASSERT((*read == url));
}

/// Events from 1 to `last`, told from the one after Last-Event-ID on, `each` to a connection; then the stream ends, or hangs.
class Story final : public http::Feed {
 public:
  Story(int from, int to, bool ends) : next_(from), to_(to), ends_(ends) {}
  std::string pull() override {
    if (next_ > to_) return {};
    const int n = next_++;
    return http::to_text(http::Event{std::to_string(n), "entry", "event " + std::to_string(n)});
  }
  bool ended() const override { return ends_ && next_ > to_; }

 private:
  int next_, to_;
  bool ends_;
};

/// A server whose events come `each` to a connection, `last` in all.
struct Station {
  explicit Station(std::uint16_t port = 0, Millis idle = Millis::from_seconds(75)) {
    http::Router router;
    const auto add = [&](std::string method, std::string path, http::Handler handler, std::size_t most_body = 0) {
      std::string operation = method + path;
      router.add(http::Route{std::move(method),
                             std::move(path),
                             std::move(operation),
                             "A test's route.",
                             false,
                             most_body,
                             {"q"},
                             std::move(handler)});
    };
    add("GET", "/v1/{name}", [](const Request& request, const Reply& reply) {
      reply(http::json_response("{\"name\":\"" + request.parameter("name") + "\",\"q\":\"" +
                                std::string(request.query_value("q").value_or("")) + "\",\"token\":\"" +
                                std::string(request.header("Authorization").value_or("")) + "\"}"));
    });
    add("POST", "/echo", [](const Request& request, const Reply& reply) { reply(http::json_response(request.body)); }, 4 << 20);
    add(
        "POST", "/refuse",
        [](const Request&, const Reply& reply) {
          reply(http::problem(base::Refusal{Rule::json_range, "found 7", "1 to 6", "/people"}));
        },
        9);
    add("GET", "/odd",
        [](const Request&, const Reply& reply) { reply(http::Response{418, "text/plain", "I am a teapot", {}, {}}); });
    add("GET", "/never", [this](const Request&, const Reply& reply) { held = reply; });
    add("GET", "/events", [this](const Request& request, const Reply& reply) {
      const int known = std::atoi(std::string(request.header("Last-Event-ID").value_or("0")).c_str());
      if (fails-- > 0) return reply(http::problem(base::Refusal{Rule::server_full, "", "", ""}));
      http::Response response;
      response.content_type = http::kEventStream;
      response.body = "retry: 20\n\n";
      response.feed = std::make_shared<Story>(known + 1, std::min(last.load(), known + each), known + each < last);
      reply(response);
    });
    add("GET", "/nothing", [](const Request&, const Reply& reply) { reply(http::Response{204, "", "", {}, {}}); });
    net::ServerConfig config;
    config.port = port;
    config.limits.sweep = Millis::from_ms(20);
    config.limits.idle_time = idle;
    config.limits.linger_time = Millis::from_ms(100);
    config.limits.stop_time = Millis::from_ms(500);
    server = net::Server::listen(config, std::move(router), clock).value();
  }
  std::atomic<int> last{0}, each{1'000'000}, fails{0};
  Reply held{};
  net::SystemClock clock{};
  std::unique_ptr<net::Server> server{};
};

Client client_of(const Station& station, Millis answer_time = Millis::from_seconds(30)) {
  ClientConfig config;
  config.server = station.server->url();
  config.answer_time = answer_time;
  return Client::make(config).value();
}

TEST(Client, AsksOverOneConnection) {
  Station station;
  Client client = client_of(station);
  client.set_token("t0");
  const auto answer = client.get("/v1/é b", {{"q", "a&b=c"}});
  ASSERT_TRUE(answer) << base::to_text(answer.error());
  EXPECT_EQ(answer->body, R"({"name":"é b","q":"a&b=c","token":"Bearer t0"})");
  EXPECT_TRUE(answer->as_json());
  const std::string large(1 << 20, 'x');
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(client.post("/echo", large)->body == large);
  Question head;
  head.method = "HEAD";
  head.path = "/v1/x";
  EXPECT_EQ(client.ask(head)->body, "");
  EXPECT_EQ(client.get("/v1/y")->status, 200);
  EXPECT_EQ(station.server->counts().accepted, 1U);
}

TEST(Client, GivesBackTheServersRefusal) {
  Station station;
  Client client = client_of(station);
  EXPECT_EQ(client.post("/refuse", "{}").error(), (base::Refusal{Rule::json_range, "found 7", "1 to 6", "/people"}));
  EXPECT_EQ(client.get("/no").error().rule, Rule::http_path_unknown);
  const auto odd = client.get("/odd");
  EXPECT_EQ(odd.error().rule, Rule::server_unintelligible);
  EXPECT_THAT(odd.error().found, HasSubstr("418"));
  EXPECT_EQ(station.server->counts().accepted, 1U) << "a refusal does not cost the connection";
  EXPECT_EQ(client.post("/echo", std::string(16 << 20, 'x')).error().rule, Rule::http_body_too_large);
  EXPECT_EQ(client.get("/v1/y")->status, 200);
}

TEST(Client, SaysWhatIsWrongInWords) {
  std::uint16_t port = 0;
  {
    Station station;
    port = station.server->port();
  }
  ClientConfig config;
  config.server = "http://127.0.0.1:" + std::to_string(port);
  Client nobody = Client::make(config).value();
  const auto refused = nobody.get("/");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().rule, Rule::server_unreachable);
  EXPECT_THAT(base::to_text(refused.error()), HasSubstr("no server answers at 127.0.0.1:" + std::to_string(port)));
  Station station;
  Client hasty = client_of(station, Millis::from_ms(100));
  EXPECT_EQ(hasty.get("/never").error().rule, Rule::server_silent);
  EXPECT_EQ(hasty.get("/v1/y")->status, 200) << "on a new connection: the late answer is not taken for another's";
  config.server = "127.0.0.1";
  EXPECT_EQ(Client::make(config).error().rule, Rule::url_malformed);
}

TEST(Client, NoticesThatAKeptConnectionIsDead) {
  auto station = std::make_unique<Station>(std::uint16_t{0}, Millis::from_ms(100));
  Client client = client_of(*station);
  EXPECT_EQ(client.get("/v1/a")->status, 200);
  std::this_thread::sleep_for(std::chrono::milliseconds(300));
  EXPECT_EQ(client.post("/echo", "1")->body, "1") << "closed for idleness";
  const std::uint16_t port = station->server->port();
  station.reset();
  EXPECT_EQ(client.get("/v1/a").error().rule, Rule::server_unreachable);
  station = std::make_unique<Station>(port);
  EXPECT_EQ(client.get("/v1/a")->status, 200);
}

constexpr Patience kShort{Millis::from_ms(10), Millis::from_ms(100), Millis::from_ms(500)};

/// The next `n` events' data, one after another, or the refusal.
std::string hear(EventStream& stream, int n) {
  std::string heard;
  for (int i = 0; i < n; ++i) {
    const auto event = stream.next(Millis::from_seconds(10));
    if (!event) return heard + base::to_text(event.error());
    if (!*event) return heard + "silence";
    heard += (*event)->data + ";";
  }
  return heard;
}

TEST(EventStream, LosesAndDoublesNothingThroughCutConnections) {
  Station station;
  station.last = 50;
  station.each = 7;
  EventStream stream(client_of(station), "/events", {}, "3", kShort);
  std::string expected;
  for (int i = 4; i <= 50; ++i) expected += "event " + std::to_string(i) + ";";
  EXPECT_EQ(hear(stream, 47), expected);
  EXPECT_EQ(stream.last_id(), "50");
  EXPECT_GE(stream.resumptions(), 5U);
  const auto none = stream.next(Millis::from_ms(50));
  ASSERT_TRUE(none);
  EXPECT_FALSE(*none);
}

TEST(EventStream, ComesBackToAServerThatWasAway) {
  auto station = std::make_unique<Station>();
  const std::uint16_t port = station->server->port();
  station->last = 2;
  EventStream stream(client_of(*station), "/events", {}, "", kShort);
  EXPECT_EQ(hear(stream, 2), "event 1;event 2;");
  station.reset();
  const auto none = stream.next(Millis::from_ms(200));
  ASSERT_TRUE(none);
  EXPECT_FALSE(*none);
  ASSERT_TRUE(stream.trouble());
  EXPECT_EQ(stream.trouble()->rule, Rule::server_unreachable);
  station = std::make_unique<Station>(port);
  station->fails = 2;  // 503 is no reason to give up
  station->last = 4;
  EXPECT_EQ(hear(stream, 2), "event 3;event 4;");
  EXPECT_TRUE(stream.connected());
  EXPECT_FALSE(stream.trouble());
}

TEST(EventStream, TakesSilenceForDeath) {
  Station station;
  EventStream stream(client_of(station), "/events", {}, "", kShort);
  EXPECT_FALSE(*stream.next(Millis::from_ms(1500)));
  EXPECT_GE(stream.resumptions(), 1U);
}

TEST(EventStream, GivesUpWhereComingBackCuresNothing) {
  Station station;
  EventStream lost(client_of(station), "/no-such-stream", {}, "", kShort);
  EXPECT_EQ(lost.next(Millis::from_seconds(10)).error().rule, Rule::http_path_unknown);
  EventStream other(client_of(station), "/v1/x", {}, "", kShort);
  EXPECT_EQ(other.next(Millis::from_seconds(10)).error().rule, Rule::server_unintelligible);
  EventStream over(client_of(station), "/nothing", {}, "", kShort);
  EXPECT_FALSE(over.next(Millis::from_seconds(10)));
  EXPECT_TRUE(over.over());
}

}  // namespace
}  // namespace wideberth::client
