#include "ledger/proof.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/bytes.h"
#include "ledger/entry.h"
#include "ledger/testing.h"

namespace wideberth::ledger {
namespace {

/// A log of 20 leaves, two witnesses, and a policy that names all three. Invented.
struct Bench {
  SigningKey log = testing::key_of("dayrik.example/log", 1);
  SigningKey red = testing::key_of("red/witness", 2), neutral = testing::key_of("neutral/witness", 3);
  Tree tree = testing::vector_tree(20);

  Policy policy(const std::string& quorum) const {
    return *parse_policy("log " + to_text(log.verifier()) + "\nwitness red " + to_text(red.cosigner()) + "\nwitness neutral " +
                         to_text(neutral.cosigner()) + "\ngroup both all red neutral\nquorum " + quorum + "\n");
  }
  Checkpoint head() const { return {log.name(), 20, tree.root(), {}}; }
  std::string cosigned() const {
    return sign_checkpoint(head(), log) + cosign(to_text(head()), red, Instant::from_ms(1'598'338'700'000)) +
           cosign(to_text(head()), neutral, Instant::from_ms(1'598'338'701'000));
  }
  Receipt receipt(std::uint64_t index) const { return {std::nullopt, EntryIndex{index}, tree.inclusion(index, 20), cosigned()}; }
};

Rule rule_of(const Result<Verified>& verified) {
  WB_CHECK(!verified.has_value());
  return verified.error().rule;
}

TEST(Receipt, IsVerifiedAgainstThePolicy) {
  const Bench bench;
  for (const char* quorum : {"none", "red", "both"})
    for (std::uint64_t i = 0; i < 20; ++i) {
      const auto verified = verify_receipt(bench.policy(quorum), to_text(bench.receipt(i)), testing::vector_entry(i));
      ASSERT_TRUE(verified) << base::to_text(verified.error());
      EXPECT_EQ(verified->index, EntryIndex{i});
      EXPECT_EQ(verified->checkpoint, bench.head());
      EXPECT_EQ(verified->witnesses, (std::vector<std::string>{"red", "neutral"}));
      EXPECT_EQ(verified->witnessed_at[1], Instant::from_ms(1'598'338'701'000));
    }
}

TEST(Receipt, WithAnyByteChangedIsRefused) {
  const Bench bench;
  // The quorum needs no witness, so only the rule that every line is known and holds can refuse a changed cosignature.
  const Policy policy = bench.policy("none"), strict = bench.policy("both");
  const std::string good = to_text(bench.receipt(13)), leaf = testing::vector_entry(13);
  ASSERT_TRUE(verify_receipt(policy, good, leaf));
  for (std::size_t at = 0; at < good.size(); ++at) {
    for (const int change : {0x01, 0x02, 0x04, 0x08, 0x10, 0x20, 0x40, 0x80, 0x06, 0x1C, 0x2A, 0xFF}) {
      std::string other = good;
      other[at] = static_cast<char>(other[at] ^ change);
      EXPECT_FALSE(verify_receipt(policy, other, leaf)) << "byte " << at << " changed by " << change;
    }
    for (const char c : {'\n', ' ', '0', 'A', '='}) {
      std::string longer = good;
      longer.insert(at, 1, c);
      EXPECT_FALSE(verify_receipt(policy, longer, leaf)) << "a byte more at " << at;
    }
    std::string shorter = good;
    shorter.erase(at, 1);
    EXPECT_FALSE(verify_receipt(policy, shorter, leaf)) << "byte " << at << " gone";
    // Without a whole cosignature the rest is still true, so here it is the quorum that refuses.
    EXPECT_FALSE(verify_receipt(strict, good.substr(0, at), leaf)) << "cut at " << at;
  }
}

TEST(Receipt, OfAnotherLeafIsRefused) {
  const Bench bench;
  const std::string leaf = testing::vector_entry(13);
  const std::string text = to_text(bench.receipt(13));
  for (std::size_t at = 0; at < leaf.size(); ++at) {
    std::string other = leaf;
    other[at] = static_cast<char>(other[at] ^ 1);
    EXPECT_EQ(rule_of(verify_receipt(bench.policy("both"), text, other)), Rule::proof_untrue);
  }
  EXPECT_EQ(rule_of(verify_receipt(bench.policy("both"), text, "")), Rule::proof_untrue);
  // A node of the tree shown as a leaf (a second preimage) does not pass: leaves and nodes hash apart.
  const std::string node =
      std::string("\x01") + std::string(bench.tree.leaf(12).view()) + std::string(bench.tree.leaf(13).view());
  EXPECT_EQ(rule_of(verify_receipt(bench.policy("both"), text, node.substr(1))), Rule::proof_untrue);
}

TEST(Receipt, ThatThePolicyDoesNotVouchForIsRefused) {
  const Bench bench;
  const std::string leaf = testing::vector_entry(4);
  Receipt receipt = bench.receipt(4);
  const auto verify = [&](const std::string& quorum, Unproved unproved = Unproved::refuse) {
    return verify_receipt(bench.policy(quorum), to_text(receipt), leaf, unproved);
  };

  const std::string by_stranger = cosign(to_text(bench.head()), testing::key_of("stranger/witness", 9), Instant::from_ms(7000));
  receipt.checkpoint = bench.cosigned() + by_stranger;
  EXPECT_EQ(rule_of(verify("both")), Rule::receipt_line_unknown);
  EXPECT_TRUE(verify("both", Unproved::ignore));

  receipt.checkpoint = bench.cosigned();
  receipt.extra = "anything";
  EXPECT_EQ(rule_of(verify("both")), Rule::receipt_line_unknown);
  EXPECT_TRUE(verify("both", Unproved::ignore));
  receipt.extra.reset();

  receipt.checkpoint = sign_checkpoint(bench.head(), bench.log) +
                       cosign(to_text(bench.head()), bench.red, Instant::from_ms(9000)) +
                       cosign(to_text(bench.head()), bench.red, Instant::from_ms(8000));
  EXPECT_EQ(rule_of(verify("both")), Rule::receipt_quorum_missed);  // one witness twice is one witness
  const auto once = verify("red");
  ASSERT_TRUE(once);
  EXPECT_EQ(once->witnesses, std::vector<std::string>{"red"});
  EXPECT_EQ(once->witnessed_at, std::vector{Instant::from_ms(8000)});

  const std::string text = to_text(bench.head());
  receipt.checkpoint =
      text + "\n" + cosign(text, bench.red, Instant::from_ms(1)) + cosign(text, bench.neutral, Instant::from_ms(1));
  EXPECT_EQ(rule_of(verify("both")), Rule::note_unsigned);  // witnesses without the log

  receipt.checkpoint = sign_note(text, bench.red) + bench.cosigned().substr(text.size() + 1);
  EXPECT_EQ(rule_of(verify("both")), Rule::receipt_line_unknown);  // the witness's key as if it were a log's

  receipt.checkpoint = sign_checkpoint({"other.example/log", 20, bench.tree.root(), {}}, testing::key_of("other.example/log", 1));
  EXPECT_EQ(rule_of(verify("none")), Rule::checkpoint_other_log);
  receipt.checkpoint = sign_note("other.example/log\n20\n" + to_base64(bench.tree.root()) + "\n", bench.log);
  EXPECT_EQ(rule_of(verify("none")), Rule::checkpoint_other_log);  // our log's key under another origin
}

TEST(Receipt, RefusesEveryOtherForm) {
  const Bench bench;
  const std::string good = to_text(bench.receipt(4)), hash = to_base64(bench.tree.leaf(5)), note = bench.cosigned();
  const std::string header = "c2sp.org/tlog-proof@v1\n";
  std::string many;
  for (int i = 0; i < 64; ++i) many += hash + "\n";
  ASSERT_TRUE(parse_receipt(header + "index 0\n\n" + note));
  ASSERT_TRUE(parse_receipt(header + "extra AQID\nindex 0\n\n" + note));
  for (const std::string& text : std::vector<std::string>{
           std::string(), header, header + "index 0\n" + hash, "c2sp.org/tlog-proof@v2\nindex 0\n\n" + note, " " + good,
           header + "\nindex 0\n\n" + note, header + "index 00\n\n" + note, header + "index +1\n\n" + note,
           header + "index 9223372036854775808\n\n" + note, header + "index\n\n" + note, header + "extra AQI\nindex 0\n\n" + note,
           header + "index 0\nextra AQID\n\n" + note, header + "extra AQID\nextra AQID\nindex 0\n\n" + note,
           header + "index 0\n" + many + "\n" + note, header + "index 0\n" + hash + "\n" + note,
           header + "index 0\n " + hash + "\n\n" + note})
    EXPECT_EQ(parse_receipt(text).error().rule, Rule::receipt_malformed) << text;
  EXPECT_EQ(parse_receipt(header + "index 0\n\n").error().rule, Rule::note_malformed);
  EXPECT_EQ(parse_receipt(header + "index 0\n\n" + sign_note("text\n", bench.log)).error().rule, Rule::checkpoint_malformed);
}

RC_GTEST_PROP(ReceiptLaws, EveryReceiptOfAnyTreeHoldsForItsLeafAlone, ()) {
  const auto size = *rc::gen::inRange<std::uint64_t>(1, 400), index = *rc::gen::inRange<std::uint64_t>(0, size);
  const Bench bench;
  const Tree tree = testing::vector_tree(size);
  const Checkpoint head{bench.log.name(), size, tree.root(), {}};
  const Receipt receipt{std::nullopt, EntryIndex{index}, tree.inclusion(index, size),
                        sign_checkpoint(head, bench.log) + cosign(to_text(head), bench.red, Instant::from_ms(0))};
  const std::string text = to_text(receipt);
  RC_ASSERT((parse_receipt(text) == receipt));
  RC_ASSERT((verify_receipt(bench.policy("red"), text, testing::vector_entry(index)).has_value()));
  RC_ASSERT((!verify_receipt(bench.policy("red"), text, testing::vector_entry(index + 1))));
  RC_ASSERT((!verify_receipt(bench.policy("both"), text, testing::vector_entry(index))));
}

}  // namespace
}  // namespace wideberth::ledger
