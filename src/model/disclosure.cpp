#include "model/disclosure.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <tuple>

#include "base/check.h"
#include "geo/plan.h"
#include "model/feature_text.h"
#include "model/outline.h"
#include "model/read.h"

namespace wideberth::model {
namespace {

using json::Value;
using json::Writer;

// Only + - * / and square root below: who signs an outline and who checks it must come to the same cells on any machine.
constexpr double kDegreesPerRadian = 57.29577951308232;
constexpr double kLeastRadius_m = 6'335'439.0;  ///< no radius of curvature of WGS84 is smaller
constexpr double kSlack_m = 1.0;                ///< for the rounding of places to 1e-7 degrees, amply
constexpr std::int64_t kTurn_e7 = 3'600'000'000;
constexpr std::int64_t kPole_e7 = 900'000'000;
constexpr double kMetresPerDegree = 111'000.0;
constexpr double kMostCuts = 64.0;
constexpr std::size_t kMostAdditions = 100 * kMostCellSlots;  ///< bounds the work for a movement that goes to and fro

/// What a short straight line with its margin may touch, outward; longitudes may run beyond ±180 degrees, west to east.
struct Patch {
  std::int64_t south = 0, north = 0, west = 0, east = 0;  ///< 1e-7 degrees
  bool all_round = false;                                 ///< every longitude
};

geo::Vec3 point_of(const geo::Piece& piece, double u) { return piece.from + piece.along * u; }

std::int64_t short_way(std::int64_t difference) {
  if (difference > kTurn_e7 / 2) return difference - kTurn_e7;
  if (difference < -kTurn_e7 / 2) return difference + kTurn_e7;
  return difference;
}

double from_axis(const geo::Vec3& at) { return std::sqrt(at.x * at.x + at.y * at.y); }

/// Up to a 1e-7 degree, outward.
std::int64_t outward_e7(double radians) { return static_cast<std::int64_t>(std::ceil(radians * kDegreesPerRadian * 1e7)) + 1; }

Patch patch_of(const geo::Vec3& a, const geo::Vec3& b, double margin_m) {
  const geo::Place from = geo::to_place(a);
  const geo::Place to = geo::to_place(b);
  const double length = geo::norm(b - a);
  const double near_axis = std::min(from_axis(a), from_axis(b)) - length / 2 - margin_m;
  Patch patch;
  patch.all_round = !(near_axis > 2 * (margin_m + length));
  // Between its ends a line of this length strays toward the pole by at most length^2 / 8R times the tangent of the latitude.
  const double tangent = std::max(std::abs(a.z), std::abs(b.z)) / std::max(near_axis, 1.0);
  const double strays = patch.all_round ? length : length * length / (8 * kLeastRadius_m) * tangent * 1.02;
  const std::int64_t up = outward_e7((margin_m + strays) / kLeastRadius_m);
  patch.south = std::max<std::int64_t>(std::min(from.lat_e7, to.lat_e7) - up, -kPole_e7);
  patch.north = std::min<std::int64_t>(std::max(from.lat_e7, to.lat_e7) + up, kPole_e7);
  if (patch.north == kPole_e7 || patch.south == -kPole_e7) patch.all_round = true;
  if (patch.all_round) return patch;
  const std::int64_t across = short_way(std::int64_t{to.lon_e7} - from.lon_e7);
  const std::int64_t aside = outward_e7(margin_m / near_axis * 1.05);  // asin(t) <= 1.05 t for t <= 1/2
  patch.west = from.lon_e7 + std::min<std::int64_t>(across, 0) - aside;
  patch.east = from.lon_e7 + std::max<std::int64_t>(across, 0) + aside;
  return patch;
}

constexpr std::int64_t floor_div(std::int64_t a, std::int64_t b) { return a / b - (a % b != 0 && (a < 0) != (b < 0) ? 1 : 0); }

/// Columns of cells in one row, west to east, possibly beyond ±180 degrees.
struct Columns {
  std::int64_t first = 0, last = 0;
};

/// Gathers cells and slots, and says when they are too many.
class Gatherer {
 public:
  Gatherer(std::int32_t cell_e7, Millis slot) : cell_(cell_e7), slot_(slot.ms()), round_(kTurn_e7 / cell_e7) {}

  std::int64_t row(std::int64_t lat_e7) const { return std::min(floor_div(lat_e7, cell_), kPole_e7 / cell_ - 1); }
  Columns columns(const Patch& patch) const {
    if (patch.all_round) return {-round_ / 2, round_ / 2 - 1};
    const Columns found{floor_div(patch.west, cell_), floor_div(patch.east, cell_)};
    return found.last - found.first >= round_ ? Columns{-round_ / 2, round_ / 2 - 1} : found;
  }

  /// False when there are more than an outline may hold.
  bool add(std::int64_t row, Columns columns, double from_ms, double to_ms) {
    const auto first = floor_div(static_cast<std::int64_t>(std::floor(from_ms)), slot_);
    const auto last = floor_div(static_cast<std::int64_t>(std::ceil(to_ms)), slot_);
    const auto most = static_cast<std::int64_t>(kMostCellSlots);
    const auto wide = columns.last - columns.first + 1;
    if (last - first >= most || wide > most || wide * (last - first + 1) > most) return false;
    for (auto slot = first; slot <= last; ++slot)
      for (auto column = columns.first; column <= columns.last; ++column) found_.emplace_back(slot, row, wrapped(column));
    added_ += static_cast<std::size_t>(wide * (last - first + 1));
    if (added_ > kMostAdditions) return false;
    if (found_.size() <= 8 * kMostCellSlots) return true;
    tidy();
    return found_.size() <= kMostCellSlots;
  }

  Result<std::vector<CellSlot>> take() {
    tidy();
    if (found_.size() > kMostCellSlots) return too_many();
    std::vector<CellSlot> cells;
    cells.reserve(found_.size());
    for (const auto& [slot, row, column] : found_)
      cells.push_back(
          {{static_cast<std::int32_t>(column * cell_), static_cast<std::int32_t>(row * cell_)}, Instant::from_ms(slot * slot_)});
    return cells;
  }

  static tl::unexpected<Refusal> too_many() {
    return base::refuse(
        base::Rule::outline_too_large,
        "more than " + std::to_string(kMostCellSlots) + " cells and slots, or a route through the same ones too often",
        "shorter windows, or an agreement with coarser cells and slots");
  }

 private:
  std::int64_t wrapped(std::int64_t column) const { return column - floor_div(column + round_ / 2, round_) * round_; }
  void tidy() {
    std::sort(found_.begin(), found_.end());
    found_.erase(std::unique(found_.begin(), found_.end()), found_.end());
  }

  std::int64_t cell_, slot_, round_;
  std::size_t added_ = 0;                                                      ///< those found before included
  std::vector<std::tuple<std::int64_t, std::int64_t, std::int64_t>> found_{};  ///< slot, row, column
};

/// The pieces of a route, or the one point of a circle: short cuts of each, each with its own span of time.
bool gather_line(const geo::Plan& plan, std::int32_t cell_e7, double margin_m, Gatherer& cells) {
  const double step_m = std::max(static_cast<double>(cell_e7) * 1e-7 * kMetresPerDegree / 8, margin_m / 4);
  for (const auto& piece : plan.pieces()) {
    const double cuts = std::clamp(std::ceil(geo::norm(piece.along) / step_m), 1.0, kMostCuts);
    for (double i = 0; i < cuts; i += 1) {
      const double u = i / cuts;
      const double v = (i + 1) / cuts;
      const Patch patch = patch_of(point_of(piece, u), point_of(piece, v), margin_m);
      const double from = piece.e0 + (piece.e1 - piece.e0) * u;
      const double to = piece.l0 + (piece.l1 - piece.l0) * v;
      for (auto row = cells.row(patch.south); row <= cells.row(patch.north); ++row)
        if (!cells.add(row, cells.columns(patch), from, to)) return false;
    }
  }
  return true;
}

/// A polygon: its edge, and in every row all between the westernmost and the easternmost of it (holes are covered too).
bool gather_polygon(const geo::Plan& plan, double margin_m, Interval window, Gatherer& cells) {
  const auto starts = plan.ring_starts();
  const auto corners = plan.corners();
  const std::size_t end = starts.size() > 1 ? starts[1] : corners.size();
  std::map<std::int64_t, Columns> rows;
  std::int64_t turned = 0;  // how far the longitude has run since the first corner
  for (std::size_t i = 0; i + 1 < end; ++i) {
    Patch patch = patch_of(corners[i], corners[i + 1], margin_m);
    const std::int64_t here = geo::to_place(corners[i]).lon_e7;
    const std::int64_t base = geo::to_place(corners[0]).lon_e7 + turned - here;
    patch.west += base;
    patch.east += base;
    const Columns columns = cells.columns(patch);
    for (auto row = cells.row(patch.south); row <= cells.row(patch.north); ++row) {
      const auto [at, fresh] = rows.try_emplace(row, columns);
      if (fresh) continue;
      at->second.first = std::min(at->second.first, columns.first);
      at->second.last = std::max(at->second.last, columns.last);
    }
    turned += short_way(std::int64_t{geo::to_place(corners[i + 1]).lon_e7} - here);
  }
  if (std::abs(turned) > kTurn_e7 / 2) {  // it goes round a pole, so every row up to it is inside
    const bool north = rows.rbegin()->first + rows.begin()->first >= 0;
    const auto pole = north ? cells.row(kPole_e7) : cells.row(-kPole_e7);
    const auto far = north ? rows.begin()->first : rows.rbegin()->first;
    Patch all;
    all.all_round = true;
    for (auto row = std::min(pole, far); row <= std::max(pole, far); ++row) rows[row] = cells.columns(all);
  }
  for (const auto& [row, columns] : rows) {
    if (!cells.add(row, columns, static_cast<double>(window.from.ms()), static_cast<double>(window.to.ms()))) return false;
  }
  return true;
}

const Value* find_member(const Value::Object& object, std::string_view name) {
  for (const auto& [each, value] : object)
    if (each == name) return &value;
  return nullptr;
}

/// The same value: members in any order, a number by its worth.
bool same_value(const Value& a, const Value& b) {
  using Kind = Value::Kind;
  const auto number = [](const Value& value) {
    return value.kind() == Kind::integer ? static_cast<double>(value.integer()) : value.number();
  };
  const auto is_number = [](const Value& value) { return value.kind() == Kind::integer || value.kind() == Kind::number; };
  if (is_number(a) && is_number(b)) return number(a) == number(b);
  if (a.kind() != b.kind()) return false;
  if (a.kind() == Kind::array)
    return std::equal(a.array().begin(), a.array().end(), b.array().begin(), b.array().end(), same_value);
  if (a.kind() != Kind::object) return a == b;
  if (a.object().size() != b.object().size()) return false;
  for (const auto& [name, value] : a.object()) {
    const Value* other = find_member(b.object(), name);
    if (other == nullptr || !same_value(value, *other)) return false;
  }
  return true;
}

}  // namespace

std::string corridor_of(const Notification& notification) {
  Writer writer;
  writer.begin_object().key("type").string("Feature");
  write_geometry(writer, notification);
  writer.key("properties").begin_object();
  write_corridor_properties(writer, notification);
  writer.end_object().end_object();
  return writer.take();
}

geo::Place cell_of(geo::Place place, std::int32_t cell_e7) noexcept {
  const std::int64_t round = kTurn_e7 / cell_e7;
  const std::int64_t column = floor_div(place.lon_e7, cell_e7);
  const std::int64_t row = std::min(floor_div(place.lat_e7, cell_e7), kPole_e7 / cell_e7 - 1);
  const std::int64_t wrapped = column - floor_div(column + round / 2, round) * round;
  return {static_cast<std::int32_t>(wrapped * cell_e7), static_cast<std::int32_t>(row * cell_e7)};
}

Instant slot_of(Instant at, Millis slot) noexcept { return Instant::from_ms(floor_div(at.ms(), slot.ms()) * slot.ms()); }

Result<std::vector<CellSlot>> cells_of(const Notification& notification, std::int32_t cell_e7, Millis slot) {
  WB_CHECK(is_grain(cell_e7, slot));
  WB_TRY(plan, compile(notification));
  Gatherer cells(cell_e7, slot);
  const double margin_m = plan.half_width().metres() + plan.sag_m() + plan.sideways_m() + kSlack_m;
  const bool fits = plan.shape() == geo::Plan::Shape::polygon ? gather_polygon(plan, margin_m, window_of(notification), cells)
                                                              : gather_line(plan, cell_e7, margin_m, cells);
  if (!fits) return Gatherer::too_many();
  return cells.take();
}

Result<std::string> outline_of(const Notification& notification, std::int32_t cell_e7, Millis slot) {
  WB_TRY(cells, cells_of(notification, cell_e7, slot));
  return to_json(Outline{notification.party, notification.agreement, notification.subject, cell_e7, slot, std::move(cells)});
}

Result<void> follows(std::string_view full_json, View view, std::string_view coarser_json, std::int32_t cell_e7, Millis slot) {
  if (view != View::corridor && view != View::outline)
    return base::refuse(base::Rule::part_does_not_follow, "a part for the view \"" + std::string(name_of(view)) + "\"",
                        "parts for corridor and outline alone");
  WB_TRY(full, parse_feature(full_json));
  WB_TRY(coarser, json::parse(coarser_json, {.most_bytes = kMostFeatureBytes}));
  std::string wanted;
  if (view == View::corridor) {
    wanted = corridor_of(full);
  } else {
    WB_TRY(outline, outline_of(full, cell_e7, slot));
    wanted = std::move(outline);
  }
  WB_TRY(expected, json::parse(wanted, {.most_bytes = kMostFeatureBytes}));
  if (same_value(expected, coarser)) return {};
  return base::refuse(base::Rule::part_does_not_follow, "a part \"" + std::string(name_of(view)) + "\" that says something else",
                      base::excerpt(wanted, 200));
}

}  // namespace wideberth::model
