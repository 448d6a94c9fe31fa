#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/bytes.h"
#include "base/id.h"
#include "base/instant.h"
#include "base/quantity.h"

namespace wideberth::base {
namespace {

template <class A, class B>
concept Addable = requires(A a, B b) { a + b; };
static_assert(Addable<Metres, Metres> && Addable<Instant, Millis>);
static_assert(!Addable<Metres, Millis>, "a distance plus a time must not compile");
static_assert(!Addable<Instant, Instant>, "two instants do not add up");

TEST(Instant, ReadsAndWritesTheSameText) {
  EXPECT_EQ(to_text(*Instant::parse("2020-08-25T06:58:12.417Z")), "2020-08-25T06:58:12.417Z");
  EXPECT_EQ(Instant::parse("2020-08-25T06:58:12Z")->ms(), 1598338692000);
  EXPECT_EQ(to_short_text(Instant::from_ms(1598338692000)), "2020-08-25T06:58:12Z");
  EXPECT_EQ(to_short_text(Instant::from_ms(1598338692007)), "2020-08-25T06:58:12.007Z");
  EXPECT_EQ(Instant::parse("2020-02-29T00:00:00.5Z")->ms(), 1582934400500);
  EXPECT_EQ(to_text(Instant::from_ms(-1)), "1969-12-31T23:59:59.999Z");
}

TEST(Instant, RefusesWhatIsNotUtcRfc3339) {
  for (const char* text : {"", "2020-08-25", "2020-08-25T06:58:12", "2020-08-25T06:58:12+00:00", "2020-08-25t06:58:12Z",
                           "2020-02-30T00:00:00Z", "2021-02-29T00:00:00Z", "2020-13-01T00:00:00Z", "2020-08-25T24:00:00Z",
                           "2020-08-25T06:60:12Z", "2020-08-25T06:58:60Z", "2020-08-25T06:58:12.Z", "2020-08-25T06:58:12.1234Z",
                           "2020-08-25T06:58:12Z ", " 2020-08-25T06:58:12Z", "2020-8-25T06:58:12Z", "+020-08-25T06:58:12Z"}) {
    const auto read = Instant::parse(text);
    ASSERT_FALSE(read) << text;
    EXPECT_EQ(read.error().rule, Rule::time_malformed) << text;
  }
}

TEST(Millis, IsReadableByATiredPerson) {
  EXPECT_EQ(to_text(Millis::from_seconds(12 * 60)), "12 min");
  EXPECT_EQ(to_text(Millis::from_seconds(-(2 * 3600 + 5 * 60))), "-2 h 05 min");
  EXPECT_EQ(to_text(Millis::from_seconds(40)), "40 s");
}

TEST(Refusal, EveryRuleHasItsOwnCodeAndATitle) {
  EXPECT_EQ(rule_named("time_malformed"), Rule::time_malformed);
  EXPECT_EQ(rule_named("no_such_rule"), std::nullopt);
  for (std::size_t i = 0; i < kRuleCount; ++i) {
    const auto rule = static_cast<Rule>(i);
    EXPECT_EQ(rule_named(code_of(rule)), rule) << "two rules share the code " << code_of(rule);
    EXPECT_FALSE(title_of(rule).empty());
    EXPECT_EQ(title_of(rule).back(), '.') << code_of(rule);
  }
}

TEST(Bytes, RefusesDeceptiveText) {
  EXPECT_TRUE(check_readable("دَيْرِك Дайрик Dêrik"));
  EXPECT_TRUE(check_readable("two\nlines", true));
  for (const char* text : {"two\nlines",
                           "a\xE2\x80\xAE"
                           "b",
                           "zero\xE2\x80\x8Bwidth", "\xEF\xBB\xBFmark", "\xC0\xAF", "\xED\xA0\x80", "\x7F", "\xF5\x80\x80\x80"})
    EXPECT_FALSE(check_readable(text)) << to_hex(text);
}

TEST(Bytes, EachRefusalNamesItsRule) {
  EXPECT_EQ(from_hex("0g").error().rule, Rule::hex_malformed);
  EXPECT_EQ(from_hex("abc").error().rule, Rule::hex_malformed);
  EXPECT_EQ(from_hex("AB").error().rule, Rule::hex_malformed);
  EXPECT_EQ(from_base64("QQ").error().rule, Rule::base64_malformed);
  EXPECT_EQ(from_base64("QR==").error().rule, Rule::base64_malformed) << "stray bits";
  EXPECT_EQ(check_readable("a\x01").error().rule, Rule::text_malformed);
  EXPECT_EQ(parse_decimal("x", 9).error().rule, Rule::number_malformed);
  EXPECT_EQ(index_of("MV-").error().rule, Rule::id_malformed);
  std::string wrong = id_of(IdKind::movement, EntryIndex{812});
  wrong[4] = wrong[4] == '7' ? '8' : '7';
  EXPECT_EQ(index_of(wrong).error().rule, Rule::id_check_character);
}

TEST(Bytes, ExcerptIsPrintableAndShort) {
  EXPECT_EQ(excerpt("a\nb"), "a\\x0ab");
  EXPECT_LE(excerpt(std::string(1000, 'x')).size(), 64U);
}

TEST(Bytes, DecimalIsPlain) {
  EXPECT_EQ(*parse_decimal("0", 10), 0U);
  EXPECT_EQ(*parse_decimal("18446744073709551615", ~0ULL), ~0ULL);
  for (const char* text : {"", "00", "01", "-1", "+1", "1 ", "11", "18446744073709551616"})
    EXPECT_FALSE(parse_decimal(text, 10)) << text;
  EXPECT_FALSE(parse_decimal("18446744073709551616", ~0ULL));
  EXPECT_FALSE(parse_decimal("18446744073709551617", 10)) << "wraps to 1";
  EXPECT_FALSE(parse_decimal("99999999999999999999", 5));
}

RC_GTEST_PROP(BytesLaws, Base64IsABijectionOnItsTexts, (const std::string& bytes)) {
  const std::string text = to_base64(bytes);
  RC_ASSERT(*from_base64(text) == bytes);
  RC_ASSERT(*from_hex(to_hex(bytes)) == bytes);
}

RC_GTEST_PROP(BytesLaws, WhatReadsAsBase64WritesBackTheSame, (std::string text)) {
  for (char& c : text) c = "ABCDwxyz0129+/=="[static_cast<unsigned char>(c) % 16];
  if (const auto bytes = from_base64(text)) RC_ASSERT(to_base64(*bytes) == text);
}

RC_GTEST_PROP(IdLaws, IsTheIndexAndBack, (std::uint64_t any)) {
  for (const std::uint64_t index : {any % 1000, any >> 32, any >> 24}) {
    for (const IdKind kind : {IdKind::movement, IdKind::conflict}) {
      const std::string id = id_of(kind, EntryIndex{index});
      RC_ASSERT(index_of(id) == (IdReference{kind, EntryIndex{index}}));
    }
  }
}

RC_GTEST_PROP(IdLaws, OneWrongCharacterOrTwoSwappedIsNoticed, (std::uint64_t any, unsigned at, unsigned other, unsigned letter)) {
  const std::string id = id_of(IdKind::movement, EntryIndex{any >> 30});
  std::string digits = id.substr(3);
  std::erase(digits, '-');
  std::string wrong = digits;
  wrong[at % wrong.size()] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"[letter % 32];
  if (wrong != digits) RC_ASSERT(!index_of("MV-" + wrong));
  std::string swapped = digits;
  std::swap(swapped[at % swapped.size()], swapped[other % swapped.size()]);
  if (swapped != digits) RC_ASSERT(!index_of("MV-" + swapped));
}

TEST(Id, ReadsAsSpoken) {
  const std::string id = id_of(IdKind::movement, EntryIndex{812});
  std::string spoken = id;
  for (char& c : spoken) c = c == '0' ? 'o' : c == '1' ? 'l' : static_cast<char>(std::tolower(c));
  EXPECT_EQ(index_of(spoken)->index.value, 812U);
  EXPECT_EQ(id.size(), 10U) << id;
  EXPECT_NE(id_of(IdKind::movement, EntryIndex{812}).substr(3, 4), id_of(IdKind::movement, EntryIndex{813}).substr(3, 4));
  for (const char* text : {"", "MV", "MV-", "MV-7Q4M", "XX-7Q4M-K2", "MV-7Q4M-U2", "MV-7Q4M-K2345678"})
    EXPECT_FALSE(index_of(text)) << text;
}

}  // namespace
}  // namespace wideberth::base
