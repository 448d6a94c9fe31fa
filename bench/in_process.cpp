// The engines that live in this process: the index, asking everybody, and an R*-tree.
#include <algorithm>
#include <boost/geometry.hpp>
#include <boost/geometry/index/rtree.hpp>
#include <boost/iterator/function_output_iterator.hpp>
#include <cmath>
#include <limits>
#include <optional>

#include "conflict/conflict.h"
#include "engine.h"
#include "geo/pair.h"

namespace wideberth::bench {

double reach2_m2(const geo::Plan& a, const geo::Plan& b, geo::Metres separation) {
  const double ground = (separation + a.half_width() + b.half_width()).metres();
  const double reach = geo::longest_chord_m(ground) + geo::bound_m(a, b);
  return reach * reach;
}

std::vector<std::uint32_t> Engine::which(const Movement& asked) {
  std::vector<std::uint32_t> numbers;
  for (const Answer& answer : ask(asked)) numbers.push_back(answer.filed);
  return numbers;
}

namespace {

class OurIndex final : public Engine {
 public:
  std::string name() const override { return "wideberth"; }
  void load(const Workload& workload) override {
    separation_ = workload.separation;
    std::vector<conflict::Filed> filed;
    filed.reserve(workload.filed.size());
    for (const Movement& each : workload.filed) filed.push_back({{filed.size()}, each.party, each.plan});
    index_.insert_all(std::move(filed));
  }
  std::vector<Answer> ask(const Movement& asked) override {
    std::vector<Answer> answers;
    for (conflict::Hit& hit : index_.search(*asked.plan, asked.party, owed(), separation_))
      answers.push_back({static_cast<std::uint32_t>(hit.key.value), std::move(hit.meeting)});
    return answers;
  }
  std::vector<std::uint32_t> which(const Movement& asked) override {
    std::vector<std::uint32_t> numbers;
    for (const conflict::Near& near : index_.near(*asked.plan, asked.party, owed(), separation_))
      numbers.push_back(static_cast<std::uint32_t>(near.key.value));
    return numbers;
  }

 private:
  conflict::Index::Separation owed() const {
    return [this](base::EntryIndex) { return std::optional{separation_}; };
  }
  conflict::Index index_;
  geo::Metres separation_;
};

class BruteForce final : public Engine {
 public:
  std::string name() const override { return "brute_force"; }
  void load(const Workload& workload) override { workload_ = &workload; }
  std::vector<Answer> ask(const Movement& asked) override {
    std::vector<Answer> answers;
    std::uint32_t number = 0;
    for (const Movement& each : workload_->filed) {
      if (each.party != asked.party)
        if (auto meeting = geo::meet(*asked.plan, *each.plan, workload_->separation))
          answers.push_back({number, *std::move(meeting)});
      ++number;
    }
    return answers;
  }

 private:
  const Workload* workload_ = nullptr;
};

// A plane that touches the earth in the middle of what is filed. Laying points flat on it never lengthens a distance, so a box
// grown by the reach on the plane misses nothing, and chords stay straight.
struct Plane {
  geo::Vec3 east{}, north{};

  explicit Plane(geo::Vec3 middle) {
    const geo::Vec3 up = middle * (1 / geo::norm(middle));
    east = geo::Vec3{-up.y, up.x, 0};
    east = east * (1 / geo::norm(east));
    north = geo::cross(up, east);
  }
};

class RStarTree final : public Engine {
  using Point = boost::geometry::model::point<float, 3, boost::geometry::cs::cartesian>;
  using Box = boost::geometry::model::box<Point>;
  using Leg = std::pair<Box, std::uint32_t>;
  using Tree = boost::geometry::index::rtree<Leg, boost::geometry::index::rstar<16>>;

 public:
  std::string name() const override { return "rtree"; }

  void load(const Workload& workload) override {
    workload_ = &workload;
    const geo::Piece& first = workload.filed.front().plan->pieces().front();
    plane_.emplace(first.from);
    first_ms_ = first.e0;
    std::vector<Leg> legs;
    legs.reserve(workload.pieces);
    std::uint32_t number = 0;
    for (const Movement& each : workload.filed) {
      for (const geo::Piece& piece : each.plan->pieces()) {
        legs.emplace_back(box_of(piece, 0), static_cast<std::uint32_t>(owners_.size()));
        owners_.push_back({&piece, number});
      }
      widest_ = std::max(widest_, each.plan->half_width());
      ++number;
    }
    tree_ = Tree{legs};
    seen_.assign(workload.filed.size(), 0);
  }

  std::vector<Answer> ask(const Movement& asked) override {
    std::vector<Answer> answers;
    for (const std::uint32_t number : which(asked))
      if (auto meeting = geo::meet(*asked.plan, *workload_->filed[number].plan, workload_->separation))
        answers.push_back({number, *std::move(meeting)});
    return answers;
  }

  std::vector<std::uint32_t> which(const Movement& asked) override {
    const geo::Plan& plan = *asked.plan;
    const double reach = geo::longest_chord_m((workload_->separation + plan.half_width() + widest_).metres()) + kMostBoundM;
    ++round_;
    std::vector<std::uint32_t> met;
    for (const geo::Piece& piece : plan.pieces()) {
      const auto look = [&](const Leg& leg) {
        const Owner& owner = owners_[leg.second];
        if (seen_[owner.movement] == round_) return;
        const Movement& other = workload_->filed[owner.movement];
        if (other.party == asked.party) return;
        if (!geo::too_near(piece, *owner.piece, reach2_m2(plan, *other.plan, workload_->separation))) return;
        seen_[owner.movement] = round_;
        met.push_back(owner.movement);
      };
      tree_.query(boost::geometry::index::intersects(box_of(piece, reach)), boost::make_function_output_iterator(look));
    }
    std::sort(met.begin(), met.end());
    return met;
  }

 private:
  static constexpr double kMostBoundM = 0.5;  // of geo::bound_m
  // A leg of 2 km lasts about 2000 s with its windows: so the axes weigh the same.
  static constexpr double kMetresPerMs = 0.001;

  static float down(double x) { return std::nextafter(static_cast<float>(x), -std::numeric_limits<float>::infinity()); }
  static float up(double x) { return std::nextafter(static_cast<float>(x), std::numeric_limits<float>::infinity()); }

  Box box_of(const geo::Piece& piece, double grown) const {
    const geo::Vec3 to = piece.from + piece.along;
    const double east0 = geo::dot(piece.from, plane_->east), east1 = geo::dot(to, plane_->east);
    const double north0 = geo::dot(piece.from, plane_->north), north1 = geo::dot(to, plane_->north);
    return {
        {down(std::min(east0, east1) - grown), down(std::min(north0, north1) - grown),
         down((piece.e0 - first_ms_) * kMetresPerMs)},
        {up(std::max(east0, east1) + grown), up(std::max(north0, north1) + grown), up((piece.l1 - first_ms_) * kMetresPerMs)}};
  }

  struct Owner {
    const geo::Piece* piece;
    std::uint32_t movement;
  };
  const Workload* workload_ = nullptr;
  std::optional<Plane> plane_;
  double first_ms_ = 0;
  geo::Metres widest_{};
  std::vector<Owner> owners_;
  Tree tree_;
  std::vector<std::uint32_t> seen_;
  std::uint32_t round_ = 0;
};

}  // namespace

std::unique_ptr<Engine> make_index() { return std::make_unique<OurIndex>(); }
std::unique_ptr<Engine> make_brute_force() { return std::make_unique<BruteForce>(); }
std::unique_ptr<Engine> make_rtree() { return std::make_unique<RStarTree>(); }

}  // namespace wideberth::bench
