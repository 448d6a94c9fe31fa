#include "cli/tracks.h"

#include <algorithm>
#include <filesystem>

#include "base/bytes.h"
#include "cli/features.h"
#include "cli/files.h"
#include "cli/terminal.h"
#include "feeds/cot.h"
#include "feeds/csv.h"
#include "feeds/geojson.h"
#include "feeds/gpx.h"
#include "feeds/nmea.h"
#include "json/reader.h"
#include "model/notification.h"

namespace wideberth::cli {
namespace {

constexpr std::size_t kMostRoadBytes = std::size_t{256} << 20;
constexpr std::size_t kMostRoadPlaces = 1'000'000;

tl::unexpected<Refusal> in_file(const std::string& file, Refusal refusal) {
  refusal.where = file + (refusal.where.empty() ? "" : ": " + refusal.where);
  return tl::make_unexpected(std::move(refusal));
}

/// CoT events, one after the other.
feeds::Readings read_cot(std::string_view text) {
  feeds::Readings out;
  feeds::CotSplitter splitter;
  feeds::CotReader reader;
  std::uint64_t number = 0;
  splitter.add(text);
  while (const auto xml = splitter.next()) {
    const std::string where = "event " + std::to_string(++number);
    auto event = reader.read(*xml);
    if (event) {
      feeds::take_cot(*event, {.every_side = true}, out, where);
    } else {
      event.error().where = where;
      out.refuse(std::move(event).error());
    }
  }
  return out;
}

Result<feeds::Readings> read_any(const std::string& file, std::string_view text, bool party_needed) {
  std::string end = file.substr(std::min(file.rfind('.'), file.size()));
  for (char& c : end) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  if (end == ".csv") return feeds::read_csv(text, {.party_needed = party_needed});
  if (end == ".gpx") return feeds::read_gpx(text);
  if (end == ".geojson" || end == ".json") return feeds::read_geojson(text);
  if (end == ".nmea" || end == ".ais") {
    feeds::Readings out;
    feeds::NmeaReader reader;
    reader.text(text, out);
    reader.finish(out);
    return out;
  }
  if (end == ".cot" || end == ".xml") return read_cot(text);
  return refuse(Rule::track_kind, "\"" + base::excerpt(file) + "\"",
                "a name that ends in .csv, .gpx, .geojson, .nmea, .ais or .cot");
}

/// Rows of CSV name their party; other kinds of files do not, and somebody must.
Result<void> check_parties(const feeds::Readings& readings, const std::string& party) {
  for (const feeds::Reading& each : readings.fixes)
    if (each.party.empty() && party.empty())
      return refuse(Rule::track_party, "unit \"" + base::excerpt(each.position.unit) + "\" of no party",
                    "--party NAME, or NAME=FILE");
  return {};
}

Result<void> take_fix(const feeds::Reading& reading, const std::string& party, Recorded& into) {
  live::Unit unit{.party = reading.party.empty() ? party : reading.party, .name = reading.position.unit};
  if (const auto known = into.units.find(unit.party, unit.name)) unit = into.units[*known];
  if (reading.length) unit.length = *reading.length;
  if (reading.width) unit.width = *reading.width;
  unit.moored = unit.moored || reading.is_fixed;
  if (!reading.platform_class.empty()) unit.platform_class = reading.platform_class;
  if (!reading.formation.empty()) unit.formation = unit.party + "/" + reading.formation;
  WB_TRY(index, into.units.add(unit));
  WB_TRY(fix, live::make_fix(index, reading.position));
  into.fixes.push_back(fix);
  return {};
}

}  // namespace

Result<void> read_tracks(const std::string& named, const std::string& party, Recorded& into) {
  // NAME=FILE says whose tracks a file holds, unless there is a file of that whole name.
  std::string file = named, whose = party;
  if (const std::size_t equals = named.find('='); equals != std::string::npos && equals > 0 && equals <= 32) {
    std::error_code ignored;
    if (!std::filesystem::exists(named, ignored)) {
      whose = named.substr(0, equals);
      file = named.substr(equals + 1);
    }
  }
  WB_TRY(text, read_file(file, kMostTrackBytes));
  auto readings = read_any(file, text, whose.empty());
  if (!readings) return in_file(file, readings.error());
  if (const auto checked = check_parties(*readings, whose); !checked) return in_file(file, checked.error());
  for (const feeds::Reading& reading : readings->fixes) WB_TRY_VOID(take_fix(reading, whose, into));
  for (const feeds::Particulars& each : readings->particulars) {
    const auto known = into.units.find(whose, each.unit);
    if (!known) continue;
    live::Unit unit = into.units[*known];
    if (each.length) unit.length = *each.length;
    if (each.width) unit.width = *each.width;
    WB_TRY_VOID(into.units.add(unit));
  }
  for (Refusal& refusal : readings->refused) {
    refusal.where = file + ": " + refusal.where;
    into.refused.push_back(std::move(refusal));
  }
  into.refused_count += readings->refused_count;
  return {};
}

Result<live::UnitIndex> choose_unit(const Recorded& recorded, const std::string& name, const std::string& option) {
  std::string names;
  for (std::uint32_t i = 0; i < recorded.units.size(); ++i) {
    const live::UnitIndex unit{i};
    if (name == recorded.units[unit].name || (name.empty() && recorded.units.size() == 1)) return unit;
    if (i < 10) names += (names.empty() ? "" : ", ") + recorded.units[unit].name;
  }
  return refuse(Rule::track_choice,
                name.empty() ? counted(recorded.units.size(), "unit", "units") : "\"" + base::excerpt(name) + "\"",
                "one of: " + names, option);
}

Result<void> read_ways(const std::string& file, const live::Units& units, live::Surroundings& into, const std::string& party) {
  WB_TRY(features, read_movements(file, party));
  for (const model::Notification& each : features) {
    if (!each.is_route()) continue;
    auto plan = model::compile(each);
    if (!plan) return in_file(file, plan.error());
    live::Way way{{}, plan->half_width().metres()};
    for (const geo::Piece& piece : plan->pieces()) {
      if (way.line.empty()) way.line.push_back(piece.from);
      if (norm2(piece.along) > 0) way.line.push_back(piece.from + piece.along);
    }
    const auto named = units.find(each.party, each.unit);
    for (std::uint32_t i = 0; i < units.size(); ++i) {
      const live::UnitIndex unit{i};
      if (units[unit].party != each.party || (named && *named != unit)) continue;
      if (named) into.ways[unit] = way;
      into.ways.emplace(unit, way);
    }
  }
  return {};
}

namespace {

Result<void> read_line(const json::Reader& coordinates, live::Surroundings& into) {
  WB_TRY(places, coordinates.elements(2, kMostRoadPlaces));
  std::vector<geo::Vec3> line;
  for (const json::Reader& each : places) {
    WB_TRY(parts, each.elements(2, 3));
    WB_TRY(lon, parts[0].number(-180, 180));
    WB_TRY(lat, parts[1].number(-90, 90));
    WB_TRY(place, geo::make_place(lon, lat));
    line.push_back(to_ecef(place));
  }
  into.roads.push_back(std::move(line));
  return {};
}

Result<void> read_geometry(const json::Reader& geometry, live::Surroundings& into) {
  WB_TRY(type, geometry.member("type"));
  WB_TRY(name, type.text(32));
  WB_TRY(coordinates, geometry.member("coordinates"));
  if (name == "LineString") return read_line(coordinates, into);
  if (name == "MultiLineString") {
    WB_TRY(lines, coordinates.elements(1, kMostRoadPlaces));
    for (const json::Reader& line : lines) WB_TRY_VOID(read_line(line, into));
    return {};
  }
  return type.refuse(Rule::road_line, "\"" + base::excerpt(name) + "\"", "LineString or MultiLineString");
}

Result<void> read_road(const json::Reader& at, live::Surroundings& into) {
  if (const auto features = at.find("features")) {
    WB_TRY(all, features->elements(0, kMostRoadPlaces));
    for (const json::Reader& each : all) WB_TRY_VOID(read_road(each, into));
    return {};
  }
  if (const auto geometry = at.find("geometry")) return read_geometry(*geometry, into);
  return read_geometry(at, into);
}

}  // namespace

Result<void> read_roads(const std::string& file, live::Surroundings& into) {
  WB_TRY(text, read_file(file, kMostRoadBytes));
  const auto parsed = json::parse(text, {.most_bytes = kMostRoadBytes});
  if (!parsed) return in_file(file, parsed.error());
  if (const auto read = read_road(json::Reader(*parsed), into); !read) return in_file(file, read.error());
  return {};
}

}  // namespace wideberth::cli
