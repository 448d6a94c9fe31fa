// wideberth relay: what a party without a key said by telephone, as this party heard it.
#include <memory>

#include "base/bytes.h"
#include "cli/cli.h"
#include "cli/line.h"
#include "model/hotline.h"

namespace wideberth::cli {
namespace {

struct RelayOptions : LineOptions {
  std::string of, speaker, read_back, word;
};

int relay(const RelayOptions& given) {
  model::StatementRelayed said{given.of,     given.speaker,           given.post, given.text, given.read_back,
                               given.person, model::RelayedWord::none};
  if (given.word == "agreed")
    said.word = model::RelayedWord::agreed;
  else if (given.word == "not-agreed")
    said.word = model::RelayedWord::not_agreed;
  else if (!given.word.empty())
    return wrong_usage("--word: agreed or not-agreed, of an agreement that was proposed.", given.desk.json);
  return file_on_line(
      given,
      [&](Sitting& sitting) -> Result<client::Act> {
        WB_TRY(act, act_on_line(sitting, given, model::EntryKind::statement_relayed, model::to_json(said)));
        // The party itself reads nothing here; everybody else whom the agreement names is told.
        std::erase(act.to, given.of);
        return std::move(act);
      },
      "is on record: you state that " + given.of + " said so. It is no act of " + given.of + ", and meets no deadline.",
      base::IdKind::hotline);
}

}  // namespace

void add_relay(Command& program) {
  Command relay_command = program.add("relay", "What a party without a key said by telephone");
  const auto given = std::make_shared<RelayOptions>();
  Command command = relay_command.add("state", "Put on record what it said, as you heard it");
  command.option({.name = "SAID", .help = "its words", .required = true}, given->text)
      .option({.name = "--of", .value = "PARTY", .help = "the party that has no key", .required = true}, given->of)
      .option({.name = "--speaker", .value = "NAME", .help = "who spoke for it", .required = true}, given->speaker)
      .option({.name = "--post", .value = "NAME", .help = "the speaker's post"}, given->post)
      .option({.name = "--read-back",
               .value = "WORD",
               .help = "the word by which the speaker confirmed what was read back",
               .required = true},
              given->read_back)
      .option({.name = "--person", .value = "NAME", .help = "who took the call", .required = true}, given->person)
      .option({.name = "--word", .value = "WORD", .help = "agreed or not-agreed: of an agreement that was proposed"},
              given->word);
  add_line_options(command, *given);
  command
      .foot(
          "Example: wideberth relay state --of red --speaker 'Col. D.' --read-back bridge --person 'Sgt. C.' \\\n"
          "           --occurred 2020-08-25T05:10:00Z --about MV-7Q4M-K2 'We have your route for tomorrow.'\n")
      .action([given] { return relay(*given); });

  const auto list = std::make_shared<RelayOptions>();
  Command list_command = relay_command.add("list", "List what was relayed");
  add_desk_options(list_command, list->desk);
  list_command.foot("Example: wideberth relay list\n").action([list] {
    return print_list(list->desk, "statements", false, lines_of_statement);
  });
}

}  // namespace wideberth::cli
