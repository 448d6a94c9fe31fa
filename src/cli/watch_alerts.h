// The alerts that a server tells this desk of, as they are raised and closed.
#pragma once

#include <string>

#include "base/instant.h"
#include "base/refusal.h"
#include "client/desk.h"

namespace wideberth::cli {

/// Asks once a second and prints a line for each alert that is raised or closed, or where `json` an object; on a terminal, where
/// `picture`, the open ones as a table. Ends after `span`, or never where that is 0. A server that is away for a moment is
/// asked again; what another asking would not cure is refused.
base::Result<void> watch_alerts(client::Desk& desk, base::Millis span, bool json, bool picture);

}  // namespace wideberth::cli
