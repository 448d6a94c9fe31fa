// Encounters, and whether units keep to what was notified, as the reader was told of them.
#include <vector>

#include "api/read.h"
#include "core/disclosure.h"

namespace wideberth::api {
namespace {

constexpr std::size_t kMostEncounters = 200, kMostConformance = 1'000;  ///< in one answer

/// The encounter distance and the tests of conduct are the agreement's: without its text no more than that there was one.
void hide_terms(const Sight& sight, core::EncounterState& encounter) {
  if (core::may_read_part(sight.now, encounter.entry, model::kFullPart, sight.party)) return;
  encounter.opened.reset();
  encounter.closed.reset();
}

void write_encounter(json::Writer& w, const core::EncounterState& encounter) {
  w.begin_object();
  write_index(w, "entry", encounter.entry).key("told").string(encounter.party).key("opened");
  encounter.opened ? w.raw(model::to_json(*encounter.opened)) : w.null();
  write_index_or_null(w, "over", encounter.over).key("closed");
  encounter.closed ? w.raw(model::to_json(*encounter.closed)) : w.null();
  w.end_object();
}

Result<Telling> look_at_encounters(const Sight& sight, const http::Request& request) {
  WB_TRY(from, query_index(request, "from"));
  std::vector<core::EncounterState> told;
  std::optional<EntryIndex> next;
  const auto& all = sight.then.encounters.all;
  for (auto at = all.lower_bound(from.value_or(EntryIndex{})); at != all.end() && !next; ++at) {
    if (!core::may_read(sight.now, at->first, sight.party)) continue;
    if (told.size() == kMostEncounters) {
      next = at->first;
    } else {
      told.push_back(at->second);
      hide_terms(sight, told.back());
    }
  }
  return Telling{[told = std::move(told), next](json::Writer& w) {
    w.key("encounters").begin_array();
    for (const core::EncounterState& each : told) write_encounter(w, each);
    w.end_array();
    write_index_or_null(w, "next", next);
  }};
}

Result<Telling> look_at_conformance(const Sight& sight, const http::Request& request) {
  WB_TRY(from, query_index(request, "from"));
  std::vector<core::ConformanceState> told;
  std::optional<EntryIndex> next;
  const core::EncounterBook& book = sight.then.encounters;
  const auto& by_entry = book.conformance_by_entry;
  for (auto at = by_entry.lower_bound(from.value_or(EntryIndex{})); at != by_entry.end() && !next; ++at) {
    if (!core::may_read(sight.now, at->first, sight.party)) continue;
    if (told.size() == kMostConformance)
      next = at->first;
    else
      told.push_back(book.conformance.at(at->second));
  }
  return Telling{[told = std::move(told), next](json::Writer& w) {
    w.key("conformance").begin_array();
    for (const core::ConformanceState& each : told) {
      w.begin_object();
      write_index(w, "entry", each.entry).key("told").raw(model::to_json(*each.told)).end_object();
    }
    w.end_array();
    write_index_or_null(w, "next", next);
  }};
}

}  // namespace

Routes encounter_routes(const ServicePtr& service) {
  http::Route list = row("GET", "/v1/encounters", "list_encounters", "The encounters that the reader was told of.");
  list.session = true;
  list.query = {"as-of", "from"};
  list.handler = state_read(service, look_at_encounters);
  http::Route conformance =
      row("GET", "/v1/conformance", "list_conformance", "What units and movements were last said to do, as the reader was told.");
  conformance.session = true;
  conformance.query = {"as-of", "from"};
  conformance.handler = state_read(service, look_at_conformance);
  return {list, conformance};
}

}  // namespace wideberth::api
