// What a notification says besides where and when: for whom it is filed, how it is marked, where it may wait, which other way
// it may take.
#include "model/feature_text.h"
#include "model/read.h"

namespace wideberth::model {
namespace {

using json::Reader;
using json::Writer;

Result<Marking> read_marking(const Reader& at) {
  WB_TRY_VOID(at.only({"day", "night", "thermal"}));
  Marking marking;
  const std::pair<std::string_view, bool*> times[] = {
      {"day", &marking.day}, {"night", &marking.night}, {"thermal", &marking.thermal}};
  for (const auto& [name, into] : times) {
    WB_TRY(flag_at, at.member(name));
    WB_TRY(flag, flag_at.boolean());
    *into = flag;
  }
  return marking;
}

Result<std::vector<HoldingPoint>> read_holding_points(const Reader& at) {
  WB_TRY(list, at.elements(0, kMostHoldingPoints));
  std::vector<HoldingPoint> points;
  for (const auto& each : list) {
    WB_TRY_VOID(each.only({"name", "place"}));
    WB_TRY(name, read::text(each, "name", kMostLabel));
    WB_TRY(place_at, each.member("place"));
    WB_TRY(place, read::place(place_at));
    points.push_back({std::move(name), place});
  }
  return points;
}

Result<Alternate> read_alternate(const Reader& at, const geo::Route& main) {
  WB_TRY_VOID(at.only({"name", "coordinates", "earliest", "latest", "half_width_m"}));
  Alternate alternate;
  WB_TRY(name, read::text(at, "name", kMostLabel));
  alternate.name = std::move(name);
  alternate.route.line = main.line;
  alternate.route.column_length = main.column_length;
  alternate.route.altitude = main.altitude;
  alternate.route.half_width = main.half_width;
  if (const auto width_at = at.find("half_width_m")) {
    WB_TRY(width, read::metres(*width_at, Metres{}, kMostHalfWidth));
    alternate.route.half_width = width;
  }
  WB_TRY(coordinates, at.member("coordinates"));
  WB_TRY(vertices, coordinates.elements(2, kMostVertices));
  WB_TRY(windows, read_windows(at, vertices.size()));
  for (std::size_t i = 0; i < vertices.size(); ++i) {
    WB_TRY(place, read::place(vertices[i]));
    alternate.route.waypoints.push_back({place, windows[i]});
  }
  return alternate;
}

Result<void> read_alternates(const Reader& at, Notification& found) {
  const auto* main = std::get_if<geo::Route>(&found.where);
  if (main == nullptr) return at.refuse(base::Rule::feature_geometry, "\"alternates\" of what is no movement", "no such member");
  WB_TRY(list, at.elements(0, kMostAlternates));
  for (const auto& each : list) {
    WB_TRY(alternate, read_alternate(each, *main));
    for (const Alternate& before : found.alternates)
      if (before.name == alternate.name)
        return each.refuse(base::Rule::name_twice, "\"" + base::excerpt(alternate.name) + "\"", "a name of its own");
    found.alternates.push_back(std::move(alternate));
  }
  return {};
}

}  // namespace

Result<void> read_aid(const Reader& properties, Notification& found) {
  WB_TRY(organisation, read::text_if_any(properties, "organisation", kMostLabel));
  found.organisation = std::move(organisation);
  if (const auto at = properties.find("consent")) {
    WB_TRY(consent, at->boolean());
    found.consent = consent;
  }
  if (const auto at = properties.find("marking")) {
    WB_TRY(marking, read_marking(*at));
    found.marking = marking;
  }
  if (const auto at = properties.find("holding_points")) {
    WB_TRY(points, read_holding_points(*at));
    found.holding_points = std::move(points);
  }
  if (const auto at = properties.find("alternates")) WB_TRY_VOID(read_alternates(*at, found));
  return {};
}

void write_aid(Writer& writer, const Notification& notification) {
  read::write_text_if_any(writer, "organisation", notification.organisation);
  if (notification.consent) writer.key("consent").boolean(*notification.consent);
  if (const auto& marking = notification.marking) {
    writer.key("marking").begin_object().key("day").boolean(marking->day).key("night").boolean(marking->night);
    writer.key("thermal").boolean(marking->thermal).end_object();
  }
  if (notification.holding_points.empty()) return;
  writer.key("holding_points").begin_array();
  for (const HoldingPoint& each : notification.holding_points) {
    writer.begin_object().key("name").string(each.name).key("place");
    read::write_place(writer, each.place);
    writer.end_object();
  }
  writer.end_array();
}

void write_alternates(Writer& writer, const Notification& notification) {
  if (notification.alternates.empty()) return;
  const auto times = [&](const Alternate& each, std::string_view name, Instant Interval::* end) {
    writer.key(name).begin_array();
    for (const auto& waypoint : each.route.waypoints) writer.string(base::to_short_text(waypoint.window.*end));
    writer.end_array();
  };
  writer.key("alternates").begin_array();
  for (const Alternate& each : notification.alternates) {
    writer.begin_object().key("name").string(each.name).key("coordinates").begin_array();
    for (const auto& waypoint : each.route.waypoints) read::write_place(writer, waypoint.place);
    writer.end_array();
    times(each, "earliest", &Interval::from);
    times(each, "latest", &Interval::to);
    read::write_metres(writer, "half_width_m", each.route.half_width);
    writer.end_object();
  }
  writer.end_array();
}

}  // namespace wideberth::model
