// The watch at a desk goes from one officer to the next: what is open then, signed by the desk and by both. The part `full` of
// watch.handed_over.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "model/findings.h"

namespace wideberth::model {

/// Most items in one list of what is open; of more, the first ones are handed over: by time due, by entry.
inline constexpr std::size_t kMostHandedOver = 10'000;

/// {"person", "key"}: who, and the key by which that person signs.
struct Officer {
  std::string person, key;
  friend bool operator==(const Officer&, const Officer&) = default;
};

/// {"kind", "party", "about", "due"}: what some party owes by then; `about` is the entry that it is about.
struct OpenDeadline {
  DeadlineKind kind = DeadlineKind::acknowledge;
  std::string party;
  EntryIndex about;
  Instant due;
  friend bool operator==(const OpenDeadline&, const OpenDeadline&) = default;
};

/// {"deadlines", "queries", "messages", "movements", "alarms"}: what is not settled, each list in a fixed order; the last four
/// are entries: unanswered questions, unanswered messages, the latest revision of what stands, alerts that are open.
struct OpenMatters {
  std::vector<OpenDeadline> deadlines;
  std::vector<EntryIndex> queries, messages, movements, alarms;
  friend bool operator==(const OpenMatters&, const OpenMatters&) = default;
};

/// {"outgoing", "incoming", "open", "remark"?}
struct WatchHandedOver {
  Officer outgoing, incoming;
  OpenMatters open;
  std::string remark;
  friend bool operator==(const WatchHandedOver&, const WatchHandedOver&) = default;
};

Result<WatchHandedOver> parse_watch_handed_over(std::string_view json);
std::string to_json(const WatchHandedOver& said);
/// What stands under "open".
std::string to_json(const OpenMatters& open);
Result<OpenMatters> parse_open_matters(std::string_view json);

/// Five characters and a check character by which two people see that they speak of the same list; form of a slip code.
std::string list_code(const OpenMatters& open);

}  // namespace wideberth::model
