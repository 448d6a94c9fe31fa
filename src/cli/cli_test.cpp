#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "cli/demo.h"
#include "cli/deployment.h"
#include "cli/desk_options.h"
#include "cli/features.h"
#include "cli/files.h"
#include "cli/numbers.h"
#include "cli/receipts.h"
#include "cli/terminal.h"
#include "cli/testing.h"
#include "cli/unlock.h"
#include "engine/fold.h"
#include "ledger/keyfile.h"
#include "store/sqlite.h"

namespace wideberth::cli {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::Not;

/// The rule of a refusal, or none where there was none.
template <class T>
std::optional<Rule> rule_of(const Result<T>& result) {
  if (result) return std::nullopt;
  return result.error().rule;
}

void put(const fs::path& file, std::string_view bytes) { std::ofstream(file, std::ios::binary) << bytes; }

TEST(Files, AreReadWithALimit) {
  const testing::Folder folder;
  put(folder / "ten", "0123456789");
  EXPECT_EQ(read_file(folder / "ten", 10), "0123456789");
  EXPECT_EQ(rule_of(read_file(folder / "ten", 9)), Rule::file_too_large);
  EXPECT_EQ(rule_of(read_file(folder / "none", 9)), Rule::file_unreadable);
  EXPECT_EQ(rule_of(read_file(folder.path(), 9)), Rule::file_unreadable);
}

TEST(Files, AreMadeOnceAndForTheirOwnerAlone) {
  const testing::Folder folder;
  ASSERT_TRUE(write_new_file(folder / "key", "first"));
  struct ::stat made{};
  ASSERT_EQ(::stat((folder / "key").c_str(), &made), 0);
  EXPECT_EQ(made.st_mode & 0777U, 0600U);
  EXPECT_EQ(rule_of(write_new_file(folder / "key", "second")), Rule::file_exists);
  EXPECT_EQ(read_file(folder / "key", 99), "first");
  EXPECT_EQ(rule_of(write_new_file(folder / "no" / "key", "x")), Rule::file_unwritable);
}

TEST(Files, AreReplacedWhole) {
  const testing::Folder folder;
  ASSERT_TRUE(replace_file(folder / "dump", "one"));
  ASSERT_TRUE(replace_file(folder / "dump", "two"));
  EXPECT_EQ(read_file(folder / "dump", 99), "two");
  EXPECT_EQ(std::distance(fs::directory_iterator(folder.path()), fs::directory_iterator{}), 1);
  EXPECT_EQ(rule_of(replace_file(folder / "no" / "dump", "x")), Rule::file_unwritable);
}

TEST(Numbers, MetresAsTyped) {
  const base::Metres most = base::Metres::from_metres(1000);
  EXPECT_EQ(parse_metres("500", most), base::Metres::from_metres(500));
  EXPECT_EQ(parse_metres("0.5", most), base::Metres::from_mm(500));
  EXPECT_EQ(parse_metres("12.345", most), base::Metres::from_mm(12'345));
  EXPECT_EQ(parse_metres("1000", most), most);
  for (const char* bad :
       {"", ".", "5.", ".5", "-1", "+1", "1e3", "1000.001", "1.2345", "5 m", "0x10", "nan", "99999999999999999999"})
    EXPECT_EQ(rule_of(parse_metres(bad, most)), Rule::number_malformed) << bad;
  EXPECT_EQ(metres_text(999.99), "999 m");
  EXPECT_EQ(metres_text(12'399.0), "12.3 km");
}

TEST(Explanation, SaysWhatWhereWhyAndWhatNext) {
  const Refusal refusal{Rule::id_check_character, "found \"MV-7Q4M-K3\"", "another", "argument"};
  const std::string text = explain(refusal);
  EXPECT_THAT(text, HasSubstr("Not done. Found \"MV-7Q4M-K3\"."));
  EXPECT_THAT(text, HasSubstr("where:  argument"));
  EXPECT_THAT(text, HasSubstr("(id_check_character)"));
  EXPECT_THAT(text, HasSubstr("needed: another"));
  EXPECT_THAT(text, HasSubstr("character by character"));
  const std::string bare = explain(Refusal{Rule::json_kind, {}, {}, {}});
  EXPECT_THAT(bare, HasSubstr(std::string(base::title_of(Rule::json_kind))));
  EXPECT_THAT(bare, Not(HasSubstr("where:")));
}

TEST(ExitCode, FollowsFromTheKindOfTrouble) {
  EXPECT_EQ(exit_code_of(Refusal{Rule::server_unreachable, {}, {}, {}}), kNotNow);
  EXPECT_EQ(exit_code_of(Refusal{Rule::file_unwritable, {}, {}, {}}), kNotNow);
  EXPECT_EQ(exit_code_of(Refusal{Rule::proof_untrue, {}, {}, {}}), kRefused);
  EXPECT_EQ(exit_code_of(Refusal{Rule::answered_already, {}, {}, {}}), kRefused);
}

TEST(Ids, AreCheckedBeforeAnythingIsAsked) {
  EXPECT_EQ(read_id("mv-nme2-jz", "MV AC ST"), "MV-NME2-JZ");
  EXPECT_EQ(rule_of(read_id("MV-NME2-J0", "MV AC ST")), Rule::id_check_character);
  EXPECT_EQ(rule_of(read_id("MV-NME2-JZ", "AG")), Rule::id_malformed);
  EXPECT_EQ(rule_of(read_id("12", "AG")), Rule::id_malformed);
}

TEST(Keys, OpenWithTheirPassphraseAlone) {
  const testing::Folder folder;
  net::SystemEntropy entropy;
  const ledger::SigningKey key = ledger::SigningKey::generate("blue/ops-1", entropy);
  const ledger::PassphraseCost cheap{1, 8};
  put(folder / "locked", ledger::write_key_file(key, "long ago", entropy, cheap));
  put(folder / "clear", ledger::write_key_file(key));
  put(folder / "right", "long ago\n");
  put(folder / "wrong", "yesterday\n");
  put(folder / "empty", "\n");
  const auto at = [&](const char* name) { return (folder / name).string(); };
  EXPECT_TRUE(unlock(at("locked"), at("right")));
  EXPECT_TRUE(unlock(at("clear"), ""));
  EXPECT_EQ(rule_of(unlock(at("locked"), at("wrong"))), Rule::key_file_locked);
  EXPECT_EQ(rule_of(unlock(at("locked"), at("empty"))), Rule::passphrase_missing);
  EXPECT_EQ(rule_of(unlock(at("right"), "")), Rule::key_malformed);
  for (const char* file : {"locked", "clear"}) {
    const auto half = read_verifier(at(file));
    ASSERT_TRUE(half) << file;
    EXPECT_EQ(*half, key.verifier());
  }
  put(folder / "vkey", ledger::to_text(key.verifier()) + "\n");
  EXPECT_EQ(read_verifier(at("vkey")), key.verifier());
}

TEST(Deployment, IsMadeWholeAndOnlyOnce) {
  const testing::Folder folder;
  net::SystemClock clock;
  net::SystemEntropy entropy;
  const testing::Keys keys(entropy);
  const auto policy = make_deployment(folder / "log", testing::opening(keys), clock, entropy);
  ASSERT_TRUE(policy) << base::to_text(policy.error());
  EXPECT_EQ(read_policy(folder / "log" / kPolicyFile), *policy);
  const auto store = store::open_sqlite(folder / "log" / kStoreFile, store::Mode::read);
  ASSERT_TRUE(store);
  const auto folded = engine::fold(**store, engine::Signatures::verify);
  ASSERT_TRUE(folded);
  EXPECT_EQ(folded->head.size, 1U);
  EXPECT_EQ(folded->state.opening->server, policy->logs.front().key);
  EXPECT_EQ(rule_of(make_deployment(folder / "log", testing::opening(keys), clock, entropy)), Rule::file_exists);
}

TEST(Deployment, LeavesNothingBehindWhereItIsRefused) {
  const testing::Folder folder;
  net::SystemClock clock;
  net::SystemEntropy entropy;
  const testing::Keys keys(entropy);
  model::Opening twice = testing::opening(keys);
  twice.parties.push_back(twice.parties.front());
  EXPECT_EQ(rule_of(make_deployment(folder / "log", twice, clock, entropy)), Rule::name_twice);
  EXPECT_TRUE(fs::is_empty(folder.path()));
}

TEST(Deployment, OfQuickenedTimeIsNotServed) {
  model::Opening opening;
  EXPECT_TRUE(check_real_time(opening));
  opening.time = model::TimeMode::quickened;
  EXPECT_EQ(rule_of(check_real_time(opening)), Rule::time_not_real);
}

constexpr std::string_view kFeature =
    R"({"type":"Feature","geometry":{"type":"Point","coordinates":[42.1,37.1]},"properties":{@"radius_m":300,)"
    R"("earliest":"2020-08-25T05:00:00Z","latest":"2020-08-25T12:00:00Z"}})";

Result<std::vector<model::Notification>> features_with(const testing::Folder& folder, std::string_view named) {
  std::string text(kFeature);
  text.replace(text.find('@'), 1, named);
  put(folder / "f", text);
  return read_features((folder / "f").string(), "blue", "AG-YH33-KQ");
}

TEST(Features, AreFilledInButNeverTurnedIntoAnothers) {
  const testing::Folder folder;
  for (const char* fine : {"", R"("party":"blue",)", R"("agreement":"AG-YH33-KQ",)", R"("agreement":"",)"}) {
    const auto read = features_with(folder, fine);
    ASSERT_TRUE(read) << fine << base::to_text(read.error());
    ASSERT_EQ(read->size(), 1U);
    EXPECT_EQ(read->front().party, "blue");
    EXPECT_EQ(read->front().agreement, "AG-YH33-KQ");
  }
  EXPECT_EQ(rule_of(features_with(folder, R"("party":"red",)")), Rule::notification_party);
  EXPECT_EQ(rule_of(features_with(folder, R"("party":7,)")), Rule::notification_party);
  EXPECT_EQ(rule_of(features_with(folder, R"("agreement":"AG-0000-00",)")), Rule::agreement_unknown);
  put(folder / "f", "[]");
  EXPECT_FALSE(read_features((folder / "f").string(), "blue", "AG-YH33-KQ"));
  put(folder / "f", R"({"type":"Feature","geometry":null,"properties":[]})");
  EXPECT_EQ(rule_of(read_features((folder / "f").string(), "blue", "AG-YH33-KQ")), Rule::json_kind);
}

TEST(Usage, IsAProblemDocumentWhereTheLineAsksForJson) {
  ::testing::internal::CaptureStdout();
  EXPECT_EQ(wrong_usage("no such option", true), kUsage);
  EXPECT_EQ(wrong_usage("no such option"), kUsage);
  EXPECT_EQ(fail(Refusal{Rule::url_malformed, "found \"ftp://x\"", {}, "--server"}, true), kUsage);
  DemoOptions options;
  options.scenario = "./nonesuch";
  options.json = true;
  EXPECT_EQ(run_demo(options), kRefused);
  const std::string out = ::testing::internal::GetCapturedStdout();
  EXPECT_EQ(std::count(out.begin(), out.end(), '\n'), 3) << out;
  for (const char* rule : {"usage_wrong", "url_malformed", "scenario_unknown"}) EXPECT_THAT(out, HasSubstr(rule));
}

TEST(Files, PutTogetherBearTheirNamesAllOrNotYet) {
  const testing::Folder folder;
  const auto count = [&] { return std::distance(fs::directory_iterator(fs::path(folder / "")), fs::directory_iterator{}); };
  const auto before = count();
  for (const int many : {3, 30}) {
    FilesTogether files;
    for (int i = 0; i < many; ++i) {
      ASSERT_TRUE(files.put(folder / std::to_string(i).c_str(), std::string(1, static_cast<char>('a' + i % 26))));
      EXPECT_EQ(fs::exists(folder / std::to_string(i).c_str()), many == 30 && i < 3) << "no name before all bytes lie there";
    }
    ASSERT_TRUE(files.finish());
    for (int i = 0; i < many; ++i) {
      EXPECT_EQ(read_file(folder / std::to_string(i).c_str(), 9), std::string(1, static_cast<char>('a' + i % 26)));
      EXPECT_EQ(fs::status(folder / std::to_string(i).c_str()).permissions(), fs::perms::owner_read | fs::perms::owner_write);
    }
  }
  {
    FilesTogether left;
    ASSERT_TRUE(left.put(folder / "left", "x"));
    EXPECT_EQ(rule_of(left.put(folder / "no" / "where", "x")), Rule::file_unwritable);
  }
  EXPECT_EQ(count(), before + 30) << "what was not finished is gone";
}

TEST(Receipts, AreKeptByIndexAndNeverMixedUp) {
  const testing::Folder folder;
  const std::string at = (folder / "receipts").string();
  client::Proved entry;
  entry.index = base::EntryIndex{7};
  entry.leaf = "leaf";
  entry.receipt = "proof 1";
  ASSERT_TRUE(keep_receipt(at, entry));
  entry.receipt = "a later proof";
  ASSERT_TRUE(keep_receipt(at, entry));
  EXPECT_EQ(read_file(at + "/7.tlog-proof", 99), "a later proof");
  entry.leaf = "another leaf";
  EXPECT_EQ(rule_of(keep_receipt(at, entry)), Rule::file_exists);
  EXPECT_FALSE(fs::exists(at + "/7.parts.json")) << "there were none";
  EXPECT_EQ(read_file(at + "/7.leaf", 99), "leaf");
}

}  // namespace
}  // namespace wideberth::cli
