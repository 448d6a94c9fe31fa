// All units at once: a grid made anew by counting, and each unit against the units of later parties in the cells around it.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "live/near.h"

namespace wideberth::live {

/// A throw-away index: to make it anew costs less than to keep one up to date when most units have moved. What passes is
/// filtered four or eight pairs at a time in float, with every rounding on the side of too many.
class Join {
 public:
  /// As many lanes as this processor has.
  Join();
  /// Four lanes, whatever the processor has: for the comparison of the two.
  static Join with_four() {
    Join join;
    join.eight_ = false;
    return join;
  }
  /// Adds every pair of units of different parties, at least one of them in `moved`, that can have been within reach since its
  /// `from` and came or will come as near as `wanted`; perhaps twice. `now`: no fix is later; units not heard of since
  /// `stale_before` are left out.
  void find(const Units& units, const Tracks& tracks, std::span<const Moved> moved, Instant now, Instant stale_before,
            const Wanted& wanted, std::vector<PairKey>& found);
  /// Pairs that were looked at in the last call.
  std::uint64_t looked_at() const { return looked_at_; }

 private:
  struct Seen {  ///< a unit on its face at `now`
    float u, v, du, dv;
    float fastest, age;  ///< age: seconds since `from`; -1 where it has not moved
    std::uint32_t unit, party, face, cell;
  };
  struct Grid {  ///< of one face; the same for every party
    double u = 0, v = 0;
    bool used = false;
    float low_u = 0, low_v = 0, high_u = 0, high_v = 0;
    std::uint32_t columns = 0, rows = 0;
    std::size_t starts = 0;  ///< of the first party in starts_
  };
  struct Asked;  ///< one unit, against those that were gathered
  struct Gathered {
    std::vector<float> u{}, v{}, du{}, dv{}, fastest{}, age{};
    std::vector<std::uint32_t> unit{};
    float most_age = 0, most_speed = 0;
    std::uint32_t count = 0, real = 0;  ///< with what fills the last block, and without
    void clear();
    void resize(std::size_t size);
  };

  void see(const Units& units, const Tracks& tracks, std::span<const Moved> moved, Instant now, Instant stale_before);
  void lay_out(std::size_t parties);
  void sort();
  void measure(const Wanted& wanted);
  std::uint32_t cell_at(double from_edge, std::uint32_t count) const;
  std::uint32_t cell_of(const Grid& grid, float u, float v) const;
  void ask_around(const Seen& seen, std::size_t parties, const Tracks& tracks, Instant now, bool all,
                  std::vector<PairKey>& found);
  void ask_cells(const Grid& grid, std::uint32_t party, std::size_t parties, std::vector<PairKey>& found);
  void gather_around(const Seen& seen, const Grid& grid, std::uint32_t party, double width);
  void gather(std::uint32_t first, std::uint32_t end);
  void pad();
  Asked asked_of(std::size_t unit) const;
  template <class Floats>
  void filter(const Asked& asked, std::vector<PairKey>& found);
  void ask_four(const Asked& asked, std::vector<PairKey>& found);
  void ask_eight(const Asked& asked, std::vector<PairKey>& found);
  void ask(const Asked& asked, std::vector<PairKey>& found);
  bool is_slow(const Seen& seen) const { return seen.age > kSlow; }

  static constexpr float kSlow = 10;  ///< seconds: units with older ways are asked for apart, so that they widen no other search

  bool eight_;  ///< whether this processor takes eight at a time
  Wanted wanted_{};
  double width_ = 0, all_width_ = 0, cell_ = 0, per_cell_ = 0;
  double fine_ = 1;  ///< cells are this many times finer than a search is wide: more where many were looked at the last time
  float top_speed_ = 0, top_age_ = 0, all_speed_ = 0, all_age_ = 0;
  std::uint64_t looked_at_ = 0;
  std::vector<float> ages_{};
  std::vector<Seen> seen_{};
  std::array<Grid, face::kFaces> grids_{};
  std::vector<std::uint32_t> starts_{};  ///< by (face, party, cell): the first of its units in the columns below
  std::vector<float> u_{}, v_{}, du_{}, dv_{}, fastest_{}, age_{};
  Gathered gathered_{};
  std::vector<std::uint32_t> blocks_{};
  std::vector<std::uint32_t> unit_{}, side_{};  ///< side_: face and party
};

}  // namespace wideberth::live
