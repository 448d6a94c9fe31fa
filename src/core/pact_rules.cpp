#include "core/pact_rules.h"

#include <algorithm>
#include <set>

#include "core/coordinates.h"
#include "core/disclosure.h"
#include "core/rulings.h"
#include "model/disclosure.h"

namespace wideberth::core {
namespace {

/// Who is told of a candidate beside its submitter, and how.
struct Readers {
  std::vector<std::string> exact;  ///< the submitter first
  std::vector<std::pair<std::string, model::Agreement::Disclosed>> coarse;
};

Readers readers_of(const State& state, const AgreementState& agreement, const std::string& submitter, bool full_only) {
  Readers readers;
  readers.exact.push_back(submitter);
  for (const model::Party& member : agreement.agreement->parties) {
    // What is cited holds words of the agreement, so it goes to nobody who may not see its text.
    if (member.party == submitter || state.pacts.has_left(agreement.id, member.party)) continue;
    if (!may_see_text(agreement, member.party)) continue;
    const auto disclosed = agreement.agreement->disclosure(submitter, member.party);
    if (full_only ? disclosed.view == model::View::full : is_exact(disclosed.view))
      readers.exact.push_back(member.party);
    else if (!full_only && disclosed.view == model::View::outline)
      readers.coarse.emplace_back(member.party, disclosed);
  }
  return readers;
}

Draft told(const model::RuleTouched& touched, std::vector<std::string> to) {
  return finding(model::EntryKind::rule_touched, std::move(to), {touched.revision}, model::to_json(touched));
}

std::optional<geo::Plan> compiled(const std::vector<std::vector<geo::Place>>& rings, Interval window) {
  geo::Area area;
  area.rings = rings;
  area.window = window;
  auto plan = geo::compile(area);
  if (!plan) return std::nullopt;
  return std::move(*plan);
}

/// The area of this name, compiled to stand at all times; none where the agreement has none.
const geo::Plan* area_named(const AgreementState& agreement, std::string_view name) {
  const auto& areas = agreement.agreement->areas;
  for (std::size_t i = 0; i < areas.size(); ++i)
    if (areas[i].area == name) return agreement.areas[i].get();
  return nullptr;
}

/// The first disclosed cell and slot that lies in the area: a function of the outline and the area alone.
std::optional<model::CoarseConflict> first_cell_in(const model::Notification& notification, const geo::Plan& area,
                                                   const model::Agreement::Disclosed& as) {
  const auto cells = model::cells_of(notification, as.cell_e7, as.slot);
  if (!cells) return std::nullopt;
  for (const model::CellSlot& cell : *cells) {
    const Interval slot{cell.from, cell.from + as.slot};
    if (!slot.meets(area.span())) continue;
    const auto box = cell_plan(cell.south_west, as.cell_e7, slot);
    if (box && geo::meet(*box, area, Metres{})) return model::CoarseConflict{cell.south_west, as.cell_e7, slot};
  }
  return std::nullopt;
}

/// What a candidate is asked against: the area of the text, and the areas of those readings that draw it otherwise.
struct Asked {
  model::RuleTouched touched;                             ///< all but `what` and `under`
  std::vector<std::pair<model::Under, geo::Plan>> areas;  ///< text first
  bool outline_knows = true;                              ///< an outline tells all that the rule asks for
};

void tell(const State& state, const Candidate& c, const Asked& asked, std::vector<Draft>& drafts) {
  const Readers readers = readers_of(state, *c.agreement, c.notification->party, false);
  model::RuleTouched exact = asked.touched;
  for (const auto& [under, area] : asked.areas) {
    const auto meeting = geo::meet(*c.plan, area, Metres{});
    if (meeting && std::holds_alternative<std::monostate>(exact.what))
      exact.what = model::ExactTouch{meeting->window, meeting->place};
    exact.under.push_back(under);
    exact.under.back().touched = meeting.has_value();
  }
  if (exact.under.size() == 1) exact.under.clear();
  if (!std::holds_alternative<std::monostate>(exact.what)) drafts.push_back(told(exact, readers.exact));
  if (!asked.outline_knows) return;
  for (const auto& [reader, disclosed] : readers.coarse) {
    model::RuleTouched coarse = asked.touched;
    // Whether its notice came in time tells the start more finely than a slot does.
    coarse.notice_short = false;
    if (const auto cell = first_cell_in(*c.notification, asked.areas.front().second, disclosed)) {
      coarse.what = *cell;
      drafts.push_back(told(coarse, {reader}));
    }
  }
}

model::RuleTouched heading(const Candidate& c, const model::Rule& rule) {
  model::RuleTouched touched;
  touched.movement = c.id;
  touched.revision = c.revision;
  touched.agreement = c.agreement->id;
  touched.version = c.agreement->agreement->version;
  touched.clause = rule.clause;
  return touched;
}

void find_exclusion(const State& state, const Candidate& c, const model::Rule& rule, const model::ExclusionRule& exclusion,
                    Instant received, std::vector<Draft>& drafts) {
  if (exclusion.platform_class != "*" && exclusion.platform_class != c.notification->platform_class) return;
  Asked asked{heading(c, rule), {}, exclusion.platform_class == "*" && !exclusion.except_with_notice};
  asked.touched.rule = model::TouchedRule::exclusion;
  asked.touched.area = exclusion.area;
  asked.touched.platform_class = exclusion.platform_class;
  if (exclusion.except_with_notice) {
    const auto notice = c.agreement->agreement->notice();
    const Millis lead = !notice ? Millis{} : c.notification->emergency ? notice->body.emergency_lead : notice->body.lead;
    if (!notice || received <= model::window_of(*c.notification).from - lead) return;  // the exception holds
    asked.touched.notice_short = true;
  }
  const geo::Plan* area = area_named(*c.agreement, exclusion.area);
  if (area == nullptr) return;
  model::Under text;
  text.of = "text";
  asked.areas.emplace_back(text, *area);
  for (const Meant& meant : readings_of(state, *c.agreement, rule.clause))
    if (const auto* drawn = std::get_if<model::RingsMean>(&meant.reading->reading.means))
      if (auto plan = compiled(drawn->rings, kAllTimes)) {
        model::Under under;
        under.of = meant.party;
        under.reading = meant.reading->entry;
        asked.areas.emplace_back(std::move(under), std::move(*plan));
      }
  tell(state, c, asked, drafts);
}

/// None where it is not in force, or the candidate has ended before its window or begins after it.
std::optional<Asked> asked_of_caution(const State& state, const Candidate& c, const model::Rule& rule,
                                      const model::SpecialCautionAreaRule& caution) {
  if (!caution.window.meets(c.plan->span()) || !caution_in_force(state, *c.agreement, rule.clause)) return std::nullopt;
  const model::AgreementArea* area = c.agreement->agreement->find_area(caution.area);
  auto plan = area == nullptr ? std::nullopt : compiled(area->rings, caution.window);
  if (!plan) return std::nullopt;
  Asked asked{heading(c, rule), {}, true};
  asked.touched.rule = model::TouchedRule::special_caution_area;
  asked.touched.area = caution.area;
  asked.touched.measures = caution.measures;
  model::Under text;
  text.of = "text";
  asked.areas.emplace_back(std::move(text), std::move(*plan));
  return asked;
}

void find_composition(const State& state, const Candidate& c, const Revision& before, std::vector<Draft>& drafts) {
  if (before.notification == nullptr) return;
  const auto differs = composition_finding(*c.agreement->agreement, counts_of(before.notification->composition),
                                           counts_of(c.notification->composition));
  if (!differs) return;
  model::RuleTouched touched;
  touched.rule = model::TouchedRule::composition_tolerance;
  touched.movement = c.id;
  touched.revision = c.revision;
  touched.agreement = c.agreement->id;
  touched.version = c.agreement->agreement->version;
  touched.clause = differs->clause;
  touched.notified = differs->notified;
  touched.counted = differs->counted;
  // A corridor says nothing of the composition.
  drafts.push_back(told(touched, readers_of(state, *c.agreement, c.notification->party, true).exact));
}

}  // namespace

bool is_bound(const State& state, const AgreementState& agreement, std::string_view party) {
  const model::Party* member = agreement.agreement->find_party(party);
  return member != nullptr && member->role == model::Role::party && !state.pacts.has_left(agreement.id, party);
}

std::vector<std::string> bound_parties(const State& state, const AgreementState& agreement) {
  std::vector<std::string> bound;
  for (const model::Party& member : agreement.agreement->parties)
    if (is_bound(state, agreement, member.party)) bound.push_back(member.party);
  return bound;
}

bool caution_in_force(const State& state, const AgreementState& agreement, std::string_view clause) {
  const Pact* pact = state.pacts.find(agreement.id);
  if (pact == nullptr) return false;
  const auto joined = pact->joined.find(clause);
  if (joined == pact->joined.end()) return false;
  const auto bound = bound_parties(state, agreement);
  return bound.size() > 1 &&
         std::all_of(bound.begin(), bound.end(), [&](const std::string& each) { return joined->second.contains(each); });
}

model::Counts counts_of(const model::Composition& composition) noexcept {
  model::Counts counts;
  counts.people = composition.people;
  if (composition.vehicles.empty() && composition.escorts.empty()) return counts;
  std::int64_t vehicles = 0;
  for (const auto& line : composition.vehicles) vehicles += line.count;
  for (const auto& line : composition.escorts) vehicles += line.count;
  counts.vehicles = vehicles;
  return counts;
}

std::optional<CompositionFinding> composition_finding(const model::Agreement& agreement, const model::Counts& notified,
                                                      const model::Counts& counted) {
  const auto beyond = [](const std::optional<std::int64_t>& a, const std::optional<std::int64_t>& b, std::int64_t tolerance) {
    return a && b && (*a > *b ? *a - *b : *b - *a) > tolerance;
  };
  for (const model::Rule& rule : agreement.rules)
    if (const auto* tolerance = std::get_if<model::CompositionToleranceRule>(&rule.body)) {
      if (beyond(notified.vehicles, counted.vehicles, tolerance->vehicles) ||
          beyond(notified.people, counted.people, tolerance->people))
        return CompositionFinding{rule.clause, notified, counted};
      return std::nullopt;  // the first of its kind, as everywhere
    }
  return std::nullopt;
}

std::vector<Draft> find_touched(const State& state, const Candidate& candidate, Instant received, const Revision* before) {
  std::vector<Draft> drafts;
  for (const model::Rule& rule : candidate.agreement->agreement->rules) {
    if (const auto* exclusion = std::get_if<model::ExclusionRule>(&rule.body))
      find_exclusion(state, candidate, rule, *exclusion, received, drafts);
    if (const auto* caution = std::get_if<model::SpecialCautionAreaRule>(&rule.body))
      if (const auto asked = asked_of_caution(state, candidate, rule, *caution)) tell(state, candidate, *asked, drafts);
  }
  if (before != nullptr) find_composition(state, candidate, *before, drafts);
  return drafts;
}

std::vector<Draft> find_caution_joined(const State& state, const AgreementState& agreement, const model::Rule& rule) {
  std::vector<Draft> drafts;
  const auto* caution = std::get_if<model::SpecialCautionAreaRule>(&rule.body);
  if (caution == nullptr) return drafts;
  const model::AgreementArea* area = agreement.agreement->find_area(caution->area);
  const auto plan = area == nullptr ? std::nullopt : compiled(area->rings, caution->window);
  if (!plan) return drafts;
  const auto bound = bound_parties(state, agreement);
  for (const auto& [id, each] : state.notifications) {
    const Revision& latest = each.latest();
    if (each.agreement != agreement.id || each.standing != Standing::standing || !latest.plan || !latest.notification) continue;
    const bool all_see = std::all_of(bound.begin(), bound.end(),
                                     [&](const std::string& reader) { return is_exact(view_of(agreement, each.party, reader)); });
    if (!all_see || !caution->window.meets(latest.plan->span())) continue;
    const auto meeting = geo::meet(*latest.plan, *plan, Metres{});
    if (!meeting) continue;
    const Candidate candidate{id, latest.entry, &agreement, latest.notification.get(), latest.plan.get()};
    model::RuleTouched touched = heading(candidate, rule);
    touched.rule = model::TouchedRule::special_caution_area;
    touched.area = caution->area;
    touched.measures = caution->measures;
    touched.what = model::ExactTouch{meeting->window, meeting->place};
    drafts.push_back(told(touched, readers_of(state, agreement, each.party, false).exact));
  }
  return drafts;
}

std::vector<Meant> readings_of(const State& state, const AgreementState& agreement, std::string_view clause) {
  std::vector<Meant> readings;
  for (const std::string& party : bound_parties(state, agreement)) {
    const ReadingState* latest = nullptr;
    for (const ReadingState& each : agreement.readings)
      if (each.party == party && each.reading.clause == clause) latest = &each;
    if (latest != nullptr) readings.push_back({latest, party});
  }
  return readings;
}

}  // namespace wideberth::core
