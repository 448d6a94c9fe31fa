#include "kernel.h"

#include <time.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <random>

#include "conflict/conflict.h"
#include "engine.h"
#include "geo/answers.h"
#include "geo/judge.h"
#include "geo/pair.h"
#include "geo/walk.h"
#include "measure.h"

namespace wideberth::bench {
namespace {

constexpr geo::Metres kSeparation = geo::Metres::from_metres(1'000);
constexpr int kRounds = 9;

// Keeps the compiler from leaving out what nobody reads.
volatile double sink;

// The time that this thread ran: what else the machine does is not the kernel's.
double ran_seconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

// Nanoseconds of each of `count` calls, the median of the rounds; the first round is not counted.
template <class Each>
double ns_of(std::size_t count, const Each& each) {
  std::vector<double> rounds;
  for (int r = 0; r <= kRounds; ++r) {
    const double begin = ran_seconds();
    double sum = 0;
    for (std::size_t i = 0; i < count; ++i) sum += each(i);
    const double seconds = ran_seconds() - begin;
    sink = sum;
    if (r > 0) rounds.push_back(1e9 * seconds / static_cast<double>(count));
  }
  return median(rounds);
}

geo::Route leg_route(std::mt19937_64& bits) {
  const auto draw = [&](std::int64_t low, std::int64_t high) {
    return low + static_cast<std::int64_t>(bits() % static_cast<std::uint64_t>(high - low));
  };
  // Within about 3 km and an hour of each other; about 2 km in about 160 s, ± 15 min.
  const auto lon = static_cast<std::int32_t>(200'000'000 + draw(-200'000, 200'000));
  const auto lat = static_cast<std::int32_t>(480'000'000 + draw(-130'000, 130'000));
  const auto lon_to = static_cast<std::int32_t>(lon + draw(-250'000, 250'000));
  const auto lat_to = static_cast<std::int32_t>(lat + draw(-170'000, 170'000));
  const auto at = geo::Instant::from_ms(1'780'272'000'000 + draw(0, 3'600'000));
  const auto half = geo::Millis::from_seconds(900), took = geo::Millis::from_seconds(draw(120, 240));
  geo::Route route;
  route.waypoints = {{{lon, lat}, {at - half, at + half}}, {{lon_to, lat_to}, {at + took - half, at + took + half}}};
  return route;
}

// What is said of two legs: both least distances, the window, and the span of delays at which they conflict.
double whole_answer(const geo::Piece& p, const geo::Piece& q, double reach2) {
  const geo::Chords chords{p, q};
  const geo::Nearest ever = geo::nearest(chords);
  if (ever.distance2 > reach2) return 0;
  const geo::Occupied a = geo::possible(p), b = geo::possible(q);
  const auto possible = geo::nearest(chords, ever, a, b);
  if (!possible || possible->distance2 > reach2) return 0;
  double sum = possible->distance2;
  if (const auto planned = geo::nearest(chords, ever, geo::on_schedule(p), geo::on_schedule(q))) sum += planned->distance2;
  const geo::Reached near =
      geo::reached(chords, ever, reach2, {q.s0 - p.h0, p.h0 - p.h1, q.s1 - q.s0}, {q.h0 - p.s0, p.s0 - p.s1, q.h1 - q.h0});
  return sum + near.least + near.most + geo::first_together(chords, near, reach2, a, b) +
         geo::last_together(chords, near, reach2, a, b);
}

// The same of many pairs, side by side: whoever is near at all, and of those everything.
double whole_answers(std::span<const geo::PiecePair> pairs) {
  geo::NearestOf ever, near;
  geo::PairAnswers said;
  std::array<geo::PiecePair, geo::kMostPairs> asked;
  std::size_t count = 0;
  geo::nearest_ever(pairs, ever);
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    asked[count] = pairs[i];
    near.distance2[count] = ever.distance2[i], near.u[count] = ever.u[i], near.v[count] = ever.v[i];
    count += ever.distance2[i] <= pairs[i].reach2 ? 1U : 0U;
  }
  geo::judge({asked.data(), count}, near, said);
  double sum = 0;
  for (std::size_t i = 0; i < count; ++i)
    if (said.possible.distance2[i] <= asked[i].reach2)
      sum += said.possible.distance2[i] + said.planned.distance2[i] + said.delay_least[i] + said.delay_most[i] + said.first[i] +
             said.last[i];
  return sum;
}

struct Couple {
  const geo::Plan *a, *b;
};

// What an index knows of two plans of at most eight pieces each: by boxes.
geo::Other known_of(const geo::Plan& a, const geo::Plan& b) {
  geo::Other other{.plan = geo::facing_of(b), .separation = kSeparation, .now = 0};
  const double by = reach2_m2(a, b, kSeparation);
  for (std::size_t i = 0; i < a.pieces().size(); ++i)
    for (std::size_t j = 0; j < b.pieces().size(); ++j) {
      const geo::Box p = geo::box_of(a.pieces()[i]), q = geo::box_of(b.pieces()[j]);
      const std::uint64_t bit = std::uint64_t{1} << (8 * i + j);
      if (geo::gap2(p, q) <= by) other.pairs.near |= bit;
      if (geo::gap2(p, q) <= by && p.e <= q.l && q.e <= p.l) other.now |= bit;
      if (p.s <= q.h && q.s <= p.h) other.pairs.on_schedule |= bit;
    }
  return other;
}

// One movement and all that it conflicts with.
struct Circle {
  const geo::Plan* a;
  std::vector<geo::Other> others;
};

// Of some of the crowd, all of it that each meets.
std::vector<Circle> circles_of(const std::vector<Movement>& crowd, std::size_t some) {
  std::vector<Circle> circles;
  for (std::size_t i = 0; i < some; ++i) {
    Circle circle{crowd[i].plan.get(), {}};
    for (std::size_t j = 0; j < crowd.size(); ++j) {
      const geo::Plan &a = *crowd[i].plan, &b = *crowd[j].plan;
      if (i == j || a.bounds().e > b.bounds().l || b.bounds().e > a.bounds().l) continue;
      if (a.pieces().size() <= 8 && b.pieces().size() <= 8 && geo::meet(a, b, kSeparation))
        circle.others.push_back(known_of(a, b));
    }
    if (!circle.others.empty()) circles.push_back(std::move(circle));
  }
  return circles;
}

// Microseconds for each of the others.
double meet_all_us(const std::vector<Circle>& circles, std::size_t others) {
  std::vector<geo::Answered> found;
  const auto ns = ns_of(circles.size(), [&](std::size_t i) {
    found.clear();
    geo::meet_all(geo::facing_of(*circles[i].a), circles[i].others, found);
    return found.empty() ? 0 : found.front().meeting.least_possible_m;
  });
  return 1e-3 * ns * static_cast<double>(circles.size()) / static_cast<double>(others);
}

}  // namespace

KernelFigures measure_kernels(std::uint64_t seed) {
  constexpr std::size_t kPairs = 20'000;
  KernelFigures figures;
  std::mt19937_64 bits{seed};
  std::vector<geo::Plan> legs;
  for (std::size_t i = 0; i < 2 * kPairs; ++i) legs.push_back(*geo::compile(leg_route(bits)));
  const double reach2 = reach2_m2(legs[0], legs[1], kSeparation);
  // One after the other in memory: what is measured is not how long memory takes.
  std::vector<geo::Piece> pieces;
  for (const geo::Plan& leg : legs) pieces.push_back(leg.pieces().front());
  const auto piece = [&](std::size_t i) -> const geo::Piece& { return pieces[i]; };
  std::size_t near = 0;
  for (std::size_t i = 0; i < kPairs; ++i) near += geo::too_near(piece(2 * i), piece(2 * i + 1), reach2) ? 1U : 0U;
  figures.pairs = kPairs;
  figures.near_share = static_cast<double>(near) / static_cast<double>(kPairs);
  figures.too_near_ns = ns_of(kPairs, [&](std::size_t i) { return geo::too_near(piece(2 * i), piece(2 * i + 1), reach2); });
  figures.leg_answer_ns = ns_of(kPairs, [&](std::size_t i) { return whole_answer(piece(2 * i), piece(2 * i + 1), reach2); });
  std::vector<geo::PiecePair> pairs;
  for (std::size_t i = 0; i < kPairs; ++i) pairs.push_back({&piece(2 * i), &piece(2 * i + 1), reach2});
  const auto each_of = [&](std::size_t at_once) {
    const std::size_t times = kPairs / at_once;
    return ns_of(times, [&](std::size_t i) { return whole_answers(std::span{pairs}.subspan(i * at_once, at_once)); }) /
           static_cast<double>(at_once);
  };
  figures.leg_of_8_ns = each_of(8);
  figures.leg_of_64_ns = each_of(64);
  figures.leg_meeting_ns = ns_of(kPairs, [&](std::size_t i) {
    const auto meeting = geo::meet(legs[2 * i], legs[2 * i + 1], kSeparation);
    return meeting ? meeting->least_possible_m : 0;
  });

  // Movements of one crowd; pairs that share a time, by whether they conflict.
  const std::vector<Movement> crowd = invent(Spread::crowd, 20'000, seed);
  std::vector<Couple> hits, misses;
  for (std::size_t i = 0; i < crowd.size() && hits.size() < 1'000; ++i)
    for (std::size_t j = 0; j < i; ++j) {
      const geo::Plan &a = *crowd[i].plan, &b = *crowd[j].plan;
      if (a.bounds().e > b.bounds().l || b.bounds().e > a.bounds().l) continue;
      const bool hit = geo::meet(a, b, kSeparation).has_value();
      if (hit || misses.size() < 1'000) (hit ? hits : misses).push_back({&a, &b});
    }
  const auto meet = [](const Couple& couple) {
    const auto meeting = geo::meet(*couple.a, *couple.b, kSeparation);
    return meeting ? meeting->least_possible_m : 0;
  };
  figures.meet_hit_us = 1e-3 * ns_of(hits.size(), [&](std::size_t i) { return meet(hits[i]); });
  const std::vector<Circle> circles = circles_of(crowd, 300);
  std::size_t others = 0;
  for (const Circle& circle : circles) others += circle.others.size();
  figures.at_once = static_cast<double>(others) / static_cast<double>(circles.size());
  figures.meet_all_us = meet_all_us(circles, others);
  figures.meet_miss_ns = ns_of(misses.size(), [&](std::size_t i) { return meet(misses[i]); });
  figures.compile_us =
      1e-3 * ns_of(10, [&](std::size_t) { return static_cast<double>(invent(Spread::crowd, 100, seed).size()); }) / 100;
  return figures;
}

InsertFigures measure_inserts(std::size_t before, std::uint64_t seed) {
  InsertFigures figures{.before = before, .inserted = before / 10};
  const std::vector<Movement> made = invent(Spread::towns, before + figures.inserted, seed);
  std::vector<conflict::Filed> filed;
  for (std::size_t i = 0; i < before; ++i) filed.push_back({{i}, made[i].party, made[i].plan});
  conflict::Index index;
  index.insert_all(std::move(filed));
  std::vector<double> took_us;
  unpin();
  for (std::size_t i = before; i < made.size(); ++i) {
    const auto begin = std::chrono::steady_clock::now();
    index.insert({i}, made[i].party, made[i].plan);
    took_us.push_back(std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now() - begin).count());
  }
  pin();
  std::sort(took_us.begin(), took_us.end());
  const auto at = [&](double share) {
    return took_us[static_cast<std::size_t>(share * static_cast<double>(took_us.size() - 1))];
  };
  figures.p50_us = at(0.5), figures.p99_us = at(0.99), figures.p999_us = at(0.999), figures.most_us = took_us.back();
  return figures;
}

}  // namespace wideberth::bench
