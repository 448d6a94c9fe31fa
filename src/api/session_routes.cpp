#include "api/service.h"
#include "http/problem.h"
#include "http/respond.h"
#include "json/json.h"

namespace wideberth::api {

using base::Refusal;
using base::refuse;
using base::Rule;

namespace {

constexpr std::size_t kMostSessionBody = 64 * 1024;

Result<std::string> only_member(const std::string& body, std::string_view name, std::size_t most) {
  WB_TRY(tree, json::parse(body));
  const json::Reader reader(tree);
  WB_TRY_VOID(reader.only({name}));
  WB_TRY(member, reader.member(name));
  WB_TRY(text, member.string(most));
  return std::string(text);
}

http::Response too_often(const Buckets& buckets) {
  http::Response response =
      http::problem(Refusal{Rule::rate_challenges,
                            "more than " + std::to_string(buckets.rate().burst) + " within a minute from one address",
                            "one again in " + to_text(buckets.wait()),
                            {}});
  response.headers.emplace_back("Retry-After", std::to_string(buckets.wait().ms() / 1000));
  return response;
}

Result<http::Response> answer_challenge(Service& service, const http::Request& request) {
  WB_TRY(key, only_member(request.body, "key", ledger::kMostNameBytes));
  WB_TRY(challenge, service.sessions->challenge(key));
  json::Writer w;
  w.begin_object().key("challenge").string(challenge.text).key("expires").string(to_text(challenge.expires)).end_object();
  return http::json_response(w.take());
}

Result<http::Response> answer_session(Service& service, const http::Request& request) {
  WB_TRY(note, only_member(request.body, "note", kMostSessionBody));
  WB_TRY(begun, service.sessions->begin(note));
  json::Writer w;
  w.begin_object().key("token").string(begun.token).key("party").string(begun.session.party);
  w.key("key").string(begun.session.key).key("expires").string(to_text(begun.session.expires)).end_object();
  return http::json_response(w.take());
}

using Answer = Result<http::Response> (*)(Service&, const http::Request&);

http::Handler limited(const ServicePtr& service, Buckets& buckets, Answer answer) {
  return [service, &buckets, answer](const http::Request& request, const http::Reply& reply) {
    if (!buckets.take(request.peer, service->steady_now())) return reply(too_often(buckets));
    auto response = answer(*service, request);
    reply(response ? *std::move(response) : http::problem(response.error()));
  };
}

}  // namespace

Routes session_routes(const ServicePtr& service) {
  http::Route challenge =
      row("POST", "/v1/challenges", "make_challenge", "A text for a key to sign, so that a session can begin.");
  challenge.most_body = kMostSessionBody;
  challenge.handler = limited(service, service->challenges_of_peer, answer_challenge);
  http::Route session = row("POST", "/v1/sessions", "begin_session", "A session for the key that signed a challenge.");
  session.most_body = kMostSessionBody;
  session.handler = limited(service, service->sessions_of_peer, answer_session);
  return {challenge, session};
}

}  // namespace wideberth::api
