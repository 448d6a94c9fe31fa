#include "geo/answers.h"

#include <bit>

#include "base/check.h"
#include "geo/finding.h"

namespace wideberth::geo {

namespace {

// One of those asked about, in the order that the answer is found in.
struct Asked {
  const Facing* first = nullptr;
  const Facing* second = nullptr;
  Terms terms;
  PiecePairs pairs;
  std::uint64_t now = 0;
  std::uint64_t judged = 0;  // the pairs that are near at some time
  std::size_t other = 0;
  bool turned = false;
  Found found;
};

// Pairs of pieces, and whose they are.
struct Pending {
  struct Whose {
    std::uint32_t asked = 0;
    std::uint32_t bit = 0;  // of its set
  };
  std::vector<PiecePair> pairs;
  std::vector<Whose> whose;

  void clear() { pairs.clear(), whose.clear(); }
  // The pairs of a set, in the order of a walk.
  void add(const Asked& ask, std::size_t at, std::uint64_t set) {
    for (; set != 0; set &= set - 1) {
      const auto bit = static_cast<std::uint32_t>(std::countr_zero(set));
      pairs.push_back({&ask.first->pieces[bit / 8], &ask.second->pieces[bit % 8], ask.terms.reach2});
      whose.push_back({static_cast<std::uint32_t>(at), bit});
    }
  }
  // Calls each(pairs, whose) with as many as go into one look, until all have been.
  template <class Each>
  void by_looks(const Each& each) const {
    for (std::size_t at = 0; at < pairs.size(); at += kMostPairs) {
      const std::size_t count = std::min(kMostPairs, pairs.size() - at);
      each(std::span{pairs}.subspan(at, count), whose.data() + at);
    }
  }
};

// Pairs that are near at some time, on their way to be judged.
struct Judging {
  Kept kept;
  std::uint32_t whose[kMostPairs];

  void add(std::vector<Asked>& asked, std::uint32_t at, const PiecePair& pair, const Nearest& ever) {
    whose[kept.count] = at;
    kept.add(pair, ever);
    if (kept.count == kMostPairs) judge_all(asked);
  }
  void judge_all(std::vector<Asked>& asked) {
    if (kept.count == 0) return;
    PairAnswers said;
    judge(kept.all(), kept.ever, said);
    for (std::size_t k = 0; k < kept.count; ++k) {
      Asked& ask = asked[whose[k]];
      ask.found.take(kept.pairs[k], ask.terms.nothing2, said, k);
    }
    kept.count = 0;
  }
};

// Memory that searches use again.
struct Work {
  std::vector<Asked> asked;
  Pending pending;
  std::vector<Nearest> near;       // of pairs that are near at some time
  std::vector<std::size_t> which;  // of the pending pairs those are
};

void begin(const Facing& a, std::span<const Other> others, std::vector<Asked>& asked) {
  asked.clear();
  for (std::size_t i = 0; i < others.size(); ++i) {
    const Other& other = others[i];
    if (!bands_meet(a.altitude, other.plan.altitude)) continue;
    Asked& ask = asked.emplace_back();
    ask.terms = terms_of(a, other.plan, other.separation);
    ask.other = i;
    ask.turned = order(a, other.plan) > 0;
    ask.first = ask.turned ? &other.plan : &a;
    ask.second = ask.turned ? &a : &other.plan;
    ask.now = ask.turned ? transposed(other.now) : other.now;
    ask.pairs = other.pairs;
    if (ask.turned) ask.pairs = {transposed(other.pairs.near), transposed(other.pairs.on_schedule)};
  }
}

// Which pairs are near at some time or other, and all that the kernel says of those, where a meeting is possible at all.
void judge_near(Work& work) {
  work.near.clear();
  work.which.clear();
  std::size_t before = 0;
  work.pending.by_looks([&](std::span<const PiecePair> pairs, const Pending::Whose* whose) {
    NearestOf ever;
    nearest_ever(pairs, ever);
    for (std::size_t k = 0; k < pairs.size(); ++k) {
      Asked& ask = work.asked[whose[k].asked];
      if (ever.distance2[k] > ask.terms.beyond2) continue;
      ask.judged |= std::uint64_t{1} << whose[k].bit;
      work.near.push_back({ever.distance2[k], ever.u[k], ever.v[k]});
      work.which.push_back(before + k);
    }
    before += pairs.size();
  });
  Judging judging;
  for (std::size_t i = 0; i < work.near.size(); ++i) {
    const std::uint32_t at = work.pending.whose[work.which[i]].asked;
    if ((work.asked[at].judged & work.asked[at].now) != 0)
      judging.add(work.asked, at, work.pending.pairs[work.which[i]], work.near[i]);
  }
  judging.judge_all(work.asked);
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
          {ask.other, std::move(ask.found).meeting(ask.terms.reach2, ask.first->slack, ask.second->slack, places[count++])});
      if (ask.turned) turn(found.back().meeting);
    }
  }
}

// The least on schedule where it is beyond reach, so that it is not among what is near.
void look_further_on_schedule(Work& work) {
  work.pending.clear();
  for (std::size_t i = 0; i < work.asked.size(); ++i) {
    const Asked& ask = work.asked[i];
    if (met(ask) && ask.found.planned.distance2 > ask.terms.reach2) work.pending.add(ask, i, ask.pairs.on_schedule & ~ask.judged);
  }
  work.pending.by_looks([&](std::span<const PiecePair> pairs, const Pending::Whose* whose) {
    NearestOf planned;
    nearest_planned(pairs, planned);
    for (std::size_t k = 0; k < pairs.size(); ++k) {
      Asked& ask = work.asked[whose[k].asked];
      ask.found.planned.take(planned.distance2[k], ask.terms.nothing2, pairs[k], planned.u[k], planned.v[k]);
    }
  });
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

Facing facing_of(const Track& track, Piece* pieces, std::uint32_t which) {
  track.unpack(pieces, which);
  return {.pieces = pieces,
          .count = track.count,
          .shape = Plan::Shape::route,
          .begins = track.begins_ms,
          .sag_m = track.sag_m,
          .sideways_m = track.sideways_m,
          .half_width = Metres::from_mm(track.half_width_mm),
          .slack = track.slack,
          .altitude = {Metres::from_mm(track.low_mm), Metres::from_mm(track.high_mm)}};
}

void meet_all(const Facing& a, std::span<const Other> others, std::vector<Answered>& found) {
  Work& work = work_of_this_thread();
  begin(a, others, work.asked);
  work.pending.clear();
  for (std::size_t i = 0; i < work.asked.size(); ++i) work.pending.add(work.asked[i], i, work.asked[i].pairs.near);
  judge_near(work);
  look_further_on_schedule(work);
  say(work, found);
}

void near_all(const Facing& a, std::span<const Other> others, std::vector<NearAnswered>& found) {
  Work& work = work_of_this_thread();
  begin(a, others, work.asked);
  work.pending.clear();
  for (std::size_t i = 0; i < work.asked.size(); ++i) work.pending.add(work.asked[i], i, work.asked[i].now);
  work.pending.by_looks([&](std::span<const PiecePair> pairs, const Pending::Whose* whose) {
    NearestOf possible;
    nearest_possible(pairs, possible);
    for (std::size_t k = 0; k < pairs.size(); ++k) {
      Asked& ask = work.asked[whose[k].asked];
      ask.found.least.take(possible.distance2[k], ask.terms.nothing2, pairs[k], possible.u[k], possible.v[k]);
    }
  });
  for (const Asked& ask : work.asked)
    if (met(ask)) found.push_back({ask.other, reported(ask.found.least.distance2)});
}

std::optional<Meeting> meet(const Plan& a, const Plan& b, Metres separation, const PiecePairs& pairs) {
  const Other other{facing_of(b), separation, pairs.near, pairs};
  std::vector<Answered> found;
  meet_all(facing_of(a), {&other, 1}, found);
  if (found.empty()) return std::nullopt;
  return std::move(found.front().meeting);
}

}  // namespace wideberth::geo
