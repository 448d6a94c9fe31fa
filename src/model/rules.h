// The rules that an agreement can hold, one struct each. A rule is data: the clause it stands under, the sentence that the
// parties signed, and the numbers that follow from it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "model/names.h"

namespace wideberth::model {

/// How much of a notification a recipient gets, finest first.
enum class View : unsigned char { full, corridor, outline, conflict_only };
/// "full", "corridor", "outline", "conflict only".
std::string_view name_of(View view) noexcept;
std::optional<View> view_named(std::string_view name) noexcept;

/// A grain of place and time in which the coarser views speak. cell_e7 divides 90 degrees, slot divides a day.
inline constexpr std::int32_t kDefaultCell_e7 = 1'000'000;  ///< 0.1 degrees
inline constexpr Millis kDefaultSlot = Millis::from_seconds(3600);
inline constexpr std::int32_t kLeastCell_e7 = 10'000;      ///< 0.001 degrees
inline constexpr std::int32_t kMostCell_e7 = 100'000'000;  ///< 10 degrees
inline constexpr Millis kLeastSlot = Millis::from_seconds(60);
inline constexpr Millis kMostSlot = Millis::from_seconds(86'400);
bool is_grain(std::int32_t cell_e7, Millis slot) noexcept;

// Enforced now.

/// notice: how long before its earliest start a notification must be filed.
struct NoticeRule {
  Millis lead, emergency_lead;
  friend bool operator==(const NoticeRule&, const NoticeRule&) = default;
};
/// answer_within: how soon the other side must acknowledge (and answer, where the regime is request).
struct AnswerWithinRule {
  Millis within, amendment_within;
  friend bool operator==(const AnswerWithinRule&, const AnswerWithinRule&) = default;
};
/// unit_informed_before: how long before the earliest start the unit in the field must have been told.
struct UnitInformedRule {
  Millis before;
  friend bool operator==(const UnitInformedRule&, const UnitInformedRule&) = default;
};
/// separation: how far apart two classes of platform of different parties keep; symmetric; "*" is any class.
struct SeparationRule {
  std::string class_a, class_b;
  Metres distance;
  friend bool operator==(const SeparationRule&, const SeparationRule&) = default;
};
/// disclosure: which view of what `from` files `to` gets; "*" is any party.
struct DisclosureRule {
  std::string from, to;
  View view = View::conflict_only;
  std::int32_t cell_e7 = kDefaultCell_e7;  ///< degrees x 1e7
  Millis slot = kDefaultSlot;
  friend bool operator==(const DisclosureRule&, const DisclosureRule&) = default;
};

// Parsed, kept and written back.

/// composition_tolerance: by how many vehicles (either way) and people what drives may differ from what was notified.
struct CompositionToleranceRule {
  std::int64_t vehicles, people;
  friend bool operator==(const CompositionToleranceRule&, const CompositionToleranceRule&) = default;
};
/// exclusion: no platform of the class in the area, but for an exception with notice.
struct ExclusionRule {
  std::string area, platform_class;  ///< class "*" = any
  bool except_with_notice = false;
  friend bool operator==(const ExclusionRule&, const ExclusionRule&) = default;
};
/// special_caution_area: an area in which extra measures hold between the two instants.
struct SpecialCautionAreaRule {
  std::string area;
  Interval window;
  std::string measures;
  friend bool operator==(const SpecialCautionAreaRule&, const SpecialCautionAreaRule&) = default;
};
/// One named number of a test, such as {"speed_below_mps", 2.5}: a name as in [a-z][a-z0-9_]{0,47}; thousandths inside.
struct Threshold {
  std::string name;
  std::int64_t thousandths;
  friend bool operator==(const Threshold&, const Threshold&) = default;
};
/// prohibited_conduct: what neither side does, and the test by which a track shows a candidate of it.
struct ProhibitedConductRule {
  std::string conduct;  ///< short name: "blocking", "tailing", "low-overflight"
  std::vector<Threshold> test;
  friend bool operator==(const ProhibitedConductRule&, const ProhibitedConductRule&) = default;
};
/// check_in: the hotline is tried at these times of every day, UTC. With `within`, a check-in counts from that long before its
/// time to that long after it, and a miss is an entry; without it nobody can say what a miss is, and nothing falls due.
struct CheckInRule {
  std::vector<Millis> times;  ///< since midnight, whole minutes, rising
  std::optional<Millis> within{};
  friend bool operator==(const CheckInRule&, const CheckInRule&) = default;
};
/// escalation_ladder: what is said or done, in order, before anything stronger.
struct EscalationLadderRule {
  std::vector<std::string> steps;
  friend bool operator==(const EscalationLadderRule&, const EscalationLadderRule&) = default;
};
struct IncidentReportWithinRule {
  Millis within;
  friend bool operator==(const IncidentReportWithinRule&, const IncidentReportWithinRule&) = default;
};
struct ConsultationEveryRule {
  Millis every;
  friend bool operator==(const ConsultationEveryRule&, const ConsultationEveryRule&) = default;
};
/// retention: how long parts are kept after the end of what they are about.
struct RetentionRule {
  Millis keep;
  friend bool operator==(const RetentionRule&, const RetentionRule&) = default;
};
/// confidential: who may be shown the text of the agreement, by short names; none = the parties to it alone.
struct ConfidentialRule {
  std::vector<std::string> may_see;
  friend bool operator==(const ConfidentialRule&, const ConfidentialRule&) = default;
};

/// What may be done with the positions that a party reports: nothing but keep them for it; warn the other side of close
/// approaches; or let the other side read its tracks besides.
enum class PositionUse : unsigned char { nothing, warnings, tracks };
/// "nothing", "warnings", "tracks".
std::string_view name_of(PositionUse use) noexcept;
/// positions: what the positions that `from` reports may be used for, for `to`; "*" is any party. Enforced.
struct PositionsRule {
  std::string from, to;
  PositionUse use = PositionUse::nothing;
  friend bool operator==(const PositionsRule&, const PositionsRule&) = default;
};

/// How many of a platform class a party says that it has in an area at most, and what observers call them.
struct PresenceClass {
  std::string platform_class;
  std::vector<std::string> called;  ///< such as "truck"; compared with letter case of ASCII ignored
  std::int64_t most = 0;
  friend bool operator==(const PresenceClass&, const PresenceClass&) = default;
};
/// presence: what `party` has in the area. It changes by presence.stated, with at least `notice` before; and by a revision of
/// the agreement. Sightings that the party answers with "ours" are held against it.
struct PresenceRule {
  std::string party, area;
  std::vector<PresenceClass> classes;
  Millis notice;
  friend bool operator==(const PresenceRule&, const PresenceRule&) = default;
};

using RuleBody =
    std::variant<NoticeRule, AnswerWithinRule, UnitInformedRule, SeparationRule, DisclosureRule, CompositionToleranceRule,
                 ExclusionRule, SpecialCautionAreaRule, ProhibitedConductRule, CheckInRule, EscalationLadderRule,
                 IncidentReportWithinRule, ConsultationEveryRule, RetentionRule, ConfidentialRule, PositionsRule, PresenceRule>;

/// A rule of an agreement; base::Rule is one that a refusal names.
struct Rule {
  std::string clause;  ///< "4.1"; unique within an agreement
  std::string text;    ///< the sentence that the parties signed
  RuleBody body;
  friend bool operator==(const Rule&, const Rule&) = default;
};

/// "notice", "answer_within", "unit_informed_before", "separation" …: the word in the member "kind".
std::string_view kind_name_of(const RuleBody& body) noexcept;

}  // namespace wideberth::model
