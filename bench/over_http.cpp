#include "over_http.h"

#include <fmt/format.h>

#include <optional>
#include <stdexcept>
#include <utility>

#include "base/id.h"
#include "http/parser.h"
#include "http/problem.h"
#include "http/respond.h"
#include "http/router.h"
#include "json/writer.h"
#include "measure.h"
#include "model/conflict.h"
#include "model/notification.h"
#include "net/dial.h"
#include "net/server.h"
#include "net/system.h"

namespace wideberth::bench {
namespace {

constexpr base::Millis kPatience = base::Millis::from_seconds(30);

// The route that a plan of whole legs was made from, each waypoint where and when it was.
model::Notification notification_of(const Movement& movement) {
  const auto at = [](const geo::Vec3& point, double e, double l) {
    return geo::Waypoint{
        geo::to_place(point),
        {geo::Instant::from_ms(static_cast<std::int64_t>(e)), geo::Instant::from_ms(static_cast<std::int64_t>(l))}};
  };
  model::Notification notification;
  notification.party = movement.party;
  geo::Route route;
  for (const geo::Piece& piece : movement.plan->pieces()) route.waypoints.push_back(at(piece.from, piece.e0, piece.l0));
  const geo::Piece& last = movement.plan->pieces().back();
  route.waypoints.push_back(at(last.from + last.along, last.e1, last.l1));
  route.half_width = movement.plan->half_width();
  notification.where = std::move(route);
  return notification;
}

// Everything but the search itself is the product's own; see bench/README.md for why the product has no such route.
http::Route search_route(const conflict::Index& index, geo::Metres separation) {
  http::Route route;
  route.method = "POST";
  route.path = "/bench/search";
  route.operation = "search";
  route.summary = "What a movement conflicts with.";
  route.most_body = model::kMostFeatureBytes;
  route.handler = [&index, separation](const http::Request& request, const http::Reply& reply) {
    const auto notification = model::parse_feature(request.body);
    if (!notification) return reply(http::problem(notification.error()));
    const auto plan = model::compile(*notification);
    if (!plan) return reply(http::problem(plan.error()));
    const auto owed = [&](base::EntryIndex) { return std::optional{separation}; };
    std::vector<Answer> answers;
    for (conflict::Hit& hit : index.search(*plan, notification->party, owed, separation))
      answers.push_back({static_cast<std::uint32_t>(hit.key.value), std::move(hit.meeting)});
    reply(http::json_response(to_json(answers)));
  };
  return route;
}

}  // namespace

conflict::Index index_of(const Workload& workload) {
  std::vector<conflict::Filed> filed;
  filed.reserve(workload.filed.size());
  for (const Movement& each : workload.filed) filed.push_back({{filed.size()}, each.party, each.plan});
  conflict::Index index;
  index.insert_all(std::move(filed));
  return index;
}

std::string to_json(std::span<const Answer> answers) {
  json::Writer writer;
  writer.begin_object().key("conflicts").begin_array();
  for (const Answer& each : answers)
    model::write_conflict(writer, "asked", base::id_of(base::IdKind::movement, {each.filed}), each.meeting);
  return writer.end_array().end_object().take();
}

struct OverHttp::Parts {
  const Workload& workload;
  conflict::Index index;
  net::SystemClock clock{};
  std::unique_ptr<net::Server> server{};
  std::optional<net::Wire> wire{};
  http::ResponseParser parser{};
  std::vector<std::string> questions{};  // the bytes of each request, in the order of what is asked

  Parts(const Workload& of, conflict::Index given) : workload{of}, index{std::move(given)} {}

  void serve(Cores cores) {
    http::Router router;
    router.add(search_route(index, workload.separation));
    std::optional<OnAnotherCore> there;  // the server's thread begins, and stays, where this one stands now
    if (cores == Cores::two) there.emplace();
    auto listening = net::Server::listen({}, std::move(router), clock);
    if (!listening) throw Unavailable{"over HTTP: " + to_text(listening.error())};
    server = *std::move(listening);
  }

  void connect() {
    auto dialled = net::Wire::dial({.host = "127.0.0.1", .port = server->port()});
    if (!dialled) throw Unavailable{"over HTTP: " + to_text(dialled.error())};
    wire.emplace(*std::move(dialled));
  }

  void make_questions() {
    for (const Movement& each : workload.asked) {
      const std::string feature = model::to_json(notification_of(each));
      questions.push_back(
          fmt::format("POST /bench/search HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nContent-Type: "
                      "application/geo+json\r\nContent-Length: {}\r\n\r\n{}",
                      server->port(), feature.size(), feature));
    }
  }
};

OverHttp::OverHttp(const Workload& workload, conflict::Index index, Cores cores)
    : parts_{std::make_unique<Parts>(workload, std::move(index))} {
  parts_->serve(cores);
  parts_->connect();
  parts_->make_questions();
}

OverHttp::~OverHttp() = default;

std::string OverHttp::ask(const Movement& asked) {
  const auto number = static_cast<std::size_t>(&asked - parts_->workload.asked.data());
  const auto must = [](auto result) {
    if (!result) throw std::runtime_error{"over HTTP: " + to_text(result.error())};
    return result;
  };
  must(parts_->wire->send(parts_->questions.at(number), kPatience));
  http::ResponseParser& parser = parts_->parser;
  parser.expect(false);
  while (!parser.whole()) {
    const auto received = must(parts_->wire->receive(kPatience));
    if (received->ended || received->timed_out) throw std::runtime_error{"over HTTP: no answer"};
    parser.add(received->bytes);
    must(parser.advance());
  }
  std::string body = parser.take_body();
  if (parser.status() != 200) throw std::runtime_error{"over HTTP: " + body};
  return body;
}

}  // namespace wideberth::bench
