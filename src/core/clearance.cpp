#include "core/clearance.h"

#include <utility>
#include <vector>

#include "conflict/conflict.h"
#include "geo/delay.h"

namespace wideberth::core {

model::ClearAll clear_all(const std::string& movement, const geo::Plan& plan, std::span<const ToldConflict> told) {
  model::ClearAll all;
  all.movement = movement;
  all.conflicts = told.size();
  std::vector<std::shared_ptr<const geo::Plan>> others;  // kept for as long as they are pointed at
  std::vector<std::pair<const geo::Plan*, geo::Meeting>> met;
  const auto count = [&](std::shared_ptr<const geo::Plan> other, geo::Meeting meeting) {
    others.push_back(std::move(other));
    met.emplace_back(others.back().get(), std::move(meeting));
  };
  for (const auto& [found, other] : told) {
    if (const auto* exact = std::get_if<model::ExactConflict>(&found->what)) {
      if (!other) continue;
      geo::Meeting meeting = exact->meeting;
      if (found->a != movement) meeting.delay_set = geo::mirrored(meeting.delay_set);
      count(other, std::move(meeting));
      continue;
    }
    const auto& coarse = std::get<model::CoarseConflict>(found->what);
    auto cell = cell_plan(coarse.cell_south_west, coarse.cell_e7, coarse.slot);
    if (!cell) continue;
    auto meeting = geo::meet(plan, *cell, found->separation);
    if (!meeting) continue;
    all.coarse = true;
    count(std::make_shared<const geo::Plan>(*std::move(cell)), *std::move(meeting));
  }
  all.left_out = told.size() - met.size();
  if (const auto shifts = conflict::clearance(plan, met)) {
    all.later = shifts->later;
    all.earlier = shifts->earlier;
  }
  return all;
}

}  // namespace wideberth::core
