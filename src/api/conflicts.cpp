// Conflicts as the reader was told them.
#include <algorithm>
#include <map>
#include <memory>

#include "api/seen.h"
#include "base/id.h"
#include "core/clearance.h"
#include "core/disclosure.h"

namespace wideberth::api {

namespace {

/// Whether this revision is the latest of a notification that stands, as far as the reader may know.
bool revision_stands(const Sight& sight, EntryIndex revision) {
  const core::NotificationState* of = sight.then.notification_at(revision);
  return of != nullptr && standing_seen(sight, *of) == core::Standing::standing && of->latest().entry == revision;
}

struct Told {
  core::ConflictState conflict;
  bool current;
  bool terms;  ///< what was measured may be told; otherwise which two it is about, and the clause
};

/// What clears all conflicts of a movement is told to those who see all that it conflicts with: its own side, and neutral
/// readers. To another side only its own conflicts with it are known.
struct Moving {
  std::shared_ptr<const geo::Plan> plan;
  std::vector<std::pair<std::size_t, std::shared_ptr<const geo::Plan>>> told{};  ///< which, and the other's plan
};
using Movings = std::map<std::string, Moving>;

/// The plan of a revision; none once erased, or where the reader knows of no such revision.
std::shared_ptr<const geo::Plan> plan_at(const core::State& state, EntryIndex revision) {
  const core::Revision* at = state.revision_at(revision);
  return at == nullptr ? nullptr : at->plan;
}

void add_sides(const Sight& sight, const model::ConflictFound& found, std::size_t which, Movings& into) {
  const bool exact = std::holds_alternative<model::ExactConflict>(found.what);
  const auto add = [&](EntryIndex own, EntryIndex other) {
    const core::NotificationState* of = sight.then.notification_at(own);
    const core::AgreementState* agreement = of == nullptr ? nullptr : sight.then.agreement(of->agreement);
    if (agreement == nullptr || (of->party != sight.party && !is_neutral(*agreement, sight.party))) return;
    auto plan = plan_at(sight.then, own);
    if (!plan) return;
    Moving& moving = into.try_emplace(of->id, Moving{std::move(plan)}).first->second;
    moving.told.emplace_back(which, exact ? plan_at(sight.then, other) : nullptr);
  };
  add(found.a_revision, found.b_revision);
  if (!found.b.empty()) add(found.b_revision, found.a_revision);
}

void write_clear_all(json::Writer& w, const std::vector<Told>& told, const Movings& movings) {
  w.key("clear_all").begin_array();
  for (const auto& [id, moving] : movings) {
    std::vector<core::ToldConflict> of;
    for (const auto& [which, other] : moving.told) of.push_back({&told[which].conflict.found, other});
    model::write_clear_all(w, core::clear_all(id, *moving.plan, of));
  }
  w.end_array();
}

void write_told(json::Writer& w, const Told& each) {
  w.begin_object();
  write_index(w, "entry", each.conflict.entry).key("told").begin_array();
  for (const std::string& party : each.conflict.told) w.string(party);
  w.end_array().key("current").boolean(each.current);
  const model::ConflictFound& found = each.conflict.found;
  if (each.terms) {
    w.key("found").raw(model::to_json(found)).end_object();
    return;
  }
  w.key("found").null().key("cited").begin_object().key("a").string(found.a).key("b").string(found.b);
  w.key("other_party").string(found.other_party).key("agreement").string(found.agreement).key("clause").string(found.clause);
  w.end_object().end_object();
}

Result<Telling> look_at_conflicts(const Sight& sight, const http::Request& request) {
  std::string movement;  // the one that is asked about; empty: all
  if (const auto asked = request.query_value("movement")) {
    WB_TRY(id, base::index_of(*asked));
    movement = base::id_of(id.kind, id.index);
  }
  WB_TRY(page, read_page(request));
  EntryIndex after{};
  if (!page.after.empty()) {
    WB_TRY(entry, parse_index(page.after, "after"));
    after = entry;
  }
  std::vector<Told> told;
  Movings movings;
  for (const core::ConflictState& each : sight.then.conflicts) {
    if (!movement.empty() && each.found.a != movement && each.found.b != movement) continue;
    if (!core::may_read(sight.now, each.entry, sight.party)) continue;
    // Where the reader may not know the other one, only the reader's own is looked at: whether the other was withdrawn
    // would be told by its absence.
    const bool current =
        revision_stands(sight, each.found.a_revision) && (each.found.b.empty() || revision_stands(sight, each.found.b_revision));
    const bool terms = !terms_hidden(sight, each.found.agreement);
    // What clears a movement's conflicts is said of the routes themselves.
    if (current && terms && each.found.a_route.empty() && each.found.b_route.empty())
      add_sides(sight, each.found, told.size(), movings);
    told.push_back(Told{each, current, terms});
  }
  // Of the others that it meets not all would be known here.
  if (!movement.empty()) std::erase_if(movings, [&](const auto& moving) { return moving.first != movement; });
  // All of them are needed for what clears all, which stands on the first page; what is written is the page.
  const auto begin = std::upper_bound(told.begin(), told.end(), after,
                                      [&](EntryIndex entry, const Told& each) { return entry < each.conflict.entry; });
  const auto from = page.after.empty() ? std::size_t{0} : static_cast<std::size_t>(begin - told.begin());
  const std::size_t to = std::min(told.size(), from + page.count);
  std::optional<std::string> next;
  if (to < told.size()) next = std::to_string(told[to - 1].conflict.entry.value);
  if (!page.after.empty()) movings.clear();
  return Telling{[told = std::move(told), movings = std::move(movings), from, to, next](json::Writer& w) {
    w.key("conflicts").begin_array();
    for (std::size_t i = from; i < to; ++i) write_told(w, told[i]);
    w.end_array();
    write_clear_all(w, told, movings);
    write_next(w, next);
  }};
}

}  // namespace

Routes conflict_routes(const ServicePtr& service) {
  http::Route list = row("GET", "/v1/conflicts", "list_conflicts",
                         "The conflicts that the reader was told of, and what clears all of a movement's.");
  list.session = true;
  list.query = {"as-of", "movement", "count", "after"};
  list.handler = state_read(service, look_at_conflicts);
  return {list};
}

}  // namespace wideberth::api
