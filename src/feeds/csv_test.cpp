#include "feeds/csv.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "feeds/number.h"

namespace wideberth::feeds {
namespace {

using testing::SizeIs;

constexpr std::string_view kHead = "unit,party,time,lat,lon\n";

Readings read_one(std::string_view row) {
  auto readings = read_csv(std::string(kHead) + std::string(row));
  EXPECT_TRUE(readings);
  return *readings;
}

TEST(Csv, ReadsARowWithEveryColumn) {
  const auto readings = read_csv(
      "\xEF\xBB\xBFtime,party,unit,lon,lat,accuracy_m,speed_mps,course_deg,altitude_m,length_m,width_m,source\r\n"
      "2020-08-25T06:58:12.417Z,blue,\"Oshkosh, \"\"lead\"\"\",42.1408123,36.9876543,12.5,13.9,360,-1.5,6.2,2.5,gnss\r\n"
      "\r\n"
      "2020-08-25T08:58:13+02:00,red,T-1,-180,90,,,,,,,\r\n");
  ASSERT_TRUE(readings) << base::to_text(readings.error());
  ASSERT_THAT(readings->fixes, SizeIs(2));
  EXPECT_EQ(readings->refused_count, 0u);
  const Reading& first = readings->fixes[0];
  EXPECT_EQ(first.position.unit, "Oshkosh, \"lead\"");
  EXPECT_EQ(first.party, "blue");
  EXPECT_EQ(base::to_text(first.position.time), "2020-08-25T06:58:12.417Z");
  EXPECT_EQ(first.position.place, (geo::Place{421'408'123, 369'876'543}));
  EXPECT_EQ(first.position.accuracy, Metres::from_mm(12'500));
  EXPECT_EQ(first.position.speed_mmps, 13'900);
  EXPECT_EQ(first.position.course_cdeg, 0);
  EXPECT_EQ(first.position.altitude, Metres::from_mm(-1'500));
  EXPECT_EQ(first.length, Metres::from_mm(6'200));
  EXPECT_EQ(first.width, Metres::from_mm(2'500));
  EXPECT_EQ(first.position.source, model::PositionSource::gnss);
  const Reading& second = readings->fixes[1];
  EXPECT_EQ(base::to_text(second.position.time), "2020-08-25T06:58:13.000Z");
  EXPECT_EQ(second.position.place, (geo::Place{-1'800'000'000, 900'000'000}));
  EXPECT_FALSE(second.position.accuracy || second.position.speed_mmps || second.position.course_cdeg || second.length);
}

TEST(Csv, ReadsWhatAUnitIs) {
  const auto readings = read_csv(
      "unit,party,time,lat,lon,class,moored,formation\n"
      "H-1,red,2020-08-25T06:58:12Z,36.9,42.1,helicopter,no,\n"
      "R-1,red,2020-08-25T06:58:12Z,36.9,42.1,,yes,column-1\n"
      "R-2,red,2020-08-25T06:58:12Z,36.9,42.1,Big Lorry,,\n"
      "R-3,red,2020-08-25T06:58:12Z,36.9,42.1,,perhaps,\n"
      "R-4,red,2020-08-25T06:58:12Z,36.9,42.1,,,two words\n");
  ASSERT_TRUE(readings) << base::to_text(readings.error());
  ASSERT_THAT(readings->fixes, SizeIs(2));
  EXPECT_EQ(readings->fixes[0].platform_class, "helicopter");
  EXPECT_FALSE(readings->fixes[0].is_fixed);
  EXPECT_EQ(readings->fixes[1].formation, "column-1");
  EXPECT_TRUE(readings->fixes[1].is_fixed);
  ASSERT_THAT(readings->refused, SizeIs(3));
  EXPECT_EQ(readings->refused[0].where, "row 4, column class");
  EXPECT_EQ(readings->refused[1].where, "row 5, column moored");
  EXPECT_EQ(readings->refused[2].where, "row 6, column formation");
}

TEST(Csv, RefusesAFirstRowThatIsNotOne) {
  struct Row {
    std::string_view head, found;
  };
  for (const Row& row :
       {Row{"unit,party,time,lat\n", "no column lon"}, Row{"", "\"\""}, Row{"unit,party,time,lat,lon,speed\n", "\"speed\""},
        Row{"unit,unit,party,time,lat,lon\n", "\"unit\" a second time"}, Row{"unit,\"party\n", "a first row that cannot be read"},
        Row{"unit,time,lat,lon\n", "no column party"}}) {
    const auto readings = read_csv(row.head);
    ASSERT_FALSE(readings) << row.head;
    EXPECT_EQ(readings.error().rule, Rule::csv_header);
    EXPECT_EQ(readings.error().found, row.found);
    EXPECT_FALSE(readings.error().accepted.empty());
  }
  EXPECT_TRUE(read_csv("unit,time,lat,lon\n", {.party_needed = false}));
}

TEST(Csv, RefusesARowAndReadsTheNext) {
  struct Row {
    std::string_view row;
    Rule rule;
    std::string_view where;
  };
  for (const Row& row : {Row{"u,red,2020-08-25T06:58:12Z,36.9", Rule::csv_row, "row 2"},
                         Row{"u,red,2020-08-25T06:58:12Z,36.9,42.1,", Rule::csv_row, "row 2"},
                         Row{"u\"x,red,2020-08-25T06:58:12Z,36.9,42.1", Rule::csv_row, "row 2"},
                         Row{"\"u\"x,red,2020-08-25T06:58:12Z,36.9,42.1", Rule::csv_row, "row 2"},
                         Row{"\"u,red,2020-08-25T06:58:12Z,36.9,42.1", Rule::csv_row, "row 2"},
                         Row{",red,2020-08-25T06:58:12Z,36.9,42.1", Rule::position_unit, "row 2"},
                         Row{"u,,2020-08-25T06:58:12Z,36.9,42.1", Rule::name_malformed, "row 2, column party"},
                         Row{"u,Red Force,2020-08-25T06:58:12Z,36.9,42.1", Rule::name_malformed, "row 2, column party"},
                         Row{"u,red,2020-08-25 06:58:12,36.9,42.1", Rule::time_malformed, "row 2, column time"},
                         Row{"u,red,2020-02-30T06:58:12Z,36.9,42.1", Rule::time_malformed, "row 2, column time"},
                         Row{"u,red,1969-08-25T06:58:12Z,36.9,42.1", Rule::position_time, "row 2"},
                         Row{"u,red,2020-08-25T06:58:12Z,nan,42.1", Rule::number_malformed, "row 2, column lat"},
                         Row{"u,red,2020-08-25T06:58:12Z,91,42.1", Rule::place_out_of_range, "row 2, column lat"},
                         Row{"u,red,2020-08-25T06:58:12Z,36.9,180.0000001", Rule::place_out_of_range, "row 2, column lon"},
                         Row{"u,red,2020-08-25T06:58:12Z,36.9,inf", Rule::number_malformed, "row 2, column lon"}}) {
    const Readings readings = read_one(std::string(row.row) + "\nv,red,2020-08-25T06:58:12Z,36.9,42.1\n");
    ASSERT_THAT(readings.refused, SizeIs(1)) << row.row;
    EXPECT_EQ(readings.refused[0].rule, row.rule) << row.row << ": " << base::to_text(readings.refused[0]);
    EXPECT_EQ(readings.refused[0].where, row.where) << row.row;
    ASSERT_THAT(readings.fixes, SizeIs(1)) << row.row;
    EXPECT_EQ(readings.fixes[0].position.unit, "v");
  }
}

TEST(Csv, RefusesWhatIsOutOfRangeInAnOptionalColumn) {
  struct Row {
    std::string_view column, value;
    Rule rule;
  };
  for (const Row& row : {Row{"accuracy_m", "-1", Rule::number_malformed}, Row{"speed_mps", "-0.1", Rule::number_malformed},
                         Row{"speed_mps", "1e9", Rule::number_malformed}, Row{"course_deg", "360.01", Rule::number_malformed},
                         Row{"altitude_m", "NaN", Rule::number_malformed}, Row{"length_m", "x", Rule::number_malformed},
                         Row{"width_m", "1000000", Rule::number_malformed}, Row{"source", "guess", Rule::json_choice}}) {
    const auto readings = read_csv("unit,party,time,lat,lon," + std::string(row.column) +
                                   "\nu,red,2020-08-25T06:58:12Z,36.9,42.1," + std::string(row.value));
    ASSERT_TRUE(readings);
    ASSERT_THAT(readings->refused, SizeIs(1)) << row.column;
    EXPECT_EQ(readings->refused[0].rule, row.rule) << row.column;
    EXPECT_EQ(readings->refused[0].where, "row 2, column " + std::string(row.column));
  }
}

TEST(Csv, RefusesALongRow) {
  const Readings readings = read_one(std::string(kMostCsvRow + 1, 'x'));
  ASSERT_THAT(readings.refused, SizeIs(1));
  EXPECT_EQ(readings.refused[0].rule, Rule::csv_row);
}

TEST(Csv, CountsEveryRefusalAndKeepsTheFirst) {
  std::string rows;
  for (std::size_t i = 0; i < Readings::kMostKept + 5; ++i) rows += "x\n";
  const Readings readings = read_one(rows);
  EXPECT_EQ(readings.refused_count, Readings::kMostKept + 5);
  EXPECT_THAT(readings.refused, SizeIs(Readings::kMostKept));
}

TEST(FeedNumber, ReadsDecimalsToTheNearest) {
  EXPECT_EQ(read_fixed("42.14", 7), 421'400'000);
  EXPECT_EQ(read_fixed("-0.00000005", 7), -1);
  EXPECT_EQ(read_fixed("0.000000049999999999999999999", 7), 0);
  EXPECT_EQ(read_fixed("38.83737606453269", 7), 388'373'761);
  EXPECT_EQ(read_fixed("5.0E-4", 7), 5'000);
  EXPECT_EQ(read_fixed("+1e2", 2), 10'000);
  EXPECT_EQ(read_fixed(".5", 1), 5);
  EXPECT_EQ(read_fixed("5.", 1), 50);
  EXPECT_EQ(read_fixed("9999999.0", 3), 9'999'999'000);
  EXPECT_EQ(read_fixed("0e999", 3), 0);
  EXPECT_EQ(read_fixed("1e-999", 3), 0);
  for (const char* text : {"", "-", ".", "1e", "1e+", "1e1000", "NaN", "INF", "-Infinity", "0x10", "1 ", " 1", "1,5", "1.2.3",
                           "--1", "1e99", "123456789012345678901"}) {
    EXPECT_EQ(read_fixed(text, 7), std::nullopt) << text;
  }
}

TEST(FeedNumber, ReadsTimesAsDevicesWriteThem) {
  const auto text_of = [](std::string_view text) {
    const auto at = read_time(text);
    return at ? base::to_text(*at) : std::string("none");
  };
  EXPECT_EQ(text_of("2015-10-15T20:23:51.1Z"), "2015-10-15T20:23:51.100Z");
  EXPECT_EQ(text_of("2020-12-16T19:59:34.915999Z"), "2020-12-16T19:59:34.915Z");
  EXPECT_EQ(text_of("2016-12-31T23:59:60Z"), "2016-12-31T23:59:59.000Z");
  EXPECT_EQ(text_of("2020-01-01T00:30:00+01:00"), "2019-12-31T23:30:00.000Z");
  for (const char* text : {"", "2020-12-16T19:59:34", "2020-12-16 19:59:34Z", "2020-13-16T19:59:34Z", "2021-02-29T19:59:34Z",
                           "2020-12-16T24:00:00Z", "2020-12-16T19:59:34.Z", "2020-12-16T19:59:34.0123456789Z",
                           "2020-12-16T19:59:34+15:00", "0000-01-01T00:00:00+01:00", "2020-12-16T19:59:34ZZ"}) {
    EXPECT_EQ(text_of(text), "none") << text;
  }
}

RC_GTEST_PROP(FeedNumberLaws, FixedReadsWhatIsWritten, ()) {
  const auto value = *rc::gen::inRange<std::int64_t>(-1'800'000'000, 1'800'000'001);
  std::string digits = std::to_string(value < 0 ? -value : value);
  digits.insert(0, digits.size() < 8 ? 8 - digits.size() : 0, '0');
  digits.insert(digits.size() - 7, ".");
  RC_ASSERT(read_fixed((value < 0 ? "-" : "") + digits, 7) == value);
}

RC_GTEST_PROP(FeedNumberLaws, TimesReadAsBaseReadsThem, ()) {
  const auto at = Instant::from_ms(*rc::gen::inRange<std::int64_t>(-62'167'219'200'000, 253'402'300'800'000));
  RC_ASSERT(read_time(base::to_text(at)) == at);
}

RC_GTEST_PROP(FeedNumberLaws, TheNearestDayIsNear, ()) {
  const auto about = Instant::from_ms(*rc::gen::inRange<std::int64_t>(-4'000'000'000'000, 4'000'000'000'000));
  const auto of_day = *rc::gen::inRange<std::int64_t>(0, 86'400'000);
  const auto at = nearest_day(of_day, about);
  RC_ASSERT((at.ms() - of_day) % 86'400'000 == 0);
  RC_ASSERT(at - about <= Millis::from_ms(43'200'000) && about - at <= Millis::from_ms(43'200'000));
}

}  // namespace
}  // namespace wideberth::feeds
