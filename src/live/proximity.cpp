#include "live/proximity.h"

#include <algorithm>
#include <array>
#include <limits>

namespace wideberth::live {

namespace {

/// `from` of a unit that has not moved.
constexpr Instant kNotMoved = Instant::from_ms(std::numeric_limits<std::int64_t>::max());

/// Below this many units a table is not worth making.
constexpr std::size_t kFew = 64;

/// The way between two units since `from`, from what is kept beside their tracks where that suffices.
std::optional<Closest> sweep(const Tracks& tracks, UnitIndex a, UnitIndex b, Instant from, Instant to) {
  const Recent ra{tracks.motion(a), tracks.before(a)}, rb{tracks.motion(b), tracks.before(b)};
  if (ra.covers(from) && rb.covers(from)) return closest(ra, rb, from, to);
  return closest(tracks.of(a), tracks.of(b), from, to);
}

}  // namespace

struct Proximity::Judged {
  PairKey pair = 0;
  const PairLimits* limits = nullptr;  ///< null: nothing is to be said of it
  Instant from;
  Measured measured;
  bool swept = false;
};

const PairLimits& Proximity::limits_of(const Units& units, UnitIndex a, UnitIndex b) const {
  if (classes_ == 1) return limits_[0];
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
    if (i + 16 < moved.size()) __builtin_prefetch(&tracks.motion(moved[i + 16]));
    const Motion& motion = tracks.motion(moved[i]);
    moved_.push_back({moved[i], motion.last - Millis::from_ms(motion.step_ms)});
    from_[moved[i].value] = moved_.back().from;
  }
  book_.begin_step();
  search(units, tracks, path);
  judge_found(units, tracks);
  found_.clear();  // what is known and was not found
  if (is_most(tracks))
    book_.add_left_of_all([&](UnitIndex unit) { return from_[unit.value] != kNotMoved; }, found_);
  else
    book_.add_left(moved, found_);
  judge_found(units, tracks);
  book_.settle(events_);
  settle_approaches();
  for (const Moved& one : moved_) from_[one.unit.value] = kNotMoved;
}

bool Proximity::is_most(const Tracks& tracks) const { return 4 * moved_.size() >= tracks.size(); }

void Proximity::settle_approaches() {
  const auto pair = [](const Approach& approach) { return pair_of(approach.a.value, approach.b.value); };
  std::sort(approaches_.begin(), approaches_.end(), [&](const auto& x, const auto& y) { return pair(x) < pair(y); });
  const auto same = [&](const Approach& x, const Approach& y) { return pair(x) == pair(y); };
  approaches_.erase(std::unique(approaches_.begin(), approaches_.end(), same), approaches_.end());
}

void Proximity::judge_found(const Units& units, const Tracks& tracks) {
  std::array<Judged, kAtOnce> block;
  for (std::size_t first = 0; first < found_.size(); first += kAtOnce) {
    const std::size_t count = std::min(kAtOnce, found_.size() - first);
    ask_for(units, tracks, first);
    for (std::size_t i = 0; i < count; ++i) {
      block[i].pair = found_[first + i];
      measure(units, tracks, block[i]);
    }
    for (std::size_t i = 0; i < count; ++i)
      if (block[i].limits != nullptr) judge(units, tracks, block[i]);
  }
}

// Two blocks ahead who is asked about, and where their state would be; one ahead the state.
void Proximity::ask_for(const Units& units, const Tracks& tracks, std::size_t first) const {
  const auto block = [&](std::size_t ahead, auto&& ask) {
    const std::size_t begin = first + ahead * kAtOnce;
    for (std::size_t i = begin; i < std::min(begin + kAtOnce, found_.size()); ++i) ask(found_[i]);
  };
  block(2, [&](PairKey pair) {
    book_.ask_for(pair, 0);
    __builtin_prefetch(&tracks.motion(lower_of(pair)));
    __builtin_prefetch(&tracks.motion(upper_of(pair)));
  });
  block(1, [&](PairKey pair) {
    book_.ask_for(pair, 1);
    for (const UnitIndex unit : {lower_of(pair), upper_of(pair)}) {
      units.ask_for(unit);
      __builtin_prefetch(&tracks.marks(unit));
      __builtin_prefetch(&from_[unit.value]);
    }
  });
}

void Proximity::search(const Units& units, const Tracks& tracks, Path path) {
  if (wanted_.reach_m == 0) return;  // nobody owes anything
  const Instant now = tracks.latest();
  // judge() sets aside pairs whose last fixes are more than `stale` apart; the older of a step is itself not older than that.
  const Instant stale_before = now - settings_.track.stale - settings_.track.stale - settings_.track.ahead;
  if (path == Path::choose) path = tracks.size() <= kFew ? Path::every : is_most(tracks) ? Path::together : Path::each;
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

/// Where they are, and will be; the way between the last fixes only where that can matter.
void Proximity::measure(const Units& units, const Tracks& tracks, Judged& judged) const {
  const UnitIndex a = lower_of(judged.pair), b = upper_of(judged.pair);
  const PairLimits& limits = limits_of(units, a, b);
  judged.limits = nullptr;
  if (!limits.owed) return;
  judged.limits = &limits;
  const Motion &ma = tracks.motion(a), &mb = tracks.motion(b);
  const Instant at = std::max(ma.last, mb.last);
  if (at - std::min(ma.last, mb.last) > settings_.track.stale) {
    judged.measured.at = kNotMoved;
    return;
  }
  const Marks &marks_a = tracks.marks(a), &marks_b = tracks.marks(b);
  const State now_a{ma.at + ma.velocity * seconds_of(at - ma.last), ma.velocity},
      now_b{mb.at + mb.velocity * seconds_of(at - mb.last), mb.velocity};
  Measured& measured = judged.measured;
  measured.at = at;
  measured.older = std::min(ma.last, mb.last);
  measured.ahead = ahead(now_a, now_b, std::max(limits.caution_s, limits.warning_s) * settings_.alert.widen);
  measured.doubtful = marks_a.doubtful || marks_b.doubtful ||
                      static_cast<double>(marks_a.accuracy_m) + static_cast<double>(marks_b.accuracy_m) > limits.caution_m;
  measured.at_rest = marks_a.at_rest && marks_b.at_rest;
  judged.from = std::min(from_[a.value], from_[b.value]);
  // Since `from` neither was further from where it is than Motion says: what is beyond all that is asked needs no sweep.
  const double back =
      (static_cast<double>(ma.fastest_mps) + static_cast<double>(mb.fastest_mps)) * 1.0001 * (seconds_of(at - judged.from) + 1) +
      0.01;
  const double bound = measured.ahead.now_m - back;
  double asked = std::max(limits.caution_m, limits.warning_m) * std::max(settings_.alert.widen, 1.0);
  if (with_approaches_) asked = std::max(asked, limits.encounter_m);
  if (measured.ahead.now_m > limits.reach_m) asked = std::max(asked, limits.reach_m);
  judged.swept = !(bound > asked);
  measured.closest.distance_m = bound;
  if (!judged.swept) return;
  __builtin_prefetch(&tracks.before(a));
  __builtin_prefetch(&tracks.before(b));
}

void Proximity::judge(const Units& units, const Tracks& tracks, Judged& judged) {
  ++judged_;
  Measured& measured = judged.measured;
  if (measured.at == kNotMoved) return;
  const UnitIndex a = lower_of(judged.pair), b = upper_of(judged.pair);
  if (judged.swept) {
    const auto near = sweep(tracks, a, b, judged.from, measured.at);
    if (!near) return;
    measured.closest = *near;
    if (with_approaches_ && near->distance_m <= judged.limits->encounter_m)
      approaches_.push_back({a, b, {judged.from, measured.at}, *near, measured.ahead});
  }
  const bool together = units.formation_of(a) != 0 && units.formation_of(a) == units.formation_of(b);
  if (together || (units.moored(a) && units.moored(b))) return;
  const std::size_t told = events_.size();
  book_.judge(judged.pair, measured, *judged.limits, events_);
  if (judged.swept) return;
  for (std::size_t i = told; i < events_.size(); ++i)
    if (const auto swept = sweep(tracks, a, b, judged.from, measured.at)) events_[i].closest = *swept;
}

void Proximity::advance(const Tracks& tracks, Instant now) {
  events_.clear();
  approaches_.clear();
  book_.lose(tracks, now, now - settings_.track.stale, events_);
}

}  // namespace wideberth::live
