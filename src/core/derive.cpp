// What a state holds that follows from the rest of it: computed when an entry is applied, and again when a state is read back.
#include <algorithm>

#include "core/applications.h"
#include "core/coordinates.h"

namespace wideberth::core {
namespace {

using base::refuse;

auto without_plan(EntryIndex entry) {
  return refuse(Rule::log_entry_strange, "entry " + std::to_string(entry.value) + " has no plan");
}

Result<void> compile(Revision& revision) {
  if (!revision.notification) return {};
  WB_TRY(plan, model::compile(*revision.notification));
  WB_TRY(alternates, model::compile_alternates(*revision.notification));
  if (alternates.size() != revision.alternates.size()) return without_plan(revision.entry);
  revision.plan = std::make_shared<const geo::Plan>(std::move(plan));
  for (std::size_t n = 0; n < alternates.size(); ++n)
    revision.alternates[n] = std::make_shared<const geo::Plan>(std::move(alternates[n]));
  return {};
}

}  // namespace

Result<void> compile_areas(AgreementState& agreement) {
  agreement.areas.clear();
  for (const model::AgreementArea& each : agreement.agreement->areas) {
    geo::Area area;
    area.rings = each.rings;
    area.window = kAllTimes;
    WB_TRY(plan, geo::compile(area));
    agreement.areas.push_back(std::make_shared<const geo::Plan>(std::move(plan)));
  }
  return {};
}

Result<void> derive(State& state) {
  for (auto& [id, each] : state.agreements) {
    if (!each.agreement) return without_plan(each.proposed);
    WB_TRY_VOID(compile_areas(each));
  }
  std::vector<conflict::Filed> plans, alternates;
  for (auto& [id, each] : state.notifications) {
    for (Revision& revision : each.revisions) WB_TRY_VOID(compile(revision));
    // What stands in the indexes is what will expire: both begin and end with each other (applications.cpp).
    if (each.revisions.empty()) return without_plan(EntryIndex{});
    const Revision& latest = each.latest();
    if (!latest.plan || !state.expiries.contains({latest.window.to, latest.entry})) continue;
    plans.push_back({latest.entry, each.party, latest.plan});
    for (std::size_t n = 0; n < latest.alternates.size(); ++n)
      alternates.push_back({alternate_key(latest.entry, n), each.party, latest.alternates[n]});
    if (const AgreementState* agreement = state.agreement(each.agreement))
      for (const Grain& grain : coarse_grains(*agreement->agreement, each.party)) {
        if (!model::is_grain(grain.cell_e7, grain.slot)) return without_plan(latest.entry);
        state.outlines.insert(latest.entry, *latest.notification, grain);
      }
  }
  state.index.insert_all(std::move(plans));
  state.alternates.insert_all(std::move(alternates));
  return {};
}

}  // namespace wideberth::core
