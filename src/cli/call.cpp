// wideberth call: a telephone call, as one side logs it; confirmed or disputed by the other.
#include <memory>

#include "cli/cli.h"
#include "cli/line.h"
#include "model/hotline.h"

namespace wideberth::cli {
namespace {

struct CallOptions : LineOptions {
  std::string with, spoke_with, heard, reason;
  bool all = false;
};

int log_call(CallOptions given) {
  given.to = {given.with};
  const model::CallLogged said{given.person, given.spoke_with, given.post, given.text, given.heard};
  return file_on_line(
      given, [&](Sitting& sitting) { return act_on_line(sitting, given, model::EntryKind::call_logged, model::to_json(said)); },
      "is on record as you heard it; until " + given.with + " says otherwise it is your word alone.", base::IdKind::hotline);
}

void add_log(Command& call) {
  const auto given = std::make_shared<CallOptions>();
  Command command = call.add("log", "Put a call on record: who, when, what was said");
  command.option({.name = "SAID", .help = "what this side said", .required = true}, given->text)
      .option({.name = "--with", .value = "PARTY", .help = "the party at the other end", .required = true}, given->with)
      .option({.name = "--person", .value = "NAME", .help = "who spoke for this side", .required = true}, given->person)
      .option({.name = "--spoke-with", .value = "NAME", .help = "who spoke at the other end", .required = true},
              given->spoke_with)
      .option({.name = "--post", .value = "NAME", .help = "the other one's post"}, given->post)
      .option({.name = "--heard", .value = "TEXT", .help = "what the other side said"}, given->heard)
      .option({.name = "--occurred", .value = "TIME", .help = "when the call was", .required = true}, given->occurred)
      .options({.name = "--about", .value = "ID", .help = "what it was about: HL-…, SG-…, MV-…, or the index of an entry"},
               given->about)
      .option({.name = "--agreement", .value = "AG-ID", .help = "the agreement; not needed where only one holds"},
              given->agreement);
  add_desk_options(command, given->desk);
  command
      .foot(
          "Example: wideberth call log --with red --person 'Maj. A.' --spoke-with 'Col. D.' --occurred 2020-08-25T06:40:00Z \\\n"
          "           --heard 'Understood.' 'We halt at the bridge.'\n")
      .action([given] { return log_call(*given); });
}

int judge(const CallOptions& given, bool confirm) {
  const auto kind = confirm ? model::EntryKind::call_confirmed : model::EntryKind::call_disputed;
  const std::string json = confirm ? model::to_json(model::CallConfirmed{given.person, given.reason})
                                   : model::to_json(model::CallDisputed{given.person, given.reason});
  return file_on_line(
      given, [&](Sitting& sitting) { return act_on_said(sitting, "calls", given.id, kind, json); },
      given.id + (confirm ? " is confirmed." : " is disputed."));
}

}  // namespace

void add_call(Command& program) {
  Command call = program.add("call", "Telephone calls: log, confirm, dispute, list");
  add_log(call);

  const auto confirm = std::make_shared<CallOptions>();
  Command confirm_command = call.add("confirm", "Say that a call was as the other side logged it");
  confirm_command.option({.name = "ID", .help = "HL-…, or the index of its entry", .required = true}, confirm->id)
      .option({.name = "--person", .value = "NAME", .help = "who says so", .required = true}, confirm->person)
      .option({.name = "--note", .value = "TEXT", .help = "what is to be added"}, confirm->reason);
  add_desk_options(confirm_command, confirm->desk);
  confirm_command.foot("Example: wideberth call confirm HL-7Q4M-K2 --person 'Col. D.'\n").action([confirm] {
    return judge(*confirm, true);
  });

  const auto dispute = std::make_shared<CallOptions>();
  Command dispute_command = call.add("dispute", "Say that a call was otherwise than the other side logged it");
  dispute_command.option({.name = "ID", .help = "HL-…, or the index of its entry", .required = true}, dispute->id)
      .option({.name = "--person", .value = "NAME", .help = "who says so", .required = true}, dispute->person)
      .option({.name = "--reason", .value = "TEXT", .help = "what was otherwise", .required = true}, dispute->reason);
  add_desk_options(dispute_command, dispute->desk);
  dispute_command.foot("Example: wideberth call dispute HL-7Q4M-K2 --person 'Col. D.' --reason 'I said no such thing.'\n")
      .action([dispute] { return judge(*dispute, false); });

  const auto list = std::make_shared<CallOptions>();
  Command list_command = call.add("list", "List the calls of which one side has not spoken");
  add_desk_options(list_command, list->desk);
  list_command.flag({.name = "--all", .help = "those that were confirmed or disputed too"}, list->all)
      .foot("Example: wideberth call list --all\nSilence about a call is shown as silence, never as agreement.\n")
      .action([list] { return print_list(list->desk, "calls", !list->all, lines_of_call); });
}

}  // namespace wideberth::cli
