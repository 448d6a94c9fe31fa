// links: base json geo model conflict PkgConfig::geographiclib GTest::gmock
// Every scene of this folder, read strictly, notified as GeoJSON, searched in an index, and held against what its file derives.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <GeographicLib/Geodesic.hpp>
#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <numbers>
#include <set>
#include <sstream>

#include "conflict/conflict.h"
#include "json/writer.h"
#include "model/notification.h"
#include "scene.h"

namespace wideberth::scenes {

namespace {

using base::EntryIndex;
using base::Instant;
using base::Interval;
using base::Metres;
using base::Millis;

std::string read_file(const std::filesystem::path& path) {
  std::ifstream in{path, std::ios::binary};
  return {std::istreambuf_iterator<char>{in}, {}};
}

std::vector<std::filesystem::path> scene_files() {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator{std::filesystem::path{WIDEBERTH_SOURCE_DIR} / "tests" / "scenes"})
    if (entry.path().extension() == ".scene") files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  return files;
}

// The map as a place on earth: distance and bearing from the anchor are the map's, by GeographicLib. Up to 20 km from the
// anchor no distance on the map is wrong by more than 2 millionths.
class Ground {
 public:
  explicit Ground(const Scene& scene) : scene_{scene} {}

  void write(json::Writer& writer, char letter) const {
    const Spot spot = scene_.letters.at(letter);
    double lat = 0, lon = 0;
    GeographicLib::Geodesic::WGS84().Direct(scene_.lat_deg, scene_.lon_deg, std::atan2(spot.east_m, spot.north_m) * kDegrees,
                                            std::hypot(spot.east_m, spot.north_m), lat, lon);
    writer.begin_array().fixed(std::llround(lon * 1e7), 7).fixed(std::llround(lat * 1e7), 7).end_array();
  }

  Spot spot(geo::Place place) const {
    double distance = 0, bearing = 0, unused = 0;
    GeographicLib::Geodesic::WGS84().Inverse(scene_.lat_deg, scene_.lon_deg, place.lat_e7 / 1e7, place.lon_e7 / 1e7, distance,
                                             bearing, unused);
    return {distance * std::sin(bearing / kDegrees), distance * std::cos(bearing / kDegrees)};
  }

 private:
  static constexpr double kDegrees = 180 / std::numbers::pi;
  const Scene& scene_;
};

void write_times(json::Writer& writer, const char* name, const Mover& mover, Instant Interval::* end) {
  writer.key(name);
  if (mover.shape != Mover::Shape::route) {
    writer.string(base::to_text(mover.window.*end));
    return;
  }
  writer.begin_array();
  for (const Mover::Stop& stop : mover.stops) writer.string(base::to_text(stop.window.*end));
  writer.end_array();
}

void write_coordinates(json::Writer& writer, const Ground& ground, const Mover& mover) {
  writer.key("coordinates");
  if (mover.shape == Mover::Shape::circle) return ground.write(writer, mover.rings[0][0]);
  writer.begin_array();
  for (const Mover::Stop& stop : mover.stops) ground.write(writer, stop.letter);
  for (const std::string& ring : mover.rings) {
    writer.begin_array();
    for (const char letter : ring + ring[0]) ground.write(writer, letter);
    writer.end_array();
  }
  writer.end_array();
}

// As a party would notify it.
std::string feature_of(const Scene& scene, const Mover& mover) {
  constexpr const char* kTypes[] = {"LineString", "Point", "Polygon"};
  json::Writer writer;
  writer.begin_object().key("type").string("Feature").key("id").string(mover.name).key("geometry").begin_object();
  writer.key("type").string(kTypes[static_cast<std::size_t>(mover.shape)]);
  write_coordinates(writer, Ground{scene}, mover);
  writer.end_object().key("properties").begin_object().key("party").string(mover.party);
  writer.key("subject").string(mover.shape == Mover::Shape::route ? "movement" : mover.site ? "site" : "activity");
  write_times(writer, "earliest", mover, &Interval::from);
  write_times(writer, "latest", mover, &Interval::to);
  writer.key("half_width_m").fixed(mover.half_width.mm(), 3);
  if (mover.column != Metres{}) writer.key("column_length_m").fixed(mover.column.mm(), 3);
  if (mover.shape == Mover::Shape::circle) writer.key("radius_m").fixed(mover.radius.mm(), 3);
  if (mover.altitude)
    writer.key("altitude_m").begin_array().fixed(mover.altitude->first.mm(), 3).fixed(mover.altitude->second.mm(), 3).end_array();
  if (mover.lon_lat_linear) writer.key("line").string("lon-lat linear");
  return writer.end_object().end_object().take();
}

// What the scene says, and what was found, compared one by one.
class Comparison {
 public:
  Comparison(const Scene& scene, const Expectation& wanted, const geo::Meeting& found, double widest_slack_s)
      : scene_{scene}, wanted_{wanted}, found_{found}, widest_slack_s_{widest_slack_s} {}

  void all() const {
    EXPECT_EQ(geo::name_of(found_.kind), wanted_.kind);
    least();
    distance("possible", found_.least_possible_m, wanted_.possible_m);
    time("window from", found_.window.from - wanted_.window.from);
    time("window to", found_.window.to - wanted_.window.to);
    delays();
    shift("later", found_.clear_later, wanted_.later);
    shift("earlier", found_.clear_earlier, wanted_.earlier);
    shift("b later", found_.b_clear_later, wanted_.earlier);
    shift("b earlier", found_.b_clear_earlier, wanted_.later);
    likelihood();
    place();
  }

 private:
  void least() const {
    ASSERT_EQ(found_.least_m.has_value(), wanted_.least_m.has_value()) << "least on schedule: " << found_.least_m.value_or(-1);
    if (wanted_.least_m) distance("least", *found_.least_m, *wanted_.least_m);
  }

  static void distance(const char* what, double found, double wanted) {
    EXPECT_LE(std::fabs(found - wanted), wanted * 0.001 + 1) << what << ": found " << found << " m, derived " << wanted << " m";
  }

  // Ends are rounded outward to the millisecond, those on paper to the nearest.
  void time(const char* what, Millis off) const {
    EXPECT_LE(std::fabs(static_cast<double>(off.ms())), scene_.time_tolerance_s * 1000 + 1) << what << " is off by this many ms";
  }

  void delays() const {
    std::ostringstream found;
    for (const geo::DelaySpan& span : found_.delay_set) found << ' ' << span.low.ms() << ".." << span.high.ms();
    ASSERT_EQ(found_.delay_set.size(), wanted_.delays.size()) << "spans found (ms):" << found.str();
    for (std::size_t i = 0; i < wanted_.delays.size(); ++i) {
      time("low end of a span", found_.delay_set[i].low - wanted_.delays[i].low);
      time("high end of a span", found_.delay_set[i].high - wanted_.delays[i].high);
    }
  }

  void shift(const char* what, std::optional<Millis> found, Millis wanted) const {
    ASSERT_TRUE(found) << what;
    EXPECT_LE(std::fabs(static_cast<double>((*found - wanted).ms())), scene_.time_tolerance_s * 1000)
        << what << ": found " << found->ms() << " ms, derived " << wanted.ms() << " ms";
  }

  // The delay of one of two that are uniform in ±wide and ±narrow has a density of at most 1 / (2 * wide).
  void likelihood() const {
    if (!wanted_.likelihood) return;
    const double ends = 2 * static_cast<double>(wanted_.delays.size());
    const double off = widest_slack_s_ > 0 ? ends * (scene_.time_tolerance_s + 0.001) / (2 * widest_slack_s_) : 0;
    EXPECT_LE(std::fabs(found_.likelihood - *wanted_.likelihood), off + 0.00006) << "likelihood " << found_.likelihood;
  }

  void place() const {
    if (!wanted_.place) return;
    const Spot found = Ground{scene_}.spot(found_.place);
    const double from_anchor = std::hypot(wanted_.place->east_m, wanted_.place->north_m);
    EXPECT_LE(std::hypot(found.east_m - wanted_.place->east_m, found.north_m - wanted_.place->north_m), from_anchor * 0.001 + 1)
        << "place: found " << found.east_m << " m east, " << found.north_m << " m north";
  }

  const Scene& scene_;
  const Expectation& wanted_;
  const geo::Meeting& found_;
  double widest_slack_s_;
};

struct Notified {
  EntryIndex key;
  std::string party;
  std::shared_ptr<const geo::Plan> plan;
};

// The scene as notified: every mover through the same door as a party's file.
class Stage {
 public:
  explicit Stage(const Scene& scene) : scene_{scene} {
    for (const Mover& mover : scene.movers) notify(mover);
  }
  bool stands() const { return notified_.size() == scene_.movers.size(); }

  /// What a search for one finds of the other, all others being on record.
  std::optional<geo::Meeting> ask(const std::string& name, const std::string& other) const {
    conflict::Index index;
    for (const auto& [each, entry] : notified_)
      if (each != name) index.insert(entry.key, entry.party, entry.plan);
    const Notified& asking = notified_.at(name);
    const auto hits = index.search(*asking.plan, asking.party, [&](EntryIndex key) { return owed(asking.party, key); });
    EXPECT_TRUE(std::is_sorted(hits.begin(), hits.end(), [](const auto& a, const auto& b) { return a.key < b.key; }));
    for (const conflict::Hit& hit : hits)
      if (hit.key == notified_.at(other).key) return hit.meeting;
    return {};
  }

  double widest_slack_s(const std::string& a, const std::string& b) const {
    const Millis widest = std::max(notified_.at(a).plan->slack(), notified_.at(b).plan->slack());
    return static_cast<double>(widest.ms()) / 1000;
  }

 private:
  void notify(const Mover& mover) {
    const std::string feature = feature_of(scene_, mover);
    const auto read = model::parse_feature(feature);
    ASSERT_TRUE(read) << "line " << mover.line << ": " << base::to_text(read.error()) << '\n' << feature;
    auto plan = model::compile(*read);
    ASSERT_TRUE(plan) << "line " << mover.line << ": " << base::to_text(plan.error()) << '\n' << feature;
    const EntryIndex key{static_cast<std::uint64_t>(mover.line)};
    notified_[mover.name] = {key, read->party, std::make_shared<const geo::Plan>(*std::move(plan))};
  }

  std::optional<Metres> owed(const std::string& party, EntryIndex key) const {
    for (const auto& [name, entry] : notified_)
      if (entry.key == key) return scene_.owed(party, entry.party);
    return {};
  }

  const Scene& scene_;
  std::map<std::string, Notified> notified_;
};

void expect_mirrored(const geo::Meeting& one, const geo::Meeting& other) {
  EXPECT_EQ(one.kind, other.kind);
  EXPECT_EQ(one.least_m, other.least_m);
  EXPECT_EQ(one.least_possible_m, other.least_possible_m);
  EXPECT_EQ(one.window, other.window);
  EXPECT_EQ(one.place, other.place);
  EXPECT_EQ(one.likelihood, other.likelihood);
  EXPECT_EQ(one.clear_later, other.b_clear_later);
  EXPECT_EQ(one.clear_earlier, other.b_clear_earlier);
  ASSERT_EQ(one.delay_set.size(), other.delay_set.size());
  for (std::size_t i = 0, last = one.delay_set.size() - 1; i <= last && last < one.delay_set.size(); ++i)
    EXPECT_EQ(one.delay_set[i], (geo::DelaySpan{-other.delay_set[last - i].high, -other.delay_set[last - i].low}));
}

class Scenes : public testing::TestWithParam<std::filesystem::path> {};

TEST_P(Scenes, hold) {
  const auto scene = read_scene(read_file(GetParam()));
  ASSERT_TRUE(scene) << GetParam().filename().string() << ':' << scene.error().line << ": " << scene.error().what;
  const Stage stage{*scene};
  ASSERT_TRUE(stage.stands());
  for (const Expectation& wanted : scene->expectations) {
    SCOPED_TRACE(GetParam().filename().string() + ":" + std::to_string(wanted.line) + ": " + scene->title);
    const auto found = stage.ask(wanted.a, wanted.b), mirrored = stage.ask(wanted.b, wanted.a);
    EXPECT_EQ(found.has_value(), wanted.kind != "none");
    ASSERT_EQ(found.has_value(), mirrored.has_value());
    if (!found || wanted.kind == "none") continue;
    Comparison{*scene, wanted, *found, stage.widest_slack_s(wanted.a, wanted.b)}.all();
    expect_mirrored(*found, *mirrored);
  }
}

std::string name_of(const testing::TestParamInfo<std::filesystem::path>& info) {
  std::string name = info.param.stem().string();
  for (char& c : name)
    if (c == '-') c = '_';
  return name;
}

INSTANTIATE_TEST_SUITE_P(All, Scenes, testing::ValuesIn(scene_files()), name_of);

TEST(SceneFiles, are_many_numbered_and_have_distinct_titles) {
  const auto files = scene_files();
  EXPECT_GE(files.size(), 36U);
  std::set<std::string> numbers, titles;
  for (const auto& file : files) {
    const std::string name = file.filename().string();
    EXPECT_TRUE(numbers.insert(name.substr(0, 2)).second) << name;
    const auto scene = read_scene(read_file(file));
    if (scene) {
      EXPECT_TRUE(titles.insert(scene->title).second) << name;
    }
  }
}

}  // namespace

}  // namespace wideberth::scenes
