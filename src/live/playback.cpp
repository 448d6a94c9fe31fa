#include "live/playback.h"

#include <algorithm>
#include <numeric>

namespace wideberth::live {

Playback::Playback(Live live, Tests tests, Surroundings around)
    : live_(std::move(live)), tests_(std::move(tests)), around_(std::move(around)) {}

PlaybackStep Playback::step(std::span<const Fix> fixes) {
  if (fixes.empty()) return {};
  now_ = fixes.front().time;
  live_.take(fixes, now_);
  return gather(now_);
}

PlaybackStep Playback::close() {
  live_.finish();
  return gather(now_);
}

PlaybackStep Playback::gather(Instant at) {
  PlaybackStep out{at, {}, {}};
  for (Event& event : live_.drain()) {
    auto* encounter = std::get_if<EncounterEvent>(&event);
    if (encounter == nullptr || encounter->kind == EncounterEvent::Kind::opened) {
      out.events.push_back(std::move(event));
      continue;
    }
    Findings findings;
    if (encounter->encounter.ended != EncounterEnd::joined)
      findings = find_conduct(live_.units(), encounter->encounter, tests_, around_);
    out.closed.push_back({std::move(encounter->encounter), std::move(findings)});
  }
  return out;
}

void put_in_order(std::vector<Fix>& fixes) {
  std::vector<std::size_t> order(fixes.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return std::tuple(fixes[a].time, fixes[a].unit, a) < std::tuple(fixes[b].time, fixes[b].unit, b);
  });
  std::vector<Fix> sorted;
  sorted.reserve(fixes.size());
  for (const std::size_t i : order) sorted.push_back(fixes[i]);
  fixes = std::move(sorted);
}

std::size_t moment_end(std::span<const Fix> fixes, std::size_t from) {
  std::size_t end = from + 1;
  while (end < fixes.size() && fixes[end].time == fixes[from].time) ++end;
  return end;
}

std::vector<PlaybackStep> play_all(Playback& playback, std::vector<Fix> fixes) {
  put_in_order(fixes);
  std::vector<PlaybackStep> steps;
  const std::span<const Fix> all(fixes);
  for (std::size_t from = 0; from < all.size();) {
    const std::size_t end = moment_end(all, from);
    PlaybackStep step = playback.step(all.subspan(from, end - from));
    if (!step.events.empty() || !step.closed.empty()) steps.push_back(std::move(step));
    from = end;
  }
  steps.push_back(playback.close());
  return steps;
}

}  // namespace wideberth::live
