#include "core/cells.h"

namespace wideberth::core {

Outline::Outline(const model::Notification& hidden, const Grain& as) : grain(as) {
  if (auto found = model::cells_of(hidden, grain.cell_e7, grain.slot)) cells = std::move(*found);
}

Outline::Outline(const model::Outline& said) : cells(said.cells), grain{said.cell_e7, said.slot} {}

bool Outline::during(const model::CellSlot& cell, const Interval& span) const {
  return Interval{cell.from, cell.from + grain.slot}.meets(span);
}

std::optional<geo::Plan> Outline::plan_of(const model::CellSlot& cell) const {
  return cell_plan(cell.south_west, grain.cell_e7, {cell.from, cell.from + grain.slot});
}

model::CoarseConflict Outline::say(const model::CellSlot& cell) const {
  return {cell.south_west, grain.cell_e7, {cell.from, cell.from + grain.slot}};
}

std::optional<model::CoarseConflict> Outline::first_near(const geo::Plan& plan, Metres separation) const {
  const Interval span = plan.span();
  for (const model::CellSlot& cell : cells) {
    if (!during(cell, span)) continue;
    const auto box = plan_of(cell);
    if (box && geo::meet(plan, *box, separation)) return say(cell);
  }
  return std::nullopt;
}

std::optional<model::CoarseConflict> Outline::first_near(const Outline& own, Metres separation,
                                                         const std::optional<model::CoarseConflict>& beyond) const {
  constexpr std::size_t kMostPairs = 200'000;
  std::size_t asked = 0;
  for (const model::CellSlot& other : own.cells) {
    const auto plan = own.plan_of(other);
    if (!plan) continue;
    for (const model::CellSlot& cell : cells) {
      if (++asked > kMostPairs) return beyond;
      if (!during(cell, plan->span())) continue;
      const auto box = plan_of(cell);
      if (box && geo::meet(*plan, *box, separation)) return say(cell);
    }
  }
  return std::nullopt;
}

Grain grain_of(const model::Agreement::Disclosed& as) { return {as.cell_e7, as.slot}; }

std::optional<model::Agreement::Owed> widest_owed(const model::Agreement& agreement, std::string_view platform_class) {
  std::optional<model::Agreement::Owed> widest;
  for (const std::string& other : agreement.platform_classes)
    if (auto owed = agreement.separation(platform_class, other); owed && (!widest || owed->distance > widest->distance))
      widest = std::move(owed);
  return widest;
}

Draft coarse(model::ConflictFound found, const std::string& own_id, EntryIndex own_revision, const std::string& reader,
             const std::string& other_party, const model::CoarseConflict& cell) {
  found.a = own_id;
  found.a_revision = own_revision;
  found.other_party = other_party;
  found.what = cell;
  return finding(model::EntryKind::conflict_found, {reader}, {own_revision}, model::to_json(found));
}

namespace {

model::ConflictFound about_owed(const AgreementState& agreement, const model::Agreement::Owed& owed) {
  model::ConflictFound found;
  found.agreement = agreement.id;
  found.clause = owed.clause;
  found.separation = owed.distance;
  return found;
}

/// The most that anything owes to anything: told where not even one's own class may show.
std::optional<model::Agreement::Owed> widest_of_all(const model::Agreement& agreement) {
  std::optional<model::Agreement::Owed> widest;
  for (const std::string& each : agreement.platform_classes)
    if (auto owed = widest_owed(agreement, each); owed && (!widest || owed->distance > widest->distance))
      widest = std::move(owed);
  return widest;
}

std::optional<model::CoarseConflict> first_of(const Outline& outline) {
  if (outline.cells.empty()) return std::nullopt;
  return outline.say(outline.cells.front());
}

/// One of the keeper's own against an outline of another side.
struct Facing {
  const NotificationState* own;
  const Revision* revision;
  model::Agreement::Disclosed to_other;  ///< what the outline's side gets of it
};

/// The cell that the outline's side is told, and the one that the keeper is told; none where nothing follows.
struct Pair {
  model::Agreement::Owed owed;
  model::CoarseConflict to_other, to_own;
};

std::optional<Pair> measure(const model::Agreement& agreement, const Facing& facing, const Outline& outline) {
  const model::Notification& own = *facing.revision->notification;
  const auto own_owed = widest_owed(agreement, own.platform_class);
  const auto near = own_owed ? outline.first_near(*facing.revision->plan, own_owed->distance) : std::nullopt;
  if (is_exact(facing.to_other.view)) {
    if (!near) return std::nullopt;
    return Pair{*own_owed, *near, *near};
  }
  const auto owed = widest_of_all(agreement);
  const Outline shown(own, grain_of(facing.to_other));
  if (!owed || shown.cells.empty()) return std::nullopt;
  const auto cell = shown.first_near(outline, owed->distance, first_of(shown));
  if (!cell) return std::nullopt;
  return Pair{*owed, *cell,
              near ? *near : outline.first_near(shown, owed->distance, first_of(outline)).value_or(*first_of(outline))};
}

}  // namespace

std::vector<Draft> find_conflicts(const State& state, const OutlineCandidate& c) {
  std::vector<Draft> drafts;
  const Outline outline(*c.outline);
  const Interval span = model::window_of(*c.outline);
  for (const auto& [id, each] : state.notifications) {
    if (each.standing != Standing::standing || each.party != state.opening->direct->keeper) continue;
    const Revision& revision = each.latest();
    const AgreementState* under = state.agreement(each.agreement);
    if (!revision.plan || under == nullptr || under->agreement->find_party(c.outline->party) == nullptr) continue;
    const auto shown = under->agreement->disclosure(each.party, c.outline->party);
    // What is far away in time is passed over by its slots, which its outline shows too, and never by its own windows.
    const Interval window{model::slot_of(revision.window.from, shown.slot) - shown.slot, revision.plan->span().to + shown.slot};
    if (is_exact(shown.view) && !window.meets(span)) continue;
    const auto pair = measure(*c.agreement->agreement, {&each, &revision, shown}, outline);
    if (!pair) continue;
    const auto found = about_owed(*c.agreement, pair->owed);
    drafts.push_back(coarse(found, c.id, c.revision, c.outline->party, each.party, pair->to_other));
    drafts.push_back(coarse(found, id, revision.entry, each.party, c.outline->party, pair->to_own));
  }
  return drafts;
}

std::vector<Draft> meet_outlines(const State& state, const Candidate& c) {
  std::vector<Draft> drafts;
  const auto owed = widest_owed(*c.agreement->agreement, c.notification->platform_class);
  const std::string& party = c.notification->party;
  if (!owed) return drafts;
  for (const EntryIndex entry : state.outlines_alone) {
    const NotificationState* of = state.notification_at(entry);
    const AgreementState* theirs = of == nullptr ? nullptr : state.agreement(of->agreement);
    if (theirs == nullptr || of->party == party || theirs->agreement->find_party(party) == nullptr) continue;
    if (c.agreement->agreement->find_party(of->party) == nullptr) continue;
    const Outline outline(*of->latest().outline);
    const auto near = outline.first_near(*c.plan, owed->distance);
    if (!near) continue;
    const auto shown = c.agreement->agreement->disclosure(party, of->party);
    model::CoarseConflict told = *near;
    if (!is_exact(shown.view)) {
      const Outline own(*c.notification, grain_of(shown));
      const auto cell = own.first_near(outline, owed->distance, first_of(own));
      if (const auto say = cell ? cell : first_of(own)) told = *say;
    }
    const auto found = about_owed(*c.agreement, *owed);
    drafts.push_back(coarse(found, c.id, c.revision, party, of->party, *near));
    drafts.push_back(coarse(found, of->id, of->latest().entry, of->party, party, told));
  }
  return drafts;
}

}  // namespace wideberth::core
