// wideberth amend: a new revision takes the place of the one before, with a reason.
#include <memory>

#include "cli/cli.h"
#include "cli/features.h"
#include "cli/movement_act.h"
#include "cli/notify.h"
#include "cli/paper.h"

namespace wideberth::cli {
namespace {

Result<client::Act> amended(const MovementActOptions& given, Sitting& sitting, const client::MovementView& movement) {
  WB_TRY(features, read_features(given.file, sitting.desk().party(), movement.agreement));
  if (features.size() != 1)
    return refuse(Rule::json_length, std::to_string(features.size()) + " Features", "one Feature: the movement as it is now",
                  given.file);
  WB_TRY(agreement, sitting.agreement(movement.agreement));
  return client::amend(sitting.desk(), agreement, movement, std::move(features.front()), given.reason);
}

}  // namespace

void add_amend(Command& program) {
  const auto given = std::make_shared<MovementActOptions>();
  given->own = true;
  Command command = program.add("amend", "Amend a notification of yours: a new revision with a reason");
  command.option({.name = "ID", .help = "its id, such as MV-7Q4M-K2", .required = true}, given->id)
      .option({.name = "FILE", .help = "one Feature: the whole of it as it is now", .required = true}, given->file);
  add_desk_options(command, given->desk);
  add_paper_options(command, given->desk.paper);
  command.option({.name = "--reason", .value = "TEXT", .help = "why, in a sentence", .required = true}, given->reason)
      .foot(
          "Example: wideberth amend MV-7Q4M-K2 patrol-later.geojson --reason \"One hour later: a vehicle broke down.\"\n"
          "The other side is told anew, with a deadline of its own; what it answered before was to the revision before.\n")
      .action([given] {
        return act_on_movement(
            *given, "is amended.",
            [given](Sitting& sitting, const client::MovementView& movement) { return amended(*given, sitting, movement); },
            [](Sitting& sitting, const client::Filed& filed, const client::MovementView& movement) {
              return tell_notified(sitting, filed, movement.id, movement.id + " is amended.",
                                   {{"id", movement.id}, {"revision", std::to_string(movement.revision.value)}},
                                   reminders_of_entry(sitting, filed.index));
            });
      });
}

}  // namespace wideberth::cli
