// For the tests of net only: a server with routes that wait, fail and stream, and a peer that says exactly what it is told.
#pragma once

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>

#include "http/http.h"
#include "net/net.h"

namespace wideberth::net::testing_house {

using base::Rule;
using http::Reply;
using http::Request;
using http::Response;
using std::chrono::milliseconds;
using SteadyTime = std::chrono::steady_clock;

inline constexpr Millis kPatience = Millis::from_seconds(10);

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

inline ServerConfig with(const std::function<void(ServerLimits&)>& change) {
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

}  // namespace wideberth::net::testing_house
