#include "ledger/policy.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "ledger/testing.h"

namespace wideberth::ledger {
namespace {

std::string log_vkey(const std::string& name, char seed) { return to_text(testing::key_of(name, seed).verifier()); }
std::string witness_vkey(const std::string& name, char seed) { return to_text(testing::key_of(name, seed).cosigner()); }

/// The two levels of groups of the example in c2sp.org/tlog-policy.
std::string two_levels() {
  std::string text =
      "# both sides, and a neutral\n\nlog " + log_vkey("dayrik.example/log", 1) + "\thttps://dayrik.example/log/\n";
  for (int i = 1; i <= 3; ++i)
    text += "  witness X" + std::to_string(i) + " " + witness_vkey("x/" + std::to_string(i), static_cast<char>(10 + i)) + "\n";
  text += "group X-witnesses 2 X1 X2 X3\n";
  for (int i = 1; i <= 3; ++i)
    text += "witness Y" + std::to_string(i) + " " + witness_vkey("y/" + std::to_string(i), static_cast<char>(20 + i)) +
            "  https://y.example\n";
  return text + "group Y-witnesses any Y1 Y2 Y3\ngroup X-and-Y all X-witnesses Y-witnesses \n\t# the end\nquorum X-and-Y\n";
}

TEST(Policy, OfTheSpecificationIsRead) {
  const auto policy = parse_policy(two_levels());
  ASSERT_TRUE(policy) << base::to_text(policy.error());
  EXPECT_EQ(policy->logs.size(), 1u);
  EXPECT_EQ(policy->logs[0].url, "https://dayrik.example/log/");
  EXPECT_EQ(policy->witnesses.size(), 6u);
  EXPECT_EQ(policy->witnesses[5].url, "https://y.example");
  EXPECT_EQ(policy->groups[0].threshold, 2u);
  EXPECT_EQ(policy->groups[1].threshold, 1u);
  EXPECT_EQ(policy->groups[2].threshold, 2u);
  EXPECT_EQ(policy->quorum, "X-and-Y");
  EXPECT_EQ(parse_policy(to_text(*policy)), policy);
}

TEST(Policy, QuorumCountsAsTheGroupsSay) {
  const Policy policy = *parse_policy(two_levels());
  const auto met = [&](std::vector<std::string> names) { return quorum_met(policy, names); };
  EXPECT_TRUE(met({"X1", "X3", "Y2"}));
  EXPECT_TRUE(met({"X1", "X2", "X3", "Y1", "Y2", "Y3"}));
  EXPECT_FALSE(met({"X1", "Y1", "Y2", "Y3"}));
  EXPECT_FALSE(met({"X1", "X2", "X3"}));
  EXPECT_FALSE(met({"X1", "X1", "Y1"}));
  EXPECT_FALSE(met({"X-witnesses", "Y-witnesses", "X-and-Y"}));  // nobody can cosign as a group
  EXPECT_FALSE(met({}));
  const Policy none = *parse_policy("quorum none\n");
  EXPECT_TRUE(quorum_met(none, {}));
}

TEST(Policy, RefusesEveryOtherForm) {
  const std::string log = "log " + log_vkey("l", 1) + "\n", w1 = "witness w1 " + witness_vkey("w/1", 2) + "\n",
                    w2 = "witness w2 " + witness_vkey("w/2", 3) + "\n";
  ASSERT_TRUE(parse_policy(log + w1 + w2 + "group g any w1 w2\nquorum g\n"));
  struct Row {
    const char* name;
    std::string text;
  };
  const Row rows[] = {
      {"nothing", ""},
      {"no quorum", log + w1},
      {"two quorums", log + "quorum none\nquorum none\n"},
      {"quorum of two", log + w1 + w2 + "quorum w1 w2\n"},
      {"quorum not defined", log + "quorum w1\n"},
      {"quorum before its definition", log + "quorum w1\n" + w1},
      {"no last newline", log + "quorum none"},
      {"another word", log + "trust me\nquorum none\n"},
      {"upper case", "LOG" + log.substr(3) + "quorum none\n"},
      {"carriage return", log + "quorum none\r\n"},
      {"zero byte in a comment", std::string("# \0\n", 4) + log + "quorum none\n"},
      {"delete in a comment", "# \x7F\n" + log + "quorum none\n"},
      {"hidden character in a name", log + "witness w\xE2\x80\x8B " + witness_vkey("w/1", 2) + "\nquorum none\n"},
      {"log without a key", "log\nquorum none\n"},
      {"log with too much", "log " + log_vkey("l", 1) + " a b\nquorum none\n"},
      {"log with the key of a cosigner", "log " + witness_vkey("l", 1) + "\nquorum none\n"},
      {"log twice", log + log + "quorum none\n"},
      {"log key twice under two names", log + "log " + log_vkey("m", 1) + "\nquorum none\n"},
      {"witness without a key", "witness w1\nquorum none\n"},
      {"witness with a log's key type", "witness w1 " + log_vkey("w/1", 2) + "\nquorum none\n"},
      {"witness name twice", w1 + "witness w1 " + witness_vkey("w/2", 3) + "\nquorum none\n"},
      {"witness key twice", w1 + "witness w2 " + witness_vkey("w/9", 2) + "\nquorum none\n"},
      {"witness named none", "witness none " + witness_vkey("w/1", 2) + "\nquorum none\n"},
      {"group without members", w1 + "group g any\nquorum none\n"},
      {"group of nobody known", w1 + "group g any w2\nquorum none\n"},
      {"group of none", w1 + "group g any none\nquorum none\n"},
      {"group of itself", w1 + "group g any g\nquorum none\n"},
      {"member twice", w1 + "group g 2 w1 w1\nquorum none\n"},
      {"member of two groups", w1 + w2 + "group g any w1\ngroup h any w1 w2\nquorum none\n"},
      {"group of a name that is taken", w1 + w2 + "group w1 any w2\nquorum none\n"},
      {"threshold 0", w1 + "group g 0 w1\nquorum none\n"},
      {"threshold above the members", w1 + "group g 2 w1\nquorum none\n"},
      {"threshold with a leading zero", w1 + "group g 01 w1\nquorum none\n"},
      {"threshold in words", w1 + "group g most w1\nquorum none\n"},
      {"too large", "#" + std::string(kMostPolicyBytes, 'x') + "\nquorum none\n"},
  };
  for (const Row& row : rows) {
    const auto read = parse_policy(row.text);
    ASSERT_FALSE(read) << row.name;
    EXPECT_EQ(read.error().rule, Rule::policy_malformed) << row.name;
  }
  const auto bad_key = parse_policy(log + "witness w1 w/1+00000000+AAAA\nquorum none\n");
  ASSERT_FALSE(bad_key);
  EXPECT_EQ(bad_key.error().rule, Rule::key_malformed);
  EXPECT_EQ(bad_key.error().where, "line 2");
}

TEST(Policy, TakesAsManyAsTheSpecificationAsks) {
  std::string text;
  for (int i = 0; i < 32; ++i) {
    const std::string n = std::to_string(i);
    text += "log " + log_vkey("log/" + n, static_cast<char>(1 + i)) + "\nwitness w" + n + " " +
            witness_vkey("w/" + n, static_cast<char>(64 + i)) + "\ngroup g" + n + " any w" + n + "\n";
  }
  EXPECT_TRUE(parse_policy(text + "quorum g31\n"));
}

RC_GTEST_PROP(PolicyLaws, WhatIsReadIsWrittenAndReadTheSame, ()) {
  std::vector<std::string> free;
  std::string text;
  for (int i = 0, many = *rc::gen::inRange(0, 6); i < many; ++i) {
    free.push_back("w" + std::to_string(i));
    text += "witness " + free.back() + " " + witness_vkey("w/" + std::to_string(i), static_cast<char>(1 + i)) +
            *rc::gen::element<std::string>("", " u") + "\n";
  }
  for (int i = 0, many = *rc::gen::inRange(0, 4); i < many && !free.empty(); ++i) {
    const auto take = *rc::gen::inRange<std::size_t>(1, free.size() + 1);
    text += "group g" + std::to_string(i) + " " +
            *rc::gen::element<std::string>("any", "all", std::to_string(*rc::gen::inRange<std::size_t>(1, take + 1)));
    for (std::size_t k = 0; k < take; ++k) text += " " + free[k];
    free.erase(free.begin(), free.begin() + static_cast<std::ptrdiff_t>(take));
    free.push_back("g" + std::to_string(i));
    text += "\n";
  }
  text += "quorum " + (free.empty() ? "none" : free.back()) + "\n";
  const auto policy = parse_policy(text);
  RC_ASSERT((policy.has_value()));
  RC_ASSERT((parse_policy(to_text(*policy)) == policy));
  std::vector<std::string> everybody;
  for (const auto& witness : policy->witnesses) everybody.push_back(witness.name);
  RC_ASSERT((quorum_met(*policy, everybody)));
  if (policy->quorum != "none") RC_ASSERT((!quorum_met(*policy, {})));
}

}  // namespace
}  // namespace wideberth::ledger
