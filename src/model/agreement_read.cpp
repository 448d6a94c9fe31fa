#include <algorithm>
#include <limits>
#include <set>

#include "model/agreement.h"
#include "model/read.h"
#include "model/rules_text.h"

namespace wideberth::model {
namespace {

using json::Reader;

constexpr Metres kMostAreaMargin = Metres::from_metres(1'000'000);
constexpr Metres kMostPlaceRadius = Metres::from_metres(200'000);

/// Refuses the second of two things with one name.
class Names {
 public:
  Result<void> add(const Reader& at, const std::string& name) {
    if (names_.insert(name).second) return {};
    return at.refuse(base::Rule::name_twice, "\"" + base::excerpt(name) + "\" again", "each name once");
  }

 private:
  std::set<std::string> names_{};
};

Result<AgreementArea> read_area(const Reader& at) {
  WB_TRY_VOID(at.only({"area", "name", "regime", "rings"}));
  AgreementArea area;
  WB_TRY(short_form, read::short_name(at, "area"));
  area.area = std::move(short_form);
  WB_TRY(name, read::text(at, "name", kMostLabel));
  area.name = std::move(name);
  WB_TRY(regime_at, at.member("regime"));
  WB_TRY(regime, read::word<Regime>(regime_at, kRegimeNames));
  area.regime = regime;
  WB_TRY(rings_at, at.member("rings"));
  WB_TRY(rings, rings_at.elements(1, kMostRings));
  for (const auto& each : rings) {
    WB_TRY(ring, read::ring(each, kMostRingPlaces));
    area.rings.push_back(std::move(ring));
  }
  return area;
}

Result<GazetteerPlace> read_gazetteer_place(const Reader& at) {
  WB_TRY_VOID(at.only({"name", "also", "place", "radius_m"}));
  GazetteerPlace found;
  WB_TRY(name, read::text(at, "name", kMostLabel));
  found.name = std::move(name);
  if (const auto also = at.find("also")) {
    WB_TRY(others, also->elements(0, 32));
    for (const auto& each : others) {
      WB_TRY(other, each.text(kMostLabel));
      found.also.push_back(std::move(other));
    }
  }
  WB_TRY(place_at, at.member("place"));
  WB_TRY(place, read::place(place_at));
  found.place = place;
  WB_TRY(radius, read::metres(at, "radius_m", Metres::from_metres(1), kMostPlaceRadius));
  found.radius = radius;
  return found;
}

Result<void> read_agreement_parties(const Reader& at, Agreement& agreement) {
  WB_TRY(list_at, at.member("parties"));
  WB_TRY(list, list_at.elements(1, kMostParties));
  Names names;
  for (const auto& each : list) {
    WB_TRY_VOID(each.only({"party", "role", "name"}));
    WB_TRY(party, read_party(each));
    WB_TRY_VOID(names.add(each, party.party));
    agreement.parties.push_back(std::move(party));
  }
  const auto bound = std::count_if(agreement.parties.begin(), agreement.parties.end(),
                                   [](const Party& each) { return each.role == Role::party; });
  if (bound < 2)
    return list_at.refuse(base::Rule::agreement_parties, std::to_string(bound) + " with the role party", "two or more");
  return {};
}

Result<void> read_areas(const Reader& at, Agreement& agreement) {
  WB_TRY(list_at, at.member("areas"));
  WB_TRY(list, list_at.elements(0, kMostAreas));
  if (list.empty()) return list_at.refuse(base::Rule::agreement_rules_missing, "no area", "one or more");
  Names names;
  for (const auto& each : list) {
    WB_TRY(area, read_area(each));
    WB_TRY_VOID(names.add(each, area.area));
    agreement.areas.push_back(std::move(area));
  }
  if (const auto margin_at = at.find("area_margin_m")) {
    WB_TRY(margin, read::metres(*margin_at, Metres{}, kMostAreaMargin));
    agreement.area_margin = margin;
  }
  return {};
}

Result<void> read_places_and_classes(const Reader& at, Agreement& agreement) {
  if (const auto places_at = at.find("places")) {
    WB_TRY(list, places_at->elements(0, kMostPlaces));
    Names names;
    for (const auto& each : list) {
      WB_TRY(place, read_gazetteer_place(each));
      WB_TRY_VOID(names.add(each, place.name));
      for (const auto& other : place.also) WB_TRY_VOID(names.add(each, other));
      agreement.places.push_back(std::move(place));
    }
  }
  WB_TRY(classes_at, at.member("platform_classes"));
  WB_TRY(classes, classes_at.elements(1, kMostClasses));
  Names names;
  for (const auto& each : classes) {
    WB_TRY(name, read::short_name(each));
    WB_TRY_VOID(names.add(each, name));
    agreement.platform_classes.push_back(std::move(name));
  }
  return {};
}

Result<void> read_rules(const Reader& at, Agreement& agreement) {
  WB_TRY(list_at, at.member("rules"));
  WB_TRY(list, list_at.elements(0, kMostRules));
  if (list.empty()) return list_at.refuse(base::Rule::agreement_rules_missing, "no rule", "one or more");
  Names clauses;
  for (const auto& each : list) {
    WB_TRY(rule, read_rule(each));
    WB_TRY_VOID(clauses.add(each, rule.clause));
    WB_TRY_VOID(check_names_of_rule(each, rule, agreement));
    agreement.rules.push_back(std::move(rule));
  }
  return {};
}

Result<Agreement> read_agreement(const Reader& at) {
  WB_TRY_VOID(at.only(
      {"name", "version", "supersedes", "about", "parties", "areas", "area_margin_m", "places", "platform_classes", "rules"}));
  Agreement agreement;
  WB_TRY(name, read::text(at, "name", kMostLabel));
  agreement.name = std::move(name);
  WB_TRY(version, read::integer(at, "version", 1, std::numeric_limits<std::int32_t>::max()));
  agreement.version = static_cast<std::uint32_t>(version);
  if (at.find("supersedes")) {
    WB_TRY(id, read::id(at, "supersedes"));
    agreement.supersedes = std::move(id);
  }
  WB_TRY(about, read::text_if_any(at, "about", kMostClauseText, true));
  agreement.about = std::move(about);
  WB_TRY_VOID(read_agreement_parties(at, agreement));
  WB_TRY_VOID(read_areas(at, agreement));
  WB_TRY_VOID(read_places_and_classes(at, agreement));
  WB_TRY_VOID(read_rules(at, agreement));
  return agreement;
}

Result<AgreementSigned> read_signed(const Reader& at) {
  WB_TRY_VOID(at.only({"agreement", "document"}));
  WB_TRY(agreement, read::id(at, "agreement"));
  WB_TRY(document, read::hash(at, "document"));
  return AgreementSigned{std::move(agreement), document};
}

Result<ReadingMeans> read_means(const Reader& at) {
  if (at.find("separation_m")) {
    WB_TRY_VOID(at.only({"separation_m"}));
    WB_TRY(distance, read::metres(at, "separation_m", Metres{}, Metres::from_metres(1'000'000)));
    return ReadingMeans(SeparationMeans{distance});
  }
  if (const auto rings_at = at.find("rings")) {
    WB_TRY_VOID(at.only({"rings"}));
    WB_TRY(rings, rings_at->elements(1, kMostRings));
    RingsMean drawn;
    for (const auto& each : rings) {
      WB_TRY(ring, read::ring(each, kMostRingPlaces));
      drawn.rings.push_back(std::move(ring));
    }
    return ReadingMeans(std::move(drawn));
  }
  if (at.find("governs")) {
    WB_TRY_VOID(at.only({"governs"}));
    WB_TRY(agreement, read::id(at, "governs"));
    return ReadingMeans(GovernsMeans{std::move(agreement)});
  }
  WB_TRY_VOID(at.only({"area", "regime"}));
  WB_TRY(area, read::short_name(at, "area"));
  WB_TRY(regime_at, at.member("regime"));
  WB_TRY(regime, read::word<Regime>(regime_at, kRegimeNames));
  return ReadingMeans(RegimeMeans{std::move(area), regime});
}

Result<AgreementReading> read_reading(const Reader& at) {
  WB_TRY_VOID(at.only({"clause", "reading", "reservation", "means"}));
  AgreementReading found;
  WB_TRY(clause, read::text(at, "clause", kMostClause));
  found.clause = std::move(clause);
  WB_TRY(reading, read::text(at, "reading", kMostClauseText, true));
  found.reading = std::move(reading);
  WB_TRY(reservation_at, at.member("reservation"));
  WB_TRY(reservation, reservation_at.boolean());
  found.reservation = reservation;
  if (const auto means_at = at.find("means")) {
    WB_TRY(means, read_means(*means_at));
    found.means = std::move(means);
  }
  return found;
}

}  // namespace

Result<Agreement> parse_agreement(std::string_view json) {
  return read::whole<Agreement>(json, kMostAgreementBytes, read_agreement);
}
Result<AgreementSigned> parse_agreement_signed(std::string_view json) {
  return read::whole<AgreementSigned>(json, kMostAgreementBytes, read_signed);
}
Result<AgreementReading> parse_agreement_reading(std::string_view json) {
  return read::whole<AgreementReading>(json, kMostAgreementBytes, read_reading);
}

}  // namespace wideberth::model
