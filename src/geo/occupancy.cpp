#include "geo/occupancy.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <compare>
#include <limits>

#include "geo/delay.h"
#include "geo/pair.h"
#include "geo/polygon.h"
#include "geo/walk.h"

namespace wideberth::geo {

namespace {

// Two plans in a fixed order, with all that the questions about them share.
struct Question {
  const Plan& a;
  const Plan& b;
  double reach2;
  double nothing2;  // the square of a distance that the chords cannot tell from none
  double beyond_m;  // what two pieces are apart that are surely not within reach
  double beyond2;
  // Which pieces are looked at, where that is known already.
  const PiecePairs* known = nullptr;
  // Pieces inside the other's polygon: a's with b's times, and the other way round.
  std::vector<Piece> inside_a{}, inside_b{};
};

Vec3 between(const Piece& a, const Piece& b, const Nearest& at) {
  return ((a.from + a.along * at.u) + (b.from + b.along * at.v)) * 0.5;
}

// A distance that no rounding turns into the one whose square is given.
double surely_more(double distance2) { return std::sqrt(distance2) + 0.01; }

// Calls each(p, q) for the pieces of two leaves that may be within `by_m` of each other.
template <class Each>
void near_pairs(const Plan& a, const Plan& b, const BoxNode& m, const BoxNode& n, double by_m, const Each& each) {
  const LeafBoxes& leaf = b.leaves()[n.leaf];
  for (const Piece& p : a.pieces().subspan(m.first, m.count))
    for (LeafMask mask = may_be_near(leaf, box_of(p), by_m); mask != 0; mask &= mask - 1)
      each(p, b.pieces()[n.first + static_cast<std::uint32_t>(std::countr_zero(mask))]);
}

// Calls each(p, q) for the pairs of a set, in the order of a walk.
template <class Each>
void known_pairs(const Plan& a, const Plan& b, std::uint64_t pairs, const Each& each) {
  for (; pairs != 0; pairs &= pairs - 1) {
    const auto at = static_cast<std::size_t>(std::countr_zero(pairs));
    each(a.pieces()[at / 8], b.pieces()[at % 8]);
  }
}

struct Close {
  double distance2 = std::numeric_limits<double>::infinity();
  double beyond_m = std::numeric_limits<double>::infinity();  // as in Question, for this distance
  double beyond2 = std::numeric_limits<double>::infinity();
  Vec3 midway{};

  // What the chords cannot tell from nothing is nothing: then no other pair need be looked at for less.
  void take(double other2, double nothing2, const Piece& p, const Piece& q, const Nearest& at) {
    if (!(other2 < distance2)) return;
    distance2 = other2 <= nothing2 ? 0 : other2;
    beyond_m = surely_more(distance2);
    beyond2 = beyond_m * beyond_m;
    midway = between(p, q, at);
  }
};

// What can happen within the windows.
struct Possible {
  Close least;
  double first = std::numeric_limits<double>::infinity();
  double last = -std::numeric_limits<double>::infinity();
};

Linear line_of(double a0, double a1) { return {a0, a1 - a0, 0}; }
Linear line_of_b(double b0, double b1) { return {b0, 0, b1 - b0}; }
Linear minus(const Linear& x, const Linear& y) { return {x.c - y.c, x.du - y.du, x.dv - y.dv}; }

// All that is asked of two plans, found in one walk over the pairs of pieces that are near.
struct Found {
  Possible possible;
  Close planned;
  DelaySet delays;
};

bool share_time(const Piece& p, const Piece& q) { return p.e0 <= q.l1 && q.e0 <= p.l1; }
bool share_schedule(const Piece& p, const Piece& q) { return p.s0 <= q.h1 && q.s0 <= p.h1; }

// The instants at which two pieces can be too near: the least of the later of both beginnings, the most of the earlier of both
// ends.
void look_when(const Question& ask, const Piece& p, const Piece& q, const Chords& chords, const Reached& near, Possible& found) {
  const Linear e = line_of(p.e0, p.e1), f = line_of_b(q.e0, q.e1), l = line_of(p.l0, p.l1), m = line_of_b(q.l0, q.l1);
  const double soonest = std::max(e.at(near.u_low, 0), f.at(0, near.v_low));
  const double latest = std::min(l.at(near.u_high, 0), m.at(0, near.v_high));
  const bool always_together = p.e1 <= q.l0 && q.e1 <= p.l0;
  // Where the one begins after the other has, wherever both are, that one tells; likewise of the ends.
  const bool begins_apart = p.e0 >= q.e1 || q.e0 >= p.e1, ends_apart = p.l1 <= q.l0 || q.l1 <= p.l0;
  if (always_together && begins_apart) found.first = std::min(found.first, soonest);
  if (always_together && ends_apart) found.last = std::max(found.last, latest);
  const bool sooner = !(always_together && begins_apart) && soonest < found.first;
  const bool later = !(always_together && ends_apart) && latest > found.last;
  if (!sooner && !later) return;
  if (sooner) found.first = std::min(found.first, first_together(chords, near, ask.reach2, possible(p), possible(q)));
  if (later) found.last = std::max(found.last, last_together(chords, near, ask.reach2, possible(p), possible(q)));
}

void look(const Question& ask, const Piece& p, const Piece& q, Found& found) {
  const Chords chords{p, q};
  const Nearest ever = nearest(chords);
  // Where the least, whenever they are there, lies beyond what rounding can make of it, no delay brings them within reach.
  if (ever.distance2 > ask.beyond2) return;
  const Reached near = reached(chords, ever, ask.reach2, minus(line_of_b(q.s0, q.s1), line_of(p.h0, p.h1)),
                               minus(line_of_b(q.h0, q.h1), line_of(p.s0, p.s1)));
  if (near.any) found.delays.add(near.least, std::max(near.least, near.most));
  if (share_schedule(p, q) && ever.distance2 <= found.planned.beyond2)
    if (const auto at = nearest(chords, ever, on_schedule(p), on_schedule(q)))
      found.planned.take(at->distance2, ask.nothing2, p, q, *at);
  if (!share_time(p, q)) return;
  const auto at = nearest(chords, ever, possible(p), possible(q));
  if (!at || !(at->distance2 <= ask.reach2)) return;
  found.possible.least.take(at->distance2, ask.nothing2, p, q, *at);
  look_when(ask, p, q, chords, near, found.possible);
}

Found look(const Question& ask) {
  Found found;
  const auto each = [&](const Piece& p, const Piece& q) { look(ask, p, q, found); };
  if (ask.known != nullptr) {
    known_pairs(ask.a, ask.b, ask.known->near, each);
    return found;
  }
  for (std::size_t i = 0; i < ask.inside_a.size(); ++i) each(ask.inside_a[i], ask.inside_b[i]);
  // Of two boxes nothing more is to be had where all delays are known that they could give, and all the times, and less distance.
  const auto wanted = [&](const Box& m, const Box& n) {
    const double gap = gap2(m, n);
    if (gap > ask.reach2) return false;
    if (!found.delays.holds(n.s - m.h, n.h - m.s)) return true;
    if (m.e > n.l || n.e > m.l) return false;
    const Possible& known = found.possible;
    return gap < known.least.distance2 || gap < found.planned.distance2 || std::max(m.e, n.e) < known.first ||
           std::min(m.l, n.l) > known.last;
  };
  walk(ask.a, ask.b, wanted, [&](const BoxNode& m, const BoxNode& n) { near_pairs(ask.a, ask.b, m, n, ask.beyond_m, each); });
  return found;
}

// The least on schedule where it is beyond reach, so that it is not among what is near.
void look_further_on_schedule(const Question& ask, Close& least) {
  const auto each = [&](const Piece& p, const Piece& q) {
    if (!share_schedule(p, q) || gap2(box_of(p), box_of(q)) > least.beyond2) return;
    const auto at = nearest(Chords{p, q}, on_schedule(p), on_schedule(q));
    if (at) least.take(at->distance2, ask.nothing2, p, q, *at);
  };
  if (ask.known != nullptr) return known_pairs(ask.a, ask.b, ask.known->on_schedule, each);
  for (std::size_t i = 0; i < ask.inside_a.size(); ++i) each(ask.inside_a[i], ask.inside_b[i]);
  walk(
      ask.a, ask.b, [&](const Box& m, const Box& n) { return m.s <= n.h && n.s <= m.h && gap2(m, n) < least.distance2; },
      [&](const BoxNode& m, const BoxNode& n) {
        const LeafBoxes& leaf = ask.b.leaves()[n.leaf];
        for (const Piece& p : ask.a.pieces().subspan(m.first, m.count)) {
          LeafMask mask = may_share_schedule(leaf, p.s0, p.h1);
          if (mask != 0 && std::isfinite(least.beyond_m)) mask &= may_be_near(leaf, box_of(p), least.beyond_m);
          for (; mask != 0; mask &= mask - 1)
            each(p, ask.b.pieces()[n.first + static_cast<std::uint32_t>(std::countr_zero(mask))]);
        }
      });
}

void add_inside(Question& ask) {
  // As far from the edges as chords may stray, however far the separation reaches: nearer, the edges themselves tell.
  const double near_edges = bound_m(ask.a, ask.b) + 0.01;
  if (ask.b.shape() == Plan::Shape::polygon) {
    InsideParts found = inside_parts(ask.a, ask.b, near_edges);
    ask.inside_a = std::move(found.parts);
    ask.inside_b = std::move(found.within);
  }
  if (ask.a.shape() == Plan::Shape::polygon) {
    const InsideParts found = inside_parts(ask.b, ask.a, near_edges);
    ask.inside_a.insert(ask.inside_a.end(), found.within.begin(), found.within.end());
    ask.inside_b.insert(ask.inside_b.end(), found.parts.begin(), found.parts.end());
  }
}

double reported(double distance2) { return along_ground_m(std::sqrt(distance2)); }

Question question_of(const Plan& a, const Plan& b, Metres separation) {
  const double ground = (separation + a.half_width() + b.half_width()).metres();
  const double bound = bound_m(a, b);
  const double reach = longest_chord_m(ground) + bound;
  const double beyond = surely_more(reach * reach);
  return {a, b, reach * reach, bound * bound, beyond, beyond * beyond};
}

// None where boxes alone tell that they are apart.
std::optional<Question> question(const Plan& a, const Plan& b, Metres separation) {
  Question ask = question_of(a, b, separation);
  if (a.bounds().e > b.bounds().l || b.bounds().e > a.bounds().l || gap2(a.bounds(), b.bounds()) > ask.reach2) return {};
  add_inside(ask);
  return ask;
}

double least_apart2(const Question& ask) {
  Close least;
  const auto look = [&](const Piece& p, const Piece& q) {
    if (!share_time(p, q)) return;
    if (const auto at = nearest(Chords{p, q}, possible(p), possible(q))) least.take(at->distance2, ask.nothing2, p, q, *at);
  };
  const auto wanted = [&](const Box& m, const Box& n) {
    const double gap = gap2(m, n);
    return m.e <= n.l && n.e <= m.l && gap <= ask.reach2 && gap < least.distance2;
  };
  for (std::size_t i = 0; i < ask.inside_a.size(); ++i) look(ask.inside_a[i], ask.inside_b[i]);
  walk(ask.a, ask.b, wanted,
       [&](const BoxNode& m, const BoxNode& n) { near_pairs(ask.a, ask.b, m, n, std::min(ask.beyond_m, least.beyond_m), look); });
  return least.distance2;
}

bool bands_meet(const Plan& a, const Plan& b) {
  return a.altitude().low <= b.altitude().high && b.altitude().low <= a.altitude().high;
}

Metres held(Metres separation) { return std::clamp(separation, Metres{}, Metres::from_metres(kMaxWidthMetres)); }

std::optional<Meeting> answer(const Question& ask) {
  Found found = look(ask);
  const Possible& possible = found.possible;
  if (!(possible.least.distance2 <= ask.reach2)) return {};

  Meeting meeting;
  meeting.window = {Instant::from_ms(static_cast<std::int64_t>(std::floor(possible.first))),
                    Instant::from_ms(static_cast<std::int64_t>(std::ceil(possible.last)))};
  Close& planned = found.planned;
  if (planned.distance2 > ask.reach2) look_further_on_schedule(ask, planned);
  // What is on schedule is possible too; found by another way, it may differ in the last digit.
  meeting.least_possible_m = reported(std::min(possible.least.distance2, planned.distance2));
  if (std::isfinite(planned.distance2)) meeting.least_m = reported(planned.distance2);
  const bool on_schedule = planned.distance2 <= ask.reach2;
  meeting.place = to_place(on_schedule ? planned.midway : possible.least.midway);

  meeting.delay_set = std::move(found.delays).spans();
  const Millis slack = ask.a.slack() + ask.b.slack();
  const bool always = std::any_of(meeting.delay_set.begin(), meeting.delay_set.end(),
                                  [&](const DelaySpan& span) { return span.low <= -slack && span.high >= slack; });
  meeting.kind = !on_schedule ? Likeness::possible : always ? Likeness::certain : Likeness::on_schedule;
  meeting.likelihood = share_of(meeting.delay_set, ask.a.slack(), ask.b.slack());
  meeting.clear_later = first_clear(meeting.delay_set, slack);
  meeting.clear_earlier = first_clear_before(meeting.delay_set, slack);
  meeting.b_clear_later = meeting.clear_earlier;
  meeting.b_clear_earlier = meeting.clear_later;
  return meeting;
}

// Which of two plans comes first, by what they are and not by where they stand in a call: so that the order of arguments
// cannot show in a last digit. Plans that are equal in all that counts need no order.
std::partial_ordering order(const Plan& a, const Plan& b) {
  // Mostly the first number tells, at a glance.
  if (a.shape() == b.shape())
    if (const auto first = a.bounds().s <=> b.bounds().s; first != 0) return first;
  const auto key = [](const Piece& p) {
    return std::array{p.s0, p.from.x, p.from.y, p.from.z, p.along.x, p.along.y, p.along.z,
                      p.e0, p.e1,     p.l0,     p.l1,     p.s1,      p.h0,      p.h1};
  };
  if (a.shape() != b.shape()) return a.shape() <=> b.shape();
  const std::size_t count = std::min(a.pieces().size(), b.pieces().size());
  for (std::size_t i = 0; i < count; ++i)
    if (const auto first = key(a.pieces()[i]) <=> key(b.pieces()[i]); first != 0) return first;
  return a.pieces().size() <=> b.pieces().size();
}

// The same conflict with the two exchanged.
void turn(Meeting& meeting) {
  std::reverse(meeting.delay_set.begin(), meeting.delay_set.end());
  for (DelaySpan& span : meeting.delay_set) span = {-span.high, -span.low};
  std::swap(meeting.clear_later, meeting.b_clear_later);
  std::swap(meeting.clear_earlier, meeting.b_clear_earlier);
}

// Eight rows of eight bits, with rows for columns: ever larger squares beside the diagonal change places.
std::uint64_t transposed(std::uint64_t rows) {
  const auto exchange = [&](unsigned by, std::uint64_t upper) {
    const std::uint64_t differ = (rows ^ (rows >> by)) & upper;
    rows ^= differ ^ (differ << by);
  };
  exchange(7, 0x00AA00AA00AA00AA);
  exchange(14, 0x0000CCCC0000CCCC);
  exchange(28, 0x00000000F0F0F0F0);
  return rows;
}

}  // namespace

std::string_view name_of(Likeness kind) noexcept {
  switch (kind) {
    case Likeness::possible: return "possible";
    case Likeness::on_schedule: return "on schedule";
    case Likeness::certain: return "certain";
  }
  return "";
}

std::optional<Meeting> meet(const Plan& a, const Plan& b, Metres separation) {
  if (!bands_meet(a, b)) return {};
  const bool turned = order(a, b) > 0;
  const auto ask = turned ? question(b, a, held(separation)) : question(a, b, held(separation));
  if (!ask) return {};
  auto meeting = answer(*ask);
  if (meeting && turned) turn(*meeting);
  return meeting;
}

std::optional<Meeting> meet(const Plan& a, const Plan& b, Metres separation, const PiecePairs& pairs) {
  if (!bands_meet(a, b)) return {};
  const bool turned = order(a, b) > 0;
  const PiecePairs known = turned ? PiecePairs{transposed(pairs.near), transposed(pairs.on_schedule)} : pairs;
  Question ask = turned ? question_of(b, a, held(separation)) : question_of(a, b, held(separation));
  ask.known = &known;
  auto meeting = answer(ask);
  if (meeting && turned) turn(*meeting);
  return meeting;
}

std::optional<double> least_possible(const Plan& a, const Plan& b, Metres separation) {
  if (!bands_meet(a, b)) return {};
  const bool turned = order(a, b) > 0;
  const auto ask = turned ? question(b, a, held(separation)) : question(a, b, held(separation));
  if (!ask) return {};
  const double least2 = least_apart2(*ask);
  if (!(least2 <= ask->reach2)) return {};
  return reported(least2);
}

}  // namespace wideberth::geo
