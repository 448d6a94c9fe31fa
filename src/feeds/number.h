// Numbers and times as feeds write them, read as whole numbers: no double, no locale, the same answer everywhere.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/instant.h"

namespace wideberth::feeds {

/// A decimal number as a whole count of 10^-decimals, to the nearest, halves away from zero: "42.14" with 7 decimals gives
/// 421400000. A sign, digits, one point and, as XML has it, an exponent ("5.0E-4"). None for anything else ("NaN", "INF",
/// "0x1", "", spaces) and beyond ±10^17 of those units. 0 <= decimals <= 9.
std::optional<std::int64_t> read_fixed(std::string_view text, int decimals) noexcept;

/// The other way round, with at least one digit on either side of the point and no more than needed: "42.14", "-0.5", "9.0".
/// Law: read_fixed(write_fixed(v, d), d) == v. 1 <= decimals <= 9.
std::string write_fixed(std::int64_t value, int decimals);

/// A plain whole number in least..most; no sign but a leading minus.
std::optional<std::int64_t> read_whole(std::string_view text, std::int64_t least, std::int64_t most) noexcept;

/// xs:dateTime as devices write it: 2020-12-16T19:59:34.915Z, any number of fraction digits to nine (cut to milliseconds),
/// Z or an offset such as +02:00; a leap second counts as the second before it. None for anything else, and for a text
/// without a zone.
std::optional<base::Instant> read_time(std::string_view text) noexcept;

/// From the parts of a date and a time of day in UTC; none where there is no such day or second. Second 60 counts as 59.
struct Civil {
  int year = 1970, month = 1, day = 1;
  int hour = 0, minute = 0, second = 0, ms = 0;
};
std::optional<base::Instant> instant_of(const Civil& civil) noexcept;

/// The instant at this time of day (0..86399999 ms) that lies nearest to `about`.
base::Instant nearest_day(std::int64_t of_day_ms, base::Instant about) noexcept;

}  // namespace wideberth::feeds
