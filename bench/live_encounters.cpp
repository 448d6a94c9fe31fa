#include "live_encounters.h"

#include <fmt/format.h>

#include <algorithm>

#include "live/conduct.h"
#include "measure.h"
#include "watch.h"

namespace wideberth::bench {

EncounterFigures measure_encounters(const LiveWorkload& workload, bool cpu) {
  live::Live live = new_live(workload, true);
  EncounterFigures figures;
  std::vector<live::Encounter> closed;
  const auto drain = [&] {
    for (live::Event& event : live.drain()) {
      auto* encounter = std::get_if<live::EncounterEvent>(&event);
      if (encounter == nullptr) continue;
      if (encounter->kind == live::EncounterEvent::Kind::opened)
        ++figures.opened;
      else if (encounter->encounter.ended == live::EncounterEnd::joined)
        ++figures.joined;
      else
        closed.push_back(std::move(encounter->encounter));
    }
  };
  std::vector<double> ms;
  std::vector<live::Fix> fixes;
  double total = 0;
  std::size_t counted = 0;
  for (std::size_t s = 0; s < workload.seconds.size() && total < 10; ++s) {
    const auto& second = workload.seconds[s];
    const Watch watch{cpu};
    fixes.clear();
    for (const RawFix& raw : second) fixes.push_back(fix_of(raw));
    live.take(fixes, received_of(second));
    const double took = watch.seconds();
    drain();
    if (s < warm_up(workload)) continue;
    ms.push_back(took * 1000);
    total += took;
    counted += second.size();
  }
  const Watch closing{cpu};
  live.finish();
  figures.closing_s = closing.seconds();
  drain();
  figures.together_per_s = static_cast<double>(counted) / std::max(total, 1e-9);
  figures.step_p50_ms = median(ms);
  figures.step_p99_ms = percentile_99(ms);
  const live::Tests tests;
  double looking = 0;
  for (const live::Encounter& encounter : closed) {
    figures.contacts += encounter.contacts.size();
    if (encounter.tracks.size() > kMostUnits || looking > 5) continue;
    const Watch watch{cpu};
    figures.candidates += live::find_conduct(live.units(), encounter, tests).candidates.size();
    looking += watch.seconds();
    ++figures.looked_into;
    for (const live::UnitTrack& track : encounter.tracks) figures.fixes += track.samples.size();
  }
  figures.conduct_per_s = static_cast<double>(figures.fixes) / std::max(looking, 1e-9);
  return figures;
}

std::string to_text(const EncounterFigures& f) {
  return fmt::format(
      "  encounters{:>10.0f} fixes/s   a second of fixes in {:.2f} ms (p99 {:.2f}), with encounters; {} opened, {} joined, {} "
      "contacts\n"
      "  conduct   {:>10.0f} fixes/s   of {} encounters that closed, {} fixes: {} candidates\n",
      f.together_per_s, f.step_p50_ms, f.step_p99_ms, f.opened, f.joined, f.contacts, f.conduct_per_s, f.looked_into, f.fixes,
      f.candidates);
}

std::string to_json(const EncounterFigures& f) {
  return fmt::format(
      "{{\"fixes_per_s\":{:.0f},\"step_p50_ms\":{:.3f},\"step_p99_ms\":{:.3f},\"opened\":{},\"joined\":{},\"contacts\":{},"
      "\"conduct_fixes_per_s\":{:.0f},\"conduct_encounters\":{},\"conduct_fixes\":{},\"candidates\":{}}}",
      f.together_per_s, f.step_p50_ms, f.step_p99_ms, f.opened, f.joined, f.contacts, f.conduct_per_s, f.looked_into, f.fixes,
      f.candidates);
}

}  // namespace wideberth::bench
