#include "geo/occupancy.h"

#include <algorithm>
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
  double beyond2;   // what the boxes of two pieces are apart that are surely not within reach
  // Pieces inside the other's polygon: a's with b's times, and the other way round.
  std::vector<Piece> inside_a{}, inside_b{};
};

Vec3 between(const Piece& a, const Piece& b, const Nearest& at) {
  return ((a.from + a.along * at.u) + (b.from + b.along * at.v)) * 0.5;
}

// The square of a distance that no rounding turns into the one whose square is given.
double surely_more2(double distance2) {
  const double more = std::sqrt(distance2) + 0.01;
  return more * more;
}

// How far the boxes of two pieces are apart, squared: far less work than the least distance, and never more.
double apart2(const Piece& p, const Piece& q) {
  const auto apart = [](double p0, double dp, double q0, double dq) {
    const double p1 = p0 + dp, q1 = q0 + dq;
    return std::max({0.0, std::min(q0, q1) - std::max(p0, p1), std::min(p0, p1) - std::max(q0, q1)});
  };
  return norm2({apart(p.from.x, p.along.x, q.from.x, q.along.x), apart(p.from.y, p.along.y, q.from.y, q.along.y),
                apart(p.from.z, p.along.z, q.from.z, q.along.z)});
}

struct Close {
  double distance2 = std::numeric_limits<double>::infinity();
  double beyond2 = std::numeric_limits<double>::infinity();  // as Question::beyond2, for this distance
  Vec3 midway{};

  // What the chords cannot tell from nothing is nothing: then no other pair need be looked at for less.
  void take(double other2, double nothing2, const Piece& p, const Piece& q, const Nearest& at) {
    if (!(other2 < distance2)) return;
    distance2 = other2 <= nothing2 ? 0 : other2;
    beyond2 = surely_more2(distance2);
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

// The least of max(x, y) over a region within reach: where y <= x it is the least of x, elsewhere that of y.
void first_of_later(const Chords& chords, const Region& region, double reach2, const Linear& x, const Linear& y, double& first) {
  for (const auto& [greater, lesser] : {std::pair{x, y}, std::pair{y, x}}) {
    Region part = region;
    part.cut(minus(lesser, greater));
    const Extent when = extent(chords, part, reach2, greater);
    if (when.any) first = std::min(first, when.low);
  }
}

void last_of_earlier(const Chords& chords, const Region& region, double reach2, const Linear& x, const Linear& y, double& last) {
  for (const auto& [lesser, greater] : {std::pair{x, y}, std::pair{y, x}}) {
    Region part = region;
    part.cut(minus(lesser, greater));
    const Extent when = extent(chords, part, reach2, lesser);
    if (when.any) last = std::max(last, when.high);
  }
}

void look_possible(const Question& ask, const Piece& p, const Piece& q, Possible& found) {
  if (p.e0 > q.l1 || q.e0 > p.l1 || apart2(p, q) > ask.beyond2) return;
  const double reach2 = ask.reach2;
  const Chords chords{p, q};
  const auto at = nearest(chords, possible(p), possible(q));
  if (!at || !(at->distance2 <= reach2)) return;
  found.least.take(at->distance2, ask.nothing2, p, q, *at);
  // Nothing is gained by the times of a pair that lie within what is known.
  if (std::max(p.e0, q.e0) >= found.first && std::min(p.l1, q.l1) <= found.last) return;
  const Region region = sharing_time(possible(p), possible(q));
  first_of_later(chords, region, reach2, line_of(p.e0, p.e1), line_of_b(q.e0, q.e1), found.first);
  last_of_earlier(chords, region, reach2, line_of(p.l0, p.l1), line_of_b(q.l0, q.l1), found.last);
}

Possible look_possible(const Question& ask) {
  Possible found;
  const auto wanted = [&](const Box& m, const Box& n) {
    const double gap = gap2(m, n);
    if (m.e > n.l || n.e > m.l || gap > ask.reach2) return false;
    return gap < found.least.distance2 || std::max(m.e, n.e) < found.first || std::min(m.l, n.l) > found.last;
  };
  for (std::size_t i = 0; i < ask.inside_a.size(); ++i) look_possible(ask, ask.inside_a[i], ask.inside_b[i], found);
  walk(ask.a, ask.b, wanted, [&](const Piece& p, const Piece& q) { look_possible(ask, p, q, found); });
  return found;
}

Close look_on_schedule(const Question& ask) {
  Close least;
  const auto look = [&](const Piece& p, const Piece& q) {
    if (p.s0 > q.h1 || q.s0 > p.h1 || apart2(p, q) > least.beyond2) return;
    const auto at = nearest(Chords{p, q}, on_schedule(p), on_schedule(q));
    if (at) least.take(at->distance2, ask.nothing2, p, q, *at);
  };
  for (std::size_t i = 0; i < ask.inside_a.size(); ++i) look(ask.inside_a[i], ask.inside_b[i]);
  walk(ask.a, ask.b, [&](const Box& m, const Box& n) { return m.s <= n.h && n.s <= m.h && gap2(m, n) < least.distance2; }, look);
  return least;
}

DelaySet look_at_delays(const Question& ask) {
  DelaySet delays;
  const auto look = [&](const Piece& p, const Piece& q) {
    if (apart2(p, q) > ask.beyond2) return;
    // All that any two of their points could give is known already?
    if (delays.holds(q.s0 - p.h1, q.h1 - p.s0)) return;
    const Chords chords{p, q};
    // Where the least, whenever they are there, lies beyond what rounding can make of it, no delay brings them within reach.
    if (nearest(chords).distance2 > ask.beyond2) return;
    const auto [low, high] =
        extents(chords, Region::square(), ask.reach2,
                {minus(line_of_b(q.s0, q.s1), line_of(p.h0, p.h1)), minus(line_of_b(q.h0, q.h1), line_of(p.s0, p.s1))});
    if (!low.any) return;
    delays.add(low.low, std::max(low.low, high.high));
  };
  for (std::size_t i = 0; i < ask.inside_a.size(); ++i) look(ask.inside_a[i], ask.inside_b[i]);
  walk(
      ask.a, ask.b, [&](const Box& m, const Box& n) { return gap2(m, n) <= ask.reach2 && !delays.holds(n.s - m.h, n.h - m.s); },
      look);
  return delays;
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

// None where boxes alone tell that they are apart.
std::optional<Question> question(const Plan& a, const Plan& b, Metres separation) {
  const double ground = (separation + a.half_width() + b.half_width()).metres();
  const double bound = bound_m(a, b);
  const double reach = longest_chord_m(ground) + bound;
  Question ask{a, b, reach * reach, bound * bound, surely_more2(reach * reach)};
  if (a.bounds().e > b.bounds().l || b.bounds().e > a.bounds().l || gap2(a.bounds(), b.bounds()) > ask.reach2) return {};
  add_inside(ask);
  return ask;
}

double least_apart2(const Question& ask) {
  Close least;
  const auto look = [&](const Piece& p, const Piece& q) {
    if (p.e0 > q.l1 || q.e0 > p.l1 || apart2(p, q) > least.beyond2) return;
    if (const auto at = nearest(Chords{p, q}, possible(p), possible(q))) least.take(at->distance2, ask.nothing2, p, q, *at);
  };
  const auto wanted = [&](const Box& m, const Box& n) {
    const double gap = gap2(m, n);
    return m.e <= n.l && n.e <= m.l && gap <= ask.reach2 && gap < least.distance2;
  };
  for (std::size_t i = 0; i < ask.inside_a.size(); ++i) look(ask.inside_a[i], ask.inside_b[i]);
  walk(ask.a, ask.b, wanted, look);
  return least.distance2;
}

bool bands_meet(const Plan& a, const Plan& b) {
  return a.altitude().low <= b.altitude().high && b.altitude().low <= a.altitude().high;
}

Metres held(Metres separation) { return std::clamp(separation, Metres{}, Metres::from_metres(kMaxWidthMetres)); }

std::optional<Meeting> meet_in_order(const Plan& a, const Plan& b, Metres separation) {
  const auto asked = question(a, b, separation);
  if (!asked) return {};
  const Question& ask = *asked;
  const Possible possible = look_possible(ask);
  if (!(possible.least.distance2 <= ask.reach2)) return {};

  Meeting meeting;
  meeting.window = {Instant::from_ms(static_cast<std::int64_t>(std::floor(possible.first))),
                    Instant::from_ms(static_cast<std::int64_t>(std::ceil(possible.last)))};
  const Close planned = look_on_schedule(ask);
  // What is on schedule is possible too; found by another way, it may differ in the last digit.
  meeting.least_possible_m = reported(std::min(possible.least.distance2, planned.distance2));
  if (std::isfinite(planned.distance2)) meeting.least_m = reported(planned.distance2);
  const bool on_schedule = planned.distance2 <= ask.reach2;
  meeting.place = to_place(on_schedule ? planned.midway : possible.least.midway);

  const DelaySet delays = look_at_delays(ask);
  meeting.delay_set = delays.spans();
  const Millis slack = a.slack() + b.slack();
  const bool always = std::any_of(meeting.delay_set.begin(), meeting.delay_set.end(),
                                  [&](const DelaySpan& span) { return span.low <= -slack && span.high >= slack; });
  meeting.kind = !on_schedule ? Likeness::possible : always ? Likeness::certain : Likeness::on_schedule;
  meeting.likelihood = share_of(meeting.delay_set, a.slack(), b.slack());
  meeting.clear_later = first_clear(meeting.delay_set, slack);
  meeting.clear_earlier = first_clear(mirrored(meeting.delay_set), slack);
  meeting.b_clear_later = meeting.clear_earlier;
  meeting.b_clear_earlier = meeting.clear_later;
  return meeting;
}

// Which of two plans comes first, by what they are and not by where they stand in a call: so that the order of arguments
// cannot show in a last digit. Plans that are equal in all that counts need no order.
std::partial_ordering order(const Plan& a, const Plan& b) {
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
  const Metres owed = held(separation);
  if (order(a, b) <= 0) return meet_in_order(a, b, owed);
  auto meeting = meet_in_order(b, a, owed);
  if (meeting) {
    meeting->delay_set = mirrored(meeting->delay_set);
    std::swap(meeting->clear_later, meeting->b_clear_later);
    std::swap(meeting->clear_earlier, meeting->b_clear_earlier);
  }
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
