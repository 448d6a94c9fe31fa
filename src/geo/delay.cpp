#include "geo/delay.h"

#include <algorithm>
#include <cmath>
#include <utility>

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
  const DelaySpan span{Millis::from_ms(static_cast<std::int64_t>(std::floor(low_ms))),
                       Millis::from_ms(static_cast<std::int64_t>(std::ceil(high_ms)))};
  if (spans_.empty()) spans_.reserve(8);
  // Legs that follow one another mostly go on where the last one ended.
  if (spans_.size() > settled_) {
    DelaySpan& last = spans_.back();
    if (span.low <= last.high && last.low <= span.high) {
      last = {std::min(last.low, span.low), std::max(last.high, span.high)};
      return;
    }
  }
  spans_.push_back(span);
  // What is settled is gone through only when as much again has come: each span is moved a few times in all.
  if (spans_.size() > 2 * settled_ + 16) settle();
}

bool DelaySet::holds(double low_ms, double high_ms) const {
  const auto settled = spans_.begin() + static_cast<std::ptrdiff_t>(settled_);
  const auto after = std::upper_bound(spans_.begin(), settled, low_ms,
                                      [](double low, const DelaySpan& span) { return low < static_cast<double>(span.low.ms()); });
  return after != spans_.begin() && high_ms <= static_cast<double>((after - 1)->high.ms());
}

std::vector<DelaySpan> DelaySet::spans() const& {
  settle();
  return spans_;
}

std::vector<DelaySpan> DelaySet::spans() && {
  settle();
  settled_ = 0;
  return std::move(spans_);
}

void DelaySet::settle() const {
  std::sort(spans_.begin(), spans_.end(), [](const DelaySpan& a, const DelaySpan& b) { return a.low < b.low; });
  settled_ = 0;
  for (const DelaySpan& span : spans_) {
    if (settled_ > 0 && span.low <= spans_[settled_ - 1].high)
      spans_[settled_ - 1].high = std::max(spans_[settled_ - 1].high, span.high);
    else
      spans_[settled_++] = span;
  }
  spans_.resize(settled_);
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

Millis first_clear_before(const std::vector<DelaySpan>& spans, Millis slack) {
  std::int64_t seconds = 1;
  for (auto span = spans.rbegin(); span != spans.rend(); ++span) {
    if (-span->high.ms() > seconds * 1000 + slack.ms()) break;
    const std::int64_t needed = slack.ms() - span->low.ms();
    if (needed >= seconds * 1000) seconds = needed / 1000 + 1;
  }
  return Millis::from_seconds(seconds);
}

}  // namespace wideberth::geo
