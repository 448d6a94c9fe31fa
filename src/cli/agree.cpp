// wideberth agree: propose an agreement, sign it, state one's reading of a clause.
#include <memory>

#include "base/id.h"
#include "cli/agree_acts.h"
#include "cli/cli.h"
#include "cli/desk_options.h"
#include "cli/files.h"
#include "json/writer.h"
#include "live/conduct.h"

namespace wideberth::cli {
namespace {

struct AgreeOptions {
  DeskOptions desk;
  std::string file, id, clause, text, means;
  bool reservation = false;
};

int propose(const AgreeOptions& given) {
  const auto text = read_file(given.file, model::kMostAgreementBytes);
  if (!text) return fail(text.error(), given.desk.json);
  auto agreement = model::parse_agreement(*text);
  if (!agreement) {
    agreement.error().where = given.file + (agreement.error().where.empty() ? "" : ": " + agreement.error().where);
    return fail(agreement.error(), given.desk.json);
  }
  const auto sitting = Sitting::open(given.desk);
  if (!sitting) return fail(sitting.error(), given.desk.json);
  const auto act = client::propose((*sitting)->desk(), *text);
  if (!act) return fail(act.error(), given.desk.json);
  const auto filed = (*sitting)->file(*act);
  if (!filed) return fail(filed.error(), given.desk.json);
  const std::string id = base::id_of(base::IdKind::agreement, filed->index);
  const std::vector<std::string> remarks = live::tests_of(*agreement).remarks;
  const int code = tell_filed(**sitting, *filed,
                              id + " is proposed: " + agreement->name + ". The other parties sign it: wideberth agree sign " + id,
                              {{"id", id}}, [&](json::Writer& writer) {
                                writer.key("remarks").begin_array();
                                for (const std::string& each : remarks) writer.string(each);
                                writer.end_array();
                              });
  if (!given.desk.json)
    for (const std::string& each : remarks) say("  remark: " + each);
  return code;
}

/// What is signed is what was proposed: the bytes of the verified entry, not what the server tells of them.
Result<client::AgreementView> proposal(Sitting& sitting, const std::string& id) {
  WB_TRY(view, sitting.agreement(id));
  WB_TRY(proposed, sitting.desk().entry(view.proposed));
  const std::string* bytes = proposed.part(model::kFullPart);
  if (bytes == nullptr || proposed.text.kind != model::name_of(model::EntryKind::agreement_proposed))
    return refuse(Rule::agreement_document, "the text of the proposal is not there", {},
                  "entry " + std::to_string(view.proposed.value));
  if (ledger::sha256(*bytes) != view.document)
    return refuse(Rule::agreement_document, "the server names another document than the one that was proposed", {}, view.id);
  WB_TRY(agreement, model::parse_agreement(*bytes));
  view.agreement = std::move(agreement);
  return std::move(view);
}

int sign(const AgreeOptions& given) {
  if (const auto id = read_id(given.id, "AG"); !id) return fail(id.error(), given.desk.json);
  const auto sitting = Sitting::open(given.desk);
  if (!sitting) return fail(sitting.error(), given.desk.json);
  const auto agreement = proposal(**sitting, given.id);
  if (!agreement) return fail(agreement.error(), given.desk.json);
  const auto filed = (*sitting)->file(client::sign((*sitting)->desk(), *agreement));
  if (!filed) return fail(filed.error(), given.desk.json);
  return tell_filed(**sitting, *filed,
                    agreement->id + " is signed by " + (*sitting)->desk().party() + ": " + agreement->agreement.name,
                    {{"id", agreement->id},
                     {"version", std::to_string(agreement->agreement.version)},
                     {"rules", std::to_string(agreement->agreement.rules.size())},
                     {"document", ledger::to_base64(agreement->document)}});
}

/// What it comes to is JSON as it stands in the document.
Result<model::AgreementReading> reading_of(const AgreeOptions& given) {
  json::Writer writer;
  writer.begin_object().key("clause").string(given.clause).key("reading").string(given.text);
  writer.key("reservation").boolean(given.reservation);
  if (!given.means.empty()) writer.key("means").raw(given.means);
  return model::parse_agreement_reading(writer.end_object().take());
}

int read(const AgreeOptions& given) {
  const auto reading = reading_of(given);
  if (!reading) return fail(reading.error(), given.desk.json);
  if (const auto id = read_id(given.id, "AG"); !id) return fail(id.error(), given.desk.json);
  const auto sitting = Sitting::open(given.desk);
  if (!sitting) return fail(sitting.error(), given.desk.json);
  const auto agreement = proposal(**sitting, given.id);
  if (!agreement) return fail(agreement.error(), given.desk.json);
  const auto act = client::state_reading((*sitting)->desk(), *agreement, *reading);
  const auto filed = (*sitting)->file(act);
  if (!filed) return fail(filed.error(), given.desk.json);
  return tell_filed(**sitting, *filed,
                    std::string(given.reservation ? "Your reservation to" : "Your reading of") + " clause " + given.clause +
                        " of " + agreement->id + " stands beside the text.",
                    {{"id", agreement->id}, {"clause", given.clause}});
}

}  // namespace

void add_agree(Command& program) {
  Command agree = program.add("agree", "Propose an agreement, sign it, state how you read a clause");
  {
    const auto given = std::make_shared<AgreeOptions>();
    Command command = agree.add("propose", "Put the text of an agreement before the other parties");
    command.option({.name = "FILE", .help = "the agreement as JSON", .required = true}, given->file);
    add_desk_options(command, given->desk);
    command
        .foot(
            "Example: wideberth agree propose protocol.json\nA proposal by a party counts as its signature; the others sign: "
            "wideberth agree sign AG-…\n")
        .action([given] { return propose(*given); });
  }
  {
    const auto given = std::make_shared<AgreeOptions>();
    Command command = agree.add("sign", "Sign an agreement that was proposed");
    command.option({.name = "ID", .help = "its id, AG-…", .required = true}, given->id);
    add_desk_options(command, given->desk);
    command.foot("Example: wideberth agree sign AG-52XD-A0\nIt is in force once every party has signed the same bytes.\n")
        .action([given] { return sign(*given); });
  }
  {
    const auto given = std::make_shared<AgreeOptions>();
    Command command = agree.add("read", "State your own reading of a clause, or a reservation");
    command.option({.name = "ID", .help = "the agreement's id, AG-…", .required = true}, given->id);
    add_desk_options(command, given->desk);
    command.option({.name = "--clause", .value = "CLAUSE", .help = "such as 3.1", .required = true}, given->clause)
        .option({.name = "--text", .value = "TEXT", .help = "how you read it", .required = true}, given->text)
        .flag({.name = "--reservation", .help = "it is something that you reserve, not a reading"}, given->reservation)
        .option({.name = "--means", .value = "JSON", .help = "what it comes to, so that findings are told under it too"},
                given->means)
        .foot(
            "Example: wideberth agree read AG-52XD-A0 --clause 3.1 --text \"Half a kilometre is meant.\" --means "
            "'{\"separation_m\":500}'\n")
        .action([given] { return read(*given); });
  }
  add_agree_acts(agree);
}

}  // namespace wideberth::cli
