#include "feeds/notices.h"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <set>

#include "base/bytes.h"
#include "feeds/number.h"
#include "geo/text.h"
#include "json/writer.h"
#include "model/disclosure.h"

namespace wideberth::feeds {
namespace {

using base::Refusal;
using base::refuse;
using base::Result;
using base::Rule;

constexpr std::array<std::string_view, 25> kNoticeColumns{"id",
                                                          "subject",
                                                          "places",
                                                          "names",
                                                          "earliest",
                                                          "latest",
                                                          "radius_m",
                                                          "half_width_m",
                                                          "column_length_m",
                                                          "platform_class",
                                                          "organisation",
                                                          "consent",
                                                          "marking",
                                                          "vehicles",
                                                          "escorts",
                                                          "people",
                                                          "purpose",
                                                          "unit",
                                                          "focal_point",
                                                          "emergency",
                                                          "reason",
                                                          "holding_points",
                                                          "alternate",
                                                          "alternate_places",
                                                          "alternate_earliest"};
constexpr std::string_view kAlternateLatest = "alternate_latest";

bool is_column(std::string_view name) {
  return name == kAlternateLatest || std::find(kNoticeColumns.begin(), kNoticeColumns.end(), name) != kNoticeColumns.end();
}

std::string every_column() {
  std::string all;
  for (const std::string_view each : kNoticeColumns) all.append(each).append(",");
  return all.append(kAlternateLatest);
}

/// Takes the next record off `text`; false where a quote is not as RFC 4180 has it.
bool take_record(std::string_view& text, std::vector<std::string>& cells) {
  cells.assign(1, {});
  bool quoted = false, closed = false;
  std::size_t i = 0;
  for (; i < text.size(); ++i) {
    const char c = text[i];
    std::string& cell = cells.back();
    if (quoted) {
      if (c != '"') {
        cell += c;
      } else if (i + 1 < text.size() && text[i + 1] == '"') {
        cell += '"';
        ++i;
      } else {
        quoted = false;
        closed = true;
      }
    } else if (c == ',') {
      cells.emplace_back();
      closed = false;
    } else if (c == '\n' || (c == '\r' && i + 1 < text.size() && text[i + 1] == '\n')) {
      text.remove_prefix(i + (c == '\n' ? 1 : 2));
      return true;
    } else if (c == '"' && cell.empty() && !closed) {
      quoted = true;
    } else if (c == '"' || closed) {
      return false;
    } else {
      cell += c;
    }
  }
  text = {};
  return !quoted;
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

/// What stands between semicolons; nothing for an empty cell.
std::vector<std::string_view> items_of(std::string_view cell) {
  std::vector<std::string_view> items;
  while (!trimmed(cell).empty()) {
    const auto end = cell.find(';');
    items.push_back(trimmed(cell.substr(0, end)));
    if (end == std::string_view::npos) break;
    cell.remove_prefix(end + 1);
  }
  return items;
}

/// One row, on its way to a Feature.
class RowReader {
 public:
  RowReader(const std::map<std::string, std::size_t, std::less<>>& columns, const std::vector<std::string>& cells,
            std::size_t row)
      : columns_(columns), cells_(cells), row_(row) {}

  std::string_view cell(std::string_view column) const {
    const auto at = columns_.find(column);
    return at == columns_.end() ? std::string_view{} : trimmed(cells_[at->second]);
  }
  std::string where(std::string_view column) const { return "row " + std::to_string(row_) + ", column " + std::string(column); }

  Result<std::string> feature(const std::string& party, const std::string& agreement) const;
  /// The column that a pointer into the Feature came from.
  std::string where_of(std::string_view pointer) const;

 private:
  auto refused(Rule rule, std::string_view column, std::string accepted) const {
    return refuse(rule, "\"" + base::excerpt(cell(column)) + "\"", std::move(accepted), where(column));
  }
  Result<std::vector<geo::Place>> places(std::string_view column) const;
  Result<void> write_places(json::Writer& w, const std::vector<geo::Place>& places, bool line) const;
  void write_times(json::Writer& w, std::string_view name, std::string_view column, bool line) const;
  Result<void> write_number(json::Writer& w, std::string_view column, std::string_view fallback) const;
  Result<void> write_flag(json::Writer& w, std::string_view column) const;
  Result<void> write_vehicles(json::Writer& w, std::string_view column, bool escorts) const;
  Result<void> write_composition(json::Writer& w) const;
  Result<void> write_marking(json::Writer& w) const;
  Result<void> write_holding_points(json::Writer& w) const;
  Result<void> write_alternate(json::Writer& w) const;
  Result<void> write_properties(json::Writer& w, bool line) const;

  const std::map<std::string, std::size_t, std::less<>>& columns_;
  const std::vector<std::string>& cells_;
  std::size_t row_;
};

Result<std::vector<geo::Place>> RowReader::places(std::string_view column) const {
  std::vector<geo::Place> found;
  for (const std::string_view each : items_of(cell(column))) {
    auto place = geo::parse_place(each);
    if (!place) {
      place.error().where = where(column) + ", place " + std::to_string(found.size() + 1);
      if (each.empty()) place.error().found = "nothing before a semicolon";
      return tl::make_unexpected(std::move(place).error());
    }
    found.push_back(*place);
  }
  return found;
}

void write_place_of(json::Writer& w, geo::Place place) {
  w.begin_array().fixed(place.lon_e7, 7).fixed(place.lat_e7, 7).end_array();
}

Result<void> RowReader::write_places(json::Writer& w, const std::vector<geo::Place>& places, bool line) const {
  if (places.empty() || (line && places.size() < 2))
    return refused(Rule::csv_row, "places", line ? "two places or more, with a semicolon between them" : "a place");
  if (!line && places.size() > 1) return refused(Rule::csv_row, "places", "one place: what has more is a movement");
  w.key("geometry").begin_object().key("type").string(line ? "LineString" : "Point").key("coordinates");
  if (line) {
    w.begin_array();
    for (const geo::Place& each : places) write_place_of(w, each);
    w.end_array();
  } else {
    write_place_of(w, places.front());
  }
  w.end_object();
  return {};
}

void RowReader::write_times(json::Writer& w, std::string_view name, std::string_view column, bool line) const {
  w.key(name);
  const auto times = items_of(cell(column));
  if (!line && times.size() == 1) {
    w.string(times.front());
    return;
  }
  w.begin_array();
  for (const std::string_view each : times) w.string(each);
  w.end_array();
}

Result<void> RowReader::write_number(json::Writer& w, std::string_view column, std::string_view fallback) const {
  const std::string_view text = cell(column).empty() ? fallback : cell(column);
  if (text.empty()) return {};
  const auto value = read_fixed(text, 3);
  if (!value) return refused(Rule::number_malformed, column, "a number of metres, such as 50");
  w.key(column).fixed(*value, 3);
  return {};
}

Result<void> RowReader::write_flag(json::Writer& w, std::string_view column) const {
  const std::string_view word = cell(column);
  if (word.empty()) return {};
  if (word != "yes" && word != "no") return refused(Rule::json_choice, column, "yes or no");
  w.key(column).boolean(word == "yes");
  return {};
}

/// "6 lorry; 2 pickup armed of blue": a count, a type, and of an escort whether it is armed and whose it is.
Result<void> RowReader::write_vehicles(json::Writer& w, std::string_view column, bool escorts) const {
  w.key(column).begin_array();
  for (std::string_view each : items_of(cell(column))) {
    const auto gap = each.find(' ');
    const auto count = read_whole(each.substr(0, gap), 0, 1'000'000);
    if (!count || gap == std::string_view::npos)
      return refused(Rule::csv_row, column, escorts ? "such as 2 pickup armed of blue; 1 car" : "such as 6 lorry; 1 car");
    std::string_view type = trimmed(each.substr(gap + 1));
    w.begin_object();
    if (escorts) {
      if (const auto of = type.find(" of "); of != std::string_view::npos) {
        w.key("of").string(trimmed(type.substr(of + 4)));
        type = trimmed(type.substr(0, of));
      }
      for (const auto& [word, armed] : {std::pair{std::string_view(" unarmed"), false}, {std::string_view(" armed"), true}})
        if (type.ends_with(word)) {
          w.key("armed").boolean(armed);
          type = trimmed(type.substr(0, type.size() - word.size()));
          break;
        }
    }
    w.key("type").string(type).key("count").integer(*count).end_object();
  }
  w.end_array();
  return {};
}

Result<void> RowReader::write_composition(json::Writer& w) const {
  w.key("composition").begin_object();
  WB_TRY_VOID(write_vehicles(w, "vehicles", false));
  WB_TRY_VOID(write_vehicles(w, "escorts", true));
  if (const std::string_view people = cell("people"); !people.empty()) {
    const auto count = read_whole(people, 0, 1'000'000);
    if (!count) return refused(Rule::number_malformed, "people", "a whole number");
    w.key("people").integer(*count);
  }
  w.end_object();
  return {};
}

Result<void> RowReader::write_marking(json::Writer& w) const {
  std::string_view words = cell("marking");
  if (words.empty()) return {};
  std::set<std::string_view> said;
  while (!words.empty()) {
    const auto end = words.find(' ');
    const std::string_view word = words.substr(0, end);
    if (word != "day" && word != "night" && word != "thermal" && word != "none")
      return refused(Rule::json_choice, "marking", "of day, night, thermal those by which it shows, or none");
    said.insert(word);
    words = end == std::string_view::npos ? std::string_view{} : trimmed(words.substr(end));
  }
  w.key("marking").begin_object();
  for (const char* word : {"day", "night", "thermal"}) w.key(word).boolean(said.contains(word));
  w.end_object();
  return {};
}

/// "the mill = 37.05N 41.22E; …"
Result<void> RowReader::write_holding_points(json::Writer& w) const {
  if (cell("holding_points").empty()) return {};
  w.key("holding_points").begin_array();
  for (const std::string_view each : items_of(cell("holding_points"))) {
    const auto equals = each.find('=');
    if (equals == std::string_view::npos) return refused(Rule::csv_row, "holding_points", "such as the mill = 37.05N 41.22E");
    auto place = geo::parse_place(trimmed(each.substr(equals + 1)));
    if (!place) {
      place.error().where = where("holding_points");
      return tl::make_unexpected(std::move(place).error());
    }
    w.begin_object().key("name").string(trimmed(each.substr(0, equals))).key("place");
    write_place_of(w, *place);
    w.end_object();
  }
  w.end_array();
  return {};
}

Result<void> RowReader::write_alternate(json::Writer& w) const {
  if (cell("alternate").empty()) {
    for (const char* column : {"alternate_places", "alternate_earliest", "alternate_latest"})
      if (!cell(column).empty()) return refused(Rule::csv_row, column, "nothing where the alternate has no name");
    return {};
  }
  WB_TRY(route, places("alternate_places"));
  w.key("alternates").begin_array().begin_object().key("name").string(cell("alternate")).key("coordinates").begin_array();
  for (const geo::Place& each : route) write_place_of(w, each);
  w.end_array();
  write_times(w, "earliest", "alternate_earliest", true);
  write_times(w, "latest", "alternate_latest", true);
  w.end_object().end_array();
  return {};
}

Result<void> RowReader::write_properties(json::Writer& w, bool line) const {
  write_times(w, "earliest", "earliest", line);
  write_times(w, "latest", "latest", line);
  for (const char* column : {"subject", "platform_class", "organisation", "purpose", "unit", "focal_point", "reason"})
    if (!cell(column).empty()) w.key(column).string(cell(column));
  if (const auto names = items_of(cell("names")); !names.empty()) {
    w.key("names").begin_array();
    for (const std::string_view each : names) w.string(each);
    w.end_array();
  }
  WB_TRY_VOID(write_number(w, "half_width_m", line ? "50" : ""));
  WB_TRY_VOID(write_number(w, "radius_m", line ? "" : "50"));
  WB_TRY_VOID(write_number(w, "column_length_m", ""));
  WB_TRY_VOID(write_flag(w, "consent"));
  WB_TRY_VOID(write_flag(w, "emergency"));
  WB_TRY_VOID(write_composition(w));
  WB_TRY_VOID(write_marking(w));
  WB_TRY_VOID(write_holding_points(w));
  return write_alternate(w);
}

Result<std::string> RowReader::feature(const std::string& party, const std::string& agreement) const {
  if (cell("id").empty()) return refused(Rule::csv_row, "id", "the sheet's own name for the row");
  const bool line = cell("subject") == "movement";
  WB_TRY(where, places("places"));
  json::Writer w;
  w.begin_object().key("type").string("Feature").key("id").string(cell("id"));
  WB_TRY_VOID(write_places(w, where, line));
  w.key("properties").begin_object().key("party").string(party).key("agreement").string(agreement);
  WB_TRY_VOID(write_properties(w, line));
  return w.end_object().end_object().take();
}

std::string RowReader::where_of(std::string_view pointer) const {
  const auto item = [&](std::string_view rest) {  // "/2" is the third
    const auto number = rest.size() > 1 ? read_whole(rest.substr(1, rest.find('/', 1) - 1), 0, 1'000'000) : std::nullopt;
    return number ? ", item " + std::to_string(*number + 1) : std::string();
  };
  constexpr std::string_view kCoordinates = "/geometry/coordinates", kProperties = "/properties/", kAlternate = "alternates/0/";
  if (pointer == "/id") return where("id");
  if (pointer.starts_with(kCoordinates)) return where("places") + item(pointer.substr(kCoordinates.size()));
  if (!pointer.starts_with(kProperties)) return where("places");
  pointer.remove_prefix(kProperties.size());
  std::string before;
  if (pointer.starts_with(kAlternate)) {
    pointer.remove_prefix(kAlternate.size());
    before = "alternate_";
  } else if (pointer.starts_with("composition/")) {
    pointer.remove_prefix(12);
  }
  const auto end = pointer.find('/');
  std::string column = before + std::string(pointer.substr(0, end));
  if (column == "alternate_name") column = "alternate";
  if (column.starts_with("alternate") && !is_column(column)) column = "alternate_places";  // its coordinates, or the whole
  if (!is_column(column)) return where("id");
  return where(column) + (end == std::string_view::npos ? "" : item(pointer.substr(end)));
}

Result<model::Notification> read_row(const RowReader& row, const std::string& party, const std::string& agreement) {
  WB_TRY(feature, row.feature(party, agreement));
  auto read = model::parse_feature(feature);
  const auto in_row = [&](Refusal refusal) {
    refusal.where = row.where_of(refusal.where);
    return tl::make_unexpected(std::move(refusal));
  };
  if (!read) return in_row(std::move(read).error());
  if (auto plan = model::compile(*read); !plan) return in_row(std::move(plan).error());
  if (auto plans = model::compile_alternates(*read); !plans) return in_row(std::move(plans).error());
  return read;
}

Result<std::map<std::string, std::size_t, std::less<>>> read_columns(const std::vector<std::string>& cells) {
  std::map<std::string, std::size_t, std::less<>> columns;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const std::string name(trimmed(cells[i]));
    const std::string where = "row 1, column " + std::to_string(i + 1);
    if (!is_column(name)) return refuse(Rule::csv_header, "\"" + base::excerpt(name) + "\"", every_column(), where);
    if (!columns.emplace(name, i).second)
      return refuse(Rule::csv_header, "\"" + name + "\" a second time", "each column once", where);
  }
  for (const char* needed : {"id", "subject", "places", "earliest", "latest"})
    if (!columns.contains(needed))
      return refuse(Rule::csv_header, "no column " + std::string(needed), every_column(), "row 1, column " + std::string(needed));
  return columns;
}

/// "row 12, column people"; the column by its number where it has no name.
std::string place_in_sheet(std::size_t row, const std::vector<std::string>& names, std::size_t column) {
  return "row " + std::to_string(row) + ", column " +
         (column < names.size() ? std::string(trimmed(names[column])) : std::to_string(column + 1));
}

/// What is wrong with a record before any of its cells is read.
std::optional<Refusal> wrong_shape(std::size_t row, const std::vector<std::string>& names,
                                   const std::vector<std::string>& cells) {
  if (cells.size() != names.size())
    return Refusal{Rule::csv_row, std::to_string(cells.size()) + " cells", std::to_string(names.size()),
                   place_in_sheet(row, names, std::min(cells.size(), names.size()))};
  const auto longest = std::find_if(cells.begin(), cells.end(), [](const auto& each) { return each.size() > kMostNoticeCell; });
  if (longest == cells.end()) return std::nullopt;
  return Refusal{Rule::csv_row, "a cell that is too long", "at most " + std::to_string(kMostNoticeCell) + " bytes",
                 place_in_sheet(row, names, static_cast<std::size_t>(longest - cells.begin()))};
}

bool says_nothing(const std::vector<std::string>& cells) {
  return std::all_of(cells.begin(), cells.end(), [](const std::string& each) { return trimmed(each).empty(); });
}

std::string lower(std::string text) {
  for (char& c : text)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return text;
}

}  // namespace

Result<NoticeSheet> read_notices(std::string_view text, const std::string& party, const std::string& agreement) {
  constexpr std::string_view kMark = "\xEF\xBB\xBF";
  if (text.size() > kMostNoticeBytes)
    return refuse(Rule::file_too_large, std::to_string(text.size()) + " bytes", "at most " + std::to_string(kMostNoticeBytes));
  if (text.starts_with(kMark)) text.remove_prefix(kMark.size());
  std::vector<std::string> cells;
  std::vector<std::string> names;
  const auto broken = [&](std::size_t row) {
    return refuse(Rule::csv_row, "a quote within a cell, or one that never ends",
                  "a cell with a quote in it stands in quotes, and \"\" is a quote; nothing behind it was read",
                  place_in_sheet(row, names, cells.size() - 1));
  };
  if (!take_record(text, cells)) return broken(1);
  WB_TRY(columns, read_columns(cells));
  NoticeSheet sheet;
  std::set<std::string> ids;
  names = cells;
  for (std::size_t row = 2; !text.empty(); ++row) {
    if (row > kMostNoticeRows + 1)
      return refuse(Rule::csv_row, "more rows", "at most " + std::to_string(kMostNoticeRows), "row " + std::to_string(row));
    if (!take_record(text, cells)) return broken(row);
    if (says_nothing(cells)) continue;
    if (auto wrong = wrong_shape(row, names, cells)) {
      sheet.refused.push_back(*std::move(wrong));
      continue;
    }
    const RowReader reader(columns, cells, row);
    auto read = read_row(reader, party, agreement);
    const std::string id(reader.cell("id"));
    if (read && !ids.insert(id).second)
      read = refuse(Rule::name_twice, "\"" + base::excerpt(id) + "\"", "an id of its own for each row", reader.where("id"));
    if (read)
      sheet.rows.push_back({row, id, *std::move(read)});
    else
      sheet.refused.push_back(std::move(read).error());
  }
  return sheet;
}

std::string notices_template(base::Instant now) {
  const auto day = [&](int later) {
    return to_text(now + base::Millis::from_seconds(std::int64_t{later} * 86'400)).substr(0, 10) + "T";
  };
  const std::string convoy = day(8), from = day(7), until = day(99);
  return every_column() +
         "\r\n"
         "site-1,site,37.0512N 41.2268E,\"Clinic, north (invented)\"," +
         from + "00:00:00Z," + until +
         "00:00:00Z,40,,,,Aid body (invented),yes,day night,,,,Health,,+000 000 (invented),,,,,,,\r\n"
         "convoy-1,movement,37.0512N 41.2268E; 37.1770N 42.1400E,Depot (invented); Dayrik," +
         convoy + "06:00:00Z; " + convoy + "09:00:00Z," + convoy + "06:20:00Z; " + convoy +
         "09:30:00Z,,50,300,,Aid body (invented),yes,day thermal,6 lorry; 1 "
         "car,2 pickup unarmed,14,Flour,,+000 000 (invented),,,the mill = 37.0900N 41.6000E,by the south,37.0512N 41.2268E; "
         "36.9000N 41.7000E; 37.1770N 42.1400E," +
         convoy + "06:00:00Z; " + convoy + "08:00:00Z; " + convoy + "10:00:00Z," + convoy + "06:20:00Z; " + convoy +
         "08:30:00Z; " + convoy + "10:40:00Z\r\n";
}

bool same_site(const model::Notification& a, const model::Notification& b, base::Metres near) {
  if (a.subject != model::Subject::site || b.subject != model::Subject::site) return false;
  if (!a.place_names.empty() && !b.place_names.empty() && !a.place_names.front().empty() &&
      lower(a.place_names.front()) == lower(b.place_names.front()))
    return true;
  const auto ours = model::places_of(a), theirs = model::places_of(b);
  return !ours.empty() && !theirs.empty() && geo::distance_m(ours.front(), theirs.front()) <= near.metres();
}

}  // namespace wideberth::feeds
