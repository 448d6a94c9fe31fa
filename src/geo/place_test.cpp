#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <GeographicLib/Geocentric.hpp>
#include <GeographicLib/Geodesic.hpp>
#include <GeographicLib/GeodesicLine.hpp>
#include <algorithm>
#include <cmath>

#include "geo/ellipsoid.h"
#include "geo/line.h"
#include "geo/text.h"
#include "geo/trig.h"
#include "geo/vec.h"

namespace wideberth::geo {
namespace {

// Evenly over the whole range from the first case on; now and then one of its ends.
std::int64_t pick(std::int64_t low, std::int64_t high) {
  if (*rc::gen::resize(100, rc::gen::inRange(0, 20)) == 0) return *rc::gen::element(low, high);
  return *rc::gen::resize(100, rc::gen::inRange<std::int64_t>(low, high + 1));
}

Place any_place() {
  return {static_cast<std::int32_t>(pick(-1'800'000'000, 1'800'000'000)),
          static_cast<std::int32_t>(pick(-900'000'000, 900'000'000))};
}

RC_GTEST_PROP(TrigLaws, AgreesWithTheCLibrary, ()) {
  const auto e7 = static_cast<double>(pick(-3'600'000'000, 3'600'000'000));
  const SinCos own = sincos_e7(e7);
  const long double angle = static_cast<long double>(e7) * 3.14159265358979323846264338L / 1.8e9L;
  RC_ASSERT(std::fabs(own.sin - static_cast<double>(std::sin(angle))) < 4e-16);
  RC_ASSERT(std::fabs(own.cos - static_cast<double>(std::cos(angle))) < 4e-16);
  const double radians = e7 / 4e8;
  RC_ASSERT(std::fabs(sincos(radians).sin - std::sin(radians)) < 4e-16);
  RC_ASSERT(std::fabs(sincos(radians).cos - std::cos(radians)) < 4e-16);
  RC_ASSERT(std::fabs(angle_of(own.sin * 3, own.cos * 3) - std::atan2(own.sin * 3, own.cos * 3)) < 2e-15);
}

TEST(Trig, IsExactAtQuarterTurns) {
  EXPECT_EQ(sincos_e7(9e8).cos, 0);
  EXPECT_EQ(sincos_e7(9e8).sin, 1);
  EXPECT_EQ(sincos_e7(-1.8e9).sin, 0);
  EXPECT_EQ(sincos_e7(1.8e9).cos, -1);
  EXPECT_EQ(sincos_e7(-9e8).sin, -1);
  EXPECT_EQ(angle_of(0, -1), kPi);
}

RC_GTEST_PROP(PlaceLaws, EcefAgreesWithGeographicLib, ()) {
  const Place place = any_place();
  const Ecef own = to_ecef(place);
  double x = 0, y = 0, z = 0;
  GeographicLib::Geocentric::WGS84().Forward(place.lat_e7 / 1e7, place.lon_e7 / 1e7, 0, x, y, z);
  RC_ASSERT(norm(own - Vec3{x, y, z}) < 1e-8);
}

RC_GTEST_PROP(PlaceLaws, ToPlaceUndoesToEcef, ()) {
  const Place place = any_place();
  const Place back = to_place(to_ecef(place));
  RC_ASSERT(back.lat_e7 == place.lat_e7);
  if (std::abs(place.lat_e7) == 900'000'000) {
    RC_ASSERT(back.lon_e7 == 0);
  } else if (std::abs(place.lon_e7) == 1'800'000'000) {
    RC_ASSERT(std::abs(back.lon_e7) == 1'800'000'000);
  } else if (std::abs(place.lat_e7) < 899'999'990) {  // nearer to a pole a step of longitude is below a nanometre
    RC_ASSERT(back.lon_e7 == place.lon_e7);
  }
}

RC_GTEST_PROP(PlaceLaws, TheFootOfAPerpendicularIsFound, ()) {
  const Place place = any_place();
  const double height = static_cast<double>(pick(-90'000, 90'000));
  double x = 0, y = 0, z = 0;
  GeographicLib::Geocentric::WGS84().Forward(place.lat_e7 / 1e7, place.lon_e7 / 1e7, height, x, y, z);
  RC_ASSERT(norm(to_ecef(to_place({x, y, z})) - to_ecef(place)) < 0.01);
}

RC_GTEST_PROP(PlaceLaws, TheChordKeepsItsBounds, ()) {
  const Place a = any_place();
  const double far = std::pow(10.0, static_cast<double>(pick(0, 5'000)) / 1000 + 1), azimuth = static_cast<double>(pick(0, 360));
  double lat = 0, lon = 0;
  GeographicLib::Geodesic::WGS84().Direct(a.lat_e7 / 1e7, a.lon_e7 / 1e7, azimuth, far, lat, lon);
  const Place b = *make_place(lon, lat);
  double ground = 0;
  GeographicLib::Geodesic::WGS84().Inverse(a.lat_e7 / 1e7, a.lon_e7 / 1e7, b.lat_e7 / 1e7, b.lon_e7 / 1e7, ground);
  const double chord = distance_m(a, b);
  RC_ASSERT(chord <= ground + 1e-8);
  RC_ASSERT(ground - chord <= ground * ground * ground / (24 * kLeastRadiusM * kLeastRadiusM) + 1e-8);
  RC_ASSERT(std::fabs(along_ground_m(chord) - ground) <= 0.001 * ground + 0.001);
  if (ground <= 20'000) RC_ASSERT(std::fabs(along_ground_m(chord) - ground) < 0.001);
  RC_ASSERT(longest_chord_m(ground) >= chord - 1e-8);
  if (ground <= 100'000) RC_ASSERT(longest_chord_m(ground) - chord < 0.03);
}

TEST(Place, MakePlaceRefusesWhatIsNoPlace) {
  EXPECT_EQ(make_place(42.14, 37.177), (Place{421'400'000, 371'770'000}));
  EXPECT_EQ(make_place(-180, -90), (Place{-1'800'000'000, -900'000'000}));
  const auto swapped = make_place(37.0, 142.0);
  ASSERT_FALSE(swapped);
  EXPECT_EQ(swapped.error().rule, Rule::place_out_of_range);
  EXPECT_NE(swapped.error().found.find("latitude and longitude swapped?"), std::string::npos);
  for (const double bad : {std::nan(""), HUGE_VAL, -HUGE_VAL, 1e300, 200.0}) {
    EXPECT_FALSE(make_place(0, bad)) << bad;
    EXPECT_FALSE(make_place(bad, 0)) << bad;
    EXPECT_EQ(make_place(bad, bad).error().found.find("swapped"), std::string::npos);
  }
}

// Every cut point of a geodesic lies on it; every chord's middle lies within the stated sag and nowhere to the side.
RC_GTEST_PROP(LineLaws, GeodesicsAreThoseOfGeographicLib, ()) {
  const Place a = any_place();
  const double far = std::pow(10.0, static_cast<double>(pick(0, 3'900)) / 1000 + 3),
               azimuth = static_cast<double>(pick(0, 3600)) / 10;
  double lat = 0, lon = 0;
  const auto& earth = GeographicLib::Geodesic::WGS84();
  earth.Direct(a.lat_e7 / 1e7, a.lon_e7 / 1e7, azimuth, far, lat, lon);
  const Place b = *make_place(lon, lat);
  const auto cut = cut_line(a, b, Line::geodesic);
  RC_ASSERT(cut);
  RC_ASSERT(cut->points.front() == to_ecef(a) && cut->points.back() == to_ecef(b));
  const auto line = earth.InverseLine(a.lat_e7 / 1e7, a.lon_e7 / 1e7, b.lat_e7 / 1e7, b.lon_e7 / 1e7);
  const auto on_line = [&](double share) {
    double x = 0, y = 0, z = 0;
    line.Position(line.Distance() * share, lat, lon);
    GeographicLib::Geocentric::WGS84().Forward(lat, lon, 0, x, y, z);
    return Vec3{x, y, z};
  };
  for (std::size_t i = 0; i < cut->points.size(); ++i)
    RC_ASSERT(norm(cut->points[i] - on_line(cut->reach[i] / cut->reach.back())) < 0.001 + 1e-9 * far);
  for (std::size_t i = 0; i + 1 < cut->points.size(); i += 7) {
    const Vec3 middle = (cut->points[i] + cut->points[i + 1]) * 0.5;
    const Vec3 off = on_line((cut->reach[i] + cut->reach[i + 1]) / 2 / cut->reach.back()) - middle, up = normal_at(middle);
    RC_ASSERT(dot(off, up) <= cut->sag_m + 1e-6);
    RC_ASSERT(norm(off - up * dot(off, up)) <= cut->sideways_m + 1e-9 * far);
  }
  RC_ASSERT(cut->sag_m <= 0.436);
}

RC_GTEST_PROP(LineLaws, LonLatLinesRunEvenlyInBoth, ()) {
  const Place a = any_place();
  const std::int64_t span = pick(10, 60'000'000);
  const auto near = [&](std::int32_t from, std::int64_t end) {
    return static_cast<std::int32_t>(std::clamp<std::int64_t>(from + pick(-span, span), -end, end));
  };
  const Place b{near(a.lon_e7, 1'800'000'000), near(a.lat_e7, 900'000'000)};
  const auto cut = cut_line(a, b, Line::lon_lat_linear);
  RC_ASSERT(cut);
  RC_ASSERT(cut->sideways_m <= kMostSidewaysM && cut->sag_m <= 0.3);
  // Dense points of the true line are within the stated distance of some chord.
  const std::size_t pieces = cut->points.size() - 1;
  for (std::size_t k = 0; k < pieces; k += 1 + pieces / 50)
    for (const double t : {0.13, 0.5, 0.71}) {
      const double share = (static_cast<double>(k) + t) / static_cast<double>(pieces);
      const Vec3 p = on_ellipsoid(a.lon_e7 + (static_cast<double>(b.lon_e7) - a.lon_e7) * share,
                                  a.lat_e7 + (static_cast<double>(b.lat_e7) - a.lat_e7) * share);
      const Vec3 along = cut->points[k + 1] - cut->points[k], from = p - cut->points[k], up = normal_at(p);
      const Vec3 off = from - along * (norm2(along) > 0 ? dot(from, along) / norm2(along) : 0);
      RC_ASSERT(std::fabs(dot(off, up)) <= cut->sag_m + 1e-6);
      RC_ASSERT(norm(off - up * dot(off, up)) <= cut->sideways_m);
    }
}

TEST(Line, TakesTheShortWayAcrossTheAntimeridian) {
  const auto cut = cut_line({1'799'000'000, 600'000'000}, {-1'799'000'000, 600'000'000}, Line::lon_lat_linear);
  ASSERT_TRUE(cut);
  EXPECT_NEAR(cut->reach.back(), 11'160, 20);
  for (const Vec3& p : cut->points) EXPECT_LT(p.x, -3'000'000);
}

TEST(Line, GoesOverThePole) {
  const auto cut = cut_line({300'000'000, 890'000'000}, {-1'500'000'000, 890'000'000}, Line::geodesic);
  ASSERT_TRUE(cut);
  double least = 1e9;
  for (const Vec3& p : cut->points) least = std::min(least, std::sqrt(p.x * p.x + p.y * p.y));
  EXPECT_LT(least, 4'700);
  EXPECT_NEAR(cut->reach.back(), 2 * 111'693, 10);
}

TEST(Text, WritesPlacesAsPeopleReadThem) {
  const Place dayrik{421'400'000, 371'770'000};
  EXPECT_EQ(to_dd(dayrik), "37.1770000N 42.1400000E");
  EXPECT_EQ(to_dms(dayrik), "37°10'37.20\"N 42°08'24.00\"E");
  EXPECT_EQ(to_dd({-5, -12}), "0.0000012S 0.0000005W");
  EXPECT_EQ(to_mgrs(dayrik, 5).substr(0, 3), "38S");
  EXPECT_EQ(to_mgrs(dayrik, 5).size(), 15U);
  EXPECT_EQ(to_mgrs(dayrik, 1).size(), 7U);
  EXPECT_EQ(to_mgrs({53'000'000, 601'000'000}, 2).substr(0, 3), "32V");  // the Norway exception
  EXPECT_EQ(to_mgrs({100'000'000, 880'000'000}, 5).substr(0, 1), "Z");   // UPS
}

RC_GTEST_PROP(TextLaws, ReadsBackWhatItWrites, ()) {
  const Place place = any_place();
  RC_ASSERT(*parse_place(to_dd(place)) == place);
  const Place dms = *parse_place(to_dms(place));
  RC_ASSERT(std::abs(dms.lat_e7 - place.lat_e7) <= 14 && std::abs(dms.lon_e7 - place.lon_e7) <= 14);
  const int digits = static_cast<int>(pick(1, 5));
  const std::string grid = to_mgrs(place, digits);
  const auto back = parse_place(grid);
  RC_ASSERT(back);
  // The centre of a coarse square at a zone's edge may lie in the next zone.
  if (digits >= 3 && to_mgrs(*back, digits).substr(0, 5) == grid.substr(0, 5)) RC_ASSERT(to_mgrs(*back, digits) == grid);
}

TEST(Text, ReadsWhatPeopleWrite) {
  const Place want{421'400'000, 371'770'000};
  for (const char* text :
       {"37.177N 42.140E", "N37.177 E42.140", "42.14E, 37.177N", "37.177° N, 42.140° E", "37°10'37.2\"N 42°08'24\"E",
        "37 10.62 N 42 8.4 E", "N 37 10 37.2; E 42 8 24", "37°10′37.2″n 42°08′24″e", "37.177N42.14E"}) {
    const auto read = parse_place(text);
    ASSERT_TRUE(read) << text << ": " << to_text(read.error());
    EXPECT_EQ(*read, want) << text;
  }
  const std::string grid = to_mgrs(want, 5);
  EXPECT_EQ(
      to_mgrs(*parse_place(grid.substr(0, 3) + " " + grid.substr(3, 2) + " " + grid.substr(5, 5) + " " + grid.substr(10)), 5),
      grid);
}

TEST(Text, RefusesWhatCouldMeanAnotherPlace) {
  struct Row {
    const char* text;
    Rule rule;
  };
  for (const Row& row : {Row{"37.177 42.140", Rule::place_ambiguous}, Row{"37.177,42.140", Rule::place_ambiguous},
                         Row{"-37.1, 42", Rule::place_ambiguous},     Row{"", Rule::place_malformed},
                         Row{"37.177N", Rule::place_malformed},       Row{"37.177N 42.14N", Rule::place_malformed},
                         Row{"37.177N 42.14", Rule::place_malformed}, Row{"-37.177N 42.14E", Rule::place_malformed},
                         Row{"37N 42E 5", Rule::place_malformed},     Row{"37°60'N 42E", Rule::place_malformed},
                         Row{"37.5°10'N 42E", Rule::place_malformed}, Row{"1 2 3 4N 5E", Rule::place_malformed},
                         Row{"97N 42E", Rule::place_out_of_range},    Row{"37N 190E", Rule::place_out_of_range},
                         Row{"38SKF123", Rule::place_malformed},      Row{"38IKF1234512345", Rule::place_malformed},
                         Row{"61SKF1234", Rule::place_malformed},     Row{"38SKF", Rule::place_malformed},
                         Row{"nan N inf E", Rule::place_malformed},   Row{"1e300N 1E", Rule::place_malformed}}) {
    const auto read = parse_place(row.text);
    ASSERT_FALSE(read) << row.text;
    EXPECT_EQ(read.error().rule, row.rule) << row.text << ": " << to_text(read.error());
    EXPECT_FALSE(read.error().accepted.empty());
  }
}

}  // namespace
}  // namespace wideberth::geo
