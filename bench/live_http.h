// Positions through the whole of the server: signed batches over HTTP on loopback, committed before they are answered.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace wideberth::bench {

struct LiveHttpEffort {
  std::size_t units = 10'000;  ///< in all, spread over the keys
  std::size_t fixes_per_batch = 5'000;
  std::size_t batches = 400;
  std::size_t keys = 4;  ///< each on a connection of its own
  std::string folder;    ///< for the log; empty: a temporary one
};

/// What it took. The server is a process of its own on one core; the client, which signed everything before, on the other.
struct LiveHttpFigures {
  std::string shape;  ///< which units and fixes a batch holds
  std::size_t fixes = 0, batches = 0;
  double wall_s = 0;             ///< from the first byte sent to the last receipt
  double server_cpu_s = 0;       ///< of all threads of the server, system calls among them
  double bytes_per_fix = 0;      ///< of a batch, padded
  double log_bytes_per_fix = 0;  ///< of the files of the log

  double per_second() const { return static_cast<double>(fixes) / wall_s; }
  double per_server_core() const { return static_cast<double>(fixes) / server_cpu_s; }
};

/// Every batch holds one fix of each of many units (`together`), or tracks of a few (`tracks`). Throws std::runtime_error where
/// something does not work, and where a receipt is missing.
LiveHttpFigures measure_live_http(bool tracks, const LiveHttpEffort& effort = {});

std::string to_text(const LiveHttpFigures& figures);
/// {"shape", "fixes", "batches", "fixes_per_s", "fixes_per_server_core_s", …}
std::string to_json(const LiveHttpFigures& figures);

struct LiveAlertEffort {
  std::size_t fixes_per_second = 50'000;  ///< of as many units, two parties, once a second each
  std::size_t seconds = 15;
  int warm_up_s = 5;   ///< at first everybody who is about to meet is told of at once
  std::string folder;  ///< for the log; empty: a temporary one
};

struct LiveAlertFigures {
  double fixes_per_s = 0;
  std::size_t alerts = 0;                      ///< entries on the streams of both sides
  double p50_ms = 0, p99_ms = 0, most_ms = 0;  ///< from the sending of a batch to an alert that follows from it
  double server_load = 0;                      ///< cores
};

/// Two parties under an agreement that lets their positions be used for warnings; units drive about in a square, 22 others within
/// 5 km of each. Throws as measure_live_http does.
LiveAlertFigures measure_live_alert(const LiveAlertEffort& effort = {});
std::string to_text(const LiveAlertFigures& figures);
std::string to_json(const LiveAlertFigures& figures);

/// All of it as one object: {"through_http": [{…}, {…}], "fix_to_alert": {…}}; the table goes to stderr.
std::string measure_live_server(bool quick, const std::string& folder);
/// wideberth-bench live-server [--json] [--quick] [--folder DIR]; the exit code.
int run_live_server(const std::vector<std::string>& words);

}  // namespace wideberth::bench
