// Tracks as GeoJSON (RFC 7946), with the times beside the places.
#pragma once

#include <string_view>

#include "feeds/gpx.h"
#include "feeds/reading.h"

namespace wideberth::feeds {

/// A Feature or a FeatureCollection of
///  - a LineString with properties.coordTimes or properties.times: an array of as many times as there are places, each RFC 3339,
///  or milliseconds
///    since 1970 as a whole number; or
///  - a Point with properties.time, likewise.
/// The unit is TrackOptions::unit, else properties.unit, else properties.name, else a text that is the Feature's id. Properties
/// of a Point that are read besides: accuracy_m, speed_mps, course_deg; party of both. A third coordinate is metres above the
/// ellipsoid, as RFC 7946 has it. Other geometries count as of_other_kinds.
///
/// Refused as a whole: as json::parse refuses, with at most 32 MiB, and track_feature (neither Feature nor FeatureCollection).
/// Feature by feature, and place by place within a LineString, where a JSON pointer such as /features/3/geometry/coordinates/17:
/// track_feature, track_time_missing, time_malformed, place_out_of_range, json_kind, json_range and as model::check_position
/// refuses.
Result<Readings> read_geojson(std::string_view text, const TrackOptions& options = {});

inline constexpr std::uint64_t kMostGeoJsonRefusals = 1000;
inline constexpr std::size_t kMostGeoJson = std::size_t{32} << 20;

}  // namespace wideberth::feeds
