// What clears all that a reader was told a movement conflicts with, at once.
#pragma once

#include <memory>
#include <span>
#include <string>

#include "core/outlines.h"
#include "model/conflict.h"

namespace wideberth::core {

/// One finding that names a movement, as `a` or as `b`, and stands.
struct ToldConflict {
  const model::ConflictFound* found = nullptr;
  std::shared_ptr<const geo::Plan> other{};  ///< of an exact one: what the other side's revision says; none once erased
};

/// Computed from the findings as they were told and from the movement's own plan, and from nothing else: an exact one by its
/// delay set, a coarse one by the told cell during the told slot, standing. So it says nothing that its reader does not hold
/// already, and where nothing finer than a cell is disclosed it is as coarse as that (design, "Disclosure").
///
/// Laws. (1) Shifted so, the movement meets none of what is counted under any rigid delay within the slacks; a second less, and
/// some delay still does. (2) It is no less than the shift that any single one of them names.
/// REQUIRES: at least one, and each names the movement.
model::ClearAll clear_all(const std::string& movement, const geo::Plan& plan, std::span<const ToldConflict> told);

}  // namespace wideberth::core
