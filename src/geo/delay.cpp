#include "geo/delay.h"

#include <algorithm>
#include <cmath>

namespace wideberth::geo {

namespace {

// The distribution of the sum of two independent delays, uniform in ±wide and ±narrow; wide >= narrow, wide > 0.
double share_below(double x, double wide, double narrow) {
  const double end = wide + narrow, shoulder = wide - narrow;
  if (x <= -end) return 0;
  if (x >= end) return 1;
  if (x < -shoulder) return (x + end) * (x + end) / (8 * wide * narrow);
  if (x > shoulder) return 1 - (end - x) * (end - x) / (8 * wide * narrow);
  return (x + wide) / (2 * wide);
}

}  // namespace

void DelaySet::add(double low_ms, double high_ms) {
  fresh_.push_back({Millis::from_ms(static_cast<std::int64_t>(std::floor(low_ms))),
                    Millis::from_ms(static_cast<std::int64_t>(std::ceil(high_ms)))});
  // The settled part is rewritten only when as much again has come: each span is moved a few times in all.
  if (fresh_.size() > settled_.size() + 16) settle();
}

bool DelaySet::holds(double low_ms, double high_ms) const {
  const auto after = std::upper_bound(settled_.begin(), settled_.end(), low_ms,
                                      [](double low, const DelaySpan& span) { return low < static_cast<double>(span.low.ms()); });
  return after != settled_.begin() && high_ms <= static_cast<double>((after - 1)->high.ms());
}

std::vector<DelaySpan> DelaySet::spans() const {
  settle();
  return settled_;
}

void DelaySet::settle() const {
  fresh_.insert(fresh_.end(), settled_.begin(), settled_.end());
  std::sort(fresh_.begin(), fresh_.end(), [](const DelaySpan& a, const DelaySpan& b) { return a.low < b.low; });
  settled_.clear();
  for (const DelaySpan& span : fresh_) {
    if (!settled_.empty() && span.low <= settled_.back().high) {
      settled_.back().high = std::max(settled_.back().high, span.high);
    } else {
      settled_.push_back(span);
    }
  }
  fresh_.clear();
}

std::vector<DelaySpan> mirrored(const std::vector<DelaySpan>& spans) {
  std::vector<DelaySpan> other;
  for (auto span = spans.rbegin(); span != spans.rend(); ++span) other.push_back({-span->high, -span->low});
  return other;
}

double share_of(const std::vector<DelaySpan>& spans, Millis slack_a, Millis slack_b) {
  const double wide = static_cast<double>(std::max(slack_a, slack_b).ms());
  const double narrow = static_cast<double>(std::min(slack_a, slack_b).ms());
  double share = 0;
  for (const DelaySpan& span : spans) {
    if (wide > 0) {
      share += share_below(static_cast<double>(span.high.ms()), wide, narrow) -
               share_below(static_cast<double>(span.low.ms()), wide, narrow);
    } else if (span.low <= Millis{} && span.high >= Millis{}) {
      share = 1;
    }
  }
  return std::clamp(share, 0.0, 1.0);
}

Millis first_clear(const std::vector<DelaySpan>& spans, Millis slack) {
  std::int64_t seconds = 1;
  for (const DelaySpan& span : spans) {
    const std::int64_t reach = seconds * 1000 + slack.ms();
    if (span.low.ms() > reach) break;
    // Too early as long as shift - slack <= high.
    const std::int64_t needed = span.high.ms() + slack.ms();
    if (needed >= seconds * 1000) seconds = needed / 1000 + 1;
  }
  return Millis::from_seconds(seconds);
}

}  // namespace wideberth::geo
