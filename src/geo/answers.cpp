#include "geo/answers.h"

#include <bit>

#include "base/check.h"
#include "geo/finding.h"

namespace wideberth::geo {

namespace {

// One of those asked about, in the order that the answer is found in.
struct Asked {
  Facing first, second;
  Terms terms;
  PiecePairs pairs;
  std::uint64_t now = 0;
  std::size_t other = 0;
  bool turned = false;
  std::uint64_t judged = 0;  // the pairs that are near at some time
  Found found;
};

// A pair of pieces of one of them.
struct Pending {
  PiecePair pair;
  std::uint32_t asked = 0;
  std::uint32_t bit = 0;  // of its set
};

// Memory that searches use again.
struct Work {
  std::vector<Asked> asked;
  std::vector<Pending> pending, near;
  std::vector<double> ever;  // distance², u and v of each that is near
};

void begin(const Facing& a, std::span<const Other> others, std::vector<Asked>& asked) {
  asked.clear();
  for (std::size_t i = 0; i < others.size(); ++i) {
    const Other& other = others[i];
    if (!bands_meet(a.altitude, other.plan.altitude)) continue;
    Asked ask;
    ask.terms = terms_of(a, other.plan, other.separation);
    ask.other = i;
    ask.turned = order(a, other.plan) > 0;
    ask.first = ask.turned ? other.plan : a;
    ask.second = ask.turned ? a : other.plan;
    ask.now = ask.turned ? transposed(other.now) : other.now;
    ask.pairs = other.pairs;
    if (ask.turned) ask.pairs = {transposed(other.pairs.near), transposed(other.pairs.on_schedule)};
    asked.push_back(std::move(ask));
  }
}

// The pairs of a set, in the order of a walk.
void add_pairs(const std::vector<Asked>& asked, std::size_t at, std::uint64_t set, std::vector<Pending>& pending) {
  const Asked& ask = asked[at];
  for (; set != 0; set &= set - 1) {
    const auto bit = static_cast<std::uint32_t>(std::countr_zero(set));
    pending.push_back(
        {{&ask.first.pieces[bit / 8], &ask.second.pieces[bit % 8], ask.terms.reach2}, static_cast<std::uint32_t>(at), bit});
  }
}

// Calls each(first, count) with as many pairs as go into one look, until all have been.
template <class Each>
void by_looks(const std::vector<Pending>& pending, const Each& each) {
  PiecePair pairs[kMostPairs];
  for (std::size_t at = 0; at < pending.size(); at += kMostPairs) {
    const std::size_t count = std::min(kMostPairs, pending.size() - at);
    for (std::size_t k = 0; k < count; ++k) pairs[k] = pending[at + k].pair;
    each(std::span<const PiecePair>{pairs, count}, std::span{pending}.subspan(at, count));
  }
}

// Which pairs are near at some time or other, and where they are nearest.
void find_near(Work& work) {
  work.near.clear();
  work.ever.clear();
  by_looks(work.pending, [&](std::span<const PiecePair> pairs, std::span<const Pending> pending) {
    NearestOf ever;
    nearest_ever(pairs, ever);
    for (std::size_t k = 0; k < pairs.size(); ++k) {
      Asked& ask = work.asked[pending[k].asked];
      if (ever.distance2[k] > ask.terms.beyond2) continue;
      ask.judged |= std::uint64_t{1} << pending[k].bit;
      work.near.push_back(pending[k]);
      for (const double x : {ever.distance2[k], ever.u[k], ever.v[k]}) work.ever.push_back(x);
    }
  });
}

// All that the kernel says of those near.
void judge_near(Work& work) {
  Kept kept;
  std::uint32_t whose[kMostPairs];
  const auto judge_kept = [&] {
    if (kept.count == 0) return;
    PairAnswers said;
    judge(kept.all(), kept.ever, said);
    for (std::size_t k = 0; k < kept.count; ++k) {
      Asked& ask = work.asked[whose[k]];
      ask.found.take(kept.pairs[k], ask.terms.nothing2, said, k);
    }
    kept.count = 0;
  };
  for (std::size_t i = 0; i < work.near.size(); ++i) {
    const Asked& ask = work.asked[work.near[i].asked];
    if ((ask.judged & ask.now) == 0) continue;
    whose[kept.count] = work.near[i].asked;
    kept.add(work.near[i].pair, {work.ever[3 * i], work.ever[3 * i + 1], work.ever[3 * i + 2]});
    if (kept.count == kMostPairs) judge_kept();
  }
  judge_kept();
}

// Calls each(asked, pair, place among the looked at) for the least distances of pending pairs.
void take_planned(Work& work) {
  by_looks(work.pending, [&](std::span<const PiecePair> pairs, std::span<const Pending> pending) {
    NearestOf planned;
    nearest_planned(pairs, planned);
    for (std::size_t k = 0; k < pairs.size(); ++k) {
      Asked& ask = work.asked[pending[k].asked];
      ask.found.planned.take(planned.distance2[k], ask.terms.nothing2, *pairs[k].a, *pairs[k].b, planned.u[k], planned.v[k]);
    }
  });
}

bool met(const Asked& ask) { return ask.found.least.distance2 <= ask.terms.reach2; }

// Puts the answers together, as many at a time as places go into one look.
void say(Work& work, std::vector<Answered>& found) {
  Ecef points[kMostPairs];
  Place places[kMostPairs];
  std::size_t begin = 0;
  while (begin < work.asked.size()) {
    std::size_t end = begin, count = 0;
    for (; end < work.asked.size() && count < kMostPairs; ++end)
      if (met(work.asked[end])) points[count++] = work.asked[end].found.midway(work.asked[end].terms.reach2);
    to_places({points, count}, {places, count});
    count = 0;
    for (; begin < end; ++begin) {
      Asked& ask = work.asked[begin];
      if (!met(ask)) continue;
      found.push_back(
          {ask.other, std::move(ask.found).meeting(ask.terms.reach2, ask.first.slack, ask.second.slack, places[count++])});
      if (ask.turned) turn(found.back().meeting);
    }
  }
}

Work& work_of_this_thread() {
  thread_local Work work;
  return work;
}

}  // namespace

Facing facing_of(const Plan& plan) {
  WB_CHECK(plan.shape() != Plan::Shape::polygon && plan.pieces().size() <= 8);
  return traits_of(plan);
}

void meet_all(const Facing& a, std::span<const Other> others, std::vector<Answered>& found) {
  Work& work = work_of_this_thread();
  begin(a, others, work.asked);
  work.pending.clear();
  for (std::size_t i = 0; i < work.asked.size(); ++i) add_pairs(work.asked, i, work.asked[i].pairs.near, work.pending);
  find_near(work);
  judge_near(work);
  // The least on schedule where it is beyond reach, so that it is not among what is near.
  work.pending.clear();
  for (std::size_t i = 0; i < work.asked.size(); ++i) {
    const Asked& ask = work.asked[i];
    if (met(ask) && ask.found.planned.distance2 > ask.terms.reach2)
      add_pairs(work.asked, i, ask.pairs.on_schedule & ~ask.judged, work.pending);
  }
  take_planned(work);
  say(work, found);
}

void near_all(const Facing& a, std::span<const Other> others, std::vector<NearAnswered>& found) {
  Work& work = work_of_this_thread();
  begin(a, others, work.asked);
  work.pending.clear();
  for (std::size_t i = 0; i < work.asked.size(); ++i) add_pairs(work.asked, i, work.asked[i].now, work.pending);
  by_looks(work.pending, [&](std::span<const PiecePair> pairs, std::span<const Pending> pending) {
    NearestOf possible;
    nearest_possible(pairs, possible);
    for (std::size_t k = 0; k < pairs.size(); ++k) {
      Close& least = work.asked[pending[k].asked].found.least;
      least.distance2 = std::min(least.distance2, possible.distance2[k]);
    }
  });
  for (const Asked& ask : work.asked) {
    const double least2 = ask.found.least.distance2;
    if (least2 <= ask.terms.reach2) found.push_back({ask.other, reported(least2 <= ask.terms.nothing2 ? 0 : least2)});
  }
}

std::optional<Meeting> meet(const Plan& a, const Plan& b, Metres separation, const PiecePairs& pairs) {
  const Other other{facing_of(b), separation, pairs.near, pairs};
  std::vector<Answered> found;
  meet_all(facing_of(a), {&other, 1}, found);
  if (found.empty()) return std::nullopt;
  return std::move(found.front().meeting);
}

}  // namespace wideberth::geo
