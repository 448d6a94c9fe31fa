// core: the fold. What was said becomes what holds.
//
// Purpose.  Every act is an entry in one log; everything else is computed from the log, here. `decide` says whether a note
//   becomes an entry and which entries of the server's own follow from it; `apply` makes the next state from an entry.
//
// Promise.  (1) Pure: no clock, file, socket or random number; time is the entry's `received`. (2) One function at run time,
//   at restart and in rebuild: the state is the same to the byte. (3) Replay never emits: what the server found is read back.
//   (4) Nothing is half applied: decide refuses, or the whole of the note and its findings stand. (5) apply takes an entry
//   whose parts were erased. (6) No finding says more to a party than the agreement discloses to it.
//
// Map, in reading order.
//   entry.h         an entry with its parts, and how bytes become one
//   state.h         what holds after an entry: keys, agreements, notifications, deadlines, conflicts
//   admit.h         form and signature of a submitted note, against a snapshot of the keys
//   decide.h        accept, or refuse by a rule; the findings that follow, in a fixed order
//   coordinates.h   places that are probably not what was meant
//   outlines.h      whose disclosed cells and slots come near to a movement
//   movement_life.h, units.h, encounters.h  parts of state.h: suspensions, questions, outcomes; units; what the watch found
//   cells.h         outlines alone, in a direct log (inside core only)
//   conflicts.h     what a notification conflicts with, as each side may know it
//   clearance.h     the shift that clears all that a reader was told a movement conflicts with
//   deadlines.h     what is due, missed, expired, or fell in an outage
//   watch.h         positions taken into live: alerts, conformance, encounters, for each side; watch_house.h: one agreement's
//   handover.h      what is open for a party when its watch changes, and who has the watch
//   pacts.h         who left an agreement, special caution, consultations, reports, findings by other rules
//   pact_rules.h    exclusions, special caution, composition, readings: what follows for a notification
//   paper.h, presence.h  acts on paper, filed later; what a party has in an area; sighted.h: sightings that do not fit
//   apply.h         the state after an entry
//   disclosure.h    who may read which entry and which part
//   crossed.h       what a direct log holds of the logs of the other sides
//   snapshot.h      the whole state as bytes, and back; derive.cpp has what follows from the rest of it
//   dump.h          the whole state as text, for comparing two of them
//
// May use.  base, json, geo, ledger, model, conflict, live; Boost.PFR in snapshot.cpp alone, to walk the members of the state.
// Tested by.  *_test.cpp beside each file (refusals as tables in the order of the checks); tests/scenes; replay tests.
#pragma once
