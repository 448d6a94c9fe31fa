#include "net/system.h"

#include <sodium.h>

#include <chrono>

#include "base/check.h"

namespace wideberth::net {

base::Instant SystemClock::now() {
  const auto since = std::chrono::system_clock::now().time_since_epoch();
  return base::Instant::from_ms(std::chrono::floor<std::chrono::milliseconds>(since).count());
}

SystemEntropy::SystemEntropy() { WB_CHECK(sodium_init() >= 0); }

void SystemEntropy::fill(std::span<unsigned char> out) { randombytes_buf(out.data(), out.size()); }

}  // namespace wideberth::net
