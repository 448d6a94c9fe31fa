// Notices as rows of comma-separated values (RFC 4180): sites, convoys and activities as a spreadsheet has them.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/refusal.h"
#include "model/notification.h"

namespace wideberth::feeds {

/// A row that could be read, as it would be filed.
struct NoticeRow {
  std::size_t row = 0;  ///< counting from 1 with the header, as a spreadsheet does
  std::string id;       ///< the sheet's own name for it
  model::Notification notification;
};

struct NoticeSheet {
  std::vector<NoticeRow> rows;         ///< in order
  std::vector<base::Refusal> refused;  ///< one for each row that cannot be read; where: "row 12, column earliest"
};

inline constexpr std::size_t kMostNoticeBytes = std::size_t{32} << 20;
inline constexpr std::size_t kMostNoticeRows = 10'000;     ///< without the header
inline constexpr std::size_t kMostNoticeCell = 64 * 1024;  ///< bytes

/// The first row names the columns, in any order, each once and no others (docs/aid.md has them). A cell in double quotes may
/// hold commas, line ends, and "" for a quote; an empty cell says nothing; CRLF or LF; a byte-order mark is passed over, and so
/// are rows without a cell that says anything. Party and agreement are filled in.
///
/// Refused as a whole: csv_header (a column unknown, missing or twice), csv_row (quotes that never end, too many rows).
/// A row is refused, and the next is read: csv_row (cells, length), name_twice (an id that a row before has), place_malformed and
/// the other rules for places, and as model::parse_feature and model::compile refuse, with the column in place of the pointer.
base::Result<NoticeSheet> read_notices(std::string_view text, const std::string& party, const std::string& agreement);

/// A header with every column, and two invented rows that can be read, of a week after `now`: they can be filed too.
std::string notices_template(base::Instant now);

/// Two sites that are probably one: of one name (letter case of ASCII ignored), or no farther apart than `near`.
bool same_site(const model::Notification& a, const model::Notification& b, base::Metres near);
inline constexpr base::Metres kSameSite = base::Metres::from_metres(50);

}  // namespace wideberth::feeds
