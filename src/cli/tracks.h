// Recorded tracks as files hold them, read for analyse, alibi, watch and replay.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/refusal.h"
#include "feeds/reading.h"
#include "live/conduct.h"
#include "live/fix.h"

namespace wideberth::cli {

struct Recorded {
  live::Units units{};
  std::vector<live::Fix> fixes{};        ///< in the order of the files
  std::vector<base::Refusal> refused{};  ///< rows and records that could not be read; where: file, row, column
  std::uint64_t refused_count = 0;       ///< all of them, also those beyond what is kept
};

inline constexpr std::size_t kMostTrackBytes = std::size_t{1} << 30;

/// Adds what a file holds; its kind goes by the end of its name (.csv, .gpx, .geojson or .json, .nmea or .ais, .cot or .xml).
/// `named` is a file or NAME=FILE; NAME, else `party`, is whose the tracks are where the file does not say. Refused:
/// file_unreadable, file_too_large, track_kind (an ending that is not known), track_party (nobody says whose it is), and what the
/// reader refuses of the whole.
base::Result<void> read_tracks(const std::string& named, const std::string& party, Recorded& into);

/// The only unit, or the one of that name. Refused: track_choice.
base::Result<live::UnitIndex> choose_unit(const Recorded& recorded, const std::string& name, const std::string& option);

/// The notified ways of the units, from GeoJSON movements: that of the Feature whose `unit` is the unit's name, else those of
/// the unit's party; a Feature that names no party is of `party`, where one is given. Areas are passed over.
base::Result<void> read_ways(const std::string& file, const live::Units& units, live::Surroundings& into,
                             const std::string& party);
/// The centre lines of roads, from GeoJSON LineStrings and MultiLineStrings. Refused: json_*, place_out_of_range, road_line.
base::Result<void> read_roads(const std::string& file, live::Surroundings& into);

}  // namespace wideberth::cli
