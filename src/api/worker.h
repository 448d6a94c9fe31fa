// A thread that may wait: for the disk, for a fold, for a long body.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <thread>

namespace wideberth::api {

/// One thread, one queue, first come first served. Any thread may call.
class Worker {
 public:
  using Job = std::function<void()>;

  explicit Worker(std::size_t most_waiting);
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;
  /// Stops.
  ~Worker();

  /// False where too much waits, or the worker stops: the job is then dropped.
  bool post(Job job);
  /// The same without the limit: for jobs of which there are few by their nature.
  bool post_always(Job job);
  std::size_t waiting() const;
  std::size_t most_waiting() const { return most_waiting_; }
  /// Drops what waits, waits for the job under way and ends the thread. Idempotent; may be called by a job.
  void stop();

 private:
  struct Shared;
  bool add(Job job, std::size_t most);
  static void run(std::shared_ptr<Shared> shared);

  std::size_t most_waiting_;
  std::shared_ptr<Shared> shared_;
  std::thread thread_;
};

}  // namespace wideberth::api
