// The event stream: resumed anywhere, slow readers, ends of sessions.
#include <gtest/gtest.h>

#include <chrono>
#include <thread>

#include "api/events.h"
#include "api/testing.h"

namespace wideberth::api {
namespace {

using namespace testing;

class EventsTest : public ::testing::Test, protected Harness {
 protected:
  struct Stream {
    std::shared_ptr<http::Feed> feed;
    http::EventReader reader{};
    std::vector<http::Event> events{};
    std::string raw{};
  };

  Stream follow(const std::string& token, http::Fields query = {}, http::Fields headers = {}) {
    const http::Response response = get("/v1/events", token, std::move(query), std::move(headers));
    EXPECT_EQ(response.status, 200) << response.body;
    EXPECT_EQ(response.content_type, "text/event-stream");
    EXPECT_EQ(response.body, "retry: 2000\n\n: heartbeat\n\n");
    return Stream{response.feed};
  }
  /// Pulls until there are so many events, or the stream ends, or for 20 s.
  static std::vector<std::uint64_t> take(Stream& stream, std::size_t count) {
    const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (stream.events.size() < count && std::chrono::steady_clock::now() < until) {
      const std::string piece = stream.feed->pull();
      stream.raw += piece;
      const auto events = stream.reader.add(piece).value();
      stream.events.insert(stream.events.end(), events.begin(), events.end());
      if (stream.feed->ended()) break;
      if (piece.empty()) std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
    std::vector<std::uint64_t> ids;
    for (const http::Event& each : stream.events)
      if (each.name != "resync") ids.push_back(std::stoull(each.id));
    return ids;
  }
  std::vector<std::uint64_t> readable(const std::string& party, std::uint64_t from = 0) {
    std::vector<std::uint64_t> ids;
    engine_->view([&](const core::State& state) {
      for (std::uint64_t i = from; i < state.next().value; ++i)
        if (core::may_read(state, EntryIndex{i}, party)) ids.push_back(i);
    });
    return ids;
  }
  void add_keys(int count) {
    std::string body;
    core::testing::World& at = world();
    for (int i = 0; i < count; ++i) {
      const core::Submission note =
          at.sign({model::EntryKind::key_added, "green/root",
                   model::to_json(model::KeyAdded{key_named("green/k" + std::to_string(++keys_)).verifier(), {}, ""})});
      body += to_line(note) + "\n";
      at.take(note);
    }
    EXPECT_EQ(post("/v1/entries", body).status, 200);
  }
  static bool wait_for(const std::function<bool()>& come) {
    const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (!come()) {
      if (std::chrono::steady_clock::now() > until) return false;
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
    return true;
  }
  int keys_ = 0;
};

TEST_F(EventsTest, ResumedAtEveryIndexThereIsNoGapAndNoDouble) {
  const std::string agreement = agree();
  drive(Drive{}, agreement);
  for (const char* party : {"blue", "green"}) {
    const std::string token = login(std::string(party) + "/ops");
    const auto all = readable(party);
    for (std::uint64_t from = 0; from <= size(); ++from) {
      Stream stream = follow(token, {{"from", std::to_string(from)}});
      const auto expected = readable(party, from);
      EXPECT_EQ(take(stream, expected.size()), expected) << party << " from " << from;
    }
    for (const std::uint64_t last : all) {
      // As a browser comes back: the same address, and the id that it had last.
      Stream stream = follow(token, {{"from", "0"}}, {{"Last-Event-ID", std::to_string(last)}});
      EXPECT_EQ(take(stream, readable(party, last + 1).size()), readable(party, last + 1)) << party << " after " << last;
    }
  }
}

TEST_F(EventsTest, CutAnywhereAndResumedTheEventsAreTheSame) {
  add_keys(40);
  const std::string token = login("blue/ops");
  const auto all = readable("blue");
  std::vector<std::uint64_t> got;
  http::Fields headers;
  for (std::size_t step = 1; got.size() < all.size(); ++step) {
    Stream stream = follow(token, {{"from", "0"}}, headers);
    take(stream, std::min(step, all.size() - got.size()));
    for (std::size_t i = 0; i < std::min(step, stream.events.size()); ++i) got.push_back(std::stoull(stream.events[i].id));
    headers = {{"Last-Event-ID", std::to_string(got.back())}};
  }
  EXPECT_EQ(got, all);
}

TEST_F(EventsTest, WhatComesNextArrivesAsItIsPublished) {
  const std::string agreement = agree();
  Stream blue = follow(login("blue/ops")), green = follow(login("green/ops"));
  std::atomic<int> woken = 0;
  blue.feed->set_waker([&] { ++woken; });
  const std::uint64_t from = size();
  const EntryIndex filed = drive(Drive{}, agreement);
  EXPECT_TRUE(wait_for([&] { return woken > 0; })) << "the reader is woken";
  EXPECT_EQ(take(blue, readable("blue", from).size()), readable("blue", from));
  const http::Event& first = blue.events.at(0);
  EXPECT_EQ(first.id, std::to_string(filed.value));
  EXPECT_EQ(first.name, "notification.filed");
  const Body data(first.data);
  EXPECT_EQ(data["signer"].text(), "blue/ops");
  EXPECT_EQ(data["received"].text(), "2020-08-24T00:00:00.000Z");
  EXPECT_FALSE(data.has("leaf"));
  add_keys(1);
  EXPECT_EQ(take(green, 1), readable("green", from)) << "nothing of the movement, only the key that everybody sees";
  blue.feed->set_waker({});
}

TEST_F(EventsTest, WhatWaitsIsBoundedAndFilledUpAsItIsTaken) {
  limits_.most_queued_events = 8;
  serve();
  const std::string token = login("blue/ops");
  add_keys(60);
  Stream stream = follow(token, {{"from", "0"}});
  std::string piece;
  ASSERT_TRUE(wait_for([&] { return !(piece = stream.feed->pull()).empty(); }));
  EXPECT_LE(stream.reader.add(piece).value().size(), 8u);
  EXPECT_EQ(stream.reader.last_id(), "7");
  stream.events.clear();
  EXPECT_EQ(take(stream, size() - 8), readable("blue", 8));
  limits_.most_queued_bytes = 1;  // one event always
  serve();
  Stream narrow = follow(login("blue/ops"), {{"from", "0"}});
  EXPECT_EQ(take(narrow, size()), readable("blue"));
}

TEST_F(EventsTest, WhoTakesNothingIsToldToAskAgainAndMissesNothing) {
  limits_.most_queued_events = 8;
  serve();
  const std::string token = login("blue/ops");
  Stream stream = follow(token, {{"from", "0"}});
  ASSERT_FALSE(take(stream, 1).empty());
  const std::string last = stream.reader.last_id();
  add_keys(30);
  std::this_thread::sleep_for(std::chrono::milliseconds(300));  // the hub fills what there is room for
  std::atomic<int> woken = 0;
  stream.feed->set_waker([&] { ++woken; });
  steady_.move(Millis::from_seconds(11));
  ASSERT_TRUE(wait_for([&] { return woken > 0; }));
  std::this_thread::sleep_for(std::chrono::milliseconds(100));
  stream.events.clear();
  take(stream, 100);
  ASSERT_EQ(stream.events.size(), 1u) << "what waited is dropped";
  EXPECT_EQ(stream.events.back().name, "resync");
  EXPECT_TRUE(stream.feed->ended());
  EXPECT_EQ(stream.reader.last_id(), last) << "a resync bears no id";
  Stream again = follow(token, {}, {{"Last-Event-ID", last}});
  const auto expected = readable("blue", std::stoull(last) + 1);
  EXPECT_EQ(take(again, expected.size()), expected);
  stream.feed->set_waker({});
}

TEST_F(EventsTest, AHeartbeatComesWhereNothingElseDoes) {
  Stream stream = follow(login("blue/ops"));
  EXPECT_EQ(stream.feed->pull(), "");
  steady_.move(Millis::from_seconds(10));
  std::atomic<int> woken = 0;
  stream.feed->set_waker([&] { ++woken; });
  EXPECT_TRUE(wait_for([&] { return woken > 0; }));
  EXPECT_EQ(stream.feed->pull(), ": heartbeat\n\n");
  EXPECT_EQ(stream.feed->pull(), "");
  stream.feed->set_waker({});
}

TEST_F(EventsTest, EndsWithItsSessionAndWithTheServer) {
  const std::string revoked = login("blue/ops");
  Stream blue = follow(revoked), red = follow(login("red/ops")), mission = follow(login("mission/ops"));
  revoke("blue/ops");
  EXPECT_TRUE(wait_for([&] { return blue.feed->ended(); }));
  EXPECT_EQ(blue.feed->pull(), "") << "not even its own revocation";
  EXPECT_EQ(refused(get("/v1/events", revoked)), "401 session_needed");
  EXPECT_FALSE(red.feed->ended());
  steady_.move(Millis::from_seconds(3600));
  red.feed->pull();
  EXPECT_TRUE(red.feed->ended());
  router_.reset();
  EXPECT_TRUE(mission.feed->ended());
  EXPECT_EQ(mission.feed->pull(), "");
}

TEST_F(EventsTest, IsRefusedWhereItCannotGoOn) {
  limits_.most_streams_of_party = 2;
  serve();
  const std::string token = login("blue/ops"), red = login("red/ops");
  EXPECT_EQ(refused(get("/v1/events", token, {{"from", std::to_string(size() + 1)}})), "404 entry_unknown");
  EXPECT_EQ(refused(get("/v1/events", token, {}, {{"Last-Event-ID", std::to_string(size())}})), "404 entry_unknown");
  EXPECT_EQ(refused(get("/v1/events", token, {}, {{"Last-Event-ID", "x"}})), "400 number_malformed");
  Stream one = follow(token);
  {
    Stream two = follow(token);
    EXPECT_EQ(refused(get("/v1/events", token)), "429 event_streams");
    Stream other = follow(red);
  }
  EXPECT_TRUE(wait_for([&] { return get("/v1/events", token).status == 200; })) << "a stream that is gone makes room";
}

}  // namespace
}  // namespace wideberth::api
