#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <condition_variable>
#include <cstdlib>
#include <filesystem>
#include <thread>

#include "http/http.h"
#include "net/net.h"

namespace wideberth::net {
namespace {

using base::Rule;
using http::Reply;
using http::Request;
using http::Response;
using std::chrono::milliseconds;
using testing::HasSubstr;
using SteadyTime = std::chrono::steady_clock;

constexpr Millis kPatience = Millis::from_seconds(10);

/// Words made ready by the test, told when they are asked for.
class WordFeed final : public http::Feed {
 public:
  void say(std::string word) {
    {
      const std::lock_guard lock(mutex_);
      words_ += word;
    }
    wake();
  }
  void end() {
    {
      const std::lock_guard lock(mutex_);
      ended_ = true;
    }
    wake();
  }
  std::string pull() override {
    const std::lock_guard lock(mutex_);
    pulled += words_.size();
    return std::exchange(words_, {});
  }
  bool ended() const override {
    const std::lock_guard lock(mutex_);
    return ended_ && words_.empty();
  }
  std::atomic<std::size_t> pulled{0};

 private:
  mutable std::mutex mutex_{};
  std::string words_{};
  bool ended_ = false;
};

/// As much as anybody would take.
class EndlessFeed final : public http::Feed {
 public:
  std::string pull() override { return pulled += 10'000, std::string(10'000, 'x'); }
  bool ended() const override { return false; }
  std::atomic<std::size_t> pulled{0};
};

/// A server with the routes that these tests ask for.
struct House {
  explicit House(ServerConfig config = {}) {
    http::Router router;
    const auto add = [&](std::string method, std::string path, http::Handler handler, std::size_t most_body = 0) {
      std::string operation = method + path;
      router.add(http::Route{
          std::move(method), std::move(path), std::move(operation), "A test's route.", false, most_body, {}, std::move(handler)});
    };
    add("GET", "/hello",
        [](const Request& request, const Reply& reply) { reply(http::json_response("\"" + request.peer + "\"")); });
    add("POST", "/echo", [](const Request& request, const Reply& reply) { reply(http::json_response(request.body)); }, 2 << 20);
    add("GET", "/later/{name}", [this](const Request& request, const Reply& reply) {
      const std::lock_guard lock(mutex);
      waiting[request.parameter("name")] = reply;
      came.notify_all();
    });
    add("GET", "/dropped", [](const Request&, const Reply&) {});
    add("GET", "/thrown", [](const Request&, const Reply&) { throw std::runtime_error("a bug"); });
    add("GET", "/twice",
        [](const Request&, const Reply& reply) { reply(http::json_response("1")), reply(http::json_response("2")); });
    add("GET", "/large", [](const Request&, const Reply& reply) { reply(http::json_response(std::string(8 << 20, 'x'))); });
    add("GET", "/feed", [this](const Request&, const Reply& reply) { reply(stream(words.lock())); });
    add("GET", "/endless", [this](const Request&, const Reply& reply) { reply(stream(endless.lock())); });
    server = Server::listen(config, std::move(router), clock).value();
  }
  static Response stream(std::shared_ptr<http::Feed> feed) {
    Response response;
    response.content_type = http::kEventStream;
    response.feed = std::move(feed);
    return response;
  }
  /// The reply to /later/<name>, once it was asked.
  Reply reply_to(const std::string& name) {
    std::unique_lock lock(mutex);
    if (!came.wait_for(lock, std::chrono::seconds(10), [&] { return waiting.contains(name); })) return nullptr;
    Reply reply = std::move(waiting[name]);
    waiting.erase(name);
    return reply;
  }

  std::mutex mutex{};
  std::condition_variable came{};
  std::map<std::string, Reply> waiting{};
  std::weak_ptr<http::Feed> words{}, endless{};
  SystemClock clock{};
  std::unique_ptr<Server> server{};
};

ServerConfig with(const std::function<void(ServerLimits&)>& change) {
  ServerConfig config;
  config.limits.sweep = Millis::from_ms(20);
  change(config.limits);
  return config;
}

/// One peer of the server.
struct Caller {
  explicit Caller(const Server& server) : wire(Wire::dial(Dial{"127.0.0.1", server.port()}).value()) { parser.expect(false); }
  explicit Caller(Wire made) : wire(std::move(made)) { parser.expect(false); }

  void say(std::string_view bytes) { EXPECT_TRUE(wire.send(bytes, kPatience)); }
  void get(const std::string& path) { say("GET " + path + " HTTP/1.1\r\nHost: h\r\n\r\n"); }
  /// The next answer as "status body", with " closes" where it is the last; or how it failed to come.
  std::string hear() {
    parser.expect(false);
    std::string body;
    for (;;) {
      if (auto read = parser.advance(); !read) return "broken: " + read.error().found;
      body += parser.take_body();
      if (parser.whole()) return std::to_string(parser.status()) + " " + body + (parser.keep_alive() ? "" : " closes");
      if (auto came = more(); !came.empty()) return came;
    }
  }
  /// Reads on until the body so far holds `wanted`.
  std::string hear_until(const std::string& wanted) {
    std::string body;
    while (body.find(wanted) == std::string::npos) {
      if (auto read = parser.advance(); !read) return "broken: " + read.error().found;
      body += parser.take_body();
      if (body.find(wanted) != std::string::npos) break;
      if (parser.whole()) return body + " (whole)";
      if (auto came = more(); !came.empty()) return body + came;
    }
    return body;
  }
  std::string more() {
    auto received = wire.receive(kPatience);
    if (!received) return "cut";
    if (received->timed_out) return "silence";
    parser.add(received->bytes);
    if (received->ended) {
      if (ended) return "closed";
      ended = true;
      parser.add_end();
    }
    return {};
  }
  /// Whether the server closes within the time; what comes before is dropped.
  bool hears_the_end() {
    for (;;) {
      const auto received = wire.receive(kPatience);
      if (!received || received->ended) return true;
      if (received->timed_out) return false;
    }
  }

  Wire wire;
  http::ResponseParser parser{};
  bool ended = false;
};

template <class Condition>
bool soon(Condition condition) {
  for (int i = 0; i < 1000 && !condition(); ++i) std::this_thread::sleep_for(milliseconds(10));
  return condition();
}

TEST(NetServer, AnswersInTheOrderOfTheQuestionsWhateverThreadTheyComeFrom) {
  House house;
  Caller caller(*house.server);
  caller.say(
      "GET /later/a HTTP/1.1\r\nHost: h\r\n\r\nGET /hello HTTP/1.1\r\nHost: h\r\n\r\nGET /later/b HTTP/1.1\r\nHost: h\r\n\r\nGET "
      "/no HTTP/1.1\r\nHost: h\r\n\r\n");
  std::thread other([&] {
    house.reply_to("b")(http::json_response("\"b\""));
    house.reply_to("a")(http::json_response("\"a\""));
  });
  EXPECT_EQ(caller.hear(), "200 \"a\"");
  EXPECT_EQ(caller.hear(), "200 \"127.0.0.1\"");
  EXPECT_EQ(caller.hear(), "200 \"b\"");
  EXPECT_THAT(caller.hear(), HasSubstr("404"));
  other.join();
  caller.get("/hello");
  EXPECT_EQ(caller.hear(), "200 \"127.0.0.1\"");
  EXPECT_EQ(house.server->counts().requests, 5U);
  EXPECT_EQ(house.server->counts().accepted, 1U);
}

TEST(NetServer, EchoesAMebibyteByLengthAndByChunksAndWaitsToBeTold) {
  House house;
  Caller caller(*house.server);
  std::string body(1 << 20, 'a');
  for (std::size_t i = 0; i < body.size(); ++i) body[i] = static_cast<char>('a' + i % 23);
  const std::string length = "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n";
  for (int i = 0; i < 3; ++i) {
    caller.say("POST /echo HTTP/1.1\r\nHost: h\r\n" + length + body);
    EXPECT_TRUE(caller.hear() == "200 " + body);
  }
  caller.say("POST /echo HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n" + http::chunk(body.substr(0, 500'000)) +
             http::chunk(body.substr(500'000)) + std::string(http::kLastChunk));
  EXPECT_TRUE(caller.hear() == "200 " + body);
  caller.say("POST /echo HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\n" + length);
  const auto told = caller.wire.receive(kPatience);
  ASSERT_TRUE(told);
  EXPECT_EQ(told->bytes, http::kContinue);
  caller.say(body);
  EXPECT_TRUE(caller.hear() == "200 " + body);
}

TEST(NetServer, PausesReadingRatherThanHoldWithoutBound) {
  House house(with([](ServerLimits& limits) { limits.most_in_flight = 4, limits.most_buffered = 4096; }));
  Caller caller(*house.server);
  std::string many;
  for (int i = 0; i < 2000; ++i) many += "GET /hello HTTP/1.1\r\nHost: h\r\n\r\n";
  std::thread asks([&] { caller.say(many); });
  for (int i = 0; i < 2000; ++i) ASSERT_EQ(caller.hear(), "200 \"127.0.0.1\"") << i;
  asks.join();
  for (const char* name : {"a", "b", "c", "d"}) caller.get(std::string("/later/") + name);
  caller.get("/hello");
  const Reply last = house.reply_to("d");
  std::this_thread::sleep_for(milliseconds(100));
  EXPECT_EQ(house.server->counts().requests, 2004U) << "the fifth waits";
  last(http::json_response("4"));
  for (const char* name : {"c", "b", "a"}) house.reply_to(name)(http::json_response("1"));
  for (const char* answer : {"200 1", "200 1", "200 1", "200 4", "200 \"127.0.0.1\""}) EXPECT_EQ(caller.hear(), answer);
}

TEST(NetServer, RefusesWhatIsTooLargeAndIsStillHeard) {
  House house;
  const std::string head = "POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 9000000\r\n\r\n";
  Caller caller(*house.server);
  (void)caller.wire.send(head + std::string(9'000'000, 'x'), kPatience);  // cut short or not, the answer is to be read
  EXPECT_THAT(caller.hear(), testing::AllOf(HasSubstr("413"), HasSubstr("http_body_too_large"), HasSubstr("closes")));
  Caller other(*house.server);
  other.say("GET /" + std::string(20'000, 'x') + " HTTP/1.1\r\n");
  EXPECT_THAT(other.hear(), testing::AllOf(HasSubstr("431"), HasSubstr("closes")));
  Caller third(*house.server);
  third.say("\x16\x03\x01\x02");
  EXPECT_THAT(third.hear(), HasSubstr("TLS"));
  EXPECT_EQ(house.server->counts().refused, 3U);
}

TEST(NetServer, TurnsAwayWhomItHasNoRoomFor) {
  House house(with([](ServerLimits& limits) { limits.most_connections_per_peer = 3; }));
  std::vector<std::unique_ptr<Caller>> callers;
  for (int i = 0; i < 3; ++i) {
    callers.push_back(std::make_unique<Caller>(*house.server));
    callers.back()->get("/hello");
    EXPECT_THAT(callers.back()->hear(), HasSubstr("200"));
  }
  Caller fourth(*house.server);
  EXPECT_THAT(fourth.hear(), testing::AllOf(HasSubstr("503"), HasSubstr("server_full")));
  EXPECT_EQ(house.server->counts().turned_away, 1U);
  callers.pop_back();
  ASSERT_TRUE(soon([&] { return house.server->counts().connections == 2; }));
  Caller fifth(*house.server);
  fifth.get("/hello");
  EXPECT_THAT(fifth.hear(), HasSubstr("200"));
}

TEST(NetServer, EndsEachWaitForASlowPeer) {
  House house(with([](ServerLimits& limits) {
    limits.head_time = limits.body_time = Millis::from_ms(150);
    limits.idle_time = Millis::from_ms(300);
    limits.least_body_rate = 100'000;
  }));
  Caller drips(*house.server);
  const auto began = SteadyTime::now();
  std::thread dripping([&] {
    for (const char c :
         std::string("GET /hello HTTP/1.1\r\nHost: h\r\nX: yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy")) {
      if (!drips.wire.send(std::string_view(&c, 1), kPatience)) break;
      std::this_thread::sleep_for(milliseconds(10));
      if (SteadyTime::now() - began > std::chrono::seconds(1)) break;
    }
  });
  dripping.join();
  EXPECT_THAT(drips.hear(), testing::AllOf(HasSubstr("408"), HasSubstr("http_too_slow"), HasSubstr("closes")));
  Caller body(*house.server);
  body.say("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 1000\r\n\r\nabc");
  EXPECT_THAT(body.hear(), HasSubstr("408"));
  Caller silent(*house.server), idle(*house.server);
  idle.get("/hello");
  EXPECT_THAT(idle.hear(), HasSubstr("200"));
  EXPECT_EQ(silent.hear(), "broken: the connection was closed before an answer");
  EXPECT_TRUE(idle.hears_the_end());
  EXPECT_EQ(house.server->counts().timed_out, 4U);
  Caller patient(*house.server);  // who waits for us is not slow
  patient.get("/later/x");
  std::this_thread::sleep_for(milliseconds(600));
  house.reply_to("x")(http::json_response("1"));
  EXPECT_EQ(patient.hear(), "200 1");
}

TEST(NetServer, CutsOffAReaderThatDoesNotReadAndHoldsLittleForIt) {
  House house(with([](ServerLimits& limits) { limits.write_time = Millis::from_ms(300), limits.most_buffered = 50'000; }));
  const auto feed = std::make_shared<EndlessFeed>();
  house.endless = feed;
  Caller caller(*house.server);
  caller.get("/endless");
  ASSERT_TRUE(soon([&] { return house.server->counts().timed_out == 1; }));
  ASSERT_TRUE(soon([&] { return house.server->counts().connections == 0; }));
  EXPECT_LT(feed->pulled, 16U << 20) << "what the kernel's buffers took, and no more";
  EXPECT_EQ(feed.use_count(), 1);
}

TEST(NetServer, AnswersWhoHasNoMoreQuestions) {
  House house;
  Caller caller(*house.server);
  caller.say("GET /later/a HTTP/1.1\r\nHost: h\r\n\r\nGET /hello HTTP/1.1\r\nHost: h\r\n\r\n");
  caller.wire.end_output();
  const Reply reply = house.reply_to("a");
  std::this_thread::sleep_for(milliseconds(50));
  reply(http::json_response("1"));
  EXPECT_EQ(caller.hear(), "200 1");
  EXPECT_THAT(caller.hear(), HasSubstr("200"));
  EXPECT_TRUE(caller.hears_the_end());
  Caller old(*house.server);
  old.say("GET /hello HTTP/1.0\r\n\r\n");
  EXPECT_EQ(old.hear(), "200 \"127.0.0.1\" closes");
}

TEST(NetServer, AnswersForAHandlerThatDoesNot) {
  House house;
  Caller caller(*house.server);
  for (const char* path : {"/dropped", "/thrown"}) {
    caller.get(path);
    EXPECT_THAT(caller.hear(), testing::AllOf(HasSubstr("500"), HasSubstr("server_failed"))) << path;
  }
  caller.get("/twice");
  EXPECT_EQ(caller.hear(), "200 1");
  caller.get("/hello");
  EXPECT_THAT(caller.hear(), HasSubstr("200"));
}

TEST(NetServer, TellsAFeedAsItComes) {
  House house;
  auto feed = std::make_shared<WordFeed>();
  house.words = feed;
  Caller caller(*house.server);
  feed->say("one ");
  caller.get("/feed");
  EXPECT_EQ(caller.hear_until("one "), "one ");
  std::thread speaker([&] {
    for (int i = 0; i < 1000; ++i) feed->say("w" + std::to_string(i) + " ");
  });
  EXPECT_THAT(caller.hear_until("w999 "), HasSubstr("w0 w1 w2 "));
  speaker.join();
  feed->end();
  EXPECT_EQ(caller.hear_until("nothing more"), " (whole)");
  caller.get("/hello");
  EXPECT_EQ(caller.hear(), "200 \"127.0.0.1\"") << "the connection goes on after a feed";
}

TEST(NetServer, LetsGoOfAFeedWhenItsReaderHangsUp) {
  House house;
  auto feed = std::make_shared<WordFeed>();
  house.words = feed;
  {
    Caller caller(*house.server);
    caller.get("/feed");
    feed->say("one");
    EXPECT_EQ(caller.hear_until("one"), "one");
  }
  ASSERT_TRUE(soon([&] { return house.server->counts().connections == 0; }));
  EXPECT_EQ(feed.use_count(), 1);
  feed->say("nobody hears");
}

TEST(NetServer, StopsWithAnswersInFlight) {
  House house;
  auto feed = std::make_shared<WordFeed>();
  house.words = feed;
  Caller waits(*house.server), listens(*house.server), idles(*house.server), starts(*house.server);
  waits.get("/later/a");
  listens.get("/feed");
  feed->say("one ");
  EXPECT_EQ(listens.hear_until("one "), "one ");
  starts.say("GET /hel");
  idles.get("/hello");
  EXPECT_THAT(idles.hear(), HasSubstr("200"));
  const Reply reply = house.reply_to("a");
  std::thread stopper([&] { house.server->stop(); });
  EXPECT_TRUE(idles.hears_the_end());
  EXPECT_THAT(starts.hear(), testing::AllOf(HasSubstr("503"), HasSubstr("server_stopping")));
  EXPECT_EQ(listens.hear_until("nothing more"), " (whole)");
  EXPECT_FALSE(Wire::dial(Dial{"127.0.0.1", house.server->port()}));
  reply(http::json_response("1"));
  EXPECT_EQ(waits.hear(), "200 1 closes");
  stopper.join();
  EXPECT_EQ(house.server->counts().connections, 0U);
  house.server->stop();
}

TEST(NetServer, StopsInTimeThoughAnAnswerNeverComesAndTakesItLater) {
  House house(with([](ServerLimits& limits) { limits.stop_time = Millis::from_ms(200); }));
  Caller caller(*house.server);
  caller.get("/later/a");
  Reply reply = house.reply_to("a");
  const auto began = SteadyTime::now();
  house.server.reset();
  EXPECT_LT(SteadyTime::now() - began, std::chrono::seconds(5));
  EXPECT_TRUE(caller.hears_the_end());
  reply(http::json_response("1"));
  reply = nullptr;
}

TEST(NetServer, ServesTwoHundredAtOnce) {
  House house;
  std::atomic<int> good{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&] {
      std::vector<std::unique_ptr<Caller>> callers;
      for (int i = 0; i < 50; ++i) callers.push_back(std::make_unique<Caller>(*house.server));
      for (int round = 0; round < 10; ++round) {
        for (auto& caller : callers) caller->get("/hello");
        for (auto& caller : callers) good += caller->hear() == "200 \"127.0.0.1\"" ? 1 : 0;
      }
    });
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(good, 2000);
  EXPECT_EQ(house.server->counts().accepted, 200U);
}

TEST(NetServer, SaysWhyItCannotListen) {
  House house;
  SystemClock clock;
  ServerConfig taken;
  taken.port = house.server->port();
  ServerConfig named;
  named.address = "localhost";
  ServerConfig keyless;
  keyless.tls = TlsFiles{"/nowhere/cert.pem", "/nowhere/key.pem"};
  for (const auto& config : {taken, named, keyless}) {
    const auto server = Server::listen(config, http::Router(), clock);
    ASSERT_FALSE(server);
    EXPECT_EQ(server.error().rule, Rule::address_unusable);
    EXPECT_FALSE(server.error().where.empty());
  }
}

/// Certificates made for the test run by the openssl command.
class NetTls : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    dir = std::filesystem::temp_directory_path() / ("wideberth-net-test-" + std::to_string(::getpid()));
    std::filesystem::create_directories(dir);
    for (const char* name : {"red", "blue"}) {
      const std::string base = (dir / name).string();
      const std::string command =
          "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=" + std::string(name) +
          " -addext subjectAltName=IP:127.0.0.1 -keyout " + base + ".key -out " + base + ".pem 2>/dev/null";
      ASSERT_EQ(std::system(command.c_str()), 0);
    }
  }
  static void TearDownTestSuite() { std::filesystem::remove_all(dir); }
  static std::string file(const std::string& name) { return (dir / name).string(); }
  static Dial dial(const Server& server, Trust trust) { return Dial{"127.0.0.1", server.port(), true, std::move(trust)}; }
  static inline std::filesystem::path dir{};
};

TEST_F(NetTls, SpeaksToWhomItTrustsAndToNobodyElse) {
  ServerConfig config;
  config.tls = TlsFiles{file("red.pem"), file("red.key")};
  config.limits.sweep = Millis::from_ms(20);
  House house(config);
  EXPECT_THAT(house.server->url(), HasSubstr("https://127.0.0.1:"));
  auto wire = Wire::dial(dial(*house.server, Trust{file("red.pem"), ""}));
  ASSERT_TRUE(wire) << base::to_text(wire.error());
  Caller caller(*std::move(wire));
  const std::string body(1 << 20, 'b');
  for (int i = 0; i < 3; ++i) {
    caller.say("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body);
    EXPECT_TRUE(caller.hear() == "200 " + body);
  }
  const auto wrong = Wire::dial(dial(*house.server, Trust{file("blue.pem"), ""}));
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().rule, Rule::server_untrusted) << base::to_text(wrong.error());
  const auto unpinned = Wire::dial(dial(*house.server, Trust{"", std::string(64, '0')}));
  ASSERT_FALSE(unpinned);
  EXPECT_EQ(unpinned.error().rule, Rule::server_untrusted);
  const std::string pin = unpinned.error().found.substr(unpinned.error().found.rfind(' ') + 1);
  auto pinned = Wire::dial(dial(*house.server, Trust{"", pin}));
  ASSERT_TRUE(pinned);
  Caller second(*std::move(pinned));
  second.say("GET /hello HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
  EXPECT_EQ(second.hear(), "200 \"127.0.0.1\" closes");
  EXPECT_TRUE(second.hears_the_end());
  Caller plain(*house.server);  // no handshake: hung up on, and not waited for
  plain.get("/hello");
  EXPECT_TRUE(plain.hears_the_end());
  house.server->stop();
}

TEST_F(NetTls, TellsAFeedAndStops) {
  ServerConfig config;
  config.tls = TlsFiles{file("red.pem"), file("red.key")};
  House house(config);
  auto feed = std::make_shared<WordFeed>();
  house.words = feed;
  Caller caller(Wire::dial(dial(*house.server, Trust{file("red.pem"), ""})).value());
  caller.get("/feed");
  feed->say("one ");
  EXPECT_EQ(caller.hear_until("one "), "one ");
  std::thread stopper([&] { house.server->stop(); });
  EXPECT_EQ(caller.hear_until("nothing more"), " (whole)");
  EXPECT_TRUE(caller.hears_the_end());
  stopper.join();
}

TEST_F(NetTls, RefusesAKeyThatIsNotTheCertificates) {
  SystemClock clock;
  ServerConfig config;
  config.tls = TlsFiles{file("red.pem"), file("blue.key")};
  const auto server = Server::listen(config, http::Router(), clock);
  ASSERT_FALSE(server);
  EXPECT_EQ(server.error().where, file("blue.key"));
}

TEST(NetDial, SaysThatNobodyAnswers) {
  std::uint16_t port = 0;
  {
    House house;
    port = house.server->port();
  }
  const auto wire = Wire::dial(Dial{"127.0.0.1", port});
  ASSERT_FALSE(wire);
  EXPECT_EQ(wire.error().rule, Rule::server_unreachable);
  EXPECT_THAT(base::to_text(wire.error()), HasSubstr("no server answers at 127.0.0.1:" + std::to_string(port)));
  EXPECT_EQ(Wire::dial(Dial{"no-such-host.invalid", 80}).error().rule, Rule::server_unreachable);
  House house;
  const auto tls = Wire::dial(Dial{"127.0.0.1", house.server->port(), true});
  ASSERT_FALSE(tls);
  EXPECT_THAT(tls.error().rule, testing::AnyOf(Rule::server_untrusted, Rule::server_unreachable)) << base::to_text(tls.error());
}

TEST(NetSystem, ReadsTheClockAndDraws) {
  SystemClock clock;
  EXPECT_GT(clock.now(), base::Instant::parse("2024-01-01T00:00:00Z").value());
  SystemEntropy entropy;
  std::array<unsigned char, 32> a{}, b{};
  entropy.fill(a);
  entropy.fill(b);
  EXPECT_NE(a, b);
}

}  // namespace
}  // namespace wideberth::net
