// The world's clock and chance.
#pragma once

#include "base/ports.h"

namespace wideberth::net {

/// The computer's idea of UTC; it may step.
class SystemClock final : public base::Clock {
 public:
  base::Instant now() override;
};

/// The kernel's random numbers, by libsodium. From any thread.
class SystemEntropy final : public base::Entropy {
 public:
  /// Stops the process where libsodium cannot begin: nothing can be signed or salted then.
  SystemEntropy();
  void fill(std::span<unsigned char> out) override;
};

/// What is freed stays with the process for the next answer: a list of some megabytes that gives its pages back to the kernel
/// each time waits longer for them than for its text. Once, when a server begins; nothing where the C library has no such word.
void keep_memory() noexcept;

}  // namespace wideberth::net
