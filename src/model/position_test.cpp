#include "model/position.h"

#include <gtest/gtest.h>

#include <functional>

#include "model/testing.h"

namespace wideberth::model {
namespace {

using testing::outcome;

Position some_position() {
  Position p;
  p.unit = "219000001";
  p.time = *Instant::parse("2020-08-25T06:58:12.417Z");
  p.place = {402'000'000, 370'500'000};
  p.accuracy = Metres::from_mm(4'700);
  p.speed_mmps = 11'180;
  p.course_cdeg = 27'150;
  p.altitude = Metres::from_mm(-12'345);
  p.source = PositionSource::gnss;
  return p;
}

TEST(Position, SourcesHaveNames) {
  for (const auto source :
       {PositionSource::unknown, PositionSource::gnss, PositionSource::ais, PositionSource::cot, PositionSource::observed})
    EXPECT_EQ(position_source_named(name_of(source)), source);
  EXPECT_FALSE(position_source_named("radar"));
}

TEST(Position, EveryFieldHasItsRange) {
  struct Row {
    const char* name;
    std::function<void(Position&)> change;
    const char* outcome;
  };
  const Row rows[] = {
      {"as it is", [](Position&) {}, "accepted"},
      {"no unit", [](Position& p) { p.unit.clear(); }, "position_unit at /unit"},
      {"longest unit", [](Position& p) { p.unit.assign(kMostUnitName, 'u'); }, "accepted"},
      {"unit too long", [](Position& p) { p.unit.assign(kMostUnitName + 1, 'u'); }, "position_unit at /unit"},
      {"space at its end", [](Position& p) { p.unit = "alpha "; }, "position_unit at /unit"},
      {"space within", [](Position& p) { p.unit = "alpha 1"; }, "accepted"},
      {"deceiving text", [](Position& p) { p.unit = "al\u202Eahp"; }, "position_unit at /unit"},
      {"control character", [](Position& p) { p.unit = "a\nb"; }, "position_unit at /unit"},
      {"1970", [](Position& p) { p.time = kEarliestPosition; }, "accepted"},
      {"before 1970", [](Position& p) { p.time = kEarliestPosition - Millis::from_ms(1); }, "position_time at /time"},
      {"last", [](Position& p) { p.time = kLatestPosition; }, "accepted"},
      {"after 2199", [](Position& p) { p.time = kLatestPosition + Millis::from_ms(1); }, "position_time at /time"},
      {"at the pole", [](Position& p) { p.place = {1'800'000'000, 900'000'000}; }, "accepted"},
      {"beyond the pole", [](Position& p) { p.place.lat_e7 = -900'000'001; }, "place_out_of_range at /place"},
      {"beyond the antimeridian", [](Position& p) { p.place.lon_e7 = 1'800'000'001; }, "place_out_of_range at /place"},
      {"accuracy below nought", [](Position& p) { p.accuracy = Metres::from_mm(-1); }, "position_range at /accuracy"},
      {"accuracy above 1000 km", [](Position& p) { p.accuracy = kMostAccuracy + Metres::from_mm(1); },
       "position_range at /accuracy"},
      {"speed below nought", [](Position& p) { p.speed_mmps = -1; }, "position_range at /speed"},
      {"speed above 20 km/s", [](Position& p) { p.speed_mmps = kMostSpeed_mmps + 1; }, "position_range at /speed"},
      {"course of a full turn", [](Position& p) { p.course_cdeg = kMostCourse_cdeg + 1; }, "position_range at /course"},
      {"deep below", [](Position& p) { p.altitude = kLeastAltitude - Metres::from_mm(1); }, "position_range at /altitude"},
      {"high above", [](Position& p) { p.altitude = kMostAltitude + Metres::from_mm(1); }, "position_range at /altitude"},
  };
  for (const Row& row : rows) {
    Position p = some_position();
    row.change(p);
    EXPECT_EQ(outcome(check_position(p)), row.outcome) << row.name;
  }
}

}  // namespace
}  // namespace wideberth::model
