// wideberth-bench live: how many fixes a second one core of live takes, each with conformance, closest approach to the units of
// the other party and alert state, beside peers that find who is near.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "live/house.h"

namespace wideberth::bench {

/// What a source reports, before anything is computed from it.
struct RawFix {
  std::uint32_t unit = 0;
  geo::Instant time{};
  geo::Place place{};
  live::Said said{};
};

/// Units, their movements, and their fixes in steps of a second.
struct LiveWorkload {
  std::string name, what;
  std::vector<live::Unit> units{};
  std::vector<std::shared_ptr<const live::Movement>> movements{};  ///< by unit; none: it has none
  std::vector<std::vector<RawFix>> seconds{};
  double radius_m = 5000;
};

enum class Lie : unsigned char { evenly, roads };
/// W2 and W2S: `count` units of two parties in 600 km x 600 km at 10 to 20 m/s, each with a movement that it keeps to (one in
/// twenty runs late), `seconds` fixes each. Evenly: anywhere, any way. Roads: four of five within 1.5 km of one of 140 roads
/// between 70 towns, along it. All invented, from `seed`.
LiveWorkload invent_live(Lie lie, std::size_t count, std::size_t seconds, std::uint64_t seed);
/// W2A: five minutes of Danish ships, cut by seconds; odd ship numbers against even. Throws std::runtime_error.
LiveWorkload read_ships_live(const std::string& gzipped_nmea);

/// Live with the units of a workload, each with its movement.
live::Live new_live(const LiveWorkload& workload, bool encounters = false);
live::Fix fix_of(const RawFix& raw);
geo::Instant received_of(const std::vector<RawFix>& second);
/// So many seconds are not counted.
std::size_t warm_up(const LiveWorkload& workload);

/// Who is near: moves a unit, then names the units within the radius of it.
class NearPeer {
 public:
  struct Ask {
    std::uint32_t unit = 0;
    geo::Place place{};
  };
  NearPeer() = default;
  NearPeer(const NearPeer&) = delete;
  NearPeer& operator=(const NearPeer&) = delete;
  virtual ~NearPeer() = default;
  virtual std::string name() const = 0;
  virtual bool is_outside() const { return false; }  ///< another process does the work
  virtual void load(const std::vector<Ask>& units, double radius_m) = 0;
  /// In order; `answers` gets the units near each.
  virtual void ask(const Ask* first, std::size_t count, std::vector<std::vector<std::uint32_t>>& answers) = 0;
};
/// For one that is not there: what() says why.
struct PeerUnavailable : std::runtime_error {
  using std::runtime_error::runtime_error;
};
/// A loop over all units, in floats that lie in a row.
std::unique_ptr<NearPeer> make_pair_loop();
/// Redis: GEOADD and GEOSEARCH over a unix socket, 64 of each in one write; a server of its own in a temporary folder.
std::unique_ptr<NearPeer> make_redis();
/// Google's S2PointIndex with S2ClosestPointQuery.
std::unique_ptr<NearPeer> make_s2();

/// The command: words after "live". Returns the exit code.
int run_live(const std::vector<std::string>& words);

}  // namespace wideberth::bench
