#include "conflict/conflict.h"

#include "geo/walk.h"

namespace wideberth::conflict {

void Index::insert(EntryIndex key, std::string party, std::shared_ptr<const geo::Plan> plan) {
  entries_.insert_or_assign(key, Entry{std::move(party), std::move(plan)});
}

void Index::erase(EntryIndex key) { entries_.erase(key); }

std::vector<Hit> Index::search(const geo::Plan& plan, std::string_view party, const Separation& separation) const {
  std::vector<Hit> hits;
  for (const auto& [key, entry] : entries_) {
    // Time first: it costs two comparisons and leaves little.
    const geo::Box &mine = plan.bounds(), &theirs = entry.plan->bounds();
    if (mine.e > theirs.l || theirs.e > mine.l || entry.party == party) continue;
    const std::optional<Metres> owed = separation(key);
    if (!owed) continue;
    if (auto meeting = geo::meet(plan, *entry.plan, *owed)) hits.push_back({key, *std::move(meeting)});
  }
  return hits;
}

}  // namespace wideberth::conflict
