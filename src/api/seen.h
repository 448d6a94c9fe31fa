// How exactly a reader may know when something ends. Inside this folder only.
#pragma once

#include "api/read.h"

namespace wideberth::api {

/// The window of a revision: to the millisecond for who may see the corridor, else outward to the disclosed slots.
base::Interval window_seen(const Sight& sight, const core::NotificationState& of, const core::Revision& revision);

/// The same, where the view and its slot are known already.
base::Interval window_as(model::View view, model::Millis slot, const core::Revision& revision);

/// How it stands. That it has expired is told to who may not know its end to the millisecond only once the disclosed slot is
/// over too; otherwise asking again and again would find the end out.
core::Standing standing_seen(const Sight& sight, const core::NotificationState& of);

}  // namespace wideberth::api
