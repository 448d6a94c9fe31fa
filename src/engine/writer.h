// The next entries over a state: decided, signed, chained and salted. No thread, no store, no clock: one seed, one log.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/ports.h"
#include "core/decide.h"
#include "core/watch.h"
#include "ledger/key.h"
#include "store/store.h"

namespace wideberth::engine {

/// Entries that go to disk together.
struct Batch {
  std::vector<core::Entry> entries;
  store::Head expected, next;  ///< checkpoints empty
};

/// What a note became: the index of its entry (its first one, where the same text came again), or a refusal.
using Fate = base::Result<base::EntryIndex>;

class Writer {
 public:
  /// REQUIRES: `key` is the log's own and outlives the writer, and so does `entropy`.
  Writer(core::State state, const ledger::SigningKey& key, base::Entropy& entropy);

  /// Entry 0 over an empty state.
  base::Result<void> open(const model::Opening& opening, base::Instant now);
  /// What the server records when it starts again.
  void restart(base::Instant last_alive, base::Instant now);
  /// The watch begins anew with the last batches of the log, read by `read` from an entry on, some at a time (none: the end).
  /// What was open stays open where it is found again; see core::Watch.
  using Read = std::function<base::Result<std::vector<core::Entry>>(base::EntryIndex from)>;
  base::Result<void> recall(const Read& read, base::Instant now);
  /// Makes entries of everything that is due by now, in order, and of alerts that time alone ends.
  void pass(base::Instant now);
  /// Decides one note, after everything that is due by now.
  Fate take(core::Admitted note, base::Instant now);

  /// How many entries wait to be drained.
  std::size_t waiting() const { return batch_.entries.size(); }
  core::Watch::Counts watched() const { return watch_.counts(); }
  /// The entries since the last drain; the state stays ahead.
  Batch drain();
  const core::State& state() const { return state_; }

 private:
  base::Instant received(base::Instant now) const { return now > state_.last_received ? now : state_.last_received; }
  void append(core::Draft draft, base::Instant at);
  void append(core::Entry entry);

  core::State state_;
  const ledger::SigningKey& key_;
  base::Entropy& entropy_;
  void follow(std::vector<core::Draft> drafts, base::Instant at);

  core::Watch watch_;
  Batch batch_;
};

}  // namespace wideberth::engine
