// Rulings on what a party states that it has in an area.
#include "base/bytes.h"
#include "core/rulings.h"

namespace wideberth::core {
namespace {

using base::refuse;

Result<const model::PresenceRule*> presence_rule(const Question& q, const AgreementState& agreement, const std::string& clause) {
  for (const model::Rule& rule : agreement.agreement->rules)
    if (rule.clause == clause)
      if (const auto* presence = std::get_if<model::PresenceRule>(&rule.body);
          presence != nullptr && presence->party == q.party())
        return presence;
  return refuse(Rule::presence_list, "clause \"" + base::excerpt(clause) + "\"",
                "a clause of " + agreement.id + " on the presence of " + q.party(), "/clause");
}

}  // namespace

Ruling rule_presence_stated(const Question& q) {
  WB_TRY(agreement, bound_agreement(q));
  WB_TRY(full, full_part(q.note));
  WB_TRY(said, model::parse_presence_stated(full));
  WB_TRY(rule, presence_rule(q, *agreement, said.clause));
  for (const model::PresenceClass& each : said.classes)
    if (!agreement->agreement->has_class(each.platform_class))
      return refuse(Rule::platform_class_unknown, "\"" + base::excerpt(each.platform_class) + "\"",
                    "a platform class of " + agreement->id, "/classes");
  const Instant soonest = q.received + rule->notice;
  if (said.effect && (*said.effect < soonest || *said.effect - q.received > model::kMostWithdrawalNotice))
    return refuse(
        Rule::presence_list, "in effect from " + to_short_text(*said.effect),
        "none (from the end of the notice on), or a time from " + to_short_text(soonest) + " on, at most ten years away",
        "/effect");
  return std::vector<Draft>{};
}

}  // namespace wideberth::core
