// Recorded tracks from files to findings; the tracks are invented.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "cli/analysis.h"
#include "cli/terminal.h"
#include "cli/testing.h"
#include "cli/tracks.h"

namespace wideberth::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;

std::string write_track(const std::filesystem::path& file, std::string_view text) {
  std::ofstream(file, std::ios::binary) << text;
  return file.string();
}

/// Red comes east along a road and stops before blue, which stands on it. Every five seconds, five metres.
std::string blocked_road() {
  std::string rows = "unit,party,time,lat,lon,accuracy_m\n";
  const auto row = [&](const char* unit, const char* party, int t, double east, double north) {
    char line[160];
    std::snprintf(line, sizeof line, "%s,%s,2020-08-25T07:%02d:%02dZ,%.7f,%.7f,5\n", unit, party, t / 60, t % 60,
                  37.177 + north / 110990, 42.14 + east / 88800);
    rows += line;
  };
  for (int t = 0; t <= 145; t += 5) {
    row("R-1", "red", t, t <= 45 ? -600 + 12.0 * t : t <= 50 ? -60 + 6.0 * (t - 45) : -30, 0);
    row("B-1", "blue", t, 0, t <= 20 ? 120 - 5.9 * t : 2);
  }
  return rows;
}

TEST(Tracks, BadRowsAreNamedAndTheOthersCount) {
  const testing::Folder folder;
  const std::string file =
      write_track(folder / "two.csv",
                  "unit,party,time,lat,lon\nR-1,red,2020-08-25T07:00:00Z,37,42\nR-1,red,2020-08-25T07:00:05Z,97,42\n"
                  "R-1,red,2020-08-25T07:00:10Z,NaN,42\nR-1,red,25.8.2020,37,42\n");
  Recorded recorded;
  ASSERT_TRUE(read_tracks(file, "", recorded));
  EXPECT_THAT(recorded.fixes, SizeIs(1));
  EXPECT_EQ(recorded.refused_count, 3U);
  ASSERT_THAT(recorded.refused, SizeIs(3));
  EXPECT_EQ(recorded.refused[0].rule, Rule::place_out_of_range);
  EXPECT_THAT(recorded.refused[0].where, HasSubstr("two.csv: row 3, column lat"));
  EXPECT_EQ(recorded.refused[1].rule, Rule::number_malformed);
  EXPECT_EQ(recorded.refused[2].rule, Rule::time_malformed);
}

TEST(Tracks, TheKindGoesByTheNameAndEveryTrackHasAParty) {
  const testing::Folder folder;
  Recorded recorded;
  EXPECT_EQ(read_tracks(write_track(folder / "track.kmz", "x"), "", recorded).error().rule, Rule::track_kind);
  const std::string gpx =
      write_track(folder / "walk.gpx",
                  "<gpx version=\"1.1\" xmlns=\"http://www.topografix.com/GPX/1/1\"><trk><name>W-1</name><trkseg>"
                  "<trkpt lat=\"37.1\" lon=\"42.1\"><time>2020-08-25T07:00:00Z</time></trkpt></trkseg></trk></gpx>");
  EXPECT_EQ(read_tracks(gpx, "", recorded).error().rule, Rule::track_party);
  ASSERT_TRUE(read_tracks("blue=" + gpx, "", recorded));
  EXPECT_TRUE(recorded.units.find("blue", "W-1"));
  ASSERT_TRUE(read_tracks(gpx, "red", recorded));
  EXPECT_TRUE(recorded.units.find("red", "W-1"));
}

TEST(Tracks, AQuestionAboutOneUnitNamesIt) {
  const testing::Folder folder;
  Recorded recorded;
  ASSERT_TRUE(read_tracks(write_track(folder / "day.csv", blocked_road()), "", recorded));
  EXPECT_EQ(choose_unit(recorded, "", "--unit-a").error().rule, Rule::track_choice);
  EXPECT_EQ(choose_unit(recorded, "R-2", "--unit-a").error().where, "--unit-a");
  EXPECT_EQ(recorded.units[*choose_unit(recorded, "B-1", "--unit-a")].party, "blue");
}

TEST(Roads, AreLines) {
  const testing::Folder folder;
  live::Surroundings around;
  ASSERT_TRUE(read_roads(
      write_track(folder / "road.geojson", R"({"type":"FeatureCollection","features":[{"type":"Feature","properties":{},
    "geometry":{"type":"LineString","coordinates":[[42,37],[42.1,37]]}}]})"),
      around));
  EXPECT_THAT(around.roads, SizeIs(1));
  EXPECT_EQ(read_roads(write_track(folder / "point.geojson", R"({"type":"Point","coordinates":[42,37]})"), around).error().rule,
            Rule::road_line);
}

TEST(Analysis, FindsTheEncounterWithItsCandidateAndTheAlert) {
  const testing::Folder folder;
  Recorded recorded;
  ASSERT_TRUE(read_tracks(write_track(folder / "day.csv", blocked_road()), "", recorded));
  auto prepared = prepare(recorded.units, {.agreement = std::string(WIDEBERTH_SOURCE_DIR) + "/scenarios/dayrik/agreement.json"});
  ASSERT_TRUE(prepared) << base::to_text(prepared.error());
  const Analysis found = analyse_tracks(*prepared, recorded.fixes);
  ASSERT_THAT(found.encounters, SizeIs(1));
  ASSERT_THAT(found.encounters[0].findings.candidates, SizeIs(1));
  EXPECT_EQ(found.encounters[0].findings.candidates[0].conduct, live::Conduct::blocking);
  std::map<std::uint64_t, int> alerts;
  for (const live::AlertEvent& each : found.alerts) alerts[each.id.value] += each.change == live::AlertChange::raised ? 1 : -1;
  EXPECT_FALSE(alerts.empty());
  for (const auto& [id, open] : alerts) EXPECT_EQ(open, 0) << id;
  const auto lines = encounter_text(recorded.units, found.encounters[0]);
  EXPECT_THAT(lines.at(0), HasSubstr("closest 30.0 m between B-1 and R-1"));
  EXPECT_THAT(lines.at(1), HasSubstr("candidate: blocking by B-1 upon R-1"));
}

TEST(Tracks, ACsvSaysWhatAUnitIs) {
  const testing::Folder folder;
  Recorded recorded;
  ASSERT_TRUE(read_tracks(write_track(folder / "units.csv",
                                      "unit,party,time,lat,lon,class,moored,formation,length_m,width_m\n"
                                      "R-1,red,2020-08-25T07:00:00Z,37.1,42.1,,,patrol,6.2,2.5\n"
                                      "H-1,red,2020-08-25T07:00:00Z,37.2,42.1,helicopter,,,,\n"
                                      "B-1,blue,2020-08-25T07:00:00Z,37.3,42.1,,yes,patrol,,\n"
                                      "R-1,red,2020-08-25T07:00:05Z,37.1,42.1,,,,,\n"),
                          "", recorded));
  const live::Units& units = recorded.units;
  const live::UnitIndex red = *units.find("red", "R-1"), blue = *units.find("blue", "B-1");
  EXPECT_EQ(units[red].length, base::Metres::from_mm(6'200)) << "what was said holds on";
  EXPECT_NE(units.formation_of(red), 0);
  EXPECT_NE(units.formation_of(red), units.formation_of(blue)) << "two parties' formations are two, whatever they are called";
  EXPECT_TRUE(units.moored(blue));
  EXPECT_EQ(units[*units.find("red", "H-1")].platform_class, "helicopter");
  EXPECT_EQ(units[red].platform_class, "vehicle");
}

TEST(Analysis, TheEncounterDistanceCanBeSaid) {
  const testing::Folder folder;
  Recorded recorded;
  ASSERT_TRUE(read_tracks(write_track(folder / "day.csv", blocked_road()), "", recorded));
  for (const std::string& agreement : {std::string(), std::string(WIDEBERTH_SOURCE_DIR) + "/scenarios/dayrik/agreement.json"}) {
    auto prepared = prepare(recorded.units, {.agreement = agreement, .encounter_distance = base::Metres::from_metres(29)});
    ASSERT_TRUE(prepared);
    EXPECT_THAT(analyse_tracks(*prepared, recorded.fixes).encounters, SizeIs(0));
  }
}

}  // namespace
}  // namespace wideberth::cli
