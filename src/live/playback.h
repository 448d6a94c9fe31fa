// Recorded tracks played through the same code as live ones: no server, no clock but the tracks' own.
#pragma once

#include <array>
#include <span>
#include <vector>

#include "live/conduct.h"
#include "live/encounter.h"
#include "live/proximity.h"

namespace wideberth::live {

/// An encounter that is over, with what its tracks show.
struct Reviewed {
  Encounter encounter;
  Findings findings;
};

/// What one moment brought.
struct PlaybackStep {
  Instant at{};
  std::vector<AlertEvent> alerts{};
  std::vector<EncounterEvent> opened{};
  std::vector<Reviewed> closed{};  ///< joined ones included
};

/// Fixes in order of time, in; alerts, encounters and candidates out.
///  (1) The same fixes give the same steps, to the byte.
///  (2) After close() every alert and every encounter that was opened is closed.
class Playback {
 public:
  Playback(const Units& units, Settings settings, EncounterLimits limits, Tests tests, Surroundings around);

  /// All fixes of one moment. REQUIRES: the same time each, later than that of the step before. Each is taken as received then.
  PlaybackStep step(std::span<const Fix> fixes);
  /// The tracks end: what is open is closed.
  PlaybackStep close();

  const Tracks& tracks() const { return tracks_; }
  const Proximity& proximity() const { return proximity_; }
  /// How many fixes came to which outcome, by Taken.
  const std::array<std::uint64_t, 9>& outcomes() const { return outcomes_; }

 private:
  void gather(PlaybackStep& step);

  const Units& units_;
  Tests tests_;
  Surroundings around_;
  Tracks tracks_;
  Proximity proximity_;
  Encounters encounters_;
  std::array<std::uint64_t, 9> outcomes_{};
  Instant now_{};
};

/// Puts fixes in order of time (those of one moment in the order of their units, then as they came) and plays them all.
std::vector<PlaybackStep> play_all(Playback& playback, std::vector<Fix> fixes);

}  // namespace wideberth::live
