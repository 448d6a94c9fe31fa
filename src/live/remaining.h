// What is left of a movement, predicted anew from where the unit is, and what it now conflicts with.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "conflict/conflict.h"
#include "live/conformance.h"

namespace wideberth::live {

/// The rest of the route from `state` at `now`: from where the unit is to the next waypoint of its schedule and on. It is
/// taken to keep the pace of the schedule, as late or early as it is, and no faster than the schedule's own mean to the next
/// waypoint; each window keeps its width. None where nothing is left, or where what was notified is an area.
///  Law: on the route and on schedule, the rest is the rest of the route that was notified, to rounding.
std::optional<geo::Route> remaining(const Movement& movement, const Progress& progress, Place at, Instant now);

/// A conflict that was not there while the unit kept to its movement, or one of those that is gone again.
struct RemainingEvent {
  UnitIndex unit{};
  std::uint32_t movement{};
  base::EntryIndex other{};  ///< the plan it conflicts with, by its key in the index
  std::string with{};        ///< what people call it: "red's MV-7Q4M-K2"
  bool conflicts = false;    ///< false: no more
  Instant at{};
  double deviation_s = 0;
  geo::Meeting meeting{};  ///< of what remains (a) and the other
};
/// "9 min late: now conflicts with red's MV-7Q4M-K2 at 38S LF 1234 5678 in 34 min".
std::string sentence(const RemainingEvent& event);

/// Asks the index of standing plans what a unit that is late or off its route will meet.
class Foresight {
 public:
  struct Others {
    const conflict::Index* index = nullptr;
    /// What the plan under a key is owed by a movement; none: nothing, or it is that movement itself.
    std::function<std::optional<Metres>(const Movement& movement, base::EntryIndex key)> owed;
    std::function<std::string(base::EntryIndex key)> name;
    std::optional<Metres> widest{};  ///< nobody is owed more; without it every plan of the index is gone through
  };
  struct Limits {
    Millis again = Millis::from_seconds(60);   ///< a unit is asked for no more often
    Millis change = Millis::from_seconds(30);  ///< … and only if it is so much later or earlier than then, or off its route
  };
  explicit Foresight(Limits limits) : limits_{limits} {}
  Foresight() : Foresight(Limits{}) {}

  /// After the watcher judged the unit.
  void look(UnitIndex unit, const Watcher& watcher, const Track& track, const Others& others);

  const std::vector<RemainingEvent>& events() const { return events_; }
  void clear() { events_.clear(); }

 private:
  struct Of {
    Instant asked{};
    bool any = false, baseline = false;
    double deviation_s = 0;
    std::vector<base::EntryIndex> before{};                 ///< what the movement as notified conflicts with, rising
    std::map<base::EntryIndex, RemainingEvent> standing{};  ///< what was told
  };
  void compare(Of& of, std::vector<RemainingEvent> found, Instant at);

  Limits limits_;
  std::map<UnitIndex, Of> units_{};
  std::vector<RemainingEvent> events_{};
};

}  // namespace wideberth::live
