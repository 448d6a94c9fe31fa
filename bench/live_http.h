// Positions through the whole of the server: signed batches over HTTP on loopback, committed before they are answered.
#pragma once

#include <cstddef>
#include <string>

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

}  // namespace wideberth::bench
