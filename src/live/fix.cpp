#include "live/fix.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace wideberth::live {

namespace {

// 0000-01-01T00:00:00Z and 9999-12-31T23:59:59.999Z.
constexpr std::int64_t kFirstMs = -62'167'219'200'000, kLastMs = 253'402'300'799'999;
constexpr float kHighest = 100'000;

float within(float value, float low, float high) { return value >= low && value <= high ? value : kNone; }

}  // namespace

Result<Fix> make_fix(UnitIndex unit, Instant time, Place place, Said said) {
  if (!geo::in_range(place))
    return refuse(Rule::place_out_of_range, fmt::format("latitude {}e-7, longitude {}e-7", place.lat_e7, place.lon_e7),
                  "latitude -90..90, longitude -180..180, in degrees");
  if (time.ms() < kFirstMs || time.ms() > kLastMs)
    return refuse(Rule::time_out_of_range, fmt::format("{} ms since 1970", time.ms()), "years 0000 to 9999");
  Fix fix{unit, time, place, geo::to_ecef(place)};
  fix.accuracy_m = within(said.accuracy_m, 0, 1e7F);
  fix.speed_mps = within(said.speed_mps, 0, 1e5F);
  fix.course_deg = within(said.course_deg, 0, 360);
  if (fix.course_deg == 360) fix.course_deg = 0;
  fix.altitude_m = within(said.altitude_m, -kHighest, kHighest);
  return fix;
}

Result<Fix> make_fix(UnitIndex unit, const model::Position& position) {
  Said said;
  if (position.accuracy) said.accuracy_m = static_cast<float>(position.accuracy->metres());
  if (position.speed_mmps) said.speed_mps = static_cast<float>(*position.speed_mmps) / 1000;
  if (position.course_cdeg) said.course_deg = static_cast<float>(*position.course_cdeg) / 100;
  if (position.altitude) said.altitude_m = static_cast<float>(position.altitude->metres());
  return make_fix(unit, position.time, position.place, said);
}

std::optional<std::uint16_t> Units::number_of(std::vector<std::string>& names, std::string_view name) {
  const auto at = std::find(names.begin(), names.end(), name);
  if (at == names.end() && names.size() == kMostNames) return {};
  const auto number = static_cast<std::uint16_t>(at - names.begin());
  if (at == names.end()) names.emplace_back(name);
  return number;
}

Result<UnitIndex> Units::add(Unit unit) {
  const auto known = find(unit.party, unit.name);
  const auto party = number_of(parties_, unit.party), platform = number_of(classes_, unit.platform_class),
             formation = number_of(formations_, unit.formation);
  if ((!known && units_.size() == kMost) || !party || !platform || !formation)
    return refuse(Rule::live_units, fmt::format("{} units, and {} of {}", units_.size(), unit.name, unit.party),
                  fmt::format("at most {} units, and {} names of parties, classes and formations", kMost, kMostNames));
  const Numbers numbers{*party, *platform, *formation, unit.moored, unit.fastest_mps};
  if (known) {
    numbers_[known->value] = numbers;
    units_[known->value] = std::move(unit);
    return *known;
  }
  const UnitIndex index{static_cast<std::uint32_t>(units_.size())};
  by_name_.emplace(std::pair{unit.party, unit.name}, index);
  numbers_.push_back(numbers);
  units_.push_back(std::move(unit));
  return index;
}

std::optional<UnitIndex> Units::find(std::string_view party, std::string_view name) const {
  const auto at = by_name_.find(std::pair{std::string{party}, std::string{name}});
  if (at == by_name_.end()) return {};
  return at->second;
}

}  // namespace wideberth::live
