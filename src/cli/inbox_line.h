// What of the hotline waits for this party: messages, calls and sightings that were said to it, and its own check-ins.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/line.h"

namespace wideberth::cli {

struct LineWaiting {
  std::string id, kind, party;  ///< HL-…, SG-… or AG-…; "message", "call", "sighting", "check-in"; who said it
  std::vector<std::string> lines;
  std::string next;  ///< the command to give
  std::optional<base::Instant> due{};
};
/// The nearest time first.
Result<std::vector<LineWaiting>> read_line_waiting(Sitting& sitting);

/// The member "hotline" of the inbox's JSON.
void write_line_waiting(json::Writer& writer, const std::vector<LineWaiting>& waiting);

}  // namespace wideberth::cli
