// api: what is asked over HTTP, as questions to the engine and its state.
//
// Purpose.  One file per resource: who may ask, what is read, how it is written as JSON. docs/http.md is the contract.
//
// Promise.  (1) Nothing is written but by POST /v1/entries. (2) What a party may not read shows in no answer: not by a count,
//   an id or an error, but for gaps in the indices. (3) No handler waits for the disk on the thread that called it. (4) What
//   strangers cause to be held is bounded, and a flood is answered with 429 before any signature is looked at. (5) A stream of
//   events has no gap and no double, at whatever index it is resumed. (6) Time and chance are handed in.
//
// Map, in reading order.
//   router.cpp      make_router: the table of contents
//   service.h       what the handlers share; worker.h: the threads that may wait; rates.h: token buckets
//   sessions.h      challenges, sessions, the gate; session_routes.cpp
//   read.h          reads of the state, as it stands or as of an entry
//   submission.h    JSON lines with notes; entries.cpp: filing and reading back
//   agreements.cpp, movements.cpp, conflicts.cpp, deadlines.cpp, keys.cpp, tracks.cpp, alerts.cpp, hotline.cpp; seen.h: how
//   exactly a reader may know an end events.h        the event stream; event_routes.cpp log.cpp         checkpoint, policy,
//   tiles, bundles; metrics.cpp tally.h       what is counted, for the operator alone health.cpp openapi.h       the table of
//   routes as OpenAPI 3.1; openapi_schemas.cpp: what the bodies look like
//
// May use.  base, json, ledger, model, core, engine, http. May not use. Sockets, files, the clock of the machine.
// Tested by.  *_test.cpp beside the files (real engine, real store, real keys, no socket); tests/fuzz/submission_fuzz.cpp.
#pragma once

#include <cstddef>

#include "base/ports.h"
#include "engine/engine.h"
#include "http/router.h"

namespace wideberth::api {

using base::Millis;

/// A token bucket: so many at once, and so many more each second.
struct Rate {
  std::size_t burst = 0;
  double per_second = 0;
};

struct Limits {
  Rate notes_of_key{2'000, 50};            ///< by the signer that a note names, before its signature is looked at
  Rate notes_of_peer{10'000, 500};         ///< by address
  Rate untrue_notes_of_peer{100, 2};       ///< notes whose signature did not hold, by address
  Rate challenges_of_peer{20, 20.0 / 60};  ///< and as many sessions
  std::size_t most_peers = 4'096;          ///< addresses told apart; further ones share one bucket
  Millis challenge_life = Millis::from_seconds(120);
  Millis session_life = Millis::from_seconds(3600);
  std::size_t most_sessions_of_key = 64;  ///< the oldest ends when another begins

  std::size_t most_body = std::size_t{64} << 20;             ///< of POST /v1/entries; 64 KiB elsewhere
  std::size_t most_lines = 10'000;                           ///< of one body
  std::size_t most_bodies_waiting = std::size_t{256} << 20;  ///< bytes of bodies that are not yet read

  std::size_t most_entries = 256;                        ///< in one answer
  std::size_t most_entry_bytes = std::size_t{16} << 20;  ///< in one answer, but one entry always
  std::size_t most_reads_waiting = 1'024;                ///< in all
  std::size_t most_reads_of_party = 64;                  ///< waiting at once

  std::size_t most_streams_of_party = 32;
  std::size_t most_queued_events = 256;                  ///< for one reader; beyond it is told to ask again
  std::size_t most_queued_bytes = std::size_t{1} << 20;  ///< the same in bytes
  Millis heartbeat = Millis::from_seconds(10);
  Millis retry = Millis::from_seconds(2);  ///< how long a reader waits before it comes back
};

/// The world, handed in. All outlive the router and every copy of it.
struct Parts {
  engine::Engine& engine;
  base::Entropy& entropy;  ///< nonces and tokens; called under a lock of our own, so shared only if others may call at once
  base::Clock& steady;     ///< the world's time, running evenly whatever the log's clock does: for rates, sessions,
                           ///< heartbeats. May be called from several threads at once
  Limits limits{};
  std::string operator_token{};  ///< whoever shows it reads /metrics; empty: this machine's own readers do, with none
};

/// All routes. Threads run until the router is closed or its last copy is gone; stop who serves it before the engine.
/// REQUIRES: the engine has started.
http::Router make_router(const Parts& parts);

}  // namespace wideberth::api
