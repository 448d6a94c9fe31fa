// Instants and spans of time: whole milliseconds, UTC, nothing read from a clock.
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/refusal.h"

namespace wideberth::base {

/// A length of time in whole milliseconds; may be negative.
class Millis {
 public:
  constexpr Millis() = default;
  static constexpr Millis from_ms(std::int64_t ms) { return Millis{ms}; }
  static constexpr Millis from_seconds(std::int64_t s) { return Millis{s * 1000}; }
  constexpr std::int64_t ms() const { return ms_; }

  friend constexpr Millis operator+(Millis a, Millis b) { return Millis{a.ms_ + b.ms_}; }
  friend constexpr Millis operator-(Millis a, Millis b) { return Millis{a.ms_ - b.ms_}; }
  friend constexpr Millis operator-(Millis a) { return Millis{-a.ms_}; }
  friend constexpr auto operator<=>(Millis, Millis) = default;

 private:
  explicit constexpr Millis(std::int64_t ms) : ms_{ms} {}
  std::int64_t ms_ = 0;
};

/// A point in time: milliseconds since 1970-01-01T00:00:00Z, leap seconds not counted (POSIX). Years 0000 to 9999.
class Instant {
 public:
  constexpr Instant() = default;
  static constexpr Instant from_ms(std::int64_t ms) { return Instant{ms}; }
  /// RFC 3339 section 5.6 in UTC: upper-case T and Z, no offset, up to three fraction digits, no leap second.
  static Result<Instant> parse(std::string_view text);
  constexpr std::int64_t ms() const { return ms_; }

  friend constexpr Instant operator+(Instant a, Millis d) { return Instant{a.ms_ + d.ms()}; }
  friend constexpr Instant operator-(Instant a, Millis d) { return Instant{a.ms_ - d.ms()}; }
  friend constexpr Millis operator-(Instant a, Instant b) { return Millis::from_ms(a.ms_ - b.ms_); }
  friend constexpr auto operator<=>(Instant, Instant) = default;

 private:
  explicit constexpr Instant(std::int64_t ms) : ms_{ms} {}
  std::int64_t ms_ = 0;
};

/// Always with three fraction digits: 2020-08-25T06:58:12.417Z, 24 bytes, so that texts sort as times do.
std::string to_text(Instant at);
/// For people: 2020-08-25T06:58:12Z, the fraction only where there is one.
std::string to_short_text(Instant at);
/// For people, whole seconds at the finest: "2 h 05 min", "12 min", "40 s", with a leading minus where negative.
std::string to_text(Millis span);

/// A closed span [from, to]; from <= to is the maker's duty.
struct Interval {
  Instant from{};
  Instant to{};

  constexpr bool meets(const Interval& other) const { return from <= other.to && other.from <= to; }
  constexpr bool holds(Instant at) const { return from <= at && at <= to; }
  friend constexpr bool operator==(const Interval&, const Interval&) = default;
};

}  // namespace wideberth::base
