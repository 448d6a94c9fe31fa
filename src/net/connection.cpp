#include "net/connection.h"

#include "http/problem.h"

namespace wideberth::net {

using base::Refusal;
using base::Rule;
using std::chrono::milliseconds;

namespace {

Moment moment_now() { return std::chrono::steady_clock::now(); }
milliseconds duration_of(Millis span) { return milliseconds(span.ms()); }

}  // namespace

/// The right to answer one question, once. It may be used, or dropped, on any thread and at any time, even after the server.
class Connection::Ticket {
 public:
  Ticket(std::shared_ptr<Hub> hub, std::weak_ptr<Connection> connection, const std::shared_ptr<Slot>& slot)
      : hub_(std::move(hub)), connection_(std::move(connection)), slot_(slot) {}
  Ticket(const Ticket&) = delete;
  Ticket& operator=(const Ticket&) = delete;
  ~Ticket() {
    if (!used_.load()) use(http::problem(Refusal{Rule::server_failed, "the operation was given up without an answer", "", ""}));
  }
  void use(http::Response response) {
    if (used_.exchange(true)) return;
    hub_->run_there([connection = connection_, slot = std::weak_ptr<Slot>(slot_), answer = std::move(response)]() mutable {
      const auto there = connection.lock();
      const auto place = slot.lock();
      if (there && place) there->fill(place, std::move(answer));
    });
  }

 private:
  std::shared_ptr<Hub> hub_;
  std::weak_ptr<Connection> connection_;
  std::weak_ptr<Slot> slot_;  // the connection keeps it while anybody waits for it
  std::atomic<bool> used_{false};
};

Connection::Connection(std::shared_ptr<Hub> hub, std::string peer)
    : hub_(std::move(hub)),
      peer_(std::move(peer)),
      // The router outlives the parser: both stand in what hub_ keeps.
      parser_(hub_->limits.head, [&router = hub_->router](std::string_view method,
                                                          std::string_view path) { return router.most_body(method, path); }),
      waits_since_(moment_now()),
      wrote_at_(waits_since_) {
  hub_->connections.insert(this);
  ++hub_->peers[peer_];
  ++hub_->open;
}

Connection::~Connection() {
  for (const auto& slot : slots_)
    if (slot->feed) slot->feed->set_waker({});
  hub_->connections.erase(this);
  if (--hub_->peers[peer_] == 0) hub_->peers.erase(peer_);
  --hub_->open;
}

void Connection::opened() {
  open_ = true;
  waits_ = Waits::question;
  waits_since_ = moment_now();
  if (hub_->stopping) finish();
}

bool Connection::full() const {
  return slots_.size() >= hub_->limits.most_in_flight || out_.size() + (sending_.size() - sent_) >= hub_->limits.most_buffered;
}

void Connection::arrived(std::string_view bytes) {
  if (closed_ || last_ || lingering_ || hub_->stopping) return;  // what comes after the last question is not read
  if (parser_.in_body()) body_bytes_ += bytes.size();
  parser_.add(bytes);
  read_requests();
}

/// Answers may come at once, from within: they are written together when all that arrived is read.
void Connection::read_requests() {
  again_ = true;
  if (reading_) return;
  reading_ = true;
  while (std::exchange(again_, false) && !closed_) {
    take_requests();
    pump();  // sets again_ where it made room for what had to wait
  }
  reading_ = false;
}

void Connection::take_requests() {
  bool asked = false;
  while (!last_ && !hub_->stopping && !paused()) {
    const auto step = parser_.next();
    if (step == http::RequestParser::Step::request) {
      asked = true;
      ask(parser_.take());
      continue;
    }
    if (step == http::RequestParser::Step::refused) refuse(parser_.refusal());
    if (parser_.take_expectation()) {
      slots_.push_back(std::make_shared<Slot>());
      slots_.back()->raw = http::kContinue;
    }
    break;
  }
  const Waits waits = parser_.in_body() ? Waits::body : parser_.idle() ? Waits::question : Waits::head;
  if (waits == waits_ && !asked) return;
  waits_ = waits;
  waits_since_ = moment_now();
  body_bytes_ = 0;
}

void Connection::ask(http::Request request) {
  ++hub_->requests;
  auto slot = std::make_shared<Slot>();
  slot->manner.keep_alive = request.keep_alive;
  slot->manner.http11 = request.http11;
  slot->manner.head_only = request.method == "HEAD";
  slots_.push_back(slot);
  if (!request.keep_alive) last_ = true;
  request.peer = peer_;
  const auto ticket = std::make_shared<Ticket>(hub_, weak_from_this(), slot);
  hub_->router.answer(std::move(request), [ticket](http::Response response) { ticket->use(std::move(response)); });
}

void Connection::put(http::Response response, bool keep_alive) {
  slots_.push_back(std::make_shared<Slot>());
  slots_.back()->manner.keep_alive = keep_alive;
  slots_.back()->response = std::move(response);
}

void Connection::refuse(const Refusal& refusal) {
  ++hub_->refused;
  last_ = true;
  put(http::problem(refusal), false);
}

void Connection::fill(const std::shared_ptr<Slot>& slot, http::Response response) {
  if (closed_) return;
  slot->response = std::move(response);
  if (!reading_) pump();
}

/// The answer's head, once it is its turn; false where it is not here yet.
bool Connection::begin(Slot& slot) {
  if (!slot.raw.empty()) {
    out_ += slot.raw;
    return slot.begun = true;
  }
  if (!slot.response) return false;
  const bool ends = (slots_.size() == 1 && (last_ || hub_->stopping)) || (slot.response->feed && !slot.manner.http11);
  slot.manner.keep_alive = slot.manner.keep_alive && !ends;
  slot.manner.date = hub_->clock.now();
  if (!slot.manner.keep_alive) last_ = true;
  out_ += http::to_bytes(*slot.response, slot.manner);
  if (slot.response->feed && !slot.manner.head_only) {
    slot.feed = slot.response->feed;
    slot.feed->set_waker([hub = hub_.get(), self = weak_from_this(), posted = &pump_posted_] {
      // The connection stands while it has the waker set. Many wakes before the pump make one pump.
      if (posted->exchange(true)) return;
      hub->run_later([self] {
        if (const auto there = self.lock()) {
          there->pump_posted_ = false;
          there->pump();
        }
      });
    });
  }
  slot.response.reset();
  return slot.begun = true;
}

/// Whether the feed has ended; otherwise it has nothing now, or the peer has enough to take.
bool Connection::pull(Slot& slot) {
  bool ended = false;
  while (!ended && out_.size() < hub_->limits.most_buffered) {
    const std::string piece = slot.feed->pull();
    out_ += slot.manner.http11 ? http::chunk(piece) : piece;
    ended = slot.feed->ended() || (hub_->stopping && piece.empty());
    if (piece.empty()) break;
  }
  if (!ended) return false;
  slot.feed->set_waker({});
  if (slot.manner.http11) out_ += http::kLastChunk;
  return true;
}

void Connection::pump() {
  if (closed_ || lingering_) return;
  while (!slots_.empty() && out_.size() < hub_->limits.most_buffered) {
    Slot& slot = *slots_.front();
    if (!slot.begun && !begin(slot)) break;
    if (slot.feed && !pull(slot)) break;
    const bool goes_on = slot.manner.keep_alive;
    slots_.pop_front();
    if (!goes_on) slots_.clear();  // asked after a question that was to be the last
  }
  if (!writing_ && !out_.empty()) {
    sending_.clear();
    sending_.swap(out_);
    sent_ = 0;
    writing_ = true;
    wrote_at_ = moment_now();
    write_some(sending_);
  } else if (!writing_ && finished()) {
    finish();
  }
  if (paused_ && !full()) {
    paused_ = false;
    waits_since_ = moment_now();  // the wait was ours
    wake_reader();
    read_requests();  // what came while there was no room
  }
}

void Connection::written(std::size_t bytes, bool failed) {
  if (closed_) return;
  if (failed) return close();
  sent_ += bytes;
  wrote_at_ = moment_now();
  if (sent_ < sending_.size()) return write_some(std::string_view(sending_).substr(sent_));
  writing_ = false;
  sending_.clear();
  sent_ = 0;
  if (slots_.empty() && waits_ == Waits::question) waits_since_ = wrote_at_;
  pump();
}

void Connection::input_ended() {
  if (closed_) return;
  input_ended_ = true;
  // Who hangs up on a feed, or after the last answer, is gone; who only has no more questions still gets its answers.
  if (lingering_ || feeding() || !open_) return close();
  pump();
}

/// The last answer is sent: say so, and give the peer a moment to read it. Closing at once with bytes unread would reset the
/// connection and could take the answer back out of the peer's hands.
void Connection::finish() {
  if (closed_ || lingering_) return;
  if (input_ended_ || !open_) return close();
  lingering_ = true;
  lingers_since_ = moment_now();
  shut_output();
}

void Connection::begin_stop() {
  if (closed_) return;
  const bool silent = slots_.empty() && !writing_ && parser_.idle() && !lingering_;
  if (!open_ || silent) return close();
  if (!parser_.idle() && !last_) put(http::problem(Refusal{Rule::server_stopping, "", "", ""}), false);
  last_ = true;
  pump();
}

void Connection::close() {
  if (closed_) return;
  closed_ = true;
  for (const auto& slot : slots_)
    if (slot->feed) slot->feed->set_waker({});
  slots_.clear();
  close_socket();
  wake_reader();
}

bool Connection::too_slow(Moment now) const {
  const auto& limits = hub_->limits;
  const auto waited = now - waits_since_;
  switch (waits_) {
    case Waits::handshake:
    case Waits::head: return waited > duration_of(limits.head_time);
    case Waits::body: return waited > duration_of(limits.body_time) + milliseconds(body_bytes_ * 1000 / limits.least_body_rate);
    case Waits::question: return waited > duration_of(limits.idle_time) && slots_.empty() && !writing_;
  }
  return false;
}

void Connection::sweep(Moment now) {
  if (closed_) return;
  if (lingering_) {
    if (now - lingers_since_ > duration_of(hub_->limits.linger_time)) close();
    return;
  }
  if (writing_ && now - wrote_at_ > duration_of(hub_->limits.write_time)) {
    ++hub_->timed_out;
    return close();
  }
  if (input_ended_ || last_ || paused_ || !too_slow(now)) return;
  ++hub_->timed_out;
  if (waits_ == Waits::handshake || waits_ == Waits::question) return close();
  last_ = true;
  put(http::problem(Refusal{Rule::http_too_slow, "found only a part of it in time", "", ""}), false);
  pump();
}

}  // namespace wideberth::net
