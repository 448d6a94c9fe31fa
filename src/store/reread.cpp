#include "store/reread.h"

#include "ledger/checkpoint.h"
#include "ledger/note.h"

namespace wideberth::store {
namespace {

using base::refuse;

// Enough to make a transaction worth its while; at 64 KiB a leaf and some parts still no great weight.
constexpr std::size_t kBatch = 256;

Result<void> check_checkpoint(const Head& head) {
  if (head.checkpoint.empty()) return {};
  const auto untrue = [](std::string found) { return refuse(Rule::store_untrue, std::move(found), {}, "checkpoint"); };
  const auto note = ledger::parse_note(head.checkpoint);
  if (!note) return untrue(base::to_text(note.error()));
  const auto checkpoint = ledger::parse_checkpoint(note->text);
  if (!checkpoint) return untrue(base::to_text(checkpoint.error()));
  if (checkpoint->size == head.size && checkpoint->root == head.root) return {};
  return untrue("it speaks of another size or root than the head");
}

}  // namespace

Result<Reread> reread(Store& store, const std::function<Result<void>(const StoredEntry&)>& each) {
  WB_TRY(head, store.head());
  WB_TRY_VOID(check_checkpoint(head));
  Reread again{head, {}};
  while (again.tree.size() < head.size) {
    const std::uint64_t left = head.size - again.tree.size();
    WB_TRY(entries, store.read(EntryIndex{again.tree.size()}, left < kBatch ? static_cast<std::size_t>(left) : kBatch));
    if (entries.empty()) {
      return refuse(Rule::store_untrue, "it is missing", {}, "entry " + std::to_string(again.tree.size()));
    }
    for (const StoredEntry& entry : entries) {
      again.tree.append(ledger::leaf_hash(entry.leaf));
      if (each) WB_TRY_VOID(each(entry));
    }
  }
  if (again.tree.root() == head.root) return again;
  return refuse(Rule::store_untrue, "the leaves do not lead to the root of the head", {}, "head");
}

}  // namespace wideberth::store
