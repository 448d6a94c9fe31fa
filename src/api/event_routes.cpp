#include "api/read.h"
#include "http/problem.h"

namespace wideberth::api {

namespace {

Result<http::Response> open_stream(const ServicePtr& service, const http::Request& request) {
  WB_TRY(session, service->sessions->find(request));
  WB_TRY(from, query_index(request, "from"));
  if (const auto last = request.header("Last-Event-ID"); last && !last->empty()) {
    WB_TRY(index, parse_index(*last, "Last-Event-ID"));
    from = EntryIndex{index.value + 1};  // a reader that comes back asks by the same address: the id is the later word
  }
  if (!from) service->engine().view([&](const core::State& state) { from = state.next(); });
  const std::string_view field = *request.header("Authorization");
  WB_TRY(feed, Hub::open(service->hub, std::string(field.substr(field.find(' ') + 1)), session, *from));
  http::Response response;
  response.content_type = std::string(http::kEventStream);
  response.body = http::retry_text(service->parts.limits.retry) + std::string(http::kHeartbeat);
  response.feed = std::move(feed);
  return response;
}

}  // namespace

Routes event_routes(const ServicePtr& service) {
  http::Route stream =
      row("GET", "/v1/events", "follow_events", "Entries that this reader may read, as they come: server-sent events.");
  stream.session = true;
  stream.query = {"from"};
  stream.handler = [service](const http::Request& request, const http::Reply& reply) {
    auto response = open_stream(service, request);
    reply(response ? *std::move(response) : http::problem(response.error()));
  };
  return {stream};
}

}  // namespace wideberth::api
