// What a person may have forgotten. Reminders are for people who file and read; nothing is decided or recorded by them.
#pragma once

#include <string_view>
#include <vector>

#include "model/notification.h"

namespace wideberth::model {

enum class Reminder : unsigned char { night_marking };
/// "night_marking".
std::string_view name_of(Reminder reminder) noexcept;
/// A sentence: "It is dark for some of the way, and no marking that shows by night is stated."
std::string_view sentence_of(Reminder reminder) noexcept;

/// Whether the middle of the sun stands more than 6 degrees below the horizon (the end of civil twilight). To half a degree: no
/// refraction, no height of the place, the mean sun.
bool is_dark(geo::Place place, Instant at) noexcept;

/// Whether it is dark at any of its places while it may be there, looked at every ten minutes.
bool moves_in_the_dark(const Notification& notification);

/// night_marking: it is filed for an organisation or states its marking, it moves in the dark, and the marking stated shows
/// neither by night nor to a thermal sensor, or none is stated. A site stands by night too, so it is asked of sites likewise.
std::vector<Reminder> reminders_of(const Notification& notification);

}  // namespace wideberth::model
