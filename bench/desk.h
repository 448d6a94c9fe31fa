// A desk in figures: a restart with many entries, a full inbox, a morning's notices.
#pragma once

#include <string>
#include <vector>

namespace wideberth::bench {

/// wideberth-bench desk [--json] [--quick] [--seed N] [--folder DIR]; the exit code. With a folder, logs that stand in it are
/// used again and are left there.
int run_desk(const std::vector<std::string>& words);

}  // namespace wideberth::bench
