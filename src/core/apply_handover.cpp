// Who has the watch at a desk, as handovers change it.
#include "core/applications.h"

namespace wideberth::core {

Result<void> apply_handover(State& state, const Entry& entry, const std::string& party) {
  HandoverState handover;
  handover.entry = entry.index;
  handover.received = entry.received;
  handover.party = party;
  handover.desk = entry.text.signer;
  if (const std::string* full = entry.part("full")) {
    WB_TRY(said, model::parse_watch_handed_over(*full));
    const model::OpenMatters& open = said.open;
    handover.open = {open.deadlines.size(), open.queries.size(), open.messages.size(), open.movements.size(), open.alarms.size()};
    const auto before = state.handovers.latest.find(handover.desk);
    if (before != state.handovers.latest.end()) {
      const auto& last = state.handovers.all.at(before->second).incoming;
      if (last && last->key == said.outgoing.key) handover.follows = before->second;
    }
    handover.outgoing = std::move(said.outgoing);
    handover.incoming = std::move(said.incoming);
  }
  state.handovers.latest.insert_or_assign(handover.desk, entry.index);
  state.handovers.all.emplace(entry.index, std::move(handover));
  return {};
}

}  // namespace wideberth::core
