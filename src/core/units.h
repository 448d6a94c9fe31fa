// What parties said of their units, as it holds.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/id.h"
#include "model/units.h"

namespace wideberth::core {

using base::EntryIndex;

/// The latest description of one unit.
struct UnitState {
  EntryIndex entry{};
  std::string agreement;        ///< id of the one under which it was described
  std::vector<std::string> to;  ///< the other parties that it was disclosed to
  std::shared_ptr<const model::UnitText> said;
};

struct UnitBook {
  /// A party describes no more units than this; rule unit_count.
  static constexpr std::size_t kMost = 10'000;

  using Units = std::map<std::string, UnitState, std::less<>>;
  std::map<std::string, Units, std::less<>> by_party;  ///< party → unit → its state

  const UnitState* find(std::string_view party, std::string_view unit) const {
    const auto of = by_party.find(party);
    if (of == by_party.end()) return nullptr;
    const auto at = of->second.find(unit);
    return at == of->second.end() ? nullptr : &at->second;
  }
};

}  // namespace wideberth::core
