#include "core/conflicts.h"

#include <algorithm>
#include <tuple>

#include "core/cells.h"

namespace wideberth::core {
namespace {

constexpr Metres kAtTheEdge = Metres::from_metres(1);

/// The other notification that a candidate is measured against, what the two owe each other, and what each side may know.
struct Against {
  const NotificationState* notification;
  const Revision* revision;
  std::optional<model::Agreement::Owed> owed;  ///< none where their classes owe each other nothing
  model::Agreement::Disclosed to_candidate;    ///< what the candidate's side gets of the other
  model::Agreement::Disclosed to_other;        ///< what the other's side gets of the candidate
};

/// None between the platforms of one party, and where neither's agreement names the other's side. What a side gets is said by
/// the agreement under which the other filed, whatever a further agreement between them says.
std::optional<Against> against(const State& state, const Candidate& c, EntryIndex other) {
  const NotificationState* of = state.notification_at(other);
  if (of == nullptr || of->party == c.notification->party || of->latest().notification == nullptr) return std::nullopt;
  // In a direct log, what two others owe each other is their own logs' affair.
  const auto& direct = state.opening->direct;
  if (direct && of->party != direct->keeper && c.notification->party != direct->keeper) return std::nullopt;
  const AgreementState* theirs = state.agreement(of->agreement);
  if (theirs == nullptr || theirs->agreement->find_party(c.notification->party) == nullptr) return std::nullopt;
  if (state.pacts.has_left(theirs->id, c.notification->party)) return std::nullopt;
  if (c.agreement->agreement->find_party(of->party) == nullptr) return std::nullopt;
  return Against{of, &of->latest(),
                 c.agreement->agreement->separation(c.notification->platform_class, of->latest().notification->platform_class),
                 theirs->agreement->disclosure(of->party, c.notification->party),
                 c.agreement->agreement->disclosure(c.notification->party, of->party)};
}

model::ConflictFound about(const Candidate& c, const model::Agreement::Owed& owed) {
  model::ConflictFound found;
  found.agreement = c.agreement->id;
  found.clause = owed.clause;
  found.separation = owed.distance;
  return found;
}

Draft exact(const Candidate& c, const Against& other, const geo::Meeting& meeting, std::vector<std::string> to) {
  model::ConflictFound found = about(c, *other.owed);
  found.a = c.id;
  found.b = other.notification->id;
  found.a_revision = c.revision;
  found.b_revision = other.revision->entry;
  found.other_party = other.notification->party;
  found.what = model::ExactConflict{meeting};
  return finding(model::EntryKind::conflict_found, std::move(to), {c.revision, other.revision->entry}, model::to_json(found));
}

/// A cell that one side is told, and the separation that it was found with.
struct Told {
  model::Agreement::Owed owed;
  model::CoarseConflict cell;
};

Draft coarse_to_candidate(const Candidate& c, const Against& other, const Told& told) {
  return coarse(about(c, told.owed), c.id, c.revision, c.notification->party, other.notification->party, told.cell);
}

Draft coarse_to_other(const Candidate& c, const Against& other, const Told& told) {
  return coarse(about(c, told.owed), other.notification->id, other.revision->entry, other.notification->party,
                c.notification->party, told.cell);
}

/// A candidate being measured: what is computed once for all the others.
class Search {
 public:
  Search(const State& state, const Candidate& candidate) : state_{state}, c_{candidate}, party_{candidate.notification->party} {}

  std::vector<Draft> find(Walk walk);

 private:
  using Others = std::map<std::string_view, const NotificationState*>;  // by id

  const Outline& own_outline(const Grain& grain);
  std::optional<model::CoarseConflict> first_near(const Outline& hidden, Metres widest);
  std::optional<Told> told_to_other(const Against& other, bool must);
  void add_hidden(const Against& other, const geo::Meeting* meeting);
  void add_seen(const Against& other, const geo::Meeting* meeting);
  void add(const Against& other, const geo::Meeting* meeting);

  bool may_hide() const;
  bool hides(const NotificationState& of) const;
  void add_all(Others& others) const;
  bool add_hidden_near(Others& others) const;
  void add_near_own(Others& others);
  std::optional<Metres> owed_by_outline(EntryIndex other, const Grain& grain) const;

  const State& state_;
  const Candidate& c_;
  const std::string& party_;
  std::vector<Draft> drafts_;
  std::map<Grain, Outline> own_;
  std::map<std::tuple<Grain, std::int32_t, std::int32_t, Instant>, bool> near_;  // whether our plan comes near that cell
};

/// Our own outline, as somebody gets it.
const Outline& Search::own_outline(const Grain& grain) {
  const auto known = own_.find(grain);
  return known != own_.end() ? known->second : own_.emplace(grain, Outline(*c_.notification, grain)).first->second;
}

/// As Outline::first_near with our plan; many hidden ones lie in the same cells.
std::optional<model::CoarseConflict> Search::first_near(const Outline& hidden, Metres widest) {
  const Interval span = c_.plan->span();
  for (const model::CellSlot& cell : hidden.cells) {
    if (!hidden.during(cell, span)) continue;
    const auto [known, fresh] =
        near_.try_emplace({hidden.grain, cell.south_west.lon_e7, cell.south_west.lat_e7, cell.from}, false);
    if (fresh) {
      const auto box = hidden.plan_of(cell);
      known->second = box && geo::meet(*c_.plan, *box, widest);
    }
    if (known->second) return hidden.say(cell);
  }
  return std::nullopt;
}

/// What the other side is told of a candidate of which it gets cells and slots alone. Where its own plan comes near none of
/// them, but it must be told that a check happened, the first cell that its own outline comes near to.
std::optional<Told> Search::told_to_other(const Against& other, bool must) {
  const Outline& theirs = own_outline(grain_of(other.to_other));
  auto owed = widest_owed(*c_.agreement->agreement, other.revision->notification->platform_class);
  if (owed && other.revision->plan)
    if (const auto cell = theirs.first_near(*other.revision->plan, owed->distance)) return Told{*owed, *cell};
  if (!must) return std::nullopt;
  if (!owed) owed = widest_owed(*c_.agreement->agreement, c_.notification->platform_class);
  const Outline own(*other.revision->notification, grain_of(other.to_candidate));
  if (!owed || own.cells.empty()) return std::nullopt;
  const auto cell = theirs.first_near(own, owed->distance, std::nullopt);
  return Told{*owed, cell ? *cell : own.say(own.cells.front())};
}

/// The candidate's side does not see the other's corridor. Whether anything is told, and how many entries, hangs on what the
/// candidate's side may know: were an entry more or less to hang on the hidden plan, the indices of the next entries would
/// tell it, one bit a filing. So both sides are told when the candidate comes near the disclosed cells, and neither when not.
void Search::add_hidden(const Against& other, const geo::Meeting* meeting) {
  const auto widest = widest_owed(*c_.agreement->agreement, c_.notification->platform_class);
  if (!widest) return;
  const Outline hidden(*other.revision->notification, grain_of(other.to_candidate));
  const auto cell = first_near(hidden, widest->distance);
  if (!cell) return;
  drafts_.push_back(coarse_to_candidate(c_, other, Told{*widest, *cell}));
  if (meeting != nullptr && is_exact(other.to_other.view))
    drafts_.push_back(exact(c_, other, *meeting, {other.notification->party}));
  else if (const auto told = told_to_other(other, true))
    drafts_.push_back(coarse_to_other(c_, other, *told));
}

/// The candidate's side sees the other's corridor and the other does not see the candidate's: the same, with the sides
/// exchanged. A candidate that does not meet the other is told the cell of its own that the other was told.
void Search::add_seen(const Against& other, const geo::Meeting* meeting) {
  const auto told = told_to_other(other, false);
  if (meeting != nullptr)
    drafts_.push_back(exact(c_, other, *meeting, {party_}));
  else if (told)
    drafts_.push_back(coarse_to_candidate(c_, other, *told));
  if (told) drafts_.push_back(coarse_to_other(c_, other, *told));
}

void Search::add(const Against& other, const geo::Meeting* meeting) {
  // Nothing of the candidate goes to a side that has withdrawn; what that side disclosed before still counts for this one.
  if (state_.pacts.has_left(c_.agreement->id, other.notification->party)) {
    if (meeting != nullptr && is_exact(other.to_candidate.view)) drafts_.push_back(exact(c_, other, *meeting, {party_}));
    return;
  }
  if (!is_exact(other.to_candidate.view)) return add_hidden(other, meeting);
  if (!is_exact(other.to_other.view)) return add_seen(other, meeting);
  if (meeting != nullptr) drafts_.push_back(exact(c_, other, *meeting, {party_, other.notification->party}));
}

/// Whether anybody who could be told of the candidate hides something from its side, or its side from them: where all see
/// exactly, the record need not be gone through.
bool Search::may_hide() const {
  const auto sees = [](const model::Agreement& agreement, const std::string& from, const std::string& to) {
    return is_exact(agreement.disclosure(from, to).view);
  };
  for (const model::Party& other : c_.agreement->agreement->parties) {
    if (other.party == party_) continue;
    if (!sees(*c_.agreement->agreement, party_, other.party)) return true;
    for (const auto& [id, each] : state_.agreements) {
      const bool both = each.agreement->find_party(party_) != nullptr && each.agreement->find_party(other.party) != nullptr;
      if (both && !sees(*each.agreement, other.party, party_)) return true;
    }
  }
  return false;
}

/// Whether the findings between the two sides may hang on an outline: then the other side's notification is looked at, met or
/// not.
bool Search::hides(const NotificationState& of) const {
  const AgreementState* theirs = state_.agreement(of.agreement);
  if (theirs == nullptr) return false;
  return !is_exact(theirs->agreement->disclosure(of.party, party_).view) ||
         !is_exact(c_.agreement->agreement->disclosure(party_, of.party).view);
}

/// Everybody whose findings may hang on an outline.
void Search::add_all(Others& others) const {
  std::map<std::pair<std::string_view, std::string_view>, bool> hidden;  // (their party, their agreement): asked once
  for (const auto& [id, each] : state_.notifications) {
    if (each.standing != Standing::standing || each.party == party_) continue;
    const auto [known, fresh] = hidden.try_emplace({each.party, each.agreement}, false);
    if (fresh) known->second = hides(each);
    if (known->second) others.emplace(id, &each);
  }
}

/// Those of which a disclosed cell may be near our plan. False where the index cannot tell.
bool Search::add_hidden_near(Others& others) const {
  const auto widest = widest_owed(*c_.agreement->agreement, c_.notification->platform_class);
  if (!widest) return true;
  for (const Grain& grain : state_.outlines.grains()) {
    const auto near = state_.outlines.near(*c_.notification, widest->distance, grain);
    if (!near) return false;
    for (const EntryIndex revision : *near) {
      const NotificationState* of = state_.notification_at(revision);
      if (of->party != party_) others.emplace(of->id, of);
    }
  }
  return true;
}

/// What a side that sees our outline alone is owed where we see its corridor; more by a metre, so that what is exactly at the
/// edge is asked again and not decided here.
std::optional<Metres> Search::owed_by_outline(EntryIndex other, const Grain& grain) const {
  const auto pair = against(state_, c_, other);
  if (!pair || is_exact(pair->to_other.view) || grain_of(pair->to_other) != grain) return std::nullopt;
  const auto owed = widest_owed(*c_.agreement->agreement, pair->revision->notification->platform_class);
  return owed ? std::optional(owed->distance + kAtTheEdge) : std::nullopt;
}

/// Those whose plan comes near a cell and slot of ours: the slots of a cell that follow one another are asked as one.
void Search::add_near_own(Others& others) {
  const Metres widest = c_.agreement->agreement->widest_separation().value_or(Metres{}) + kAtTheEdge;
  for (const Grain& grain : coarse_grains(*c_.agreement->agreement, party_)) {
    std::map<EntryIndex, std::optional<Metres>> asked;
    const auto owed = [&](EntryIndex other) {
      const auto [known, fresh] = asked.try_emplace(other);
      if (fresh) known->second = owed_by_outline(other, grain);
      return known->second;
    };
    for (const CellRun& run : runs_of(own_outline(grain).cells, grain.slot)) {
      const auto box = cell_plan(run.south_west, grain.cell_e7, {run.first, run.last + grain.slot});
      if (!box) continue;
      for (const conflict::Near& near : state_.index.near(*box, party_, owed, widest)) {
        const NotificationState* of = state_.notification_at(near.key);
        others.emplace(of->id, of);
      }
    }
  }
}

std::vector<Draft> Search::find(Walk walk) {
  std::map<EntryIndex, geo::Meeting> meetings;
  const auto owed = [&](EntryIndex other) -> std::optional<Metres> {
    const auto pair = against(state_, c_, other);
    return pair && pair->owed ? std::optional(pair->owed->distance) : std::nullopt;
  };
  const Metres widest = c_.agreement->agreement->widest_separation().value_or(Metres{});
  for (auto& hit : state_.index.search(*c_.plan, party_, owed, widest)) meetings.emplace(hit.key, std::move(hit.meeting));

  // By the other's id. Who is met is looked at, and who may be told of outlines.
  Others others;
  for (const auto& [revision, meeting] : meetings) {
    const NotificationState* of = state_.notification_at(revision);
    others.emplace(of->id, of);
  }
  if (may_hide()) {
    if (walk == Walk::all || !add_hidden_near(others))
      add_all(others);
    else
      add_near_own(others);
  }
  for (const auto& [id, each] : others) {
    const auto other = against(state_, c_, each->latest().entry);
    if (!other) continue;
    const auto meeting = meetings.find(each->latest().entry);
    add(*other, meeting == meetings.end() ? nullptr : &meeting->second);
  }
  return std::move(drafts_);
}

}  // namespace

std::vector<Draft> find_conflicts(const State& state, const Candidate& candidate, Walk walk) {
  std::vector<Draft> drafts = Search(state, candidate).find(walk);
  for (Draft& each : meet_outlines(state, candidate)) drafts.push_back(std::move(each));
  return drafts;
}

}  // namespace wideberth::core
