#include "geo/finding.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>

namespace wideberth::geo {

// That no rounding turns into the distance whose square is given.
double Close::beyond_m() const { return std::sqrt(distance2) + 0.01; }

Metres held(Metres separation) { return std::clamp(separation, Metres{}, Metres::from_metres(kMaxWidthMetres)); }

double reported(double distance2) { return along_ground_m(std::sqrt(distance2)); }

Terms terms_of(const Facing& a, const Facing& b, Metres separation) {
  const double ground = (held(separation) + a.half_width + b.half_width).metres();
  const double sideways = a.sideways_m + b.sideways_m, sag = std::max(a.sag_m, b.sag_m);
  const double bound = std::sqrt(sideways * sideways + sag * sag);  // bound_m
  const double reach = longest_chord_m(ground) + bound;
  const double beyond = reach + 0.01;  // far more than rounding makes of it
  return {reach * reach, bound * bound, beyond, beyond * beyond};
}

bool bands_meet(const AltitudeBand& a, const AltitudeBand& b) { return a.low <= b.high && b.low <= a.high; }

Facing traits_of(const Plan& plan) {
  return {.pieces = plan.pieces().data(),
          .count = static_cast<std::uint32_t>(plan.pieces().size()),
          .shape = plan.shape(),
          .begins = plan.bounds().s,
          .sag_m = plan.sag_m(),
          .sideways_m = plan.sideways_m(),
          .half_width = plan.half_width(),
          .slack = plan.slack(),
          .altitude = plan.altitude()};
}

void Found::take(const PiecePair& pair, double nothing2, const PairAnswers& said, std::size_t k) {
  if (said.delay_least[k] <= said.delay_most[k]) delays.add(said.delay_least[k], said.delay_most[k]);
  planned.take(said.planned.distance2[k], nothing2, pair, said.planned.u[k], said.planned.v[k]);
  if (!(said.possible.distance2[k] <= pair.reach2)) return;
  least.take(said.possible.distance2[k], nothing2, pair, said.possible.u[k], said.possible.v[k]);
  if (said.not_before[k] < first) first = std::min(first, said.first[k]);
  if (said.not_after[k] > last) last = std::max(last, said.last[k]);
}

Meeting Found::meeting(double reach2, Millis slack_a, Millis slack_b, Place place) && {
  Meeting meeting;
  meeting.window = {Instant::from_ms(static_cast<std::int64_t>(std::floor(first))),
                    Instant::from_ms(static_cast<std::int64_t>(std::ceil(last)))};
  // What is on schedule is possible too; found by another way, it may differ in the last digit.
  meeting.least_possible_m = reported(std::min(least.distance2, planned.distance2));
  if (std::isfinite(planned.distance2)) meeting.least_m = reported(planned.distance2);
  const bool on_schedule = planned.distance2 <= reach2;
  meeting.place = place;

  meeting.delay_set = std::move(delays).spans();
  const Millis slack = slack_a + slack_b;
  const bool always = std::any_of(meeting.delay_set.begin(), meeting.delay_set.end(),
                                  [&](const DelaySpan& span) { return span.low <= -slack && span.high >= slack; });
  meeting.kind = !on_schedule ? Likeness::possible : always ? Likeness::certain : Likeness::on_schedule;
  meeting.likelihood = share_of(meeting.delay_set, slack_a, slack_b);
  meeting.clear_later = first_clear(meeting.delay_set, slack);
  meeting.clear_earlier = first_clear_before(meeting.delay_set, slack);
  meeting.b_clear_later = meeting.clear_earlier;
  meeting.b_clear_earlier = meeting.clear_later;
  return meeting;
}

void look(std::span<const PiecePair> pairs, const Terms& terms, Found& found) {
  NearestOf ever;
  Kept kept;
  nearest_ever(pairs, ever);
  for (std::size_t i = 0; i < pairs.size(); ++i)
    // Where the least, whenever they are there, lies beyond what rounding can make of it, no delay brings them within reach.
    if (!(ever.distance2[i] > terms.beyond2)) kept.add(pairs[i], {ever.distance2[i], ever.u[i], ever.v[i]});
  if (kept.count == 0) return;
  PairAnswers said;
  judge(kept.all(), kept.ever, said);
  for (std::size_t k = 0; k < kept.count; ++k) found.take(kept.pairs[k], terms.nothing2, said, k);
}

std::partial_ordering order(const Facing& a, const Facing& b) {
  // Mostly the first number tells, at a glance.
  if (a.shape != b.shape) return a.shape <=> b.shape;
  if (const auto first = a.begins <=> b.begins; first != 0) return first;
  const auto key = [](const Piece& p) {
    return std::array{p.s0, p.from.x, p.from.y, p.from.z, p.along.x, p.along.y, p.along.z,
                      p.e0, p.e1,     p.l0,     p.l1,     p.s1,      p.h0,      p.h1};
  };
  const std::uint32_t count = std::min(a.count, b.count);
  for (std::uint32_t i = 0; i < count; ++i)
    if (const auto first = key(a.pieces[i]) <=> key(b.pieces[i]); first != 0) return first;
  return a.count <=> b.count;
}

void turn(Meeting& meeting) {
  std::reverse(meeting.delay_set.begin(), meeting.delay_set.end());
  for (DelaySpan& span : meeting.delay_set) span = {-span.high, -span.low};
  std::swap(meeting.clear_later, meeting.b_clear_later);
  std::swap(meeting.clear_earlier, meeting.b_clear_earlier);
}

// Ever larger squares beside the diagonal change places.
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

}  // namespace wideberth::geo
