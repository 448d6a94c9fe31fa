// What the engine counts of itself, for whoever watches the server. Counts alone; nothing of what was filed.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace wideberth::engine {

/// Upper bounds in seconds; what took longer stands in the last count.
inline constexpr std::array kFlushBounds = {0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0};

struct Measures {
  std::uint64_t waiting = 0, most_waiting = 0;                   ///< notes accepted and not yet decided; the limit
  std::array<std::uint64_t, kFlushBounds.size() + 1> flushes{};  ///< by how long the store took, each flush once
  double flush_seconds = 0;                                      ///< all flushes together
  std::uint64_t watched = 0, followed = 0, left_out = 0;         ///< units: see core::Watch::Counts
};

}  // namespace wideberth::engine
