// Recorded tracks played through Live: no server, no clock but the tracks' own; and what the encounters show once they are over.
#pragma once

#include <span>
#include <vector>

#include "live/conduct.h"
#include "live/house.h"

namespace wideberth::live {

/// An encounter that is over, with what its tracks show.
struct Reviewed {
  Encounter encounter;
  Findings findings;
};

/// What one moment brought.
struct PlaybackStep {
  Instant at{};
  std::vector<Event> events{};     ///< as Live tells them, but for encounters that are over
  std::vector<Reviewed> closed{};  ///< those; the ones that joined another included
};

///  (1) The same fixes give the same steps, to the byte.
///  (2) After close() every alert and every encounter that was opened is closed.
class Playback {
 public:
  Playback(Live live, Tests tests, Surroundings around);

  /// All fixes of one moment, taken as received then. REQUIRES: the same time each, not before that of the step before.
  PlaybackStep step(std::span<const Fix> fixes);
  /// The tracks end: what is open is closed.
  PlaybackStep close();

  /// What happened to `live` since it was last asked, as a step: for fixes that were given to it directly.
  PlaybackStep gathered() { return gather(live_.now()); }

  Live& live() { return live_; }
  const Live& live() const { return live_; }
  const Tests& tests() const { return tests_; }
  const Surroundings& around() const { return around_; }

 private:
  PlaybackStep gather(Instant at);

  Live live_;
  Tests tests_;
  Surroundings around_;
  Instant now_{};
};

/// Puts fixes in order of time; those of one moment in the order of their units, then as they came.
void put_in_order(std::vector<Fix>& fixes);
/// The end of the fixes of one moment that begin at `from`. REQUIRES: in order, from < fixes.size().
std::size_t moment_end(std::span<const Fix> fixes, std::size_t from);
/// Plays them all, in order; steps that brought nothing are left out.
std::vector<PlaybackStep> play_all(Playback& playback, std::vector<Fix> fixes);

}  // namespace wideberth::live
