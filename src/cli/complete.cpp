// wideberth complete: it has ended.
#include <memory>

#include "cli/cli.h"
#include "cli/movement_act.h"

namespace wideberth::cli {

void add_complete(Command& program) {
  const auto given = std::make_shared<MovementActOptions>();
  given->own = true;
  Command command = program.add("complete", "State that a movement of yours has ended");
  add_movement_options(command, *given);
  command.option({.name = "--note", .value = "TEXT", .help = "a remark"}, given->reason)
      .foot("Example: wideberth complete MV-7Q4M-K2\n")
      .action([given] {
        return act_on_movement(*given, "is completed.",
                               [given](Sitting&, const client::MovementView& movement) -> Result<client::Act> {
                                 return client::complete(movement, given->reason);
                               });
      });
}

}  // namespace wideberth::cli
