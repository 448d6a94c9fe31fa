// Units as their parties describe them: the reader's own, and those that another party named the reader for.
#include <vector>

#include "api/read.h"
#include "core/disclosure.h"

namespace wideberth::api {
namespace {

Result<Telling> look_at_described_units(const Sight& sight, const http::Request& request) {
  static_cast<void>(request);
  std::vector<std::pair<std::string, core::UnitState>> told;
  for (const auto& [party, units] : sight.then.units.by_party)
    for (const auto& [name, unit] : units)
      if (core::may_read_part(sight.now, unit.entry, "full", sight.party)) told.emplace_back(party, unit);
  return Telling{[told = std::move(told)](json::Writer& w) {
    w.key("units").begin_array();
    for (const auto& [party, unit] : told) {
      w.begin_object().key("party").string(party);
      write_index(w, "entry", unit.entry).key("agreement").string(unit.agreement).key("to").begin_array();
      for (const std::string& to : unit.to) w.string(to);
      w.end_array().key("said").raw(model::to_json(*unit.said)).end_object();
    }
    w.end_array();
  }};
}

}  // namespace

Routes unit_routes(const ServicePtr& service) {
  http::Route list = row("GET", "/v1/units", "list_units", "What parties say of their units, as far as the reader may see it.");
  list.session = true;
  list.query = {"as-of"};
  list.handler = state_read(service, look_at_described_units);
  return {list};
}

}  // namespace wideberth::api
