// wideberth outcome: how it went.
#include <memory>

#include "base/bytes.h"
#include "cli/cli.h"
#include "cli/movement_act.h"

namespace wideberth::cli {
namespace {

Result<model::OutcomeWord> read_outcome(const std::string& word) {
  using enum model::OutcomeWord;
  for (const auto each : {facilitated, impeded, delayed, denied, cancelled})
    if (word == model::name_of(each)) return each;
  return refuse(Rule::json_choice, "\"" + base::excerpt(word) + "\"", "facilitated, impeded, delayed, denied or cancelled");
}

}  // namespace

void add_outcome(Command& program) {
  const auto given = std::make_shared<MovementActOptions>();
  given->own = true;
  Command command = program.add("outcome", "State how a movement of yours went");
  command.option({.name = "ID", .help = "its id, such as MV-7Q4M-K2", .required = true}, given->id)
      .option({.name = "WORD", .help = "facilitated, impeded, delayed, denied, cancelled", .required = true}, given->word);
  add_desk_options(command, given->desk);
  command.option({.name = "--note", .value = "TEXT", .help = "a remark"}, given->reason)
      .foot("Example: wideberth outcome MV-7Q4M-K2 delayed --note \"Held for 40 minutes at the bridge.\"\n")
      .action([given] {
        const auto word = read_outcome(given->word);
        if (!word)
          return wrong_usage(word.error().found + " is no outcome; needed: " + word.error().accepted + ".", given->desk.json);
        return act_on_movement(*given, "went as follows: " + given->word + ".",
                               [&](Sitting&, const client::MovementView& movement) -> Result<client::Act> {
                                 return client::state_outcome(movement, {*word, given->reason});
                               });
      });
}

}  // namespace wideberth::cli
