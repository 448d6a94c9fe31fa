// wideberth object: why a plan conflicts.
#include <memory>

#include "cli/cli.h"
#include "cli/movement_act.h"

namespace wideberth::cli {

void add_object(Command& program) {
  const auto given = std::make_shared<MovementActOptions>();
  Command command = program.add("object", "State why a notified plan conflicts");
  add_movement_options(command, *given);
  command.option({.name = "--reason", .value = "TEXT", .help = "why, in a sentence", .required = true}, given->reason)
      .option({.name = "--person", .value = "TEXT", .help = "who says so", .required = true}, given->person)
      .option({.name = "--clause", .value = "CLAUSE", .help = "the clause of the agreement that it rests on"}, given->clause)
      .foot(
          "Example: wideberth object MV-7Q4M-K2 --person \"Maj. Ivanova\" --reason \"Our convoy is on the same road until "
          "09:00Z.\"\n")
      .action([given] {
        return act_on_movement(*given, "is objected to; the other side has your reason.",
                               [given](Sitting&, const client::MovementView& movement) -> Result<client::Act> {
                                 return client::object(movement, {given->person, given->reason, given->clause});
                               });
      });
}

}  // namespace wideberth::cli
