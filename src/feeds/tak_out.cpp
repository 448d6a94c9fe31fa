#include "feeds/tak_out.h"

#include <algorithm>
#include <utility>

#include "feeds/number.h"

namespace wideberth::feeds {
namespace {

constexpr Millis kAlertLife = Millis::from_seconds(120), kEncounterLife = Millis::from_seconds(600),
                 kMessageLife = Millis::from_seconds(86'400);
constexpr std::string_view kSender = "wideberth";

class Xml {
 public:
  Xml& open(std::string_view name) {
    end_tag();
    text_ += '<';
    text_ += name;
    is_open_ = true;
    return *this;
  }
  Xml& attribute(std::string_view name, std::string_view value) {
    text_ += ' ';
    text_ += name;
    text_ += "=\"";
    append_escaped(text_, value);
    text_ += '"';
    return *this;
  }
  Xml& close(std::string_view name) {
    if (is_open_) {
      text_ += "/>";
      is_open_ = false;
    } else {
      text_ += "</";
      text_ += name;
      text_ += '>';
    }
    return *this;
  }
  Xml& text(std::string_view text) {
    end_tag();
    append_escaped(text_, text);
    return *this;
  }
  std::string take() { return std::move(text_); }

 private:
  void end_tag() {
    if (is_open_) text_ += '>';
    is_open_ = false;
  }
  std::string text_{};
  bool is_open_ = false;
};

std::string place_text(geo::Place place) { return write_fixed(place.lat_e7, 7) + "," + write_fixed(place.lon_e7, 7); }
std::string metres_text(Metres length) { return write_fixed(length.mm(), 3); }
std::string rounded(Metres length) { return std::to_string((length.mm() + 500) / 1000) + " m"; }

CotEvent event_of(std::string uid, std::string type, Instant now, Instant stale, const char* how) {
  CotEvent event;
  event.uid = std::move(uid);
  event.type = std::move(type);
  event.how = how;
  event.time = event.start = now;
  event.stale = std::max(stale, now + Millis::from_seconds(1));
  return event;
}

// What ATAK wants of everything that is drawn.
void finish_drawing(Xml& xml, const std::string& callsign, const std::string& remarks, std::string_view argb) {
  xml.open("strokeColor").attribute("value", argb).close("strokeColor");
  xml.open("strokeWeight").attribute("value", "3.0").close("strokeWeight");
  xml.open("contact").attribute("callsign", callsign).close("contact");
  xml.open("remarks").text(remarks).close("remarks");
  xml.open("archive").close("archive");
  xml.open("labels_on").attribute("value", "true").close("labels_on");
  xml.close("detail");
}

void window_attributes(Xml& xml, const base::Interval& window) {
  xml.attribute("earliest", base::to_text(window.from)).attribute("latest", base::to_text(window.to));
}

constexpr std::string_view kOtherColour = "-23296", kWarningColour = "-65536", kCautionColour = "-256";

CotEvent spot(const std::string& uid, geo::Place place, const std::string& callsign, const std::string& remarks,
              std::string_view argb, Instant now, Instant stale) {
  CotEvent event = event_of(uid, "b-m-p-s-m", now, stale, "m-g");
  event.place = place;
  Xml xml;
  xml.open("detail").open("status").attribute("readiness", "true").close("status");
  xml.open("contact").attribute("callsign", callsign).close("contact");
  xml.open("remarks").text(remarks).close("remarks");
  xml.open("color").attribute("argb", argb).close("color");
  xml.open("usericon").attribute("iconsetpath", "COT_MAPPING_SPOTMAP/b-m-p-s-m/" + std::string(argb)).close("usericon");
  event.detail = xml.close("detail").take();
  event.callsign = callsign;
  return event;
}

CotEvent message(const std::string& id, const std::string& text, Instant now) {
  constexpr std::string_view kRoom = "All Chat Rooms";
  CotEvent event = event_of("GeoChat." + std::string(kSender) + "." + std::string(kRoom) + "." + id, "b-t-f", now,
                            now + kMessageLife, "h-g-i-g-o");
  Xml xml;
  xml.open("detail").open("__chat").attribute("id", kRoom).attribute("chatroom", kRoom).attribute("senderCallsign", kSender);
  xml.open("chatgrp").attribute("id", kRoom).attribute("uid0", kSender).attribute("uid1", kRoom).close("chatgrp").close("__chat");
  xml.open("link").attribute("relation", "p-p").attribute("type", "a-f-G-U-C").attribute("uid", kSender).close("link");
  xml.open("remarks")
      .attribute("source", "BAO.F." + std::string(kSender))
      .attribute("to", kRoom)
      .attribute("time", base::to_text(now))
      .text(text)
      .close("remarks");
  event.detail = xml.close("detail").take();
  return event;
}

// Only the ends of legs bear a name in ATAK; every vertex is a waypoint, since each has its times.
void route_links(Xml& xml, const geo::Route& route, const Notified& notified) {
  for (std::size_t i = 0; i < route.waypoints.size(); ++i) {
    const auto& names = notified.notification.place_names;
    const std::string name = i < names.size() ? names[i] : std::string();
    xml.open("link").attribute("uid", "wideberth-" + notified.id + "-" + std::to_string(i)).attribute("callsign", name);
    xml.attribute("type", "b-m-p-w")
        .attribute("point", place_text(route.waypoints[i].place))
        .attribute("remarks", "")
        .attribute("relation", "c")
        .close("link");
  }
  xml.open("link_attr")
      .attribute("planningmethod", "Infil")
      .attribute("color", "-1")
      .attribute("method", "Driving")
      .attribute("prefix", "CP");
  xml.attribute("type", "Vehicle").attribute("stroke", "3").attribute("direction", "Infil").attribute("routetype", "Primary");
  xml.attribute("order", "Ascending Check Points").close("link_attr");
  xml.open("__routeinfo").open("__navcues").close("__navcues").close("__routeinfo");
}

}  // namespace

CotEvent corridor_event(const Notified& notified, Instant now) {
  const model::Notification& told = notified.notification;
  const base::Interval window = model::window_of(told);
  const auto* route = std::get_if<geo::Route>(&told.where);
  const auto* area = std::get_if<geo::Area>(&told.where);
  const bool is_circle = area != nullptr && area->centre.has_value();
  CotEvent event = event_of("wideberth-" + notified.id,
                            route != nullptr ? "b-m-r"
                            : is_circle      ? "u-d-c-c"
                                             : "u-d-f",
                            now, window.to, "h-e");
  Xml xml;
  xml.open("detail");
  if (route != nullptr) {
    route_links(xml, *route, notified);
  } else if (is_circle) {
    event.place = *area->centre;
    xml.open("shape").open("ellipse").attribute("major", metres_text(area->radius)).attribute("minor", metres_text(area->radius));
    xml.attribute("angle", "360").close("ellipse").close("shape");
  } else if (!area->rings.empty() && !area->rings[0].empty()) {
    event.place = area->rings[0][0];
    for (const geo::Place place : area->rings[0]) xml.open("link").attribute("point", place_text(place)).close("link");
    if (area->rings[0].front() != area->rings[0].back())
      xml.open("link").attribute("point", place_text(area->rings[0].front())).close("link");
  }
  xml.open("__wideberth")
      .attribute("id", notified.id)
      .attribute("entry", std::to_string(notified.revision.value))
      .attribute("party", notified.party);
  xml.attribute("view", notified.view).attribute("half_width_m", metres_text(told.half_width()));
  window_attributes(xml, window);
  if (route != nullptr) {
    for (const geo::Waypoint& each : route->waypoints) {
      xml.open("passage").attribute("point", place_text(each.place));
      window_attributes(xml, each.window);
      xml.close("passage");
    }
  }
  xml.close("__wideberth");
  const std::string name = notified.id + " " + notified.party;
  const std::string remarks = base::to_short_text(window.from) + " to " + base::to_short_text(window.to) + ", " +
                              rounded(told.half_width()) + " to either side";
  finish_drawing(xml, name, remarks, kOtherColour);
  event.detail = xml.take();
  event.callsign = name;
  return event;
}

CotEvent conflict_event(const model::ConflictFound& found, EntryIndex entry, Instant now) {
  const std::string uid = "wideberth-conflict-" + std::to_string(entry.value);
  const std::string name = "Conflict " + found.a + " with " + found.other_party;
  const std::string under = found.agreement + (found.clause.empty() ? "" : ", " + found.clause);
  if (const auto* exact = std::get_if<model::ExactConflict>(&found.what)) {
    const geo::Meeting& meeting = exact->meeting;
    const std::string remarks = (found.b.empty() ? found.other_party : found.b) + " comes within " +
                                rounded(Metres::from_mm(static_cast<std::int64_t>(meeting.least_possible_m * 1000))) + " where " +
                                rounded(found.separation) + " are owed (" + under + "), " +
                                base::to_short_text(meeting.window.from) + " to " + base::to_short_text(meeting.window.to);
    return spot(uid, meeting.place, name, remarks, kCautionColour, now, meeting.window.to);
  }
  const auto& coarse = std::get<model::CoarseConflict>(found.what);
  CotEvent event = event_of(uid, "u-d-f", now, coarse.slot.to, "h-e");
  event.place = coarse.cell_south_west;
  Xml xml;
  xml.open("detail");
  const geo::Place at = coarse.cell_south_west;
  const std::int32_t north = std::min(at.lat_e7 + coarse.cell_e7, 900'000'000),
                     east = std::min(at.lon_e7 + coarse.cell_e7, 1'800'000'000);
  for (const geo::Place corner : {at, geo::Place{east, at.lat_e7}, geo::Place{east, north}, geo::Place{at.lon_e7, north}, at}) {
    xml.open("link").attribute("point", place_text(corner)).close("link");
  }
  finish_drawing(xml, name,
                 "somewhere in this cell (" + under + "), " + base::to_short_text(coarse.slot.from) + " to " +
                     base::to_short_text(coarse.slot.to),
                 kCautionColour);
  event.detail = xml.take();
  event.callsign = name;
  return event;
}

std::string to_sentence(const model::AlertRaised& alert) {
  std::string text = alert.grade == model::AlertGrade::warning ? "Warning: " : "Caution: ";
  text += alert.unit + " and " + alert.other_party + (alert.other_unit.empty() ? "" : " (" + alert.other_unit + ")");
  text += " are " + rounded(alert.now) + " apart";
  if (alert.in > Millis{}) text += "; going straight on, " + rounded(alert.least) + " in " + base::to_text(alert.in);
  return text + ".";
}

std::string alert_uid(EntryIndex raised) { return "wideberth-alert-" + std::to_string(raised.value); }

std::vector<CotEvent> alert_events(const model::AlertRaised& alert, EntryIndex entry, std::optional<geo::Place> own_place,
                                   Instant now) {
  const bool is_warning = alert.grade == model::AlertGrade::warning;
  const std::string text = to_sentence(alert);
  std::vector<CotEvent> events;
  if (own_place) {
    events.push_back(spot(alert_uid(entry), *own_place, (is_warning ? "WARNING " : "CAUTION ") + alert.other_party, text,
                          is_warning ? kWarningColour : kCautionColour, now, now + kAlertLife));
  }
  events.push_back(message("alert-" + std::to_string(entry.value), text, now));
  return events;
}

CotEvent alert_over_event(const model::AlertClosed& closed, EntryIndex raised, Instant now) {
  return message("alert-" + std::to_string(raised.value) + "-over",
                 "Over since " + base::to_short_text(closed.at) + " (" + std::string(model::name_of(closed.ended)) + ").", now);
}

std::string encounter_uid(EntryIndex opened) { return "wideberth-encounter-" + std::to_string(opened.value); }

std::vector<CotEvent> encounter_events(const model::EncounterOpened& opened, EntryIndex entry,
                                       std::optional<geo::Place> own_place, Instant now) {
  const std::string text = "Encounter: " + opened.unit + " and " + opened.other_party +
                           (opened.other_unit.empty() ? "" : " (" + opened.other_unit + ")") + " within " +
                           rounded(opened.within) + " since " + base::to_short_text(opened.at) + ".";
  std::vector<CotEvent> events;
  if (own_place)
    events.push_back(
        spot(encounter_uid(entry), *own_place, "ENCOUNTER " + opened.other_party, text, kOtherColour, now, now + kEncounterLife));
  events.push_back(message("encounter-" + std::to_string(entry.value), text, now));
  return events;
}

CotEvent encounter_over_event(const model::EncounterClosed& closed, EntryIndex opened, Instant now) {
  constexpr std::size_t kMostTold = 8;
  std::string text = "The encounter is over since " + base::to_short_text(closed.when.to) + " (" +
                     std::string(model::name_of(closed.ended)) + ").";
  for (std::size_t i = 0; i < std::min(closed.candidates.size(), kMostTold); ++i)
    text += " Candidate: " + model::to_sentence(closed.candidates[i]);
  if (closed.candidates_found > kMostTold)
    text += " And " + std::to_string(closed.candidates_found - kMostTold) + " candidates more.";
  return message("encounter-" + std::to_string(opened.value) + "-over", text, now);
}

CotEvent conformance_event(const model::ConformanceChanged& changed, EntryIndex entry, Instant now) {
  return message("conformance-" + std::to_string(entry.value), model::to_sentence(changed), now);
}

CotEvent delete_event(const std::string& uid, const std::string& type, Instant now) {
  CotEvent event = event_of(uid + "-delete", "t-x-d-d", now, now + Millis::from_seconds(60), "m-g");
  Xml xml;
  xml.open("detail").open("link").attribute("uid", uid).attribute("relation", "none").attribute("type", type).close("link");
  event.detail = xml.open("__forcedelete").close("__forcedelete").close("detail").take();
  return event;
}

}  // namespace wideberth::feeds
