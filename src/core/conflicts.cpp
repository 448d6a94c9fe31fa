#include "core/conflicts.h"

#include <algorithm>

#include "core/rulings.h"

namespace wideberth::core {
namespace {

/// The other notification that a candidate is measured against, and what the two owe each other.
struct Against {
  const NotificationState* notification;
  const Revision* revision;
  model::Agreement::Owed owed;
};

bool sees_corridor(model::View view) { return view == model::View::full || view == model::View::corridor; }

/// The separation owed between the candidate and another standing notification; none between the platforms of one party.
std::optional<Against> against(const State& state, const Candidate& c, EntryIndex other) {
  const NotificationState* of = state.notification_at(other);
  if (of == nullptr || of->party == c.notification->party || of->latest().notification == nullptr) return std::nullopt;
  if (c.agreement->agreement->find_party(of->party) == nullptr) return std::nullopt;
  const auto owed = c.agreement->agreement->separation(c.notification->platform_class, of->latest().notification->platform_class);
  if (!owed) return std::nullopt;
  return Against{of, &of->latest(), *owed};
}

model::ConflictFound about(const Candidate& c, const Against& other) {
  model::ConflictFound found;
  found.agreement = c.agreement->id;
  found.clause = other.owed.clause;
  found.separation = other.owed.distance;
  return found;
}

/// A cell during its slot, as a plan. A cell that touches a pole is no polygon of four corners: the circle around it serves.
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
  area.rings = {{corner(0, 0), corner(1, 0), corner(1, 1), corner(0, 1), corner(0, 0)}};
  if (auto plan = geo::compile(area)) return std::move(*plan);
  const geo::Place a = corner(0, 0), b = corner(1, 1);
  geo::Area round;
  round.window = area.window;
  round.centre = geo::Place{a.lon_e7, a.lat_e7};
  round.radius = Metres::from_metres(static_cast<std::int64_t>(geo::distance_m(a, b)) + 1 + cell_e7 / 50);
  if (auto plan = geo::compile(round)) return std::move(*plan);
  return std::nullopt;
}

/// The first cell and slot of a hidden notification that a plan comes too near to: a function of the disclosed outline and
/// of the reader's own plan alone.
std::optional<model::CoarseConflict> first_cell(const geo::Plan& plan, const model::Notification& hidden, Metres separation,
                                                const model::Agreement::Disclosed& grain) {
  const auto cells = model::cells_of(hidden, grain.cell_e7, grain.slot);
  if (!cells) return std::nullopt;
  for (const model::CellSlot& cell : *cells) {
    const auto box = cell_plan(cell, grain.cell_e7, grain.slot);
    if (box && geo::meet(plan, *box, separation))
      return model::CoarseConflict{cell.south_west, grain.cell_e7, {cell.from, cell.from + grain.slot}};
  }
  return std::nullopt;
}

Draft coarse(model::ConflictFound found, const std::string& own_id, EntryIndex own_revision, const std::string& reader,
             const std::string& other_party, const model::CoarseConflict& cell) {
  found.a = own_id;
  found.a_revision = own_revision;
  found.other_party = other_party;
  found.what = cell;
  return finding(model::EntryKind::conflict_found, {reader}, {own_revision}, model::to_json(found));
}

void add_exact(std::vector<Draft>& drafts, const Candidate& c, const Against& other, const geo::Meeting& meeting,
               bool candidate_told, bool other_told) {
  std::vector<std::string> to;
  if (candidate_told) to.push_back(c.notification->party);
  if (other_told) to.push_back(other.notification->party);
  if (to.empty()) return;
  model::ConflictFound found = about(c, other);
  found.a = c.id;
  found.b = other.notification->id;
  found.a_revision = c.revision;
  found.b_revision = other.revision->entry;
  found.other_party = other.notification->party;
  found.what = model::ExactConflict{meeting};
  drafts.push_back(
      finding(model::EntryKind::conflict_found, std::move(to), {c.revision, other.revision->entry}, model::to_json(found)));
}

}  // namespace

std::vector<Draft> find_conflicts(const State& state, const Candidate& c) {
  std::map<EntryIndex, geo::Meeting> exact;
  const auto owed = [&](EntryIndex other) -> std::optional<Metres> {
    const auto pair = against(state, c, other);
    return pair ? std::optional(pair->owed.distance) : std::nullopt;
  };
  for (auto& hit : state.index.search(*c.plan, c.notification->party, owed)) exact.emplace(hit.key, std::move(hit.meeting));

  std::vector<Draft> drafts;
  const std::string& party = c.notification->party;
  for (const auto& [id, each] : state.notifications) {
    if (each.standing != Standing::standing || each.party == party) continue;
    const auto other = against(state, c, each.latest().entry);
    if (!other) continue;
    const auto to_candidate = c.agreement->agreement->disclosure(each.party, party);
    const auto to_other = c.agreement->agreement->disclosure(party, each.party);
    const auto meeting = exact.find(each.latest().entry);
    if (meeting != exact.end())
      add_exact(drafts, c, *other, meeting->second, sees_corridor(to_candidate.view), sees_corridor(to_other.view));
    if (!sees_corridor(to_candidate.view))
      if (const auto cell = first_cell(*c.plan, *other->revision->notification, other->owed.distance, to_candidate))
        drafts.push_back(coarse(about(c, *other), c.id, c.revision, party, each.party, *cell));
    if (!sees_corridor(to_other.view) && other->revision->plan != nullptr)
      if (const auto cell = first_cell(*other->revision->plan, *c.notification, other->owed.distance, to_other))
        drafts.push_back(coarse(about(c, *other), each.id, other->revision->entry, each.party, party, *cell));
  }
  return drafts;
}

}  // namespace wideberth::core
