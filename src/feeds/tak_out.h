// What a party may see, as events for its own ATAK devices: corridors and areas of notified movements, conflicts, warnings.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "feeds/cot.h"
#include "model/alerts.h"
#include "model/conflict.h"
#include "model/conformance.h"
#include "model/encounters.h"
#include "model/notification.h"

namespace wideberth::feeds {

/// A notification that this party made or that was delivered to it: `id`, the entry of its revision, whose it is.
struct Notified {
  std::string id;
  EntryIndex revision{};
  std::string party;
  std::string view;  ///< "full" or "corridor"
  model::Notification notification{};
};

/// A movement becomes a route (b-m-r: its waypoints, and at its place 0,0 as ATAK's own), a circle u-d-c-c, an outer ring u-d-f.
/// Its times and half-width, for which ATAK has no field, stand in <__wideberth>. Stale when its window ends. The uid is the
/// id's, so that an amendment takes the place of what it amends.
CotEvent corridor_event(const Notified& notified, Instant now);

/// An exact conflict is a spot at the nearest place; a coarse one the outline of its cell, and says no more than that.
CotEvent conflict_event(const model::ConflictFound& found, EntryIndex entry, Instant now);

/// A warning: a spot where the party's own unit was last, and a message to all chat rooms, which ATAK shows at once. Without a
/// place the message alone. What it says of the other side is what the alert says. Stale after two minutes.
std::vector<CotEvent> alert_events(const model::AlertRaised& alert, EntryIndex entry, std::optional<geo::Place> own_place,
                                   Instant now);
/// A message that says how an alert ended; its spot is for Outbox::drop to take away.
CotEvent alert_over_event(const model::AlertClosed& closed, EntryIndex raised, Instant now);
std::string alert_uid(EntryIndex raised);

/// An encounter: a spot where the party's own unit was last, where that is known, and a message. What is said of the other side
/// is what the entry says. Stale after ten minutes.
std::vector<CotEvent> encounter_events(const model::EncounterOpened& opened, EntryIndex entry,
                                       std::optional<geo::Place> own_place, Instant now);
/// A message that says how it ended and which candidates there are, at most eight; its spot is for Outbox::drop to take away.
CotEvent encounter_over_event(const model::EncounterClosed& closed, EntryIndex opened, Instant now);
std::string encounter_uid(EntryIndex opened);
/// A message: a unit, or a movement of the other side, keeps to what was notified or no longer.
CotEvent conformance_event(const model::ConformanceChanged& changed, EntryIndex entry, Instant now);

/// Takes an event of this uid and type away from a device.
CotEvent delete_event(const std::string& uid, const std::string& type, Instant now);

/// One sentence, as the message says it.
std::string to_sentence(const model::AlertRaised& alert);

}  // namespace wideberth::feeds
