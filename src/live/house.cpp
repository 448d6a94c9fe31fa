#include "live/house.h"

#include <algorithm>

namespace wideberth::live {

Live::Live(Options options)
    : tracks_{options.settings.track},
      watcher_{options.conformance},
      proximity_{std::move(options.settings), false},
      with_encounters_{options.encounters},
      encounters_{options.encounter} {}

Result<Live> Live::make(const model::Agreement& agreement, EncounterLimits encounter) {
  Options options{.settings = settings_of(agreement)};
  options.encounter = encounter;
  for (const model::Rule& rule : agreement.rules)
    if (const auto* tolerance = std::get_if<model::CompositionToleranceRule>(&rule.body)) {
      options.conformance.vehicles_tolerance = tolerance->vehicles;
      break;
    }
  if (const auto within = threshold(agreement, "close_approach", "encounter_m"))
    options.encounter.within = Metres::from_mm(static_cast<std::int64_t>(*within * 1000));
  Live live{std::move(options)};
  for (const model::AgreementArea& area : agreement.areas) {
    geo::Area shape;
    shape.rings = area.rings;
    shape.window = {Instant::from_ms(0), Instant::from_ms(1)};  // an area of an agreement stands as long as it does
    WB_TRY(plan, geo::compile(shape));
    live.watcher_.watch_area(std::make_shared<const geo::Plan>(std::move(plan)));
  }
  return live;
}

void Live::take(std::span<const Fix> fixes, Instant received) {
  advance(received);
  in_step_.resize(units_.size());
  for (std::size_t i = 0; i < std::min<std::size_t>(fixes.size(), 16); ++i) {
    tracks_.ask_for(fixes[i].unit, 0), watcher_.ask_for(fixes[i].unit);
    proximity_.ask_for(fixes[i].unit);
  }
  for (std::size_t i = 0; i < fixes.size(); ++i) {
    // Fixes come in no order of units, so each would wait for memory: ask for it while the ones before are worked on.
    if (i + 16 < fixes.size()) tracks_.ask_for(fixes[i + 16].unit, 0), watcher_.ask_for(fixes[i + 16].unit);
    if (i + 8 < fixes.size()) tracks_.ask_for(fixes[i + 8].unit, 1);
    if (in_step_[fixes[i].unit.value] != 0) step();
    take_one(fixes[i]);
  }
  step();
}

void Live::take_one(const Fix& fix) {
  const Taken taken = tracks_.take(units_, fix, now_);
  ++outcomes_[static_cast<std::size_t>(taken)];
  const Track& track = tracks_.of(fix.unit);
  watcher_.judge(fix.unit, track, now_);
  if (with_encounters_) encounters_.take(units_, fix.unit, track, taken, fix.time);
  if (others_.index != nullptr && is_used(taken)) foresight_.look(fix.unit, watcher_, track, others_);
  // A fix that came too late to warn of is history: encounters have it, alerts do not.
  if (!is_used(taken) || taken == Taken::old) return;
  in_step_[fix.unit.value] = 1;
  moved_.push_back(fix.unit);
}

void Live::step() {
  proximity_.step(units_, tracks_, moved_);
  for (const UnitIndex unit : moved_) in_step_[unit.value] = 0;
  moved_.clear();
  tell_watched();
  tell(proximity_.events());
  if (with_encounters_) tell(encounters_.drain());
}

void Live::tell_watched() {
  tell(watcher_.events());
  tell(watcher_.compositions());
  tell(foresight_.events());
  watcher_.clear();
  foresight_.clear();
}

void Live::advance(Instant now) {
  if (now <= now_) return;
  now_ = now;
  const std::int64_t second = now.ms() / 1000;
  if (second == second_) return;
  second_ = second;
  proximity_.advance(tracks_, now_);
  watcher_.count(tracks_, now_);
  tell_watched();
  tell(proximity_.events());
  if (!with_encounters_) return;
  encounters_.advance(units_, now_);
  tell(encounters_.drain());
}

void Live::finish() {
  if (tracks_.size() == 0) return;
  advance(std::max(now_, tracks_.latest()) + proximity_.settings().track.stale + Millis::from_seconds(1));
  if (!with_encounters_) return;
  encounters_.close(units_);
  tell(encounters_.drain());
}

Result<void> Live::acknowledge(AlertId id, std::string by, Instant at) {
  WB_TRY(event, proximity_.book().acknowledge(id, std::move(by), at));
  events_.emplace_back(std::move(event));
  return {};
}

Result<void> Live::snooze(UnitIndex a, UnitIndex b, Grade up_to, Instant until, std::string by, std::string reason) {
  WB_TRY(events, proximity_.book().snooze(a, b, up_to, now_, until, std::move(by), std::move(reason)));
  tell(events);
  return {};
}

}  // namespace wideberth::live
