// What a stretch of work took.
#pragma once

#include <time.h>

namespace wideberth::bench {

class Watch {
 public:
  /// Counts the time that this thread ran, or what passed.
  explicit Watch(bool cpu) : clock_{cpu ? CLOCK_THREAD_CPUTIME_ID : CLOCK_MONOTONIC}, begin_{now()} {}
  double seconds() const { return now() - begin_; }

 private:
  double now() const {
    timespec at{};
    clock_gettime(clock_, &at);
    return static_cast<double>(at.tv_sec) + static_cast<double>(at.tv_nsec) * 1e-9;
  }
  clockid_t clock_;
  double begin_;
};

}  // namespace wideberth::bench
