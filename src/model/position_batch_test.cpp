#include "model/position_batch.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <tuple>

#include "base/bytes.h"
#include "ledger/testing.h"
#include "model/testing.h"

namespace wideberth::model {
namespace {

const std::string kBatchSalt(32, 's');

/// Invented: two units, five fixes; one at the pole, one on the antimeridian, one told twice.
std::vector<Position> some_batch() {
  std::vector<Position> batch(5);
  for (Position& p : batch) {
    p.unit = "blue-2";
    p.time = *Instant::parse("2020-08-25T06:58:12.417Z");
    p.place = {-1'800'000'000, 900'000'000};
  }
  batch[1] = batch[0];
  batch[2].unit = "blue-1";
  batch[2].time = *Instant::parse("2199-12-31T23:59:59.999Z");
  batch[2].place = {1'800'000'000, -900'000'000};
  batch[2].altitude = kMostAltitude;
  batch[2].source = PositionSource::observed;
  batch[3].unit = "blue-1";
  batch[3].time = kEarliestPosition;
  batch[3].accuracy = kMostAccuracy;
  batch[3].speed_mmps = kMostSpeed_mmps;
  batch[3].course_cdeg = kMostCourse_cdeg;
  batch[3].altitude = kLeastAltitude;
  batch[4].time = batch[4].time - Millis::from_ms(1);
  return batch;
}

std::vector<Position> sorted(const std::vector<Position>& batch) {
  std::vector<std::tuple<std::string, std::int64_t, std::size_t>> order;
  for (std::size_t i = 0; i < batch.size(); ++i) order.emplace_back(batch[i].unit, batch[i].time.ms(), i);
  std::sort(order.begin(), order.end());
  std::vector<Position> out;
  for (const auto& each : order) out.push_back(batch[std::get<2>(each)]);
  return out;
}

rc::Gen<Position> any_position() {
  return rc::gen::exec([] {
    Position p;
    p.unit = *rc::gen::element<std::string>("a", "b", "blue-1", "219000001", "Ż", "of no fixed name");
    p.time = Instant::from_ms(*rc::gen::inRange<std::int64_t>(0, *rc::gen::element<std::int64_t>(5, kLatestPosition.ms() + 1)));
    p.place = {*rc::gen::inRange(-1'800'000'000, 1'800'000'001), *rc::gen::inRange(-900'000'000, 900'000'001)};
    if (*rc::gen::arbitrary<bool>()) p.accuracy = Metres::from_mm(*rc::gen::inRange<std::int64_t>(0, kMostAccuracy.mm() + 1));
    if (*rc::gen::arbitrary<bool>()) p.speed_mmps = *rc::gen::inRange(0, kMostSpeed_mmps + 1);
    if (*rc::gen::arbitrary<bool>()) p.course_cdeg = *rc::gen::inRange(0, kMostCourse_cdeg + 1);
    if (*rc::gen::arbitrary<bool>()) p.altitude = Metres::from_mm(*rc::gen::inRange(kLeastAltitude.mm(), kMostAltitude.mm() + 1));
    p.source = static_cast<PositionSource>(*rc::gen::inRange(0, 5));
    return p;
  });
}

TEST(PositionBatch, IsWhatTheDocumentShows) {
  Position p;
  p.unit = "a1";
  p.time = Instant::from_ms(1000);
  p.place = {-1, 64};
  p.speed_mmps = 300;
  p.source = PositionSource::gnss;
  Position q = p;
  q.time = Instant::from_ms(1005);
  q.place = {-2, 64};
  const std::string bytes = *encode_positions({q, p});
  EXPECT_EQ(bytes.size(), 512);
  EXPECT_EQ(base::to_hex(bytes.substr(0, 25)),
            "57425001"
            "01"
            "02"
            "02"
            "6131"
            "02"
            "0e"
            "12d00f01800"
            "1ac02"
            "12050100ac02");
  EXPECT_EQ(bytes.find_first_not_of('\0', 25), std::string::npos);
  EXPECT_EQ(base::to_hex(fix_bytes(p)),
            "00000000000003e8"
            "ffffffff"
            "00000040"
            "12"
            "00000000"
            "0000012c"
            "0000"
            "00000000"
            "6131");
}

TEST(PositionBatch, IsSortedAndKeepsAll) {
  const std::string bytes = *encode_positions(some_batch());
  const auto read = parse_positions(bytes);
  ASSERT_TRUE(read) << base::to_text(read.error());
  EXPECT_EQ(*read, sorted(some_batch()));
  const PositionSummary summary = *summarise_positions(bytes);
  EXPECT_EQ(summary.fixes, 5);
  EXPECT_EQ(summary.from, kEarliestPosition);
  EXPECT_EQ(summary.to, kLatestPosition);
  ASSERT_EQ(summary.units.size(), 2);
  EXPECT_EQ(summary.units[0], (UnitSpan{"blue-1", kEarliestPosition, kLatestPosition, 2}));
  EXPECT_EQ(summary.units[1].fixes, 3);
}

TEST(PositionBatch, AUnitCanBePassedOver) {
  std::vector<Position> batch = some_batch();
  batch.push_back(batch[0]);
  batch.back().unit = "blue-3";
  const std::string bytes = *encode_positions(batch);
  auto reader = *PositionReader::open(bytes);
  Position p;
  std::vector<std::string> firsts;
  while (*reader.next(p)) {
    firsts.push_back(p.unit + " " + to_text(p.time));
    reader.skip_unit();
  }
  EXPECT_EQ(firsts, (std::vector<std::string>{"blue-1 1970-01-01T00:00:00.000Z", "blue-2 2020-08-25T06:58:12.416Z",
                                              "blue-3 2020-08-25T06:58:12.417Z"}));
  EXPECT_EQ(p.place, batch.back().place);
}

TEST(PositionBatch, WhatIsNoBatchIsRefused) {
  EXPECT_EQ(testing::outcome(encode_positions({})), "position_batch at ");
  std::vector<Position> many(kMostFixes, some_batch()[0]);
  EXPECT_TRUE(encode_positions(many));
  many.push_back(many[0]);
  EXPECT_EQ(testing::outcome(encode_positions(many)), "position_batch at ");
  std::vector<Position> wrong = some_batch();
  wrong[3].course_cdeg = 36'000;
  EXPECT_EQ(testing::outcome(encode_positions(wrong)), "position_range at /3/course");
  EXPECT_EQ(testing::outcome(parse_positions("")), "position_batch at byte 0");

  const std::string good = *encode_positions(some_batch());
  EXPECT_EQ(testing::outcome(parse_positions(good + std::string(128, '\0'))).substr(0, 14), "position_batch");
  EXPECT_EQ(testing::outcome(parse_positions(good.substr(0, good.size() - 1))).substr(0, 14), "position_batch");
}

TEST(PositionBatch, HasOneFormOnly) {
  // Every other byte gives another batch or none: nothing is read that would be written otherwise.
  const std::string good = *encode_positions(some_batch());
  for (std::size_t at = 0; at < good.size(); ++at)
    for (int change = 1; change < 256; ++change) {
      std::string other = good;
      other[at] = static_cast<char>(other[at] ^ change);
      const auto read = parse_positions(other);
      if (!read) {
        ASSERT_EQ(read.error().rule, base::Rule::position_batch);
        continue;
      }
      ASSERT_EQ(encode_positions(*read), other) << "byte " << at << " changed by " << change;
    }
}

TEST(PositionBatch, ItsSizesAreQuartersBetweenThePowersOfTwo) {
  const std::pair<std::size_t, std::size_t> rows[] = {{1, 512},   {512, 512},  {513, 640},   {640, 640},
                                                      {641, 768}, {897, 1024}, {1025, 1280}, {2'000'000, 2'097'152}};
  for (const auto& [bytes, padded] : rows) EXPECT_EQ(position_class(bytes), padded) << bytes;
  for (std::size_t bytes = 512; bytes < 100'000; bytes += 37) {
    EXPECT_GE(position_class(bytes), bytes);
    EXPECT_LE(position_class(bytes), bytes + bytes / 4 + 1);
    EXPECT_EQ(position_class(position_class(bytes)), position_class(bytes));
  }
}

ledger::PartLine line_of(const std::string& bytes) {
  return {"full", std::string(kPositionsMediaType), bytes.size(), *positions_commitment(kBatchSalt, bytes)};
}

TEST(PositionBatch, APartIsCheckedByTheRuleOfItsMediaType) {
  const std::string bytes = *encode_positions(some_batch());
  const ledger::PartLine line = line_of(bytes);
  EXPECT_EQ(testing::outcome(check_entry_part(line, kBatchSalt, bytes)), "accepted");
  EXPECT_EQ(testing::outcome(check_entry_part(line, std::string(32, 't'), bytes)), "part_untrue at part full");
  EXPECT_EQ(testing::outcome(check_entry_part(line, "short", bytes)), "part_untrue at part full");
  auto other = some_batch();
  other[0].place.lon_e7 += 1;
  EXPECT_EQ(testing::outcome(check_entry_part(line, kBatchSalt, *encode_positions(other))), "part_untrue at part full");
  ledger::PartLine longer = line;
  longer.size += 128;
  EXPECT_EQ(testing::outcome(check_entry_part(longer, kBatchSalt, bytes)), "part_untrue at part full");
  ledger::PartLine json = line;
  json.media_type = "application/json";
  EXPECT_EQ(testing::outcome(check_entry_part(json, kBatchSalt, bytes)), "part_untrue at part full");
  json.commitment = ledger::commitment_of(kBatchSalt, bytes);
  EXPECT_EQ(testing::outcome(check_entry_part(json, kBatchSalt, bytes)), "accepted");
}

TEST(PositionBatch, OneFixIsProvedAloneAndNoByteOfTheProofCanBeChanged) {
  const std::string bytes = *encode_positions(some_batch());
  const ledger::PartLine line = line_of(bytes);
  const auto batch = sorted(some_batch());
  for (std::uint32_t i = 0; i < batch.size(); ++i) {
    const auto proof = prove_fix(kBatchSalt, bytes, i);
    ASSERT_TRUE(proof);
    const auto fix = check_fix(line, *proof);
    ASSERT_TRUE(fix) << base::to_text(fix.error());
    EXPECT_EQ(*fix, batch[i]);
    const std::string text = ledger::to_text(*proof);
    for (std::size_t at = 0; at < text.size(); ++at)
      for (int change = 1; change < 256; ++change) {
        std::string other = text;
        other[at] = static_cast<char>(other[at] ^ change);
        const auto read = ledger::parse_item_proof(other);
        ASSERT_FALSE(read && check_fix(line, *read)) << "byte " << at << " changed by " << change;
      }
  }
  EXPECT_EQ(testing::outcome(prove_fix(kBatchSalt, bytes, 5)), "position_batch at ");
  ledger::PartLine json = line;
  json.media_type = "application/json";
  EXPECT_EQ(testing::outcome(check_fix(json, *prove_fix(kBatchSalt, bytes, 0))), "part_untrue at part full");
}

TEST(PositionBatch, AFixAloneHasOneFormOnly) {
  for (const Position& p : some_batch()) {
    const std::string good = fix_bytes(p);
    ASSERT_EQ(*parse_fix(good), p);
    for (std::size_t at = 0; at < good.size(); ++at)
      for (int change = 1; change < 256; ++change) {
        std::string other = good;
        other[at] = static_cast<char>(other[at] ^ change);
        if (const auto read = parse_fix(other)) {
          ASSERT_EQ(fix_bytes(*read), other);
        }
      }
  }
  EXPECT_FALSE(parse_fix(std::string(31, '\0')));
}

RC_GTEST_PROP(PositionBatchLaws, WhatIsWrittenReadsBack, ()) {
  const auto batch = *rc::gen::nonEmpty(rc::gen::container<std::vector<Position>>(any_position()));
  const auto bytes = encode_positions(batch);
  RC_ASSERT(bytes.has_value());
  const auto read = parse_positions(*bytes);
  RC_ASSERT(read.has_value());
  RC_ASSERT(*read == sorted(batch));
  RC_ASSERT(*encode_positions(*read) == *bytes);
  for (const Position& p : batch) RC_ASSERT(*parse_fix(fix_bytes(p)) == p);
}

RC_GTEST_PROP(PositionBatchLaws, AnyBytesReadToTheSameOrAreRefused, (std::string tail)) {
  const std::string bytes =
      "WBP\x01\x01\x01\x01"
      "a" +
      tail;
  if (const auto read = parse_positions(bytes)) RC_ASSERT(*encode_positions(*read) == bytes);
}

}  // namespace
}  // namespace wideberth::model
