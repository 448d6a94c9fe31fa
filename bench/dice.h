// Chance from one seed, the same everywhere: the generator is the standard's, to the bit; its distributions are not, so these are
// our own.
#pragma once

#include <cstddef>
#include <cstdint>
#include <random>

namespace wideberth::bench {

class Dice {
 public:
  explicit Dice(std::uint64_t seed) : bits_{seed} {}
  double between(double low, double high) { return low + (high - low) * (static_cast<double>(bits_() >> 11) * 0x1p-53); }
  std::int64_t below(std::int64_t end) { return below(0, end); }
  std::int64_t below(std::int64_t begin, std::int64_t end) {
    return begin + static_cast<std::int64_t>(between(0, static_cast<double>(end - begin)));
  }
  /// One of so many, by its place.
  std::size_t one_of(std::size_t count) { return static_cast<std::size_t>(bits_() % count); }

 private:
  std::mt19937_64 bits_;
};

}  // namespace wideberth::bench
