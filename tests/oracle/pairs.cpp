#include "pairs.h"

#include <GeographicLib/Geodesic.hpp>
#include <algorithm>
#include <cmath>
#include <random>
#include <sstream>

namespace wideberth::oracle {

namespace {

using geo::Instant;
using geo::Interval;
using geo::Line;
using geo::Metres;
using geo::Millis;
using geo::Place;

constexpr std::int64_t kNoon = 1'598'356'800'000;

// std's distributions differ between libraries; these do not.
class Dice {
 public:
  explicit Dice(std::uint64_t seed) : engine_{seed} {}
  double unit() { return static_cast<double>(engine_() >> 11) * 0x1p-53; }
  double within(double low, double high) { return low + (high - low) * unit(); }
  double log_within(double low, double high) { return low * std::pow(high / low, unit()); }
  int upto(int count) { return static_cast<int>(unit() * count); }
  bool one_in(int count) { return upto(count) == 0; }

 private:
  std::mt19937_64 engine_;
};

Place away(Place from, double azimuth, double metres) {
  double lat = 0, lon = 0;
  GeographicLib::Geodesic::WGS84().Direct(from.lat_e7 / 1e7, from.lon_e7 / 1e7, azimuth, metres, lat, lon);
  return *geo::make_place(lon, lat);
}

Metres metres(double m) { return Metres::from_mm(std::llround(m * 1000)); }
Metres millimetres_whole(double m) { return Metres::from_metres(std::llround(m)); }

struct Setting {
  Place centre;
  double scale;  // metres
  double speed;  // metres per second
  double slack;  // seconds
  Line line;
  std::string kind;
};

Setting setting(Dice& dice) {
  Setting s{};
  switch (dice.upto(5)) {
    case 0:
      s.centre = {0, dice.one_in(2) ? 900'000'000 : -900'000'000};
      s.centre = away(s.centre, dice.within(0, 360), dice.log_within(1, 30'000));
      s.kind = "near a pole";
      break;
    case 1:
      s.centre = away({1'800'000'000, static_cast<std::int32_t>(dice.within(-8e8, 8e8))}, dice.within(0, 360),
                      dice.log_within(1, 30'000));
      s.kind = "at the antimeridian";
      break;
    default:
      s.centre = {static_cast<std::int32_t>(dice.within(-1.8e9, 1.8e9)), static_cast<std::int32_t>(dice.within(-8.5e8, 8.5e8))};
      s.kind = "anywhere";
  }
  s.scale = dice.log_within(200, 60'000);
  s.speed = dice.log_within(1, 40);
  s.slack = dice.one_in(4) ? 0 : dice.log_within(1, s.scale / s.speed);
  // Even steps of longitude make spirals near a pole; elsewhere both kinds of line are tried.
  s.line = s.kind != "near a pole" && dice.one_in(3) ? Line::lon_lat_linear : Line::geodesic;
  return s;
}

Instant second(double s) { return Instant::from_ms(kNoon + std::llround(s * 1000)); }

// Windows along places already chosen, at about the speed of the setting; some legs are halts.
geo::Route timed(Dice& dice, const Setting& s, const std::vector<Place>& places) {
  geo::Route route;
  route.line = s.line;
  route.half_width = dice.one_in(2) ? Metres{} : metres(dice.log_within(1, s.scale / 20));
  if (dice.one_in(4)) route.column_length = metres(dice.log_within(10, s.scale / 3));
  double at = dice.within(-0.4, 0.4) * s.scale / s.speed;
  const bool even = dice.one_in(2);
  double early = even ? s.slack : s.slack * dice.unit(), late = even ? s.slack : s.slack * dice.unit();
  const auto add = [&](Place place) {
    Interval window{second(at - early), second(at + late)};
    if (!route.waypoints.empty()) {
      const Interval& before = route.waypoints.back().window;
      window.from = std::max(window.from, before.from);
      window.to = std::max(window.to, before.to);
    }
    route.waypoints.push_back({place, window});
  };
  for (std::size_t i = 0; i < places.size(); ++i) {
    if (i > 0) {
      const double length = geo::distance_m(places[i - 1], places[i]);
      at += length / (s.speed * dice.within(0.5, 1.5)) + 0.01;
      if (!even) {
        early = s.slack * dice.unit();
        late = s.slack * dice.unit();
      }
    }
    add(places[i]);
    if (dice.one_in(5)) {
      at += dice.log_within(1, s.scale / s.speed);
      add(places[i]);
    }
  }
  // A length without duration can come of windows that were pushed forward: then all of them wait a little.
  for (std::size_t i = 1; i < route.waypoints.size(); ++i) {
    Interval &before = route.waypoints[i - 1].window, &now = route.waypoints[i].window;
    if (now.from + (now.to - before.to) <= before.from || (now.from == before.from && now.to == before.to))
      for (std::size_t j = i; j < route.waypoints.size(); ++j) {
        route.waypoints[j].window.from = route.waypoints[j].window.from + Millis::from_seconds(1);
        route.waypoints[j].window.to = route.waypoints[j].window.to + Millis::from_seconds(1);
      }
  }
  if (route.waypoints.size() == 1) {
    at += dice.log_within(1, s.scale / s.speed);
    add(places[0]);
  }
  return route;
}

std::vector<Place> wander(Dice& dice, const Setting& s) {
  std::vector<Place> places;
  if (dice.one_in(12)) return {away(s.centre, dice.within(0, 360), s.scale * dice.unit() / 2)};
  const int count = 2 + dice.upto(4);
  for (int i = 0; i < count; ++i) places.push_back(away(s.centre, dice.within(0, 360), s.scale * dice.unit()));
  return places;
}

Interval some_window(Dice& dice, const Setting& s) {
  const double whole = s.scale / s.speed;
  const double from = dice.within(-0.5, 1) * whole;
  return {second(from), second(from + dice.log_within(1, whole))};
}

geo::Area circle(Dice& dice, const Setting& s) {
  geo::Area area;
  area.centre = away(s.centre, dice.within(0, 360), s.scale * dice.unit());
  area.radius = metres(dice.log_within(1, s.scale / 2));
  area.window = some_window(dice, s);
  return area;
}

// A star about its centre, with a smaller one cut out of it half of the time.
geo::Area polygon(Dice& dice, const Setting& s) {
  geo::Area area;
  const Place centre = away(s.centre, dice.within(0, 360), s.scale * dice.unit() / 2);
  const int corners = 3 + dice.upto(6);
  const double size = dice.log_within(s.scale / 50, s.scale);
  std::vector<Place> outer, hole;
  for (int i = 0; i < corners; ++i) {
    const double azimuth = 360.0 * (i + 0.6 * dice.unit()) / corners;
    outer.push_back(away(centre, azimuth, size * dice.within(0.6, 1)));
    hole.push_back(away(centre, azimuth, size * 0.2 * dice.within(0.6, 1)));
  }
  area.rings.push_back(outer);
  if (corners > 4 && dice.one_in(2)) area.rings.push_back(hole);
  if (dice.one_in(3)) area.margin = metres(dice.log_within(1, s.scale / 50));
  area.window = some_window(dice, s);
  area.line = s.line;
  return area;
}

std::optional<geo::AltitudeBand> band(Dice& dice) {
  if (dice.upto(8) != 0) return {};
  const double low = dice.one_in(2) ? 0 : dice.within(0, 300);
  return geo::AltitudeBand{millimetres_whole(low), millimetres_whole(low + dice.within(0, 300))};
}

// b as a variation of a's own places.
std::vector<Place> beside(Dice& dice, const Setting& s, std::vector<Place> places, std::string& kind) {
  switch (dice.upto(3)) {
    case 0:
      kind = "reversed";
      std::reverse(places.begin(), places.end());
      return places;
    case 1: {
      kind = "parallel";
      const double azimuth = dice.within(0, 360), far = dice.log_within(1, s.scale / 20);
      for (Place& place : places) place = away(place, azimuth, far);
      return places;
    }
    default:
      kind = "through one place";
      places.front() = away(s.centre, dice.within(0, 360), s.scale * dice.unit());
      return places;
  }
}

}  // namespace

Pair pair_of(std::uint64_t n) {
  Dice dice{n * 0x9E3779B97F4A7C15ULL + 1};
  const Setting s = setting(dice);
  Pair pair;
  const std::vector<Place> places = wander(dice, s);
  pair.a = timed(dice, s, places);
  std::string kind = "near each other";
  switch (dice.upto(6)) {
    case 0:
      kind = "a circle";
      pair.b = circle(dice, s);
      break;
    case 1:
      kind = "a polygon";
      pair.b = polygon(dice, s);
      break;
    case 2: pair.b = timed(dice, s, beside(dice, s, places, kind)); break;
    case 3:
      if (dice.one_in(3)) {
        kind = "two areas";
        pair.a = dice.one_in(2) ? circle(dice, s) : polygon(dice, s);
        pair.b = polygon(dice, s);
        break;
      }
      [[fallthrough]];
    default: pair.b = timed(dice, s, wander(dice, s));
  }
  for (Notified* each : {&pair.a, &pair.b}) std::visit([&](auto& plan) { plan.altitude = band(dice); }, *each);
  if (dice.one_in(2)) std::swap(pair.a, pair.b);
  pair.separation = dice.one_in(10) ? Metres{} : metres(dice.log_within(1, s.scale / 2));
  pair.kind = kind + " " + s.kind;
  return pair;
}

std::string line_for_oracle(const Notified& plan) {
  std::ostringstream out;
  const auto place = [&](Place p) { out << ' ' << p.lon_e7 << ' ' << p.lat_e7; };
  const auto window = [&](const Interval& w) { out << ' ' << w.from.ms() << ' ' << w.to.ms(); };
  const auto altitude = [&](const std::optional<geo::AltitudeBand>& b) {
    out << ' ' << (b ? b->low.mm() : 0) << ' ' << (b ? b->high.mm() : 0);
  };
  if (const auto* route = std::get_if<geo::Route>(&plan)) {
    out << "R " << (route->line == Line::lon_lat_linear) << ' ' << route->half_width.mm() << ' ' << route->column_length.mm();
    altitude(route->altitude);
    out << ' ' << route->waypoints.size();
    for (const auto& point : route->waypoints) {
      place(point.place);
      window(point.window);
    }
    return out.str();
  }
  const auto& area = std::get<geo::Area>(plan);
  if (area.centre) {
    out << "C";
    place(*area.centre);
    out << ' ' << (area.radius + area.margin).mm();
    altitude(area.altitude);
    window(area.window);
    return out.str();
  }
  out << "P " << (area.line == Line::lon_lat_linear) << ' ' << area.margin.mm();
  altitude(area.altitude);
  window(area.window);
  out << ' ' << area.rings.size();
  for (const auto& ring : area.rings) {
    out << ' ' << ring.size();
    for (const Place p : ring) place(p);
  }
  return out.str();
}

Notified shifted(Notified plan, Millis by) {
  const auto shift = [&](Interval& window) { window = {window.from + by, window.to + by}; };
  if (auto* route = std::get_if<geo::Route>(&plan)) {
    for (auto& point : route->waypoints) shift(point.window);
  } else {
    shift(std::get<geo::Area>(plan).window);
  }
  return plan;
}

}  // namespace wideberth::oracle
