// What notify and amend share: what the log found in a revision that was filed just now.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/id.h"
#include "cli/desk_options.h"
#include "json/writer.h"
#include "model/conflict.h"
#include "model/findings.h"
#include "model/pact_findings.h"
#include "model/reminders.h"

namespace wideberth::cli {

struct NotifyOptions {
  DeskOptions desk;
  std::string file, agreement, from, near, renew, until;
  bool again = false, good_rows = false, print_template = false;
};
/// The rows of a sheet (notify_from.cpp); a site or an activity anew until a later time (notify_renew.cpp).
int notify_from(const NotifyOptions& given);
int renew(const NotifyOptions& given);

/// What a Feature says, with its id, as one text: the same notice has the same.
std::string said_by(const model::Notification& notification);
base::IdKind kind_of_subject(model::Subject subject);
struct StandingNotice {
  std::string id;
  model::Notification notification;
};
/// The notifications of this party that stand. The server's word: who relies on one reads its entry.
Result<std::vector<StandingNotice>> read_standing(client::Desk& desk);

struct NotedConflict {
  base::EntryIndex entry{};
  model::ConflictFound found{};
};
struct LateNotice {
  base::EntryIndex entry{};  ///< the deadline.missed that records it
  model::Deadline deadline{};
};

/// A sender.warned about this revision: a party that withdrew is not reached by it.
struct NotedWarning {
  base::EntryIndex entry{};
  model::SenderWarned warned{};
};

struct Findings {
  std::vector<NotedConflict> conflicts{};      ///< of this notification, that stand, as its party may know them
  std::optional<model::ClearAll> clear_all{};  ///< what clears all of these at once; none where there are none
  std::vector<std::string> rules{};            ///< other rules touched, readings side by side: as JSON
  std::vector<std::string> rule_lines{};       ///< the same in words
  std::vector<NotedWarning> warned{};          ///< of parties that withdrew
  std::optional<LateNotice> late{};            ///< where the revision came after its notice was owed
};

/// As the server tells them.
Result<Findings> read_findings(client::Desk& desk, const std::string& id, base::EntryIndex revision);

/// Whether it says more than the advice of the one conflict that it is about.
bool says_more(const model::ClearAll& all);

/// Says that a revision was filed, then what the log found in it. Where that cannot be read the act stands all the same: it is
/// said, and "conflicts" is null in JSON. `reminders`, where there are any to be told, come last. Gives the exit code.
int tell_notified(Sitting& sitting, const client::Filed& filed, const std::string& id, std::string_view said, Told more = {},
                  const std::optional<std::vector<model::Reminder>>& reminders = {});

/// What a person may have forgotten in this revision of their own, from its signed part; none where it cannot be read.
std::optional<std::vector<model::Reminder>> reminders_of_entry(Sitting& sitting, base::EntryIndex revision);

/// "reminders": their names.
void write_reminders(json::Writer& writer, const std::vector<model::Reminder>& reminders);

}  // namespace wideberth::cli
