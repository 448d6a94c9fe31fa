#include "cli/phrase_file.h"

#include <algorithm>

#include "base/bytes.h"
#include "json/reader.h"
#include "json/value.h"
#include "model/names.h"

namespace wideberth::cli {
namespace {

using base::Result;
using base::Rule;
using json::Reader;

Result<std::string> short_name_in(const Reader& at, std::string_view name) {
  WB_TRY(member, at.member(name));
  WB_TRY(text, member.text(64));
  if (!model::is_short_name(text))
    return member.refuse(Rule::name_malformed, "\"" + base::excerpt(text) + "\"", "such as \"hold-1\"");
  return std::move(text);
}

Result<PhraseWords> read_phrase_words(const Reader& at) {
  WB_TRY_VOID(at.only({"text", "pronounced"}));
  PhraseWords words;
  WB_TRY(text_at, at.member("text"));
  WB_TRY(text, text_at.text(model::kMostPhraseWords));
  WB_TRY(pronounced_at, at.member("pronounced"));
  WB_TRY(pronounced, pronounced_at.text(model::kMostPhraseWords));
  if (text.empty() || pronounced.empty())
    return at.refuse(Rule::json_length, "an empty text", "the words, and how they are said");
  words.text = std::move(text);
  words.pronounced = std::move(pronounced);
  return words;
}

Result<Phrase> read_phrase(const Reader& at, const std::vector<std::string>& languages) {
  WB_TRY_VOID(at.only({"phrase", "class", "answer", "words"}));
  Phrase phrase;
  WB_TRY(name, short_name_in(at, "phrase"));
  phrase.name = std::move(name);
  WB_TRY(class_at, at.member("class"));
  WB_TRY(meant, class_at.one_of({"info", "query", "warning", "hold", "protest", "answer"}));
  phrase.meant = std::string(meant);
  if (at.find("answer")) {
    WB_TRY(answer, short_name_in(at, "answer"));
    phrase.answer = std::move(answer);
  }
  WB_TRY(words_at, at.member("words"));
  for (const auto& [language, each] : words_at.members()) {
    if (std::find(languages.begin(), languages.end(), language) == languages.end())
      return each.refuse(Rule::json_member_unknown, "\"" + base::excerpt(language) + "\"", "the languages of the file");
    WB_TRY(words, read_phrase_words(each));
    phrase.words.emplace(language, std::move(words));
  }
  if (phrase.words.size() != languages.size())
    return words_at.refuse(Rule::json_member_missing, std::to_string(phrase.words.size()) + " languages",
                           "all " + std::to_string(languages.size()) + " of the file");
  return phrase;
}

}  // namespace

Result<PhraseFile> parse_phrase_file(std::string_view json) {
  WB_TRY(tree, json::parse(json, {.most_bytes = kMostPhraseFileBytes}));
  const Reader at(tree);
  WB_TRY_VOID(at.only({"about", "languages", "phrases"}));
  PhraseFile file;
  WB_TRY(about_at, at.member("about"));
  WB_TRY(about, about_at.text(model::kMostReason, true));
  file.about = std::move(about);
  WB_TRY(languages_at, at.member("languages"));
  WB_TRY(languages, languages_at.elements(1, model::kMostPhraseLanguages));
  for (const Reader& each : languages) {
    WB_TRY(language, each.text(16));
    if (!model::is_short_name(language))
      return each.refuse(Rule::name_malformed, "\"" + base::excerpt(language) + "\"", "such as \"en\"");
    file.languages.push_back(std::move(language));
  }
  WB_TRY(phrases_at, at.member("phrases"));
  WB_TRY(phrases, phrases_at.elements(1, kMostPhrases));
  const auto has = [&](const std::string& name) {
    return std::any_of(file.phrases.begin(), file.phrases.end(), [&](const Phrase& each) { return each.name == name; });
  };
  for (const Reader& each : phrases) {
    WB_TRY(phrase, read_phrase(each, file.languages));
    if (has(phrase.name)) return each.refuse(Rule::name_twice, "a second \"" + phrase.name + "\"", "each phrase once");
    file.phrases.push_back(std::move(phrase));
  }
  for (std::size_t i = 0; i < phrases.size(); ++i)
    if (!file.phrases[i].answer.empty() && !has(file.phrases[i].answer))
      return phrases[i].refuse(Rule::json_choice, "the answer \"" + file.phrases[i].answer + "\"", "a phrase of the file");
  return file;
}

const Phrase* find_phrase(const PhraseFile& file, std::string_view phrase) {
  for (const Phrase& each : file.phrases)
    if (each.name == phrase) return &each;
  return nullptr;
}

model::PhraseOf phrase_of(const PhraseFile& file, const Phrase& phrase, const ledger::Hash& document) {
  model::PhraseOf of{document, {}};
  for (const std::string& language : file.languages) {
    const PhraseWords& words = phrase.words.at(language);
    of.words.push_back({language, words.text, words.pronounced});
  }
  return of;
}

Result<std::string> words_of(const PhraseFile& file, std::string_view phrase, std::string_view language) {
  const std::string_view in = language.empty() ? std::string_view(file.languages.front()) : language;
  if (const Phrase* found = find_phrase(file, phrase))
    if (const auto words = found->words.find(std::string(in)); words != found->words.end()) return words->second.text;
  return base::refuse(Rule::json_choice, "the phrase \"" + base::excerpt(phrase) + "\" in \"" + base::excerpt(in) + "\"",
                      "one that the file has; wideberth phrases list shows them", "--phrase");
}

}  // namespace wideberth::cli
