// The rulings on positions and alerts. The fixes are not judged here: late, doubled and future ones are what the party said.
#include "base/bytes.h"
#include "base/id.h"
#include "core/rulings.h"

namespace wideberth::core {

using base::refuse;

Ruling rule_positions_reported(const Question& q) {
  if (!q.note.text.to.empty())
    return refuse(Rule::recipient_not_disclosed, "\"" + base::excerpt(q.note.text.to.front()) + "\"",
                  "nobody: the agreement's positions rule says who may use them", "to");
  if (q.note.text.refs.empty()) return std::vector<Draft>{};
  WB_TRY(agreement, bound_agreement(q));
  static_cast<void>(agreement);
  return std::vector<Draft>{};
}

namespace {

/// The open alert of this party that the note is about.
Result<const AlertState*> open_alert(const Question& q) {
  WB_TRY(ref, only_reference(q.note));
  const auto alert = q.state.alerts.find(ref);
  if (alert == q.state.alerts.end() || alert->second.party != q.party())
    return refuse(Rule::alert_unknown, "entry " + std::to_string(ref.value), "an alert that " + q.party() + " was told of");
  if (!q.state.open_alerts.contains(ref))
    return refuse(Rule::alert_ended, "entry " + std::to_string(ref.value), "an alert that is open");
  return &alert->second;
}

}  // namespace

Ruling rule_alert_acknowledged(const Question& q) {
  WB_TRY(alert, open_alert(q));
  static_cast<void>(alert);
  WB_TRY(full, full_part(q.note));
  WB_TRY(said, model::parse_alert_acknowledged(full));
  static_cast<void>(said);
  return std::vector<Draft>{};
}

Ruling rule_alert_snoozed(const Question& q) {
  WB_TRY(alert, open_alert(q));
  static_cast<void>(alert);
  WB_TRY(full, full_part(q.note));
  WB_TRY(snoozed, model::parse_alert_snoozed(full));
  if (snoozed.until <= q.received || snoozed.until - q.received > model::kLongestSnooze)
    return refuse(Rule::alert_snooze_span, "until " + to_short_text(snoozed.until),
                  "a time after " + to_short_text(q.received) + ", at most a day away", "/until");
  return std::vector<Draft>{};
}

}  // namespace wideberth::core
