// wideberth checkin: the hotline is tried, and this party is there.
#include <memory>

#include "cli/cli.h"
#include "cli/line.h"
#include "cli/paper.h"
#include "model/hotline.h"

namespace wideberth::cli {

void add_checkin(Command& program) {
  struct CheckInOptions : LineOptions {
    std::string note;
  };
  const auto given = std::make_shared<CheckInOptions>();
  Command command = program.add("checkin", "Check in on the hotline, as the agreement asks");
  command.option({.name = "--person", .value = "NAME", .help = "who is at the desk", .required = true}, given->person)
      .option({.name = "--post", .value = "NAME", .help = "that person's post"}, given->post)
      .option({.name = "--note", .value = "TEXT", .help = "anything to add"}, given->note)
      .option({.name = "--agreement", .value = "AG-ID", .help = "the agreement; not needed where only one holds"},
              given->agreement);
  add_desk_options(command, given->desk);
  add_paper_options(command, given->desk.paper);
  command.foot("Example: wideberth checkin --person 'Sgt. C.'\nA time at which a party does not check in becomes an entry.\n")
      .action([given] {
        return file_on_line(
            *given,
            [&](Sitting& sitting) {
              return act_on_line(sitting, *given, model::EntryKind::hotline_checked_in,
                                 model::to_json(model::CheckedIn{given->person, given->post, given->note}));
            },
            "Checked in.");
      });
}

}  // namespace wideberth::cli
