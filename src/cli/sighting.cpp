// wideberth sighting: what was seen, and whether it is theirs.
#include <memory>

#include "base/bytes.h"
#include "cli/cli.h"
#include "cli/line.h"
#include "cli/numbers.h"
#include "cli/paper.h"
#include "geo/text.h"
#include "model/sightings.h"

namespace wideberth::cli {
namespace {

struct SightingOptions : LineOptions {
  std::string count = "1", type, place, within, seen, remark, word, note;
  bool all = false;
};

Result<model::SightingReported> read_sighting(const SightingOptions& given) {
  const auto at = [](auto result, const char* option) {
    if (!result) result.error().where = option;
    return result;
  };
  model::SightingReported said;
  WB_TRY(count, at(base::parse_decimal(given.count, static_cast<std::uint64_t>(model::kMostSeen)), "--count"));
  said.count = static_cast<std::int64_t>(count);
  said.type = given.type;
  WB_TRY(place, at(geo::parse_place(given.place), "--place"));
  said.place = place;
  WB_TRY(within, at(parse_metres(given.within, base::Metres::from_metres(100'000)), "--within"));
  said.within = within;
  WB_TRY(seen, at(base::Instant::parse(given.seen), "--seen"));
  said.seen = seen;
  said.observer = given.person;
  said.remark = given.remark;
  return model::parse_sighting_reported(model::to_json(said));
}

int report(const SightingOptions& given) {
  const auto said = read_sighting(given);
  if (!said) return fail(said.error(), given.desk.json);
  warn("  understood: " + place_text(said->place));
  return file_on_line(
      given,
      [&](Sitting& sitting) { return act_on_line(sitting, given, model::EntryKind::sighting_reported, model::to_json(*said)); },
      "is on record, and the question is asked whose it is.", base::IdKind::sighting);
}

int answer(const SightingOptions& given) {
  model::SightingAnswered said{model::SightingWord::not_saying, given.person, given.note};
  bool known = false;
  std::string word = given.word;
  for (char& c : word)
    if (c == '-' || c == '_') c = ' ';
  for (const auto each : {model::SightingWord::ours, model::SightingWord::not_ours, model::SightingWord::not_saying})
    if (word == name_of(each)) {
      said.answer = each;
      known = true;
    }
  if (!known) return wrong_usage("ANSWER: ours, not-ours or not-saying is needed.", given.desk.json);
  if (given.about.size() > 1) return wrong_usage("--movement is given once: which movement of yours it is.", given.desk.json);
  return file_on_line(
      given,
      [&](Sitting& sitting) -> Result<client::Act> {
        WB_TRY(act, act_on_said(sitting, "sightings", given.id, model::EntryKind::sighting_answered, model::to_json(said)));
        for (const std::string& each : given.about) {
          WB_TRY(movement, read_subject(sitting, each));
          act.refs.push_back(movement);
        }
        return std::move(act);
      },
      given.id + " is answered: " + std::string(name_of(said.answer)) + ".");
}

}  // namespace

void add_sighting(Command& program) {
  Command sighting = program.add("sighting", "What was seen: report, answer, list");
  const auto given = std::make_shared<SightingOptions>();
  Command command = sighting.add("report", "Put on record what was seen, and ask whose it is");
  command.option({.name = "--count", .value = "N", .help = "how many; 1 where not given"}, given->count)
      .option({.name = "--type", .value = "TEXT", .help = "what, as the observer calls it", .required = true}, given->type)
      .option({.name = "--place", .value = "PLACE", .help = "degrees with N/S and E/W, or MGRS", .required = true}, given->place)
      .option({.name = "--within", .value = "METRES", .help = "how far from there it may have been", .required = true},
              given->within)
      .option({.name = "--seen", .value = "TIME", .help = "when", .required = true}, given->seen)
      .option({.name = "--observer", .value = "NAME", .help = "who saw it", .required = true}, given->person)
      .option({.name = "--remark", .value = "TEXT", .help = "anything to add"}, given->remark)
      .options({.name = "--to", .value = "PARTY", .help = "who is asked; all other parties where not given"}, given->to)
      .option({.name = "--agreement", .value = "AG-ID", .help = "the agreement; not needed where only one holds"},
              given->agreement);
  add_desk_options(command, given->desk);
  add_paper_options(command, given->desk.paper);
  command
      .foot(
          "Example: wideberth sighting report --count 3 --type truck --place \"37.177N 42.14E\" --within 200 \\\n"
          "           --seen 2020-08-25T06:40:00Z --observer 'Post 4'\n")
      .action([given] { return report(*given); });

  const auto said = std::make_shared<SightingOptions>();
  Command answer_command = sighting.add("answer", "Answer: ours, not-ours, not-saying");
  answer_command.option({.name = "ID", .help = "SG-…, or the index of its entry", .required = true}, said->id)
      .option({.name = "ANSWER", .help = "ours, not-ours or not-saying", .required = true}, said->word)
      .option({.name = "--person", .value = "NAME", .help = "who answers", .required = true}, said->person)
      .option({.name = "--note", .value = "TEXT", .help = "anything to add"}, said->note)
      .options({.name = "--movement", .value = "MV-ID", .help = "with ours: which movement of yours it is"}, said->about);
  add_desk_options(answer_command, said->desk);
  add_paper_options(answer_command, said->desk.paper);
  answer_command
      .foot(
          "Example: wideberth sighting answer SG-7Q4M-K2 not-saying --person 'Col. D.'\nNot saying is an answer, and on time.\n")
      .action([said] { return answer(*said); });

  const auto list = std::make_shared<SightingOptions>();
  Command list_command = sighting.add("list", "List the sightings that wait for an answer");
  add_desk_options(list_command, list->desk);
  list_command.flag({.name = "--all", .help = "those that are answered too"}, list->all)
      .foot("Example: wideberth sighting list --all\n")
      .action([list] { return print_list(list->desk, "sightings", !list->all, lines_of_sighting); });
}

}  // namespace wideberth::cli
