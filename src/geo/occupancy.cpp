#include "geo/occupancy.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>

#include "geo/finding.h"
#include "geo/polygon.h"
#include "geo/walk.h"

namespace wideberth::geo {

namespace {

// Two plans in a fixed order, with all that the questions about them share.
struct Question {
  const Plan& a;
  const Plan& b;
  Terms terms;
  // Pieces inside the other's polygon: a's with b's times, and the other way round.
  std::vector<Piece> inside_a{}, inside_b{};
};

// So many pairs of pieces as go into one look.
struct Pairs {
  std::array<PiecePair, kMostPairs> pairs;
  std::size_t count = 0;

  void add(const Piece& p, const Piece& q, double reach2) { pairs[count++] = {&p, &q, reach2}; }
  std::span<const PiecePair> all() const { return {pairs.data(), count}; }
};
static_assert(kLeafPieces * kLeafPieces <= kMostPairs);

// Calls each(pairs) for the pieces of two leaves that may be within `by_m` of each other.
template <class Each>
void near_pairs(const Question& ask, const BoxNode& m, const BoxNode& n, double by_m, const Each& each) {
  const LeafBoxes& leaf = ask.b.leaves()[n.leaf];
  Pairs near;
  for (const Piece& p : ask.a.pieces().subspan(m.first, m.count))
    for (LeafMask mask = may_be_near(leaf, box_of(p), by_m); mask != 0; mask &= mask - 1)
      near.add(p, ask.b.pieces()[n.first + static_cast<std::uint32_t>(std::countr_zero(mask))], ask.terms.reach2);
  if (near.count > 0) each(near.all());
}

// Likewise for the pieces inside polygons.
template <class Each>
void inside_pairs(const Question& ask, const Each& each) {
  Pairs some;
  for (std::size_t i = 0; i < ask.inside_a.size(); ++i) {
    some.add(ask.inside_a[i], ask.inside_b[i], ask.terms.reach2);
    if (some.count < kMostPairs && i + 1 < ask.inside_a.size()) continue;
    each(some.all());
    some.count = 0;
  }
}

Found look(const Question& ask) {
  Found found;
  const auto each = [&](std::span<const PiecePair> pairs) { look(pairs, ask.terms, found); };
  inside_pairs(ask, each);
  // Of two boxes nothing more is to be had where all delays are known that they could give, and all the times, and less distance.
  const auto wanted = [&](const Box& m, const Box& n) {
    const double gap = gap2(m, n);
    if (gap > ask.terms.reach2) return false;
    if (!found.delays.holds(n.s - m.h, n.h - m.s)) return true;
    if (m.e > n.l || n.e > m.l) return false;
    return gap < found.least.distance2 || gap < found.planned.distance2 || std::max(m.e, n.e) < found.first ||
           std::min(m.l, n.l) > found.last;
  };
  walk(ask.a, ask.b, wanted, [&](const BoxNode& m, const BoxNode& n) { near_pairs(ask, m, n, ask.terms.beyond_m, each); });
  return found;
}

bool share_schedule(const Piece& p, const Piece& q) { return p.s0 <= q.h1 && q.s0 <= p.h1; }

// The least on schedule where it is beyond reach, so that it is not among what is near.
void look_further_on_schedule(const Question& ask, Close& least) {
  const auto each = [&](std::span<const PiecePair> pairs) {
    NearestOf found;
    nearest_planned(pairs, found);
    for (std::size_t k = 0; k < pairs.size(); ++k)
      least.take(found.distance2[k], ask.terms.nothing2, pairs[k], found.u[k], found.v[k]);
  };
  inside_pairs(ask, each);
  walk(
      ask.a, ask.b, [&](const Box& m, const Box& n) { return m.s <= n.h && n.s <= m.h && gap2(m, n) < least.distance2; },
      [&](const BoxNode& m, const BoxNode& n) {
        const LeafBoxes& leaf = ask.b.leaves()[n.leaf];
        Pairs some;
        for (const Piece& p : ask.a.pieces().subspan(m.first, m.count)) {
          LeafMask mask = may_share_schedule(leaf, p.s0, p.h1);
          if (mask != 0 && std::isfinite(least.distance2)) mask &= may_be_near(leaf, box_of(p), least.beyond_m());
          for (; mask != 0; mask &= mask - 1) {
            const Piece& q = ask.b.pieces()[n.first + static_cast<std::uint32_t>(std::countr_zero(mask))];
            if (share_schedule(p, q)) some.add(p, q, ask.terms.reach2);
          }
        }
        each(some.all());
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

// None where boxes alone tell that they are apart.
std::optional<Question> question(const Plan& a, const Plan& b, Metres separation) {
  Question ask{a, b, terms_of(traits_of(a), traits_of(b), separation)};
  if (a.bounds().e > b.bounds().l || b.bounds().e > a.bounds().l || gap2(a.bounds(), b.bounds()) > ask.terms.reach2) return {};
  add_inside(ask);
  return ask;
}

double least_apart2(const Question& ask) {
  Close least;
  const auto each = [&](std::span<const PiecePair> pairs) {
    NearestOf found;
    nearest_possible(pairs, found);
    for (std::size_t k = 0; k < pairs.size(); ++k)
      least.take(found.distance2[k], ask.terms.nothing2, pairs[k], found.u[k], found.v[k]);
  };
  const auto wanted = [&](const Box& m, const Box& n) {
    const double gap = gap2(m, n);
    return m.e <= n.l && n.e <= m.l && gap <= ask.terms.reach2 && gap < least.distance2;
  };
  inside_pairs(ask, each);
  walk(ask.a, ask.b, wanted,
       [&](const BoxNode& m, const BoxNode& n) { near_pairs(ask, m, n, std::min(ask.terms.beyond_m, least.beyond_m()), each); });
  return least.distance2;
}

std::optional<Meeting> answer(const Question& ask) {
  Found found = look(ask);
  if (!(found.least.distance2 <= ask.terms.reach2)) return {};
  if (found.planned.distance2 > ask.terms.reach2) look_further_on_schedule(ask, found.planned);
  const Place place = to_place(found.midway(ask.terms.reach2));
  return std::move(found).meeting(ask.terms.reach2, ask.a.slack(), ask.b.slack(), place);
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
  if (!bands_meet(a.altitude(), b.altitude())) return {};
  const bool turned = order(traits_of(a), traits_of(b)) > 0;
  const auto ask = turned ? question(b, a, separation) : question(a, b, separation);
  if (!ask) return {};
  auto meeting = answer(*ask);
  if (meeting && turned) turn(*meeting);
  return meeting;
}

std::optional<double> least_possible(const Plan& a, const Plan& b, Metres separation) {
  if (!bands_meet(a.altitude(), b.altitude())) return {};
  const bool turned = order(traits_of(a), traits_of(b)) > 0;
  const auto ask = turned ? question(b, a, separation) : question(a, b, separation);
  if (!ask) return {};
  const double least2 = least_apart2(*ask);
  if (!(least2 <= ask->terms.reach2)) return {};
  return reported(least2);
}

}  // namespace wideberth::geo
