// What a party says that it has in an area, how that changes, and a sighting that does not fit what its owner has stated. The
// part `full` of presence.stated and sighting.differs; the rule itself is in rules.h.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/names.h"
#include "model/rules.h"

namespace wideberth::model {

/// presence.stated {"clause", "classes", "effect"?, "reason"}: the list of the clause, in place of the one before, from `effect`
/// on; without it, from the end of the clause's notice on.
struct PresenceStated {
  std::string clause;
  std::vector<PresenceClass> classes;  ///< none: the party says that it has nothing there
  std::optional<Instant> effect{};
  std::string reason;
  friend bool operator==(const PresenceStated&, const PresenceStated&) = default;
};

/// What a sighting is held against.
enum class StatedIn : unsigned char { composition, presence };
/// "composition", "presence".
std::string_view name_of(StatedIn in) noexcept;

/// sighting.differs: a sighting that its owner answered with "ours" shows more than the owner has stated, or another type. What
/// the observer's side says and what the owner has said stand side by side; neither is preferred.
struct SightingDiffers {
  std::string sighting;  ///< id
  std::string seen_by;   ///< the party that reported it
  std::int64_t seen = 1;
  std::string seen_type;
  Instant seen_at{};
  std::string stated_by;  ///< the party that answered "ours"
  StatedIn against = StatedIn::composition;
  std::int64_t stated = 0;                ///< of what the type was compared with
  std::vector<std::string> stated_types;  ///< the words that stand there
  std::int64_t tolerance = 0;
  bool count_differs = false, type_differs = false;
  std::string agreement;
  std::uint32_t version = 1;
  std::string clause;
  std::string movement;                      ///< of a composition: the id, and the revision that was named
  std::optional<EntryIndex> revision{};      ///< likewise
  std::string area;                          ///< of a presence list
  std::optional<EntryIndex> stated_entry{};  ///< of a presence list: the presence.stated that held; none: the agreement's own
  friend bool operator==(const SightingDiffers&, const SightingDiffers&) = default;
};

Result<PresenceStated> parse_presence_stated(std::string_view json);
Result<SightingDiffers> parse_sighting_differs(std::string_view json);
std::string to_json(const PresenceStated& said);
std::string to_json(const SightingDiffers& finding);

}  // namespace wideberth::model
