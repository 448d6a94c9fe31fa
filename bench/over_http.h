// The index behind this house's own server: what a search costs whoever asks over a socket.
#pragma once

#include <memory>
#include <span>
#include <string>

#include "conflict/conflict.h"
#include "engine.h"

namespace wideberth::bench {

/// net::Server with the routes, parser and problem documents of the product on loopback, and one route that the product does
/// not have: a movement as a GeoJSON Feature in, every conflict with what is on record out, as `wideberth check --json` writes
/// them. One kept connection asks, from this thread.
class OverHttp {
 public:
  /// Where the server's thread runs: on another core than this thread, where there is one; or on the same. Only one of the two
  /// ever has work, so another core adds nothing but the time that a core which had none takes to wake up.
  enum class Cores : unsigned char { two, one };

  /// Serves the index and makes the workload's questions ready. The workload outlives this. Throws Unavailable where no socket
  /// is to be had.
  OverHttp(const Workload& workload, conflict::Index index, Cores cores);
  ~OverHttp();
  OverHttp(const OverHttp&) = delete;
  OverHttp& operator=(const OverHttp&) = delete;

  /// The body of the answer, once its last byte is here. REQUIRES: one of the workload's `asked`. Throws std::runtime_error
  /// where the answer is not 200.
  std::string ask(const Movement& asked);

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

/// All that a workload files.
conflict::Index index_of(const Workload& workload);

/// The document that says these answers: what OverHttp::ask gives for them.
std::string to_json(std::span<const Answer> answers);

}  // namespace wideberth::bench
