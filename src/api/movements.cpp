// What was notified, as a reader may see it.
#include <algorithm>

#include "api/seen.h"
#include "base/bytes.h"
#include "base/id.h"
#include "core/disclosure.h"
#include "http/message.h"

namespace wideberth::api {

using base::Refusal;
using base::refuse;
using base::Rule;

namespace {

/// A notification cut down to what this reader gets.
struct Seen {
  core::NotificationState notification;  ///< revisions that are theirs to read, the handling and the windows that are
  model::View view{};
  model::Agreement::Disclosed disclosed;
};

std::optional<Seen> movement_seen(const Sight& sight, const core::NotificationState& notification) {
  const core::AgreementState* agreement = sight.then.agreement(notification.agreement);
  if (agreement == nullptr) return std::nullopt;
  const bool all = notification.party == sight.party || is_neutral(*agreement, sight.party);
  Seen seen{notification, core::view_of(*agreement, notification.party, sight.party),
            agreement->agreement->disclosure(notification.party, sight.party)};
  if (seen.view == model::View::conflict_only) return std::nullopt;
  seen.notification.standing = standing_seen(sight, notification);
  if (notification.ended && !core::may_read(sight.now, *notification.ended, sight.party)) seen.notification.ended.reset();
  for (core::Revision& revision : seen.notification.revisions) revision.window = window_seen(sight, notification, revision);
  std::erase_if(seen.notification.revisions,
                [&](const core::Revision& each) { return !core::may_read(sight.now, each.entry, sight.party); });
  if (seen.notification.revisions.empty()) return std::nullopt;
  if (!all)
    for (core::Revision& revision : seen.notification.revisions)
      std::erase_if(revision.handling, [&](const auto& each) { return each.first != sight.party; });
  return seen;
}

/// Of the notification as this program reads it; the signed bytes are in the entry of the revision.
void write_feature(json::Writer& w, const Seen& seen, const core::Revision& revision) {
  w.key("feature");
  if (!revision.notification) {
    w.null();
    return;
  }
  switch (seen.view) {
    case model::View::full: w.raw(model::to_json(*revision.notification)); return;
    case model::View::corridor: w.raw(model::corridor_of(*revision.notification)); return;
    case model::View::outline: {
      const auto outline = model::outline_of(*revision.notification, seen.disclosed.cell_e7, seen.disclosed.slot);
      outline ? w.raw(*outline) : w.null();
      return;
    }
    case model::View::conflict_only: w.null(); return;
  }
}

void write_handling(json::Writer& w, const core::Handling& handling) {
  w.begin_object();
  write_index(w, "delivered", handling.delivered);
  write_instant(w, "delivered_at", handling.delivered_at);
  write_index_or_null(w, "received", handling.received);
  write_index_or_null(w, "acknowledged", handling.acknowledged);
  write_index_or_null(w, "answered", handling.answered);
  handling.answer ? w.key("answer").string(model::name_of(*handling.answer)) : w.key("answer").null();
  write_index_or_null(w, "objected", handling.objected);
  write_index_or_null(w, "unit_informed", handling.unit_informed);
  w.key("post").string(handling.post).key("slip_quoted").boolean(handling.slip_quoted);
  w.key("view").string(model::name_of(handling.view)).key("bytes").string(ledger::to_base64(handling.bytes));
  w.end_object();
}

void write_movement(json::Writer& w, const Seen& seen) {
  const core::NotificationState& of = seen.notification;
  w.key("id").string(of.id).key("subject").string(model::name_of(of.subject)).key("party").string(of.party);
  w.key("agreement").string(of.agreement).key("regime").string(model::name_of(of.regime));
  w.key("standing").string(name_of(of.standing));
  of.outcome ? w.key("outcome").string(model::name_of(*of.outcome)) : w.key("outcome").null();
  write_index_or_null(w, "ended", of.ended);
  w.key("revisions").begin_array();
  for (const core::Revision& revision : of.revisions) {
    w.begin_object();
    write_index(w, "entry", revision.entry);
    write_instant(w, "received", revision.received);
    w.key("window").begin_array().string(to_text(revision.window.from)).string(to_text(revision.window.to)).end_array();
    w.key("view").string(model::name_of(seen.view));
    write_feature(w, seen, revision);
    w.key("slip_code").string(core::slip_code(revision.text));
    w.key("handling").begin_object();
    for (const auto& [recipient, handling] : revision.handling) {
      w.key(recipient);
      write_handling(w, handling);
    }
    w.end_object().end_object();
  }
  w.end_array();
}

Result<Telling> look_at_movements(const Sight& sight, const http::Request& request) {
  const auto standing = request.query_value("standing"), party = request.query_value("party"),
             subject = request.query_value("subject");
  const auto known = [](std::string_view word, auto... each) { return ((word == name_of(each)) || ...); };
  using core::Standing;
  using model::Subject;
  if (standing && !known(*standing, Standing::standing, Standing::withdrawn, Standing::expired, Standing::completed))
    return refuse(Rule::http_query_malformed, "found \"" + base::excerpt(*standing) + "\"",
                  "standing, withdrawn, expired or completed", "standing");
  if (subject && !known(*subject, Subject::movement, Subject::activity, Subject::site))
    return refuse(Rule::http_query_malformed, "found \"" + base::excerpt(*subject) + "\"", "movement, activity or site",
                  "subject");
  std::vector<Seen> found;
  for (const auto& [id, each] : sight.then.notifications) {
    if (party && *party != each.party) continue;
    if (subject && *subject != model::name_of(each.subject)) continue;
    auto seen = movement_seen(sight, each);
    if (!seen || (standing && *standing != name_of(seen->notification.standing))) continue;
    found.push_back(*std::move(seen));
  }
  return Telling{[found = std::move(found)](json::Writer& w) {
    w.key("movements").begin_array();
    for (const Seen& seen : found) {
      w.begin_object();
      write_movement(w, seen);
      w.end_object();
    }
    w.end_array();
  }};
}

Result<Telling> look_at_movement(const Sight& sight, const http::Request& request) {
  const std::string& asked = request.parameter("id");
  WB_TRY(id, base::index_of(asked));
  const core::NotificationState* found = sight.then.notification(base::id_of(id.kind, id.index));
  auto seen = found == nullptr ? std::optional<Seen>{} : movement_seen(sight, *found);
  if (!seen) return refuse(Rule::id_unknown, "\"" + base::excerpt(asked) + "\"", "the id of what was notified to " + sight.party);
  return Telling{[seen = *std::move(seen)](json::Writer& w) { write_movement(w, seen); }};
}

}  // namespace

Routes movement_routes(const ServicePtr& service) {
  http::Route list = row("GET", "/v1/movements", "list_movements", "Movements, activities and sites as the reader may see them.");
  list.session = true;
  list.query = {"as-of", "standing", "party", "subject"};
  list.handler = state_read(service, look_at_movements);
  http::Route one = row("GET", "/v1/movements/{id}", "read_movement", "One movement, activity or site as the reader may see it.");
  one.session = true;
  one.query = {"as-of"};
  one.handler = state_read(service, look_at_movement);
  return {list, one};
}

}  // namespace wideberth::api
