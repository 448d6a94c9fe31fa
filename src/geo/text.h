// Places as people write and read them. GeographicLib serves here, at the edge: nothing that decides calls it.
#pragma once

#include <string>
#include <string_view>

#include "geo/place.h"

namespace wideberth::geo {

/// A grid reference truncated, never rounded, to 1..5 digits per axis (10 km .. 1 m): a square that holds the place.
/// UPS letters beyond 84 N and 80 S.
std::string to_mgrs(Place place, int digits_per_axis);

/// "37.1770000N 42.1400000E": seven digits, exact.
std::string to_dd(Place place);

/// 37°10'37.20"N 42°08'24.00"E: seconds to two digits (0.3 m), rounded to nearest.
std::string to_dms(Place place);

/// Reads decimal degrees or degrees, minutes (and seconds) with hemisphere letters, in either order of the two parts, or a
/// grid reference (MGRS; the centre of its square, so that to_mgrs at the same digits gives it back). A bare pair of numbers
/// is refused: nothing tells which is which (place_ambiguous). Other refusals: place_malformed, place_out_of_range. At most
/// 80 bytes.
Result<Place> parse_place(std::string_view text);

}  // namespace wideberth::geo
