#include "model/units.h"

#include <array>
#include <set>

#include "model/position.h"
#include "model/read.h"

namespace wideberth::model {
namespace {

using json::Reader;
using json::Writer;

constexpr std::array<std::string_view, 3> kUnitRestNames = {"under way", "moored", "parked"};
constexpr std::size_t kMostUnitBytes = std::size_t{1} << 20;

Result<std::optional<Metres>> length_if_any(const Reader& at, std::string_view name) {
  const auto member = at.find(name);
  if (!member) return std::optional<Metres>();
  WB_TRY(length, read::metres(*member, Metres::from_mm(1), kMostUnitLength));
  return std::optional(length);
}

Result<void> read_formation(const Reader& at, UnitText& unit) {
  if (!at.find("formation")) {
    if (const auto with = at.find("formation_with"))
      return with->refuse(base::Rule::json_member_unknown, "formation_with alone", "formation beside it");
    return {};
  }
  WB_TRY(formation, read::text(at, "formation", kMostUnitName));
  unit.formation = std::move(formation);
  if (at.find("formation_with")) {
    WB_TRY(with, read::short_name(at, "formation_with"));
    unit.formation_with = std::move(with);
  }
  return {};
}

Result<UnitText> read_unit_text(const Reader& at) {
  WB_TRY_VOID(
      at.only({"unit", "platform_class", "length_m", "width_m", "state", "formation", "formation_with", "vehicles", "movement"}));
  UnitText unit;
  WB_TRY(name_at, at.member("unit"));
  WB_TRY(name, name_at.string(kMostUnitName));
  unit.unit = std::string(name);
  WB_TRY_VOID(read::placed(name_at, check_unit_name(unit.unit)));
  WB_TRY(platform, read::short_name(at, "platform_class"));
  unit.platform_class = std::move(platform);
  WB_TRY(length, length_if_any(at, "length_m"));
  unit.length = length;
  WB_TRY(width, length_if_any(at, "width_m"));
  unit.width = width;
  if (const auto state_at = at.find("state")) {
    WB_TRY(state, read::word<UnitRest>(*state_at, kUnitRestNames));
    unit.state = state;
  }
  WB_TRY_VOID(read_formation(at, unit));
  if (at.find("vehicles")) {
    WB_TRY(vehicles, read::integer(at, "vehicles", 1, kMostVehicles));
    unit.vehicles = static_cast<std::uint32_t>(vehicles);
  }
  if (at.find("movement")) {
    WB_TRY(movement, read::id(at, "movement"));
    unit.movement = std::move(movement);
  }
  return unit;
}

Result<UnitDescribed> read_unit_described(const Reader& at) {
  WB_TRY_VOID(at.only({"units"}));
  WB_TRY(member, at.member("units"));
  WB_TRY(all, member.elements(1, kMostUnitsAtOnce));
  UnitDescribed described;
  std::set<std::string> named;
  for (const Reader& each : all) {
    WB_TRY(unit, read_unit_text(each));
    if (!named.insert(unit.unit).second)
      return each.refuse(base::Rule::name_twice, "\"" + base::excerpt(unit.unit) + "\" again", "each unit once");
    described.units.push_back(std::move(unit));
  }
  return described;
}

void write_unit_text(Writer& w, const UnitText& unit) {
  w.begin_object().key("unit").string(unit.unit).key("platform_class").string(unit.platform_class);
  if (unit.length) read::write_metres(w, "length_m", *unit.length);
  if (unit.width) read::write_metres(w, "width_m", *unit.width);
  w.key("state").string(name_of(unit.state));
  read::write_text_if_any(w, "formation", unit.formation);
  read::write_text_if_any(w, "formation_with", unit.formation_with);
  w.key("vehicles").integer(unit.vehicles);
  read::write_text_if_any(w, "movement", unit.movement);
  w.end_object();
}

}  // namespace

std::string_view name_of(UnitRest state) noexcept { return kUnitRestNames[static_cast<std::size_t>(state)]; }

Result<UnitDescribed> parse_unit_described(std::string_view json) {
  return read::whole<UnitDescribed>(json, kMostUnitBytes, read_unit_described);
}

std::string to_json(const UnitText& unit) {
  Writer w;
  write_unit_text(w, unit);
  return w.take();
}

std::string to_json(const UnitDescribed& described) {
  Writer w;
  w.begin_object().key("units").begin_array();
  for (const UnitText& each : described.units) write_unit_text(w, each);
  w.end_array().end_object();
  return w.take();
}

}  // namespace wideberth::model
