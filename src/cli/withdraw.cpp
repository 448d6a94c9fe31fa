// wideberth withdraw: it will not take place.
#include <memory>

#include "cli/cli.h"
#include "cli/movement_act.h"

namespace wideberth::cli {

void add_withdraw(Command& program) {
  const auto given = std::make_shared<MovementActOptions>();
  given->own = true;
  Command command = program.add("withdraw", "Withdraw a notification of yours: it will not take place");
  add_movement_options(command, *given);
  command.option({.name = "--reason", .value = "TEXT", .help = "why, in a sentence", .required = true}, given->reason)
      .foot("Example: wideberth withdraw MV-7Q4M-K2 --reason \"The road is washed out.\"\n")
      .action([given] {
        return act_on_movement(*given, "is withdrawn.",
                               [given](Sitting&, const client::MovementView& movement) -> Result<client::Act> {
                                 return client::withdraw(movement, given->reason);
                               });
      });
}

}  // namespace wideberth::cli
