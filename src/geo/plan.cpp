#include "geo/plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "geo/ellipsoid.h"
#include "geo/plan_maker.h"
#include "geo/walk.h"

namespace wideberth::geo {

namespace {

constexpr std::int64_t kFirstMs = -62'167'219'200'000, kLastMs = 253'402'300'799'999;  // years 0000 to 9999

Vec3 least(const Vec3& a, const Vec3& b) { return {std::min(a.x, b.x), std::min(a.y, b.y), std::min(a.z, b.z)}; }
Vec3 most(const Vec3& a, const Vec3& b) { return {std::max(a.x, b.x), std::max(a.y, b.y), std::max(a.z, b.z)}; }

LeafBoxes boxes_of(std::span<const Piece> pieces, const Box& all) {
  LeafBoxes leaf{.low = {}, .high = {}, .begin = {}, .end = {}, .origin = all.low, .origin_ms = all.s};
  for (std::size_t i = 0; i < kLeafPieces; ++i) {
    const bool there = i < pieces.size();
    const Box box = there ? box_of(pieces[i]) : Box{};
    const auto put = [&](LeafBoxes::Each& low, LeafBoxes::Each& high, double from, double to) {
      low[i] = there ? rounded_down(from) : std::numeric_limits<float>::infinity();
      high[i] = there ? rounded_up(to) : -std::numeric_limits<float>::infinity();
    };
    put(leaf.low[0], leaf.high[0], box.low.x - all.low.x, box.high.x - all.low.x);
    put(leaf.low[1], leaf.high[1], box.low.y - all.low.y, box.high.y - all.low.y);
    put(leaf.low[2], leaf.high[2], box.low.z - all.low.z, box.high.z - all.low.z);
    put(leaf.begin, leaf.end, box.s - all.s, box.h - all.s);
  }
  return leaf;
}

// The tree of some pieces, and the boxes of its leaves.
class Tree {
 public:
  Tree(std::span<const Piece> pieces, std::vector<BoxNode>& nodes, std::vector<LeafBoxes>& leaves)
      : pieces_{pieces}, nodes_{nodes}, leaves_{leaves} {
    grow(0, static_cast<std::uint32_t>(pieces.size()));
  }

 private:
  std::uint32_t grow(std::uint32_t first, std::uint32_t count) {
    const auto self = static_cast<std::uint32_t>(nodes_.size());
    nodes_.push_back({.box = box_of(pieces_[first]), .first = first, .count = count, .right = 0, .leaf = 0});
    if (count <= kLeafPieces) {
      for (std::uint32_t i = 1; i < count; ++i) nodes_[self].box = join(nodes_[self].box, box_of(pieces_[first + i]));
      nodes_[self].leaf = static_cast<std::uint32_t>(leaves_.size());
      leaves_.push_back(boxes_of(pieces_.subspan(first, count), nodes_[self].box));
      return self;
    }
    const std::uint32_t half = count / 2;
    const std::uint32_t left = grow(first, half);
    const std::uint32_t right = grow(first + half, count - half);
    nodes_[self].box = join(nodes_[left].box, nodes_[right].box);
    nodes_[self].right = right;
    return self;
  }

  std::span<const Piece> pieces_;
  std::vector<BoxNode>& nodes_;
  std::vector<LeafBoxes>& leaves_;
};

}  // namespace

Interval Plan::span() const {
  return {Instant::from_ms(static_cast<std::int64_t>(std::floor(bounds_.e))),
          Instant::from_ms(static_cast<std::int64_t>(std::ceil(bounds_.l)))};
}

double bound_m(const Plan& a, const Plan& b) {
  const double sideways = a.sideways_m() + b.sideways_m(), sag = std::max(a.sag_m(), b.sag_m());
  return std::sqrt(sideways * sideways + sag * sag);
}

void PlanMaker::stray(double sag_m, double sideways_m) {
  plan.sag_m_ = std::max(plan.sag_m_, sag_m);
  plan.sideways_m_ = std::max(plan.sideways_m_, sideways_m);
}

void PlanMaker::add_ring(std::span<const Vec3> corners) {
  plan.ring_starts_.push_back(static_cast<std::uint32_t>(plan.corners_.size()));
  plan.corners_.insert(plan.corners_.end(), corners.begin(), corners.end());
}

Result<void> PlanMaker::altitude(const std::optional<AltitudeBand>& band) {
  if (!band) return {};
  const Metres most = Metres::from_metres(kMaxAltitudeMetres);
  if (band->low < Metres{} || band->low > band->high || band->high > most)
    return refuse(Rule::altitude_band_backwards, fmt::format("{} m to {} m", band->low.metres(), band->high.metres()),
                  fmt::format("low <= high, both from 0 to {} m above ground", kMaxAltitudeMetres), "/altitude");
  plan.altitude_ = *band;
  return {};
}

Plan PlanMaker::finish() {
  plan.pieces_.shrink_to_fit();
  const std::size_t leaves = (plan.pieces_.size() - 1) / (kLeafPieces / 2) + 1;
  plan.tree_.reserve(leaves > 2 ? 2 * leaves : 1);
  plan.leaves_.reserve(leaves > 2 ? leaves : 1);
  Tree{plan.pieces_, plan.tree_, plan.leaves_};
  plan.bounds_ = plan.tree_.front().box;
  if (const auto track = track_of(plan)) plan.track_.assign(1, *track);
  return std::move(plan);
}

void PlanMaker::hold_inside(Plan& plan, const Vec3& middle, double least_cosine) {
  const double c = least_cosine, s = std::sqrt(std::max(0.0, 1 - c * c));
  // The furthest that a direction within the cap reaches along an axis whose cosine with the middle is m.
  const auto reach = [&](double m) {
    const double furthest = m >= c ? 1.0 : m * c + std::sqrt(std::max(0.0, 1 - m * m)) * s;
    return furthest * (furthest > 0 ? kEquatorM : kPolarM) + 2;
  };
  Box& box = plan.bounds_;
  box.high = most(box.high, {reach(middle.x), reach(middle.y), reach(middle.z)});
  box.low = least(box.low, Vec3{reach(-middle.x), reach(-middle.y), reach(-middle.z)} * -1.0);
}

Result<void> check_length(Metres length, const char* name) {
  if (length >= Metres{} && length <= Metres::from_metres(kMaxWidthMetres)) return {};
  return refuse(Rule::geo_length_out_of_range, fmt::format("{} m", length.metres()), fmt::format("0 to {} m", kMaxWidthMetres),
                fmt::format("/{}", name));
}

Result<void> check_window(const Interval& window, const std::string& where) {
  if (window.from.ms() >= kFirstMs && window.to.ms() <= kLastMs && window.from <= window.to) return {};
  return refuse(Rule::time_out_of_range, fmt::format("{} to {} ms", window.from.ms(), window.to.ms()),
                "from <= to, within the years 0000 to 9999", where);
}

Result<void> check_place(Place place, const std::string& where) {
  if (in_range(place)) return {};
  return refuse(Rule::place_out_of_range, fmt::format("latitude {}e-7, longitude {}e-7", place.lat_e7, place.lon_e7),
                "latitude -90..90, longitude -180..180, in degrees", where);
}

}  // namespace wideberth::geo
