// A movement as live follows it: what was notified, compiled, and where on it a unit is.
#pragma once

#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "geo/plan.h"
#include "live/fix.h"
#include "model/notification.h"

namespace wideberth::live {

/// A notification that stands. Shared, never changed: an amendment is another Movement under the same id.
struct Movement {
  std::string id;  ///< as it is known to people: "MV-7Q4M-K2"
  model::Notification notified;
  geo::Plan plan;
  Interval span{};                     ///< of the plan, its column's passing included
  std::vector<double> reach_m{};       ///< of a route: metres along it to the start of each piece, and to its end
  std::int64_t vehicles = 0;           ///< declared, escorts included; 0: nothing was declared
  bool every_vehicle_reports = false;  ///< each vehicle has a tracker of its own: then fewer tracks mean fewer vehicles
};

/// Refuses what model::compile refuses.
Result<std::shared_ptr<const Movement>> make_movement(std::string id, model::Notification notified,
                                                      bool every_vehicle_reports = false);

/// Where on its movement a unit is.
struct Progress {
  std::size_t piece = 0;
  double fraction = 0;     ///< of the piece, [0, 1]
  double off_m = 0;        ///< from the line, or from the edge of the area; 0 inside an area
  double deviation_s = 0;  ///< > 0: later than the latest; < 0: before the earliest; 0: within the window
  double along_m = 0;      ///< from the start, along the route
  bool within(const Movement& movement, double slack_m) const { return off_m <= movement.plan.half_width().metres() + slack_m; }
};

/// The place on the movement that `at` belongs to at an instant: where the corridor is passed more than once, the place that
/// can have been reached from `last`, and of those the one whose window fits best. A unit that waits within the corridor's
/// width of the start is not early, and one that has come to the end is not late.
/// Every piece that could be the answer is looked at, by way of the plan's box tree; `last` makes the ordinary case fast.
Progress locate(const Movement& movement, const Vec3& at, Instant when, const std::optional<Progress>& last, double moved_m);

/// Of a unit that was on this piece: where it is on it, if it is within the corridor, within the window and not at the piece's
/// end; none otherwise. Only fraction and off_m of the answer are set.
std::optional<Progress> keeps_to(const geo::Piece& piece, const Vec3& at, Instant when, double width2);

}  // namespace wideberth::live
