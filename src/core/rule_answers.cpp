// Rulings on what is answered to a notification, and on how it ends.
#include <algorithm>

#include "base/bytes.h"
#include "core/rulings.h"
#include "geo/text.h"

namespace wideberth::core {
namespace {

using base::refuse;

/// An act is said to the other side: who answers says it to who notified, who notified to all to whom it was delivered; and
/// to nobody else, who would learn from it that there is a notification.
Result<void> check_recipients(const Question& q, const NotificationState& of, const Revision& revision) {
  const std::vector<std::string>& to = q.note.text.to;
  const auto named = [&](const std::string& party) { return std::find(to.begin(), to.end(), party) != to.end(); };
  const auto missing = [&](const std::string& party) {
    return refuse(Rule::recipient_missing, "\"" + party + "\" is not in `to`", "those whom " + of.id + " concerns", "to");
  };
  for (const std::string& party : to)
    if (party != of.party && !revision.handling.contains(party))
      return refuse(Rule::recipient_not_disclosed, "\"" + party + "\" in `to`", "those to whom " + of.id + " was delivered",
                    "to");
  if (of.party != q.party() && !named(of.party)) return missing(of.party);
  if (of.party == q.party())
    for (const auto& [recipient, handling] : revision.handling)
      if (!named(recipient)) return missing(recipient);
  return {};
}

}  // namespace

Result<About> delivered_to_signer(const Question& q) {
  WB_TRY(ref, only_reference(q.note));
  const NotificationState* of = q.state.notification_at(ref);
  const Revision* named = q.state.revision_at(ref);
  if (of == nullptr || !named->handling.contains(q.party()))
    return refuse(Rule::notification_unknown, "entry " + std::to_string(ref.value),
                  "the entry of a revision delivered to " + q.party());
  const auto at = of->latest().handling.find(q.party());
  if (of->latest().entry != ref)
    return refuse(Rule::revision_superseded, of->id + " was amended",
                  at == of->latest().handling.end()
                      ? "no answer: its latest revision was not delivered to " + q.party()
                      : "an answer to its latest revision: entry " + std::to_string(of->latest().entry.value));
  WB_TRY_VOID(check_recipients(q, *of, of->latest()));
  return About{of, &of->latest(), &at->second};
}

Result<About> own(const Question& q) {
  WB_TRY(ref, only_reference(q.note));
  const NotificationState* of = q.state.notification_at(ref);
  if (of == nullptr || of->party != q.party())
    return refuse(Rule::notification_unknown, "entry " + std::to_string(ref.value),
                  "the latest revision of a notification of " + q.party());
  if (of->latest().entry != ref)
    return refuse(Rule::revision_superseded, "entry " + std::to_string(ref.value),
                  "the latest revision: entry " + std::to_string(of->latest().entry.value));
  WB_TRY_VOID(check_recipients(q, *of, of->latest()));
  return About{of, &of->latest(), nullptr};
}

Result<About> own_standing(const Question& q) {
  WB_TRY(about, own(q));
  if (about.notification->standing != Standing::standing)
    return refuse(Rule::notification_ended, about.notification->id + " is " + std::string(name_of(about.notification->standing)));
  return about;
}

namespace {

Result<void> only_once(const std::optional<EntryIndex>& before, const Question& q, const About& about) {
  if (!before) return {};
  return refuse(Rule::answered_already, q.party() + " did so for this revision of " + about.notification->id + " in entry " +
                                            std::to_string(before->value));
}

/// How far an echoed place may lie from what was notified: it was copied by hand, perhaps from a grid square of 100 m.
constexpr double kEchoMetres = 150.0;

/// Each echoed place is one that was notified: a wrong copy shows here, not on the road.
Result<void> check_echo(const Revision& revision, const std::vector<model::PlaceEcho>& echo) {
  if (revision.notification == nullptr) return {};
  const std::vector<geo::Place> places = model::places_of(*revision.notification);
  for (std::size_t i = 0; i < echo.size(); ++i) {
    double nearest = geo::distance_m(echo[i].place, places.front());
    for (const geo::Place& place : places) nearest = std::min(nearest, geo::distance_m(echo[i].place, place));
    if (nearest > kEchoMetres)
      return refuse(Rule::echo_differs,
                    geo::to_dd(echo[i].place) + " lies " + std::to_string(static_cast<std::int64_t>(nearest)) +
                        " m from every place notified",
                    "the places as delivered; if they were understood otherwise, object and say so",
                    "/echo/" + std::to_string(i));
  }
  return {};
}

}  // namespace

Ruling rule_received(const Question& q) {
  WB_TRY(ref, only_reference(q.note));
  // The revision, or the server's entry of its delivery; a superseded revision was received all the same.
  const auto delivery = q.state.delivery_of.find(ref);
  const EntryIndex about = delivery == q.state.delivery_of.end() ? ref : delivery->second.first;
  const NotificationState* of = q.state.notification_at(about);
  const Revision* revision = q.state.revision_at(about);
  const bool others = delivery != q.state.delivery_of.end() && delivery->second.second != q.party();
  if (of == nullptr || others || !revision->handling.contains(q.party()))
    return refuse(Rule::notification_unknown, "entry " + std::to_string(ref.value),
                  "the entry of a revision delivered to " + q.party());
  WB_TRY_VOID(check_recipients(q, *of, *revision));
  const Handling& handling = revision->handling.at(q.party());
  WB_TRY(full, full_part(q.note));
  WB_TRY(received, model::parse_received(full));
  if (received.view != handling.bytes)
    return refuse(Rule::receipt_view, "the receipt names other bytes",
                  "the hash of what was delivered: " + ledger::to_base64(handling.bytes), "/view");
  if (handling.received)
    return refuse(Rule::answered_already, q.party() + " did so in entry " + std::to_string(handling.received->value));
  return std::vector<Draft>{};
}

Ruling rule_acknowledged(const Question& q) {
  WB_TRY(about, delivered_to_signer(q));
  WB_TRY(full, full_part(q.note));
  WB_TRY(acknowledged, model::parse_acknowledged(full));
  WB_TRY_VOID(only_once(about.handling->acknowledged, q, about));
  const bool has_places = about.handling->view == model::View::full || about.handling->view == model::View::corridor;
  if (has_places && acknowledged.echo.empty())
    return refuse(Rule::echo_missing, "no place is echoed", "at least one place of the movement as it was understood", "/echo");
  if (has_places) WB_TRY_VOID(check_echo(*about.revision, acknowledged.echo));
  return std::vector<Draft>{};
}

Ruling rule_objected(const Question& q) {
  WB_TRY(about, delivered_to_signer(q));
  WB_TRY(full, full_part(q.note));
  WB_TRY(objected, model::parse_objected(full));
  static_cast<void>(objected);
  WB_TRY_VOID(only_once(about.handling->objected, q, about));
  return std::vector<Draft>{};
}

Ruling rule_answered(const Question& q) {
  WB_TRY(about, delivered_to_signer(q));
  WB_TRY(full, full_part(q.note));
  WB_TRY(answered, model::parse_answered(full));
  const bool request = about.notification->regime == model::Regime::request;
  if (request == (answered.answer == model::AnswerWord::no_objection))
    return refuse(
        Rule::answer_regime,
        "\"" + std::string(model::name_of(answered.answer)) + "\" under the regime \"" + (request ? "request" : "notify") + "\"",
        request ? "\"agreed\" or \"not agreed\"" : "\"no objection\"; under notify nothing is agreed", "/answer");
  if (answered.answer == model::AnswerWord::not_agreed && answered.reason.empty())
    return refuse(Rule::reason_missing, "no reason", "why it is not agreed, in a sentence", "/reason");
  WB_TRY_VOID(only_once(about.handling->answered, q, about));
  return std::vector<Draft>{};
}

Ruling rule_unit_informed(const Question& q) {
  WB_TRY(about, delivered_to_signer(q));
  WB_TRY(full, full_part(q.note));
  WB_TRY(informed, model::parse_unit_informed(full));
  if (!informed.slip.empty() && !is_slip_code(q.state, *about.revision, informed.slip))
    return refuse(Rule::slip_code, "\"" + base::excerpt(informed.slip) + "\"",
                  "the slip code of this very revision, as the post read it; or none", "/slip");
  WB_TRY_VOID(only_once(about.handling->unit_informed, q, about));
  return std::vector<Draft>{};
}

Ruling rule_withdrawn(const Question& q) {
  WB_TRY(about, own_standing(q));
  static_cast<void>(about);
  WB_TRY(full, full_part(q.note));
  WB_TRY(withdrawn, model::parse_withdrawn(full));
  if (withdrawn.reason.empty()) return refuse(Rule::reason_missing, "no reason", "why it is withdrawn, in a sentence", "/reason");
  return std::vector<Draft>{};
}

Ruling rule_completed(const Question& q) {
  WB_TRY(about, own_standing(q));
  WB_TRY(full, full_part(q.note));
  WB_TRY(completed, model::parse_completed(full));
  static_cast<void>(completed);
  if (about.revision->window.from > q.received)
    return refuse(Rule::window_future, about.notification->id + " starts at " + to_short_text(about.revision->window.from),
                  "a movement that has begun; withdraw one that will not");
  return std::vector<Draft>{};
}

Ruling rule_outcome(const Question& q) {
  // Each side says how it went for it; where they differ, both stand.
  WB_TRY(ref, only_reference(q.note));
  const NotificationState* of = q.state.notification_at(ref);
  WB_TRY(about, of == nullptr || of->party == q.party() ? own(q) : delivered_to_signer(q));
  WB_TRY(full, full_part(q.note));
  WB_TRY(outcome, model::parse_outcome(full));
  const bool went = outcome.outcome != model::OutcomeWord::denied && outcome.outcome != model::OutcomeWord::cancelled;
  if (went && about.revision->window.from > q.received)
    return refuse(Rule::window_future, about.notification->id + " starts at " + to_short_text(about.revision->window.from),
                  "an outcome after the fact; before it \"denied\" or \"cancelled\"", "/outcome");
  return std::vector<Draft>{};
}

}  // namespace wideberth::core
