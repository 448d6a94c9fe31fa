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
  bool own = false;     ///< the act is on a movement of one's own, not on one that was delivered
  bool either = false;  ///< on either
};

/// Says what was done; gives the exit code.
using TellAct = std::function<int(Sitting&, const client::Filed&, const client::MovementView&)>;
using MakeAct = std::function<Result<client::Act>(Sitting&, const client::MovementView&)>;

/// Opens the desk, reads the movement, files what `make` makes of it, and says `said` with the movement's id before it;
/// or what `tell` says, where there is one.
int act_on_movement(const MovementActOptions& given, std::string_view said, const MakeAct& make, const TellAct& tell = {});

/// Adds ID and the desk's options.
void add_movement_options(Command& command, MovementActOptions& into);

}  // namespace wideberth::cli
