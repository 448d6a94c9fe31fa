// The event stream: every entry that a reader may read, in order, from wherever it asks.
#pragma once

#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "api/sessions.h"
#include "core/entry.h"
#include "http/event.h"

namespace wideberth::api {

class EventFeed;

/// The entry as an event: id = its index, event = its kind, data = {"index", "received", "kind", "signer", "to", "refs"}.
http::Event event_of(const core::Entry& entry);

/// Serves all streams from one thread of its own: reads what is new once for all of them, and what is old for each as fast as
/// it takes it.
///
/// Laws.
///  (1) A stream from index i gives the entries from i on that its reader may read, each once, in order; so a reader that asks
///      again from the last id + 1, wherever it was cut off, has no gap and no double.
///  (2) What waits for one reader is at most most_queued_events and most_queued_bytes (one event always). It is filled up as it
///      is taken; who leaves it full for as long as a heartbeat is told `resync`, and its stream ends.
///  (3) A stream ends with its session.
class Hub {
 public:
  Hub(const Parts& parts, std::shared_ptr<Sessions> sessions);
  Hub(const Hub&) = delete;
  Hub& operator=(const Hub&) = delete;
  ~Hub();

  /// Refused with event_streams where the party has as many as it may, with server_stopping after close(), and with
  /// entry_unknown where `from` lies beyond what the log has next: its reader has seen a longer log than this one.
  static base::Result<std::shared_ptr<http::Feed>> open(const std::shared_ptr<Hub>& hub, std::string token,
                                                        const Session& session, base::EntryIndex from);
  /// Ends all streams and the thread. Idempotent; never from a stream.
  void close();
  std::size_t streams() const;

 private:
  friend class EventFeed;
  void run();
  /// One step for one stream; true where another can follow at once.
  bool serve(EventFeed& feed);
  bool fill(EventFeed& feed);
  base::Result<std::string> text_of(const std::vector<base::EntryIndex>& wanted, std::size_t at, base::EntryIndex size);
  void stir();
  void leave(const std::string& party);

  engine::Engine& engine_;
  base::Clock& steady_;
  Limits limits_;
  std::shared_ptr<Sessions> sessions_;
  // The thread's own: the latest events as text, and those that were last read from further back.
  std::map<base::EntryIndex, std::string> texts_{}, run_{};

  mutable std::mutex mutex_{};
  std::condition_variable wake_{};
  std::vector<std::weak_ptr<EventFeed>> feeds_{};
  std::map<std::string, std::size_t> of_party_{};
  bool stirred_ = false, closing_ = false;
  std::size_t follower_ = 0;
  std::thread thread_{};
};

}  // namespace wideberth::api
