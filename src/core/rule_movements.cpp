// Rulings on what happens to a movement on the way: it is suspended and resumed, asked about and answered for.
#include "core/rulings.h"

namespace wideberth::core {
namespace {

using base::refuse;

auto hold_refused(const NotificationState& of) {
  return refuse(
      Rule::notification_hold,
      of.held ? of.id + " is suspended since entry " + std::to_string(of.held->entry.value) : of.id + " is not suspended",
      of.held ? "notification.resumed, or an amendment" : "notification.suspended");
}

}  // namespace

Ruling rule_suspended(const Question& q) {
  WB_TRY(about, own_standing(q));
  WB_TRY(full, full_part(q.note));
  WB_TRY(suspended, model::parse_suspended(full));
  static_cast<void>(suspended);
  if (about.notification->held) return hold_refused(*about.notification);
  return std::vector<Draft>{};
}

Ruling rule_resumed(const Question& q) {
  WB_TRY(about, own_standing(q));
  WB_TRY(full, full_part(q.note));
  WB_TRY(resumed, model::parse_resumed(full));
  static_cast<void>(resumed);
  if (!about.notification->held) return hold_refused(*about.notification);
  return std::vector<Draft>{};
}

Ruling rule_queried(const Question& q) {
  WB_TRY(about, delivered_to_signer(q));
  WB_TRY(full, full_part(q.note));
  WB_TRY(queried, model::parse_queried(full));
  static_cast<void>(queried);
  // What is asked about a revision stands after it.
  for (auto at = q.state.queries.upper_bound(about.revision->entry); at != q.state.queries.end(); ++at)
    if (at->second.by == q.party() && at->second.revision == about.revision->entry && !at->second.answered)
      return refuse(Rule::query_open,
                    q.party() + " asked in entry " + std::to_string(at->first.value) + " and waits for the answer",
                    "one question at a time about one revision");
  return std::vector<Draft>{};
}

Ruling rule_query_answered(const Question& q) {
  WB_TRY(ref, only_reference(q.note));
  const auto asked = q.state.queries.find(ref);
  const NotificationState* of = asked == q.state.queries.end() ? nullptr : q.state.notification(asked->second.of);
  if (of == nullptr || of->party != q.party())
    return refuse(Rule::query_unknown, "entry " + std::to_string(ref.value),
                  "the entry of a question about what " + q.party() + " notified");
  const QueryState& query = asked->second;
  for (const std::string& party : q.note.text.to)
    if (party != query.by)
      return refuse(Rule::recipient_not_disclosed, "\"" + party + "\" in `to`", "who asked: " + query.by, "to");
  if (q.note.text.to.empty())
    return refuse(Rule::recipient_missing, "\"" + query.by + "\" is not in `to`", "who asked: " + query.by, "to");
  WB_TRY(full, full_part(q.note));
  WB_TRY(answered, model::parse_query_answered(full));
  static_cast<void>(answered);
  if (query.answered)
    return refuse(Rule::answered_already, "entry " + std::to_string(query.answered->value) + " answers this question");
  return std::vector<Draft>{};
}

}  // namespace wideberth::core
