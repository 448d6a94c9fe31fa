// links: base json geo ledger model conflict core store engine http api net client
// Ten thousand invented movements filed over a socket; what the server then says of conflicts, against asking every pair.
#include <gtest/gtest.h>

#include <chrono>
#include <random>
#include <set>
#include <tuple>

#include "api/testing.h"
#include "client/client.h"
#include "conflict/conflict.h"
#include "net/server.h"

namespace wideberth::api {
namespace {

using namespace testing;

// Two revisions in the order of the finding, and the window and the kind that it names.
using Finding = std::tuple<std::uint64_t, std::uint64_t, std::int64_t, std::int64_t, geo::Likeness>;

class ManyOverSockets : public ::testing::Test, protected Harness {
 protected:
  ManyOverSockets() {
    limits_.notes_of_key = {100'000, 100'000};
    limits_.notes_of_peer = {100'000, 100'000};
    net::ServerConfig config;
    config.port = 0;
    server_ = std::move(net::Server::listen(config, make_router(Parts{*engine_, entropy_, steady_, limits_}), steady_).value());
  }
  client::Client connect() {
    client::ClientConfig config;
    config.server = server_->url();
    config.answer_time = Millis::from_seconds(600);
    return client::Client::make(config).value();
  }

  Drive any_drive() {
    const auto even = [&](std::int64_t low, std::int64_t high) {
      return low + static_cast<std::int64_t>(bits_() % static_cast<std::uint64_t>(high - low + 1));
    };
    Drive drive;
    drive.party = even(0, 1) == 0 ? "blue" : "red";
    const auto lon = even(418'500'000, 424'500'000), lat = even(373'800'000, 375'800'000);
    drive.from = {static_cast<std::int32_t>(lon), static_cast<std::int32_t>(lat)};
    drive.to = {static_cast<std::int32_t>(lon + even(-1'500'000, 1'500'000)),
                static_cast<std::int32_t>(lat + even(500'000, 1'500'000))};
    drive.start = core::testing::at("2020-08-26T00:00:00Z") + Millis::from_seconds(even(0, 20 * 86'400));
    drive.takes = Millis::from_seconds(even(600, 5'400));
    drive.slack = Millis::from_seconds(even(0, 900));
    return drive;
  }

  static std::string login_over_socket(client::Client& client, const std::string& key) {
    const auto challenge = client.post("/v1/challenges", "{\"key\":\"" + key + "\"}").value();
    const std::string note = ledger::sign_note(Body(challenge.body)["challenge"].text(), key_named(key));
    return Body(client.post("/v1/sessions", session_body(note)).value().body)["token"].text();
  }

  // Signs the next note of a chain without asking the server for it between two notes.
  std::string next_line(const Drive& drive, const std::string& agreement) {
    const core::Submission submission = world_.sign(world_.filing(drive, agreement));
    const auto admitted = core::admit(world_.state, submission);
    must(admitted.has_value(), "a note of the test is refused");
    core::KeyState& chain = world_.state.keys.at(drive.party + "/ops");
    ++chain.next_number;
    chain.last_text = admitted->text_hash;
    return to_line(submission) + "\n";
  }

  std::mt19937_64 bits_{20'260'804};
  std::unique_ptr<net::Server> server_;
};

TEST_F(ManyOverSockets, TheServerFindsWhatAskingEveryPairFinds) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  constexpr std::size_t count = 2'000;  // ten times as slow
#else
  constexpr std::size_t count = 10'000;
#endif
  const std::string agreement = agree();
  world();
  client::Client client = connect();
  struct Known {
    std::uint64_t revision;
    std::string party;
    geo::Plan plan;
  };
  std::vector<Known> filed;
  const auto begin = std::chrono::steady_clock::now();
  while (filed.size() < count) {
    std::string body;
    std::vector<Drive> drives;
    for (int i = 0; i < 250 && filed.size() + drives.size() < count; ++i) {
      drives.push_back(any_drive());
      body += next_line(drives.back(), agreement);
    }
    const auto answer = client.post("/v1/entries", body, "application/x-ndjson");
    ASSERT_TRUE(answer) << to_text(answer.error());
    std::size_t at = 0;
    for (const Drive& drive : drives) {
      const std::size_t end = answer->body.find('\n', at);
      ASSERT_NE(end, std::string::npos);
      const Body line(std::string_view(answer->body).substr(at, end - at));
      ASSERT_TRUE(line.has("index")) << line.json();
      at = end + 1;
      auto plan = model::compile(core::testing::notification_of(drive, agreement));
      ASSERT_TRUE(plan);
      filed.push_back({line["index"].number(), drive.party, *std::move(plan)});
    }
  }
  const double filing_s = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();

  std::set<Finding> expected;
  for (std::size_t i = 0; i < filed.size(); ++i)
    for (std::size_t j = 0; j < i; ++j) {
      if (filed[i].party == filed[j].party) continue;
      const auto meeting = geo::meet(filed[i].plan, filed[j].plan, geo::Metres::from_metres(1000));
      if (meeting)
        expected.insert(
            {filed[i].revision, filed[j].revision, meeting->window.from.ms(), meeting->window.to.ms(), meeting->kind});
    }
  for (const char* reader : {"blue/ops", "red/ops"}) {
    client.set_token(login_over_socket(client, reader));
    std::set<Finding> found;
    std::size_t told = 0;
    http::Fields query;
    for (bool more = true; more;) {
      const auto answer = client.get("/v1/conflicts", query);
      ASSERT_TRUE(answer) << to_text(answer.error());
      const Body page(answer->body);
      const Body said = page["conflicts"];
      told += said.size();
      for (std::size_t i = 0; i < said.size(); ++i) {
        const auto each = model::parse_conflict_found(said[i]["found"].json());
        ASSERT_TRUE(each) << to_text(each.error());
        const geo::Meeting& meeting = std::get<model::ExactConflict>(each->what).meeting;
        found.insert(
            {each->a_revision.value, each->b_revision.value, meeting.window.from.ms(), meeting.window.to.ms(), meeting.kind});
      }
      more = page["next"].json() != "null";
      if (more) query = {{"after", page["next"].text()}};
    }
    EXPECT_EQ(told, found.size());
    EXPECT_EQ(found, expected) << reader;
  }
  std::printf("%zu movements filed over HTTP in %.2f s, %zu conflicts\n", count, filing_s, expected.size());
  EXPECT_GT(expected.size(), count / 20);
}

}  // namespace
}  // namespace wideberth::api
