#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "feeds/geojson.h"
#include "feeds/gpx.h"

namespace wideberth::feeds {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

// Invented.
const std::string kGpx =
    "\xEF\xBB\xBF<?xml version=\"1.0\"?>\n<gpx version=\"1.1\" xmlns=\"http://www.topografix.com/GPX/1/1\" "
    "xmlns:g=\"x\"><metadata><name>file</name></metadata>"
    "<wpt lat=\"1\" lon=\"2\"><name>w</name></wpt><rte><rtept lat=\"1\" lon=\"2\"/></rte>"
    "<trk><name> TM-3 </name><trkseg>"
    "<trkpt lat=\"36.9876543\" lon=\"42.1408123\"><ele>412.5</ele><time> 2020-08-25T06:58:12Z </time>"
    "<extensions><g:TrackPointExtension><g:speed>13.9</g:speed><g:course>360.0</g:course></g:TrackPointExtension></extensions></"
    "trkpt>"
    "<trkpt lat=\"90\" lon=\"-180\"><time>2020-08-25T06:58:13.5Z</time><speed>fast</speed></trkpt>"
    "</trkseg><trkseg/></trk></gpx>";

std::string with_point(const std::string& point) {
  std::string text = kGpx;
  return text.insert(text.find("<trkseg/>"), "<trkseg>" + point + "</trkseg>");
}

TEST(Gpx, ReadsATrack) {
  const auto readings = read_gpx(kGpx);
  ASSERT_TRUE(readings) << base::to_text(readings.error());
  EXPECT_THAT(readings->refused, IsEmpty());
  EXPECT_EQ(readings->of_other_kinds, 2u);
  ASSERT_THAT(readings->fixes, SizeIs(2));
  const model::Position& first = readings->fixes[0].position;
  EXPECT_EQ(first.unit, "TM-3");
  EXPECT_EQ(first.place, (geo::Place{421'408'123, 369'876'543}));
  EXPECT_EQ(base::to_text(first.time), "2020-08-25T06:58:12.000Z");
  EXPECT_EQ(first.speed_mmps, 13'900);
  EXPECT_EQ(first.course_cdeg, 0);
  EXPECT_FALSE(first.altitude);
  EXPECT_EQ(first.source, model::PositionSource::gnss);
  EXPECT_EQ(readings->fixes[1].position.place, (geo::Place{-1'800'000'000, 900'000'000}));
  EXPECT_FALSE(readings->fixes[1].position.speed_mmps);
  EXPECT_EQ(read_gpx(kGpx, {.unit = "lead"})->fixes[0].position.unit, "lead");
}

TEST(Gpx, RefusesAPointAndReadsTheNext) {
  struct Row {
    std::string point;
    Rule rule;
  };
  for (const Row& row : {Row{"<trkpt lat='1' lon='2'/>", Rule::track_time_missing},
                         Row{"<trkpt lat='1' lon='2'><time>noon</time></trkpt>", Rule::time_malformed},
                         Row{"<trkpt lat='1'><time>2020-08-25T06:58:12Z</time></trkpt>", Rule::number_malformed},
                         Row{"<trkpt lat='NaN' lon='2'><time>2020-08-25T06:58:12Z</time></trkpt>", Rule::number_malformed},
                         Row{"<trkpt lat='1' lon='180.1'><time>2020-08-25T06:58:12Z</time></trkpt>", Rule::place_out_of_range},
                         Row{"<trkpt lat='1' lon='2'><time>1969-08-25T06:58:12Z</time></trkpt>", Rule::position_time}}) {
    const auto readings = read_gpx(with_point(row.point));
    ASSERT_TRUE(readings) << row.point;
    ASSERT_THAT(readings->refused, SizeIs(1)) << row.point;
    EXPECT_EQ(readings->refused[0].rule, row.rule) << row.point;
    EXPECT_EQ(readings->refused[0].where, "track 1, point 3");
    EXPECT_THAT(readings->fixes, SizeIs(2));
  }
}

TEST(Gpx, RefusesWhatIsNone) {
  EXPECT_EQ(read_gpx("<kml/>").error().rule, Rule::gpx_root);
  EXPECT_EQ(read_gpx("<gpx>").error().rule, Rule::xml_malformed);
  EXPECT_EQ(read_gpx("").error().rule, Rule::xml_malformed);
  EXPECT_EQ(read_gpx("<!DOCTYPE gpx><gpx/>").error().rule, Rule::xml_malformed);
  std::string nameless = kGpx;
  nameless.replace(nameless.find(" TM-3 "), 6, "");
  EXPECT_EQ(read_gpx(nameless)->refused.at(0).rule, Rule::position_unit);
}

constexpr std::string_view kLine =
    R"({"type":"Feature","id":"f1","geometry":{"type":"LineString","coordinates":[[42.1,36.9],[42.2,36.9,400.25],[-180,90]]},)"
    R"("properties":{"unit":"TM-3","party":"red","coordTimes":["2020-08-25T06:58:12Z",1598338693000,"2020-08-25T06:58:14+00:00"]}})";

TEST(GeoJson, ReadsALine) {
  const auto readings = read_geojson(kLine);
  ASSERT_TRUE(readings) << base::to_text(readings.error());
  EXPECT_THAT(readings->refused, IsEmpty());
  ASSERT_THAT(readings->fixes, SizeIs(3));
  EXPECT_EQ(readings->fixes[1].position.unit, "TM-3");
  EXPECT_EQ(readings->fixes[1].party, "red");
  EXPECT_EQ(readings->fixes[1].position.altitude, Metres::from_mm(400'250));
  EXPECT_EQ(base::to_text(readings->fixes[1].position.time), "2020-08-25T06:58:13.000Z");
  EXPECT_EQ(readings->fixes[2].position.place, (geo::Place{-1'800'000'000, 900'000'000}));
}

TEST(GeoJson, ReadsPointsOfACollection) {
  const auto readings = read_geojson(
      R"({"type":"FeatureCollection","features":[
      {"type":"Feature","id":"a1","geometry":{"type":"Point","coordinates":[42.1,36.9]},
       "properties":{"time":"2020-08-25T06:58:12Z","accuracy_m":5,"speed_mps":1.5,"course_deg":360}},
      {"type":"Feature","geometry":{"type":"Polygon","coordinates":[]},"properties":null}]})");
  ASSERT_TRUE(readings);
  EXPECT_EQ(readings->of_other_kinds, 1u);
  ASSERT_THAT(readings->fixes, SizeIs(1));
  const model::Position& position = readings->fixes[0].position;
  EXPECT_EQ(position.unit, "a1");
  EXPECT_EQ(position.accuracy, Metres::from_metres(5));
  EXPECT_EQ(position.speed_mmps, 1'500);
  EXPECT_EQ(position.course_cdeg, 0);
}

TEST(GeoJson, RefusesAFeatureAndReadsTheNext) {
  struct Row {
    std::string_view from, to;
    Rule rule;
    std::size_t fixes;
  };
  for (const Row& row :
       {Row{"coordTimes", "when", Rule::track_time_missing, 3}, Row{"1598338693000,", "", Rule::track_feature, 3},
        Row{"1598338693000", "\"noon\"", Rule::time_malformed, 5}, Row{"1598338693000", "-5", Rule::json_range, 5},
        Row{"1598338693000", "true", Rule::json_kind, 5}, Row{"[42.1,36.9]", "[42.1,90.1]", Rule::place_out_of_range, 5},
        Row{"[42.1,36.9]", "[42.1]", Rule::json_length, 5}, Row{"[42.1,36.9]", "[\"42.1\",36.9]", Rule::json_kind, 5},
        Row{"400.25", "1e6", Rule::json_range, 5}, Row{"\"type\":\"LineString\",", "", Rule::track_feature, 3},
        Row{"\"red\"", "\"Red\"", Rule::name_malformed, 3}, Row{"\"TM-3\"", "\" \"", Rule::position_unit, 3},
        Row{"\"coordinates\"", "\"places\"", Rule::json_member_missing, 3}}) {
    std::string bad(kLine);
    ASSERT_NE(bad.find(row.from), std::string::npos);
    bad.replace(bad.find(row.from), row.from.size(), row.to);
    const auto readings = read_geojson("{\"type\":\"FeatureCollection\",\"features\":[" + bad + "," + std::string(kLine) + "]}");
    ASSERT_TRUE(readings) << row.to;
    ASSERT_FALSE(readings->refused.empty()) << row.to;
    EXPECT_EQ(readings->refused[0].rule, row.rule) << row.to << ": " << base::to_text(readings->refused[0]);
    EXPECT_TRUE(readings->refused[0].where.starts_with("/features/0")) << readings->refused[0].where;
    EXPECT_THAT(readings->fixes, SizeIs(row.fixes)) << row.to;
  }
}

TEST(GeoJson, StopsAfterAThousandRefusals) {
  std::string text = "{\"type\":\"FeatureCollection\",\"features\":[0";
  for (int i = 0; i < 5000; ++i) text += ",0";
  const auto readings = read_geojson(text + "]}");
  ASSERT_TRUE(readings);
  EXPECT_EQ(readings->refused_count, kMostGeoJsonRefusals + 1);
}

TEST(GeoJson, RefusesWhatIsNone) {
  EXPECT_EQ(read_geojson("{}").error().rule, Rule::json_member_missing);
  EXPECT_EQ(read_geojson("{\"type\":\"Topology\"}").error().rule, Rule::track_feature);
  EXPECT_EQ(read_geojson("{\"type\":\"FeatureCollection\"}").error().rule, Rule::json_member_missing);
  EXPECT_EQ(read_geojson("[").error().rule, Rule::json_malformed);
  EXPECT_EQ(read_geojson("{\"type\":\"Feature\"}")->refused.at(0).rule, Rule::track_feature);
}

}  // namespace
}  // namespace wideberth::feeds
