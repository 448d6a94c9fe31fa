#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "model/disclosure.h"
#include "model/notification.h"
#include "model/testing.h"

namespace wideberth::model {
namespace {

using testing::outcome;
using testing::with;

const std::string kRouteText =
    R"({"type": "Feature", "id": "a", "geometry": {"type": "LineString", "coordinates": [[42.0, 37.0], [42.1, 37.1]]},
        "properties": {"party": "blue", "earliest": ["2020-08-25T06:00:00Z", "2020-08-25T07:00:00Z"],
        "latest": ["2020-08-25T06:10:00Z", "2020-08-25T07:10:00Z"], "half_width_m": 50}})";
const std::string kPolygonText =
    R"({"type": "Feature", "geometry": {"type": "Polygon", "coordinates": [[[42.0, 37.0], [42.1, 37.0], [42.1, 37.1], [42.0, 37.0]]]},
        "properties": {"party": "red", "earliest": "2020-08-25T06:00:00Z", "latest": "2020-08-25T07:00:00Z"}})";
const std::string kPointText =
    R"({"type": "Feature", "geometry": {"type": "Point", "coordinates": [42.0, 37.0]}, "properties": {"party": "red",
        "earliest": ["2020-08-25T06:00:00Z"], "latest": "2020-08-25T07:00:00Z", "radius_m": 500.125}})";

std::string plus(const std::string& text, const std::string& properties) {
  return with(text, "\"properties\": {", "\"properties\": {" + properties + ", ");
}

TEST(Feature, DefaultsOfAMovement) {
  const auto found = parse_feature(kRouteText);
  ASSERT_TRUE(found) << base::to_text(found.error());
  EXPECT_EQ(found->feature_id, "a");
  EXPECT_EQ(found->subject, Subject::movement);
  EXPECT_EQ(found->platform_class, "vehicle");
  EXPECT_FALSE(found->emergency);
  EXPECT_EQ(found->half_width(), Metres::from_metres(50));
  const auto& route = std::get<geo::Route>(found->where);
  EXPECT_EQ(route.line, geo::Line::geodesic);
  EXPECT_EQ(route.column_length, Metres{});
  EXPECT_EQ(route.altitude, std::nullopt);
  EXPECT_EQ(route.waypoints.at(1).place, (geo::Place{421'000'000, 371'000'000}));
  EXPECT_TRUE(compile(*found));
  EXPECT_EQ(base::to_short_text(window_of(*found).to), "2020-08-25T07:10:00Z");
}

TEST(Feature, AreasAndSites) {
  const auto polygon = parse_feature(kPolygonText);
  ASSERT_TRUE(polygon) << base::to_text(polygon.error());
  EXPECT_EQ(polygon->subject, Subject::activity);
  EXPECT_EQ(places_of(*polygon).size(), 4U);
  const auto site = parse_feature(plus(kPointText, R"("subject": "site", "half_width_m": 20)"));
  ASSERT_TRUE(site) << base::to_text(site.error());
  EXPECT_EQ(site->subject, Subject::site);
  EXPECT_EQ(std::get<geo::Area>(site->where).radius.mm(), 500'125);
  EXPECT_EQ(site->half_width(), Metres::from_metres(20));
}

TEST(Feature, ForeignMembersPassAndSlipsOfThePenDoNot) {
  EXPECT_EQ(outcome(parse_feature(plus(kRouteText, R"("name": "Route 7", "stroke": "#f00", "time": 3, "fid": 12, "cmt": null)"))),
            "accepted");
  EXPECT_EQ(outcome(parse_feature(with(kRouteText, "\"id\": \"a\"", "\"id\": 7, \"bbox\": [0, 0, 1, 1], \"title\": \"x\""))),
            "accepted");
  const std::pair<const char*, const char*> slips[] = {{"half_width", "half_width_m"},
                                                       {"earlist", "earliest"},
                                                       {"Party", "party"},
                                                       {"colum_length_m", "column_length_m"},
                                                       {"altitude", "altitude_m"},
                                                       {"platform_clas", "platform_class"},
                                                       {"emergancy", "emergency"},
                                                       {"lines", "line"}};
  for (const auto& [slip, meant] : slips) {
    const auto found = parse_feature(plus(kRouteText, "\"" + std::string(slip) + "\": 1"));
    EXPECT_EQ(outcome(found), "feature_member_misspelt at /properties/" + std::string(slip));
    EXPECT_EQ(found.error().accepted, "\"" + std::string(meant) + "\"");
  }
  EXPECT_EQ(outcome(parse_feature(plus(kRouteText, R"("name": ["A", "B"])"))), "feature_member_misspelt at /properties/name");
}

TEST(Feature, TimesMayHaveOffsetsAndTrailingZeros) {
  const auto reads = [](const char* text) {
    const auto found = parse_feature(with(kPolygonText, "2020-08-25T06:00:00Z", text));
    return found ? base::to_short_text(window_of(*found).from) : outcome(found);
  };
  EXPECT_EQ(reads("2020-08-25T09:00:00+03:00"), "2020-08-25T06:00:00Z");
  EXPECT_EQ(reads("2020-08-25T02:30:00-03:30"), "2020-08-25T06:00:00Z");
  EXPECT_EQ(reads("2020-08-25T06:00:00.120000+00:00"), "2020-08-25T06:00:00.120Z");
  EXPECT_EQ(reads("2020-08-25T06:00:00.123400Z"), "time_malformed at /properties/earliest");
  EXPECT_EQ(reads("2020-08-25T06:00:00+24:00"), "time_malformed at /properties/earliest");
  EXPECT_EQ(reads("2020-08-25T06:00:00"), "time_malformed at /properties/earliest");
  EXPECT_EQ(reads("2020-08-25"), "time_malformed at /properties/earliest");
  EXPECT_EQ(reads("0000-01-01T00:00:00+01:00"), "time_malformed at /properties/earliest");
}

TEST(Feature, EveryRefusalInTheOrderOfTheChecks) {
  struct Row {
    const char* what;
    std::string text;
    const char* wanted;
  };
  const Row rows[] = {
      {"no type", "{}", "json_member_missing at /type"},
      {"no Feature", with(kRouteText, "\"Feature\"", "\"Geometry\""), "json_choice at /type"},
      {"another reference system",
       with(kRouteText, "\"id\": \"a\"", R"("crs": {"type": "name", "properties": {"name": "EPSG:32637"}})"),
       "feature_reference_system at /crs"},
      {"an id that is a list", with(kRouteText, "\"id\": \"a\"", "\"id\": []"), "json_kind at /id"},
      {"no properties", with(kRouteText, "\"properties\"", "\"proprieties\""), "json_member_missing at /properties"},
      {"no geometry", with(kRouteText, "\"geometry\"", "\"geom\""), "json_member_missing at /geometry"},
      {"line unknown", plus(kRouteText, R"("line": "straight")"), "json_choice at /properties/line"},
      {"a geometry that is null", R"({"type": "Feature", "geometry": null, "properties": {"party": "a"}})",
       "feature_geometry at /geometry"},
      {"MultiPoint", with(kRouteText, "LineString", "MultiPoint"), "feature_geometry at /geometry"},
      {"no coordinates", with(kRouteText, "coordinates", "points"), "json_member_missing at /geometry/coordinates"},
      {"a radius of a line", plus(kRouteText, "\"radius_m\": 5"), "feature_geometry at /properties/radius_m"},
      {"a column of a point", plus(kPointText, "\"column_length_m\": 5"), "feature_geometry at /properties/column_length_m"},
      {"a radius of a polygon", plus(kPolygonText, "\"radius_m\": 5"), "feature_geometry at /properties/radius_m"},
      {"one vertex", with(kRouteText, ", [42.1, 37.1]", ""), "json_length at /geometry/coordinates"},
      {"a time too few", with(kRouteText, "\"2020-08-25T06:00:00Z\", ", ""), "json_length at /properties/earliest"},
      {"one time for a line",
       with(kRouteText, "[\"2020-08-25T06:00:00Z\", \"2020-08-25T07:00:00Z\"]", "\"2020-08-25T06:00:00Z\""),
       "json_kind at /properties/earliest"},
      {"no time", with(kRouteText, "06:10:00Z", "06:10"), "time_malformed at /properties/latest/0"},
      {"latest before earliest", with(kRouteText, "06:10:00Z", "05:10:00Z"), "feature_windows at /properties/latest/0"},
      {"earliest going back", with(kRouteText, "2020-08-25T07:00:00Z", "2020-08-25T05:00:00Z"),
       "feature_windows at /properties/earliest/1"},
      {"latest going back", with(with(kRouteText, "06:10:00Z", "08:10:00Z"), "T07:00:00Z", "T06:30:00Z"),
       "feature_windows at /properties/latest/1"},
      {"an area's window", with(kPolygonText, "T07:00:00Z", "T05:00:00Z"), "feature_windows at /properties/latest"},
      {"a height in a place", with(kRouteText, "[42.0, 37.0]", "[42.0, 37.0, 300]"),
       "feature_altitude_in_place at /geometry/coordinates/0"},
      {"latitude and longitude swapped", with(kRouteText, "[42.1, 37.1]", "[37.1, 142.1]"),
       "place_out_of_range at /geometry/coordinates/1"},
      {"no half-width", with(kRouteText, ", \"half_width_m\": 50", ""), "json_member_missing at /properties/half_width_m"},
      {"a negative half-width", with(kRouteText, "\"half_width_m\": 50", "\"half_width_m\": -1"),
       "json_range at /properties/half_width_m"},
      {"a half-width too large", with(kRouteText, "\"half_width_m\": 50", "\"half_width_m\": 100000.001"),
       "json_range at /properties/half_width_m"},
      {"altitude backwards", plus(kRouteText, "\"altitude_m\": [300, 100]"), "altitude_band_backwards at /properties/altitude_m"},
      {"one altitude", plus(kRouteText, "\"altitude_m\": [300]"), "json_length at /properties/altitude_m"},
      {"no radius", with(kPointText, ", \"radius_m\": 500.125", ""), "json_member_missing at /properties/radius_m"},
      {"an open ring", with(kPolygonText, ", [42.0, 37.0]]]", ", [42.05, 37.05]]]"), "ring_malformed at /geometry/coordinates/0"},
      {"a subject unknown", plus(kRouteText, "\"subject\": \"march\""), "json_choice at /properties/subject"},
      {"a line that is a site", plus(kRouteText, "\"subject\": \"site\""), "feature_subject at /properties/subject"},
      {"a point that moves", plus(kPointText, "\"subject\": \"movement\""), "feature_subject at /properties/subject"},
      {"too few names", plus(kRouteText, "\"names\": [\"A\"]"), "json_length at /properties/names"},
      {"no party", with(kRouteText, "\"party\": \"blue\", ", ""), "json_member_missing at /properties/party"},
      {"a party too long", with(kRouteText, "\"blue\"", "\"" + std::string(65, 'b') + "\""), "json_length at /properties/party"},
      {"an agreement that is no id", plus(kRouteText, "\"agreement\": \"AG\""), "id_malformed at /properties/agreement"},
      {"composition misspelt", plus(kRouteText, "\"composition\": {\"vehicle\": []}"),
       "json_member_unknown at /properties/composition/vehicle"},
      {"half a vehicle", plus(kRouteText, R"("composition": {"vehicles": [{"type": "Tigr", "count": 0.5}]})"),
       "json_kind at /properties/composition/vehicles/0/count"},
      {"emergency in words", plus(kRouteText, "\"emergency\": \"yes\""), "json_kind at /properties/emergency"},
      {"text that deceives", plus(kRouteText, "\"purpose\": \"\\u202egnp\""), "text_malformed at /properties/purpose"},
  };
  for (const auto& row : rows) EXPECT_EQ(outcome(parse_feature(row.text)), row.wanted) << row.what;
}

TEST(Feature, Limits) {
  const auto line_of = [](std::size_t vertices) {
    std::string places, times;
    for (std::size_t i = 0; i < vertices; ++i) {
      places += (i == 0 ? "[" : ",[") + std::to_string(0.001 * static_cast<double>(i)) + ",1]";
      times += std::string(i == 0 ? "" : ",") + "\"2020-08-25T06:00:00Z\"";
    }
    return R"({"type":"Feature","geometry":{"type":"LineString","coordinates":[)" + places +
           R"(]},"properties":{"party":"a","half_width_m":0,"earliest":[)" + times + R"(],"latest":[)" + times + "]}}";
  };
  EXPECT_EQ(outcome(parse_feature(line_of(kMostVertices))), "accepted");
  EXPECT_EQ(outcome(parse_feature(line_of(kMostVertices + 1))), "json_length at /geometry/coordinates");
  EXPECT_EQ(outcome(parse_feature(std::string(kMostFeatureBytes + 1, ' '))), "json_too_large at ");
  EXPECT_EQ(outcome(parse_feature(plus(kRouteText, "\"purpose\": \"" + std::string(kMostReason, 'x') + "\""))), "accepted");
  EXPECT_EQ(outcome(parse_feature(plus(kRouteText, "\"purpose\": \"" + std::string(kMostReason + 1, 'x') + "\""))),
            "json_length at /properties/purpose");
}

TEST(Feature, Collections) {
  const auto both = parse_features(R"({"type": "FeatureCollection", "features": [)" + kRouteText + "," + kPointText + "]}");
  ASSERT_TRUE(both) << base::to_text(both.error());
  EXPECT_EQ(both->size(), 2U);
  EXPECT_EQ(parse_features(kRouteText)->size(), 1U);
  EXPECT_EQ(parse_features(R"({"type": "FeatureCollection", "features": []})")->size(), 0U);
  EXPECT_EQ(outcome(parse_features(R"({"type": "FeatureCollection", "features": [)" + kRouteText + "," +
                                   with(kPointText, "37.0", "97.0") + "]}")),
            "place_out_of_range at /features/1/geometry/coordinates");
  EXPECT_EQ(outcome(parse_features(R"({"type": "GeometryCollection"})")), "json_choice at /type");
  EXPECT_EQ(outcome(parse_features(R"({"type": "FeatureCollection"})")), "json_member_missing at /features");
}

TEST(Feature, APlanThatCannotBeIsRefusedWithAPointerIntoTheFeature) {
  const auto at_once = parse_feature(with(with(kRouteText, "T07:00:00Z", "T06:00:00Z"), "T07:10:00Z", "T06:10:00Z"));
  ASSERT_TRUE(at_once);
  const auto plan = compile(*at_once);
  EXPECT_EQ(outcome(plan).substr(0, 61), "route_leg_without_duration at /geometry/coordinates/1");
}

TEST(Feature, TheInventedPatrolIsRead) {
  const auto found = parse_feature(testing::data_file("movement-invented.geojson"));
  ASSERT_TRUE(found) << base::to_text(found.error());
  EXPECT_EQ(found->composition.vehicles.at(0).count, 4);
  EXPECT_EQ(found->place_names.at(3), "Dayrik");
  EXPECT_TRUE(compile(*found));
}

/// Anything that the format can say.
rc::Gen<Notification> any_notification() {
  return rc::gen::exec([] {
    Notification n;
    const auto word = [] { return *rc::gen::element<std::string>("", "x", "Dayrik", "دير", "two\nlines", "\"quoted\\"); };
    const auto place = [] {
      return geo::Place{*rc::gen::inRange(-1'800'000'000, 1'800'000'001), *rc::gen::inRange(-900'000'000, 900'000'001)};
    };
    const auto metres = [] { return Metres::from_mm(*rc::gen::inRange<std::int64_t>(0, 100'000'001)); };
    Instant earliest = Instant::from_ms(*rc::gen::inRange<std::int64_t>(0, 2'000'000'000'000));
    Instant latest = earliest + Millis::from_ms(*rc::gen::inRange(0, 10'000'000));
    std::optional<geo::AltitudeBand> band;
    if (*rc::gen::arbitrary<bool>()) {
      const auto low = metres();
      band = geo::AltitudeBand{Metres{} - Metres::from_mm(low.mm() / 4), Metres::from_mm(low.mm() / 3)};
    }
    if (*rc::gen::arbitrary<bool>()) {
      geo::Route route;
      const auto count = *rc::gen::inRange(2, 8);
      for (int i = 0; i < count; ++i) {
        route.waypoints.push_back({place(), {earliest, latest}});
        earliest = std::min(earliest + Millis::from_ms(*rc::gen::inRange(0, 10'000'000)), latest);
        latest = latest + Millis::from_ms(*rc::gen::inRange(0, 10'000'000));
      }
      route.line = *rc::gen::element(geo::Line::geodesic, geo::Line::lon_lat_linear);
      route.half_width = metres();
      route.column_length = *rc::gen::element(Metres{}, Metres::from_mm(1), Metres::from_metres(400));
      route.altitude = band;
      if (*rc::gen::arbitrary<bool>())
        for (int i = 0; i < count; ++i) n.place_names.push_back(*rc::gen::element<std::string>("", "Dayrik", "دير"));
      n.where = std::move(route);
    } else {
      geo::Area area;
      if (*rc::gen::arbitrary<bool>()) {
        area.centre = place();
        area.radius = metres();
      } else {
        const auto first = place();
        area.rings = {{first, place(), place(), first}};
      }
      area.window = {earliest, latest};
      area.altitude = band;
      area.margin = *rc::gen::element(Metres{}, Metres::from_metres(20));
      n.where = std::move(area);
      n.subject = *rc::gen::element(Subject::activity, Subject::site);
    }
    if (*rc::gen::arbitrary<bool>()) n.feature_id = "id-" + std::to_string(*rc::gen::arbitrary<int>());
    n.party = *rc::gen::element<std::string>("blue", "A force");
    if (*rc::gen::arbitrary<bool>())
      n.agreement = base::id_of(base::IdKind::agreement, EntryIndex{*rc::gen::inRange<std::uint64_t>(0, 9999)});
    n.platform_class = *rc::gen::element<std::string>("vehicle", "helicopter");
    if (*rc::gen::arbitrary<bool>()) n.composition.people = *rc::gen::inRange(0, 100);
    if (*rc::gen::arbitrary<bool>()) n.composition.vehicles = {{"Tigr", *rc::gen::inRange(0, 9)}, {"BTR-82A", 1}};
    if (*rc::gen::arbitrary<bool>()) n.composition.escorts = {{"Mi-8", 2, true, "A force"}, {"pickup", 1, false, ""}};
    n.organisation = *rc::gen::element<std::string>("", "Aid body (invented)");
    if (*rc::gen::arbitrary<bool>()) n.consent = *rc::gen::arbitrary<bool>();
    if (*rc::gen::arbitrary<bool>()) n.marking = Marking{true, *rc::gen::arbitrary<bool>(), *rc::gen::arbitrary<bool>()};
    if (*rc::gen::arbitrary<bool>()) n.holding_points = {{"the mill", place()}};
    if (n.is_route() && *rc::gen::arbitrary<bool>()) {
      Alternate alternate{"by the river", std::get<geo::Route>(n.where)};
      alternate.route.half_width = metres();
      for (auto& waypoint : alternate.route.waypoints) waypoint.place = place();
      n.alternates.push_back(std::move(alternate));
    }
    n.purpose = word();
    n.unit = *rc::gen::element<std::string>("", "2nd troop");
    n.focal_point = word();
    n.emergency = *rc::gen::arbitrary<bool>();
    n.reason = word();
    return n;
  });
}

RC_GTEST_PROP(FeatureLaws, WhatIsWrittenIsReadBackTheSame, ()) {
  const auto n = *any_notification();
  const auto text = to_json(n);
  const auto found = parse_feature(text);
  if (!found) RC_FAIL(base::to_text(found.error()) + " in " + text);
  RC_ASSERT(*found == n);
  RC_ASSERT(to_json(*found) == text);
}

RC_GTEST_PROP(FeatureLaws, ACorridorIsAFeatureThatSaysTheSameOfWhereAndWhen, ()) {
  const auto n = *any_notification();
  const auto text = corridor_of(n);
  const auto found = parse_feature(text);
  if (!found) RC_FAIL(base::to_text(found.error()) + " in " + text);
  Notification wanted = n;
  wanted.feature_id.reset();
  wanted.place_names.clear();
  wanted.composition = {};
  wanted.purpose = wanted.unit = wanted.focal_point = wanted.reason = wanted.organisation = "";
  wanted.consent.reset();
  wanted.marking.reset();
  wanted.holding_points.clear();
  RC_ASSERT(*found == wanted);
  RC_ASSERT(corridor_of(*found) == text);
}

RC_GTEST_PROP(FeatureLaws, AChangedByteIsReadOrRefusedAndNeverHalfRead, ()) {
  std::string text = kRouteText;
  text[*rc::gen::inRange<std::size_t>(0, text.size())] = *rc::gen::arbitrary<char>();
  const auto found = parse_feature(text);
  if (found) RC_ASSERT(parse_feature(to_json(*found)).value() == *found);
}

}  // namespace
}  // namespace wideberth::model
