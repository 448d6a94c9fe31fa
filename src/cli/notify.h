// What notify and amend share.
#pragma once

#include <string>

#include "cli/desk_options.h"

namespace wideberth::cli {

/// Prints the conflicts of this notification that stand, as its party may know them. Nothing where JSON is printed.
Result<void> tell_conflicts(Sitting& sitting, const std::string& id);

}  // namespace wideberth::cli
