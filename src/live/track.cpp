#include "live/track.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "geo/ellipsoid.h"
#include "geo/trig.h"

namespace wideberth::live {

namespace {

double or_zero(float value) { return value >= 0 ? static_cast<double>(value) : 0; }

/// Whether a unit can have come from a to b. A missing accuracy is covered by jump_m.
bool reachable(const Vec3& from, float from_accuracy, const Fix& to, Millis span, const TrackLimits& limits, float fastest) {
  const double most = static_cast<double>(fastest) * std::fabs(seconds_of(span)) + or_zero(from_accuracy) +
                      or_zero(to.accuracy_m) + static_cast<double>(limits.jump_m);
  return geo::norm2(to.at - from) <= most * most;
}

}  // namespace

std::string_view name_of(Taken taken) noexcept {
  switch (taken) {
    case Taken::used: return "used";
    case Taken::reacquired: return "reacquired";
    case Taken::old: return "old";
    case Taken::duplicate: return "duplicate";
    case Taken::contradicting: return "contradicting";
    case Taken::reordered: return "reordered";
    case Taken::future: return "future";
    case Taken::poor: return "poor accuracy";
    case Taken::jump: return "jump";
  }
  return "";
}

Vec3 velocity_of(const Vec3& at, float speed_mps, float course_deg) noexcept {
  const double out = std::sqrt(at.x * at.x + at.y * at.y);
  if (out < 1e-3) return {};  // at a pole no course means anything
  const Vec3 east{-at.y / out, at.x / out, 0};
  const Vec3 north = geo::cross(geo::normal_at(at), east);
  const geo::SinCos turn = geo::sincos_e7(static_cast<double>(course_deg) * 1e7);
  return (north * turn.cos + east * turn.sin) * static_cast<double>(speed_mps);
}

Ground over_ground(const Vec3& at, const Vec3& velocity) noexcept {
  const double out = std::sqrt(at.x * at.x + at.y * at.y), speed = geo::norm(velocity);
  if (out < 1e-3 || speed == 0) return {speed, 0};
  const Vec3 east{-at.y / out, at.x / out, 0};
  const Vec3 north = geo::cross(geo::normal_at(at), east);
  const double turn = geo::angle_of(geo::dot(velocity, east), geo::dot(velocity, north)) * (180 / geo::kPi);
  return {speed, turn < 0 ? turn + 360 : turn};
}

Taken Track::take(const Fix& fix, Instant received, const TrackLimits& limits, float fastest_mps) {
  const Taken taken = judge(fix, received, limits, fastest_mps);
  if (taken == Taken::duplicate || taken == Taken::reordered) {
    ++passed_over_;
    return taken;
  }
  if (taken == Taken::reacquired) size_ = 0;
  doubt_ = taken;
  if (!is_used(taken)) {
    ++passed_over_;
    return taken;
  }
  jumps_ = 0;
  keep(fix, limits);
  return taken;
}

Taken Track::judge(const Fix& fix, Instant received, const TrackLimits& limits, float fastest_mps) {
  if (fix.time > received + limits.ahead) return Taken::future;
  const bool poor = fix.accuracy_m > limits.poorest_m;
  if (empty()) return poor ? Taken::poor : received - fix.time > limits.stale ? Taken::old : Taken::used;
  const Millis since = fix.time - last().time;
  if (since < Millis{}) {
    for (std::size_t back = 1; back < size_; ++back)
      if (this->back(back).time == fix.time && this->back(back).place == fix.place) return Taken::duplicate;
    return Taken::reordered;
  }
  if (since == Millis{}) return last().place == fix.place ? Taken::duplicate : Taken::contradicting;
  if (poor) return Taken::poor;
  if (!reachable(last().at, last().accuracy_m, fix, since, limits, fastest_mps)) return doubt_jump(fix, limits, fastest_mps);
  if (since > limits.gap) return Taken::reacquired;
  return received - fix.time > limits.stale ? Taken::old : Taken::used;
}

Taken Track::doubt_jump(const Fix& fix, const TrackLimits& limits, float fastest_mps) {
  const bool follows = jumps_ > 0 && fix.time > jumped_time_ &&
                       reachable(jumped_to_, jumped_accuracy_m_, fix, fix.time - jumped_time_, limits, fastest_mps);
  jumps_ = follows ? static_cast<std::uint8_t>(jumps_ + 1) : std::uint8_t{1};
  jumped_time_ = fix.time;
  jumped_to_ = fix.at;
  jumped_accuracy_m_ = fix.accuracy_m;
  return jumps_ >= limits.believe_jump_after ? Taken::reacquired : Taken::jump;
}

void Track::keep(const Fix& fix, const TrackLimits& limits) {
  const double slack = static_cast<double>(limits.rest_m) + or_zero(fix.accuracy_m);
  if (empty() || geo::norm2(fix.at - rest_at_) > slack * slack) {
    rest_at_ = fix.at;
    rest_since_ = fix.time;
  }
  const Vec3 velocity = derive(fix, limits);
  Step step;
  if (!empty())
    step = {static_cast<float>(geo::norm(fix.at - last().at) * 1.000001), static_cast<float>(seconds_of(fix.time - last().time))};
  head_ = static_cast<std::uint8_t>((head_ + 1) % kKept);
  if (size_ < kKept) ++size_;
  steps_[head_] = step;
  ring_[head_] = {fix.time, fix.at, velocity, fix.place, fix.accuracy_m, fix.speed_mps, fix.course_deg, fix.altitude_m};
}

Vec3 Track::derive(const Fix& fix, const TrackLimits& limits) const {
  if (fix.speed_mps == 0) return {};
  if (fix.speed_mps > 0 && fix.course_deg >= 0) return velocity_of(fix.at, fix.speed_mps, fix.course_deg);
  if (empty()) return {};
  std::size_t from = 0;
  while (from + 1 < size_ && fix.time - back(from + 1).time <= limits.window) ++from;
  return (fix.at - back(from).at) * (1 / seconds_of(fix.time - back(from).time));
}

std::optional<State> Track::at(Instant when) const {
  if (empty() || when < back(size_ - std::size_t{1}).time) return {};
  if (when >= last().time) return State{last().at + last().velocity * seconds_of(when - last().time), last().velocity};
  std::size_t later = 0;
  while (back(later + 1).time > when) ++later;
  const Sample &to = back(later), &from = back(later + 1);
  const Vec3 velocity = (to.at - from.at) * (1 / seconds_of(to.time - from.time));
  return State{from.at + velocity * seconds_of(when - from.time), velocity};
}

double Track::last_step_m() const { return size_ < 2 ? 0 : geo::norm(last().at - back(1).at); }

Motion Track::motion() const {
  if (empty()) return {};
  Motion motion{last().at, last().velocity, last().time};
  // Two fixes a millisecond apart differ by the receiver's noise: a speed from them would bound nothing well. The way back to
  // each kept fix, by its age and a second, gives a bound; between two of them the way is straight, so it holds there too.
  float way = 0, age = 1, fastest = static_cast<float>(geo::norm(motion.velocity) * 1.000001);
  for (std::size_t i = 0; i + 1 < size_; ++i) {
    const Step& step = steps_[(head_ + kKept - i) % kKept];
    way += step.metres;
    age += step.seconds;
    fastest = std::max(fastest, way / age);
  }
  motion.fastest_mps = fastest * 1.00001F;
  if (size_ > 1) motion.step_ms = static_cast<std::uint32_t>((last().time - back(1).time).ms());
  return motion;
}

Before Track::before() const {
  Before before;
  before.fixes = size_;
  const auto step = [&](std::size_t i) { return static_cast<std::uint32_t>((back(i - 1).time - back(i).time).ms()); };
  if (size_ > 1) before.at1 = back(1).at, before.step1_ms = step(1);
  if (size_ > 2) before.at2 = back(2).at, before.step2_ms = step(2);
  return before;
}

Marks Track::marks(const TrackLimits& limits) const {
  return {empty() ? 0 : static_cast<float>(or_zero(last().accuracy_m)), doubtful(), at_rest(limits)};
}

void Track::ask_for(int now) const {
  const auto* first = reinterpret_cast<const std::byte*>(this);
  if (now == 0) {
    for (std::size_t line = 0; line < offsetof(Track, ring_); line += 64) __builtin_prefetch(first + line, 1);
    return;
  }
  for (const std::size_t slot : {std::size_t{head_}, (head_ + std::size_t{1}) % kKept}) {
    __builtin_prefetch(&ring_[slot], 1);
    __builtin_prefetch(reinterpret_cast<const std::byte*>(&ring_[slot]) + sizeof(Sample) - 1, 1);
  }
}

const Track Tracks::kNever{};

Taken Tracks::take(const Units& units, const Fix& fix, Instant received) {
  if (fix.unit.value >= tracks_.size()) {
    tracks_.resize(units.size());
    motions_.resize(units.size());
    befores_.resize(units.size());
    marks_.resize(units.size());
  }
  const float fastest = units.fastest_of(fix.unit);
  Track& track = tracks_[fix.unit.value];
  const Taken taken = track.take(fix, received, limits_, fastest > 0 ? fastest : limits_.fastest_mps);
  marks_[fix.unit.value] = track.marks(limits_);
  if (is_used(taken)) {
    motions_[fix.unit.value] = track.motion();
    befores_[fix.unit.value] = track.before();
    latest_ = std::max(latest_, fix.time);
  }
  return taken;
}

}  // namespace wideberth::live
