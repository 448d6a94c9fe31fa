// Deadlines that the reader owes or is owed.
#include "api/read.h"
#include "core/disclosure.h"

namespace wideberth::api {

namespace {

/// Who owes it, whom it is owed to (who notified), and neutral readers; not the other recipients.
bool concerns(const Sight& sight, const model::Deadline& deadline) {
  if (deadline.party == sight.party) return true;
  const core::NotificationState* of = sight.then.notification_at(deadline.revision);
  if (of != nullptr && of->party == sight.party) return true;
  const core::AgreementState* agreement = sight.then.agreement(deadline.agreement);
  return agreement != nullptr && is_neutral(*agreement, sight.party);
}

Result<Telling> look_at_deadlines(const Sight& sight, const http::Request&) {
  std::vector<model::Deadline> open;
  for (const auto& [due, deadline] : sight.then.deadlines)
    if (concerns(sight, deadline)) open.push_back(deadline);
  std::vector<core::EndedDeadline> ended;
  for (const core::EndedDeadline& each : sight.then.ended_deadlines)
    if (core::may_read(sight.now, each.entry, sight.party)) ended.push_back(each);
  return Telling{[open = std::move(open), ended = std::move(ended)](json::Writer& w) {
    w.key("open").begin_array();
    for (const model::Deadline& each : open) w.raw(model::to_json(model::DeadlineMissed{each}));
    w.end_array().key("ended").begin_array();
    for (const core::EndedDeadline& each : ended) {
      w.begin_object();
      write_index(w, "entry", each.entry).key("channel_down").boolean(each.channel_down);
      w.key("deadline").raw(model::to_json(model::DeadlineMissed{each.deadline})).end_object();
    }
    w.end_array();
  }};
}

}  // namespace

Routes deadline_routes(const ServicePtr& service) {
  http::Route list = row("GET", "/v1/deadlines", "list_deadlines", "Deadlines, open and ended, that the reader owes or is owed.");
  list.session = true;
  list.query = {"as-of"};
  list.handler = state_read(service, look_at_deadlines);
  return {list};
}

}  // namespace wideberth::api
