#include "base/instant.h"

#include <array>
#include <cstdio>

namespace wideberth::base {
namespace {

constexpr std::int64_t kDay = 86'400'000;

// Days from civil and back: the proleptic Gregorian calendar with eras of 400 years (146,097 days), March-based years.
constexpr std::int64_t days_from_civil(std::int64_t y, unsigned m, unsigned d) {
  y -= m <= 2;
  const std::int64_t era = (y >= 0 ? y : y - 399) / 400;
  const auto yoe = static_cast<unsigned>(y - era * 400);
  const unsigned doy = (153 * (m > 2 ? m - 3 : m + 9) + 2) / 5 + d - 1;
  const unsigned doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;
  return era * 146'097 + static_cast<std::int64_t>(doe) - 719'468;
}

struct Civil {
  std::int64_t year;
  unsigned month, day, hour, minute, second, ms;
};

Civil civil_of(std::int64_t ms) {
  std::int64_t days = ms / kDay, rest = ms % kDay;
  if (rest < 0) rest += kDay, --days;
  days += 719'468;
  const std::int64_t era = (days >= 0 ? days : days - 146'096) / 146'097;
  const auto doe = static_cast<unsigned>(days - era * 146'097);
  const unsigned yoe = (doe - doe / 1460 + doe / 36524 - doe / 146'096) / 365;
  const unsigned doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
  const unsigned mp = (5 * doy + 2) / 153;
  const unsigned month = mp < 10 ? mp + 3 : mp - 9;
  const auto of_day = static_cast<unsigned>(rest);
  return {static_cast<std::int64_t>(yoe) + era * 400 + (month <= 2),
          month,
          doy - (153 * mp + 2) / 5 + 1,
          of_day / 3'600'000,
          of_day / 60'000 % 60,
          of_day / 1000 % 60,
          of_day % 1000};
}

constexpr unsigned days_in(std::int64_t y, unsigned m) {
  constexpr unsigned kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = (y % 4 == 0 && y % 100 != 0) || y % 400 == 0;
  return m == 2 && leap ? 29 : kDays[m - 1];
}

/// Reads exactly `width` digits at `at`, moving it on; -1 if they are not there.
int digits(std::string_view text, std::size_t& at, std::size_t width) {
  if (at + width > text.size()) return -1;
  int value = 0;
  for (std::size_t i = 0; i < width; ++i, ++at) {
    if (text[at] < '0' || text[at] > '9') return -1;
    value = value * 10 + (text[at] - '0');
  }
  return value;
}

/// As the general form below, for the years that it is mostly about: a log is full of instants.
std::string four_digit_text(const Civil& c) {
  std::string text = "0000-00-00T00:00:00.000Z";
  const auto put = [&text](std::size_t last, std::size_t width, unsigned value) {
    for (std::size_t i = 0; i < width; ++i, value /= 10) text[last - i] = static_cast<char>('0' + value % 10);
  };
  put(3, 4, static_cast<unsigned>(c.year));
  put(6, 2, c.month);
  put(9, 2, c.day);
  put(12, 2, c.hour);
  put(15, 2, c.minute);
  put(18, 2, c.second);
  put(22, 3, c.ms);
  return text;
}

bool literal(std::string_view text, std::size_t& at, char c) {
  if (at >= text.size() || text[at] != c) return false;
  ++at;
  return true;
}

}  // namespace

Result<Instant> Instant::parse(std::string_view text) {
  const auto bad = [&] { return refuse(Rule::time_malformed, "found \"" + std::string(text.substr(0, 40)) + "\""); };
  std::size_t at = 0;
  const int year = digits(text, at, 4);
  if (year < 0 || !literal(text, at, '-')) return bad();
  const int month = digits(text, at, 2);
  if (month < 1 || month > 12 || !literal(text, at, '-')) return bad();
  const int day = digits(text, at, 2);
  if (day < 1 || day > static_cast<int>(days_in(year, static_cast<unsigned>(month))) || !literal(text, at, 'T')) return bad();
  const int hour = digits(text, at, 2);
  if (hour < 0 || hour > 23 || !literal(text, at, ':')) return bad();
  const int minute = digits(text, at, 2);
  if (minute < 0 || minute > 59 || !literal(text, at, ':')) return bad();
  const int second = digits(text, at, 2);
  if (second < 0 || second > 59) return bad();
  int ms = 0;
  if (literal(text, at, '.')) {
    int scale = 100;
    const std::size_t first = at;
    for (; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at, scale /= 10) {
      if (scale == 0) return bad();
      ms += (text[at] - '0') * scale;
    }
    if (at == first) return bad();
  }
  if (!literal(text, at, 'Z') || at != text.size()) return bad();
  const std::int64_t days = days_from_civil(year, static_cast<unsigned>(month), static_cast<unsigned>(day));
  return Instant{days * kDay + hour * 3'600'000LL + minute * 60'000LL + second * 1000LL + ms};
}

std::string to_text(Instant at) {
  const Civil c = civil_of(at.ms());
  if (c.year >= 0 && c.year <= 9999) return four_digit_text(c);
  std::array<char, 48> out{};
  const int n = std::snprintf(out.data(), out.size(), "%04lld-%02u-%02uT%02u:%02u:%02u.%03uZ", static_cast<long long>(c.year),
                              c.month, c.day, c.hour, c.minute, c.second, c.ms);
  return {out.data(), static_cast<std::size_t>(n)};
}

std::string to_short_text(Instant at) {
  std::string text = to_text(at);
  if (at.ms() % 1000 == 0) text.erase(text.size() - 5, 4);
  return text;
}

std::string to_text(Millis span) {
  std::int64_t s = (span.ms() < 0 ? -span.ms() : span.ms()) / 1000;
  std::string text = span.ms() < 0 ? "-" : "";
  std::array<char, 48> out{};
  if (s >= 3600)
    std::snprintf(out.data(), out.size(), "%lld h %02lld min", static_cast<long long>(s / 3600),
                  static_cast<long long>(s / 60 % 60));
  else if (s >= 60 && s % 60 != 0)
    std::snprintf(out.data(), out.size(), "%lld min %02lld s", static_cast<long long>(s / 60), static_cast<long long>(s % 60));
  else if (s >= 60)
    std::snprintf(out.data(), out.size(), "%lld min", static_cast<long long>(s / 60));
  else
    std::snprintf(out.data(), out.size(), "%lld s", static_cast<long long>(s));
  return text + out.data();
}

}  // namespace wideberth::base
