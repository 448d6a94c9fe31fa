// Conflicts as the reader was told them.
#include "api/seen.h"
#include "core/disclosure.h"

namespace wideberth::api {

namespace {

/// Whether this revision is the latest of a notification that stands, as far as the reader may know.
bool revision_stands(const Sight& sight, EntryIndex revision) {
  const core::NotificationState* of = sight.then.notification_at(revision);
  return of != nullptr && standing_seen(sight, *of) == core::Standing::standing && of->latest().entry == revision;
}

Result<Telling> look_at_conflicts(const Sight& sight, const http::Request&) {
  struct Told {
    core::ConflictState conflict;
    bool current;
  };
  std::vector<Told> told;
  for (const core::ConflictState& each : sight.then.conflicts) {
    if (!core::may_read(sight.now, each.entry, sight.party)) continue;
    // Where the reader may not know the other one, only the reader's own is looked at: whether the other was withdrawn
    // would be told by its absence.
    const bool current =
        revision_stands(sight, each.found.a_revision) && (each.found.b.empty() || revision_stands(sight, each.found.b_revision));
    told.push_back(Told{each, current});
  }
  return Telling{[told = std::move(told)](json::Writer& w) {
    w.key("conflicts").begin_array();
    for (const Told& each : told) {
      w.begin_object();
      write_index(w, "entry", each.conflict.entry).key("told").begin_array();
      for (const std::string& party : each.conflict.told) w.string(party);
      w.end_array().key("current").boolean(each.current);
      w.key("found").raw(model::to_json(each.conflict.found)).end_object();
    }
    w.end_array();
  }};
}

}  // namespace

Routes conflict_routes(const ServicePtr& service) {
  http::Route list = row("GET", "/v1/conflicts", "list_conflicts", "The conflicts that the reader was told of.");
  list.session = true;
  list.query = {"as-of"};
  list.handler = state_read(service, look_at_conflicts);
  return {list};
}

}  // namespace wideberth::api
