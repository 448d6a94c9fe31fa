#include "live/alibi.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>

#include "geo/ellipsoid.h"
#include "geo/trig.h"
#include "live/lens.h"

namespace wideberth::live {
namespace {

using base::Instant;
using base::Metres;
using base::Rule;

constexpr std::int64_t kNine = 1'598'346'000'000;  // 2020-08-25T09:00:00Z

Sighting sighting(std::int64_t seconds, double lon, double lat, std::int64_t accuracy_m = 0) {
  return {Instant::from_ms(kNine + seconds * 1000), *geo::make_place(lon, lat), Metres::from_metres(accuracy_m)};
}

Alibi ask(const std::vector<Sighting>& a, std::int64_t speed_a, const std::vector<Sighting>& b, std::int64_t speed_b,
          std::int64_t within_m) {
  return could_have_met({a, speed_a}, {b, speed_b}, Metres::from_metres(within_m)).value();
}

TEST(Alibi, AnswersYesWithTheEarliestAndTheLatestMoment) {
  // Both stand on the equator, 2 km apart, for ten minutes between two fixes; each could drive at 10 m/s.
  const std::vector<Sighting> a{sighting(0, 0, 0), sighting(600, 0, 0)};
  const std::vector<Sighting> b{sighting(0, 0.017966305, 0), sighting(600, 0.017966305, 0)};  // 2000.0 m
  const Alibi met = ask(a, 10'000, b, 10'000, 0);
  ASSERT_EQ(met.answer, CouldMeet::yes);
  ASSERT_EQ(met.windows.size(), 1U);
  // Towards each other at 20 m/s: 100 s there, and from 100 s before the end they must part.
  EXPECT_NEAR(static_cast<double>(met.windows[0].when.from.ms() - kNine), 100'000, 5);
  EXPECT_NEAR(static_cast<double>(met.windows[0].when.to.ms() - kNine), 500'000, 5);
  EXPECT_LE(met.windows[0].apart, Metres::from_mm(3));
  EXPECT_EQ(ask(a, 3'300, b, 3'300, 0).answer, CouldMeet::no);   // 3.3 m/s * 600 s = 1980 m: there and back is too far
  EXPECT_EQ(ask(a, 3'400, b, 3'400, 0).answer, CouldMeet::yes);  // 2040 m
  EXPECT_EQ(ask(a, 0, b, 0, 1999).answer, CouldMeet::no);
  EXPECT_EQ(ask(a, 0, b, 0, 2001).answer, CouldMeet::yes);
}

TEST(Alibi, AStraightDashAtTheBoundLeavesOneWayToGo) {
  const std::vector<Sighting> a{sighting(0, 42.0, 37.0), sighting(100, 42.1, 37.0)};
  const double far = geo::distance_m(a[0].place, a[1].place);
  const auto speed = static_cast<std::int64_t>(std::ceil(far * 10));  // mm/s over 100 s: just enough
  const std::vector<Sighting> beside{sighting(0, 42.05, 37.001), sighting(100, 42.05, 37.001)};
  EXPECT_EQ(ask(a, speed, beside, 0, 80).answer, CouldMeet::no);  // 111 m beside the chord
  const Alibi near = ask(a, speed, beside, 0, 130);
  ASSERT_EQ(near.answer, CouldMeet::yes);
  EXPECT_NEAR(static_cast<double>(near.windows[0].at.ms() - kNine), 50'000, 200);
}

TEST(Alibi, SaysWhatItCannotSay) {
  const std::vector<Sighting> a{sighting(0, 42.0, 37.0), sighting(60, 42.0, 37.0)};
  EXPECT_EQ(ask(a, 1000, {sighting(100, 42.0, 37.0), sighting(200, 42.0, 37.0)}, 1000, 10).answer, CouldMeet::unsaid);
  const std::vector<Sighting> jumps{sighting(0, 42.0, 37.0), sighting(60, 42.1, 37.0)};  // 8.9 km in a minute
  const Alibi broken = ask(jumps, 10'000, {sighting(0, 43.0, 37.0), sighting(60, 43.0, 37.0)}, 10'000, 10);
  EXPECT_EQ(broken.answer, CouldMeet::unsaid);
  ASSERT_EQ(broken.broken.size(), 1U);
  EXPECT_EQ(broken.broken[0].track, 'a');
  EXPECT_NEAR(static_cast<double>(broken.broken[0].least_speed_mmps), 148'400, 500);
  const std::vector<Sighting> twice{sighting(0, 42.0, 37.0), sighting(0, 42.1, 37.0), sighting(60, 42.1, 37.0)};
  EXPECT_EQ(ask(twice, 10'000, {sighting(0, 42.1, 37.0), sighting(60, 42.1, 37.0)}, 0, 10).broken[0].least_speed_mmps, -1);
}

TEST(Alibi, OneCommonInstantCounts) {
  const std::vector<Sighting> a{sighting(0, 42.0, 37.0), sighting(60, 42.0, 37.0)};
  EXPECT_EQ(ask(a, 1000, {sighting(60, 42.0, 37.0), sighting(200, 42.0, 37.0)}, 1000, 10).answer, CouldMeet::yes);
  EXPECT_EQ(ask(a, 1000, {sighting(60, 42.1, 37.0), sighting(200, 42.0, 37.0)}, 200'000, 10).answer, CouldMeet::no);
}

TEST(Alibi, KnowsNoPoleAndNoAntimeridian) {
  const std::vector<Sighting> west{sighting(0, 179.999, 10), sighting(600, 179.999, 10)};
  const std::vector<Sighting> east{sighting(0, -179.999, 10), sighting(600, -179.999, 10)};  // 219 m apart
  EXPECT_EQ(ask(west, 0, east, 0, 200).answer, CouldMeet::no);
  EXPECT_EQ(ask(west, 0, east, 0, 230).answer, CouldMeet::yes);
  const std::vector<Sighting> here{sighting(0, 0, 89.999), sighting(600, 0, 89.999)};
  const std::vector<Sighting> there{sighting(0, 180, 89.999), sighting(600, 180, 89.999)};  // 223 m over the pole
  EXPECT_EQ(ask(here, 0, there, 0, 220).answer, CouldMeet::no);
  EXPECT_EQ(ask(here, 0, there, 0, 225).answer, CouldMeet::yes);
}

TEST(Alibi, RefusesWhatIsNoTrack) {
  const std::vector<Sighting> good{sighting(0, 42, 37), sighting(60, 42, 37)};
  const std::vector<Sighting> one{sighting(0, 42, 37)}, back{sighting(60, 42, 37), sighting(0, 42, 37)};
  const auto rule = [&](const Traveller& a, Metres within) {
    const auto answer = could_have_met(a, {good, 1000}, within);
    return answer ? std::optional<Rule>{} : std::optional<Rule>{answer.error().rule};
  };
  EXPECT_EQ(rule({one, 1000}, Metres{}), Rule::alibi_track);
  EXPECT_EQ(rule({back, 1000}, Metres{}), Rule::alibi_track);
  EXPECT_EQ(rule({good, -1}, Metres{}), Rule::alibi_track);
  EXPECT_EQ(rule({good, kMostSpeed_mmps + 1}, Metres{}), Rule::alibi_track);
  EXPECT_EQ(rule({good, 1000}, Metres::from_mm(-1)), Rule::alibi_track);
  EXPECT_EQ(rule({good, 1000}, Metres{}), std::nullopt);
  std::vector<Sighting> off = good;
  off[1].place.lat_e7 = 900'000'001;
  EXPECT_EQ(rule({off, 1000}, Metres{}), Rule::place_out_of_range);
  const std::vector<Sighting> far{sighting(0, 0, 0), sighting(1000, 20, 0)};  // 2200 km
  EXPECT_EQ(could_have_met({far, 9'000'000}, {far, 9'000'000}, Metres{}).error().rule, Rule::alibi_too_wide);
}

/// Whole numbers from RapidCheck as doubles in [low, high].
double drawn(double low, double high) { return low + (high - low) * *rc::gen::inRange(0, 1'000'001) / 1e6; }

/// A place so many metres east and north of a centre, by small steps along the ellipsoid's own radii.
geo::Place moved(geo::Place from, double east, double north) {
  const geo::Vec3 p = to_ecef(from), up = geo::normal_at(p);
  const geo::Vec3 away = std::abs(up.z) < 0.7 ? geo::Vec3{0, 0, 1} : geo::Vec3{1, 0, 0};
  geo::Vec3 e = cross(away, up);
  e = e * (1 / norm(e));
  return to_place(p + e * east + cross(up, e) * north);
}

/// The sampled oracle: two lenses as clouds of points (their rims and insides on polar grids around all four centres).
double sampled(const Lens& a, const Lens& b) {
  const auto cloud = [](const Lens& lens) {
    std::vector<Spot> points;
    for (const auto& [c, r] : {std::pair(lens.c1, lens.r1), std::pair(lens.c2, lens.r2)})
      for (int k = 0; k < 90; ++k)
        for (int ring = 0; ring <= 6; ++ring) {
          const double angle = k * geo::kPi / 45, far = r * ring / 6;
          const Spot p = c + Spot{std::cos(angle), std::sin(angle)} * far;
          if (length(p - lens.c1) <= lens.r1 + 1e-9 && length(p - lens.c2) <= lens.r2 + 1e-9) points.push_back(p);
        }
    return points;
  };
  double least = HUGE_VAL;
  const auto of_b = cloud(b);
  for (const Spot& p : cloud(a))
    for (const Spot& q : of_b) least = std::min(least, length(p - q));
  return least;
}

Lens drawn_lens() {
  Lens lens{{drawn(-100, 100), drawn(-100, 100)}, {drawn(-100, 100), drawn(-100, 100)}, 0, 0};
  const double apart = length(lens.c2 - lens.c1);
  const double total = apart * drawn(1.0005, 1.5) + 0.1;
  lens.r1 = total * drawn(0.01, 0.99);
  lens.r2 = total - lens.r1;
  return lens;
}

RC_GTEST_PROP(LensLaws, NearestIsNeverAboveAndHardlyBelowTheSampledDistance, ()) {
  const Lens a = drawn_lens(), b = drawn_lens();
  const Nearest found = nearest(a, b);
  RC_ASSERT(std::abs(found.distance - nearest(b, a).distance) < 1e-5);
  RC_ASSERT(length(found.a - a.c1) <= a.r1 + 1e-5 && length(found.a - a.c2) <= a.r2 + 1e-5);
  RC_ASSERT(length(found.b - b.c1) <= b.r1 + 1e-5 && length(found.b - b.c2) <= b.r2 + 1e-5);
  const double rough = sampled(a, b);
  RC_ASSERT(found.distance <= rough + 1e-5);
}

struct Met {
  std::vector<Sighting> a, b;
  std::int64_t speed_a, speed_b;
  Instant when;
  Metres within;
};

/// Two units that did come within a distance: from where they met, outward, each no faster than its bound.
Met drawn_meeting() {
  const geo::Place centre =
      *rc::gen::inRange(0, 3) == 0
          ? geo::Place{*rc::gen::inRange(-1'800'000'000, 1'800'000'000), *rc::gen::element(900'000'000, -899'990'000)}
          : geo::Place{*rc::gen::element(1'799'999'000, 421'400'000, -30), *rc::gen::inRange(-850'000'000, 850'000'000)};
  Met out;
  out.when = Instant::from_ms(kNine + *rc::gen::inRange(0, 1'000'000));
  const auto side = [&](geo::Place at, std::vector<Sighting>& fixes, std::int64_t& speed) {
    speed = *rc::gen::inRange(0, 40'000);
    for (const int sign : {-1, 1}) {
      const std::int64_t ms = *rc::gen::inRange(1, 3'600'000);
      const double far =
          static_cast<double>(speed) * static_cast<double>(ms) / 1e6 * *rc::gen::element(0.0, 0.3, 0.9, 0.999, 1.0);
      const double angle = drawn(-3, 3);
      const geo::Place place = moved(at, far * 0.99999 * std::cos(angle), far * 0.99999 * std::sin(angle));
      // A fix errs by up to its accuracy.
      const std::int64_t accuracy = *rc::gen::element(0, 5, 50);
      const double error = static_cast<double>(accuracy) * drawn(0, 0.99);
      fixes.push_back(
          {out.when + base::Millis::from_ms(sign * ms), moved(place, error, 0), Metres::from_mm(accuracy * 1000 + 30)});
    }
  };
  const double apart = drawn(0, 300);
  side(centre, out.a, out.speed_a);
  side(moved(centre, apart, 0), out.b, out.speed_b);
  out.within = Metres::from_mm(static_cast<std::int64_t>(std::ceil(apart * 1000)) + 30);
  return out;
}

RC_GTEST_PROP(AlibiLaws, NoMeetingIsMissed, ()) {
  const Met met = drawn_meeting();
  const auto answer = could_have_met({met.a, met.speed_a}, {met.b, met.speed_b}, met.within);
  RC_ASSERT(answer.has_value());
  RC_ASSERT(answer->answer == CouldMeet::yes);
  RC_ASSERT(answer->windows.size() == 1U);
  RC_ASSERT(answer->windows[0].when.holds(met.when));
  // Exchanged, it is the same.
  const auto turned = could_have_met({met.b, met.speed_b}, {met.a, met.speed_a}, met.within);
  RC_ASSERT(turned->answer == CouldMeet::yes);
  RC_ASSERT(std::abs((turned->windows[0].when.from - answer->windows[0].when.from).ms()) <= 1);
  // More room never takes a meeting away.
  const auto wider = could_have_met({met.a, met.speed_a + 500}, {met.b, met.speed_b}, met.within + Metres::from_metres(1));
  RC_ASSERT(wider->answer == CouldMeet::yes);
  RC_ASSERT(wider->windows[0].when.from <= answer->windows[0].when.from);
  RC_ASSERT(wider->windows[0].when.to >= answer->windows[0].when.to);
}

RC_GTEST_PROP(AlibiLaws, AYesNamesPlacesThatBothCouldReach, ()) {
  const Met met = drawn_meeting();
  const Alibi answer = *could_have_met({met.a, met.speed_a}, {met.b, met.speed_b}, met.within);
  const MeetingWindow& window = answer.windows.at(0);
  const double room = answer.stretch * (1 + 1e-6);
  const auto reach = [&](const std::vector<Sighting>& fixes, std::int64_t speed, geo::Place place) {
    for (const Sighting& fix : fixes) {
      const double seconds = std::abs(static_cast<double>((window.at - fix.time).ms())) / 1000;
      const double allowed = (static_cast<double>(speed) / 1000 * seconds + fix.accuracy.metres()) * room + 0.05;
      RC_ASSERT(geo::distance_m(fix.place, place) <= allowed);
    }
  };
  reach(met.a, met.speed_a, window.place_a);
  reach(met.b, met.speed_b, window.place_b);
  RC_ASSERT(geo::distance_m(window.place_a, window.place_b) <= met.within.metres() * room + 0.05);
}

/// Against sampling in time; that each slice is right is the law of lenses above.
RC_GTEST_PROP(AlibiLaws, ANoHasNoSampledMeeting, ()) {
  const geo::Place centre{421'400'000, 371'770'000};
  std::vector<Sighting> tracks[2];
  Spot flat[2][2];
  std::int64_t speeds[2];
  for (int u = 0; u < 2; ++u) {
    speeds[u] = *rc::gen::inRange(1, 20'000);
    const double room = static_cast<double>(speeds[u]) / 1000 * 100;
    flat[u][0] = {drawn(-1500, 1500), drawn(-1500, 1500)};
    const double angle = drawn(-3, 3), far = room * drawn(0, 0.999);
    flat[u][1] = flat[u][0] + Spot{std::cos(angle), std::sin(angle)} * far;
    for (std::size_t k = 0; k < 2; ++k)
      tracks[u].push_back({Instant::from_ms(kNine + static_cast<std::int64_t>(k) * 100'000),
                           moved(centre, flat[u][k].x, flat[u][k].y), Metres{}});
  }
  double least = HUGE_VAL;
  for (int step = 0; step <= 2000; ++step) {
    const double t = step * 0.05;
    const auto lens = [&](int u) {
      const double v = static_cast<double>(speeds[u]) / 1000;
      return Lens{flat[u][0], flat[u][1], v * t + 0.001, v * (100 - t) + 0.001};
    };
    least = std::min(least, nearest(lens(0), lens(1)).distance);
  }
  const auto answer = [&](double within) {
    return could_have_met({tracks[0], speeds[0]}, {tracks[1], speeds[1]},
                          Metres::from_mm(static_cast<std::int64_t>(within * 1000)))
        ->answer;
  };
  RC_ASSERT(answer(least + 0.1) == CouldMeet::yes);
  RC_CLASSIFY(least > 3, "apart");
  if (least > 3) RC_ASSERT(answer(least - 3) == CouldMeet::no);
}

}  // namespace
}  // namespace wideberth::live
