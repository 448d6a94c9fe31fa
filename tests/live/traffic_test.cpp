#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <set>

#include "live/proximity.h"
#include "recorded.h"

namespace wideberth::recorded {
namespace {

using namespace live;

std::string data(const char* name) { return std::string(std::getenv("WIDEBERTH_DATA")) + "/" + name; }

Traffic ships() {
  Traffic traffic = read_ships(data("ais-denmark-5min.nmea.gz"));
  if (const char* most = std::getenv("WIDEBERTH_FIXES"))
    traffic.fixes.resize(std::min(traffic.fixes.size(), std::size_t(std::atoi(most))));
  return traffic;
}

struct Outcome {
  std::vector<AlertEvent> events{};
  std::vector<Approach> approaches{};
  std::string text{};
};

/// In steps of up to `most` fixes, no unit twice in one.
Outcome run(const Traffic& traffic, Path path, std::size_t most) {
  Proximity proximity{settings_of(PairLimits{})};
  Tracks tracks{proximity.settings().track};
  Outcome outcome;
  std::vector<UnitIndex> moved;
  std::set<UnitIndex> in;
  const auto step = [&] {
    proximity.step(traffic.units, tracks, moved, path);
    for (const Approach& p : proximity.approaches())
      outcome.text +=
          fmt::format("{} {} {:a} {} {:a}\n", p.a.value, p.b.value, p.closest.distance_m, p.closest.at.ms(), p.ahead.distance_m);
    for (const AlertEvent& e : proximity.events())
      outcome.text +=
          fmt::format("{} {} {} {} {} {}\n", e.id.value, name_of(e.change), name_of(e.grade), e.a.value, e.b.value, e.at.ms());
    outcome.events.insert(outcome.events.end(), proximity.events().begin(), proximity.events().end());
    outcome.approaches.insert(outcome.approaches.end(), proximity.approaches().begin(), proximity.approaches().end());
    moved.clear();
    in.clear();
  };
  for (const Fix& fix : traffic.fixes) {
    if (moved.size() == most || in.contains(fix.unit)) step();
    if (!is_used(tracks.take(traffic.units, fix, fix.time))) continue;
    moved.push_back(fix.unit);
    in.insert(fix.unit);
  }
  step();
  return outcome;
}

TEST(Traffic, NoSearchMissesAPairOfShips) {
  const Traffic traffic = ships();
  ASSERT_GT(traffic.units.size(), 500U);
  for (const std::size_t most : {std::size_t{1}, std::size_t{700}}) {
    const Outcome every = run(traffic, Path::every, most);
    EXPECT_GT(every.approaches.size(), 1000U);
    EXPECT_EQ(run(traffic, Path::each, most).text, every.text);
    EXPECT_EQ(run(traffic, Path::choose, most).text, every.text);
    if (most > 1) {
      EXPECT_EQ(run(traffic, Path::together, most).text, every.text);
    }
  }
}

/// Whether the two came as near as was foretold, within a quarter more time than was foretold.
bool came_true(const AlertEvent& alert, const std::vector<Approach>& approaches) {
  const PairLimits limits;
  const double metres = alert.grade == Grade::warning ? limits.warning_m : limits.caution_m;
  const double seconds = alert.grade == Grade::warning ? limits.warning_s : limits.caution_s;
  const Instant until = alert.at + Millis::from_ms(static_cast<std::int64_t>(seconds * 1250));
  return std::any_of(approaches.begin(), approaches.end(), [&](const Approach& p) {
    return p.a == alert.a && p.b == alert.b && p.over.to >= alert.at && p.closest.at <= until && p.closest.distance_m < metres;
  });
}

/// Alerts that came to nothing, counted once for each of the two, for each unit and day on record.
double nuisance(const char* what, const Traffic& traffic, double unit_days) {
  const Outcome outcome = run(traffic, Path::choose, 1);
  std::size_t raised = 0, empty = 0;
  for (const AlertEvent& event : outcome.events) {
    if (event.change != AlertChange::raised) continue;
    ++raised;
    if (!came_true(event, outcome.approaches)) ++empty;
  }
  const double rate = 2 * static_cast<double>(empty) / unit_days;
  fmt::print("{}: {} units, {} fixes, {:.2f} unit-days, {} approaches, {} alerts, {} came to nothing: {:.2f} a unit and day\n",
             what, traffic.units.size(), traffic.fixes.size(), unit_days, outcome.approaches.size(), raised, empty, rate);
  return rate;
}

TEST(Traffic, AtMostOneNuisanceAUnitAndDayAmongShips) {
  const Traffic traffic = ships();
  EXPECT_LE(nuisance("ships", traffic, traffic.unit_days()), 1.0);
}

TEST(Traffic, AtMostOneNuisanceAUnitAndDayAmongWalkers) {
  const Traffic traffic = read_walkers(data("geolife-sample.csv.gz"));
  std::set<std::pair<UnitIndex, std::int64_t>> days;  // on which a unit has a fix at all
  for (const Fix& fix : traffic.fixes) days.insert({fix.unit, fix.time.ms() / 86'400'000});
  EXPECT_LE(nuisance("walkers", traffic, static_cast<double>(days.size())), 1.0);
}

TEST(Traffic, TwoShipsThatLieStillAreQuiet) {
  const Traffic traffic = ships();
  std::vector<Vec3> first(traffic.units.size());
  std::vector<bool> seen(traffic.units.size()), still(traffic.units.size(), true);
  for (const Fix& fix : traffic.fixes) {
    if (!seen[fix.unit.value]) first[fix.unit.value] = fix.at;
    seen[fix.unit.value] = true;
    if (geo::norm(fix.at - first[fix.unit.value]) > 25) still[fix.unit.value] = false;
  }
  EXPECT_GT(std::count(still.begin(), still.end(), true), 500);
  const Outcome outcome = run(traffic, Path::choose, 1);
  std::ptrdiff_t pairs = 0;
  for (const Approach& p : outcome.approaches)
    pairs += still[p.a.value] && still[p.b.value] && p.closest.distance_m < 100 ? 1 : 0;
  EXPECT_GT(pairs, std::getenv("WIDEBERTH_FIXES") == nullptr ? 1000 : 500);  // there is something to be quiet about
  for (const AlertEvent& event : outcome.events) EXPECT_FALSE(still[event.a.value] && still[event.b.value]);
}

}  // namespace
}  // namespace wideberth::recorded
