// Inside this folder only: a rule of an agreement as JSON, both ways. One reader and one writer for each kind.
#pragma once

#include <array>
#include <string_view>
#include <variant>

#include "json/reader.h"
#include "json/writer.h"
#include "model/agreement.h"

namespace wideberth::model {

/// In the order of RuleBody.
inline constexpr std::array<std::string_view, std::variant_size_v<RuleBody>> kRuleKindNames = {"notice",
                                                                                               "answer_within",
                                                                                               "unit_informed_before",
                                                                                               "separation",
                                                                                               "disclosure",
                                                                                               "composition_tolerance",
                                                                                               "exclusion",
                                                                                               "special_caution_area",
                                                                                               "prohibited_conduct",
                                                                                               "check_in",
                                                                                               "escalation_ladder",
                                                                                               "incident_report_within",
                                                                                               "consultation_every",
                                                                                               "retention",
                                                                                               "confidential",
                                                                                               "positions",
                                                                                               "presence"};
inline constexpr std::array<std::string_view, 4> kViewNames = {"full", "corridor", "outline", "conflict only"};
inline constexpr std::array<std::string_view, 3> kPositionUseNames = {"nothing", "warnings", "tracks"};
inline constexpr std::array<std::string_view, 2> kRegimeNames = {"notify", "request"};

/// The list of a presence rule, and of what is stated in its place: each class and each word once.
Result<std::vector<PresenceClass>> read_presence_classes(const json::Reader& at);
/// The member "classes".
void write_presence_classes(json::Writer& writer, const std::vector<PresenceClass>& classes);

Result<Rule> read_rule(const json::Reader& at);
void write_rule(json::Writer& writer, const Rule& rule);

/// Refuses a rule that speaks of a party, an area or a platform class that the agreement does not name (rules are read last).
Result<void> check_names_of_rule(const json::Reader& at, const Rule& rule, const Agreement& agreement);

}  // namespace wideberth::model
