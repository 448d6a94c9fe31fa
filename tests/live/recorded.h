// Recorded traffic as fixes: five minutes of Danish ships, and two people in Beijing.
#pragma once

#include <string>
#include <vector>

#include "live/fix.h"

namespace wideberth::recorded {

struct Traffic {
  live::Units units{};
  std::vector<live::Fix> fixes{};  ///< in the order of time
  /// How long its units were on record, all together, from the first fix of each to its last.
  double unit_days() const;
};

/// Position reports of ships (ITU-R M.1371 messages 1, 2, 3 and 18) from NMEA lines, each at the time of the $PGHP line before
/// it. The parties are invented: odd ship numbers are "odd", even ones "even". A ship that says it is moored or at anchor is a
/// moored unit. The decoder is the test's own. Throws std::runtime_error where the file cannot be read.
Traffic read_ships(const std::string& gzipped_nmea);

/// lat,lng,datetime,uid: each person is a party.
Traffic read_walkers(const std::string& gzipped_csv);

}  // namespace wideberth::recorded
