#include "cli/movement_act.h"

#include "cli/paper.h"

namespace wideberth::cli {

int act_on_movement(const MovementActOptions& given, std::string_view said, const MakeAct& make, const TellAct& tell) {
  // The id first: who mistyped it hears so at once, without a passphrase.
  if (const auto id = read_id(given.id, "MV AC ST"); !id) return fail(id.error(), given.desk.json);
  const auto sitting = Sitting::open(given.desk);
  if (!sitting) return fail(sitting.error(), given.desk.json);
  const auto movement = (*sitting)->movement(given.id);
  if (!movement) return fail(movement.error(), given.desk.json);
  const std::string& party = (*sitting)->desk().party();
  if (!given.either && given.own && movement->party != party)
    return fail(Refusal{Rule::notification_party, movement->id + " is of " + movement->party, "one of " + party, {}},
                given.desk.json);
  if (!given.either && !given.own && movement->party == party)
    return fail(Refusal{Rule::notification_unknown, movement->id + " is your own", "one that was delivered to " + party, {}},
                given.desk.json);
  const auto act = make(**sitting, *movement);
  if (!act) return fail(act.error(), given.desk.json);
  const auto filed = (*sitting)->file(*act);
  if (!filed) return fail(filed.error(), given.desk.json);
  if (tell) return tell(**sitting, *filed, *movement);
  return tell_filed(**sitting, *filed, movement->id + " " + std::string(said),
                    {{"revision", std::to_string(movement->revision.value)}});
}

void add_movement_options(Command& command, MovementActOptions& into) {
  command.option({.name = "ID", .help = "its id, such as MV-7Q4M-K2", .required = true}, into.id);
  add_desk_options(command, into.desk);
  add_paper_options(command, into.desk.paper);
}

}  // namespace wideberth::cli
