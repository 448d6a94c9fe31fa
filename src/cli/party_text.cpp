#include "cli/party_text.h"

#include "base/bytes.h"
#include "cli/desk_options.h"
#include "geo/text.h"

namespace wideberth::cli {
namespace {

constexpr std::string_view kBar = "\n    | ";
constexpr std::string_view kOpening = "“", kClosing = "”";

std::string turned(std::string text, std::string_view what, std::string_view with) {
  for (std::size_t at = 0; (at = text.find(what, at)) != std::string::npos; at += with.size())
    text.replace(at, what.size(), with);
  return text;
}

std::string span_text(base::Interval window) { return to_short_text(window.from) + " to " + to_short_text(window.to); }

void add_route(const geo::Route& route, const std::vector<std::string>& names, std::vector<std::string>& lines) {
  for (std::size_t i = 0; i < route.waypoints.size(); ++i) {
    const geo::Waypoint& each = route.waypoints[i];
    std::string line = std::to_string(i + 1) + ".  " + place_text(each.place);
    if (i < names.size() && !names[i].empty()) line += "  " + in_quotes(names[i]);
    lines.push_back(line + "  " + span_text(each.window));
  }
}

void add_area(const geo::Area& area, const std::vector<std::string>& names, std::vector<std::string>& lines) {
  if (area.centre) {
    lines.push_back("around " + place_text(*area.centre) + ", " + exact_metres(area.radius));
    if (!names.empty() && !names.front().empty()) lines.back() += "  " + in_quotes(names.front());
  }
  for (std::size_t ring = 0; ring < area.rings.size(); ++ring)
    for (const geo::Place each : area.rings[ring])
      lines.push_back((ring == 0 ? "edge  " : "edge of hole " + std::to_string(ring) + "  ") + place_text(each));
  lines.push_back(span_text(area.window));
}

std::string counts_text(const std::vector<model::CompositionLine>& counts) {
  std::string text;
  for (const model::CompositionLine& each : counts) {
    text += (text.empty() ? "" : ", ") + std::to_string(each.count) + " " + in_quotes(each.type);
    if (!each.of.empty()) text += " of " + in_quotes(each.of);
    if (each.armed) text += *each.armed ? ", armed" : ", unarmed";
  }
  return text;
}

std::string marking_text(const model::Marking& marking) {
  std::string text;
  for (const auto& [seen, when] : {std::pair{marking.day, "day"}, {marking.night, "night"}, {marking.thermal, "thermal sensor"}})
    if (seen) text += (text.empty() ? "seen by " : ", by ") + std::string(when);
  return text.empty() ? "cannot be seen" : text;
}

void add_size(const model::Notification& notified, std::vector<std::string>& lines) {
  std::string line = notified.platform_class + ", " + exact_metres(notified.half_width()) + " to each side";
  if (const auto* route = std::get_if<geo::Route>(&notified.where))
    if (route->column_length != base::Metres{}) line += ", column of " + exact_metres(route->column_length);
  if (const auto band = notified.altitude())
    line += ", " + exact_metres(band->low) + " to " + exact_metres(band->high) + " above ground";
  lines.push_back(std::move(line));
}

}  // namespace

std::string barred(std::string_view written) {
  std::string text;
  for (std::size_t at = 0;;) {
    const std::size_t end = written.find('\n', at);
    const std::string_view line = written.substr(at, end == std::string_view::npos ? end : end - at);
    text += base::excerpt(line, line.size() * 4);  // a byte takes at most four characters
    if (end == std::string_view::npos) return text;
    text += kBar;
    at = end + 1;
  }
}

std::string in_quotes(std::string_view written) {
  std::string text = turned(turned(barred(written), kOpening, "‘"), kClosing, "’");
  return text.insert(0, kOpening).append(kClosing);
}

std::string exact_metres(base::Metres length) {
  const std::int64_t whole = length.mm() / 1000;
  std::string part = std::to_string(1000 + length.mm() % 1000).substr(1);
  while (!part.empty() && part.back() == '0') part.pop_back();
  return std::to_string(whole) + (part.empty() ? "" : "." + part) + " m";
}

std::vector<std::string> lines_of_notification(const model::Notification& notified) {
  std::vector<std::string> lines;
  if (notified.emergency) lines.emplace_back("EMERGENCY");
  if (const auto* route = std::get_if<geo::Route>(&notified.where))
    add_route(*route, notified.place_names, lines);
  else
    add_area(std::get<geo::Area>(notified.where), notified.place_names, lines);
  add_size(notified, lines);
  for (const model::Alternate& each : notified.alternates) {
    lines.push_back("or goes  " + in_quotes(each.name) + ", " + exact_metres(each.route.half_width) + " to each side:");
    std::vector<std::string> places;
    add_route(each.route, {}, places);
    for (const std::string& place : places) lines.push_back("  " + place);
  }
  for (const model::HoldingPoint& each : notified.holding_points)
    lines.push_back("may wait at  " + in_quotes(each.name) + ", " + place_text(each.place));
  const model::Composition& moves = notified.composition;
  if (!moves.vehicles.empty()) lines.push_back("vehicles  " + counts_text(moves.vehicles));
  if (!moves.escorts.empty()) lines.push_back("escort  " + counts_text(moves.escorts));
  if (moves.people) lines.push_back("people  " + std::to_string(*moves.people));
  if (notified.marking) lines.push_back("marking  " + marking_text(*notified.marking));
  const std::pair<const char*, const std::string*> words[] = {{"unit", &notified.unit},
                                                              {"purpose", &notified.purpose},
                                                              {"call", &notified.focal_point},
                                                              {"for", &notified.organisation},
                                                              {"reason", &notified.reason}};
  for (const auto& [name, said] : words)
    if (!said->empty()) lines.push_back(std::string(name) + "  " + in_quotes(*said));
  return lines;
}

}  // namespace wideberth::cli
