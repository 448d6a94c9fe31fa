// What the server itself states: deliveries, deadlines, outages, refusals. The part `full` of the kinds that it signs.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "ledger/hash.h"
#include "model/names.h"
#include "model/rules.h"

namespace wideberth::model {

/// notification.delivered {"recipient", "view", "bytes"}: what lay ready for whom.
struct Delivered {
  std::string recipient;  ///< a party
  View view = View::full;
  ledger::Hash bytes;  ///< SHA-256 of the exact bytes that were made ready
  friend bool operator==(const Delivered&, const Delivered&) = default;
};

/// query: the submitter owes an answer to a question about what it notified. message_answer, check_in, sighting: docs/hotline.md.
/// The last two are owed under an agreement and name no notification.
enum class DeadlineKind : unsigned char {
  notice,
  acknowledge,
  answer,
  unit_informed,
  query,
  message_answer,
  check_in,
  sighting,
  incident_report,
  consultation
};
/// The words are these names.
std::string_view name_of(DeadlineKind kind) noexcept;

struct Deadline {
  DeadlineKind kind = DeadlineKind::acknowledge;
  std::string party;  ///< who owed it
  /// Id: of what was notified, the message or the sighting; of the agreement, for a check-in; empty where it is owed under an
  /// agreement alone.
  std::string notification;
  /// The entry that it is about: the revision, message, sighting or report; the proposal, for a check-in; what began the term.
  EntryIndex revision;
  Instant due;
  std::string clause, agreement;
  friend bool operator==(const Deadline&, const Deadline&) = default;
};
/// deadline.missed {"kind", "party", "notification", "revision", "due", "clause", "agreement"}
struct DeadlineMissed {
  Deadline deadline;
  friend bool operator==(const DeadlineMissed&, const DeadlineMissed&) = default;
};
/// deadline.channel_down: the same, and {"outage": [from, to]}: it fell due while the channel was down and counts against nobody.
struct DeadlineChannelDown {
  Deadline deadline;
  Interval outage;
  friend bool operator==(const DeadlineChannelDown&, const DeadlineChannelDown&) = default;
};
/// channel.down {"outage": [from, to], "cause"}
struct ChannelDown {
  Interval outage;
  std::string cause;
  friend bool operator==(const ChannelDown&, const ChannelDown&) = default;
};
/// clock.stepped {"from", "to"}: the server's clock went from the one to the other.
struct ClockStepped {
  Instant from, to;
  friend bool operator==(const ClockStepped&, const ClockStepped&) = default;
};
/// seen.disputed {"size", "claimed", "ours"}: a signer says that it saw another root at this size than ours.
struct SeenDisputed {
  std::uint64_t size = 0;
  ledger::Hash claimed, ours;
  friend bool operator==(const SeenDisputed&, const SeenDisputed&) = default;
};
/// note.refused {"text", "signer", "number", "rule", "found"}: the note with this text hash used its number up.
struct NoteRefused {
  ledger::Hash text;
  std::string signer;
  std::uint64_t number = 0;
  std::string rule, found;  ///< the code of the rule, and what was found (cut to kMostReason)
  friend bool operator==(const NoteRefused&, const NoteRefused&) = default;
};
/// notification.expired {"notification"}
struct Expired {
  std::string notification;
  friend bool operator==(const Expired&, const Expired&) = default;
};
/// rules.changed {"rules"}: the version of decide and apply from the next entry on.
struct RulesChanged {
  std::uint32_t rules = 0;
  friend bool operator==(const RulesChanged&, const RulesChanged&) = default;
};

Result<Delivered> parse_delivered(std::string_view json);
Result<DeadlineMissed> parse_deadline_missed(std::string_view json);
Result<DeadlineChannelDown> parse_deadline_channel_down(std::string_view json);
Result<ChannelDown> parse_channel_down(std::string_view json);
Result<ClockStepped> parse_clock_stepped(std::string_view json);
Result<SeenDisputed> parse_seen_disputed(std::string_view json);
Result<NoteRefused> parse_note_refused(std::string_view json);
Result<Expired> parse_expired(std::string_view json);
Result<RulesChanged> parse_rules_changed(std::string_view json);

std::string to_json(const Delivered& finding);
std::string to_json(const DeadlineMissed& finding);
std::string to_json(const DeadlineChannelDown& finding);
std::string to_json(const ChannelDown& finding);
std::string to_json(const ClockStepped& finding);
std::string to_json(const SeenDisputed& finding);
std::string to_json(const NoteRefused& finding);
std::string to_json(const Expired& finding);
std::string to_json(const RulesChanged& finding);

}  // namespace wideberth::model
