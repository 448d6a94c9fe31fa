// What is held of another side's log, and what in it does not fit together.
#include "core/applications.h"
#include "ledger/checkpoint.h"
#include "ledger/note.h"
#include "ledger/proof.h"

namespace wideberth::core {

Result<void> apply_crossed(State& state, const Entry& entry) {
  const std::string* full = entry.part("full");
  if (full == nullptr) return {};
  if (entry.kind == model::EntryKind::crossed_disputed) {
    WB_TRY(said, model::parse_crossed_disputed(*full));
    state.crossings.disputes.push_back({entry.index, std::move(said)});
    return {};
  }
  WB_TRY(crossed, model::parse_crossed(*full));
  WB_TRY(receipt, ledger::parse_receipt(crossed.receipt));
  WB_TRY(note, ledger::parse_note(receipt.checkpoint, ledger::kMostNoteBytes));
  WB_TRY(head, ledger::parse_checkpoint(note.text));
  CrossedLog& log = state.crossings.logs[crossed.origin];
  log.entries.emplace(crossed.index, CrossedEntry{entry.index, ledger::leaf_hash(crossed.leaf)});
  log.heads.emplace(head.size, CrossedHead{entry.index, head.root});
  return {};
}

}  // namespace wideberth::core
