// Figures as JSON, as a table, and as a picture.
#pragma once

#include <string>
#include <vector>

#include "kernel.h"
#include "measure.h"

namespace wideberth::bench {

/// One object: per workload p50_us, p99_us, build_legs_per_s, bytes_per_movement, answers_per_search and peers, and per peer
/// ratio_p50. W1 also has over_http and over_http_one_core: p50_us, p99_us and peers, whose ratio_p50 is to that p50.
std::string to_json(const std::vector<Figures>& all);

/// The same for people, with what the JSON does not hold.
std::string to_text(const Figures& figures);
std::string to_text(const KernelFigures& figures);
std::string to_text(const InsertFigures& figures);
std::string growth_text(const std::vector<Figures>& growth);

/// Microseconds a search against movements on record, both logarithmic, a line for the index and each peer.
std::string to_svg(const std::vector<Figures>& growth);

/// Processor, core, load average, compiler and time: what a figure hangs on.
std::string machine(int core);

}  // namespace wideberth::bench
