#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <cctype>
#include <cstdlib>
#include <filesystem>

#include "net/net.h"
#include "net/testing.h"

namespace wideberth::net {
namespace {

using namespace testing_house;
using testing::HasSubstr;

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
  std::string printed;  // as openssl prints it
  for (std::size_t i = 0; i < pin.size(); ++i) {
    if (i > 0 && i % 2 == 0) printed += ':';
    printed += static_cast<char>(std::toupper(static_cast<unsigned char>(pin[i])));
  }
  EXPECT_TRUE(Wire::dial(dial(*house.server, Trust{"", printed})));
  const auto cut = Wire::dial(dial(*house.server, Trust{"", pin.substr(1)}));
  ASSERT_FALSE(cut);
  EXPECT_THAT(cut.error().found, HasSubstr("is no fingerprint"));
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

TEST_F(NetTls, DoesNotWaitForAHandshakeWithoutAnEnd) {
  ServerConfig config = with([](ServerLimits& limits) { limits.head_time = Millis::from_ms(150); });
  config.tls = TlsFiles{file("red.pem"), file("red.key")};
  House house(config);
  Caller silent(*house.server);
  EXPECT_TRUE(silent.hears_the_end());
  EXPECT_EQ(house.server->counts().timed_out, 1U);
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
