// Peers in this process: a loop over all units, and S2.
#include <cmath>

#include "live.h"
#ifdef WIDEBERTH_BENCH_S2
#include <s2/s2cap.h>
#include <s2/s2closest_point_query.h>
#include <s2/s2earth.h>
#include <s2/s2latlng.h>
#include <s2/s2point_index.h>
#endif

namespace wideberth::bench {
namespace {

class PairLoop final : public NearPeer {
 public:
  std::string name() const override { return "pair_loop"; }
  void load(const std::vector<Ask>& units, double radius_m) override {
    middle_ = geo::to_ecef(units.front().place);
    radius2_ = static_cast<float>(radius_m * radius_m);
    for (auto* column : {&x_, &y_, &z_}) column->resize(units.size());
    for (const Ask& one : units) move(one);
  }
  void ask(const Ask* first, std::size_t count, std::vector<std::vector<std::uint32_t>>& answers) override {
    answers.resize(count);
    for (std::size_t k = 0; k < count; ++k) {
      move(first[k]);
      answers[k].clear();
      const float x = x_[first[k].unit], y = y_[first[k].unit], z = z_[first[k].unit];
      for (std::uint32_t i = 0; i < x_.size(); ++i) {
        const float dx = x_[i] - x, dy = y_[i] - y, dz = z_[i] - z;
        if (dx * dx + dy * dy + dz * dz <= radius2_ && i != first[k].unit) answers[k].push_back(i);
      }
    }
  }

 private:
  void move(const Ask& one) {
    const geo::Vec3 at = geo::to_ecef(one.place) - middle_;
    x_[one.unit] = static_cast<float>(at.x), y_[one.unit] = static_cast<float>(at.y), z_[one.unit] = static_cast<float>(at.z);
  }
  geo::Vec3 middle_{};
  float radius2_ = 0;
  std::vector<float> x_{}, y_{}, z_{};
};

#ifdef WIDEBERTH_BENCH_S2
class S2 final : public NearPeer {
 public:
  std::string name() const override { return "s2_point_index"; }
  void load(const std::vector<Ask>& units, double radius_m) override {
    radius_ = S1ChordAngle(S1Angle::Radians(radius_m / S2Earth::RadiusMeters()));
    at_.resize(units.size());
    for (const Ask& one : units) {
      at_[one.unit] = point_of(one.place);
      index_.Add(at_[one.unit], static_cast<int>(one.unit));
    }
  }
  void ask(const Ask* first, std::size_t count, std::vector<std::vector<std::uint32_t>>& answers) override {
    answers.resize(count);
    std::vector<S2ClosestPointQuery<int>::Result> results;
    for (std::size_t k = 0; k < count; ++k) {
      S2Point& at = at_[first[k].unit];
      index_.Remove(at, static_cast<int>(first[k].unit));
      at = point_of(first[k].place);
      index_.Add(at, static_cast<int>(first[k].unit));
      S2ClosestPointQuery<int> query(&index_);
      query.mutable_options()->set_max_distance(radius_);
      S2ClosestPointQuery<int>::PointTarget target(at);
      query.FindClosestPoints(&target, &results);
      answers[k].clear();
      for (const auto& result : results)
        if (const auto other = static_cast<std::uint32_t>(result.data()); other != first[k].unit) answers[k].push_back(other);
    }
  }

 private:
  static S2Point point_of(geo::Place place) { return S2LatLng::FromE7(place.lat_e7, place.lon_e7).ToPoint(); }
  S1ChordAngle radius_ = S1ChordAngle::Zero();
  S2PointIndex<int> index_;
  std::vector<S2Point> at_{};
};
#endif

}  // namespace

std::unique_ptr<NearPeer> make_pair_loop() { return std::make_unique<PairLoop>(); }

std::unique_ptr<NearPeer> make_s2() {
#ifdef WIDEBERTH_BENCH_S2
  return std::make_unique<S2>();
#else
  throw PeerUnavailable{"s2_point_index: libs2-dev is not installed"};
#endif
}

}  // namespace wideberth::bench
