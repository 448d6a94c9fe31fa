#include "live/proximity.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "live/testing.h"

namespace wideberth::live {
namespace {

using testing::after;
using testing::cases;
using testing::Chance;
using testing::fix_at;

/// Everything that a step gave, to the bit.
std::string text_of(const Proximity& proximity) {
  std::string text;
  for (const Approach& p : proximity.approaches())
    text += fmt::format("approach {} {} {} {} {:a} {} {:a} {:a}\n", p.a.value, p.b.value, p.over.from.ms(), p.over.to.ms(),
                        p.closest.distance_m, p.closest.at.ms(), p.ahead.distance_m, p.ahead.seconds);
  for (const AlertEvent& e : proximity.events())
    text += fmt::format("{} {} {} {} {} {} {:a} {:a} {:a} {}\n", name_of(e.change), e.id.value, name_of(e.grade), e.a.value,
                        e.b.value, e.at.ms(), e.closest.distance_m, e.ahead.distance_m, e.ahead.seconds, name_of(e.ended));
  return text;
}

/// Traffic that was invented: units of several parties about one place, in steps.
struct Traffic {
  Units units;
  std::vector<std::vector<Fix>> steps;
};

struct Kind {
  const char* name;
  Vec3 middle;  ///< in space; need not lie on the ground
  double spread_m, fastest;
  std::size_t units, parties, in_a_step;
};

Traffic invent(const Kind& kind, std::uint64_t seed) {
  Chance chance{seed};
  Traffic traffic;
  struct Walker {
    Vec3 at, velocity;
    double last, every;
  };
  std::vector<Walker> walkers;
  for (std::size_t i = 0; i < kind.units; ++i) {
    const auto unit = traffic.units.add({.party = fmt::format("p{}", chance.below(kind.parties)),
                                         .name = fmt::format("u{}", i),
                                         .formation = chance.below(10) == 0 ? "f" : "",
                                         .fastest_mps = 500});
    EXPECT_TRUE(unit);
    const auto any = [&](double most) {
      return Vec3{chance.between(-most, most), chance.between(-most, most), chance.between(-most, most)};
    };
    const double pace = chance.below(4) == 0 ? 0 : kind.fastest;
    walkers.push_back({kind.middle + any(kind.spread_m), any(pace), chance.between(0, 5),
                       chance.below(20) == 0 ? 45.0 : 1 + chance.between(0, 6)});
  }
  std::vector<Fix> step;
  std::vector<bool> in(kind.units);
  for (double now = 5; now < 70; now += 1) {
    for (std::size_t i = 0; i < kind.units; ++i) {
      Walker& walker = walkers[i];
      if (now - walker.last < walker.every) continue;
      walker.at = walker.at + walker.velocity * (now - walker.last);
      walker.last = now;
      if (chance.below(8) == 0) walker.velocity = walker.velocity * chance.between(-1, 1);
      const bool says = chance.below(2) == 0;
      const Said said = says ? Said{.speed_mps = static_cast<float>(geo::norm(walker.velocity)),
                                    .course_deg = static_cast<float>(chance.between(0, 360))}
                             : Said{};
      if (in[i] || step.size() >= kind.in_a_step) {
        traffic.steps.push_back(std::move(step));
        step.clear();
        in.assign(kind.units, false);
      }
      step.push_back(fix_at(UnitIndex{static_cast<std::uint32_t>(i)}, now, geo::to_place(walker.at), said));
      in[i] = true;
    }
  }
  traffic.steps.push_back(std::move(step));
  return traffic;
}

std::vector<std::string> run(const Traffic& traffic, const std::vector<Path>& paths, PairLimits limits) {
  Proximity proximity{settings_of(limits)};
  Tracks tracks{proximity.settings().track};
  std::vector<std::string> said;
  std::size_t turn = 0;
  for (const auto& step : traffic.steps) {
    std::vector<UnitIndex> moved;
    for (const Fix& fix : step)
      if (is_used(tracks.take(traffic.units, fix, fix.time))) moved.push_back(fix.unit);
    proximity.step(traffic.units, tracks, moved, paths[turn++ % paths.size()]);
    said.push_back(text_of(proximity));
    proximity.advance(tracks, tracks.latest());
    said.push_back(text_of(proximity));
  }
  return said;
}

const double kEdge = 6'371'000 / 1.7320508075688772;  ///< a corner of the cube of faces
const Kind kKinds[] = {
    {"a field", geo::to_ecef(testing::kField), 3000, 15, 120, 2, 1000},
    {"a field, few at a time", geo::to_ecef(testing::kField), 3000, 15, 120, 3, 7},
    {"the north pole", {0, 0, 6'356'752}, 4000, 20, 100, 2, 50},
    {"the antimeridian", {-6'378'137, 0, 0}, 4000, 20, 100, 2, 50},
    {"a seam of faces", {4'510'000, 4'510'000, 100}, 4000, 20, 100, 4, 30},
    {"a corner of faces", {kEdge, -kEdge, -kEdge}, 4000, 20, 100, 2, 1000},
    {"fast", geo::to_ecef(testing::kField), 20'000, 250, 120, 2, 20},
    {"a country", geo::to_ecef(testing::kField), 300'000, 20, 300, 2, 1000},
    {"the whole earth", {}, 6'000'000, 30, 200, 3, 100},
    {"one spot", geo::to_ecef(testing::kField), 50, 2, 40, 40, 5},
};

TEST(ProximityLaws, NoPathMissesAPair) {
  for (const Kind& kind : kKinds)
    for (int seed = 0; seed < cases(2); ++seed) {
      const Traffic traffic = invent(kind, static_cast<std::uint64_t>(seed));
      const PairLimits limits{.reach_m = seed % 2 == 0 ? 2000.0 : 700.0, .encounter_m = 500, .caution_m = 200, .warning_m = 60};
      const auto every = run(traffic, {Path::every}, limits);
      for (const auto& paths : {std::vector{Path::together}, std::vector{Path::each},
                                std::vector{Path::each, Path::each, Path::together}, std::vector{Path::choose}}) {
        const auto found = run(traffic, paths, limits);
        for (std::size_t i = 0; i < every.size(); ++i)
          ASSERT_EQ(found[i], every[i]) << kind.name << ", seed " << seed << ", path " << static_cast<int>(paths[0]) << ", step "
                                        << i;
      }
      if (kind.spread_m <= 5000) {
        std::string all;
        for (const auto& text : every) all += text;
        EXPECT_NE(all.find("raised"), std::string::npos) << kind.name;
        EXPECT_NE(all.find("closed"), std::string::npos) << kind.name;
      }
    }
}

TEST(JoinLaws, EightLanesFindWhatFourFind) {
  for (const Kind& kind : kKinds) {
    const Traffic traffic = invent(kind, 77);
    Tracks tracks;
    std::vector<Moved> moved;
    for (const auto& step : traffic.steps)
      for (const Fix& fix : step) tracks.take(traffic.units, fix, fix.time);
    for (std::uint32_t i = 0; i < tracks.size(); ++i)
      if (const Motion& motion = tracks.motion({i}); motion.fastest_mps >= 0)
        moved.push_back({{i}, motion.last - Millis::from_ms(motion.step_ms)});
    Join eight, four = Join::with_four();
    std::vector<PairKey> by_eight, by_four;
    const Wanted wanted{5000, 500, 100, 120};
    eight.find(traffic.units, tracks, moved, tracks.latest(), after(-1000), wanted, by_eight);
    four.find(traffic.units, tracks, moved, tracks.latest(), after(-1000), wanted, by_four);
    EXPECT_EQ(by_eight, by_four) << kind.name;
    EXPECT_EQ(eight.looked_at(), four.looked_at());
  }
}

/// The least distance of two sequences of fixes, each straight from one to the next, where both are known: by going over the
/// instants of all fixes and, between them, over the closed form. Written apart from approach.cpp.
double least_of(const std::vector<Fix>& a, const std::vector<Fix>& b) {
  std::vector<std::int64_t> times;
  for (const auto* fixes : {&a, &b})
    for (const Fix& fix : *fixes) times.push_back(fix.time.ms());
  std::sort(times.begin(), times.end());
  const auto known = [](const std::vector<Fix>& f, double t) {
    return static_cast<double>(f.front().time.ms()) <= t && t <= static_cast<double>(f.back().time.ms());
  };
  const auto place = [](const std::vector<Fix>& f, double t) {
    std::size_t i = 1;
    while (i + 1 < f.size() && static_cast<double>(f[i].time.ms()) < t) ++i;
    const auto from = static_cast<double>(f[i - 1].time.ms()), to = static_cast<double>(f[i].time.ms());
    return f[i - 1].at + (f[i].at - f[i - 1].at) * ((t - from) / (to - from));
  };
  double least = 1e18;
  for (std::size_t i = 1; i < times.size(); ++i) {
    const auto from = static_cast<double>(times[i - 1]), to = static_cast<double>(times[i]);
    if (!known(a, from) || !known(b, from) || !known(a, to) || !known(b, to)) continue;
    double low = from, high = to;  // the distance is convex in between: narrow it down
    for (int round = 0; round < 100; ++round) {
      const double x = low + (high - low) / 3, y = high - (high - low) / 3;
      const double dx = geo::norm(place(a, x) - place(b, x)), dy = geo::norm(place(a, y) - place(b, y));
      (dx < dy ? high : low) = dx < dy ? y : x;
      least = std::min({least, dx, dy});
    }
  }
  return least;
}

TEST(ProximityLaws, NoCrossingBetweenTwoFixesIsMissed) {
  int crossings = 0;
  for (int seed = 0; seed < cases(6); ++seed) {
    const Traffic traffic =
        invent({"", geo::to_ecef(testing::kField), 1000, 20, 60, 2, 1 + 20 * static_cast<std::size_t>(seed % 3)},
               100 + static_cast<std::uint64_t>(seed));
    Proximity proximity{settings_of(PairLimits{.reach_m = 300, .encounter_m = 100})};
    Tracks tracks{proximity.settings().track};
    std::map<PairKey, double> found;
    std::vector<std::vector<Fix>> fixes(traffic.units.size());
    for (const auto& step : traffic.steps) {
      std::vector<UnitIndex> moved;
      for (const Fix& fix : step) {
        ASSERT_EQ(tracks.take(traffic.units, fix, fix.time), Taken::used);
        fixes[fix.unit.value].push_back(fix);
        moved.push_back(fix.unit);
      }
      proximity.step(traffic.units, tracks, moved, Path::choose);
      for (const Approach& p : proximity.approaches()) {
        const auto [at, fresh] = found.emplace(pair_of(p.a.value, p.b.value), p.closest.distance_m);
        if (!fresh) at->second = std::min(at->second, p.closest.distance_m);
      }
    }
    for (std::uint32_t a = 0; a < fixes.size(); ++a)
      for (std::uint32_t b = a + 1; b < fixes.size(); ++b) {
        if (traffic.units.party_of({a}) == traffic.units.party_of({b}) || fixes[a].size() < 2 || fixes[b].size() < 2) continue;
        const double least = least_of(fixes[a], fixes[b]);
        if (least > 100 - 1e-3) continue;
        ++crossings;
        const auto at = found.find(pair_of(a, b));
        ASSERT_NE(at, found.end()) << a << ' ' << b << ' ' << least;
        EXPECT_LE(at->second, least + 1e-3);
      }
  }
  EXPECT_GT(crossings, 100);
}

}  // namespace
}  // namespace wideberth::live
