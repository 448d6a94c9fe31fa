// How a figure is made: one core, warmed up, rounds in which every engine takes its turn, medians of the rounds.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "engine.h"

namespace wideberth::bench {

/// Ties this process to the last core that it may use; returns its number, or -1 where the system refuses.
int pin();
/// Undoes pin() for a child that is about to become another program.
void unpin();

/// Where there are two cores, this thread stands on another than the one of pin() as long as this lives: a thread that it
/// begins meanwhile stays there.
class OnAnotherCore {
 public:
  OnAnotherCore();
  ~OnAnotherCore();
  OnAnotherCore(const OnAnotherCore&) = delete;
  OnAnotherCore& operator=(const OnAnotherCore&) = delete;
};

/// The median, and the value that 99 % do not exceed; of at least one.
double median(std::vector<double> values);
double percentile_99(std::vector<double> values);

struct PeerFigures {
  std::string name;
  double p50_us = 0;
  double ratio_p50 = 0;  ///< its p50 by that of the index on the same searches, the median of the rounds' ratios
  double which_p50_us = 0, which_ratio_p50 = 0;  ///< of Engine::which
  std::size_t searches = 0;
  double build_legs_per_s = 0;  ///< 0 for one that has nothing to build
};

/// The index asked over HTTP on loopback (over_http.h): from the first byte of a question to the last of its answer.
struct DoorFigures {
  std::string name;
  double p50_us = 0, p99_us = 0;
  double answer_bytes = 0;  ///< of a body, the mean
  std::size_t requests = 0;
  std::vector<PeerFigures> peers;  ///< name and ratio_p50 of each that is outside this process: its p50 by that of this row
};

struct Figures {
  std::string workload;
  std::size_t movements = 0, searches = 0;
  double p50_us = 0, p99_us = 0;
  double which_p50_us = 0;  ///< of Engine::which
  double build_legs_per_s = 0;
  double bytes_per_movement = 0;
  double answers_per_search = 0;
  std::vector<PeerFigures> peers;
  std::vector<DoorFigures> over_http;
  std::vector<std::string> left_out;  ///< peers that could not take part, and why
  std::size_t disagreements = 0;      ///< searches to which a peer gave another set of answers
};

/// How long to measure: searches of the index in a round, and the seconds that a peer may spend in one.
struct Effort {
  int rounds = 5;
  std::size_t searches = 4'000;
  double peer_seconds = 2;
  /// Count the time that this process ran instead of what passed, for a machine that is busy with other work: adds about 0.2 us
  /// a search. What another process does is always measured by what passed.
  bool cpu_time = false;
};

using MakeEngine = std::unique_ptr<Engine> (*)();

/// Loads the index and the peers, then asks all of them in turn, every round with searches of its own. Each peer's answers are
/// compared with those of the index. With `over_http` the index is asked through the server of this house as well.
Figures measure(const Workload& workload, const std::vector<MakeEngine>& peers, const Effort& effort, bool over_http = false);

}  // namespace wideberth::bench
