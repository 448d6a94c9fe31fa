// wideberth phrases: the phrases of a file, each with who has read it; and the entry by which a speaker says so.
#include <algorithm>
#include <map>
#include <memory>

#include "cli/cli.h"
#include "cli/files.h"
#include "cli/line.h"
#include "cli/party_text.h"
#include "cli/phrase_file.h"
#include "model/hotline.h"

namespace wideberth::cli {
namespace {

struct PhrasesOptions : LineOptions {
  std::string file, language, speaker, note;
};

/// Who has read these exact bytes, by language: "N. I. (of red, entry 812)".
Result<std::map<std::string, std::string>> read_reviews(const PhrasesOptions& given, const ledger::Hash& document) {
  std::map<std::string, std::string> reviewed;
  if (given.desk.server.empty()) return reviewed;
  WB_TRY(sitting, Sitting::open(given.desk));
  WB_TRY(tree, sitting->desk().get("/v1/line"));
  WB_TRY(list_at, json::Reader(tree).member("reviews"));
  WB_TRY(list, list_at.elements(0, 1'000'000));
  for (const json::Reader& each : list) {
    WB_TRY(document_at, each.member("said"));
    WB_TRY(said, model::parse_phrases_reviewed(json::to_json(document_at.value())));
    if (said.document != document) continue;
    WB_TRY(party_at, each.member("party"));
    WB_TRY(party, party_at.string(64));
    WB_TRY(entry_at, each.member("entry"));
    WB_TRY(entry, entry_at.integer(0, json::kMostInteger));
    reviewed[said.language] = said.speaker + " (of " + std::string(party) + ", entry " + std::to_string(entry) + ")";
  }
  return reviewed;
}

int list_phrases(const PhrasesOptions& given) {
  const auto bytes = read_file(given.file, kMostPhraseFileBytes);
  if (!bytes) return fail(bytes.error(), given.desk.json);
  const auto file = parse_phrase_file(*bytes);
  if (!file) return fail(file.error(), given.desk.json);
  const ledger::Hash document = ledger::sha256(*bytes);
  const auto reviews = read_reviews(given, document);
  if (!reviews) return fail(reviews.error(), given.desk.json);
  const auto reviewed_by = [&](const std::string& language) {
    const auto at = reviews->find(language);
    return at == reviews->end() ? std::string() : at->second;
  };
  if (given.desk.json) {
    json::Writer writer;
    writer.begin_object().key("document").string(ledger::to_base64(document)).key("phrases").begin_array();
    for (const Phrase& each : file->phrases)
      for (const auto& [language, words] : each.words) {
        writer.begin_object().key("phrase").string(each.name).key("class").string(each.meant).key("language").string(language);
        writer.key("text").string(words.text).key("pronounced").string(words.pronounced).key("answer").string(each.answer);
        const std::string by = reviewed_by(language);
        writer.key("reviewed_by");
        by.empty() ? writer.null() : writer.string(by);
        writer.end_object();
      }
    say(writer.end_array().end_object().take());
    return kDone;
  }
  say(in_quotes(file->about));
  for (const Phrase& each : file->phrases) {
    say(each.name + "  " + each.meant + (each.answer.empty() ? "" : ", answered by " + each.answer));
    for (const auto& [language, words] : each.words) {
      const std::string by = reviewed_by(language);
      say("  " + language + "  " + in_quotes(words.text) + "  [" + words.pronounced + "]  " +
          (by.empty() ? "unreviewed" : "reviewed by " + by));
    }
  }
  return kDone;
}

int review(const PhrasesOptions& given) {
  const auto bytes = read_file(given.file, kMostPhraseFileBytes);
  if (!bytes) return fail(bytes.error(), given.desk.json);
  const auto file = parse_phrase_file(*bytes);
  if (!file) return fail(file.error(), given.desk.json);
  if (std::find(file->languages.begin(), file->languages.end(), given.language) == file->languages.end())
    return wrong_usage("--language: one of the file's is needed.", given.desk.json);
  const model::PhrasesReviewed said{ledger::sha256(*bytes), given.language, given.speaker, given.note};
  return file_on_line(
      given,
      [&](Sitting& sitting) { return act_on_line(sitting, given, model::EntryKind::phrases_reviewed, model::to_json(said)); },
      given.file + " is reviewed for \"" + given.language + "\" by " + given.speaker + ": these bytes and no others.");
}

}  // namespace

void add_phrases(Command& program) {
  Command phrases = program.add("phrases", "What is said often, in several languages, and who has read it");
  const auto list = std::make_shared<PhrasesOptions>();
  Command list_command = phrases.add("list", "Show the phrases of a file; unreviewed, unless a speaker signed for its bytes");
  list_command.option({.name = "FILE", .help = "a file of phrases", .required = true}, list->file);
  add_desk_options(list_command, list->desk, false);
  list_command
      .foot("Example: wideberth phrases list scenarios/phrases/hotline.json\nWith --server, the reviews on record are shown.\n")
      .action([list] { return list_phrases(*list); });

  const auto given = std::make_shared<PhrasesOptions>();
  Command command = phrases.add("review", "Sign that a named speaker has read the phrases of one language");
  command.option({.name = "FILE", .help = "a file of phrases", .required = true}, given->file)
      .option({.name = "--language", .value = "CODE", .help = "which", .required = true}, given->language)
      .option({.name = "--speaker", .value = "NAME", .help = "who speaks it and has read them", .required = true}, given->speaker)
      .option({.name = "--note", .value = "TEXT", .help = "what is to be added"}, given->note)
      .option({.name = "--agreement", .value = "AG-ID", .help = "the agreement; not needed where only one holds"},
              given->agreement);
  add_desk_options(command, given->desk);
  command.foot("Example: wideberth phrases review hotline.json --language ru --speaker 'N. I.'\n").action([given] {
    return review(*given);
  });
}

}  // namespace wideberth::cli
