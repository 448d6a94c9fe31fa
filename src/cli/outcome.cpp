// wideberth outcome: how it went; and how all went, counted.
#include <memory>

#include "base/bytes.h"
#include "cli/cli.h"
#include "cli/movement_act.h"
#include "cli/outcome_text.h"
#include "cli/paper.h"

namespace wideberth::cli {
namespace {

using enum model::OutcomeWord;
constexpr model::OutcomeWord kWords[] = {facilitated, impeded, delayed, denied, cancelled};

struct OutcomeOptions : MovementActOptions {
  bool counts = false;
  std::string since, until, of_party;
};

Result<model::OutcomeWord> read_outcome(const std::string& word) {
  for (const auto each : kWords)
    if (word == model::name_of(each)) return each;
  return refuse(Rule::json_choice, "\"" + base::excerpt(word) + "\"", "facilitated, impeded, delayed, denied or cancelled");
}

Result<std::string> number_at(const json::Reader& at, std::string_view name) {
  WB_TRY(member, at.member(name));
  WB_TRY(number, member.integer(0, json::kMostInteger));
  return std::to_string(number);
}

int tell_counts(const OutcomeOptions& given) {
  const auto sitting = Sitting::open(given.desk);
  if (!sitting) return fail(sitting.error(), given.desk.json);
  http::Fields query;
  const std::pair<const char*, const std::string*> asked[] = {
      {"since", &given.since}, {"until", &given.until}, {"party", &given.of_party}};
  for (const auto& [name, value] : asked)
    if (!value->empty()) query.emplace_back(name, *value);
  const auto document = (*sitting)->desk().get("/v1/outcomes", query);
  if (!document) return fail(document.error(), given.desk.json);
  if (given.desk.json) {
    say(json::to_json(*document));
    return kDone;
  }
  const auto lines = lines_of_counts(*document);
  if (!lines) return fail(lines.error());
  for (const std::string& line : *lines) say(line);
  return kDone;
}

int state(const OutcomeOptions& given) {
  const auto word = read_outcome(given.word);
  if (!word) return wrong_usage(word.error().found + " is no outcome; needed: " + word.error().accepted + ".", given.desk.json);
  return act_on_movement(given, "went as follows: " + given.word + ".",
                         [&](Sitting& sitting, const client::MovementView& movement) -> Result<client::Act> {
                           return client::state_outcome(sitting.desk(), movement, {*word, given.reason});
                         });
}

int outcome(const OutcomeOptions& given) {
  const bool asks = !given.since.empty() || !given.until.empty() || !given.of_party.empty();
  if (given.counts && (!given.id.empty() || !given.word.empty()))
    return wrong_usage("--counts counts all that is seen: no ID and WORD beside it.", given.desk.json);
  if (given.counts) return tell_counts(given);
  if (asks) return wrong_usage("--since, --until and --party go with --counts.", given.desk.json);
  if (given.id.empty() || given.word.empty()) return wrong_usage("ID and WORD are needed, or --counts.", given.desk.json);
  return state(given);
}

}  // namespace

Result<std::vector<std::string>> lines_of_counts(const json::Value& document) {
  WB_TRY(parties_at, json::Reader(document).member("parties"));
  WB_TRY(parties, parties_at.elements(0, 100'000));
  std::vector<std::string> lines;
  for (const json::Reader& each : parties) {
    WB_TRY(party_at, each.member("party"));
    WB_TRY(party, party_at.text(64));
    WB_TRY(notified, number_at(each, "notified"));
    std::string line = party + " notified " + notified + ":";
    WB_TRY(stated_at, each.member("stated"));
    WB_TRY(stated, stated_at.elements(0, 100'000));
    for (const json::Reader& side : stated) {
      WB_TRY(by_at, side.member("by"));
      WB_TRY(by, by_at.text(64));
      line += " by " + by;
      for (const auto word : kWords) {
        WB_TRY(count, number_at(side, model::name_of(word)));
        if (count != "0") line += " " + count + " " + std::string(model::name_of(word)) + ",";
      }
      line.back() = ';';
    }
    WB_TRY(without, number_at(each, "without"));
    WB_TRY(differ, number_at(each, "differ"));
    lines.push_back(line + " " + without + " without, " + differ + " on which they differ");
  }
  if (parties.empty()) lines.emplace_back("Nothing was notified then that you may see.");
  return lines;
}

void add_outcome(Command& program) {
  const auto given = std::make_shared<OutcomeOptions>();
  given->either = true;
  Command command = program.add("outcome", "State how a movement went; or count how all went");
  command.option({.name = "ID", .help = "its id, such as MV-7Q4M-K2: yours, or one that was delivered to you"}, given->id)
      .option({.name = "WORD", .help = "facilitated, impeded, delayed, denied, cancelled"}, given->word);
  add_desk_options(command, given->desk);
  add_paper_options(command, given->desk.paper);
  command.option({.name = "--note", .value = "TEXT", .help = "a remark"}, given->reason)
      .flag({.name = "--counts", .help = "count what was stated, by who notified and by who says so"}, given->counts)
      .option({.name = "--since", .value = "TIME", .help = "with --counts: of those that start then or later"}, given->since)
      .option({.name = "--until", .value = "TIME", .help = "with --counts: of those that start before then"}, given->until)
      .option({.name = "--party", .value = "PARTY", .help = "with --counts: of those that this party notified"}, given->of_party)
      .foot(
          "Example: wideberth outcome MV-7Q4M-K2 delayed --note \"Held for 40 minutes at the bridge.\"\n"
          "         wideberth outcome --counts --since 2026-03-01T00:00:00Z\n"
          "Each side says how it went for it; where they differ, both stand.\n")
      .action([given] { return outcome(*given); });
}

}  // namespace wideberth::cli
