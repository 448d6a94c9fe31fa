// Who may ask: challenges, sessions, the gate; and how often.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <set>

#include "api/rates.h"
#include "api/testing.h"
#include "api/worker.h"

namespace wideberth::api {
namespace {

using namespace testing;

class SessionTest : public ::testing::Test, protected Harness {};

TEST_F(SessionTest, ASignedChallengeBeginsASessionAndOnlyOnce) {
  const std::string text = challenge("blue/ops");
  EXPECT_TRUE(text.starts_with("wideberth/session/v1\norigin dayrik.example/log\nkey blue/ops\nnonce ")) << text;
  EXPECT_TRUE(text.ends_with("\nexpires 2026-11-22T00:02:00.000Z\n")) << text;
  const std::string signed_text = session_body(ledger::sign_note(text, key_named("blue/ops")));
  const Body session(post("/v1/sessions", signed_text).body);
  EXPECT_EQ(session["party"].text(), "blue");
  EXPECT_EQ(session["key"].text(), "blue/ops");
  EXPECT_EQ(session["expires"].text(), "2026-11-22T01:00:00.000Z");
  EXPECT_EQ(get("/v1/keys", session["token"].text()).status, 200);
  EXPECT_EQ(refused(post("/v1/sessions", signed_text)), "401 challenge_untrue");
}

TEST_F(SessionTest, EveryOtherAnswerIsRefused) {
  const std::string text = challenge("blue/ops");
  const auto signed_by = [](const std::string& what, const std::string& key) {
    return session_body(ledger::sign_note(what, key_named(key)));
  };
  std::string altered = text;
  altered.replace(altered.find("nonce ") + 6, 1, altered[altered.find("nonce ") + 6] == 'A' ? "B" : "A");
  std::string later = text;
  later.replace(later.find("00:02:00"), 8, "09:02:00");
  std::string other_key = text;
  other_key.replace(other_key.find("blue/ops"), 8, "red/ops");
  const std::pair<std::string, std::string> rows[] = {
      {signed_by(text, "red/ops"), "401 challenge_untrue"},
      {signed_by(text, "blue/root"), "401 challenge_untrue"},
      {signed_by(altered, "blue/ops"), "401 challenge_untrue"},
      {signed_by(later, "blue/ops"), "401 challenge_untrue"},
      {signed_by(other_key, "red/ops"), "401 challenge_untrue"},
      {signed_by(text + "more\n", "blue/ops"), "401 challenge_untrue"},
      {signed_by("another text\n", "blue/ops"), "401 challenge_untrue"},
      {signed_by(challenge("nobody/ops"), "nobody/ops"), "401 challenge_untrue"},
      {signed_by(challenge(std::string(core::testing::kOrigin)), std::string(core::testing::kOrigin)), "401 challenge_untrue"},
      {session_body(text), "400 note_malformed"},
      {"{}", "400 json_member_missing"},
      {"{", "400 json_malformed"},
      {"{\"note\":\"a\",\"party\":\"blue\"}", "400 json_member_unknown"},
  };
  for (const auto& [body, answer] : rows) EXPECT_EQ(refused(post("/v1/sessions", body)), answer) << body;
  EXPECT_EQ(refused(post("/v1/challenges", "{\"key\":\"with space\"}")), "400 key_name_malformed");
  steady_.move(Millis::from_seconds(120));
  EXPECT_EQ(refused(post("/v1/sessions", signed_by(text, "blue/ops"))), "401 challenge_untrue");
}

TEST_F(SessionTest, EndsAtItsTimeAndWhenItsKeyDoes) {
  const std::string blue = login("blue/ops"), red = login("red/ops");
  clock_.move(Millis::from_seconds(7200));  // the log's time, quickened or not, is not the world's
  EXPECT_EQ(get("/v1/keys", blue).status, 200);
  const std::string waiting = challenge("blue/ops");
  revoke("blue/ops");
  EXPECT_EQ(refused(get("/v1/keys", blue)), "401 session_needed");
  EXPECT_EQ(refused(post("/v1/sessions", session_body(ledger::sign_note(waiting, key_named("blue/ops"))))), "403 key_not_valid");
  EXPECT_EQ(get("/v1/keys", red).status, 200);
  steady_.move(Millis::from_seconds(3600));
  EXPECT_EQ(refused(get("/v1/keys", red)), "401 session_needed");
  EXPECT_EQ(refused(get("/v1/keys", "made up")), "401 session_needed");
}

TEST_F(SessionTest, TheOldestOfAKeyMakesRoom) {
  limits_.most_sessions_of_key = 2;
  serve();
  std::vector<std::string> tokens;
  for (int i = 0; i < 3; ++i) {
    tokens.push_back(login("blue/ops"));
    steady_.move(Millis::from_seconds(1));
  }
  const std::string red = login("red/ops");
  EXPECT_EQ(get("/v1/keys", tokens[0]).status, 401);
  for (const std::string& token : {tokens[1], tokens[2], red}) EXPECT_EQ(get("/v1/keys", token).status, 200);
}

TEST_F(SessionTest, EveryRouteOfTheTableAsksForOneOrSaysThatItDoesNot) {
  const std::set<std::string> open = {"make_challenge", "begin_session", "file_entries", "read_checkpoint", "read_policy",
                                      "read_tile",      "read_health",   "read_metrics", "read_openapi"};
  EXPECT_EQ(refused(get("/metrics")), "404 http_path_unknown") << "a stranger is not told that it is there";
  for (const http::Route& route : router_->routes()) {
    EXPECT_EQ(route.session, !open.contains(route.operation)) << route.operation;
    if (!route.session) continue;
    const http::Response response = get(route.path);
    EXPECT_EQ(refused(response), "401 session_needed") << route.path;
    EXPECT_EQ(http::find_field(response.headers, "WWW-Authenticate"), "Bearer");
  }
  EXPECT_EQ(refused(get("/v1/keys", {}, {}, {{"Authorization", "Basic Ymx1ZQ=="}})), "401 session_needed");
}

TEST_F(SessionTest, AFloodOfChallengesIsAnswered429AndEndsWithTime) {
  for (int i = 0; i < 20; ++i) EXPECT_EQ(post("/v1/challenges", "{\"key\":\"blue/ops\"}").status, 200);
  const http::Response response = post("/v1/challenges", "{\"key\":\"blue/ops\"}");
  EXPECT_EQ(refused(response), "429 rate_challenges");
  EXPECT_EQ(http::find_field(response.headers, "Retry-After"), "3");
  EXPECT_EQ(post("/v1/challenges", "{\"key\":\"blue/ops\"}", "192.0.2.2").status, 200) << "another address";
  steady_.move(Millis::from_seconds(3));
  EXPECT_EQ(post("/v1/challenges", "{\"key\":\"blue/ops\"}").status, 200);
  EXPECT_EQ(post("/v1/challenges", "{\"key\":\"blue/ops\"}").status, 429);
  for (int i = 0; i < 20; ++i) EXPECT_EQ(post("/v1/sessions", "{}").status, 400);
  EXPECT_EQ(refused(post("/v1/sessions", "{}")), "429 rate_challenges");
}

TEST(WorkerTest, DoesInOrderRefusesAboveItsLimitAndDropsWhenStopped) {
  Worker worker(2);
  std::promise<void> begun, go;
  std::vector<int> done;
  ASSERT_TRUE(worker.post([&] {
    begun.set_value();
    go.get_future().wait();
    done.push_back(0);
  }));
  begun.get_future().wait();
  EXPECT_TRUE(worker.post([&] { done.push_back(1); }));
  std::promise<void> two;
  EXPECT_TRUE(worker.post([&] {
    done.push_back(2);
    two.set_value();
  }));
  EXPECT_FALSE(worker.post([&] { done.push_back(3); }));
  go.set_value();
  two.get_future().wait();
  worker.stop();
  EXPECT_FALSE(worker.post([&] { done.push_back(4); }));
  EXPECT_EQ(done, (std::vector<int>{0, 1, 2}));
}

TEST(WorkerTest, MayBeEndedByItsOwnJob) {
  auto worker = std::make_shared<std::unique_ptr<Worker>>(std::make_unique<Worker>(1));
  std::promise<void> ended;
  (*worker)->post([worker, &ended] {
    worker->reset();
    ended.set_value();
  });
  ended.get_future().wait();
  EXPECT_EQ(*worker, nullptr);
}

RC_GTEST_PROP(BucketsLaws, NoMoreThanTheBurstAndTheRate, ()) {
  const auto burst = *rc::gen::inRange<std::size_t>(1, 50);
  const auto rate = *rc::gen::inRange(1, 20);
  Buckets buckets(Rate{burst, static_cast<double>(rate)}, 2);
  Instant now = Instant::from_ms(1'000'000);
  double forward_s = 0;  // all steps ahead; steps back give nothing
  std::size_t taken = 0;
  for (const int step : *rc::gen::container<std::vector<int>>(rc::gen::inRange(-500, 2'000))) {
    now = now + Millis::from_ms(step);
    forward_s += step > 0 ? step / 1000.0 : 0.0;
    for (int i = 0; i < 3; ++i) taken += buckets.take("a", now) ? 1u : 0u;
    RC_ASSERT(static_cast<double>(taken) <= static_cast<double>(burst) + rate * forward_s + 1e-6);
  }
  std::size_t at_once = 0;
  while (buckets.take("a", now + Millis::from_seconds(3'600))) ++at_once;
  RC_ASSERT(at_once == burst);
  RC_ASSERT(!buckets.take("a", now));
}

TEST(BucketsTest, FurtherNamesShareOneBucketUntilAFullOneMakesRoom) {
  Buckets buckets(Rate{2, 1}, 2);
  const Instant now = Instant::from_ms(5'000);
  EXPECT_TRUE(buckets.take("a", now) && buckets.take("b", now) && buckets.take("c", now) && buckets.take("d", now));
  EXPECT_FALSE(buckets.take("e", now)) << "c and d used up what they share";
  EXPECT_TRUE(buckets.take("a", now));
  EXPECT_FALSE(buckets.has("a", now));
  buckets.give_back("a", now);
  EXPECT_TRUE(buckets.has("a", now));
  EXPECT_TRUE(buckets.take("e", now + Millis::from_seconds(10)));
  EXPECT_TRUE(buckets.take("e", now + Millis::from_seconds(10)));
  EXPECT_EQ(buckets.names(), 1u) << "a and b were full and made room";
}

}  // namespace
}  // namespace wideberth::api
