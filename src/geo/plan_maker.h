// How routes and areas become plans: shared by route.cpp and area.cpp, nobody else's business.
#pragma once

#include <string>

#include "geo/plan.h"

namespace wideberth::geo {

class PlanMaker {
 public:
  Plan plan;

  std::vector<Piece>& pieces() { return plan.pieces_; }
  void shape(Plan::Shape shape) { plan.shape_ = shape; }
  void half_width(Metres width) { plan.half_width_ = width; }
  void slack(Millis slack) { plan.slack_ = slack; }
  void stray(double sag_m, double sideways_m);
  void add_ring(std::span<const Vec3> corners);
  void outside(const Vec3& direction) { plan.outside_ = direction; }
  Result<void> altitude(const std::optional<AltitudeBand>& band);

  /// Builds the box tree. REQUIRES at least one piece.
  Plan finish();
  /// Widens the bounds of a finished polygon to hold its inside: the cap about `middle` (a unit vector) that holds all corners.
  static void hold_inside(Plan& plan, const Vec3& middle, double least_cosine);
};

Result<void> check_length(Metres length, const char* name);
Result<void> check_window(const Interval& window, const std::string& where);
Result<void> check_place(Place place, const std::string& where);

inline double to_ms(Instant at) { return static_cast<double>(at.ms()); }

}  // namespace wideberth::geo
