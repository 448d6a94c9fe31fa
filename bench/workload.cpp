#include "workload.h"

#include <cmath>
#include <stdexcept>

#include "dice.h"

#ifdef WIDEBERTH_BENCH_GTFS
#include "../tests/gtfs/gtfs.h"
#endif

namespace wideberth::bench {
namespace {

constexpr double kPi = 3.14159265358979323846;
constexpr double kSideM = 600'000;
constexpr std::int64_t kDays = 30, kDayMs = 86'400'000, kSunriseMs = 6 * 3'600'000, kSunsetMs = 18 * 3'600'000;
constexpr std::int64_t kFirstDayMs = 1'780'272'000'000;  // 2026-06-01T00:00:00Z
constexpr geo::Millis kHalfWindow = geo::Millis::from_seconds(15 * 60);
constexpr int kLegs = 8, kParties = 8, kTowns = 70;
constexpr double kTownRadiusM = 1'000;

struct Spot {
  double east_m, north_m;
};

// A plain about 48 N 20 E; metres are near enough for invented places.
geo::Place place_of(Spot at) {
  constexpr double kMetresPerDegree = 111'200;
  const double lat = 48 + at.north_m / kMetresPerDegree;
  const double lon = 20 + at.east_m / (kMetresPerDegree * std::cos(lat * kPi / 180));
  return *geo::make_place(lon, lat);
}

class Country {
 public:
  Country(Spread spread, std::uint64_t seed) : spread_{spread}, dice_{seed} {
    for (int i = 0; i < kTowns; ++i) towns_.push_back(anywhere(kSideM));
  }

  Movement next() {
    geo::Route route;
    Spot at = start();
    double heading = dice_.between(0, 2 * kPi);
    auto ms = kFirstDayMs + dice_.below(kDays) * kDayMs + dice_.below(kSunriseMs, kSunsetMs);
    const double metres_per_ms = dice_.between(30, 60) / 3'600;
    for (int leg = 0; leg <= kLegs; ++leg) {
      const auto when = geo::Instant::from_ms(ms);
      route.waypoints.push_back({place_of(at), {when - kHalfWindow, when + kHalfWindow}});
      const double length = dice_.between(1'500, 2'500);
      heading += dice_.between(-0.5, 0.5);
      at = {at.east_m + length * std::sin(heading), at.north_m + length * std::cos(heading)};
      ms += static_cast<std::int64_t>(length / metres_per_ms);
    }
    auto plan = geo::compile(route);
    if (!plan) throw std::logic_error{"an invented route was refused: " + to_text(plan.error())};
    return {"party-" + std::to_string(dice_.below(kParties)), std::make_shared<const geo::Plan>(*std::move(plan))};
  }

 private:
  Spot anywhere(double side_m) {
    const double east = dice_.between(-side_m / 2, side_m / 2);
    return {east, dice_.between(-side_m / 2, side_m / 2)};
  }
  Spot start() {
    if (spread_ == Spread::crowd) return anywhere(dice_.between(0, 1) < 0.8 ? kSideM / 10 : kSideM);
    const Spot centre = towns_[static_cast<std::size_t>(dice_.below(kTowns))];
    const double around = dice_.between(0, 2 * kPi), away = kTownRadiusM * std::sqrt(dice_.between(0, 1));
    return {centre.east_m + away * std::sin(around), centre.north_m + away * std::cos(around)};
  }

  Spread spread_;
  Dice dice_;
  std::vector<Spot> towns_;
};

}  // namespace

Workload::Workload(std::string name_, std::span<const Movement> filed_, std::span<const Movement> asked_, geo::Metres separation_)
    : name{std::move(name_)}, filed{filed_}, asked{asked_}, separation{separation_} {
  for (const Movement& movement : filed) pieces += movement.plan->pieces().size();
}

std::vector<Movement> invent(Spread spread, std::size_t count, std::uint64_t seed) {
  Country country{spread, seed};
  std::vector<Movement> made;
  made.reserve(count);
  while (made.size() < count) made.push_back(country.next());
  return made;
}

#ifdef WIDEBERTH_BENCH_GTFS
std::vector<Movement> read_timetable(const std::string& archive) {
  std::vector<Movement> made;
  for (const gtfs::Trip& trip : gtfs::read_trips(archive, geo::Millis::from_seconds(5 * 60))) {
    auto plan = geo::compile(trip.route);
    if (!plan) throw std::runtime_error{trip.id + ": " + to_text(plan.error())};
    made.push_back({trip.line % 2 == 0 ? "even" : "odd", std::make_shared<const geo::Plan>(*std::move(plan))});
  }
  return made;
}
#else
std::vector<Movement> read_timetable(const std::string&) { throw std::runtime_error{"built without libzip"}; }
#endif

}  // namespace wideberth::bench
