#include "api/openapi.h"

#include <algorithm>
#include <array>
#include <map>
#include <memory>

#include "api/service.h"
#include "base/check.h"
#include "http/respond.h"
#include "http/target.h"
#include "json/writer.h"

namespace wideberth::api {

namespace {

constexpr std::string_view kJsonType = "application/json", kTextType = "text/plain", kBytesType = "application/octet-stream";

constexpr std::array kOperations = {
    OperationText{"make_challenge", "The text to sign, and until when.", kJsonType, "Challenge", kJsonType, "KeyName"},
    OperationText{"begin_session", "The token for the session.", kJsonType, "Session", kJsonType, "SignedChallenge"},
    OperationText{"file_entries",
                  "A line for each line, in order: Filed, or a Problem. Where one line was sent and refused, that problem alone.",
                  "application/x-ndjson", "", "application/x-ndjson", ""},
    OperationText{"list_entries", "The entries, and where to go on.", kJsonType, "Entries"},
    OperationText{"read_entry", "The entry.", kJsonType, "Entry"},
    OperationText{"read_receipt", "c2sp.org/tlog-proof@v1.", kTextType, ""},
    OperationText{"follow_events", "Events: id = index, event = kind, data = EventData; `resync` asks the reader to come again.",
                  "text/event-stream", ""},
    OperationText{"list_keys", "The keys.", kJsonType, "Keys"},
    OperationText{"list_agreements", "The agreements.", kJsonType, "Agreements"},
    OperationText{"read_agreement", "The agreement.", kJsonType, "Agreement"},
    OperationText{"list_movements", "What was notified.", kJsonType, "Movements"},
    OperationText{"read_movement", "What was notified.", kJsonType, "Movement"},
    OperationText{"count_outcomes", "The counts.", kJsonType, "Outcomes"},
    OperationText{"list_conflicts", "The conflicts, and where to go on.", kJsonType, "Conflicts"},
    OperationText{"list_findings", "The findings.", kJsonType, "Findings"},
    OperationText{"list_deadlines", "The deadlines.", kJsonType, "Deadlines"},
    OperationText{"read_open", "The lists, and the code by which people see that they speak of the same.", kJsonType,
                  "OpenMatters"},
    OperationText{"list_handovers", "The handovers, and where to go on.", kJsonType, "Handovers"},
    OperationText{"list_tracks", "The units, and where to go on.", kJsonType, "Tracks"},
    OperationText{"read_track", "The fixes, and where to go on.", kJsonType, "Track"},
    OperationText{"list_alerts", "The alerts, and where to go on.", kJsonType, "Alerts"},
    OperationText{"list_units", "The units.", kJsonType, "Units"},
    OperationText{"list_encounters", "The encounters, and where to go on.", kJsonType, "Encounters"},
    OperationText{"list_conformance", "What was told last, and where to go on.", kJsonType, "Conformance"},
    OperationText{"list_messages", "The messages, and where to go on.", kJsonType, "Messages"},
    OperationText{"list_calls", "The calls, and where to go on.", kJsonType, "Calls"},
    OperationText{"list_statements", "The statements, and where to go on.", kJsonType, "Statements"},
    OperationText{"list_sightings", "The sightings, and where to go on.", kJsonType, "Sightings"},
    OperationText{"list_papers", "The acts, and where to go on.", kJsonType, "Papers"},
    OperationText{"list_presence", "The lists.", kJsonType, "Presence"},
    OperationText{"read_line", "Check-ins and reviews.", kJsonType, "Line"},
    OperationText{"read_checkpoint", "A signed checkpoint (c2sp.org/tlog-checkpoint).", kTextType, ""},
    OperationText{"read_policy", "A policy (c2sp.org/tlog-policy).", kTextType, ""},
    OperationText{"read_tile", "Hashes of 32 bytes each (c2sp.org/tlog-tiles).", kBytesType, ""},
    OperationText{"read_bundle", "Entries, each after its length in 16 bits (c2sp.org/tlog-tiles).", kBytesType, ""},
    OperationText{"read_health", "How the server is.", kJsonType, "Health"},
    OperationText{"read_metrics", "Counts, in the text format of Prometheus (0.0.4).", kTextType, ""},
    OperationText{"read_openapi", "This document.", kJsonType, "Document"},
};

const OperationText& text_of(const std::string& operation) {
  const auto found = std::find_if(kOperations.begin(), kOperations.end(),
                                  [&](const OperationText& each) { return each.operation == operation; });
  WB_CHECK(found != kOperations.end());
  return *found;
}

void write_reference(json::Writer& w, std::string_view schema) {
  w.begin_object();
  if (schema.empty())
    w.key("type").string("string");
  else
    w.key("$ref").string("#/components/schemas/" + std::string(schema));
  w.end_object();
}

void write_content(json::Writer& w, std::string_view media_type, std::string_view schema) {
  w.key("content").begin_object().key(media_type).begin_object().key("schema");
  write_reference(w, schema);
  w.end_object().end_object();
}

std::string_view schema_of_query(std::string_view name) {
  if (name == "standing") return R"({"type":"string","enum":["standing","withdrawn","expired","completed"]})";
  if (name == "subject") return R"({"type":"string","enum":["movement","activity","site"]})";
  if (name == "open" || name == "brief") return R"({"type":"boolean"})";
  if (name == "since" || name == "until") return R"({"type":"string","format":"date-time"})";
  if (name == "party" || name == "unit" || name == "movement" || name == "after" || name == "for") return R"({"type":"string"})";
  return R"({"type":"integer","minimum":0})";
}

void write_parameter(json::Writer& w, std::string_view name, std::string_view in, std::string_view schema) {
  w.begin_object().key("name").string(name).key("in").string(in).key("required").boolean(in == "path");
  w.key("schema").raw(schema).end_object();
}

/// "{tile...}" is written as "{tile}": OpenAPI has no word for a parameter with slashes in it.
std::string name_in(std::string_view segment) {
  std::string name(segment.substr(1, segment.size() - 2));
  if (name.ends_with("...")) name.resize(name.size() - 3);
  return name;
}

std::string openapi_path(std::string_view path) {
  std::string out;
  for (const std::string_view segment : http::segments_of(path))
    out += "/" + (segment.front() == '{' ? "{" + name_in(segment) + "}" : std::string(segment));
  return out;
}

void write_operation(json::Writer& w, const http::Route& route) {
  const OperationText& text = text_of(route.operation);
  w.begin_object().key("operationId").string(route.operation).key("summary").string(route.summary);
  w.key("parameters").begin_array();
  for (const std::string_view segment : http::segments_of(route.path))
    if (segment.front() == '{') write_parameter(w, name_in(segment), "path", R"({"type":"string"})");
  for (const std::string& name : route.query) write_parameter(w, name, "query", schema_of_query(name));
  if (route.operation == "follow_events") write_parameter(w, "Last-Event-ID", "header", schema_of_query({}));
  w.end_array();
  if (!text.body_type.empty()) {
    w.key("requestBody").begin_object().key("required").boolean(true);
    write_content(w, text.body_type, text.body_schema);
    w.end_object();
  }
  w.key("security").begin_array();
  if (route.session) w.begin_object().key("session").begin_array().end_array().end_object();
  w.end_array().key("responses").begin_object();
  w.key("200").begin_object().key("description").string(text.answer);
  write_content(w, text.media_type, text.schema);
  w.end_object()
      .key("default")
      .begin_object()
      .key("description")
      .string("A refusal: which rule, what was found, what would be accepted.");
  write_content(w, "application/problem+json", "Problem");
  w.end_object().end_object().end_object();
}

}  // namespace

std::span<const OperationText> operation_texts() noexcept { return kOperations; }

std::string openapi_document(const std::vector<http::Route>& routes) {
  std::map<std::string, std::vector<const http::Route*>> by_path;
  for (const http::Route& route : routes) by_path[openapi_path(route.path)].push_back(&route);
  json::Writer w;
  w.begin_object().key("openapi").string("3.1.0");
  w.key("info").begin_object().key("title").string("Wideberth").key("version").string("1");
  w.key("description").string("One log, one door to write by. The contract in words is docs/http.md.").end_object();
  w.key("paths").begin_object();
  for (const auto& [path, at] : by_path) {
    w.key(path).begin_object();
    for (const http::Route* route : at) {
      w.key(route->method == "GET" ? "get" : "post");
      write_operation(w, *route);
    }
    w.end_object();
  }
  w.end_object().key("components").begin_object();
  w.key("securitySchemes").begin_object().key("session").begin_object();
  w.key("type").string("http").key("scheme").string("bearer").end_object().end_object();
  w.key("schemas").raw(schemas_json()).end_object().end_object();
  return w.take();
}

void add_openapi(http::Router& router) {
  const auto document = std::make_shared<std::string>();
  http::Route self = row("GET", "/openapi.json", "read_openapi", "These routes, for machines.");
  self.handler = [document](const http::Request&, const http::Reply& reply) { reply(http::json_response(*document)); };
  router.add(std::move(self));
  *document = openapi_document(router.routes());
}

}  // namespace wideberth::api
