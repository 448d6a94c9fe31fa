// Who answers: the index of this house and its peers, all behind the same three calls.
#pragma once

#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "workload.h"

namespace wideberth::bench {

/// One answer of a search: which filed movement, and all that is said about the pair.
struct Answer {
  std::uint32_t filed = 0;  ///< its number in the workload
  geo::Meeting meeting{};
};

/// Every engine gives the same answers: each decides by the kernels of geo, and differs only in how it finds whom to ask.
class Engine {
 public:
  Engine() = default;
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;
  virtual ~Engine() = default;

  virtual std::string name() const = 0;
  /// Whether another process does the work.
  virtual bool is_outside() const { return false; }
  /// Takes all that is filed. The workload outlives the engine.
  virtual void load(const Workload& workload) = 0;
  /// The movements of other parties that meet `asked`, with the whole answer for each, in the order of filing.
  virtual std::vector<Answer> ask(const Movement& asked) = 0;
  /// The same movements without the rest of the answer, which costs every engine the same.
  virtual std::vector<std::uint32_t> which(const Movement& asked);
};

/// conflict::Index.
std::unique_ptr<Engine> make_index();
/// Asks geo::meet about every movement that is filed.
std::unique_ptr<Engine> make_brute_force();
/// Boost.Geometry's R-tree, rstar<16>, packed at loading, over boxes of each leg: east, north, time.
std::unique_ptr<Engine> make_rtree();
/// PostgreSQL with PostGIS, in a server of its own. Throws Unavailable where it is not installed or does not start.
std::unique_ptr<Engine> make_postgis();

/// Why an engine cannot take part here, in words.
struct Unavailable : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Within this distance two chords of the two plans can be too near: what geo::meet computes with, squared.
double reach2_m2(const geo::Plan& a, const geo::Plan& b, geo::Metres separation);

}  // namespace wideberth::bench
