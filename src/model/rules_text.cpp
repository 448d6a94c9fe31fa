#include "model/rules_text.h"

#include <algorithm>
#include <array>
#include <set>

#include "model/read.h"

namespace wideberth::model {
namespace {

using json::Reader;
using json::Writer;

constexpr Millis kNone{};
constexpr Millis kYear = Millis::from_seconds(366 * 86'400);
constexpr Millis kCentury = Millis::from_seconds(100LL * 366 * 86'400);
constexpr Metres kMostSeparation = Metres::from_metres(1'000'000);
constexpr std::int64_t kMostCount = 1'000'000;
constexpr std::size_t kMostSteps = 32;
constexpr std::size_t kMostThresholds = 32;
constexpr std::size_t kMostPresenceClasses = 64;
constexpr std::size_t kMostPresenceWords = 32;
constexpr std::size_t kMostCheckIns = 48;
constexpr Millis kLongestCheckIn = Millis::from_seconds(12 * 3600);

// The readers below are handed the whole rule: clause, text and kind have been read.

Result<RuleBody> read_notice(const Reader& at) {
  WB_TRY_VOID(at.only({"clause", "text", "kind", "lead_s", "emergency_lead_s"}));
  WB_TRY(lead, read::seconds(at, "lead_s", kNone, kYear));
  WB_TRY(emergency, read::seconds(at, "emergency_lead_s", kNone, kYear));
  return NoticeRule{lead, emergency};
}

Result<RuleBody> read_answer_within(const Reader& at) {
  WB_TRY_VOID(at.only({"clause", "text", "kind", "within_s", "amendment_within_s"}));
  WB_TRY(within, read::seconds(at, "within_s", Millis::from_seconds(1), kYear));
  WB_TRY(amendment, read::seconds(at, "amendment_within_s", Millis::from_seconds(1), kYear));
  return AnswerWithinRule{within, amendment};
}

Result<RuleBody> read_unit_informed(const Reader& at) {
  WB_TRY_VOID(at.only({"clause", "text", "kind", "before_s"}));
  WB_TRY(before, read::seconds(at, "before_s", kNone, kYear));
  return UnitInformedRule{before};
}

Result<RuleBody> read_separation(const Reader& at) {
  WB_TRY_VOID(at.only({"clause", "text", "kind", "class_a", "class_b", "distance_m"}));
  WB_TRY(a, read::short_name_or_any(at, "class_a"));
  WB_TRY(b, read::short_name_or_any(at, "class_b"));
  WB_TRY(distance, read::metres(at, "distance_m", Metres{}, kMostSeparation));
  return SeparationRule{std::move(a), std::move(b), distance};
}

Result<RuleBody> read_disclosure(const Reader& at) {
  WB_TRY_VOID(at.only({"clause", "text", "kind", "from", "to", "view", "cell_deg", "slot_s"}));
  DisclosureRule rule;
  WB_TRY(from, read::short_name_or_any(at, "from"));
  rule.from = std::move(from);
  WB_TRY(to, read::short_name_or_any(at, "to"));
  rule.to = std::move(to);
  WB_TRY(view_at, at.member("view"));
  WB_TRY(view, read::word<View>(view_at, kViewNames));
  rule.view = view;
  if (const auto cell = at.find("cell_deg")) {
    WB_TRY(cell_e7, cell->fixed(7, kLeastCell_e7, kMostCell_e7));
    rule.cell_e7 = static_cast<std::int32_t>(cell_e7);
  }
  if (const auto slot = at.find("slot_s")) {
    WB_TRY(length, read::seconds(*slot, kLeastSlot, kMostSlot));
    rule.slot = length;
  }
  if (!is_grain(rule.cell_e7, rule.slot))
    return at.refuse(base::Rule::disclosure_grain, "a cell or slot that does not divide evenly",
                     "such as 0.1 degrees and 3600 s");
  return RuleBody(std::move(rule));
}

Result<RuleBody> read_composition_tolerance(const Reader& at) {
  WB_TRY_VOID(at.only({"clause", "text", "kind", "vehicles", "people"}));
  WB_TRY(vehicles, read::integer(at, "vehicles", 0, kMostCount));
  WB_TRY(people, read::integer(at, "people", 0, kMostCount));
  return CompositionToleranceRule{vehicles, people};
}

Result<RuleBody> read_exclusion(const Reader& at) {
  WB_TRY_VOID(at.only({"clause", "text", "kind", "area", "platform_class", "except_with_notice"}));
  ExclusionRule rule;
  WB_TRY(area, read::short_name(at, "area"));
  rule.area = std::move(area);
  WB_TRY(platform_class, read::short_name_or_any(at, "platform_class"));
  rule.platform_class = std::move(platform_class);
  WB_TRY(except_at, at.member("except_with_notice"));
  WB_TRY(except, except_at.boolean());
  rule.except_with_notice = except;
  return RuleBody(std::move(rule));
}

Result<RuleBody> read_special_caution_area(const Reader& at) {
  WB_TRY_VOID(at.only({"clause", "text", "kind", "area", "window", "measures"}));
  WB_TRY(area, read::short_name(at, "area"));
  WB_TRY(window, read::span(at, "window"));
  WB_TRY(measures, read::text(at, "measures", kMostReason, true));
  return SpecialCautionAreaRule{std::move(area), window, std::move(measures)};
}

bool is_threshold_name(std::string_view name) {
  return !name.empty() && name.size() <= 48 && name[0] >= 'a' && name[0] <= 'z' &&
         std::all_of(name.begin(), name.end(),
                     [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; });
}

Result<RuleBody> read_prohibited_conduct(const Reader& at) {
  WB_TRY_VOID(at.only({"clause", "text", "kind", "conduct", "test"}));
  ProhibitedConductRule rule;
  WB_TRY(conduct, read::short_name(at, "conduct"));
  rule.conduct = std::move(conduct);
  WB_TRY(test_at, at.member("test"));
  if (!test_at.is_object()) return test_at.refuse(base::Rule::json_kind, "no object", "{\"name\": number, …}");
  const auto test = test_at.members();
  if (test.empty() || test.size() > kMostThresholds)
    return test_at.refuse(base::Rule::json_length, std::to_string(test.size()) + " thresholds",
                          "1 to " + std::to_string(kMostThresholds));
  for (const auto& [name, value] : test) {
    if (!is_threshold_name(name))
      return value.refuse(base::Rule::name_malformed, "\"" + base::excerpt(name) + "\"", "such as \"closer_than_m\"");
    WB_TRY(thousandths, value.fixed(3, -1'000'000'000'000, 1'000'000'000'000));
    rule.test.push_back(Threshold{name, thousandths});
  }
  return RuleBody(std::move(rule));
}

Result<Millis> read_time_of_day(const Reader& at) {
  WB_TRY(found, at.text(kMostLabel));
  const auto digit = [&](std::size_t i) { return found[i] >= '0' && found[i] <= '9'; };
  const bool form = found.size() == 6 && digit(0) && digit(1) && found[2] == ':' && digit(3) && digit(4) && found[5] == 'Z';
  const int hour = form ? (found[0] - '0') * 10 + (found[1] - '0') : 24;
  const int minute = form ? (found[3] - '0') * 10 + (found[4] - '0') : 60;
  if (hour > 23 || minute > 59)
    return at.refuse(base::Rule::time_malformed, "\"" + base::excerpt(found) + "\"",
                     "hours and minutes in UTC, such as \"09:00Z\"");
  return Millis::from_seconds(hour * 3600 + minute * 60);
}

Result<RuleBody> read_check_in(const Reader& at) {
  WB_TRY_VOID(at.only({"clause", "text", "kind", "times", "within_s"}));
  WB_TRY(times_at, at.member("times"));
  WB_TRY(times, times_at.elements(1, kMostCheckIns));
  CheckInRule rule;
  for (const auto& each : times) {
    WB_TRY(time, read_time_of_day(each));
    if (!rule.times.empty() && time <= rule.times.back())
      return each.refuse(base::Rule::span_backwards, "a time no later than the one before", "times in rising order, each once");
    rule.times.push_back(time);
  }
  if (const auto within_at = at.find("within_s")) {
    WB_TRY(within, read::seconds(*within_at, Millis::from_seconds(60), kLongestCheckIn));
    rule.within = within;
  }
  return RuleBody(std::move(rule));
}

Result<RuleBody> read_escalation_ladder(const Reader& at) {
  WB_TRY_VOID(at.only({"clause", "text", "kind", "steps"}));
  WB_TRY(steps_at, at.member("steps"));
  WB_TRY(steps, steps_at.elements(1, kMostSteps));
  EscalationLadderRule rule;
  for (const auto& each : steps) {
    WB_TRY(step, each.text(kMostReason));
    rule.steps.push_back(std::move(step));
  }
  return RuleBody(std::move(rule));
}

Result<RuleBody> read_incident_report(const Reader& at) {
  WB_TRY_VOID(at.only({"clause", "text", "kind", "within_s"}));
  WB_TRY(within, read::seconds(at, "within_s", Millis::from_seconds(1), kYear));
  return IncidentReportWithinRule{within};
}

Result<RuleBody> read_consultation(const Reader& at) {
  WB_TRY_VOID(at.only({"clause", "text", "kind", "every_s"}));
  WB_TRY(every, read::seconds(at, "every_s", Millis::from_seconds(60), kCentury));
  return ConsultationEveryRule{every};
}

Result<RuleBody> read_retention(const Reader& at) {
  WB_TRY_VOID(at.only({"clause", "text", "kind", "keep_s"}));
  WB_TRY(keep, read::seconds(at, "keep_s", kNone, kCentury));
  return RetentionRule{keep};
}

Result<RuleBody> read_confidential(const Reader& at) {
  WB_TRY_VOID(at.only({"clause", "text", "kind", "may_see"}));
  WB_TRY(list_at, at.member("may_see"));
  WB_TRY(list, list_at.elements(0, kMostParties));
  ConfidentialRule rule;
  for (const auto& each : list) {
    WB_TRY(name, read::short_name(each));
    rule.may_see.push_back(std::move(name));
  }
  return RuleBody(std::move(rule));
}

Result<RuleBody> read_positions_rule(const Reader& at) {
  WB_TRY_VOID(at.only({"clause", "text", "kind", "from", "to", "use"}));
  WB_TRY(from, read::short_name_or_any(at, "from"));
  WB_TRY(to, read::short_name_or_any(at, "to"));
  WB_TRY(use_at, at.member("use"));
  WB_TRY(use, read::word<PositionUse>(use_at, kPositionUseNames));
  return PositionsRule{std::move(from), std::move(to), use};
}

Result<RuleBody> read_presence_rule(const Reader& at) {
  WB_TRY_VOID(at.only({"clause", "text", "kind", "party", "area", "classes", "notice_s"}));
  PresenceRule rule;
  WB_TRY(party, read::short_name(at, "party"));
  rule.party = std::move(party);
  WB_TRY(area, read::short_name(at, "area"));
  rule.area = std::move(area);
  WB_TRY(classes_at, at.member("classes"));
  WB_TRY(classes, read_presence_classes(classes_at));
  rule.classes = std::move(classes);
  WB_TRY(notice, read::seconds(at, "notice_s", kNone, kYear));
  rule.notice = notice;
  return RuleBody(std::move(rule));
}

/// In the order of RuleBody; kRuleKindNames gives the words.
constexpr std::array<Result<RuleBody> (*)(const Reader&), std::variant_size_v<RuleBody>> kBodyReaders = {
    read_notice,
    read_answer_within,
    read_unit_informed,
    read_separation,
    read_disclosure,
    read_composition_tolerance,
    read_exclusion,
    read_special_caution_area,
    read_prohibited_conduct,
    read_check_in,
    read_escalation_ladder,
    read_incident_report,
    read_consultation,
    read_retention,
    read_confidential,
    read_positions_rule,
    read_presence_rule};

}  // namespace

Result<std::vector<PresenceClass>> read_presence_classes(const Reader& at) {
  WB_TRY(list, at.elements(0, kMostPresenceClasses));
  std::vector<PresenceClass> classes;
  std::set<std::string> words;
  const auto once = [&](const Reader& where, std::string word) -> Result<void> {
    for (char& c : word)
      if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    if (words.insert(word).second) return {};
    return where.refuse(base::Rule::name_twice, "\"" + base::excerpt(word) + "\" again", "each class and each word once");
  };
  for (const Reader& each : list) {
    WB_TRY_VOID(each.only({"platform_class", "called", "most"}));
    PresenceClass line;
    WB_TRY(platform_class, read::short_name(each, "platform_class"));
    line.platform_class = std::move(platform_class);
    WB_TRY_VOID(once(each, line.platform_class));
    if (const auto called_at = each.find("called")) {
      WB_TRY(called, called_at->elements(1, kMostPresenceWords));
      for (const Reader& word_at : called) {
        WB_TRY(word, word_at.text(kMostLabel));
        WB_TRY_VOID(once(word_at, word));
        line.called.push_back(std::move(word));
      }
    }
    WB_TRY(most, read::integer(each, "most", 0, kMostCount));
    line.most = most;
    classes.push_back(std::move(line));
  }
  return classes;
}

Result<Rule> read_rule(const Reader& at) {
  WB_TRY(clause, read::text(at, "clause", kMostClause));
  WB_TRY(text, read::text(at, "text", kMostClauseText, true));
  WB_TRY(kind_at, at.member("kind"));
  WB_TRY(index, read::word<std::size_t>(kind_at, kRuleKindNames));
  WB_TRY(body, kBodyReaders[index](at));
  return Rule{std::move(clause), std::move(text), std::move(body)};
}

}  // namespace wideberth::model
