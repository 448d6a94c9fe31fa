#include "core/conflicts.h"

#include <algorithm>

#include "core/rulings.h"

namespace wideberth::core {
namespace {

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
  const AgreementState* theirs = state.agreement(of->agreement);
  if (theirs == nullptr || theirs->agreement->find_party(c.notification->party) == nullptr) return std::nullopt;
  if (c.agreement->agreement->find_party(of->party) == nullptr) return std::nullopt;
  return Against{of, &of->latest(),
                 c.agreement->agreement->separation(c.notification->platform_class, of->latest().notification->platform_class),
                 theirs->agreement->disclosure(of->party, c.notification->party),
                 c.agreement->agreement->disclosure(c.notification->party, of->party)};
}

/// The most that a class owes to any other: who may not know the other's class is not told by a distance. None where it owes
/// nothing to anybody.
std::optional<model::Agreement::Owed> widest_owed(const model::Agreement& agreement, std::string_view platform_class) {
  std::optional<model::Agreement::Owed> widest;
  for (const std::string& other : agreement.platform_classes)
    if (auto owed = agreement.separation(platform_class, other); owed && (!widest || owed->distance > widest->distance))
      widest = std::move(owed);
  return widest;
}

model::ConflictFound about(const Candidate& c, const model::Agreement::Owed& owed) {
  model::ConflictFound found;
  found.agreement = c.agreement->id;
  found.clause = owed.clause;
  found.separation = owed.distance;
  return found;
}

/// A cell during its slot, as a plan, at every height. A cell that touches a pole is no polygon of four corners: the circle
/// around it serves.
std::optional<geo::Plan> cell_plan(const model::CellSlot& cell, std::int32_t cell_e7, Millis slot) {
  geo::Area area;
  const geo::Place sw = cell.south_west;
  const auto corner = [&](int east, int north) {
    const std::int64_t lon = std::int64_t{sw.lon_e7} + east * std::int64_t{cell_e7};
    const std::int64_t lat = std::min<std::int64_t>(std::int64_t{sw.lat_e7} + north * std::int64_t{cell_e7}, 900'000'000);
    return geo::Place{static_cast<std::int32_t>(lon > 1'800'000'000 ? lon - 3'600'000'000 : lon), static_cast<std::int32_t>(lat)};
  };
  area.window = {cell.from, cell.from + slot};
  area.line = geo::Line::lon_lat_linear;
  area.altitude = geo::AltitudeBand{Metres{}, Metres::from_metres(geo::kMaxAltitudeMetres)};
  area.rings = {{corner(0, 0), corner(1, 0), corner(1, 1), corner(0, 1), corner(0, 0)}};
  if (auto plan = geo::compile(area)) return std::move(*plan);
  const geo::Place a = corner(0, 0), b = corner(1, 1);
  area.rings.clear();
  area.centre = geo::Place{a.lon_e7, a.lat_e7};
  area.radius = Metres::from_metres(static_cast<std::int64_t>(geo::distance_m(a, b)) + 1 + cell_e7 / 50);
  if (auto plan = geo::compile(area)) return std::move(*plan);
  return std::nullopt;
}

/// An outline as its reader holds it.
struct Outline {
  std::vector<model::CellSlot> cells;
  model::Agreement::Disclosed grain;

  Outline(const model::Notification& hidden, const model::Agreement::Disclosed& as) : grain(as) {
    if (auto found = model::cells_of(hidden, grain.cell_e7, grain.slot)) cells = std::move(*found);
  }
  bool during(const model::CellSlot& cell, const Interval& span) const {
    return Interval{cell.from, cell.from + grain.slot}.meets(span);
  }
  model::CoarseConflict say(const model::CellSlot& cell) const {
    return {cell.south_west, grain.cell_e7, {cell.from, cell.from + grain.slot}};
  }
  /// The first cell and slot that a plan comes too near to: a function of the outline and of the reader's own plan alone.
  std::optional<model::CoarseConflict> first_near(const geo::Plan& plan, Metres separation) const {
    const Interval span = plan.span();
    for (const model::CellSlot& cell : cells) {
      if (!during(cell, span)) continue;
      const auto box = cell_plan(cell, grain.cell_e7, grain.slot);
      if (box && geo::meet(plan, *box, separation)) return say(cell);
    }
    return std::nullopt;
  }
  /// The first cell and slot that the reader's own outline comes too near to: a function of the two outlines alone.
  std::optional<model::CoarseConflict> first_near(const Outline& own, Metres separation) const {
    constexpr std::size_t kMostPairs = 200'000;  // bounds the work: what is beyond is told as the reader's own first cell
    std::size_t asked = 0;
    for (const model::CellSlot& other : own.cells) {
      const auto plan = cell_plan(other, own.grain.cell_e7, own.grain.slot);
      if (!plan) continue;
      for (const model::CellSlot& cell : cells) {
        if (++asked > kMostPairs) return std::nullopt;
        if (!during(cell, plan->span())) continue;
        const auto box = cell_plan(cell, grain.cell_e7, grain.slot);
        if (box && geo::meet(*plan, *box, separation)) return say(cell);
      }
    }
    return std::nullopt;
  }
};

Draft coarse(model::ConflictFound found, const std::string& own_id, EntryIndex own_revision, const std::string& reader,
             const std::string& other_party, const model::CoarseConflict& cell) {
  found.a = own_id;
  found.a_revision = own_revision;
  found.other_party = other_party;
  found.what = cell;
  return finding(model::EntryKind::conflict_found, {reader}, {own_revision}, model::to_json(found));
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

/// What the other side is told of a candidate of which it gets cells and slots alone. Where its own plan comes near none of
/// them, but it must be told that a check happened, the first cell that its own outline comes near to.
std::optional<Told> told_to_other(const Candidate& c, const Against& other, bool must) {
  const Outline theirs(*c.notification, other.to_other);
  auto owed = widest_owed(*c.agreement->agreement, other.revision->notification->platform_class);
  if (owed && other.revision->plan)
    if (const auto cell = theirs.first_near(*other.revision->plan, owed->distance)) return Told{*owed, *cell};
  if (!must) return std::nullopt;
  if (!owed) owed = widest_owed(*c.agreement->agreement, c.notification->platform_class);
  const Outline own(*other.revision->notification, other.to_candidate);
  if (!owed || own.cells.empty()) return std::nullopt;
  const auto cell = theirs.first_near(own, owed->distance);
  return Told{*owed, cell ? *cell : own.say(own.cells.front())};
}

Draft coarse_to_candidate(const Candidate& c, const Against& other, const Told& told) {
  return coarse(about(c, told.owed), c.id, c.revision, c.notification->party, other.notification->party, told.cell);
}

Draft coarse_to_other(const Candidate& c, const Against& other, const Told& told) {
  return coarse(about(c, told.owed), other.notification->id, other.revision->entry, other.notification->party,
                c.notification->party, told.cell);
}

/// The candidate's side does not see the other's corridor. Whether anything is told, and how many entries, hangs on what the
/// candidate's side may know: were an entry more or less to hang on the hidden plan, the indices of the next entries would
/// tell it, one bit a filing. So both sides are told when the candidate comes near the disclosed cells, and neither when not.
void add_hidden(std::vector<Draft>& drafts, const Candidate& c, const Against& other, const geo::Meeting* meeting) {
  const auto widest = widest_owed(*c.agreement->agreement, c.notification->platform_class);
  if (!widest) return;
  const Outline hidden(*other.revision->notification, other.to_candidate);
  const auto cell = hidden.first_near(*c.plan, widest->distance);
  if (!cell) return;
  drafts.push_back(coarse_to_candidate(c, other, Told{*widest, *cell}));
  if (meeting != nullptr && is_exact(other.to_other.view))
    drafts.push_back(exact(c, other, *meeting, {other.notification->party}));
  else if (const auto told = told_to_other(c, other, true))
    drafts.push_back(coarse_to_other(c, other, *told));
}

/// The candidate's side sees the other's corridor and the other does not see the candidate's: the same, with the sides
/// exchanged. A candidate that does not meet the other is told the cell of its own that the other was told.
void add_seen(std::vector<Draft>& drafts, const Candidate& c, const Against& other, const geo::Meeting* meeting) {
  const auto told = told_to_other(c, other, false);
  if (meeting != nullptr)
    drafts.push_back(exact(c, other, *meeting, {c.notification->party}));
  else if (told)
    drafts.push_back(coarse_to_candidate(c, other, *told));
  if (told) drafts.push_back(coarse_to_other(c, other, *told));
}

void add(std::vector<Draft>& drafts, const Candidate& c, const Against& other, const geo::Meeting* meeting) {
  if (!is_exact(other.to_candidate.view)) return add_hidden(drafts, c, other, meeting);
  if (!is_exact(other.to_other.view)) return add_seen(drafts, c, other, meeting);
  if (meeting != nullptr) drafts.push_back(exact(c, other, *meeting, {c.notification->party, other.notification->party}));
}

/// Whether anybody who could be told of the candidate hides something from its side, or its side from them: where all see
/// exactly, the record need not be gone through.
bool may_hide(const State& state, const Candidate& c) {
  const std::string& own = c.notification->party;
  const auto exact = [](const model::Agreement& agreement, const std::string& from, const std::string& to) {
    return is_exact(agreement.disclosure(from, to).view);
  };
  for (const model::Party& other : c.agreement->agreement->parties) {
    if (other.party == own) continue;
    if (!exact(*c.agreement->agreement, own, other.party)) return true;
    for (const auto& [id, each] : state.agreements) {
      const bool both = each.agreement->find_party(own) != nullptr && each.agreement->find_party(other.party) != nullptr;
      if (both && !exact(*each.agreement, other.party, own)) return true;
    }
  }
  return false;
}

/// Whether the findings between the two sides may hang on an outline: then every notification of the other side is looked at,
/// met or not.
bool hides(const Candidate& c, const NotificationState& of, const AgreementState& theirs) {
  return !is_exact(theirs.agreement->disclosure(of.party, c.notification->party).view) ||
         !is_exact(c.agreement->agreement->disclosure(c.notification->party, of.party).view);
}

}  // namespace

std::vector<Draft> find_conflicts(const State& state, const Candidate& c) {
  std::map<EntryIndex, geo::Meeting> meetings;
  const auto owed = [&](EntryIndex other) -> std::optional<Metres> {
    const auto pair = against(state, c, other);
    return pair && pair->owed ? std::optional(pair->owed->distance) : std::nullopt;
  };
  const std::string& party = c.notification->party;
  const Metres widest = c.agreement->agreement->widest_separation().value_or(Metres{});
  for (auto& hit : state.index.search(*c.plan, party, owed, widest)) meetings.emplace(hit.key, std::move(hit.meeting));

  // By the other's id. Who is met is looked at, and who may be told of outlines.
  std::map<std::string_view, const NotificationState*> others;
  for (const auto& [revision, meeting] : meetings) {
    const NotificationState* of = state.notification_at(revision);
    others.emplace(of->id, of);
  }
  std::map<std::pair<std::string_view, std::string_view>, bool> hidden;  // (their party, their agreement): asked once
  if (may_hide(state, c)) {
    for (const auto& [id, each] : state.notifications) {
      if (each.standing != Standing::standing || each.party == party) continue;
      const auto [known, fresh] = hidden.try_emplace({each.party, each.agreement}, false);
      if (fresh) {
        const AgreementState* theirs = state.agreement(each.agreement);
        known->second = theirs != nullptr && hides(c, each, *theirs);
      }
      if (known->second) others.emplace(id, &each);
    }
  }

  std::vector<Draft> drafts;
  for (const auto& [id, each] : others) {
    const auto other = against(state, c, each->latest().entry);
    if (!other) continue;
    const auto meeting = meetings.find(each->latest().entry);
    add(drafts, c, *other, meeting == meetings.end() ? nullptr : &meeting->second);
  }
  return drafts;
}

}  // namespace wideberth::core
