// Whether a party's units keep to what it notified, as each side is told: the part `full` of conformance.changed.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "geo/place.h"
#include "model/names.h"

namespace wideberth::model {

enum class Keeping : unsigned char { unwatched, conforming, off_corridor, early, late, unnotified, doubtful };
/// "unwatched", "conforming", "off corridor", "early", "late", "unnotified", "position doubtful".
std::string_view name_of(Keeping keeping) noexcept;

/// Another state of one unit; or, to a side that gets warnings and no tracks, of a movement, and then only the two words.
struct KeepingChanged {
  Keeping was = Keeping::unwatched, now = Keeping::unwatched;
  std::optional<Instant> since{};     ///< the first fix that showed it
  std::optional<Metres> off{};        ///< from the line or the area
  std::optional<Millis> deviation{};  ///< > 0 late, < 0 early
  std::string doubt{};                ///< why a position is doubtful; empty otherwise
  friend bool operator==(const KeepingChanged&, const KeepingChanged&) = default;
};
/// More or fewer vehicles report than the movement declared; or they agree again.
struct CompositionChanged {
  bool mismatch = false;
  std::int64_t declared = 0, counted = 0;
  friend bool operator==(const CompositionChanged&, const CompositionChanged&) = default;
};
/// What is left of the movement, predicted anew, comes too near to another that the reader sees; or no longer does.
struct Foreseen {
  bool conflicts = false;
  std::string other_party, with;  ///< whose, and the id of the movement
  Millis deviation{};             ///< > 0 late, < 0 early
  geo::Place place{};             ///< where they first come too near
  Interval when{};
  friend bool operator==(const Foreseen&, const Foreseen&) = default;
};

struct ConformanceChanged {
  std::string agreement;   ///< id
  std::string party;       ///< whose unit or movement
  std::string unit{};      ///< empty to a side that gets no tracks, and of a composition
  std::string movement{};  ///< id; empty where there is none
  std::string clause{};    ///< of the positions rule by which another side reads it; empty to the party itself
  Instant at{};
  std::variant<KeepingChanged, CompositionChanged, Foreseen> what{};
  friend bool operator==(const ConformanceChanged&, const ConformanceChanged&) = default;
};

Result<ConformanceChanged> parse_conformance_changed(std::string_view json);
std::string to_json(const ConformanceChanged& changed);
/// One sentence: "patrol-1 is late, 540 s (MV-…)"; "9 min late: now conflicts with red's MV-… at 38S LF 1234 5678 in 34 min".
std::string to_sentence(const ConformanceChanged& changed);

}  // namespace wideberth::model
