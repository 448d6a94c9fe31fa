#include "model/encounters.h"

#include <algorithm>
#include <array>

#include "model/position_batch.h"
#include "model/read.h"

namespace wideberth::model {
namespace {

using json::Reader;

constexpr std::array<std::string_view, 5> kEncounterOverNames = {"went apart", "silence", "longest", "joined", "restarted"};
constexpr std::size_t kMostOpenedBytes = std::size_t{64} << 10;
constexpr Metres kFurthestContact = Metres::from_metres(50'000'000);
constexpr std::int64_t kMostThousandths = 1'000'000'000'000;
constexpr std::int64_t kMostEncounterCount = 1'000'000'000;
constexpr std::size_t kMostNumbers = 32, kMostBy = 64, kMostRests = 128;

Result<std::string> named_unit(const Reader& at) {
  WB_TRY(text, at.string(kMostUnitName));
  std::string unit(text);
  WB_TRY_VOID(read::placed(at, check_unit_name(unit)));
  return unit;
}
Result<std::string> unit_if_any(const Reader& object, std::string_view name) {
  const auto at = object.find(name);
  if (!at) return std::string();
  return named_unit(*at);
}
Result<Interval> from_to(const Reader& at) {
  WB_TRY(from, read::instant(at, "from"));
  WB_TRY(to, read::instant(at, "to"));
  if (to < from) return at.refuse(base::Rule::span_backwards, to_text(from) + " to " + to_text(to), "from no later than to");
  return Interval{from, to};
}

Result<EncounterOpened> read_encounter_opened(const Reader& at) {
  WB_TRY_VOID(at.only({"agreement", "clause", "unit", "fix", "other_party", "other_unit", "at", "within_m"}));
  EncounterOpened opened;
  WB_TRY(agreement, read::id(at, "agreement"));
  opened.agreement = std::move(agreement);
  WB_TRY(clause, read::text(at, "clause", kMostClause));
  opened.clause = std::move(clause);
  WB_TRY(unit_at, at.member("unit"));
  WB_TRY(unit, named_unit(unit_at));
  opened.unit = std::move(unit);
  WB_TRY(fix, read::integer(at, "fix", 0, static_cast<std::int64_t>(kMostFixes) - 1));
  opened.fix = static_cast<std::uint32_t>(fix);
  WB_TRY(party, read::short_name(at, "other_party"));
  opened.other_party = std::move(party);
  WB_TRY(other, unit_if_any(at, "other_unit"));
  opened.other_unit = std::move(other);
  WB_TRY(instant, read::instant(at, "at"));
  opened.at = instant;
  WB_TRY(within, read::metres(at, "within_m", Metres{}, kFurthestContact));
  opened.within = within;
  return opened;
}

Result<EncounterUnit> read_encounter_unit(const Reader& at) {
  WB_TRY_VOID(at.only({"party", "unit"}));
  WB_TRY(party, read::short_name(at, "party"));
  WB_TRY(unit, unit_if_any(at, "unit"));
  return EncounterUnit{std::move(party), std::move(unit)};
}

Result<std::optional<geo::Place>> place_if_any(const Reader& object, std::string_view name) {
  const auto at = object.find(name);
  if (!at) return std::optional<geo::Place>();
  WB_TRY(place, read::place(*at));
  return std::optional(place);
}
Result<std::optional<std::int64_t>> thousandths_if_any(const Reader& object, std::string_view name) {
  const auto at = object.find(name);
  if (!at) return std::optional<std::int64_t>();
  WB_TRY(value, at->fixed(3, -kMostThousandths, kMostThousandths));
  return std::optional(value);
}

Result<EncounterContact> read_encounter_contact(const Reader& at) {
  WB_TRY_VOID(at.only({"unit", "other_unit", "from", "to", "closest_m", "closest_at", "place", "other_place", "relative_mps",
                       "greatest_relative_mps"}));
  EncounterContact contact;
  WB_TRY(unit_at, at.member("unit"));
  WB_TRY(unit, named_unit(unit_at));
  contact.unit = std::move(unit);
  WB_TRY(other, unit_if_any(at, "other_unit"));
  contact.other_unit = std::move(other);
  WB_TRY(when, from_to(at));
  contact.when = when;
  WB_TRY(closest, read::metres(at, "closest_m", Metres{}, kFurthestContact));
  contact.closest = closest;
  WB_TRY(closest_at, read::instant(at, "closest_at"));
  contact.closest_at = closest_at;
  WB_TRY(place, place_if_any(at, "place"));
  contact.place = place;
  WB_TRY(other_place, place_if_any(at, "other_place"));
  contact.other_place = other_place;
  WB_TRY(relative, thousandths_if_any(at, "relative_mps"));
  contact.relative_mmps = relative;
  WB_TRY(most, thousandths_if_any(at, "greatest_relative_mps"));
  contact.most_relative_mmps = most;
  return contact;
}

Result<std::vector<NamedNumber>> numbers(const Reader& object, std::string_view name) {
  std::vector<NamedNumber> found;
  const auto at = object.find(name);
  if (!at) return found;
  if (!at->is_object()) return at->refuse(base::Rule::json_kind, "no object", "{\"name\": number, …}");
  const auto members = at->members();
  if (members.size() > kMostNumbers)
    return at->refuse(base::Rule::json_length, std::to_string(members.size()) + " numbers",
                      "at most " + std::to_string(kMostNumbers));
  for (const auto& [key, value] : members) {
    if (key.empty() || key.size() > kMostLabel)
      return value.refuse(base::Rule::name_malformed, "\"" + base::excerpt(key) + "\"", "such as \"least_distance_m\"");
    WB_TRY(thousandths, value.fixed(3, -kMostThousandths, kMostThousandths));
    found.push_back({key, thousandths});
  }
  return found;
}

Result<std::vector<EncounterUnit>> units_in(const Reader& object, std::string_view name) {
  WB_TRY(at, object.member(name));
  WB_TRY(all, at.elements(0, kMostBy));
  std::vector<EncounterUnit> units;
  for (const Reader& each : all) {
    WB_TRY(unit, read_encounter_unit(each));
    units.push_back(std::move(unit));
  }
  return units;
}

/// [412, "2020-08-25T06:58:12Z"]: by which entry it came, and when it was.
Result<FixRef> read_fix_ref(const Reader& at) {
  WB_TRY(parts, at.elements(2, 2));
  WB_TRY(batch, parts[0].integer(0, json::kMostInteger));
  WB_TRY(instant, parts[1].instant());
  return FixRef{EntryIndex{static_cast<std::uint64_t>(batch)}, instant};
}

Result<FixesOf> read_fixes_of(const Reader& at) {
  WB_TRY_VOID(at.only({"party", "unit", "fixes", "which"}));
  FixesOf fixes;
  WB_TRY(party, read::short_name(at, "party"));
  fixes.unit.party = std::move(party);
  WB_TRY(unit, unit_if_any(at, "unit"));
  fixes.unit.unit = std::move(unit);
  WB_TRY(count, read::integer(at, "fixes", 0, kMostEncounterCount));
  fixes.fixes = static_cast<std::uint32_t>(count);
  WB_TRY(which_at, at.member("which"));
  WB_TRY(which, which_at.elements(0, kMostFixRefs));
  for (const Reader& each : which) {
    WB_TRY(ref, read_fix_ref(each));
    fixes.which.push_back(ref);
  }
  return fixes;
}

Result<ConductCandidate> read_candidate(const Reader& at) {
  WB_TRY_VOID(at.only({"conduct", "status", "by", "upon", "also_upon", "from", "to", "clause", "values", "test", "rests_on"}));
  ConductCandidate candidate;
  WB_TRY(conduct, read::short_name(at, "conduct"));
  candidate.conduct = std::move(conduct);
  WB_TRY(status_at, at.member("status"));
  WB_TRY(status, status_at.one_of({"candidate"}));
  static_cast<void>(status);
  WB_TRY(by, units_in(at, "by"));
  candidate.by = std::move(by);
  WB_TRY(upon_at, at.member("upon"));
  WB_TRY(upon, read_encounter_unit(upon_at));
  candidate.upon = std::move(upon);
  if (at.find("also_upon")) {
    WB_TRY(also, units_in(at, "also_upon"));
    candidate.also_upon = std::move(also);
  }
  WB_TRY(when, from_to(at));
  candidate.when = when;
  WB_TRY(clause, read::text_if_any(at, "clause", kMostClause));
  candidate.clause = std::move(clause);
  WB_TRY(values, numbers(at, "values"));
  candidate.values = std::move(values);
  WB_TRY(test, numbers(at, "test"));
  candidate.test = std::move(test);
  WB_TRY(rests_at, at.member("rests_on"));
  WB_TRY(rests, rests_at.elements(0, kMostRests));
  for (const Reader& each : rests) {
    WB_TRY(fixes, read_fixes_of(each));
    candidate.rests_on.push_back(std::move(fixes));
  }
  return candidate;
}

Result<NotReported> read_not_reported(const Reader& at) {
  WB_TRY_VOID(at.only({"conduct", "why", "by", "upon", "from", "to", "found", "needed"}));
  NotReported none;
  WB_TRY(conduct, read::short_name(at, "conduct"));
  none.conduct = std::move(conduct);
  WB_TRY(why, read::text(at, "why", kMostLabel));
  none.why = std::move(why);
  WB_TRY(by, units_in(at, "by"));
  none.by = std::move(by);
  WB_TRY(upon_at, at.member("upon"));
  WB_TRY(upon, read_encounter_unit(upon_at));
  none.upon = std::move(upon);
  WB_TRY(when, from_to(at));
  none.when = when;
  WB_TRY(found, thousandths_if_any(at, "found"));
  if (found) none.found = NamedNumber{"found", *found};
  WB_TRY(needed, thousandths_if_any(at, "needed"));
  if (needed) none.needed = NamedNumber{"needed", *needed};
  return none;
}

template <class T, class Read>
Result<std::vector<T>> listed(const Reader& object, std::string_view name, Read&& read) {
  WB_TRY(at, object.member(name));
  WB_TRY(all, at.elements(0, kMostListed));
  std::vector<T> found;
  for (const Reader& each : all) {
    WB_TRY(one, read(each));
    found.push_back(std::move(one));
  }
  return found;
}

Result<EncounterClosed> read_encounter_closed(const Reader& at) {
  WB_TRY_VOID(at.only({"ended", "from", "to", "joined", "contacts", "listed", "candidates_found", "candidates", "not_reported"}));
  EncounterClosed closed;
  WB_TRY(ended_at, at.member("ended"));
  WB_TRY(ended, read::word<EncounterOver>(ended_at, kEncounterOverNames));
  closed.ended = ended;
  WB_TRY(when, from_to(at));
  closed.when = when;
  if (at.find("joined")) {
    WB_TRY(joined, read::index(at, "joined"));
    closed.joined = joined;
  }
  WB_TRY(contacts, read::integer(at, "contacts", 0, kMostEncounterCount));
  closed.contacts = static_cast<std::uint32_t>(contacts);
  WB_TRY(list, listed<EncounterContact>(at, "listed", read_encounter_contact));
  closed.listed = std::move(list);
  WB_TRY(count, read::integer(at, "candidates_found", 0, kMostEncounterCount));
  closed.candidates_found = static_cast<std::uint32_t>(count);
  WB_TRY(candidates, listed<ConductCandidate>(at, "candidates", read_candidate));
  closed.candidates = std::move(candidates);
  WB_TRY(none, listed<NotReported>(at, "not_reported", read_not_reported));
  closed.not_reported = std::move(none);
  return closed;
}

}  // namespace

std::string_view name_of(EncounterOver over) noexcept { return kEncounterOverNames[static_cast<std::size_t>(over)]; }

Result<EncounterOpened> parse_encounter_opened(std::string_view json) {
  return read::whole<EncounterOpened>(json, kMostOpenedBytes, read_encounter_opened);
}
Result<EncounterClosed> parse_encounter_closed(std::string_view json) {
  return read::whole<EncounterClosed>(json, kMostEncounterBytes, read_encounter_closed);
}

}  // namespace wideberth::model
