// wideberth receipt: signs that what was delivered was received, after comparing it with what the log commits to.
#include <memory>

#include "cli/cli.h"
#include "cli/movement_act.h"

namespace wideberth::cli {

void add_receipt(Command& program) {
  const auto given = std::make_shared<MovementActOptions>();
  Command command = program.add("receipt", "Sign that a notification was received");
  add_movement_options(command, *given);
  command
      .foot(
          "Example: wideberth receipt MV-7Q4M-K2\n"
          "The bytes received are compared with those that the log's entry of delivery commits to; if they differ nothing is\n"
          "signed. A receipt says that it came, not that anybody has read it.\n")
      .action([given] {
        return act_on_movement(
            *given, "was received: your receipt of these very bytes stands.",
            [](Sitting& sitting, const client::MovementView& movement) { return client::receive(sitting.desk(), movement); });
      });
}

}  // namespace wideberth::cli
