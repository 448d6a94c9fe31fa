// Alternates compared as such: what may be driven instead of the route.
#include <algorithm>
#include <tuple>

#include "core/conflicts.h"
#include "core/rulings.h"

namespace wideberth::core {
namespace {

/// What the two owe each other, where each sees the other's corridor.
std::optional<model::Agreement::Owed> owed_in_sight(const State& state, const Candidate& c, EntryIndex other) {
  const NotificationState* of = state.notification_at(other);
  const std::string& party = c.notification->party;
  if (of == nullptr || of->party == party || of->latest().notification == nullptr) return std::nullopt;
  // In a direct log, what two others owe each other is their own logs' affair.
  const auto& direct = state.opening->direct;
  if (direct && of->party != direct->keeper && party != direct->keeper) return std::nullopt;
  const AgreementState* theirs = state.agreement(of->agreement);
  const model::Agreement& ours = *c.agreement->agreement;
  if (theirs == nullptr || theirs->agreement->find_party(party) == nullptr || ours.find_party(of->party) == nullptr)
    return std::nullopt;
  // Nothing goes to a side that has withdrawn.
  if (state.pacts.has_left(theirs->id, party) || state.pacts.has_left(c.agreement->id, of->party)) return std::nullopt;
  if (!is_exact(theirs->agreement->disclosure(of->party, party).view) || !is_exact(ours.disclosure(party, of->party).view))
    return std::nullopt;
  return ours.separation(c.notification->platform_class, of->latest().notification->platform_class);
}

struct Met {
  std::string id;
  EntryIndex revision;
  std::size_t own = 0, other = 0;  ///< 0: the route itself; else the alternate's place from 1
  geo::Meeting meeting;
};

std::string route_named(const model::Notification& notification, std::size_t place) {
  return place == 0 ? std::string() : notification.alternates.at(place - 1).name;
}

Draft told(const State& state, const Candidate& c, Met& met) {
  const NotificationState& of = *state.notification_at(met.revision);
  const auto owed = owed_in_sight(state, c, met.revision);
  model::ConflictFound found;
  found.agreement = c.agreement->id;
  found.clause = owed->clause;
  found.separation = owed->distance;
  found.a = c.id;
  found.b = met.id;
  found.a_revision = c.revision;
  found.b_revision = met.revision;
  found.other_party = of.party;
  found.a_route = route_named(*c.notification, met.own);
  found.b_route = route_named(*of.latest().notification, met.other);
  found.what = model::ExactConflict{std::move(met.meeting)};
  return finding(model::EntryKind::conflict_found, {c.notification->party, of.party}, {c.revision, met.revision},
                 model::to_json(found));
}

}  // namespace

std::vector<Draft> find_alternate_conflicts(const State& state, const Candidate& c) {
  std::vector<Met> all;
  const std::string& party = c.notification->party;
  const Metres widest = c.agreement->agreement->widest_separation().value_or(Metres{});
  const auto distance = [&](EntryIndex revision) -> std::optional<Metres> {
    const auto owed = owed_in_sight(state, c, revision);
    return owed ? std::optional(owed->distance) : std::nullopt;
  };
  const auto add = [&](EntryIndex revision, std::size_t own, std::size_t other, geo::Meeting meeting) {
    all.push_back({state.notification_at(revision)->id, revision, own, other, std::move(meeting)});
  };
  if (state.alternates.size() > 0) {
    const auto owed = [&](EntryIndex key) { return distance(alternate_of(key).first); };
    for (auto& hit : state.alternates.search(*c.plan, party, owed, widest)) {
      const auto [revision, n] = alternate_of(hit.key);
      add(revision, 0, n + 1, std::move(hit.meeting));
    }
  }
  if (c.alternates != nullptr)
    for (std::size_t n = 0; n < c.alternates->size(); ++n)
      for (auto& hit : state.index.search((*c.alternates)[n], party, distance, widest))
        add(hit.key, n + 1, 0, std::move(hit.meeting));
  std::sort(all.begin(), all.end(),
            [](const Met& a, const Met& b) { return std::tie(a.id, a.own, a.other) < std::tie(b.id, b.own, b.other); });
  std::vector<Draft> drafts;
  for (Met& each : all) drafts.push_back(told(state, c, each));
  return drafts;
}

}  // namespace wideberth::core
