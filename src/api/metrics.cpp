// Counts for whoever runs the server, in the text format of Prometheus (0.0.4). No party's name, place, id or key is in them.
#include <array>
#include <charconv>

#include "api/service.h"
#include "http/problem.h"
#include "http/respond.h"
#include "ledger/hash.h"

namespace wideberth::api {

using base::Refusal;
using base::Rule;

void Tally::answered(std::string_view operation, const http::Response& response) {
  const std::lock_guard lock(mutex_);
  ++answers_[{operation.empty() ? "none" : std::string(operation), response.status}];
  if (response.status < 400) return;
  if (const auto refusal = http::read_problem(response.body)) ++refusals_[refusal->rule];
}

void Tally::refused(Rule rule) {
  const std::lock_guard lock(mutex_);
  ++refusals_[rule];
}

Tally::Answers Tally::answers() const {
  const std::lock_guard lock(mutex_);
  return answers_;
}

Tally::Refusals Tally::refusals() const {
  const std::lock_guard lock(mutex_);
  return refusals_;
}

namespace {

constexpr std::string_view kMetricsType = "text/plain; version=0.0.4; charset=utf-8";

/// The shortest digits that read back as the same number.
std::string digits(double value) {
  std::array<char, 32> text{};
  const auto end = std::to_chars(text.data(), text.data() + text.size(), value).ptr;
  return {text.data(), end};
}

/// Names and label values are ours: lower-case letters, digits and underscores, so nothing needs an escape.
class Text {
 public:
  Text& family(std::string_view name, std::string_view type, std::string_view help) {
    name_ = "wideberth_" + std::string(name);
    out_ += "# HELP " + name_ + " " + std::string(help) + "\n# TYPE " + name_ + " " + std::string(type) + "\n";
    return *this;
  }
  Text& row(std::uint64_t value, std::string_view labels = {}) { return put({}, labels, std::to_string(value)); }
  Text& row(double value, std::string_view labels = {}) { return put({}, labels, digits(value)); }
  Text& put(std::string_view suffix, std::string_view labels, const std::string& value) {
    out_ += name_ + std::string(suffix);
    if (!labels.empty()) out_ += "{" + std::string(labels) + "}";
    out_ += " " + value + "\n";
    return *this;
  }
  std::string take() { return std::move(out_); }

 private:
  std::string name_{}, out_{};
};

std::string label(std::string_view name, std::string_view value) { return std::string(name) + "=\"" + std::string(value) + "\""; }

double seconds_of(base::Instant at) { return static_cast<double>(at.ms()) / 1000.0; }

void tell_log(Text& text, const Service& service) {
  std::uint64_t entries = 0, deadlines = 0, alerts = 0;
  base::Instant last{};
  service.engine().view([&](const core::State& state) {
    entries = state.tree.size();
    deadlines = state.deadlines.size();
    alerts = state.open_alerts.size();
    last = state.last_received;
  });
  text.family("log_entries", "gauge", "Entries committed to the log.").row(entries);
  text.family("log_last_entry_timestamp_seconds", "gauge", "When the last entry was received, on the log's clock.");
  text.row(seconds_of(last));
  text.family("clock_timestamp_seconds", "gauge", "The log's clock now.").row(seconds_of(service.engine().now()));
  text.family("deadlines_open", "gauge", "Deadlines that run.").row(deadlines);
  text.family("alerts_open", "gauge", "Close approaches that are open.").row(alerts);
}

void tell_watch(Text& text, const engine::Measures& measures) {
  text.family("watched_units", "gauge", "Units that the watch has heard of.").row(measures.watched);
  text.family("followed_units", "gauge", "Of them, those that are followed for encounters.").row(measures.followed);
  text.family("left_out_units", "gauge", "Of them, those that are not, because too many are; they have alerts and conformance.");
  text.row(measures.left_out);
}

void tell_flushes(Text& text, const engine::Measures& measures) {
  text.family("flush_seconds", "histogram", "How long the disk took for a batch of entries.");
  std::uint64_t so_far = 0;
  for (std::size_t i = 0; i < engine::kFlushBounds.size(); ++i) {
    so_far += measures.flushes[i];
    text.put("_bucket", label("le", digits(engine::kFlushBounds[i])), std::to_string(so_far));
  }
  so_far += measures.flushes.back();
  text.put("_bucket", label("le", "+Inf"), std::to_string(so_far));
  text.put("_sum", {}, digits(measures.flush_seconds)).put("_count", {}, std::to_string(so_far));
}

void tell_queues(Text& text, const Service& service, const engine::Measures& measures) {
  const Limits& limits = service.parts.limits;
  struct Queue {
    std::string_view name;
    std::uint64_t waiting, most;
  };
  const std::array queues = {Queue{"notes", measures.waiting, measures.most_waiting},
                             Queue{"body_bytes", service.body_bytes_waiting.load(), limits.most_bodies_waiting},
                             Queue{"bodies", service.intake.waiting(), service.intake.most_waiting()},
                             Queue{"reads", service.reads.waiting(), service.reads.most_waiting()},
                             Queue{"folds", service.folds.waiting(), service.folds.most_waiting()}};
  text.family("queue_waiting", "gauge", "What waits in each queue.");
  for (const Queue& each : queues) text.row(each.waiting, label("queue", each.name));
  text.family("queue_limit", "gauge", "How much may wait in each queue; more is refused.");
  for (const Queue& each : queues) text.row(each.most, label("queue", each.name));
}

void tell_rates(Text& text, const Service& service) {
  struct Named {
    std::string_view name;
    const Buckets& buckets;
  };
  const std::array rates = {Named{"notes_of_key", service.notes_of_key}, Named{"notes_of_address", service.notes_of_peer},
                            Named{"untrue_notes_of_address", service.untrue_notes_of_peer},
                            Named{"challenges_of_address", service.challenges_of_peer},
                            Named{"sessions_of_address", service.sessions_of_peer}};
  text.family("rate_burst", "gauge", "How many may come at once.");
  for (const Named& each : rates) text.row(std::uint64_t{each.buckets.rate().burst}, label("rate", each.name));
  text.family("rate_per_second", "gauge", "How many more may come each second.");
  for (const Named& each : rates) text.row(each.buckets.rate().per_second, label("rate", each.name));
  text.family("rate_counted", "gauge", "How many keys or addresses are counted apart.");
  for (const Named& each : rates) text.row(std::uint64_t{each.buckets.names()}, label("rate", each.name));
}

void tell_answers(Text& text, const Service& service) {
  text.family("sessions", "gauge", "Sessions that last.").row(std::uint64_t{service.sessions->count()});
  text.family("event_streams", "gauge", "Event streams that are open.").row(std::uint64_t{service.hub->streams()});
  text.family("answers_total", "counter", "Answers by operation and status.");
  for (const auto& [what, count] : service.tally->answers())
    text.row(count, label("operation", what.first) + "," + label("status", std::to_string(what.second)));
  text.family("refused_total", "counter", "Refusals by rule, each line of a body for itself.");
  for (const auto& [rule, count] : service.tally->refusals()) text.row(count, label("rule", base::code_of(rule)));
}

std::string metrics_text(const Service& service) {
  const engine::Measures measures = service.engine().measures();
  Text text;
  tell_log(text, service);
  tell_watch(text, measures);
  tell_flushes(text, measures);
  tell_queues(text, service, measures);
  tell_rates(text, service);
  tell_answers(text, service);
  return text.take();
}

/// With a token: who shows it, from anywhere. Without one: readers on this machine that no proxy speaks for.
bool is_operator(const Service& service, const http::Request& request) {
  const std::string& token = service.parts.operator_token;
  if (!token.empty()) {
    const auto given = request.header("Authorization");
    // Hashes are compared, so that how long it takes tells nothing of the token.
    return given && ledger::sha256(*given) == ledger::sha256("Bearer " + token);
  }
  for (const std::string_view forwarded : {"Forwarded", "X-Forwarded-For", "Via"})
    if (request.header(forwarded)) return false;
  return request.peer == "::1" || request.peer.starts_with("127.") || request.peer.starts_with("::ffff:127.");
}

}  // namespace

Routes metrics_routes(const ServicePtr& service) {
  http::Route metrics =
      row("GET", "/metrics", "read_metrics", "Counts for the operator; nobody else is told that they are here.");
  metrics.handler = [service](const http::Request& request, const http::Reply& reply) {
    if (!is_operator(*service, request))
      return reply(http::problem(Refusal{Rule::http_path_unknown, "found \"/metrics\"", {}, {}}));
    http::Response response;
    response.content_type = kMetricsType;
    response.body = metrics_text(*service);
    reply(std::move(response));
  };
  return {metrics};
}

}  // namespace wideberth::api
