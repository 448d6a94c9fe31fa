#include "model/notification.h"

#include <algorithm>

#include "model/feature_text.h"
#include "model/read.h"

namespace wideberth::model {
namespace {

using json::Writer;

bool same_where(const geo::Route& a, const geo::Route& b) { return same_route(a, b); }

bool same_where(const geo::Area& a, const geo::Area& b) {
  return a.rings == b.rings && a.centre == b.centre && a.radius == b.radius && a.window == b.window && a.altitude == b.altitude &&
         a.line == b.line && a.margin == b.margin;
}

void write_instants(Writer& writer, std::string_view name, const Notification& notification, Instant Interval::* end) {
  writer.key(name);
  if (const auto* area = std::get_if<geo::Area>(&notification.where)) {
    writer.string(base::to_short_text(area->window.*end));
    return;
  }
  writer.begin_array();
  for (const auto& each : std::get<geo::Route>(notification.where).waypoints)
    writer.string(base::to_short_text(each.window.*end));
  writer.end_array();
}

void write_composition_lines(Writer& writer, std::string_view name, const std::vector<CompositionLine>& lines) {
  if (lines.empty()) return;
  writer.key(name).begin_array();
  for (const auto& each : lines) {
    writer.begin_object().key("type").string(each.type).key("count").integer(each.count);
    if (each.armed) writer.key("armed").boolean(*each.armed);
    read::write_text_if_any(writer, "of", each.of);
    writer.end_object();
  }
  writer.end_array();
}

void write_other_properties(Writer& writer, const Notification& notification) {
  if (!notification.place_names.empty()) {
    writer.key("names").begin_array();
    for (const auto& each : notification.place_names) writer.string(each);
    writer.end_array();
  }
  if (const auto& composition = notification.composition; composition != Composition{}) {
    writer.key("composition").begin_object();
    write_composition_lines(writer, "vehicles", composition.vehicles);
    write_composition_lines(writer, "escorts", composition.escorts);
    if (composition.people) writer.key("people").integer(*composition.people);
    writer.end_object();
  }
  read::write_text_if_any(writer, "purpose", notification.purpose);
  read::write_text_if_any(writer, "unit", notification.unit);
  read::write_text_if_any(writer, "focal_point", notification.focal_point);
  read::write_text_if_any(writer, "reason", notification.reason);
  write_aid(writer, notification);
}

/// geo's pointers into its own route or area, as pointers into the Feature.
Refusal in_feature(Refusal refusal) {
  for (const std::string_view theirs : {"/waypoints", "/rings"})
    if (refusal.where.starts_with(theirs)) refusal.where = "/geometry/coordinates" + refusal.where.substr(theirs.size());
  return refusal;
}

}  // namespace

Metres Notification::half_width() const noexcept {
  if (const auto* route = std::get_if<geo::Route>(&where)) return route->half_width;
  return std::get<geo::Area>(where).margin;
}

std::optional<geo::AltitudeBand> Notification::altitude() const noexcept {
  if (const auto* route = std::get_if<geo::Route>(&where)) return route->altitude;
  return std::get<geo::Area>(where).altitude;
}

bool same_route(const geo::Route& a, const geo::Route& b) {
  if (a.line != b.line || a.half_width != b.half_width || a.column_length != b.column_length || a.altitude != b.altitude ||
      a.waypoints.size() != b.waypoints.size())
    return false;
  for (std::size_t i = 0; i < a.waypoints.size(); ++i)
    if (a.waypoints[i].place != b.waypoints[i].place || !(a.waypoints[i].window == b.waypoints[i].window)) return false;
  return true;
}

bool operator==(const Notification& a, const Notification& b) {
  if (a.where.index() != b.where.index()) return false;
  const bool same = a.is_route() ? same_where(std::get<geo::Route>(a.where), std::get<geo::Route>(b.where))
                                 : same_where(std::get<geo::Area>(a.where), std::get<geo::Area>(b.where));
  return same && a.feature_id == b.feature_id && a.party == b.party && a.agreement == b.agreement && a.subject == b.subject &&
         a.place_names == b.place_names && a.platform_class == b.platform_class && a.composition == b.composition &&
         a.purpose == b.purpose && a.unit == b.unit && a.focal_point == b.focal_point && a.emergency == b.emergency &&
         a.reason == b.reason && a.organisation == b.organisation && a.consent == b.consent && a.marking == b.marking &&
         a.holding_points == b.holding_points &&
         std::equal(a.alternates.begin(), a.alternates.end(), b.alternates.begin(), b.alternates.end(),
                    [](const Alternate& x, const Alternate& y) { return x.name == y.name && same_route(x.route, y.route); });
}

void write_geometry(Writer& writer, const Notification& notification) {
  writer.key("geometry").begin_object().key("type");
  if (const auto* route = std::get_if<geo::Route>(&notification.where)) {
    writer.string("LineString").key("coordinates").begin_array();
    for (const auto& each : route->waypoints) read::write_place(writer, each.place);
    writer.end_array();
  } else if (const auto& area = std::get<geo::Area>(notification.where); area.centre) {
    writer.string("Point").key("coordinates");
    read::write_place(writer, *area.centre);
  } else {
    writer.string("Polygon").key("coordinates").begin_array();
    for (const auto& ring : area.rings) read::write_ring(writer, ring);
    writer.end_array();
  }
  writer.end_object();
}

void write_corridor_properties(Writer& writer, const Notification& notification) {
  const auto* route = std::get_if<geo::Route>(&notification.where);
  const auto* area = std::get_if<geo::Area>(&notification.where);
  writer.key("party").string(notification.party);
  read::write_text_if_any(writer, "agreement", notification.agreement);
  writer.key("subject").string(name_of(notification.subject));
  writer.key("line").string(line_name_of(route != nullptr ? route->line : area->line));
  write_instants(writer, "earliest", notification, &Interval::from);
  write_instants(writer, "latest", notification, &Interval::to);
  read::write_metres(writer, "half_width_m", notification.half_width());
  if (route != nullptr && route->column_length != Metres{}) read::write_metres(writer, "column_length_m", route->column_length);
  if (area != nullptr && area->centre) read::write_metres(writer, "radius_m", area->radius);
  if (const auto band = notification.altitude())
    writer.key("altitude_m").begin_array().fixed(band->low.mm(), 3).fixed(band->high.mm(), 3).end_array();
  writer.key("platform_class").string(notification.platform_class);
  writer.key("emergency").boolean(notification.emergency);
  write_alternates(writer, notification);
}

std::string to_json(const Notification& notification) {
  Writer writer;
  writer.begin_object().key("type").string("Feature");
  if (notification.feature_id) writer.key("id").string(*notification.feature_id);
  write_geometry(writer, notification);
  writer.key("properties").begin_object();
  write_corridor_properties(writer, notification);
  write_other_properties(writer, notification);
  writer.end_object().end_object();
  return writer.take();
}

Result<geo::Plan> compile(const Notification& notification) {
  auto plan = std::visit([](const auto& where) { return geo::compile(where); }, notification.where);
  if (!plan) return tl::make_unexpected(in_feature(std::move(plan).error()));
  return plan;
}

Result<std::vector<geo::Plan>> compile_alternates(const Notification& notification) {
  std::vector<geo::Plan> plans;
  for (const Alternate& each : notification.alternates) {
    auto plan = geo::compile(each.route);
    if (!plan) {
      Refusal refusal = std::move(plan).error();
      constexpr std::string_view kTheirs = "/waypoints";
      const bool vertex = refusal.where.starts_with(kTheirs);
      refusal.where = "/properties/alternates/" + std::to_string(plans.size()) +
                      (vertex ? "/coordinates" + refusal.where.substr(kTheirs.size()) : refusal.where);
      return tl::make_unexpected(std::move(refusal));
    }
    plans.push_back(*std::move(plan));
  }
  return plans;
}

Interval window_of(const Notification& notification) {
  if (const auto* area = std::get_if<geo::Area>(&notification.where)) return area->window;
  const auto& waypoints = std::get<geo::Route>(notification.where).waypoints;
  if (waypoints.empty()) return {};
  Interval window{waypoints.front().window.from, waypoints.back().window.to};
  for (const Alternate& each : notification.alternates) {
    if (each.route.waypoints.empty()) continue;
    window.from = std::min(window.from, each.route.waypoints.front().window.from);
    window.to = std::max(window.to, each.route.waypoints.back().window.to);
  }
  return window;
}

std::vector<geo::Place> places_of(const Notification& notification) {
  std::vector<geo::Place> places;
  if (const auto* route = std::get_if<geo::Route>(&notification.where)) {
    for (const auto& each : route->waypoints) places.push_back(each.place);
    return places;
  }
  const auto& area = std::get<geo::Area>(notification.where);
  for (const auto& ring : area.rings) places.insert(places.end(), ring.begin(), ring.end());
  if (area.centre) places.push_back(*area.centre);
  return places;
}

}  // namespace wideberth::model
