// Encounters: opened and closed for each side, with what the tracks show once they are over.
#include <algorithm>
#include <cmath>

#include "core/rulings.h"
#include "core/watch_house.h"

namespace wideberth::core {
namespace {

std::int64_t thousandths_of(double value) {
  return static_cast<std::int64_t>(std::floor(std::clamp(value, -9e8, 9e8) * 1000 + 0.5));
}

model::EncounterOver over_of(live::EncounterEnd ended) {
  switch (ended) {
    case live::EncounterEnd::silence: return model::EncounterOver::silence;
    case live::EncounterEnd::length: return model::EncounterOver::length;
    case live::EncounterEnd::joined: return model::EncounterOver::joined;
    case live::EncounterEnd::apart:
    case live::EncounterEnd::closing: break;
  }
  return model::EncounterOver::apart;
}

Metres up_to_hundred(Metres length) {
  constexpr std::int64_t kStep = 100'000;
  return Metres::from_mm((length.mm() + kStep - 1) / kStep * kStep);
}

/// The closest contacts, and the units in them.
live::Encounter closest_of(const live::Encounter& encounter, std::size_t most) {
  live::Encounter part;
  part.number = encounter.number;
  part.party_a = encounter.party_a, part.party_b = encounter.party_b;
  part.when = encounter.when;
  part.ended = encounter.ended;
  part.contacts = encounter.contacts;
  std::sort(part.contacts.begin(), part.contacts.end(), [](const live::Contact& x, const live::Contact& y) {
    return std::tuple(x.closest_m, x.when.from, x.a, x.b) < std::tuple(y.closest_m, y.when.from, y.a, y.b);
  });
  part.contacts.resize(std::min(most, part.contacts.size()));
  for (const live::UnitTrack& track : encounter.tracks) {
    const auto in = [&](const live::Contact& each) { return each.a == track.unit || each.b == track.unit; };
    if (std::any_of(part.contacts.begin(), part.contacts.end(), in)) part.tracks.push_back(track);
  }
  return part;
}

/// One side's account of an encounter that is over.
class Account {
 public:
  Account(const Watch::House& house, const std::string& own, bool tracks) : house_(house), own_(own), tracks_(tracks) {}

  model::EncounterClosed of(const live::Encounter& encounter, const live::Findings& findings);

 private:
  const live::Unit& unit(live::UnitIndex index) const { return house_.live.units()[index]; }
  bool is_own(live::UnitIndex index) const { return unit(index).party == own_; }
  model::EncounterUnit named(live::UnitIndex index) const {
    return {unit(index).party, is_own(index) || tracks_ ? unit(index).name : std::string()};
  }
  std::vector<model::EncounterUnit> named(const std::vector<live::UnitIndex>& units) const;
  model::EncounterContact contact(const live::Contact& contact) const;
  void list_contacts(const live::Encounter& encounter, model::EncounterClosed& closed) const;
  model::ConductCandidate candidate(const live::Candidate& found);
  model::FixesOf fixes_of(const live::RestsOn& rests);
  model::NotReported not_reported(const live::Unreported& found) const;

  const Watch::House& house_;
  const std::string& own_;
  bool tracks_;
  std::size_t refs_left_ = model::kMostFixRefsInAll;
};

std::vector<model::EncounterUnit> Account::named(const std::vector<live::UnitIndex>& units) const {
  std::vector<model::EncounterUnit> all;
  for (const live::UnitIndex each : units) {
    model::EncounterUnit name = named(each);
    if (std::find(all.begin(), all.end(), name) == all.end() && all.size() < model::kMostListed) all.push_back(std::move(name));
  }
  return all;
}

model::EncounterContact Account::contact(const live::Contact& contact) const {
  const bool first = is_own(contact.a);
  model::EncounterContact told{unit(first ? contact.a : contact.b).name,
                               tracks_ ? unit(first ? contact.b : contact.a).name : std::string(), contact.when};
  told.closest = metres_up(std::clamp(contact.closest_m, 0.0, 4e7));
  told.closest_at = contact.closest_at;
  told.place = first ? contact.place_a : contact.place_b;
  if (!tracks_) {
    told.closest = up_to_hundred(told.closest);
    return told;
  }
  told.other_place = first ? contact.place_b : contact.place_a;
  told.relative_mmps = thousandths_of(contact.relative_mps);
  told.most_relative_mmps = thousandths_of(contact.most_relative_mps);
  return told;
}

/// The closest first. Without tracks, one for each own unit: not even how many the others were.
void Account::list_contacts(const live::Encounter& encounter, model::EncounterClosed& closed) const {
  std::vector<const live::Contact*> all;
  for (const live::Contact& each : encounter.contacts) all.push_back(&each);
  std::sort(all.begin(), all.end(), [](const live::Contact* x, const live::Contact* y) {
    return std::tuple(x->closest_m, x->when.from, x->a, x->b) < std::tuple(y->closest_m, y->when.from, y->a, y->b);
  });
  for (const live::Contact* each : all) {
    model::EncounterContact told = contact(*each);
    const auto known = std::find_if(closed.listed.begin(), closed.listed.end(),
                                    [&](const model::EncounterContact& other) { return !tracks_ && other.unit == told.unit; });
    if (known != closed.listed.end()) {
      known->when = {std::min(known->when.from, told.when.from), std::max(known->when.to, told.when.to)};
      continue;
    }
    if (tracks_ || closed.listed.size() < model::kMostListed) ++closed.contacts;
    if (closed.listed.size() < model::kMostListed) closed.listed.push_back(std::move(told));
  }
}

model::FixesOf Account::fixes_of(const live::RestsOn& rests) {
  model::FixesOf fixes{named(rests.unit), static_cast<std::uint32_t>(rests.fixes.size()), {}};
  const std::vector<Watch::House::Run>& runs = house_.runs[rests.unit.value];
  for (const Instant at : rests.fixes) {
    if (refs_left_ == 0 || fixes.which.size() == model::kMostFixRefs) break;
    const auto run = std::partition_point(runs.begin(), runs.end(), [at](const Watch::House::Run& each) { return each.to < at; });
    if (run == runs.end() || run->from > at) continue;
    fixes.which.push_back({run->batch, at});
    --refs_left_;
  }
  return fixes;
}

model::ConductCandidate Account::candidate(const live::Candidate& found) {
  model::ConductCandidate told;
  told.conduct = std::string(live::name_of(found.conduct));
  told.by = named(found.by);
  told.upon = named(found.upon);
  // Of a column that one may not see not even that it is one.
  told.also_upon = named(found.also_upon);
  std::erase_if(told.also_upon, [](const model::EncounterUnit& each) { return each.unit.empty(); });
  told.when = found.when;
  told.clause = house_.tests.clause[static_cast<std::size_t>(found.conduct)];
  for (std::size_t i = 0; i < live::kLimitCount; ++i)
    if (live::limit_rows()[i].conduct == found.conduct)
      told.test.push_back({std::string(live::limit_rows()[i].name), house_.tests.thousandths[i]});
  // What was measured is of both, so it is for those alone that may read the tracks of both.
  if (tracks_)
    for (const live::ConductValue& each : found.values) told.values.push_back({std::string(each.name), each.thousandths});
  for (const live::RestsOn& each : found.rests_on)
    if (is_own(each.unit) || tracks_) told.rests_on.push_back(fixes_of(each));
  return told;
}

model::NotReported Account::not_reported(const live::Unreported& found) const {
  model::NotReported told{std::string(live::name_of(found.conduct)),
                          std::string(live::name_of(found.why)),
                          named(found.by),
                          named(found.upon),
                          found.when,
                          {},
                          {}};
  const bool may = tracks_ || (found.of && is_own(*found.of));
  if (!may || found.needed == 0) return told;
  told.found = model::NamedNumber{"found", found.found};
  told.needed = model::NamedNumber{"needed", found.needed};
  return told;
}

model::EncounterClosed Account::of(const live::Encounter& encounter, const live::Findings& findings) {
  model::EncounterClosed closed;
  closed.ended = over_of(encounter.ended);
  closed.when = encounter.when;
  list_contacts(encounter, closed);
  closed.candidates_found = static_cast<std::uint32_t>(findings.candidates.size());
  for (const live::Candidate& each : findings.candidates)
    if (closed.candidates.size() < model::kMostListed) closed.candidates.push_back(candidate(each));
  for (const live::Unreported& each : findings.unreported)
    if (closed.not_reported.size() < model::kMostListed) closed.not_reported.push_back(not_reported(each));
  return closed;
}

}  // namespace

void Watch::House::opened(const AgreementState& terms, const live::EncounterEvent& event, Telling& telling) {
  if (event.encounter.contacts.empty()) return;
  const live::Contact& first = event.encounter.contacts.front();
  const std::array<live::UnitIndex, 2> pair{first.a, first.b};
  ToldEncounter sides{{live.units()[first.a].party, live.units()[first.b].party}, {}, {}};
  if (!compared(*terms.agreement, sides.parties[0], sides.parties[1])) return;
  for (std::size_t side = 0; side < 2; ++side) {
    const live::Unit &own = live.units()[pair[side]], &other = live.units()[pair[1 - side]];
    const auto used = terms.agreement->positions(other.party, own.party);
    model::EncounterOpened said;
    said.agreement = agreement;
    said.clause = used.clause;
    said.unit = own.name;
    said.fix = heard[pair[side].value].fix;
    said.other_party = other.party;
    if (used.use == model::PositionUse::tracks) said.other_unit = other.name;
    said.at = event.at;
    said.within = live.encounters().limits().within;
    Draft draft = finding(model::EntryKind::encounter_opened, {own.party}, {heard[pair[side].value].batch}, model::to_json(said));
    if (telling.recalls()) sides.unsaid[side] = draft;
    sides.entries[side] = telling.say(std::move(draft));
  }
  encounters.emplace(event.encounter.number, std::move(sides));
}

void Watch::House::closed(const AgreementState& terms, const live::EncounterEvent& event, Telling& telling) {
  const auto at = encounters.find(event.encounter.number);
  if (at == encounters.end()) return;
  live::Findings findings;
  const bool joined = event.encounter.ended == live::EncounterEnd::joined;
  if (!joined) {
    const bool many = event.encounter.contacts.size() > kMostTested;
    const live::Encounter part = many ? closest_of(event.encounter, kMostTested) : live::Encounter{};
    const live::Encounter& tested = many ? part : event.encounter;
    findings = live::find_conduct(live.units(), tested, tests, around(tested));
  }
  for (std::size_t side = 0; side < 2; ++side) {
    const auto& entry = at->second.entries[side];
    if (!entry) continue;
    const std::string &own = at->second.parties[side], &other = at->second.parties[1 - side];
    const bool tracks = terms.agreement->positions(other, own).use == model::PositionUse::tracks;
    model::EncounterClosed said = Account(*this, own, tracks).of(event.encounter, findings);
    if (joined)
      if (const auto into = encounters.find(event.encounter.joined); into != encounters.end())
        said.joined = into->second.entries[side];
    telling.say(finding(model::EntryKind::encounter_closed, {own}, {*entry}, model::to_json(said)));
  }
  encounters.erase(at);
}

/// The ways that were notified, of those in the encounter.
live::Surroundings Watch::House::around(const live::Encounter& encounter) const {
  live::Surroundings around;
  for (const live::UnitTrack& track : encounter.tracks) {
    const std::uint32_t number = live.watcher().movement_of(track.unit);
    if (number == live::kNoMovement) continue;
    const geo::Plan& plan = live.watcher().movement(number).plan;
    if (plan.shape() != geo::Plan::Shape::route || plan.pieces().empty()) continue;
    live::Way way;
    for (const geo::Piece& piece : plan.pieces()) way.line.push_back(piece.from);
    way.line.push_back(plan.pieces().back().from + plan.pieces().back().along);
    way.half_width_m = plan.half_width().metres();
    around.ways.emplace(track.unit, std::move(way));
  }
  return around;
}

}  // namespace wideberth::core
