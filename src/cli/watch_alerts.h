// What a server tells this desk of close approaches, encounters and units that stray, as it comes.
#pragma once

#include <string>

#include "base/instant.h"
#include "base/refusal.h"
#include "client/desk.h"

namespace wideberth::cli {

/// Asks once a second and prints a line for each alert that is raised or closed, each encounter with its candidates, and each
/// unit or movement that keeps to what was notified or no longer; where `json` an object each; on a terminal, where `picture`,
/// what is open as a table. Ends after `span`, or never where that is 0. A server that is away for a moment is asked again; what
/// another asking would not cure is refused.
base::Result<void> watch_alerts(client::Desk& desk, base::Millis span, bool json, bool picture);

}  // namespace wideberth::cli
