// Inside this folder only: one unit's track in an encounter, asked where it was, how fast and which way, at any moment.
#pragma once

#include <optional>
#include <vector>

#include "live/conduct.h"

namespace wideberth::live {

/// A unit at one moment.
struct Moment {
  Vec3 at{};
  double speed = 0;     ///< m/s; as said, or over the last five seconds
  double quick = 0;     ///< m/s; as said, or since the fix before
  Vec3 heading{};       ///< of length 1; zero where it has not moved yet and said no course
  double altitude = 0;  ///< NaN: not said
  double accuracy = 0;  ///< metres, of the worse of the two fixes around it; what is not said counts as kUnsaidAccuracyM
};

/// Where another lies as one unit sees it: metres ahead of it and to its left.
struct Seen {
  double ahead = 0, left = 0, distance = 0;
};
/// REQUIRES: a heading that is not zero.
Seen seen_from(const Vec3& at, const Vec3& heading, const Vec3& other);
/// Between two headings, in degrees, 0 to 180; signed: positive where `to` lies to the left of `from`. 0 where one is zero.
double turn_deg(const Vec3& at, const Vec3& from, const Vec3& to);

class Look {
 public:
  Look(const Unit& unit, const UnitTrack& track, Millis gap);

  UnitIndex unit() const { return track_->unit; }
  double length() const { return length_; }
  double width() const { return width_; }
  /// Whether the unit's length and width are known; else they are what kUnsaidLengthM and kUnsaidWidthM say.
  bool is_sized() const { return sized_; }
  const std::vector<Sample>& samples() const { return track_->samples; }
  const std::vector<Instant>& doubts() const { return track_->doubts; }
  /// Speed and heading at each sample; `quick` from the one before alone, where nothing is said.
  double speed(std::size_t i) const { return speeds_[i]; }
  double quick(std::size_t i) const { return quicks_[i]; }
  const Vec3& heading(std::size_t i) const { return headings_[i]; }

  /// None before the first and after the last fix, and within a gap.
  std::optional<Moment> at(Instant when) const;
  /// The last sample at or before `when`; none before the first.
  std::optional<std::size_t> before(Instant when) const;

 private:
  const UnitTrack* track_;
  Millis gap_;
  double length_, width_;
  bool sized_;
  std::vector<double> speeds_{}, quicks_{};
  std::vector<Vec3> headings_{};
};

/// The times of the fixes of all, within the span that all cover, in order, each once.
std::vector<Instant> common_times(const std::vector<const Look*>& looks);

/// Whether what rests on `when` may be reported: the first reason against it, with whose fixes and by how much.
struct Floor {
  Why why{};
  UnitIndex of;
  double found = 0, needed = 0;
};
std::optional<Floor> floor_against(const std::vector<const Look*>& looks, Interval when, double least_fix_s,
                                   double most_accuracy_m);

std::int64_t in_thousandths(double value);

}  // namespace wideberth::live
