// The desk of src/client against a real engine, store and sockets; the server's answers are bent on the way where a test says so.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <map>

#include "api/api.h"
#include "base/bytes.h"
#include "cli/deployment.h"
#include "cli/files.h"
#include "cli/receipts.h"
#include "cli/testing.h"
#include "client/acts.h"
#include "client/desk.h"
#include "engine/engine.h"
#include "http/problem.h"
#include "json/writer.h"
#include "ledger/keyfile.h"
#include "model/keys.h"
#include "net/server.h"
#include "net/system.h"
#include "store/sqlite.h"

namespace wideberth::cli {
namespace {

using base::Refusal;
using base::Result;
using base::Rule;
using client::Desk;

/// A drawer in memory, which the test looks into.
class OpenDrawer final : public client::Drawer {
 public:
  Result<void> keep_pending(std::string_view line) override {
    pending_ = line;
    return {};
  }
  Result<std::string> pending() override { return pending_; }
  void keep_token(std::string_view token) override { token_ = token; }
  std::string token() override { return token_; }
  std::string pending_{}, token_{};
};

/// What is done to an answer on its way, by path. Runs on any thread of the server.
using Bend = std::function<http::Response(http::Response)>;

/// A served log with blue and red.
class House {
 public:
  House() : keys(entropy) {
    auto made = make_deployment(folder / "log", testing::opening(keys), clock, entropy);
    WB_CHECK(made.has_value());
    policy = std::move(*made);
    auto opened = store::open_sqlite(folder / "log" / kStoreFile, store::Mode::write);
    WB_CHECK(opened.has_value());
    store = std::move(*opened);
    auto key = ledger::read_key_file(*read_file(folder / "log" / kServerKeyFile, 4096));
    WB_CHECK(key.has_value());
    auto started = engine::Engine::start({clock, entropy, *store}, std::move(*key), {}, [](const Refusal&) {});
    WB_CHECK(started.has_value());
    engine = std::move(*started);
    inner = api::make_router({*engine, entropy, clock, {}});
    http::Router outer;
    for (http::Route route : inner.routes()) {
      route.session = false;  // the inner router has the gate
      route.query = {};
      route.handler = [this](http::Request request, const http::Reply& reply) {
        const auto bend = bends.find(request.path);
        if (bend == bends.end()) return inner.answer(std::move(request), reply);
        inner.answer(std::move(request),
                     [reply, how = bend->second](http::Response response) { reply(how(std::move(response))); });
      };
      outer.add(std::move(route));
    }
    auto listening = net::Server::listen({}, std::move(outer), clock);
    WB_CHECK(listening.has_value());
    server = std::move(*listening);
  }
  ~House() {
    server->stop();
    engine->stop();
  }

  Result<Desk> desk(const ledger::SigningKey& key, OpenDrawer* drawer = nullptr, int tries = 1) {
    auto copy = ledger::SigningKey::parse(key.skey_text());
    client::DeskConfig config;
    config.client.server = server->url();
    config.tries = tries;
    config.between = base::Millis::from_ms(10);
    return Desk::open(std::move(config), std::move(*copy), policy, {clock, entropy, drawer});
  }
  std::uint64_t size() const {
    std::uint64_t size = 0;
    engine->view([&](const core::State& state) { size = state.tree.size(); });
    return size;
  }

  testing::Folder folder;
  net::SystemClock clock;
  net::SystemEntropy entropy;
  testing::Keys keys;
  ledger::Policy policy;
  std::unique_ptr<store::Store> store;
  std::unique_ptr<engine::Engine> engine;
  http::Router inner;
  std::map<std::string, Bend> bends;  ///< set before anything is asked
  std::unique_ptr<net::Server> server;
};

/// Blue's root key gives a desk a key: the least act there is.
client::Act key_act(House& house, const std::string& name) {
  const ledger::SigningKey key = ledger::SigningKey::generate(name, house.entropy);
  client::Act act;
  act.kind = model::EntryKind::key_added;
  act.parts.push_back({"full", model::to_json(model::KeyAdded{key.verifier(), {}, {}})});
  return act;
}

template <class T>
std::string why(const Result<T>& result) {
  return result ? "done" : base::to_text(result.error());
}

TEST(Desk, FilesAndReadsBackWithProof) {
  House house;
  auto desk = house.desk(house.keys.blue);
  ASSERT_TRUE(desk) << why(desk);
  EXPECT_EQ(desk->party(), "blue");
  EXPECT_EQ(desk->origin(), "invented.example/log");
  const auto filed = desk->file(key_act(house, "blue/ops-1"));
  ASSERT_TRUE(filed) << why(filed);
  EXPECT_EQ(filed->index.value, 1U);
  EXPECT_TRUE(ledger::verify_receipt(house.policy, filed->receipt, filed->leaf));
  ASSERT_TRUE(desk->seen());
  EXPECT_EQ(desk->seen()->size, 2U);
  const auto second = desk->file(key_act(house, "blue/ops-2"));
  ASSERT_TRUE(second) << why(second);
  const auto read = desk->entry(second->index);
  ASSERT_TRUE(read) << why(read);
  EXPECT_EQ(read->leaf, second->leaf);
  EXPECT_EQ(read->text.number, 2U);
  ASSERT_TRUE(read->text.seen);
  EXPECT_EQ(read->text.seen->size, 2U);
  EXPECT_NE(read->part("full"), nullptr);
  // What is kept proves what was said; what is kept already stays when the log has no part any more.
  const std::string kept = (house.folder / "kept").string();
  ASSERT_TRUE(keep_receipt(kept, *second));
  ASSERT_TRUE(keep_receipt(kept, *read));
  client::Read erased = *read;
  erased.parts.clear();
  ASSERT_TRUE(keep_receipt(kept, erased));
  const auto parts = read_kept_parts(kept + "/2.parts.json", read->text);
  ASSERT_TRUE(parts) << why(parts);
  ASSERT_EQ(parts->size(), 1U);
  EXPECT_EQ(parts->front().json, *read->part("full"));
  ledger::EntryText other = read->text;
  other.parts.front().commitment = ledger::sha256("another");
  const auto untrue = read_kept_parts(kept + "/2.parts.json", other);
  ASSERT_FALSE(untrue);
  EXPECT_EQ(untrue.error().rule, Rule::part_untrue);
  EXPECT_EQ(untrue.error().where, kept + "/2.parts.json: /parts/0");
}

TEST(Desk, GoesOnAfterARefusalThatUsedItsNumberUp) {
  House house;
  auto desk = house.desk(house.keys.blue);
  ASSERT_TRUE(desk) << why(desk);
  const auto refused = desk->file(key_act(house, "red/ops-1"));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().rule, Rule::key_name_mismatch);
  EXPECT_TRUE(desk->file(key_act(house, "blue/ops-1")));
}

/// The server enters the note and the answer is lost on the way: the same text is sent again and gets the same index.
TEST(Desk, EntersOnceWhatWasSentTwice) {
  House house;
  std::atomic<int> lost{2};
  house.bends["/v1/entries"] = [&](http::Response response) {
    return lost-- > 0 ? http::problem(Refusal{Rule::server_failed, "the line was cut", {}, {}}) : std::move(response);
  };
  OpenDrawer drawer;
  auto desk = house.desk(house.keys.blue, &drawer, 5);
  ASSERT_TRUE(desk) << why(desk);
  const auto filed = desk->file(key_act(house, "blue/ops-1"));
  ASSERT_TRUE(filed) << why(filed);
  EXPECT_EQ(filed->index.value, 1U);
  EXPECT_EQ(house.size(), 2U);
  EXPECT_EQ(drawer.pending_, "");
}

/// The desk is closed before the answer comes: the next one finishes what was left.
TEST(Desk, FinishesWhatAnEarlierRunLeftOpen) {
  House house;
  std::atomic<bool> cut{true};
  house.bends["/v1/entries"] = [&](http::Response response) {
    return cut ? http::problem(Refusal{Rule::server_stopping, {}, {}, {}}) : std::move(response);
  };
  OpenDrawer drawer;
  {
    auto desk = house.desk(house.keys.blue, &drawer);
    ASSERT_TRUE(desk) << why(desk);
    EXPECT_FALSE(desk->file(key_act(house, "blue/ops-1")));
  }
  EXPECT_NE(drawer.pending_, "");
  cut = false;
  auto again = house.desk(house.keys.blue, &drawer);
  ASSERT_TRUE(again) << why(again);
  const auto finished = again->finish_pending();
  ASSERT_TRUE(finished) << why(finished);
  ASSERT_TRUE(*finished);
  EXPECT_EQ((*finished)->index.value, 1U);
  EXPECT_EQ((*finished)->kind, "key.added");
  EXPECT_EQ((*finished)->parts.size(), 1U);
  EXPECT_EQ(drawer.pending_, "");
  EXPECT_EQ(house.size(), 2U);
  EXPECT_TRUE(again->file(key_act(house, "blue/ops-2")));
}

/// One byte of the receipt bent on the way: nothing is called done, and the text is kept to be asked about again.
TEST(Desk, BelievesNoBentReceipt) {
  House house;
  house.bends["/v1/entries"] = [](http::Response response) {
    if (const auto at = response.body.find("index 1"); at != std::string::npos) response.body[at + 6] = '0';
    return response;
  };
  OpenDrawer drawer;
  auto desk = house.desk(house.keys.blue, &drawer);
  ASSERT_TRUE(desk) << why(desk);
  const auto filed = desk->file(key_act(house, "blue/ops-1"));
  ASSERT_FALSE(filed);
  EXPECT_EQ(base::kind_of(filed.error().rule), base::Kind::untrue) << why(filed);
  EXPECT_NE(drawer.pending_, "");
}

TEST(Desk, SpeaksWithNoOtherLogThanThePinnedOne) {
  House house;
  auto desk = [&] {
    const ledger::SigningKey other = ledger::SigningKey::generate("other.example/log", house.entropy);
    house.policy.logs.front().key = other.verifier();
    return house.desk(house.keys.blue);
  }();
  ASSERT_FALSE(desk);
  EXPECT_EQ(desk.error().rule, Rule::log_not_pinned);
  const ledger::SigningKey same_name = ledger::SigningKey::generate("invented.example/log", house.entropy);
  house.policy.logs.front().key = same_name.verifier();
  const auto forged = house.desk(house.keys.blue);
  ASSERT_FALSE(forged);
  EXPECT_EQ(forged.error().rule, Rule::note_unsigned);
}

/// A server that would have an entry signed as if it were a challenge gets nothing.
TEST(Desk, SignsNothingButAChallenge) {
  for (const char* text :
       {"wideberth/entry/v1\norigin invented.example/log\n", "wideberth/session/v1\norigin other\nkey blue/root\n", ""}) {
    House house;
    house.bends["/v1/challenges"] = [text](http::Response response) {
      json::Writer writer;
      response.body = writer.begin_object().key("challenge").string(text).end_object().take();
      return response;
    };
    const auto desk = house.desk(house.keys.blue);
    ASSERT_FALSE(desk) << text;
    EXPECT_EQ(desk.error().rule, Rule::server_unintelligible) << text;
  }
}

TEST(Desk, SignsNoReceiptOfWhatWasNotDelivered) {
  House house;
  auto desk = house.desk(house.keys.red);
  ASSERT_TRUE(desk) << why(desk);
  client::MovementView movement;
  movement.id = "MV-NME2-JZ";
  const auto receipt = client::receive(*desk, movement);
  ASSERT_FALSE(receipt);
  EXPECT_EQ(receipt.error().rule, Rule::movement_not_seen);
}

TEST(Desk, BeginsAnotherSessionWhereTheKeptOneIsOver) {
  House house;
  OpenDrawer drawer;
  drawer.token_ = base::to_base64(std::string(32, 'x'));
  const std::string before = drawer.token_;
  auto desk = house.desk(house.keys.red, &drawer);
  ASSERT_TRUE(desk) << why(desk);
  EXPECT_TRUE(desk->get("/v1/keys"));
  EXPECT_NE(drawer.token_, before);
}

}  // namespace
}  // namespace wideberth::cli
