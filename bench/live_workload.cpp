// What W2, W2S and W2A consist of.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "dice.h"
#include "geo/ellipsoid.h"
#include "geo/trig.h"
#include "live.h"
#ifdef WIDEBERTH_BENCH_SHIPS
#include "../tests/live/recorded.h"
#endif

namespace wideberth::bench {
namespace {

constexpr geo::Instant kBegin = geo::Instant::from_ms(1'598'338'800'000);  // 25 August 2020, 07:00 UTC
constexpr double kAcross = 600'000;

/// East and north of a point at 48 N 20 E, along the ground to rounding.
struct Field {
  geo::Vec3 middle = geo::to_ecef({200'000'000, 480'000'000});
  geo::Vec3 up = geo::normal_at(middle);
  geo::Vec3 east{-middle.y / std::hypot(middle.x, middle.y), middle.x / std::hypot(middle.x, middle.y), 0};
  geo::Vec3 north = geo::cross(up, east);
  geo::Place at(double e, double n) const {
    return geo::to_place(middle + east * e + north * n - up * ((e * e + n * n) / 12'742'000));
  }
};

struct Course {
  double east = 0, north = 0, heading = 0, speed = 0;
};

struct Road {
  double east, north, along_east, along_north, length;
};

std::vector<Road> roads_of(Dice& chance) {
  std::vector<std::pair<double, double>> towns;
  for (int i = 0; i < 70; ++i)
    towns.emplace_back(chance.between(-kAcross / 2, kAcross / 2), chance.between(-kAcross / 2, kAcross / 2));
  std::vector<Road> roads;
  for (std::size_t i = 0; i < towns.size(); ++i)
    for (int k = 0; k < 2; ++k) {
      // Between a town and one of the four nearest to it.
      auto others = towns;
      std::sort(others.begin(), others.end(), [&](const auto& a, const auto& b) {
        return std::hypot(a.first - towns[i].first, a.second - towns[i].second) <
               std::hypot(b.first - towns[i].first, b.second - towns[i].second);
      });
      const auto& to = others[1 + chance.one_of(4)];
      const double e = to.first - towns[i].first, n = to.second - towns[i].second, length = std::hypot(e, n);
      roads.push_back({towns[i].first, towns[i].second, e / length, n / length, length});
    }
  return roads;
}

Course course_of(Lie lie, const std::vector<Road>& roads, Dice& chance) {
  Course course{chance.between(-kAcross / 2, kAcross / 2), chance.between(-kAcross / 2, kAcross / 2),
                chance.between(0, 2 * geo::kPi), chance.between(10, 20)};
  if (lie == Lie::evenly || chance.one_of(5) == 0) return course;
  const Road& road = roads[chance.one_of(roads.size())];
  const double along = chance.between(0, road.length), aside = chance.between(-1500, 1500);
  course.east = road.east + road.along_east * along - road.along_north * aside;
  course.north = road.north + road.along_north * along + road.along_east * aside;
  course.heading =
      std::atan2(road.along_east, road.along_north) + (chance.one_of(2) == 0 ? geo::kPi : 0) + chance.between(-0.2, 0.2);
  return course;
}

/// Twenty minutes straight on, ± 30 s; begun a little before the first fix, by some so long ago that they are late.
std::shared_ptr<const live::Movement> movement_of(const Field& field, const Course& course, std::uint32_t unit, const char* party,
                                                  double behind_s) {
  geo::Route route;
  const double e = std::sin(course.heading) * course.speed, n = std::cos(course.heading) * course.speed;
  for (const double s : {-60.0, 540.0, 1140.0}) {
    const geo::Instant middle = kBegin + geo::Millis::from_ms(static_cast<std::int64_t>((s - behind_s) * 1000));
    const geo::Millis half = geo::Millis::from_seconds(30);
    route.waypoints.push_back({field.at(course.east + e * s, course.north + n * s), {middle - half, middle + half}});
  }
  route.half_width = geo::Metres::from_metres(100);
  model::Notification notified;
  notified.party = party;
  notified.where = std::move(route);
  notified.composition.vehicles = {{"truck", 1}};
  auto made = live::make_movement(fmt::format("MV-{}", unit), std::move(notified));
  if (!made) throw std::runtime_error(base::to_text(made.error()));
  return *made;
}

}  // namespace

LiveWorkload invent_live(Lie lie, std::size_t count, std::size_t seconds, std::uint64_t seed) {
  Dice chance{seed};
  const Field field;
  const std::vector<Road> roads = roads_of(chance);
  LiveWorkload made{lie == Lie::evenly ? "W2" : "W2S",
                    lie == Lie::evenly ? "anywhere in 600 km x 600 km" : "four of five within 1.5 km of a road"};
  std::vector<Course> courses;
  for (std::uint32_t i = 0; i < count; ++i) {
    const char* party = i % 2 == 0 ? "blue" : "red";
    made.units.push_back({.party = party, .name = fmt::format("U-{}", i)});
    courses.push_back(course_of(lie, roads, chance));
    made.movements.push_back(movement_of(field, courses.back(), i, party, chance.one_of(20) == 0 ? 600 : 0));
  }
  std::vector<std::uint32_t> order(count);
  for (std::uint32_t i = 0; i < count; ++i) order[i] = i;
  for (std::size_t i = count; i > 1; --i) std::swap(order[i - 1], order[chance.one_of(i)]);  // fixes come in no order of units
  for (std::size_t s = 0; s < seconds; ++s) {
    auto& second = made.seconds.emplace_back();
    for (const std::uint32_t i : order) {
      Course& course = courses[i];
      const double heading = course.heading + chance.between(-0.05, 0.05), speed = course.speed * chance.between(0.97, 1.03);
      course.east += std::sin(course.heading) * course.speed;
      course.north += std::cos(course.heading) * course.speed;
      double deg = heading * (180 / geo::kPi);
      deg -= std::floor(deg / 360) * 360;
      const auto jitter = static_cast<std::int64_t>(chance.one_of(1000));
      second.push_back(
          {i,
           kBegin + geo::Millis::from_ms(static_cast<std::int64_t>(s) * 1000 + jitter),
           field.at(course.east + chance.between(-3, 3), course.north + chance.between(-3, 3)),
           {.accuracy_m = 5, .speed_mps = static_cast<float>(speed), .course_deg = static_cast<float>(std::min(deg, 359.99))}});
    }
  }
  return made;
}

LiveWorkload read_ships_live([[maybe_unused]] const std::string& gzipped_nmea) {
#ifdef WIDEBERTH_BENCH_SHIPS
  const recorded::Traffic traffic = recorded::read_ships(gzipped_nmea);
  LiveWorkload made{"W2A", "five minutes of Danish ships, 5 km"};
  for (std::uint32_t i = 0; i < traffic.units.size(); ++i) made.units.push_back(traffic.units[{i}]);
  made.movements.resize(made.units.size());
  for (const live::Fix& fix : traffic.fixes) {
    if (made.seconds.empty() || made.seconds.back().front().time.ms() / 1000 != fix.time.ms() / 1000) made.seconds.emplace_back();
    made.seconds.back().push_back(
        {fix.unit.value, fix.time, fix.place, {fix.accuracy_m, fix.speed_mps, fix.course_deg, fix.altitude_m}});
  }
  return made;
#else
  throw std::runtime_error("built without zlib");
#endif
}

}  // namespace wideberth::bench
