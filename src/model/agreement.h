// An agreement: parties, areas with their regime, places with their names, and rules. Versioned data that every party signs.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "geo/place.h"
#include "ledger/hash.h"
#include "model/party.h"
#include "model/rules.h"

namespace wideberth::model {

/// notify: the other side is informed; there is nothing to grant. request: an answer is owed.
enum class Regime : unsigned char { notify, request };
std::string_view name_of(Regime regime) noexcept;

struct AgreementArea {
  std::string area;  ///< short name
  std::string name;
  Regime regime = Regime::notify;
  std::vector<std::vector<geo::Place>> rings;  ///< outer first, then holes; each closed: the first place again at its end
  friend bool operator==(const AgreementArea&, const AgreementArea&) = default;
};

/// A place that both sides call by name; a waypoint with one of these names must lie within the radius.
struct GazetteerPlace {
  std::string name;
  std::vector<std::string> also;  ///< other names and spellings
  geo::Place place;
  Metres radius;
  friend bool operator==(const GazetteerPlace&, const GazetteerPlace&) = default;
};

/// The part `full` of agreement.proposed.
struct Agreement {
  std::string name;
  std::uint32_t version = 1;
  std::optional<std::string> supersedes;             ///< id of the agreement that this one takes the place of
  std::string about;                                 ///< free text: where it comes from, what it is for; may be empty
  std::vector<Party> parties;                        ///< at least two with the role party
  std::vector<AgreementArea> areas;                  ///< at least one
  Metres area_margin = Metres::from_metres(50'000);  ///< how far outside the areas a place may lie
  std::vector<GazetteerPlace> places;
  std::vector<std::string> platform_classes;  ///< short names; the first is what "vehicle" is by default
  std::vector<Rule> rules;
  friend bool operator==(const Agreement&, const Agreement&) = default;

  const Party* find_party(std::string_view party) const noexcept;
  const AgreementArea* find_area(std::string_view area) const noexcept;
  /// By its name or one of its other names, letter case of ASCII ignored.
  const GazetteerPlace* find_place(std::string_view called) const noexcept;
  bool has_class(std::string_view platform_class) const noexcept;

  struct Owed {
    Metres distance;
    std::string clause;
  };
  /// What two platform classes owe each other; none where no rule speaks. The most specific rule wins: the pair by name,
  /// before one name and one "*", before "* *"; of equals, the greater distance, then the earlier rule.
  ///  Law: separation(a, b) == separation(b, a).
  std::optional<Owed> separation(std::string_view class_a, std::string_view class_b) const;
  /// The greatest distance that any rule asks for; none where there is no separation rule.
  std::optional<Metres> widest_separation() const;

  struct Disclosed {
    View view = View::conflict_only;
    std::int32_t cell_e7 = kDefaultCell_e7;
    Millis slot = kDefaultSlot;
    std::string clause;  ///< empty where no rule speaks
  };
  /// What `to` gets of what `from` files. The most specific rule wins: both by name, `from` by name, `to` by name, "* *";
  /// of equals the earlier. The party itself, and mediators and observers, get full; where no rule speaks, conflict only.
  Disclosed disclosure(std::string_view from, std::string_view to) const;

  struct PositionsUsed {
    PositionUse use = PositionUse::nothing;
    std::string clause;  ///< empty where no rule speaks
  };
  /// What the positions that `from` reports may be used for, for `to`: by the same order of rules. Where none speaks, nothing;
  /// neutral readers are no exception. A party reads its own tracks always.
  PositionsUsed positions(std::string_view from, std::string_view to) const;

  template <class Body>
  struct Found {
    Body body;
    std::string clause;
  };
  /// The first rule of its kind; none where there is none.
  std::optional<Found<NoticeRule>> notice() const;
  std::optional<Found<AnswerWithinRule>> answer_within() const;
  std::optional<Found<UnitInformedRule>> unit_informed() const;
  std::optional<Found<IncidentReportWithinRule>> incident_report() const;
  std::optional<Found<ConsultationEveryRule>> consultation() const;
  std::optional<Found<CheckInRule>> check_in() const;
  std::optional<Found<RetentionRule>> retention() const;
  std::optional<Found<EscalationLadderRule>> escalation_ladder() const;
};

inline constexpr std::size_t kMostAreas = 64;
inline constexpr std::size_t kMostRings = 32;
inline constexpr std::size_t kMostRingPlaces = 2000;
inline constexpr std::size_t kMostPlaces = 5000;
inline constexpr std::size_t kMostClasses = 64;
inline constexpr std::size_t kMostRules = 500;
inline constexpr std::size_t kMostAgreementBytes = std::size_t{4} << 20;

/// Strict: a member unknown here is refused. Refuses with the json_ rules, name_malformed, name_twice, agreement_names_unknown
/// (a rule that names a party, area or class that is not there), agreement_parties, ring_malformed, disclosure_grain.
Result<Agreement> parse_agreement(std::string_view json);
std::string to_json(const Agreement& agreement);

/// {"agreement": "AG-…", "document": base64 of the SHA-256 of the exact bytes of the part `full` that is signed}
struct AgreementSigned {
  std::string agreement;
  ledger::Hash document;
  friend bool operator==(const AgreementSigned&, const AgreementSigned&) = default;
};
/// What a reading comes to, as the machine applies it; each fits clauses of one kind.
struct SeparationMeans {  ///< {"separation_m"}: of a separation
  Metres distance;
  friend bool operator==(const SeparationMeans&, const SeparationMeans&) = default;
};
struct RingsMean {  ///< {"rings"}: of an exclusion, the area as this side draws it
  std::vector<std::vector<geo::Place>> rings;
  friend bool operator==(const RingsMean&, const RingsMean&) = default;
};
struct RegimeMeans {  ///< {"area", "regime"}: of any clause, what governs that area
  std::string area;
  Regime regime = Regime::notify;
  friend bool operator==(const RegimeMeans&, const RegimeMeans&) = default;
};
struct GovernsMeans {  ///< {"governs"}: of any clause, another agreement that is held to govern
  std::string agreement;
  friend bool operator==(const GovernsMeans&, const GovernsMeans&) = default;
};
using ReadingMeans = std::variant<std::monostate, SeparationMeans, RingsMean, RegimeMeans, GovernsMeans>;

/// {"clause": "3.1", "reading": "…", "reservation": false, "means": {…}}: how the signer reads a clause, or what it
/// reserves (self-defence, legitimacy); the entry's ref names the agreement. Its text is the party's own and may hold any word.
struct AgreementReading {
  std::string clause, reading;
  bool reservation = false;
  ReadingMeans means{};  ///< may be left out: then it stands beside the text and changes no finding
  friend bool operator==(const AgreementReading&, const AgreementReading&) = default;
};
Result<AgreementSigned> parse_agreement_signed(std::string_view json);
Result<AgreementReading> parse_agreement_reading(std::string_view json);
std::string to_json(const AgreementSigned& document);
std::string to_json(const AgreementReading& document);

}  // namespace wideberth::model
