// Acts done on paper during an outage and filed later. One member of the state. An act counts from when it was filed; a deadline
// that was missed by then stays missed, and shows beside it that the act was on paper in time, as its party states: whoever it
// was said to can confirm that or dispute it.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/hotline.h"
#include "model/paper.h"

namespace wideberth::core {

struct PaperState {
  EntryIndex entry{};
  std::string party;
  model::EntryKind kind{};
  std::vector<EntryIndex> refs;  ///< of the act
  std::vector<std::string> to;
  Instant occurred{}, received{};
  std::optional<model::OnPaper> said{};                   ///< none once erased
  std::map<std::string, EntryIndex> confirmed, disputed;  ///< by party; the first of the two stands for each
  std::vector<DueKey> met;  ///< deadlines that had passed when it was filed, and not when it was done
};

struct Papers {
  std::map<EntryIndex, PaperState> of;
  std::map<DueKey, EntryIndex> met;  ///< a deadline that was recorded as missed → the act that its party did in time, on paper
};

/// "stated", "confirmed", "disputed": as one of those to whom it was said has answered; a dispute outweighs.
std::string_view standing_of(const PaperState& paper);

inline DueKey key_of(const model::Deadline& deadline) { return {deadline.due, deadline.revision, deadline.kind, deadline.party}; }

/// Whether the entry says that it was done on paper: it has the part, and the time.
bool is_on_paper(const Entry& entry);

}  // namespace wideberth::core
