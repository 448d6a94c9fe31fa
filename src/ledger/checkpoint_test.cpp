#include "ledger/checkpoint.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "ledger/testing.h"

namespace wideberth::ledger {
namespace {

const std::string kSomeRoot = to_base64(sha256("some root"));
const std::string kHead = "dayrik.example/log\n7\n" + kSomeRoot + "\n";

TEST(Checkpoint, IsReadAndWritten) {
  const Checkpoint plain{"dayrik.example/log", 7, sha256("some root"), {}};
  EXPECT_EQ(parse_checkpoint(kHead), plain);
  EXPECT_EQ(to_text(plain), kHead);
  const Checkpoint extended{"dayrik.example/log", 7, sha256("some root"), {"one", "two words"}};
  EXPECT_EQ(parse_checkpoint(kHead + "one\ntwo words\n"), extended);
  EXPECT_EQ(to_text(extended), kHead + "one\ntwo words\n");
  EXPECT_TRUE(parse_checkpoint("l\n0\n" + to_base64(empty_root()) + "\n"));
  EXPECT_TRUE(parse_checkpoint("l\n9223372036854775807\n" + kSomeRoot + "\n"));
}

TEST(Checkpoint, RefusesEveryOtherForm) {
  std::string seventeen;
  for (int i = 0; i < 17; ++i) seventeen += "x\n";
  for (const std::string& text : std::vector<std::string>{std::string(),
                                                          std::string("\n\n\n"),
                                                          kHead.substr(0, kHead.size() - 1),
                                                          "\n7\n" + kSomeRoot + "\n",
                                                          "a b\n7\n" + kSomeRoot + "\n",
                                                          "a\n07\n" + kSomeRoot + "\n",
                                                          "a\n-7\n" + kSomeRoot + "\n",
                                                          "a\n7 \n" + kSomeRoot + "\n",
                                                          "a\n\n" + kSomeRoot + "\n",
                                                          "a\n9223372036854775808\n" + kSomeRoot + "\n",
                                                          "a\n18446744073709551616\n" + kSomeRoot + "\n",
                                                          "a\n0\n" + kSomeRoot + "\n",
                                                          "a\n7\n" + kSomeRoot + "=\n",
                                                          "a\n7\n" + kSomeRoot.substr(1) + "\n",
                                                          "a\n7\n\n",
                                                          kHead + "\n",
                                                          kHead + "x",
                                                          kHead + "x\n\n",
                                                          kHead + "x\xE2\x80\xAE\n",
                                                          kHead + seventeen,
                                                          kHead + std::string(1025, 'x') + "\n",
                                                          "a\r\n7\n" + kSomeRoot + "\n"}) {
    const auto read = parse_checkpoint(text);
    ASSERT_FALSE(read) << text;
    EXPECT_EQ(read.error().rule, Rule::checkpoint_malformed) << text;
  }
}

TEST(Checkpoint, ExtensionLinesAreReadUpToTheirNumberAndLength) {
  Checkpoint head{"log.example/one", 0, empty_root(), {}};
  head.extensions.assign(16, std::string(1024, 'x'));
  const auto most = parse_checkpoint(to_text(head));
  ASSERT_TRUE(most) << base::to_text(most.error());
  EXPECT_EQ(most->extensions.size(), 16U);
  Checkpoint more = head, longer = head;
  more.extensions.emplace_back("x");
  longer.extensions.front() += 'x';
  for (const Checkpoint& beyond : {more, longer}) {
    const auto refused = parse_checkpoint(to_text(beyond));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().rule, base::Rule::checkpoint_malformed);
  }
}

TEST(Checkpoint, IsOpenedByItsLogAlone) {
  const SigningKey log = testing::key_of("dayrik.example/log", 1), other = testing::key_of("other.example/log", 1);
  const Checkpoint head = *parse_checkpoint(kHead);
  EXPECT_EQ(open_checkpoint(sign_checkpoint(head, log), log.verifier()), head);
  EXPECT_EQ(open_checkpoint(sign_checkpoint(head, log), other.verifier()).error().rule, Rule::note_unsigned);
  EXPECT_EQ(open_checkpoint(sign_note(kHead, other), other.verifier()).error().rule, Rule::checkpoint_other_log);
  EXPECT_EQ(open_checkpoint(sign_note("no checkpoint\n", log), log.verifier()).error().rule, Rule::checkpoint_malformed);
}

TEST(Cosignature, HoldsForItsTextTimeAndKeyAlone) {
  const SigningKey witness = testing::key_of("red/witness", 2);
  EXPECT_EQ(cosignature_message(kHead, 1679315147), "cosignature/v1\ntime 1679315147\n" + kHead);
  const SignatureLine line = *parse_signature_line(cosign(kHead, witness, Instant::from_ms(1'598'338'692'417)));
  EXPECT_EQ(verify_cosignature(kHead, line, witness.cosigner()), Instant::from_ms(1'598'338'692'000));
  const auto rule = [&](const std::string& text, const SignatureLine& given, const VerifierKey& key) {
    return verify_cosignature(text, given, key).error().rule;
  };
  EXPECT_EQ(rule(kHead + "x\n", line, witness.cosigner()), Rule::note_signature_untrue);
  EXPECT_EQ(rule(kHead, line, witness.verifier()), Rule::note_signature_untrue);
  EXPECT_EQ(rule(kHead, line, testing::key_of("red/witness", 3).cosigner()), Rule::note_signature_untrue);
  for (std::size_t i = 0; i < line.payload.size(); ++i) {
    SignatureLine other = line;
    other.payload[i] = static_cast<char>(other.payload[i] ^ 1);
    EXPECT_EQ(rule(kHead, other, witness.cosigner()), Rule::note_signature_untrue) << i;
  }
  for (const std::size_t size : std::vector<std::size_t>{0, 64, 71}) {
    SignatureLine other = line;
    other.payload.resize(size);
    EXPECT_EQ(rule(kHead, other, witness.cosigner()), Rule::note_signature_untrue) << size;
  }
}

TEST(Cosignature, AfterTheLastYearOrOverNoCheckpointIsRefused) {
  const SigningKey witness = testing::key_of("red/witness", 2);
  const auto line_at = [&](std::uint64_t seconds, const std::string& text) {
    std::string payload;
    for (int shift = 56; shift >= 0; shift -= 8)
      payload += static_cast<char>(static_cast<unsigned char>(seconds >> shift & 0xFF));
    return SignatureLine{witness.name(), witness.cosigner().id, payload + witness.sign(cosignature_message(text, seconds))};
  };
  EXPECT_TRUE(verify_cosignature(kHead, line_at(253'402'300'799, kHead), witness.cosigner()));
  EXPECT_TRUE(verify_cosignature(kHead, line_at(0, kHead), witness.cosigner()));
  for (const std::uint64_t seconds : {std::uint64_t{253'402'300'800}, std::uint64_t{1} << 63, ~std::uint64_t{0}})
    EXPECT_FALSE(verify_cosignature(kHead, line_at(seconds, kHead), witness.cosigner())) << seconds;
  EXPECT_FALSE(verify_cosignature("no checkpoint\n", line_at(7, "no checkpoint\n"), witness.cosigner()));
}

TEST(AddCheckpoint, RefusesEveryOtherForm) {
  const std::string note = sign_checkpoint(*parse_checkpoint(kHead), testing::key_of("dayrik.example/log", 1));
  ASSERT_TRUE(parse_add_checkpoint("old 0\n\n" + note));
  ASSERT_TRUE(parse_add_checkpoint("old 7\n\n" + note));
  std::string many;
  for (int i = 0; i < 63; ++i) many += kSomeRoot + "\n";
  ASSERT_EQ(parse_add_checkpoint("old 6\n" + many + "\n" + note)->proof.size(), 63u);
  for (const std::string& body :
       std::vector<std::string>{"", "old 1\n", "old 6\n" + note, "old  6\n\n" + note, "old 06\n\n" + note, "old -1\n\n" + note,
                                "old\n\n" + note, "\nold 6\n\n" + note, "old 8\n\n" + note,
                                "old 6\n" + many + kSomeRoot + "\n\n" + note, "old 6\n" + kSomeRoot + " \n\n" + note,
                                "old 6\n" + kSomeRoot + "\n" + note, "old 18446744073709551615\n\n" + note, "Old 6\n\n" + note})
    EXPECT_EQ(parse_add_checkpoint(body).error().rule, Rule::witness_request_malformed) << body;
  EXPECT_EQ(parse_add_checkpoint("old 6\n\n\n" + note).error().rule, Rule::checkpoint_malformed);
  EXPECT_EQ(parse_add_checkpoint("old 6\n\n" + kHead).error().rule, Rule::note_malformed);
}

RC_GTEST_PROP(CheckpointLaws, WhatIsWrittenReadsBackTheSame, (const std::string& root)) {
  Checkpoint head{"dayrik.example/log", *rc::gen::inRange<std::uint64_t>(0, kMostLeaves), sha256(root), {}};
  if (head.size == 0) head.root = empty_root();
  for (int left = *rc::gen::inRange(0, 4); left > 0; --left)
    head.extensions.push_back(*rc::gen::nonEmpty(rc::gen::container<std::string>(rc::gen::inRange(' ', '~'))));
  RC_ASSERT((parse_checkpoint(to_text(head)) == head));
  const SigningKey log = testing::key_of(head.origin, 1), witness = testing::key_of("red/witness", 2);
  const std::string note =
      sign_checkpoint(head, log) +
      cosign(to_text(head), witness, Instant::from_ms(*rc::gen::inRange<std::int64_t>(0, 253'402'300'799'999)));
  const std::vector<VerifierKey> keys{witness.cosigner(), log.verifier()};
  RC_ASSERT((verify_note(*parse_note(note), keys).value() == std::vector<std::size_t>{0, 1}));
  AddCheckpoint request{*rc::gen::inRange<std::uint64_t>(0, head.size + 1), {}, note};
  for (int left = *rc::gen::inRange(0, 64); left > 0; --left) request.proof.push_back(sha256(std::to_string(left)));
  RC_ASSERT((parse_add_checkpoint(to_text(request)) == request));
}

}  // namespace
}  // namespace wideberth::ledger
