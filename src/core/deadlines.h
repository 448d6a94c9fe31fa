// What is due: deadlines that pass and notifications that end become entries, in order of time.
#pragma once

#include "core/decide.h"

namespace wideberth::core {

/// The next thing that falls due at or before `now`, as the entry that records it; none where nothing does. Asked again
/// after each application until it answers none, so that every entry stands before a note received at `now`.
/// A deadline that fell in an outage is recorded as such, never against a party.
std::optional<Draft> decide_due(const State& state, Instant now);

/// To whom a deadline is owed: who notified, asked or reported; for a check-in, the other parties to the agreement.
std::vector<std::string> owed_to(const State& state, const model::Deadline& deadline);

/// When the engine must wake next; none where nothing is pending.
std::optional<Instant> next_due(const State& state);

/// What is recorded, once, when the server's clock stands before an entry that was received already.
std::optional<Draft> decide_clock(const State& state, Instant clock);

/// What is recorded when the server starts again: the outage, if it was away for longer than a moment.
std::optional<Draft> decide_restart(const State& state, Instant last_alive, Instant now);

/// The deadlines that a delivery opens for its recipient, from the agreement's rules. What was already past when the view
/// lay ready (a unit to be informed before a start that was notified too late) is not owed.
std::vector<model::Deadline> deadlines_of(const AgreementState& agreement, const NotificationState& of, const Revision& revision,
                                          std::string_view recipient, Instant delivered_at);

/// The notice deadline that a revision did not keep, if the agreement asks for a lead that it did not have.
std::optional<model::Deadline> short_notice(const AgreementState& agreement, std::string_view party, std::string_view id,
                                            EntryIndex revision, const model::Notification& notification, Instant received);
/// The same of what starts then.
std::optional<model::Deadline> short_notice(const AgreementState& agreement, std::string_view party, std::string_view id,
                                            EntryIndex revision, Instant start, bool emergency, Instant received);

}  // namespace wideberth::core
