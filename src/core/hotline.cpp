#include "core/hotline.h"

#include <algorithm>

#include "base/check.h"

namespace wideberth::core {
namespace {

constexpr Millis kDay = Millis::from_seconds(86'400);

Instant midnight_before(Instant at) {
  const std::int64_t day = kDay.ms();
  const std::int64_t into = ((at.ms() % day) + day) % day;
  return Instant::from_ms(at.ms() - into);
}

/// Urgent messages are answered within the shorter of the two times of the rule.
Millis span_of(const model::AnswerWithinRule& rule, model::MessageClass meant) {
  const bool urgent = meant == model::MessageClass::hold || meant == model::MessageClass::warning;
  return urgent ? std::min(rule.within, rule.amendment_within) : rule.within;
}

}  // namespace

std::string_view standing_of(const CallState& call, Instant now) {
  if (call.disputed) return "disputed";
  if (call.confirmed) return "confirmed";
  return now >= call.silent_from ? "silent" : "open";
}

Instant next_check_in(const model::CheckInRule& rule, Instant after) {
  WB_CHECK(!rule.times.empty());
  for (Instant day = midnight_before(after);; day = day + kDay)
    for (const Millis time : rule.times)
      if (day + time > after) return day + time;
}

std::optional<Millis> shortest_answer(const model::Agreement& agreement, model::MessageClass meant) {
  const auto rule = agreement.answer_within();
  if (!rule) return std::nullopt;
  return span_of(rule->body, meant);
}

std::optional<AnswerOwed> answer_owed(const model::Agreement& agreement, const model::MessageSent& said, Instant received) {
  using model::MessageClass;
  if (said.meant == MessageClass::info) return std::nullopt;
  const auto rule = agreement.answer_within();
  const bool owed = said.meant == MessageClass::query || said.meant == MessageClass::hold;
  if (said.answer_within) return AnswerOwed{received + *said.answer_within, rule ? rule->clause : std::string(kAskedByMessage)};
  if (!rule || !owed) return std::nullopt;
  return AnswerOwed{received + span_of(rule->body, said.meant), rule->clause};
}

std::optional<AnswerOwed> answer_owed_to_sighting(const model::Agreement& agreement, Instant received) {
  const auto rule = agreement.answer_within();
  if (!rule) return std::nullopt;
  return AnswerOwed{received + rule->body.within, rule->clause};
}

}  // namespace wideberth::core
