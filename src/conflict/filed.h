// What is filed in an index.
#pragma once

#include <memory>
#include <string>

#include "base/quantity.h"
#include "geo/plan.h"

namespace wideberth::conflict {

using base::EntryIndex;
using base::Metres;

/// What is filed.
struct Filed {
  EntryIndex key;
  std::string party;
  std::shared_ptr<const geo::Plan> plan;
};

}  // namespace wideberth::conflict
