// A file of phrases: what is said often, in several languages, with how to pronounce it and what is to be answered. The file is
// data; who has read it is in the log, by the hash of its exact bytes.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/refusal.h"
#include "model/hotline.h"

namespace wideberth::cli {

inline constexpr std::size_t kMostPhraseFileBytes = std::size_t{1} << 20;
inline constexpr std::size_t kMostPhrases = 1'000;

struct PhraseWords {
  std::string text, pronounced;
};
struct Phrase {
  std::string name, meant, answer;           ///< short name; class of message; name of the phrase that answers it, or empty
  std::map<std::string, PhraseWords> words;  ///< by language
};
struct PhraseFile {
  std::string about;
  std::vector<std::string> languages;
  std::vector<Phrase> phrases;
};

/// {"about", "languages": [code…], "phrases": [{"phrase", "class", "answer"?, "words": {code: {"text", "pronounced"}}}]}. Every
/// phrase has every language; an answer names a phrase of the file. Refused with the json_ rules, name_malformed, name_twice.
base::Result<PhraseFile> parse_phrase_file(std::string_view json);
/// The words of a phrase in a language; of the first language where none is named. Refused with json_choice.
base::Result<std::string> words_of(const PhraseFile& file, std::string_view phrase, std::string_view language);
/// A phrase of the file, and what goes with it when it is said: in all its languages, under the hash of the file's bytes.
const Phrase* find_phrase(const PhraseFile& file, std::string_view phrase);
model::PhraseOf phrase_of(const PhraseFile& file, const Phrase& phrase, const ledger::Hash& document);

}  // namespace wideberth::cli
