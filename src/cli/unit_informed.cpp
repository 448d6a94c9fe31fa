// wideberth unit-informed: a named post in the field was told.
#include <memory>

#include "cli/cli.h"
#include "cli/movement_act.h"

namespace wideberth::cli {

void add_unit_informed(Command& program) {
  const auto given = std::make_shared<MovementActOptions>();
  Command command = program.add("unit-informed", "State that a post in the field was told");
  add_movement_options(command, *given);
  command.option({.name = "--post", .value = "TEXT", .help = "the post that was told", .required = true}, given->post)
      .option({.name = "--person", .value = "TEXT", .help = "who was told there", .required = true}, given->person)
      .option({.name = "--slip",
               .value = "CODE",
               .help = "the slip code as the post read it back; without it the record says \"asserted\""},
              given->slip)
      .foot(
          "Example: wideberth unit-informed MV-7Q4M-K2 --post \"Checkpoint 4\" --person \"Sgt. Lee\" --slip 7Q4MKT\n"
          "The slip code is of this very revision: a post that quotes it holds it.\n")
      .action([given] {
        return act_on_movement(
            *given, given->slip.empty() ? "is asserted to be known to the unit." : "is known to the unit, by its slip code.",
            [given](Sitting&, const client::MovementView& movement) -> Result<client::Act> {
              return client::inform_unit(movement, {given->post, given->person, given->slip});
            });
      });
}

}  // namespace wideberth::cli
