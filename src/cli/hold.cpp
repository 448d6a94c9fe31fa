// wideberth suspend, resume, query, reply: what happens to a movement between its filing and its end.
#include <memory>

#include "base/bytes.h"
#include "cli/cli.h"
#include "cli/movement_act.h"

namespace wideberth::cli {
namespace {

struct ReplyOptions : MovementActOptions {
  std::string question;  ///< the index of its entry; empty: the oldest that is open
};

/// The question that is meant: the one named, or the oldest without an answer.
Result<client::MovementView::Query> find_question(const client::MovementView& movement, const std::string& named) {
  for (const client::MovementView::Query& each : movement.queries)
    if (named.empty() ? !each.answered : named == std::to_string(each.entry.value)) return each;
  return refuse(Rule::query_unknown,
                named.empty() ? "no question about " + movement.id + " is open" : "\"" + base::excerpt(named) + "\"",
                "the entry of a question about " + movement.id + ", as wideberth show tells it");
}

void add_suspend(Command& program) {
  const auto given = std::make_shared<MovementActOptions>();
  given->own = true;
  Command command = program.add("suspend", "Suspend a movement of yours: it waits");
  add_movement_options(command, *given);
  command.option({.name = "--reason", .value = "TEXT", .help = "why, in a sentence", .required = true}, given->reason)
      .option({.name = "--at", .value = "TEXT", .help = "where it waits, such as the name of a holding point"}, given->post)
      .foot(
          "Example: wideberth suspend MV-7Q4M-K2 --reason \"Fire near the bridge.\" --at \"the mill\"\n"
          "It stays on record as it was filed. Amend it where it will go another way; then resume it.\n")
      .action([given] {
        return act_on_movement(*given, "is suspended.",
                               [given](Sitting&, const client::MovementView& movement) -> Result<client::Act> {
                                 return client::suspend(movement, {given->reason, given->post});
                               });
      });
}

void add_resume(Command& program) {
  const auto given = std::make_shared<MovementActOptions>();
  given->own = true;
  Command command = program.add("resume", "Resume a movement of yours that was suspended");
  add_movement_options(command, *given);
  command.option({.name = "--note", .value = "TEXT", .help = "a remark"}, given->reason)
      .foot("Example: wideberth resume MV-7Q4M-K2 --note \"By the south.\"\n")
      .action([given] {
        return act_on_movement(*given, "is resumed.",
                               [given](Sitting&, const client::MovementView& movement) -> Result<client::Act> {
                                 return client::resume(movement, given->reason);
                               });
      });
}

void add_query(Command& program) {
  const auto given = std::make_shared<MovementActOptions>();
  Command command = program.add("query", "Ask the other side something about a movement of theirs");
  add_movement_options(command, *given);
  command.option({.name = "--person", .value = "TEXT", .help = "who asks", .required = true}, given->person)
      .option({.name = "--question", .value = "TEXT", .help = "what is asked", .required = true}, given->reason)
      .foot(
          "Example: wideberth query MV-7Q4M-K2 --person \"Capt. R.\" --question \"Is the bus part of the convoy?\"\n"
          "One question at a time about one revision; the answer is owed as soon as the agreement says.\n")
      .action([given] {
        if (given->reason.empty()) return wrong_usage("--question is empty; what is asked is needed.", given->desk.json);
        return act_on_movement(*given, "is asked about.",
                               [given](Sitting&, const client::MovementView& movement) -> Result<client::Act> {
                                 return client::query(movement, {given->person, given->reason});
                               });
      });
}

void add_reply(Command& program) {
  const auto given = std::make_shared<ReplyOptions>();
  given->own = true;
  Command command = program.add("reply", "Answer a question about a movement of yours");
  add_movement_options(command, *given);
  command.option({.name = "--person", .value = "TEXT", .help = "who answers", .required = true}, given->person)
      .option({.name = "--answer", .value = "TEXT", .help = "the answer", .required = true}, given->reason)
      .option({.name = "--question", .value = "ENTRY", .help = "the entry of the question; the oldest open one without"},
              given->question)
      .foot(
          "Example: wideberth reply MV-7Q4M-K2 --person \"Lt. B.\" --answer \"It is, with 22 people.\"\n"
          "It goes to who asked, and is no consent to anything.\n")
      .action([given] {
        if (given->reason.empty()) return wrong_usage("--answer is empty; what is answered is needed.", given->desk.json);
        return act_on_movement(*given, "is answered for.",
                               [given](Sitting&, const client::MovementView& movement) -> Result<client::Act> {
                                 WB_TRY(question, find_question(movement, given->question));
                                 return client::answer_query(question.entry, question.by, {given->person, given->reason});
                               });
      });
}

}  // namespace

void add_holds(Command& program) {
  add_suspend(program);
  add_resume(program);
  add_query(program);
  add_reply(program);
}

}  // namespace wideberth::cli
