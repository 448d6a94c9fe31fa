// The watch handed over: what is open for a party, and who has the watch at which of its desks.
#pragma once

#include <array>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "core/entry.h"
#include "model/handover.h"

namespace wideberth::core {

class State;

/// All that waits for the party or that it waits for: deadlines that it owes or is owed, by time due; questions about what it
/// notified or that it asked; messages to it that are neither answered nor, where no answer is owed, seen; the latest revision
/// of what stands, of its own or delivered to it; the open alerts told to it. Each cut to model::kMostHandedOver.
model::OpenMatters open_matters(const State& state, std::string_view party);

/// One handover. Its lists stand in the entry; here is how long they were.
struct HandoverState {
  EntryIndex entry{};
  Instant received{};
  std::string party, desk;                               ///< the desk by its key's name
  std::optional<model::Officer> outgoing{}, incoming{};  ///< none once erased
  std::array<std::size_t, 5> open{};                     ///< deadlines, queries, messages, movements, alarms
  /// The handover at this desk before, where its incoming officer is the outgoing one of this; none: the watch changed hands
  /// in between without one, or this is the first.
  std::optional<EntryIndex> follows{};
};

struct HandoverBook {
  std::map<EntryIndex, HandoverState> all;
  std::map<std::string, EntryIndex, std::less<>> latest;  ///< by desk
};

}  // namespace wideberth::core
