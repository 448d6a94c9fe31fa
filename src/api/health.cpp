#include "api/read.h"
#include "http/respond.h"
#include "model/opening.h"

namespace wideberth::api {

namespace {

std::string health_json(const Service& service) {
  json::Writer w;
  w.begin_object().key("status").string("serving").key("origin").string(service.origin);
  write_instant(w, "now", service.engine().now());
  service.engine().view([&](const core::State& state) { w.key("time").string(model::name_of(state.opening->time)); });
  w.end_object();
  return w.take();
}

}  // namespace

Routes health_routes(const ServicePtr& service) {
  http::Route health = row("GET", "/healthz", "read_health", "Whether the server serves, which log, and what time it has.");
  health.handler = [service](const http::Request&, const http::Reply& reply) {
    reply(http::json_response(health_json(*service)));
  };
  return {health};
}

}  // namespace wideberth::api
