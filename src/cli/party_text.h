// What parties wrote, as it is shown: it can never look like a line that the program says itself.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "model/notification.h"

namespace wideberth::cli {

/// “What a party wrote”. Marks “ and ” within it become ‘ and ’, each further line stands behind "    | ", and a character that
/// is not shown (a control character, one that turns the direction of writing, a byte that is no UTF-8) becomes \x and its hex.
///  Law: only the first line of the result does not begin with "    | "; nothing but its ends is “ or ”.
std::string in_quotes(std::string_view written);
/// The same without the marks at its ends: for what is shown as it was signed, such as JSON.
std::string barred(std::string_view written);

/// "50 m", "12.5 m": exact.
std::string exact_metres(base::Metres length);

/// All that a view of a notification tells, a line each (quoted text may take several): every place with its time, alternates
/// likewise, widths, who and what moves, and why. What is not in the view is not in the lines.
std::vector<std::string> lines_of_notification(const model::Notification& notified);

}  // namespace wideberth::cli
