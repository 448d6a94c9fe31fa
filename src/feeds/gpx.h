// Tracks as GPX 1.1 and 1.0, as loggers and phones export them.
#pragma once

#include <string>
#include <string_view>

#include "feeds/reading.h"

namespace wideberth::feeds {

struct TrackOptions {
  /// What the unit is called; empty: by the name of its track, which must then have one.
  std::string unit{};
};

/// The largest file, in bytes.
inline constexpr std::size_t kMostTrackFile = std::size_t{256} << 20;

/// Every <trkpt> of every <trk>, in order. A point without <time> is refused by itself (track_time_missing): many exports have
/// none, and a position without a time is none. <ele> is above the geoid and is left out, since a position's altitude is above
/// the ellipsoid. <speed> (GPX 1.0, and in the extensions of several makers) is in metres per second, <course> in degrees.
/// Waypoints and routes are counted as of_other_kinds: they are plans.
///
/// Refused as a whole: feed_record_too_large, xml_malformed, gpx_root (another root than <gpx>). Point by point, where: "track 1,
/// point 7": track_time_missing, time_malformed, number_malformed, place_out_of_range, position_unit.
Result<Readings> read_gpx(std::string_view text, const TrackOptions& options = {});

}  // namespace wideberth::feeds
