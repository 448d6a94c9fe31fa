// The world as interfaces: time and chance are handed in, never reached for, so that one seed replays one run.
#pragma once

#include <span>

#include "base/instant.h"

namespace wideberth::base {

class Clock {
 public:
  virtual ~Clock() = default;
  /// Never throws. May step backwards; who needs order must make it.
  virtual Instant now() = 0;
};

class Entropy {
 public:
  virtual ~Entropy() = default;
  /// Fills all of it.
  virtual void fill(std::span<unsigned char> out) = 0;
};

}  // namespace wideberth::base
