#include "engine/engine.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "base/check.h"
#include "core/admit.h"
#include "core/deadlines.h"
#include "ledger/checkpoint.h"
#include "ledger/proof.h"

namespace wideberth::engine {
namespace {

using base::EntryIndex;
using base::Instant;
using base::Millis;
using base::Refusal;
using base::refuse;
using base::Result;
using base::Rule;

constexpr Millis kBeat = Millis::from_seconds(1);

std::string sign(const ledger::SigningKey& key, const store::Head& head) {
  ledger::Checkpoint checkpoint;
  checkpoint.origin = key.name();
  checkpoint.size = head.size;
  checkpoint.root = head.root;
  return ledger::sign_checkpoint(checkpoint, key);
}

/// A kept checkpoint must be by this key and of this head: nothing is signed over a log that another key vouched for.
Result<void> check_kept(const store::Head& head, const ledger::SigningKey& key, const core::State& state) {
  if (!state.opening) return refuse(Rule::log_not_open, "the store is empty");
  if (state.opening->server != key.verifier()) return refuse(Rule::log_key_mismatch, key.name(), state.opening->server.name);
  if (head.checkpoint.empty()) return {};
  WB_TRY(kept, ledger::open_checkpoint(head.checkpoint, key.verifier()));
  if (kept.size != head.size || kept.root != head.root)
    return refuse(Rule::store_untrue, "the kept checkpoint is of another head", {}, "head");
  return {};
}

}  // namespace

struct Engine::Line {
  core::Submission submission;
  Result<core::Admitted> admitted = refuse(Rule::server_stopping);
  Fate fate = EntryIndex{};
};

struct Engine::Request {
  std::vector<Line> lines;
  Answer answer;
  bool admitted = false;
};

struct Engine::Flush {
  Batch batch;
  std::vector<std::shared_ptr<Request>> requests;
};

Result<void> Engine::open_log(Ports ports, const ledger::SigningKey& key, const model::Opening& opening) {
  WB_TRY(head, ports.store.head());
  if (head.size != 0) return refuse(Rule::log_open_already);
  Writer writer(core::State{}, key, ports.entropy);
  WB_TRY_VOID(writer.open(opening, ports.clock.now()));
  const Batch batch = writer.drain();
  const store::StoredEntry first[] = {stored_from(batch.entries.front())};
  return ports.store.append(first, batch.expected, batch.next);
}

Result<std::unique_ptr<Engine>> Engine::start(Ports ports, ledger::SigningKey key, Limits limits, OnLost on_lost,
                                              const Progress& progress) {
  WB_TRY(restarted, restart(ports.store, key.verifier(), progress));
  WB_TRY_VOID(check_kept(restarted.folded.head, key, restarted.folded.state));
  WB_TRY(alive, ports.store.last_alive());
  std::unique_ptr<Engine> engine(new Engine(ports, std::move(key), limits, std::move(on_lost), std::move(restarted)));
  if (alive) engine->writer_.restart(*alive, ports.clock.now());
  const auto read = [&ports](base::EntryIndex from) -> Result<std::vector<core::Entry>> {
    constexpr std::size_t kAtOnce = 64;
    WB_TRY(stored, ports.store.read(from, kAtOnce));
    std::vector<core::Entry> entries;
    for (store::StoredEntry& each : stored) {
      WB_TRY(entry, entry_from(std::move(each)));
      entries.push_back(std::move(entry));
    }
    return entries;
  };
  WB_TRY_VOID(engine->writer_.recall(read, ports.clock.now()));
  engine->poked_ = true;
  Engine* self = engine.get();
  for (unsigned i = 0; i < limits.admitters; ++i) engine->threads_.emplace_back([self] { self->admit_loop(); });
  engine->threads_.emplace_back([self] { self->decide_loop(); });
  engine->threads_.emplace_back([self] { self->flush_loop(); });
  if (limits.carry_every > 0 || engine->unread_ > 0) engine->threads_.emplace_back([self] { self->keep_loop(); });
  return engine;
}

Engine::Engine(Ports ports, ledger::SigningKey key, Limits limits, OnLost on_lost, Restarted restarted)
    : ports_(ports),
      key_(std::move(key)),
      limits_(limits),
      on_lost_(std::move(on_lost)),
      writer_(restarted.folded.state, key_, ports.entropy),
      published_(std::move(restarted.folded.state)),
      checkpoint_(sign(key_, restarted.folded.head)),
      public_checkpoint_(checkpoint_),
      public_at_(ports.clock.now()),
      carried_(restarted.carried),
      unread_(restarted.carried) {}

Engine::~Engine() { stop(); }

Result<void> Engine::submit(std::vector<core::Submission> notes, Answer answer) {
  auto request = std::make_shared<Request>();
  request->lines.resize(notes.size());
  for (std::size_t i = 0; i < notes.size(); ++i) request->lines[i].submission = std::move(notes[i]);
  request->answer = std::move(answer);
  const std::lock_guard lock(mutex_);
  if (stopping_ || lost_) return refuse(Rule::server_stopping);
  if (waiting_ + request->lines.size() > limits_.most_waiting)
    return refuse(Rule::queue_full, std::to_string(waiting_) + " notes wait",
                  "at most " + std::to_string(limits_.most_waiting) + " at once");
  waiting_ += request->lines.size();
  to_admit_.push_back(request);
  ordered_.push_back(std::move(request));
  admit_wake_.notify_one();
  return {};
}

void Engine::admit_loop() {
  std::unique_lock lock(mutex_);
  for (;;) {
    admit_wake_.wait(lock, [&] { return !to_admit_.empty() || stopping_; });
    if (to_admit_.empty()) return;
    const auto request = std::move(to_admit_.front());
    to_admit_.pop_front();
    lock.unlock();
    // The state is held for a look at a key and no longer: a large part takes milliseconds to hash, and publishing must not wait.
    const auto find = [this](std::string_view name) {
      const std::shared_lock published(published_mutex_);
      return core::signer_of(published_, name);
    };
    for (Line& line : request->lines) line.admitted = core::admit(find, std::move(line.submission));
    lock.lock();
    request->admitted = true;
    decide_wake_.notify_one();
  }
}

void Engine::decide_loop() {
  std::unique_lock lock(mutex_);
  for (;;) {
    const auto ready = [&] { return !ordered_.empty() && ordered_.front()->admitted; };
    const auto may_form = [&] { return writer_.waiting() < limits_.most_batch; };
    const auto must_act = [&] {
      return lost_ || poked_ || (ready() && may_form()) || (!flushing_ && (writer_.waiting() > 0 || !taken_.empty())) ||
             (stopping_ && ordered_.empty());
    };
    if (!must_act()) decide_wake_.wait_for(lock, std::chrono::milliseconds(200), must_act);
    if (lost_) return;
    poked_ = false;
    std::vector<std::shared_ptr<Request>> now_ready;
    std::size_t notes = 0;
    while (ready() && notes < limits_.most_batch && may_form()) {
      notes += ordered_.front()->lines.size();
      now_ready.push_back(std::move(ordered_.front()));
      ordered_.pop_front();
    }
    waiting_ -= notes;
    const bool last = stopping_ && ordered_.empty();
    lock.unlock();
    for (const auto& request : now_ready) {
      decide_request(*request);
      taken_.push_back(request);
    }
    writer_.pass(ports_.clock.now());
    lock.lock();
    if (!flushing_ && (writer_.waiting() > 0 || !taken_.empty())) hand_over();
    if (last && writer_.waiting() == 0 && taken_.empty()) {
      decided_all_ = true;
      flush_wake_.notify_all();
      return;
    }
  }
}

void Engine::decide_request(Request& request) {
  for (Line& line : request.lines) {
    if (!line.admitted) {
      line.fate = tl::make_unexpected(std::move(line.admitted).error());
      continue;
    }
    line.fate = writer_.take(std::move(*line.admitted), ports_.clock.now());
  }
}

/// REQUIRES: mutex_ is held and nothing is flushing.
void Engine::hand_over() {
  auto flush = std::make_unique<Flush>();
  flush->batch = writer_.drain();
  const core::Watch::Counts watched = writer_.watched();
  measures_.watched = watched.units, measures_.followed = watched.followed, measures_.left_out = watched.left_out;
  flush->requests = std::exchange(taken_, {});
  flushing_ = std::move(flush);
  flush_wake_.notify_one();
}

void Engine::flush_loop() {
  std::unique_lock lock(mutex_);
  for (;;) {
    flush_wake_.wait_for(lock, std::chrono::milliseconds(kBeat.ms()),
                         [&] { return flushing_ != nullptr || decided_all_ || lost_; });
    if (lost_) return;
    Flush* const flush = flushing_.get();
    const bool done = flush == nullptr && decided_all_;
    lock.unlock();
    if (flush != nullptr) {
      if (!commit(*flush)) return;
      publish(*flush);
    }
    heartbeat(ports_.clock.now());
    lock.lock();
    if (flush != nullptr) {
      flushing_.reset();
      decide_wake_.notify_one();
    }
    if (done) return;
  }
}

bool Engine::commit(Flush& flush) {
  if (flush.batch.entries.empty()) return true;
  std::vector<store::StoredEntry> stored;
  stored.reserve(flush.batch.entries.size());
  for (const core::Entry& entry : flush.batch.entries) stored.push_back(stored_from(entry));
  const auto began = std::chrono::steady_clock::now();
  const auto appended = ports_.store.append(stored, flush.batch.expected, flush.batch.next);
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
  {
    const std::lock_guard lock(mutex_);
    const auto bound = std::lower_bound(kFlushBounds.begin(), kFlushBounds.end(), seconds);
    ++measures_.flushes[static_cast<std::size_t>(bound - kFlushBounds.begin())];
    measures_.flush_seconds += seconds;
  }
  if (!appended) lose(appended.error());
  return appended.has_value();
}

void Engine::publish(Flush& flush) {
  std::string checkpoint = flush.batch.entries.empty() ? std::string() : sign(key_, flush.batch.next);
  {
    const std::unique_lock published(published_mutex_);
    for (const core::Entry& entry : flush.batch.entries) {
      const auto applied = core::apply(published_, entry);
      WB_CHECK(applied.has_value());
    }
    if (!checkpoint.empty()) checkpoint_ = std::move(checkpoint);
  }
  for (const auto& request : flush.requests) {
    std::vector<Outcome> outcomes;
    for (Line& line : request->lines) {
      if (!line.fate) {
        outcomes.push_back(tl::make_unexpected(std::move(line.fate).error()));
        continue;
      }
      Committed committed;
      committed.index = *line.fate;
      const std::shared_lock published(published_mutex_);
      committed.received = published_.facts[committed.index.value].received;
      committed.receipt = receipt_at(committed.index, checkpoint_, published_.tree.size());
      outcomes.push_back(std::move(committed));
    }
    request->answer(std::move(outcomes));
  }
  if (flush.batch.entries.empty()) return;
  const std::lock_guard lock(followers_mutex_);
  for (const auto& [handle, follower] : followers_) follower(flush.batch.next.size);
}

void Engine::heartbeat(Instant now) {
  {
    const std::unique_lock published(published_mutex_);
    const Millis cadence = published_.opening ? published_.opening->checkpoint_every : kBeat;
    if (now - public_at_ >= cadence || now < public_at_) {
      public_checkpoint_ = checkpoint_;
      public_at_ = now;
    }
  }
  if (now - beat_ < kBeat && now >= beat_) return;
  beat_ = now;
  if (const auto alive = ports_.store.put_alive(now); !alive) lose(alive.error());
}

void Engine::lose(const Refusal& why) const {
  {
    const std::lock_guard lock(mutex_);
    if (lost_) return;
    lost_ = true;
  }
  decide_wake_.notify_all();
  admit_wake_.notify_all();
  on_lost_(why);
}

void Engine::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  ending_ = true;
  admit_wake_.notify_all();
  decide_wake_.notify_all();
  keep_wake_.notify_all();
  for (std::thread& thread : threads_)
    if (thread.joinable()) thread.join();
  const bool first = !threads_.empty();
  threads_.clear();
  if (first && !lost_ && limits_.carry_every > 0 && published_.tree.size() - carried_ >= limits_.carry_every) carry();
}

void Engine::poke() {
  const std::lock_guard lock(mutex_);
  poked_ = true;
  decide_wake_.notify_one();
}

std::size_t Engine::follow(std::function<void(std::uint64_t)> follower) {
  const std::lock_guard lock(followers_mutex_);
  followers_.emplace_back(next_follower_, std::move(follower));
  return next_follower_++;
}

void Engine::unfollow(std::size_t handle) {
  const std::lock_guard lock(followers_mutex_);
  std::erase_if(followers_, [&](const auto& each) { return each.first == handle; });
}

}  // namespace wideberth::engine
