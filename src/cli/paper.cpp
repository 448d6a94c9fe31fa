// wideberth paper: acts that were done on paper and filed later; list them, confirm one, dispute one.
#include "cli/paper.h"

#include <memory>

#include "cli/cli.h"
#include "cli/line.h"
#include "model/paper.h"

namespace wideberth::cli {

using json::Reader;

void add_paper_options(Command& command, PaperOptions& into) {
  command
      .option({.name = "--on-paper",
               .value = "HOW",
               .help = "it was done earlier and is filed now: form, telephone, radio, courier, in-person"},
              into.how)
      .option({.name = "--on-paper-at", .value = "TIME", .help = "when it was done"}, into.at)
      .option({.name = "--on-paper-by", .value = "NAME", .help = "who did it"}, into.by)
      .option({.name = "--on-paper-post", .value = "NAME", .help = "that person's post"}, into.post)
      .option({.name = "--on-paper-reference", .value = "TEXT", .help = "the number of the form, the page of the book"},
              into.reference);
}

Result<void> put_on_paper(const PaperOptions& given, client::Act& act) {
  if (given.how.empty() && given.at.empty() && given.by.empty() && given.post.empty() && given.reference.empty()) return {};
  std::string how = given.how;
  for (char& c : how)
    if (c == '-' || c == '_') c = ' ';
  const auto means = model::paper_means_named(how);
  if (!means || given.by.empty() || given.at.empty())
    return refuse(Rule::paper_act, "--on-paper \"" + how + "\" by \"" + given.by + "\" at \"" + given.at + "\"",
                  "--on-paper form, telephone, radio, courier or in-person; with --on-paper-at TIME and --on-paper-by NAME",
                  "--on-paper");
  auto occurred = base::Instant::parse(given.at);
  if (!occurred) {
    occurred.error().where = "--on-paper-at";
    return tl::make_unexpected(std::move(occurred).error());
  }
  const std::string paper = model::to_json(model::OnPaper{*means, given.by, given.post, given.reference});
  WB_TRY(checked, model::parse_on_paper(paper));
  static_cast<void>(checked);
  act.occurred = *occurred;
  act.parts.push_back(client::ActPart{std::string(model::kPaperPart), paper});
  return {};
}

namespace {

Result<std::string> word_of(const Reader& at, std::string_view name) {
  WB_TRY(member, at.member(name));
  return member.text(4096, true);
}

Result<base::Instant> time_of(const Reader& at, std::string_view name) {
  WB_TRY(member, at.member(name));
  return member.instant();
}

std::string judged_by(const Reader& at) {
  std::string who;
  for (const auto& [party, entry] : at.members()) who += (who.empty() ? "" : ", ") + party;
  return who;
}

Result<std::vector<std::string>> lines_of_paper(const Reader& paper) {
  WB_TRY(entry_at, paper.member("entry"));
  WB_TRY(entry, entry_at.integer(0, json::kMostInteger));
  WB_TRY(party, word_of(paper, "party"));
  WB_TRY(kind, word_of(paper, "kind"));
  WB_TRY(occurred, time_of(paper, "occurred"));
  WB_TRY(received, time_of(paper, "received"));
  WB_TRY(standing, word_of(paper, "standing"));
  WB_TRY(said_at, paper.member("said"));
  std::vector<std::string> lines{"entry " + std::to_string(entry) + "  " + party + ", " + kind + ": done " +
                                 to_short_text(occurred) + " as " + party + " states, filed " + to_short_text(received) + " (" +
                                 standing + ")"};
  if (!said_at.is_null()) {
    WB_TRY(said, model::parse_on_paper(json::to_json(said_at.value())));
    lines.push_back("    by " + said.by + (said.post.empty() ? "" : ", " + said.post) + ": " + std::string(name_of(said.how)) +
                    (said.reference.empty() ? "" : " (" + said.reference + ")"));
  }
  WB_TRY(met_at, paper.member("met"));
  WB_TRY(met, met_at.elements(0, 1000));
  for (const Reader& each : met) {
    WB_TRY(what, word_of(each, "kind"));
    WB_TRY(due, time_of(each, "due"));
    lines.push_back("    " + what + ", due " + to_short_text(due) + ": met on paper, filed later; the miss stays on record");
  }
  WB_TRY(confirmed, paper.member("confirmed"));
  WB_TRY(disputed, paper.member("disputed"));
  if (const std::string who = judged_by(confirmed); !who.empty()) lines.push_back("    confirmed by " + who);
  if (const std::string who = judged_by(disputed); !who.empty()) lines.push_back("    disputed by " + who);
  return lines;
}

int judge_paper(const LineOptions& given, const std::string& words, bool confirm) {
  const auto kind = confirm ? model::EntryKind::paper_confirmed : model::EntryKind::paper_disputed;
  const std::string json = confirm ? model::to_json(model::PaperConfirmed{given.person, words})
                                   : model::to_json(model::PaperDisputed{given.person, words});
  return file_on_line(
      given, [&](Sitting& sitting) { return act_on_said(sitting, "papers", given.id, kind, json); },
      "The act of entry " + given.id + (confirm ? " is confirmed." : " is disputed; both words stand."));
}

}  // namespace

void add_paper(Command& program) {
  struct Options : LineOptions {
    std::string words;
    bool all = false;
  };
  Command paper = program.add("paper", "Acts on paper that were filed later: list, confirm, dispute");
  const auto list = std::make_shared<Options>();
  Command list_command = paper.add("list", "List the acts on paper of which nobody has said whether it was so");
  add_desk_options(list_command, list->desk);
  list_command.flag({.name = "--all", .help = "those that were confirmed or disputed too"}, list->all)
      .foot("Example: wideberth paper list --all\nAn act counts from when it was filed; the other time is its party's word.\n")
      .action([list] { return print_list(list->desk, "papers", !list->all, lines_of_paper); });

  const auto add_judging = [&](const char* name, const char* what, bool confirm) {
    const auto given = std::make_shared<Options>();
    Command command = paper.add(name, what);
    command.option({.name = "ENTRY", .help = "the index of the act's entry", .required = true}, given->id)
        .option({.name = "--person", .value = "NAME", .help = "who says so", .required = true}, given->person);
    if (confirm)
      command.option({.name = "--note", .value = "TEXT", .help = "what is to be added"}, given->words);
    else
      command.option({.name = "--reason", .value = "TEXT", .help = "what was otherwise", .required = true}, given->words);
    add_desk_options(command, given->desk);
    command
        .foot(std::string("Example: wideberth paper ") + name + " 812 --person 'Col. D.'" +
              (confirm ? "\n" : " --reason 'Nobody rang us.'\n"))
        .action([given, confirm] { return judge_paper(*given, given->words, confirm); });
  };
  add_judging("confirm", "Say that an act on paper was as the other side states", true);
  add_judging("dispute", "Say that an act on paper was otherwise than the other side states", false);
}

}  // namespace wideberth::cli
