#include "api/events.h"

#include <algorithm>
#include <chrono>

#include "core/disclosure.h"
#include "core/state.h"
#include "json/writer.h"

namespace wideberth::api {

using base::EntryIndex;
using base::Instant;
using base::refuse;
using base::Result;
using base::Rule;

namespace {

constexpr std::chrono::milliseconds kTick{1'000};  ///< how often heartbeats and sessions are looked at
constexpr std::uint64_t kMostScanned = 4'096;      ///< entries asked about in one step
constexpr std::size_t kMostRun = 8;                ///< entries read from the store at once: each may bring megabytes of parts
constexpr std::size_t kMostTexts = 2'048;          ///< events kept as text for all streams

}  // namespace

http::Event event_of(const core::Entry& entry) {
  json::Writer w;
  w.begin_object();
  w.key("index").integer(static_cast<std::int64_t>(entry.index.value));
  w.key("received").string(to_text(entry.received));
  w.key("kind").string(entry.text.kind);
  w.key("signer").string(entry.text.signer);
  w.key("to").begin_array();
  for (const std::string& party : entry.text.to) w.string(party);
  w.end_array().key("refs").begin_array();
  for (const EntryIndex ref : entry.text.refs) w.integer(static_cast<std::int64_t>(ref.value));
  w.end_array().end_object();
  return http::Event{std::to_string(entry.index.value), entry.text.kind, w.take()};
}

/// One reader's stream. Filled by the hub's thread, pulled by the thread of the connection.
class EventFeed final : public http::Feed {
 public:
  EventFeed(std::shared_ptr<Hub> of, std::string by_token, std::string by_party, EntryIndex from)
      : hub(std::move(of)), token(std::move(by_token)), party(std::move(by_party)), next_(from) {
    pulled_at_ = sent_at_ = hub->steady_.now();
  }
  ~EventFeed() override { hub->leave(party); }

  std::string pull() override {
    const bool goes_on = hub->sessions_->find(token).has_value();
    bool behind = false;
    std::string out;
    {
      const std::lock_guard lock(mutex_);
      if (!goes_on) end_with({});
      out = std::exchange(queue_, {});
      queued_ = 0;
      pulled_at_ = hub->steady_.now();
      if (out.empty() && !ended_ && heartbeat_due(pulled_at_)) out = http::kHeartbeat;
      if (!out.empty()) sent_at_ = pulled_at_;
      behind = behind_ && !ended_;
    }
    if (behind) hub->stir();
    return out;
  }

  bool ended() const override {
    const std::lock_guard lock(mutex_);
    return ended_ && queue_.empty();
  }

  /// Whether the reader is owed a heartbeat, or must be told to ask again: both are for pull to send.
  bool look_at(Instant now) {
    const std::lock_guard lock(mutex_);
    if (ended_) return false;
    const bool full = queued_ >= hub->limits_.most_queued_events || queue_.size() >= hub->limits_.most_queued_bytes;
    if (full && now - pulled_at_ >= hub->limits_.heartbeat) {
      end_with(to_text(http::Event{{}, "resync", "{\"why\":\"too slow: ask again from the last id\"}"}));
      return true;
    }
    return heartbeat_due(now);
  }

  struct Room {
    EntryIndex next{};
    std::size_t events = 0, bytes = 0;  ///< none: full, or ended
    bool empty = false;
  };
  Room room() const {
    const std::lock_guard lock(mutex_);
    Room room;
    room.next = next_;
    if (ended_) return room;
    const Limits& limits = hub->limits_;
    room.events = limits.most_queued_events - std::min(limits.most_queued_events, queued_);
    room.bytes = limits.most_queued_bytes - std::min(limits.most_queued_bytes, queue_.size());
    room.empty = queued_ == 0;
    return room;
  }
  void put(std::string_view texts, std::size_t events, EntryIndex next, bool behind) {
    const std::lock_guard lock(mutex_);
    next_ = next;
    behind_ = behind;
    if (ended_) return;
    queue_ += texts;
    queued_ += events;
  }
  /// Sees to it that the next pull stirs the hub; true where there is room already.
  bool wait_for_room() {
    const std::lock_guard lock(mutex_);
    behind_ = true;
    return !ended_ && queued_ == 0;
  }
  void end() {
    {
      const std::lock_guard lock(mutex_);
      end_with({});
    }
    wake();
  }
  using http::Feed::wake;

  const std::shared_ptr<Hub> hub;
  const std::string token, party;

 private:
  bool heartbeat_due(Instant now) const { return now - sent_at_ >= hub->limits_.heartbeat; }
  /// What waited is dropped: the reader asks again from the last id that it has.
  void end_with(std::string last) {
    if (ended_) return;
    ended_ = true;
    queue_ = std::move(last);
    queued_ = 0;
  }

  mutable std::mutex mutex_{};
  EntryIndex next_;  ///< the first entry that is not looked at yet
  std::string queue_{};
  std::size_t queued_ = 0;
  bool behind_ = true, ended_ = false;
  Instant pulled_at_{}, sent_at_{};
};

Hub::Hub(const Parts& parts, std::shared_ptr<Sessions> sessions)
    : engine_(parts.engine), steady_(parts.steady), limits_(parts.limits), sessions_(std::move(sessions)) {
  follower_ = engine_.follow([this](std::uint64_t) { stir(); });
  thread_ = std::thread([this] { run(); });
}

Hub::~Hub() { close(); }

void Hub::close() {
  {
    const std::lock_guard lock(mutex_);
    if (closing_) return;
    closing_ = true;
  }
  engine_.unfollow(follower_);
  wake_.notify_all();
  if (thread_.joinable()) thread_.join();
  std::vector<std::shared_ptr<EventFeed>> open;
  {
    const std::lock_guard lock(mutex_);
    for (const auto& each : feeds_)
      if (auto feed = each.lock()) open.push_back(std::move(feed));
  }
  for (const auto& feed : open) feed->end();
}

Result<std::shared_ptr<http::Feed>> Hub::open(const std::shared_ptr<Hub>& hub, std::string token, const Session& session,
                                              EntryIndex from) {
  EntryIndex next;
  hub->engine_.view([&](const core::State& state) { next = state.next(); });
  if (from > next)
    return refuse(Rule::entry_unknown,
                  "from " + std::to_string(from.value) + ", where this log has " + std::to_string(next.value) + " entries",
                  "at most " + std::to_string(next.value) + "; who has seen more has seen another log");
  {
    const std::lock_guard lock(hub->mutex_);
    if (hub->closing_) return refuse(Rule::server_stopping);
    std::size_t& count = hub->of_party_[session.party];
    if (count >= hub->limits_.most_streams_of_party)
      return refuse(Rule::event_streams, session.party + " holds " + std::to_string(count) + " event streams",
                    "at most " + std::to_string(hub->limits_.most_streams_of_party));
    ++count;
  }
  auto feed = std::make_shared<EventFeed>(hub, std::move(token), session.party, from);
  {
    const std::lock_guard lock(hub->mutex_);
    hub->feeds_.push_back(feed);
  }
  hub->stir();
  return feed;
}

std::size_t Hub::streams() const {
  const std::lock_guard lock(mutex_);
  std::size_t all = 0;
  for (const auto& [party, count] : of_party_) all += count;
  return all;
}

void Hub::leave(const std::string& party) {
  const std::lock_guard lock(mutex_);
  const auto found = of_party_.find(party);
  if (found != of_party_.end() && --found->second == 0) of_party_.erase(found);
}

void Hub::stir() {
  {
    const std::lock_guard lock(mutex_);
    stirred_ = true;
  }
  wake_.notify_one();
}

void Hub::run() {
  std::vector<std::shared_ptr<EventFeed>> open;
  std::unique_lock lock(mutex_);
  for (;;) {
    wake_.wait_for(lock, kTick, [&] { return stirred_ || closing_; });
    if (closing_) return;
    stirred_ = false;
    std::erase_if(feeds_, [](const auto& each) { return each.expired(); });
    for (const auto& each : feeds_)
      if (auto feed = each.lock()) open.push_back(std::move(feed));
    lock.unlock();
    bool more = false;
    for (const auto& feed : open) more |= serve(*feed);
    open.clear();  // without the lock: the last holder of a stream calls leave()
    lock.lock();
    stirred_ |= more;
  }
}

bool Hub::serve(EventFeed& feed) {
  if (!sessions_->find(feed.token)) {
    feed.end();
    return false;
  }
  const bool more = fill(feed);
  if (feed.look_at(steady_.now())) feed.wake();
  return more;
}

bool Hub::fill(EventFeed& feed) {
  const EventFeed::Room room = feed.room();
  if (room.events == 0 || room.bytes == 0) return feed.wait_for_room();
  std::vector<EntryIndex> wanted;
  EntryIndex next = room.next, size{};
  engine_.view([&](const core::State& state) {
    size = state.next();
    for (; next < size && next.value - room.next.value < kMostScanned && wanted.size() < room.events; ++next.value)
      if (core::may_read(state, next, feed.party)) wanted.push_back(next);
  });
  std::string texts;
  std::size_t events = 0;
  for (; events < wanted.size(); ++events) {
    auto text = text_of(wanted, events, size);
    if (!text) {  // the store is lost or altered: the engine ends the process; nobody is told a gap
      feed.end();
      return false;
    }
    const bool first = room.empty && events == 0;
    if (!first && texts.size() + text->size() > room.bytes) {
      next = wanted[events];
      break;
    }
    texts += *text;
  }
  const bool behind = next < size;
  feed.put(texts, events, next, behind);
  if (events > 0) feed.wake();
  return behind && next > room.next;
}

Result<std::string> Hub::text_of(const std::vector<EntryIndex>& wanted, std::size_t at, EntryIndex size) {
  const EntryIndex index = wanted[at];
  if (const auto kept = texts_.find(index); kept != texts_.end()) return kept->second;
  if (const auto kept = run_.find(index); kept != run_.end()) return kept->second;
  std::size_t count = 1;
  while (count < kMostRun && at + count < wanted.size() && wanted[at + count].value == index.value + count) ++count;
  WB_TRY(entries, engine_.entries(index, count));
  run_.clear();
  for (const core::Entry& entry : entries) {
    std::string text = to_text(event_of(entry));
    if (entry.index.value + kMostTexts >= size.value) texts_[entry.index] = text;
    run_[entry.index] = std::move(text);
  }
  while (texts_.size() > kMostTexts) texts_.erase(texts_.begin());
  return run_[index];
}

}  // namespace wideberth::api
