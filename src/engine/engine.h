// engine: the loop that turns notes into a durable, signed log.
//
// Purpose.  Admit in parallel, decide and apply on one thread, append in batches, publish what is committed: receipts to
//   those who filed, the new state to readers, a wake to those who follow the log.
//
// Promise.  (1) What is answered with a receipt survives a loss of power. (2) What readers see is committed: nothing is shown
//   before its flush. (3) A batch forms while the one before it flushes, so an idle log answers at once and a busy one fills
//   batches. (4) A failed flush is the end: nothing is retried, nobody is told yes, `on_lost` is called; so it is when something
//   read back is not what was written: nothing more is signed over it. (5) stop() commits everything that was accepted.
//   (6) A start from a carried state answers as a start from the whole log does; no entry is shown that is not in the log's tree.
//
// Map, in reading order.
//   fold.h      a log read back into a state, with or without its signatures verified
//   restart.h   a state carried over a restart, and when it counts
//   measures.h  what it counts of itself
//   writer.h    the next entries over a state: signed, chained, salted; no thread, no store
//   engine.h    the threads around it; keep.cpp is the one that carries the state and reads the log behind it again
//
// May use.  base, json, ledger, model, core, store.
// Tested by.  restart_test.cpp, and engine_test.cpp with the SQLite store and its faulty twin; tests/end_to_end.
#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <thread>
#include <vector>

#include "base/ports.h"
#include "engine/fold.h"
#include "engine/measures.h"
#include "engine/restart.h"
#include "engine/writer.h"
#include "store/store.h"

namespace wideberth::engine {

/// What a note became: an entry with its receipt.
struct Committed {
  base::EntryIndex index{};
  base::Instant received{};
  std::string receipt;  ///< c2sp.org/tlog-proof@v1
};
using Outcome = base::Result<Committed>;

/// The world, handed in. All outlive the engine; the store is written by nobody else.
struct Ports {
  base::Clock& clock;
  base::Entropy& entropy;
  store::Store& store;
};

struct Limits {
  std::size_t most_waiting = 20'000;  ///< notes accepted and not yet decided; more are refused with queue_full
  std::size_t most_batch = 1'024;     ///< entries in one flush, findings not counted
  unsigned admitters = 2;             ///< threads that check signatures
  /// After so many entries, in a quiet second, the state is kept for the next start (restart.h); after four times as many in any.
  /// 0: never.
  std::uint64_t carry_every = 4'096;
};

class Engine {
 public:
  /// Called once, on an engine thread or a reader's, when the store is lost or altered: the process must end.
  using OnLost = std::function<void(const base::Refusal&)>;

  /// Folds the log, or the end of it where a state was carried over; compares it with its head and its signed checkpoint, records
  /// an outage, and starts the threads. What a carried state stands for is read again while others are answered already: where it
  /// is not what the tree holds, `on_lost` is called.
  /// Refused with store_untrue, rules_version_unknown, log_not_open (an empty store) or log_key_mismatch.
  static base::Result<std::unique_ptr<Engine>> start(Ports ports, ledger::SigningKey key, Limits limits, OnLost on_lost,
                                                     const Progress& progress = {});
  /// Writes entry 0 into an empty store. Refused with log_open_already.
  static base::Result<void> open_log(Ports ports, const ledger::SigningKey& key, const model::Opening& opening);

  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;
  ~Engine();

  using Answer = std::function<void(std::vector<Outcome>)>;
  /// Takes notes in the order given and answers all of them together, once what became of them is durable; on an engine
  /// thread. Refused with queue_full or server_stopping, and then nothing was taken and `answer` is not called.
  base::Result<void> submit(std::vector<core::Submission> notes, Answer answer);

  /// Stops taking notes, decides and commits what was taken, and ends the threads. Idempotent.
  void stop();
  /// The clock has moved in a way that no timer knows of: look again at what is due.
  void poke();

  /// Calls `reader` with the published state; it must not block. The state does not change meanwhile.
  void view(const std::function<void(const core::State&)>& reader) const;
  /// The state as of an entry, folded anew: who knew what, when. Refused with entry_unknown beyond the log.
  base::Result<std::shared_ptr<const core::State>> as_of(base::EntryIndex entry) const;
  /// An entry read back from the store and re-hashed. Refused with entry_unknown; store_untrue is the end, as of a flush.
  base::Result<core::Entry> entry(base::EntryIndex index) const;
  /// Entries [from, from + count), fewer where the log ends.
  base::Result<std::vector<core::Entry>> entries(base::EntryIndex from, std::size_t count) const;
  /// The best receipt that the log can give for an entry now. Refused with entry_unknown.
  base::Result<std::string> receipt(base::EntryIndex index) const;
  /// The checkpoint that is shown to everybody: renewed at the cadence of entry 0, so that it tells no tempo.
  std::string public_checkpoint() const;
  /// The checkpoint of everything committed.
  std::string checkpoint() const;
  base::Instant now() const { return ports_.clock.now(); }
  /// What waits and how long flushes took, since the start.
  Measures measures() const;

  /// Called after each publication, with the new size; quickly, on an engine thread. Returns a handle for unfollow().
  std::size_t follow(std::function<void(std::uint64_t)> follower);
  /// Afterwards the follower is not called any more.
  void unfollow(std::size_t handle);

 private:
  struct Request;
  struct Line;
  struct Flush;
  Engine(Ports ports, ledger::SigningKey key, Limits limits, OnLost on_lost, Restarted restarted);
  void admit_loop();
  void decide_loop();
  void flush_loop();
  void keep_loop();
  bool rest(std::chrono::milliseconds time);
  void carry();
  void decide_request(Request& request);
  void hand_over();
  bool commit(Flush& flush);
  void publish(Flush& flush);
  void lose(const base::Refusal& why) const;
  /// What was read, handed on; where the store is not what was written to it, the end.
  template <class T>
  base::Result<T> trusted(base::Result<T> read) const {
    if (!read && read.error().rule == base::Rule::store_untrue) lose(read.error());
    return read;
  }
  base::Result<std::vector<core::Entry>> read_entries(base::EntryIndex from, std::size_t count) const;
  base::Result<core::State> folded_to(base::EntryIndex entry) const;
  ledger::Hash leaf_of(base::EntryIndex index) const;
  void heartbeat(base::Instant now);
  std::string receipt_at(base::EntryIndex index, const std::string& checkpoint, std::uint64_t size) const;

  Ports ports_;
  ledger::SigningKey key_;
  Limits limits_;
  OnLost on_lost_;

  Writer writer_;                                ///< the decide thread's own: ahead of what is committed
  std::vector<std::shared_ptr<Request>> taken_;  ///< the decide thread's own: answered with the batch that is forming

  mutable std::shared_mutex published_mutex_;
  core::State published_;
  std::string checkpoint_, public_checkpoint_;
  base::Instant public_at_{};

  mutable std::mutex mutex_;
  mutable std::condition_variable admit_wake_, decide_wake_, flush_wake_, keep_wake_;
  std::deque<std::shared_ptr<Request>> to_admit_;
  std::deque<std::shared_ptr<Request>> ordered_;  ///< every request in the order of submission, admitted or not yet
  std::unique_ptr<Flush> flushing_;
  std::size_t waiting_ = 0;
  bool stopping_ = false, poked_ = false, decided_all_ = false;
  Measures measures_{};        ///< `waiting` is filled in when it is asked for
  mutable bool lost_ = false;  ///< a reader may be the one who finds it out

  std::mutex followers_mutex_;
  std::vector<std::pair<std::size_t, std::function<void(std::uint64_t)>>> followers_;
  std::size_t next_follower_ = 1;

  std::atomic<bool> ending_ = false;
  std::uint64_t carried_ = 0;  ///< so many entries the state that is kept for the next start has
  std::uint64_t unread_ = 0;   ///< so many entries were not read at the start

  base::Instant beat_{};
  std::vector<std::thread> threads_;
};

}  // namespace wideberth::engine
