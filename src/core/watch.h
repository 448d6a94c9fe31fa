// The server's watch: positions that their parties let be used, taken into live; the alerts that follow, as entries for each
// side.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "core/decide.h"

namespace wideberth::core {

/// A second fold beside the state, at run time alone: of the batches reported under each agreement in force, in the order of the
/// log. What it finds (close approaches, whether units keep to what was notified, encounters with their candidates of conduct)
/// becomes entries in the same durable batch, and replay reads those back: it never asks a Watch.
///
/// Units are as their parties describe them (unit.described). Two parties' units are compared where the agreement's positions
/// rule lets the positions of each be used for the other, and not otherwise. Each side gets an entry of its own: exact where it
/// may read the other's tracks, else coarse.
///
/// Laws. (1) The same state and the same entries, from the same beginning, give the same drafts. (2) Every alert.raised is closed
/// once, by alert.closed, or is open; so is every encounter. (3) A batch that may not be used for anybody changes nothing.
class Watch {
 public:
  Watch();
  Watch(Watch&&) noexcept;
  Watch& operator=(Watch&&) noexcept;
  ~Watch();

  /// What follows from an entry that was just applied: a batch of positions, what a party says of its units or notifies, or a
  /// side that asks for quiet. The n-th draft is
  /// appended as entry state.next() + n, before anything else.
  std::vector<Draft> take(const State& state, const Entry& entry);
  /// Time passes: who was not heard of is lost. The same about the drafts.
  std::vector<Draft> pass(const State& state, Instant now);

  /// When the server begins anew, the last batches are gone through again, so that what was open stays open: those received
  /// within kRecalled of the last entry, as many of the latest as hold kMostRecalled fixes together.
  static constexpr Millis kRecalled = Millis::from_seconds(900);
  static constexpr std::size_t kMostRecalled = 2'000'000;
  /// The first entry to give to recall(); state.next() where there is none.
  static EntryIndex recalled_from(const State& state);
  /// Entries of the log from there on, in order, over the state that holds all of them. Nothing is told.
  void recall(const State& state, const Entry& entry);
  /// After the last of them. An alert or an encounter that is open in the log and is not found again is closed, as `restarted`;
  /// one that is found and not open in the log is opened; quiet that was asked for holds on.
  std::vector<Draft> recalled(const State& state, Instant now);

  /// Followed at once for encounters under one agreement.
  static constexpr std::size_t kMostFollowed = 8'192;
  /// Units under all agreements. Who is left out has alerts and conformance and no encounters: too many are followed already.
  struct Counts {
    std::uint64_t units = 0, followed = 0, left_out = 0;
  };
  Counts counts() const;

  struct House;

 private:
  struct Houses;
  std::unique_ptr<Houses> houses_;
};

}  // namespace wideberth::core
