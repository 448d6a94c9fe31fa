// Whether a note becomes an entry, and which entries of the server's own follow from it.
#pragma once

#include "core/admit.h"

namespace wideberth::core {

/// An entry of the server's own, before it has a number, a salt and a signature.
struct Draft {
  struct Part {
    std::string name;
    std::string json;  ///< not yet padded
  };
  model::EntryKind kind{};
  std::vector<std::string> to;
  std::vector<EntryIndex> refs;
  std::vector<Part> parts;
};

/// The outcome for one note. Accepted: the note is appended, then the findings. Refused: only the findings are (a
/// `note.refused` where the note used up its number, nothing where it did not).
struct Decision {
  std::optional<Refusal> refusal{};
  std::vector<Draft> findings{};
};

/// Laws.
///  (1) Pure: the same state, note and time give the same decision.
///  (2) A note that is refused after its chain held uses up its number: the findings hold one `note.refused`.
///  (3) A note whose chain does not hold (a gap, a number used before, another text before it) leaves no trace.
/// REQUIRES: received >= state.last_received, and nothing is due before `received` (see deadlines.h); the text is not in
/// state.texts (the same text again is answered with its first fate, without a decision).
Decision decide(const State& state, const Admitted& note, Instant received);

}  // namespace wideberth::core
