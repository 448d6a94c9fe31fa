// wideberth say: a message on the hotline; seen; answered; what was said.
#include <memory>

#include "base/bytes.h"
#include "cli/cli.h"
#include "cli/files.h"
#include "cli/line.h"
#include "cli/numbers.h"
#include "cli/paper.h"
#include "cli/phrase_file.h"
#include "model/hotline.h"

namespace wideberth::cli {
namespace {

using model::MessageClass;

struct SayOptions : LineOptions {
  std::string meant, within, step, phrases, language;
  bool all = false;
};

/// What is said: as typed, or a phrase with all that its file says of it.
struct Words {
  std::string text, meant;  ///< the class that the phrase has; empty where it is no phrase
  std::optional<model::PhraseOf> phrase_of{};
};

/// The text as typed, or that of the phrase in the language asked for.
Result<Words> read_words(const SayOptions& given) {
  if (given.phrase.empty() || !given.text.empty()) return Words{given.text, {}, {}};
  if (given.phrases.empty())
    return refuse(Rule::json_choice, "the phrase \"" + base::excerpt(given.phrase) + "\" without its file",
                  "--phrases with the file of phrases, or the words themselves", "--phrases");
  WB_TRY(bytes, read_file(given.phrases, kMostPhraseFileBytes));
  WB_TRY(file, parse_phrase_file(bytes));
  WB_TRY(text, words_of(file, given.phrase, given.language));
  const Phrase& phrase = *find_phrase(file, given.phrase);  // words_of found it
  return Words{std::move(text), phrase.meant, phrase_of(file, phrase, ledger::sha256(bytes))};
}

/// The class that was asked for; that of the phrase; info where neither is there. A phrase goes out as what its file says.
Result<MessageClass> read_class(const std::string& asked, const Words& words) {
  const std::string& meant = !asked.empty()        ? asked
                             : words.meant.empty() ? std::string(name_of(MessageClass::info))
                                                   : words.meant;
  if (!asked.empty() && !words.meant.empty() && asked != words.meant)
    return refuse(Rule::json_choice, "\"" + base::excerpt(asked) + "\"", words.meant + ", which the phrase is in its file",
                  "--class");
  for (const auto each :
       {MessageClass::info, MessageClass::query, MessageClass::warning, MessageClass::hold, MessageClass::protest})
    if (meant == name_of(each)) return each;
  if (asked.empty())
    return refuse(Rule::json_choice, "a phrase that answers", "wideberth say answer; or a phrase of another class", "--phrase");
  return refuse(Rule::json_choice, "\"" + base::excerpt(asked) + "\"", "info, query, warning, hold or protest", "--class");
}

Result<model::MessageSent> read_message(const SayOptions& given) {
  model::MessageSent said;
  WB_TRY(words, read_words(given));
  WB_TRY(meant, read_class(given.meant, words));
  said.meant = meant;
  said.text = std::move(words.text);
  said.phrase_of = std::move(words.phrase_of);
  said.person = given.person;
  said.post = given.post;
  said.phrase = given.phrase;
  if (!given.within.empty()) {
    auto within = parse_seconds(given.within, model::kLongestAnswer);
    if (!within) {
      within.error().where = "--answer-within";
      return tl::make_unexpected(std::move(within).error());
    }
    said.answer_within = *within;
  }
  if (!given.step.empty()) {
    const auto step = base::parse_decimal(given.step, static_cast<std::uint64_t>(model::kMostSteps));
    if (!step) return refuse(Rule::number_malformed, "\"" + base::excerpt(given.step) + "\"", "the number of a step", "--step");
    said.step = static_cast<std::int64_t>(*step);
  }
  // What the server would refuse is refused before anybody types a passphrase.
  return model::parse_message_sent(model::to_json(said));
}

int send(const SayOptions& given) {
  const auto said = read_message(given);
  if (!said) return fail(said.error(), given.desk.json);
  return file_on_line(
      given, [&](Sitting& sitting) { return act_on_line(sitting, given, model::EntryKind::message_sent, model::to_json(*said)); },
      "is said: " + std::string(name_of(said->meant)) + ".", base::IdKind::hotline);
}

void add_person(Command& command, LineOptions& into) {
  command.option({.name = "--person", .value = "NAME", .help = "who says so", .required = true}, into.person)
      .option({.name = "--post", .value = "NAME", .help = "that person's post"}, into.post);
}

void add_send(Command& say_command) {
  const auto given = std::make_shared<SayOptions>();
  Command command = say_command.add("message", "Say something to the other side, and ask for an answer or not");
  command.option({.name = "TEXT", .help = "the words; not needed with --phrase"}, given->text)
      .option({.name = "--class", .value = "WORD", .help = "info, query, warning, hold or protest; the phrase's own, else info"},
              given->meant)
      .option({.name = "--phrase", .value = "NAME", .help = "a phrase of the file of phrases"}, given->phrase)
      .option({.name = "--phrases", .value = "FILE", .help = "the file of phrases"}, given->phrases)
      .option({.name = "--language", .value = "CODE", .help = "the language of the phrase, such as en"}, given->language)
      .option(
          {.name = "--answer-within", .value = "SECONDS", .help = "by when an answer is asked for; no sooner than the agreement"},
          given->within)
      .option({.name = "--step", .value = "N", .help = "the step of the agreement's ladder that this is"}, given->step);
  add_person(command, *given);
  add_line_options(command, *given);
  add_paper_options(command, given->desk.paper);
  command
      .foot(
          "Example: wideberth say message --class hold --person 'Maj. A.' --about MV-7Q4M-K2 'Halt at the bridge, please.'\n"
          "A step of the ladder that is skipped is marked and goes out all the same.\n")
      .action([given] { return send(*given); });
}

}  // namespace

void add_say(Command& program) {
  Command say_command = program.add("say", "Messages on the hotline: say, see, answer, list");
  add_send(say_command);

  const auto seen = std::make_shared<SayOptions>();
  Command seen_command = say_command.add("seen", "Sign that a named person has read a message");
  seen_command.option({.name = "ID", .help = "HL-…, or the index of its entry", .required = true}, seen->id);
  add_person(seen_command, *seen);
  add_desk_options(seen_command, seen->desk);
  add_paper_options(seen_command, seen->desk.paper);
  seen_command.foot("Example: wideberth say seen HL-7Q4M-K2 --person 'Cpt. B.'\nThat is no answer.\n").action([seen] {
    return file_on_line(
        *seen,
        [&](Sitting& sitting) {
          return act_on_said(sitting, "messages", seen->id, model::EntryKind::message_seen,
                             model::to_json(model::MessageSeen{seen->person, seen->post}));
        },
        seen->id + " was seen; that is no answer.");
  });

  const auto answer = std::make_shared<SayOptions>();
  Command answer_command = say_command.add("answer", "Answer a message: the first answer of a party stands");
  answer_command.option({.name = "ID", .help = "HL-…, or the index of its entry", .required = true}, answer->id)
      .option({.name = "TEXT", .help = "the words; not needed with --phrase"}, answer->text)
      .option({.name = "--phrase", .value = "NAME", .help = "a phrase of the file of phrases"}, answer->phrase)
      .option({.name = "--phrases", .value = "FILE", .help = "the file of phrases"}, answer->phrases)
      .option({.name = "--language", .value = "CODE", .help = "the language of the phrase, such as en"}, answer->language);
  add_person(answer_command, *answer);
  add_desk_options(answer_command, answer->desk);
  add_paper_options(answer_command, answer->desk.paper);
  answer_command.foot("Example: wideberth say answer HL-7Q4M-K2 'We hold.' --person 'Cpt. B.'\n").action([answer] {
    const auto words = read_words(*answer);
    if (!words) return fail(words.error(), answer->desk.json);
    return file_on_line(
        *answer,
        [&](Sitting& sitting) {
          return act_on_said(sitting, "messages", answer->id, model::EntryKind::message_answered,
                             model::to_json(model::MessageAnswered{words->text, answer->person, answer->post, answer->phrase,
                                                                   words->phrase_of}));
        },
        answer->id + " is answered.");
  });

  const auto list = std::make_shared<SayOptions>();
  Command list_command = say_command.add("list", "List the messages that wait for somebody");
  add_desk_options(list_command, list->desk);
  list_command.flag({.name = "--all", .help = "those that are answered too"}, list->all)
      .foot("Example: wideberth say list --all\n")
      .action([list] { return print_list(list->desk, "messages", !list->all, lines_of_message); });
}

}  // namespace wideberth::cli
