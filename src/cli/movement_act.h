// The commands that say one thing about one movement share their shape.
#pragma once

#include <functional>
#include <string>

#include "cli/desk_options.h"

namespace wideberth::cli {

struct MovementActOptions {
  DeskOptions desk;
  std::string id, person, post, reason, clause, word, slip, file;
  std::vector<std::string> echo;
  bool own = false;  ///< the act is on a movement of one's own, not on one that was delivered
};

using MakeAct = std::function<Result<client::Act>(Sitting&, const client::MovementView&)>;

/// Opens the desk, reads the movement, files what `make` makes of it, and says `said` with the movement's id before it; then
/// what `afterwards` has to say of it, which can fail no more what stands.
int act_on_movement(const MovementActOptions& given, std::string_view said, const MakeAct& make,
                    const std::function<Result<void>(Sitting&, const std::string& id)>& afterwards = {});

/// Adds ID and the desk's options.
void add_movement_options(Command& command, MovementActOptions& into);

}  // namespace wideberth::cli
