#include "net/system.h"

#include <sodium.h>

#ifdef __GLIBC__
#include <malloc.h>
#endif

#include <chrono>

#include "base/check.h"

namespace wideberth::net {

base::Instant SystemClock::now() {
  const auto since = std::chrono::system_clock::now().time_since_epoch();
  return base::Instant::from_ms(std::chrono::floor<std::chrono::milliseconds>(since).count());
}

SystemEntropy::SystemEntropy() { WB_CHECK(sodium_init() >= 0); }

void SystemEntropy::fill(std::span<unsigned char> out) { randombytes_buf(out.data(), out.size()); }

void keep_memory() noexcept {
#ifdef __GLIBC__
  constexpr int kKept = 256 << 20, kLargest = 32 << 20;  // bytes; 32 MiB is the most that glibc takes
  static_cast<void>(::mallopt(M_TRIM_THRESHOLD, kKept));
  static_cast<void>(::mallopt(M_MMAP_THRESHOLD, kLargest));
#endif
}

}  // namespace wideberth::net
