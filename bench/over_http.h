// The index behind this house's own server: what a search costs whoever asks over a socket.
#pragma once

#include <memory>
#include <span>
#include <string>

#include "engine.h"

namespace wideberth::bench {

/// net::Server with the routes, parser and problem documents of the product on loopback, and one route that the product does
/// not have: a movement as a GeoJSON Feature in, every conflict with what is on record out, as `wideberth check --json` writes
/// them. One kept connection asks, from this thread; the server's thread runs on another core where there is one.
class OverHttp {
 public:
  /// Files all that the workload files and makes its questions ready. The workload outlives this. Throws Unavailable where no
  /// socket is to be had.
  explicit OverHttp(const Workload& workload);
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

/// The document that says these answers: what OverHttp::ask gives for them.
std::string to_json(std::span<const Answer> answers);

}  // namespace wideberth::bench
