// What live found, as JSON: for `wideberth analyse`, the demonstration and whoever reads along. docs/live.md lists the members.
#pragma once

#include "json/writer.h"
#include "live/playback.h"

namespace wideberth::live {

/// {"unit", "party"}
void write_unit(json::Writer& writer, const Units& units, UnitIndex unit);
/// An alert as it was raised or closed.
void write_alert(json::Writer& writer, const Units& units, const AlertEvent& event);
/// What a unit does of what was notified. `movement`: the id of its movement, or empty.
void write_conformance(json::Writer& writer, const Units& units, const ConformanceEvent& event, const std::string& movement);
void write_composition(json::Writer& writer, const CompositionEvent& event, const std::string& movement);
/// An encounter with its contacts, candidates and what is not reported; `tests` gives the clauses.
void write_reviewed(json::Writer& writer, const Units& units, const Reviewed& reviewed, const Tests& tests);
/// One line for a person: "blocking by B-1 upon R-1, 07:00:55 to 07:02:20: ahead_m 29.998, …".
std::string to_text(const Units& units, const Candidate& candidate);
std::string to_text(const Units& units, const Unreported& unreported);

}  // namespace wideberth::live
