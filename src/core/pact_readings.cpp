// Two readings, two answers: what follows under the text and under each side's reading, side by side.
#include <algorithm>
#include <map>

#include "core/pact_rules.h"
#include "core/rulings.h"

namespace wideberth::core {
namespace {

model::Under under_text() {
  model::Under under;
  under.of = "text";
  return under;
}

model::Under under_reading(const Meant& meant) {
  model::Under under;
  under.of = meant.party;
  under.reading = meant.reading->entry;
  return under;
}

model::ReadingDiffers heading(const Candidate& c, model::DiffersAbout about, const std::string& clause) {
  model::ReadingDiffers differs;
  differs.about = about;
  differs.movement = c.id;
  differs.revision = c.revision;
  differs.agreement = c.agreement->id;
  differs.version = c.agreement->agreement->version;
  differs.clause = clause;
  return differs;
}

/// The separations that the clauses come to for somebody: the readings that say a number.
using Numbers = std::map<std::string, std::vector<Meant>>;

Numbers numbers_of(const State& state, const AgreementState& agreement) {
  Numbers numbers;
  for (const model::Rule& rule : agreement.agreement->rules) {
    if (!std::holds_alternative<model::SeparationRule>(rule.body)) continue;
    for (const Meant& meant : readings_of(state, agreement, rule.clause))
      if (std::holds_alternative<model::SeparationMeans>(meant.reading->reading.means)) numbers[rule.clause].push_back(meant);
  }
  return numbers;
}

Metres number_in(const Meant& meant) { return std::get<model::SeparationMeans>(meant.reading->reading.means).distance; }

/// What the two owe each other by a clause on which somebody reads another number; none where either may not see the other.
std::optional<model::Agreement::Owed> owed_and_read(const State& state, const Candidate& c, const Numbers& numbers,
                                                    const NotificationState& of) {
  const AgreementState* theirs = state.agreement(of.agreement);
  const Revision& latest = of.latest();
  if (theirs == nullptr || latest.notification == nullptr || latest.plan == nullptr) return std::nullopt;
  const std::string& own = c.notification->party;
  if (theirs->agreement->find_party(own) == nullptr || !is_bound(state, *c.agreement, of.party)) return std::nullopt;
  if (state.pacts.has_left(theirs->id, own) || !is_exact(theirs->agreement->disclosure(of.party, own).view) ||
      !is_exact(c.agreement->agreement->disclosure(own, of.party).view))
    return std::nullopt;
  auto owed = c.agreement->agreement->separation(c.notification->platform_class, latest.notification->platform_class);
  return owed && numbers.contains(owed->clause) ? owed : std::nullopt;
}

void find_separations(const State& state, const Candidate& c, std::vector<Draft>& drafts) {
  const Numbers numbers = numbers_of(state, *c.agreement);
  if (numbers.empty()) return;
  Metres widest = c.agreement->agreement->widest_separation().value_or(Metres{});
  for (const auto& [clause, readings] : numbers)
    for (const Meant& each : readings) widest = std::max(widest, number_in(each));
  const auto wanted = [&](EntryIndex other) -> std::optional<Metres> {
    const NotificationState* of = state.notification_at(other);
    if (of == nullptr || !owed_and_read(state, c, numbers, *of)) return std::nullopt;
    return widest;
  };
  for (const conflict::Near& near : state.index.near(*c.plan, c.notification->party, wanted, widest)) {
    const NotificationState& of = *state.notification_at(near.key);
    const auto owed = *owed_and_read(state, c, numbers, of);
    model::ReadingDiffers differs = heading(c, model::DiffersAbout::separation, owed.clause);
    differs.other = of.id;
    differs.other_revision = of.latest().entry;
    const auto add = [&](model::Under under, Metres separation) {
      under.separation = separation;
      under.touched = geo::meet(*c.plan, *of.latest().plan, separation).has_value();
      differs.under.push_back(std::move(under));
    };
    add(under_text(), owed.distance);
    for (const Meant& each : numbers.at(owed.clause))
      if (each.party == c.notification->party || each.party == of.party) add(under_reading(each), number_in(each));
    const bool differ = std::any_of(differs.under.begin(), differs.under.end(),
                                    [&](const auto& each) { return *each.touched != *differs.under.front().touched; });
    if (differ)
      drafts.push_back(finding(model::EntryKind::reading_differs, {c.notification->party, of.party},
                               {c.revision, of.latest().entry}, model::to_json(differs)));
  }
}

std::vector<std::string> exact_readers(const State& state, const Candidate& c) {
  std::vector<std::string> to{c.notification->party};
  for (const std::string& party : bound_parties(state, *c.agreement))
    if (party != c.notification->party && is_exact(c.agreement->agreement->disclosure(c.notification->party, party).view))
      to.push_back(party);
  return to;
}

/// What is read of one clause about what governs: the regime of an area that the candidate touches, and the agreement.
void find_governing(const State& state, const Candidate& c, const std::string& clause, std::vector<Draft>& drafts) {
  std::map<std::string, model::ReadingDiffers> regimes;  // by area
  model::ReadingDiffers governing = heading(c, model::DiffersAbout::governing_agreement, clause);
  governing.under.push_back(under_text());
  governing.under.back().governs = c.agreement->id;
  const auto& areas = c.agreement->agreement->areas;
  for (const Meant& meant : readings_of(state, *c.agreement, clause)) {
    model::Under under = under_reading(meant);
    if (const auto* governs = std::get_if<model::GovernsMeans>(&meant.reading->reading.means)) {
      under.governs = governs->agreement;
      governing.under.push_back(std::move(under));
    } else if (const auto* regime = std::get_if<model::RegimeMeans>(&meant.reading->reading.means)) {
      for (std::size_t i = 0; i < areas.size(); ++i) {
        if (areas[i].area != regime->area || !geo::meet(*c.plan, *c.agreement->areas[i], Metres{})) continue;
        auto& differs = regimes.try_emplace(regime->area, heading(c, model::DiffersAbout::regime, clause)).first->second;
        differs.area = regime->area;
        if (differs.under.empty()) {
          differs.under.push_back(under_text());
          differs.under.back().regime = areas[i].regime;
        }
        under.regime = regime->regime;
        differs.under.push_back(under);
      }
    }
  }
  const auto say = [&](const model::ReadingDiffers& differs) {
    drafts.push_back(finding(model::EntryKind::reading_differs, exact_readers(state, c), {c.revision}, model::to_json(differs)));
  };
  for (const auto& [area, differs] : regimes)
    if (std::any_of(differs.under.begin(), differs.under.end(),
                    [&](const model::Under& each) { return each.regime != differs.under.front().regime; }))
      say(differs);
  if (governing.under.size() > 1) say(governing);
}

}  // namespace

std::vector<Draft> find_differing(const State& state, const Candidate& candidate) {
  std::vector<Draft> drafts;
  if (candidate.agreement->readings.empty()) return drafts;
  find_separations(state, candidate, drafts);
  for (const model::Rule& rule : candidate.agreement->agreement->rules) find_governing(state, candidate, rule.clause, drafts);
  return drafts;
}

}  // namespace wideberth::core
