// The server's watch: positions that their parties let be used, taken into live; the alerts that follow, as entries for each
// side.
#pragma once

#include <memory>
#include <vector>

#include "core/decide.h"

namespace wideberth::core {

/// A second fold beside the state, at run time alone: of the batches reported under each agreement in force, in the order of the
/// log. What it finds becomes entries in the same durable batch, and replay reads those back: it never asks a Watch.
///
/// Two parties' units are compared where the agreement's positions rule lets the positions of each be used for the other, and not
/// otherwise. Each side gets an entry of its own: exact where it may read the other's tracks, else coarse.
///
/// Laws. (1) The same state and the same entries, from the same beginning, give the same drafts. (2) Every alert.raised is closed
/// once, by alert.closed, or is open. (3) A batch that may not be used for anybody changes nothing.
class Watch {
 public:
  Watch();
  Watch(Watch&&) noexcept;
  Watch& operator=(Watch&&) noexcept;
  ~Watch();

  /// What follows from an entry that was just applied: a batch of positions, or a side that asks for quiet. The n-th draft is
  /// appended as entry state.next() + n, before anything else.
  std::vector<Draft> take(const State& state, const Entry& entry);
  /// Time passes: who was not heard of is lost. The same about the drafts.
  std::vector<Draft> pass(const State& state, Instant now);

 private:
  struct House;
  struct Houses;
  std::unique_ptr<Houses> houses_;
};

/// When the server begins anew, nothing of what a Watch knew is left: what was open is closed, as an outage is recorded.
std::vector<Draft> close_alerts(const State& state, Instant now);

}  // namespace wideberth::core
