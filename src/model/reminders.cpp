#include "model/reminders.h"

#include <algorithm>

#include "geo/trig.h"

namespace wideberth::model {
namespace {

constexpr Millis kLook = Millis::from_seconds(600);
constexpr std::int64_t kDay_ms = 86'400'000;

double radians(double degrees) { return degrees * geo::kPi / 180.0; }

/// An angle in degrees within [0, 360).
double whole_turns_off(double degrees) {
  const auto turns = static_cast<std::int64_t>(degrees / 360.0);
  const double left = degrees - 360.0 * static_cast<double>(turns);
  return left < 0 ? left + 360.0 : left;
}

/// Dark at any time of a window at one place; one day tells of all longer windows but near the poles.
bool dark_within(geo::Place place, Interval window) {
  const Instant end = std::min(window.to, window.from + Millis::from_ms(kDay_ms));
  for (Instant at = window.from; at < end; at = at + kLook)
    if (is_dark(place, at)) return true;
  return is_dark(place, end);
}

}  // namespace

std::string_view name_of(Reminder) noexcept { return "night_marking"; }

std::string_view sentence_of(Reminder) noexcept {
  return "It is dark for some of the time, and no marking that shows by night or to a thermal sensor is stated.";
}

// The Astronomical Almanac's low-precision formula of the sun: 0.01 degrees between 1950 and 2050, some tenths by 2200.
bool is_dark(geo::Place place, Instant at) noexcept {
  const double days = static_cast<double>(at.ms()) / static_cast<double>(kDay_ms) - 10957.5;  // since noon of 1 January 2000
  const double mean = whole_turns_off(280.460 + 0.9856474 * days);
  const double anomaly = radians(whole_turns_off(357.528 + 0.9856003 * days));
  const auto once = geo::sincos(anomaly);
  const double longitude = radians(mean + 1.915 * once.sin + 0.020 * 2.0 * once.sin * once.cos);
  const auto sun = geo::sincos(longitude);
  const auto tilt = geo::sincos(radians(23.439));
  const double ascension = geo::angle_of(tilt.cos * sun.sin, sun.cos);
  const double sine_of_declination = tilt.sin * sun.sin;
  const double sidereal = whole_turns_off(280.46062 + 360.98564737 * days + static_cast<double>(place.lon_e7) * 1e-7);
  double hour = radians(sidereal) - ascension;
  if (hour > 2 * geo::kPi) hour -= 2 * geo::kPi;
  const auto latitude = geo::sincos_e7(static_cast<double>(place.lat_e7));
  // cos(declination) cos(hour angle), from the sun's place on the sphere: no square root of a small difference.
  const auto turn = geo::sincos(hour);
  const auto right = geo::sincos(ascension);
  const double toward = sun.cos * right.cos + tilt.cos * sun.sin * right.sin;  // cos(declination)
  const double height = latitude.sin * sine_of_declination + latitude.cos * toward * turn.cos;
  constexpr double kTwilight = -0.10452846326765347;  // the sine of -6 degrees
  return height < kTwilight;
}

bool moves_in_the_dark(const Notification& notification) {
  if (const auto* area = std::get_if<geo::Area>(&notification.where)) {
    const std::vector<geo::Place> places = places_of(notification);
    return !places.empty() && dark_within(places.front(), area->window);
  }
  const auto along = [](const geo::Route& route) {
    for (std::size_t i = 0; i < route.waypoints.size(); ++i) {
      const auto& here = route.waypoints[i];
      const Instant next = i + 1 < route.waypoints.size() ? route.waypoints[i + 1].window.to : here.window.to;
      if (dark_within(here.place, {here.window.from, next})) return true;
    }
    return false;
  };
  return along(std::get<geo::Route>(notification.where));
}

std::vector<Reminder> reminders_of(const Notification& notification) {
  std::vector<Reminder> reminders;
  const auto& marking = notification.marking;
  if (notification.organisation.empty() && !marking) return reminders;
  if (marking && (marking->night || marking->thermal)) return reminders;
  if (moves_in_the_dark(notification)) reminders.push_back(Reminder::night_marking);
  return reminders;
}

}  // namespace wideberth::model
