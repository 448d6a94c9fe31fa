#include "cli/agree_acts.h"

#include <memory>

#include "base/bytes.h"
#include "cli/desk_options.h"
#include "cli/paper.h"
#include "ledger/tree.h"
#include "model/pact.h"

namespace wideberth::cli {
namespace {

struct AgreeActOptions {
  DeskOptions desk;
  std::string id, clause, person, reason, effect, held, occurred, summary, reference, answers;
  std::vector<std::string> with;
  bool leave = false;
};

int file_act(const AgreeActOptions& given, model::EntryKind kind, std::string json, const std::string& said,
             const std::vector<base::EntryIndex>& further = {}) {
  if (const auto id = read_id(given.id, "AG"); !id) return fail(id.error(), given.desk.json);
  const auto sitting = Sitting::open(given.desk);
  if (!sitting) return fail(sitting.error(), given.desk.json);
  const auto agreement = (*sitting)->agreement(given.id);
  if (!agreement) return fail(agreement.error(), given.desk.json);
  const auto act = client::about_agreement((*sitting)->desk(), *agreement, kind, std::move(json), further);
  const auto filed = (*sitting)->file(act);
  if (!filed) return fail(filed.error(), given.desk.json);
  return tell_filed(**sitting, *filed, agreement->id + ": " + said, {{"id", agreement->id}});
}

int leave_agreement(const AgreeActOptions& given) {
  model::AgreementWithdrawn act{given.reason, {}};
  if (!given.effect.empty()) {
    const auto effect = base::Instant::parse(given.effect);
    if (!effect) return wrong_usage("--effect: a time such as 2020-08-27T00:00:00Z is needed.", given.desk.json);
    act.effect = *effect;
  }
  return file_act(given, model::EntryKind::agreement_withdrawn, model::to_json(act),
                  "your side withdraws with effect from " + (act.effect ? to_short_text(*act.effect) : std::string("now")) +
                      ". Whoever notifies to you under it is told at once; the record stays.");
}

int say_caution(const AgreeActOptions& given) {
  const std::string json = model::to_json(model::CautionSaid{given.clause, given.person});
  if (given.leave)
    return file_act(given, model::EntryKind::caution_left, json,
                    "your side opts out of special caution by clause " + given.clause + "; it is in force no more.");
  return file_act(given, model::EntryKind::caution_joined, json,
                  "your side opts in to special caution by clause " + given.clause + "; it is in force once every party has.");
}

int say_consulted(const AgreeActOptions& given) {
  const auto held = base::Instant::parse(given.held);
  if (!held) return wrong_usage("--held: a time such as 2020-08-24T09:00:00Z is needed.", given.desk.json);
  return file_act(given, model::EntryKind::consultation_held,
                  model::to_json(model::ConsultationHeld{*held, given.with, given.reference}),
                  "your side states that it consulted at " + to_short_text(*held) + ".");
}

int say_incident(const AgreeActOptions& given) {
  const auto occurred = base::Instant::parse(given.occurred);
  if (!occurred) return wrong_usage("--occurred: a time such as 2020-08-25T06:50:00Z is needed.", given.desk.json);
  std::vector<base::EntryIndex> further;
  if (!given.answers.empty()) {
    const auto index = base::parse_decimal(given.answers, ledger::kMostLeaves - 1);
    if (!index) return wrong_usage("--answers: the index of the other side's first report is needed.", given.desk.json);
    further.push_back(base::EntryIndex{*index});
  }
  return file_act(given, model::EntryKind::incident_reported,
                  model::to_json(model::IncidentReported{*occurred, given.summary, given.person, given.reference}),
                  "your side's report of an incident at " + to_short_text(*occurred) + " is on record.", further);
}

Command command_about(Command& agree, const char* name, const char* summary, const std::shared_ptr<AgreeActOptions>& given) {
  Command command = agree.add(name, summary);
  command.option({.name = "ID", .help = "the agreement's id, AG-…", .required = true}, given->id);
  add_desk_options(command, given->desk);
  return command;
}

void add_leave(Command& agree) {
  const auto given = std::make_shared<AgreeActOptions>();
  command_about(agree, "withdraw", "Leave an agreement", given)
      .option({.name = "--reason", .value = "TEXT", .help = "why", .required = true}, given->reason)
      .option({.name = "--effect", .value = "TIME", .help = "from when on; without it, from now on"}, given->effect)
      .foot("Example: wideberth agree withdraw AG-52XD-A0 --reason 'The terms have changed.' --effect 2020-08-27T00:00:00Z\n")
      .action([given] { return leave_agreement(*given); });
}

void add_caution(Command& agree) {
  const auto given = std::make_shared<AgreeActOptions>();
  command_about(agree, "caution", "Opt in to a special caution area, or out of it", given)
      .option({.name = "--clause", .value = "CLAUSE", .help = "the clause on the area", .required = true}, given->clause)
      .option({.name = "--person", .value = "NAME", .help = "who says so", .required = true}, given->person)
      .flag({.name = "--leave", .help = "opt out"}, given->leave)
      .foot("Example: wideberth agree caution AG-52XD-A0 --clause 5.3 --person 'Maj. A.'\n")
      .action([given] { return say_caution(*given); });
}

void add_consult(Command& agree) {
  const auto given = std::make_shared<AgreeActOptions>();
  command_about(agree, "consult", "State that a consultation was held", given)
      .option({.name = "--held", .value = "TIME", .help = "when", .required = true}, given->held)
      .options({.name = "--with", .value = "NAME", .help = "who took part; may be given several times", .required = true},
               given->with)
      .option({.name = "--reference", .value = "TEXT", .help = "the paper that says what came of it"}, given->reference)
      .foot("Example: wideberth agree consult AG-52XD-A0 --held 2020-08-24T09:00:00Z --with 'Col. B.' --with 'Col. V.'\n")
      .action([given] { return say_consulted(*given); });
}

void add_report(Command& agree) {
  const auto given = std::make_shared<AgreeActOptions>();
  Command command = command_about(agree, "report", "Report an incident, or answer the other side's report with your own", given);
  add_paper_options(command, given->desk.paper);
  command.option({.name = "--occurred", .value = "TIME", .help = "when it was", .required = true}, given->occurred)
      .option({.name = "--summary", .value = "TEXT", .help = "what happened, as your side has it", .required = true},
              given->summary)
      .option({.name = "--person", .value = "NAME", .help = "who reports", .required = true}, given->person)
      .option({.name = "--answers", .value = "ENTRY", .help = "the index of the other side's first report"}, given->answers)
      .option({.name = "--reference", .value = "TEXT", .help = "a paper"}, given->reference)
      .foot(
          "Example: wideberth agree report AG-52XD-A0 --occurred 2020-08-25T06:50:00Z --summary 'Two vehicles touched.' "
          "--person 'Maj. A.'\n")
      .action([given] { return say_incident(*given); });
}

}  // namespace

void add_agree_acts(Command& agree) {
  add_leave(agree);
  add_caution(agree);
  add_consult(agree);
  add_report(agree);
}

}  // namespace wideberth::cli
