// wideberth init: the folder of a new log.
#include <memory>

#include "base/bytes.h"
#include "cli/cli.h"
#include "cli/deployment.h"
#include "cli/numbers.h"
#include "cli/terminal.h"
#include "cli/unlock.h"
#include "json/writer.h"
#include "net/system.h"

namespace wideberth::cli {
namespace {

struct InitOptions {
  std::string folder, origin, operator_name, checkpoint_every = "10";
  std::vector<std::string> parties, observers, mediators, without_key, others;
  std::string keeper, log_key;
  bool json = false;
};

/// NAME=VKEYFILE[:long name]
Result<model::OpeningParty> read_member(const std::string& given, model::Role role) {
  const std::string flag = "--" + std::string(model::name_of(role));
  const std::size_t equals = given.find('=');
  if (equals == std::string::npos)
    return refuse(Rule::name_malformed, "\"" + base::excerpt(given) + "\" has no =", "NAME=VKEYFILE or NAME=VKEYFILE:long name",
                  flag);
  const std::size_t colon = given.find(':', equals);
  const std::string file = given.substr(equals + 1, colon == std::string::npos ? colon : colon - equals - 1);
  model::OpeningParty member;
  member.party.party = given.substr(0, equals);
  member.party.role = role;
  member.party.name = colon == std::string::npos ? member.party.party : given.substr(colon + 1);
  if (!model::is_short_name(member.party.party))
    return refuse(Rule::name_malformed, "\"" + base::excerpt(member.party.party) + "\"",
                  std::string(base::title_of(Rule::name_malformed)), flag);
  WB_TRY(root, read_verifier(file));
  if (root.name != member.party.party + "/root")
    return refuse(Rule::key_name_mismatch, "the key in " + file + " is named \"" + root.name + "\"",
                  "\"" + member.party.party + "/root\": wideberth key new " + member.party.party + "/root --out FILE", flag);
  member.root = std::move(root);
  return member;
}

/// NAME[:long name], of a party that has no key.
Result<model::OpeningParty> read_keyless(const std::string& given) {
  const std::size_t colon = given.find(':');
  model::OpeningParty member;
  member.party.party = given.substr(0, colon);
  member.party.name = colon == std::string::npos ? member.party.party : given.substr(colon + 1);
  if (!model::is_short_name(member.party.party))
    return refuse(Rule::name_malformed, "\"" + base::excerpt(member.party.party) + "\"",
                  std::string(base::title_of(Rule::name_malformed)), "--party-without-key");
  return member;
}

Result<model::Opening> read_init(const InitOptions& given) {
  model::Opening opening;
  opening.origin = given.origin;
  opening.operator_name = given.operator_name;
  auto every = parse_seconds(given.checkpoint_every, base::Millis::from_seconds(86'400));
  if (!every) {
    every.error().where = "--checkpoint-every";
    return tl::make_unexpected(std::move(every).error());
  }
  opening.checkpoint_every = *every;
  const std::pair<const std::vector<std::string>&, model::Role> lists[] = {
      {given.parties, model::Role::party}, {given.mediators, model::Role::mediator}, {given.observers, model::Role::observer}};
  for (const auto& [names, role] : lists)
    for (const std::string& each : names) {
      WB_TRY(member, read_member(each, role));
      opening.parties.push_back(std::move(member));
    }
  for (const std::string& each : given.without_key) {
    WB_TRY(member, read_keyless(each));
    opening.parties.push_back(std::move(member));
  }
  if (given.keeper.empty() && given.others.empty()) return opening;
  model::DirectLog direct;
  direct.keeper = given.keeper;
  for (const std::string& each : given.others) {
    auto key = ledger::parse_vkey(each);
    if (!key) {
      key.error().where = "--other";
      return tl::make_unexpected(std::move(key).error());
    }
    direct.others.push_back(std::move(*key));
  }
  if (direct.keeper.empty() || direct.others.empty())
    return refuse(Rule::opening_keeper, direct.keeper.empty() ? "--other without --keeper" : "--keeper without --other",
                  "both, for a log that a party keeps itself", direct.keeper.empty() ? "--other" : "--keeper");
  opening.direct = std::move(direct);
  return opening;
}

int init(const InitOptions& given) {
  auto opening = read_init(given);
  // What is wrong with an option itself stands at the option; what is wrong with a file stands at the file.
  if (!opening && opening.error().where.starts_with("--") && opening.error().rule != Rule::key_name_mismatch)
    return wrong_usage(opening.error(), given.json);
  if (!opening) return fail(opening.error(), given.json);
  net::SystemClock clock;
  net::SystemEntropy entropy;
  std::optional<ledger::SigningKey> made;
  if (!given.log_key.empty()) {
    auto key = unlock(given.log_key, {});
    if (!key) return fail(key.error(), given.json);
    made.emplace(std::move(*key));
  }
  const auto policy = make_deployment(given.folder, std::move(*opening), clock, entropy, std::move(made));
  if (!policy) return fail(policy.error(), given.json);
  if (given.json) {
    json::Writer writer;
    writer.begin_object().key("folder").string(given.folder).key("origin").string(given.origin);
    writer.key("vkey").string(ledger::to_text(policy->logs.front().key));
    writer.key("policy").string(ledger::to_text(*policy)).end_object();
    say(writer.take());
    return kDone;
  }
  const std::string folder = given.folder + (given.folder.ends_with('/') ? "" : "/");
  say("The log " + given.origin + " is open: entry 0 stands in " + folder + std::string(kStoreFile) + ".");
  say("  " + folder + std::string(kServerKeyFile) + " is the log's secret key: guard it, and keep a copy elsewhere.");
  say("  " + folder + std::string(kPolicyFile) + " names its public key: hand a copy to each party, in person.");
  say("Next: wideberth serve " + given.folder);
  return kDone;
}

}  // namespace

void add_init(Command& program) {
  const auto given = std::make_shared<InitOptions>();
  Command command = program.add("init", "Make the folder of a new log, with its key and entry 0");
  command.option({.name = "DIR", .help = "the folder: new, or empty", .required = true}, given->folder)
      .option({.name = "--origin", .value = "NAME", .help = "the log's name, such as dayrik.example/log", .required = true},
              given->origin)
      .option({.name = "--operator", .value = "TEXT", .help = "who runs it, for people to read", .required = true},
              given->operator_name)
      .options({.name = "--party", .value = "NAME=VKEYFILE[:LONG NAME]", .help = "a party and its root key; once for each"},
               given->parties)
      .options({.name = "--party-without-key", .value = "NAME[:LONG NAME]", .help = "a party that speaks by telephone alone"},
               given->without_key)
      .options({.name = "--observer", .value = "NAME=VKEYFILE[:LONG NAME]", .help = "who reads all and is bound by nothing"},
               given->observers)
      .options({.name = "--mediator", .value = "NAME=VKEYFILE[:LONG NAME]", .help = "a neutral that relays and reads all"},
               given->mediators)
      .option({.name = "--keeper", .value = "NAME", .help = "direct: the party that keeps this log itself"}, given->keeper)
      .options({.name = "--other", .value = "VKEY", .help = "direct: the key of another side's log, as its server.vkey says it"},
               given->others)
      .option({.name = "--log-key",
               .value = "FILE",
               .help = "the log's own key, made before with: wideberth key new ORIGIN; else it is made here"},
              given->log_key)
      .option({.name = "--checkpoint-every", .value = "SECONDS", .help = "cadence of the public checkpoint; 10 where not given"},
              given->checkpoint_every)
      .flag({.name = "--json", .help = "print JSON"}, given->json)
      .foot(
          "Example: wideberth init log --origin dayrik.example/log --operator \"Liaison mission\" \\\n"
          "           --party \"blue=blue-root.key.vkey:Blue Coalition\" --party \"red=red-root.key.vkey:Red Force\"\n"
          "Entry 0 cannot be changed afterwards.\n")
      .action([given] { return init(*given); });
}

}  // namespace wideberth::cli
