// Two lenses in a plane: where a unit can be between two fixes is a disc around each, and both at once is a lens.
#pragma once

namespace wideberth::live {

/// In metres in a plane.
struct Spot {
  double x = 0, y = 0;
  friend constexpr Spot operator+(Spot a, Spot b) { return {a.x + b.x, a.y + b.y}; }
  friend constexpr Spot operator-(Spot a, Spot b) { return {a.x - b.x, a.y - b.y}; }
  friend constexpr Spot operator*(Spot a, double k) { return {a.x * k, a.y * k}; }
};
double length(Spot of) noexcept;

/// The points within r1 of c1 and within r2 of c2. REQUIRES of `nearest`: not empty, that is |c1 - c2| <= r1 + r2; radii > 0.
struct Lens {
  Spot c1, c2;
  double r1 = 0, r2 = 0;
};

/// The least distance of two lenses and a pair of points, one of each, that are so far apart; 0 where they meet.
struct Nearest {
  double distance = 0;
  Spot a, b;
};

/// In closed form: if the lenses meet, a corner of the common region or a centre lies in all four discs (the region is bounded
/// by arcs that end in corners, or is a whole disc); if not, the nearest pair is among arc and arc, arc and corner, corner and
/// corner, sixteen at most. Every pair that is tried lies in its lens within a micrometre, so the distance is never too short by
/// more than 2 micrometres.
///  Laws: (1) nearest(a, b).distance == nearest(b, a).distance. (2) No point of a is nearer to any of b, but for rounding.
Nearest nearest(const Lens& a, const Lens& b) noexcept;

}  // namespace wideberth::live
