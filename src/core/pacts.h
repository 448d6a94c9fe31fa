// What holds of agreements beyond their text: who has left, who opted in to which special caution area, what was consulted and
// reported, and which findings followed. One member of the state.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "core/entry.h"
#include "model/findings.h"
#include "model/pact.h"
#include "model/pact_findings.h"

namespace wideberth::core {

using base::EntryIndex;
using base::Instant;

struct Withdrawal {
  EntryIndex entry{};
  Instant effect{};
  std::optional<EntryIndex> left{};  ///< the entry by which it took effect
};
struct ConsultationState {
  EntryIndex entry{};
  std::string party;                              ///< who says so
  std::optional<model::ConsultationHeld> said{};  ///< none once erased
};
struct IncidentReportState {
  EntryIndex entry{};
  std::string party;
  std::optional<EntryIndex> answers{};            ///< the report that opened it; none for that itself
  std::optional<model::IncidentReported> said{};  ///< none once erased
};

/// Of one agreement.
struct Pact {
  std::map<std::string, Withdrawal, std::less<>> withdrawals;                    ///< by party
  std::map<std::string, std::map<std::string, EntryIndex>, std::less<>> joined;  ///< clause → party → the entry
  std::vector<ConsultationState> consultations;
  std::vector<IncidentReportState> reports;
};

/// A finding as it was told.
struct TouchedState {
  EntryIndex entry{};
  std::vector<std::string> told;
  model::RuleTouched found;
};
struct DiffersState {
  EntryIndex entry{};
  std::vector<std::string> told;
  model::ReadingDiffers found;
};

struct Pacts {
  std::map<std::string, Pact, std::less<>> of;  ///< by the id of the agreement
  /// When consultations fall due: follows from signatures and from what was held, so no dump holds it.
  std::map<std::tuple<Instant, EntryIndex, model::DeadlineKind, std::string>, model::Deadline> dates;
  std::set<std::pair<Instant, EntryIndex>> effects;                         ///< withdrawals that have not taken effect
  std::map<EntryIndex, std::pair<std::string, std::string>> withdrawal_of;  ///< its entry → agreement and party
  std::vector<TouchedState> touched;
  std::vector<DiffersState> differs;

  const Pact* find(std::string_view agreement) const {
    const auto at = of.find(agreement);
    return at == of.end() ? nullptr : &at->second;
  }
  const Withdrawal* withdrawal(std::string_view agreement, std::string_view party) const {
    const Pact* pact = find(agreement);
    if (pact == nullptr) return nullptr;
    const auto at = pact->withdrawals.find(party);
    return at == pact->withdrawals.end() ? nullptr : &at->second;
  }
  /// Whether the party's withdrawal from the agreement has taken effect.
  bool has_left(std::string_view agreement, std::string_view party) const {
    const Withdrawal* of_party = withdrawal(agreement, party);
    return of_party != nullptr && of_party->left.has_value();
  }
};

}  // namespace wideberth::core
