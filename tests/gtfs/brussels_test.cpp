// Every scheduled metro and tram trip of Brussels on one day, lines of odd number against lines of even number, ± 5 min, 200 m:
// the pairs that conflict::Index finds are those that the oracle finds, a program with other formulas and its own broad phase.
// Only pairs whose least distance lies within the stated bound of the separation may be in one set and not in the other.
// WIDEBERTH_TRIPS takes only every so-and-so-manyth trip, so that about so many remain.
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <map>

#include "../oracle/pairs.h"
#include "conflict/conflict.h"
#include "gtfs.h"

namespace wideberth::gtfs {
namespace {

using base::EntryIndex;
using geo::Metres;
using Keys = std::pair<std::uint64_t, std::uint64_t>;
using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point begin) { return std::chrono::duration<double>(Clock::now() - begin).count(); }

constexpr Metres kSeparation = Metres::from_metres(200);

std::vector<Trip> some(std::vector<Trip> trips) {
  const char* wanted = std::getenv("WIDEBERTH_TRIPS");
  const std::size_t keep = wanted != nullptr ? std::strtoul(wanted, nullptr, 10) : trips.size();
  // Whole hours of the day rather than thinned out: who is alone meets nobody.
  std::sort(trips.begin(), trips.end(), [](const Trip& a, const Trip& b) {
    const auto begin = [](const Trip& trip) { return std::pair{trip.route.waypoints.front().window.from, trip.id}; };
    return begin(a) < begin(b);
  });
  const std::size_t begin = (trips.size() - std::min(keep, trips.size())) / 2;
  return {trips.begin() + static_cast<long>(begin), trips.begin() + static_cast<long>(begin + std::min(keep, trips.size()))};
}

std::string party_of(const Trip& trip) { return trip.line % 2 == 0 ? "even" : "odd"; }

std::map<Keys, geo::Meeting> search_all(const std::vector<std::shared_ptr<const geo::Plan>>& plans,
                                        const std::vector<Trip>& trips) {
  conflict::Index index;
  std::map<Keys, geo::Meeting> found;
  for (std::size_t i = 0; i < plans.size(); ++i) {
    for (auto& hit :
         index.search(*plans[i], party_of(trips[i]), [](EntryIndex) { return std::optional{kSeparation}; }, kSeparation))
      found.emplace(Keys{hit.key.value, i}, std::move(hit.meeting));
    index.insert({i}, party_of(trips[i]), plans[i]);
  }
  return found;
}

struct Verdict {
  bool sure;
  double below, above;
};

std::map<Keys, Verdict> ask_oracle(const std::vector<Trip>& trips) {
  std::string path = "/tmp/gtfs_XXXXXX";
  const int file = mkstemp(path.data());
  if (file >= 0) close(file);
  {
    std::ofstream questions{path};
    for (const Trip& trip : trips) questions << "T " << (trip.line % 2) << '\n' << oracle::line_for_oracle(trip.route) << '\n';
    questions << "! " << kSeparation.mm() << '\n';
  }
  const char* program = std::getenv("WIDEBERTH_ORACLE");
  FILE* pipe = popen((std::string{program != nullptr ? program : "oracle"} + " < " + path).c_str(), "r");
  std::map<Keys, Verdict> verdicts;
  unsigned long long i = 0, j = 0;
  char sure = 0;
  double below = 0, above = 0;
  while (std::fscanf(pipe, "%llu %llu %c %lf %lf", &i, &j, &sure, &below, &above) == 5)
    verdicts[{i, j}] = {sure == 'C', below, above};
  EXPECT_EQ(pclose(pipe), 0);
  std::remove(path.c_str());
  return verdicts;
}

TEST(BrusselsLaws, TheSamePairsAsTheOracle) {
  const char* archive = std::getenv("WIDEBERTH_GTFS");
  ASSERT_NE(archive, nullptr) << "WIDEBERTH_GTFS names the archive";
  const std::vector<Trip> all = read_trips(archive, geo::Millis::from_seconds(300));
  EXPECT_EQ(all.size(), 3'937U);
  const std::vector<Trip> trips = some(all);

  auto begin = Clock::now();
  std::vector<std::shared_ptr<const geo::Plan>> plans;
  std::size_t pieces = 0;
  for (const Trip& trip : trips) {
    auto plan = geo::compile(trip.route);
    ASSERT_TRUE(plan) << trip.id << ": " << to_text(plan.error());
    pieces += plan->pieces().size();
    plans.push_back(std::make_shared<const geo::Plan>(*std::move(plan)));
  }
  std::printf("%zu trips, %zu pieces, compiled in %.2f s\n", trips.size(), pieces, seconds_since(begin));
  begin = Clock::now();
  const auto found = search_all(plans, trips);
  const double took = seconds_since(begin);
  std::size_t on_schedule = 0;
  for (const auto& [keys, meeting] : found) on_schedule += meeting.kind != geo::Likeness::possible;
  std::printf("%zu conflicts (%zu on schedule) in %.2f s, %.0f us a search\n", found.size(), on_schedule, took,
              1e6 * took / static_cast<double>(trips.size()));
  begin = Clock::now();
  const auto verdicts = ask_oracle(trips);
  std::printf("the oracle: %zu pairs in %.2f s\n", verdicts.size(), seconds_since(begin));

  std::size_t sure = 0, at_the_threshold = 0;
  for (const auto& [keys, verdict] : verdicts) {
    const double bound = bound_m(*plans[keys.first], *plans[keys.second]);
    if (verdict.sure) {
      ++sure;
      EXPECT_TRUE(found.contains(keys)) << "missed: " << trips[keys.first].id << " and " << trips[keys.second].id;
    } else {
      at_the_threshold += verdict.below <= kSeparation.metres() + bound;
    }
  }
  for (const auto& [keys, meeting] : found) {
    const auto verdict = verdicts.find(keys);
    const double bound = bound_m(*plans[keys.first], *plans[keys.second]);
    EXPECT_TRUE(verdict != verdicts.end() && verdict->second.below <= kSeparation.metres() + bound)
        << "invented: " << trips[keys.first].id << " and " << trips[keys.second].id << " at " << meeting.least_possible_m << " m";
  }
  std::printf("%zu surely too near, %zu at the threshold\n", sure, at_the_threshold);
  EXPECT_GT(sure, 1'000U);
  EXPECT_LE(at_the_threshold, sure / 100 + 1);
}

}  // namespace
}  // namespace wideberth::gtfs
