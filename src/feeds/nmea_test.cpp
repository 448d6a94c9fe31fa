#include "feeds/nmea.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <array>

namespace wideberth::feeds {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

// A sentence with its checksum: "$" or "!" and the rest without "*hh".
std::string summed(std::string_view sentence) {
  unsigned sum = 0;
  for (const char c : sentence.substr(1)) sum ^= static_cast<unsigned char>(c);
  constexpr std::string_view kHex = "0123456789ABCDEF";
  return std::string(sentence) + "*" + kHex[sum / 16] + kHex[sum % 16];
}

Instant at(std::string_view text) { return *Instant::parse(text); }

Readings read_lines(std::initializer_list<std::string> lines, NmeaOptions options = {}) {
  NmeaReader reader(std::move(options));
  Readings readings;
  for (const std::string& line : lines) reader.line(line, readings);
  reader.finish(readings);
  return readings;
}
Readings read_about_noon(std::initializer_list<std::string> lines) {
  return read_lines(lines, {.about = at("2020-08-25T12:00:00Z")});
}

// The reports are examples in wide use (gpsd's description of AIVDM and the test data of decoders); what they say is stated
// there.
Readings heard(std::initializer_list<std::string> lines) {
  NmeaReader reader;
  reader.heard_at(at("2020-08-25T06:58:30Z"));
  Readings readings;
  for (const std::string& line : lines) reader.line(line, readings);
  reader.finish(readings);
  EXPECT_THAT(readings.refused, IsEmpty()) << (readings.refused.empty() ? "" : base::to_text(readings.refused[0]));
  return readings;
}

TEST(Ais, ReadsAReportOfClassA) {
  const auto readings = heard({"!AIVDM,1,1,,B,177KQJ5000G?tO`K>RA1wUbN0TKH,0*5C"});
  ASSERT_THAT(readings.fixes, SizeIs(1));
  const Reading& reading = readings.fixes[0];
  EXPECT_EQ(reading.position.unit, "477553000");
  EXPECT_EQ(reading.position.place, (geo::Place{-1'223'458'333, 475'828'333}));
  EXPECT_EQ(reading.position.speed_mmps, 0);
  EXPECT_EQ(reading.position.course_cdeg, 5'100);
  EXPECT_EQ(reading.position.source, model::PositionSource::ais);
  EXPECT_EQ(base::to_text(reading.position.time), "2020-08-25T06:58:15.000Z");  // second 15
  EXPECT_FALSE(reading.position.accuracy);
  EXPECT_TRUE(reading.is_fixed);  // moored
}

TEST(Ais, ReadsReportsOfClassB) {
  const auto readings = heard({"!AIVDM,1,1,,A,B52K>;h00Fc>jpUlNV@ikwpUoP06,0*4C",
                               "!AIVDM,1,1,,B,C5N3SRgPEnJGEBT>NhWAwwo862PaLELTBJ:V00000000S0D:R220,0*0B"});
  ASSERT_THAT(readings.fixes, SizeIs(2));
  EXPECT_EQ(readings.fixes[0].position.unit, "338087471");
  EXPECT_EQ(readings.fixes[0].position.place, (geo::Place{-740'721'317, 406'845'400}));
  EXPECT_EQ(readings.fixes[0].position.speed_mmps, 51);  // 0.1 knot
  EXPECT_EQ(readings.fixes[0].position.course_cdeg, 7'960);
  EXPECT_EQ(readings.fixes[1].position.unit, "367059850");
  EXPECT_EQ(readings.fixes[1].position.place, (geo::Place{-888'103'917, 295'436'950}));
  EXPECT_EQ(readings.fixes[1].position.speed_mmps, 4'476);
  EXPECT_EQ(readings.fixes[1].position.course_cdeg, 33'590);
  ASSERT_THAT(readings.particulars, SizeIs(1));
  EXPECT_EQ(readings.particulars[0], (Particulars{"367059850", "CAPT.J.RIMES", Metres::from_metres(26), Metres::from_metres(8)}));
}

TEST(Ais, ReadsParticularsInParts) {
  const auto readings = heard({"!AIVDM,2,1,1,A,55?MbV02;H;s<HtKR20EHE:0@T4@Dn2222222216L961O5Gf0NSQEp6ClRp8,0*1C",
                               "!AIVDM,2,2,1,A,88888888880,2*25", "!AIVDM,1,1,,A,H42O55i18tMET00000000000000,2*6D",
                               summed("!AIVDM,1,1,,A,H42O55lt0000000D3nink000?0500,0")});
  ASSERT_THAT(readings.particulars, SizeIs(3));
  EXPECT_EQ(readings.particulars[0],
            (Particulars{"351759000", "EVER DIADEM", Metres::from_metres(295), Metres::from_metres(32)}));
  EXPECT_EQ(readings.particulars[1], (Particulars{"271041815", "PROGUY", {}, {}}));
  EXPECT_EQ(readings.particulars[2], (Particulars{"271041815", "", Metres::from_metres(15), Metres::from_metres(5)}));
}

TEST(Ais, ReadsALongRangeReport) {
  const auto readings = heard({"!AIVDM,1,1,,B,KC5E2b@U19PFdLbMuc5=ROv62<7m,0*16"});
  ASSERT_THAT(readings.fixes, SizeIs(1));
  const model::Position& position = readings.fixes[0].position;
  EXPECT_EQ(position.unit, "206914217");
  EXPECT_EQ(position.place, (geo::Place{1'370'233'333, 48'400'000}));
  EXPECT_EQ(position.speed_mmps, 29'323);  // 57 knots
  EXPECT_EQ(position.course_cdeg, 16'700);
}

// A payload of fields: value and width each.
std::string payload(std::initializer_list<std::pair<std::int64_t, int>> fields) {
  std::string bits;
  for (const auto& [value, width] : fields) {
    for (int i = width - 1; i >= 0; --i) bits += (value >> i) & 1 ? '1' : '0';
  }
  bits.resize((bits.size() + 5) / 6 * 6, '0');
  std::string text;
  for (std::size_t i = 0; i < bits.size(); i += 6) {
    int six = 0;
    for (std::size_t k = i; k < i + 6; ++k) six = six * 2 + (bits[k] == '1' ? 1 : 0);
    text += static_cast<char>(six < 40 ? six + 48 : six + 56);
  }
  return text;
}
std::string report(std::int64_t lon, std::int64_t lat, int speed = 100, int course = 900, int second = 30,
                   std::int64_t mmsi = 219'000'001) {
  return summed("!AIVDM,1,1,,A," +
                payload({{1, 6},
                         {0, 2},
                         {mmsi, 30},
                         {0, 4},
                         {0, 8},
                         {speed, 10},
                         {1, 1},
                         {lon, 28},
                         {lat, 27},
                         {course, 12},
                         {90, 9},
                         {second, 6},
                         {0, 25}}) +
                ",0");
}

TEST(Ais, LeavesOutWhatAReportDoesNotKnow) {
  auto readings = heard({report(181 * 600'000, 10), report(10, 91 * 600'000)});
  EXPECT_EQ(readings.without_place, 2u);
  EXPECT_THAT(readings.fixes, IsEmpty());
  readings = heard({report(0, 0, 1023, 3600, 60), report(180 * 600'000, -90 * 600'000, 1022, 3599)});
  ASSERT_THAT(readings.fixes, SizeIs(2));
  EXPECT_FALSE(readings.fixes[0].position.speed_mmps || readings.fixes[0].position.course_cdeg);
  EXPECT_EQ(readings.fixes[0].position.accuracy, Metres::from_metres(10));
  EXPECT_EQ(base::to_text(readings.fixes[0].position.time), "2020-08-25T06:58:30.000Z");
  EXPECT_EQ(readings.fixes[1].position.place, (geo::Place{1'800'000'000, -900'000'000}));
  EXPECT_EQ(readings.fixes[1].position.course_cdeg, 35'990);
}

TEST(Ais, PutsASecondIntoItsMinute) {
  const auto time_of = [](int second, std::string_view heard_at) {
    NmeaReader reader;
    reader.heard_at(at(heard_at));
    Readings readings;
    reader.line(report(0, 0, 0, 0, second), readings);
    return base::to_text(readings.fixes.at(0).position.time);
  };
  EXPECT_EQ(time_of(59, "2020-08-25T07:00:01Z"), "2020-08-25T06:59:59.000Z");
  EXPECT_EQ(time_of(1, "2020-08-25T06:59:59.500Z"), "2020-08-25T07:00:01.000Z");
  EXPECT_EQ(time_of(31, "2020-08-25T07:00:30Z"), "2020-08-25T07:00:31.000Z");
  EXPECT_EQ(time_of(40, "2020-08-25T07:00:30Z"), "2020-08-25T07:00:30.000Z");  // fifty seconds back: not believed
}

TEST(Ais, RefusesWhatIsNoReport) {
  struct Row {
    std::string line;
    Rule rule;
  };
  for (const Row& row :
       {Row{summed("!AIVDM,1,1,,A,,0"), Rule::ais_payload}, Row{summed("!AIVDM,1,1,,A,1X~,0"), Rule::ais_payload},
        Row{summed("!AIVDM,1,1,,A," + std::string(179, '0') + ",0"), Rule::ais_payload},
        Row{summed("!AIVDM,1,1,,A,177KQJ5000,0"), Rule::ais_payload}, Row{summed("!AIVDM,1,1,,A,177K,0"), Rule::ais_payload},
        Row{summed("!AIVDM,1,1,,A,K77KQJ5,0"), Rule::ais_payload},
        Row{summed("!AIVDM,1,1,,A,577KQJ5000G?tO,0"), Rule::ais_payload},
        Row{report(0, 0, 0, 0, 0, 1'000'000'000), Rule::ais_payload}, Row{report(181 * 600'000 + 1, 0), Rule::place_out_of_range},
        Row{report(0, -90 * 600'000 - 1), Rule::place_out_of_range},
        Row{summed("!AIVDM,0,1,,A,177KQJ5000G?tO`K>RA1wUbN0TKH,0"), Rule::nmea_sentence},
        Row{summed("!AIVDM,2,3,1,A,177KQJ5,0"), Rule::nmea_sentence},
        Row{summed("!AIVDM,1,1,,A,177KQJ5000G?tO`K>RA1wUbN0TKH,6"), Rule::nmea_sentence},
        Row{summed("!AIVDM,1,1,,A"), Rule::nmea_sentence}, Row{summed("!AIVDM,2,1,,A,177KQJ5,0"), Rule::ais_payload},
        Row{summed("!AIVDM,2,2,4,A,177KQJ5,0"), Rule::ais_payload}, Row{summed("!AIVDM,2,1,4,A,177KQJ5,0"), Rule::ais_payload}}) {
    const auto readings = read_about_noon({row.line});
    ASSERT_THAT(readings.refused, SizeIs(1)) << row.line;
    EXPECT_EQ(readings.refused[0].rule, row.rule) << row.line << ": " << base::to_text(readings.refused[0]);
    EXPECT_THAT(readings.fixes, IsEmpty());
  }
  // A rough idea of the day is no time of a report.
  EXPECT_EQ(read_about_noon({report(0, 0)}).refused.at(0).rule, Rule::nmea_time_unknown);
}

TEST(Ais, WaitsForPartsInOrderAndForgetsThem) {
  const std::string one = "!AIVDM,2,1,1,A,55?MbV02;H;s<HtKR20EHE:0@T4@Dn2222222216L961O5Gf0NSQEp6ClRp8,0*1C",
                    two = "!AIVDM,2,2,1,A,88888888880,2*25";
  EXPECT_THAT(heard({one, report(0, 0), two}).particulars, SizeIs(1));
  EXPECT_EQ(read_lines({two, one}).refused_count, 2u);
  EXPECT_EQ(read_lines({one, one, two}).refused_count, 1u);
  EXPECT_THAT(read_lines({one, one, two}).particulars, SizeIs(1));
  NmeaReader reader;
  Readings readings;
  reader.line(one, readings);
  for (int i = 0; i < 1001; ++i) reader.line("", readings);
  reader.line(two, readings);
  EXPECT_THAT(readings.particulars, IsEmpty());
  for (int id = 0; id < 10; ++id) {
    for (const char* channel : {"A", "B"})
      reader.line(summed("!AIVDM,2,1," + std::to_string(id) + "," + channel + ",55,0"), readings);
  }
  EXPECT_EQ(readings.refused_count, 6u);  // the aged one, the orphan, and four beyond sixteen
  reader.finish(readings);
  EXPECT_EQ(readings.refused_count, 22u);
}

TEST(Nmea, TakesTimesFromBesideTheSentence) {
  // Lines of the Danish Maritime Authority's own format.
  const auto readings = read_lines({"\\si:AISD*3F\\", "$PGHP,1,2013,11,12,12,0,0,11,219,,2190067,1,62*26",
                                    "!BSVDM,1,1,,A,13@:`L001N0ded0O6Fp8wW<00<0t,0*62",
                                    "\\" + summed(" s:r1,c:1384257601").substr(1) + "\\" + report(0, 0, 0, 0, 60),
                                    "\\" + summed(" c:1384257602500").substr(1) + "\\", report(0, 0, 0, 0, 60)});
  ASSERT_THAT(readings.refused, IsEmpty());
  ASSERT_THAT(readings.fixes, SizeIs(3));
  EXPECT_EQ(readings.fixes[0].position.unit, "218278000");
  EXPECT_EQ(base::to_text(readings.fixes[0].position.time), "2013-11-12T12:00:00.000Z");
  EXPECT_EQ(base::to_text(readings.fixes[1].position.time), "2013-11-12T12:00:01.000Z");
  EXPECT_EQ(base::to_text(readings.fixes[2].position.time), "2013-11-12T12:00:02.500Z");
}

TEST(Nmea, ReadsOnesOwnPosition) {
  const auto readings =
      read_lines({summed("$GPRMC,123519.50,A,4807.038,N,01131.000,W,022.4,084.4,230394,003.1,W")}, {.own_unit = "Nora"});
  ASSERT_THAT(readings.fixes, SizeIs(1)) << readings.refused_count;
  const model::Position& position = readings.fixes[0].position;
  EXPECT_EQ(position.unit, "Nora");
  EXPECT_EQ(base::to_text(position.time), "1994-03-23T12:35:19.500Z");
  EXPECT_EQ(position.place, (geo::Place{-115'166'667, 481'173'000}));
  EXPECT_EQ(position.speed_mmps, 11'524);
  EXPECT_EQ(position.course_cdeg, 8'440);
  EXPECT_EQ(position.source, model::PositionSource::gnss);
}

TEST(Nmea, OneFixATime) {
  const auto readings = read_about_noon(
      {summed("$GPGGA,120001,4807.0,N,01131.0,E,1,8,0.9,545.4,M,46.9,M,,"), summed("$GPGLL,4807.0,N,01131.0,E,120001,A,A"),
       summed("$GPRMC,120001,A,4807.0,N,01131.0,E,10,90,250820,,,A"),
       summed("$GPGGA,120002,4807.0,N,01131.0,E,1,8,0.9,545.4,M,46.9,M,,"), summed("$GPVTG,91.5,T,,M,11,N,20,K,A"),
       summed("$GPRMC,120002,A,4807.0,N,01131.0,E,10,90,250820,,,A")});
  EXPECT_THAT(readings.refused, IsEmpty());
  ASSERT_THAT(readings.fixes, SizeIs(2));
  EXPECT_EQ(readings.fixes[0].position.altitude, Metres::from_mm(592'300));
  EXPECT_EQ(base::to_text(readings.fixes[1].position.time), "2020-08-25T12:00:02.000Z");
  EXPECT_EQ(readings.fixes[1].position.altitude, Metres::from_mm(592'300));
  EXPECT_EQ(readings.of_other_kinds, 3u);
}

TEST(Nmea, PlacesATimeOfDayOnItsDay) {
  const std::string before = summed("$GPGLL,4807.0,N,01131.0,E,235959,A"), after = summed("$GPGLL,4807.0,N,01131.0,E,000001,A");
  auto readings = read_lines({before, after}, {.about = at("2020-08-25T22:00:00Z")});
  ASSERT_THAT(readings.fixes, SizeIs(2));
  EXPECT_EQ(base::to_text(readings.fixes[1].position.time), "2020-08-26T00:00:01.000Z");
  EXPECT_EQ(read_lines({before}).refused.at(0).rule, Rule::nmea_time_unknown);
  readings = read_lines({summed("$GPZDA,235958,31,12,2019,00,00"), after});
  ASSERT_THAT(readings.fixes, SizeIs(1));
  EXPECT_EQ(base::to_text(readings.fixes[0].position.time), "2020-01-01T00:00:01.000Z");
  EXPECT_EQ(read_lines({summed("$GPZDA,095559,,,,00,"), after}).refused.at(0).rule, Rule::nmea_time_unknown);
}

TEST(Nmea, SettlesYearsOfTwoDigitsAndRolledWeeks) {
  const auto time_of = [](std::string_view date, std::optional<Instant> about) {
    const auto readings =
        read_lines({summed("$GPRMC,120000,A,4807.0,N,01131.0,E,,," + std::string(date) + ",,,A")}, {.about = about});
    return readings.fixes.empty() ? "none" : base::to_text(readings.fixes[0].position.time).substr(0, 10);
  };
  EXPECT_EQ(time_of("250820", {}), "2020-08-25");
  EXPECT_EQ(time_of("311299", {}), "1999-12-31");
  EXPECT_EQ(time_of("010199", at("2098-12-31T00:00:00Z")), "2099-01-01");
  EXPECT_EQ(time_of("090101", at("2020-08-25T12:00:00Z")), "2020-08-25");
  EXPECT_EQ(time_of("090101", at("2040-04-11T00:00:00Z")), "2040-04-10");
  EXPECT_EQ(time_of("090101", at("2020-09-25T12:00:00Z")), "2001-01-09");  // off by no whole roll: it stands
  EXPECT_EQ(time_of("310220", {}), "none");
}

TEST(Nmea, LeavesOutFixesThatAreNone) {
  const auto readings = read_about_noon({summed("$GPRMC,120001,V,4807.0,N,01131.0,E,10,90,250820,,,N"),
                                         summed("$GPRMC,120001,A,4807.0,N,01131.0,E,10,90,250820,,,S"),
                                         summed("$GPGGA,120001,4807.0,N,01131.0,E,0,,,,M,,M,,"),
                                         summed("$GPGGA,120001,4807.0,N,01131.0,E,8,,,,M,,M,,"), summed("$GPGLL,,,,,120001,V,N"),
                                         summed("$GNGNS,120001,,,,,NN,,,,,,")});
  EXPECT_EQ(readings.without_place, 6u);
  EXPECT_THAT(readings.fixes, IsEmpty());
  EXPECT_THAT(readings.refused, IsEmpty());
}

TEST(Nmea, RefusesSentencesThatAreNone) {
  for (const std::string& line :
       {std::string("GPRMC"), std::string("$GPRMC,1*00"), std::string("$"), std::string("\\s:a*00\\"), std::string("\\s:a"),
        std::string("\\c:x*00\\"), std::string(2000, '$'), std::string("\xFF\xFE"), summed("$GPGLL,4860.0,N,01131.0,E,120001,A"),
        summed("$GPGLL,9000.001,N,01131.0,E,120001,A"), summed("$GPGLL,4807.0,X,01131.0,E,120001,A"),
        summed("$GPGLL,4807.0,N,18000.001,E,120001,A"), summed("$GPGLL,nan,N,01131.0,E,120001,A"),
        summed("$GPGLL,4807.0,N,01131.0,E,250001,A"), summed("$GPRMC,120001,A,4807.0,N,01131.0,E,10,90,2508,,,A"),
        summed("$GPGGA,120001,4807.0,N,01131.0,E,x,8,0.9,,M,,M,,"), summed("$GPGLL,-4807.0,N,01131.0,E,120001,A")}) {
    const auto readings = read_about_noon({line});
    ASSERT_THAT(readings.refused, SizeIs(1)) << line;
    EXPECT_EQ(readings.refused[0].rule, Rule::nmea_sentence) << line;
    EXPECT_EQ(readings.refused[0].where, "line 1");
    EXPECT_THAT(readings.fixes, IsEmpty());
  }
  EXPECT_EQ(read_about_noon({summed("$IIHDT,,T"), summed("$PFEC,idfix"), "", summed("$" + std::string(60, ','))}).of_other_kinds,
            3u);
}

RC_GTEST_PROP(AisLaws, BitsAreThoseOfTheCharacters, ()) {
  const auto sixes = *rc::gen::container<std::vector<int>>(*rc::gen::inRange<std::size_t>(1, 178), rc::gen::inRange(0, 64));
  const auto fill = *rc::gen::inRange(0, 6);
  std::string text, bits;
  for (const int six : sixes) {
    text += static_cast<char>(six < 40 ? six + 48 : six + 56);
    for (int i = 5; i >= 0; --i) bits += (six >> i) & 1 ? '1' : '0';
  }
  bits.resize(bits.size() - static_cast<std::size_t>(fill));
  const auto read = AisBits::read(text, static_cast<unsigned>(fill));
  RC_ASSERT(read.has_value());
  RC_ASSERT(read->count() == bits.size());
  const auto width = *rc::gen::inRange<std::size_t>(1, 33);
  const auto first = *rc::gen::inRange<std::size_t>(0, bits.size() + 8);
  std::uint32_t want = 0;
  for (std::size_t i = first; i < first + width; ++i) want = want * 2 + (i < bits.size() && bits[i] == '1' ? 1 : 0);
  RC_ASSERT(read->at(first, width) == want);
}

RC_GTEST_PROP(AisLaws, AReportSaysWhatWasPutIn, ()) {
  const auto lon = *rc::gen::inRange<std::int64_t>(-108'000'000, 108'000'001),
             lat = *rc::gen::inRange<std::int64_t>(-54'000'000, 54'000'001);
  const auto mmsi = *rc::gen::inRange<std::int64_t>(0, 1'000'000'000);
  const auto readings = heard({report(lon, lat, 50, 1800, 30, mmsi)});
  RC_ASSERT(readings.fixes.size() == 1);
  const model::Position& position = readings.fixes[0].position;
  RC_ASSERT(std::llabs(std::int64_t{position.place.lon_e7} * 3 - lon * 50) <= 1);
  RC_ASSERT(std::llabs(std::int64_t{position.place.lat_e7} * 3 - lat * 50) <= 1);
  RC_ASSERT(std::stoll(position.unit) == mmsi && position.unit.size() == 9);
}

}  // namespace
}  // namespace wideberth::feeds
