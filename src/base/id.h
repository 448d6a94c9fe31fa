// Ids that can be read over a radio: kind, short Crockford base32, check character (MV-7Q4M-K2).
#pragma once

#include <string>
#include <string_view>

#include "base/quantity.h"
#include "base/refusal.h"

namespace wideberth::base {

enum class IdKind : unsigned char { movement, activity, site, agreement, conflict, hotline, sighting };

/// An id is a function of the log index of the entry that opened the thing: it needs no allocation and cannot collide,
/// and anybody can turn it back into the index.
///
/// Laws.
///  (1) index_of(id_of(k, i)) == (k, i) for every index below 2^40.
///  (2) A single wrong character, or two characters swapped, never reads as another id of the same length.
///  (3) Reading forgives case, and O for 0, I and L for 1, as Crockford's base32 does; writing never emits I, L, O or U.
///  (4) Neighbouring indices give ids that differ in more than their last character.
std::string id_of(IdKind kind, EntryIndex index);

struct IdReference {
  IdKind kind;
  EntryIndex index;
  friend bool operator==(const IdReference&, const IdReference&) = default;
};
Result<IdReference> index_of(std::string_view id);

/// The two letters: MV, AC, ST, AG, CF, HL, SG.
std::string_view letters_of(IdKind kind) noexcept;

/// A short code for reading aloud: `characters` of Crockford base32 drawn from the front of `bytes`, and a check character.
std::string spoken_code(std::string_view bytes, std::size_t characters);

}  // namespace wideberth::base
