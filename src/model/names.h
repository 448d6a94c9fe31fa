// Short names, the lengths that texts may have, and the words of base as this folder says them.
#pragma once

#include <cstddef>
#include <string_view>

#include "base/instant.h"
#include "base/quantity.h"
#include "base/refusal.h"

namespace wideberth::model {

using base::EntryIndex;
using base::Instant;
using base::Interval;
using base::Metres;
using base::Millis;
using base::Refusal;
using base::Result;

// Lengths in bytes of UTF-8.
inline constexpr std::size_t kMostShortName = 32;  ///< party, area, class, desk
inline constexpr std::size_t kMostLabel = 128;     ///< a person, a post, a unit, the name of a place
inline constexpr std::size_t kMostReason = 2000;   ///< a reason, a purpose, a note
inline constexpr std::size_t kMostClauseText = 4000;
inline constexpr std::size_t kMostClause = 32;  ///< "4.1", "Annex B (3)"

/// Whether this is a short name: a lower-case letter, then at most 31 lower-case letters, digits and hyphens.
bool is_short_name(std::string_view text) noexcept;

}  // namespace wideberth::model
