// What the handlers share. Inside this folder only.
#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "api/api.h"
#include "api/events.h"
#include "api/rates.h"
#include "api/sessions.h"
#include "api/tally.h"
#include "api/worker.h"

namespace wideberth::api {

/// Lives as long as the routes that hold it. Members are destroyed from the last: the workers, then what they work on.
struct Service {
  explicit Service(const Parts& made_of);
  ~Service();
  /// Ends the threads; afterwards the engine is not touched any more. Idempotent.
  void close();
  Service(const Service&) = delete;
  Service& operator=(const Service&) = delete;

  engine::Engine& engine() const { return parts.engine; }
  base::Instant steady_now() const { return parts.steady.now(); }

  Parts parts;
  std::string origin;
  std::shared_ptr<Sessions> sessions;
  Buckets notes_of_key, notes_of_peer, untrue_notes_of_peer, challenges_of_peer, sessions_of_peer;
  std::shared_ptr<Tally> tally = std::make_shared<Tally>();  ///< what was answered; the router's watcher holds it too
  std::shared_ptr<Hub> hub;                                  ///< event streams; they may outlive us

  std::mutex reads_mutex{};
  std::map<std::string, std::size_t> reads_waiting{};  ///< by party
  std::atomic<std::size_t> body_bytes_waiting{0};
  /// The last state that was folded for an as-of read: used on the `folds` thread only.
  std::shared_ptr<const core::State> folded{};

  Worker intake;  ///< reads bodies of notes, one after another: what a connection sends in order is handed on in order
  Worker reads;   ///< present reads
  Worker folds;   ///< reads as of an entry, each a fold of the log
};

using ServicePtr = std::shared_ptr<Service>;
using Routes = std::vector<http::Route>;

/// A row of the table; the rest is set by who adds it.
http::Route row(std::string method, std::string path, std::string operation, std::string summary);

// One maker a resource: its rows, each with its handler.
Routes session_routes(const ServicePtr& service);
Routes entry_routes(const ServicePtr& service);
Routes key_routes(const ServicePtr& service);
Routes agreement_routes(const ServicePtr& service);
Routes movement_routes(const ServicePtr& service);
Routes outcome_routes(const ServicePtr& service);
Routes conflict_routes(const ServicePtr& service);
Routes finding_routes(const ServicePtr& service);
Routes deadline_routes(const ServicePtr& service);
Routes handover_routes(const ServicePtr& service);
Routes track_routes(const ServicePtr& service);
Routes alert_routes(const ServicePtr& service);
Routes unit_routes(const ServicePtr& service);
Routes encounter_routes(const ServicePtr& service);
Routes hotline_routes(const ServicePtr& service);
Routes event_routes(const ServicePtr& service);
Routes log_routes(const ServicePtr& service);
Routes health_routes(const ServicePtr& service);
Routes metrics_routes(const ServicePtr& service);

}  // namespace wideberth::api
