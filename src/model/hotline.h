// What is said between the parties beside what is notified: messages, calls, check-ins, what was heard by telephone. The part
// `full` of their kinds. Their texts are the party's own and may hold any word.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/hash.h"
#include "model/names.h"

namespace wideberth::model {

/// How a message is meant. `hold` asks the other side to stay where it is until it has answered.
enum class MessageClass : unsigned char { info, query, warning, hold, protest };
/// "info", "query", "warning", "hold", "protest".
std::string_view name_of(MessageClass each) noexcept;

inline constexpr std::int64_t kMostSteps = 32;  ///< of an escalation ladder
inline constexpr Millis kShortestAnswer = Millis::from_seconds(60);
inline constexpr Millis kLongestAnswer = Millis::from_seconds(30 * 86'400);

inline constexpr std::size_t kMostPhraseLanguages = 16;
inline constexpr std::size_t kMostPhraseWords = 500;  ///< bytes of a phrase in one language, and of how it is said
/// The words of a phrase in one language, as its file has them.
struct PhraseWords {
  std::string language, text, pronounced;
  friend bool operator==(const PhraseWords&, const PhraseWords&) = default;
};
/// {"document", "words": [{"language", "text", "pronounced"}…]}: which file a phrase is of, and the phrase in all its languages.
/// Whether a speaker has read that file is in the log (phrases.reviewed), never in what is said.
struct PhraseOf {
  ledger::Hash document{};  ///< SHA-256 of the file
  std::vector<PhraseWords> words;
  friend bool operator==(const PhraseOf&, const PhraseOf&) = default;
};

/// message.sent {"class", "text", "person", "post"?, "phrase"?, "phrase_of"?, "answer_within_s"?, "step"?}
struct MessageSent {
  MessageClass meant = MessageClass::info;
  std::string text, person;
  std::string post, phrase;               ///< may be empty; a phrase is named as its file names it
  std::optional<Millis> answer_within{};  ///< 60 s to 30 days
  std::optional<std::int64_t> step{};     ///< of the agreement's ladder, from 1, that this message claims to take
  std::optional<PhraseOf> phrase_of{};    ///< with `phrase` alone
  friend bool operator==(const MessageSent&, const MessageSent&) = default;
};
/// message.seen {"person", "post"?}
struct MessageSeen {
  std::string person, post;
  friend bool operator==(const MessageSeen&, const MessageSeen&) = default;
};
/// message.answered {"text", "person", "post"?, "phrase"?, "phrase_of"?}
struct MessageAnswered {
  std::string text, person, post, phrase;
  std::optional<PhraseOf> phrase_of{};  ///< with `phrase` alone
  friend bool operator==(const MessageAnswered&, const MessageAnswered&) = default;
};
/// hotline.checked_in {"person", "post"?, "note"?}
struct CheckedIn {
  std::string person, post, note;
  friend bool operator==(const CheckedIn&, const CheckedIn&) = default;
};
/// call.logged {"person", "spoke_with", "post"?, "said", "answered"?}: what the one side says was said, and what it heard.
struct CallLogged {
  std::string person, spoke_with, post, said, answered;
  friend bool operator==(const CallLogged&, const CallLogged&) = default;
};
/// call.confirmed {"person", "note"?}
struct CallConfirmed {
  std::string person, note;
  friend bool operator==(const CallConfirmed&, const CallConfirmed&) = default;
};
/// call.disputed {"person", "reason"}
struct CallDisputed {
  std::string person, reason;
  friend bool operator==(const CallDisputed&, const CallDisputed&) = default;
};
/// phrases.reviewed {"document", "language", "speaker", "note"?}: of these exact bytes, for one language.
struct PhrasesReviewed {
  ledger::Hash document{};  ///< SHA-256 of the file
  std::string language, speaker, note;
  friend bool operator==(const PhrasesReviewed&, const PhrasesReviewed&) = default;
};

/// What a relayed statement says of an agreement that was proposed; `none` of everything else.
enum class RelayedWord : unsigned char { none, agreed, not_agreed };
/// "", "agreed", "not agreed".
std::string_view name_of(RelayedWord word) noexcept;
/// statement.relayed {"of", "speaker", "post"?, "said", "read_back", "taken_by", "word"?}: never the word of the party itself.
struct StatementRelayed {
  std::string of;  ///< the party that has no key
  std::string speaker, post, said;
  std::string read_back;  ///< the word by which the speaker confirmed what was read back
  std::string taken_by;   ///< who took the call
  RelayedWord word = RelayedWord::none;
  friend bool operator==(const StatementRelayed&, const StatementRelayed&) = default;
};

Result<MessageSent> parse_message_sent(std::string_view json);
Result<MessageSeen> parse_message_seen(std::string_view json);
Result<MessageAnswered> parse_message_answered(std::string_view json);
Result<CheckedIn> parse_checked_in(std::string_view json);
Result<CallLogged> parse_call_logged(std::string_view json);
Result<CallConfirmed> parse_call_confirmed(std::string_view json);
Result<CallDisputed> parse_call_disputed(std::string_view json);
Result<PhrasesReviewed> parse_phrases_reviewed(std::string_view json);
Result<StatementRelayed> parse_statement_relayed(std::string_view json);

std::string to_json(const MessageSent& said);
std::string to_json(const MessageSeen& said);
std::string to_json(const MessageAnswered& said);
std::string to_json(const CheckedIn& said);
std::string to_json(const CallLogged& said);
std::string to_json(const CallConfirmed& said);
std::string to_json(const CallDisputed& said);
std::string to_json(const PhrasesReviewed& said);
std::string to_json(const StatementRelayed& said);

}  // namespace wideberth::model
