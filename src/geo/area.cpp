#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "geo/ellipsoid.h"
#include "geo/line.h"
#include "geo/pair.h"
#include "geo/plan_maker.h"
#include "geo/polygon.h"

namespace wideberth::geo {

namespace {

constexpr double kLeastCosine = 0.5;  // of the angle between a corner and the middle: 60 degrees
constexpr double kLeastInsideM2 = 0.01;

Piece standing(const Vec3& from, const Vec3& along, const Interval& window) {
  const double begin = to_ms(window.from), end = to_ms(window.to);
  return {from, along, begin, begin, end, end, begin, begin, end, end};
}

// A ring without repeated corners, closed; the places as given and where each edge's chords begin.
struct Ring {
  std::vector<Vec3> corners;
};

Result<Ring> cut_ring(const std::vector<Place>& places, Line line, const std::string& where, PlanMaker& maker) {
  std::vector<Place> distinct;
  for (std::size_t i = 0; i < places.size(); ++i) {
    WB_TRY_VOID(check_place(places[i], fmt::format("{}/{}", where, i)));
    if (distinct.empty() || !(to_ecef(distinct.back()) == to_ecef(places[i]))) distinct.push_back(places[i]);
  }
  while (distinct.size() > 1 && to_ecef(distinct.back()) == to_ecef(distinct.front())) distinct.pop_back();
  if (distinct.size() < 3)
    return refuse(Rule::area_degenerate, fmt::format("{} different corners", distinct.size()), "three or more", where);
  Ring ring;
  for (std::size_t i = 0; i < distinct.size(); ++i) {
    const Place from = distinct[i], to = distinct[i + 1 < distinct.size() ? i + 1 : 0];
    if (distance_m(from, to) > static_cast<double>(kMaxLegMetres))
      return refuse(Rule::area_too_large, fmt::format("an edge of {:.0f} km", distance_m(from, to) / 1000),
                    fmt::format("edges of at most {} km in a straight line", kMaxLegMetres / 1000), where);
    auto cut = cut_line(from, to, line);
    if (!cut) return refuse(Rule::area_too_many_corners, "an edge that needs too many pieces", "shorter edges", where);
    ring.corners.insert(ring.corners.end(), cut->points.begin(), cut->points.end() - 1);
    maker.stray(cut->sag_m, cut->sideways_m);
    if (ring.corners.size() > kMaxPieces)
      return refuse(Rule::area_too_many_corners, "too many pieces", fmt::format("at most {}", kMaxPieces), where);
  }
  const Vec3 first = ring.corners.front();
  ring.corners.push_back(first);
  return ring;
}

Vec3 direction(const Vec3& v) { return v * (1 / norm(v)); }

// The middle of a ring's edges, each counted by its length; zero if there is none.
Vec3 middle_of(const Ring& ring) {
  Vec3 sum{};
  for (std::size_t i = 1; i < ring.corners.size(); ++i)
    sum = sum + (ring.corners[i] + ring.corners[i - 1]) * norm(ring.corners[i] - ring.corners[i - 1]);
  return norm2(sum) > 0 ? direction(sum) : sum;
}

double area_seen_from_above(const Ring& ring, const Vec3& middle) {
  Vec3 sum{};
  for (std::size_t i = 1; i < ring.corners.size(); ++i)
    sum = sum + cross(ring.corners[i - 1] - ring.corners[0], ring.corners[i] - ring.corners[0]);
  return std::fabs(dot(sum, middle)) / 2;
}

// A chord of a ring by its two ends, which its neighbours share to the bit.
struct Edge {
  Vec3 from, to;
};

// Whether two chords cross properly, seen from the earth's centre: each has its ends strictly on both sides of the other.
bool cross_properly(const Edge& p, const Edge& q) {
  if (p.from == q.from || p.from == q.to || p.to == q.from || p.to == q.to) return false;
  const Vec3 m = cross(p.from, p.to), n = cross(q.from, q.to);
  const double a = dot(m, q.from), b = dot(m, q.to), c = dot(n, p.from), d = dot(n, p.to);
  if (!(((a < 0 && b > 0) || (a > 0 && b < 0)) && ((c < 0 && d > 0) || (c > 0 && d < 0)))) return false;
  // Pieces of one straight line have signs that mean nothing; but they do not touch, to the depth by which chords sag.
  const Piece one{.from = p.from, .along = p.to - p.from}, other{.from = q.from, .along = q.to - q.from};
  const double depth = (norm2(one.along) + norm2(other.along)) / (8 * kLeastRadiusM) + 1e-6;
  return nearest(Chords{one, other}).distance2 <= depth * depth;
}

// Sorted along the widest axis, a chord can cross only those that begin before it ends. A metre is allowed for the sag: chords
// that cross seen from the centre may pass each other at different depths.
bool crosses_itself(const std::vector<Edge>& edges) {
  constexpr double kDepthM = 1;
  Vec3 low = edges.front().from, high = low;
  for (const Edge& p : edges) {
    low = {std::min(low.x, p.from.x), std::min(low.y, p.from.y), std::min(low.z, p.from.z)};
    high = {std::max(high.x, p.from.x), std::max(high.y, p.from.y), std::max(high.z, p.from.z)};
  }
  const Vec3 size = high - low;
  constexpr double Vec3::* kAxes[] = {&Vec3::x, &Vec3::y, &Vec3::z};
  const auto widest = size.x >= size.y && size.x >= size.z ? 0U : size.y >= size.z ? 1U : 2U;
  double Vec3::* const along = kAxes[widest];
  double Vec3::* const across = kAxes[(widest + 1) % 3];
  struct Span {
    double low, high, across_low, across_high;
    const Edge* edge;
  };
  std::vector<Span> spans;
  for (const Edge& p : edges) {
    const auto [a0, a1] = std::minmax(p.from.*along, p.to.*along);
    const auto [c0, c1] = std::minmax(p.from.*across, p.to.*across);
    spans.push_back({a0, a1 + kDepthM, c0, c1 + kDepthM, &p});
  }
  std::sort(spans.begin(), spans.end(), [](const Span& a, const Span& b) { return a.low < b.low; });
  for (auto p = spans.begin(); p != spans.end(); ++p)
    for (auto q = p + 1; q != spans.end() && q->low <= p->high; ++q)
      if (q->across_low <= p->across_high && p->across_low <= q->across_high && cross_properly(*p->edge, *q->edge)) return true;
  return false;
}

Vec3 perpendicular(const Vec3& to) {
  const double x = std::fabs(to.x), y = std::fabs(to.y), z = std::fabs(to.z);
  const Vec3 axis = x <= y && x <= z ? Vec3{1, 0, 0} : y <= z ? Vec3{0, 1, 0} : Vec3{0, 0, 1};
  return direction(cross(to, axis));
}

Result<Plan> compile_rings(const Area& area, PlanMaker& maker) {
  std::size_t corners = 0;
  for (const auto& ring : area.rings) corners += ring.size();
  if (corners > kMaxWaypoints)
    return refuse(Rule::area_too_many_corners, fmt::format("{} corners", corners), fmt::format("at most {}", kMaxWaypoints),
                  "/rings");
  Vec3 middle{};
  std::vector<Edge> edges;
  double least_cosine = 1;
  for (std::size_t r = 0; r < area.rings.size(); ++r) {
    const std::string where = fmt::format("/rings/{}", r);
    WB_TRY(ring, cut_ring(area.rings[r], area.line, where, maker));
    if (r == 0) {
      middle = middle_of(ring);
      maker.outside(perpendicular(middle));
    }
    for (const Vec3& corner : ring.corners) least_cosine = std::min(least_cosine, dot(middle, corner) / norm(corner));
    if (!(least_cosine >= kLeastCosine))
      return refuse(Rule::area_too_large, "corners more than 60 degrees from the middle of the outer ring", "a smaller area",
                    where);
    if (!(area_seen_from_above(ring, middle) >= kLeastInsideM2))
      return refuse(Rule::area_degenerate, "a ring with no inside", "an inside of 0.01 square metres or more", where);
    if (r > 0) {
      // So far the plan is the outer ring alone or with holes beside this one.
      const bool inside = std::any_of(ring.corners.begin(), ring.corners.end(),
                                      [&](const Vec3& corner) { return is_inside(maker.plan, corner); });
      if (!inside)
        return refuse(Rule::area_degenerate, "a hole outside its outer ring", "holes inside, apart from each other", where);
    }
    maker.add_ring(ring.corners);
    for (std::size_t i = 1; i < ring.corners.size(); ++i) {
      edges.push_back({ring.corners[i - 1], ring.corners[i]});
      maker.pieces().push_back(standing(ring.corners[i - 1], ring.corners[i] - ring.corners[i - 1], area.window));
    }
    if (maker.pieces().size() > kMaxPieces)
      return refuse(Rule::area_too_many_corners, "too many pieces", fmt::format("at most {}", kMaxPieces), "/rings");
  }
  if (crosses_itself(edges))
    return refuse(Rule::area_self_crossing, "two edges that cross", "rings that do not cross themselves or each other", "/rings");
  maker.shape(Plan::Shape::polygon);
  maker.half_width(area.margin);
  Plan plan = maker.finish();
  PlanMaker::hold_inside(plan, middle, least_cosine);
  return plan;
}

}  // namespace

Result<Plan> compile(const Area& area) {
  if (area.centre.has_value() == !area.rings.empty())
    return refuse(Rule::area_shape_unclear, area.centre ? "both" : "neither", "rings, or a centre with a radius");
  WB_TRY_VOID(check_length(area.radius, "radius"));
  WB_TRY_VOID(check_length(area.margin, "margin"));
  WB_TRY_VOID(check_window(area.window, "/window"));
  PlanMaker maker;
  WB_TRY_VOID(maker.altitude(area.altitude));
  if (!area.centre) return compile_rings(area, maker);
  WB_TRY_VOID(check_place(*area.centre, "/centre"));
  maker.shape(Plan::Shape::circle);
  maker.half_width(area.radius + area.margin);
  maker.stray(0, kRoundingM);
  maker.pieces().push_back(standing(to_ecef(*area.centre), {}, area.window));
  return maker.finish();
}

}  // namespace wideberth::geo
