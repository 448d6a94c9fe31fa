// The thread that works for the next start: it reads again what the carried state of this one stands for, and carries this one.
#include <sys/resource.h>
#include <unistd.h>

#include <chrono>

#include "engine/engine.h"

namespace wideberth::engine {

using base::EntryIndex;

/// Sleeps; false once the engine ends.
bool Engine::rest(std::chrono::milliseconds time) {
  std::unique_lock lock(mutex_);
  return !keep_wake_.wait_for(lock, time, [&] { return stopping_ || lost_; });
}

void Engine::keep_loop() {
  // Everybody else first. Where the system does not let us, it is as it is.
  static_cast<void>(::setpriority(PRIO_PROCESS, static_cast<::id_t>(::gettid()), 5));
  const auto leaf = [this](EntryIndex index) { return leaf_of(index); };
  if (const auto reread = reread_carried(ports_.store, unread_, leaf, ending_); !reread) return lose(reread.error());
  const auto size = [&] {
    const std::shared_lock published(published_mutex_);
    return published_.tree.size();
  };
  const std::uint64_t every = limits_.carry_every;
  if (every == 0) return;
  std::uint64_t before = size();
  while (rest(std::chrono::seconds(1))) {
    const std::uint64_t now = size();
    if (now - carried_ >= (now == before ? every : 4 * every)) carry();
    before = now;
  }
}

/// Publishing waits while the state is written down; who reads does not.
void Engine::carry() {
  std::optional<std::string> sealed;
  {
    const std::shared_lock published(published_mutex_);
    sealed = seal(published_, key_);
    carried_ = published_.tree.size();
  }
  // A cache: where it cannot be kept, the next start takes longer and no more.
  if (sealed) static_cast<void>(ports_.store.put_cache(*sealed));
}

}  // namespace wideberth::engine
