// What is notified: a route with windows, or an area with a window. Plain data; compile() in plan.h checks it.
#pragma once

#include <optional>
#include <vector>

#include "geo/place.h"

namespace wideberth::geo {

/// What a line between two places means: the shortest path on the ellipsoid, or RFC 7946's straight line in longitude and
/// latitude (the short way round if the longitudes differ by more than 180 degrees). At 100 km the two are 269 m apart.
enum class Line : unsigned char { geodesic, lon_lat_linear };

/// Height above ground. No band means on the ground, which is the band [0, 0]. Bands that do not meet do not conflict;
/// touching bands meet.
struct AltitudeBand {
  Metres low{};
  Metres high{};
  friend bool operator==(const AltitudeBand&, const AltitudeBand&) = default;
};

/// Passed no earlier than window.from and no later than window.to; the schedule is the middle.
struct Waypoint {
  Place place;
  Interval window;
};

/// A movement. Within a leg steady progress over the ground is assumed. A halt is the same place twice with time between.
struct Route {
  std::vector<Waypoint> waypoints;
  Line line = Line::geodesic;
  Metres half_width{};     ///< of the corridor
  Metres column_length{};  ///< from head to tail, along the route; the windows are the head's
  std::optional<AltitudeBand> altitude{};
};

/// An activity or a site: either `rings` or `centre` with `radius`.
struct Area {
  std::vector<std::vector<Place>> rings{};  ///< the outer ring, then holes; closed or not; either direction
  std::optional<Place> centre{};
  Metres radius{};
  Interval window;  ///< occupied all of it
  std::optional<AltitudeBand> altitude{};
  Line line = Line::geodesic;  ///< of the rings
  Metres margin{};             ///< a half-width around it
};

}  // namespace wideberth::geo
