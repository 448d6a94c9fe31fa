// What an entry of each kind changes. Inside core only: apply calls one of these, then moves the chain, the tree and the time.
#pragma once

#include "core/state.h"

namespace wideberth::core {

Result<void> apply_notified(State& state, const Entry& entry, const std::string& party);
Result<void> apply_delivered(State& state, const Entry& entry);
Result<void> apply_answer(State& state, const Entry& entry, const std::string& party);
Result<void> apply_end(State& state, const Entry& entry);
/// Suspensions, questions, outcomes (apply_movements.cpp).
Result<void> apply_on_the_way(State& state, const Entry& entry, const std::string& party);
Result<void> apply_conflict(State& state, const Entry& entry);
Result<void> apply_deadline(State& state, const Entry& entry);
Result<void> apply_positions(State& state, const Entry& entry, const std::string& party);
Result<void> apply_crossed(State& state, const Entry& entry);
Result<void> apply_alert(State& state, const Entry& entry);
Result<void> apply_units(State& state, const Entry& entry, const std::string& party);
Result<void> apply_watched(State& state, const Entry& entry);
Result<void> apply_pact(State& state, const Entry& entry, const std::string& party);
Result<void> apply_pact_finding(State& state, const Entry& entry);
/// Every bound party owes a consultation, counted from then; nothing where the agreement has no such rule.
void owe_consultations(State& state, const AgreementState& agreement, EntryIndex since, Instant from);
void drop_consultations(State& state, const std::string& agreement);
Result<void> apply_record(State& state, const Entry& entry);

}  // namespace wideberth::core
