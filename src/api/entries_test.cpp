// Filing and reading back; floods; tiles, bundles and receipts against the checkpoint.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <thread>

#include "api/testing.h"
#include "ledger/checkpoint.h"
#include "ledger/policy.h"
#include "ledger/proof.h"
#include "ledger/tile.h"

namespace wideberth::api {
namespace {

using namespace testing;

class EntriesTest : public ::testing::Test, protected Harness {
 protected:
  Note add_key(const std::string& name) {
    return {model::EntryKind::key_added, "blue/root", model::to_json(model::KeyAdded{key_named(name).verifier(), {}, ""})};
  }
  static std::vector<std::string> split(const http::Response& response) {
    std::vector<std::string> lines;
    const auto views = lines_of(response.body, 20'000).value();
    for (const std::string_view line : views) lines.emplace_back(line);
    return lines;
  }
  /// Moves the log's clock past the cadence and waits until the public checkpoint is the newest.
  ledger::Checkpoint public_now() {
    clock_.move(Millis::from_seconds(60));
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (engine_->public_checkpoint() != engine_->checkpoint() && std::chrono::steady_clock::now() < deadline)
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    return ledger::open_checkpoint(get("/log/checkpoint").body, server_key().verifier()).value();
  }
};

TEST_F(EntriesTest, AReceiptHoldsAgainstThePolicy) {
  const std::string token = login("blue/ops");
  const http::Response response = post("/v1/entries", line(add_key("blue/desk")));
  ASSERT_EQ(response.status, 200) << response.body;
  const Body filed(split(response).at(0));
  const auto policy = ledger::parse_policy(get("/log/policy").body).value();
  EXPECT_EQ(policy.logs.at(0).key, server_key().verifier());
  const Body entry = read("/v1/entries/" + std::to_string(filed["index"].number()), token);
  EXPECT_EQ(entry["kind"].text(), "key.added");
  EXPECT_EQ(entry["signer"].text(), "blue/root");
  EXPECT_EQ(entry["received"].text(), filed["received"].text());
  EXPECT_EQ(entry["parts"][0]["name"].text(), "full");
  EXPECT_TRUE(ledger::verify_receipt(policy, filed["receipt"].text(), entry["leaf"].text()));
  file(add_key("blue/later"));
  const http::Response later = get("/v1/entries/5/receipt", token);
  EXPECT_EQ(later.content_type, "text/plain; charset=utf-8");
  const auto verified = ledger::verify_receipt(policy, later.body, entry["leaf"].text());
  ASSERT_TRUE(verified);
  EXPECT_EQ(verified->checkpoint.size, size());
}

TEST_F(EntriesTest, GoodAndBadLinesAreAnsweredEachInItsPlace) {
  // Three notes of one chain, signed ahead, with everything that can be wrong around them.
  core::testing::World& at = world();
  std::vector<std::string> good;
  for (const char* name : {"blue/a", "blue/b", "blue/c"}) {
    const core::Submission note = at.sign(add_key(name));
    good.push_back(to_line(note));
    at.take(note);
  }
  core::Submission other_parts = at.sign(add_key("blue/d"));
  other_parts.parts[0].salt = std::string(32, 'x');
  core::Submission forged = at.sign(add_key("blue/d"));
  forged.note.replace(forged.note.rfind("— blue/root ") + 20, 4, "AAAA");
  const std::string body = good[0] + "\n{\n\n" + good[1] + "\n" + good[0] + "\n{\"note\":\"x\"}\n" + to_line(other_parts) + "\n" +
                           to_line(forged) + "\n" + good[2] + "\n";
  const http::Response response = post("/v1/entries", body);
  EXPECT_EQ(response.status, 200);
  const auto lines = split(response);
  ASSERT_EQ(lines.size(), 9u);
  const auto rule = [&](std::size_t i) { return std::string(base::code_of(http::read_problem(lines[i]).value().rule)); };
  EXPECT_EQ(Body(lines[0])["index"].number(), 5u);
  EXPECT_EQ(rule(1), "json_malformed");
  EXPECT_EQ(rule(2), "json_malformed");
  EXPECT_EQ(Body(lines[3])["index"].number(), 6u);
  EXPECT_EQ(Body(lines[4])["index"].number(), 5u) << "the same text again has its first fate";
  EXPECT_EQ(rule(5), "json_member_missing");
  EXPECT_EQ(rule(6), "part_untrue");
  EXPECT_EQ(rule(7), "note_signature_untrue");
  EXPECT_EQ(Body(lines[8])["index"].number(), 7u);
  EXPECT_EQ(size(), 8u);
}

TEST_F(EntriesTest, ASingleLineHasTheStatusOfItsProblem) {
  EXPECT_EQ(refused(post("/v1/entries", "{\"note\":1,\"parts\":[]}")), "400 json_kind");
  EXPECT_EQ(refused(post("/v1/entries", "{\"note\":\"a\",\"parts\":[],\"more\":1}\n")), "400 json_member_unknown");
  EXPECT_EQ(refused(post("/v1/entries", "{\"note\":\"a\",\"parts\":[{\"salt\":\"?\",\"bytes\":\"\"}]}")), "400 base64_malformed");
  Note gap = add_key("blue/gap");
  gap.number = 9;
  EXPECT_EQ(refused(post("/v1/entries", line(gap))), "409 chain_gap");
  Note other_log = add_key("blue/gap");
  other_log.origin = "other.example/log";
  EXPECT_EQ(refused(post("/v1/entries", line(other_log))), "422 entry_origin");
  EXPECT_EQ(refused(post("/v1/entries", "")), "400 submission_empty");
  EXPECT_EQ(refused(post("/v1/entries", std::string(10'001, '\n'))), "413 submission_lines");
  EXPECT_EQ(size(), 5u);
  engine_->stop();
  EXPECT_EQ(refused(post("/v1/entries", line(add_key("blue/late")))), "503 server_stopping");
}

TEST_F(EntriesTest, AFloodOfOneKeyIsAnswered429AndOthersAreHeard) {
  limits_.notes_of_key = Rate{3, 1};
  serve();
  std::string same = line(add_key("blue/again")) + "\n", body;
  for (int i = 0; i < 5; ++i) body += same;
  const auto lines = split(post("/v1/entries", body));
  for (std::size_t i = 0; i < 5; ++i)
    EXPECT_EQ(http::read_problem(lines[i]).has_value() ? "429" : "taken", i < 3 ? "taken" : "429") << lines[i];
  const http::Response alone = post("/v1/entries", same);
  EXPECT_EQ(refused(alone), "429 rate_notes");
  EXPECT_EQ(http::find_field(alone.headers, "Retry-After"), "1");
  file({model::EntryKind::key_added, "red/root", model::to_json(model::KeyAdded{key_named("red/desk").verifier(), {}, ""})});
  clock_.move(Millis::from_seconds(100));  // quickened time gives nothing
  EXPECT_EQ(refused(post("/v1/entries", same)), "429 rate_notes");
  steady_.move(Millis::from_seconds(1));
  EXPECT_EQ(post("/v1/entries", same).status, 200);
}

TEST_F(EntriesTest, WhatIsForgedInAKeysNameCostsTheForgerAndNotTheKey) {
  limits_.notes_of_key = Rate{3, 0.001};
  limits_.untrue_notes_of_peer = Rate{5, 0.001};
  serve();
  core::Submission forged = world().sign(add_key("blue/forged"));
  forged.note.replace(forged.note.rfind("— blue/root ") + 20, 4, "AAAA");
  const http::Request none;
  for (int i = 0; i < 5; ++i)
    EXPECT_EQ(refused(post("/v1/entries", to_line(forged), "203.0.113.9")), "422 note_signature_untrue");
  EXPECT_EQ(refused(post("/v1/entries", to_line(forged), "203.0.113.9")), "429 rate_notes");
  for (const char* name : {"blue/a", "blue/b", "blue/c"}) file(add_key(name));
  EXPECT_EQ(refused(post("/v1/entries", line(add_key("blue/d")))), "429 rate_notes");
}

TEST_F(EntriesTest, AnAddressIsCountedBeforeAnythingIsRead) {
  limits_.notes_of_peer = Rate{2, 1};
  serve();
  const auto lines = split(post("/v1/entries", "{\n{\n{\n", "203.0.113.9"));
  EXPECT_NE(lines[1].find("json_malformed"), std::string::npos);
  EXPECT_NE(lines[2].find("rate_notes"), std::string::npos);
  EXPECT_EQ(post("/v1/entries", line(add_key("blue/a"))).status, 200) << "another address";
  limits_.most_bodies_waiting = 10;
  serve();
  EXPECT_EQ(refused(post("/v1/entries", line(add_key("blue/b")))), "429 queue_full");
}

TEST_F(EntriesTest, ListsWhatThisReaderMayReadAndLeavesGapsOnly) {
  const std::string agreement = agree();
  drive(Drive{}, agreement);
  const std::string blue = login("blue/ops"), green = login("green/ops"), mission = login("mission/ops");
  for (const auto& [token, party] : {std::pair{blue, "blue"}, {green, "green"}, {mission, "mission"}}) {
    std::vector<std::uint64_t> expected, listed;
    engine_->view([&, who = party](const core::State& state) {
      for (std::uint64_t i = 0; i < state.next().value; ++i)
        if (core::may_read(state, EntryIndex{i}, who)) expected.push_back(i);
    });
    for (std::uint64_t next = 0; next < size();) {
      const Body page = read("/v1/entries", token, {{"from", std::to_string(next)}, {"count", "3"}});
      EXPECT_LE(page["entries"].size(), 3u);
      for (std::size_t i = 0; i < page["entries"].size(); ++i) listed.push_back(page["entries"][i]["index"].number());
      ASSERT_GT(page["next"].number(), next);
      next = page["next"].number();
    }
    EXPECT_EQ(listed, expected) << party;
    for (std::uint64_t i = 0; i < size() + 2; ++i) {
      const bool may = std::find(expected.begin(), expected.end(), i) != expected.end();
      EXPECT_EQ(get("/v1/entries/" + std::to_string(i), token).status, may ? 200 : 404) << party << i;
      EXPECT_EQ(get("/v1/entries/" + std::to_string(i) + "/receipt", token).status, may ? 200 : 404) << party << i;
    }
  }
  EXPECT_LT(read("/v1/entries", green)["entries"].size(), read("/v1/entries", blue)["entries"].size());
  EXPECT_EQ(read("/v1/entries", blue, {{"from", "99"}})["next"].number(), 99u);
  EXPECT_EQ(refused(get("/v1/entries", blue, {{"count", "0"}})), "400 number_malformed");
  EXPECT_EQ(refused(get("/v1/entries", blue, {{"count", "257"}})), "400 number_malformed");
  EXPECT_EQ(refused(get("/v1/entries", blue, {{"from", "-1"}})), "400 number_malformed");
  EXPECT_EQ(refused(get("/v1/entries/x", blue)), "400 number_malformed");
  limits_.most_entry_bytes = 1;  // one entry always
  serve();
  EXPECT_EQ(read("/v1/entries", login("blue/ops"))["next"].number(), 1u);
}

TEST_F(EntriesTest, TilesAreThoseOfTheTreeWithinThePublicCheckpoint) {
  const std::uint64_t before = public_now().size;
  std::string body;
  core::testing::World& at = world();
  for (int i = 0; i < 300; ++i) {
    const core::Submission note = at.sign(add_key("blue/desk-" + std::to_string(i)));
    body += to_line(note) + "\n";
    at.take(note);
  }
  ASSERT_EQ(post("/v1/entries", body).status, 200);
  EXPECT_EQ(refused(get("/log/tile/0/000")), "404 tile_not_there") << "not shown before the checkpoint is";
  EXPECT_EQ(get("/log/tile/0/000.p/" + std::to_string(before)).status, 200);
  const ledger::Checkpoint now = public_now();
  ASSERT_EQ(now.size, 305u);
  ledger::Tree tree, again;
  engine_->view([&](const core::State& state) { tree = state.tree; });
  EXPECT_EQ(tree.root(now.size), now.root);
  for (const ledger::TileId& tile : ledger::tiles_of(now.size)) {
    if (tile.kind == ledger::TileKind::entries) continue;
    const http::Response response = get("/log/" + to_path(tile));
    EXPECT_EQ(response.body, ledger::tile_bytes(tree, tile).value()) << to_path(tile);
    if (tile.level > 0) continue;
    const auto leaves = ledger::parse_tile(response.body, tile.width).value();
    for (const ledger::Hash& leaf : leaves) again.append(leaf);
  }
  EXPECT_EQ(again.root(), now.root) << "the tiles give the root that was signed";
  EXPECT_EQ(get("/log/tile/0/000.p/7").body,
            tree.full_nodes(0).size() >= 7 ? ledger::tile_bytes(tree, {ledger::TileKind::hashes, 0, 0, 7}).value() : "");
  EXPECT_EQ(refused(get("/log/tile/0/001.p/50")), "404 tile_not_there");
  EXPECT_EQ(refused(get("/log/tile/0/1")), "400 tile_path_malformed");
  EXPECT_EQ(refused(get("/log/tile/9/000")), "404 tile_not_there");
}

TEST_F(EntriesTest, BundlesGoToNeutralReadersThatMayReadAllOfIt) {
  const std::string blue = login("blue/ops"), mission = login("mission/ops");
  const std::uint64_t keys = public_now().size;
  const std::string path = "/log/tile/entries/000.p/";
  const http::Response bundle = get(path + std::to_string(keys), mission);
  ASSERT_EQ(bundle.status, 200) << bundle.body;
  const auto leaves = ledger::parse_bundle(bundle.body, static_cast<unsigned>(keys)).value();
  ledger::Tree tree;
  for (const std::string_view leaf : leaves) tree.append(ledger::leaf_hash(leaf));
  EXPECT_EQ(tree.root(), public_now().root);
  EXPECT_EQ(refused(get(path + std::to_string(keys), blue)), "403 bundle_readers");
  EXPECT_EQ(refused(get(path + std::to_string(keys + 1), mission)), "404 tile_not_there");
  Note refused_note = add_key("blue/x");
  refused_note.json = "{}";
  EXPECT_EQ(post("/v1/entries", line(refused_note)).status, 400);  // its refusal is told to blue alone
  const std::uint64_t all = public_now().size;
  ASSERT_EQ(all, keys + 1);
  EXPECT_EQ(refused(get(path + std::to_string(all), mission)), "403 bundle_readers");
  EXPECT_EQ(get(path + std::to_string(keys), mission).status, 200);
}

RC_GTEST_PROP(SubmissionLaws, WhatIsWrittenReadsBack, (const std::vector<std::pair<std::string, std::string>>& parts)) {
  core::Submission submission;
  submission.note = "any text \"\\ \n\xC3\xA9";
  for (const auto& [salt, bytes] : parts)
    if (submission.parts.size() < 64) submission.parts.push_back({"", salt.substr(0, 64), bytes, false});
  const std::string line = to_line(submission);
  const auto again = parse_submission(line);
  RC_ASSERT(again.has_value());
  RC_ASSERT(to_line(*again) == line);
  RC_ASSERT(lines_of(line + "\n" + line, 2).value().size() == 2u);
  RC_ASSERT(!lines_of(line + "\n" + line + "\nx", 2).has_value());
}

TEST(SubmissionTest, ReadsTheClaimedSignerOffTheFrontOnly) {
  EXPECT_EQ(claimed_signer("wideberth/entry/v1\norigin o\nkind k\nsigner blue/ops-1 42 -\n"), "blue/ops-1");
  EXPECT_EQ(claimed_signer("\nsigner blue"), "blue");
  EXPECT_EQ(claimed_signer("signer blue 1 -\n"), "");
  EXPECT_EQ(claimed_signer(std::string(2'000, 'x') + "\nsigner blue 1 -\n"), "");
}

}  // namespace
}  // namespace wideberth::api
