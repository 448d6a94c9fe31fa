// links: base json geo ledger model conflict core store engine http api net client
// The routes over real sockets: the server's and the client's side of the same promise.
#include <gtest/gtest.h>

#include <thread>

#include "api/testing.h"
#include "client/client.h"
#include "client/events.h"
#include "net/server.h"

namespace wideberth::api {
namespace {

using namespace testing;

class OverSockets : public ::testing::Test, protected Harness {
 protected:
  void SetUp() override { listen(0); }
  void listen(std::uint16_t port) {
    net::ServerConfig config;
    config.port = port;
    auto made = net::Server::listen(config, make_router(Parts{*engine_, entropy_, steady_, limits_}), steady_);
    ASSERT_TRUE(made) << to_text(made.error());
    server_ = std::move(*made);
  }
  client::Client connect() {
    client::ClientConfig config;
    config.server = server_->url();
    return client::Client::make(config).value();
  }
  std::string login_over_socket(const std::string& key) {
    client::Client client = connect();
    const auto challenge = client.post("/v1/challenges", "{\"key\":\"" + key + "\"}");
    EXPECT_TRUE(challenge) << to_text(challenge.error());
    const std::string note = ledger::sign_note(Body(challenge->body)["challenge"].text(), key_named(key));
    const auto session = client.post("/v1/sessions", session_body(note));
    EXPECT_TRUE(session) << to_text(session.error());
    return Body(session->body)["token"].text();
  }
  std::unique_ptr<net::Server> server_;
};

TEST_F(OverSockets, ANoteIsFiledReadBackAndFollowed) {
  client::Client client = connect();
  EXPECT_EQ(client.get("/v1/keys").error().rule, Rule::session_needed);
  const std::string token = login_over_socket("blue/ops");
  client.set_token(token);
  client::Client listener = connect();
  listener.set_token(token);
  client::EventStream stream(std::move(listener), "/v1/events", {{"from", "0"}});
  for (std::uint64_t i = 0; i < 5; ++i) {
    const auto event = stream.next(Millis::from_seconds(20));
    ASSERT_TRUE(event && *event);
    EXPECT_EQ((*event)->id, std::to_string(i));
  }
  const auto filed = client.post("/v1/entries",
                                 line({model::EntryKind::key_added, "blue/root",
                                       model::to_json(model::KeyAdded{key_named("blue/desk").verifier(), {}, ""})}),
                                 "application/x-ndjson");
  ASSERT_TRUE(filed) << to_text(filed.error());
  const auto event = stream.next(Millis::from_seconds(20));
  ASSERT_TRUE(event && *event);
  EXPECT_EQ((*event)->id, "5");
  EXPECT_EQ((*event)->name, "key.added");
  EXPECT_EQ(client.get("/v1/entries/9").error().rule, Rule::entry_unknown);
}

TEST_F(OverSockets, AServerThatComesBackLosesAndDoublesNothing) {
  client::Client listener = connect();
  listener.set_token(login_over_socket("red/ops"));
  client::EventStream stream(std::move(listener), "/v1/events", {{"from", "0"}});
  std::vector<std::string> ids;
  const auto take = [&](std::size_t count) {
    while (ids.size() < count) {
      const auto event = stream.next(Millis::from_seconds(30));
      ASSERT_TRUE(event && *event);
      if ((*event)->name != "resync") ids.push_back((*event)->id);
    }
  };
  take(3);
  const std::uint16_t port = server_->port();
  server_.reset();
  revoke("green/ops");  // by the router of the harness: the log goes on while the server is away
  listen(port);
  ASSERT_NE(server_, nullptr);
  const std::string token = login_over_socket("red/ops");
  stream.set_token(token);
  take(6);
  EXPECT_EQ(ids, (std::vector<std::string>{"0", "1", "2", "3", "4", "5"}));
}

}  // namespace
}  // namespace wideberth::api
