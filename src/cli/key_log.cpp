// wideberth key add, revoke, compromised: what a party's root key says in the log.
#include <memory>

#include "base/bytes.h"
#include "cli/cli.h"
#include "cli/desk_options.h"
#include "cli/unlock.h"
#include "model/keys.h"

namespace wideberth::cli {
namespace {

struct KeyLogOptions {
  DeskOptions desk;
  std::string subject, since, reason, note;
  std::vector<std::string> kinds;
};

int file_key_act(const KeyLogOptions& given, model::EntryKind kind, std::string json, const std::string& said) {
  const auto sitting = Sitting::open(given.desk);
  if (!sitting) return fail(sitting.error(), given.desk.json);
  client::Act act;
  act.kind = kind;
  act.parts.push_back(client::ActPart{std::string(model::kFullPart), std::move(json)});
  const auto filed = (*sitting)->file(act);
  if (!filed) return fail(filed.error(), given.desk.json);
  return tell_filed(**sitting, *filed, said, {{"key", given.subject}});
}

int add_desk_key(KeyLogOptions given) {
  const auto key = read_verifier(given.subject);
  if (!key) return fail(key.error(), given.desk.json);
  given.subject = key->name;
  return file_key_act(given, model::EntryKind::key_added, model::to_json(model::KeyAdded{*key, given.kinds, given.note}),
                      key->name + " may sign from here on.");
}

int compromised(const KeyLogOptions& given) {
  const auto since = base::parse_decimal(given.since, ledger::kMostLeaves - 1);
  if (!since)
    return wrong_usage("--since: " + since.error().found + "; the index of an entry is needed, such as 812.", given.desk.json);
  return file_key_act(given, model::EntryKind::key_compromised,
                      model::to_json(model::KeyCompromised{given.subject, base::EntryIndex{*since}, given.reason}),
                      "What " + given.subject + " signed from entry " + given.since + " on is in doubt; it signs no more.");
}

}  // namespace

void add_key_log(Command& key) {
  {
    const auto given = std::make_shared<KeyLogOptions>();
    Command command = key.add("add", "Give a desk a key of your party, by its root key");
    command.option({.name = "VKEY-FILE", .help = "the desk's FILE.vkey", .required = true}, given->subject);
    add_desk_options(command, given->desk);
    command
        .options(
            {.name = "--kind", .value = "KIND", .help = "narrow what it may sign: notification.*, or one kind; once for each"},
            given->kinds)
        .option({.name = "--note", .value = "TEXT", .help = "whose desk it is"}, given->note)
        .foot("Example: wideberth key add blue-ops.key.vkey --key blue-root.key\n")
        .action([given] { return add_desk_key(*given); });
  }
  {
    const auto given = std::make_shared<KeyLogOptions>();
    Command command = key.add("revoke", "Take a key of your party back: it signs no more");
    command.option({.name = "NAME", .help = "its name, such as blue/ops-1", .required = true}, given->subject);
    add_desk_options(command, given->desk);
    command.option({.name = "--reason", .value = "TEXT", .help = "why, in a sentence", .required = true}, given->reason)
        .foot("Example: wideberth key revoke blue/ops-1 --key blue-root.key --reason \"The officer has been relieved.\"\n")
        .action([given] {
          return file_key_act(*given, model::EntryKind::key_revoked,
                              model::to_json(model::KeyRevoked{given->subject, given->reason}),
                              given->subject + " signs no more.");
        });
  }
  {
    const auto given = std::make_shared<KeyLogOptions>();
    Command command = key.add("compromised", "State that a key of your party was in other hands since an entry");
    command.option({.name = "NAME", .help = "its name, such as blue/ops-1", .required = true}, given->subject);
    add_desk_options(command, given->desk);
    command
        .option({.name = "--since", .value = "INDEX", .help = "the first entry that is in doubt", .required = true}, given->since)
        .option({.name = "--reason", .value = "TEXT", .help = "what is known, in a sentence", .required = true}, given->reason)
        .foot("Example: wideberth key compromised blue/ops-1 --since 812 --key blue-root.key --reason \"The laptop was lost.\"\n")
        .action([given] { return compromised(*given); });
  }
}

}  // namespace wideberth::cli
