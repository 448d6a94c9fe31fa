#include "geo/polygon.h"

#include <algorithm>

#include "geo/pair.h"
#include "geo/walk.h"

namespace wideberth::geo {

namespace {

bool boxes_meet(const Box& a, const Box& b) { return gap2(a, b) == 0; }

struct Stretch01 {
  double from, to;
};

// Which parts of a piece lie within reach of the polygon's edges.
void near_edges(const Piece& piece, const Box& box, const Plan& polygon, double reach2, std::vector<Stretch01>& out) {
  out.clear();
  std::vector<std::uint32_t> todo{0};
  while (!todo.empty()) {
    const std::uint32_t i = todo.back();
    todo.pop_back();
    const BoxNode& node = polygon.tree()[i];
    if (gap2(node.box, box) > reach2) continue;
    if (node.right != 0) {
      todo.push_back(node.right);
      todo.push_back(i + 1);
      continue;
    }
    for (const Piece& edge : polygon.pieces().subspan(node.first, node.count)) {
      const Chords chords{piece, edge};
      const Reached near = reached(chords, nearest(chords), reach2, {}, {});
      if (near.any) out.push_back({near.u_low, near.u_high});
    }
  }
  std::sort(out.begin(), out.end(), [](const Stretch01& a, const Stretch01& b) { return a.from < b.from; });
}

Piece part_of(const Piece& p, double t0, double t1) {
  const auto at = [](double first, double last, double t) { return t >= 1 ? last : first + (last - first) * t; };
  Piece part;
  part.from = p.from + p.along * t0;
  part.along = p.along * (t1 - t0);
  part.e0 = at(p.e0, p.e1, t0), part.e1 = at(p.e0, p.e1, t1);
  part.l0 = at(p.l0, p.l1, t0), part.l1 = at(p.l0, p.l1, t1);
  part.s0 = at(p.s0, p.s1, t0), part.s1 = at(p.s0, p.s1, t1);
  part.h0 = at(p.h0, p.h1, t0), part.h1 = at(p.h0, p.h1, t1);
  return part;
}

}  // namespace

bool is_inside(const Plan& polygon, const Vec3& point) {
  const Vec3 plane = cross(point, polygon.outside());
  const auto corners = polygon.corners();
  const auto starts = polygon.ring_starts();
  bool inside = false;
  for (std::size_t ring = 0; ring < starts.size(); ++ring) {
    const std::size_t end = ring + 1 < starts.size() ? starts[ring + 1] : corners.size();
    double before = dot(plane, corners[starts[ring]]);
    for (std::size_t i = starts[ring] + 1; i < end; ++i) {
      const double now = dot(plane, corners[i]);
      if ((before >= 0) != (now >= 0)) {
        // Where the edge crosses the great circle; does that lie between the point and the outside?
        const Vec3 at = corners[i - 1] * (now >= 0 ? now : -now) + corners[i] * (before >= 0 ? before : -before);
        if (dot(cross(point, at), plane) > 0 && dot(cross(at, polygon.outside()), plane) > 0) inside = !inside;
      }
      before = now;
    }
  }
  return inside;
}

InsideParts inside_parts(const Plan& of, const Plan& polygon, double reach_m) {
  InsideParts found;
  const double reach2 = reach_m * reach_m;
  const Piece& any_edge = polygon.pieces().front();  // all edges have the area's window
  std::vector<Stretch01> near;
  // What is known of the end of the piece before, as long as the route is not interrupted.
  Vec3 known_at{};
  std::optional<bool> known;
  for (const Piece& piece : of.pieces()) {
    const Box box = box_of(piece);
    if (!boxes_meet(box, polygon.bounds())) {
      known.reset();
      continue;
    }
    // A tenth of a millimetre is far less than the reach within which edges have been looked for.
    if (known && norm2(known_at - piece.from) > 1e-8) known.reset();
    near_edges(piece, box, polygon, reach2, near);
    double at = 0;
    const auto gap = [&](double to) {
      const bool inside = at == 0 && known ? *known : is_inside(polygon, piece.from + piece.along * ((at + to) / 2));
      if (to >= 1) {
        known = inside;
        known_at = piece.from + piece.along;
      }
      if (!inside) return;
      found.parts.push_back(part_of(piece, at, to));
      Piece within = found.parts.back();
      within.e0 = any_edge.e0, within.e1 = any_edge.e1, within.l0 = any_edge.l0, within.l1 = any_edge.l1;
      within.s0 = any_edge.s0, within.s1 = any_edge.s1, within.h0 = any_edge.h0, within.h1 = any_edge.h1;
      found.within.push_back(within);
    };
    for (const Stretch01& stretch : near) {
      if (stretch.from > at) gap(stretch.from);
      at = std::max(at, stretch.to);
    }
    if (at < 1) {
      gap(1);
    } else {
      known.reset();
    }
  }
  return found;
}

}  // namespace wideberth::geo
