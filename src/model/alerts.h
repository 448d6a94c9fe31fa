// Alerts as each side is told of them: the part `full` of alert.raised, alert.acknowledged, alert.snoozed and alert.closed.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "model/names.h"

namespace wideberth::model {

enum class AlertGrade : unsigned char { caution, warning };
/// "caution", "warning".
std::string_view name_of(AlertGrade grade) noexcept;

/// alert.raised: one entry for each side; its ref is the batch with the fix of the reader's own unit. Where the agreement gives
/// the reader warnings and no tracks, `other_unit` is empty and the numbers are coarse (coarsened).
struct AlertRaised {
  AlertGrade grade = AlertGrade::caution;
  std::string agreement;  ///< id
  std::string clause;     ///< of the rule by which the other's positions are used for the reader
  std::string unit;       ///< the reader's own
  std::uint32_t fix = 0;  ///< which one of the batch
  std::string other_party;
  std::string other_unit{};
  Instant at{};                           ///< the later of the two fixes
  Metres now{}, least{};                  ///< between them at `at`; the least, swept or ahead if both go straight on
  Millis in{};                            ///< from `at` to that least; 0 where it has been
  std::optional<EntryIndex> continues{};  ///< the alert.raised before this one that told the same reader of the same pair
  friend bool operator==(const AlertRaised&, const AlertRaised&) = default;
};
/// Distances up to the next 100 m, the time up to the next 10 s, no other unit: what a warning tells of whom one may not see.
AlertRaised coarsened(AlertRaised alert);

/// Why an alert ended for this side. `restarted`: the server began anew; what still holds is raised again with the next fixes.
enum class AlertEnd : unsigned char { eased, company, lost, snoozed, restarted };
/// "eased", "company", "lost", "snoozed", "restarted".
std::string_view name_of(AlertEnd end) noexcept;
struct AlertClosed {
  AlertEnd ended = AlertEnd::eased;
  Instant at{};
  friend bool operator==(const AlertClosed&, const AlertClosed&) = default;
};

/// Somebody has seen it; it stays open.
struct AlertAcknowledged {
  std::string person, post;
  friend bool operator==(const AlertAcknowledged&, const AlertAcknowledged&) = default;
};
/// This side hears no more of this pair, up to the grade of the alert, until then. The other side is told as before.
struct AlertSnoozed {
  std::string person, reason;
  Instant until{};
  friend bool operator==(const AlertSnoozed&, const AlertSnoozed&) = default;
};
inline constexpr Millis kLongestSnooze = Millis::from_seconds(86'400);

Result<AlertRaised> parse_alert_raised(std::string_view json);
Result<AlertClosed> parse_alert_closed(std::string_view json);
Result<AlertAcknowledged> parse_alert_acknowledged(std::string_view json);
Result<AlertSnoozed> parse_alert_snoozed(std::string_view json);
std::string to_json(const AlertRaised& alert);
std::string to_json(const AlertClosed& alert);
std::string to_json(const AlertAcknowledged& alert);
std::string to_json(const AlertSnoozed& alert);

}  // namespace wideberth::model
