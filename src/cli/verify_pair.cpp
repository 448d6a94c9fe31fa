// wideberth verify-pair: two logs of two sides beside each other, offline.
#include <memory>

#include "cli/cli.h"
#include "cli/deployment.h"
#include "cli/shown_log.h"
#include "cli/terminal.h"
#include "json/writer.h"
#include "model/keys.h"

namespace wideberth::cli {
namespace {

using client::PairReport;
using client::ShownEntry;
using client::ShownLog;

struct PairOptions {
  std::string first, second, policy, other_policy;
  bool ignore_unknown = false, json = false;
};

Result<PairReport> compare_folders(const PairOptions& given) {
  WB_TRY(first_policy, read_policy(given.policy));
  WB_TRY(second_policy, read_policy(given.other_policy));
  WB_TRY(first_origin, origin_of(first_policy, given.policy));
  WB_TRY(second_origin, origin_of(second_policy, given.other_policy));
  if (first_origin == second_origin)
    return refuse(Rule::policy_malformed, "both policies name " + first_origin, "a policy for each of two logs",
                  given.other_policy);
  const auto unproved = given.ignore_unknown ? ledger::Unproved::ignore : ledger::Unproved::refuse;
  WB_TRY(first, read_shown_log(given.first, {first_policy, second_policy, unproved}));
  if (given.second.empty()) return client::compare(std::move(first), ShownLog{second_origin});
  WB_TRY(second, read_shown_log(given.second, {second_policy, first_policy, unproved}));
  return client::compare(std::move(first), std::move(second));
}

std::string party_text(const ShownEntry& entry) { return std::string(model::party_of_key(entry.signer)); }

/// The last entry at hand: what a log says after it is not known here.
base::Instant reaches(const ShownLog& log) {
  return log.entries.empty() ? base::Instant() : log.entries.rbegin()->second.received;
}

std::vector<std::string> not_proved_of(const PairReport& report) {
  std::vector<std::string> lines;
  for (std::size_t i = 0; i < 2; ++i)
    if (!report.whole.at(i))
      lines.push_back("what stands in " + report.logs.at(i).origin +
                      " besides what is at hand: " + counted(report.logs.at(i).entries.size(), "entry", "entries") + " of " +
                      std::to_string(report.logs.at(i).size()) + " that a signed head speaks of");
  for (const ShownLog& log : report.logs)
    if (log.signed_here)
      lines.push_back(
          "that " + log.origin +
          " showed the same before today: its key lies in its folder and can sign anything; what the other log holds of "
          "it was compared");
  lines.emplace_back("what came into either log after its last entry here");
  lines.emplace_back("why an act stands in one log alone: it may be on its way, refused by the other, or not carried");
  lines.emplace_back("that the clocks of the two logs agree: each time is that of its own log");
  lines.emplace_back("that the key named signed an entry: the log says so; `verify --signer` checks one");
  lines.emplace_back("that anything in them is true, or whose doing a difference is");
  return lines;
}

void write_entry(json::Writer& writer, base::EntryIndex index, const ShownEntry& entry) {
  writer.begin_object().key("index").integer(static_cast<std::int64_t>(index.value));
  writer.key("received").string(to_text(entry.received)).key("kind").string(entry.kind);
  writer.key("signer").string(entry.signer).end_object();
}

void write_log(json::Writer& writer, const PairReport& report, std::size_t i) {
  const ShownLog& log = report.logs.at(i);
  writer.begin_object().key("log").string(log.origin);
  writer.key("entries").integer(static_cast<std::int64_t>(log.entries.size()));
  writer.key("size").integer(static_cast<std::int64_t>(log.size())).key("whole").boolean(report.whole.at(i));
  writer.key("reaches");
  if (log.entries.empty())
    writer.null();
  else
    writer.string(to_text(reaches(log)));
  writer.key("holds_of_the_other").integer(static_cast<std::int64_t>(report.held.at(i)));
  writer.key("there_through_the_other").begin_array();
  for (const base::EntryIndex index : report.only_held.at(i)) writer.integer(static_cast<std::int64_t>(index.value));
  writer.end_array().key("alone").begin_array();
  for (const base::EntryIndex index : report.alone.at(i)) write_entry(writer, index, log.entries.at(index));
  writer.end_array().key("not_carried").begin_object();
  for (const auto& [kind, count] : report.others.at(i)) writer.key(kind).integer(static_cast<std::int64_t>(count));
  writer.end_object().end_object();
}

std::string to_json(const PairReport& report) {
  json::Writer writer;
  writer.begin_object().key("holds").boolean(report.differences.empty()).key("logs").begin_array();
  for (std::size_t i = 0; i < 2; ++i) write_log(writer, report, i);
  writer.end_array().key("both").begin_array();
  for (const auto& each : report.both) {
    writer.begin_object().key("first");
    write_entry(writer, each.first, report.logs[0].entries.at(each.first));
    writer.key("second");
    write_entry(writer, each.second, report.logs[1].entries.at(each.second));
    writer.key("parts").begin_array();
    for (const std::string& part : each.parts) writer.string(part);
    writer.end_array().end_object();
  }
  writer.end_array().key("differences").begin_array();
  for (const auto& each : report.differences) {
    writer.begin_object().key("log").string(each.origin).key("dispute").string(model::name_of(each.dispute));
    writer.key("at").integer(static_cast<std::int64_t>(each.at)).end_object();
  }
  writer.end_array().key("not_proved").begin_array();
  for (const std::string& line : not_proved_of(report)) writer.string(line);
  return writer.end_array().end_object().take();
}

std::string numbered(base::EntryIndex index) { return "[" + std::to_string(index.value) + "]"; }

void print_log(const PairReport& report, std::size_t i) {
  const ShownLog& log = report.logs.at(i);
  if (log.entries.empty()) return say("  " + log.origin + ": nothing of it is at hand");
  say("  " + log.origin + ": " + counted(log.entries.size(), "entry", "entries") +
      (report.whole.at(i) ? ", all that its signed head speaks of"
                          : " of " + std::to_string(log.size()) + " that a signed head speaks of") +
      ", the last " + numbered(log.entries.rbegin()->first) + " of " + to_short_text(reaches(log)));
  if (report.held.at(i) > 0)
    say("    holds " + counted(report.held.at(i), "entry", "entries") + " of the other log, each with a receipt that holds");
  if (!report.only_held.at(i).empty())
    say("    " + counted(report.only_held.at(i).size(), "entry is", "entries are") +
        " at hand through the other log alone, from " + numbered(report.only_held.at(i).front()) + " to " +
        numbered(report.only_held.at(i).back()));
}

void print_both(const PairReport& report) {
  say("");
  say("In both, with the same commitments: " + counted(report.both.size(), "act", "acts"));
  for (const auto& each : report.both) {
    const ShownEntry& first = report.logs[0].entries.at(each.first);
    const ShownEntry& second = report.logs[1].entries.at(each.second);
    std::string parts;
    for (const std::string& part : each.parts) parts += (parts.empty() ? "" : ", ") + part;
    say("  " + first.kind + " by " + party_text(first) + " (" + parts + "): " + numbered(each.first) + " " +
        to_short_text(first.received) + " and " + numbered(each.second) + " " + to_short_text(second.received));
  }
}

void print_alone(const PairReport& report, std::size_t i) {
  if (report.alone.at(i).empty()) return;
  const ShownLog& log = report.logs.at(i);
  const ShownLog& other = report.logs.at(1 - i);
  say("");
  say("In " + log.origin + " alone, as far as is at hand: " + counted(report.alone.at(i).size(), "act", "acts") +
      (other.entries.empty() ? "" : "; of the other log the last entry here is of " + to_short_text(reaches(other))));
  for (const base::EntryIndex index : report.alone.at(i)) {
    const ShownEntry& entry = log.entries.at(index);
    say("  " + numbered(index) + " since " + to_short_text(entry.received) + "  " + entry.kind + " by " + party_text(entry));
  }
}

void print_pair(const PairReport& report) {
  say(report.differences.empty() ? "Every receipt holds, and nothing at hand of either log contradicts the rest of it."
                                 : "Every receipt holds, and what a log has signed contradicts itself:");
  for (const auto& each : report.differences)
    say("  " + each.origin + ": " +
        (each.dispute == model::Dispute::other_entry ? "two entries at index " : "two roots of the tree of size ") +
        std::to_string(each.at) + ", both under its key");
  for (std::size_t i = 0; i < 2; ++i) print_log(report, i);
  print_both(report);
  if (report.alone[0].empty() && report.alone[1].empty()) say("In one alone, as far as is at hand: none");
  for (std::size_t i = 0; i < 2; ++i) print_alone(report, i);
  say("");
  say("Not carried by their kind, each log for itself:");
  for (std::size_t i = 0; i < 2; ++i) {
    std::string kinds;
    for (const auto& [kind, count] : report.others.at(i))
      kinds += (kinds.empty() ? "" : ", ") + std::to_string(count) + " " + kind;
    if (!kinds.empty()) say("  " + report.logs.at(i).origin + ": " + kinds);
  }
  say("Not proved:");
  for (const std::string& line : not_proved_of(report)) say("  - " + line);
}

int verify_pair(const PairOptions& given) {
  const auto report = compare_folders(given);
  if (!report) return fail(report.error(), given.json);
  if (given.json)
    say(to_json(*report));
  else
    print_pair(*report);
  return report->differences.empty() ? kDone : kRefused;
}

}  // namespace

void add_verify_pair(Command& program) {
  const auto given = std::make_shared<PairOptions>();
  Command command = program.add("verify-pair", "Compare the logs of two sides offline: what stands in both, and in one alone");
  command.option({.name = "A", .help = "the folder of a log, or of receipts of it", .required = true}, given->first)
      .option({.name = "B", .help = "the same of the other log; without it, what A holds of the other"}, given->second)
      .option({.name = "--policy",
               .value = "FILE",
               .help = "the log of A, as you pinned it",
               .required = true,
               .env = "WIDEBERTH_POLICY"},
              given->policy)
      .option({.name = "--other-policy", .value = "FILE", .help = "the log of B, as you pinned it", .required = true},
              given->other_policy)
      .flag({.name = "--ignore-unknown",
             .help = "pass over lines that the policies do not name, as C2SP has it, rather than refuse them"},
            given->ignore_unknown)
      .flag({.name = "--json", .help = "print JSON"}, given->json)
      .foot(
          "Example: wideberth verify-pair blue-receipts red-receipts --policy blue.policy --other-policy red.policy\n"
          "Every receipt is checked first. An act that was carried has one commitment in both logs, so leaves and receipts are\n"
          "enough and nobody's plan is needed. Exit code 1 where a log contradicts itself; an act in one log alone is no "
          "fault.\n")
      .action([given] { return verify_pair(*given); });
}

}  // namespace wideberth::cli
