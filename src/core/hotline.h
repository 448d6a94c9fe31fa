// What stands of what the parties say to each other: messages, calls, check-ins, relayed statements, sightings. One member of
// the state. An answer meets a deadline whenever it comes; a deadline that was missed before stays missed.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "core/entry.h"
#include "model/agreement.h"
#include "model/findings.h"
#include "model/hotline.h"
#include "model/sightings.h"

namespace wideberth::core {

/// Order in which what is due becomes entries: by time, then by what it is about.
using DueKey = std::tuple<Instant, EntryIndex, model::DeadlineKind, std::string>;

/// What became of a message or a sighting at one of those to whom it was said.
struct Heard {
  std::optional<EntryIndex> seen{}, answered{};
  std::optional<Instant> due{};               ///< by when an answer is owed; none where none is
  bool late = false;                          ///< answered after that
  std::optional<model::SightingWord> word{};  ///< to a sighting
  std::optional<EntryIndex> movement{};       ///< the revision that the answerer says was seen
};

struct MessageState {
  EntryIndex entry{};
  std::string id, party, agreement;  ///< HL-…; who said it; id of the agreement
  Instant received{};
  std::optional<Instant> occurred{};
  std::vector<EntryIndex> about;
  EntryIndex matter{};                       ///< the first message of the exchange that it belongs to
  std::optional<model::MessageSent> said{};  ///< none once erased
  /// Steps of the ladder before the one that it claims, which its party has not claimed in this matter before: what is not on
  /// record. A message is never refused for that: whoever it warns must get it.
  std::vector<std::int64_t> steps_missing;
  std::map<std::string, Heard> heard;  ///< by recipient
};

/// A call: as one side says it was. Silence about it is never agreement.
struct CallState {
  EntryIndex entry{};
  std::string id, party, other, agreement;
  Instant received{}, occurred{};
  Instant silent_from{};  ///< from then on it shows as silent, where the other side has said nothing
  std::vector<EntryIndex> about;
  std::optional<model::CallLogged> said{};
  std::optional<EntryIndex> confirmed{}, disputed{};
};
/// Where the agreement does not say within what time answers come, a call shows as silent after this.
inline constexpr Millis kSilentAfter = Millis::from_seconds(86'400);
/// "confirmed", "disputed", "open", "silent".
std::string_view standing_of(const CallState& call, Instant now);

/// What a party without a key said, as another heard it. It meets no deadline and is no act of that party.
struct RelayedState {
  EntryIndex entry{};
  std::string id, party, agreement;  ///< `party` relays
  Instant received{}, occurred{};
  std::vector<EntryIndex> about;
  std::optional<model::StatementRelayed> said{};
};

struct SightingState {
  EntryIndex entry{};
  std::string id, party, agreement;  ///< the agreement may be empty
  Instant received{};
  std::optional<model::SightingReported> said{};
  std::map<std::string, Heard> heard;
};

/// Whether a party was on the line when it had to be.
struct CheckInState {
  std::optional<EntryIndex> last{};
  Instant last_at{};
  std::optional<Instant> next{};  ///< the time that is owed next; none where nothing is owed
};

struct ReviewState {
  EntryIndex entry{};
  std::string party;
  model::PhrasesReviewed said;
};

struct Hotline {
  std::map<EntryIndex, MessageState> messages;
  std::map<EntryIndex, CallState> calls;
  std::map<EntryIndex, RelayedState> statements;
  std::map<EntryIndex, SightingState> sightings;
  std::map<std::pair<std::string, std::string>, CheckInState> check_ins;  ///< by agreement and party
  std::vector<ReviewState> reviews;
  /// Steps of the ladder that a party has claimed in a matter.
  std::map<std::pair<EntryIndex, std::string>, std::set<std::int64_t>> steps;
};

/// The first time of the rule that is later than `after`.
///  Law: it is one of the rule's times of day, and none of them lies between.
/// REQUIRES: the rule has a time.
Instant next_check_in(const model::CheckInRule& rule, Instant after);

/// By when an answer to a message or a sighting is owed under the agreement, and by which clause; none where none is owed. A
/// query, a protest and a sighting are answered within the time of `answer_within`, a hold and a warning within its shorter one
/// for amendments; an info is not answered. Queries and holds owe it by the rule; of the others an answer is owed where the
/// message asks for one.
struct AnswerOwed {
  Instant due{};
  std::string clause;
};
std::optional<AnswerOwed> answer_owed(const model::Agreement& agreement, const model::MessageSent& said, Instant received);
std::optional<AnswerOwed> answer_owed_to_sighting(const model::Agreement& agreement, Instant received);
/// The shortest time that a message of this class may ask for; none where no rule speaks.
std::optional<Millis> shortest_answer(const model::Agreement& agreement, model::MessageClass meant);
/// The clause of a deadline that rests on a message alone, where the agreement has no rule for answers.
inline constexpr std::string_view kAskedByMessage = "asked by the message";

}  // namespace wideberth::core
