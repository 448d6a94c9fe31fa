#include "geo/line.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "geo/ellipsoid.h"
#include "geo/plan.h"
#include "geo/trig.h"

namespace wideberth::geo {

namespace {

// A geodesic as Vincenty sees it: an arc of a great circle on the auxiliary sphere, in a frame whose first axis lies in the
// meridian of the start.
struct AuxiliaryArc {
  Vec3 from, to;                     // unit vectors
  double sigma = 0, sin_sigma = 0;   // the arc's angle
  double f_sin_alpha = 0, cos2 = 1;  // flattening x sine of the azimuth at the equator; its cosine squared
  double c = 0;                      // Vincenty's C

  double cos_twice_middle(double z_other, double cos_angle) const {
    return cos2 > 1e-30 ? cos_angle - 2 * from.z * z_other / cos2 : 0;
  }
  /// By how much the longitude on the ellipsoid falls behind that on the sphere, over the first `angle` of the arc.
  double lag(double z_other, double angle, SinCos of) const {
    const double m = cos_twice_middle(z_other, of.cos);
    return (1 - c) * f_sin_alpha * (angle + c * of.sin * (m + c * of.cos * (2 * m * m - 1)));
  }
};

SinCos reduced(double lat_e7) {
  const SinCos lat = sincos_e7(lat_e7);
  const double s = (1 - kFlattening) * lat.sin;
  const double length = std::sqrt(s * s + lat.cos * lat.cos);
  return {s / length, lat.cos / length};
}

AuxiliaryArc solve(Place a, Place b, double turn_e7) {
  const SinCos u1 = reduced(a.lat_e7), u2 = reduced(b.lat_e7), turn = sincos_e7(turn_e7);
  AuxiliaryArc arc;
  arc.from = {u1.cos, 0, u1.sin};
  double behind = 0;
  for (int round = 0; round < 20; ++round) {  // each round gains two digits or more below a quarter of the earth
    const SinCos d = sincos(behind);
    const SinCos lambda{turn.sin * d.cos + turn.cos * d.sin, turn.cos * d.cos - turn.sin * d.sin};
    arc.to = {u2.cos * lambda.cos, u2.cos * lambda.sin, u2.sin};
    arc.sin_sigma = norm(cross(arc.from, arc.to));
    const SinCos sigma{arc.sin_sigma, dot(arc.from, arc.to)};
    arc.sigma = angle_of(sigma.sin, sigma.cos);
    const double sin_alpha = arc.sin_sigma > 0 ? u1.cos * u2.cos * lambda.sin / arc.sin_sigma : 0;
    arc.f_sin_alpha = kFlattening * sin_alpha;
    arc.cos2 = 1 - sin_alpha * sin_alpha;
    arc.c = kFlattening / 16 * arc.cos2 * (4 + kFlattening * (4 - 3 * arc.cos2));
    const double next = arc.lag(u2.sin, arc.sigma, sigma);
    const bool settled = std::fabs(next - behind) < 1e-15;
    behind = next;
    if (settled) break;
  }
  return arc;
}

std::int64_t short_way(Place a, Place b) {
  const std::int64_t turn = std::int64_t{b.lon_e7} - a.lon_e7;
  if (turn > 1'800'000'000) return turn - 3'600'000'000;
  if (turn < -1'800'000'000) return turn + 3'600'000'000;
  return turn;
}

void measure(CutLine& cut) {
  cut.reach.assign(1, 0.0);
  for (std::size_t i = 1; i < cut.points.size(); ++i)
    cut.reach.push_back(cut.reach.back() + norm(cut.points[i] - cut.points[i - 1]));
}

CutLine cut_geodesic(Place a, Place b, double chord) {
  CutLine cut{.points = {to_ecef(a)}, .reach = {}, .sideways_m = kRoundingM};
  double longest = chord;
  if (chord > kGeodesicPieceM) {
    const AuxiliaryArc arc = solve(a, b, static_cast<double>(short_way(a, b)));
    const SinCos start = sincos_e7(a.lon_e7);
    const int pieces = static_cast<int>(std::ceil(arc.sigma * kEquatorM / kGeodesicPieceM));
    for (int k = 1; k < pieces; ++k) {
      const double angle = arc.sigma * k / pieces;
      const SinCos done = sincos(angle), left = sincos(arc.sigma - angle);
      const Vec3 at = (arc.from * left.sin + arc.to * done.sin) * (1 / arc.sin_sigma);
      const SinCos lag = sincos(arc.lag(at.z, angle, done));
      const SinCos turn{start.sin * lag.cos - start.cos * lag.sin, start.cos * lag.cos + start.sin * lag.sin};
      cut.points.push_back(
          {kEquatorM * (at.x * turn.cos - at.y * turn.sin), kEquatorM * (at.x * turn.sin + at.y * turn.cos), kPolarM * at.z});
    }
    longest = arc.sigma * kEquatorM / pieces;
  }
  cut.points.push_back(to_ecef(b));
  cut.sag_m = longest * longest / (8 * kLeastRadiusM);
  measure(cut);
  return cut;
}

struct LonLat {
  double lon, lat, lon_span, lat_span;
  Vec3 at(double t) const { return on_ellipsoid(lon + lon_span * t, lat + lat_span * t); }
};

// A chord strays furthest near its middle; a tenth is added for what lies beside it.
void stray(const LonLat& line, int pieces, CutLine& cut) {
  cut.sag_m = 0;
  cut.sideways_m = 0;
  for (int k = 0; k < pieces; ++k) {
    const auto i = static_cast<std::size_t>(k);
    const Vec3 on_line = line.at((k + 0.5) / pieces);
    const Vec3 off = on_line - (cut.points[i] + cut.points[i + 1]) * 0.5, up = normal_at(on_line);
    const Vec3 along = cut.points[i + 1] - cut.points[i];
    const double sag = dot(off, up), length2 = norm2(along);
    Vec3 side = off - up * sag;
    if (length2 > 0) side = side - along * (dot(side, along) / length2);
    cut.sag_m = std::max(cut.sag_m, 1.1 * std::fabs(sag));
    cut.sideways_m = std::max(cut.sideways_m, 1.1 * norm(side));
  }
  cut.sideways_m += kRoundingM;
}

Result<CutLine> cut_lon_lat(Place a, Place b) {
  const LonLat line{static_cast<double>(a.lon_e7), static_cast<double>(a.lat_e7), static_cast<double>(short_way(a, b)),
                    static_cast<double>(std::int64_t{b.lat_e7} - a.lat_e7)};
  for (int pieces = 1;;) {
    CutLine cut{.points = {to_ecef(a)}, .reach = {}};
    for (int k = 1; k < pieces; ++k) cut.points.push_back(line.at(static_cast<double>(k) / pieces));
    cut.points.push_back(to_ecef(b));
    measure(cut);
    stray(line, pieces, cut);
    double longest = 0;
    for (std::size_t i = 1; i < cut.reach.size(); ++i) longest = std::max(longest, cut.reach[i] - cut.reach[i - 1]);
    const double too_much =
        std::max({longest / kLonLatPieceM, std::sqrt(cut.sideways_m / kMostSidewaysM), std::sqrt(cut.sag_m / 0.3)});
    if (too_much <= 1) return cut;
    // A line that closes on itself (the whole way round a pole) shows its length only once it is cut.
    const double next = std::ceil(pieces * std::min(too_much * 1.02, 64.0));
    if (next > static_cast<double>(kMaxPieces))
      return refuse(Rule::route_too_long, "a line that needs more pieces than a route may have", "shorter legs");
    pieces = std::max(pieces + 1, static_cast<int>(next));
  }
}

}  // namespace

Result<CutLine> cut_line(Place a, Place b, Line line) {
  const double chord = norm(to_ecef(b) - to_ecef(a));
  if (chord == 0 && (line == Line::geodesic || a.lat_e7 == b.lat_e7)) {
    CutLine still{.points = {to_ecef(a), to_ecef(b)}, .reach = {0, 0}, .sideways_m = kRoundingM};
    return still;
  }
  return line == Line::geodesic ? cut_geodesic(a, b, chord) : cut_lon_lat(a, b);
}

}  // namespace wideberth::geo
