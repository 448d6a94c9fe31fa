// What parties do about an agreement once it is in force: leave it, opt in to a special caution area, consult, report an
// incident. The part `full` of the kinds that parties sign. Strict, all of them.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/names.h"

namespace wideberth::model {

inline constexpr std::size_t kMostParticipants = 100;
/// The farthest ahead that a party may set the time at which its withdrawal takes effect.
inline constexpr Millis kMostWithdrawalNotice = Millis::from_seconds(10LL * 366 * 86'400);

/// agreement.withdrawn {"reason", "effect"}: the signer is no party to it any more from `effect` on; without it, from now on.
struct AgreementWithdrawn {
  std::string reason;
  std::optional<Instant> effect{};
  friend bool operator==(const AgreementWithdrawn&, const AgreementWithdrawn&) = default;
};
/// caution.joined and caution.left {"clause", "person"}: the signer opts in to the special caution area of the clause, or out of
/// it.
struct CautionSaid {
  std::string clause, person;
  friend bool operator==(const CautionSaid&, const CautionSaid&) = default;
};
/// consultation.held {"held", "participants", "reference"}: when, who took part, and the paper that says what came of it.
struct ConsultationHeld {
  Instant held;
  std::vector<std::string> participants;  ///< 1 or more, as the signer names them
  std::string reference;                  ///< may be empty
  friend bool operator==(const ConsultationHeld&, const ConsultationHeld&) = default;
};
/// incident.reported {"occurred", "summary", "person", "reference"}: one side's own first account of an incident.
struct IncidentReported {
  Instant occurred;
  std::string summary, person;
  std::string reference;  ///< may be empty
  friend bool operator==(const IncidentReported&, const IncidentReported&) = default;
};

Result<AgreementWithdrawn> parse_agreement_withdrawn(std::string_view json);
Result<CautionSaid> parse_caution_said(std::string_view json);
Result<ConsultationHeld> parse_consultation_held(std::string_view json);
Result<IncidentReported> parse_incident_reported(std::string_view json);

std::string to_json(const AgreementWithdrawn& act);
std::string to_json(const CautionSaid& act);
std::string to_json(const ConsultationHeld& act);
std::string to_json(const IncidentReported& act);

}  // namespace wideberth::model
