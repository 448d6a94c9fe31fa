// What was notified, as a reader may see it.
#include <algorithm>

#include "api/seen.h"
#include "base/bytes.h"
#include "base/id.h"
#include "core/disclosure.h"
#include "http/message.h"
#include "model/reminders.h"

namespace wideberth::api {

using base::Refusal;
using base::refuse;
using base::Rule;

namespace {

/// How many days before its end a site is said to end soon.
constexpr Millis kEndsSoon = Millis::from_seconds(14 * 86'400);

/// A notification cut down to what this reader gets.
struct Seen {
  core::NotificationState notification;  ///< revisions that are theirs to read, the handling and the windows that are
  model::View view{};
  model::Agreement::Disclosed disclosed;
  std::vector<core::QueryState> queries;
  std::vector<std::string_view> reminders;
  bool terms = true;                          ///< the agreement's numbers may be told
  std::optional<base::Instant> kept_until{};  ///< from then on its parts may be cut: the end of its window, and the retention
};

/// Who asks for what another may see is told what both may.
struct Eyes {
  const Sight& sight;                   ///< of the party whose view it is
  const std::string* beside = nullptr;  ///< who asks for it; none: that party itself
  bool may(EntryIndex entry) const {
    return core::may_read(sight.now, entry, sight.party) && (beside == nullptr || core::may_read(sight.now, entry, *beside));
  }
  /// What a third party disclosed is told on only where who asks knows it as exactly.
  bool may_view(const core::AgreementState& agreement, const std::string& owner, model::View view) const {
    if (beside == nullptr || *beside == owner) return true;
    const model::View known = core::view_of(agreement, owner, *beside);
    return core::is_exact(known) && known <= view;
  }
};

/// What is told of a revision: its document, and how it was handled; by all, or by the reader. Not its plans, nor what is owed.
core::Revision revision_seen(const Sight& sight, const Seen& as, const core::Revision& from, bool all_handling) {
  core::Revision seen;
  seen.entry = from.entry;
  seen.received = from.received;
  seen.text = from.text;
  seen.notification = from.notification;
  seen.outline = from.outline;
  if (from.crossed) seen.parts = from.parts;  // for its slip code
  seen.crossed = from.crossed;
  seen.window = window_as(as.view, as.disclosed.slot, from);
  for (const auto& [party, handling] : from.handling) {
    if (!all_handling && party != sight.party) continue;
    core::Handling& told = seen.handling[party];
    told.delivered = handling.delivered;
    told.delivered_at = handling.delivered_at;
    told.view = handling.view;
    told.bytes = handling.bytes;
    told.received = handling.received;
    told.acknowledged = handling.acknowledged;
    told.answered = handling.answered;
    told.objected = handling.objected;
    told.unit_informed = handling.unit_informed;
    told.answer = handling.answer;
    told.post = handling.post;
    told.slip_quoted = handling.slip_quoted;
  }
  return seen;
}

/// The revisions that the reader may read, as the view of `as` has them; briefly: the latest of them alone.
std::vector<core::Revision> revisions_seen(const Eyes& eyes, const core::NotificationState& of, const Seen& as, bool all_handling,
                                           bool brief) {
  const Sight& sight = eyes.sight;
  std::vector<core::Revision> seen;
  for (auto at = of.revisions.rbegin(); at != of.revisions.rend() && !(brief && !seen.empty()); ++at)
    if (eyes.may(at->entry)) seen.push_back(revision_seen(sight, as, *at, all_handling));
  std::reverse(seen.begin(), seen.end());
  return seen;
}

/// What a person may have forgotten, as far as this reader sees it.
std::vector<std::string_view> reminders_for(const Sight& sight, const Seen& seen) {
  std::vector<std::string_view> reminders;
  const core::NotificationState& of = seen.notification;
  const core::Revision& latest = of.latest();
  if (of.standing != core::Standing::standing) return reminders;
  if (seen.view == model::View::full && latest.notification)
    for (const model::Reminder each : model::reminders_of(*latest.notification)) reminders.push_back(model::name_of(each));
  if (of.subject == model::Subject::site && sight.at < latest.window.to && latest.window.to - sight.at <= kEndsSoon)
    reminders.push_back("ends_soon");
  return reminders;
}

std::optional<Seen> movement_seen(const Eyes& eyes, const core::NotificationState& notification, bool brief = false) {
  const Sight& sight = eyes.sight;
  const core::AgreementState* agreement = sight.then.agreement(notification.agreement);
  if (agreement == nullptr) return std::nullopt;
  const bool all = notification.party == sight.party || is_neutral(*agreement, sight.party);
  Seen seen;
  seen.view = core::view_of(*agreement, notification.party, sight.party);
  if (seen.view == model::View::conflict_only || !eyes.may_view(*agreement, notification.party, seen.view)) return std::nullopt;
  if (!core::is_exact(seen.view)) seen.disclosed = agreement->agreement->disclosure(notification.party, sight.party);
  core::NotificationState& of = seen.notification;
  of.revisions = revisions_seen(eyes, notification, seen, all, brief);
  if (of.revisions.empty()) return std::nullopt;
  of.id = notification.id;
  of.subject = notification.subject;
  of.party = notification.party;
  of.agreement = notification.agreement;
  of.regime = notification.regime;
  of.standing = standing_seen(sight, notification);
  const auto may = [&](EntryIndex entry) { return eyes.may(entry); };
  if (notification.ended && may(*notification.ended)) of.ended = notification.ended;
  if (notification.held && may(notification.held->entry)) of.held = notification.held;
  for (const auto& [party, stated] : notification.outcomes)
    if (may(stated.entry)) of.outcomes.emplace(party, stated);
  if (of.outcomes.contains(of.party)) of.outcome = of.outcomes.at(of.party).word;
  for (const EntryIndex each : notification.queries)
    if (may(each)) seen.queries.push_back(sight.then.queries.at(each));
  seen.reminders = reminders_for(sight, seen);
  seen.terms = !terms_hidden(sight, notification.agreement);
  if (const auto retention = agreement->agreement->retention(); retention && seen.terms)
    seen.kept_until = of.latest().window.to + retention->body.keep;
  return seen;
}

/// Of the notification as this program reads it; the signed bytes are in the entry of the revision.
void write_feature(json::Writer& w, const Seen& seen, const core::Revision& revision) {
  w.key("feature");
  if (revision.outline) {
    w.raw(model::to_json(*revision.outline));
    return;
  }
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

void write_on_the_way(json::Writer& w, const Seen& seen) {
  const core::NotificationState& of = seen.notification;
  w.key("held");
  if (of.held) {
    w.begin_object();
    write_index(w, "entry", of.held->entry);
    write_instant(w, "since", of.held->since);
    w.key("reason").string(of.held->said.reason).key("at").string(of.held->said.at).end_object();
  } else {
    w.null();
  }
  w.key("outcomes").begin_object();
  for (const auto& [party, stated] : of.outcomes) {
    w.key(party).begin_object();
    write_index(w, "entry", stated.entry).key("outcome").string(model::name_of(stated.word)).end_object();
  }
  w.end_object().key("queries").begin_array();
  for (const core::QueryState& query : seen.queries) {
    w.begin_object();
    write_index(w, "entry", query.entry).key("by").string(query.by);
    write_index(w, "revision", query.revision).key("person").string(query.asked.person);
    w.key("question").string(query.asked.question).key("due");
    query.due&& seen.terms ? w.string(to_text(*query.due)) : w.null();
    write_index_or_null(w, "answered", query.answered).key("answer").string(query.answer.answer);
    w.key("answered_by").string(query.answer.person).end_object();
  }
  w.end_array().key("reminders").begin_array();
  for (const std::string_view each : seen.reminders) w.string(each);
  w.end_array();
}

void write_movement(json::Writer& w, const Seen& seen, bool brief = false) {
  const core::NotificationState& of = seen.notification;
  w.key("id").string(of.id).key("subject").string(model::name_of(of.subject)).key("party").string(of.party);
  w.key("agreement").string(of.agreement).key("regime");
  seen.terms ? w.string(model::name_of(of.regime)) : w.null();
  w.key("kept_until");
  seen.kept_until ? w.string(to_text(*seen.kept_until)) : w.null();
  w.key("standing").string(name_of(of.standing));
  of.outcome ? w.key("outcome").string(model::name_of(*of.outcome)) : w.key("outcome").null();
  write_index_or_null(w, "ended", of.ended);
  write_on_the_way(w, seen);
  w.key("revisions").begin_array();
  for (const core::Revision& revision : of.revisions) {
    w.begin_object();
    write_index(w, "entry", revision.entry);
    write_instant(w, "received", revision.received);
    w.key("window").begin_array().string(to_text(revision.window.from)).string(to_text(revision.window.to)).end_array();
    w.key("view").string(model::name_of(seen.view));
    if (!brief) write_feature(w, seen, revision);
    w.key("slip_code").string(core::slip_code(revision));
    w.key("handling").begin_object();
    for (const auto& [recipient, handling] : revision.handling) {
      w.key(recipient);
      write_handling(w, handling);
    }
    w.end_object().end_object();
  }
  w.end_array();
}

void write_listed(json::Writer& w, const Seen& seen, bool brief) {
  w.begin_object();
  write_movement(w, seen, brief);
  w.end_object();
}

bool known_flag(std::string_view word) { return word == "true" || word == "false"; }

/// Whether a party without a key may be read for by this reader: a party to an agreement that names both.
Result<void> check_read_for(const Sight& sight, const std::string& other) {
  bool together = false;
  for (const auto& [id, each] : sight.now.agreements) {
    const model::Party* own = each.agreement->find_party(sight.party);
    together = together || (own != nullptr && own->role == model::Role::party && each.agreement->find_party(other) != nullptr);
  }
  if (together && sight.now.is_party(other) && !sight.now.has_key(other)) return {};
  return refuse(Rule::statement_party, "\"" + base::excerpt(other) + "\"",
                "a party without a key, under an agreement to which " + sight.party + " is a party", "for");
}

Result<Telling> look_at_movements(const Sight& reader, const http::Request& request) {
  const auto asked_for = request.query_value("for");
  if (asked_for) WB_TRY_VOID(check_read_for(reader, std::string(*asked_for)));
  const Sight sight{reader.now, reader.then, asked_for ? std::string(*asked_for) : reader.party, reader.at};
  const Eyes eyes{sight, asked_for ? &reader.party : nullptr};
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
  const auto asked_brief = request.query_value("brief");
  if (asked_brief && !known_flag(*asked_brief))
    return refuse(Rule::http_query_malformed, "found \"" + base::excerpt(*asked_brief) + "\"", "true or false", "brief");
  const bool brief = asked_brief == "true";
  WB_TRY(page, read_page(request, brief ? kMostListedBriefly : kMostListed));
  // Briefly, each is written at once: copies of thousands cost more than their text does. Otherwise the text is more work than
  // may be done while the state is held.
  json::Writer written;
  written.begin_array();
  std::vector<Seen> found;
  std::size_t count = 0;
  std::string last;
  std::optional<std::string> next;
  const auto& all = sight.then.notifications;
  for (auto at = all.upper_bound(page.after); at != all.end() && !next; ++at) {
    const core::NotificationState& each = at->second;
    if ((party && *party != each.party) || (subject && *subject != model::name_of(each.subject))) continue;
    if (standing && *standing != name_of(standing_seen(sight, each))) continue;
    auto seen = movement_seen(eyes, each, brief);
    if (!seen) continue;
    if (count == page.count) {
      next = last;
      break;
    }
    last = each.id;
    ++count;
    if (brief)
      write_listed(written, *seen, brief);
    else
      found.push_back(*std::move(seen));
  }
  return Telling{[text = written.end_array().take(), found = std::move(found), next, brief](json::Writer& w) {
    w.key("movements");
    if (brief) {
      w.raw(text);
    } else {
      w.begin_array();
      for (const Seen& seen : found) write_listed(w, seen, brief);
      w.end_array();
    }
    write_next(w, next);
  }};
}

Result<Telling> look_at_movement(const Sight& sight, const http::Request& request) {
  const std::string& asked = request.parameter("id");
  WB_TRY(id, base::index_of(asked));
  const core::NotificationState* found = sight.then.notification(base::id_of(id.kind, id.index));
  auto seen = found == nullptr ? std::optional<Seen>{} : movement_seen({sight}, *found);
  if (!seen) return refuse(Rule::id_unknown, "\"" + base::excerpt(asked) + "\"", "the id of what was notified to " + sight.party);
  return Telling{[seen = *std::move(seen)](json::Writer& w) { write_movement(w, seen); }};
}

}  // namespace

Routes movement_routes(const ServicePtr& service) {
  http::Route list = row("GET", "/v1/movements", "list_movements", "Movements, activities and sites as the reader may see them.");
  list.session = true;
  list.query = {"as-of", "standing", "party", "subject", "brief", "for", "count", "after"};
  list.handler = state_read(service, look_at_movements);
  http::Route one = row("GET", "/v1/movements/{id}", "read_movement", "One movement, activity or site as the reader may see it.");
  one.session = true;
  one.query = {"as-of"};
  one.handler = state_read(service, look_at_movement);
  return {list, one};
}

}  // namespace wideberth::api
