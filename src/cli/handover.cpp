// wideberth handover: the watch goes from one officer to the next.
#include <array>
#include <memory>

#include "cli/cli.h"
#include "cli/desk_options.h"
#include "cli/terminal.h"
#include "cli/unlock.h"
#include "model/handover.h"

namespace wideberth::cli {
namespace {

using base::refuse;
using base::Rule;

struct HandoverOptions {
  DeskOptions desk;
  std::string outgoing, outgoing_key, outgoing_passphrase, incoming, incoming_key, incoming_passphrase, code, remark;
};

/// What is open, as the server tells it and people see it.
struct OpenList {
  model::OpenMatters open;
  std::vector<std::string> movements;  ///< ids, in the order of the entries
};

Result<OpenList> read_open(Sitting& sitting) {
  WB_TRY(tree, sitting.desk().get("/v1/handovers/open"));
  const json::Reader at(tree);
  WB_TRY(open_at, at.member("open"));
  WB_TRY(open, model::parse_open_matters(json::to_json(open_at.value())));
  OpenList list{std::move(open), {}};
  WB_TRY(ids_at, at.member("movements"));
  WB_TRY(ids, ids_at.elements(list.open.movements.size(), list.open.movements.size()));
  for (const json::Reader& each : ids) {
    WB_TRY(id, each.text(32));
    list.movements.emplace_back(id);
  }
  return list;
}

std::string entries_text(const std::vector<base::EntryIndex>& entries) {
  std::string text;
  for (const base::EntryIndex each : entries) text += (text.empty() ? "" : ", ") + std::to_string(each.value);
  return entries.empty() ? "none" : text;
}

void tell(const OpenList& list) {
  say("Open deadlines: " + std::to_string(list.open.deadlines.size()));
  for (const model::OpenDeadline& each : list.open.deadlines)
    say("  " + to_short_text(each.due) + "  " + each.party + " owes: " + std::string(name_of(each.kind)) + " (entry " +
        std::to_string(each.about.value) + ")");
  say("Questions without an answer, by entry: " + entries_text(list.open.queries));
  say("Messages that wait, by entry: " + entries_text(list.open.messages));
  say("Movements that stand: " + std::to_string(list.movements.size()));
  for (std::size_t i = 0; i < list.movements.size(); ++i)
    say("  " + list.movements[i] + " (entry " + std::to_string(list.open.movements[i].value) + ")");
  say("Alerts that are open, by entry: " + entries_text(list.open.alarms));
  say("Code of this list: " + model::list_code(list.open));
}

int show_open(const DeskOptions& given) {
  const auto sitting = Sitting::open(given);
  if (!sitting) return fail(sitting.error(), given.json);
  const auto list = read_open(**sitting);
  if (!list) return fail(list.error(), given.json);
  if (given.json)
    say(model::to_json(list->open));
  else
    tell(*list);
  return kDone;
}

Result<client::Filed> hand_over(Sitting& sitting, const HandoverOptions& given, const ledger::SigningKey& outgoing,
                                const ledger::SigningKey& incoming) {
  WB_TRY(list, read_open(sitting));
  if (const std::string code = model::list_code(list.open); code != given.code)
    return refuse(Rule::handover_list, "the list that you read had the code " + given.code + "; what is open now has " + code,
                  "both officers read `wideberth handover show` again, and sign that", "--list");
  model::WatchHandedOver said{
      {given.outgoing, outgoing.name()}, {given.incoming, incoming.name()}, std::move(list.open), given.remark};
  client::Act act;
  act.kind = model::EntryKind::watch_handed_over;
  act.parts.push_back(client::ActPart{std::string(model::kFullPart), model::to_json(said)});
  act.officers = {&outgoing, &incoming};
  return sitting.file(act);
}

int give(const HandoverOptions& given) {
  // Passphrases first: what is signed is what is open a moment later.
  const auto outgoing = unlock(given.outgoing_key, given.outgoing_passphrase);
  if (!outgoing) return fail(outgoing.error(), given.desk.json);
  const auto incoming = unlock(given.incoming_key, given.incoming_passphrase);
  if (!incoming) return fail(incoming.error(), given.desk.json);
  const auto sitting = Sitting::open(given.desk);
  if (!sitting) return fail(sitting.error(), given.desk.json);
  const auto filed = hand_over(**sitting, given, *outgoing, *incoming);
  if (!filed) return fail(filed.error(), given.desk.json);
  return tell_filed(**sitting, *filed,
                    given.incoming + " has the watch at " + (*sitting)->desk().key_name() + "; signed by the desk and by both.");
}

Result<std::string> line_of(const json::Reader& at) {
  const auto person = [&](std::string_view name) -> Result<std::string> {
    WB_TRY(officer, at.member(name));
    if (officer.is_null()) return std::string("(erased)");
    WB_TRY(who_at, officer.member("person"));
    WB_TRY(who, who_at.text(model::kMostLabel));
    return std::string(who);
  };
  WB_TRY(entry_at, at.member("entry"));
  WB_TRY(entry, entry_at.integer(0, json::kMostInteger));
  WB_TRY(desk_at, at.member("desk"));
  WB_TRY(desk, desk_at.text(model::kMostLabel));
  WB_TRY(received_at, at.member("received"));
  WB_TRY(received, received_at.text(32));
  WB_TRY(outgoing, person("outgoing"));
  WB_TRY(incoming, person("incoming"));
  WB_TRY(follows_at, at.member("follows"));
  return std::to_string(entry) + "  " + std::string(received) + "  " + std::string(desk) + "  " + outgoing + " -> " + incoming +
         (follows_at.is_null() ? "  (follows no handover to " + outgoing + ")" : "");
}

int list_handovers(const DeskOptions& given) {
  const auto sitting = Sitting::open(given);
  if (!sitting) return fail(sitting.error(), given.json);
  for (std::string after;;) {
    http::Fields query;
    if (!after.empty()) query.emplace_back("after", after);
    const auto page = (*sitting)->desk().get("/v1/handovers", std::move(query));
    if (!page) return fail(page.error(), given.json);
    const auto list_at = json::Reader(*page).member("handovers");
    const auto list = list_at ? list_at->elements(0, 1'000) : tl::make_unexpected(list_at.error());
    if (!list) return fail(list.error(), given.json);
    for (const json::Reader& each : *list) {
      const auto line = given.json ? Result<std::string>(json::to_json(each.value())) : line_of(each);
      if (!line) return fail(line.error(), given.json);
      say(*line);
    }
    const auto next = json::Reader(*page).find("next");
    if (!next || next->is_null()) return kDone;
    const auto text = next->text(64);
    if (!text) return fail(text.error(), given.json);
    after = std::string(*text);
  }
}

}  // namespace

void add_handover(Command& program) {
  Command handover = program.add("handover", "The watch at a desk goes to the next officer: show, give, list");
  const auto open = std::make_shared<DeskOptions>();
  Command show = handover.add("show", "What is open now, and the code of that list");
  add_desk_options(show, *open);
  show.foot(
          "Example: wideberth handover show\nBoth officers read it; `handover give` signs the list of this code and no other.\n")
      .action([open] { return show_open(*open); });

  const auto given = std::make_shared<HandoverOptions>();
  Command command = handover.add("give", "Hand the watch over: the desk signs, and both officers");
  command.option({.name = "--outgoing", .value = "NAME", .help = "who goes", .required = true}, given->outgoing)
      .option({.name = "--outgoing-key", .value = "FILE", .help = "that person's own key", .required = true}, given->outgoing_key)
      .option({.name = "--outgoing-passphrase-file", .value = "FILE", .help = "its passphrase; asked for where not given"},
              given->outgoing_passphrase)
      .option({.name = "--incoming", .value = "NAME", .help = "who comes", .required = true}, given->incoming)
      .option({.name = "--incoming-key", .value = "FILE", .help = "that person's own key", .required = true}, given->incoming_key)
      .option({.name = "--incoming-passphrase-file", .value = "FILE", .help = "its passphrase; asked for where not given"},
              given->incoming_passphrase)
      .option({.name = "--list", .value = "CODE", .help = "the code of the list that both have read", .required = true},
              given->code)
      .option({.name = "--remark", .value = "TEXT", .help = "anything to add"}, given->remark);
  add_desk_options(command, given->desk);
  command
      .foot(
          "Example: wideberth handover give --outgoing 'Maj. A.' --outgoing-key maj-a.key --incoming 'Cpt. B.' \\\n"
          "           --incoming-key cpt-b.key --list 7Q4M2-K\nThree keys sign one entry: the desk's (--key) and both "
          "officers'.\n")
      .action([given] { return give(*given); });

  const auto listed = std::make_shared<DeskOptions>();
  Command list = handover.add("list", "Who handed the watch over to whom");
  add_desk_options(list, *listed);
  list.foot("Example: wideberth handover list\n").action([listed] { return list_handovers(*listed); });
}

}  // namespace wideberth::cli
