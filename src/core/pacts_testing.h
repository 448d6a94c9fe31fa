// What the tests of agreements in force share: an agreement with more rules, its acts, and what was found. Invented, all of it.
#pragma once

#include <algorithm>

#include "core/pact_rules.h"
#include "core/testing.h"

namespace wideberth::core::testing {

/// The area "north" holds the drive of the tests; "essa" does not.
struct Treaty {
  World world;
  std::string id;
  model::Agreement terms;
  int clause = 20;

  explicit Treaty(const Terms& given = {}) : terms(agreement_of(given)) {}
  /// Adds a rule before the agreement is made; answers its clause.
  std::string rule(model::RuleBody body) {
    terms.rules.push_back({std::to_string(++clause), "An invented sentence.", std::move(body)});
    return terms.rules.back().clause;
  }
  EntryIndex propose() {
    Note note{EntryKind::agreement_proposed, "blue/ops", model::to_json(terms), {}};
    for (const model::Party& each : terms.parties)
      if (each.party != "blue") note.to.push_back(each.party);
    const EntryIndex index = World::expect(world.file(note));
    id = base::id_of(base::IdKind::agreement, index);
    return index;
  }
  void make() {
    propose();
    for (const model::Party& each : terms.parties)
      if (each.role == model::Role::party && each.party != "blue") World::expect(world.file(world.signature(id, each.party)));
    WB_CHECK(world.state.agreement(id)->holds());
  }
  template <class Act>
  Note about(EntryKind kind, const std::string& party, const Act& act) const {
    Note note{kind, party + "/ops", model::to_json(act)};
    note.refs = {world.state.agreement(id)->proposed};
    return note;
  }
  Outcome file(const Drive& drive) { return world.file(world.filing(drive, id)); }
  std::vector<model::RuleTouched> touched(const Outcome& outcome) const {
    World::expect(outcome);
    std::vector<model::RuleTouched> found;
    for (const Entry* each : world.of_kind(EntryKind::rule_touched, outcome.findings))
      found.push_back(model::parse_rule_touched(*each->part("full")).value());
    return found;
  }
  std::vector<model::ReadingDiffers> differing(const Outcome& outcome) const {
    World::expect(outcome);
    std::vector<model::ReadingDiffers> found;
    for (const Entry* each : world.of_kind(EntryKind::reading_differs, outcome.findings))
      found.push_back(model::parse_reading_differs(*each->part("full")).value());
    return found;
  }
  std::vector<std::string> told(const Outcome& outcome) const {
    std::vector<std::string> to;
    for (const Entry* each : world.of_kind(EntryKind::rule_touched, outcome.findings))
      for (const std::string& party : each->text.to) to.push_back(party);
    return to;
  }
  Outcome read(const std::string& party, const std::string& of, model::ReadingMeans means) {
    return world.file(
        about(EntryKind::agreement_reading, party, model::AgreementReading{of, "So we read it.", false, std::move(means)}));
  }
  Outcome withdraw(const std::string& party, std::optional<Instant> effect = {}) {
    return world.file(about(EntryKind::agreement_withdrawn, party, model::AgreementWithdrawn{"Invented.", effect}));
  }
};

inline Drive in_essa() {
  Drive drive;
  drive.from = {418500000, 371000000};
  drive.to = {420500000, 372000000};
  return drive;
}

inline std::string refused_by(const Outcome& outcome) {
  return outcome.refusal ? std::string(base::code_of(outcome.refusal->rule)) : "accepted";
}

}  // namespace wideberth::core::testing
