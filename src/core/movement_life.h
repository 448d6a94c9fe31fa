// What becomes of a notification between its filing and its end, besides how it was handled: suspensions, questions, outcomes.
#pragma once

#include <optional>
#include <string>

#include "core/entry.h"
#include "model/acts.h"
#include "model/holds.h"

namespace wideberth::core {

/// The suspension that stands.
struct HoldState {
  EntryIndex entry{};
  Instant since{};
  model::Suspended said{};  ///< empty once erased
};

/// How it went, as one side states it; the latest statement of each side stands.
struct OutcomeState {
  EntryIndex entry{};
  model::OutcomeWord word{};
};

/// A question about a revision.
struct QueryState {
  EntryIndex entry{};
  std::string by;                ///< the party that asks
  std::string of;                ///< id of the notification
  EntryIndex revision{};         ///< that it was asked about
  std::optional<Instant> due{};  ///< when its answer falls due; none where no rule asks for one
  std::optional<EntryIndex> answered{};
  model::Queried asked{};         ///< empty once erased
  model::QueryAnswered answer{};  ///< empty until answered, and once erased
};

}  // namespace wideberth::core
