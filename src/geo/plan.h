// A route or an area, compiled: chords in ECEF with time windows, and a box tree over them.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "geo/route.h"
#include "geo/track.h"
#include "geo/vec.h"

namespace wideberth::geo {

// Limits. What is above them is refused before any work.
inline constexpr std::size_t kMaxWaypoints = 10'000;        ///< of a route, or of all rings of an area together
inline constexpr std::size_t kMaxPieces = 65'536;           ///< after cutting
inline constexpr std::int64_t kMaxLegMetres = 9'000'000;    ///< chord between two waypoints: a quarter of the earth
inline constexpr std::int64_t kMaxWidthMetres = 1'000'000;  ///< half-width, radius, margin, column length, separation
inline constexpr std::int64_t kMaxAltitudeMetres = 50'000;

/// One chord. Times in milliseconds since 1970; all of them run evenly from the first end (0) to the second (1), and none
/// goes back. The point at fraction u may be occupied during [e(u), l(u)], and is on schedule during [s(u), h(u)]: the head
/// comes at s, the tail is gone at h (for an area: from s to h, all along).
struct Piece {
  Vec3 from{};
  Vec3 along{};  ///< second end minus first; zero at a halt
  double e0 = 0, e1 = 0, l0 = 0, l1 = 0;
  double s0 = 0, s1 = 0, h0 = 0, h1 = 0;
};

/// A box in space (metres) and time (ms): [e, l] over the windows, [s, h] over the schedule.
struct Box {
  Vec3 low{}, high{};
  double e = 0, l = 0, s = 0, h = 0;
};

inline Box box_of(const Piece& p) {
  const Vec3 to = p.from + p.along;
  return {{std::min(p.from.x, to.x), std::min(p.from.y, to.y), std::min(p.from.z, to.z)},
          {std::max(p.from.x, to.x), std::max(p.from.y, to.y), std::max(p.from.z, to.z)},
          p.e0,
          p.l1,
          p.s0,
          p.h1};
}

/// The box around both.
inline Box join(const Box& a, const Box& b) {
  return {{std::min(a.low.x, b.low.x), std::min(a.low.y, b.low.y), std::min(a.low.z, b.low.z)},
          {std::max(a.high.x, b.high.x), std::max(a.high.y, b.high.y), std::max(a.high.z, b.high.z)},
          std::min(a.e, b.e),
          std::max(a.l, b.l),
          std::min(a.s, b.s),
          std::max(a.h, b.h)};
}

inline constexpr std::uint32_t kLeafPieces = 8;

/// A node of the box tree: over pieces [first, first + count). Leaves have no children; the left child follows its parent.
struct BoxNode {
  Box box;
  std::uint32_t first = 0, count = 0;
  std::uint32_t right = 0;  ///< index of the right child; 0 for a leaf
  std::uint32_t leaf = 0;   ///< of a leaf: its number among the leaves
};

/// The boxes of a leaf's pieces, side by side so that one look tells which of them may be near: rounded outward, counted from
/// `origin`, the low corner of the leaf's box and its first moment on schedule. What is not there is nowhere.
struct LeafBoxes {
  using Each = std::array<float, kLeafPieces>;
  std::array<Each, 3> low, high;  ///< metres
  Each begin, end;                ///< on schedule, milliseconds
  Vec3 origin{};
  double origin_ms = 0;
};

/// Compiled and immutable; cheap to share, costly to copy.
class Plan {
 public:
  enum class Shape : unsigned char { route, circle, polygon };

  Shape shape() const { return shape_; }
  std::span<const Piece> pieces() const { return pieces_; }
  /// Preorder, root first. Never empty.
  std::span<const BoxNode> tree() const { return tree_; }
  std::span<const LeafBoxes> leaves() const { return leaves_; }
  /// The same pieces on fewer lines of memory; none where they do not fit there.
  const Track* track() const { return track_.empty() ? nullptr : track_.data(); }
  /// All of it, a polygon's inside included.
  const Box& bounds() const { return bounds_; }
  /// From the first moment that it may be anywhere to the last; outward to the millisecond.
  Interval span() const;
  /// Half-width of the corridor, or the circle's radius and margin, or the polygon's margin.
  Metres half_width() const { return half_width_; }
  AltitudeBand altitude() const { return altitude_; }
  /// The widest half-window, rounded up to the millisecond; 0 for an area, which is never late.
  Millis slack() const { return slack_; }
  /// How far the chords stray at most from what the lines mean: downwards, and sideways (with all rounding). Metres.
  double sag_m() const { return sag_m_; }
  double sideways_m() const { return sideways_m_; }
  /// For a polygon: the corners of all rings in ECEF (cut finely, each ring closed), and where each ring starts.
  std::span<const Vec3> corners() const { return corners_; }
  std::span<const std::uint32_t> ring_starts() const { return ring_starts_; }
  /// For a polygon: a direction that is outside it, less than 150 degrees from any point inside.
  const Vec3& outside() const { return outside_; }

 private:
  friend class PlanMaker;
  // What every conflict reads comes first, on as few lines of memory as can be.
  Shape shape_ = Shape::route;
  Metres half_width_{};
  AltitudeBand altitude_{};
  Millis slack_{};
  double sag_m_ = 0, sideways_m_ = 0;
  std::vector<Piece> pieces_;
  Box bounds_;
  std::vector<BoxNode> tree_;
  std::vector<LeafBoxes> leaves_;
  std::vector<Vec3> corners_;
  std::vector<std::uint32_t> ring_starts_;
  Vec3 outside_{};
  std::vector<Track> track_;  // one or none
};

/// What is added to the separation of two plans so that cutting lines into chords can hide no conflict:
/// sqrt((sideways_a + sideways_b)^2 + max(sag_a, sag_b)^2); at most 0.5 m, and millimetres where legs are short.
double bound_m(const Plan& a, const Plan& b);

/// Passing time.  A point passed by the head at x is occupied until x + p, p = column length / the slowest schedule speed of
/// its leg and of the moving legs that begin within one column length beyond the leg's end. Before a halt, the last column
/// length of route is occupied until the departure + the passing time of the leg that follows. The end of a route is no
/// halt: the column is taken to drive on into its destination, so the last point is occupied until arrival + p.
/// Refuses (rule): route_too_short, route_too_long, place_out_of_range, route_window_backwards, route_leg_without_duration,
/// route_leg_too_long, geo_length_out_of_range, altitude_band_backwards, time_out_of_range; `where` is a JSON pointer into
/// the route ("/waypoints/3").
Result<Plan> compile(const Route& route);
/// Refuses (rule): area_shape_unclear, area_degenerate, area_self_crossing, area_too_large, area_too_many_corners, and those
/// above that apply; `where` points into the area ("/rings/0/17").
Result<Plan> compile(const Area& area);

}  // namespace wideberth::geo
