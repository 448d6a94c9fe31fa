// wideberth alert: the close approaches that this side was told of; seen; kept quiet for a reason.
#include <memory>

#include "base/bytes.h"
#include "cli/cli.h"
#include "cli/desk_options.h"
#include "json/reader.h"
#include "ledger/tree.h"
#include "model/alerts.h"

namespace wideberth::cli {
namespace {

constexpr std::size_t kMostAlertsListed = 1'000'000;

struct AlertOptions {
  DeskOptions desk;
  std::string entry, person, post, reason, until;
  bool all = false;
};

client::Act about(model::EntryKind kind, base::EntryIndex alert, std::string json) {
  client::Act act;
  act.kind = kind;
  act.refs = {alert};
  act.parts.push_back(client::ActPart{std::string(model::kFullPart), std::move(json)});
  return act;
}

int file_about(const AlertOptions& given, model::EntryKind kind, const std::string& json, std::string_view said) {
  const auto index = base::parse_decimal(given.entry, ledger::kMostLeaves - 1);
  if (!index) return wrong_usage("ENTRY is the index of the alert, as `wideberth alert list` tells it.", given.desk.json);
  const auto sitting = Sitting::open(given.desk);
  if (!sitting) return fail(sitting.error(), given.desk.json);
  const auto filed = (*sitting)->file(about(kind, base::EntryIndex{*index}, json));
  if (!filed) return fail(filed.error(), given.desk.json);
  return tell_filed(**sitting, *filed, "Alert " + given.entry + " " + std::string(said));
}

/// "warning 812: b-1 and one of red's, 300 m apart at …; at least 100 m in 20 s; open".
Result<std::string> line_of(const json::Reader& alert) {
  WB_TRY(entry_at, alert.member("entry"));
  WB_TRY(entry, entry_at.integer(0, json::kMostInteger));
  WB_TRY(raised_at, alert.member("raised"));
  WB_TRY(raised, model::parse_alert_raised(json::to_json(raised_at.value())));
  const auto metres = [](base::Metres m) { return std::to_string((m.mm() + 999) / 1000) + " m"; };
  const std::string other =
      raised.other_unit.empty() ? "one of " + raised.other_party + "'s" : raised.other_party + "'s " + raised.other_unit;
  std::string line = std::string(name_of(raised.grade)) + "  entry " + std::to_string(entry) + "  " + raised.unit + " and " +
                     other + ": " + metres(raised.now) + " apart at " + to_short_text(raised.at) + ", " + metres(raised.least) +
                     " in " + to_text(raised.in);
  const auto ended = alert.find("ended");
  if (!ended) return line + "; open";
  WB_TRY(word, ended->string(64));
  return line + "; closed: " + std::string(word);
}

int list_alerts(const AlertOptions& given) {
  const auto sitting = Sitting::open(given.desk);
  if (!sitting) return fail(sitting.error(), given.desk.json);
  http::Fields query{{"open", given.all ? "false" : "true"}};
  for (std::string from;;) {
    http::Fields asked = query;
    if (!from.empty()) asked.emplace_back("from", from);
    const auto page = (*sitting)->desk().get("/v1/alerts", std::move(asked));
    if (!page) return fail(page.error(), given.desk.json);
    const auto list_at = json::Reader(*page).member("alerts");
    const auto list = list_at ? list_at->elements(0, kMostAlertsListed) : tl::make_unexpected(list_at.error());
    if (!list) return fail(list.error(), given.desk.json);
    for (const json::Reader& each : *list) {
      const auto line = given.desk.json ? Result<std::string>(json::to_json(each.value())) : line_of(each);
      if (!line) return fail(line.error(), given.desk.json);
      say(*line);
    }
    const auto next = json::Reader(*page).find("next");
    if (!next) return kDone;
    const auto index = next->integer(0, json::kMostInteger);
    if (!index) return fail(index.error(), given.desk.json);
    from = std::to_string(*index);
  }
}

int snooze(const AlertOptions& given) {
  const auto until = base::Instant::parse(given.until);
  if (!until) return wrong_usage("--until: a time such as 2020-08-25T09:00:00Z is needed.", given.desk.json);
  return file_about(given, model::EntryKind::alert_snoozed,
                    model::to_json(model::AlertSnoozed{given.person, given.reason, *until}),
                    "is quiet for this side until " + to_short_text(*until) + "; the other side is told as before.");
}

}  // namespace

void add_alert(Command& program) {
  Command alert = program.add("alert", "Close approaches that this side was told of");
  const auto list = std::make_shared<AlertOptions>();
  Command list_command = alert.add("list", "List the alerts that are open");
  add_desk_options(list_command, list->desk);
  list_command.flag({.name = "--all", .help = "those that were closed too"}, list->all)
      .foot("Example: wideberth alert list\n")
      .action([list] { return list_alerts(*list); });

  const auto seen = std::make_shared<AlertOptions>();
  Command seen_command = alert.add("ack", "Sign that an alert was seen");
  seen_command.option({.name = "ENTRY", .help = "the index of the alert", .required = true}, seen->entry)
      .option({.name = "--person", .value = "NAME", .help = "who saw it", .required = true}, seen->person)
      .option({.name = "--post", .value = "NAME", .help = "where", .required = true}, seen->post);
  add_desk_options(seen_command, seen->desk);
  seen_command
      .foot(
          "Example: wideberth alert ack 812 --person 'Sgt. B.' --post 'Operations room'\nIt stays open until its cause is "
          "over.\n")
      .action([seen] {
        return file_about(*seen, model::EntryKind::alert_acknowledged,
                          model::to_json(model::AlertAcknowledged{seen->person, seen->post}), "was seen; it stays open.");
      });

  const auto quiet = std::make_shared<AlertOptions>();
  Command quiet_command = alert.add("snooze", "Ask for quiet about a pair, for a reason");
  quiet_command.option({.name = "ENTRY", .help = "the index of the alert", .required = true}, quiet->entry)
      .option({.name = "--person", .value = "NAME", .help = "who asks", .required = true}, quiet->person)
      .option({.name = "--reason", .value = "TEXT", .help = "why", .required = true}, quiet->reason)
      .option({.name = "--until", .value = "TIME", .help = "at most a day away", .required = true}, quiet->until);
  add_desk_options(quiet_command, quiet->desk);
  quiet_command
      .foot(
          "Example: wideberth alert snooze 812 --person 'Sgt. B.' --reason 'They share the bridge.' --until "
          "2020-08-25T09:00:00Z\n")
      .action([quiet] { return snooze(*quiet); });
}

}  // namespace wideberth::cli
