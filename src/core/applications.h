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
Result<void> apply_hotline(State& state, const Entry& entry, const std::string& party);
/// A watch handed over (apply_handover.cpp).
Result<void> apply_handover(State& state, const Entry& entry, const std::string& party);
/// Of every entry: whether it was done on paper, and what it was in time for (apply_paper.cpp).
Result<void> apply_paper(State& state, const Entry& entry, const std::string& party);
/// A deadline was recorded as missed: by an act that was on paper in time.
void meet_on_paper(State& state, const model::Deadline& deadline);
Result<void> apply_paper_judged(State& state, const Entry& entry, const std::string& party);
Result<void> apply_presence(State& state, const Entry& entry, const std::string& party);
Result<void> apply_record(State& state, const Entry& entry);

/// Its areas as plans, from its text.
Result<void> compile_areas(AgreementState& agreement);
/// What follows from the rest of a state that was read back (snapshot.h): plans, and the indexes of those that stand. Refused
/// where something in it has no plan.
Result<void> derive(State& state);

/// Where every party with a key has signed, and of each without one it was relayed that it agrees: from this entry on it holds.
void come_into_force(State& state, AgreementState& agreement, EntryIndex entry, Instant at);
// Check-ins: owed from the time that an agreement comes into force, owed no more once it is superseded, owed again after a miss.
void begin_check_ins(State& state, const AgreementState& agreement, Instant at);
void end_check_ins(State& state, const AgreementState& agreement);
void miss_check_in(State& state, EntryIndex proposed, const std::string& party);

}  // namespace wideberth::core
