// The payload of AIS messages (ITU-R M.1371) as NMEA carries it: six bits to a character.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "feeds/reading.h"

namespace wideberth::feeds {

/// The most characters of one message: five slots hold 1064 bits.
inline constexpr std::size_t kMostAisPayload = 178;

/// The bits of a payload.
class AisBits {
 public:
  /// `fill` bits at the end of the last character count for nothing, 0..5. None where a character is none of the 64, or where
  /// there are too many.
  static std::optional<AisBits> read(std::string_view payload, unsigned fill) noexcept;

  std::size_t count() const noexcept { return count_; }
  // Bits past the end are 0. 1 <= width <= 32.
  std::uint32_t at(std::size_t first, std::size_t width) const noexcept;
  std::int32_t signed_at(std::size_t first, std::size_t width) const noexcept;
  /// Six-bit text of `characters`, ended by '@', without spaces at its end.
  std::string text(std::size_t first, std::size_t characters) const;

 private:
  AisBits() = default;
  std::array<std::uint64_t, 19> words_;  // written as far as count_ goes, and one beyond
  std::size_t count_ = 0;
};

/// What one message says. Positions (types 1, 2, 3, 18, 19, 27) give a Reading whose time is not set, with the second of the
/// minute at which it was taken; statics (types 5, 19, 24) give Particulars. Other types give neither.
struct AisMessage {
  unsigned type = 0;
  bool without_place = false;  ///< a position report that says it has none (lat 91, lon 181)
  std::optional<Reading> reading{};
  std::optional<unsigned> second{};  ///< 0..59
  std::optional<Particulars> particulars{};
};

/// Refused with ais_payload where the message is shorter than its type, place_out_of_range where a place is neither on earth nor
/// the word for "not known". Missing are a speed of 102.3 knots (63 of type 27), a course of 360 or more, lengths of 0. The unit
/// is the MMSI in nine digits. accuracy is 10 m where the report claims it (for type 27, which rounds to a tenth of a minute, 141
/// m), otherwise missing.
Result<AisMessage> read_ais(const AisBits& bits);

}  // namespace wideberth::feeds
