// Quantities that must not be mixed up: whole numbers inside, built only by a named maker.
#pragma once

#include <compare>
#include <cstdint>

namespace wideberth::base {

/// A length or distance in whole millimetres; + and - are exact.
class Metres {
 public:
  constexpr Metres() = default;
  static constexpr Metres from_mm(std::int64_t mm) { return Metres{mm}; }
  static constexpr Metres from_metres(std::int64_t m) { return Metres{m * 1000}; }
  constexpr std::int64_t mm() const { return mm_; }
  /// In metres, exact up to 2^53 mm.
  constexpr double metres() const { return static_cast<double>(mm_) / 1000.0; }

  friend constexpr Metres operator+(Metres a, Metres b) { return Metres{a.mm_ + b.mm_}; }
  friend constexpr Metres operator-(Metres a, Metres b) { return Metres{a.mm_ - b.mm_}; }
  friend constexpr auto operator<=>(Metres, Metres) = default;

 private:
  explicit constexpr Metres(std::int64_t mm) : mm_{mm} {}
  std::int64_t mm_ = 0;
};

/// The place of an entry in the log, from 0.
struct EntryIndex {
  std::uint64_t value = 0;
  friend constexpr auto operator<=>(EntryIndex, EntryIndex) = default;
};

}  // namespace wideberth::base
