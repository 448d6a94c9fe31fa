#include "feeds/csv.h"

#include <algorithm>
#include <array>

#include "base/bytes.h"
#include "feeds/number.h"
#include "model/names.h"

namespace wideberth::feeds {
namespace {

enum Column : std::size_t {
  kUnit,
  kParty,
  kTime,
  kLat,
  kLon,
  kAccuracy,
  kSpeed,
  kCourse,
  kAltitude,
  kLength,
  kWidth,
  kSource,
  kClass,
  kMoored,
  kFormation,
  kColumns
};
constexpr std::array<std::string_view, kColumns> kNames{"unit",       "party",     "time",       "lat",        "lon",
                                                        "accuracy_m", "speed_mps", "course_deg", "altitude_m", "length_m",
                                                        "width_m",    "source",    "class",      "moored",     "formation"};
constexpr std::size_t kNotThere = static_cast<std::size_t>(-1);
constexpr const char* kAccepted =
    "unit,party,time,lat,lon and optional "
    "accuracy_m,speed_mps,course_deg,altitude_m,length_m,width_m,source,class,moored,formation";

// Takes the next line off `text`, without its end.
std::string_view take_line(std::string_view& text) {
  const auto end = text.find('\n');
  std::string_view line = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
  return line;
}

// Takes a quoted cell off `rest`, which begins with its quote; false where the quotes are not as RFC 4180 has them.
bool take_quoted(std::string_view& rest, std::string& cell) {
  for (std::size_t i = 1; i < rest.size(); ++i) {
    if (rest[i] != '"') {
      cell += rest[i];
    } else if (i + 1 < rest.size() && rest[i + 1] == '"') {
      cell += '"';
      ++i;
    } else {
      rest.remove_prefix(i + 1);
      return rest.empty() || rest[0] == ',';
    }
  }
  return false;
}

bool split(std::string_view line, std::vector<std::string>& cells) {
  std::size_t count = 0;
  for (bool more = true; more; ++count) {
    if (count == cells.size()) cells.emplace_back();
    std::string& cell = cells[count];
    cell.clear();
    if (!line.empty() && line[0] == '"') {
      if (!take_quoted(line, cell)) return false;
    } else {
      cell = line.substr(0, line.find(','));
      line.remove_prefix(cell.size());
      if (cell.find('"') != std::string::npos) return false;
    }
    more = !line.empty();
    if (more) line.remove_prefix(1);
  }
  cells.resize(count);
  return true;
}

class CsvReader {
 public:
  explicit CsvReader(CsvOptions options) : options_{options} { at_.fill(kNotThere); }

  Result<void> header(std::string_view line) {
    std::vector<std::string> cells;
    if (line.size() > kMostCsvRow || !split(line, cells)) {
      return base::refuse(Rule::csv_header, "a first row that cannot be read", kAccepted, "row 1");
    }
    width_ = cells.size();
    for (std::size_t i = 0; i < cells.size(); ++i) {
      const auto known = std::find(kNames.begin(), kNames.end(), cells[i]);
      const std::string where = "row 1, column " + std::to_string(i + 1);
      if (known == kNames.end()) return base::refuse(Rule::csv_header, "\"" + base::excerpt(cells[i]) + "\"", kAccepted, where);
      auto& place = at_[static_cast<std::size_t>(known - kNames.begin())];
      if (place != kNotThere)
        return base::refuse(Rule::csv_header, "\"" + cells[i] + "\" a second time", "each column once", where);
      place = i;
    }
    for (const Column needed : {kUnit, kParty, kTime, kLat, kLon}) {
      if (at_[needed] != kNotThere || (needed == kParty && !options_.party_needed)) continue;
      return base::refuse(Rule::csv_header, "no column " + std::string(kNames[needed]), kAccepted, "row 1");
    }
    return {};
  }

  void row(std::string_view line, std::size_t number, Readings& into) {
    number_ = number;
    if (line.size() > kMostCsvRow) {
      return into.refuse(
          {Rule::csv_row, std::to_string(line.size()) + " bytes", "at most " + std::to_string(kMostCsvRow), row_text()});
    }
    if (!split(line, cells_)) {
      return into.refuse({Rule::csv_row, "a quote within a cell or none at its end",
                          "a cell with a quote in it stands in quotes, and \"\" is a quote", row_text()});
    }
    if (cells_.size() != width_) {
      return into.refuse({Rule::csv_row, std::to_string(cells_.size()) + " cells", std::to_string(width_), row_text()});
    }
    auto reading = read();
    if (!reading) return into.refuse(std::move(reading).error());
    take(into, std::move(*reading), row_text());
  }

 private:
  std::string row_text() const { return "row " + std::to_string(number_); }
  bool has(Column column) const { return at_[column] != kNotThere && !cells_[at_[column]].empty(); }
  std::string_view cell(Column column) const { return at_[column] == kNotThere ? std::string_view{} : cells_[at_[column]]; }
  tl::unexpected<Refusal> refuse_cell(Rule rule, Column column, std::string accepted) const {
    return base::refuse(rule, "\"" + base::excerpt(cell(column)) + "\"", std::move(accepted),
                        row_text() + ", column " + std::string(kNames[column]));
  }
  Result<std::int64_t> number(Column column, int decimals, std::int64_t least, std::int64_t most) const {
    const auto value = read_fixed(cell(column), decimals);
    if (value && *value >= least && *value <= most) return *value;
    const std::int64_t unit = decimals == 7 ? 10'000'000 : decimals == 3 ? 1'000 : 100;
    const Rule rule = decimals == 7 && value ? Rule::place_out_of_range : Rule::number_malformed;
    return refuse_cell(rule, column, "a number from " + std::to_string(least / unit) + " to " + std::to_string(most / unit));
  }
  Result<std::optional<Metres>> metres(Column column, Metres least, Metres most) const {
    if (!has(column)) return std::optional<Metres>{};
    WB_TRY(mm, number(column, 3, least.mm(), most.mm()));
    return std::optional(Metres::from_mm(mm));
  }

  Result<Reading> read() const {
    Reading reading;
    model::Position& position = reading.position;
    position.unit = cell(kUnit);
    reading.party = cell(kParty);
    if (has(kParty) ? !model::is_short_name(reading.party) : options_.party_needed) {
      return refuse_cell(Rule::name_malformed, kParty, "the short name of a party, such as red");
    }
    const auto time = read_time(cell(kTime));
    if (!time) return refuse_cell(Rule::time_malformed, kTime, "such as 2020-08-25T06:58:12.417Z");
    position.time = *time;
    WB_TRY(lat, number(kLat, 7, -900'000'000, 900'000'000));
    WB_TRY(lon, number(kLon, 7, -1'800'000'000, 1'800'000'000));
    position.place = {static_cast<std::int32_t>(lon), static_cast<std::int32_t>(lat)};
    WB_TRY(accuracy, metres(kAccuracy, Metres{}, model::kMostAccuracy));
    WB_TRY(altitude, metres(kAltitude, model::kLeastAltitude, model::kMostAltitude));
    WB_TRY(length, metres(kLength, Metres{}, Metres::from_metres(100'000)));
    WB_TRY(width, metres(kWidth, Metres{}, Metres::from_metres(100'000)));
    position.accuracy = accuracy;
    position.altitude = altitude;
    reading.length = length;
    reading.width = width;
    if (has(kSpeed)) {
      WB_TRY(speed, number(kSpeed, 3, 0, model::kMostSpeed_mmps));
      position.speed_mmps = static_cast<std::int32_t>(speed);
    }
    if (has(kCourse)) {
      WB_TRY(course, number(kCourse, 2, 0, 36'000));
      position.course_cdeg = static_cast<std::int32_t>(course % 36'000);
    }
    if (has(kSource)) {
      const auto source = model::position_source_named(cell(kSource));
      if (!source) return refuse_cell(Rule::json_choice, kSource, "unknown, gnss, ais, cot or observed");
      position.source = *source;
    }
    WB_TRY_VOID(read_unit(reading));
    return reading;
  }

  Result<void> read_unit(Reading& reading) const {
    if (has(kClass)) {
      if (!model::is_short_name(cell(kClass)))
        return refuse_cell(Rule::name_malformed, kClass, "a platform class, such as vehicle");
      reading.platform_class = cell(kClass);
    }
    if (has(kMoored)) {
      if (cell(kMoored) != "yes" && cell(kMoored) != "no") return refuse_cell(Rule::json_choice, kMoored, "yes or no");
      reading.is_fixed = cell(kMoored) == "yes";
    }
    if (has(kFormation)) {
      if (!model::is_short_name(cell(kFormation)))
        return refuse_cell(Rule::name_malformed, kFormation, "the name of a formation, such as column-1");
      reading.formation = cell(kFormation);
    }
    return {};
  }

  CsvOptions options_;
  std::array<std::size_t, kColumns> at_{};
  std::size_t width_ = 0;
  std::size_t number_ = 1;
  std::vector<std::string> cells_{};
};

}  // namespace

void take(Readings& into, Reading&& reading, const std::string& where) {
  if (auto fine = model::check_position(reading.position); !fine) {
    Refusal refusal = std::move(fine).error();
    refusal.where = where;
    return into.refuse(std::move(refusal));
  }
  into.fixes.push_back(std::move(reading));
}

Result<Readings> read_csv(std::string_view text, CsvOptions options) {
  if (text.substr(0, 3) == "\xEF\xBB\xBF") text.remove_prefix(3);
  CsvReader reader(options);
  WB_TRY_VOID(reader.header(take_line(text)));
  Readings readings;
  for (std::size_t number = 2; !text.empty(); ++number) {
    const std::string_view line = take_line(text);
    if (!line.empty()) reader.row(line, number, readings);
  }
  return readings;
}

}  // namespace wideberth::feeds
