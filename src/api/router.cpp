#include "api/openapi.h"
#include "api/service.h"

namespace wideberth::api {

namespace {

constexpr std::size_t kBodiesWaiting = 1'024;

std::string origin_of(const engine::Engine& engine) {
  std::string origin;
  engine.view([&](const core::State& state) { origin = state.opening->origin; });
  return origin;
}

}  // namespace

Service::Service(const Parts& made_of)
    : parts(made_of),
      origin(origin_of(parts.engine)),
      sessions(std::make_shared<Sessions>(parts)),
      notes_of_key(parts.limits.notes_of_key, static_cast<std::size_t>(-1)),
      notes_of_peer(parts.limits.notes_of_peer, parts.limits.most_peers),
      untrue_notes_of_peer(parts.limits.untrue_notes_of_peer, parts.limits.most_peers),
      challenges_of_peer(parts.limits.challenges_of_peer, parts.limits.most_peers),
      sessions_of_peer(parts.limits.challenges_of_peer, parts.limits.most_peers),
      hub(std::make_shared<Hub>(parts, sessions)),
      intake(kBodiesWaiting),
      reads(parts.limits.most_reads_waiting),
      folds(parts.limits.most_reads_waiting) {}

Service::~Service() { close(); }

void Service::close() {
  hub->close();
  intake.stop();
  reads.stop();
  folds.stop();
}

http::Route row(std::string method, std::string path, std::string operation, std::string summary) {
  http::Route route;
  route.method = std::move(method);
  route.path = std::move(path);
  route.operation = std::move(operation);
  route.summary = std::move(summary);
  return route;
}

http::Router make_router(const Parts& parts) {
  const auto service = std::make_shared<Service>(parts);
  http::Router router([service](const http::Request& request) -> Result<std::string> {
    WB_TRY(session, service->sessions->find(request));
    return session.party;
  });
  router.at_close([service] { service->close(); });
  router.at_answer([tally = service->tally](std::string_view operation, const http::Response& response) {
    tally->answered(operation, response);
  });
  const auto add = [&](Routes routes) {
    for (http::Route& each : routes) router.add(std::move(each));
  };
  // Who asks.
  add(session_routes(service));
  // The record: filed, read back, followed.
  add(entry_routes(service));
  add(event_routes(service));
  // What holds.
  add(key_routes(service));
  add(agreement_routes(service));
  add(movement_routes(service));
  add(outcome_routes(service));
  add(conflict_routes(service));
  add(finding_routes(service));
  add(deadline_routes(service));
  add(handover_routes(service));
  add(track_routes(service));
  add(alert_routes(service));
  add(unit_routes(service));
  add(encounter_routes(service));
  add(hotline_routes(service));
  // The log for strangers, and how the server is.
  add(log_routes(service));
  add(health_routes(service));
  add(metrics_routes(service));
  // The table above as a document; itself the last row of it.
  add_openapi(router);
  return router;
}

}  // namespace wideberth::api
