// What a party says of its units: the part `full` of unit.described.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/names.h"

namespace wideberth::model {

/// Whether it moves. Two units of different parties that both are said to lie still are no encounter, and raise no alert.
enum class UnitRest : unsigned char { under_way, moored, parked };
/// "under way", "moored", "parked".
std::string_view name_of(UnitRest state) noexcept;

/// One unit in its party's own words; nothing of it is checked against the world.
struct UnitText {
  std::string unit;            ///< as its positions are reported
  std::string platform_class;  ///< one of the agreement's
  std::optional<Metres> length{}, width{};
  UnitRest state = UnitRest::under_way;
  std::string formation{};       ///< of units that move together by arrangement; empty: none
  std::string formation_with{};  ///< the other party whose units belong to it; it counts when that party says the same
  std::uint32_t vehicles = 1;    ///< that this one track stands for
  std::string movement{};        ///< id of the movement that it drives in; empty: found by its name or by where it is
  friend bool operator==(const UnitText&, const UnitText&) = default;
};

/// Of each unit the latest description holds, as a whole.
struct UnitDescribed {
  std::vector<UnitText> units;  ///< 1 to kMostUnitsAtOnce, each name once
  friend bool operator==(const UnitDescribed&, const UnitDescribed&) = default;
};

inline constexpr std::size_t kMostUnitsAtOnce = 1'000;
inline constexpr std::uint32_t kMostVehicles = 10'000;
inline constexpr Metres kMostUnitLength = Metres::from_metres(1'000);

/// Strict. Refuses with the json_ rules, position_unit, name_malformed, name_twice, id_malformed.
Result<UnitDescribed> parse_unit_described(std::string_view json);
std::string to_json(const UnitDescribed& described);
std::string to_json(const UnitText& unit);

}  // namespace wideberth::model
