// The same workloads with encounters, and conduct looked for in those that close.
#pragma once

#include <string>

#include "live.h"

namespace wideberth::bench {

struct EncounterFigures {
  double together_per_s = 0, step_p50_ms = 0, step_p99_ms = 0;  ///< whole seconds of fixes in one take(), encounters with them
  double closing_s = 0;                                         ///< for closing all that is open, at the end
  std::size_t opened = 0, joined = 0, contacts = 0;
  double conduct_per_s = 0;  ///< fixes of encounters a second of all tests of conduct
  std::size_t looked_into = 0, fixes = 0, candidates = 0;
};
/// Conduct is looked for in encounters of at most kMostUnits, for at most five seconds.
inline constexpr std::size_t kMostUnits = 64;
EncounterFigures measure_encounters(const LiveWorkload& workload, bool cpu);
std::string to_text(const EncounterFigures& figures);
std::string to_json(const EncounterFigures& figures);

}  // namespace wideberth::bench
