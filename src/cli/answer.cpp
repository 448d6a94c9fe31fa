// wideberth answer: no objection; or, where an answer is owed, agreed or not agreed.
#include <memory>

#include "base/bytes.h"
#include "cli/cli.h"
#include "cli/movement_act.h"
#include "cli/paper.h"

namespace wideberth::cli {
namespace {

Result<model::AnswerWord> read_answer(std::string word) {
  for (char& c : word)
    if (c == '-' || c == '_') c = ' ';
  for (const auto each : {model::AnswerWord::no_objection, model::AnswerWord::agreed, model::AnswerWord::not_agreed})
    if (word == model::name_of(each)) return each;
  return refuse(Rule::json_choice, "\"" + base::excerpt(word) + "\"", "no-objection, agreed or not-agreed", "ANSWER");
}

}  // namespace

void add_answer(Command& program) {
  const auto given = std::make_shared<MovementActOptions>();
  Command command = program.add("answer", "Answer a notification: no-objection, agreed, not-agreed");
  command.option({.name = "ID", .help = "its id, such as MV-7Q4M-K2", .required = true}, given->id)
      .option({.name = "ANSWER",
               .help = "no-objection where the regime is notify; agreed or not-agreed where it is request",
               .required = true},
              given->word);
  add_desk_options(command, given->desk);
  add_paper_options(command, given->desk.paper);
  command.option({.name = "--person", .value = "TEXT", .help = "who answers", .required = true}, given->person)
      .option({.name = "--reason", .value = "TEXT", .help = "why; needed with not-agreed"}, given->reason)
      .foot(
          "Example: wideberth answer MV-7Q4M-K2 not-agreed --person \"Maj. Ivanova\" --reason \"The bridge is closed.\"\n"
          "Silence is never an answer.\n")
      .action([given] {
        const auto word = read_answer(given->word);
        if (!word)
          return wrong_usage(word.error().found + " is no answer; needed: " + word.error().accepted + ".", given->desk.json);
        return act_on_movement(*given, "is answered: " + std::string(model::name_of(*word)) + ".",
                               [&](Sitting&, const client::MovementView& movement) -> Result<client::Act> {
                                 return client::answer(movement, {*word, given->person, given->reason});
                               });
      });
}

}  // namespace wideberth::cli
