// The text of a sheet: the movements of a day as one reader is told them.
#pragma once

#include <string>
#include <string_view>

#include "base/instant.h"
#include "base/refusal.h"
#include "client/desk.h"
#include "json/value.h"

namespace wideberth::cli {

inline constexpr std::string_view kSheetCode = "Sheet code: ", kSheetDrawnUp = "Drawn up ";
inline constexpr std::string_view kSheetPrintedBy = ", which has no key, printed by ";

struct SheetHead {
  std::string day_text;  ///< "2020-08-25"
  base::Interval day{};
  std::string party, origin;
  base::Instant drawn_up{};
  std::string printed_by{};  ///< who prints it for a party without a key; empty: the party itself
};

/// Of the document of GET /v1/movements: nothing is on the sheet that is not in it. Refused as what the server tells is not as
/// expected, with the json_ rules and those of model::parse_feature.
base::Result<std::string> sheet_of(const json::Value& movements, const SheetHead& head);

/// The sheet of a day ("2020-08-25", UTC) as the desk's party is told it, as it stood after the entry `as_of`, or now where that
/// is empty; or as `reader` is told it, a party without a key for which this desk speaks. Refused as the desk, the server and
/// sheet_of refuse.
base::Result<std::string> sheet_of_day(client::Desk& desk, const std::string& day, const std::string& as_of,
                                       const std::string& reader = {});

/// The text with the line of its code after it.
std::string with_sheet_code(std::string text);

}  // namespace wideberth::cli
