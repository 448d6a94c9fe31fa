// What a line between two places means, as chords.
#pragma once

#include <vector>

#include "geo/route.h"
#include "geo/vec.h"

namespace wideberth::geo {

/// A line cut into chords. The first and the last point are those of the two places, exactly.
struct CutLine {
  std::vector<Vec3> points;   ///< two or more
  std::vector<double> reach;  ///< metres from the first point along the chords; the same length as points
  double sag_m = 0;           ///< how far a chord dips at most below the line
  double sideways_m = 0;      ///< how far it strays at most to the side of it, with all rounding
};

/// The limits of cutting. With them sqrt((sideways_a + sideways_b)^2 + max(sag_a, sag_b)^2) <= 0.5 for any two lines.
inline constexpr double kGeodesicPieceM = 4'700;  // a sag of 0.436 m at most
inline constexpr double kLonLatPieceM = 3'700;    // a sag of 0.271 m at most
inline constexpr double kMostSidewaysM = 0.2;
inline constexpr double kRoundingM = 0.001;

/// REQUIRES: places in range, their chord at most kMaxLegMetres. Refuses route_too_long if more than kMaxPieces are needed.
///
/// Geodesic: T. Vincenty's inverse solution (Survey Review 23 (176), 1975), whose series is good to 0.1 mm; the points in
/// between follow on the auxiliary sphere. RFC 7946: longitude and latitude run evenly, the short way round.
Result<CutLine> cut_line(Place a, Place b, Line line);

}  // namespace wideberth::geo
