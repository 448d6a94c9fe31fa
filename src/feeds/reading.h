// What every reader of this folder gives: positions, what is known of a unit beside them, and a refusal for each record that
// cannot be read.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/refusal.h"
#include "model/position.h"

namespace wideberth::feeds {

using base::EntryIndex;
using base::Instant;
using base::Metres;
using base::Millis;
using base::Refusal;
using base::refuse;
using base::Result;
using base::Rule;

/// What a unit says of itself beside its position; each may be missing.
struct Particulars {
  std::string unit;  ///< as in model::Position
  std::string name;  ///< the name of the ship, the callsign of the device
  std::optional<Metres> length{}, width{};
  friend bool operator==(const Particulars&, const Particulars&) = default;
};

/// One fix as a source says it. What is in `position` has passed model::check_position.
struct Reading {
  model::Position position{};
  std::string party{};  ///< where the source names one; otherwise empty, and the fix is of the party whose feed this is
  std::optional<Metres> length{}, width{};
  bool is_fixed = false;                      ///< the source says that the unit is moored, at anchor or aground
  std::string platform_class{}, formation{};  ///< where the source says them
  friend bool operator==(const Reading&, const Reading&) = default;
};

/// What was read so far. Readers add to it; the caller takes out what it wants and clears the rest.
struct Readings {
  std::vector<Reading> fixes{};  ///< in the order of the source
  std::vector<Particulars> particulars{};
  std::vector<Refusal> refused{};    ///< the first kMostKept; each says where: a row and a column, a line, an element
  std::uint64_t refused_count = 0;   ///< all of them
  std::uint64_t without_place = 0;   ///< records that say themselves that they know no position
  std::uint64_t of_other_kinds = 0;  ///< well-formed records that are about something else

  static constexpr std::size_t kMostKept = 10'000;

  void refuse(Refusal refusal) {
    ++refused_count;
    if (refused.size() < kMostKept) refused.push_back(std::move(refusal));
  }
};

/// Adds the fix where it passes model::check_position, and otherwise a refusal that says `where`.
void take(Readings& into, Reading&& reading, const std::string& where);

}  // namespace wideberth::feeds
