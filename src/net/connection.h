// Inside net: one peer. Questions in, answers out in their order, feeds, and how long each may take. No Asio here: the socket is
// behind four virtual functions, and everything runs on the I/O thread.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "http/message.h"
#include "http/parser.h"
#include "http/respond.h"
#include "net/server.h"

namespace wideberth::net {

class Connection;
using Moment = std::chrono::steady_clock::time_point;

/// What the connections of a server share. A Reply that outlives the server keeps this, and with it the queue it posts to.
struct Hub {
  Hub(ServerLimits limits_in, http::Router router_in, base::Clock& clock_in)
      : limits(limits_in), router(std::move(router_in)), clock(clock_in) {}
  Hub(const Hub&) = delete;
  Hub& operator=(const Hub&) = delete;
  virtual ~Hub() = default;

  /// Runs `work` on the I/O thread: at once where this is it.
  virtual void run_there(std::function<void()> work) = 0;
  /// The same, always later.
  virtual void run_later(std::function<void()> work) = 0;

  const ServerLimits limits;
  const http::Router router;
  base::Clock& clock;
  std::set<Connection*> connections{};
  std::map<std::string, std::size_t> peers{};
  bool stopping = false;
  std::atomic<std::uint64_t> open{0}, accepted{0}, turned_away{0}, requests{0}, refused{0}, timed_out{0};
};

class Connection : public std::enable_shared_from_this<Connection> {
 public:
  Connection(std::shared_ptr<Hub> hub, std::string peer);
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  virtual ~Connection();

  // What the reader of the socket says.
  void opened();                              ///< the handshake is over
  void arrived(std::string_view bytes);       ///< bytes came
  void input_ended();                         ///< the peer will send nothing more
  bool paused() { return paused_ = full(); }  ///< reading has to wait for wake_reader()
  bool closed() const { return closed_; }

  // What the server says.
  void sweep(Moment now);
  void begin_stop();
  void close();

 protected:
  /// Begins to send; written() follows. The bytes stay where they are until then.
  virtual void write_some(std::string_view bytes) = 0;
  /// Says to the peer that nothing more will come.
  virtual void shut_output() = 0;
  virtual void close_socket() = 0;
  virtual void wake_reader() = 0;
  void written(std::size_t bytes, bool failed);
  std::shared_ptr<Hub> hub_;

 private:
  /// One question and, in time, its answer.
  struct Slot {
    http::Manner manner{};
    std::optional<http::Response> response{};
    std::string raw{};  ///< bytes of our own instead of an answer: 100 Continue
    std::shared_ptr<http::Feed> feed{};
    bool begun = false;
  };
  class Ticket;

  void read_requests();
  void take_requests();
  bool full() const;
  void ask(http::Request request);
  void put(http::Response response, bool keep_alive);
  void fill(const std::shared_ptr<Slot>& slot, http::Response response);
  void refuse(const base::Refusal& refusal);
  void pump();
  bool begin(Slot& slot);
  bool pull(Slot& slot);
  void finish();
  bool finished() const { return slots_.empty() && (last_ || input_ended_ || hub_->stopping); }
  bool feeding() const { return !slots_.empty() && slots_.front()->feed; }
  bool too_slow(Moment now) const;

  std::string peer_;
  http::RequestParser parser_;
  std::deque<std::shared_ptr<Slot>> slots_{};
  std::string out_{};      ///< made ready
  std::string sending_{};  ///< on its way, from sent_ on
  std::size_t sent_ = 0;
  bool open_ = false, reading_ = false, again_ = false, paused_ = false, writing_ = false, last_ = false, input_ended_ = false,
       lingering_ = false, closed_ = false;
  std::atomic<bool> pump_posted_{false};
  // When what is awaited now began; only the sweep reads them.
  enum class Waits : std::uint8_t { handshake, question, head, body };
  Waits waits_ = Waits::handshake;
  Moment waits_since_, wrote_at_, lingers_since_{};
  std::size_t body_bytes_ = 0;
};

}  // namespace wideberth::net
