// Alerts as the reader was told of them.
#include <vector>

#include "api/read.h"
#include "core/disclosure.h"

namespace wideberth::api {

using base::refuse;
using base::Rule;

namespace {

constexpr std::size_t kMostAlerts = 1'000;  ///< in one answer

void write_alert(json::Writer& w, const core::AlertState& alert) {
  w.begin_object();
  write_index(w, "entry", alert.entry);
  w.key("told").string(alert.party).key("raised").raw(model::to_json(alert.raised));
  w.key("acknowledged").begin_array();
  for (const EntryIndex each : alert.acknowledged) w.integer(static_cast<std::int64_t>(each.value));
  w.end_array();
  write_index_or_null(w, "closed", alert.closed).key("ended");
  alert.ended ? w.string(model::name_of(*alert.ended)) : w.null();
  w.end_object();
}

Result<Telling> look_at_alerts(const Sight& sight, const http::Request& request) {
  WB_TRY(question, read_open_question(request));
  std::vector<core::AlertState> told;
  std::optional<EntryIndex> next;
  for (auto at = sight.then.alerts.lower_bound(question.from); at != sight.then.alerts.end() && !next; ++at) {
    if (question.open && !sight.then.open_alerts.contains(at->first)) continue;
    if (!core::may_read(sight.now, at->first, sight.party)) continue;
    if (told.size() == kMostAlerts)
      next = at->first;
    else
      told.push_back(at->second);
  }
  return Telling{[told = std::move(told), next](json::Writer& w) {
    w.key("alerts").begin_array();
    for (const core::AlertState& each : told) write_alert(w, each);
    w.end_array();
    write_index_or_null(w, "next", next);
  }};
}

}  // namespace

Routes alert_routes(const ServicePtr& service) {
  http::Route list = row("GET", "/v1/alerts", "list_alerts", "The alerts that the reader was told of.");
  list.session = true;
  list.query = {"as-of", "open", "from"};
  list.handler = state_read(service, look_at_alerts);
  return {list};
}

}  // namespace wideberth::api
