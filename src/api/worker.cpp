#include "api/worker.h"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <utility>

namespace wideberth::api {

struct Worker::Shared {
  std::mutex mutex;
  std::condition_variable wake;
  std::deque<Job> jobs;
  bool stopping = false;
};

Worker::Worker(std::size_t most_waiting)
    : most_waiting_(most_waiting), shared_(std::make_shared<Shared>()), thread_(&Worker::run, shared_) {}

Worker::~Worker() { stop(); }

bool Worker::post(Job job) { return add(std::move(job), most_waiting_); }
bool Worker::post_always(Job job) { return add(std::move(job), static_cast<std::size_t>(-1)); }

bool Worker::add(Job job, std::size_t most) {
  const std::lock_guard lock(shared_->mutex);
  if (shared_->stopping || shared_->jobs.size() >= most) return false;
  shared_->jobs.push_back(std::move(job));
  shared_->wake.notify_one();
  return true;
}

std::size_t Worker::waiting() const {
  const std::lock_guard lock(shared_->mutex);
  return shared_->jobs.size();
}

void Worker::stop() {
  std::deque<Job> dropped;  // outside of the lock: what a job holds may call back when it goes
  {
    const std::lock_guard lock(shared_->mutex);
    shared_->stopping = true;
    dropped.swap(shared_->jobs);
  }
  shared_->wake.notify_all();
  if (!thread_.joinable()) return;
  // The last holder of a router may let it go in a job of ours; the thread then ends on its own, touching only `shared`.
  if (thread_.get_id() == std::this_thread::get_id())
    thread_.detach();
  else
    thread_.join();
}

void Worker::run(std::shared_ptr<Shared> shared) {
  std::unique_lock lock(shared->mutex);
  for (;;) {
    shared->wake.wait(lock, [&] { return shared->stopping || !shared->jobs.empty(); });
    if (shared->stopping) return;
    {
      const Job job = std::exchange(shared->jobs.front(), nullptr);
      shared->jobs.pop_front();
      lock.unlock();
      job();
    }
    lock.lock();
  }
}

}  // namespace wideberth::api
