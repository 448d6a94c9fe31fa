#include "api/seen.h"

#include "model/disclosure.h"

namespace wideberth::api {

base::Interval window_seen(const Sight& sight, const core::NotificationState& of, const core::Revision& revision) {
  const core::AgreementState* agreement = sight.then.agreement(of.agreement);
  if (agreement == nullptr) return revision.window;
  const model::View view = core::view_of(*agreement, of.party, sight.party);
  if (core::is_exact(view)) return revision.window;
  return window_as(view, agreement->agreement->disclosure(of.party, sight.party).slot, revision);
}

base::Interval window_as(model::View view, Millis slot, const core::Revision& revision) {
  if (core::is_exact(view)) return revision.window;
  return {model::slot_of(revision.window.from, slot), model::slot_of(revision.window.to, slot) + slot};
}

core::Standing standing_seen(const Sight& sight, const core::NotificationState& of) {
  if (of.standing != core::Standing::expired) return of.standing;
  const bool over = sight.at >= window_seen(sight, of, of.latest()).to;
  return over ? core::Standing::expired : core::Standing::standing;
}

}  // namespace wideberth::api
