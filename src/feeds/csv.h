// Positions as rows of comma-separated values (RFC 4180), the plainest way to hand over a track.
#pragma once

#include <string_view>

#include "feeds/reading.h"

namespace wideberth::feeds {

struct CsvOptions {
  bool party_needed = true;  ///< whether the column `party` must be there
};

/// The first row names the columns, in any order: `unit`, `party`, `time`, `lat`, `lon`, and where there are such
/// `accuracy_m`, `speed_mps`, `course_deg`, `altitude_m`, `length_m`, `width_m`, `source`, and of the unit `class`,
/// `moored` (yes or no), `formation`. No others: a misspelt column is
/// refused rather than lost. Times are RFC 3339 with a zone (base: 2020-08-25T06:58:12.417Z; offsets and finer fractions are
/// taken, the latter cut). Numbers are decimal; an empty cell of an optional column says nothing. CRLF or LF; a byte-order mark
/// at the start is passed over, and so are empty lines. A cell in double quotes may hold commas, and "" for a quote.
///
/// What cannot be read as a whole is a refusal: csv_header (a column missing, unknown or named twice).
/// A row that cannot be read is refused in `refused`, and the next is read: csv_row (cells, quotes, length), time_malformed,
/// number_malformed, name_malformed (the party), and as model::check_position refuses. Where: "row 12, column lat", counting
/// lines from 1 with the header. Limits: 4096 bytes a row.
Result<Readings> read_csv(std::string_view text, CsvOptions options = {});

inline constexpr std::size_t kMostCsvRow = 4096;

}  // namespace wideberth::feeds
