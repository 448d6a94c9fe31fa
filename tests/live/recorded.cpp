#include "recorded.h"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <functional>
#include <map>
#include <optional>
#include <stdexcept>
#include <string_view>

namespace wideberth::recorded {

using live::Fix;
using live::Said;
using live::UnitIndex;

namespace {

void each_line(const std::string& path, const std::function<void(std::string_view)>& use) {
  gzFile file = gzopen(path.c_str(), "rb");
  if (file == nullptr) throw std::runtime_error("cannot read " + path);
  std::array<char, 1024> line{};
  while (gzgets(file, line.data(), static_cast<int>(line.size())) != nullptr) {
    std::string_view text{line.data()};
    while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.remove_suffix(1);
    use(text);
  }
  gzclose(file);
}

std::vector<std::string_view> split(std::string_view text, char by) {
  std::vector<std::string_view> parts;
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t end = std::min(text.find(by, at), text.size());
    parts.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return parts;
}

template <class Number>
Number number(std::string_view text) {
  Number value{};
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

/// Days since 1970-01-01 of a date of the Gregorian calendar.
std::int64_t days(int year, int month, int day) {
  const int y = month <= 2 ? year - 1 : year, m = (month + 9) % 12;
  return std::int64_t{365} * y + y / 4 - y / 100 + y / 400 + (m * 306 + 5) / 10 + day - 1 - 719'468;
}

/// $PGHP,1,year,month,day,hour,minute,second,millisecond,…
live::Instant time_of(std::string_view line) {
  const auto part = split(line, ',');
  const auto at = [&](std::size_t i) { return number<int>(part.at(i)); };
  return live::Instant::from_ms(days(at(2), at(3), at(4)) * 86'400'000 + at(5) * 3'600'000 + at(6) * 60'000 + at(7) * 1000 +
                                at(8));
}

/// The bits of an AIS payload, six to a letter.
class Bits {
 public:
  explicit Bits(std::string_view letters) : letters_{letters} {}
  std::size_t size() const { return letters_.size() * 6; }
  std::uint32_t get(std::size_t from, std::size_t count) const {
    std::uint32_t value = 0;
    for (std::size_t i = from; i < from + count; ++i) {
      const int letter = letters_[i / 6] - 48;
      const int six = letter > 40 ? letter - 8 : letter;
      value = value << 1 | (static_cast<std::uint32_t>(six) >> (5 - i % 6) & 1);
    }
    return value;
  }
  std::int32_t get_signed(std::size_t from, std::size_t count) const {
    const std::uint32_t value = get(from, count);
    return static_cast<std::int32_t>(value << (32 - count)) >> (32 - count);
  }

 private:
  std::string_view letters_;
};

struct Report {
  std::uint32_t ship = 0;
  bool moored = false;
  live::Place place{};
  Said said{};
};

std::optional<Report> report_of(std::string_view line) {
  const auto part = split(line, ',');
  if (part.size() < 7 || part[1] != "1") return {};
  const Bits bits{part[5]};
  if (bits.size() < 168) return {};
  const std::uint32_t type = bits.get(0, 6);
  if (type != 18 && (type < 1 || type > 3)) return {};
  const bool b = type == 18;
  const std::uint32_t status = b ? 15 : bits.get(38, 4), sog = bits.get(b ? 46 : 50, 10), cog = bits.get(b ? 112 : 116, 12);
  const std::int64_t lon = bits.get_signed(b ? 57 : 61, 28), lat = bits.get_signed(b ? 85 : 89, 27);  // 1/600,000 degree
  if (lon == 181 * 600'000 || lat == 91 * 600'000) return {};
  Report report{bits.get(8, 30),
                status == 1 || status == 5,
                {static_cast<std::int32_t>(lon * 50 / 3), static_cast<std::int32_t>(lat * 50 / 3)}};
  if (sog < 1023) report.said.speed_mps = static_cast<float>(sog) * 0.0514444F;
  if (cog < 3600) report.said.course_deg = static_cast<float>(cog) / 10;
  return report;
}

// By time, and what comes at one time as it came.
void sort(Traffic& traffic) {
  std::vector<std::pair<base::Instant, std::size_t>> order;
  for (std::size_t i = 0; i < traffic.fixes.size(); ++i) order.emplace_back(traffic.fixes[i].time, i);
  std::sort(order.begin(), order.end());
  std::vector<Fix> sorted;
  for (const auto& [time, at] : order) sorted.push_back(traffic.fixes[at]);
  traffic.fixes = std::move(sorted);
}

}  // namespace

double Traffic::unit_days() const {
  std::map<UnitIndex, live::Interval> seen;
  for (const Fix& fix : fixes) seen.try_emplace(fix.unit, live::Interval{fix.time, fix.time}).first->second.to = fix.time;
  double ms = 0;
  for (const auto& [unit, span] : seen) ms += static_cast<double>((span.to - span.from).ms());
  return ms / 86'400'000;
}

Traffic read_ships(const std::string& gzipped_nmea) {
  Traffic traffic;
  std::optional<live::Instant> time;
  each_line(gzipped_nmea, [&](std::string_view line) {
    if (line.starts_with("$PGHP,")) time = time_of(line);
    if (!line.starts_with("!") || !time) return;
    const auto report = report_of(line);
    if (!report) return;
    const std::string name = std::to_string(report->ship);
    const char* party = report->ship % 2 == 1 ? "odd" : "even";
    auto unit = traffic.units.find(party, name);
    if (!unit) unit = *traffic.units.add({.party = party, .name = name, .platform_class = "ship", .moored = report->moored});
    if (const auto fix = live::make_fix(*unit, *time, report->place, report->said)) traffic.fixes.push_back(*fix);
  });
  sort(traffic);
  return traffic;
}

Traffic read_walkers(const std::string& gzipped_csv) {
  Traffic traffic;
  each_line(gzipped_csv, [&](std::string_view line) {
    const auto part = split(line, ',');
    if (part.size() != 4 || part[0] == "lat") return;
    const auto at = [&](std::size_t from, std::size_t count) { return number<int>(part[2].substr(from, count)); };
    const std::int64_t ms =
        days(at(0, 4), at(5, 2), at(8, 2)) * 86'400'000 + at(11, 2) * 3'600'000 + at(14, 2) * 60'000 + at(17, 2) * 1000;
    const auto place = geo::make_place(number<double>(part[1]), number<double>(part[0]));
    const auto unit = traffic.units.add({.party = std::string(part[3]), .name = std::string(part[3])});
    if (!place || !unit) return;
    if (const auto fix = live::make_fix(*unit, live::Instant::from_ms(ms), *place)) traffic.fixes.push_back(*fix);
  });
  sort(traffic);
  return traffic;
}

}  // namespace wideberth::recorded
