#include "cli/numbers.h"

#include <cmath>

#include "base/bytes.h"

namespace wideberth::cli {
namespace {

using base::refuse;
using base::Result;
using base::Rule;

/// A decimal number as a whole count of thousandths.
Result<std::int64_t> thousandths(std::string_view text, std::int64_t most) {
  const auto bad = [&] {
    return refuse(
        Rule::number_malformed, "found \"" + base::excerpt(text) + "\"",
        "a number from 0 to " + std::to_string(most / 1000) + " in digits, with at most three decimals, such as 500 or 12.5");
  };
  const std::size_t point = text.find('.');
  const auto whole = base::parse_decimal(text.substr(0, point), static_cast<std::uint64_t>(most / 1000));
  if (!whole) return bad();
  std::int64_t value = static_cast<std::int64_t>(*whole) * 1000;
  if (point != std::string_view::npos) {
    const std::string_view decimals = text.substr(point + 1);
    if (decimals.empty() || decimals.size() > 3) return bad();
    std::int64_t unit = 100;
    for (const char c : decimals) {
      if (c < '0' || c > '9') return bad();
      value += (c - '0') * unit;
      unit /= 10;
    }
  }
  if (value > most) return bad();
  return value;
}

}  // namespace

Result<base::Metres> parse_metres(std::string_view text, base::Metres most) {
  WB_TRY(mm, thousandths(text, most.mm()));
  return base::Metres::from_mm(mm);
}

Result<base::Millis> parse_seconds(std::string_view text, base::Millis most) {
  WB_TRY(ms, thousandths(text, most.ms()));
  return base::Millis::from_ms(ms);
}

std::string metres_text(double metres) {
  if (metres < 10'000) return std::to_string(static_cast<std::int64_t>(std::floor(metres))) + " m";
  const auto hundreds = static_cast<std::int64_t>(std::floor(metres / 100));
  return std::to_string(hundreds / 10) + "." + std::to_string(hundreds % 10) + " km";
}

}  // namespace wideberth::cli
