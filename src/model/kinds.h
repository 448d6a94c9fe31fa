// The one table of entry kinds: what each is called, who signs it, what it refers to and which parts it has.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace wideberth::model {

enum class EntryKind : unsigned char {
  log_opened,
  key_added,
  key_revoked,
  key_compromised,
  agreement_proposed,
  agreement_signed,
  agreement_reading,
  notification_filed,
  notification_amended,
  notification_withdrawn,
  notification_received,
  notification_acknowledged,
  notification_objected,
  notification_answered,
  notification_unit_informed,
  notification_completed,
  notification_outcome,
  positions_reported,
  alert_acknowledged,
  alert_snoozed,
  notification_suspended,
  notification_resumed,
  notification_queried,
  notification_query_answered,
  entry_crossed,
  unit_described,
  agreement_withdrawn,
  caution_joined,
  caution_left,
  consultation_held,
  incident_reported,
  message_sent,
  message_seen,
  message_answered,
  hotline_checked_in,
  call_logged,
  call_confirmed,
  call_disputed,
  phrases_reviewed,
  statement_relayed,
  sighting_reported,
  sighting_answered,
  watch_handed_over,
  notification_delivered,
  notification_expired,
  conflict_found,
  alert_raised,
  alert_closed,
  conformance_changed,
  encounter_opened,
  encounter_closed,
  deadline_missed,
  deadline_channel_down,
  channel_down,
  clock_stepped,
  seen_disputed,
  note_refused,
  rules_changed,
  crossed_disputed,
  rule_touched,
  reading_differs,
  sender_warned,
  agreement_left,
};

/// Whose key signs an entry of a kind: the log's own, a party's root key, or a key that a party's root key added.
enum class Signs : unsigned char { server, root, party };

/// Which parts an entry of a kind has: one named "full"; or that and the coarser ones, "corridor" and "outline", as the
/// agreement's disclosure rules ask.
enum class Parts : unsigned char { full, full_and_coarser };

struct KindRow {
  EntryKind kind;
  std::string_view name;  ///< as the entry's text has it: "notification.unit_informed"
  Signs signs;
  std::uint8_t least_refs;
  std::uint8_t most_refs;
  Parts parts;
  std::string_view refs;      ///< what the refs name, in order; empty where there are none
  std::string_view meaning;   ///< one line
  std::uint8_t officers = 0;  ///< persons of the same party whose signature lines follow the signer's
};

/// All kinds, in the order of EntryKind.
std::span<const KindRow> kinds() noexcept;
const KindRow& row_of(EntryKind kind) noexcept;
std::string_view name_of(EntryKind kind) noexcept;
/// "server", "root", "party".
std::string_view name_of(Signs signs) noexcept;
std::optional<EntryKind> kind_named(std::string_view name) noexcept;

/// Names of parts.
inline constexpr std::string_view kFullPart = "full";
inline constexpr std::string_view kCorridorPart = "corridor";
inline constexpr std::string_view kOutlinePart = "outline";

}  // namespace wideberth::model
