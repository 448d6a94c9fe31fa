#include <algorithm>
#include <array>

#include "geo/plan.h"
#include "model/feature_text.h"
#include "model/read.h"

namespace wideberth::model {
namespace {

using json::Reader;

constexpr std::array<std::string_view, 3> kSubjectNames = {"movement", "activity", "site"};
constexpr std::array<std::string_view, 2> kLineNames = {"geodesic", "lon-lat linear"};
constexpr std::size_t kMostPartyText = 64;
constexpr Instant kFirstInstant = Instant::from_ms(-62'167'219'200'000);  ///< 0000-01-01
constexpr Instant kLastInstant = Instant::from_ms(253'402'300'799'999);   ///< the end of 9999
constexpr std::int64_t kMostCompositionCount = 1'000'000;

/// Foreign members pass, but a slip of the pen in a known one must not turn into its default.
Result<void> refuse_misspelt(const Reader& properties) {
  for (const auto& [name, value] : properties.members()) {
    if (std::find(kFeatureProperties.begin(), kFeatureProperties.end(), name) != kFeatureProperties.end()) continue;
    if (name == "name" && !value.is_array()) continue;  // every map program calls a feature's label so
    for (const auto known : kFeatureProperties) {
      const std::size_t near = known.size() <= 5 ? 1 : 2;  // two letters off "line" is "time", another word
      if (name.size() > known.size() + near || read::edit_distance(name, known) > near) continue;
      return value.refuse(base::Rule::feature_member_misspelt, "\"" + base::excerpt(name) + "\"",
                          "\"" + std::string(known) + "\"");
    }
  }
  return {};
}

/// GeoJSON before RFC 7946 could name another reference system; places read as WGS84 would then lie elsewhere.
Result<void> refuse_reference_system(const Reader& object) {
  const auto crs = object.find("crs");
  if (!crs) return {};
  const auto properties = crs->find("properties");
  const auto name = properties ? properties->find("name") : std::nullopt;
  const std::string found = name && name->is_string() ? name->value().string() : "an unnamed one";
  for (const std::string_view fits : {"urn:ogc:def:crs:OGC:1.3:CRS84", "urn:ogc:def:crs:OGC::CRS84", "EPSG:4326"})
    if (found == fits) return {};
  return crs->refuse(base::Rule::feature_reference_system, "\"" + base::excerpt(found) + "\"",
                     "WGS84 longitude and latitude, without \"crs\"");
}

/// RFC 3339 with any offset and any zeros after the milliseconds: it names an instant without doubt, and programs write it so.
Result<Instant> read_feature_instant(const Reader& at) {
  WB_TRY(found, at.text(kMostLabel));
  const std::string_view accepted = "RFC 3339, such as 2020-08-25T06:58:12Z";
  if (found.size() < 20) return at.refuse(base::Rule::time_malformed, "\"" + base::excerpt(found) + "\"", std::string(accepted));
  std::string text = found;
  Millis offset{};
  const char sign = text[text.size() - 6];
  if (text.back() != 'Z' && (sign == '+' || sign == '-') && text[text.size() - 3] == ':') {
    const auto two = [&](std::size_t from, int most) -> std::optional<int> {
      const char tens = text[from];
      const char ones = text[from + 1];
      if (tens < '0' || tens > '9' || ones < '0' || ones > '9') return std::nullopt;
      const int value = (tens - '0') * 10 + (ones - '0');
      return value <= most ? std::optional<int>(value) : std::nullopt;
    };
    const auto hour = two(text.size() - 5, 23);
    const auto minute = two(text.size() - 2, 59);
    if (!hour || !minute) return at.refuse(base::Rule::time_malformed, "\"" + base::excerpt(found) + "\"", std::string(accepted));
    offset = Millis::from_seconds((*hour * 60 + *minute) * (sign == '+' ? 60 : -60));
    text.replace(text.size() - 6, 6, "Z");
  }
  if (const auto point = text.find('.'); point != std::string::npos && text.back() == 'Z')
    while (text.size() > point + 5 && text[text.size() - 2] == '0') text.erase(text.size() - 2, 1);
  WB_TRY(instant, read::placed(at, Instant::parse(text)));
  const Instant utc = instant - offset;
  if (utc < kFirstInstant || kLastInstant < utc)
    return at.refuse(base::Rule::time_malformed, "\"" + base::excerpt(found) + "\"", "an instant within the years 0000 to 9999");
  return utc;
}

Result<std::vector<Instant>> read_times(const Reader& properties, std::string_view name, std::size_t count) {
  WB_TRY(at, properties.member(name));
  std::vector<Instant> times;
  if (count == 1 && at.is_string()) {
    WB_TRY(one, read_feature_instant(at));
    times.push_back(one);
    return times;
  }
  if (at.is_array() && at.value().array().size() != count)
    return at.refuse(base::Rule::json_length, std::to_string(at.value().array().size()) + " times",
                     std::to_string(count) + ", one for each vertex");
  WB_TRY(list, at.elements(count, count));
  times.reserve(count);
  for (const auto& each : list) {
    WB_TRY(one, read_feature_instant(each));
    times.push_back(one);
  }
  return times;
}

}  // namespace

Result<std::vector<Interval>> read_windows(const Reader& properties, std::size_t count) {
  WB_TRY(earliest, read_times(properties, "earliest", count));
  WB_TRY(latest, read_times(properties, "latest", count));
  const auto wrong = [&](std::string_view name, std::size_t i, std::string found, std::string accepted) {
    auto refusal = properties.refuse(base::Rule::feature_windows, std::move(found), std::move(accepted));
    refusal.value().where += "/" + std::string(name) + (count == 1 ? "" : "/" + std::to_string(i));
    return refusal;
  };
  std::vector<Interval> windows;
  windows.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    if (latest[i] < earliest[i])
      return wrong("latest", i, base::to_short_text(latest[i]), "no earlier than earliest, " + base::to_short_text(earliest[i]));
    if (i > 0 && earliest[i] < earliest[i - 1])
      return wrong("earliest", i, base::to_short_text(earliest[i]), base::to_short_text(earliest[i - 1]) + " or later");
    if (i > 0 && latest[i] < latest[i - 1])
      return wrong("latest", i, base::to_short_text(latest[i]), base::to_short_text(latest[i - 1]) + " or later");
    windows.push_back({earliest[i], latest[i]});
  }
  return windows;
}

namespace {

Result<std::optional<geo::AltitudeBand>> read_altitude(const Reader& properties) {
  const auto at = properties.find("altitude_m");
  if (!at) return std::optional<geo::AltitudeBand>{};
  constexpr Metres kMost = Metres::from_metres(geo::kMaxAltitudeMetres);
  WB_TRY(ends, at->elements(2, 2));
  WB_TRY(low, read::metres(ends[0], Metres{} - kMost, kMost));
  WB_TRY(high, read::metres(ends[1], Metres{} - kMost, kMost));
  if (high < low) return at->refuse(base::Rule::altitude_band_backwards, json::to_json(at->value()), "[low, high], low <= high");
  return std::optional<geo::AltitudeBand>(geo::AltitudeBand{low, high});
}

/// A length that may be left out, which then is 0.
Result<Metres> length_if_any(const Reader& properties, std::string_view name) {
  const auto at = properties.find(name);
  if (!at) return Metres{};
  return read::metres(*at, Metres{}, kMostHalfWidth);
}

Result<void> refuse_misplaced(const Reader& properties, std::string_view name, std::string_view beside) {
  const auto at = properties.find(name);
  if (!at) return {};
  return at->refuse(base::Rule::feature_geometry, "\"" + std::string(name) + "\" beside a " + std::string(beside),
                    "no such member");
}

Result<geo::Route> read_route(const Reader& coordinates, const Reader& properties, geo::Line line) {
  WB_TRY_VOID(refuse_misplaced(properties, "radius_m", "LineString"));
  WB_TRY(vertices, coordinates.elements(2, kMostVertices));
  WB_TRY(windows, read_windows(properties, vertices.size()));
  geo::Route route;
  route.line = line;
  route.waypoints.reserve(vertices.size());
  for (std::size_t i = 0; i < vertices.size(); ++i) {
    WB_TRY(place, read::place(vertices[i]));
    route.waypoints.push_back({place, windows[i]});
  }
  WB_TRY(half_width, read::metres(properties, "half_width_m", Metres{}, kMostHalfWidth));
  route.half_width = half_width;
  WB_TRY(column, length_if_any(properties, "column_length_m"));
  route.column_length = column;
  WB_TRY(altitude, read_altitude(properties));
  route.altitude = altitude;
  return route;
}

Result<geo::Area> read_area_feature(const Reader& coordinates, const Reader& properties, geo::Line line, bool polygon) {
  WB_TRY_VOID(refuse_misplaced(properties, "column_length_m", polygon ? "Polygon" : "Point"));
  geo::Area area;
  area.line = line;
  if (polygon) {
    WB_TRY_VOID(refuse_misplaced(properties, "radius_m", "Polygon"));
    WB_TRY(rings, coordinates.elements(1, kMostFeatureRings));
    std::size_t left = kMostVertices;
    for (const auto& each : rings) {
      WB_TRY(ring, read::ring(each, left));
      left -= ring.size();
      area.rings.push_back(std::move(ring));
    }
  } else {
    WB_TRY(centre, read::place(coordinates));
    area.centre = centre;
    WB_TRY(radius, read::metres(properties, "radius_m", Metres{}, kMostHalfWidth));
    area.radius = radius;
  }
  WB_TRY(windows, read_windows(properties, 1));
  area.window = windows[0];
  WB_TRY(altitude, read_altitude(properties));
  area.altitude = altitude;
  WB_TRY(margin, length_if_any(properties, "half_width_m"));
  area.margin = margin;
  return area;
}

Result<std::vector<CompositionLine>> read_composition_lines(const Reader& object, std::string_view name, bool escorts) {
  std::vector<CompositionLine> lines;
  const auto at = object.find(name);
  if (!at) return lines;
  WB_TRY(list, at->elements(0, kMostCompositionLines));
  for (const auto& each : list) {
    if (escorts) {
      WB_TRY_VOID(each.only({"type", "count", "armed", "of"}));
    } else {
      WB_TRY_VOID(each.only({"type", "count"}));
    }
    CompositionLine line;
    WB_TRY(type, read::text(each, "type", kMostLabel));
    line.type = std::move(type);
    WB_TRY(count, read::integer(each, "count", 0, kMostCompositionCount));
    line.count = count;
    if (const auto armed_at = each.find("armed")) {
      WB_TRY(armed, armed_at->boolean());
      line.armed = armed;
    }
    WB_TRY(of, read::text_if_any(each, "of", kMostPartyText));
    line.of = std::move(of);
    lines.push_back(std::move(line));
  }
  return lines;
}

Result<Composition> read_composition(const Reader& properties) {
  Composition composition;
  const auto at = properties.find("composition");
  if (!at) return composition;
  WB_TRY_VOID(at->only({"vehicles", "escorts", "people"}));
  WB_TRY(vehicles, read_composition_lines(*at, "vehicles", false));
  composition.vehicles = std::move(vehicles);
  WB_TRY(escorts, read_composition_lines(*at, "escorts", true));
  composition.escorts = std::move(escorts);
  if (const auto people_at = at->find("people")) {
    WB_TRY(people, people_at->integer(0, kMostCompositionCount));
    composition.people = people;
  }
  return composition;
}

Result<std::optional<std::string>> read_feature_id(const Reader& feature) {
  const auto at = feature.find("id");
  if (!at) return std::optional<std::string>{};
  if (at->is_integer()) return std::optional<std::string>(std::to_string(at->value().integer()));
  WB_TRY(id, at->text(kMostLabel));
  if (id.empty()) return at->refuse(base::Rule::json_length, "an empty text", "an id, or none");
  return std::optional<std::string>(std::move(id));
}

Result<void> read_where(const Reader& feature, const Reader& properties, Notification& found) {
  WB_TRY(geometry, feature.member("geometry"));
  WB_TRY_VOID(refuse_reference_system(geometry));
  geo::Line line = geo::Line::geodesic;
  if (const auto line_at = properties.find("line")) {
    WB_TRY(word, read::word<geo::Line>(*line_at, kLineNames));
    line = word;
  }
  const auto type_at = geometry.find("type");
  const std::string type = type_at && type_at->is_string() ? type_at->value().string() : "none";
  if (type != "LineString" && type != "Polygon" && type != "Point")
    return geometry.refuse(base::Rule::feature_geometry, "\"" + base::excerpt(type) + "\"", "LineString, Polygon or Point");
  WB_TRY(coordinates, geometry.member("coordinates"));
  if (type == "LineString") {
    WB_TRY(route, read_route(coordinates, properties, line));
    found.where = std::move(route);
  } else {
    WB_TRY(area, read_area_feature(coordinates, properties, line, type == "Polygon"));
    found.where = std::move(area);
  }
  found.subject = found.is_route() ? Subject::movement : Subject::activity;
  const auto subject_at = properties.find("subject");
  if (!subject_at) return {};
  WB_TRY(subject, read::word<Subject>(*subject_at, kSubjectNames));
  if ((subject == Subject::movement) != found.is_route())
    return subject_at->refuse(base::Rule::feature_subject, "\"" + std::string(name_of(subject)) + "\" as a " + type,
                              found.is_route() ? "\"movement\"" : "\"activity\" or \"site\"");
  found.subject = subject;
  return {};
}

Result<void> read_names(const Reader& properties, Notification& found) {
  const auto at = properties.find("names");
  if (!at) return {};
  const std::size_t vertices = found.is_route() ? std::get<geo::Route>(found.where).waypoints.size() : 1;
  WB_TRY(names, at->elements(found.is_route() ? vertices : 0, vertices));
  for (const auto& each : names) {
    WB_TRY(name, each.text(kMostLabel));
    found.place_names.push_back(std::move(name));
  }
  return {};
}

Result<void> read_said(const Reader& properties, Notification& found) {
  WB_TRY(party, read::text(properties, "party", kMostPartyText));
  found.party = std::move(party);
  if (const auto agreement = properties.find("agreement");
      agreement && !(agreement->is_string() && agreement->value().string().empty())) {
    WB_TRY(id, read::id(properties, "agreement"));
    found.agreement = std::move(id);
  }
  if (properties.find("platform_class")) {
    WB_TRY(platform_class, read::text(properties, "platform_class", kMostShortName));
    found.platform_class = std::move(platform_class);
  }
  WB_TRY(composition, read_composition(properties));
  found.composition = std::move(composition);
  WB_TRY(purpose, read::text_if_any(properties, "purpose", kMostReason, true));
  found.purpose = std::move(purpose);
  WB_TRY(unit, read::text_if_any(properties, "unit", kMostLabel));
  found.unit = std::move(unit);
  WB_TRY(focal_point, read::text_if_any(properties, "focal_point", kMostReason, true));
  found.focal_point = std::move(focal_point);
  if (const auto emergency = properties.find("emergency")) {
    WB_TRY(flag, emergency->boolean());
    found.emergency = flag;
  }
  WB_TRY(reason, read::text_if_any(properties, "reason", kMostReason, true));
  found.reason = std::move(reason);
  return {};
}

}  // namespace

std::string_view name_of(Subject subject) noexcept { return kSubjectNames[static_cast<std::size_t>(subject)]; }
std::string_view line_name_of(geo::Line line) noexcept { return kLineNames[static_cast<std::size_t>(line)]; }

Result<Notification> parse_feature(const Reader& feature) {
  WB_TRY(type_at, feature.member("type"));
  WB_TRY(type, type_at.text(kMostLabel));
  if (type != "Feature") return type_at.refuse(base::Rule::json_choice, "\"" + base::excerpt(type) + "\"", "\"Feature\"");
  WB_TRY_VOID(refuse_reference_system(feature));
  Notification found;
  WB_TRY(id, read_feature_id(feature));
  found.feature_id = std::move(id);
  WB_TRY(properties, feature.member("properties"));
  if (!properties.is_object()) return properties.refuse(base::Rule::json_kind, "no object", "an object");
  WB_TRY_VOID(refuse_misspelt(properties));
  WB_TRY_VOID(read_where(feature, properties, found));
  WB_TRY_VOID(read_names(properties, found));
  WB_TRY_VOID(read_said(properties, found));
  WB_TRY_VOID(read_aid(properties, found));
  return found;
}

Result<Notification> parse_feature(std::string_view json) {
  return read::whole<Notification>(json, kMostFeatureBytes, [](const Reader& at) { return parse_feature(at); });
}

Result<std::vector<Notification>> parse_features(std::string_view json) {
  const auto all = [](const Reader& at) -> Result<std::vector<Notification>> {
    WB_TRY(type_at, at.member("type"));
    WB_TRY(type, type_at.text(kMostLabel));
    std::vector<Notification> found;
    if (type == "Feature") {
      WB_TRY(one, parse_feature(at));
      found.push_back(std::move(one));
      return found;
    }
    if (type != "FeatureCollection")
      return type_at.refuse(base::Rule::json_choice, "\"" + base::excerpt(type) + "\"", "\"Feature\" or \"FeatureCollection\"");
    WB_TRY_VOID(refuse_reference_system(at));
    WB_TRY(list_at, at.member("features"));
    WB_TRY(list, list_at.elements(0, kMostFeatures));
    found.reserve(list.size());
    for (const auto& each : list) {
      WB_TRY(one, parse_feature(each));
      found.push_back(std::move(one));
    }
    return found;
  };
  return read::whole<std::vector<Notification>>(json, kMostCollectionBytes, all);
}

}  // namespace wideberth::model
