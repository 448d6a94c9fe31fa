#include "live/proximity.h"

#include <algorithm>
#include <limits>

namespace wideberth::live {

namespace {

/// `from` of a unit that has not moved.
constexpr Instant kNotMoved = Instant::from_ms(std::numeric_limits<std::int64_t>::max());

/// Below this many units a table is not worth making.
constexpr std::size_t kFew = 64;

double doubt_m(const Track& track) {
  const float accuracy = track.last().accuracy_m;
  return accuracy >= 0 ? static_cast<double>(accuracy) : 0;
}

}  // namespace

const PairLimits& Proximity::limits_of(const Units& units, UnitIndex a, UnitIndex b) const {
  return limits_[units.class_of(a) * classes_ + units.class_of(b)];
}

void Proximity::learn_classes(const Units& units) {
  if (units.classes().size() == classes_) return;
  classes_ = units.classes().size();
  limits_.clear();
  wanted_ = {};
  for (const auto& a : units.classes())
    for (const auto& b : units.classes()) {
      const PairLimits limits = settings_.pair(a, b);
      limits_.push_back(limits);
      if (!limits.owed) continue;
      wanted_.reach_m = std::max(wanted_.reach_m, limits.reach_m);
      wanted_.ahead_m = std::max({wanted_.ahead_m, limits.caution_m, limits.warning_m});
      wanted_.ahead_s = std::max({wanted_.ahead_s, limits.caution_s, limits.warning_s});
      wanted_.encounter_m =
          std::max({wanted_.encounter_m, limits.caution_m, limits.warning_m, with_approaches_ ? limits.encounter_m : 0.0});
    }
  filed_ = false;
}

void Proximity::step(const Units& units, const Tracks& tracks, std::span<const UnitIndex> moved, Path path) {
  events_.clear();
  approaches_.clear();
  moved_.clear();
  found_.clear();
  looked_at_ = judged_ = 0;
  if (moved.empty()) return;
  learn_classes(units);
  from_.resize(tracks.size(), kNotMoved);
  for (std::size_t i = 0; i < moved.size(); ++i) {
    if (i + 16 < moved.size()) {
      __builtin_prefetch(&tracks.motion(moved[i + 16]));
      book_.ask_for(moved[i + 16]);
    }
    const UnitIndex unit = moved[i];
    const Motion& motion = tracks.motion(unit);
    moved_.push_back({unit, motion.last - Millis::from_ms(motion.step_ms)});
    from_[unit.value] = moved_.back().from;
    for (const std::uint32_t other : book_.partners(unit)) found_.push_back(pair_of(unit.value, other));
  }
  search(units, tracks, path);
  std::sort(found_.begin(), found_.end());
  found_.erase(std::unique(found_.begin(), found_.end()), found_.end());
  for (std::size_t i = 0; i < found_.size(); ++i) {
    ask_for(tracks, i + 24, 0);
    ask_for(tracks, i + 12, 1);
    judge(units, tracks, found_[i]);
  }
  for (const Moved& one : moved_) from_[one.unit.value] = kNotMoved;
}

void Proximity::ask_for(const Tracks& tracks, std::size_t ahead, int now) const {
  if (ahead >= found_.size()) return;
  tracks.ask_for(lower_of(found_[ahead]), now);
  tracks.ask_for(upper_of(found_[ahead]), now);
}

void Proximity::search(const Units& units, const Tracks& tracks, Path path) {
  if (wanted_.reach_m == 0) return;  // nobody owes anything
  const Instant now = tracks.latest();
  // judge() sets aside pairs whose last fixes are more than `stale` apart; the older of a step is itself not older than that.
  const Instant stale_before = now - settings_.track.stale - settings_.track.stale - settings_.track.ahead;
  if (path == Path::choose)
    path = tracks.size() <= kFew ? Path::every : 4 * moved_.size() >= tracks.size() ? Path::together : Path::each;
  if (path == Path::every) {
    filed_ = false;
    return every_pair(units, tracks);
  }
  if (path == Path::together) {
    filed_ = false;
    join_.find(units, tracks, moved_, now, stale_before, wanted_, found_);
    looked_at_ = join_.looked_at();
    return;
  }
  if (!filed_) cells_.file_all(units, tracks, now, stale_before, wanted_);
  filed_ = true;
  cells_.find(units, tracks, moved_, now, stale_before, found_);
  looked_at_ = cells_.looked_at();
}

void Proximity::every_pair(const Units& units, const Tracks& tracks) {
  for (const Moved& one : moved_) {
    const std::uint16_t party = units.party_of(one.unit);
    for (std::uint32_t other = 0; other < tracks.size(); ++other)
      if (units.party_of({other}) != party && tracks.motion({other}).fastest_mps >= 0)
        found_.push_back(pair_of(one.unit.value, other));
    looked_at_ += tracks.size();
  }
}

void Proximity::judge(const Units& units, const Tracks& tracks, PairKey pair) {
  const UnitIndex a = lower_of(pair), b = upper_of(pair);
  const PairLimits& limits = limits_of(units, a, b);
  if (!limits.owed) return;
  ++judged_;
  const Instant last_a = tracks.motion(a).last, last_b = tracks.motion(b).last;
  const Instant at = std::max(last_a, last_b);
  if (at - std::min(last_a, last_b) > settings_.track.stale) return;
  const Track &ta = tracks.of(a), &tb = tracks.of(b);
  const auto near = closest(ta, tb, std::min(from_[a.value], from_[b.value]), at);
  if (!near) return;
  const Measured measured{*near,
                          ahead(*ta.at(at), *tb.at(at), std::max(limits.caution_s, limits.warning_s) * settings_.alert.widen), at,
                          ta.doubtful() || tb.doubtful() || doubt_m(ta) + doubt_m(tb) > limits.caution_m,
                          ta.at_rest(settings_.track) && tb.at_rest(settings_.track)};
  if (with_approaches_ && near->distance_m <= limits.encounter_m)
    approaches_.push_back({a, b, {std::min(from_[a.value], from_[b.value]), at}, *near, measured.ahead});
  const bool together = units.formation_of(a) != 0 && units.formation_of(a) == units.formation_of(b);
  if (together || (units[a].moored && units[b].moored)) return;
  book_.judge(pair, measured, limits, events_);
}

void Proximity::advance(const Tracks& tracks, Instant now) {
  events_.clear();
  approaches_.clear();
  book_.lose(tracks, now, now - settings_.track.stale, events_);
}

}  // namespace wideberth::live
