// Contact and low overflight; and what cannot be told because the fixes come too slowly.
#include <algorithm>
#include <cmath>

#include "geo/ellipsoid.h"
#include "live/conduct_tests.h"
#include "live/hull.h"

namespace wideberth::live {
namespace {

constexpr double kWithinSightM = 50;

/// The least distance on the way from one moment to the next.
double least_between(const Moment& a0, const Moment& a1, const Moment& b0, const Moment& b1) {
  const Vec3 r = b0.at - a0.at, v = (b1.at - a1.at) - r;
  const double square = norm2(v);
  const double share = square > 0 ? std::clamp(-dot(r, v) / square, 0.0, 1.0) : 0;
  return norm(r + v * share);
}

struct Step {
  double speed = 0, heading = 0;
};

/// The greatest changes between neighbouring fixes of a unit in a stretch of time.
Step steps_of(const Look& look, Interval when, Millis within) {
  Step most;
  const auto& all = look.samples();
  for (std::size_t i = 0; i + 1 < all.size(); ++i) {
    if (all[i].time < when.from || all[i + 1].time > when.to || all[i + 1].time - all[i].time > within) continue;
    most.speed = std::max(most.speed, std::abs(look.quick(i + 1) - look.quick(i)));
    if (look.quick(i) >= 2)
      most.heading = std::max(most.heading, std::abs(turn_deg(all[i].at, look.heading(i), look.heading(i + 1))));
  }
  return most;
}

HalfSize half_of(const Look& look) { return {look.length() / 2, look.width() / 2}; }
double half_diagonal(HalfSize half) { return std::sqrt(half.length * half.length + half.width * half.width); }

/// The ground about one place as a plane: over a ship's length it differs from the earth by less than a millimetre.
class Floorplan {
 public:
  /// REQUIRES: a heading that is not zero.
  Floorplan(const Vec3& middle, const Vec3& heading)
      : middle_{middle}, ahead_{heading}, left_{cross(geo::normal_at(middle), heading)} {}
  Swing swing(HalfSize half, const Moment& from, const Moment& to) const {
    return {half, flat(from.at - middle_), flat(to.at - middle_), turned(from.heading), turned(to.heading)};
  }

 private:
  GroundVec flat(const Vec3& way) const { return {dot(way, ahead_), dot(way, left_)}; }
  GroundVec turned(const Vec3& heading) const {
    const GroundVec seen = flat(heading);
    const double length = std::sqrt(seen.x * seen.x + seen.y * seen.y);
    return length > 0 ? GroundVec{seen.x / length, seen.y / length} : GroundVec{1, 0};
  }
  Vec3 middle_, ahead_, left_;
};

bool flies(const Unit& unit) {
  return unit.platform_class == "helicopter" || unit.platform_class == "drone" || unit.platform_class == "aircraft" ||
         unit.platform_class == "aeroplane";
}

}  // namespace

/// Whether the two outlines came so near between one moment and the next that they may have touched: less apart than both
/// accuracies. Where a size or a heading is not known it cannot be told, which is said where the middles alone would allow it.
bool Finder::may_touch(const Pairing& pair, std::size_t k, double centres_m, double allowed_m, double& gap_m) {
  const HalfSize by = half_of(pair.by), upon = half_of(pair.upon);
  const std::size_t next = std::min(k + 1, pair.size() - 1);
  const Interval when{pair.times[k], pair.times[next]};
  const auto unknown = [&](Why why, const Look& of) {
    if (centres_m < by.length + upon.length + allowed_m)
      leave_out({Conduct::contact, {pair.by.unit()}, pair.upon.unit(), when, why, of.unit(), 0, 0});
    return false;
  };
  if (!pair.by.is_sized()) return unknown(Why::no_size, pair.by);
  if (!pair.upon.is_sized()) return unknown(Why::no_size, pair.upon);
  if (norm2(pair.b[k].heading) == 0 || norm2(pair.b[next].heading) == 0) return unknown(Why::no_heading, pair.by);
  if (norm2(pair.u[k].heading) == 0 || norm2(pair.u[next].heading) == 0) return unknown(Why::no_heading, pair.upon);
  const Floorplan ground(pair.b[k].at, pair.b[k].heading);
  gap_m = least_gap(ground.swing(by, pair.b[k], pair.b[next]), ground.swing(upon, pair.u[k], pair.u[next]));
  return gap_m == 0 || gap_m < allowed_m;
}

void Finder::contact(const Pairing& pair) {
  const Millis within = Millis::from_ms(static_cast<std::int64_t>(tests_[Limit::contact_step_within_s] * 1000));
  Instant last = Instant::from_ms(INT64_MIN / 2);
  for (std::size_t k = 0; k < pair.size(); ++k) {
    if (pair.times[k] - last < Millis::from_seconds(10)) continue;
    const std::size_t next = std::min(k + 1, pair.size() - 1);
    const Interval near{pair.times[k] - within, pair.times[next] + within};
    const double least = least_between(pair.b[k], pair.b[next], pair.u[k], pair.u[next]);
    const double allowed =
        std::max(pair.b[k].accuracy, pair.b[next].accuracy) + std::max(pair.u[k].accuracy, pair.u[next].accuracy);
    if (least >= half_diagonal(half_of(pair.by)) + half_diagonal(half_of(pair.upon)) + allowed) continue;
    const Step own = steps_of(pair.by, near, within), other = steps_of(pair.upon, near, within);
    const double speed = std::max(own.speed, other.speed), heading = std::max(own.heading, other.heading);
    if (speed <= tests_[Limit::contact_speed_step_mps] && heading <= tests_[Limit::contact_heading_step_deg]) continue;
    double gap = 0;
    if (!may_touch(pair, k, least, allowed, gap)) continue;
    last = pair.times[k];
    const Vec3 relative = pair.b[k].heading * pair.b[k].quick - pair.u[k].heading * pair.u[k].quick;
    report({Conduct::contact,
            {pair.by.unit()},
            pair.upon.unit(),
            {pair.times[k], pair.times[next]},
            {{"gap_m", in_thousandths(gap)},
             {"gap_below_m", in_thousandths(allowed)},
             {"least_distance_m", in_thousandths(least)},
             {"speed_step_mps", in_thousandths(speed)},
             {"heading_step_deg", in_thousandths(heading)},
             {"relative_speed_mps", in_thousandths(norm(relative))}},
            {}},
           {&pair.by, &pair.upon}, Limit::contact_least_fix_s, Limit::contact_most_accuracy_m, within);
  }
}

void Finder::low_overflight(const Pairing& pair) {
  const double slant_limit = tests_[Limit::low_overflight_slant_below_m];
  const auto height = [&](std::size_t k) { return pair.b[k].altitude - pair.u[k].altitude; };
  const auto slant = [&](std::size_t k) { return std::sqrt(pair.distance(k) * pair.distance(k) + height(k) * height(k)); };
  const auto holds = [&](std::size_t k) {  // false where an altitude is not a number
    return height(k) >= tests_[Limit::low_overflight_height_above_m] && slant(k) < slant_limit;
  };
  for (const Run& run : runs_of(pair.size(), holds)) {
    if (pair.seconds(run) < tests_[Limit::low_overflight_for_s]) continue;
    double least = HUGE_VAL, lowest = HUGE_VAL, slowest = HUGE_VAL;
    for (std::size_t k = run.first; k <= run.last; ++k) {
      least = std::min(least, slant(k));
      lowest = std::min(lowest, height(k));
      slowest = std::min(slowest, pair.b[k].speed);
    }
    report({Conduct::low_overflight,
            {pair.by.unit()},
            pair.upon.unit(),
            pair.span(run),
            {{"least_slant_m", in_thousandths(least)},
             {"least_height_m", in_thousandths(lowest)},
             {"least_speed_mps", in_thousandths(slowest)},
             {"duration_s", in_thousandths(pair.seconds(run))}},
            {}},
           {&pair.by, &pair.upon}, Limit::low_overflight_least_fix_s, Limit::low_overflight_most_accuracy_m);
  }
  if (!flies(units_[pair.by.unit()]) || flies(units_[pair.upon.unit()])) return;
  for (std::size_t k = 0; k < pair.size(); ++k)
    if (std::isnan(height(k)) && pair.distance(k) < slant_limit) {
      const UnitIndex of = std::isnan(pair.b[k].altitude) ? pair.by.unit() : pair.upon.unit();
      leave_out({Conduct::low_overflight,
                 {pair.by.unit()},
                 pair.upon.unit(),
                 {pair.times[k], pair.times[k]},
                 Why::no_altitude,
                 of,
                 0,
                 0});
      return;
    }
}

void Finder::too_slow_to_tell(const Contact& contact) {
  if (contact.closest_m > kWithinSightM) return;
  const Look &a = look_of(contact.a), &b = look_of(contact.b);
  const Interval when{contact.closest_at - Millis::from_seconds(5), contact.closest_at + Millis::from_seconds(5)};
  struct Row {
    Conduct conduct;
    Limit least_fix, most_accuracy;
  };
  for (const Row& row : {Row{Conduct::overtake_close, Limit::overtake_close_least_fix_s, Limit::overtake_close_most_accuracy_m},
                         Row{Conduct::cut_in, Limit::cut_in_least_fix_s, Limit::cut_in_most_accuracy_m},
                         Row{Conduct::contact, Limit::contact_least_fix_s, Limit::contact_most_accuracy_m}}) {
    const auto floor = floor_against({&a, &b}, when, tests_[row.least_fix], tests_[row.most_accuracy]);
    if (!floor) continue;
    leave_out({row.conduct,
               {contact.a},
               contact.b,
               when,
               floor->why,
               floor->of,
               in_thousandths(floor->found),
               in_thousandths(floor->needed)});
  }
}

}  // namespace wideberth::live
