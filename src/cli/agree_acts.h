// What is done about an agreement in force: leave it, special caution, consultations, reports.
#pragma once

#include "cli/command.h"

namespace wideberth::cli {

void add_agree_acts(Command& agree);

}  // namespace wideberth::cli
