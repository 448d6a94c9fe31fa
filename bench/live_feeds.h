// How fast feeds reads: the rows of docs/performance.md about Cursor-on-Target and AIS.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace wideberth::bench {

/// One reader over one input, on one core.
struct FeedSpeed {
  std::string name;           ///< "CoT XML", "CoT TAK v1", "AIS"
  std::string input;          ///< what was read
  std::uint64_t records = 0;  ///< read in all
  double cpu_seconds = 0;     ///< that the process ran
  double per_second() const { return static_cast<double>(records) / cpu_seconds; }
  double least = 0;  ///< records a second that are promised
};

/// `data`: the folder with cot/atak-captures.txt and ais-denmark-5min.nmea.gz; where they are missing, events and sentences of
/// the same form that are invented, and it says so. `seconds` for each row.
std::vector<FeedSpeed> measure_feeds(const std::string& data, double seconds);

std::string to_text(const std::vector<FeedSpeed>& rows);
/// An array of objects.
std::string to_json(const std::vector<FeedSpeed>& rows);

/// wideberth-bench feeds [--json] [--data DIR] [--quick]; the exit code.
int run_feeds(const std::vector<std::string>& words);

}  // namespace wideberth::bench
