// What was seen where, and the question whose it is. The part `full` of sighting.reported and sighting.answered.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "geo/place.h"
#include "model/names.h"

namespace wideberth::model {

inline constexpr std::int64_t kMostSeen = 10'000;

/// sighting.reported {"count", "type", "place", "within_m", "seen", "observer", "remark"?}. Nobody is named as the owner: whose
/// it is, is the question.
struct SightingReported {
  std::int64_t count = 1;  ///< 1 to 10,000
  std::string type;        ///< as the observer calls it: "truck", "BTR"
  geo::Place place;
  Metres within;   ///< how far from the place it may have been, 1 m to 100 km
  Instant seen{};  ///< when
  std::string observer, remark;
  friend bool operator==(const SightingReported&, const SightingReported&) = default;
};

enum class SightingWord : unsigned char { ours, not_ours, not_saying };
/// "ours", "not ours", "not saying".
std::string_view name_of(SightingWord word) noexcept;
/// sighting.answered {"answer", "person", "note"?}. "not saying" is an answer: it tells nothing, and is on time.
struct SightingAnswered {
  SightingWord answer = SightingWord::not_saying;
  std::string person, note;
  friend bool operator==(const SightingAnswered&, const SightingAnswered&) = default;
};

Result<SightingReported> parse_sighting_reported(std::string_view json);
Result<SightingAnswered> parse_sighting_answered(std::string_view json);
std::string to_json(const SightingReported& said);
std::string to_json(const SightingAnswered& said);

}  // namespace wideberth::model
