// Numbers as a person types and reads them.
#pragma once

#include <string>
#include <string_view>

#include "base/instant.h"
#include "base/quantity.h"
#include "base/refusal.h"

namespace wideberth::cli {

/// "500" or "12.5": metres with at most three decimals, 0 to `most`. Refused with number_malformed.
base::Result<base::Metres> parse_metres(std::string_view text, base::Metres most);
/// "10" or "0.5": seconds with at most three decimals, 0 to `most`. Refused with number_malformed.
base::Result<base::Millis> parse_seconds(std::string_view text, base::Millis most);
/// "850 m" below ten kilometres, rounded down; "12.3 km" above.
std::string metres_text(double metres);

}  // namespace wideberth::cli
