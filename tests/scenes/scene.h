// A scene: a situation drawn as a text map, and what must be found in it. README.md has the format.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <utility>
#include <vector>

#include "base/instant.h"
#include "base/quantity.h"

namespace wideberth::scenes {

/// On the map: metres east and north of its anchor.
struct Spot {
  double east_m = 0, north_m = 0;
};

/// What is notified, with its letters not yet looked up.
struct Mover {
  enum class Shape : unsigned char { route, circle, polygon };
  struct Stop {
    char letter = 0;
    base::Interval window;
  };
  std::string party, name;
  Shape shape = Shape::route;
  bool site = false;
  std::vector<Stop> stops{};         ///< of a route
  std::vector<std::string> rings{};  ///< of a polygon: the outer ring, then holes; of a circle: one letter
  base::Interval window{};           ///< of an area
  base::Metres half_width{}, column{}, radius{};
  std::optional<std::pair<base::Metres, base::Metres>> altitude{};
  bool lon_lat_linear = false;
  int line = 0;
};

struct Span {
  base::Millis low, high;
};

/// What must be found for two movers. Distances in metres, as derived on paper.
struct Expectation {
  std::string a, b;
  std::string kind;               ///< "on schedule", "possible", "certain", "none"
  std::optional<double> least_m;  ///< none: they never share a time on schedule
  double possible_m = 0;
  base::Interval window{};
  std::vector<Span> delays{};
  base::Millis later{}, earlier{};
  std::optional<double> likelihood{};
  std::optional<Spot> place{};
  int line = 0;
};

struct Scene {
  std::string title;
  double lat_deg = 0, lon_deg = 0;  ///< of the map's anchor
  std::map<char, Spot> letters;
  std::vector<Mover> movers;
  base::Metres separation{};
  std::map<std::pair<std::string, std::string>, std::optional<base::Metres>>
      between{};                ///< parties in order; none: nothing is owed
  double time_tolerance_s = 0;  ///< (0.1 % of the stated length + 1 m) / the stated speed
  std::vector<Expectation> expectations;

  const Mover& mover(std::string_view name) const;  ///< REQUIRES: there is one
  std::optional<base::Metres> owed(const std::string& party, const std::string& other) const;
};

struct Malformed {
  int line = 0;
  std::string what;
};

/// Strict: what is unknown, missing, doubled or never used is refused with its line. What has been accepted has two movers or
/// more, an expectation for every pair of them, and its arithmetic in comments.
tl::expected<Scene, Malformed> read_scene(std::string_view text);

}  // namespace wideberth::scenes
