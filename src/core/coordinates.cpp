#include "core/coordinates.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <set>

#include "geo/text.h"

namespace wideberth::core {
namespace {

using base::refuse;

/// A place as a plan that stands at all times, so that the one kernel measures it against areas.
Result<geo::Plan> standing_at(geo::Place place) {
  geo::Area area;
  area.centre = place;
  area.window = kAllTimes;
  return geo::compile(area);
}

bool near_an_area(const AgreementState& agreement, geo::Place place, Metres margin) {
  const auto plan = standing_at(place);
  if (!plan) return false;
  return std::any_of(agreement.areas.begin(), agreement.areas.end(),
                     [&](const auto& area) { return geo::meet(*plan, *area, margin).has_value(); });
}

struct Guess {
  geo::Place place;
  const char* what;
};

std::vector<Guess> guesses_for(geo::Place place) {
  constexpr std::int32_t kMostLat = 900'000'000;
  std::vector<Guess> guesses;
  const auto flip = [](geo::Place p, bool lon, bool lat) {
    return geo::Place{lon ? -p.lon_e7 : p.lon_e7, lat ? -p.lat_e7 : p.lat_e7};
  };
  if (std::abs(place.lon_e7) <= kMostLat) {
    const geo::Place swapped{place.lat_e7, place.lon_e7};
    guesses.push_back({swapped, "latitude and longitude exchanged"});
    guesses.push_back({flip(swapped, true, false), "latitude and longitude exchanged and the sign of the longitude turned"});
    guesses.push_back({flip(swapped, false, true), "latitude and longitude exchanged and the sign of the latitude turned"});
  }
  guesses.push_back({flip(place, true, false), "the other hemisphere, east or west"});
  guesses.push_back({flip(place, false, true), "the other hemisphere, north or south"});
  guesses.push_back({flip(place, true, true), "the other hemisphere both ways"});
  return guesses;
}

std::string where_of(const model::Notification& notification, std::size_t vertex) {
  return notification.is_route() ? "/geometry/coordinates/" + std::to_string(vertex) : "/geometry/coordinates";
}

Result<void> check_area(const AgreementState& agreement, geo::Place place, const std::string& where) {
  const Metres margin = agreement.agreement->area_margin;
  if (near_an_area(agreement, place, margin)) return {};
  std::string accepted = "places within " + std::to_string(margin.mm() / 1'000'000) + " km of the areas of " + agreement.id;
  for (const Guess& guess : guesses_for(place))
    if (near_an_area(agreement, guess.place, Metres{})) {
      accepted += "; probably meant: " + geo::to_dd(guess.place) + " (" + guess.what + ")";
      break;
    }
  return refuse(Rule::place_outside_area, geo::to_dd(place) + " lies far outside every area of the agreement", accepted, where);
}

Result<void> check_name(const AgreementState& agreement, const model::Notification& notification, geo::Place place,
                        std::size_t vertex) {
  if (vertex >= notification.place_names.size()) return {};
  const std::string& name = notification.place_names[vertex];
  const model::GazetteerPlace* named = agreement.agreement->find_place(name);
  if (named == nullptr) return {};
  const double distance = geo::distance_m(place, named->place);
  if (distance <= named->radius.metres()) return {};
  return refuse(
      Rule::place_far_from_name,
      geo::to_dd(place) + " is called " + name + ", which lies " + std::to_string(static_cast<std::int64_t>(distance / 1000.0)) +
          " km away at " + geo::to_dd(named->place),
      "a place within " + std::to_string(named->radius.mm() / 1'000'000) + " km of " + named->name + ", or another name",
      where_of(notification, vertex));
}

}  // namespace

Result<void> check_coordinates(const AgreementState& agreement, const model::Notification& notification) {
  const std::vector<geo::Place> places = model::places_of(notification);
  for (std::size_t i = 0; i < places.size(); ++i) {
    WB_TRY_VOID(check_area(agreement, places[i], where_of(notification, i)));
    WB_TRY_VOID(check_name(agreement, notification, places[i], i));
  }
  for (std::size_t i = 0; i < notification.holding_points.size(); ++i)
    WB_TRY_VOID(check_area(agreement, notification.holding_points[i].place,
                           "/properties/holding_points/" + std::to_string(i) + "/place"));
  for (std::size_t n = 0; n < notification.alternates.size(); ++n) {
    const auto& waypoints = notification.alternates[n].route.waypoints;
    for (std::size_t i = 0; i < waypoints.size(); ++i)
      WB_TRY_VOID(check_area(agreement, waypoints[i].place,
                             "/properties/alternates/" + std::to_string(n) + "/coordinates/" + std::to_string(i)));
  }
  return {};
}

model::Regime regime_of(const AgreementState& agreement, const geo::Plan& plan) {
  const auto& areas = agreement.agreement->areas;
  for (std::size_t i = 0; i < areas.size(); ++i)
    if (areas[i].regime == model::Regime::request && geo::meet(plan, *agreement.areas[i], Metres{}))
      return model::Regime::request;
  return model::Regime::notify;
}

model::Regime regime_of(const AgreementState& agreement, const model::Outline& outline) {
  std::set<std::pair<std::int32_t, std::int32_t>> seen;
  for (const model::CellSlot& each : outline.cells) {
    if (!seen.emplace(each.south_west.lat_e7, each.south_west.lon_e7).second) continue;
    const auto plan = cell_plan(each.south_west, outline.cell_e7, kAllTimes);
    if (plan && regime_of(agreement, *plan) == model::Regime::request) return model::Regime::request;
  }
  return model::Regime::notify;
}

}  // namespace wideberth::core
