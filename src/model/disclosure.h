// Disclosure by parts: the coarser document follows from the finer one by a pure function, so a coarse view is the
// submitter's own signed word and anybody who holds both can check that it says exactly what it should.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "geo/place.h"
#include "model/notification.h"
#include "model/rules.h"

namespace wideberth::model {

/// The part `corridor`: the Feature with its geometry and only these properties: party, agreement, subject, line, earliest,
/// latest, half_width_m, column_length_m, radius_m, altitude_m, platform_class, emergency. Itself a document that
/// parse_feature reads.
std::string corridor_of(const Notification& notification);

/// One cell of the globe during one slot of time.
struct CellSlot {
  geo::Place south_west;  ///< both multiples of the cell's size, from 0 degrees; the cell reaches one size north and east
  Instant from;           ///< a multiple of the slot since 1970; the slot ends one slot later
  friend bool operator==(const CellSlot&, const CellSlot&) = default;
};

/// At most this many in one outline; more is refused with outline_too_large: nothing is ever left out to fit.
inline constexpr std::size_t kMostCellSlots = 20'000;

/// Every cell and slot that the movement may touch, with its half-width, radius and column, within its windows: outward, so
/// possibly too many, never too few. Sorted by (from, south, west), none twice. REQUIRES: is_grain(cell_e7, slot).
/// Refuses what compile refuses, and outline_too_large.
Result<std::vector<CellSlot>> cells_of(const Notification& notification, std::int32_t cell_e7, Millis slot);

/// The cell that a place lies in: outward is down. REQUIRES: is_grain(cell_e7, any slot).
geo::Place cell_of(geo::Place place, std::int32_t cell_e7) noexcept;
/// The slot that an instant lies in. REQUIRES: slot > 0.
Instant slot_of(Instant at, Millis slot) noexcept;

/// The part `outline`: {"type":"Feature","geometry":null,"properties":{"party","agreement","subject","cell_deg","slot_s",
/// "cells":[[lon,lat,"from"],…]}}.
Result<std::string> outline_of(const Notification& notification, std::int32_t cell_e7, Millis slot);

/// Whether the coarser part says exactly what the finer one gives: the same JSON value, members in any order, white space
/// free. `full` and `conflict_only` have no coarser document, so nothing follows as one. Refuses with part_does_not_follow.
Result<void> follows(std::string_view full_json, View view, std::string_view coarser_json, std::int32_t cell_e7 = kDefaultCell_e7,
                     Millis slot = kDefaultSlot);

}  // namespace wideberth::model
