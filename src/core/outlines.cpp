#include "core/outlines.h"

#include <algorithm>
#include <tuple>

#include "core/state.h"

namespace wideberth::core {
namespace {

constexpr std::int64_t kStretch = 16;  ///< slots
constexpr std::int64_t kPole_e7 = 900'000'000;
constexpr Millis kTouch = Millis::from_ms(1);

bool is_polar(geo::Place south_west, std::int32_t cell_e7) {
  return south_west.lat_e7 <= -kPole_e7 || std::int64_t{south_west.lat_e7} + cell_e7 >= kPole_e7;
}

constexpr std::int64_t floor_div(std::int64_t a, std::int64_t b) { return a / b - (a % b != 0 && (a < 0) != (b < 0) ? 1 : 0); }

std::int64_t stretch_of(Instant slot_begin, Millis slot) { return floor_div(slot_begin.ms(), slot.ms() * kStretch); }

/// As `notification`, with all that is nearer than `distance` inside, and what only touches in time too. A thousandth more and
/// three metres: chords are shorter than the ground under them, and plans are cut to half a metre.
model::Notification widened(model::Notification notification, Metres distance) {
  const Metres more = distance + Metres::from_mm(distance.mm() / 1000) + Metres::from_metres(3);
  const auto longer = [](Interval window) { return Interval{window.from - kTouch, window.to + kTouch}; };
  if (auto* route = std::get_if<geo::Route>(&notification.where)) {
    route->half_width = route->half_width + more;
    for (geo::Waypoint& each : route->waypoints) each.window = longer(each.window);
  } else {
    auto& area = std::get<geo::Area>(notification.where);
    area.margin = area.margin + more;
    area.window = longer(area.window);
  }
  return notification;
}

/// The outline as runs; none where there is none.
std::vector<CellRun> outline_runs(const model::Notification& notification, const Grain& grain) {
  auto cells = model::cells_of(notification, grain.cell_e7, grain.slot);
  if (!cells) return {};
  return runs_of(*std::move(cells), grain.slot);
}

/// Calls with every list that a run belongs to.
template <class Call>
void each_stretch(const CellRun& run, Millis slot, const Call& call) {
  for (auto at = stretch_of(run.first, slot); at <= stretch_of(run.last, slot); ++at) call(at);
}

}  // namespace

std::set<Grain> coarse_grains(const model::Agreement& agreement, std::string_view from) {
  std::set<Grain> grains;
  for (const model::Party& each : agreement.parties) {
    if (each.party == from) continue;
    const auto as = agreement.disclosure(from, each.party);
    if (!is_exact(as.view)) grains.insert({as.cell_e7, as.slot});
  }
  return grains;
}

std::optional<geo::Plan> cell_plan(geo::Place sw, std::int32_t cell_e7, Interval window) {
  geo::Area area;
  const auto corner = [&](int east, int north) {
    const std::int64_t lon = std::int64_t{sw.lon_e7} + east * std::int64_t{cell_e7};
    const std::int64_t lat = std::min(std::int64_t{sw.lat_e7} + north * std::int64_t{cell_e7}, kPole_e7);
    return geo::Place{static_cast<std::int32_t>(lon > 1'800'000'000 ? lon - 3'600'000'000 : lon), static_cast<std::int32_t>(lat)};
  };
  area.window = window;
  area.line = geo::Line::lon_lat_linear;
  area.altitude = geo::AltitudeBand{Metres{}, Metres::from_metres(geo::kMaxAltitudeMetres)};
  area.rings = {{corner(0, 0), corner(1, 0), corner(1, 1), corner(0, 1), corner(0, 0)}};
  if (auto plan = geo::compile(area)) return std::move(*plan);
  const geo::Place a = corner(0, 0), b = corner(1, 1);
  area.rings.clear();
  area.centre = geo::Place{a.lon_e7, a.lat_e7};
  area.radius = Metres::from_metres(static_cast<std::int64_t>(geo::distance_m(a, b)) + 1 + cell_e7 / 50);
  if (auto plan = geo::compile(area)) return std::move(*plan);
  return std::nullopt;
}

std::vector<CellRun> runs_of(std::vector<model::CellSlot> cells, Millis slot) {
  const auto place = [](const auto& each) { return std::tuple(each.south_west.lat_e7, each.south_west.lon_e7); };
  std::sort(cells.begin(), cells.end(), [&](const model::CellSlot& a, const model::CellSlot& b) {
    return std::tuple(place(a), a.from) < std::tuple(place(b), b.from);
  });
  std::vector<CellRun> runs;
  for (const model::CellSlot& each : cells) {
    const bool goes_on = !runs.empty() && place(runs.back()) == place(each) && runs.back().last + slot == each.from;
    if (goes_on)
      runs.back().last = each.from;
    else
      runs.push_back({each.south_west, each.from, each.from});
  }
  return runs;
}

std::size_t OutlineIndex::Mixed::operator()(const Key& key) const noexcept {
  // Of no consequence for any answer: what is found is put in order.
  std::uint64_t mixed =
      static_cast<std::uint64_t>(static_cast<std::uint32_t>(key.cell.lon_e7)) << 32 | static_cast<std::uint32_t>(key.cell.lat_e7);
  for (const std::uint64_t each : {std::uint64_t{0}, static_cast<std::uint64_t>(key.stretch)}) {
    mixed = (mixed ^ each) * 0x9E3779B97F4A7C15U;
    mixed ^= mixed >> 29;
  }
  return mixed;
}

void OutlineIndex::insert(EntryIndex revision, const model::Notification& notification, const Grain& grain) {
  const std::vector<CellRun> runs = outline_runs(notification, grain);
  if (runs.empty()) return;
  Layer& layer = layers_[grain];
  ++layer.size;
  for (const CellRun& run : runs) {
    const Filed filed{run.first, run.last, revision};
    if (is_polar(run.south_west, grain.cell_e7))
      layer.polar.push_back(filed);
    else
      each_stretch(run, grain.slot, [&](std::int64_t at) { layer.cells[{run.south_west, at}].push_back(filed); });
  }
}

void OutlineIndex::erase(EntryIndex revision, const model::Notification& notification, const Grain& grain) {
  const auto found = layers_.find(grain);
  const std::vector<CellRun> runs = outline_runs(notification, grain);
  if (found == layers_.end() || runs.empty()) return;
  Layer& layer = found->second;
  std::size_t removed = 0;
  const auto remove = [&](std::vector<Filed>& from) {
    removed += std::erase_if(from, [&](const Filed& each) { return each.revision == revision; });
  };
  for (const CellRun& run : runs) {
    if (is_polar(run.south_west, grain.cell_e7)) {
      remove(layer.polar);
      continue;
    }
    each_stretch(run, grain.slot, [&](std::int64_t at) {
      const auto list = layer.cells.find({run.south_west, at});
      if (list == layer.cells.end()) return;
      remove(list->second);
      if (list->second.empty()) layer.cells.erase(list);
    });
  }
  if (removed > 0 && --layer.size == 0) layers_.erase(found);
}

std::size_t OutlineIndex::size() const {
  std::size_t size = 0;
  for (const auto& [grain, layer] : layers_) size += layer.size;
  return size;
}

std::vector<Grain> OutlineIndex::grains() const {
  std::vector<Grain> grains;
  for (const auto& [grain, layer] : layers_) grains.push_back(grain);
  return grains;
}

std::optional<std::set<EntryIndex>> OutlineIndex::near(const model::Notification& asked, Metres distance,
                                                       const Grain& grain) const {
  std::set<EntryIndex> found;
  const auto at = layers_.find(grain);
  if (at == layers_.end()) return found;
  auto cells = model::cells_of(widened(asked, distance), grain.cell_e7, grain.slot);
  if (!cells) return std::nullopt;
  for (const Filed& each : at->second.polar) found.insert(each.revision);
  for (const CellRun& run : runs_of(*std::move(cells), grain.slot))
    each_stretch(run, grain.slot, [&](std::int64_t stretch) {
      const auto list = at->second.cells.find({run.south_west, stretch});
      if (list == at->second.cells.end()) return;
      for (const Filed& each : list->second)
        if (each.first <= run.last && run.first <= each.last) found.insert(each.revision);
    });
  return found;
}

}  // namespace wideberth::core
