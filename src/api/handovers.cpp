// The watch: what is open for the reader's party now, and the handovers of its desks.
#include "api/read.h"
#include "core/disclosure.h"
#include "core/handover.h"

namespace wideberth::api {
namespace {

Result<Telling> look_at_open(const Sight& sight, const http::Request&) {
  model::OpenMatters open = core::open_matters(sight.then, sight.party);
  std::vector<std::string> movements;
  for (const EntryIndex each : open.movements) movements.push_back(sight.then.notification_at(each)->id);
  return Telling{[open = std::move(open), movements = std::move(movements)](json::Writer& w) {
    w.key("code").string(model::list_code(open)).key("open").raw(model::to_json(open)).key("movements").begin_array();
    for (const std::string& id : movements) w.string(id);
    w.end_array();
  }};
}

void write_officer(json::Writer& w, std::string_view name, const std::optional<model::Officer>& officer) {
  w.key(name);
  if (!officer) {
    w.null();
    return;
  }
  w.begin_object().key("person").string(officer->person).key("key").string(officer->key).end_object();
}

Result<Telling> look_at_handovers(const Sight& sight, const http::Request& request) {
  WB_TRY(page, read_page(request));
  WB_TRY(after, query_index(request, "after"));
  std::vector<core::HandoverState> told;
  std::optional<EntryIndex> next;
  const auto& all = sight.then.handovers.all;
  for (auto at = after ? all.upper_bound(*after) : all.begin(); at != all.end() && !next; ++at) {
    if (!core::may_read(sight.now, at->first, sight.party)) continue;
    if (told.size() == page.count)
      next = told.back().entry;
    else
      told.push_back(at->second);
  }
  return Telling{[told = std::move(told), next](json::Writer& w) {
    w.key("handovers").begin_array();
    for (const core::HandoverState& each : told) {
      w.begin_object();
      write_index(w, "entry", each.entry).key("desk").string(each.desk);
      write_instant(w, "received", each.received);
      write_officer(w, "outgoing", each.outgoing);
      write_officer(w, "incoming", each.incoming);
      constexpr std::array<std::string_view, 5> kLists = {"deadlines", "queries", "messages", "movements", "alarms"};
      w.key("open").begin_object();
      for (std::size_t i = 0; i < kLists.size(); ++i) w.key(kLists[i]).integer(static_cast<std::int64_t>(each.open[i]));
      w.end_object();
      write_index_or_null(w, "follows", each.follows);
      w.end_object();
    }
    w.end_array();
    write_next(w, next ? std::optional(std::to_string(next->value)) : std::nullopt);
  }};
}

}  // namespace

Routes handover_routes(const ServicePtr& service) {
  http::Route open =
      row("GET", "/v1/handovers/open", "read_open", "What is open for the reader's party: what its watch hands over.");
  open.session = true;
  open.query = {"as-of"};
  open.handler = state_read(service, look_at_open);
  http::Route list = row("GET", "/v1/handovers", "list_handovers", "Who handed the watch over to whom, at which of its desks.");
  list.session = true;
  list.query = {"as-of", "count", "after"};
  list.handler = state_read(service, look_at_handovers);
  return {open, list};
}

}  // namespace wideberth::api
