// The part `outline` as its reader holds it, where nothing finer is there: what a log gets that another side keeps to itself.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "model/disclosure.h"

namespace wideberth::model {

/// Who notifies, and every cell and slot that it may touch.
struct Outline {
  std::string party;
  std::string agreement;  ///< an id, of the log that it was filed in first; may be empty
  Subject subject = Subject::movement;
  std::int32_t cell_e7 = kDefaultCell_e7;
  Millis slot = kDefaultSlot;
  std::vector<CellSlot> cells;  ///< sorted by (from, south, west), none twice; 1 to kMostCellSlots
  friend bool operator==(const Outline&, const Outline&) = default;
};

/// Refuses with the json_ rules, disclosure_grain and outline_cell.
Result<Outline> parse_outline(std::string_view json);
/// As outline_of writes it.  Law: to_json(*parse_outline(x)) is the same for every x that says the same.
std::string to_json(const Outline& outline);
/// From the begin of the first slot to the end of the last.
Interval window_of(const Outline& outline);

}  // namespace wideberth::model
