#include "ledger/note.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/bytes.h"
#include "ledger/checkpoint.h"
#include "ledger/testing.h"

namespace wideberth::ledger {
namespace {

const std::string kDashed = "\xE2\x80\x94 ";

/// A line that can be read, by nobody.
std::string strange_line(const std::string& name = "nobody.example", const std::string& bytes = "\1\2\3\4x") {
  return kDashed + name + " " + base::to_base64(bytes) + "\n";
}

TEST(Note, OfTheSpecificationIsRead) {
  // The example of c2sp.org/signed-note.
  const std::string text =
      "Ognuno sta solo sul cuor della terra\ntrafitto da un raggio di sole:\n\ned \xC3\xA8 subito sera.\n\n\xE2\x80\x94 "
      "quasimodo.example/salvatore "
      "NnugSzTjtVAewIS+Z/iJhUPeFDkO/5QQ2i5ddnGITLlC+EhfLW9oJKONrMouFSQU0xMcXxj99ihAQwaqP3ZekRwNtIc=\n";
  const auto note = parse_note(text);
  ASSERT_TRUE(note) << base::to_text(note.error());
  EXPECT_TRUE(note->text.ends_with("\n\ned \xC3\xA8 subito sera.\n"));
  ASSERT_EQ(note->signatures.size(), 1u);
  EXPECT_EQ(note->signatures[0].name, "quasimodo.example/salvatore");
  EXPECT_EQ(note->signatures[0].id, (KeyId{0x36, 0x7b, 0xa0, 0x4b}));
  EXPECT_EQ(note->signatures[0].payload.size(), 64u);
  EXPECT_EQ(to_text(*note), text);
}

TEST(Note, RefusesEveryOtherForm) {
  const std::string line = strange_line();
  ASSERT_TRUE(parse_note("text\n\n" + line));
  ASSERT_TRUE(parse_note("\n\n" + line));
  struct Row {
    const char* name;
    std::string note;
  };
  const Row rows[] = {
      {"nothing", ""},
      {"no empty line", "text\n" + line},
      {"no text", "\n" + line},
      {"no signature line", "text\n\n"},
      {"another line after the signatures", "text\n\n" + line + "more\n"},
      {"no last newline", "text\n\n" + line.substr(0, line.size() - 1)},
      {"carriage return", "text\r\n\n" + line},
      {"tab", "te\txt\n\n" + line},
      {"zero byte", std::string("te\0xt\n\n", 7) + line},
      {"not UTF-8", "te\xFFxt\n\n" + line},
      {"surrogate", "te\xED\xA0\x80xt\n\n" + line},
      {"hyphen for dash", "text\n\n- nobody.example AQIDBHg=\n"},
      {"dash without space", "text\n\n\xE2\x80\x94nobody.example AQIDBHg=\n"},
      {"no name", "text\n\n" + kDashed + " AQIDBHg=\n"},
      {"two spaces", "text\n\n" + kDashed + "nobody.example  AQIDBHg=\n"},
      {"space at the end", "text\n\n" + kDashed + "nobody.example AQIDBHg= \n"},
      {"plus in the name", "text\n\n" + kDashed + "nobody+example AQIDBHg=\n"},
      {"no-break space in the name", "text\n\n" + kDashed + "nobody\xC2\xA0.example AQIDBHg=\n"},
      {"em space in the name", "text\n\n" + kDashed + "nobody\xE2\x80\x83.example AQIDBHg=\n"},
      {"no signature", "text\n\n" + kDashed + "nobody.example\n"},
      {"empty signature", "text\n\n" + kDashed + "nobody.example \n"},
      {"id alone", "text\n\n" + strange_line("nobody.example", "\1\2\3\4")},
      {"base64 without padding", "text\n\n" + kDashed + "nobody.example AQIDBHg\n"},
      {"base64 with stray bits", "text\n\n" + kDashed + "nobody.example AQIDBHh=\n"},
  };
  for (const Row& row : rows) {
    const auto read = parse_note(row.note);
    ASSERT_FALSE(read) << row.name;
    EXPECT_EQ(read.error().rule, Rule::note_malformed) << row.name;
  }
}

TEST(Note, HasStatedLimits) {
  std::string note = "text\n\n";
  for (std::size_t i = 0; i < kMostSignatures; ++i) note += strange_line();
  EXPECT_EQ(parse_note(note)->signatures.size(), kMostSignatures);
  EXPECT_EQ(parse_note(note + strange_line()).error().rule, Rule::note_malformed);
  EXPECT_EQ(parse_note(note, note.size() - 1).error().rule, Rule::note_too_large);
  EXPECT_TRUE(parse_note(note, note.size()));
}

TEST(Note, PartsAtTheLastEmptyLine) {
  const std::string inner = "text\n\n" + strange_line();
  const auto note = parse_note(inner + "\n" + strange_line("other.example"));
  ASSERT_TRUE(note);
  EXPECT_EQ(note->text, inner);
  EXPECT_EQ(note->signatures[0].name, "other.example");
}

TEST(Note, VerifiesKnownLinesAndIgnoresOthers) {
  const SigningKey blue = testing::key_of("blue/ops-1", 1), red = testing::key_of("red/ops-1", 2);
  const std::string text = "a text\n", by_red = sign_note(text, red).substr(text.size() + 1);
  const std::string note = sign_note(text, blue) + strange_line("blue/ops-1") + by_red;
  const auto verify = [](const std::string& bytes, std::vector<VerifierKey> known) {
    return verify_note(*parse_note(bytes), known);
  };
  EXPECT_EQ(verify(note, {blue.verifier()}), std::vector<std::size_t>{0});
  EXPECT_EQ(verify(note, {red.verifier(), blue.verifier()}), (std::vector<std::size_t>{0, 2}));
  EXPECT_EQ(verify(note, {}).error().rule, Rule::note_unsigned);
  EXPECT_EQ(verify(note, {testing::key_of("blue/ops-1", 3).verifier()}).error().rule, Rule::note_unsigned);
  const std::string forged = sign_note("another text\n", blue).substr(13 + 1);
  EXPECT_EQ(verify(text + "\n" + by_red + forged, {red.verifier(), blue.verifier()}).error().rule, Rule::note_signature_untrue);
  EXPECT_EQ(verify(text + "\n" + by_red + forged, {red.verifier()}), std::vector<std::size_t>{0});
  // Ids are four bytes: another key made to share one must not keep out the one that signed.
  VerifierKey twin = red.verifier();
  twin.key = testing::key_of("red/ops-1", 9).verifier().key;
  EXPECT_EQ(verify(sign_note(text, red), {twin, red.verifier()}), std::vector<std::size_t>{0});
  EXPECT_EQ(verify(sign_note(text, red), {twin}).error().rule, Rule::note_signature_untrue);
}

TEST(Note, SignatureOfOneTypeDoesNotPassAsAnother) {
  const SigningKey key = testing::key_of("blue/ops-1", 1);
  const std::string text = "dayrik.example/log\n1\n" + to_base64(sha256("x")) + "\n";
  auto note = *parse_note(sign_note(text, key));
  note.signatures[0].id = key.cosigner().id;
  EXPECT_EQ(verify_note(note, std::vector{key.cosigner()}).error().rule, Rule::note_signature_untrue);
  note.signatures[0] = *parse_signature_line(cosign(text, key, Instant::from_ms(1000)));
  EXPECT_TRUE(verify_note(note, std::vector{key.cosigner()}));
  note.signatures[0].id = key.verifier().id;
  EXPECT_EQ(verify_note(note, std::vector{key.verifier()}).error().rule, Rule::note_signature_untrue);
}

TEST(Note, LineAloneIsReadAsAWitnessAnswersIt) {
  const std::string line = strange_line();
  EXPECT_EQ(to_text(*parse_signature_line(line)), line);
  for (const std::string& other : std::vector<std::string>{std::string(), std::string("\n"), line + "\n", line + line, "x" + line,
                                                           line.substr(0, line.size() - 1)})
    EXPECT_EQ(parse_signature_line(other).error().rule, Rule::note_malformed) << other;
}

/// Pieces that notes are made of, so that random ones come near to being notes.
rc::Gen<std::string> almost_notes() {
  const auto pieces =
      rc::gen::element<std::string>("\n", "\n\n", "text", " ", kDashed, "name", "AQIDBHg=", "AQIDBA==", strange_line(),
                                    "\n" + strange_line(), "+", "\xC3\xA8", "\xFF");
  return rc::gen::map(rc::gen::container<std::vector<std::string>>(pieces), [](const std::vector<std::string>& chosen) {
    std::string all;
    for (const std::string& piece : chosen) all += piece;
    return all;
  });
}

RC_GTEST_PROP(NoteLaws, WhatIsReadWritesBackTheSame, ()) {
  const std::string text = *almost_notes() + *rc::gen::element<std::string>("", "\n\n" + strange_line());
  const auto note = parse_note(text);
  RC_CLASSIFY(note.has_value());
  if (!note) return;
  RC_ASSERT((to_text(*note) == text));
  RC_ASSERT((parse_note(to_text(*note)) == note));
  RC_ASSERT((check_note_text(note->text).has_value()));
}

RC_GTEST_PROP(NoteLaws, WhatIsSignedVerifiesUntilAByteIsChanged, (const std::vector<std::string>& words)) {
  std::string text;
  for (const std::string& word : words)
    text += base::to_hex(word) + *rc::gen::element<std::string>(" ", "\n", "\n\n", "\xC3\xA8");
  text += "\n";
  const SigningKey key = testing::key_of("blue/ops-1", 1);
  std::string note = sign_note(text, key);
  RC_ASSERT((verify_note(*parse_note(note), std::vector{key.verifier()}).has_value()));
  const auto at = *rc::gen::inRange<std::size_t>(0, note.size());
  note[at] = static_cast<char>(note[at] ^ *rc::gen::inRange(1, 256));
  const auto read = parse_note(note);
  RC_ASSERT((!read || !verify_note(*read, std::vector{key.verifier()})));
}

}  // namespace
}  // namespace wideberth::ledger
