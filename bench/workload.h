// What is filed and what is asked: made from a seed, or read from a timetable. Everything but the timetable is invented.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "geo/occupancy.h"

namespace wideberth::bench {

/// A movement as an index sees it.
struct Movement {
  std::string party;
  std::shared_ptr<const geo::Plan> plan;
};

/// Movements on record, in the order of filing, and movements that are searched with and never filed. W1G asks with what is
/// filed: there a search skips its own party, and so itself.
struct Workload {
  std::string name;
  std::span<const Movement> filed;
  std::span<const Movement> asked;
  geo::Metres separation;
  std::size_t pieces = 0;  ///< legs of all filed, after cutting

  Workload(std::string name, std::span<const Movement> filed, std::span<const Movement> asked, geo::Metres separation);
};

enum class Spread : unsigned char {
  towns,  ///< all begin within 1 km of one of 70 towns
  crowd,  ///< four of five begin in a square of 1 % of the area, the fifth anywhere
};

/// `count` movements of 8 legs of 1.5 to 2.5 km at 30 to 60 km/h, begun within 600 km x 600 km between 06:00 and 18:00 of 30
/// days, ± 15 min, of eight parties. The first n of a seed are the same whatever the count.
std::vector<Movement> invent(Spread spread, std::size_t count, std::uint64_t seed);

/// Every trip of a GTFS archive on one invented day, ± 5 min, in the parties "odd" and "even" by the number of the line. Throws
/// std::runtime_error if the archive cannot be read, or if this program was built without libzip.
std::vector<Movement> read_timetable(const std::string& archive);

}  // namespace wideberth::bench
