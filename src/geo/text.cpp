#include "geo/text.h"

#include <fmt/format.h>

#include <GeographicLib/MGRS.hpp>
#include <GeographicLib/UTMUPS.hpp>
#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>
#include <vector>

#include "base/bytes.h"

namespace wideberth::geo {

namespace {

constexpr std::size_t kMostText = 80;
constexpr const char* kAccepted = "such as 37.177N 42.140E, 37°10'37\"N 42°08'24\"E or 38SKF8370117386";

// One part of a place: up to three numbers and a hemisphere letter, before or after them.
struct Part {
  std::vector<double> numbers;
  char letter = 0;
  bool closed = false;  // nothing more belongs to it
};

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// The marks of degrees, minutes and seconds are read as what they are worth: a separator of numbers that stand in this order.
constexpr std::string_view kMarks[] = {"°", "º", "′", "’", "″", "”", "'", "\"", " ", "\t"};

tl::unexpected<base::Refusal> malformed(std::string_view text) {
  return refuse(Rule::place_malformed, base::excerpt(text, kMostText), kAccepted);
}

// Splits "37°10'37\"N 42°08'24\"E", "N37.177, E42.140" and the like into parts; none if it holds anything else.
std::optional<std::vector<Part>> split(std::string_view text) {
  std::vector<Part> parts(1);
  const auto open_part = [&]() -> Part& {
    if (parts.back().closed) parts.emplace_back();
    return parts.back();
  };
  while (!text.empty()) {
    const char c = text.front();
    const auto* mark =
        std::find_if(std::begin(kMarks), std::end(kMarks), [&](std::string_view m) { return text.starts_with(m); });
    if (mark != std::end(kMarks)) {
      text.remove_prefix(mark->size());
    } else if (c == ',' || c == ';') {
      if (parts.back().numbers.empty()) return {};
      parts.back().closed = true;
      text.remove_prefix(1);
    } else if (const auto letter = std::string_view{"NSEWnsew"}.find(c); letter != std::string_view::npos) {
      if (parts.back().letter != 0) parts.back().closed = true;
      Part& part = open_part();
      part.letter = "NSEWNSEW"[letter];
      part.closed = !part.numbers.empty();  // a letter closes the numbers before it, or opens those after it
      text.remove_prefix(1);
    } else {
      // No sign: the letter says it, and the two could contradict each other.
      double value = 0;
      const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed);
      if (!is_digit(c) || error != std::errc{}) return {};
      open_part().numbers.push_back(value);
      text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    }
    if (parts.size() > 2) return {};
  }
  return parts;
}

// Two numbers, signed or not, and nothing else.
bool is_bare_pair(std::string_view text) {
  return text.find_first_not_of("0123456789.,;+- \t") == std::string_view::npos &&
         text.find_first_of("0123456789") != std::string_view::npos;
}

// Degrees from degrees, minutes and seconds: only the last may have a fraction, and minutes and seconds stay below 60.
std::optional<double> degrees_of(const Part& part) {
  if (part.numbers.empty() || part.numbers.size() > 3) return {};
  double unit = 1, sum = 0;
  for (std::size_t i = 0; i < part.numbers.size(); ++i) {
    const double n = part.numbers[i];
    if (i > 0 && n >= 60) return {};
    if (i + 1 < part.numbers.size() && n != std::floor(n)) return {};
    sum += n / unit;
    unit *= 60;
  }
  return part.letter == 'S' || part.letter == 'W' ? -sum : sum;
}

Result<Place> parse_degrees(std::string_view text) {
  if (is_bare_pair(text)) return refuse(Rule::place_ambiguous, base::excerpt(text, kMostText), kAccepted);
  const auto parts = split(text);
  if (!parts || parts->size() != 2) return malformed(text);
  const Part &first = parts->front(), &second = parts->back();
  const auto across = [](const Part& p) { return p.letter == 'E' || p.letter == 'W'; };
  if (first.letter == 0 || second.letter == 0 || across(first) == across(second)) return malformed(text);
  const auto lat = degrees_of(across(first) ? second : first), lon = degrees_of(across(first) ? first : second);
  if (!lat || !lon) return malformed(text);
  return make_place(*lon, *lat);
}

bool looks_like_grid(std::string_view letters) {
  std::size_t digits = 0;
  while (digits < letters.size() && is_digit(letters[digits])) ++digits;
  if (digits > 2 || letters.size() < digits + 3) return false;
  const auto is_letter = [](char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); };
  if (!std::all_of(letters.begin() + static_cast<long>(digits), letters.begin() + static_cast<long>(digits) + 3, is_letter))
    return false;
  return std::all_of(letters.begin() + static_cast<long>(digits) + 3, letters.end(), is_digit);
}

Result<Place> parse_grid(const std::string& grid, std::string_view text) {
  try {
    int zone = 0, precision = 0;
    bool north = false;
    double x = 0, y = 0, lat = 0, lon = 0;
    GeographicLib::MGRS::Reverse(grid, zone, north, x, y, precision, true);
    if (precision < 1 || precision > 5)
      return refuse(Rule::place_malformed, base::excerpt(text, kMostText), "a grid reference of 1 to 5 digits per axis");
    GeographicLib::UTMUPS::Reverse(zone, north, x, y, lat, lon);
    return make_place(lon, lat);
  } catch (const GeographicLib::GeographicErr&) {
    return malformed(text);
  }
}

std::string dms_part(std::int32_t e7, int degree_digits, char positive, char negative) {
  // Hundredths of a second: 36 of them to 10^-4 degree; halves round up.
  const std::int64_t hundredths = (std::int64_t{e7 < 0 ? -std::int64_t{e7} : e7} * 36 + 500) / 1000;
  return fmt::format("{:0{}}°{:02}'{:02}.{:02}\"{}", hundredths / 360'000, degree_digits, hundredths / 6000 % 60,
                     hundredths / 100 % 60, hundredths % 100, e7 < 0 ? negative : positive);
}

std::string dd_part(std::int32_t e7, char positive, char negative) {
  const std::int64_t size = e7 < 0 ? -std::int64_t{e7} : e7;
  return fmt::format("{}.{:07}{}", size / 10'000'000, size % 10'000'000, e7 < 0 ? negative : positive);
}

}  // namespace

std::string to_mgrs(Place place, int digits_per_axis) {
  int zone = 0;
  bool north = false;
  double x = 0, y = 0;
  const double lat = place.lat_e7 / 1e7, lon = place.lon_e7 / 1e7;
  GeographicLib::UTMUPS::Forward(lat, lon, zone, north, x, y);
  std::string text;
  GeographicLib::MGRS::Forward(zone, north, x, y, lat, std::clamp(digits_per_axis, 1, 5), text);
  return text;
}

std::string to_dd(Place place) { return dd_part(place.lat_e7, 'N', 'S') + " " + dd_part(place.lon_e7, 'E', 'W'); }

std::string to_dms(Place place) { return dms_part(place.lat_e7, 2, 'N', 'S') + " " + dms_part(place.lon_e7, 2, 'E', 'W'); }

Result<Place> parse_place(std::string_view text) {
  if (text.size() > kMostText) return malformed(text);
  std::string grid{text};
  std::erase(grid, ' ');
  if (looks_like_grid(grid)) return parse_grid(grid, text);
  return parse_degrees(text);
}

}  // namespace wideberth::geo
