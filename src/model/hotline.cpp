#include "model/hotline.h"

#include <array>

#include "model/read.h"

namespace wideberth::model {
namespace {

using json::Reader;
using json::Writer;

constexpr std::array<std::string_view, 5> kClasses = {"info", "query", "warning", "hold", "protest"};
constexpr std::array<std::string_view, 3> kRelayedWords = {"", "agreed", "not agreed"};
constexpr std::array<std::string_view, 2> kRelayedChoices = {"agreed", "not agreed"};
constexpr std::size_t kMostHotlineBytes = std::size_t{64} << 10;

/// What a member of this name is read into, and how long it may be.
struct TextMember {
  std::string_view name;
  std::string* into;
  std::size_t most;
  bool needed, lines;
};

Result<void> read_texts(const Reader& at, std::initializer_list<TextMember> members) {
  for (const TextMember& each : members) {
    auto found =
        each.needed ? read::text(at, each.name, each.most, each.lines) : read::text_if_any(at, each.name, each.most, each.lines);
    if (!found) return tl::make_unexpected(std::move(found).error());
    *each.into = *std::move(found);
  }
  return {};
}
TextMember label(std::string_view name, std::string& into) { return {name, &into, kMostLabel, true, false}; }
TextMember label_if_any(std::string_view name, std::string& into) { return {name, &into, kMostLabel, false, false}; }
TextMember lines(std::string_view name, std::string& into) { return {name, &into, kMostReason, true, true}; }
TextMember lines_if_any(std::string_view name, std::string& into) { return {name, &into, kMostReason, false, true}; }

Result<std::string> phrase_if_any(const Reader& at) {
  const auto phrase = at.find("phrase");
  if (!phrase) return std::string();
  return read::short_name(*phrase);
}

Result<PhraseWords> read_phrase_words(const Reader& at) {
  WB_TRY_VOID(at.only({"language", "text", "pronounced"}));
  PhraseWords words;
  WB_TRY(language, read::short_name(at, "language"));
  words.language = std::move(language);
  WB_TRY_VOID(read_texts(at, {{"text", &words.text, kMostPhraseWords, true, false},
                              {"pronounced", &words.pronounced, kMostPhraseWords, true, false}}));
  return words;
}

/// Beside the name of the phrase, and each language once.
Result<std::optional<PhraseOf>> phrase_of_if_any(const Reader& at) {
  const auto of_at = at.find("phrase_of");
  if (!of_at) return std::optional<PhraseOf>();
  if (!at.find("phrase"))
    return of_at->refuse(base::Rule::json_member_missing, "no \"phrase\"", "the name of the phrase beside it");
  WB_TRY_VOID(of_at->only({"document", "words"}));
  PhraseOf of;
  WB_TRY(document, read::hash(*of_at, "document"));
  of.document = document;
  WB_TRY(words_at, of_at->member("words"));
  WB_TRY(words, words_at.elements(1, kMostPhraseLanguages));
  for (const Reader& each : words) {
    WB_TRY(one, read_phrase_words(each));
    for (const PhraseWords& before : of.words)
      if (before.language == one.language)
        return each.refuse(base::Rule::name_twice, "\"" + one.language + "\" twice", "each language once");
    of.words.push_back(std::move(one));
  }
  return std::optional<PhraseOf>(std::move(of));
}

void write_phrase_of(Writer& writer, const std::optional<PhraseOf>& of) {
  if (!of) return;
  writer.key("phrase_of").begin_object().key("document").string(ledger::to_base64(of->document)).key("words").begin_array();
  for (const PhraseWords& each : of->words) {
    writer.begin_object().key("language").string(each.language).key("text").string(each.text);
    writer.key("pronounced").string(each.pronounced).end_object();
  }
  writer.end_array().end_object();
}

Result<MessageSent> read_message_sent(const Reader& at) {
  WB_TRY_VOID(at.only({"class", "text", "person", "post", "phrase", "phrase_of", "answer_within_s", "step"}));
  MessageSent said;
  WB_TRY(class_at, at.member("class"));
  WB_TRY(meant, read::word<MessageClass>(class_at, kClasses));
  said.meant = meant;
  WB_TRY_VOID(read_texts(at, {lines("text", said.text), label("person", said.person), label_if_any("post", said.post)}));
  WB_TRY(phrase, phrase_if_any(at));
  said.phrase = std::move(phrase);
  WB_TRY(phrase_of, phrase_of_if_any(at));
  said.phrase_of = std::move(phrase_of);
  if (const auto within_at = at.find("answer_within_s")) {
    WB_TRY(within, read::seconds(*within_at, kShortestAnswer, kLongestAnswer));
    said.answer_within = within;
  }
  if (const auto step_at = at.find("step")) {
    WB_TRY(step, step_at->integer(1, kMostSteps));
    said.step = step;
  }
  return said;
}

Result<MessageSeen> read_message_seen(const Reader& at) {
  WB_TRY_VOID(at.only({"person", "post"}));
  MessageSeen said;
  WB_TRY_VOID(read_texts(at, {label("person", said.person), label_if_any("post", said.post)}));
  return said;
}

Result<MessageAnswered> read_message_answered(const Reader& at) {
  WB_TRY_VOID(at.only({"text", "person", "post", "phrase", "phrase_of"}));
  MessageAnswered said;
  WB_TRY_VOID(read_texts(at, {lines("text", said.text), label("person", said.person), label_if_any("post", said.post)}));
  WB_TRY(phrase, phrase_if_any(at));
  said.phrase = std::move(phrase);
  WB_TRY(phrase_of, phrase_of_if_any(at));
  said.phrase_of = std::move(phrase_of);
  return said;
}

Result<CheckedIn> read_checked_in(const Reader& at) {
  WB_TRY_VOID(at.only({"person", "post", "note"}));
  CheckedIn said;
  WB_TRY_VOID(read_texts(at, {label("person", said.person), label_if_any("post", said.post), lines_if_any("note", said.note)}));
  return said;
}

Result<CallLogged> read_call_logged(const Reader& at) {
  WB_TRY_VOID(at.only({"person", "spoke_with", "post", "said", "answered"}));
  CallLogged said;
  WB_TRY_VOID(read_texts(at, {label("person", said.person), label("spoke_with", said.spoke_with), label_if_any("post", said.post),
                              lines("said", said.said), lines_if_any("answered", said.answered)}));
  return said;
}

Result<CallConfirmed> read_call_confirmed(const Reader& at) {
  WB_TRY_VOID(at.only({"person", "note"}));
  CallConfirmed said;
  WB_TRY_VOID(read_texts(at, {label("person", said.person), lines_if_any("note", said.note)}));
  return said;
}

Result<CallDisputed> read_call_disputed(const Reader& at) {
  WB_TRY_VOID(at.only({"person", "reason"}));
  CallDisputed said;
  WB_TRY_VOID(read_texts(at, {label("person", said.person), lines("reason", said.reason)}));
  return said;
}

Result<PhrasesReviewed> read_phrases_reviewed(const Reader& at) {
  WB_TRY_VOID(at.only({"document", "language", "speaker", "note"}));
  PhrasesReviewed said;
  WB_TRY(document, read::hash(at, "document"));
  said.document = document;
  WB_TRY(language, read::short_name(at, "language"));
  said.language = std::move(language);
  WB_TRY_VOID(read_texts(at, {label("speaker", said.speaker), lines_if_any("note", said.note)}));
  return said;
}

Result<StatementRelayed> read_statement_relayed(const Reader& at) {
  WB_TRY_VOID(at.only({"of", "speaker", "post", "said", "read_back", "taken_by", "word"}));
  StatementRelayed said;
  WB_TRY(of, read::short_name(at, "of"));
  said.of = std::move(of);
  WB_TRY_VOID(read_texts(at, {label("speaker", said.speaker), label_if_any("post", said.post), lines("said", said.said),
                              label("read_back", said.read_back), label("taken_by", said.taken_by)}));
  if (const auto word_at = at.find("word")) {
    WB_TRY(choice, read::word<std::size_t>(*word_at, kRelayedChoices));
    said.word = choice == 0 ? RelayedWord::agreed : RelayedWord::not_agreed;
  }
  return said;
}

template <class Said>
Result<Said> whole(std::string_view json, Result<Said> (*read)(const Reader&)) {
  return read::whole<Said>(json, kMostHotlineBytes, read);
}

}  // namespace

std::string_view name_of(MessageClass each) noexcept { return kClasses[static_cast<std::size_t>(each)]; }
std::string_view name_of(RelayedWord word) noexcept { return kRelayedWords[static_cast<std::size_t>(word)]; }

Result<MessageSent> parse_message_sent(std::string_view json) { return whole(json, read_message_sent); }
Result<MessageSeen> parse_message_seen(std::string_view json) { return whole(json, read_message_seen); }
Result<MessageAnswered> parse_message_answered(std::string_view json) { return whole(json, read_message_answered); }
Result<CheckedIn> parse_checked_in(std::string_view json) { return whole(json, read_checked_in); }
Result<CallLogged> parse_call_logged(std::string_view json) { return whole(json, read_call_logged); }
Result<CallConfirmed> parse_call_confirmed(std::string_view json) { return whole(json, read_call_confirmed); }
Result<CallDisputed> parse_call_disputed(std::string_view json) { return whole(json, read_call_disputed); }
Result<PhrasesReviewed> parse_phrases_reviewed(std::string_view json) { return whole(json, read_phrases_reviewed); }
Result<StatementRelayed> parse_statement_relayed(std::string_view json) { return whole(json, read_statement_relayed); }

std::string to_json(const MessageSent& said) {
  Writer writer;
  writer.begin_object().key("class").string(name_of(said.meant)).key("text").string(said.text);
  writer.key("person").string(said.person);
  read::write_text_if_any(writer, "post", said.post);
  read::write_text_if_any(writer, "phrase", said.phrase);
  write_phrase_of(writer, said.phrase_of);
  if (said.answer_within) read::write_seconds(writer, "answer_within_s", *said.answer_within);
  if (said.step) writer.key("step").integer(*said.step);
  return writer.end_object().take();
}

std::string to_json(const MessageSeen& said) {
  Writer writer;
  writer.begin_object().key("person").string(said.person);
  read::write_text_if_any(writer, "post", said.post);
  return writer.end_object().take();
}

std::string to_json(const MessageAnswered& said) {
  Writer writer;
  writer.begin_object().key("text").string(said.text).key("person").string(said.person);
  read::write_text_if_any(writer, "post", said.post);
  read::write_text_if_any(writer, "phrase", said.phrase);
  write_phrase_of(writer, said.phrase_of);
  return writer.end_object().take();
}

std::string to_json(const CheckedIn& said) {
  Writer writer;
  writer.begin_object().key("person").string(said.person);
  read::write_text_if_any(writer, "post", said.post);
  read::write_text_if_any(writer, "note", said.note);
  return writer.end_object().take();
}

std::string to_json(const CallLogged& said) {
  Writer writer;
  writer.begin_object().key("person").string(said.person).key("spoke_with").string(said.spoke_with);
  read::write_text_if_any(writer, "post", said.post);
  writer.key("said").string(said.said);
  read::write_text_if_any(writer, "answered", said.answered);
  return writer.end_object().take();
}

std::string to_json(const CallConfirmed& said) {
  Writer writer;
  writer.begin_object().key("person").string(said.person);
  read::write_text_if_any(writer, "note", said.note);
  return writer.end_object().take();
}

std::string to_json(const CallDisputed& said) {
  Writer writer;
  writer.begin_object().key("person").string(said.person).key("reason").string(said.reason);
  return writer.end_object().take();
}

std::string to_json(const PhrasesReviewed& said) {
  Writer writer;
  writer.begin_object().key("document").string(ledger::to_base64(said.document)).key("language").string(said.language);
  writer.key("speaker").string(said.speaker);
  read::write_text_if_any(writer, "note", said.note);
  return writer.end_object().take();
}

std::string to_json(const StatementRelayed& said) {
  Writer writer;
  writer.begin_object().key("of").string(said.of).key("speaker").string(said.speaker);
  read::write_text_if_any(writer, "post", said.post);
  writer.key("said").string(said.said).key("read_back").string(said.read_back).key("taken_by").string(said.taken_by);
  read::write_text_if_any(writer, "word", name_of(said.word));
  return writer.end_object().take();
}

}  // namespace wideberth::model
