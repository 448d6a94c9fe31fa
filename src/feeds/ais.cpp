#include "feeds/ais.h"

#include <algorithm>

namespace wideberth::feeds {
namespace {

// The six bits of each character, 64 for none.
constexpr std::array<std::uint8_t, 256> make_sixbits() {
  std::array<std::uint8_t, 256> table{};
  table.fill(64);
  for (unsigned c = 48; c <= 87; ++c) table[c] = static_cast<std::uint8_t>(c - 48);
  for (unsigned c = 96; c <= 119; ++c) table[c] = static_cast<std::uint8_t>(c - 56);
  return table;
}
constexpr auto kSixBits = make_sixbits();

std::string nine_digits(std::uint32_t mmsi) {
  std::string digits(9, '0');
  for (std::size_t i = 9; i > 0 && mmsi > 0; mmsi /= 10) digits[--i] = static_cast<char>('0' + mmsi % 10);
  return digits;
}

// value x up / down to the nearest, halves away from zero.
constexpr std::int64_t scaled(std::int64_t value, std::int64_t up, std::int64_t down) {
  const std::int64_t product = value * up;
  return (product < 0 ? product - down / 2 : product + down / 2) / down;
}

struct Layout {
  std::size_t speed, accuracy, lon, lat, course, second, least;
};
constexpr Layout kClassA{50, 60, 61, 89, 116, 137, 149};
constexpr Layout kClassB{46, 56, 57, 85, 112, 133, 141};

// The place; none where the report says that it has none.
Result<std::optional<geo::Place>> place_of(std::int32_t lon, std::int32_t lat, std::int32_t minute) {
  if (lon == 181 * 60 * minute || lat == 91 * 60 * minute) return std::optional<geo::Place>{};
  const std::int32_t most_lon = 180 * 60 * minute, most_lat = 90 * 60 * minute;
  if (lon < -most_lon || lon > most_lon || lat < -most_lat || lat > most_lat) {
    return base::refuse(Rule::place_out_of_range,
                        std::to_string(lat) + "," + std::to_string(lon) + " of 1/" + std::to_string(minute) + " minute",
                        "latitude within 90 and longitude within 180 degrees, or 91 and 181");
  }
  const std::int64_t down = std::int64_t{60} * minute;
  return std::optional(geo::Place{static_cast<std::int32_t>(scaled(lon, 10'000'000, down)),
                                  static_cast<std::int32_t>(scaled(lat, 10'000'000, down))});
}

tl::unexpected<Refusal> too_short(const AisBits& bits, unsigned type, std::size_t least) {
  return base::refuse(Rule::ais_payload,
                      "a message of type " + std::to_string(type) + " with " + std::to_string(bits.count()) + " bits",
                      "at least " + std::to_string(least));
}

bool is_fixed(std::uint32_t status) { return status == 1 || status == 5 || status == 6; }  // at anchor, moored, aground

Result<void> read_position(const AisBits& bits, const Layout& at, AisMessage& message) {
  if (bits.count() < at.least) return too_short(bits, message.type, at.least);
  WB_TRY(place, place_of(bits.signed_at(at.lon, 28), bits.signed_at(at.lat, 27), 10'000));
  message.without_place = !place;
  if (!place) return {};
  Reading& reading = message.reading.emplace();
  model::Position& position = reading.position;
  position.unit = nine_digits(bits.at(8, 30));
  position.place = *place;
  if (bits.at(at.accuracy, 1) == 1) position.accuracy = Metres::from_metres(10);
  const std::uint32_t speed = bits.at(at.speed, 10), course = bits.at(at.course, 12);
  if (speed != 1023) position.speed_mmps = static_cast<std::int32_t>(scaled(speed, 463, 9));  // tenths of a knot
  if (course < 3600) position.course_cdeg = static_cast<std::int32_t>(course * 10);
  position.source = model::PositionSource::ais;
  reading.is_fixed = message.type <= 3 && is_fixed(bits.at(38, 4));
  if (const std::uint32_t second = bits.at(at.second, 6); second < 60) message.second = second;
  return {};
}

Result<void> read_long_range(const AisBits& bits, AisMessage& message) {
  if (bits.count() < 95) return too_short(bits, 27, 95);
  WB_TRY(place, place_of(bits.signed_at(44, 18), bits.signed_at(62, 17), 10));
  message.without_place = !place;
  if (!place) return {};
  Reading& reading = message.reading.emplace();
  model::Position& position = reading.position;
  position.unit = nine_digits(bits.at(8, 30));
  position.place = *place;
  if (bits.at(38, 1) == 1) position.accuracy = Metres::from_metres(141);  // 10 m, and half a diagonal of a tenth of a minute
  const std::uint32_t speed = bits.at(79, 6), course = bits.at(85, 9);
  if (speed != 63) position.speed_mmps = static_cast<std::int32_t>(scaled(speed, 4630, 9));
  if (course < 360) position.course_cdeg = static_cast<std::int32_t>(course * 100);
  position.source = model::PositionSource::ais;
  reading.is_fixed = is_fixed(bits.at(40, 4));
  return {};
}

// The four distances from the antenna: to bow and stern nine bits each, to port and starboard six.
void read_size(const AisBits& bits, std::size_t first, Particulars& into) {
  const std::uint32_t length = bits.at(first, 9) + bits.at(first + 9, 9), width = bits.at(first + 18, 6) + bits.at(first + 24, 6);
  if (length > 0) into.length = Metres::from_metres(length);
  if (width > 0) into.width = Metres::from_metres(width);
}

Result<void> read_particulars(const AisBits& bits, AisMessage& message) {
  Particulars particulars;
  particulars.unit = nine_digits(bits.at(8, 30));
  const std::uint32_t part = bits.at(38, 2);
  const std::size_t least = message.type == 5 ? 270 : message.type == 19 ? 301 : part == 0 ? 160 : 162;
  if (bits.count() < least) return too_short(bits, message.type, least);
  if (message.type == 5) {
    particulars.name = bits.text(112, 20);
    read_size(bits, 240, particulars);
  } else if (message.type == 19) {
    particulars.name = bits.text(143, 20);
    read_size(bits, 271, particulars);
  } else if (part == 0) {
    particulars.name = bits.text(40, 20);
  } else if (part == 1 && !particulars.unit.starts_with("98")) {  // a tender says its ship's number there
    read_size(bits, 132, particulars);
  }
  if (!particulars.name.empty() || particulars.length || particulars.width) message.particulars = std::move(particulars);
  return {};
}

}  // namespace

std::optional<AisBits> AisBits::read(std::string_view payload, unsigned fill) noexcept {
  if (payload.empty() || payload.size() > kMostAisPayload || fill > 5) return {};
  AisBits bits;
  // Ten characters and two thirds to a word: gather sixty bits, and spill what is over.
  std::uint64_t word = 0;
  unsigned held = 0;
  std::size_t words = 0;
  for (const char c : payload) {
    const std::uint64_t six = kSixBits[static_cast<unsigned char>(c)];
    if (six == 64) return {};
    if (held <= 58) {
      word |= six << (58 - held);
      held += 6;
    } else {
      const unsigned over = held - 58;
      bits.words_[words++] = word | six >> over;
      word = six << (64 - over);
      held = over;
    }
  }
  bits.words_[words] = word;
  bits.words_[words + 1] = 0;
  bits.count_ = payload.size() * 6 - fill;
  return bits;
}

std::uint32_t AisBits::at(std::size_t first, std::size_t width) const noexcept {
  if (first >= count_) return 0;
  const std::size_t word = first / 64, offset = first % 64;
  std::uint64_t value = words_[word] << offset;
  if (offset + width > 64) value |= words_[word + 1] >> (64 - offset);
  value >>= 64 - width;
  if (first + width > count_) value &= ~std::uint64_t{0} << (first + width - count_);
  return static_cast<std::uint32_t>(value);
}

std::int32_t AisBits::signed_at(std::size_t first, std::size_t width) const noexcept {
  const auto value = static_cast<std::int64_t>(at(first, width));
  const std::int64_t sign = std::int64_t{1} << (width - 1);
  return static_cast<std::int32_t>((value ^ sign) - sign);
}

std::string AisBits::text(std::size_t first, std::size_t characters) const {
  std::string text;
  for (std::size_t i = 0; i < characters && first + (i + 1) * 6 <= count_; ++i) {
    const std::uint32_t six = at(first + i * 6, 6);
    if (six == 0) break;  // '@'
    text += static_cast<char>(six < 32 ? six + 64 : six);
  }
  text.erase(text.find_last_not_of(' ') + 1);
  return text;
}

Result<AisMessage> read_ais(const AisBits& bits) {
  AisMessage message;
  message.type = bits.at(0, 6);
  if (bits.count() < 38) return too_short(bits, message.type, 38);
  if (const std::uint32_t mmsi = bits.at(8, 30); mmsi > 999'999'999) {
    return base::refuse(Rule::ais_payload, "the MMSI " + std::to_string(mmsi), "nine digits");
  }
  switch (message.type) {
    case 1:
    case 2:
    case 3: WB_TRY_VOID(read_position(bits, kClassA, message)); break;
    case 18: WB_TRY_VOID(read_position(bits, kClassB, message)); break;
    case 19:
      WB_TRY_VOID(read_position(bits, kClassB, message));
      WB_TRY_VOID(read_particulars(bits, message));
      break;
    case 5:
    case 24: WB_TRY_VOID(read_particulars(bits, message)); break;
    case 27: WB_TRY_VOID(read_long_range(bits, message)); break;
    default: break;
  }
  return message;
}

}  // namespace wideberth::feeds
