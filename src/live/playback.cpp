#include "live/playback.h"

#include <algorithm>

namespace wideberth::live {

Playback::Playback(const Units& units, Settings settings, EncounterLimits limits, Tests tests, Surroundings around)
    : units_(units),
      tests_(std::move(tests)),
      around_(std::move(around)),
      tracks_(settings.track),
      proximity_(std::move(settings)),
      encounters_(limits) {}

PlaybackStep Playback::step(std::span<const Fix> fixes) {
  PlaybackStep out;
  if (fixes.empty()) return out;
  out.at = now_ = fixes.front().time;
  std::vector<UnitIndex> moved;
  for (const Fix& fix : fixes) {
    const Taken taken = tracks_.take(units_, fix, fix.time);
    ++outcomes_[static_cast<std::size_t>(taken)];
    encounters_.take(units_, fix.unit, tracks_.of(fix.unit), taken, fix.time);
    if (is_used(taken) && std::find(moved.begin(), moved.end(), fix.unit) == moved.end()) moved.push_back(fix.unit);
  }
  proximity_.step(units_, tracks_, moved);
  out.alerts = proximity_.events();
  proximity_.advance(tracks_, now_);
  out.alerts.insert(out.alerts.end(), proximity_.events().begin(), proximity_.events().end());
  gather(out);
  return out;
}

PlaybackStep Playback::close() {
  PlaybackStep out;
  out.at = now_;
  // Whoever is silent beyond `stale` is lost, and its alerts end: the tracks say nothing more.
  proximity_.advance(tracks_, now_ + proximity_.settings().track.stale + Millis::from_seconds(1));
  out.alerts = proximity_.events();
  encounters_.close(units_);
  gather(out);
  return out;
}

void Playback::gather(PlaybackStep& step) {
  for (EncounterEvent& event : encounters_.drain()) {
    if (event.kind == EncounterEvent::Kind::opened) {
      step.opened.push_back(std::move(event));
      continue;
    }
    Findings findings;
    if (event.encounter.ended != EncounterEnd::joined) findings = find_conduct(units_, event.encounter, tests_, around_);
    step.closed.push_back({std::move(event.encounter), std::move(findings)});
  }
}

std::vector<PlaybackStep> play_all(Playback& playback, std::vector<Fix> fixes) {
  std::vector<std::size_t> order(fixes.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return std::tuple(fixes[a].time, fixes[a].unit, a) < std::tuple(fixes[b].time, fixes[b].unit, b);
  });
  std::vector<PlaybackStep> steps;
  std::vector<Fix> moment;
  for (std::size_t i = 0; i < order.size(); ++i) {
    moment.push_back(fixes[order[i]]);
    if (i + 1 < order.size() && fixes[order[i + 1]].time == moment.front().time) continue;
    PlaybackStep step = playback.step(moment);
    moment.clear();
    if (!step.alerts.empty() || !step.opened.empty() || !step.closed.empty()) steps.push_back(std::move(step));
  }
  steps.push_back(playback.close());
  return steps;
}

}  // namespace wideberth::live
