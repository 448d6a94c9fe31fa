#include "http/problem.h"

#include "base/bytes.h"
#include "base/check.h"
#include "json/json.h"

namespace wideberth::http {

using base::Kind;
using base::Refusal;
using base::refuse;
using base::Rule;

namespace {

constexpr std::string_view kTypePrefix = "urn:wideberth:rule:";

int status_of_kind(Kind kind) noexcept {
  switch (kind) {
    case Kind::malformed: return 400;
    case Kind::unauthenticated: return 401;
    case Kind::forbidden: return 403;
    case Kind::not_found: return 404;
    case Kind::conflicting: return 409;
    case Kind::too_large: return 413;
    case Kind::unprocessable: return 422;
    case Kind::too_many: return 429;
    case Kind::unavailable: return 503;
    case Kind::untrue: return 422;
  }
  base::check_failed("every kind has a status", __FILE__, __LINE__);
}

std::string member_or_nothing(const json::Reader& reader, std::string_view name) {
  const auto member = reader.find(name);
  return member && member->is_string() ? member->value().string() : std::string();
}

}  // namespace

int status_of(Rule rule) noexcept {
  switch (rule) {
    case Rule::http_method_unknown: return 405;
    case Rule::http_too_slow: return 408;
    case Rule::http_head_too_large: return 431;
    case Rule::http_version: return 505;
    case Rule::server_failed: return 500;
    default: return status_of_kind(base::kind_of(rule));
  }
}

std::string problem_json(const Refusal& refusal) {
  json::Writer writer;
  writer.begin_object();
  writer.key("type").string(std::string(kTypePrefix) + std::string(base::code_of(refusal.rule)));
  writer.key("title").string(base::title_of(refusal.rule));
  writer.key("status").integer(status_of(refusal.rule));
  if (!refusal.found.empty()) writer.key("detail").string(refusal.found);
  if (!refusal.accepted.empty()) writer.key("accepted").string(refusal.accepted);
  if (!refusal.where.empty()) writer.key(refusal.where[0] == '/' ? "pointer" : "where").string(refusal.where);
  writer.end_object();
  return writer.take();
}

Response problem(const Refusal& refusal) {
  Response response;
  response.status = status_of(refusal.rule);
  response.content_type = "application/problem+json";
  response.body = problem_json(refusal);
  return response;
}

Result<Refusal> read_problem(std::string_view document) {
  const auto tree = json::parse(document);
  if (!tree)
    return refuse(Rule::server_unintelligible, "found \"" + base::excerpt(document) + "\"", "a problem document (RFC 9457)");
  const json::Reader reader(*tree);
  const std::string type = member_or_nothing(reader, "type");
  const std::string detail = member_or_nothing(reader, "detail");
  const auto rule =
      type.starts_with(kTypePrefix) ? base::rule_named(std::string_view(type).substr(kTypePrefix.size())) : std::nullopt;
  if (!rule) {
    std::string found = "the server refuses for a reason that this program does not know, \"" + base::excerpt(type, 100) + "\"";
    for (const std::string& part : {member_or_nothing(reader, "title"), detail})
      if (!part.empty()) found += ": " + base::excerpt(part, 300);
    return refuse(Rule::server_unintelligible, found, "a rule of this program's version");
  }
  std::string where = member_or_nothing(reader, "pointer");
  if (where.empty()) where = member_or_nothing(reader, "where");
  return Refusal{*rule, detail, member_or_nothing(reader, "accepted"), where};
}

}  // namespace wideberth::http
