#include "model/agreement.h"

#include <algorithm>

#include "model/read.h"
#include "model/rules_text.h"

namespace wideberth::model {
namespace {

/// How specific a rule about two names is when asked about two: 2 by both names, 1 by one, 0 by none; none = it says nothing.
std::optional<int> fit(std::string_view rule_a, std::string_view rule_b, std::string_view a, std::string_view b) {
  const bool any_a = rule_a == "*";
  const bool any_b = rule_b == "*";
  if ((!any_a && rule_a != a) || (!any_b && rule_b != b)) return std::nullopt;
  return (any_a ? 0 : 1) + (any_b ? 0 : 1);
}

std::string lowered(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
}

template <class Body>
std::optional<Agreement::Found<Body>> first_rule(const std::vector<Rule>& rules) {
  for (const auto& rule : rules)
    if (const auto* body = std::get_if<Body>(&rule.body)) return Agreement::Found<Body>{*body, rule.clause};
  return std::nullopt;
}

/// Of rules about `from` and `to` that fit in so many names: `from` by name goes before `to` by name.
int rank_of(int ways, std::string_view from) { return 2 * ways + (ways == 1 && from != "*" ? 1 : 0); }

template <class Item>
const Item* named(const std::vector<Item>& items, std::string Item::* name, std::string_view wanted) noexcept {
  const auto at = std::find_if(items.begin(), items.end(), [&](const Item& each) { return each.*name == wanted; });
  return at == items.end() ? nullptr : &*at;
}

}  // namespace

std::string_view name_of(View view) noexcept { return kViewNames[static_cast<std::size_t>(view)]; }

std::optional<View> view_named(std::string_view name) noexcept {
  for (std::size_t i = 0; i < kViewNames.size(); ++i)
    if (kViewNames[i] == name) return static_cast<View>(i);
  return std::nullopt;
}

std::string_view name_of(PositionUse use) noexcept { return kPositionUseNames[static_cast<std::size_t>(use)]; }

std::string_view name_of(Regime regime) noexcept { return kRegimeNames[static_cast<std::size_t>(regime)]; }

std::string_view kind_name_of(const RuleBody& body) noexcept { return kRuleKindNames[body.index()]; }

bool is_grain(std::int32_t cell_e7, Millis slot) noexcept {
  constexpr std::int32_t kQuarter_e7 = 900'000'000;
  return cell_e7 >= kLeastCell_e7 && cell_e7 <= kMostCell_e7 && kQuarter_e7 % cell_e7 == 0 && slot >= kLeastSlot &&
         slot <= kMostSlot && kMostSlot.ms() % slot.ms() == 0;
}

const Party* Agreement::find_party(std::string_view party) const noexcept { return named(parties, &Party::party, party); }

const AgreementArea* Agreement::find_area(std::string_view area) const noexcept {
  return named(areas, &AgreementArea::area, area);
}

const GazetteerPlace* Agreement::find_place(std::string_view called) const noexcept {
  const std::string wanted = lowered(called);
  for (const auto& place : places) {
    if (lowered(place.name) == wanted) return &place;
    for (const auto& other : place.also)
      if (lowered(other) == wanted) return &place;
  }
  return nullptr;
}

bool Agreement::has_class(std::string_view platform_class) const noexcept {
  return std::find(platform_classes.begin(), platform_classes.end(), platform_class) != platform_classes.end();
}

std::optional<Agreement::Owed> Agreement::separation(std::string_view class_a, std::string_view class_b) const {
  std::optional<Owed> owed;
  int best = -1;
  for (const auto& rule : rules) {
    const auto* body = std::get_if<SeparationRule>(&rule.body);
    if (body == nullptr) continue;
    const int ways = std::max(fit(body->class_a, body->class_b, class_a, class_b).value_or(-1),
                              fit(body->class_b, body->class_a, class_a, class_b).value_or(-1));
    if (ways < 0 || ways < best || (ways == best && body->distance <= owed->distance)) continue;
    best = ways;
    owed = Owed{body->distance, rule.clause};
  }
  return owed;
}

std::optional<Metres> Agreement::widest_separation() const {
  std::optional<Metres> widest;
  for (const auto& rule : rules)
    if (const auto* body = std::get_if<SeparationRule>(&rule.body); body != nullptr && (!widest || body->distance > *widest))
      widest = body->distance;
  return widest;
}

Agreement::Disclosed Agreement::disclosure(std::string_view from, std::string_view to) const {
  Disclosed disclosed;
  int best = -1;
  for (const auto& rule : rules) {
    const auto* body = std::get_if<DisclosureRule>(&rule.body);
    if (body == nullptr) continue;
    const auto ways = fit(body->from, body->to, from, to);
    if (!ways) continue;
    const int rank = rank_of(*ways, body->from);
    if (rank <= best) continue;
    best = rank;
    disclosed = Disclosed{body->view, body->cell_e7, body->slot, rule.clause};
  }
  const Party* reader = find_party(to);
  if (from == to || (reader != nullptr && reader->role != Role::party)) disclosed.view = View::full;
  return disclosed;
}

Agreement::PositionsUsed Agreement::positions(std::string_view from, std::string_view to) const {
  PositionsUsed used;
  int best = -1;
  for (const auto& rule : rules) {
    const auto* body = std::get_if<PositionsRule>(&rule.body);
    const auto ways = body == nullptr ? std::nullopt : fit(body->from, body->to, from, to);
    if (!ways || rank_of(*ways, body->from) <= best) continue;
    best = rank_of(*ways, body->from);
    used = PositionsUsed{body->use, rule.clause};
  }
  if (from == to) used.use = PositionUse::tracks;
  return used;
}

std::optional<Agreement::Found<NoticeRule>> Agreement::notice() const { return first_rule<NoticeRule>(rules); }
std::optional<Agreement::Found<AnswerWithinRule>> Agreement::answer_within() const { return first_rule<AnswerWithinRule>(rules); }
std::optional<Agreement::Found<UnitInformedRule>> Agreement::unit_informed() const { return first_rule<UnitInformedRule>(rules); }
std::optional<Agreement::Found<IncidentReportWithinRule>> Agreement::incident_report() const {
  return first_rule<IncidentReportWithinRule>(rules);
}
std::optional<Agreement::Found<ConsultationEveryRule>> Agreement::consultation() const {
  return first_rule<ConsultationEveryRule>(rules);
}
std::optional<Agreement::Found<CheckInRule>> Agreement::check_in() const { return first_rule<CheckInRule>(rules); }
std::optional<Agreement::Found<RetentionRule>> Agreement::retention() const { return first_rule<RetentionRule>(rules); }
std::optional<Agreement::Found<EscalationLadderRule>> Agreement::escalation_ladder() const {
  return first_rule<EscalationLadderRule>(rules);
}

}  // namespace wideberth::model
