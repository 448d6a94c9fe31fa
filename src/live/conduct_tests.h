// Inside this folder only: the tests of conduct, one method each, over the tracks of one encounter.
#pragma once

#include <optional>
#include <vector>

#include "live/look.h"

namespace wideberth::live {

/// From one index to another, both included.
struct Run {
  std::size_t first = 0, last = 0;
};
template <class Holds>
std::vector<Run> runs_of(std::size_t count, const Holds& holds) {
  std::vector<Run> runs;
  bool going = false;
  for (std::size_t k = 0; k < count; ++k) {
    const bool now = holds(k);
    if (now && !going) runs.push_back({k, k});
    if (now) runs.back().last = k;
    going = now;
  }
  return runs;
}

/// The nearest point of a line of chords.
struct Foot {
  double along = 0;  ///< metres from its start
  double off = 0;    ///< metres from it
  Vec3 at{};
};
Foot foot_on(const std::vector<Vec3>& line, const Vec3& point);

/// Two units at the times of their fixes.
struct Pairing {
  const Look &by, &upon;
  std::vector<Instant> times{};
  std::vector<Moment> b{}, u{};  ///< of `by` and of `upon`, at each time

  /// Moments at which the two say altitudes that differ by `apart_m` or more are left out: they are not beside each other.
  Pairing(const Look& by_look, const Look& upon_look, double apart_m);
  std::size_t size() const { return times.size(); }
  double distance(std::size_t k) const { return norm(b[k].at - u[k].at); }
  Interval span(Run run) const { return {times[run.first], times[run.last]}; }
  double seconds(Run run) const { return static_cast<double>((times[run.last] - times[run.first]).ms()) / 1000; }
};

class Finder {
 public:
  Finder(const Units& units, const Encounter& encounter, const Tests& tests, const Surroundings& around);
  Findings run();

 private:
  // conduct_stand.cpp
  void blocking(const Pairing& pair);
  void boxing_in(const Look& upon);
  // conduct_follow.cpp
  void tailing(const Pairing& pair);
  void pursuit(const Pairing& pair);
  void pursuit_too_slow_to_tell(const Pairing& pair);
  bool follows(const Pairing& pair, std::size_t k) const;
  // conduct_pass.cpp
  void overtake_close(const Pairing& pair);
  void cut_in(const Pairing& pair);
  void forced_off_road(const Pairing& pair, std::size_t at, const std::optional<Floor>& cut_in_floor);
  // conduct_touch.cpp
  void contact(const Pairing& pair);
  bool may_touch(const Pairing& pair, std::size_t k, double centres_m, double allowed_m, double& gap_m);
  void low_overflight(const Pairing& pair);
  void too_slow_to_tell(const Contact& contact);

  /// Puts it among the candidates, or where a floor speaks against it, among what is not reported. Gives which it was.
  bool report(Candidate candidate, const std::vector<const Look*>& looks, Limit least_fix, Limit most_accuracy,
              Millis widen = {});
  void leave_out(Unreported unreported);
  // conduct_column.cpp
  static bool is_of_columns(Conduct conduct);
  bool are_one_column(UnitIndex a, UnitIndex b) const;
  void merge_columns();
  const Look& look_of(UnitIndex unit) const;

  const Units& units_;
  const Encounter& encounter_;
  const Tests& tests_;
  const Surroundings& around_;
  std::vector<Look> looks_{};
  Findings out_{};
};

}  // namespace wideberth::live
