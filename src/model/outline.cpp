#include "model/outline.h"

#include <algorithm>
#include <array>
#include <tuple>

#include "model/read.h"

namespace wideberth::model {
namespace {

using json::Reader;
using json::Writer;

constexpr std::array<std::string_view, 3> kOutlineSubjectNames = {"movement", "activity", "site"};
constexpr std::int64_t kHalfTurn_e7 = 1'800'000'000;
constexpr std::int64_t kPoleLat_e7 = 900'000'000;

auto order_of(const CellSlot& cell) { return std::tuple(cell.from, cell.south_west.lat_e7, cell.south_west.lon_e7); }

Result<CellSlot> read_cell(const Reader& at, const Outline& outline) {
  WB_TRY(members, at.elements(3, 3));
  WB_TRY(lon, members[0].fixed(7, -kHalfTurn_e7, kHalfTurn_e7 - 1));
  WB_TRY(lat, members[1].fixed(7, -kPoleLat_e7, kPoleLat_e7 - 1));
  WB_TRY(from, members[2].instant());
  if (lon % outline.cell_e7 != 0 || lat % outline.cell_e7 != 0 || slot_of(from, outline.slot) != from)
    return at.refuse(base::Rule::outline_cell, "a cell or a slot that lies off the grid", "multiples of cell_deg and of slot_s");
  return CellSlot{{static_cast<std::int32_t>(lon), static_cast<std::int32_t>(lat)}, from};
}

Result<Outline> read_outline(const Reader& at) {
  WB_TRY_VOID(at.only({"type", "geometry", "properties"}));
  WB_TRY(type_at, at.member("type"));
  WB_TRY_VOID(type_at.one_of({"Feature"}));
  WB_TRY(geometry, at.member("geometry"));
  if (!geometry.is_null()) return geometry.refuse(base::Rule::outline_cell, "a geometry", "null: an outline is its cells");
  WB_TRY(properties, at.member("properties"));
  WB_TRY_VOID(properties.only({"party", "agreement", "subject", "cell_deg", "slot_s", "cells"}));
  Outline outline;
  WB_TRY(party, read::short_name(properties, "party"));
  outline.party = std::move(party);
  if (properties.find("agreement")) {
    WB_TRY(agreement, read::id(properties, "agreement"));
    outline.agreement = std::move(agreement);
  }
  WB_TRY(subject_at, properties.member("subject"));
  WB_TRY(subject, read::word<Subject>(subject_at, kOutlineSubjectNames));
  outline.subject = subject;
  WB_TRY(cell_at, properties.member("cell_deg"));
  WB_TRY(cell, cell_at.fixed(7, 1, kPoleLat_e7));
  outline.cell_e7 = static_cast<std::int32_t>(cell);
  WB_TRY(slot, read::seconds(properties, "slot_s", Millis::from_seconds(1), Millis::from_seconds(86'400)));
  outline.slot = slot;
  if (!is_grain(outline.cell_e7, outline.slot))
    return properties.refuse(base::Rule::disclosure_grain, "a cell or slot that does not divide evenly",
                             "such as 0.1 degrees and 3600 s");
  WB_TRY(cells_at, properties.member("cells"));
  WB_TRY(cells, cells_at.elements(1, kMostCellSlots));
  outline.cells.reserve(cells.size());
  for (const Reader& each : cells) {
    WB_TRY(found, read_cell(each, outline));
    if (!outline.cells.empty() && order_of(found) <= order_of(outline.cells.back()))
      return each.refuse(base::Rule::outline_cell, "a cell out of order, or twice",
                         "cells by time, then south, then west, each once");
    outline.cells.push_back(found);
  }
  return outline;
}

}  // namespace

Result<Outline> parse_outline(std::string_view json) { return read::whole<Outline>(json, kMostFeatureBytes, read_outline); }

std::string to_json(const Outline& outline) {
  Writer writer;
  writer.begin_object().key("type").string("Feature").key("geometry").null().key("properties").begin_object();
  writer.key("party").string(outline.party);
  read::write_text_if_any(writer, "agreement", outline.agreement);
  writer.key("subject").string(name_of(outline.subject)).key("cell_deg").fixed(outline.cell_e7, 7);
  read::write_seconds(writer, "slot_s", outline.slot).key("cells").begin_array();
  for (const auto& each : outline.cells)
    writer.begin_array()
        .fixed(each.south_west.lon_e7, 7)
        .fixed(each.south_west.lat_e7, 7)
        .string(base::to_short_text(each.from))
        .end_array();
  writer.end_array().end_object().end_object();
  return writer.take();
}

Interval window_of(const Outline& outline) {
  Interval window{outline.cells.front().from, outline.cells.front().from + outline.slot};
  for (const CellSlot& each : outline.cells) window.to = std::max(window.to, each.from + outline.slot);
  return window;
}

}  // namespace wideberth::model
