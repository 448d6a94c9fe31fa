#include "live/look.h"

#include <algorithm>
#include <cmath>

#include "geo/ellipsoid.h"
#include "geo/trig.h"

namespace wideberth::live {
namespace {

double length_s(Millis span) { return static_cast<double>(span.ms()) / 1000; }
Vec3 unit_of(const Vec3& v) { return v * (1 / norm(v)); }

/// The way from an earlier sample to this one, looking back up to five seconds.
struct Back {
  Vec3 way{};
  double seconds = 0;
};
Back back_of(const std::vector<Sample>& samples, std::size_t i) {
  std::size_t from = i;
  while (from > 0 && samples[i].time - samples[from - 1].time <= Millis::from_seconds(5)) --from;
  if (from == i && i > 0) from = i - 1;
  return {samples[i].at - samples[from].at, length_s(samples[i].time - samples[from].time)};
}

double accuracy_of(const Sample& sample) {
  return std::isnan(sample.accuracy_m) ? kUnsaidAccuracyM : static_cast<double>(sample.accuracy_m);
}

}  // namespace

std::int64_t in_thousandths(double value) {
  return static_cast<std::int64_t>(std::floor(std::clamp(value, -9e11, 9e11) * 1000 + 0.5));
}

Seen seen_from(const Vec3& at, const Vec3& heading, const Vec3& other) {
  const Vec3 way = other - at;
  return {dot(way, heading), dot(way, cross(geo::normal_at(at), heading)), norm(way)};
}

double turn_deg(const Vec3& at, const Vec3& from, const Vec3& to) {
  if (norm2(from) == 0 || norm2(to) == 0) return 0;
  return geo::angle_of(dot(cross(from, to), geo::normal_at(at)), dot(from, to)) * (180 / geo::kPi);
}

Look::Look(const Unit& unit, const UnitTrack& track, Millis gap)
    : track_(&track),
      gap_(gap),
      length_(unit.length.mm() > 0 ? unit.length.metres() : kUnsaidLengthM),
      width_(unit.width.mm() > 0 ? unit.width.metres() : kUnsaidWidthM),
      sized_(unit.length.mm() > 0 && unit.width.mm() > 0) {
  const std::vector<Sample>& all = track.samples;
  Vec3 heading{};
  for (std::size_t i = 0; i < all.size(); ++i) {
    const Back back = back_of(all, i);
    const double step = i > 0 ? norm(all[i].at - all[i - 1].at) / std::max(0.001, length_s(all[i].time - all[i - 1].time)) : 0;
    const bool said = !std::isnan(all[i].speed_mps);
    const double derived = back.seconds > 0 ? norm(back.way) / back.seconds : 0;
    speeds_.push_back(said ? static_cast<double>(all[i].speed_mps) : derived);
    quicks_.push_back(said ? static_cast<double>(all[i].speed_mps) : step);
    const bool moves = speeds_.back() >= 0.5;
    if (moves && !std::isnan(all[i].course_deg)) {
      heading = velocity_of(all[i].at, 1, all[i].course_deg);
    } else if (moves && i > 0 && norm(all[i].at - all[i - 1].at) >= 1) {
      heading = unit_of(all[i].at - all[i - 1].at);
    } else if (norm(back.way) >= 2) {
      heading = unit_of(back.way);
    }
    headings_.push_back(heading);
  }
  if (all.size() > 1 && std::isnan(all[0].speed_mps)) {  // nothing stands before the first fix: it goes as it goes on
    speeds_[0] = speeds_[1];
    quicks_[0] = quicks_[1];
  }
  // Before it moved it faced the way in which it then drove off.
  for (std::size_t i = headings_.size(); i-- > 1;)
    if (norm2(headings_[i - 1]) == 0) headings_[i - 1] = headings_[i];
}

std::optional<std::size_t> Look::before(Instant when) const {
  const auto& all = track_->samples;
  const auto after = std::upper_bound(all.begin(), all.end(), when, [](Instant t, const Sample& s) { return t < s.time; });
  if (after == all.begin()) return std::nullopt;
  return static_cast<std::size_t>(after - all.begin()) - 1;
}

std::optional<Moment> Look::at(Instant when) const {
  const auto& all = track_->samples;
  const auto i = before(when);
  if (!i) return std::nullopt;
  const Sample& from = all[*i];
  if (from.time == when)
    return Moment{from.at, speeds_[*i], quicks_[*i], headings_[*i], static_cast<double>(from.altitude_m), accuracy_of(from)};
  if (*i + 1 == all.size()) return std::nullopt;
  const Sample& to = all[*i + 1];
  if (to.time - from.time > gap_) return std::nullopt;
  const double share = length_s(when - from.time) / length_s(to.time - from.time);
  const double low = static_cast<double>(from.altitude_m), high = static_cast<double>(to.altitude_m);
  return Moment{from.at + (to.at - from.at) * share,
                speeds_[*i] + (speeds_[*i + 1] - speeds_[*i]) * share,
                quicks_[*i] + (quicks_[*i + 1] - quicks_[*i]) * share,
                headings_[*i + 1],
                low + (high - low) * share,
                std::max(accuracy_of(from), accuracy_of(to))};
}

std::vector<Instant> common_times(const std::vector<const Look*>& looks) {
  std::vector<Instant> times;
  Instant first = Instant::from_ms(INT64_MIN), last = Instant::from_ms(INT64_MAX);
  for (const Look* look : looks) {
    if (look->samples().empty()) return {};
    first = std::max(first, look->samples().front().time);
    last = std::min(last, look->samples().back().time);
  }
  for (const Look* look : looks)
    for (const Sample& sample : look->samples())
      if (sample.time >= first && sample.time <= last) times.push_back(sample.time);
  std::sort(times.begin(), times.end());
  times.erase(std::unique(times.begin(), times.end()), times.end());
  return times;
}

std::optional<Floor> floor_against(const std::vector<const Look*>& looks, Interval when, double least_fix_s,
                                   double most_accuracy_m) {
  for (const Look* look : looks) {
    const auto& all = look->samples();
    for (const Instant doubt : look->doubts())
      if (when.holds(doubt)) return Floor{Why::doubtful, look->unit(), 0, 0};
    for (std::size_t i = look->before(when.from).value_or(0); i < all.size() && all[i].time <= when.to; ++i) {
      if (i + 1 < all.size() && all[i + 1].time > when.from && all[i].time < when.to) {
        const double slow = length_s(all[i + 1].time - all[i].time);
        if (slow > least_fix_s) return Floor{Why::fix_rate, look->unit(), slow, least_fix_s};
      }
      if (accuracy_of(all[i]) > most_accuracy_m) return Floor{Why::accuracy, look->unit(), accuracy_of(all[i]), most_accuracy_m};
    }
  }
  return std::nullopt;
}

}  // namespace wideberth::live
