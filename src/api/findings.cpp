// Rules beside separations that a notification touches, and what follows under each reading, as the reader was told.
#include <algorithm>

#include "api/seen.h"
#include "base/id.h"
#include "core/disclosure.h"

namespace wideberth::api {

namespace {

struct Finding {
  EntryIndex entry{};
  model::EntryKind kind{};
  std::vector<std::string> told;
  bool current = false;
  std::string json;
};

/// Whether this revision is the latest of a notification that stands, as far as the reader may know.
bool still_stands(const Sight& sight, EntryIndex revision) {
  const core::NotificationState* of = sight.then.notification_at(revision);
  return of != nullptr && standing_seen(sight, *of) == core::Standing::standing && of->latest().entry == revision;
}

template <class Found>
void gather_findings(const Sight& sight, const std::vector<Found>& from, model::EntryKind kind, const std::string& movement,
                     std::vector<Finding>& into) {
  for (const Found& each : from) {
    if (!core::may_read_part(sight.now, each.entry, model::kFullPart, sight.party)) continue;
    bool about = movement.empty() || each.found.movement == movement, current = still_stands(sight, each.found.revision);
    if constexpr (requires { each.found.other_revision; }) {
      about = about || each.found.other == movement;
      current = current && (!each.found.other_revision || still_stands(sight, *each.found.other_revision));
    }
    if (about) into.push_back({each.entry, kind, each.told, current, model::to_json(each.found)});
  }
}

/// A sighting and what its owner has stated: of the revision that was named, or of a list of presence.
void gather_differing_sightings(const Sight& sight, const std::string& movement, std::vector<Finding>& into) {
  for (const core::DifferingSighting& each : sight.then.presence.differing) {
    if (!core::may_read_part(sight.now, each.entry, model::kFullPart, sight.party)) continue;
    if (!movement.empty() && each.found.movement != movement) continue;
    const bool current = !each.found.revision || still_stands(sight, *each.found.revision);
    into.push_back({each.entry, model::EntryKind::sighting_differs, each.told, current, model::to_json(each.found)});
  }
}

Result<Telling> look_at_findings(const Sight& sight, const http::Request& request) {
  WB_TRY(page, read_page(request));
  EntryIndex after{};
  if (!page.after.empty()) {
    WB_TRY(entry, parse_index(page.after, "after"));
    after = entry;
  }
  std::string movement;
  if (const auto asked = request.query_value("movement")) {
    WB_TRY(id, base::index_of(*asked));
    movement = base::id_of(id.kind, id.index);
  }
  std::vector<Finding> found;
  gather_findings(sight, sight.then.pacts.touched, model::EntryKind::rule_touched, movement, found);
  gather_findings(sight, sight.then.pacts.differs, model::EntryKind::reading_differs, movement, found);
  gather_differing_sightings(sight, movement, found);
  std::sort(found.begin(), found.end(), [](const Finding& a, const Finding& b) { return a.entry < b.entry; });
  if (!page.after.empty()) std::erase_if(found, [&](const Finding& each) { return each.entry <= after; });
  std::optional<std::string> next;
  if (found.size() > page.count) {
    found.resize(page.count);
    next = std::to_string(found.back().entry.value);
  }
  return Telling{[found = std::move(found), next](json::Writer& w) {
    w.key("findings").begin_array();
    for (const Finding& each : found) {
      w.begin_object();
      write_index(w, "entry", each.entry).key("kind").string(model::name_of(each.kind)).key("told").begin_array();
      for (const std::string& party : each.told) w.string(party);
      w.end_array().key("current").boolean(each.current).key("found").raw(each.json).end_object();
    }
    w.end_array();
    write_next(w, next);
  }};
}

}  // namespace

Routes finding_routes(const ServicePtr& service) {
  http::Route list =
      row("GET", "/v1/findings", "list_findings",
          "The rules that what was notified touches, and what follows under each reading, as the reader was told.");
  list.session = true;
  list.query = {"as-of", "movement", "count", "after"};
  list.handler = state_read(service, look_at_findings);
  return {list};
}

}  // namespace wideberth::api
