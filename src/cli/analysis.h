// What analyse, watch, replay and the demonstration share: the numbers that hold, and what came out, in words.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "cli/tracks.h"
#include "live/playback.h"
#include "model/agreement.h"

namespace wideberth::cli {

/// What is given beside the tracks, as files and numbers.
struct Beside {
  std::string agreement{};
  std::vector<std::string> movements{}, roads{};
  std::optional<base::Metres> encounter_distance{};
  std::string party{};  ///< whose movements are those that name no party; empty: each names one
};

/// Live with all of it, ready to take the fixes.
struct Prepared {
  live::Playback playback;
  std::optional<model::Agreement> agreement{};
  std::vector<std::string> remarks{};
  std::vector<std::string>
      movement_ids{};  ///< by the watcher's numbers; empty: no movements were given, and conformance says nothing
};

/// Without an agreement every party owes every other the defaults. A party of the tracks that the agreement does not name is
/// remarked upon, and its units are looked at like the others. A movement is that of the unit which its `unit` names, else of
/// all units of its party that no other movement names.
base::Result<Prepared> prepare(const live::Units& units, const Beside& beside);

struct Analysis {
  std::vector<live::AlertEvent> alerts{};
  std::vector<live::ConformanceEvent> conformance{};
  std::vector<live::CompositionEvent> compositions{};
  std::vector<live::Reviewed> encounters{};  ///< in order of number; those that joined another are left out
};
Analysis analyse_tracks(Prepared& prepared, std::vector<live::Fix> fixes);

/// "07:00:41Z warning: B-1 (blue) and R-1 (red), 310 m apart, 12 m in 24 s".
std::string alert_text(const live::Units& units, const live::AlertEvent& event);
/// "07:00:41Z B-1 (blue): late, 540 s, on MV-…".
std::string conformance_text(const live::Units& units, const live::ConformanceEvent& event, const std::vector<std::string>& ids);
/// The encounter in a line, then one for each candidate and each test that is not reported.
std::vector<std::string> encounter_text(const live::Units& units, const live::Reviewed& reviewed);

}  // namespace wideberth::cli
