// A timetable (GTFS, gtfs.org/schedule/reference) as routes.
#pragma once

#include <string>
#include <vector>

#include "geo/route.h"

namespace wideberth::gtfs {

struct Trip {
  std::string id;
  int line = 0;  ///< the number on the vehicle
  geo::Route route;
};

/// Every trip of the archive in the order of its trips.txt, all on one invented day: stops become waypoints of ± `half_window`,
/// straight on between them (shapes are not used); where a timetable gives several stops one minute, they are spread evenly.
/// Throws std::runtime_error if the archive cannot be read.
std::vector<Trip> read_trips(const std::string& archive, geo::Millis half_window);

}  // namespace wideberth::gtfs
