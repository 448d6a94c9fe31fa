// wideberth presence: what a party says that it has in an area, and what the others say.
#include <memory>

#include "base/bytes.h"
#include "cli/cli.h"
#include "cli/desk_options.h"
#include "model/presence.h"
#include "model/rules_text.h"

namespace wideberth::cli {
namespace {

using json::Reader;

struct PresenceOptions {
  DeskOptions desk;
  std::string id, clause, effect, reason;
  std::vector<std::string> classes;
};

Result<std::string> word_in(const Reader& at, std::string_view name) {
  WB_TRY(member, at.member(name));
  return member.text(4096, true);
}

/// "vehicle 12 truck BTR": a class, how many at most, and what observers call them.
Result<model::PresenceClass> read_class(const std::string& text) {
  std::vector<std::string> words(1);
  for (const char c : text) {
    if (c == ' ' && !words.back().empty())
      words.emplace_back();
    else if (c != ' ')
      words.back() += c;
  }
  if (words.back().empty()) words.pop_back();
  const auto most = base::parse_decimal(words.size() < 2 ? std::string() : words[1], 1'000'000);
  if (!most)
    return refuse(Rule::presence_list, "\"" + base::excerpt(text) + "\"",
                  "a class, a number, and words, such as \"vehicle 12 truck BTR\"", "--class");
  return model::PresenceClass{words[0], {words.begin() + 2, words.end()}, static_cast<std::int64_t>(*most)};
}

Result<std::string> document_of(const PresenceOptions& given) {
  model::PresenceStated said;
  said.clause = given.clause;
  said.reason = given.reason;
  for (const std::string& each : given.classes) {
    WB_TRY(line, read_class(each));
    said.classes.push_back(std::move(line));
  }
  if (!given.effect.empty()) {
    auto effect = base::Instant::parse(given.effect);
    if (!effect) {
      effect.error().where = "--effect";
      return tl::make_unexpected(std::move(effect).error());
    }
    said.effect = *effect;
  }
  std::string json = model::to_json(said);
  WB_TRY(checked, model::parse_presence_stated(json));
  static_cast<void>(checked);
  return json;
}

int state_presence(const PresenceOptions& given) {
  if (const auto id = read_id(given.id, "AG"); !id) return fail(id.error(), given.desk.json);
  const auto json = document_of(given);
  if (!json) return fail(json.error(), given.desk.json);
  const auto sitting = Sitting::open(given.desk);
  if (!sitting) return fail(sitting.error(), given.desk.json);
  const auto agreement = (*sitting)->agreement(given.id);
  if (!agreement) return fail(agreement.error(), given.desk.json);
  const auto act = client::about_agreement((*sitting)->desk(), *agreement, model::EntryKind::presence_stated, *json, {});
  const auto filed = (*sitting)->file(act);
  if (!filed) return fail(filed.error(), given.desk.json);
  return tell_filed(**sitting, *filed, agreement->id + ": what your side has by clause " + given.clause + " is on record.",
                    {{"id", agreement->id}});
}

Result<void> print_one(const Reader& list) {
  WB_TRY(agreement, word_in(list, "agreement"));
  WB_TRY(clause, word_in(list, "clause"));
  WB_TRY(party, word_in(list, "party"));
  WB_TRY(area, word_in(list, "area"));
  WB_TRY(classes_at, list.member("classes"));
  WB_TRY(classes, classes_at.elements(0, 1000));
  std::string line = party + " in " + area + " (clause " + clause + " of " + agreement + "): ";
  for (const Reader& each : classes) {
    WB_TRY(name, word_in(each, "platform_class"));
    WB_TRY(most_at, each.member("most"));
    WB_TRY(most, most_at.integer(0, json::kMostInteger));
    line += (&each == &classes.front() ? "" : ", ") + std::string("at most ") + std::to_string(most) + " " + name;
  }
  if (classes.empty()) line += "nothing";
  say(line);
  if (const auto next = list.find("next"); next && !next->is_null()) {
    WB_TRY(entry_at, next->member("entry"));
    WB_TRY(entry, entry_at.integer(0, json::kMostInteger));
    WB_TRY(effect, word_in(*next, "effect"));
    say("    another list from " + effect + " on: entry " + std::to_string(entry));
  }
  return {};
}

int list_presence(const PresenceOptions& given) {
  const auto sitting = Sitting::open(given.desk);
  if (!sitting) return fail(sitting.error(), given.desk.json);
  const auto tree = (*sitting)->desk().get("/v1/presence");
  if (!tree) return fail(tree.error(), given.desk.json);
  if (given.desk.json) {
    say(json::to_json(*tree));
    return kDone;
  }
  const auto told = [&]() -> Result<void> {
    WB_TRY(list_at, Reader(*tree).member("presence"));
    WB_TRY(lists, list_at.elements(0, 100'000));
    for (const Reader& each : lists) WB_TRY_VOID(print_one(each));
    if (lists.empty()) say("No agreement of yours has a clause on presence.");
    return {};
  }();
  return told ? kDone : fail(told.error(), given.desk.json);
}

}  // namespace

void add_presence(Command& program) {
  Command presence = program.add("presence", "What parties say that they have in areas: list, state");
  const auto list = std::make_shared<PresenceOptions>();
  Command list_command = presence.add("list", "List what parties say that they have in areas");
  add_desk_options(list_command, list->desk);
  list_command.foot("Example: wideberth presence list\n").action([list] { return list_presence(*list); });

  const auto given = std::make_shared<PresenceOptions>();
  Command command = presence.add("state", "State what your side has in the area of a clause, in place of its list before");
  command.option({.name = "ID", .help = "the agreement, such as AG-52XD-A0", .required = true}, given->id)
      .option({.name = "--clause", .value = "CLAUSE", .help = "the clause on presence", .required = true}, given->clause)
      .options({.name = "--class",
                .value = "TEXT",
                .help = "a class, how many at most, and what observers call them; none: your side has nothing there"},
               given->classes)
      .option({.name = "--effect", .value = "TIME", .help = "from when on; the end of the clause's notice where not given"},
              given->effect)
      .option({.name = "--reason", .value = "TEXT", .help = "why it changes", .required = true}, given->reason);
  add_desk_options(command, given->desk);
  command
      .foot(
          "Example: wideberth presence state AG-52XD-A0 --clause 5.4 --class 'vehicle 12 truck BTR' --reason 'A company is "
          "relieved.'\n")
      .action([given] { return state_presence(*given); });
}

}  // namespace wideberth::cli
