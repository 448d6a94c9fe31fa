// What is asked and what is answered.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/refusal.h"

namespace wideberth::http {

using base::Result;

using Fields = std::vector<std::pair<std::string, std::string>>;

/// The value of the first field of this name; names compare without case. The view is of `fields`.
std::optional<std::string_view> find_field(const Fields& fields, std::string_view name);

struct Request {
  std::string method{};  ///< as sent: GET, POST …
  std::string path{};    ///< decoded: readable UTF-8, begins with '/', no empty, "." or ".." segment
  Fields query{};        ///< decoded, each name once
  Fields headers{};      ///< as sent, names in their own case
  std::string body{};
  Fields parameters{};     ///< what stood in the path for {name}, put in by the router
  std::string peer{};      ///< the address of the other end, for limits by rate; no port
  std::string caller{};    ///< who asks, put in by the router's gate on routes that need a session
  bool http11 = true;      ///< false: HTTP/1.0
  bool keep_alive = true;  ///< the peer would go on using the connection

  std::optional<std::string_view> header(std::string_view name) const { return find_field(headers, name); }
  std::optional<std::string_view> query_value(std::string_view name) const;
  /// REQUIRES: the route's path has {name}.
  const std::string& parameter(std::string_view name) const;
};

/// A body that goes on: pulled on the I/O thread whenever the peer can take more, and again after wake(). Nothing is pulled
/// while the peer is slow, so what waits inside is the feed's to bound. A feed that wants heartbeats wakes for them.
class Feed {
 public:
  Feed() = default;
  Feed(const Feed&) = delete;
  Feed& operator=(const Feed&) = delete;
  virtual ~Feed() = default;

  /// The next bytes; empty where there are none now. Called by one thread at a time.
  virtual std::string pull() = 0;
  /// Whether nothing will ever follow what was pulled. Asked after a pull.
  virtual bool ended() const = 0;

  /// Set by who pulls, cleared (with an empty function) before it goes away. The function must not call the feed back.
  void set_waker(std::function<void()> waker);

 protected:
  /// Says that there is more to pull, or that it has ended. From any thread; costs little when nobody listens.
  void wake();

 private:
  std::mutex mutex_{};
  std::function<void()> waker_{};
};

struct Response {
  int status = 200;
  std::string content_type = "application/json";  ///< empty: no such field, as for 204
  std::string body{};
  Fields headers{};              ///< further fields, such as Location; control characters in them are not sent
  std::shared_ptr<Feed> feed{};  ///< where set, follows after `body`
};

/// May be called from any thread, once; a second call is ignored, and a reply dropped uncalled answers server_failed.
using Reply = std::function<void(Response)>;
using Handler = std::function<void(Request, Reply)>;

}  // namespace wideberth::http
