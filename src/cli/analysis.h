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

/// All that is known beside the tracks.
struct Circumstances {
  std::optional<model::Agreement> agreement{};
  live::Settings settings{};
  live::EncounterLimits limits{};
  live::Tests tests{};
  live::Surroundings surroundings{};
  std::vector<std::string> remarks{};
};

/// Without an agreement every party owes every other the defaults. A party of the tracks that the agreement does not name is
/// remarked upon, and its units are looked at like the others.
base::Result<Circumstances> circumstances_of(const live::Units& units, const std::string& agreement,
                                             const std::vector<std::string>& movements, const std::vector<std::string>& roads);

struct Analysis {
  std::vector<live::AlertEvent> alerts{};
  std::vector<live::Reviewed> encounters{};  ///< in order of number; those that joined another are left out
  std::array<std::uint64_t, 9> outcomes{};
};
Analysis analyse_tracks(const Recorded& recorded, const Circumstances& around);

/// "07:00:41Z warning: B-1 (blue) and R-1 (red), 310 m apart, 12 m in 24 s".
std::string alert_text(const live::Units& units, const live::AlertEvent& event);
/// The encounter in a line, then one for each candidate and each test that is not reported.
std::vector<std::string> encounter_text(const live::Units& units, const live::Reviewed& reviewed);

}  // namespace wideberth::cli
