// What parties have stated that they have in an area, and the sightings that did not fit. One member of the state.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/entry.h"
#include "model/presence.h"

namespace wideberth::core {

/// A presence list as its party stated it.
struct StatedPresence {
  EntryIndex entry{};
  std::string party;
  Instant effect{};
  model::PresenceStated said;
};
/// A finding as it was told.
struct DifferingSighting {
  EntryIndex entry{};
  std::vector<std::string> told;
  model::SightingDiffers found;
};

struct Presence {
  std::map<std::pair<std::string, std::string>, std::vector<StatedPresence>> stated;  ///< by agreement and clause, in order
  std::vector<DifferingSighting> differing;

  /// The list of this clause that holds at that time: of those in effect by then, the one that was stated last; none where the
  /// agreement's own holds.
  const StatedPresence* at(const std::string& agreement, const std::string& clause, Instant when) const {
    const auto of = stated.find({agreement, clause});
    const StatedPresence* found = nullptr;
    if (of != stated.end())
      for (const StatedPresence& each : of->second)
        if (each.effect <= when) found = &each;
    return found;
  }
};

}  // namespace wideberth::core
