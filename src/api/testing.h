// What the tests of this folder share: a real engine over a real store in a temporary folder, behind the router, with the
// invented parties of core/testing.h. No socket.
#pragma once

#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <future>
#include <memory>
#include <string>

#include "api/api.h"
#include "api/submission.h"
#include "core/testing.h"
#include "http/http.h"
#include "json/json.h"
#include "store/sqlite.h"

namespace wideberth::api::testing {

using base::EntryIndex;
using base::Instant;
using base::Rule;
using core::testing::Drive;
using core::testing::key_named;
using core::testing::Note;
using core::testing::Terms;

class HandClock final : public base::Clock {
 public:
  explicit HandClock(std::string_view from) : ms_(core::testing::at(from).ms()) {}
  Instant now() override { return Instant::from_ms(ms_.load()); }
  void move(Millis by) { ms_ += by.ms(); }
  void set(Instant to) { ms_ = to.ms(); }

 private:
  std::atomic<std::int64_t> ms_;
};

class CountedEntropy final : public base::Entropy {
 public:
  void fill(std::span<unsigned char> out) override {
    const std::lock_guard lock(mutex_);
    for (std::size_t i = 0; i < out.size(); i += 32) {
      const ledger::Hash block = ledger::sha256("invented chance " + std::to_string(++count_));
      for (std::size_t j = i; j < std::min(out.size(), i + 32); ++j) out[j] = block.bytes[j - i];
    }
  }

 private:
  std::mutex mutex_;
  std::uint64_t count_ = 0;
};

/// A JSON body that can be walked; stops the test where a member is not there.
class Body {
 public:
  explicit Body(std::string_view text)
      : value_(std::make_shared<json::Value>(json::parse(text, {std::size_t{64} << 20, 64}).value())), at_(value_.get()) {}
  Body operator[](std::string_view name) const { return Body(value_, &json::Reader(*at_).member(name).value().value()); }
  Body operator[](std::size_t i) const { return Body(value_, &at_->array().at(i)); }
  bool has(std::string_view name) const { return json::Reader(*at_).member(name).has_value(); }
  std::size_t size() const { return at_->kind() == json::Value::Kind::array ? at_->array().size() : at_->object().size(); }
  std::string text() const { return at_->string(); }
  std::uint64_t number() const { return static_cast<std::uint64_t>(at_->integer()); }
  bool boolean() const { return at_->boolean(); }
  bool null() const { return at_->is_null(); }
  std::string json() const { return json::to_json(*at_); }
  const json::Value& value() const { return *at_; }

 private:
  Body(std::shared_ptr<json::Value> value, const json::Value* at) : value_(std::move(value)), at_(at) {}
  std::shared_ptr<json::Value> value_;
  const json::Value* at_;
};

/// A fixture beside ::testing::Test. What must work before a test can say anything stops the program where it does not.
class Harness {
 protected:
  /// `without_key`: parties that speak by telephone.
  explicit Harness(const std::vector<std::string>& without_key = {}) : world_({}, without_key) {
    static std::atomic<int> count = 0;
    const auto root =
        std::filesystem::exists("/dev/shm") ? std::filesystem::path("/dev/shm") : std::filesystem::temp_directory_path();
    dir_ = root / ("wideberth-api-" + std::to_string(::getpid()) + "-" + std::to_string(count++));
    std::filesystem::create_directories(dir_);
    store_ = std::move(store::open_sqlite(dir_ / "log.db", store::Mode::create).value());
    const engine::Ports ports{clock_, entropy_, *store_};
    must(engine::Engine::open_log(ports, server_key(), *world_.state.opening).has_value(), "open_log");
    engine_ = std::move(
        engine::Engine::start(ports, server_key(), {}, [](const base::Refusal& why) { must(false, to_text(why)); }).value());
    serve();
    for (const char* party : {"blue", "red", "green", "mission"}) {
      const std::string desk = std::string(party) + "/ops";
      if (!world_.state.has_key(party)) continue;
      file({model::EntryKind::key_added, std::string(party) + "/root",
            model::to_json(model::KeyAdded{key_named(desk).verifier(), {}, ""})});
    }
  }
  ~Harness() {
    if (router_) router_->close();
    router_.reset();
    engine_.reset();
    store_.reset();
    std::filesystem::remove_all(dir_);
  }

  static void must(bool holds, const std::string& what) {
    if (!holds) base::check_failed(what.c_str(), __FILE__, __LINE__);
  }
  static ledger::SigningKey server_key() {
    const std::string name(core::testing::kOrigin);
    return std::move(ledger::SigningKey::from_seed(name, ledger::sha256("invented key " + name).view()).value());
  }
  void serve() { router_ = std::make_unique<http::Router>(make_router(Parts{*engine_, entropy_, steady_, limits_})); }

  http::Response ask(http::Request request) {
    std::promise<http::Response> answered;
    router_->answer(std::move(request), [&](http::Response response) { answered.set_value(std::move(response)); });
    return answered.get_future().get();
  }
  http::Response get(const std::string& path, const std::string& token = {}, http::Fields query = {}, http::Fields headers = {}) {
    http::Request request;
    request.method = "GET";
    request.path = path;
    request.query = std::move(query);
    request.headers = std::move(headers);
    request.peer = "192.0.2.1";
    if (!token.empty()) request.headers.emplace_back("Authorization", "Bearer " + token);
    return ask(std::move(request));
  }
  http::Response post(const std::string& path, std::string body, const std::string& peer = "192.0.2.1") {
    http::Request request;
    request.method = "POST";
    request.path = path;
    request.body = std::move(body);
    request.peer = peer;
    return ask(std::move(request));
  }
  Body read(const std::string& path, const std::string& token, http::Fields query = {}) {
    const http::Response response = get(path, token, std::move(query));
    must(response.status == 200, path + " " + response.body);
    return Body(response.body);
  }
  static std::string refused(const http::Response& response) {
    const auto refusal = http::read_problem(response.body);
    return refusal ? std::to_string(response.status) + " " + std::string(base::code_of(refusal->rule)) : response.body;
  }

  std::string challenge(const std::string& key) {
    const auto response = post("/v1/challenges", "{\"key\":\"" + key + "\"}");
    must(response.status == 200, response.body);
    return Body(response.body)["challenge"].text();
  }
  static std::string session_body(const std::string& note) {
    json::Writer w;
    w.begin_object().key("note").string(note).end_object();
    return w.take();
  }
  std::string login(const std::string& key) {
    const auto response = post("/v1/sessions", session_body(ledger::sign_note(challenge(key), key_named(key))));
    must(response.status == 200, response.body);
    return Body(response.body)["token"].text();
  }

  /// The world as published, so that what it signs next fits.
  core::testing::World& world() {
    engine_->view([&](const core::State& state) { world_.state = state; });
    world_.now = clock_.now();
    return world_;
  }
  std::string line(const Note& note) { return to_line(world().sign(note)); }
  /// Files by POST; the index, or stops the test.
  EntryIndex file(const Note& note) {
    const http::Response response = post("/v1/entries", line(note) + "\n");
    must(response.status == 200, response.body);
    return EntryIndex{Body(std::string_view(response.body).substr(0, response.body.size() - 1))["index"].number()};
  }
  /// Blue proposes, the others sign.
  std::string agree(const Terms& terms = {}) {
    Note proposal{
        model::EntryKind::agreement_proposed, "blue/ops", model::to_json(core::testing::agreement_of(terms)), {"red", "mission"}};
    if (terms.with_green) proposal.to.push_back("green");
    const std::string id = base::id_of(base::IdKind::agreement, file(proposal));
    file(world().signature(id, "red"));
    if (terms.with_green) file(world_.state.has_key("green") ? world().signature(id, "green") : green_agrees(id));
    return id;
  }
  /// Green, which has no key, agrees by telephone, as blue states.
  Note green_agrees(const std::string& agreement) {
    const model::StatementRelayed said{"green", "Col. G.", "", "We agree.", "bridge", "Sgt. B.", model::RelayedWord::agreed};
    Note note{model::EntryKind::statement_relayed, "blue/ops", model::to_json(said), {"red"}};
    note.refs = {world().state.agreement(agreement)->proposed};
    note.occurred = clock_.now();
    return note;
  }
  EntryIndex drive(const Drive& drive, const std::string& agreement) { return file(world().filing(drive, agreement)); }
  std::uint64_t size() {
    std::uint64_t size = 0;
    engine_->view([&](const core::State& state) { size = state.next().value; });
    return size;
  }
  void revoke(const std::string& key) {
    file({model::EntryKind::key_revoked, key.substr(0, key.find('/')) + "/root",
          model::to_json(model::KeyRevoked{key, "invented"})});
  }

  std::filesystem::path dir_;
  HandClock clock_{"2020-08-24T00:00:00Z"}, steady_{"2026-11-22T00:00:00Z"};
  CountedEntropy entropy_;
  Limits limits_{};
  core::testing::World world_;
  std::unique_ptr<store::Store> store_;
  std::unique_ptr<engine::Engine> engine_;
  std::unique_ptr<http::Router> router_;
};

}  // namespace wideberth::api::testing
