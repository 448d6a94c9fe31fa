#include "live/approach.h"

#include <algorithm>
#include <cmath>

namespace wideberth::live {

namespace {

/// When r + v t is shortest, within [0, most].
double when_least(const Vec3& r, const Vec3& v, double most) {
  const double closing = -geo::dot(r, v), vv = geo::norm2(v);
  if (closing <= 0 || vv == 0) return 0;
  return closing >= vv * most ? most : closing / vv;
}

/// The first kept fix after `when`; `otherwise` where there is none before it.
Instant next_fix(const Track& track, Instant when, Instant otherwise) {
  Instant next = otherwise;
  for (std::size_t back = 0; back < track.size() && track.back(back).time > when; ++back)
    next = std::min(next, track.back(back).time);
  return next;
}

}  // namespace

std::optional<Closest> closest(const Track& a, const Track& b, Instant from, Instant to) {
  if (a.empty() || b.empty()) return {};
  Instant at = std::max({from, a.back(a.size() - 1).time, b.back(b.size() - 1).time});
  if (at > to) return {};
  std::optional<Closest> best;
  double least2 = 0;
  for (;;) {
    const Instant end = std::min(next_fix(a, at, to), next_fix(b, at, to));
    const State sa = *a.at(at), sb = *b.at(at);
    const Vec3 r = sa.at - sb.at, v = sa.velocity - sb.velocity;
    const double t = when_least(r, v, seconds_of(end - at));
    const double d2 = geo::norm2(r + v * t);
    if (!best || d2 < least2) {
      least2 = d2;
      best =
          Closest{0, at + Millis::from_ms(static_cast<std::int64_t>(t * 1000)), sa.at + sa.velocity * t, sb.at + sb.velocity * t};
    }
    if (end >= to) break;
    at = end;
  }
  best->distance_m = std::sqrt(least2);
  return best;
}

Ahead ahead(const State& a, const State& b, double horizon_s) {
  const Vec3 r = a.at - b.at, v = a.velocity - b.velocity;
  const double t = when_least(r, v, horizon_s);
  return {geo::norm(r + v * t), t, geo::norm(r), geo::norm(v)};
}

}  // namespace wideberth::live
