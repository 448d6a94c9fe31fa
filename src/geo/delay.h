// Relative delays: a union of spans that grows, how likely it is, and the shift that clears it.
#pragma once

#include <optional>
#include <vector>

#include "geo/occupancy.h"

namespace wideberth::geo {

/// A growing union of closed spans in whole milliseconds.
class DelaySet {
 public:
  /// Rounds outward: low down and high up. REQUIRES low <= high.
  void add(double low_ms, double high_ms);
  /// Whether every delay in [low, high] is known to be in the set. May say no while it is, never yes while it is not.
  bool holds(double low_ms, double high_ms) const;
  /// Sorted and disjoint; spans that touch are one.
  std::vector<DelaySpan> spans() const&;
  std::vector<DelaySpan> spans() &&;

 private:
  void settle() const;
  mutable std::vector<DelaySpan> spans_;
  mutable std::size_t settled_ = 0;  // so many of them, from the first, are sorted and disjoint
};

/// The set as the other side sees it: every delay with the other sign.
std::vector<DelaySpan> mirrored(const std::vector<DelaySpan>& spans);

/// The share of the set when the delay of a is uniform in ±slack_a, that of b in ±slack_b, and the two are independent: their
/// difference has a trapezoid for its density. Without any slack: whether 0 is in the set. 0 .. 1.
double share_of(const std::vector<DelaySpan>& spans, Millis slack_a, Millis slack_b);

/// The least whole number of seconds s > 0 such that [s - slack, s + slack] misses the set; and such that [-s - slack, -s +
/// slack] does.
Millis first_clear(const std::vector<DelaySpan>& spans, Millis slack);
Millis first_clear_before(const std::vector<DelaySpan>& spans, Millis slack);

}  // namespace wideberth::geo
