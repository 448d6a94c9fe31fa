// wideberth notify --renew: a site or an activity stands on until a later time.
#include "cli/movement_act.h"
#include "cli/notify.h"

namespace wideberth::cli {
namespace {

/// The notice as it stands, with another end.
Result<model::Notification> renewed(const client::MovementView& movement, base::Instant until) {
  if (!movement.feature || movement.feature->is_route())
    return refuse(Rule::notification_subject, movement.id + " is a movement", "a site or an activity; amend a movement",
                  "--renew");
  model::Notification notification = *movement.feature;
  auto& area = std::get<geo::Area>(notification.where);
  if (until <= area.window.to)
    return refuse(Rule::span_backwards, "until " + to_short_text(until), "later than its end, " + to_short_text(area.window.to),
                  "--until");
  area.window.to = until;
  return notification;
}

}  // namespace

int renew(const NotifyOptions& given) {
  auto until = base::Instant::parse(given.until);
  if (!until) {
    until.error().where = "--until";
    return fail(until.error(), given.desk.json);
  }
  MovementActOptions options;
  options.desk = given.desk;
  options.id = given.renew;
  options.own = true;
  return act_on_movement(
      options, "is renewed.",
      [&](Sitting& sitting, const client::MovementView& movement) -> Result<client::Act> {
        WB_TRY(notification, renewed(movement, *until));
        WB_TRY(agreement, sitting.agreement(movement.agreement));
        return client::amend(sitting.desk(), agreement, movement, std::move(notification),
                             "Renewed until " + to_short_text(*until) + ".");
      },
      [&](Sitting& sitting, const client::Filed& filed, const client::MovementView& movement) {
        return tell_notified(sitting, filed, movement.id, movement.id + " is renewed until " + to_short_text(*until) + ".",
                             {{"id", movement.id}, {"revision", std::to_string(movement.revision.value)}},
                             reminders_of_entry(sitting, filed.index));
      });
}

}  // namespace wideberth::cli
