#include "net/net.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "net/testing.h"

namespace wideberth::net {
namespace {

using namespace testing_house;
using testing::HasSubstr;

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
  // Half a question, sent behind a whole one: whoever hears the answer to the whole knows that the half has been read.
  starts.say("GET /hello HTTP/1.1\r\nHost: h\r\n\r\nGET /hel");
  EXPECT_THAT(starts.hear(), HasSubstr("200"));
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

}  // namespace
}  // namespace wideberth::net
