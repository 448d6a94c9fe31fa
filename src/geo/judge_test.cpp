#include "geo/judge.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <cstdint>
#include <memory>
#include <random>
#include <vector>

#include "geo/plan.h"

namespace wideberth::geo {
namespace {

// Chords and windows of small whole numbers, so that standing, parallel, touching, equal and momentary are common; or of the size
// of real ones, with all digits.
class DrawnPieces {
 public:
  explicit DrawnPieces(unsigned seed) : engine_{seed} {}

  Piece small() {
    Piece p;
    p.from = {6378137 + whole(-3, 3), whole(-3, 3), one_in(2) ? 0 : whole(-3, 3)};
    if (!one_in(5)) p.along = {whole(-4, 4), whole(-4, 4), one_in(2) ? 0 : whole(-2, 2)};
    p.e0 = whole(0, 10);
    p.e1 = one_in(6) ? p.e0 : p.e0 + whole(0, 8);
    p.l0 = p.e0 + (one_in(3) ? 0 : whole(0, 6));
    p.l1 = std::max(p.l0, p.e1 + (one_in(3) ? 0 : whole(0, 6)));
    const double column = one_in(2) ? 0 : whole(0, 2);
    p.s0 = p.e0, p.s1 = p.e1, p.h0 = p.s0 + column, p.h1 = p.s1 + column;
    return p;
  }
  Piece large() {
    Piece p;
    p.from = {4e6 + real(2e3), 3e5 + real(2e3), 4.9e6 + real(2e3)};
    p.along = {real(2e3), real(2e3), real(2e3)};
    const double slack = std::fabs(real(9e5)), column = one_in(2) ? 0 : std::fabs(real(6e4));
    p.s0 = 1.78e12 + std::floor(real(6e5)), p.s1 = p.s0 + std::fabs(real(2.4e5));
    p.h0 = p.s0 + column, p.h1 = p.s1 + column * (one_in(2) ? 1 : 0.5);
    p.h1 = std::max(p.h0, p.h1);
    p.e0 = p.s0 - slack, p.e1 = p.s1 - slack, p.l0 = p.h0 + slack, p.l1 = p.h1 + slack;
    return p;
  }
  PiecePair pair(const std::vector<Piece>& from) { return {&one_of(from), &one_of(from), one_in(4) ? 0 : reach2()}; }
  bool one_in(unsigned n) { return engine_() % n == 0; }

 private:
  const Piece& one_of(const std::vector<Piece>& from) { return from[engine_() % from.size()]; }
  double reach2() { return one_in(2) ? whole(0, 40) : std::pow(std::fabs(real(2e3)), 2); }
  double whole(int low, int high) {
    return static_cast<double>(low + static_cast<int>(engine_() % static_cast<unsigned>(high - low + 1)));
  }
  double real(double most) { return (static_cast<double>(engine_()) / 2147483648.0 - 1) * most; }
  std::mt19937 engine_;
};

std::vector<Width> widths() {
  std::vector<Width> all;
  for (int w = static_cast<int>(Width::two); w <= static_cast<int>(widest()); ++w) all.push_back(static_cast<Width>(w));
  return all;
}

bool same(double x, double y) { return std::bit_cast<std::uint64_t>(x) == std::bit_cast<std::uint64_t>(y); }

// The first pair of which two answers differ, or none.
std::string difference(const NearestOf& x, const NearestOf& y, std::size_t k) {
  if (!same(x.distance2[k], y.distance2[k])) return "distance";
  if (std::isinf(x.distance2[k])) return "";  // nowhere
  return same(x.u[k], y.u[k]) && same(x.v[k], y.v[k]) ? "" : "place";
}
std::string difference(const PairAnswers& x, const PairAnswers& y, std::size_t k, double reach2) {
  if (const auto possible = difference(x.possible, y.possible, k); !possible.empty()) return "possible " + possible;
  if (const auto planned = difference(x.planned, y.planned, k); !planned.empty()) return "planned " + planned;
  if (!same(x.delay_least[k], y.delay_least[k]) || !same(x.delay_most[k], y.delay_most[k])) return "delays";
  if (!(x.possible.distance2[k] <= reach2)) return "";
  if (!same(x.not_before[k], y.not_before[k]) || !same(x.not_after[k], y.not_after[k])) return "bounds";
  return same(x.first[k], y.first[k]) && same(x.last[k], y.last[k]) ? "" : "instants";
}

struct Counted {
  int pairs = 0, near = 0, planned = 0, exact = 0;
};

// Everything that is said of these pairs, at every width of this machine, against what is said of each alone.
void compare(std::span<const PiecePair> pairs, Counted& counted) {
  const auto ever = std::make_unique<NearestOf>(), possible = std::make_unique<NearestOf>(),
             planned = std::make_unique<NearestOf>();
  const auto all = std::make_unique<PairAnswers>();
  nearest_ever(Width::one, pairs, *ever);
  nearest_possible(Width::one, pairs, *possible);
  nearest_planned(Width::one, pairs, *planned);
  judge(Width::one, pairs, *ever, *all);
  for (std::size_t k = 0; k < pairs.size(); ++k) {
    const bool near = all->possible.distance2[k] <= pairs[k].reach2;
    ++counted.pairs, counted.near += near, counted.planned += std::isfinite(all->planned.distance2[k]);
    counted.exact += near && (all->first[k] != all->not_before[k] || all->last[k] != all->not_after[k]);
  }
  for (const Width width : widths()) {
    const auto other = std::make_unique<NearestOf>();
    const auto answers = std::make_unique<PairAnswers>();
    const auto each = [&](const NearestOf& alone) {
      for (std::size_t k = 0; k < pairs.size(); ++k)
        ASSERT_EQ(difference(alone, *other, k), "") << static_cast<int>(width) << ' ' << k;
    };
    nearest_ever(width, pairs, *other);
    each(*ever);
    nearest_possible(width, pairs, *other);
    each(*possible);
    nearest_planned(width, pairs, *other);
    each(*planned);
    judge(width, pairs, *ever, *answers);
    for (std::size_t k = 0; k < pairs.size(); ++k)
      ASSERT_EQ(difference(*all, *answers, k, pairs[k].reach2), "") << static_cast<int>(width) << ' ' << k;
  }
}

TEST(JudgeLaws, LanesSayToTheBitWhatIsSaidOfEachPairAlone) {
  DrawnPieces draw{20200825};
  Counted counted;
  const int rounds = std::getenv("WIDEBERTH_LONG") != nullptr ? 20'000 : 600;
  for (int round = 0; round < rounds && !::testing::Test::HasFailure(); ++round) {
    std::vector<Piece> pieces;
    for (int i = 0; i < 24; ++i) pieces.push_back(round % 2 == 0 ? draw.small() : draw.large());
    std::vector<PiecePair> pairs;
    // Every count of pairs, so that every end of a run is met; and sometimes a piece with itself.
    for (int i = 0; i < round % static_cast<int>(kMostPairs + 1); ++i) pairs.push_back(draw.pair(pieces));
    compare(pairs, counted);
  }
  EXPECT_GT(counted.near, counted.pairs / 10);
  EXPECT_GT(counted.planned, counted.pairs / 10);
  EXPECT_GT(counted.exact, counted.pairs / 100);
}

// A street corner of a town: pieces cut from routes that are compiled as every other, some of them halts.
TEST(JudgeLaws, LanesAgreeOnCompiledRoutes) {
  std::mt19937 engine{7};
  const auto draw = [&](int low, int high) { return low + static_cast<int>(engine() % static_cast<unsigned>(high - low + 1)); };
  std::vector<Plan> plans;
  for (int i = 0; i < 40; ++i) {
    Route route;
    route.half_width = Metres::from_metres(draw(0, 20));
    if (draw(0, 1) == 0) route.column_length = Metres::from_metres(draw(1, 400));
    std::int64_t ms = 1'598'356'800'000 + draw(0, 1'200'000);
    const std::int64_t slack = draw(0, 300'000);
    for (int stop = 0; stop < 8; ++stop) {
      const Place place = stop > 0 && draw(0, 3) == 0
                              ? route.waypoints.back().place
                              : Place{43'500'000 + draw(-60'000, 60'000), 508'500'000 + draw(-40'000, 40'000)};
      route.waypoints.push_back({place, {Instant::from_ms(ms - slack), Instant::from_ms(ms + slack)}});
      ms += draw(30'000, 240'000);
    }
    plans.push_back(*compile(route));
  }
  Counted counted;
  for (std::size_t i = 0; i + 1 < plans.size(); ++i) {
    std::vector<PiecePair> pairs;
    const double reach2 = std::pow(draw(1, 300), 2);
    for (const Piece& p : plans[i].pieces())
      for (const Piece& q : plans[i + 1].pieces())
        if (pairs.size() < kMostPairs) pairs.push_back({&p, &q, reach2});
    compare(pairs, counted);
  }
  EXPECT_GT(counted.near, 100);
  EXPECT_GT(counted.planned, 100);
}

TEST(JudgeLaws, PlacesInLanesAreThePlacesOfEach) {
  std::mt19937 engine{11};
  const auto draw = [&] { return (static_cast<double>(engine()) / 2147483648.0 - 1) * 6.4e6; };
  std::vector<Ecef> points{{0, 0, 0},           {0, 0, 6356752.3}, {0, 0, -6356752.3}, {6378137, 0, 0},
                           {-6378137, -0.0, 0}, {0, 6378137, 0},   {0, -6378137, -0.0}};
  for (int i = 0; i < 5'000; ++i)
    points.push_back(to_ecef({static_cast<std::int32_t>(draw() * 281), static_cast<std::int32_t>(draw() * 140)}));
  for (int i = 0; i < 500; ++i) points.push_back({draw(), draw(), draw()});
  for (std::size_t begin = 0, count = 1; begin < points.size(); begin += count, count = count % kMostPairs + 1) {
    count = std::min(count, points.size() - begin);
    for (const Width width : widths()) {
      std::vector<Place> places(count);
      to_places(width, std::span{points}.subspan(begin, count), places);
      for (std::size_t k = 0; k < count; ++k) ASSERT_EQ(places[k], to_place(points[begin + k])) << begin + k;
    }
  }
}

}  // namespace
}  // namespace wideberth::geo
