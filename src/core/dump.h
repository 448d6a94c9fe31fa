// The whole state as text, for comparing two of them to the byte.
#pragma once

#include "core/state.h"
#include "json/writer.h"

namespace wideberth::core {

/// Indented JSON; every field of the state in a fixed order; the same state gives the same bytes on every machine.
std::string dump(const State& state);

/// The member "pacts" of it. Inside core only.
void dump_pacts(json::Writer& writer, const Pacts& pacts);
/// Inside this folder: the members of the state that the hotline has.
void dump_hotline(json::Writer& w, const State& state);
/// The member "handovers", where there are any. Inside core only.
void dump_handovers(json::Writer& w, const HandoverBook& book);

}  // namespace wideberth::core
