#include "feeds/number.h"

#include <array>
#include <cstdlib>

namespace wideberth::feeds {
namespace {

constexpr std::int64_t kMost = 100'000'000'000'000'000;  // 10^17
constexpr std::int64_t kDayMs = 86'400'000;

bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

// Takes digits off the front of `text` into a number of at most 18 digits; what follows them counts in `dropped`.
struct Digits {
  std::int64_t value = 0;
  int kept = 0;
  int dropped = 0;
};
void take_digits(std::string_view& text, Digits& digits) noexcept {
  std::size_t i = 0;
  for (; i < text.size() && is_digit(text[i]); ++i) {
    if (digits.value >= kMost) {
      ++digits.dropped;
    } else {
      digits.value = digits.value * 10 + (text[i] - '0');
      ++digits.kept;
    }
  }
  text.remove_prefix(i);
}

std::optional<std::int64_t> scaled(std::int64_t value, int power) noexcept {
  for (; power > 0 && value != 0; --power) {
    if (value > kMost / 10) return {};
    value *= 10;
  }
  if (power >= 0) return value <= kMost ? std::optional(value) : std::nullopt;
  std::int64_t divisor = 1;
  for (; power < 0; ++power) {
    if (divisor > kMost) return 0;
    divisor *= 10;
  }
  const std::int64_t rest = value % divisor;
  value = value / divisor + (rest >= divisor - rest ? 1 : 0);
  return value <= kMost ? std::optional(value) : std::nullopt;
}

// An exponent of at most three digits, off the front; none where it is not one.
std::optional<int> take_exponent(std::string_view& text) noexcept {
  text.remove_prefix(1);
  bool minus = false;
  if (!text.empty() && (text[0] == '-' || text[0] == '+')) {
    minus = text[0] == '-';
    text.remove_prefix(1);
  }
  if (text.empty() || text.size() > 3) return {};
  int power = 0;
  for (; !text.empty(); text.remove_prefix(1)) {
    if (!is_digit(text[0])) return {};
    power = power * 10 + (text[0] - '0');
  }
  return minus ? -power : power;
}

// `count` digits at `at`; -1 where there are not.
int digits_at(std::string_view text, std::size_t at, std::size_t count) noexcept {
  if (text.size() < at + count) return -1;
  int value = 0;
  for (std::size_t i = at; i < at + count; ++i) {
    if (!is_digit(text[i])) return -1;
    value = value * 10 + (text[i] - '0');
  }
  return value;
}

// Days from 1970-01-01, proleptic Gregorian (Hinnant, "chrono-compatible low-level date algorithms").
std::int64_t days_from_civil(int year, int month, int day) noexcept {
  const std::int64_t y = month <= 2 ? year - 1 : year;
  const std::int64_t era = (y >= 0 ? y : y - 399) / 400;
  const std::int64_t of_era = y - era * 400;
  const std::int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  return era * 146'097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719'468;
}

int days_in(int year, int month) noexcept {
  constexpr std::array<int, 12> kDays{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return month == 2 && leap ? 29 : kDays[static_cast<std::size_t>(month - 1)];
}

// The zone at the end, as minutes east of Greenwich.
std::optional<int> zone_of(std::string_view text) noexcept {
  if (text == "Z") return 0;
  if (text.size() != 6 || (text[0] != '+' && text[0] != '-') || text[3] != ':') return {};
  const int hours = digits_at(text, 1, 2), minutes = digits_at(text, 4, 2);
  if (hours < 0 || hours > 14 || minutes < 0 || minutes > 59) return {};
  const int east = hours * 60 + minutes;
  return text[0] == '-' ? -east : east;
}

}  // namespace

std::optional<std::int64_t> read_fixed(std::string_view text, int decimals) noexcept {
  bool minus = false;
  if (!text.empty() && (text[0] == '-' || text[0] == '+')) {
    minus = text[0] == '-';
    text.remove_prefix(1);
  }
  if (text.size() > 64) return {};
  Digits digits;
  take_digits(text, digits);
  const int whole_dropped = digits.dropped;
  const int whole = digits.kept + whole_dropped;
  bool fraction = false;
  int power = decimals + whole_dropped;
  if (!text.empty() && text[0] == '.') {
    text.remove_prefix(1);
    const int before = digits.kept;
    const int dropped = digits.dropped;
    take_digits(text, digits);
    power -= digits.kept - before;
    fraction = digits.kept - before + digits.dropped - dropped > 0;
  }
  if (whole == 0 && !fraction) return {};
  if (!text.empty() && (text[0] == 'e' || text[0] == 'E')) {
    const auto exponent = take_exponent(text);
    if (!exponent) return {};
    power += *exponent;
  }
  if (!text.empty()) return {};
  const auto value = scaled(digits.value, power);
  if (!value) return {};
  return minus ? -*value : *value;
}

std::string write_fixed(std::int64_t value, int decimals) {
  std::string digits = std::to_string(value < 0 ? -value : value);
  const auto places = static_cast<std::size_t>(decimals);
  if (digits.size() <= places) digits.insert(0, places + 1 - digits.size(), '0');
  digits.insert(digits.size() - places, ".");
  while (digits.back() == '0' && digits[digits.size() - 2] != '.') digits.pop_back();
  return (value < 0 ? "-" : "") + digits;
}

std::optional<std::int64_t> read_whole(std::string_view text, std::int64_t least, std::int64_t most) noexcept {
  const bool minus = !text.empty() && text[0] == '-';
  if (minus) text.remove_prefix(1);
  if (text.empty() || text.size() > 17) return {};
  std::int64_t value = 0;
  for (const char c : text) {
    if (!is_digit(c)) return {};
    value = value * 10 + (c - '0');
  }
  if (minus) value = -value;
  if (value < least || value > most) return {};
  return value;
}

std::optional<base::Instant> instant_of(const Civil& civil) noexcept {
  if (civil.year < 0 || civil.year > 9999 || civil.month < 1 || civil.month > 12) return {};
  if (civil.day < 1 || civil.day > days_in(civil.year, civil.month)) return {};
  if (civil.hour < 0 || civil.hour > 23 || civil.minute < 0 || civil.minute > 59) return {};
  if (civil.second < 0 || civil.second > 60 || civil.ms < 0 || civil.ms > 999) return {};
  const std::int64_t second = civil.second == 60 ? 59 : civil.second;
  const std::int64_t of_day = (std::int64_t{civil.hour} * 60 + civil.minute) * 60 + second;
  return base::Instant::from_ms(days_from_civil(civil.year, civil.month, civil.day) * kDayMs + of_day * 1000 + civil.ms);
}

std::optional<base::Instant> read_time(std::string_view text) noexcept {
  // 0123456789012345678
  // 2020-12-16T19:59:34
  if (text.size() < 20 || text[4] != '-' || text[7] != '-' || text[10] != 'T' || text[13] != ':' || text[16] != ':') return {};
  Civil civil{digits_at(text, 0, 4),
              digits_at(text, 5, 2),
              digits_at(text, 8, 2),
              digits_at(text, 11, 2),
              digits_at(text, 14, 2),
              digits_at(text, 17, 2),
              0};
  text.remove_prefix(19);
  if (text[0] == '.') {
    std::size_t count = 0;
    int ms = 0;
    for (text.remove_prefix(1); count < text.size() && is_digit(text[count]); ++count) {
      if (count < 3) ms = ms * 10 + (text[count] - '0');
    }
    if (count == 0 || count > 9) return {};
    for (std::size_t i = count; i < 3; ++i) ms *= 10;
    civil.ms = ms;
    text.remove_prefix(count);
  }
  const auto zone = zone_of(text);
  const auto at = instant_of(civil);
  if (!zone || !at) return {};
  const auto utc = *at - base::Millis::from_seconds(std::int64_t{*zone} * 60);
  constexpr std::int64_t kFirst = -62'167'219'200'000, kLast = 253'402'300'799'999;  // years 0000 to 9999, as Instant has it
  if (utc.ms() < kFirst || utc.ms() > kLast) return {};
  return utc;
}

base::Instant nearest_day(std::int64_t of_day_ms, base::Instant about) noexcept {
  std::int64_t day = about.ms() / kDayMs;
  if (about.ms() % kDayMs < 0) --day;
  std::int64_t best = day * kDayMs + of_day_ms;
  for (const std::int64_t other : {best - kDayMs, best + kDayMs}) {
    if (std::llabs(other - about.ms()) < std::llabs(best - about.ms())) best = other;
  }
  return base::Instant::from_ms(best);
}

}  // namespace wideberth::feeds
