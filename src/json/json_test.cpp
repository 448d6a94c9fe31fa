#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <bit>
#include <cmath>
#include <limits>

#include "base/bytes.h"
#include "json/fault.h"
#include "json/json.h"

namespace wideberth::json {
namespace {

using base::Rule;

struct BadText {
  std::string text;
  Rule rule;
  std::string where;
};

TEST(JsonParse, RefusesEachFaultAndSaysWhere) {
  const BadText rows[] = {
      {"", Rule::json_malformed, "line 1, column 1"},
      {" \n ", Rule::json_malformed, "line 2, column 2"},
      {"{\"a\":1} x", Rule::json_malformed, "line 1, column 9"},
      {"1 2", Rule::json_malformed, "line 1, column 3"},
      {"{\"a\":1,}", Rule::json_malformed, "line 1, column 8"},
      {"[1,]", Rule::json_malformed, "line 1, column 4"},
      {"[1\n 2]", Rule::json_malformed, "line 2, column 2"},
      {"{a:1}", Rule::json_malformed, "line 1, column 2"},
      {"{'a':1}", Rule::json_malformed, "line 1, column 2"},
      {"[01]", Rule::json_malformed, "line 1, column 4"},
      {"[1.]", Rule::json_malformed, "line 1, column 4"},
      {"[.5]", Rule::json_malformed, "line 1, column 2"},
      {"[+1]", Rule::json_malformed, "line 1, column 2"},
      {"[1e]", Rule::json_malformed, "line 1, column 4"},
      {"NaN", Rule::json_malformed, "line 1, column 1"},
      {"[tru]", Rule::json_malformed, "line 1, column 2"},
      {"\"a", Rule::json_malformed, "line 1, column 3"},
      {"\"a\tb\"", Rule::json_malformed, "line 1, column 3"},
      {"\"\\x\"", Rule::json_malformed, "line 1, column 3"},
      {"\"\\ud800\"", Rule::json_malformed, "line 1, column 8"},
      {"\"\\udc00\"", Rule::json_malformed, "line 1, column 8"},
      {"/* no */ 1", Rule::json_malformed, "line 1, column 1"},
      {"\"\xC0\xAF\"", Rule::json_malformed, "line 1, column 2"},
      {"\"\xC3\xA9\xFF\"", Rule::json_malformed, "line 1, column 3"},
      {"\xEF\xBB\xBF{}", Rule::json_malformed, "line 1, column 1"},
      {"[1", Rule::json_malformed, "line 1, column 3"},
      {"[}", Rule::json_malformed, "line 1, column 2"},
      {"{\"a\":{\"b/c\":1,\"b/c\":2}}", Rule::json_member_twice, "/a/b~1c"},
      {"{\"a\":1,\"\\u0061\":2}", Rule::json_member_twice, "/a"},
      {"{\"a\":[0,9007199254740993]}", Rule::json_integer_too_large, "/a/1"},
      {"[-9007199254740993]", Rule::json_integer_too_large, "/0"},
      {"[18446744073709551615]", Rule::json_integer_too_large, "/0"},
      {"[18446744073709551616]", Rule::json_integer_too_large, "line 1, column 2"},
      {"[1e400]", Rule::json_integer_too_large, "line 1, column 2"},
      {"[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]", Rule::json_too_large, "/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0"},
      {std::string(5000, '[') + std::string(5000, ']'), Rule::json_too_large, ""},
      {std::string((std::size_t{1} << 20) + 1, ' '), Rule::json_too_large, ""},
  };
  for (const auto& row : rows) {
    const auto read = parse(row.text);
    ASSERT_FALSE(read) << base::excerpt(row.text);
    EXPECT_EQ(base::code_of(read.error().rule), base::code_of(row.rule)) << base::excerpt(row.text);
    EXPECT_EQ(read.error().where, row.where) << base::excerpt(row.text);
    EXPECT_FALSE(read.error().found.empty()) << base::excerpt(row.text);
  }
}

TEST(JsonParse, AcceptsWhatStandsAtTheLimits) {
  EXPECT_EQ(parse("9007199254740992")->integer(), kMostInteger);
  EXPECT_EQ(parse("-9007199254740992")->integer(), -kMostInteger);
  EXPECT_EQ(parse("[1e-400]")->array()[0].number(), 0.0);
  EXPECT_EQ(parse("1.0")->kind(), Value::Kind::number);
  EXPECT_EQ(parse("\"\\ud83d\\ude00\\u0000\"")->string(), std::string("\xF0\x9F\x98\x80\0", 5));
  EXPECT_TRUE(parse(std::string(16, '[') + std::string(16, ']')));
  EXPECT_FALSE(parse(std::string(17, '[') + std::string(17, ']')));
  EXPECT_TRUE(parse("[]", Limits{2, 1}));
  EXPECT_FALSE(parse("[] ", Limits{2, 1}));
  EXPECT_FALSE(parse("[]", Limits{2, 0}));
  EXPECT_TRUE(parse(std::string(200, '[') + std::string(200, ']'), Limits{1000, 256}));
  EXPECT_TRUE(parse(" \r\n\t{ } "));
}

TEST(JsonParse, KeepsMembersInOrder) {
  const auto tree = parse(R"({"z":1,"a":[true,false,null],"m":{"x":-0.5}})");
  ASSERT_TRUE(tree);
  EXPECT_EQ(to_json(*tree), R"({"z":1,"a":[true,false,null],"m":{"x":-0.5}})");
}

constexpr const char* kMovement = R"({
  "kind": "movement", "route": [{"lat": 37.0290000, "lon": 41.5460001}, {"lat": "x"}],
  "people": 12, "halt": null, "column/length": 300.5, "armed": true, "leaves": "2020-08-25T06:58:12.417Z",
  "salt": "AAEC", "note": "first\nsecond"})";

TEST(JsonReader, ReadsEachKind) {
  const auto tree = parse(kMovement);
  ASSERT_TRUE(tree);
  const Reader reader(*tree);
  EXPECT_EQ(*reader.member("kind")->one_of({"movement", "activity"}), "movement");
  const auto route = reader.member("route")->elements(2, 2);
  ASSERT_TRUE(route);
  EXPECT_EQ(*route->at(0).member("lat")->fixed(7, -900000000, 900000000), 370290000);
  EXPECT_EQ(*route->at(0).member("lon")->fixed(7, -1800000000, 1800000000), 415460001);
  EXPECT_EQ(*reader.member("people")->integer(0, 12), 12);
  EXPECT_EQ(*reader.member("people")->number(0, 12), 12.0);
  EXPECT_EQ(*reader.member("column/length")->number(0, 1000), 300.5);
  EXPECT_EQ(*reader.member("armed")->boolean(), true);
  EXPECT_EQ(reader.member("leaves")->instant()->ms(), 1598338692417);
  EXPECT_EQ(*reader.member("salt")->base64(3), std::string("\0\1\2", 3));
  EXPECT_EQ(*reader.member("note")->text(12, true), "first\nsecond");
  EXPECT_EQ(reader.members().size(), 9U);
  EXPECT_FALSE(reader.find("halt")) << "null counts as absent";
  EXPECT_TRUE(reader.member("halt")->is_null());
  EXPECT_FALSE(reader.find("nothing"));
  EXPECT_TRUE(reader.find("people"));
  EXPECT_TRUE(reader.only({"kind", "route", "people", "halt", "column/length", "armed", "leaves", "salt", "note"}));
}

template <class T>
void expect_refused(const Result<T>& result, Rule rule, const std::string& where, const std::string& accepted) {
  ASSERT_FALSE(result) << where;
  EXPECT_EQ(base::code_of(result.error().rule), base::code_of(rule)) << where;
  EXPECT_EQ(result.error().where, where);
  EXPECT_THAT(result.error().accepted, testing::HasSubstr(accepted)) << where;
}

TEST(JsonReader, RefusesWithThePointerOfThePlace) {
  const auto tree = parse(kMovement);
  ASSERT_TRUE(tree);
  const Reader reader(*tree);
  const Reader second = reader.member("route")->elements(0, 9)->at(1);
  EXPECT_EQ(second.pointer(), "/route/1");
  EXPECT_EQ(reader.pointer(), "");
  expect_refused(second.member("lat")->fixed(7, 0, 1), Rule::json_kind, "/route/1/lat", "a number");
  expect_refused(second.member("lon"), Rule::json_member_missing, "/route/1/lon", "lon");
  expect_refused(reader.member("people")->member("x"), Rule::json_kind, "/people", "an object");
  expect_refused(reader.member("people")->integer(0, 11), Rule::json_range, "/people", "0 to 11");
  expect_refused(reader.member("people")->number(13, std::numeric_limits<double>::infinity()), Rule::json_range, "/people",
                 "13.0 to any");
  expect_refused(reader.member("people")->fixed(2, std::numeric_limits<std::int64_t>::min(), 1199), Rule::json_range, "/people",
                 "11.99");
  expect_refused(reader.member("column/length")->integer(0, 1000), Rule::json_kind, "/column~1length", "a whole number");
  expect_refused(reader.member("kind")->text(7), Rule::json_length, "/kind", "7 bytes");
  expect_refused(reader.member("note")->text(100), Rule::text_malformed, "/note", "");
  expect_refused(reader.member("kind")->instant(), Rule::time_malformed, "/kind", "");
  expect_refused(reader.member("note")->base64(100), Rule::base64_malformed, "/note", "");
  expect_refused(reader.member("salt")->base64(2), Rule::json_length, "/salt", "2 bytes");
  expect_refused(reader.member("kind")->one_of({"movements", "activity"}), Rule::json_choice, "/kind",
                 "\"movements\", which is near");
  expect_refused(reader.member("kind")->one_of({"site", "activity"}), Rule::json_choice, "/kind", "site, activity");
  expect_refused(reader.member("armed")->string(9), Rule::json_kind, "/armed", "a text");
  expect_refused(reader.member("kind")->boolean(), Rule::json_kind, "/kind", "true or false");
  expect_refused(reader.member("route")->elements(3, 9), Rule::json_length, "/route", "3 to 9");
  expect_refused(reader.member("route")->elements(0, 1), Rule::json_length, "/route", "0 to 1");
  expect_refused(reader.only({"kind", "routes"}), Rule::json_member_unknown, "/route", "\"routes\", which is near");
  expect_refused(reader.member("kind")->only({"a"}), Rule::json_kind, "/kind", "an object");
}

TEST(JsonWriter, WritesNumbersExactly) {
  const auto fixed = [](std::int64_t value, int decimals) { return Writer().fixed(value, decimals).take(); };
  EXPECT_EQ(fixed(421400000, 7), "42.14");
  EXPECT_EQ(fixed(-1, 7), "-0.0000001");
  EXPECT_EQ(fixed(0, 7), "0");
  EXPECT_EQ(fixed(-1800000000, 7), "-180");
  EXPECT_EQ(fixed(20, 1), "2");
  EXPECT_EQ(fixed(5, 0), "5");
  EXPECT_EQ(fixed(std::numeric_limits<std::int64_t>::min(), 18), "-9.223372036854775808");
  const auto number = [](double value) { return Writer().number(value).take(); };
  EXPECT_EQ(number(0.1), "0.1");
  EXPECT_EQ(number(5), "5.0");
  EXPECT_EQ(number(-0.0), "-0.0");
  EXPECT_EQ(number(9007199254740994.0), "9007199254740994.0");
  EXPECT_EQ(number(1e300), "1e+300");
}

TEST(JsonWriter, LaysOutAndEscapes) {
  Writer writer(Writer::Style::indented);
  writer.begin_object().key("a").begin_array().integer(1).begin_object().end_object().begin_array().end_array().end_array();
  writer.key("b").string("\"\\\n\t\r\x01\x7F é").key("c").null().key("d").raw("[1]").end_object();
  const std::string text = writer.take();
  EXPECT_EQ(text,
            "{\n  \"a\": [\n    1,\n    {},\n    []\n  ],\n  \"b\": \"\\\"\\\\\\n\\t\\r\\u0001\x7F é\",\n  \"c\": null,\n  "
            "\"d\": [1]\n}");
  EXPECT_TRUE(parse(text));
  EXPECT_EQ(Writer()
                .string("a\xFF"
                        "b")
                .take(),
            "\"a\xEF\xBF\xBD"
            "b\"");
  EXPECT_EQ(writer.boolean(true).take(), "true") << "a writer that was taken from begins anew";
}

TEST(JsonWriterDeathTest, StopsAtACallOutOfOrder) {
  EXPECT_DEATH(Writer().begin_object().integer(1), "keyed_");
  EXPECT_DEATH(Writer().begin_array().end_object(), "object");
  EXPECT_DEATH(Writer().integer(1).integer(2), "empty");
  EXPECT_DEATH(Writer().number(std::nan("")), "isfinite");
}

// Any tree as text, made by the writer, with strings of any bytes that are UTF-8.
void write_any(Writer& writer, int depth) {
  switch (*rc::gen::inRange(0, depth > 0 ? 8 : 6)) {
    case 0: writer.null(); return;
    case 1: writer.boolean(*rc::gen::arbitrary<bool>()); return;
    case 2: writer.integer(*rc::gen::inRange<std::int64_t>(-kMostInteger, kMostInteger + 1)); return;
    case 3: {
      const auto value = std::bit_cast<double>(*rc::gen::arbitrary<std::uint64_t>());
      writer.number(std::isfinite(value) ? value : 0.5);
      return;
    }
    case 4: writer.string(*rc::gen::arbitrary<std::string>()); return;
    case 5: writer.fixed(*rc::gen::inRange<std::int64_t>(-1800000000, 1800000001), 7); return;
    case 6: {
      writer.begin_array();
      for (int n = *rc::gen::inRange(0, 4); n > 0; --n) write_any(writer, depth - 1);
      writer.end_array();
      return;
    }
    default: {
      writer.begin_object();
      for (int n = *rc::gen::inRange(0, 4); n > 0; --n) {
        writer.key(std::to_string(n) + *rc::gen::arbitrary<std::string>());
        write_any(writer, depth - 1);
      }
      writer.end_object();
    }
  }
}

RC_GTEST_PROP(JsonLaws, WhatIsWrittenReadsBackTheSame, ()) {
  Writer writer(*rc::gen::element(Writer::Style::compact, Writer::Style::indented));
  write_any(writer, 5);
  const auto tree = parse(writer.take());
  RC_ASSERT(tree.has_value());
  const auto again = parse(to_json(*tree));
  RC_ASSERT(again.has_value());
  RC_ASSERT((*again == *tree));
}

RC_GTEST_PROP(JsonLaws, FixedPointReadsBackExactly, ()) {
  const auto value = *rc::gen::inRange<std::int64_t>(-(std::int64_t{1} << 51) + 1, std::int64_t{1} << 51);
  const int decimals = *rc::gen::inRange(0, 16);
  const auto tree = parse(Writer().fixed(value, decimals).take());
  RC_ASSERT(tree.has_value());
  RC_ASSERT(Reader(*tree).fixed(decimals, -kMostInteger, kMostInteger).value() == value);
}

RC_GTEST_PROP(JsonLaws, TheSecondReaderAgreesOnWhatIsJson, ()) {
  Writer writer;
  write_any(writer, 3);
  std::string text = writer.take();
  // Hurt it in a few places with characters that matter to JSON.
  for (int n = *rc::gen::inRange(0, 3); n > 0; --n) {
    const auto at = *rc::gen::inRange<std::size_t>(0, text.size());
    text[at] = *rc::gen::elementOf(std::string("{}[]:,\"\\ 0159.eE+-tfnu\n\x01\xC3\xA9"));
  }
  const auto tree = parse(text);
  const bool beyond_grammar = !tree && tree.error().where.starts_with("/");
  RC_ASSERT(first_fault(text).has_value() == (!tree && !(beyond_grammar && tree.error().rule == Rule::json_member_twice)));
}

RC_GTEST_PROP(JsonLaws, APointerLeadsBackToItsPlace, ()) {
  Writer writer;
  writer.begin_object();
  const auto name = *rc::gen::arbitrary<std::string>();
  writer.key(name).begin_array().null().begin_object().key("~/" + name).integer(7).end_object().end_array().end_object();
  const auto tree = parse(writer.take());
  RC_ASSERT(tree.has_value());
  const Reader inner = Reader(*tree).members().at(0).second.elements(2, 2)->at(1).members().at(0).second;
  const std::string shown = tree->object()[0].first;
  RC_ASSERT(inner.pointer() == "/" + pointer_token(shown) + "/1/~0~1" + pointer_token(shown));
}

}  // namespace
}  // namespace wideberth::json
