// Following a stream of events through cut connections.
#pragma once

#include <chrono>
#include <deque>
#include <optional>
#include <string>

#include "client/client.h"
#include "http/event.h"

namespace wideberth::client {

struct Patience {
  Millis first = Millis::from_ms(500);        ///< before coming back the first time; the server's `retry:` goes before
  Millis most = Millis::from_seconds(30);     ///< each time twice as long, up to this
  Millis silence = Millis::from_seconds(60);  ///< without even a heartbeat, the connection is taken for dead
};

/// Server-sent events with Last-Event-ID. Blocks only as long as it is told to. Not for two threads at once.
class EventStream {
 public:
  /// `last_id`: the last event that is already known; empty: from where the server begins.
  EventStream(Client client, std::string path, http::Fields query = {}, std::string last_id = {}, Patience patience = {});

  /// The next event, or none where none came within `wait`. Comes back by itself after a cut connection or a server that is
  /// not there (unavailable, too_many). Refuses what coming back would not cure: no session, no such stream, another
  /// certificate; and `over()` from then on. Calling again after such a refusal tries again.
  Result<std::optional<http::Event>> next(Millis wait);

  /// The id that it would resume from: that of the last event handed out.
  const std::string& last_id() const { return last_id_; }
  bool connected() const { return reader_.has_value(); }
  /// How often it had to come back.
  std::uint64_t resumptions() const { return resumptions_; }
  /// Why there is no connection at present, for a status line.
  const std::optional<base::Refusal>& trouble() const { return trouble_; }
  /// Whether the server said that there is nothing more to come (204).
  bool over() const { return over_; }
  void set_token(std::string token) { client_.set_token(std::move(token)); }

 private:
  using Moment = std::chrono::steady_clock::time_point;
  Result<void> open();
  Result<void> take(Moment until);
  void lost(base::Refusal why);

  Client client_;
  std::string path_;
  http::Fields query_;
  std::string last_id_;
  Patience patience_;
  std::optional<http::EventReader> reader_{};  ///< set while connected
  std::deque<http::Event> ready_{};
  std::optional<base::Refusal> trouble_{};
  std::optional<Millis> asked_wait_{};
  Millis wait_{};
  Moment try_at_{}, heard_at_{};
  std::uint64_t resumptions_ = 0;
  bool opened_before_ = false, over_ = false;
};

}  // namespace wideberth::client
