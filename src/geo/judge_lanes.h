// Inside this folder only: the kernel in N lanes. Each line is one of pair.cpp, with a choice between both outcomes where that
// has a branch; read it beside it.
#pragma once

#include "geo/lanes.h"
#include "geo/place_lanes.h"

namespace wideberth::geo {

template <std::size_t N>
struct Kernel : Lanes<N> {
  using In = Lanes<N>;
  using Reals = typename In::Reals;
  using Holds = typename In::Holds;
  using Vec = typename In::Vec;
  using Pieces = typename In::Pieces;
  using Couples = typename In::Couples;
  using In::all, In::pick, In::max, In::min, In::within01, In::root, In::any, In::store, In::kNone;
  using In::e0, In::e1, In::l0, In::l1, In::s0, In::s1, In::h0, In::h1;
  using In::plus, In::minus, In::times, In::dot, In::norm2, In::cross, In::couples, In::run, In::some;

  struct Occupied {
    Reals from0, from1, to0, to1;
  };
  WIDEBERTH_LANES Occupied possible(const Pieces& p) { return {p.field[e0], p.field[e1], p.field[l0], p.field[l1]}; }
  WIDEBERTH_LANES Occupied on_schedule(const Pieces& p) { return {p.field[s0], p.field[s1], p.field[h0], p.field[h1]}; }

  struct Chords {
    Vec gap, along_a, along_b;
    Reals aa, ab, bb;
  };
  WIDEBERTH_LANES Chords chords_of(const Pieces& p, const Pieces& q) {
    const Vec a = p.along(), b = q.along();
    return {minus(p.from(), q.from()), a, b, norm2(a), dot(a, b), norm2(b)};
  }
  WIDEBERTH_LANES Vec apart(const Chords& c, Reals u, Reals v) {
    return minus(plus(c.gap, times(c.along_a, u)), times(c.along_b, v));
  }
  WIDEBERTH_LANES Reals distance2(const Chords& c, Reals u, Reals v) { return norm2(apart(c, u, v)); }

  struct Near {
    Reals distance2, u, v;
  };
  WIDEBERTH_LANES Near nearest(const Chords& c) {
    const Reals ag = dot(c.along_a, c.gap), bg = dot(c.along_b, c.gap);
    const Reals across2 = c.aa * c.bb - c.ab * c.ab;
    const Reals u = pick(across2 > 0.0, within01((c.ab * bg - c.bb * ag) / across2), Reals{});
    const Reals v = pick(c.bb > 0.0, (c.ab * u + bg) / c.bb, Reals{});
    const Reals held_v = within01(v);
    const Reals held_u = pick(c.aa > 0.0, within01((c.ab * held_v - ag) / c.aa), Reals{});
    const Holds inside = (v >= 0.0) & (v <= 1.0) & (across2 > 0.0);
    const Reals best_u = pick(inside, u, held_u), best_v = pick(inside, v, held_v);
    return {distance2(c, best_u, best_v), best_u, best_v};
  }

  WIDEBERTH_LANES Reals zero_between(Reals below, Reals above) { return pick(above > below, -below / (above - below), Reals{}); }

  struct SameTime {
    Reals from_u, from_v, to_u, to_v;
  };
  WIDEBERTH_LANES SameTime same_time(Reals a0, Reals a1, Reals b0, Reals b1) {
    const Holds left = a0 <= b0, right = a1 >= b1;
    const Reals from = zero_between(pick(left, a0 - b0, b0 - a0), pick(left, a1 - b0, b1 - a0));
    const Reals to = zero_between(pick(right, a0 - b1, b0 - a1), pick(right, a1 - b1, b1 - a1));
    const Reals one = all(1);
    return {pick(left, from, Reals{}), pick(left, Reals{}, from), pick(right & (a1 > a0), to, one), pick(right, one, to)};
  }
  WIDEBERTH_LANES Vec step_of(const Chords& c, const SameTime& line) {
    return minus(times(c.along_a, line.to_u - line.from_u), times(c.along_b, line.to_v - line.from_v));
  }
  WIDEBERTH_LANES Near along_time(const Chords& c, const SameTime& line) {
    const Vec start = apart(c, line.from_u, line.from_v), step = step_of(c, line);
    const Reals length2 = norm2(step);
    const Reals t = pick(length2 > 0.0, within01(-dot(start, step) / length2), Reals{});
    return {norm2(plus(start, times(step, t))), line.from_u + (line.to_u - line.from_u) * t,
            line.from_v + (line.to_v - line.from_v) * t};
  }
  WIDEBERTH_LANES Near nearest(const Chords& c, const Near& ever, const Occupied& a, const Occupied& b) {
    const Holds never = (a.from0 > b.to1) | (b.from0 > a.to1);
    const Reals late_b = (a.from0 - b.to0) + ever.u * (a.from1 - a.from0) - ever.v * (b.to1 - b.to0);
    const Reals late_a = (b.from0 - a.to0) + ever.v * (b.from1 - b.from0) - ever.u * (a.to1 - a.to0);
    const Holds by_b = late_b > 0.0, late = by_b | (late_a > 0.0);
    Near at = ever;
    if (any(late & ~never)) {
      const Near then = along_time(c, same_time(pick(by_b, a.from0, a.to0), pick(by_b, a.from1, a.to1),
                                                pick(by_b, b.to0, b.from0), pick(by_b, b.to1, b.from1)));
      at = {pick(late, then.distance2, ever.distance2), pick(late, then.u, ever.u), pick(late, then.v, ever.v)};
    }
    at.distance2 = pick(never, all(kNone), at.distance2);
    return at;
  }

  struct Linear {
    Reals c, du, dv;
    Reals at(Reals u, Reals v) const { return (c + u * du) + v * dv; }
  };
  struct Reached {
    Holds any;
    Reals u_low, u_high, v_low, v_high, least, most;
  };

  // A side of the square of which the start and the step are known, and 1 / step², 0 for a step of no length.
  struct Side {
    Reals from, to;
  };
  WIDEBERTH_LANES Side side(const Vec& start, const Vec& step, Reals per, Reals reach2) {
    const Reals middle = -dot(start, step) * per;
    const Reals inner = reach2 - norm2(plus(start, times(step, middle)));
    const Reals half = pick(per > 0.0, root(max(inner, Reals{}) * per), all(1));
    return {pick(inner >= 0.0, max(middle - half, Reals{}), all(2)), min(middle + half, all(1))};
  }
  WIDEBERTH_LANES void take_side(const Side& part, bool along_u, double across, const Linear& least_of, const Linear& most_of,
                                 Reached& found) {
    const Reals none = all(kNone);
    const Holds there = part.from <= part.to;
    const Reals u0 = along_u ? part.from : all(across), u1 = along_u ? part.to : all(across);
    const Reals v0 = along_u ? all(across) : part.from, v1 = along_u ? all(across) : part.to;
    found.any |= there;
    found.u_low = min(found.u_low, pick(there, u0, none)), found.u_high = max(found.u_high, pick(there, u1, -none));
    found.v_low = min(found.v_low, pick(there, v0, none)), found.v_high = max(found.v_high, pick(there, v1, -none));
    found.least = min(found.least, pick(there, min(least_of.at(u0, v0), least_of.at(u1, v1)), none));
    found.most = max(found.most, pick(there, max(most_of.at(u0, v0), most_of.at(u1, v1)), -none));
  }
  WIDEBERTH_LANES Vec opposite(const Vec& a) { return {-a.x, -a.y, -a.z}; }

  struct Ellipse {
    Holds any;
    Reals u, v, inner, per_across2;
  };
  WIDEBERTH_LANES Ellipse ellipse_of(const Chords& c, Reals reach2) {
    const Vec across = cross(c.along_a, c.along_b);
    const Reals across2 = norm2(across), per = 1.0 / across2;
    const Reals u = -dot(cross(c.gap, c.along_b), across) * per, v = -dot(cross(c.gap, c.along_a), across) * per;
    const Reals inner = reach2 - distance2(c, u, v);
    return {(across2 > 0.0) & (inner >= 0.0), u, v, inner, per};
  }
  struct Arm {
    Reals u, v;
  };
  WIDEBERTH_LANES Arm arm_of(const Ellipse& ellipse, const Chords& c, Reals du, Reals dv) {
    const Reals su = c.bb * du + c.ab * dv, sv = c.ab * du + c.aa * dv;
    const Reals slope = du * su + dv * sv;
    const Reals scale = pick(slope > 0.0, root(ellipse.inner * ellipse.per_across2 / slope), Reals{});
    return {su * scale, sv * scale};
  }
  // Of an end of the ellipse, where it lies within the square.
  WIDEBERTH_LANES Holds in_square(const Chords& c, Reals held2, const Ellipse& ellipse, Reals u, Reals v) {
    return ellipse.any & (u >= 0.0) & (u <= 1.0) & (v >= 0.0) & (v <= 1.0) & (distance2(c, u, v) <= held2);
  }
  WIDEBERTH_LANES void take_ellipse(const Chords& c, Reals reach2, const Linear& least_of, const Linear& most_of,
                                    Reached& found) {
    const Ellipse at = ellipse_of(c, reach2);
    if (!any(at.any)) return;
    const Reals none = all(kNone), held2 = reach2 * (1 + 1e-12) + 1e-9;
    const Reals zero{}, one = all(1), u = at.u, v = at.v;
    const Arm by_u = arm_of(at, c, one, zero), by_v = arm_of(at, c, zero, one);
    const Arm down = arm_of(at, c, least_of.du, least_of.dv);
    const Holds other_slope = (least_of.du != most_of.du) | (least_of.dv != most_of.dv);
    const Arm up = any(other_slope) ? arm_of(at, c, most_of.du, most_of.dv) : down;
    found.u_low = min(found.u_low, pick(in_square(c, held2, at, u - by_u.u, v - by_u.v), u - by_u.u, none));
    found.u_high = max(found.u_high, pick(in_square(c, held2, at, u + by_u.u, v + by_u.v), u + by_u.u, -none));
    found.v_low = min(found.v_low, pick(in_square(c, held2, at, u - by_v.u, v - by_v.v), v - by_v.v, none));
    found.v_high = max(found.v_high, pick(in_square(c, held2, at, u + by_v.u, v + by_v.v), v + by_v.v, -none));
    found.least =
        min(found.least, pick(in_square(c, held2, at, u - down.u, v - down.v), least_of.at(u - down.u, v - down.v), none));
    found.most = max(found.most, pick(in_square(c, held2, at, u + up.u, v + up.v), most_of.at(u + up.u, v + up.v), -none));
    found.any |= at.any & (found.u_low < none);
  }

  WIDEBERTH_LANES Reached reached(const Chords& c, const Near& ever, Reals reach2, const Linear& least_of,
                                  const Linear& most_of) {
    const Reals none = all(kNone);
    const Holds touching = ever.distance2 <= reach2;
    Reached found{touching,
                  pick(touching, ever.u, none),
                  pick(touching, ever.u, -none),
                  pick(touching, ever.v, none),
                  pick(touching, ever.v, -none),
                  pick(touching, least_of.at(ever.u, ever.v), none),
                  pick(touching, most_of.at(ever.u, ever.v), -none)};
    const Reals per_aa = pick(c.aa > 0.0, 1.0 / c.aa, Reals{}), per_bb = pick(c.bb > 0.0, 1.0 / c.bb, Reals{});
    const Vec back = opposite(c.along_b);
    take_side(side(c.gap, c.along_a, per_aa, reach2), true, 0, least_of, most_of, found);
    take_side(side(minus(c.gap, c.along_b), c.along_a, per_aa, reach2), true, 1, least_of, most_of, found);
    take_side(side(c.gap, back, per_bb, reach2), false, 0, least_of, most_of, found);
    take_side(side(plus(c.gap, c.along_a), back, per_bb, reach2), false, 1, least_of, most_of, found);
    take_ellipse(c, reach2, least_of, most_of, found);
    return found;
  }

  WIDEBERTH_LANES Reals between(Reals first, Reals last, Reals t) { return first + (last - first) * t; }

  struct Stretch {
    Reals from, to;
  };
  WIDEBERTH_LANES Stretch surely_within(const Vec& start, const Vec& step, Reals reach2) {
    const Reals a = norm2(step);
    const Reals middle = -dot(start, step) / a;
    const Reals half = root(max(reach2 - norm2(plus(start, times(step, middle))), Reals{}) / a);
    const Holds moves = a > 0.0;
    return {pick(moves, within01(middle - half), Reals{}), pick(moves, within01(middle + half), all(1))};
  }

  // As pair.cpp's.
  struct Together {
    const Chords& chords;
    Reals reach2;
    const Occupied &a, &b;
  };
  struct Corner {
    Reals u, v;
  };
  WIDEBERTH_LANES Reals begins_a(const Together& t, Reals u) { return between(t.a.from0, t.a.from1, u); }
  WIDEBERTH_LANES Reals begins_b(const Together& t, Reals v) { return between(t.b.from0, t.b.from1, v); }
  WIDEBERTH_LANES Reals ends_a(const Together& t, Reals u) { return between(t.a.to0, t.a.to1, u); }
  WIDEBERTH_LANES Reals ends_b(const Together& t, Reals v) { return between(t.b.to0, t.b.to1, v); }
  WIDEBERTH_LANES Stretch beside_a(const Together& t, Reals u) {
    return surely_within(apart(t.chords, u, Reals{}), times(t.chords.along_b, all(-1)), t.reach2);
  }
  WIDEBERTH_LANES Stretch beside_b(const Together& t, Reals v) {
    return surely_within(apart(t.chords, Reals{}, v), t.chords.along_a, t.reach2);
  }
  // Puts `at`, where it is asked, on the line where a's instant equals b's: to the first or the last of it within reach.
  WIDEBERTH_LANES void put_on(const Together& t, Reals a0, Reals a1, Reals b0, Reals b1, bool last, Holds asked, Corner& at) {
    if (!any(asked)) return;
    const SameTime line = same_time(a0, a1, b0, b1);
    const Stretch part = surely_within(apart(t.chords, line.from_u, line.from_v), step_of(t.chords, line), t.reach2);
    const Reals where = last ? part.to : part.from;
    at.u = pick(asked, line.from_u + (line.to_u - line.from_u) * where, at.u);
    at.v = pick(asked, line.from_v + (line.to_v - line.from_v) * where, at.v);
  }
  WIDEBERTH_LANES void put_together(const Together& t, bool last, Corner& at) {
    put_on(t, t.a.from0, t.a.from1, t.b.to0, t.b.to1, last, begins_a(t, at.u) > ends_b(t, at.v), at);
    put_on(t, t.a.to0, t.a.to1, t.b.from0, t.b.from1, last, begins_b(t, at.v) > ends_a(t, at.u), at);
  }
  WIDEBERTH_LANES Reals first_of(const Together& t, Reals u_low, Reals v_low) {
    Corner at{u_low, beside_a(t, u_low).from};
    const Holds other = begins_b(t, at.v) > begins_a(t, at.u);
    if (any(other)) {
      at = {pick(other, beside_b(t, v_low).from, at.u), pick(other, v_low, at.v)};
      put_on(t, t.a.from0, t.a.from1, t.b.from0, t.b.from1, false, other & (begins_a(t, at.u) > begins_b(t, at.v)), at);
    }
    put_together(t, false, at);
    return max(begins_a(t, at.u), begins_b(t, at.v));
  }
  WIDEBERTH_LANES Reals last_of(const Together& t, Reals u_high, Reals v_high) {
    Corner at{u_high, beside_a(t, u_high).to};
    const Holds other = ends_b(t, at.v) < ends_a(t, at.u);
    if (any(other)) {
      at = {pick(other, beside_b(t, v_high).to, at.u), pick(other, v_high, at.v)};
      put_on(t, t.a.to0, t.a.to1, t.b.to0, t.b.to1, true, other & (ends_a(t, at.u) < ends_b(t, at.v)), at);
    }
    put_together(t, true, at);
    return min(ends_a(t, at.u), ends_b(t, at.v));
  }

  WIDEBERTH_LANES void put(const Near& at, std::size_t k, NearestOf& found) {
    store(at.distance2, &found.distance2[k]);
    store(at.u, &found.u[k]);
    store(at.v, &found.v[k]);
  }
  WIDEBERTH_LANES Linear minus_b(Reals b0, Reals b1, Reals a0, Reals a1) {
    return {b0 - a0, Reals{} - (a1 - a0), (b1 - b0) - Reals{}};
  }

  static void nearest_ever(const PiecePair* pairs, std::size_t count, NearestOf& found) {
    for (std::size_t k = 0; k < count; k += N) {
      std::size_t at[N];
      run(k, count, at);
      Couples of;
      couples(pairs, at, of);
      put(nearest(chords_of(of.p, of.q)), k, found);
    }
  }

  WIDEBERTH_LANES Occupied occupied(const Pieces& p, bool planned) { return planned ? on_schedule(p) : possible(p); }
  WIDEBERTH_LANES void nearest_while(bool planned, const PiecePair* pairs, std::size_t count, NearestOf& found) {
    for (std::size_t k = 0; k < count; k += N) {
      std::size_t at[N];
      run(k, count, at);
      Couples of;
      couples(pairs, at, of);
      const Chords c = chords_of(of.p, of.q);
      put(nearest(c, nearest(c), occupied(of.p, planned), occupied(of.q, planned)), k, found);
    }
  }
  static void nearest_possible(const PiecePair* pairs, std::size_t count, NearestOf& found) {
    nearest_while(false, pairs, count, found);
  }
  static void nearest_planned(const PiecePair* pairs, std::size_t count, NearestOf& found) {
    nearest_while(true, pairs, count, found);
  }

  // What the exact instants begin with.
  struct alignas(64) Extents {
    PairAnswers::Each u_low, u_high, v_low, v_high;
    PairAnswers::Each not_first, not_last;  // 1 where the bound is not the instant already
  };

  WIDEBERTH_LANES void judge_some(const Couples& of, const Near& ever, std::size_t k, PairAnswers& found, Extents& extents) {
    const Pieces &p = of.p, &q = of.q;
    const Chords c = chords_of(p, q);
    const Linear least_of = minus_b(q.field[s0], q.field[s1], p.field[h0], p.field[h1]);
    const Linear most_of = minus_b(q.field[h0], q.field[h1], p.field[s0], p.field[s1]);
    const Reached near = reached(c, ever, of.reach2, least_of, most_of);
    const Reals none = all(kNone);
    store(pick(near.any, near.least, none), &found.delay_least[k]);
    store(pick(near.any, max(near.least, near.most), -none), &found.delay_most[k]);
    put(nearest(c, ever, on_schedule(p), on_schedule(q)), k, found.planned);
    const Near at = nearest(c, ever, possible(p), possible(q));
    put(at, k, found.possible);
    const Reals soonest = max(between(p.field[e0], p.field[e1], near.u_low), between(q.field[e0], q.field[e1], near.v_low));
    const Reals latest = min(between(p.field[l0], p.field[l1], near.u_high), between(q.field[l0], q.field[l1], near.v_high));
    store(soonest, &found.not_before[k]);
    store(soonest, &found.first[k]);
    store(latest, &found.not_after[k]);
    store(latest, &found.last[k]);
    const Holds together = (p.field[e1] <= q.field[l0]) & (q.field[e1] <= p.field[l0]);
    const Holds begins = together & ((p.field[e0] >= q.field[e1]) | (q.field[e0] >= p.field[e1]));
    const Holds ends = together & ((p.field[l1] <= q.field[l0]) | (q.field[l1] <= p.field[l0]));
    const Holds asked = at.distance2 <= of.reach2;
    store(pick(asked & ~begins, all(1), Reals{}), &extents.not_first[k]);
    store(pick(asked & ~ends, all(1), Reals{}), &extents.not_last[k]);
    store(near.u_low, &extents.u_low[k]), store(near.u_high, &extents.u_high[k]);
    store(near.v_low, &extents.v_low[k]), store(near.v_high, &extents.v_high[k]);
  }

  static void judge(const PiecePair* pairs, std::size_t count, const NearestOf& ever, PairAnswers& found) {
    Extents extents;
    for (std::size_t k = 0; k < count; k += N) {
      std::size_t at[N];
      run(k, count, at);
      Couples of;
      couples(pairs, at, of);
      const Near near{some(ever.distance2, at), some(ever.u, at), some(ever.v, at)};
      judge_some(of, near, k, found, extents);
    }
    // The few that ask for more, side by side again.
    std::size_t more[kMostPairs], asked = 0;
    for (std::size_t k = 0; k < count; ++k) {
      more[asked] = k;
      asked += extents.not_first[k] + extents.not_last[k] > 0 ? 1U : 0U;
    }
    for (std::size_t k = 0; k < asked; k += N) {
      std::size_t at[N];
      for (std::size_t i = 0; i < N; ++i) at[i] = more[k + i < asked ? k + i : asked - 1];
      Couples of;
      couples(pairs, at, of);
      const Chords c = chords_of(of.p, of.q);
      const Occupied a = possible(of.p), b = possible(of.q);
      const Together both{c, of.reach2, a, b};
      const Reals first = first_of(both, some(extents.u_low, at), some(extents.v_low, at));
      const Reals last = last_of(both, some(extents.u_high, at), some(extents.v_high, at));
      for (std::size_t i = 0; i < N; ++i) {
        if (extents.not_first[at[i]] > 0) found.first[at[i]] = first[i];
        if (extents.not_last[at[i]] > 0) found.last[at[i]] = last[i];
      }
    }
  }
};

/// The entries of one width.
struct Judges {
  void (*nearest_ever)(const PiecePair*, std::size_t, NearestOf&);
  void (*nearest_possible)(const PiecePair*, std::size_t, NearestOf&);
  void (*nearest_planned)(const PiecePair*, std::size_t, NearestOf&);
  void (*judge)(const PiecePair*, std::size_t, const NearestOf&, PairAnswers&);
  void (*places)(double*, double*, const double*, std::size_t);
};
extern const Judges kTwoLanes;
#ifdef WIDEBERTH_WIDE_LANES
extern const Judges kFourLanes, kEightLanes;
#endif

#undef WIDEBERTH_LANES

}  // namespace wideberth::geo
