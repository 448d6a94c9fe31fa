// A conflict as a document: the one writer that the log's conflict.found and `wideberth check --json` share.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "geo/occupancy.h"
#include "geo/place.h"
#include "json/reader.h"
#include "json/writer.h"
#include "model/names.h"
#include "model/rules.h"

namespace wideberth::model {

/// All that the kernel found.
struct ExactConflict {
  geo::Meeting meeting;
};
/// What a reader gets who is owed no more than that there is a conflict: a cell and a slot.
struct CoarseConflict {
  geo::Place cell_south_west;
  std::int32_t cell_e7 = kDefaultCell_e7;
  Interval slot;
  friend bool operator==(const CoarseConflict&, const CoarseConflict&) = default;
};

/// The part `full` of conflict.found: one entry per reader, each as its reader may see it.
struct ConflictFound {
  std::string a, b;                   ///< ids of notifications; b is empty where the reader may not know it
  EntryIndex a_revision, b_revision;  ///< b_revision is left out where b is empty
  std::string agreement, clause;
  Metres separation;        ///< owed between their classes
  std::string other_party;  ///< whose b is
  std::variant<ExactConflict, CoarseConflict> what;
  std::string a_route{}, b_route{};  ///< the alternate that meets, by its name; empty: the route itself. Of exact ones alone
};

/// The least shifts of departure by which one movement clears all the conflicts at once that its reader was told of and that
/// stand. It claims nothing about movements and cells that the reader was not told of.
struct ClearAll {
  std::string movement;             ///< id
  std::size_t conflicts = 0;        ///< findings that stand, as they were told to the reader
  std::size_t left_out = 0;         ///< of these: told by a cell that the movement does not come near itself, or erased
  bool coarse = false;              ///< rests on disclosed cells and slots too, and is as coarse as they are
  std::optional<Millis> later{};    ///< whole seconds > 0; none where all are left out
  std::optional<Millis> earlier{};  ///< likewise
  friend bool operator==(const ClearAll&, const ClearAll&) = default;
};

/// Numbers are rounded outward, so that the same meeting gives the same bytes and nothing looks farther apart than it is:
/// distances down to the millimetre, the likelihood up to the millionth.
std::string to_json(const ConflictFound& finding);
/// Reads back what to_json wrote. "mgrs" and "advice" are for people: they follow from the rest and are not read.
Result<ConflictFound> parse_conflict_found(std::string_view json);

/// One element of "conflicts" of `wideberth check --json`: {"a", "b", "kind", "least_m" (null where they never share a time on
/// schedule), "least_possible_m", "window": [from, to], "place": [lon, lat], "mgrs", "delay_set_s": [[low, high] …],
/// "likelihood", "clear_shift_s": {"later", "earlier", "b_later", "b_earlier"} (null where there is none), "advice"}.
std::string conflict_to_json(std::string_view a, std::string_view b, const geo::Meeting& meeting);
/// The same as the writer's next value.
void write_conflict(json::Writer& writer, std::string_view a, std::string_view b, const geo::Meeting& meeting);

/// {"movement", "conflicts", "left_out", "coarse", "clear_shift_s": {"later", "earlier"} (null where there is none), "advice"}.
void write_clear_all(json::Writer& writer, const ClearAll& all);
/// Reads back what write_clear_all wrote; "advice" is for people.
Result<ClearAll> parse_clear_all(const json::Reader& at);

/// "all 3 conflicts clear if MV-7Q4M-K2 leaves 29 min later, or 10 min earlier; nothing is said of other movements".
std::string advice_of(const ClearAll& all);

/// "clear if MV-7Q4M-K2 leaves 12 min later, or 9 min earlier; nothing is said of other movements".
std::string advice_of(std::string_view a, std::string_view b, const geo::Meeting& meeting);

}  // namespace wideberth::model
