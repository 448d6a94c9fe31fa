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

/// A track as closest() asks it.
class Whole {
 public:
  explicit Whole(const Track& track) : track_{track} {}
  Instant oldest() const { return track_.back(track_.size() - 1).time; }
  Instant next(Instant when, Instant otherwise) const {
    Instant next = otherwise;
    for (std::size_t back = 0; back < track_.size() && track_.back(back).time > when; ++back)
      next = std::min(next, track_.back(back).time);
    return next;
  }
  State at(Instant when) const { return *track_.at(when); }

 private:
  const Track& track_;
};

template <class Way>
std::optional<Closest> closest_of(const Way& a, const Way& b, Instant from, Instant to) {
  Instant at = std::max({from, a.oldest(), b.oldest()});
  if (at > to) return {};
  std::optional<Closest> best;
  double least2 = 0;
  for (;;) {
    const Instant end = std::min(a.next(at, to), b.next(at, to));
    const State sa = a.at(at), sb = b.at(at);
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

}  // namespace

Recent::Recent(const Motion& motion, const Before& before)
    : motion_{&motion}, before_{&before}, kept_{std::clamp<std::size_t>(before.fixes, 1, 3)} {
  times_[0] = motion.last;
  times_[1] = times_[0] - Millis::from_ms(before.step1_ms);
  times_[2] = times_[1] - Millis::from_ms(before.step2_ms);
}

Instant Recent::next(Instant when, Instant otherwise) const {
  Instant next = otherwise;
  for (std::size_t back = 0; back < kept_ && times_[back] > when; ++back) next = std::min(next, times_[back]);
  return next;
}

State Recent::at(Instant when) const {
  if (when >= times_[0]) return {motion_->at + motion_->velocity * seconds_of(when - times_[0]), motion_->velocity};
  const bool latest = when >= times_[1];
  const Vec3 &to = latest ? motion_->at : before_->at1, &from = latest ? before_->at1 : before_->at2;
  const Instant begin = times_[latest ? 1 : 2];
  const Vec3 velocity = (to - from) * (1 / seconds_of(times_[latest ? 0 : 1] - begin));
  return {from + velocity * seconds_of(when - begin), velocity};
}

std::optional<Closest> closest(const Recent& a, const Recent& b, Instant from, Instant to) { return closest_of(a, b, from, to); }

std::optional<Closest> closest(const Track& a, const Track& b, Instant from, Instant to) {
  if (a.empty() || b.empty()) return {};
  return closest_of(Whole{a}, Whole{b}, from, to);
}

Ahead ahead(const State& a, const State& b, double horizon_s) {
  const Vec3 r = a.at - b.at, v = a.velocity - b.velocity;
  const double t = when_least(r, v, horizon_s);
  return {geo::norm(r + v * t), t, geo::norm(r), geo::norm(v)};
}

}  // namespace wideberth::live
