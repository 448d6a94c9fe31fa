// Five minutes of all Danish ships, a boat's log, a month of GeoLife, and what ATAK exported and sent, read whole. The numbers
// are those of the data's own description or were counted by other programs (grep, wc), as said.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <zlib.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <set>

#include "feeds/feeds.h"
#include "geo/place.h"

namespace wideberth::feeds {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

std::filesystem::path data(const std::string& name) {
  const char* root = std::getenv("WIDEBERTH_DATA");
  return std::filesystem::path(root == nullptr ? "../shared/data" : root) / name;
}

std::string plain(const std::string& name) {
  std::ifstream file(data(name), std::ios::binary);
  EXPECT_TRUE(file) << name;
  return {std::istreambuf_iterator<char>(file), {}};
}

std::string unpacked(const std::string& name) {
  std::string text;
  gzFile file = gzopen(data(name).c_str(), "rb");
  EXPECT_NE(file, nullptr) << name;
  if (file == nullptr) return text;
  std::string chunk(1 << 20, '\0');
  for (int count = gzread(file, chunk.data(), 1 << 20); count > 0; count = gzread(file, chunk.data(), 1 << 20)) {
    text.append(chunk, 0, static_cast<std::size_t>(count));
  }
  gzclose(file);
  return text;
}

TEST(Recorded, EveryShipInDanishWaters) {
  NmeaReader reader;
  Readings readings;
  reader.text(unpacked("ais-denmark-5min.nmea.gz"), readings);
  reader.finish(readings);
  std::set<std::string> ships;
  std::size_t of_ships = 0, late = 0;
  for (const Reading& reading : readings.fixes) {
    if (reading.position.unit == "own") continue;  // two !AIVDO sentences
    ++of_ships;
    ships.insert(reading.position.unit);
    const auto at = base::to_text(reading.position.time);
    late += at < "2013-11-12T11:59:40.000Z" || at > "2013-11-12T12:05:30.000Z" ? 1U : 0U;
  }
  EXPECT_EQ(of_ships, 24'686u);  // the data's own description
  EXPECT_EQ(ships.size(), 1'437u);
  EXPECT_EQ(late, 0u);
  EXPECT_EQ(readings.fixes.size(), 24'688u);
  EXPECT_EQ(readings.refused_count, 0u);
  EXPECT_EQ(readings.particulars.size(), 127u);
}

TEST(Recorded, ABoatsLog) {
  // It never names the day, so one is given beside it.
  NmeaReader reader({.own_unit = "Plaka", .about = *Instant::parse("2014-08-01T12:00:00Z")});
  Readings readings;
  reader.text(unpacked("nmea-plaka.log.gz"), readings);
  reader.finish(readings);
  EXPECT_EQ(readings.refused_count, 0u);
  EXPECT_EQ(readings.fixes.size(), 7'250u);  // as many as there are different times in its GLL sentences
  EXPECT_EQ(base::to_text(readings.fixes[0].position.time), "2014-08-01T09:55:59.000Z");
  EXPECT_EQ(readings.fixes[0].position.place, (geo::Place{235'391'000, 600'845'167}));  // 60 05.071 N, 23 32.346 E
  EXPECT_EQ(readings.fixes[0].position.course_cdeg, 22'444);
  EXPECT_EQ(base::to_text(readings.fixes.back().position.time), "2014-08-01T14:03:24.000Z");
}

TEST(Recorded, TwoPeopleInBeijing) {
  // lat,lng,datetime,uid with times of a plain form, made into the columns of this house.
  const std::string source = unpacked("geolife-sample.csv.gz");
  std::string rows = "lat,lon,time,unit,party\n";
  std::size_t lines = 0;
  for (std::size_t at = source.find('\n') + 1; at < source.size();) {
    const std::size_t end = source.find('\n', at);
    std::string row = source.substr(at, end - at);
    at = end + 1;
    const auto space = row.find(' ');
    ASSERT_NE(space, std::string::npos);
    row[space] = 'T';
    row.insert(row.rfind(','), "Z");
    rows += row + ",blue\n";
    ++lines;
  }
  EXPECT_EQ(lines, 217'653u);
  const auto readings = read_csv(rows);
  ASSERT_TRUE(readings);
  EXPECT_THAT(readings->refused, IsEmpty());
  EXPECT_EQ(readings->fixes.size(), 217'653u);
  std::map<std::string, int> units;
  for (const Reading& reading : readings->fixes) ++units[reading.position.unit];
  EXPECT_THAT(units, SizeIs(2));
  EXPECT_EQ(readings->fixes[0].position.place, (geo::Place{1'163'192'360, 399'840'940}));
}

TEST(Recorded, WhatAtakExported) {
  std::map<std::string, std::string> types;
  Readings readings;
  for (const auto& file : std::filesystem::directory_iterator(data("cot"))) {
    if (file.path().extension() != ".cot") continue;
    const std::string xml = plain("cot/" + file.path().filename().string());
    const auto event = CotReader().read(xml);
    ASSERT_TRUE(event) << file.path() << ": " << base::to_text(event.error());
    types[file.path().stem()] = event->type;
    // Detail survives to the byte.
    EXPECT_NE(xml.find(event->detail), std::string::npos);
    EXPECT_EQ(*CotReader().read(to_xml(*event)), *event);
    const auto packed = TakWriter().write(*event);
    ASSERT_TRUE(packed);
    const auto again = TakReader().read(*packed);
    ASSERT_TRUE(again && again->event) << base::to_text(again.error());
    EXPECT_EQ(again->event->place, event->place);
    EXPECT_EQ(again->event->callsign, event->callsign);
    take_cot(*event, {.every_side = true}, readings);
  }
  const std::map<std::string, std::string> want{{"drawing-shapes-circle", "u-d-c-c"},
                                                {"drawing-shapes-free-form", "u-d-f"},
                                                {"geo-fence", "u-d-c-c"},
                                                {"marker-2525", "a-u-G"},
                                                {"marker-spot", "b-m-p-s-m"},
                                                {"route", "b-m-r"}};
  EXPECT_EQ(types, want);
  ASSERT_THAT(readings.fixes, SizeIs(1));  // of six, one says where something is: a marker set by hand
  EXPECT_EQ(readings.fixes[0].position.unit, "U.16.135057");
  EXPECT_EQ(readings.fixes[0].position.source, model::PositionSource::observed);
}

TEST(Recorded, WhatAtakSent) {
  const std::string text = plain("cot/atak-captures.txt");
  std::size_t events = 0;
  Readings readings;
  std::vector<Refusal> refused;
  CotReader reader;
  for (std::size_t at = text.find("<event"); at != std::string::npos; at = text.find("<event", at + 1)) {
    const std::size_t end = std::min(text.find("</event>", at), text.find("<event", at + 1));
    ++events;
    const std::string xml = text.substr(at, end - at) + "</event>";
    const auto event = reader.read(xml);
    if (!event) {
      refused.push_back(event.error());
      continue;
    }
    EXPECT_EQ(*reader.read(to_xml(*event)), *event);
    take_cot(*event, {}, readings);
  }
  EXPECT_EQ(events, 18u);  // grep -c '<event'
  EXPECT_EQ(readings.fixes.size(), 12u);
  EXPECT_EQ(readings.without_place, 1u);  // TORY, at 0,0 without an error
  EXPECT_EQ(readings.of_other_kinds, 4u);
  EXPECT_EQ(readings.refused_count, 0u);
  ASSERT_EQ(refused.size(), 1u);  // a <track> that its transcript does not close
  EXPECT_EQ(refused[0].rule, Rule::xml_malformed);
  std::map<std::string, const Reading*> units;
  for (const Reading& reading : readings.fixes) units[reading.position.unit] = &reading;
  ASSERT_TRUE(units.contains("JAKAL") && units.contains("MAG. 1. Cavada") && units.contains("SkrienJ-LT"));
  EXPECT_EQ(units["JAKAL"]->position.place, (geo::Place{-937'033'312, 416'128'208}));
  EXPECT_EQ(units["JAKAL"]->position.accuracy, Metres::from_mm(7'344));
  EXPECT_EQ(base::to_text(units["MAG. 1. Cavada"]->position.time), "2015-10-15T20:23:51.100Z");
}

}  // namespace
}  // namespace wideberth::feeds
