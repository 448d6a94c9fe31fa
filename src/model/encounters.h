// Encounters as each side is told of them: the part `full` of encounter.opened and encounter.closed. A candidate is a set of
// measured values that pass a stated test, until a person confirms it or not. Whose fault it was is not said.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "geo/place.h"
#include "model/names.h"

namespace wideberth::model {

/// One entry for each side; its ref is the batch with the fix of the reader's own unit. Where the agreement gives the reader
/// warnings and no tracks, the other's unit is not named, here and in what follows.
struct EncounterOpened {
  std::string agreement;  ///< id
  std::string clause;     ///< of the rule by which the other's positions are used for the reader
  std::string unit;       ///< the reader's own
  std::uint32_t fix = 0;  ///< which one of the batch
  std::string other_party;
  std::string other_unit{};
  Instant at{};     ///< when the encounter distance was crossed
  Metres within{};  ///< the encounter distance
  friend bool operator==(const EncounterOpened&, const EncounterOpened&) = default;
};

struct EncounterUnit {
  std::string party;
  std::string unit{};  ///< empty: not named to this reader
  friend bool operator==(const EncounterUnit&, const EncounterUnit&) = default;
};

/// What two units did while they were near.
struct EncounterContact {
  std::string unit, other_unit;  ///< the reader's own; the other's, empty where it is not named
  Interval when{};
  Metres closest{};
  Instant closest_at{};
  std::optional<geo::Place> place{}, other_place{};  ///< where both were then
  std::optional<std::int64_t> relative_mmps{};       ///< how fast they moved past each other then
  std::optional<std::int64_t> most_relative_mmps{};
  friend bool operator==(const EncounterContact&, const EncounterContact&) = default;
};

struct NamedNumber {
  std::string name;  ///< with its unit: "least_distance_m"
  std::int64_t thousandths = 0;
  friend bool operator==(const NamedNumber&, const NamedNumber&) = default;
};
/// A fix that a candidate rests on: by which batch it came, and when it was.
struct FixRef {
  EntryIndex batch{};
  Instant at{};
  friend bool operator==(const FixRef&, const FixRef&) = default;
};
struct FixesOf {
  EncounterUnit unit;
  std::uint32_t fixes = 0;      ///< how many
  std::vector<FixRef> which{};  ///< the first kMostFixRefs of them
  friend bool operator==(const FixesOf&, const FixesOf&) = default;
};
struct ConductCandidate {
  std::string conduct;
  std::vector<EncounterUnit> by{};
  EncounterUnit upon{};
  Interval when{};
  std::string clause{};               ///< of the agreement; empty: none names it
  std::vector<NamedNumber> values{};  ///< measured; none for a reader without tracks
  std::vector<NamedNumber> test{};    ///< the numbers of the test that held
  std::vector<FixesOf> rests_on{};
  std::vector<EncounterUnit> also_upon{};  ///< others of the column of `upon` for whom the test held too
  friend bool operator==(const ConductCandidate&, const ConductCandidate&) = default;
};
struct NotReported {
  std::string conduct, why;
  std::vector<EncounterUnit> by{};
  EncounterUnit upon{};
  Interval when{};
  std::optional<NamedNumber> found{}, needed{};
  friend bool operator==(const NotReported&, const NotReported&) = default;
};

/// How an encounter ended. `joined`: it was found to be one with another. `restarted`: the server began anew.
enum class EncounterOver : unsigned char { apart, silence, length, joined, restarted };
/// "went apart", "silence", "longest", "joined", "restarted".
std::string_view name_of(EncounterOver over) noexcept;

struct EncounterClosed {
  EncounterOver ended = EncounterOver::apart;
  Interval when{};
  std::optional<EntryIndex> joined{};  ///< the reader's entry of the encounter that it became one with
  std::uint32_t contacts = 0;          ///< how many; the closest kMostListed of them stand in `listed`
  std::vector<EncounterContact> listed{};
  std::uint32_t candidates_found = 0;  ///< how many; the first kMostListed of them stand in `candidates`
  std::vector<ConductCandidate> candidates{};
  std::vector<NotReported> not_reported{};  ///< at most kMostListed
  friend bool operator==(const EncounterClosed&, const EncounterClosed&) = default;
};

inline constexpr std::size_t kMostListed = 64;
inline constexpr std::size_t kMostFixRefs = 600;         ///< of one unit in one candidate
inline constexpr std::size_t kMostFixRefsInAll = 4'000;  ///< of one encounter
inline constexpr std::size_t kMostEncounterBytes = std::size_t{1} << 20;

Result<EncounterOpened> parse_encounter_opened(std::string_view json);
Result<EncounterClosed> parse_encounter_closed(std::string_view json);
std::string to_json(const EncounterOpened& opened);
std::string to_json(const EncounterClosed& closed);
/// "blocking by B-1 upon R-1, 2020-08-25 07:00:55Z to …: ahead_m 29.998, …".
std::string to_sentence(const ConductCandidate& candidate);

}  // namespace wideberth::model
