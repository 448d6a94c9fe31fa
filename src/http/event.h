// Server-sent events (WHATWG HTML, section 9.2), written and read.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/instant.h"
#include "base/refusal.h"
#include "http/message.h"

namespace wideberth::http {

struct Event {
  std::string id{};    ///< for Last-Event-ID; here the log index. Empty: keeps the reader's last one
  std::string name{};  ///< empty: "message"
  std::string data{};  ///< any UTF-8; line ends are \n
  friend bool operator==(const Event&, const Event&) = default;
};

inline constexpr std::string_view kEventStream = "text/event-stream";

/// The event as lines. Line ends and NUL in id and name, and \r in data, are not sent.
/// Law: an EventReader gives it back, cut anywhere, where data is not empty (an event without data is dropped by readers).
std::string to_text(const Event& event);
/// ": heartbeat", which readers pass over and which keeps proxies from closing.
inline constexpr std::string_view kHeartbeat = ": heartbeat\n\n";
/// Tells readers how long to wait before they come back.
std::string retry_text(base::Millis wait);

/// Reads a stream piece by piece, as the standard has it, with a limit: an event of more than `most_bytes` is refused with
/// server_unintelligible, and the reader takes nothing further.
class EventReader {
 public:
  explicit EventReader(std::size_t most_bytes = std::size_t{1} << 20) : most_bytes_(most_bytes) {}

  /// The events that are whole with these bytes.
  Result<std::vector<Event>> add(std::string_view bytes);
  /// The last id seen, for Last-Event-ID; an event's own id stays in force for those after it.
  const std::string& last_id() const { return last_id_; }
  /// What the server asked for by `retry:`.
  std::optional<base::Millis> retry() const { return retry_; }

 private:
  void line(std::string_view text, std::vector<Event>& out);
  std::size_t most_bytes_;
  std::string rest_{};  ///< a line that has not ended
  bool after_cr_ = false, first_ = true, failed_ = false;
  Event event_{};
  bool has_data_ = false;
  std::string last_id_{};
  std::optional<base::Millis> retry_{};
};

}  // namespace wideberth::http
